"""The weights of a network in files, and in PyTorch's names and layouts."""

from mlkit.files import read, write
from mlkit.weights.network import load, save
from mlkit.weights.pytorch import from_torch, to_torch

__all__ = ["from_torch", "load", "read", "save", "to_torch", "write"]
