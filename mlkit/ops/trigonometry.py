"""Circular and hyperbolic functions and their inverses, elementwise. Angles are in radians."""

from mlkit.engine import op

__all__ = [
    "tanh",
]


@op(lambda g, z: g * (1 - z * z))
def tanh(xp, x):
    """Hyperbolic tangent, elementwise. Same shape; values in (-1, 1)."""
    return xp.tanh(x)
