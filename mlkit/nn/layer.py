"""Layers without a memory of the data: dense, embedding, flatten, dropout.

Letters: n batch, i inputs, j outputs, k rows of a table. Batch first, channels last.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mlkit import ops
from mlkit.engine import ShapeError, Tensor
from mlkit.nn import initial
from mlkit.nn.module import Module
from mlkit.ops.shape import shape_of

__all__ = ["Dense", "Dropout", "Embedding", "Flatten", "Linear"]

Initial = Callable[..., np.ndarray]


class Dense(Module):
    """x @ weight + bias: every output sees every input. (..., i) -> (..., j).

    weight: (i, j), by default xavier_uniform; bias: (j,), zeros, or none with bias=False.
    >>> Dense(3, 2, rng=np.random.default_rng(0))(np.ones((5, 3))).shape
    (5, 2)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        rng: np.random.Generator,
        bias: bool = True,
        initial: Initial = initial.xavier_uniform,
    ):
        check_sizes("Dense", inputs=inputs, outputs=outputs)
        self.weight = first_weight("Dense", initial, (inputs, outputs), rng)
        self.bias = Tensor(np.zeros(outputs), requires_grad=True) if bias else None

    def forward(self, x: Any) -> Any:
        """(..., i) -> (..., j)."""
        if self.bias is None:
            return ops.matmul(x, self.weight)
        return ops.linear(x, self.weight, self.bias)

    def settings(self) -> str:
        """Inputs and outputs."""
        inputs, outputs = self.weight.data.shape
        return f"{inputs}, {outputs}{'' if self.bias is not None else ', bias=False'}"


Linear = Dense


class Embedding(Module):
    """A learned row of numbers for each token. (...) ints in [0, k) -> (..., j).

    weight: the table, (k, j), by default standard normal.
    """

    def __init__(
        self,
        tokens: int,
        outputs: int,
        *,
        rng: np.random.Generator,
        initial: Initial = initial.normal,
    ):
        check_sizes("Embedding", tokens=tokens, outputs=outputs)
        self.weight = first_weight("Embedding", initial, (tokens, outputs), rng)

    def forward(self, tokens: Any) -> Any:
        """(...) ints -> (..., j)."""
        return ops.embedding(self.weight, tokens)

    def settings(self) -> str:
        """Tokens and outputs."""
        return ", ".join(map(str, self.weight.data.shape))


class Flatten(Module):
    """Every example as one row, in reading order. (n, a, b, c) -> (n, a * b * c)."""

    def forward(self, x: Any) -> Any:
        """(n, ...) -> (n, product of the others)."""
        shape = shape_of(x)
        return ops.reshape(x, (shape[0], math.prod(shape[1:])))


class Dropout(Module):
    """In training, a share `rate` of the elements set to 0, the others scaled up. Same shape.

    In use (after eval()) it changes nothing. Its rng goes on with each batch: seed it for a run
    that can be repeated.
    """

    def __init__(self, rate: float = 0.5, *, rng: np.random.Generator):
        if not 0 <= rate < 1:
            raise ValueError(f"Dropout: rate is a share in [0, 1), got {rate}; 0.5 drops half")
        check_generator("Dropout", rng)
        self.rate, self.rng = rate, rng

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.dropout(x, self.rate, rng=self.rng) if self.training and self.rate else x

    def settings(self) -> str:
        """The rate."""
        return str(self.rate)


def first_weight(
    layer: str, initial: Initial, shape: tuple[int, ...], rng: np.random.Generator
) -> Tensor:
    """A weight of this shape with its first values. Raises TypeError or ShapeError."""
    check_generator(layer, rng)
    if not callable(initial):
        raise TypeError(f"{layer}: initial is a function such as nn.initial.zeros, got {initial!r}")
    values = initial(shape, rng=rng)
    if np.shape(values) != shape:
        raise ShapeError(f"{layer}: initial must give shape {shape}, got {np.shape(values)}")
    return Tensor(values, requires_grad=True)


def check_generator(layer: str, rng: Any) -> None:
    """Raise TypeError unless rng is a generator; seeds would give equal layers equal numbers."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{layer}: rng is a generator that all layers share, got {rng!r}; "
            "make one first: rng = np.random.default_rng(0)"
        )


def check_sizes(layer: str, **sizes: Any) -> None:
    """Raise TypeError or ValueError unless every size is a whole number above 0."""
    for name, size in sizes.items():
        if not isinstance(size, int | np.integer) or isinstance(size, bool):
            raise TypeError(f"{layer}: {name} is a whole number, got {size!r}")
        if size < 1:
            raise ValueError(f"{layer}: {name} must be at least 1, got {size}")
