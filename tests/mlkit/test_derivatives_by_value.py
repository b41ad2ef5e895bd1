"""Derivatives where finite differences cannot look: kinks, ties, limits and masked branches."""

import numpy as np
import pytest

from mlkit import Tensor, ops
from mlkit.gradcheck import gradients


def slope(function, *inputs):
    arrays = [np.asarray(x, dtype=float) for x in inputs]
    weight = np.ones_like(function(*arrays))
    return [g.tolist() for g in gradients(function, arrays, [weight])]


@pytest.mark.parametrize(
    ("function", "at", "expected"),
    [
        (ops.relu, [-1, 0, 1], [0, 0, 1]),
        (ops.abs, [-2, 0, 2], [-1, 0, 1]),
        (ops.sign, [-2, 0, 2], [0, 0, 0]),
        (ops.max, [2, 2, 1], [0.5, 0.5, 0]),
        (ops.min, [2, 1, 1], [0, 0.5, 0.5]),
        (lambda x: ops.clip(x, -1, 1), [-2, -1, 0, 1, 2], [0, 1, 1, 1, 0]),
        (ops.square, [0, 3], [0, 6]),
        (ops.sqrt, [4], [0.25]),
        (lambda x: x**2, [0, -3], [0, -6]),
        (lambda x: x**0, [0, 2], [0, 0]),
        (lambda x: x**3, [2], [12]),
        (lambda x: 2**x, [3], [8 * np.log(2)]),
        (lambda x: 2 - x, [1], [-1]),
        (lambda x: 2 / x, [2], [-0.5]),
    ],
)
def test_the_derivative_at_special_points(function, at, expected):
    assert slope(function, at)[0] == pytest.approx(expected)


def test_the_larger_of_two_shares_ties_evenly():
    assert slope(ops.maximum, [1, 2, 3], [3, 2, 1]) == [[0, 0.5, 1], [1, 0.5, 0]]


def test_a_repeated_index_adds_up():
    assert slope(lambda x: x[np.array([0, 0, 2])], [5, 6, 7])[0] == [2, 0, 1]


def test_a_repeated_place_along_an_axis_adds_up():
    places = np.array([[1, 1], [0, 1]])

    got = slope(lambda x: ops.take_along_axis(x, places), [[1, 2], [3, 4]])[0]

    assert got == [[0, 2], [1, 1]]


def test_the_sum_of_rows_sends_each_row_its_own_gradient():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)

    (g,) = gradients(lambda x: x.sum(axis=1), [x], [np.array([1.0, 10.0])])

    assert g.tolist() == [[1, 1], [10, 10]]


@pytest.mark.filterwarnings("ignore:divide by zero")  # NumPy's own, of the forward
@pytest.mark.parametrize(
    "branch",
    [ops.log, ops.sqrt, lambda x: 1.0 / x, lambda x: x**0.5, lambda x: ops.log1p(x - 1.0)],
    ids=["log", "sqrt", "divide", "power", "log1p"],
)
def test_a_branch_not_taken_sends_no_nan(branch):
    got = slope(lambda x: ops.where(x > 0, branch(x), 0.0), [0.0, 4.0])[0]

    assert got[0] == 0
    assert np.isfinite(got[1]) and got[1] != 0


def test_the_guard_at_zero_leaves_second_derivatives_alone():
    # (log x)^2 at 1 and (sqrt x - 2)^2 at 4: the gradient that arrives at log and sqrt is 0
    def first(function, x):
        return gradients(function, [x], [1.0], record=True)[0]

    def square_of_log(x):
        return ops.log(x) ** 2

    def square_of_root(x):
        return (ops.sqrt(x) - 2.0) ** 2

    (log_curve,) = gradients(lambda x: first(square_of_log, x), [np.array(1.0)], [1.0])
    (root_curve,) = gradients(lambda x: first(square_of_root, x), [np.array(4.0)], [1.0])

    assert log_curve == pytest.approx(2)
    assert root_curve == pytest.approx(2 * 0.25**2)


def test_the_root_at_zero_is_infinitely_steep():
    with np.errstate(divide="ignore"):
        assert slope(ops.sqrt, [0.0])[0] == [np.inf]
