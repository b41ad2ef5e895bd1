"""Random expressions, and four libraries that can work them out: for test_properties.py.

An expression is a list of steps: the name of an operation and two places, counted back from the
youngest value and forth from the oldest leaf; the last value is the result, and any value may be
used often. Every value broadcasts to (3, 3), so that any operation takes any value.
NumPy computes with complex numbers, which gives derivatives by the complex step to full precision
(Squire and Trapp, SIAM Review 40, 1998): the oracle that is always there.
"""

import importlib.util
import warnings

import numpy as np
from hypothesis import strategies as st

from mlkit import ops

SHAPES = [(3, 3), (3,), (1, 3), (3, 1), ()]
NEAR = 1e-4  # closer than this to a kink, two right derivatives may differ
INSTALLED = [name for name in ("torch", "jax") if importlib.util.find_spec(name)]


class KinkError(Exception):
    """Here a derivative depends on the side one comes from."""


class Library:
    """The operations, written with what NumPy, JAX and mlkit name alike."""

    def __init__(self, xp):
        self.xp = xp

    def leaf(self, x):
        return x

    def full(self, x):
        return self.xp.broadcast_to(x, (3, 3))

    def add(self, x, y):
        return x + y

    def subtract(self, x, y):
        return x - y

    def multiply(self, x, y):
        return x * y

    def divide(self, x, y):
        return x / (1.5 + y * y)

    def power(self, x, y):
        return (1.2 + self.xp.sin(x)) ** self.xp.tanh(y)

    def negative(self, x):
        return -x

    def cube(self, x):
        return (x / 2) ** 3

    def tanh(self, x):
        return self.xp.tanh(x)

    def exp(self, x):
        return self.xp.exp(self.xp.tanh(x))

    def log(self, x):
        return self.xp.log(1.1 + x * x)

    def sqrt(self, x):
        return self.xp.sqrt(0.5 + x * x)

    def sin(self, x):
        return self.xp.sin(x)

    def absolute(self, x):
        return self.xp.abs(x)

    def relu(self, x):
        return self.xp.where(x > 0, x, 0.1 * x)

    def maximum(self, x, y):
        return self.xp.maximum(x, y)

    def sum(self, x):
        return self.xp.sum(self.full(x), axis=1, keepdims=True) / 3

    def mean(self, x):
        return self.xp.mean(self.full(x), axis=0)

    def top(self, x):
        return self.xp.max(self.full(x), axis=-1, keepdims=True)

    def matmul(self, x, y):
        return self.full(x) @ self.full(y) / 3

    def transpose(self, x):
        return self.full(x).T

    def rows(self, x, y):
        return self.xp.concatenate([self.full(x)[1:], self.full(y)[:1]])

    def repeated(self, x):
        return self.full(x)[np.array([0, 2, 2])]

    def softmax(self, x):
        e = self.xp.exp(self.full(x))
        return e / self.xp.sum(e, axis=-1, keepdims=True)


class Mlkit(Library):
    """mlkit, with its own rows where it has them."""

    def __init__(self):
        super().__init__(ops)

    def softmax(self, x):
        return ops.softmax(self.full(x))


class Complex(Library):
    """NumPy on complex numbers: comparisons look at real parts, and kinks are refused."""

    def __init__(self):
        super().__init__(np)

    def _choose(self, holds, gap, x, y):
        if np.min(np.abs(gap)) < NEAR:
            raise KinkError
        return np.where(holds, x, y)

    def absolute(self, x):
        return self._choose(x.real > 0, x.real, x, -x)

    def relu(self, x):
        return self._choose(x.real > 0, x.real, x, 0.1 * x)

    def maximum(self, x, y):
        return self._choose(x.real > y.real, x.real - y.real, x, y)

    def top(self, x):
        full = self.full(x)
        order = np.argsort(full.real, axis=-1)
        first, second = (np.take_along_axis(full, order[:, -k : 4 - k], -1) for k in (1, 2))
        return self._choose(True, first.real - second.real, first, 0)


class Torch(Library):
    """PyTorch, whose names and keywords differ."""

    def __init__(self):
        import torch

        super().__init__(torch)

    def leaf(self, x):
        return self.xp.tensor(x, requires_grad=True)

    def mean(self, x):
        return self.xp.mean(self.full(x), dim=0)

    def sum(self, x):
        return self.xp.sum(self.full(x), dim=1, keepdim=True) / 3

    def top(self, x):
        return self.xp.amax(self.full(x), dim=-1, keepdim=True)

    def repeated(self, x):
        return self.full(x)[[0, 2, 2]]

    def softmax(self, x):
        return self.xp.softmax(self.full(x), dim=-1)


ONE = ["negative", "cube", "tanh", "exp", "log", "sqrt", "sin", "absolute", "relu", "sum", "mean",
       "top", "transpose", "repeated", "softmax"]  # fmt: skip
TWO = ["add", "subtract", "multiply", "divide", "power", "maximum", "matmul", "rows"]

EXPRESSIONS = st.lists(
    st.tuples(st.sampled_from(ONE + TWO), st.integers(0, 2), st.integers(0, 30)),
    min_size=3,
    max_size=10,
)


def evaluate(library, expression, leaves):
    values = list(leaves)
    for name, back, forth in expression:
        inputs = [values[-1 - back], values[forth % len(values)]]
        values.append(getattr(library, name)(*inputs[: 1 + (name in TWO)]))
    return values[-1]


def jax():
    """JAX in double precision."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jax

    jax.config.update("jax_enable_x64", True)
    return jax
