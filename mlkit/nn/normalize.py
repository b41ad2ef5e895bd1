"""Layers that bring numbers to mean 0 and variance 1, and then to a learned scale and shift."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlkit import device, ops
from mlkit.engine import ShapeError, Tensor
from mlkit.nn.layer import check_sizes
from mlkit.nn.module import Module
from mlkit.ops.shape import shape_of

__all__ = ["BatchNorm", "LayerNorm"]

Array = Any


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
        shape = shape_of(x)
        if not shape or shape[-1] != self.weight.data.shape[0]:
            raise ShapeError(
                f"BatchNorm: x must have {self.weight.data.shape[0]} channels as its last axis, "
                f"got {shape}"
            )
        if not self.training:
            scale = ops.divide(self.weight, (self.running_variance + self.epsilon) ** 0.5)
            return ops.add(ops.multiply(x, scale), self.bias - self.running_mean * scale)
        axes = tuple(range(len(shape) - 1))
        n = math.prod(shape[:-1])
        if n < 2:
            raise ShapeError(
                f"BatchNorm: a batch needs two numbers or more a channel to vary, got {shape}; "
                "for use rather than training call eval()"
            )
        mean = ops.mean(x, axes, keepdims=True)
        centred = x - mean
        variance = ops.mean(centred * centred, axes, keepdims=True)
        self._follow(mean, variance * (n / (n - 1)))
        return centred / ops.sqrt(variance + self.epsilon) * self.weight + self.bias

    def _follow(self, mean: Any, variance: Any) -> None:
        """Move the running statistics, in place, towards those of a batch."""
        for running, batch in ((self.running_mean, mean), (self.running_variance, variance)):
            values = batch.data if isinstance(batch, Tensor) else batch
            values = device.namespace(running).reshape(values, running.shape)
            running += self.momentum * (device.cast(values, running.dtype) - running)

    def settings(self) -> str:
        """The number of channels."""
        return str(self.weight.data.shape[0])


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
        shape = self.weight.data.shape
        if shape_of(x)[-len(shape) :] != shape:
            raise ShapeError(f"LayerNorm: x must end in shape {shape}, got {shape_of(x)}")
        axes = tuple(range(-len(shape), 0))
        centred = x - ops.mean(x, axes, keepdims=True)
        variance = ops.mean(centred * centred, axes, keepdims=True)
        return centred / ops.sqrt(variance + self.epsilon) * self.weight + self.bias

    def settings(self) -> str:
        """The shape of the axes."""
        return ", ".join(map(str, self.weight.data.shape))
