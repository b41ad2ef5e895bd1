"""What stands between the layers of a network: a bend for each element. Same shape throughout."""

from typing import Any

import numpy as np

from mlkit.device import Array, as_array, cast, drawn, masked
from mlkit.engine import Tensor, op
from mlkit.ops.elementwise import multiply

__all__ = [
    "dropout", "elu", "gelu", "leaky_relu", "relu", "sigmoid", "silu", "softplus", "softsign",
]  # fmt: skip


@op(lambda g, z: g * (z * (1 - z)))
def sigmoid(xp, x):
    """Logistic curve 1 / (1 + exp(-x)), elementwise. Same shape; values in (0, 1)."""
    return 0.5 * (1 + xp.tanh(0.5 * x))  # tanh form: no overflow at large |x|


@op(lambda g, z: masked(g, z > 0))
def relu(xp, x):
    """x where positive, else 0, elementwise. Same shape. The derivative at 0 is 0."""
    return xp.maximum(x, 0)


@op(lambda xp, g, x, slope: xp.where(x > 0, g, g * slope))
def leaky_relu(xp, x, *, slope=0.01):
    """x where positive, else slope * x, elementwise. Same shape. The derivative at 0 is slope."""
    return xp.where(x > 0, x, x * slope)


@op(lambda xp, g, x, z, alpha: xp.where(x > 0, g, g * (z + alpha)))
def elu(xp, x, *, alpha=1.0):
    """x where positive, else alpha * (exp(x) - 1), elementwise. Same shape; values > -alpha.

    The derivative at 0 is alpha. Source: Clevert et al., Fast and Accurate Deep Network Learning
    by Exponential Linear Units, arXiv 1511.07289.
    """
    return xp.where(x > 0, x, alpha * xp.expm1(xp.minimum(x, 0)))


@op(lambda g, x: g * sigmoid(x))
def softplus(xp, x):
    """log(1 + exp(x)), a smooth relu, elementwise. Same shape; values > 0."""
    return xp.maximum(x, 0) + xp.log1p(xp.exp(-xp.abs(x)))


def _silu_rule(g: Array, x: Array) -> Array:
    s = sigmoid(x)
    return g * (s * (1 + x * (1 - s)))


@op(_silu_rule)
def silu(x):
    """x * sigmoid(x), elementwise (also called swish). Same shape; values > -0.28."""
    return x * sigmoid(x)


# 2 sqrt(2 / pi), twice as in tanh because sigmoid(2 u) = (1 + tanh u) / 2; and the cubic term.
_STEEPNESS, _CUBIC = 1.5957691216057308, 0.044715


def _gelu_rule(g: Array, x: Array) -> Array:
    square = x * x
    s = sigmoid(x * (_STEEPNESS * (1 + _CUBIC * square)))
    return g * (s * (1 + x * (1 - s) * (_STEEPNESS * (1 + 3 * _CUBIC * square))))


@op(_gelu_rule)
def gelu(x):
    """x times the share of a standard normal below x, elementwise. Same shape; values > -0.18.

    The tanh form, at most 5e-4 from the exact curve. Source: Hendrycks and Gimpel, Gaussian Error
    Linear Units, arXiv 1606.08415, section 2.
    """
    return x * sigmoid(x * (_STEEPNESS * (1 + _CUBIC * (x * x))))


def _softsign_rule(xp: Any, g: Array, x: Array) -> Array:
    slope = 1 / (1 + xp.abs(x))
    return g * (slope * slope)


@op(_softsign_rule)
def softsign(xp, x):
    """x / (1 + |x|), elementwise. Same shape; values in (-1, 1)."""
    return x / (1 + xp.abs(x))


def dropout(x: Any, rate: float, *, rng: np.random.Generator) -> Any:
    """x with a share `rate` of its elements set to 0, the others divided by 1 - rate. Same shape.

    So the mean stays what it was. For training only: evaluation uses x as it is. The same rng
    state drops the same elements. Raises ValueError unless 0 <= rate < 1.
    Source: Srivastava et al., Dropout, Journal of Machine Learning Research 15, 2014.
    """
    if not 0 <= rate < 1:
        raise ValueError(f"dropout: rate is a share in [0, 1), got {rate}; 0.5 drops half")
    data = x.data if isinstance(x, Tensor) else as_array(x)
    kept = drawn(data, rng.random, data.shape) >= rate
    return multiply(x, cast(kept, data.dtype) / (1 - rate))
