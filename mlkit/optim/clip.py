"""Gradients that are too long, shortened."""

import math
from typing import Any

import numpy as np

from mlkit import device, tree
from mlkit.engine import Tensor

__all__ = ["clip_by_global_norm"]

Array = Any


def clip_by_global_norm(gradients: Any, most: float) -> tuple[Any, Any]:
    """(gradients, norm): shortened together so that their common length is at most `most`.

    gradients: arrays or tensors in any nesting, None where there is none; they keep direction and
    nesting, and come back as they are if they are short enough. norm: the length before, a float
    for NumPy's arrays, else an array without axes. Raises FloatingPointError if it is not finite.
    Source: Pascanu et al., On the difficulty of training recurrent neural networks, ICML 2013.
    """
    if not most > 0:
        raise ValueError(f"clip_by_global_norm: the norm must be above 0, got {most}")
    arrays = [g.data if isinstance(g, Tensor) else g for g in tree.leaves(gradients)]
    norm = sum((_square_length(g) for g in arrays), 0.0) ** 0.5
    device.later(_check_finite, norm)
    on_host = isinstance(norm, float)
    if on_host and norm <= most:
        return gradients, norm
    longest = norm if on_host else device.namespace(norm).maximum(norm, most)
    return tree.map_leaves(lambda g: g * (most / longest), gradients), norm


def _square_length(g: Array) -> Any:
    """The sum of squares; in float64 where the dtype has no room for it."""
    if type(g) is not np.ndarray:
        return device.total(g * g)
    flat = g.reshape(-1)
    if flat.dtype.kind == "f":
        with np.errstate(over="ignore"):
            length = float(flat.dot(flat))
        if length < math.inf:
            return length
    flat = flat.astype(np.float64)
    return float(flat.dot(flat))


def _check_finite(norm: Any) -> None:
    if not float(norm) < math.inf:
        raise FloatingPointError(
            f"clip_by_global_norm: the gradients' length is {norm}; find the cause with "
            "detect_anomaly, or take a smaller learning rate"
        )
