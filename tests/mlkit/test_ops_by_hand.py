"""Ops at places where the table does not look: zeros, ties, limits, wrong use, random numbers."""

import numpy as np
import pytest

from mlkit import ShapeError, Tensor, ops
from mlkit.gradcheck import check_gradients, gradients

LOSS = ops.binary_cross_entropy


def slope(function, x, weight=None):
    x = np.asarray(x, dtype=float)
    weight = np.ones_like(function(x)) if weight is None else np.asarray(weight)
    return gradients(function, [x], [weight])[0].tolist()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2.0, 3.0, 4.0], [12, 8, 6]),
        ([2.0, 0.0, 4.0], [0, 8, 0]),
        ([0.0, 0.0, 4.0], [0, 0, 0]),
        ([0.0], [1]),
    ],
)
def test_the_derivative_of_a_product_is_the_product_of_the_others(values, expected):
    assert slope(ops.prod, values) == expected


@pytest.mark.parametrize("function", [ops.prod, ops.cumprod])
@pytest.mark.parametrize("values", [[2.0, 0.0, 4.0, 5.0], [0.0, 3.0, 0.0, 1.0]])
def test_products_with_zeros_have_second_derivatives(function, values):
    check_gradients(function, values, order=2)


def test_running_products_past_a_zero():
    assert slope(ops.cumprod, [2.0, 0.0, 4.0]) == [1, 10, 0]  # 1 + 0 + 0, 2 + 8, 2 * 0


@pytest.mark.parametrize(
    ("function", "at"),
    [
        (ops.std, [3.0, 3.0, 3.0]),
        (ops.norm, [0.0, 0.0]),
        (lambda x: ops.hypot(x, 0.0), [0.0]),
        (ops.floor, [1.0, 1.5]),
    ],
    ids=["std", "norm", "hypot", "floor"],
)
def test_lengths_are_flat_at_zero(function, at):
    assert slope(function, at) == [0] * len(at)


@pytest.mark.parametrize(
    ("function", "at", "expected"),
    [
        (ops.leaky_relu, [-2, 0, 2], [0.01, 0.01, 1]),
        (ops.elu, [0, 2], [1, 1]),
        (ops.sort, [3, 1, 2], [30, 10, 20]),
        (lambda x: ops.remainder(x, 2), [1, 2, 3], [10, 20, 30]),
        (lambda x: ops.sort(x)[::-1], [3, 1, 2], [10, 30, 20]),
        (lambda x: ops.embedding(x, [2, 2, 0]), [1, 2, 3], [30, 0, 30]),
        (lambda x: ops.take(x, [1, 1, 1]), [1, 2, 3], [0, 60, 0]),
        (lambda x: ops.pad(x, (2, 1), mode="wrap"), [1, 2], [90, 60]),
    ],
)
def test_each_place_gets_the_gradient_that_is_due(function, at, expected):
    weights = 10.0 * np.arange(1, 1 + function(np.asarray(at, float)).size)
    if function in (ops.leaky_relu, ops.elu):
        weights = np.ones_like(weights)

    assert slope(function, at, weights) == expected


def test_ties_in_a_pooling_window_share_evenly():
    x = np.array([2.0, 2.0, 1.0, 3.0]).reshape(1, 4, 1)

    got = np.ravel(slope(lambda x: ops.max_pool1d(x, 2), x))

    assert got.tolist() == [0.5, 0.5, 0, 1]


@pytest.mark.parametrize("rate", [0.0, 0.4])
def test_dropout_keeps_the_mean_and_drops_its_share(rate):
    x = np.ones((200, 500), dtype=np.float32)

    y = ops.dropout(x, rate, rng=np.random.default_rng(0))

    assert y.dtype == np.float32
    assert np.mean(y == 0) == pytest.approx(rate, abs=0.005)
    assert set(np.unique(y)) == {0, np.float32(1 / (1 - rate))} - ({0} if rate == 0 else set())


def test_dropout_sends_the_gradient_through_what_it_kept():
    x = Tensor(np.arange(1.0, 9.0), requires_grad=True)

    def dropped(x):
        return ops.dropout(x, 0.5, rng=np.random.default_rng(3))

    assert dropped(x).requires_grad
    assert slope(dropped, x.numpy()) == (dropped(x.numpy()) / x.numpy()).tolist()


@pytest.mark.parametrize("cuts", [3, [1, 4], [0, 6]])
@pytest.mark.parametrize("axis", [0, -1])
def test_split_gives_the_parts_numpy_gives(cuts, axis, rng):
    x = rng.normal(size=(6, 6))

    got, expected = ops.split(x, cuts, axis), np.split(x, cuts, axis)

    assert [part.tolist() for part in got] == [part.tolist() for part in expected]
    check_gradients(lambda x: ops.split(x, cuts, axis), x, order=2)


def test_a_matrix_multiplied_with_everything_is_solved_back(rng):
    x, y = rng.normal(size=(5, 5)), rng.normal(size=5)

    np.testing.assert_allclose(x @ ops.solve(x, y), y, rtol=1e-9)


def test_gelu_is_close_to_the_exact_curve():
    from math import erf

    x = np.linspace(-5, 5, 201)

    exact = [0.5 * v * (1 + erf(v / 2**0.5)) for v in x]

    assert np.abs(ops.gelu(x) - exact).max() < 5e-4


@pytest.mark.parametrize(
    ("scores", "labels", "expected"),
    [
        ([2.0], [1], 0.126928),
        ([2.0], [0], 2.126928),
        ([1000.0], [0], 1000),
        ([-1000.0], [0], 0),
        ([2.0, -1.0], [1, 0], 0.220095),
        ([0.0, 0.0], [0.7, 0.2], 0.693147),
        ([[2.0], [-1.0]], [[True], [False]], 0.220095),
        (2.0, 1, 0.126928),
        ([1, 0], [0.25, 0.5], 0.878204),  # (log(1 + e) - 1 / 4 + log 2) / 2
    ],
)
def test_binary_cross_entropy_of_known_scores(scores, labels, expected):
    assert LOSS(scores, labels) == pytest.approx(expected, abs=1e-6)


def test_binary_cross_entropy_of_one_number_has_both_derivatives():
    assert slope(lambda x: LOSS(x, 1), 2.0) == pytest.approx(-0.119203, abs=1e-6)
    assert slope(lambda y: LOSS(2.0, y), 1.0) == -2


def test_binary_cross_entropy_sends_probability_less_label_over_all_elements():
    got = slope(lambda x: LOSS(x, np.array([1, 0])), [2.0, -1.0])

    assert got == pytest.approx([-0.059601, 0.134471], abs=1e-6)


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")  # of the forwards
@pytest.mark.parametrize(
    ("branch", "edge"),
    [
        (ops.log2, 0.0),
        (ops.log10, 0.0),
        (ops.asin, 1.0),
        (ops.acos, 1.0),
        (ops.acosh, 1.0),
        (ops.atanh, 1.0),
        (lambda x: ops.atan2(x, 0.0), 0.0),
        (ops.reciprocal, 0.0),
        (ops.norm, 0.0),
    ],
    ids=["log2", "log10", "asin", "acos", "acosh", "atanh", "atan2", "reciprocal", "norm"],
)
def test_a_branch_not_taken_sends_no_nan(branch, edge):
    assert slope(lambda x: ops.where(x == edge, 0.0, branch(x)), [edge]) == [0]


@pytest.mark.parametrize("function", [ops.elu, ops.silu, ops.gelu, ops.softsign, ops.leaky_relu])
def test_activations_stay_quiet_far_out(function):
    far = np.array([1e4, -1e4])

    assert function(far)[0] == pytest.approx(1 if function is ops.softsign else 1e4, rel=1e-3)
    assert slope(function, far)[0] == pytest.approx(float(function is not ops.softsign), abs=1e-6)


def test_angles_do_not_overflow_far_out():
    assert slope(ops.asinh, [1e200, -3.0]) == pytest.approx([1e-200, 10**-0.5])


SQUARE, WIDE = np.eye(3), np.ones((2, 3))


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: ops.var([1.0], ddof=1), ValueError, "var: needs more numbers than ddof=1"),
        (lambda: ops.std(WIDE, 0, 2), ValueError, "var: needs more numbers than ddof=2 along axi"),
        (lambda: ops.dropout(WIDE, 1.0, rng=None), ValueError, r"dropout: rate .* \[0, 1\), got 1"),
        (lambda: ops.split(WIDE, 2, 1), ShapeError, "split: 2 equal parts must fit in the axis, g"),
        (lambda: ops.embedding(WIDE, [0.5]), TypeError, "embedding: tokens are row numbers"),
        (lambda: ops.embedding(WIDE, [2]), ValueError, r"tokens must be in \[0, 2\), got 2 to 2"),
        (lambda: ops.embedding(WIDE, [-1]), ValueError, r"tokens must be in \[0, 2\), got -1 to"),
        (lambda: ops.solve(WIDE, WIDE), ShapeError, r"solve: needs square matrices .* got \(2, 3"),
        (lambda: ops.solve(SQUARE, WIDE), ShapeError, r"solve: one right side per row, got \(3, 3"),
        (lambda: ops.inv(WIDE), ShapeError, "inv: needs square"),
        (lambda: ops.det([1.0]), ShapeError, "det: needs square"),
        (lambda: ops.inv(0 * SQUARE), np.linalg.LinAlgError, "Singular"),
        (lambda: slope(ops.det, 0 * SQUARE), np.linalg.LinAlgError, "Singular"),
        (lambda: ops.tensordot(WIDE, WIDE, 1), ShapeError, r"tensordot: paired axes must agree"),
        (lambda: ops.einsum("ij,jk", WIDE), ShapeError, "einsum: 'ij,jk' names 2 arrays, got 1"),
        (lambda: ops.einsum("i", WIDE), ShapeError, r"einsum: one letter per axis, got 'i' for"),
        (lambda: ops.einsum("ii", WIDE), ShapeError, "einsum: 'i' has two lengths in one array"),
        (lambda: ops.conv1d(WIDE, WIDE), ShapeError, "conv1d: w must have 3 axes, got shape"),
        (lambda: ops.conv1d(WIDE, np.ones((1, 3, 2))), ShapeError, r"conv1d: x must be \(batch, "),
        (lambda: ops.max_pool1d(WIDE[None], 3), ShapeError, r"windows: a window of \(3,\) must fi"),
        (lambda: ops.max_pool2d(WIDE[None], 2, padding=1), ShapeError, r"max_pool2d: .* x\[None\]"),
        (lambda: ops.average_pool2d(WIDE[None], 2), ShapeError, r"average_pool2d: x must be \(bat"),
        (lambda: LOSS([1.0], [[1]]), ShapeError, "binary_cross_entropy: one label per score"),
    ],
)
def test_wrong_use_says_what_and_where(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
