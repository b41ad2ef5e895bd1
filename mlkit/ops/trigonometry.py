"""Circular and hyperbolic functions and their inverses, elementwise. Angles are in radians."""

from typing import Any

from mlkit.device import Array
from mlkit.engine import op
from mlkit.ops.elementwise import or_one

__all__ = [
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cos", "cosh", "sin", "sinh", "tan",
    "tanh",
]  # fmt: skip


@op(lambda xp, g, x: g * xp.cos(x))
def sin(xp, x):
    """Sine of an angle, elementwise. Same shape; values in [-1, 1]."""
    return xp.sin(x)


@op(lambda xp, g, x: -(g * xp.sin(x)))
def cos(xp, x):
    """Cosine of an angle, elementwise. Same shape; values in [-1, 1]."""
    return xp.cos(x)


@op(lambda g, z: g * (1 + z * z))
def tan(xp, x):
    """Tangent of an angle, elementwise. Same shape."""
    return xp.tan(x)


def _to_the_angle(xp: Any, g: Array, x: Array) -> Array:
    """g over the height above x on the unit circle; the product is exact near 1."""
    return g / or_one(xp, xp.sqrt((1 - x) * (1 + x)), g)


@op(_to_the_angle)
def asin(xp, x):
    """Angle whose sine is x, elementwise. Same shape; x in [-1, 1], values in [-pi/2, pi/2].

    At -1 and 1 the derivative is infinite.
    """
    return xp.asin(x)


@op(lambda xp, g, x: -_to_the_angle(xp, g, x))
def acos(xp, x):
    """Angle whose cosine is x, elementwise. Same shape; x in [-1, 1], values in [0, pi].

    At -1 and 1 the derivative is infinite.
    """
    return xp.acos(x)


@op(lambda g, x: g / (1 + x * x))
def atan(xp, x):
    """Angle whose tangent is x, elementwise. Same shape; values in (-pi/2, pi/2)."""
    return xp.atan(x)


def _over_square(xp: Any, g: Array, x: Array, y: Array) -> Array:
    """g over the squared distance from the origin."""
    return g / or_one(xp, x * x + y * y, g)


@op(
    lambda xp, g, y, x: x * _over_square(xp, g, x, y),
    lambda xp, g, y, x: -(y * _over_square(xp, g, x, y)),
)
def atan2(xp, y, x):
    """Angle of the point (x, y) seen from the origin; y comes first. Shapes broadcast.

    Values in [-pi, pi]. At the origin there is no derivative (NaN).
    """
    return xp.atan2(y, x)


@op(lambda xp, g, x: g * xp.cosh(x))
def sinh(xp, x):
    """Hyperbolic sine (exp(x) - exp(-x)) / 2, elementwise. Same shape."""
    return xp.sinh(x)


@op(lambda xp, g, x: g * xp.sinh(x))
def cosh(xp, x):
    """Hyperbolic cosine (exp(x) + exp(-x)) / 2, elementwise. Same shape; values >= 1."""
    return xp.cosh(x)


@op(lambda g, z: g * (1 - z * z))
def tanh(xp, x):
    """Hyperbolic tangent, elementwise. Same shape; values in (-1, 1)."""
    return xp.tanh(x)


@op(lambda xp, g, x: g / xp.hypot(x, xp.ones_like(x)))  # the root of 1 + x * x, no overflow
def asinh(xp, x):
    """Number whose sinh is x, elementwise. Same shape."""
    return xp.asinh(x)


@op(lambda xp, g, x: g / or_one(xp, xp.sqrt((x - 1) * (x + 1)), g))
def acosh(xp, x):
    """Number >= 0 whose cosh is x, elementwise. Same shape; x >= 1, infinitely steep at 1."""
    return xp.acosh(x)


@op(lambda xp, g, x: g / or_one(xp, (1 - x) * (1 + x), g))
def atanh(xp, x):
    """Number whose tanh is x, elementwise. Same shape; x in (-1, 1)."""
    return xp.atanh(x)
