"""Activations as layers, to stand between others in a Sequential. Same shape throughout."""

from typing import Any

from mlkit import ops
from mlkit.nn.module import Module

__all__ = ["ELU", "GELU", "LeakyReLU", "ReLU", "SiLU", "Sigmoid", "Softmax", "Softplus", "Tanh"]


class ReLU(Module):
    """x where positive, else 0: see ops.relu."""

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.relu(x)


class LeakyReLU(Module):
    """x where positive, else slope * x: see ops.leaky_relu."""

    def __init__(self, slope: float = 0.01):
        self.slope = slope

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.leaky_relu(x, slope=self.slope)

    def settings(self) -> str:
        """The slope below 0."""
        return str(self.slope)


class ELU(Module):
    """x where positive, else alpha * (exp(x) - 1): see ops.elu."""

    def __init__(self, alpha: float = 1.0):
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.elu(x, alpha=self.alpha)

    def settings(self) -> str:
        """The depth."""
        return str(self.alpha)


class Sigmoid(Module):
    """Values in (0, 1): see ops.sigmoid. For a loss use the scores before it."""

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.sigmoid(x)


class Tanh(Module):
    """Values in (-1, 1): see ops.tanh."""

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.tanh(x)


class Softmax(Module):
    """Probabilities over the last axis: see ops.softmax. For a loss use the scores before it."""

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.softmax(x)


class GELU(Module):
    """x times the share of a standard normal below x, tanh form: see ops.gelu."""

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.gelu(x)


class SiLU(Module):
    """x * sigmoid(x), also called swish: see ops.silu."""

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.silu(x)


class Softplus(Module):
    """log(1 + exp(x)): see ops.softplus."""

    def forward(self, x: Any) -> Any:
        """Same shape."""
        return ops.softplus(x)
