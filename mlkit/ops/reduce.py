"""Ops that turn many numbers into few. `axis` is None (all), an int or a tuple of ints.

A rule only puts the reduced axes back, of length 1: the engine repeats along them.
"""

import math
from typing import Any

from mlkit.device import Array, total
from mlkit.engine import op
from mlkit.ops.index import getitem
from mlkit.ops.shape import along, concatenate, moveaxis, ravel, reshape, shape_of

__all__ = [
    "argmax", "argmin", "cumprod", "cumsum", "cumulative_sum", "diff", "max", "mean", "min", "norm",
    "prod", "std", "sum", "var",
]  # fmt: skip

Axis = int | tuple[int, ...] | None


def reopen(xp: Any, g: Array, axis: Axis, keepdims: bool) -> Array:
    """g with its reduced axes back, of length 1. For axis=None it stays a scalar."""
    if keepdims or axis is None:
        return g
    if isinstance(axis, int):
        return xp.expand_dims(g, axis=axis)
    n = g.ndim + len(axis)
    for i in sorted(a % n for a in axis):
        g = xp.expand_dims(g, axis=i)
    return g


def _to_the_extreme(xp: Any, g: Array, x: Array, z: Array, axis: Axis, keepdims: bool) -> Array:
    """g to the places where x equals the extreme value z; ties share evenly."""
    won = xp.where(x == reopen(xp, z, axis, keepdims), xp.ones_like(x), 0)
    return reopen(xp, g, axis, keepdims) * won / xp.sum(won, axis=axis, keepdims=True)


def _share(x: Array, z: Array) -> float:
    """What one element counts in a mean: outputs over inputs."""
    return math.prod(z.shape) / math.prod(x.shape)


@op(reopen)
def sum(xp, x, *, axis=None, keepdims=False):
    """Sum over `axis`. (..., n) -> (...), or (..., 1) with keepdims."""
    return total(x, axis, keepdims)


@op(lambda xp, g, x, z, axis, keepdims: reopen(xp, g, axis, keepdims) * _share(x, z))
def mean(xp, x, *, axis=None, keepdims=False):
    """Mean over `axis`. (..., n) -> (...), or (..., 1) with keepdims."""
    return xp.mean(x, axis=axis, keepdims=keepdims)


@op(_to_the_extreme)
def max(xp, x, *, axis=None, keepdims=False):
    """Largest value over `axis`; ties share the gradient evenly. (..., n) -> (...)."""
    return xp.max(x, axis=axis, keepdims=keepdims)


@op(_to_the_extreme)
def min(xp, x, *, axis=None, keepdims=False):
    """Smallest value over `axis`; ties share the gradient evenly. (..., n) -> (...)."""
    return xp.min(x, axis=axis, keepdims=keepdims)


@op(None)
def argmax(xp, x, *, axis=None, keepdims=False):
    """Index of the largest value over `axis`, the first of ties. (..., n) -> (...) of ints."""
    return xp.argmax(x, axis=axis, keepdims=keepdims)


@op(None)
def argmin(xp, x, *, axis=None, keepdims=False):
    """Index of the smallest value over `axis`, the first of ties. (..., n) -> (...) of ints."""
    return xp.argmin(x, axis=axis, keepdims=keepdims)


def _centred(xp: Any, x: Array, axis: Axis) -> Array:
    return x - xp.mean(x, axis=axis, keepdims=True)


def _freedom(x: Array, z: Array, ddof: int) -> int:
    """The number by which var divides: inputs per output, less ddof."""
    n = math.prod(x.shape) // (math.prod(z.shape) or 1) - ddof
    if n <= 0:
        raise ValueError(f"var: needs more numbers than ddof={ddof} along axis, got {n + ddof}")
    return n


@op(
    lambda xp, g, x, z, axis, ddof, keepdims: (
        reopen(xp, g, axis, keepdims) * (_centred(xp, x, axis) * (2 / _freedom(x, z, ddof)))
    )
)
def var(xp, x, *, axis=None, ddof=0, keepdims=False):
    """Mean squared distance from the mean over `axis`. (..., n) -> (...), in the units of x^2.

    Divides by n - ddof; raises ValueError if that is not positive.
    """
    centred = _centred(xp, x, axis)
    total = xp.sum(centred * centred, axis=axis, keepdims=keepdims)
    return total / _freedom(x, total, ddof)


def _over_length(xp: Any, g: Array, z: Array) -> Array:
    """g / z, and 0 where the length z is 0: the flattest of the slopes that meet there."""
    return xp.where(z == 0, 0, g / xp.where(z == 0, 1, z))


@op(
    lambda xp, g, x, z, axis, ddof, keepdims: (
        reopen(xp, _over_length(xp, g, z), axis, keepdims)
        * (_centred(xp, x, axis) * (1 / _freedom(x, z, ddof)))
    )
)
def std(xp, x, *, axis=None, ddof=0, keepdims=False):
    """Standard deviation over `axis`, the root of var. (..., n) -> (...), in the units of x.

    Where all values are equal the derivative is 0. Raises ValueError if n - ddof is not positive.
    """
    return xp.sqrt(var(x, axis, ddof, keepdims))


@op(
    lambda xp, g, x, z, axis, keepdims: reopen(xp, _over_length(xp, g, z), axis, keepdims) * x,
)
def norm(xp, x, *, axis=None, keepdims=False):
    """Euclidean length: the root of the sum of squares over `axis`. (..., n) -> (...), >= 0.

    For axis None that of all elements together (Frobenius). At 0 the derivative is 0.
    """
    return xp.sqrt(xp.sum(x * x, axis=axis, keepdims=keepdims))


def prod(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Product over `axis`. (..., n) -> (...), or (..., 1) with keepdims.

    Multiplies in pairs, so that no derivative divides: zeros are as good as other numbers.
    """
    shape = shape_of(x)
    axes = range(len(shape)) if axis is None else [axis] if isinstance(axis, int) else axis
    gone = sorted(a % len(shape) for a in axes)
    for done, i in enumerate(gone):
        x = moveaxis(x, i - done, -1)
    kept = shape_of(x)[: len(shape) - len(gone)]
    x = reshape(x, (*kept, math.prod(shape[i] for i in gone)))
    while (n := x.shape[-1]) > 1:
        rest = x[..., n - n % 2 :]
        x = x[..., : n // 2] * x[..., n // 2 : n - n % 2]
        x = concatenate([x, rest], axis=-1) if n % 2 else x
    x = x if n else sum(x, -1) + 1  # the product of nothing is 1
    open_shape = tuple(1 if i in gone else k for i, k in enumerate(shape))
    return reshape(x, open_shape if keepdims else kept)


@op(lambda xp, g, axis: xp.flip(xp.cumulative_sum(xp.flip(g, axis=axis), axis=axis), axis=axis))
def cumulative_sum(xp, x, *, axis=-1):
    """Sum of the elements so far, along `axis`. Same shape."""
    return xp.cumulative_sum(x, axis=axis)


def cumsum(x: Any, axis: int | None = None) -> Any:
    """Sum of the elements so far, along `axis`. Same shape; for axis None x is flattened first."""
    return cumulative_sum(ravel(x), 0) if axis is None else cumulative_sum(x, axis)


def cumprod(x: Any, axis: int | None = None) -> Any:
    """Product of the elements so far, along `axis`. Same shape; for axis None of flattened x.

    In log2(n) rounds, each reaching back twice as far: no derivative divides, zeros are welcome.
    Source: Hillis and Steele, Data parallel algorithms, Communications of the ACM 29, 1986.
    """
    x = ravel(x) if axis is None else moveaxis(x, axis, -1)
    reach = 1
    while reach < x.shape[-1]:
        x = concatenate([x[..., :reach], x[..., reach:] * x[..., :-reach]], axis=-1)
        reach *= 2
    return x if axis is None else moveaxis(x, -1, axis)


def diff(x: Any, n: int = 1, axis: int = -1) -> Any:
    """Each element less the one before it, along `axis`, n times over. (..., k) -> (..., k - n)."""
    for _ in range(n):
        rank = len(shape_of(x))
        later, earlier = along(axis, rank, slice(1, None)), along(axis, rank, slice(None, -1))
        x = getitem(x, later) - getitem(x, earlier)
    return x
