"""Matrix products. Letters: n batch, i inputs, j outputs; `...` are batch axes, which broadcast."""

from typing import Any

from mlkit.device import Array
from mlkit.engine import ShapeError, op

__all__ = ["linear", "matmul"]


def _flip(x: Array) -> Array:
    """The last two axes exchanged."""
    return x.T if x.ndim == 2 else x.mT


def _for_left(xp: Any, g: Array, x: Array, y: Array) -> Array:
    """The gradient for x in x @ y; the engine sums over batch axes."""
    if y.ndim == 1:
        return xp.expand_dims(g, axis=-1) * y
    if x.ndim == 1:
        return xp.sum(y * xp.expand_dims(g, axis=-2), axis=-1)
    return g @ _flip(y)


def _for_right(xp: Any, g: Array, x: Array, y: Array) -> Array:
    """The gradient for y in x @ y; the engine sums over batch axes."""
    if y.ndim == 1:
        return xp.expand_dims(g, axis=-1) * x
    if x.ndim == 1:
        return xp.expand_dims(x, axis=-1) * xp.expand_dims(g, axis=-2)
    return _flip(x) @ g


def _check(name: str, x: Array, y: Array) -> None:
    if not (x.ndim and y.ndim):
        raise ShapeError(f"{name}: needs arrays with axes, got {x.shape} @ {y.shape}; use x * y")
    if x.shape[-1] != y.shape[-2 if y.ndim > 1 else 0]:
        raise ShapeError(
            f"{name}: inner sizes must agree, got {x.shape} @ {y.shape}; "
            f"did you mean {name}(x, y.mT)?"
        )


@op(_for_left, _for_right)
def matmul(x, y):
    """Matrix product. Shapes (..., n, i) and (..., i, j) -> (..., n, j); (i,) is a vector."""
    _check("matmul", x, y)
    return x @ y


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
    z = x @ w
    if z.dtype != b.dtype:
        return z + b
    z += b  # no second array of this size
    return z
