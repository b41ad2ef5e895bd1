"""Ops that move numbers without changing them: their rules move the gradient back."""

from collections.abc import Sequence
from typing import Any

from mlkit import device
from mlkit.device import Array
from mlkit.engine import op

__all__ = [
    "broadcast_to",
    "concatenate",
    "expand_dims",
    "ones_like",
    "permute_dims",
    "reshape",
    "squeeze",
    "stack",
    "swapaxes",
    "transpose",
    "zeros_like",
]


@op(lambda xp, g, x: xp.reshape(g, x.shape))
def reshape(xp, x, *, shape):
    """The same numbers in reading order, in another shape; one -1 is worked out."""
    return xp.reshape(x, (shape,) if isinstance(shape, int) else tuple(shape))


@op(lambda xp, g, axes: xp.permute_dims(g, tuple(axes.index(i) for i in range(len(axes)))))
def permute_dims(xp, x, *, axes):
    """Axes in another order: axis i of the result, same shape as axis axes[i] of x."""
    return xp.permute_dims(x, axes)


def transpose(x: Any, axes: Sequence[int] | None = None) -> Any:
    """Axes in another order, by default reversed. (a, b, c) -> (c, b, a)."""
    n = _ndim(x)
    return permute_dims(x, tuple(i % n for i in (axes or range(n)[::-1])))


def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged. (a, b, c) -> (a, c, b) for axes -1 and -2."""
    axes = list(range(_ndim(x)))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return permute_dims(x, tuple(axes))


@op(lambda xp, g, axis: xp.squeeze(g, axis=axis))
def expand_dims(xp, x, *, axis):
    """A new axis of length 1 at `axis`. (a, b) -> (a, 1, b) for axis 1."""
    return xp.expand_dims(x, axis=axis)


@op(lambda xp, g, x: xp.reshape(g, x.shape))
def squeeze(xp, x, *, axis=None):
    """Axes of length 1 removed: all, or those named. (a, 1, b) -> (a, b)."""
    if axis is None:
        axis = tuple(i for i, n in enumerate(x.shape) if n == 1)
    return xp.squeeze(x, axis=axis)


@op(lambda g: g)  # the engine sums over what was repeated
def broadcast_to(xp, x, *, shape):
    """x repeated along new axes and axes of length 1. (b,) -> (a, b)."""
    return xp.broadcast_to(x, shape)


def _part(g: Array, arrays: Sequence[Array], i: int, axis: int) -> Array:
    """The part of g that lies where array i was put."""
    axis %= g.ndim
    start = sum(a.shape[axis] for a in arrays[:i])
    return g[(slice(None),) * axis + (slice(start, start + arrays[i].shape[axis]), ...)]


@op(lambda g, arrays, i, axis: _part(g, arrays, i, axis))
def _concatenate(xp, *arrays, axis=0):
    """One after the other along `axis`. Shapes (a, n) and (b, n) -> (a + b, n)."""
    return xp.concat(arrays, axis=axis)


def concatenate(arrays: Sequence[Any], axis: int = 0) -> Any:
    """Arrays one after the other along an axis that exists. (a, n) and (b, n) -> (a + b, n)."""
    return _concatenate(*arrays, axis=axis)


def stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    """Arrays of one shape side by side along a new axis. k of (n,) -> (k, n)."""
    return _concatenate(*(expand_dims(a, axis) for a in arrays), axis=axis)


@op(None)
def ones_like(xp, x):
    """Ones. Same shape and dtype as x; no derivative."""
    return xp.ones_like(x)


@op(None)
def zeros_like(xp, x):
    """Zeros. Same shape and dtype as x; no derivative."""
    return xp.zeros_like(x)


def _ndim(x: Any) -> int:
    return x.ndim if hasattr(x, "ndim") else device.as_array(x).ndim
