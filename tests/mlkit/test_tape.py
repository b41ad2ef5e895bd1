"""GradientTape as TensorFlow's users know it, and its errors."""

import numpy as np
import pytest

from mlkit import (
    GradientTape,
    ShapeError,
    Tensor,
    Variable,
    custom_gradient,
    grad,
    jvp,
    ops,
    stop_gradient,
)


def test_gradients_come_nested_as_the_sources_are():
    a, b = Variable([1.0, 2.0]), Variable(3.0)

    with GradientTape() as tape:
        y = a * b
    got = tape.gradient(y, {"b": b, "pair": (a, [a])})

    assert got["b"].item() == 3
    assert isinstance(got["pair"], tuple)
    assert got["pair"][0].numpy().tolist() == got["pair"][1][0].numpy().tolist() == [3, 3]


def test_the_order_and_duplicates_of_sources_are_kept():
    a, b = Variable(2.0), Variable(3.0)

    with GradientTape() as tape:
        y = a * a * b

    assert [g.item() for g in tape.gradient(y, [b, a, a])] == [4, 12, 12]


def test_results_share_no_memory():
    a, b = Variable(np.ones(3)), Variable(np.ones(3))
    with GradientTape() as tape:
        y = a + b

    for_a, for_b = tape.gradient(y, [a, b])
    for_a.data *= 5

    assert for_b.numpy().tolist() == [1, 1, 1]


def test_the_gradient_of_a_sum_may_be_changed():
    x = Variable(np.ones((2, 3)))
    with GradientTape() as tape:
        y = x.sum()

    g = tape.gradient(y, x).numpy()
    g *= 2

    assert g.tolist() == [[2, 2, 2], [2, 2, 2]]


def test_a_constant_has_no_gradient_until_it_is_watched():
    x = Tensor(3.0)
    with GradientTape() as tape:
        y = x * x
    assert tape.gradient(y, x) is None

    with GradientTape() as tape:
        tape.watch([x])
        y = x * x
    assert tape.gradient(y, x).item() == 6


def test_an_unconnected_source_gives_none_or_zeros():
    x, other = Variable(3.0), Variable([1.0, 2.0])

    with GradientTape(persistent=True) as tape:
        y = x * x

    assert tape.gradient(y, other) is None
    zeros = tape.gradient(y, [x, other], unconnected_gradients="zero")
    assert zeros[0].item() == 6
    assert zeros[1].numpy().tolist() == [0, 0]
    with pytest.raises(ValueError, match='is "none" or "zero", got \'zeros\''):
        tape.gradient(y, x, unconnected_gradients="zeros")


def test_targets_that_are_not_scalar_or_several_are_summed():
    x = Variable([1.0, 2.0])

    with GradientTape(persistent=True) as tape:
        square, triple = x * x, 3.0 * x

    assert tape.gradient(square, x).numpy().tolist() == [2, 4]
    assert tape.gradient([square, triple], x).numpy().tolist() == [5, 7]
    assert tape.gradient([square, square], x).numpy().tolist() == [4, 8]


def test_output_gradients_weigh_the_target():
    x = Variable([1.0, 2.0])

    with GradientTape(persistent=True) as tape:
        y = x * x

    assert tape.gradient(y, x, output_gradients=[10, 1]).numpy().tolist() == [20, 4]
    with pytest.raises(ShapeError, match=r"must have the target's shape \(2,\), got \(1, 2\)"):
        tape.gradient(y, x, output_gradients=[[1.0, 1.0]])


def test_a_tape_is_used_once():
    x = Variable(3.0)
    with GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)

    with pytest.raises(RuntimeError, match=r"used before; .*GradientTape\(persistent=True\)"):
        tape.gradient(y, x)


def test_a_persistent_tape_gives_the_same_again():
    x = Variable(3.0)
    with GradientTape(persistent=True) as tape:
        y = x * x
        z = y * y

    assert [tape.gradient(z, x).item() for _ in range(3)] == [108, 108, 108]
    assert tape.gradient(y, x).item() == 6
    assert tape.gradient(z, y).item() == 18


def test_only_what_is_computed_inside_counts():
    x = Variable(3.0)
    before = x * x
    with GradientTape(persistent=True) as tape:
        inside = x * before
    after = inside * 2.0

    assert tape.gradient(inside, x).item() == 9  # not 27: x * x was outside
    assert tape.gradient(inside, before).item() == 3
    assert tape.gradient(after, x) is None


def test_three_tapes_give_a_third_derivative():
    x = Variable(2.0)
    with GradientTape() as outer:
        with GradientTape() as middle:
            with GradientTape() as inner:
                y = x**4
            first = inner.gradient(y, x)
        second = middle.gradient(first, x)
    third = outer.gradient(second, x)

    assert [first.item(), second.item(), third.item()] == [32, 48, 48]


def test_a_persistent_tape_differentiates_its_own_gradient():
    x = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        first = tape.gradient(x**3, x)

    assert tape.gradient(first, x).item() == 12


def test_an_inner_gradient_can_be_part_of_a_loss():
    x, w = Variable(2.0), Variable(3.0)
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = w * x * x
        penalty = inner.gradient(y, x) ** 2

    assert outer.gradient(penalty, w).item() == pytest.approx(2 * (2 * 3 * 2) * (2 * 2))


def test_gradients_outside_of_any_tape_are_plain():
    x = Variable(2.0)
    with GradientTape() as tape:
        y = x * x

    assert not tape.gradient(y, x).requires_grad


def test_a_tape_used_once_does_not_record_its_own_gradient():
    x = Variable(2.0)

    with GradientTape() as tape:
        first = tape.gradient(x * x, x)

    assert first.item() == 4
    assert not first.requires_grad


def test_an_error_inside_closes_the_tape():
    x = Variable(2.0)
    with pytest.raises(KeyError), GradientTape() as broken:
        raise KeyError

    with GradientTape() as tape:
        y = x * x

    g = tape.gradient(y, x)
    assert g.item() == 4
    assert not g.requires_grad  # the broken tape is not still recording
    assert broken.gradient(y, x) is None


def test_what_is_no_tensor_is_refused_with_the_reason():
    x = Variable(2.0)
    with GradientTape(persistent=True) as tape:
        y = x * x

    with pytest.raises(TypeError, match=r"gradient: needs tensors, got float; .* rather than"):
        tape.gradient(y.item(), x)
    with pytest.raises(TypeError, match="watch: needs tensors, got ndarray"):
        tape.watch(np.ones(2))


def test_a_tape_must_be_opened_once():
    tape = GradientTape()
    with pytest.raises(RuntimeError, match="this tape recorded nothing"):
        tape.gradient(Variable(1.0), Variable(1.0))
    tape = GradientTape()
    with tape:
        pass
    with pytest.raises(RuntimeError, match="this tape was opened before"), tape:
        pass


def test_a_variable_owns_its_values():
    start = np.ones(2, np.float32)
    w = Variable(start, name="w")

    w.assign_sub([0.5, 0.25])
    w.assign_add(1)
    w.data *= 2

    assert (w.numpy().tolist(), w.dtype, w.name) == ([3, 3.5], np.float32, "w")
    Variable(start).data *= 5
    assert start.tolist() == [1, 1]
    with pytest.raises(ValueError, match=r"assign: the shape must stay \(2,\), got \(3,\)"):
        w.assign([1, 2, 3])


def test_an_update_before_the_gradient_is_refused():
    w = Variable([1.0, 2.0])
    with GradientTape() as tape:
        y = ops.sum(w * w)
    w.assign_sub([0.1, 0.1])

    with pytest.raises(RuntimeError, match="was updated after it was used"):
        tape.gradient(y, w)


def test_an_assigned_array_is_copied():
    values = np.ones(2)
    w = Variable([5.0, 6.0])

    w.assign(values)
    w.data *= 5

    assert values.tolist() == [1, 1]


def test_a_variable_that_is_not_trainable_counts_only_when_watched():
    w = Variable(3.0, trainable=False)
    with GradientTape() as tape:
        y = w * w
    assert tape.gradient(y, w) is None

    with GradientTape() as tape:
        tape.watch(w)
        y = w * w
    assert tape.gradient(y, w).item() == 6


def test_without_watching_variables_only_what_is_watched_counts():
    a, b = Variable(2.0), Variable(5.0)

    with GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(a)
        middle = a * b
        y = middle * b

    assert tape.gradient(y, {"a": a, "b": b})["a"].item() == 25
    assert tape.gradient(y, b) is None
    assert tape.gradient(y, middle).item() == 5
    assert tape.gradient(y, b, unconnected_gradients="zero").item() == 0


def test_whole_numbers_cannot_be_watched():
    with pytest.raises(TypeError, match="watch: only floats have derivatives, got int64; make it"):
        GradientTape().watch(Tensor([1, 2]))


def test_what_is_computed_while_recording_is_stopped_is_a_constant():
    x = Variable(3.0)

    with GradientTape() as tape:
        with tape.stop_recording():
            c = x * x
        y = x * c

    assert tape.gradient(y, x).item() == 9
    assert (x * x).requires_grad  # recording goes on


def test_a_tape_that_was_reset_has_forgotten():
    x = Variable(3.0)

    with GradientTape() as tape:
        before = x * x
        tape.reset()
        y = x * before

    assert tape.gradient(y, x).item() == 9  # x * x was forgotten: a constant
    with GradientTape() as tape:
        tape.gradient(x * x, x)
        tape.reset()
        y = x * x
    assert tape.gradient(y, x).item() == 6  # used, but reset


def test_a_jacobian_is_target_by_source():
    x, w = Variable([1.0, 2.0]), Variable([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    with GradientTape(persistent=True) as tape:
        y = x @ w

    by_x, nested = tape.jacobian(y, x), tape.jacobian(y, {"x": x, "w": [w]})

    assert by_x.numpy().tolist() == [[1, 4], [2, 5], [3, 6]]
    assert nested["x"].numpy().tolist() == by_x.numpy().tolist()
    assert nested["w"][0].numpy().tolist() == [
        [[1, 0, 0], [2, 0, 0]],
        [[0, 1, 0], [0, 2, 0]],
        [[0, 0, 1], [0, 0, 2]],
    ]


def test_a_jacobian_by_an_unconnected_source():
    x, other = Variable([1.0, 2.0]), Variable(np.ones(3))
    with GradientTape(persistent=True) as tape:
        y = x * x

    assert tape.jacobian(y, other) is None
    assert not tape.jacobian(y, other, unconnected_gradients="zero").numpy().any()
    assert tape.jacobian(y, [x, other], unconnected_gradients="zero")[1].shape == (2, 3)
    with pytest.raises(ValueError, match='jacobian: unconnected_gradients is "none" or "zero"'):
        tape.jacobian(y, other, unconnected_gradients=None)


def test_a_jacobian_is_a_use_of_the_tape():
    x = Variable([1.0, 2.0])
    with GradientTape() as tape:
        y = x * x
    tape.jacobian(y, x)

    with pytest.raises(RuntimeError, match="gradient: this tape was used before"):
        tape.gradient(y, x)


def test_a_jacobian_of_a_gradient_is_the_hessian():
    x = Variable([1.0, 2.0])
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = x[0] ** 2 * x[1] + x[1] ** 3
        first = inner.gradient(y, x)

    assert outer.jacobian(first, x).numpy().tolist() == [[4, 2], [2, 12]]


def test_a_jacobian_inside_an_outer_tape_is_differentiated():
    x = Variable([1.0, 2.0])
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = x**3
        trace = ops.sum(inner.jacobian(y, x) * np.eye(2))

    assert outer.gradient(trace, x).numpy().tolist() == [6, 12]


def test_a_batch_jacobian_keeps_examples_apart(rng):
    values = rng.normal(size=(3, 4))
    x, w = Variable(values), rng.normal(size=(4, 2))
    with GradientTape(persistent=True) as tape:
        y = ops.tanh(x @ w)

    got, whole = tape.batch_jacobian(y, x), tape.jacobian(y, x).numpy()

    assert got.shape == (3, 2, 4)
    np.testing.assert_allclose(got, (1 - np.tanh(values @ w) ** 2)[:, :, None] * w.T)
    np.testing.assert_allclose(got, np.stack([whole[i, :, i] for i in range(3)]), rtol=1e-14)
    assert tape.batch_jacobian(y, Variable(values)) is None
    with pytest.raises(ShapeError, match=r"first axis of one length, got \(3, 2\) and \(4, 3\)"):
        tape.batch_jacobian(y, Variable(values.T))


def test_stop_gradient_makes_a_constant_of_all_it_is_given():
    x = Variable(3.0)

    with GradientTape() as tape:
        y = x * stop_gradient({"x": x})["x"]

    assert tape.gradient(y, x).item() == 3
    assert stop_gradient(2.0) == 2.0


@custom_gradient
def log1pexp(x):
    e = ops.exp(x)
    return ops.log(1 + e), lambda g: g * (1 - 1 / (1 + e))


def test_a_custom_gradient_takes_the_place_of_the_derivative():
    x = Variable(1000.0)

    with np.errstate(over="ignore"), GradientTape() as tape:
        y = log1pexp(x)

    assert tape.gradient(y, x).item() == 1  # the formula's own would be NaN


def test_a_custom_gradient_is_differentiated_twice_and_forward():
    s = 1 / (1 + np.exp(-0.3))

    assert float(grad(log1pexp)(0.3)) == pytest.approx(s, rel=1e-14)
    assert float(grad(grad(log1pexp))(0.3)) == pytest.approx(s * (1 - s), rel=1e-13)
    assert float(jvp(log1pexp, (0.3,), (2.0,))[1]) == pytest.approx(2 * s, rel=1e-14)
    assert float(jvp(grad(log1pexp), (0.3,), (1.0,))[1]) == pytest.approx(s * (1 - s), rel=1e-13)


def test_a_custom_gradient_of_several_arguments_and_results():
    @custom_gradient
    def both(x, y):
        return {"sum": x + y, "product": x * y}, lambda s, p: (s * 2.0 + p * y, None)

    x, y = Variable([1.0, 2.0]), Variable([3.0, 4.0])
    with GradientTape() as tape:
        out = both(x, y)
        total = (out["sum"] * 10.0 + out["product"]).sum()
    for_x, for_y = tape.gradient(total, [x, y])

    assert out["product"].numpy().tolist() == [3, 8]
    assert for_x.numpy().tolist() == [23, 24]
    assert for_y.numpy().tolist() == [0, 0]


def test_a_custom_gradient_of_a_plain_number_is_plain():
    assert float(log1pexp(0.0)) == pytest.approx(np.log(2))
