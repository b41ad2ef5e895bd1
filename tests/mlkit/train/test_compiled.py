"""Keras's words do what the functions do."""

import numpy as np
import pytest

from mlkit import losses, metrics, nn, optim, train


def test_compile_fit_evaluate_and_predict(make, clouds, run_fit, same):
    model, optimizer = make()
    x, y = clouds
    model.compile(optimizer, losses.cross_entropy, [metrics.accuracy])

    history = model.fit(x, y, epochs=3, batch_size=8, validation_data=(x, y), progress=False)

    assert same(model, run_fit()[0])
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert model.evaluate(x, y) == {
        "loss": history["val_loss"][-1],
        "accuracy": history["val_accuracy"][-1],
    }
    np.testing.assert_array_equal(model.predict(x), train.predict(model, x))


def test_an_optimizers_class_is_made_for_the_network(make):
    model, _ = make()

    model.compile(optim.Adam, losses.cross_entropy)

    made = model._compiled.optimizer
    assert type(made) is optim.Adam
    assert [id(p) for p in made.parameters] == [id(p) for p in model.parameters()]


def test_a_compiled_network_has_the_same_weights_to_save(make):
    model, optimizer = make()
    before = model.state_dict().keys()

    model.compile(optimizer, losses.cross_entropy)

    assert model.state_dict().keys() == before


@pytest.mark.parametrize(("optimizer", "loss"), [
    ("adam", losses.cross_entropy), (optim.Adam, "mse"), (losses.cross_entropy, optim.Adam),
])  # fmt: skip
def test_names_and_exchanged_arguments_are_told(make, optimizer, loss):
    with pytest.raises(
        TypeError, match=r"as in compile\(optim\.Adam, losses\.cross_entropy\), got"
    ):
        make()[0].compile(optimizer, loss)


@pytest.mark.parametrize("call", ["fit", "evaluate"])
def test_compile_comes_first(call):
    model = nn.Sequential(nn.ReLU())

    with pytest.raises(RuntimeError, match=rf"{call}: call compile\(optimizer, loss\) first"):
        getattr(model, call)([[1.0]], [0])
