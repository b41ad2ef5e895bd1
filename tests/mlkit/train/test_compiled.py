"""Keras's words do what the functions do."""

import inspect

import numpy as np
import pytest

from mlkit import losses, metrics, nn, optim, train
from mlkit.train import compiled


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


@pytest.mark.parametrize(("arguments", "said"), [
    (("adam", losses.cross_entropy), r"the optimizer is one such as optim\.Adam\(.*, got 'adam'"),
    ((optim.Adam, "mse"), r"the loss is a function .* such as losses\.cross_entropy, got 'mse'"),
    ((losses.cross_entropy, optim.Adam), r"the loss is a function .*, got <class '.*Adam'>"),
    ((optim.Adam, losses.mse, ["accuracy"]), r"as in \[mlkit\.metrics\.accuracy\], got 'accu"),
    ((optim.Adam, losses.mse, [metrics.Accuracy]), r"functions .* got <class '.*Accuracy'>"),
    ((optim.Adam, losses.mse, metrics.accuracy), r"a list or names, as in \[mlkit"),
])  # fmt: skip
def test_what_cannot_be_trained_with_is_told_at_once(make, arguments, said):
    with pytest.raises(TypeError, match=said):
        make()[0].compile(*arguments)


@pytest.mark.parametrize("names", [{"loss": metrics.accuracy}, [metrics.accuracy] * 2])
def test_metrics_do_not_hide_the_loss_or_each_other(make, names):
    with pytest.raises(ValueError, match="metrics: names must differ, also from loss"):
        make()[0].compile(optim.Adam, losses.cross_entropy, names)


@pytest.mark.parametrize(("word", "said"), [
    ("epoch", "did you mean epochs"), ("verbose", "progress=False"), ("shuffle", r"data\.batches"),
    ("validation", "validation_data"), ("validation_split", r"data\.split"),
    ("xyz", "it takes epochs, batch_size"),
])  # fmt: skip
def test_a_word_that_fit_has_not_is_told_with_the_one_meant(make, clouds, word, said):
    model, optimizer = make()
    model.compile(optimizer, losses.cross_entropy)

    with pytest.raises(TypeError, match=rf"fit: there is no argument {word}; .*{said}"):
        model.fit(*clouds, **{word: 1})


def test_the_words_that_are_told_are_those_that_fit_has():
    parameters = inspect.signature(nn.Module.fit).parameters.values()

    assert [p.name for p in parameters if p.kind is p.KEYWORD_ONLY] == list(compiled._WORDS)


def test_the_history_survives_an_interrupt(make, clouds):
    class Stop(train.Callback):
        def on_step(self, run):
            if run.epoch == 2:
                raise KeyboardInterrupt

    model, optimizer = make()
    model.compile(optimizer, losses.cross_entropy)

    with pytest.raises(KeyboardInterrupt):
        model.fit(*clouds, epochs=5, callbacks=[Stop()], progress=False)

    assert len(model.history["loss"]) == 2
    assert type(model.astype("float32").history) is train.History


@pytest.mark.parametrize("call", ["fit", "evaluate"])
def test_compile_comes_first(call):
    model = nn.Sequential(nn.ReLU())

    with pytest.raises(RuntimeError, match=rf"{call}: call compile\(optimizer, loss\) first"):
        getattr(model, call)([[1.0]], [0])
