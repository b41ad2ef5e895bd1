"""Ops that answer yes or no, or in whole numbers, for each element: nothing flows back."""

from mlkit.engine import op

__all__ = [
    "equal", "greater", "greater_equal", "less", "less_equal", "logical_and", "logical_not",
    "logical_or", "not_equal",
]  # fmt: skip


@op(None, None)
def equal(x, y):
    """Whether x == y, elementwise. Shapes broadcast; booleans, no derivative."""
    return x == y


@op(None, None)
def not_equal(x, y):
    """Whether x != y, elementwise. Shapes broadcast; booleans, no derivative."""
    return x != y


@op(None, None)
def less(x, y):
    """Whether x < y, elementwise. Shapes broadcast; booleans, no derivative."""
    return x < y


@op(None, None)
def less_equal(x, y):
    """Whether x <= y, elementwise. Shapes broadcast; booleans, no derivative."""
    return x <= y


@op(None, None)
def greater(x, y):
    """Whether x > y, elementwise. Shapes broadcast; booleans, no derivative."""
    return x > y


@op(None, None)
def greater_equal(x, y):
    """Whether x >= y, elementwise. Shapes broadcast; booleans, no derivative."""
    return x >= y


@op(None, None)
def logical_and(x, y):
    """Whether both hold, elementwise. Shapes broadcast; booleans, no derivative."""
    return x & y


@op(None, None)
def logical_or(x, y):
    """Whether one holds, elementwise. Shapes broadcast; booleans, no derivative."""
    return x | y


@op(None)
def logical_not(x):
    """Whether x does not hold, elementwise. Same shape; booleans, no derivative."""
    return ~x
