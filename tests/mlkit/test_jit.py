"""What jit gives is what the function gives: every op, every door, nested, over and over."""

import random
import zlib

import numpy as np
import pytest
from expressions import EXPRESSIONS, SHAPES, Mlkit, evaluate
from hypothesis import given, settings
from hypothesis import strategies as st
from op_rows import ROWS
from test_front_ends_agree import NETWORKS

from mlkit import (
    GradientTape,
    Tensor,
    Variable,
    checkpoint,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jit,
    jvp,
    no_grad,
    ops,
    softmax,
    swap,
    tensor,
    value_and_grad,
    vjp,
    vmap,
)


def same(got, expected, rtol=1e-12):
    np.testing.assert_allclose(got, expected, rtol=rtol, atol=rtol / 10)
    assert np.shape(got) == np.shape(expected)
    assert got.dtype == expected.dtype


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_op_and_its_derivatives(row):
    rng = np.random.default_rng(zlib.crc32(str(row).encode()))
    arrays = row.draw(rng)
    weights = rng.normal(size=np.shape(row.call(*arrays)))

    def first(*inputs):
        return vjp(row.on(list(inputs)), *(inputs[i] for i in row.smooth))[1](weights)

    def second(*inputs):
        smooth = [inputs[i] for i in row.smooth]
        return vjp(lambda *x: vjp(row.on(list(inputs)), *x)[1](weights), *smooth)[1](tuple(smooth))

    value = jit(row.call)
    same(value(*arrays), row.call(*arrays))
    same(value(*arrays), row.call(*arrays))
    assert value.statistics.traces == 1
    for function in (first, second) if row.smooth else ():
        for got, expected in zip(jit(function)(*arrays), function(*arrays), strict=True):
            same(got, expected, 1e-11)


@settings(max_examples=60, deadline=None)
@given(EXPRESSIONS, st.integers(0, 10**6))
def test_random_expressions(expression, seed):
    rng = np.random.default_rng(seed)
    leaves = [rng.uniform(-1, 1, size=shape) for shape in SHAPES]

    def function(*x):
        return ops.sum(evaluate(Mlkit(), expression, x))

    number = tuple(range(len(leaves)))
    compiled = jit(value_and_grad(function, number))
    with np.errstate(over="ignore"):
        value, slopes = value_and_grad(function, number)(*leaves)
        for _ in range(2):
            got, got_slopes = compiled(*leaves)

    same(np.asarray(got), np.asarray(value), 1e-10)
    for a, b in zip(got_slopes, slopes, strict=True):
        same(a, b, 1e-9)


@pytest.fixture
def weights():
    rng = np.random.default_rng(2)
    shapes = {"in": (4, 5), "b": (5,), "out": (5, 3), "c": (3,)}
    return {name: rng.normal(size=shape) * 0.7 for name, shape in shapes.items()}


def by_tape(network, weights):
    w = {name: Variable(value) for name, value in weights.items()}
    with GradientTape() as tape:
        loss = network(w)
    return {name: g.numpy() for name, g in tape.gradient(loss, w).items()}


def inside_tape(network, weights):
    def function(w):
        w = {name: Tensor(x, requires_grad=True) for name, x in w.items()}
        with GradientTape() as tape:
            loss = network(w)
        return tape.gradient(loss, w)

    return jit(function)(weights)


def inside_backward(network, weights):
    def function(w):
        w = {name: Tensor(x, requires_grad=True) for name, x in w.items()}
        network(w).backward()
        return {name: x.grad for name, x in w.items()}

    return jit(function)(weights)


def around_backward(network, weights):
    w = {name: tensor(x, requires_grad=True) for name, x in weights.items()}
    jit(network)(w).backward()
    return {name: x.grad.numpy() for name, x in w.items()}


def around_tape(network, weights):
    return by_tape(jit(network), weights)


DOORS = {
    "tape inside": inside_tape,
    "tape around": around_tape,
    "backward inside": inside_backward,
    "backward around": around_backward,
    "grad inside": lambda network, w: jit(grad(network))(w),
    "grad around": lambda network, w: grad(jit(network))(w),
    "jit in grad in jit": lambda network, w: jit(grad(jit(network)))(w),
    "forward inside": lambda network, w: jit(jacfwd(network))(w),
    "forward around": lambda network, w: jacfwd(jit(network))(w),
    "checkpoint inside": lambda network, w: jit(grad(checkpoint(network)))(w),
    "checkpoint around": lambda network, w: grad(checkpoint(jit(network)))(w),
}


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("door", DOORS)
def test_every_door(network, door, weights):
    expected = by_tape(network, weights)

    got = DOORS[door](network, weights)

    assert got.keys() == expected.keys()
    for name, g in expected.items():
        np.testing.assert_allclose(got[name], g, rtol=1e-12, atol=1e-13)


CURVED = {
    "hessian inside": lambda f: jit(hessian(f)),
    "hessian around": lambda f: hessian(jit(f)),
    "grad of grad of jit": lambda f: jacrev(grad(jit(f))),
    "jit of grad of jit of grad": lambda f: jit(jacrev(jit(grad(f)))),
    "forward over jit": lambda f: jacfwd(jit(grad(f))),
    "jit of forward over reverse": lambda f: jit(jacfwd(grad(f))),
}


@pytest.mark.parametrize("how", CURVED)
def test_second_derivatives(how, rng):
    x = rng.normal(size=4)

    def function(x):
        return ops.sum(ops.tanh(x * x) * ops.exp(x[::-1])) + softmax(x)[0]

    np.testing.assert_allclose(CURVED[how](function)(x), hessian(function)(x), rtol=1e-11)


def test_third_derivatives_through_jit(rng):
    x = rng.normal()

    cube = jit(lambda x: ops.sin(x) * x**3)
    third, expected = (grad(grad(grad(f)))(x) for f in (cube, lambda x: ops.sin(x) * x**3))

    assert third == pytest.approx(expected, rel=1e-12)


def test_forward_mode_and_examples_inside(rng):
    x, t = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))

    def pushed(x, t):
        return jvp(lambda x: softmax(x * x), (x,), (t,))

    for got, expected in zip(jit(pushed)(x, t), pushed(x, t), strict=True):
        same(got, expected)
    mapped = vmap(lambda row: ops.sum(row * row))
    same(jit(mapped)(x), mapped(x))


def test_arguments_and_results_are_nested(rng):
    x = {"a": rng.normal(size=3), "b": [rng.normal(size=2), (2.0, None)]}

    def function(x, *, scale, name):
        (b, (number, nothing)) = x["b"]
        return {name: (x["a"] * scale, [b * number]), "kept": (nothing, name, 3)}

    got = jit(function)(x, scale=3, name="out")

    np.testing.assert_array_equal(got["out"][0], 3 * x["a"])
    np.testing.assert_array_equal(got["out"][1][0], 2 * x["b"][0])
    assert got["kept"] == (None, "out", 3)
    assert type(got["out"]) is tuple


def test_arrays_give_arrays_and_tensors_give_tensors(rng):
    double = jit(lambda x: x * 2)

    assert type(double(rng.normal(size=3))) is np.ndarray
    assert type(double(Tensor(rng.normal(size=3)))) is Tensor
    assert double(tensor([1.0], requires_grad=True)).requires_grad
    with no_grad():
        assert not double(tensor([1.0], requires_grad=True)).requires_grad


def test_it_is_traced_once_for_each_kind_of_arguments(rng):
    seen = []
    function = jit(lambda x, n: (seen.append, x * n)[1])
    x = rng.normal(size=(2, 3))

    for args in [(x, 2), (x + 1, 2), (x, 3), (x[0], 2), (x.astype(np.float32), 2), (Tensor(x), 2)]:
        np.testing.assert_allclose(function(*args), args[0] * args[1], rtol=1e-6)

    assert function.statistics == (6, 5, 5)


def test_a_float_is_not_baked_in_and_stays_as_weak_as_python_numbers_are(rng):
    x = rng.normal(size=3).astype(np.float32)
    scale = jit(lambda x, by: x * by)

    for by in (0.5, 2.0, 3.0):
        same(scale(x, by), x * np.float32(by), 1e-6)

    assert scale.statistics.traces == 1


def test_static_arguments_may_decide_branches():
    power = jit(lambda x, n: x * x if n > 1.5 else x, static_argnums=1)

    assert power(np.array(3.0), 2.0) == 9
    assert power(np.array(3.0), 1.0) == 3
    assert power(np.array(4.0), 2.0) == 16
    assert power.statistics.traces == 2


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32", "int64", "uint8"])
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 0), (2, 3)])
def test_dtypes_and_shapes_are_those_of_the_function(dtype, shape):
    x = (np.arange(np.prod(shape, dtype=int)).reshape(shape) + 1).astype(dtype)

    def function(x):
        return x + x, x * 2, x > 1, ops.sum(x), ops.mean(x), x.T, ops.exp(x), ops.where(x > 1, x, 0)

    with np.errstate(all="ignore"):
        if x.size:
            for got, expected in zip(jit(function)(x), function(x), strict=True):
                same(got, expected, 1e-3 if dtype == "float16" else 1e-6)


def test_other_layouts_of_an_argument_are_fine(rng):
    x = rng.normal(size=(4, 6))
    function = jit(lambda x: (softmax(x) @ x.T).reshape(-1) + ops.sum(x, axis=0).mean())
    same(function(x), function.function(x))

    for other in (np.asfortranarray(x), rng.normal(size=(8, 12))[::2, ::2], x[::-1]):
        same(function(other), function.function(other))

    assert function.statistics.traces == 1


def test_results_share_no_memory_with_anything(rng):
    x, w = rng.normal(size=(3, 3)), Tensor(rng.normal(size=(3, 3)))
    constant = rng.normal(size=(3, 3))

    def function(x):
        y = ops.exp(x) + 1
        return x, x.T, y, y.T, y[0], y + 0 * x, w, w.T, constant * 1, (x * 2), (x * 2), ops.sum(x)

    compiled = jit(function)
    first, second = compiled(x), compiled(x + 1)

    arrays = [a.data if isinstance(a, Tensor) else a for a in (*first, *second)]
    for i, a in enumerate(arrays):
        for b in (*arrays[:i], x, w.data, constant):
            assert not np.shares_memory(a, b)
    for got, expected in zip(first, function(Tensor(x)), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_a_swap_is_seen(rng):
    x = rng.normal(size=3)
    slope = jit(grad(lambda x: ops.sum(ops.tanh(x))))
    right = slope(x)
    seen = []

    def rule(g, z):
        seen.append(1)
        return g * (1 - z * z)

    with swap(ops.tanh, vjps=(rule,)):
        seen.clear()
        same(slope(x), right)
        assert seen
    same(slope(x), right)
    seen.clear()


def test_a_swap_inside(rng):
    x = rng.normal(size=3)

    def inside(x):
        with swap(ops.tanh, vjps=(lambda g, z: (1 - z * z) * g,)):
            return grad(lambda x: ops.sum(ops.tanh(x)))(x)

    compiled = jit(inside)

    same(compiled(x), inside(x))


def changing(seed):
    """A random program of views and changes in place, on plain arrays."""

    def run(x, w):
        pick = random.Random(seed)
        arrays = [x.data * 1.0, w.data + 0.0, x.data + w.data]
        for _ in range(pick.randint(4, 14)):
            a, b, change = pick.choice(arrays), pick.choice(arrays), pick.randrange(12)
            if change < 6:
                new = [a * 0.5 + b.T, np.tanh(a), a.T, a[::-1], a.reshape(-1)[::-1].reshape(3, 3)]
                arrays.append([*new, a @ b * 0.1][change])
            elif change == 6:
                a += 0.25
            elif change == 7:
                a[1] = b[0] * 0.5
            elif change == 8:
                a[:, 1:] *= 0.5
            elif change == 9:
                np.sin(a, out=a)
            elif change == 10:
                a[np.array([0, 2])] = 1.5
            else:
                arrays.append(np.where(a > 0, a, b * 0.1))
        return [a * 1 if i % 2 else a for i, a in enumerate(arrays)]

    return run


@pytest.mark.parametrize("seed", range(60))
def test_views_and_changes_in_place_behave_as_in_numpy(seed):
    x, w = np.random.default_rng(seed).normal(size=(2, 3, 3))
    function = changing(seed)
    expected = [np.copy(a) for a in function(Tensor(x), Tensor(w))]
    compiled = jit(lambda x, w: function(Tensor(x), Tensor(w)))

    first = compiled(x, w)
    compiled(x + 1, w)

    for got, right in zip(first, expected, strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-11, atol=1e-12)


RAW = {
    "a view": lambda y: np.diagonal(y) + np.sum(np.sin(2 * y)),
    "views": lambda y: np.array_split(y, 2)[1] + np.sum(np.sin(2 * y)),
    "several results": lambda y: np.linalg.svd(y)[1] * 2,
    "sums so far": lambda y: np.add.accumulate(y, axis=1),
    "no row needed": lambda y: np.median(np.kron(y, y), axis=0),
    "keywords": lambda y: np.sum(y, axis=0, where=y > 0) + np.std(y, ddof=1),
    "zero and minus zero": lambda y: np.copysign(1.0, (y * 0.0) + (y * -0.0)) + 1 / (y * -0.0 + 1),
    "signs of zero": lambda y: (
        np.copysign(1.0, np.abs(y) * -0.0) * np.copysign(3.0, np.abs(y) * 0.0)
    ),
    "powers": lambda y: (y * y) ** 0.5 + y**2 + y**-1 + y**1 + y**3,
}


@pytest.mark.parametrize("name", RAW)
def test_numpy_on_the_data_of_a_tensor(name, rng):
    x = rng.normal(size=(4, 4))

    def function(x):
        return RAW[name](np.tanh(x.data) * 1.5)

    same(jit(function)(x), RAW[name](np.tanh(x) * 1.5))


def test_recursion_and_methods():
    @jit
    def factorial(x, n):
        return x if n == 0 else n * factorial(x, n - 1)

    class Scale:
        factor = 2.0

        @jit
        def __call__(self, x):
            return x * self.factor

    assert factorial(np.array(1.0), 5) == 120
    scale = Scale()
    np.testing.assert_array_equal(scale(np.ones(2)), [2, 2])
    scale.factor = 3.0
    np.testing.assert_array_equal(scale(np.ones(2)), [3, 3])
