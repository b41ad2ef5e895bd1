"""A student's plain NumPy code is recorded and differentiated, or refused by name."""

import numpy as np
import pytest

from mlkit import GradientTape, Tensor, Variable, ops


def softmax_in_numpy(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def test_numpy_softmax_is_differentiated(rng):
    z, weights = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    x = Variable(z)

    with GradientTape() as tape:
        y = np.sum(softmax_in_numpy(x) * weights)

    p = softmax_in_numpy(z)
    expected = p * (weights - (weights * p).sum(axis=-1, keepdims=True))
    np.testing.assert_allclose(tape.gradient(y, x), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("in_numpy", "as_op"),
    [
        (lambda x: np.where(x > 0, np.log1p(np.abs(x)), np.tanh(x)), None),
        (lambda x: np.maximum(x, 0.5), None),
        (lambda x: np.clip(x, -1, 1), lambda x: x.clip(-1, 1)),
        (lambda x: np.mean(x, axis=0), lambda x: x.mean(axis=0)),
        (lambda x: np.max(x, axis=1, keepdims=True), lambda x: x.max(1, True)),
        (lambda x: np.amin(x), lambda x: x.min()),
        (lambda x: np.transpose(x), lambda x: x.T),
        (lambda x: np.swapaxes(x, 0, 1), lambda x: x.mT),
        (lambda x: np.reshape(x, (2, 6)), lambda x: x.reshape(2, -1)),
        (lambda x: np.concatenate([x, x], axis=1), lambda x: ops.concatenate([x, x], axis=1)),
        (lambda x: np.stack([x, 2 * x]), lambda x: ops.stack([x, x + x])),
        (lambda x: np.dot(x.T, x), lambda x: x.T @ x),
        (lambda x: np.dot(2.0, x), lambda x: x * 2),
        (lambda x: np.expand_dims(x, 1), lambda x: x[:, None]),
        (lambda x: np.take_along_axis(x, np.array([[1], [0], [3]]), axis=1), None),
        (lambda x: np.power(np.square(x), 1.5), lambda x: abs(x) ** 3),
        (lambda x: np.negative(x) + np.sqrt(np.square(x)), lambda x: abs(x) - x),
        (lambda x: x[x > 0], lambda x: x[(x > 0).numpy()]),
        (lambda x: x[[0, 0, 2]], lambda x: x[np.array([0, 0, 2])]),
        (lambda x: np.logaddexp(x, 0), ops.softplus),
        (
            lambda x: np.sin(np.arctan(x)) + np.arcsinh(x),
            lambda x: ops.sin(ops.atan(x)) + ops.asinh(x),
        ),
        (lambda x: np.arctan2(x, 2.0) - np.hypot(1.0, x), None),
        (lambda x: np.log2(np.cosh(x)) + np.log10(x * x), None),
        (lambda x: np.mod(x, 0.3), lambda x: x % 0.3),
        (lambda x: np.remainder(1.0, x), lambda x: 1.0 % x),
        (lambda x: np.reciprocal(x), lambda x: 1 / +x),
        (lambda x: np.var(x, axis=1, ddof=1), lambda x: x.var(1, 1)),
        (lambda x: np.std(x, axis=0, keepdims=True), lambda x: x.std(0, keepdims=True)),
        (lambda x: np.prod(x, axis=1), lambda x: x.prod(1)),
        (lambda x: np.cumsum(x), lambda x: x.cumsum()),
        (lambda x: np.cumprod(x, axis=0), lambda x: x.cumprod(0)),
        (lambda x: np.cumulative_sum(x, axis=1), lambda x: x.cumsum(1)),
        (lambda x: np.diff(x, axis=0), lambda x: x[1:] - x[:-1]),
        (lambda x: np.linalg.norm(x), lambda x: (x * x).sum() ** 0.5),
        (lambda x: np.linalg.norm(x, "fro"), None),
        (lambda x: np.linalg.norm(x, axis=1), None),
        (lambda x: np.linalg.norm(x[0], 1), lambda x: abs(x[0]).sum()),
        (lambda x: np.linalg.norm(x, np.inf, axis=0), lambda x: abs(x).max(0)),
        (lambda x: np.linalg.solve(x[:, :3], x[:, 3]), None),
        (lambda x: np.linalg.det(x @ x.T), None),
        (lambda x: np.linalg.inv(x[:, 1:]), None),
        (lambda x: np.trace(x) + np.trace(x, 1), lambda x: x.trace() + x.diagonal(1).sum()),
        (lambda x: np.dot(x, np.ones((2, 4, 3))), lambda x: x.dot(np.ones((2, 4, 3)))),
        (lambda x: np.outer(x, x[0]), None),
        (lambda x: np.inner(x, x), lambda x: x @ x.T),
        (lambda x: np.tensordot(x, x, axes=((0, 1), (0, 1))), lambda x: (x * x).sum()),
        (lambda x: np.einsum("ij,kj->ik", x, x, optimize=True), lambda x: x @ x.mT),
        (lambda x: np.sort(x, axis=0), None),
        (lambda x: np.take(x, [0, 0, 2], axis=1), lambda x: x.take([0, 0, 2], 1)),
        (lambda x: np.repeat(x, 2, axis=1), lambda x: x.repeat(2, 1)),
        (lambda x: np.tile(x, (2, 1)), lambda x: ops.vstack([x, x])),
        (lambda x: np.flip(np.roll(x, 1, axis=0)), lambda x: ops.roll(x, 1, 0)[::-1, ::-1]),
        (lambda x: np.pad(x, ((0, 1), (2, 0)), constant_values=1.0), None),
        (lambda x: np.pad(x, 1, mode="reflect"), None),
        (lambda x: np.hstack(np.split(x, 2, axis=1)), lambda x: x),
        (lambda x: np.ravel(np.moveaxis(x, 0, 1)), lambda x: x.T.flatten()),
        (lambda x: np.tril(x) + np.triu(x, 1), lambda x: x),
        (lambda x: np.diag(np.diag(x)), None),
        (lambda x: np.broadcast_arrays(x, x[:1])[1], lambda x: ops.tile(x[:1], (3, 1))),
    ],
)
def test_numpy_functions_give_what_numpy_gives_and_are_recorded(in_numpy, as_op, rng):
    values = rng.normal(size=(3, 4))

    y = in_numpy(Variable(values))

    assert y.requires_grad
    np.testing.assert_allclose(y.numpy(), in_numpy(values), rtol=1e-12)
    if as_op is not None:
        np.testing.assert_allclose(y.numpy(), as_op(Variable(values)).numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    "product",
    [
        lambda a, x: a * x,
        lambda a, x: a + x,
        lambda a, x: a - x,
        lambda a, x: a / x,
        lambda a, x: a**x,
        lambda a, x: a @ x,
        lambda a, x: 2 * x + a,
        lambda a, x: 2 - x,
        lambda a, x: 2 / x,
        lambda a, x: 2**x,
        lambda a, x: np.float64(2.0) * x,
    ],
)
def test_an_array_or_number_on_the_left_meets_a_tensor(product):
    a, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 1.0], [5.0, -2.0]]) + 0.5
    x = Variable(b)

    y = product(a, x)

    assert isinstance(y, Tensor) and y.requires_grad
    np.testing.assert_allclose(y.numpy(), product(a, b))


@pytest.mark.parametrize("compare", ["<", "<=", ">", ">=", "==", "!="])
def test_comparisons_are_constants(compare):
    values = np.array([1.0, 2.0, 3.0])

    got = eval(f"x {compare} 2", {"x": Variable(values)})

    assert not got.requires_grad
    assert got.numpy().tolist() == eval(f"x {compare} 2", {"x": values}).tolist()


def test_questions_without_a_derivative_are_answered_plainly():
    x = Variable([[1.0, np.inf], [3.0, 0.0]])

    assert np.shape(x) == (2, 2)
    assert np.isfinite(x).tolist() == [[True, False], [True, True]]
    assert np.argmax(x, axis=1).numpy().tolist() == [1, 0]
    assert np.argmin(x, axis=1).numpy().tolist() == x.argmin(1).numpy().tolist() == [0, 1]
    assert np.argsort(x).numpy().tolist() == x.argsort().numpy().tolist() == [[0, 1], [1, 0]]
    assert np.searchsorted([0.0, 2.0], x).tolist() == [[1, 2], [2, 0]]
    assert np.unique(x).tolist() == [0, 1, 3, np.inf]
    assert np.ceil(x / 2).tolist() == [[1, np.inf], [2, 0]]
    assert np.zeros_like(x).numpy().tolist() == [[0, 0], [0, 0]]
    assert np.allclose(x, x.numpy())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: np.i0(x), r"np.i0: no derivative known for tensors; write it with the func"),
        (lambda x: np.spacing(x), r"np.spacing: no derivative known for tensors"),
        (lambda x: np.linalg.pinv(x), r"np.linalg.pinv: no derivative known"),
        (lambda x: np.linalg.norm(x, ord=3), r"np.linalg.norm: ord must be one of None, 2, "),
        (lambda x: np.add.reduce(x), r"np.add.reduce: no derivative known; use np.sum"),
        (lambda x: np.exp(x, out=np.zeros(2)), r"np.exp: a tensor is not changed in place"),
        (lambda x: np.asarray(x), r"array: a plain array would cut this tensor off"),
        (lambda x: np.zeros(2).__iadd__(x), r"np.add: a tensor is not changed in place"),
        (lambda x: x.__setitem__(0, 1.0), r"setitem: a tensor is not changed in place"),
        (lambda x: ops.exp("abc"), r"array: needs numbers, got str 'abc'"),
        (lambda x: ops.exp([x]), r"array: a plain array would cut this tensor off"),
    ],
)
def test_what_cannot_be_differentiated_is_refused_by_name(call, message):
    with pytest.raises(TypeError, match=message):
        call(Variable([1.0, 2.0]))


def test_a_tensor_behaves_as_a_value():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])

    assert (x.shape, x.ndim, x.size, len(x), x.dtype) == ((2, 2), 2, 4, 2, np.float64)
    assert [row.numpy().tolist() for row in x] == [[1, 2], [3, 4]]
    assert float(x[0, 1]) == x[0, 1].item() == 2
    assert bool(x[0, 0] < 2)
    assert f"{x.sum():.1f}" == "10.0"
    assert repr(Variable([1.0])) == "Tensor([1.], requires_grad=True)"
    assert len({x, x, Tensor(1.0)}) == 2
    np.testing.assert_array_equal(np.asarray(x), x.numpy())


def test_detach_stops_the_derivative():
    x = Variable(3.0)

    with GradientTape() as tape:
        y = x * x.detach()

    assert tape.gradient(y, x).item() == 3
