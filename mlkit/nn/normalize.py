"""Layers that bring numbers to mean 0 and variance 1, and then to a learned scale and shift.

Everything is a matrix here: BatchNorm standardizes its columns, one a channel, LayerNorm its rows,
one an example.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlkit import ops
from mlkit.device import Array, cast, namespace, sum_rows, total
from mlkit.engine import ShapeError, Tensor, op
from mlkit.nn.layer import check_sizes
from mlkit.nn.module import Module
from mlkit.ops.shape import shape_of

__all__ = ["BatchNorm", "LayerNorm"]


class BatchNorm(Module):
    """Each channel, the last axis, normalised over the batch and all places. Same shape.

    In training by the mean and variance of the batch, which the running ones follow:
    running = (1 - momentum) * running + momentum * batch. In use (after eval()) by the running
    ones. As in PyTorch, the batch is normalised by its variance over n, and the running variance
    follows that over n - 1. Keras's momentum is 1 less this one.
    Source: Ioffe and Szegedy, Batch Normalization, ICML 2015, algorithms 1 and 2.
    """

    def __init__(self, channels: int, *, momentum: float = 0.1, epsilon: float = 1e-5):
        check_sizes("BatchNorm", channels=channels)
        if not 0 <= momentum <= 1:
            raise ValueError(
                f"BatchNorm: momentum is the share of the new batch, in [0, 1], got {momentum}"
            )
        self.momentum, self.epsilon = momentum, epsilon
        self.weight = Tensor(np.ones(channels), requires_grad=True)
        self.bias = Tensor(np.zeros(channels), requires_grad=True)
        self.running_mean, self.running_variance = np.zeros(channels), np.ones(channels)

    def forward(self, x: Any) -> Any:
        """(..., channels), same shape. Raises ShapeError in training on one number a channel."""
        shape, channels = shape_of(x), self.running_mean.shape[0]
        if not shape or shape[-1] != channels:
            raise ShapeError(
                f"BatchNorm: x must have {channels} channels, the last axis, got {shape}"
            )
        if not self.training:
            scale = ops.divide(self.weight, (self.running_variance + self.epsilon) ** 0.5)
            shift = ops.subtract(self.bias, ops.multiply(self.running_mean, scale))
            return ops.add(ops.multiply(x, scale), shift)
        n = math.prod(shape[:-1])
        if n < 2:
            raise ShapeError(
                f"BatchNorm: a batch needs two numbers or more a channel to vary, got {shape}; "
                "for use call eval(), for a last batch of one row data.batches(..., last=False)"
            )
        rows = ops.reshape(x, (n, channels))
        mean, variance = _statistics(rows.data if isinstance(rows, Tensor) else rows, 0)
        self._follow(mean[0, ...], variance[0, ...] * (n / (n - 1)))
        z = _standardized(rows, axis=0, epsilon=self.epsilon, statistics=(mean, variance))
        return ops.reshape(ops.add(ops.multiply(z, self.weight), self.bias), shape)

    def _follow(self, mean: Array, variance: Array) -> None:
        """Move the running statistics, in place, towards those of a batch."""
        for running, batch in ((self.running_mean, mean), (self.running_variance, variance)):
            running += self.momentum * (cast(batch, running.dtype) - running)

    def settings(self) -> str:
        """The number of channels."""
        return str(self.running_mean.shape[0])


class LayerNorm(Module):
    """Each example normalised over its last axes, of this shape. Same shape as x.

    The same in training and in use. Source: Ba et al., Layer Normalization, arXiv 1607.06450.
    """

    def __init__(self, shape: int | Sequence[int], *, epsilon: float = 1e-5):
        shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
        check_sizes("LayerNorm", **{f"shape[{i}]": n for i, n in enumerate(shape)})
        self.epsilon = epsilon
        self.weight = Tensor(np.ones(shape), requires_grad=True)
        self.bias = Tensor(np.zeros(shape), requires_grad=True)

    def forward(self, x: Any) -> Any:
        """(..., *shape), same shape."""
        shape, own = shape_of(x), self.weight.data.shape
        if shape[-len(own) :] != own:
            raise ShapeError(f"LayerNorm: x must end in shape {own}, got {shape}")
        rows = ops.reshape(x, (math.prod(shape[: -len(own)]), math.prod(own)))
        statistics = _statistics(rows.data if isinstance(rows, Tensor) else rows, 1)
        z = _standardized(rows, axis=1, epsilon=self.epsilon, statistics=statistics)
        return ops.add(ops.multiply(ops.reshape(z, shape), self.weight), self.bias)

    def settings(self) -> str:
        """The shape of the axes."""
        return ", ".join(map(str, self.weight.data.shape))


def _mean(x: Array, axis: int) -> Array:
    """Mean over an axis of a matrix, which stays, of length 1."""
    if axis == 0:
        return ops.reshape(sum_rows(x) * (1 / x.shape[0]), (1, x.shape[1]))
    return total(x, 1, True) * (1 / x.shape[1])


def _statistics(x: Array, axis: int) -> tuple[Array, Array]:
    """(mean, variance) over an axis of a matrix, which stays, of length 1."""
    mean = _mean(x, axis)
    centred = x - mean
    centred *= centred
    return mean, _mean(centred, axis)


def _through(
    xp: Any, g: Array, x: Array, axis: int, epsilon: float, statistics: tuple[Array, Array]
) -> Array:
    """The part of g that changes neither mean nor variance, over the standard deviation."""
    recorded = namespace(g) is ops  # then mean and variance are functions of x
    mean, variance = _statistics(x, axis) if recorded else statistics
    scale = 1 / xp.sqrt(variance + epsilon)
    z = x - mean
    z *= scale
    h = g - _mean(g, axis)
    z *= _mean(g * z, axis)
    h -= z
    h *= scale
    return h


@op(_through)
def _standardized(xp, x, *, axis, epsilon, statistics):
    """A matrix less its mean over an axis, over its standard deviation. Same shape.

    statistics: mean and variance of x over the axis, which it keeps, of length 1.
    """
    mean, variance = statistics
    z = x - mean
    z *= 1 / xp.sqrt(variance + epsilon)
    return z
