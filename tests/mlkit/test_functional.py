"""grad, vjp, jvp, jacobians, hessian, vmap and checkpoint, as JAX's users know them."""

import tracemalloc
import weakref
from collections import namedtuple

import numpy as np
import pytest

from mlkit import (
    GradientTape,
    ShapeError,
    Tensor,
    Variable,
    checkpoint,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    no_grad,
    ops,
    stop_gradient,
    value_and_grad,
    vjp,
    vmap,
)


def slope(function):
    """The derivative of a function of one number, by forward mode."""
    return lambda x: jvp(function, (x,), (1.0,))[1]


def test_grad_gives_arrays_for_arrays_and_tensors_for_tensors():
    square = grad(lambda x: (x * x).sum())

    from_array, from_tensor = square(np.array([1.0, 2.0])), square(Tensor([1.0, 2.0]))

    assert type(from_array) is np.ndarray
    assert isinstance(from_tensor, Tensor) and not from_tensor.requires_grad
    assert from_array.tolist() == from_tensor.numpy().tolist() == [2, 4]


def test_argnums_choose_what_is_differentiated_by():
    def f(x, y, scale=1.0):
        return scale * x * y * y

    assert grad(f)(3.0, 2.0) == 4
    assert grad(f, 1)(3.0, 2.0, scale=10.0) == 120
    assert [float(g) for g in grad(f, (1, 0))(3.0, 2.0)] == [12, 4]
    assert grad(f, -1)(3.0, 2.0) == 12
    with pytest.raises(TypeError, match=r"argnums: names argument 2, got 2 of them; count from 0"):
        grad(f, 2)(3.0, 2.0)


def test_nested_containers_keep_their_nesting():
    point = namedtuple("point", "x y")

    def f(p):
        return p["a"][0] * p["a"][1] + p["b"].x * 3.0

    got = grad(f)({"a": [2.0, 5.0], "b": point(1.0, 4.0), "none": None})

    assert [float(g) for g in got["a"]] == [5, 2]
    assert isinstance(got["b"], point)
    assert (got["b"].x, got["b"].y, got["none"]) == (3, 0, None)


def test_an_argument_that_does_not_matter_gets_zeros():
    assert grad(lambda x, y: x * 2.0, 1)(1.0, np.ones(3)).tolist() == [0, 0, 0]
    assert grad(lambda x: 7.0)(1.0) == 0


def test_gradients_of_one_call_share_no_memory():
    a, b = grad(lambda a, b: (a + b).sum(), (0, 1))(np.ones(3), np.ones(3))

    a *= 5

    assert b.tolist() == [1, 1, 1]


def test_value_and_grad_gives_both_and_aux_rides_along():
    def f(x):
        y = x * x
        return y.sum(), {"y": y, "note": "seen"}

    (value, aux), g = value_and_grad(f, has_aux=True)(np.array([1.0, 3.0]))
    only, again = grad(f, has_aux=True)(np.array([1.0, 3.0]))

    assert (float(value), aux["y"].tolist(), aux["note"], g.tolist()) == (
        10,
        [1, 9],
        "seen",
        [2, 6],
    )
    assert type(aux["y"]) is np.ndarray
    assert (only.tolist(), again["note"]) == ([2, 6], "seen")


def test_grad_of_more_than_one_number_is_refused():
    with pytest.raises(
        ShapeError, match=r"grad: the function must give one number, got shape \(2,"
    ):
        grad(lambda x: x * 2.0)(np.ones(2))
    with pytest.raises(ShapeError, match=r"got shape \(\) and \(\); .* use jacrev"):
        grad(lambda x: (x, x))(1.0)


def test_integers_become_float64_and_float32_stays():
    assert grad(lambda x: (x * x * 0.5).sum())(np.array([1, 2])).dtype == np.float64
    assert grad(lambda x: (x * x).sum())(np.ones(2, np.float32)).dtype == np.float32
    assert jvp(lambda x: x * x, (np.ones(2, np.float32),), (np.ones(2),))[1].dtype == np.float32
    assert jvp(lambda x: x * x, (3,), (1,))[1] == 6


def test_inputs_are_not_changed_and_a_second_call_gives_the_same():
    x = np.array([1.0, 2.0])
    f = grad(lambda x: ops.exp(x).sum())

    first, second = f(x), f(x)

    assert x.tolist() == [1, 2]
    assert first.tolist() == second.tolist()


# Perturbation confusion: an inner derivative must not see the outer one's change.


@pytest.mark.parametrize("outer", [grad, slope])
@pytest.mark.parametrize("inner", [grad, slope])
def test_nested_derivatives_do_not_confuse_their_perturbations(outer, inner):
    assert float(outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0)) == 1
    assert float(outer(lambda x: x * inner(lambda y: x * y)(2.0))(3.0)) == 6
    assert float(outer(lambda x: inner(lambda y: x * x * y)(x))(5.0)) == 10
    assert float(outer(lambda x: inner(lambda y: inner(lambda z: x * y * z)(y) * x)(x))(3.0)) == 6


@pytest.mark.parametrize("third", [grad, slope])
@pytest.mark.parametrize("second", [grad, slope])
@pytest.mark.parametrize("first", [grad, slope])
def test_a_third_derivative_in_any_mix_of_modes(first, second, third):
    got = third(second(first(lambda x: x**5 * ops.log(x))))(1.5)

    assert isinstance(got, float | np.ndarray)  # no tensor: nobody differentiates it further
    assert float(got) == pytest.approx(1.5**2 * (60 * np.log(1.5) + 47), rel=1e-12)


def test_a_gradient_inside_a_function_depends_on_what_is_closed_over():
    w = Variable(3.0)
    with GradientTape() as tape:
        y = grad(lambda x: w * w * x)(2.0)
    assert tape.gradient(y, w).item() == 6

    u = w * 2.0  # recorded before, and no leaf
    g = grad(lambda x: u * x)(1.0)
    g.backward()
    assert w.grad.item() == 2


def test_the_doors_open_into_each_other():
    def by_tape(x):
        with GradientTape() as tape:
            tape.watch(x)
            y = x**3
        return tape.gradient(y, x)

    assert float(grad(by_tape)(2.0)) == 12
    assert float(slope(by_tape)(2.0)) == 12


def test_no_grad_around_a_derivative_stops_only_what_is_outside():
    w = Variable(3.0)
    with no_grad():
        g, moved = grad(lambda x: w * x * x)(2.0), slope(lambda x: w * x * x)(2.0)

    assert (float(g), float(moved)) == (12, 12)
    assert not getattr(g, "requires_grad", False)


def test_no_grad_and_stop_gradient_inside_make_constants():
    def f(x):
        with no_grad():
            c = x * x
        return x * c

    assert grad(f)(2.0) == slope(f)(2.0) == 4
    assert grad(lambda x: x * stop_gradient(x))(2.0) == 2
    assert slope(lambda x: x * stop_gradient({"x": x})["x"])(2.0) == 2


def test_vjp_walks_back_as_often_as_asked():
    x, w = np.array([1.0, 2.0]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    y, pull = vjp(lambda x, w: x @ w, x, w)
    for_x, for_w = pull(np.array([1.0, 0.0, 10.0]))

    assert y.tolist() == [9, 12, 15]
    assert for_x.tolist() == [31, 64]
    assert for_w.tolist() == [[1, 0, 10], [2, 0, 20]]
    assert pull(np.array([0.0, 1.0, 0.0]))[0].tolist() == [2, 5]
    with pytest.raises(ShapeError, match=r"must have the target's shape \(3,\), got \(2,\)"):
        pull(np.ones(2))
    with pytest.raises(ValueError, match="vjp: one gradient per result, 1 of them, got 2"):
        pull((y, y))


def test_vjp_takes_gradients_nested_as_the_value():
    value, pull, aux = vjp(
        lambda x: ({"double": 2.0 * x, "square": x * x}, "aux"), 3.0, has_aux=True
    )

    assert ({k: float(v) for k, v in value.items()}, aux) == ({"double": 6, "square": 9}, "aux")
    assert pull({"double": 1.0, "square": 10.0}) == (62,)


def test_jvp_moves_the_value_along_the_tangent():
    x, t = np.array([1.0, 2.0]), np.array([1.0, -1.0])

    y, moved = jvp(lambda x: ops.sin(x) * x.sum(), (x,), (t,))

    np.testing.assert_allclose(y, np.sin(x) * 3)
    np.testing.assert_allclose(moved, np.cos(x) * t * 3, rtol=1e-15)


def test_jvp_of_nested_arguments_and_results_with_aux():
    def f(p, y):
        return {"product": p["x"] * y, "constant": 1.0}, p["x"]

    y, moved, aux = jvp(f, ({"x": 2.0}, 5.0), ({"x": 1.0}, 10.0), has_aux=True)

    assert (y["product"], moved["product"], moved["constant"], aux) == (10, 25, 0, 2)


def test_constants_and_branches_have_no_tangent():
    assert slope(lambda x: x + 5.0)(3.0) == 1
    assert slope(lambda x: 3.0 * x)(2.0) == 3
    assert slope(lambda x: 2.0 - x)(2.0) == -1
    assert slope(lambda x: x if x > 0 else x * x)(-3.0) == -6
    assert slope(lambda x: 4.0)(1.0) == 0
    assert jvp(lambda x: ops.argmax(x), (np.ones(3),), (np.ones(3),))[1] == 0


def test_a_tangent_of_another_shape_is_refused():
    with pytest.raises(
        ShapeError, match=r"jvp: a tangent must have the target's shape \(2,\), got"
    ):
        jvp(lambda x: x, (np.ones(2),), (np.ones(3),))
    with pytest.raises(ValueError, match="jvp: one tangent per primal, 2 of them, got 1"):
        jvp(lambda x, y: x, (1.0, 2.0), (1.0,))


def test_forward_mode_keeps_nothing_of_the_computation():
    seen = []

    def f(x):
        for _ in range(3):
            x = ops.exp(x * 0.1)
            seen.append(weakref.ref(x.data))
        return x

    jvp(f, (np.ones(1000),), (np.ones(1000),))
    assert all(ref() is None for ref in seen)

    def long(x, n):
        for _ in range(n):
            x = ops.sin(x)
        return x

    def peak(n):
        tracemalloc.start()
        jvp(lambda x: long(x, n), (np.ones(10_000),), (np.ones(10_000),))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(5)
    assert peak(100) < 1.2 * peak(5)


def test_a_jacobian_is_output_by_input():
    w = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    for jacobian in (jacrev, jacfwd):
        assert jacobian(lambda x: x @ w)(np.ones(2)).tolist() == w.T.tolist()
        assert jacobian(lambda x: x / x.sum())(np.array([1.0, 2.0, 3.0]))[0, 1] == pytest.approx(
            -1 / 36
        )
        assert jacobian(lambda x: 2.0 * x)(3.0) == 2


@pytest.mark.parametrize("jacobian", [jacrev, jacfwd])
def test_a_jacobian_of_nested_results_by_nested_arguments(jacobian):
    def f(p, y):
        return {"a": p[0] * y, "b": p[1].sum()}, "aux"

    nested, aux = jacobian(f, argnums=(0, 1), has_aux=True)((np.ones(2), np.ones((2, 3))), 4.0)
    (by_first, by_second), by_y = nested["a"]

    assert aux == "aux"
    assert by_first.tolist() == [[4, 0], [0, 4]]
    assert by_second.shape == (2, 2, 3) and not by_second.any()
    assert by_y.tolist() == [1, 1]
    assert nested["b"][0][1].tolist() == np.ones((2, 3)).tolist()


def test_a_hessian_by_blocks():
    x = np.array([1.0, 2.0, 3.0])

    got = hessian(lambda x: (x**2).sum() * x[0])(x)
    blocks = hessian(lambda a, b: a * a * b, argnums=(0, 1))(3.0, 5.0)

    expected = (
        np.diag(2 * x[0] * np.ones(3)) + np.outer([1, 0, 0], 2 * x) + np.outer(2 * x, [1, 0, 0])
    )
    np.testing.assert_allclose(got, expected, rtol=1e-14)
    assert [[float(h) for h in row] for row in blocks] == [[10, 6], [6, 0]]


def test_vmap_does_each_example_and_stacks():
    w = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    x = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])

    assert vmap(lambda x: x @ w)(x).tolist() == (x @ w).tolist()
    assert vmap(lambda x, w: x @ w, in_axes=(1, None), out_axes=1)(x.T, w).tolist() == (
        (x @ w).T.tolist()
    )
    assert vmap(lambda p: {"s": p["x"].sum()})({"x": x})["s"].tolist() == [3, 2]
    assert vmap(lambda x: x if x > 0 else -x)(np.array([1.0, -2.0])).tolist() == [1, 2]


def test_vmap_and_derivatives_nest():
    def f(x):
        return (x**3).sum()

    x = np.array([[1.0, 2.0], [3.0, 4.0]])

    assert vmap(grad(f))(x).tolist() == (3 * x**2).tolist()
    assert grad(lambda x: vmap(f)(x).sum())(x).tolist() == (3 * x**2).tolist()
    assert slope(lambda t: vmap(lambda r: t * f(r))(x).sum())(1.0) == 100
    assert vmap(vmap(lambda x: x * x))(x).tolist() == (x * x).tolist()


def test_vmap_needs_equally_many_examples():
    with pytest.raises(ShapeError, match=r"vmap: .* equally many examples, got \[2, 3\]"):
        vmap(lambda x, y: x + y)(np.ones(2), np.ones(3))
    with pytest.raises(
        ShapeError, match=r"vmap: axis 0 of an argument must hold .* got shape \(\)"
    ):
        vmap(lambda x: x)([1.0, 2.0])
    with pytest.raises(ValueError, match="vmap: one axis per argument, 2, got 1"):
        vmap(lambda x, y: x + y, in_axes=(0,))(np.ones(2), np.ones(2))


def test_checkpoint_runs_again_in_place_of_keeping():
    runs, kept = [], []

    def block(x):
        runs.append(1)
        h = ops.exp(x)
        kept.append(weakref.ref(h.data))
        return h * h

    x = Variable(np.ones(5))
    with GradientTape() as tape:
        y = checkpoint(block)(x).sum()
        assert kept[0]() is None
    g = tape.gradient(y, x)

    assert len(runs) == 2
    np.testing.assert_allclose(g, 2 * np.exp(2 * np.ones(5)))


def test_checkpoint_serves_what_is_closed_over_and_several_results():
    w = Variable(3.0)

    @checkpoint
    def block(p):
        return {"a": w * p["x"], "b": p["x"] ** 2 * np.ones(2)}

    x = Variable(2.0)
    with GradientTape() as tape:
        out = block({"x": x})
        y = out["a"] * 10.0 + out["b"].sum()
    for_x, for_w = tape.gradient(y, [x, w])

    assert (for_x.item(), for_w.item()) == (38, 20)
    assert block({"x": 2.0})["b"].numpy().tolist() == [4, 4]


@pytest.mark.parametrize("second", [grad, slope])
@pytest.mark.parametrize("first", [grad, slope])
def test_checkpoint_is_differentiated_twice_and_nests(first, second):
    inner = checkpoint(lambda x: ops.tanh(x * x))
    outer = checkpoint(lambda x: inner(x) * inner(2.0 * x))

    got = second(first(outer))(0.5)

    plain = grad(grad(lambda x: ops.tanh(x * x) * ops.tanh(4.0 * x * x)))(0.5)
    assert float(got) == pytest.approx(float(plain), rel=1e-12)
