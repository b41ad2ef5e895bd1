import numpy as np
import pytest

import mlkit
from mlkit.play.softmax_model import Position, ask, naive_softmax, normalise, stable_softmax

POSITIONS = [
    ((1.0, 2.0), 1.0),
    ((11.0, 12.0), 1.0),
    ((10.0, 20.0), 10.0),
    ((80.0, 85.0, 90.0), 1.0),
    ((0.3, -1.7, 2.2, 5.0, -3.0, 4.0), 0.7),
]


@pytest.mark.parametrize(
    ("scores", "normalised", "softmax"),
    [
        ([1.0, 2.0], [0.3333, 0.6667], [0.2689, 0.7311]),
        ([10.0, 20.0], [0.3333, 0.6667], [0.0000454, 0.9999546]),
        ([11.0, 12.0], [0.4783, 0.5217], [0.2689, 0.7311]),
        ([20.0, 30.0], [0.4, 0.6], [0.0000454, 0.9999546]),
    ],
)
def test_lecture_examples(scores, normalised, softmax):
    z = np.array(scores)

    np.testing.assert_allclose(normalise(z), normalised, atol=5e-5)
    np.testing.assert_allclose(naive_softmax(z), softmax, atol=5e-5)
    np.testing.assert_allclose(stable_softmax(z), softmax, atol=5e-5)


@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
@pytest.mark.parametrize(("logits", "temperature"), POSITIONS)
def test_stable_softmax_is_mlkits_in_every_precision(logits, temperature, precision):
    position = Position(logits, temperature, precision)

    got = position.columns()["stable softmax"]

    assert got.dtype == precision
    rtol = {"float16": 1e-3, "float32": 1e-6, "float64": 1e-14}[precision]
    np.testing.assert_allclose(got, mlkit.softmax(position.scaled), rtol=rtol)


@pytest.mark.parametrize(
    ("precision", "last_safe", "first_nan"),
    [("float16", 11.0, 11.2), ("float32", 88.7, 88.8), ("float64", 709.7, 709.8)],
)
def test_naive_softmax_turns_into_nan_where_exp_overflows(precision, last_safe, first_nan):
    safe, broken = (Position((0.0, z), 1.0, precision).columns() for z in (last_safe, first_nan))

    assert np.isfinite(safe["naive softmax"]).all()
    assert np.isnan(broken["naive softmax"][1])
    assert np.isfinite(broken["stable softmax"]).all()


def test_temperature_divides_the_scores_before_softmax_only():
    warm = Position((10.0, 20.0), 10.0).columns()
    cool = Position((1.0, 2.0)).columns()

    np.testing.assert_allclose(warm["stable softmax"], cool["stable softmax"])
    np.testing.assert_allclose(warm["normalise"], [1 / 3, 2 / 3])


def test_scores_that_sum_to_zero_give_infinities_without_a_warning():
    np.testing.assert_array_equal(Position((1.0, -1.0)).columns()["normalise"], [np.inf, -np.inf])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"logits": (1.0,)}, "logits must be 2 to 6, got 1"),
        ({"logits": (1.0, np.nan)}, "logits must lie within"),
        ({"temperature": 0.0}, "temperature must lie in"),
        ({"precision": "float8"}, "precision must be one of"),
    ],
)
def test_settings_outside_their_range_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Position(**settings)


def test_ask_gives_the_students_numbers_and_keeps_the_prints_away(capsys):
    def softmax(z):
        print("here")
        z -= z.max()
        return np.exp(z) / np.exp(z).sum()

    position = Position((1.0, 2.0), 2.0, "float32")

    values, sentence = ask(softmax, position)

    np.testing.assert_allclose(values, mlkit.softmax(np.array([0.5, 1.0])), rtol=1e-6)
    assert sentence == "" and capsys.readouterr().out == ""
    assert position.logits == (1.0, 2.0)


def unwritten(z):
    raise NotImplementedError


def without_return(z):
    np.exp(z)


@pytest.mark.parametrize(
    ("softmax", "sentence"),
    [
        (unwritten, "your softmax is not written yet"),
        (without_return, "your softmax gave nothing back: does it end with return?"),
        (lambda z: z[5], "your softmax stopped with IndexError: index 5"),
        (lambda z: z.sum(), "your softmax gave back shape () for inputs of shape (2,)"),
        (lambda z: "high", "your softmax gave back a str, not an array of numbers"),
    ],
)
def test_ask_says_a_mistake_in_one_sentence(softmax, sentence):
    values, said = ask(softmax, Position())

    assert values == [] and said.startswith(sentence)


def test_a_softmax_that_overflows_is_asked_without_a_warning():
    values, sentence = ask(naive_softmax, Position((0.0, 1000.0)))

    assert np.isnan(values[1]) and sentence == ""


def test_a_tensor_that_comes_back_counts_as_numbers():
    values, sentence = ask(lambda z: mlkit.softmax(mlkit.Tensor(z)), Position())

    np.testing.assert_allclose(values, [0.2689, 0.7311], atol=5e-5)
    assert sentence == ""
