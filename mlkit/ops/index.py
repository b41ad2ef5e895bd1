"""Ops that pick numbers out, and put them back where they came from."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlkit import device
from mlkit.device import Array
from mlkit.engine import ShapeError, Tensor, op
from mlkit.ops.shape import along, broadcast_to, expand_dims, moveaxis, ravel, reshape, shape_of

__all__ = [
    "argsort", "diag", "diagonal", "embedding", "getitem", "pad", "repeat", "scatter_add", "sort",
    "split", "take", "take_along_axis",
]  # fmt: skip


@op(lambda g, x, index: scatter_add(g, x.shape, index))
def getitem(x, *, index):
    """x[index]: numbers, slices, a mask or arrays of ints. Shape as NumPy gives it."""
    return device.beside(x, index)[index]


@op(lambda g, index: g[index])
def scatter_add(x, *, shape, index):
    """Zeros of `shape` with x added at `index`; a place named twice gets both."""
    return device.scatter_add(x, shape, index)


def _plain(indices: Any) -> Array:
    """Indices as an array of ints or booleans, outside of differentiation."""
    return indices.data if isinstance(indices, Tensor) else device.as_array(indices)


def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """The slices of x at `indices` along `axis`; repeats add up in the derivative.

    Shapes (n, k) and (j,) -> (j, k) for axis 0. For axis None x is flattened first.
    """
    if axis is None:
        return getitem(ravel(x), _plain(indices))
    return getitem(x, along(axis, len(shape_of(x)), _plain(indices)))


def embedding(table: Any, tokens: Any) -> Any:
    """The row of the table for each token. Shapes (k, d) and (...) ints -> (..., d).

    Raises TypeError if the tokens are not ints, ValueError on one outside [0, k).
    """
    tokens, rows = _plain(tokens), shape_of(table)[0]
    tokens = tokens if hasattr(tokens, "dtype") else np.asarray(tokens)
    xp = device.namespace(tokens)
    if not xp.isdtype(tokens.dtype, "integral"):
        raise TypeError(f"embedding: tokens are row numbers (ints), got {tokens.dtype}")
    device.later(_check_tokens, tokens, rows)
    return getitem(table, tokens)


def _check_tokens(tokens: Array, rows: int) -> None:
    xp = device.namespace(tokens)
    if math.prod(tokens.shape) and not (xp.min(tokens) >= 0 and xp.max(tokens) < rows):
        raise ValueError(
            f"embedding: tokens must be in [0, {rows}), got {int(xp.min(tokens))} to "
            f"{int(xp.max(tokens))}; make the table larger or map rare tokens to one row"
        )


def _grid(x: Array, g: Array, indices: Array, axis: int) -> tuple[Array, ...]:
    """The full index that take_along_axis stands for: own position on every other axis."""
    xp, n = device.namespace(indices), g.ndim
    grid = []
    for i in range(n):
        places = xp.arange(g.shape[i]) % x.shape[i]  # an axis of length 1 was repeated
        grid.append(xp.reshape(places, (1,) * i + (-1,) + (1,) * (n - i - 1)))
    grid[axis] = indices
    return tuple(grid)


@op(lambda g, x, indices, axis: scatter_add(g, x.shape, _grid(x, g, indices, axis)), None)
def take_along_axis(xp, x, indices, *, axis=-1):
    """One value of x per index along `axis`. Shapes (n, k) and (n, j) -> (n, j)."""
    return xp.take_along_axis(x, indices, axis=axis)


def _unsort(xp: Any, g: Array, x: Array, axis: int) -> Array:
    """g back in the order of x: the order that sorts the order undoes it."""
    back = xp.argsort(xp.argsort(x, axis=axis), axis=axis)
    return xp.take_along_axis(g, back, axis=axis)


@op(_unsort)
def sort(xp, x, *, axis=-1):
    """Values in rising order along `axis`. Same shape.

    The derivative goes where each value came from; of equal values, each gets one.
    """
    return xp.sort(x, axis=axis)


@op(None)
def argsort(xp, x, *, axis=-1):
    """The indices that sort x along `axis`. Same shape, of ints; no derivative."""
    return xp.argsort(x, axis=axis)


def split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Parts of x along `axis`, in order: so many equal ones, or cut before these indices.

    (6, n) in 3 -> a list of three (2, n). Raises ShapeError if equal parts do not fit.
    """
    shape, cuts = shape_of(x), indices_or_sections
    size = shape[axis]
    if isinstance(cuts, int):
        if size % cuts:
            raise ShapeError(
                f"split: {cuts} equal parts must fit in the axis, got length {size}; "
                "say where to cut, as in split(x, [2, 5])"
            )
        cuts = range(size // cuts, size, size // cuts)
    edges = zip([0, *cuts], [*cuts, size], strict=True)
    return [getitem(x, along(axis, len(shape), slice(a, b))) for a, b in edges]


def repeat(x: Any, repeats: int | Sequence[int], axis: int | None = None) -> Any:
    """Each slice along `axis` so many times in a row. (n, k) -> (2 n, k) for 2 and axis 0.

    repeats: one number, or one per slice. For axis None x is flattened first.
    """
    if axis is None:
        return repeat(ravel(x), repeats, 0)
    shape = shape_of(x)
    axis %= len(shape)
    if not isinstance(repeats, int):
        return take(x, np.repeat(np.arange(shape[axis]), repeats), axis)
    before, after = shape[: axis + 1], shape[axis + 1 :]
    wide = broadcast_to(expand_dims(x, axis + 1), (*before, repeats, *after))
    return reshape(wide, (*before[:-1], before[-1] * repeats, *after))


def _inside(shape: Sequence[int], widths: Sequence[Sequence[int]]) -> tuple[slice, ...]:
    """Where x lies in what it was padded to."""
    return tuple(slice(before, before + n) for n, (before, _) in zip(shape, widths, strict=True))


@op(lambda g, x, widths: g[_inside(x.shape, widths)])
def _pad(xp, x, *, widths, value):
    """x in a frame of `value`. Shape (n,) -> (before + n + after,), for each axis."""
    shape = tuple(n + sum(around) for n, around in zip(x.shape, widths, strict=True))
    z = device.filled(x, shape, value)
    z[_inside(x.shape, widths)] = x
    return z


def pad(x: Any, pad_width: Any, mode: Any = "constant", constant_values: float = 0) -> Any:
    """x with pad_width = (before, after) elements added on each axis, or a pair per axis.

    (n,) -> (before + n + after,). mode: "constant" adds constant_values; "edge", "reflect",
    "symmetric" and "wrap" repeat elements of x, whose derivatives add up.
    """
    shape = shape_of(x)
    widths = np.broadcast_to(pad_width, (len(shape), 2)).tolist()
    if mode == "constant":
        return _pad(x, widths, constant_values)
    for axis, (n, width) in enumerate(zip(shape, widths, strict=True)):
        x = take(x, np.pad(np.arange(n), width, mode), axis)
    return x


def _diagonal_places(rows: int, columns: int, offset: int) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of each element of a diagonal, counted to the right."""
    n = min(rows + min(offset, 0), columns - max(offset, 0))
    return np.arange(n) - min(offset, 0), np.arange(n) + max(offset, 0)


def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonal of the matrices in axis1 and axis2, as last axis. (n, n, ...) -> (..., n)."""
    n = len(shape_of(x))
    first = axis1 % n
    x = moveaxis(moveaxis(x, axis2, -1), first - (first > axis2 % n), -2)
    rows, columns = shape_of(x)[-2:]
    return getitem(x, (..., *_diagonal_places(rows, columns, offset)))


def diag(x: Any, k: int = 0) -> Any:
    """A matrix with x on diagonal k, 0 elsewhere, or of a matrix that diagonal.

    (n,) -> (n + |k|, n + |k|), and (n, m) -> (min(n, m),) for k = 0.
    """
    if len(shape_of(x)) == 2:
        return diagonal(x, k)
    n = shape_of(x)[0] + abs(k)
    return scatter_add(x, (n, n), _diagonal_places(n, n, k))
