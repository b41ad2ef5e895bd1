"""A student's function in place of mlkit's: checked first, taken out again afterwards."""

import inspect

import numpy as np
import pytest

from mlkit import Tensor, ops
from mlkit.engine import op
from mlkit.gradcheck import check_gradients, gradients
from mlkit.swap import swap


def my_tanh(x):
    return 1 - 2 / (np.exp(2 * x) + 1)


def my_rule(g, z):
    return g * (1 - z**2)


def test_the_students_forward_and_rule_are_used_inside_and_only_there():
    calls = []

    def forward(x):
        calls.append("forward")
        return my_tanh(x)

    def rule(g, z):
        calls.append("rule")
        return my_rule(g, z)

    with np.errstate(over="ignore"), swap(ops.tanh, forward=forward, vjps=(rule,)):
        calls.clear()
        check_gradients(ops.tanh, [0.5, -1.0])
        assert {*calls} == {"forward", "rule"}
        calls.clear()
        np.tanh(Tensor(1.0))  # NumPy's name reaches the same row
        assert calls == ["forward"]
    calls.clear()
    ops.tanh(0.5)
    assert calls == []


def test_a_rule_alone_keeps_the_shipped_forward():
    with swap(ops.multiply, vjps=(lambda g, y: y * g, lambda x, g: x * g)):
        check_gradients(ops.multiply, [1.0, 2.0], 3.0, order=2)


def test_a_forward_alone_keeps_the_shipped_rules():
    def forward(values):
        return np.maximum(values, 0)

    with swap(ops.relu, forward=forward):
        assert gradients(ops.relu, [np.array([-1.0, 2.0])], [np.ones(2)])[0].tolist() == [0, 1]


def test_constants_are_taken_by_name_wherever_they_stand():
    def forward(scores, axis=-1):
        e = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)

    with swap(ops.softmax, forward=forward):
        assert ops.softmax(np.zeros((2, 4)), axis=0)[0, 0] == 0.5


def test_second_derivatives_run_through_the_students_rule():
    with swap(ops.tanh, vjps=(my_rule,)):
        check_gradients(ops.tanh, [0.5, -1.0], order=2)


@pytest.mark.parametrize(
    ("shipped", "student", "message"),
    [
        (ops.tanh, {"vjps": (lambda g, z: g * (1 - z),)}, r"at x = \d.*derivative for x gives"),
        (ops.tanh, {"vjps": (lambda z: 1 - z**2,)}, "derivative for x gives"),
        (ops.tanh, {"forward": lambda x: x}, r"tanh: at x = 0\.5: the forward gives 0\.5, must be"),
        (
            ops.softmax,
            {"forward": lambda x, axis: np.exp(x) / np.exp(x).sum(axis, keepdims=True)},
            r"at x = \[1500.*: the forward gives \[nan",
        ),
        (
            ops.sum,
            {"forward": lambda x, axis, keepdims: np.sum(x)},
            r"at x = \[.*axis = 0.*forward has shape|keepdims = True: the forward has shape",
        ),
        (ops.exp, {"forward": lambda x: np.exp(x, out=x)}, "forward changes its input"),
        (ops.exp, {"forward": lambda x: x.nothing}, "it raises AttributeError: .*nothing"),
        (ops.exp, {"vjps": (None,)}, "derivative for x has no rule"),
        (ops.matmul, {"vjps": (lambda g, y: g @ y, lambda g, x: x.T @ g)}, r"swap matmul: at x = "),
    ],
)
def test_what_differs_is_refused_with_the_input_that_shows_it(shipped, student, message):
    with pytest.raises(ValueError, match=message), swap(shipped, **student):
        pytest.fail("must not be installed")


def test_the_smallest_failing_input_is_shown():
    def forward(x):  # wrong only for matrices
        return np.tanh(x) if x.ndim < 2 else x

    message = r"at x = \[\[[^\[]*\], \[[^\[]*\]\]: the forward"
    with pytest.raises(ValueError, match=message) as error, swap(ops.tanh, forward=forward):
        pass

    assert len(str(error.value).partition(": the forward")[0]) < 60


@pytest.mark.parametrize(
    ("student", "message"),
    [
        ({}, "swap tanh: give forward=..., vjps="),
        ({"vjps": ()}, r"swap tanh: one rule per input \(x\), .* got 0"),
        ({"forward": lambda x, y: x}, r"swap tanh: forward must take \(x\), got \(x, y\)"),
        ({"vjps": (lambda g, w: g,)}, "op tanh: a rule reads w; it can read"),
    ],
)
def test_what_cannot_be_called_is_a_type_error(student, message):
    with pytest.raises(TypeError, match=message), swap(ops.tanh, **student):
        pass


def test_what_is_no_op_is_refused():
    message = r"needs an op of mlkit, such as ops\.tanh, got print"
    with pytest.raises(TypeError, match=message), swap(print, forward=print):
        pass


def test_the_op_is_restored_after_an_error_inside():
    before = ops.tanh.op.rules

    with pytest.raises(KeyError), swap(ops.tanh, vjps=(my_rule,)):
        assert ops.tanh.op.rules is not before
        raise KeyError

    assert ops.tanh.op.rules is before


def test_a_refused_swap_leaves_the_op_as_it_was():
    before = ops.tanh.op.forward, ops.tanh.op.rules

    with pytest.raises(ValueError, match="swap tanh"), swap(ops.tanh, forward=lambda x: x):
        pass

    assert (ops.tanh.op.forward, ops.tanh.op.rules) == before


def test_swaps_nest_and_come_off_in_turn():
    first, second = [], []

    def counted(calls):
        def forward(x):
            calls.append(1)
            return np.tanh(x)

        return forward

    with swap(ops.tanh, forward=counted(first)):
        with swap(ops.tanh, forward=counted(second)):
            first.clear(), second.clear()
            ops.tanh(1.0)
            assert (len(first), len(second)) == (0, 1)
        second.clear()
        ops.tanh(1.0)
        assert (len(first), len(second)) == (1, 0)


def test_samples_serve_an_op_that_needs_more_than_numbers():
    def forward(x, shape):
        return np.reshape(x, shape)

    message = "reshape: no made-up input fits it; give samples"
    with pytest.raises(ValueError, match=message), swap(ops.reshape, forward=forward):
        pass
    with swap(ops.reshape, forward=forward, samples=[(np.arange(6.0), (2, 3))]):
        assert ops.reshape(np.arange(4), (2, 2)).shape == (2, 2)


def test_a_students_own_op_can_be_swapped_too():
    @op(lambda g, x: g * 2 * x)
    def squared(x):
        """x times x. Same shape."""
        return x * x

    with swap(squared, forward=lambda x: x**2):
        assert squared(3.0) == 9


def own_forward(row):
    """The op's forward as a student would write it: inputs, then constants by name."""

    own = row.forward

    def forward(*inputs, **constants):
        return own(np, None, None, inputs, [constants[c] for c in row.constants], None)

    kinds = inspect.Parameter
    parameters = [kinds(name, kinds.POSITIONAL_OR_KEYWORD) for name in row.inputs]
    parameters += [kinds(name, kinds.KEYWORD_ONLY) for name in row.constants]
    forward.__signature__ = inspect.Signature(parameters)
    return forward


@pytest.mark.parametrize(
    "name",
    ["add", "exp", "log", "sqrt", "relu", "sum", "max", "matmul", "softmax", "cross_entropy",
     "logsumexp", "det", "solve", "sort", "clip", "sigmoid", "gelu"],
)  # fmt: skip
def test_made_up_inputs_accept_what_is_right_and_refuse_what_is_not(name):
    function = getattr(ops, name)
    right = own_forward(function.op)

    def wrong(*inputs, **constants):
        return right(*inputs, **constants) * 1.00001

    wrong.__signature__ = right.__signature__
    with swap(function, forward=right):
        pass
    with pytest.raises(ValueError, match=f"swap {name}: at"), swap(function, forward=wrong):
        pass
