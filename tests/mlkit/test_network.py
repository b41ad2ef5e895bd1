"""A two-layer softmax network: its gradient in closed form, and that training learns."""

import numpy as np

import mlkit
from mlkit import GradientTape, Variable


def network(x, parameters):
    w1, b1, w2, b2 = parameters
    return mlkit.linear(mlkit.relu(mlkit.linear(x, w1, b1)), w2, b2)


def start(rng, inputs=4, hidden=5, classes=3):
    shapes = [(inputs, hidden), (hidden,), (hidden, classes), (classes,)]
    return [rng.normal(size=shape) * 0.5 for shape in shapes]


def test_the_gradient_equals_the_closed_form(rng):
    x, labels = rng.normal(size=(7, 4)), rng.integers(0, 3, size=7)
    w1, b1, w2, b2 = arrays = start(rng)
    parameters = [Variable(a) for a in arrays]

    with GradientTape() as tape:
        loss = mlkit.cross_entropy(network(x, parameters), labels)
    got = tape.gradient(loss, parameters)

    h = np.maximum(x @ w1 + b1, 0)
    p = np.exp(h @ w2 + b2)
    p /= p.sum(axis=1, keepdims=True)
    dz = (p - np.eye(3)[labels]) / 7
    dh = dz @ w2.T * (h > 0)
    closed = [x.T @ dh, dh.sum(axis=0), h.T @ dz, dz.sum(axis=0)]
    for g, expected in zip(got, closed, strict=True):
        np.testing.assert_allclose(g, expected, rtol=1e-12, atol=1e-15)
    assert abs(loss.item() + np.log(p[range(7), labels]).mean()) < 1e-12


def test_a_network_in_plain_numpy_has_the_same_gradient(rng):
    x, labels = rng.normal(size=(7, 4)), rng.integers(0, 3, size=7)
    parameters = [Variable(a) for a in start(rng)]

    with GradientTape(persistent=True) as tape:
        w1, b1, w2, b2 = parameters
        z = np.maximum(x @ w1 + b1, 0) @ w2 + b2
        e = np.exp(z - np.max(z, axis=1, keepdims=True))
        p = e / np.sum(e, axis=1, keepdims=True)
        by_hand = -np.mean(np.log(p[np.arange(7), labels]))
        ours = mlkit.cross_entropy(network(x, parameters), labels)

    for a, b in zip(
        tape.gradient(by_hand, parameters), tape.gradient(ours, parameters), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-15)


def test_training_separates_three_clouds(rng):
    labels = rng.integers(0, 3, size=90)
    x = rng.normal(size=(90, 4)) + 3 * np.eye(3, 4)[labels]
    parameters = [Variable(a) for a in start(rng)]
    losses = []

    for _ in range(60):
        with GradientTape() as tape:
            loss = mlkit.cross_entropy(network(x, parameters), labels)
        for w, g in zip(parameters, tape.gradient(loss, parameters), strict=True):
            w.assign_sub(0.5 * g)
        losses.append(loss.item())

    right = np.argmax(network(x, parameters), axis=-1).numpy() == labels
    assert losses[-1] < 0.2 * losses[0]
    assert right.mean() > 0.9
