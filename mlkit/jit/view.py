"""The same memory looked at in another way: a function of one array, and how to write it down."""

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["View", "broadcast", "index", "permute", "reshape", "reversed_axes", "swap_last"]


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


def _text(part: Any) -> str:
    if isinstance(part, slice):
        ends = ":".join("" if i is None else str(i) for i in (part.start, part.stop))
        return ends if part.step is None else f"{ends}:{part.step}"
    return "..." if part is ... else str(part)
