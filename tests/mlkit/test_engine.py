"""The walk backwards, recording, and what an op's definition checks."""

import gc
import weakref

import array_api_strict
import numpy as np
import pytest

from mlkit import ShapeError, Tensor, ops
from mlkit.engine import apply, op, walk


def gradient(y, x):
    return walk({y.node: np.ones(y.shape)}, [x.node]).get(x.node)


def derivative(y, x):
    """The gradient as a tensor that can be differentiated again."""
    return walk({y.node: Tensor(np.ones(y.shape))}, [x.node])[x.node]


def leaf(values):
    return Tensor(values, requires_grad=True)


def test_the_gradient_of_a_value_used_twice_is_the_sum():
    x = leaf(3.0)

    assert gradient(x + x, x) == 2
    assert gradient(x * 5.0 + x, x) == 6


def test_each_value_waits_for_all_its_users():
    a = leaf(2.0)
    b = a * a

    assert gradient(b + ops.exp(b), a) == pytest.approx(4 + 4 * np.exp(4))


def test_equal_values_are_different_variables():
    a, b = leaf(2.0), leaf(2.0)
    y = ops.exp(a) + ops.exp(b) * 3.0

    assert gradient(y, a) == pytest.approx(np.exp(2))
    assert gradient(y, b) == pytest.approx(3 * np.exp(2))


def test_a_value_doubled_25_times_takes_25_steps(count_calls):
    x = y = leaf(1.0)
    for _ in range(25):
        y = y + y

    assert count_calls(lambda: gradient(y, x)) < 2_000  # one step per path would take 2**25
    assert gradient(y, x) == 2**25


def test_a_chain_of_50000_ops_needs_no_recursion():
    x = y = leaf(1.0)
    for _ in range(50_000):
        y = y + 1e-5

    assert gradient(y, x) == 1
    del y  # nor does freeing it
    gc.collect()


def test_an_arriving_gradient_is_not_changed_in_place():
    x, y = leaf(np.ones(3)), leaf(np.ones(3))
    seed = np.ones(3)
    z = x + y + x + y + x

    found = walk({z.node: seed}, [x.node, y.node])

    np.testing.assert_array_equal(seed, np.ones(3))
    np.testing.assert_array_equal(found[x.node], [3, 3, 3])
    np.testing.assert_array_equal(found[y.node], [2, 2, 2])


def test_the_third_derivative_of_a_product_of_powers():
    x = leaf(1.5)
    y = x**4 * ops.log(x)

    third = derivative(derivative(derivative(y, x), x), x)

    assert float(third) == pytest.approx(24 * 1.5 * np.log(1.5) + 26 * 1.5)


def test_the_third_derivative_of_softmax():
    x = np.array([0.3, -1.0, 0.5])
    t = leaf(x)

    first = derivative(ops.softmax(t)[0], t)
    second = derivative(first[1], t)
    third = derivative(second[2], t)

    # p for x[0], q for x[1], r for x[2]: dp/dx[1] = -pq, d(-pq)/dx[2] = 2pqr
    p, q, r = np.exp(x) / np.exp(x).sum()
    expected = [
        2 * p * q * r * (1 - 3 * p),
        2 * p * q * r * (1 - 3 * q),
        2 * p * q * r * (1 - 3 * r),
    ]
    np.testing.assert_allclose(
        second.data, [-p * q * (1 - 2 * p), -p * q * (1 - 2 * q), 2 * p * q * r]
    )
    np.testing.assert_allclose(third.data, expected, rtol=1e-12)


def test_integers_become_float64_before_differentiation():
    x = leaf([1, 2, 3])

    g = gradient((x * 0.5).sum(), x)

    assert x.dtype == g.dtype == np.float64
    np.testing.assert_array_equal(g, [0.5, 0.5, 0.5])


def test_a_float32_input_keeps_float32_beside_float64():
    x = leaf(np.ones(3, np.float32))

    g = gradient((x * np.ones(3)).sum(), x)

    assert g.dtype == np.float32


def test_complex_numbers_are_refused():
    with pytest.raises(TypeError, match="requires_grad: needs real numbers"):
        leaf([1j])


@pytest.mark.parametrize(
    "update",
    [lambda w: setattr(w, "data", w.data - 0.1), lambda w: exec("w.data -= 0.1", {"w": w})],
)
def test_an_update_between_use_and_the_walk_is_refused(update):
    x, w = leaf(np.ones(2)), leaf(np.ones(2))
    y = x * w
    update(w)

    with pytest.raises(
        RuntimeError, match="multiply: y was updated after it was used; call backward"
    ):
        gradient(y, x)


def test_only_a_leaf_can_be_updated():
    y = leaf(1.0) * 2.0

    with pytest.raises(ValueError, match="only a leaf can be updated, not what multiply gave"):
        y.data = np.array(3.0)


def test_what_no_rule_reads_is_not_kept():
    x = leaf(np.ones(1000))
    hidden = ops.exp(x) + 1.0
    values = weakref.ref(hidden.data)

    y = ops.relu(hidden)
    del hidden

    assert values() is None
    np.testing.assert_allclose(gradient(y, x), np.e)


def test_an_op_on_constants_is_not_recorded():
    y = ops.exp(Tensor(1.0))

    assert isinstance(y, Tensor)
    assert y.node is None


def test_arrays_of_two_libraries_are_refused_with_both_named():
    with pytest.raises(TypeError, match=r"got numpy and array_api_strict; move one with to_gpu"):
        ops.add(np.ones(2), array_api_strict.asarray([1.0, 2.0]))


def test_a_rule_that_names_something_else_is_told_what_it_could_name():
    with pytest.raises(TypeError, match=r"op cube: a rule reads y; it can read xp, n, x, g, z"):

        @op(lambda g, y: g * y)
        def cube(x, *, n=3):
            return x**n


def test_an_op_needs_a_rule_per_input():
    with pytest.raises(TypeError, match=r"op product: one rule per input .* got 1 for x, y"):

        @op(lambda g, y: g * y)
        def product(x, y):
            return x * y


def test_an_input_may_not_take_the_name_of_the_output():
    with pytest.raises(TypeError, match=r"op double: .* no input called g or z"):

        @op(lambda g: g * 2)
        def double(z):
            return z * 2


def test_a_students_own_op_is_differentiated():
    @op(lambda g, x, n: g * n * x ** (n - 1))
    def to_the(x, *, n=3):
        """x to the n. Same shape."""
        return x**n

    x = leaf([1.0, 2.0])

    np.testing.assert_array_equal(gradient(to_the(x), x), [3, 12])
    np.testing.assert_array_equal(gradient(to_the(x, 2), x), [2, 4])
    assert to_the.__doc__ == "x to the n. Same shape."


def test_a_layer_needs_a_bias_per_output():
    with pytest.raises(
        ShapeError, match=r"linear: w must be \(i, j\) and b \(j,\), got \(4, 2\) and"
    ):
        ops.linear(np.ones((3, 4)), np.ones((4, 2)), np.ones(3))


def test_shapes_that_do_not_fit_are_refused_with_a_suggestion():
    with pytest.raises(
        ShapeError, match=r"got \(2, 3\) @ \(2, 3\); did you mean matmul\(x, y.mT\)"
    ):
        ops.matmul(np.ones((2, 3)), np.ones((2, 3)))


def test_the_short_way_of_an_op_does_what_apply_does(rng):
    x, y = leaf(rng.normal(size=(3, 4))), leaf(rng.normal(size=4))

    for function, inputs, constants in [
        (ops.multiply, (x, y), ()),
        (ops.subtract, (x, 2.0), ()),
        (ops.where, (x.data > 0, x, y), ()),
        (ops.softmax, (x,), (0,)),
        (ops.linear, (x, rng.normal(size=(4, 4)), y), ()),
    ]:
        short, general = function(*inputs, *constants), apply(function.op, inputs, constants)

        np.testing.assert_array_equal(short.data, general.data)
        assert short.node.op is general.node.op is function.op
        assert [n is None for n in short.node.values] == [n is None for n in general.node.values]
        np.testing.assert_array_equal(gradient(short, x), gradient(general, x))


def test_a_rule_reads_what_the_forward_left_for_it():
    runs = []

    @op(lambda g, memo: g * memo["root"])
    def power_of_three_halves(xp, x, memo):
        runs.append(1)
        if memo is not None:
            memo["root"] = 1.5 * xp.sqrt(x)
        return x * xp.sqrt(x)

    x = leaf([4.0, 9.0])

    np.testing.assert_array_equal(gradient(power_of_three_halves(x), x), [3, 4.5])
    assert len(runs) == 1


def test_a_gradient_that_is_handed_on_is_not_added_into():
    x = leaf(np.ones(2))
    a = x + 0.0
    z = a + a + a  # every step hands on the same array

    np.testing.assert_array_equal(gradient(z, x), [3, 3])
    np.testing.assert_array_equal(gradient(z, a), [3, 3])


@pytest.mark.parametrize("shape", [(), (1,), (4,), (1, 4), (3, 1), (3, 4)])
def test_broadcasting_is_undone_for_every_shape(shape, rng):
    x, y = leaf(rng.normal(size=shape)), leaf(rng.normal(size=(3, 4)))

    g = gradient(x * y, x)

    whole = y.data.sum(axis=tuple(range(2 - len(shape))), keepdims=False)
    ones = tuple(i for i, n in enumerate(shape) if n == 1)
    np.testing.assert_allclose(g, whole.sum(axis=ones, keepdims=True), rtol=1e-12)
