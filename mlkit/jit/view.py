"""The same memory looked at in another way: a function of one array, and how to write it down."""

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = [
    "View", "broadcast", "expanded", "flipped", "index", "permute", "reshape", "reversed_axes",
    "squeezed", "swap_last", "swapped", "transposed",
]  # fmt: skip


class View:
    """template: source with {} for the array. Two views of one template are equal."""

    __slots__ = ("function", "template")

    def __init__(self, template: str, function: Callable[[Any], Any]):
        self.template, self.function = template, function

    def __call__(self, x: Any) -> Any:
        """The view of x."""
        return self.function(x)

    def __hash__(self) -> int:
        return hash(self.template)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and self.template == other.template


reversed_axes = View("{}.T", lambda x: x.T)
swap_last = View("{}.mT", lambda x: x.mT)


def reshape(shape: tuple[int, ...]) -> View:
    """Another shape, the same numbers in reading order."""
    return View(f"{{}}.reshape({shape})", lambda x: x.reshape(shape))


def permute(axes: tuple[int, ...]) -> View:
    """Axes in another order; axes count from 0."""
    if axes == tuple(range(len(axes)))[::-1]:
        return reversed_axes
    return View(f"{{}}.transpose({axes})", lambda x: x.transpose(axes))


def broadcast(shape: tuple[int, ...]) -> View:
    """Repeated along new axes and axes of length 1."""
    return View(f"broadcast_to({{}}, {shape})", lambda x: np.broadcast_to(x, shape))


def index(parts: tuple[Any, ...]) -> View:
    """x[parts], of numbers, slices, None and an Ellipsis, so that it is a view in any case."""
    parts = tuple(int(p) if isinstance(p, np.integer) else p for p in parts)
    parts = parts if ... in parts else (*parts, ...)
    return View(f"{{}}[{', '.join(map(_text, parts))}]", lambda x: x[parts])


def transposed(shape: Any, axes: Any = None) -> View:
    """The view that np.transpose gives of an array of this shape."""
    n = len(shape)
    return permute(tuple(a % n for a in (range(n)[::-1] if axes is None else axes)))


def swapped(shape: Any, axis1: int, axis2: int) -> View:
    """The view that np.swapaxes gives of an array of this shape."""
    axes = list(range(len(shape)))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return permute(tuple(axes))


def expanded(shape: Any, axis: Any) -> View:
    """The view that np.expand_dims gives of an array of this shape."""
    n = len(shape) + (len(axis) if isinstance(axis, tuple) else 1)
    new = {a % n for a in (axis if isinstance(axis, tuple) else (axis,))}
    rest = iter(shape)
    return reshape(tuple(1 if i in new else next(rest) for i in range(n)))


def squeezed(shape: Any, axis: Any = None) -> View:
    """The view that np.squeeze gives of an array of this shape."""
    n = len(shape)
    if axis is None:
        return reshape(tuple(k for k in shape if k != 1))
    gone = {a % n for a in (axis if isinstance(axis, tuple) else (axis,))}
    if any(shape[a] != 1 for a in gone):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return reshape(tuple(k for i, k in enumerate(shape) if i not in gone))


def flipped(shape: Any, axis: Any = None) -> View:
    """The view that np.flip gives of an array of this shape."""
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    turned = {a % len(shape) for a in axes}
    back, on = slice(None, None, -1), slice(None)
    return index(tuple(back if i in turned else on for i in range(len(shape))))


def _text(part: Any) -> str:
    if isinstance(part, slice):
        ends = ":".join("" if i is None else str(i) for i in (part.start, part.stop))
        return ends if part.step is None else f"{ends}:{part.step}"
    return "..." if part is ... else str(part)
