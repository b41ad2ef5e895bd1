"""Ops that pick numbers out, and put them back where they came from."""

from mlkit import device
from mlkit.device import Array
from mlkit.engine import op

__all__ = [
    "getitem",
    "scatter_add",
    "take_along_axis",
]


@op(lambda g, x, index: scatter_add(g, x.shape, index))
def getitem(x, *, index):
    """x[index]: numbers, slices, a mask or arrays of ints. Shape as NumPy gives it."""
    return x[index]


@op(lambda g, index: g[index])
def scatter_add(x, *, shape, index):
    """Zeros of `shape` with x added at `index`; a place named twice gets both."""
    return device.scatter_add(x, shape, index)


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
