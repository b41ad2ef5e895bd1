import math
import re

import numpy as np
import pytest

import mlkit
from mlkit.play.staircase_model import BIAS, Position, ask, examples, judged

WEIGHTS = [0.0, 6.0, 11.7, 16.15, 17.9, 25.0, 40.0]


def one_by_one(weight):
    """Accuracy, loss and its slope with Python's own arithmetic, image by image."""
    right, loss, slope = 0, 0.0, 0.0
    for foot, label in zip(examples().foot, examples().labels, strict=True):
        p = 1 / (1 + math.exp(-(weight * foot + BIAS)))
        right += (p >= 0.5) == (label == 1)
        loss -= math.log(p if label else 1 - p)
        slope += (p - label) * foot
    return right / 24, loss / 24, slope / 24


def test_the_examples_are_twelve_twos_and_twelve_others_by_growing_foot():
    shown = examples()

    assert shown.labels.sum() == 12 and len(shown.labels) == 24
    np.testing.assert_array_equal(shown.labels, shown.digits == 2)
    assert (np.diff(shown.foot) > 0).all()
    image, ink = shown.pixels[5], 0.0
    for row in (6, 7):
        ink += sum(image[row])
    assert shown.foot[5] == pytest.approx(ink / image.sum())


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_numbers_are_those_of_plain_arithmetic(weight):
    position = Position(weight)

    accuracy, loss, slope = one_by_one(weight)

    assert position.accuracy == accuracy
    assert position.loss == pytest.approx(loss, rel=1e-12)
    assert position.loss_slope == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_loss_and_its_slope_are_mlkits_own(weight):
    shown, position = examples(), Position(weight)

    def loss(w):
        scores = w * shown.foot + BIAS
        return mlkit.ops.loss.binary_cross_entropy(scores, shown.labels)

    assert position.loss == pytest.approx(float(loss(weight)), rel=1e-12)
    assert position.loss_slope == pytest.approx(float(mlkit.grad(loss)(weight)), rel=1e-12)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_next_step_is_where_the_accuracy_changes(weight):
    step = Position(weight).next_step
    before = Position(weight).right

    if step is None:
        assert all(Position(w).right == before for w in np.linspace(weight, 40, 20))
        return
    at, change = step
    assert at > weight
    if at < 40:
        assert Position(max(weight, at - 1e-9)).right == before
        assert Position(at + 1e-9).right == before + change


@pytest.mark.parametrize("weight", [-0.1, 40.1, math.nan])
def test_a_weight_outside_the_range_is_refused(weight):
    with pytest.raises(ValueError, match=r"staircase: weight must lie in \[0, 40\]"):
        Position(weight)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda z: None, "your sigmoid gave nothing back: does it end with return?"),
        (lambda z: z[:3], r"your sigmoid gave back shape \(3,\) for inputs of shape \(24,\)"),
        (lambda z: "p", "your sigmoid gave back a str, not an array of numbers"),
        (lambda z: z[99], "your sigmoid stopped with IndexError: index 99"),
    ],
)
def test_a_mistake_of_the_student_is_a_sentence(function, sentence):
    values, said = ask(function, Position())

    assert values == []
    assert re.search(sentence, said)


def test_what_a_sigmoid_gives_is_compared_with_mlkits():
    position = Position(17.0)

    assert judged(ask(mlkit.sigmoid, position)[0], position) == "It agrees with mlkit's."
    assert judged(ask(np.zeros_like, position)[0], position).startswith("It is up to 0.9")
    assert judged([math.nan] * 24, position) == "It has NaN in it."
