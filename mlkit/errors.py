"""Errors that teach: what an array library said, with the op, the shapes and the cure."""

from collections.abc import Sequence
from itertools import zip_longest
from math import prod
from typing import Any, NoReturn

__all__ = ["ShapeError", "explain", "how_to_multiply"]

Shape = tuple[int, ...]
_RULE = "counted from the right, lengths must agree or be 1"


class ShapeError(ValueError):
    """Shapes that do not fit together."""


def explain(op: Any, inputs: Sequence[Any], constants: Sequence[Any], error: Exception) -> NoReturn:
    """Raise a better error for one that an op's forward raised; that one itself if none is known.

    inputs: arrays and numbers, as the forward got them.
    """
    name, said = op.name.strip("_"), str(error)
    if isinstance(error, TypeError) and said.startswith("devices:"):
        raise TypeError(said.replace("devices", name, 1)) from error
    plain = type(error).__name__ in ("ValueError", "AxisError", "IndexError")
    if not plain or said.startswith(f"{name}:"):
        raise error
    shapes = [tuple(getattr(x, "shape", ())) for x in inputs]
    settings = dict(zip(op.constants, constants, strict=False))
    came = " and ".join(map(str, shapes[:4])) + (" and more" if len(shapes) > 4 else "")
    if len(shapes) > 1 and name not in ("concatenate", "stack") and not _fit(shapes):
        rule, cure = _RULE, _how_to_pair(shapes)
    elif type(error).__name__ == "AxisError" and shapes:
        n = len(shapes[0])
        cure = f"axes are 0 to {n - 1}, or -{n} to -1" if n else "a number has no axes"
        rule = f"axis {settings.get('axis')} does not exist"
    elif isinstance(error, IndexError):
        raise IndexError(f"{name}: {said}, got {came}; places count from 0") from error
    else:
        rule, cure = _rule(name, shapes, settings) or (said.rstrip("."), "compare the shapes")
    raise ShapeError(f"{name}: {rule}, got {came}; {cure}") from error


def _rule(name: str, shapes: Sequence[Shape], settings: dict[str, Any]) -> tuple[str, str] | None:
    """What the op asks of shapes, and what to do; None where only the library can say it."""
    if name == "concatenate":
        axis = settings["axis"]
        return f"all axes but axis {axis} must agree", "give another axis, or transpose one"
    if name == "stack":
        return "all shapes must agree", "reshape or broadcast_to make them agree"
    if name == "reshape":
        n, shape = prod(shapes[0]), settings["shape"]
        return f"{n} numbers do not fill {shape}", f"sizes must multiply to {n}, one may be -1"
    if name == "broadcast_to":
        return f"{settings['shape']} must end like the shape", "only axes of length 1 are repeated"
    return None


def how_to_multiply(name: str, x: Shape, y: Shape) -> str:
    """What to write in place of a matrix product whose inner sizes differ."""
    inner = y[-2] if len(y) > 1 else y[0]
    if len(y) > 1 and x[-1] == y[-1]:
        return f"did you mean {name}(x, y.mT)?"
    if len(x) > 1 and x[-2] == inner:
        return f"did you mean {name}(x.mT, y)?"
    if len(x) > 1 and y[-1] == x[-2]:
        return f"did you mean {name}(y, x)?"
    return "the last axis of x is summed with the last but one of y"


def _fit(shapes: Sequence[Shape]) -> bool:
    """Whether shapes broadcast: counted from the right, lengths agree or are 1."""
    lengths = zip_longest(*(shape[::-1] for shape in shapes), fillvalue=1)
    return all(len({n for n in axis if n != 1}) < 2 for axis in lengths)


def _how_to_pair(shapes: Sequence[Shape]) -> str:
    """The likely slip behind shapes that do not broadcast."""
    longest = max(map(len, shapes))
    for i, shape in enumerate(shapes):
        others = [*shapes[:i], *shapes[i + 1 :]]
        for k in range(len(shape), -1, -1) if len(shape) < longest else ():
            opened = (*shape[:k], 1, *shape[k:])
            if _fit([opened, *others]):
                return f"is {shape} a sum or mean? keepdims=True makes it {opened}"
    for i, shape in enumerate(shapes):
        if len(shape) > 1 and _fit([shape[::-1], *shapes[:i], *shapes[i + 1 :]]):
            return f"did you mean the transpose of {shape}?"
    return "print the shapes before this step to see which is not as you think"
