"""requires_grad, backward, no_grad, hooks, Function and anomaly mode, as PyTorch has them."""

import gc
import weakref

import numpy as np
import pytest

from mlkit import (
    Function,
    GradientTape,
    ShapeError,
    Tensor,
    detect_anomaly,
    grad,
    jvp,
    no_grad,
    ops,
    tensor,
)


def leaf(values):
    return tensor(values, requires_grad=True)


def test_tensor_copies_its_data():
    values = np.array([1.0, 2.0])

    x = tensor(values, dtype=np.float32)
    values *= 5

    assert x.numpy().tolist() == [1, 2]
    assert (x.dtype, x.requires_grad) == (np.float32, False)
    assert tensor([1, 2], requires_grad=True).dtype == np.float64


def test_backward_adds_until_zero_grad():
    x = leaf(3.0)

    for _ in range(3):
        (x * x).backward()
    assert x.grad.item() == 18

    x.zero_grad()
    assert x.grad is None
    (x * 2.0).backward()
    assert x.grad.item() == 2


def test_backward_of_the_same_graph_twice_adds():
    x = leaf(3.0)
    y = x * x

    y.backward()
    y.backward()

    assert x.grad.item() == 12


def test_only_leaves_that_require_it_get_a_gradient():
    x, constant = leaf([1.0, 2.0]), tensor([3.0, 4.0])
    middle = x * constant

    middle.sum().backward()

    assert x.grad.numpy().tolist() == [3, 4]
    assert constant.grad is None
    assert middle.grad is None
    assert not x.grad.requires_grad


def test_gradients_of_two_leaves_share_no_memory():
    a, b = leaf(np.ones(3)), leaf(np.ones(3))
    (a + b).sum().backward()

    a.grad.data *= 5

    assert b.grad.numpy().tolist() == [1, 1, 1]


def test_an_earlier_gradient_is_not_changed_by_adding():
    x = leaf(1.0)
    (x * 2.0).backward()
    first = x.grad

    (x * 2.0).backward()

    assert (first.item(), x.grad.item()) == (2, 4)


def test_more_than_one_number_needs_a_gradient_to_start_from():
    x = leaf([1.0, 2.0])

    with pytest.raises(
        ShapeError, match=r"backward: starts from one number, got shape \(2,\); take"
    ):
        (x * x).backward()
    with pytest.raises(
        ShapeError, match=r"gradient must have the target's shape \(2,\), got \(3,\)"
    ):
        (x * x).backward(np.ones(3))
    (x * x).backward([1.0, 10.0])

    assert x.grad.numpy().tolist() == [2, 40]


def test_one_number_in_an_array_is_one_number():
    x = leaf([3.0])

    (x * x).backward()

    assert x.grad.numpy().tolist() == [6]


def test_a_target_that_depends_on_nothing_is_refused():
    with pytest.raises(RuntimeError, match="backward: this tensor depends on none that requires"):
        (tensor(1.0) * 2.0).backward()
    with pytest.raises(RuntimeError, match="outside no_grad and detach"):
        leaf(1.0).detach().backward()


def test_an_update_before_backward_is_refused():
    w = leaf(1.0)
    y = w * w
    w.data = w.data - 0.1

    with pytest.raises(RuntimeError, match="was updated after it was used; call backward"):
        y.backward()


def test_create_graph_lets_a_gradient_be_differentiated():
    x = leaf(2.0)

    (x**3).backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    slope.backward()

    assert (slope.item(), x.grad.item()) == (12, 12)


def test_a_leaf_that_is_gone_is_no_trouble():
    def loss():
        return (leaf(2.0) * leaf(3.0)).sum()

    loss().backward()


def test_no_grad_records_nothing():
    x = leaf(2.0)

    with no_grad():
        y = x * x
        inside = leaf(1.0) * 2.0
    z = x * y

    assert isinstance(y, Tensor)
    assert not y.requires_grad and not inside.requires_grad
    z.backward()
    assert x.grad.item() == 4  # y is a constant


def test_no_grad_is_a_decorator_and_ends_with_an_error():
    x = leaf(2.0)

    @no_grad()
    def predict(x):
        return x * x

    with pytest.raises(KeyError), no_grad(), no_grad():
        raise KeyError

    assert not predict(x).requires_grad
    assert (x * x).requires_grad


def test_detach_item_and_numpy():
    x = leaf(2.0)

    (x * x.detach() * x.item() * float(x.numpy())).backward()

    assert x.grad.item() == 8


# Hooks


def test_a_hook_sees_the_whole_gradient_and_may_replace_it():
    seen, x = [], leaf(3.0)
    h = x * x
    h.register_hook(lambda g: seen.append(g.item()))
    h.register_hook(lambda g: g * 10.0)

    (h * 2.0 + h).backward()

    assert seen == [3]
    assert x.grad.item() == 180


def test_hooks_run_in_the_order_they_were_registered_on_a_leaf():
    x, seen = leaf(3.0), []
    x.register_hook(lambda g: g + 1.0)
    x.register_hook(lambda g: seen.append(g.item()))

    (x * 2.0).backward()

    assert seen == [3]
    assert x.grad.item() == 3


def test_hooks_run_in_the_order_they_were_registered_inside():
    x, seen = leaf(3.0), []
    h = x * 1.0
    h.register_hook(lambda g: g + 1.0)
    h.register_hook(lambda g: seen.append(g.item()))

    (h * 2.0).backward()

    assert seen == [3]


def test_a_removed_hook_is_not_called():
    x = leaf(3.0)
    h = x * x
    handles = [h.register_hook(lambda g: g * 10.0), x.register_hook(lambda g: g * 100.0)]
    for handle in handles:
        handle.remove()

    h.backward()

    assert x.grad.item() == 6


def test_hooks_act_in_the_other_doors_too():
    x = leaf(3.0)
    x.register_hook(lambda g: g * 10.0)

    with GradientTape() as tape:
        h = x * x
        h.register_hook(lambda g: g * 2.0)

    assert tape.gradient(h, x).item() == 120

    def f(x):
        h = x * x
        h.register_hook(lambda g: g * 2.0)
        return h

    assert grad(f)(3.0) == 12


def test_a_hook_must_keep_the_shape_and_needs_a_gradient():
    x = leaf([1.0, 2.0])
    x.register_hook(lambda g: g.sum())

    with pytest.raises(
        ShapeError, match=r"hook: the gradient must keep its shape \(2,\), got \(\)"
    ):
        (x * x).sum().backward()
    with pytest.raises(RuntimeError, match="register_hook: no gradient will come to a constant"):
        tensor(1.0).register_hook(print)


# Function


class Cube(Function):
    @staticmethod
    def forward(ctx, x, power):
        ctx.save_for_backward(x)
        ctx.power = power
        return x**power

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * ctx.power * x ** (ctx.power - 1), None


def test_a_function_has_its_own_backward():
    x = leaf([1.0, 2.0])

    y = Cube.apply(x, 3)
    y.backward([1.0, 10.0])

    assert y.numpy().tolist() == [1, 8]
    assert x.grad.numpy().tolist() == [3, 120]


def test_a_function_is_differentiated_twice_and_forward():
    def f(x):
        return Cube.apply(x, 3)

    assert grad(grad(f))(2.0) == 12
    assert jvp(f, (2.0,), (10.0,))[1] == 120
    assert jvp(grad(f), (2.0,), (1.0,))[1] == 12


def test_a_backward_that_is_wrong_on_purpose_is_what_counts():
    class Straight(Function):
        """Rounds, and lets the gradient pass."""

        @staticmethod
        def forward(ctx, x):
            return Tensor(np.round(x.numpy()))

        @staticmethod
        def backward(ctx, g):
            return g

    assert grad(lambda x: Straight.apply(x) ** 2)(1.4) == 2


def test_a_function_of_several_inputs_and_results():
    class SumAndProduct(Function):
        calls = 0

        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            assert ctx.needs_input_grad == (True, False)
            assert not (x * y).requires_grad
            return (x + y).sum(), x * y

        @staticmethod
        def backward(ctx, for_sum, for_product):
            SumAndProduct.calls += 1
            x, y = ctx.saved_tensors
            return for_sum + for_product * y, for_sum + for_product * x

    x, y = leaf([1.0, 2.0]), tensor([3.0, 5.0])
    total, product = SumAndProduct.apply(x, y)

    (total * 100.0 + (product * np.array([1.0, 10.0])).sum()).backward()

    assert (total.item(), product.numpy().tolist()) == (11, [3, 10])
    assert x.grad.numpy().tolist() == [103, 150]
    assert SumAndProduct.calls == 1


def test_a_backward_runs_once_for_all_inputs_and_records_only_if_asked():
    recorded = []

    class Product(Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            return x * y

        @staticmethod
        def backward(ctx, g):
            x, y = ctx.saved_tensors
            recorded.append((g * y).requires_grad)
            return g * y, g * x

    x, y = leaf(2.0), leaf(3.0)
    Product.apply(x, y).backward()
    Product.apply(x, y).backward(create_graph=True)

    assert recorded == [False, True]
    assert (x.grad.item(), y.grad.item()) == (6, 4)


def test_a_function_with_an_unfit_backward_is_told_so():
    class Short(Function):
        @staticmethod
        def forward(ctx, x, y):
            return x * y

        @staticmethod
        def backward(ctx, g):
            return g

    class Flat(Function):
        @staticmethod
        def forward(ctx, x):
            return x.sum()

        @staticmethod
        def backward(ctx, g):
            return g

    x = leaf([1.0, 2.0])
    with pytest.raises(
        ValueError, match="custom backward: one gradient per input, 2 of them, got 1"
    ):
        Short.apply(x, x).sum().backward()
    with pytest.raises(
        ShapeError, match=r"gradient of input 0 must have its shape \(2,\), got \(\)"
    ):
        Flat.apply(x).backward()
    with pytest.raises(NotImplementedError, match=r"write forward\(ctx, \*inputs\) as a static"):
        Function.apply(x)


# Anomaly mode


def test_anomaly_mode_names_the_op_and_the_line_where_nan_was_born():
    x = leaf([-1.0, 4.0])

    with pytest.raises(FloatingPointError) as error, detect_anomaly():
        h = x * 2.0
        y = ops.log(h)  # the line
        y.sum()

    message = str(error.value)
    assert message.startswith(
        "log: NaN was born here, from inputs without one in [-2, 8], at test_"
    )
    assert "test_backward.py" in message and "`y = ops.log(h)  # the line`" in message


def test_anomaly_mode_lets_nan_pass_that_was_there_before():
    with detect_anomaly():
        y = leaf([np.nan]) * 2.0

    assert np.isnan(y.item())


def test_anomaly_mode_finds_nan_born_on_the_way_back():
    x = leaf([0.0, 4.0])

    with detect_anomaly():
        y = Cusp.apply(x)  # recorded here
        with pytest.raises(FloatingPointError, match="NaN was born in its derivative") as error:
            (y * 3.0).sum().backward()

    assert "`y = Cusp.apply(x)  # recorded here`" in str(error.value)


class Cusp(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1.0

    @staticmethod
    def backward(ctx, g):
        return Tensor(g.numpy() * np.array([np.nan, 1.0]))


def test_anomaly_mode_leaves_right_answers_alone_and_ends():
    x = leaf([1.0, 4.0])

    with detect_anomaly():
        ops.sqrt(x).sum().backward()
    with np.errstate(invalid="ignore"):
        assert np.isnan(ops.log(leaf(-1.0)).item())

    assert x.grad.numpy().tolist() == [0.5, 0.25]


def test_a_graph_is_freed_when_its_result_is():
    x = leaf(np.ones(10))
    y = ops.exp(x)
    kept = weakref.ref(y.data)
    z = (y * y).sum()
    z.backward()

    del y, z

    gc.collect()
    assert kept() is None
