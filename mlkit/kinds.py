"""What kind of op a row is, for those who push many values, or tangents, through it at once.

`swap` puts other rules into a row: those are unproven, and the row is then of no kind.
"""

from typing import Any

from mlkit import ops
from mlkit.engine import Op
from mlkit.ops import activation, elementwise, trigonometry

__all__ = ["is_elementwise", "is_linear", "rules_of"]


def rules_of(*functions: Any) -> dict[Op, list[Any]]:
    """The rows of these ops, and the rules that they have now."""
    return {function.op: function.op.rules for function in functions}


_ELEMENTWISE = rules_of(
    *(
        getattr(ops, name)
        for family in (elementwise, trigonometry, activation)
        for name in family.__all__
        if hasattr(getattr(ops, name), "op")
    )
)
_LINEAR = rules_of(
    ops.broadcast_to, ops.cumulative_sum, ops.expand_dims, ops.flip, ops.fold, ops.getitem,
    ops.matmul, ops.mean, ops.permute_dims, ops.reshape, ops.roll, ops.scatter_add, ops.squeeze,
    ops.sum, ops.tril, ops.triu, ops.windows,
)  # fmt: skip


def is_elementwise(op: Op) -> bool:
    """Whether each element of the output depends on that element of the inputs alone.

    Then a rule multiplies g by one number per element: it takes tangents forward as well as
    gradients back, and g may have more axes in front.
    """
    return _ELEMENTWISE.get(op) is op.rules


def is_linear(op: Op) -> bool:
    """Whether the op is linear in each input: its tangent is the op itself, on the tangent."""
    return _LINEAR.get(op) is op.rules
