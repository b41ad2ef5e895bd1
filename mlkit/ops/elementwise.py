"""Ops that work on each element alone. Shapes broadcast; the engine undoes that for every rule.

One row is one op: its derivatives, one per input in order, then its forward. In a rule `g` is the
gradient that arrives at the output, `z` the output; a rule names only what it reads.
"""

import math
from typing import Any

from mlkit.device import Array, as_array, cast
from mlkit.engine import Tensor, op
from mlkit.place import Place, move, place_of

__all__ = [
    "abs", "add", "astype", "clip", "divide", "exp", "expm1", "floor", "hypot", "log", "log1p",
    "log2", "log10", "logaddexp", "maximum", "minimum", "multiply", "negative", "power",
    "reciprocal", "remainder", "sign", "sqrt", "square", "subtract", "to_device", "where",
]  # fmt: skip


def or_one(xp: Any, x: Array, g: Array) -> Array:
    """x, but 1 where both x and g are 0, so that g / x is 0 there.

    A branch that `where` did not take gets g = 0, and 0 / 0 would send it NaN.
    """
    return xp.where((g == 0) & (x == 0), 1, x)  # g first: x may be a plain number


@op(lambda g: g, lambda g: g)
def add(x, y):
    """Sum of two, elementwise. Shapes broadcast."""
    return x + y


@op(lambda g: g, lambda g: -g)
def subtract(x, y):
    """x minus y, elementwise. Shapes broadcast."""
    return x - y


@op(lambda g, y: g * y, lambda g, x: g * x)
def multiply(x, y):
    """Product, elementwise. Shapes broadcast."""
    return x * y


def _for_divisor(xp: Any, g: Array, x: Array, y: Array) -> Array:
    y = or_one(xp, y, g)
    return -(g / y) * (x / y)


@op(lambda xp, g, y: g / or_one(xp, y, g), _for_divisor)
def divide(x, y):
    """x over y, elementwise. Shapes broadcast."""
    return x / y


def reciprocal(x: Any) -> Any:
    """1 over x, elementwise. Same shape; x is not 0."""
    return divide(1.0, x)


@op(lambda g: g, lambda xp, g, x, y: -(g * xp.floor(x / y)))
def remainder(xp, x, y):
    """x minus the multiple of y below it, elementwise. Shapes broadcast; 0 or the sign of y.

    At the jumps, where y divides x, the derivative is that of the piece to the right.
    """
    return xp.remainder(x, y)


@op(lambda g: g * 0)
def floor(xp, x):
    """The whole number at or below x, elementwise. Same shape. Flat, so the derivative is 0."""
    return xp.floor(x)


@op(lambda g: -g)
def negative(x):
    """Minus x, elementwise. Same shape."""
    return -x


def _lowered(xp: Any, y: Array) -> Array:
    """The exponent y - 1; 0 where y is 0, whose factor y makes the product 0 anyway."""
    if isinstance(y, int | float):
        return y - 1 if y else 0
    return xp.where(y == 0, 0, y - 1)


@op(
    lambda xp, g, x, y: g * (y * or_one(xp, x, g) ** _lowered(xp, y)),
    lambda xp, g, x, z: g * z * xp.log(xp.where(x > 0, x, 1)),
)
def power(x, y):
    """x to the power y, elementwise. Shapes broadcast. The derivative in y needs x >= 0."""
    return x**y


@op(lambda g, z: g * z)
def exp(xp, x):
    """e to the power x, elementwise. Same shape; values >= 0."""
    return xp.exp(x)


@op(lambda g, z: g * (z + 1))
def expm1(xp, x):
    """exp(x) - 1, exact near 0, elementwise. Same shape; values >= -1."""
    return xp.expm1(x)


@op(lambda xp, g, x: g / or_one(xp, x, g))
def log(xp, x):
    """Natural logarithm, elementwise. Same shape; x > 0."""
    return xp.log(x)


@op(lambda xp, g, x: g / or_one(xp, x * math.log(2), g))
def log2(xp, x):
    """Logarithm to base 2, elementwise: bits. Same shape; x > 0."""
    return xp.log2(x)


@op(lambda xp, g, x: g / or_one(xp, x * math.log(10), g))
def log10(xp, x):
    """Logarithm to base 10, elementwise. Same shape; x > 0."""
    return xp.log10(x)


@op(lambda xp, g, x: g / or_one(xp, x + 1, g))
def log1p(xp, x):
    """log(1 + x), exact near 0, elementwise. Same shape; x > -1."""
    return xp.log1p(x)


@op(lambda g, x, z: g * exp(x - z), lambda g, y, z: g * exp(y - z))
def logaddexp(xp, x, y):
    """log(exp(x) + exp(y)) without overflow, elementwise. Shapes broadcast."""
    return xp.logaddexp(x, y)


@op(lambda xp, g, z: g / or_one(xp, 2 * z, g))
def sqrt(xp, x):
    """Square root, elementwise. Same shape; x >= 0. At 0 the derivative is infinite."""
    return xp.sqrt(x)


def _over_distance(xp: Any, g: Array, x: Array, z: Array) -> Array:
    """g * x / z, and 0 where the distance z is 0."""
    return g * (x / xp.where(z == 0, 1, z))


@op(_over_distance, lambda xp, g, y, z: _over_distance(xp, g, y, z))
def hypot(xp, x, y):
    """Distance of (x, y) from the origin, without overflow. Shapes broadcast; values >= 0.

    The derivative at the origin is 0.
    """
    return xp.hypot(x, y)


@op(lambda g, x: g * (2 * x))
def square(x):
    """x times x, elementwise. Same shape."""
    return x * x


@op(lambda xp, g, x: g * xp.sign(x))
def abs(xp, x):
    """Distance from 0, elementwise. Same shape. The derivative at 0 is 0."""
    return xp.abs(x)


@op(lambda g: g * 0)
def sign(xp, x):
    """-1, 0 or 1, elementwise. Same shape. Flat, so the derivative is 0."""
    return xp.sign(x)


def _to_the_larger(xp: Any, g: Array, x: Array, y: Array) -> Array:
    """g where x > y, half of it where they tie."""
    return xp.where(x > y, g, xp.where(x == y, g * 0.5, 0))


@op(_to_the_larger, lambda xp, g, x, y: _to_the_larger(xp, g, y, x))
def maximum(xp, x, y):
    """The larger of two, elementwise; ties share the gradient evenly. Shapes broadcast."""
    return xp.maximum(x, y)


@op(
    lambda xp, g, x, y: _to_the_larger(xp, g, y, x),
    lambda xp, g, x, y: _to_the_larger(xp, g, x, y),
)
def minimum(xp, x, y):
    """The smaller of two, elementwise; ties share the gradient evenly. Shapes broadcast."""
    return xp.minimum(x, y)


@op(None, lambda xp, g, c: xp.where(c, g, 0), lambda xp, g, c: xp.where(c, 0, g))
def where(xp, c, x, y):
    """x where c holds, else y. Shapes broadcast; c has no derivative."""
    return xp.where(c, x, y)


@op(lambda xp, g, x, z: xp.where(x == z, g, 0))
def clip(xp, x, *, min=None, max=None):
    """x kept within [min, max], elementwise. Same shape. The derivative is 1 at the limits."""
    return xp.clip(x, min, max)


@op(lambda g, x: cast(g, x.dtype))
def astype(x, *, dtype):
    """x with another dtype. Same shape."""
    return cast(x, dtype)


@op(lambda g, place, back: _to_device(g, back, place))
def _to_device(x, *, place, back):
    """x at another place, from where gradients go back. Same shape."""
    return move(x, place)


def to_device(x: Any, device: Any) -> Any:
    """x on the "cpu" or the "gpu"; itself if it is there. Same shape and dtype.

    Raises RuntimeError where there is no GPU, ValueError for another place.
    """
    there = place_of(x.data if isinstance(x, Tensor) else as_array(x))
    wanted = Place(getattr(device, "name", device)).name
    return x if there == wanted else _to_device(x, wanted, there)
