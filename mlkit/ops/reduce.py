"""Ops that turn many numbers into few. `axis` is None (all), an int or a tuple of ints.

A rule only puts the reduced axes back, of length 1: the engine repeats along them.
"""

import math
from typing import Any

from mlkit.device import Array
from mlkit.engine import op

__all__ = ["argmax", "max", "mean", "min", "sum"]

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
    return xp.sum(x, axis=axis, keepdims=keepdims)


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
