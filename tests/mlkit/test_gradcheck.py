"""The derivative check accepts right rules, refuses wrong ones and says where."""

import numpy as np
import pytest

from mlkit import Tensor, check_gradients
from mlkit.engine import op


@op(lambda g, x: g * 2)
def forgot_x(x):
    """x squared, with a wrong rule. Same shape."""
    return x * x


@op(lambda g, x: g * 2 * (x.detach() if isinstance(x, Tensor) else x))
def cut_off(x):
    """x squared, with a rule that is right but cannot be differentiated. Same shape."""
    return x * x


def test_a_right_function_passes_to_second_order():
    check_gradients(lambda x, y: np.exp(x) * y / (1 + x**2), 0.7, [1, 2], order=2)


def test_a_wrong_rule_is_named_with_both_values():
    with pytest.raises(AssertionError, match=r"forgot_x: derivative for input 0: .* finite differ"):
        check_gradients(forgot_x, np.array([1.0, 3.0]))


def test_a_wrong_second_derivative_is_found():
    check_gradients(cut_off, [1.0, 3.0])
    with pytest.raises(AssertionError, match=r"cut_off: second derivative for input 0: .* it is 0"):
        check_gradients(cut_off, [1.0, 3.0], order=2)
