"""Layers, networks made of them, and first values for their weights.

A layer is a Module: called with an array or tensor it gives the next one, and its parameters() are
what an optimiser changes. Batch first, channels last.
"""

from mlkit.nn import initial
from mlkit.nn.activation import (
    ELU,
    GELU,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from mlkit.nn.convolution import AveragePool2d, Conv2d, MaxPool2d
from mlkit.nn.layer import Dense, Dropout, Embedding, Flatten, Linear
from mlkit.nn.module import Module
from mlkit.nn.normalize import BatchNorm, LayerNorm
from mlkit.nn.sequential import Sequential

__all__ = [  # noqa: RUF022, in teaching order
    "Module",
    "Dense",
    "Linear",
    "Sequential",
    "ReLU",
    "LeakyReLU",
    "ELU",
    "GELU",
    "SiLU",
    "Softplus",
    "Sigmoid",
    "Tanh",
    "Softmax",
    "Flatten",
    "Dropout",
    "Embedding",
    "Conv2d",
    "MaxPool2d",
    "AveragePool2d",
    "BatchNorm",
    "LayerNorm",
    "initial",
]
