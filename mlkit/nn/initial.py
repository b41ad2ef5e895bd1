"""First values of weights. Each function takes a shape and an rng and gives a float64 array.

A weight's last two axes are inputs and outputs; axes before them are the places in a window. What
counts is how many numbers are summed into an output (fan in), and how many sums an input enters
(fan out): variances are chosen so that signals keep their size on the way through a network.
"""

import math
from collections.abc import Sequence

import numpy as np

__all__ = [
    "kaiming_normal", "kaiming_uniform", "normal", "ones", "uniform", "xavier_normal",
    "xavier_uniform", "zeros",
]  # fmt: skip

Shape = Sequence[int]


def zeros(shape: Shape, *, rng: np.random.Generator | None = None) -> np.ndarray:
    """Zeros: for biases. In weights they would keep all units of a layer equal for ever."""
    return np.zeros(shape)


def ones(shape: Shape, *, rng: np.random.Generator | None = None) -> np.ndarray:
    """Ones: for scales."""
    return np.ones(shape)


def normal(shape: Shape, *, rng: np.random.Generator, deviation: float = 1.0) -> np.ndarray:
    """Normally distributed around 0 with this standard deviation."""
    return rng.normal(0.0, deviation, shape)


def uniform(shape: Shape, *, rng: np.random.Generator, limit: float = 0.05) -> np.ndarray:
    """Evenly distributed in [-limit, limit)."""
    return rng.uniform(-limit, limit, shape)


def xavier_normal(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    """Normal with variance 2 / (fan in + fan out): for tanh, sigmoid and softmax.

    Keras calls it glorot_normal. Source: Glorot and Bengio, Understanding the difficulty of
    training deep feedforward neural networks, AISTATS 2010, eq. 12.
    """
    return normal(shape, rng=rng, deviation=math.sqrt(2 / sum(fans(shape))))


def xavier_uniform(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    """Even in +-sqrt(6 / (fan in + fan out)), of the same variance as xavier_normal: eq. 16."""
    return uniform(shape, rng=rng, limit=math.sqrt(6 / sum(fans(shape))))


def kaiming_normal(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    """Normal with variance 2 / fan in: for relu, which halves what passes.

    Keras calls it he_normal. Source: He et al., Delving Deep into Rectifiers, ICCV 2015, eq. 10.
    """
    return normal(shape, rng=rng, deviation=math.sqrt(2 / fans(shape)[0]))


def kaiming_uniform(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    """Even in +-sqrt(6 / fan in), of the same variance as kaiming_normal."""
    return uniform(shape, rng=rng, limit=math.sqrt(6 / fans(shape)[0]))


glorot_normal, glorot_uniform = xavier_normal, xavier_uniform
he_normal, he_uniform = kaiming_normal, kaiming_uniform


def fans(shape: Shape) -> tuple[int, int]:
    """(fan in, fan out) of a weight (..., inputs, outputs), the axes before them a window's."""
    if len(shape) < 2:
        raise ValueError(
            f"fans: a weight has inputs and outputs as its last axes, got shape {tuple(shape)}; "
            "use normal, uniform or zeros for this one"
        )
    *window, inputs, outputs = shape
    return math.prod(window) * inputs, math.prod(window) * outputs
