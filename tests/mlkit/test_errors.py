"""Errors that teach: each names where, the rule, what came, and what to do."""

import array_api_strict
import numpy as np
import pytest

from mlkit import GradientTape, ShapeError, Tensor, Variable, ops
from mlkit.engine import op


def ones(*shape):
    return Tensor(np.ones(shape), requires_grad=True)


def refusal(kind, function):
    with pytest.raises(kind) as caught:
        function()
    return str(caught.value)


PAIRS = "counted from the right, lengths must agree or be 1"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (
            lambda: ones(3, 4) - ones(3, 4).sum(axis=1),
            f"subtract: {PAIRS}, got (3, 4) and (3,); "
            "is (3,) a sum or mean? keepdims=True makes it (3, 1)",
        ),
        (
            lambda: ones(2, 3) * ones(3, 2),
            f"multiply: {PAIRS}, got (2, 3) and (3, 2); did you mean the transpose of (2, 3)?",
        ),
        (
            lambda: ops.add(np.ones(2), np.ones(3)),
            f"add: {PAIRS}, got (2,) and (3,); "
            "print the shapes before this step to see which is not as you think",
        ),
        (
            lambda: ops.where(np.ones(2) > 0, ones(2, 4), ones(4)),
            f"where: {PAIRS}, got (2,) and (2, 4) and (4,); "
            "is (2,) a sum or mean? keepdims=True makes it (2, 1)",
        ),
        (
            lambda: ones(2, 3) @ ones(2, 3),
            "matmul: inner sizes must agree, got (2, 3) @ (2, 3); did you mean matmul(x, y.mT)?",
        ),
        (
            lambda: ones(2, 3) @ ones(2, 4),
            "matmul: inner sizes must agree, got (2, 3) @ (2, 4); did you mean matmul(x.mT, y)?",
        ),
        (
            lambda: ones(2, 3) @ ones(4, 2),
            "matmul: inner sizes must agree, got (2, 3) @ (4, 2); did you mean matmul(y, x)?",
        ),
        (
            lambda: ones(2, 3) @ ones(5, 7),
            "matmul: inner sizes must agree, got (2, 3) @ (5, 7); "
            "the last axis of x is summed with the last but one of y",
        ),
        (
            lambda: ones(3, 4).reshape(5, 3),
            "reshape: 12 numbers do not fill (5, 3), got (3, 4); "
            "sizes must multiply to 12, one may be -1",
        ),
        (
            lambda: ops.stack([ones(2, 3), ones(3, 2)]),
            "stack: all shapes must agree, got (2, 3) and (3, 2); "
            "reshape or broadcast_to make them agree",
        ),
        (
            lambda: ops.concatenate([ones(2, 3), ones(3, 2)]),
            "concatenate: all axes but axis 0 must agree, got (2, 3) and (3, 2); "
            "give another axis, or transpose one",
        ),
        (
            lambda: ops.broadcast_to(ones(3), (4,)),
            "broadcast_to: (4,) must end like the shape, got (3,); "
            "only axes of length 1 are repeated",
        ),
        (
            lambda: ops.softmax(ones(2, 3), axis=2),
            "softmax: axis 2 does not exist, got (2, 3); axes are 0 to 1, or -2 to -1",
        ),
    ],
)
def test_shapes_that_do_not_fit_name_the_op_the_shapes_and_the_likely_fix(function, message):
    assert refusal(ShapeError, function) == message


def test_what_the_library_said_is_kept_as_the_cause():
    with pytest.raises(ShapeError) as caught:
        ones(2) + ones(3)

    assert "broadcast" in str(caught.value.__cause__)


def test_an_index_out_of_range_names_the_shape():
    message = refusal(IndexError, lambda: ones(2, 3)[5])

    assert message.startswith(
        "getitem: index 5 is out of bounds for axis 0 with size 2, got (2, 3)"
    )


def test_an_error_in_a_students_own_forward_stays_what_it_was():
    cause = KeyError("gone")

    @op(lambda g: g)
    def broken(x):
        """Nothing. Same shape."""
        raise ValueError("broken: x must be even, got 3") from cause

    with pytest.raises(ValueError, match="broken: x must be even, got 3") as caught:
        broken(ones(3))

    assert caught.value.__cause__ is cause


def test_a_tape_used_twice():
    x = Variable(3.0)
    with GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)

    assert refusal(RuntimeError, lambda: tape.gradient(y, x)) == (
        "gradient: this tape was used before; ask for all sources in one call, "
        "or open it with GradientTape(persistent=True)"
    )


def test_a_tensor_updated_after_use():
    w = Variable([1.0, 2.0])
    with GradientTape() as tape:
        y = ops.sum(w * w)
    w.assign_sub([0.1, 0.1])

    assert refusal(RuntimeError, lambda: tape.gradient(y, w)) == (
        "multiply: x was updated after it was used; call backward or tape.gradient before step"
    )


def test_an_integer_watched():
    with GradientTape() as tape:
        message = refusal(TypeError, lambda: tape.watch(Tensor([1, 2])))

    assert message == (
        "watch: only floats have derivatives, got int64; "
        "make it a float first, as in Tensor(x).astype(float)"
    )


def test_mixed_devices():
    strict = Tensor(array_api_strict.asarray([1.0, 2.0]))

    assert refusal(TypeError, lambda: ones(2) * strict) == (
        "multiply: arrays that meet must live in one library, got numpy and array_api_strict; "
        "move one with to_gpu or to_host"
    )


def test_a_gradient_that_is_none_is_explained_where_it_is_used():
    x, other = Variable(1.0), Variable(2.0)
    with GradientTape() as tape:
        y = x * 2.0
    g = tape.gradient(y, other)

    assert g is None
    assert refusal(TypeError, lambda: other.assign_sub(g)) == (
        "array: got None; a gradient is None where the target does not depend on the source: "
        "was the target computed from it, inside the tape?"
    )


def test_a_target_without_a_source_has_no_backward():
    message = refusal(RuntimeError, lambda: (Tensor(2.0) * 3.0).backward())

    assert message.startswith("backward: this tensor depends on none that requires a gradient")
