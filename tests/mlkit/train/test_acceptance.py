"""A 784-256-10 network learns the digits through each front door, and the README's example runs."""

import doctest
from pathlib import Path

import numpy as np
import pytest

import mlkit
from mlkit import data, losses, metrics, nn, optim, train

README = Path(__file__).resolve().parents[3] / "README.md"


@pytest.fixture(scope="module")
def digits():
    """Digits enlarged to 28 by 28 pixels, as (784,) float32, in three parts."""
    images, labels = data.digits()
    nearest = np.arange(28) * 8 // 28
    large = images[:, nearest][:, :, nearest].reshape(-1, 784).astype(np.float32)
    return data.split(large, labels, rng=np.random.default_rng(0), stratified=True)


def loss_of(model, x, y):
    return losses.cross_entropy(model(x), y)


def through_tape(model, optimizer, x, y):
    """TensorFlow's words."""
    with mlkit.GradientTape() as tape:
        loss = loss_of(model, x, y)
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))


def through_backward(model, optimizer, x, y):
    """PyTorch's words."""
    optimizer.zero_grad()
    loss_of(model, x, y).backward()
    optimizer.step()


def through_grad(model, optimizer, x, y):
    """JAX's words."""
    _, gradient = mlkit.value_and_grad(loss_of)(model, x, y)
    optimizer.step(gradient)


def through_fit(model, optimizer, x, y):
    """Keras's words, one batch at a time."""
    train.fit(model, losses.cross_entropy, optimizer, data.batches(x, y, len(x)), progress=False)


def trained(step, part, epochs):
    """The network after so many epochs, the same start and batches for every door."""
    rng = np.random.default_rng(1)
    initial = nn.initial.kaiming_normal
    model = nn.Sequential(
        nn.Dense(784, 256, rng=rng, initial=initial), nn.ReLU(), nn.Dense(256, 10, rng=rng)
    ).astype("float32")
    optimizer = optim.Adam(model.parameters())
    batches = data.batches(*part, 32, rng)
    for _ in range(epochs):
        for x, y in batches:
            step(model, optimizer, x, y)
    return model


def test_the_network_learns_through_every_door_alike(digits):
    """Ten epochs with Adam: about 97 of 100 digits that it has not seen. About 2 s."""
    part, _, unseen = digits

    doors = [through_tape, through_backward, through_grad, through_fit]
    models = [trained(step, part, epochs=10) for step in doors]

    expected = models[0].state_dict()
    for model in models:
        assert metrics.accuracy(model.predict(unseen[0]), unseen[1]) > 0.95
        for name, x in model.state_dict().items():
            np.testing.assert_allclose(x, expected[name], rtol=1e-4, atol=1e-5)


def test_the_example_of_training_is_true():
    failed, tried = doctest.testmod(train)

    assert tried and not failed


def test_the_examples_of_the_readme_are_true():
    text = README.read_text(encoding="utf-8")
    examples = doctest.DocTestParser().get_doctest(
        text.replace("```", ""), {}, "README.md", str(README), 0
    )

    assert any("model.fit" in example.source for example in examples.examples)
    assert doctest.DocTestRunner().run(examples).failed == 0
