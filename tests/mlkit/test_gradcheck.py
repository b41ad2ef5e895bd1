"""The derivative check accepts right rules, refuses wrong ones and says where."""

from typing import NamedTuple

import numpy as np
import pytest

from mlkit import Tensor, check_gradients, ops
from mlkit.engine import op


@op(lambda g, x: g * 2)
def forgot_x(x):
    """x squared, with a wrong rule. Same shape."""
    return x * x


@op(lambda g, x: g * 2 * (x.detach() if isinstance(x, Tensor) else x))
def cut_off(x):
    """x squared, with a rule that is right but cannot be differentiated. Same shape."""
    return x * x


class Layer(NamedTuple):
    w: list
    b: list


def test_a_right_function_passes_to_second_order():
    check_gradients(lambda x, y: np.exp(x) * y / (1 + x**2), 0.7, [1, 2], order=2)


def test_a_wrong_rule_is_named_with_the_worst_place_and_by_how_much():
    with pytest.raises(AssertionError) as refusal:
        check_gradients(lambda x: forgot_x(x).sum(), np.array([[1.0, 3.0], [1.0, 1.0]]))

    message = str(refusal.value)
    assert "derivative for input 0[0, 1]: got " in message
    assert "finite differences give " in message
    assert "(0.67 of it); is its rule right?" in message  # 2 in place of 6


def test_a_scalar_has_no_place():
    with pytest.raises(AssertionError, match=r"forgot_x: derivative for input 0: got .* off by"):
        check_gradients(forgot_x, 3.0)


def test_a_wrong_second_derivative_is_found():
    check_gradients(cut_off, [1.0, 3.0])
    with pytest.raises(AssertionError, match=r"cut_off: second derivative for input 0\[\d\]: g"):
        check_gradients(cut_off, [1.0, 3.0], order=2)


def test_nested_inputs_and_outputs_are_checked():
    def network(x, layers):
        for layer in layers:
            x = ops.tanh(x @ layer["w"] + layer["b"])
        return {"last": x, "sum": [x.sum()]}

    w, b = [[0.1, 0.2], [0.3, -0.4]], [0.5, 0.6]

    check_gradients(network, [[1.0, 2.0]], [{"w": w, "b": b}, {"w": b @ np.eye(2) * w, "b": b}])


def test_a_wrong_rule_in_a_container_is_named_by_its_path():
    def function(layers):
        return layers["last"][1].w * forgot_x(layers["last"][1].b)

    layers = {"first": [1.0, 2.0], "last": (0.5, Layer([1.0, 1.0], [1.0, 4.0]))}

    with pytest.raises(AssertionError, match=r"for input 0\['last'\]\[1\]\[1\]\[\d\]: got"):
        check_gradients(function, layers)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_each_dtype_is_checked_with_its_own_tolerance(dtype):
    x = np.array([0.5, -1.0, 2.0], dtype)

    check_gradients(lambda x: np.tanh(x) * x, x)
    with pytest.raises(AssertionError, match="forgot_x: derivative"):
        check_gradients(forgot_x, x)


def test_the_tolerance_can_be_given():
    with pytest.raises(AssertionError, match="derivative for input 0"):
        check_gradients(lambda x: np.exp(3 * x), 1.0, rtol=1e-15)


def test_nan_is_refused():
    @op(lambda g, x: g * np.nan)
    def broken(x):
        """x, with a rule that gives NaN. Same shape."""
        return x * 1.0

    with pytest.raises(AssertionError, match=r"broken: derivative for input 0\[\d\]: got nan"):
        check_gradients(broken, [1.0, 2.0])


def test_a_constant_function_passes():
    check_gradients(lambda x: np.ones(2), 1.0)
