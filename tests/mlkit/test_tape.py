"""GradientTape as TensorFlow's users know it, and its errors."""

import numpy as np
import pytest

from mlkit import GradientTape, ShapeError, Tensor, Variable, ops


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
