"""Ops that move numbers without changing them: their rules move the gradient back."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from mlkit.device import Array, repeated
from mlkit.engine import op

__all__ = [
    "broadcast_to", "concatenate", "expand_dims", "flip", "hstack", "moveaxis", "ones_like",
    "permute_dims", "ravel", "reshape", "roll", "squeeze", "stack", "swapaxes", "tile", "transpose",
    "tril", "triu", "vstack", "zeros_like",
]  # fmt: skip


def _in_front(g: Array, n: int) -> tuple[int, ...]:
    """The lengths of what g has before its last n axes: one for each of many gradients."""
    return g.shape[: g.ndim - n]


def _shape_back(xp: Any, g: Array, x: Array, shape: int | Sequence[int]) -> Array:
    """g in the shape of x, before which stands what stood before g's own."""
    return xp.reshape(g, _in_front(g, 1 if isinstance(shape, int) else len(shape)) + x.shape)


@op(_shape_back)
def reshape(xp, x, *, shape):
    """The same numbers in reading order, in another shape; one -1 is worked out."""
    return xp.reshape(x, (shape,) if isinstance(shape, int) else tuple(shape))


def _order_back(xp: Any, g: Array, axes: Sequence[int]) -> Array:
    """g with its last axes where they came from."""
    front = len(_in_front(g, len(axes)))
    back = (front + axes.index(i) for i in range(len(axes)))
    return xp.permute_dims(g, (*range(front), *back))


@op(_order_back)
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


def moveaxis(x: Any, source: int, destination: int) -> Any:
    """One axis put elsewhere, the others in order. (a, b, c) -> (b, c, a) for 0 and -1."""
    axes = list(range(_ndim(x)))
    axes.insert(destination % len(axes), axes.pop(source))
    return permute_dims(x, tuple(axes))


def ravel(x: Any) -> Any:
    """All numbers in reading order along one axis. (a, b) -> (a * b,)."""
    return reshape(x, -1)


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
    return repeated(x, shape)


def along(axis: int, n: int, index: Any) -> tuple[Any, ...]:
    """The index that is `index` on one of n axes and everything on the others."""
    return (*(slice(None),) * (axis % n), index, ...)


@op(lambda g, i, axis, edges: g[along(axis, g.ndim, slice(edges[i], edges[i + 1]))])
def _concatenate(xp, *arrays, axis=0, edges=()):
    """One after the other along `axis`. Shapes (a, n) and (b, n) -> (a + b, n).

    edges: where each begins and the last ends, counted once: no rule needs the arrays.
    """
    return xp.concat(arrays, axis=axis)


def concatenate(arrays: Sequence[Any], axis: int = 0) -> Any:
    """Arrays one after the other along an axis that exists. (a, n) and (b, n) -> (a + b, n)."""
    shapes = map(shape_of, arrays)
    lengths = (n[axis] if -len(n) <= axis < len(n) else 0 for n in shapes)  # 0: xp says why not
    return _concatenate(*arrays, axis=axis, edges=(0, *accumulate(lengths)))


@op(lambda g, i, axis: g[along(axis, g.ndim, i)])
def _stack(xp, *arrays, axis=0):
    """Side by side along a new axis. k of (n,) -> (k, n)."""
    return xp.stack(arrays, axis=axis)


def stack(arrays: Sequence[Any], axis: int = 0) -> Any:
    """Arrays of one shape side by side along a new axis. k of (n,) -> (k, n)."""
    return _stack(*(a if hasattr(a, "shape") else np.asarray(a) for a in arrays), axis=axis)


def hstack(arrays: Sequence[Any]) -> Any:
    """Arrays side by side. (n, a) and (n, b) -> (n, a + b); vectors one after the other."""
    return concatenate(arrays, axis=0 if _ndim(arrays[0]) == 1 else 1)


def vstack(arrays: Sequence[Any]) -> Any:
    """Arrays below each other. (a, n) and (b, n) -> (a + b, n); a vector (n,) is one row."""
    return concatenate([expand_dims(a, 0) if _ndim(a) == 1 else a for a in arrays], axis=0)


@op(lambda xp, g, axis: xp.flip(g, axis=axis))
def flip(xp, x, *, axis=None):
    """Order reversed along `axis`: an int, a tuple, or None for all. Same shape."""
    return xp.flip(x, axis=axis)


def _back(shift: int | Sequence[int]) -> int | tuple[int, ...]:
    return -shift if isinstance(shift, int) else tuple(-s for s in shift)


@op(lambda xp, g, shift, axis: xp.roll(g, _back(shift), axis=axis))
def roll(xp, x, *, shift, axis=None):
    """Elements moved `shift` places on along `axis`, the last come round first. Same shape.

    For axis None in reading order, over the ends of rows.
    """
    return xp.roll(x, shift, axis=axis)


def tile(x: Any, reps: int | Sequence[int]) -> Any:
    """x laid side by side, reps[i] times along axis i. (a, b) and (2, 3) -> (2 a, 3 b)."""
    times = (reps,) if isinstance(reps, int) else tuple(reps)
    old = shape_of(x)
    n = max(len(old), len(times))
    old, times = (1,) * (n - len(old)) + old, (1,) * (n - len(times)) + times
    apart = reshape(x, tuple(k for size in old for k in (1, size)))
    pairs = zip(times, old, strict=True)
    full = broadcast_to(apart, tuple(k for t, size in pairs for k in (t, size)))
    return reshape(full, tuple(t * size for t, size in zip(times, old, strict=True)))


@op(lambda xp, g, k: xp.tril(g, k=k))
def tril(xp, x, *, k=0):
    """Matrices with 0 above diagonal k, counted to the right. Shape (..., n, m) is kept."""
    return xp.tril(x, k=k)


@op(lambda xp, g, k: xp.triu(g, k=k))
def triu(xp, x, *, k=0):
    """Matrices with 0 below diagonal k, counted to the right. Shape (..., n, m) is kept."""
    return xp.triu(x, k=k)


@op(None)
def ones_like(xp, x):
    """Ones. Same shape and dtype as x; no derivative."""
    return xp.ones_like(x)


@op(None)
def zeros_like(xp, x):
    """Zeros. Same shape and dtype as x; no derivative."""
    return xp.zeros_like(x)


def shape_of(x: Any) -> tuple[int, ...]:
    """Length of each axis of a tensor, array, list or number."""
    return x.shape if hasattr(x, "shape") else np.shape(x)


def _ndim(x: Any) -> int:
    return len(shape_of(x))
