"""Gradients that are too long, shortened."""

from typing import Any

import numpy as np

from mlkit import device, tree
from mlkit.engine import Tensor

__all__ = ["clip_by_global_norm"]

Array = Any


def clip_by_global_norm(gradients: Any, most: float) -> tuple[Any, float]:
    """(gradients, norm): shortened together so that their common length is at most `most`.

    gradients: arrays or tensors in any nesting, None where there is none; they keep direction and
    nesting, and come back as they are if they are short enough. norm: the length before.
    Raises FloatingPointError if it is not finite.
    Source: Pascanu et al., On the difficulty of training recurrent neural networks, ICML 2013.
    """
    if not most > 0:
        raise ValueError(f"clip_by_global_norm: the norm must be above 0, got {most}")
    arrays = [g.data if isinstance(g, Tensor) else g for g in tree.leaves(gradients)]
    norm = sum(_square_length(g) for g in arrays) ** 0.5
    if not norm < float("inf"):
        raise FloatingPointError(
            f"clip_by_global_norm: the gradients' length is {norm}; find the cause with "
            "detect_anomaly, or take a smaller learning rate"
        )
    if norm <= most:
        return gradients, norm
    return tree.map_leaves(lambda g: g * (most / norm), gradients), norm


def _square_length(g: Array) -> float:
    if type(g) is np.ndarray:
        flat = g.reshape(-1)
        return float(flat.dot(flat))
    return float(device.total(g * g))
