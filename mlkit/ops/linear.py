"""Products of vectors, matrices and arrays with more axes; solve, inverse and determinant.

Letters: n batch, i inputs, j outputs; `...` are batch axes, which broadcast.
"""

import math
from collections.abc import Sequence
from typing import Any

from mlkit.device import Array, product
from mlkit.engine import op
from mlkit.errors import ShapeError, how_to_multiply
from mlkit.ops.elementwise import multiply
from mlkit.ops.index import diagonal
from mlkit.ops.reduce import sum
from mlkit.ops.shape import expand_dims, permute_dims, reshape, shape_of, squeeze

__all__ = ["det", "dot", "inner", "inv", "linear", "matmul", "outer", "solve", "tensordot", "trace"]


def _flip(x: Array) -> Array:
    """The last two axes exchanged."""
    return x.T if x.ndim == 2 else x.mT


def _for_left(xp: Any, g: Array, x: Array, y: Array) -> Array:
    """The gradient for x in x @ y; the engine sums over batch axes."""
    if y.ndim == 1:
        return xp.expand_dims(g, axis=-1) * y
    if x.ndim == 1 and y.ndim > 2:
        return xp.sum(y * xp.expand_dims(g, axis=-2), axis=-1)
    return product(g, _flip(y))


def _for_right(xp: Any, g: Array, x: Array, y: Array) -> Array:
    """The gradient for y in x @ y; the engine sums over batch axes."""
    if y.ndim == 1:
        return product(g, x) if x.ndim == 2 else xp.expand_dims(g, axis=-1) * x
    if x.ndim == 1:
        return xp.expand_dims(x, axis=-1) * xp.expand_dims(g, axis=-2)
    return product(_flip(x), g)


def _check(name: str, x: Array, y: Array) -> None:
    if not (x.ndim and y.ndim):
        raise ShapeError(f"{name}: needs arrays with axes, got {x.shape} @ {y.shape}; use x * y")
    if x.shape[-1] != y.shape[-2 if y.ndim > 1 else 0]:
        raise ShapeError(
            f"{name}: inner sizes must agree, got {x.shape} @ {y.shape}; "
            f"{how_to_multiply(name, x.shape, y.shape)}"
        )


@op(_for_left, _for_right)
def matmul(x, y):
    """Matrix product. Shapes (..., n, i) and (..., i, j) -> (..., n, j); (i,) is a vector."""
    _check("matmul", x, y)
    return product(x, y)


@op(
    lambda xp, g, x, w: _for_left(xp, g, x, w),
    lambda xp, g, x, w: _for_right(xp, g, x, w),
    lambda g: g,
)
def linear(x, w, b):
    """x @ w + b, a layer without its activation. Shapes (..., i), (i, j) and (j,) -> (..., j)."""
    _check("linear", x, w)
    if w.ndim != 2 or b.shape != w.shape[1:]:
        raise ShapeError(f"linear: w must be (i, j) and b (j,), got {w.shape} and {b.shape}")
    z = product(x, w)
    if z.dtype != b.dtype:
        return z + b
    z += b  # no second array of this size
    return z


Axes = int | Sequence[int]


def tensordot(x: Any, y: Any, axes: int | tuple[Axes, Axes] = 2) -> Any:
    """Sum of products over axes of x paired with axes of y; what is left of x, then of y.

    axes: the last so many of x with the first of y, or the axes of each: (a, b, i) and (i, j)
    -> (a, b, j) for 1. Raises ShapeError if paired axes differ in length.
    """
    m, n = len(shape_of(x)), len(shape_of(y))
    pairs = (range(m - axes, m), range(axes)) if isinstance(axes, int) else axes
    first, second = ([a] if isinstance(a, int) else list(a) for a in pairs)
    first, second = [a % m for a in first], [a % n for a in second]
    if [shape_of(x)[a] for a in first] != [shape_of(y)[a] for a in second]:
        raise ShapeError(
            f"tensordot: paired axes must agree, got {shape_of(x)} along {first} and "
            f"{shape_of(y)} along {second}"
        )
    left = [a for a in range(m) if a not in first]
    right = [a for a in range(n) if a not in second]
    x, y = permute_dims(x, (*left, *first)), permute_dims(y, (*second, *right))
    rows, columns = x.shape[: len(left)], y.shape[len(second) :]
    inner_size = math.prod(x.shape[len(left) :])
    flat = matmul(
        reshape(x, (math.prod(rows), inner_size)), reshape(y, (inner_size, math.prod(columns)))
    )
    return reshape(flat, (*rows, *columns))


def dot(x: Any, y: Any) -> Any:
    """Product of numbers, vectors or matrices, as np.dot. (n, i) and (i, j) -> (n, j).

    With more axes the last of x meets the second to last of y: (a, i) and (b, i, j) -> (a, b, j).
    """
    if not (shape_of(x) and shape_of(y)):
        return multiply(x, y)
    if len(shape_of(y)) <= 2:
        return matmul(x, y)
    return tensordot(x, y, (-1, -2))


def inner(x: Any, y: Any) -> Any:
    """Sum of products over the last axes. (n, i) and (j, i) -> (n, j)."""
    return tensordot(x, y, (-1, -1)) if shape_of(x) and shape_of(y) else multiply(x, y)


def outer(x: Any, y: Any) -> Any:
    """Every element of x times every element of y. (n,) and (j,) -> (n, j)."""
    return multiply(reshape(x, (-1, 1)), reshape(y, (1, -1)))


def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Sum of the diagonal of the matrices in axis1 and axis2. (n, n, ...) -> (...)."""
    return sum(diagonal(x, offset, axis1, axis2), -1)


def _check_square(name: str, x: Array) -> None:
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"{name}: needs square matrices (..., n, n), got {x.shape}")


def _solve_back(x: Array, y: Array, g: Array) -> Array:
    """The gradient for y in solve(x, y)."""
    if y.ndim > 1:
        return solve(_flip(x), g)
    return squeeze(solve(_flip(x), expand_dims(g, -1)), -1)


def _for_matrix(xp: Any, g: Array, x: Array, y: Array, z: Array) -> Array:
    h = _solve_back(x, y, g)
    if y.ndim > 1:
        return -(h @ _flip(z))
    return -(xp.expand_dims(h, axis=-1) * xp.expand_dims(z, axis=-2))


@op(_for_matrix, lambda g, x, y: _solve_back(x, y, g))
def solve(xp, x, y):
    """The w with x @ w = y. Shapes (..., n, n) and (..., n, k) -> (..., n, k); y may be (n,).

    x must be invertible: a singular one raises numpy.linalg.LinAlgError (on a GPU the answer is
    NaN or infinite), one close to it gives rounding errors times its condition number, and twice
    that in the derivative. float32 and float64 only. Raises ShapeError unless square and fitting.
    Source: Giles, Collected Matrix Derivative Results for Algorithmic Differentiation, 2008.
    """
    _check_square("solve", x)
    if not y.ndim or y.shape[-2 if y.ndim > 1 else 0] != x.shape[-1]:
        raise ShapeError(f"solve: one right side per row, got {x.shape} and {y.shape}")
    return xp.linalg.solve(x, y)


@op(lambda g, z: -(_flip(z) @ g @ _flip(z)))
def inv(xp, x):
    """Inverse matrices. Shape (..., n, n) is kept; the limits are those of solve.

    To multiply by an inverse, solve(x, y) is faster and more exact than inv(x) @ y.
    Source: Giles, Collected Matrix Derivative Results for Algorithmic Differentiation, 2008.
    """
    _check_square("inv", x)
    return xp.linalg.inv(x)


@op(lambda xp, g, x, z: reshape(g * z, (*g.shape, 1, 1)) * _flip(inv(x)))
def det(xp, x):
    """Determinants. (..., n, n) -> (...). Overflows for large n.

    A singular matrix has the determinant 0, but its derivative raises numpy.linalg.LinAlgError.
    Source: Giles, Collected Matrix Derivative Results for Algorithmic Differentiation, 2008.
    """
    _check_square("det", x)
    return xp.linalg.det(x)
