"""Where an optimiser works: a parameter, its memories and scratch space, in pieces.

A piece is as many rows as fit in a core's own cache with all that belongs to them, so that a rule
of a dozen passes reads main memory once, and a step allocates nothing.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlkit import device
from mlkit.engine import Tensor

__all__ = ["Place", "into"]

Array = Any
_PIECE = 32768  # elements


class Place:
    """One parameter, its memories and scratch space, cut into pieces of rows."""

    def __init__(self, tensor: Tensor, memories: int, weight_decay: float):
        self.tensor, self.weight_decay = tensor, weight_decay
        xp = device.namespace(tensor.data)
        self.memories = [xp.zeros_like(tensor.data) for _ in range(memories)]
        self.data: Array = None
        self.pieces: list[tuple[Any, ...]] = []

    def move(self, update: Callable[..., None], g: Array, settings: tuple[float, ...]) -> None:
        """Update every piece in place, and tell the engine that the parameter is new."""
        if self.tensor.data is not self.data:
            self._take_over()
        for index, w, s, decayed, memories in self.pieces:
            part = g if index is None else g[index]
            if decayed is not None:
                part = into(decayed, np.multiply, w, self.weight_decay)
                part += g if index is None else g[index]
            update(w, part, s, *memories, *settings)
        self.tensor.data = self.data

    def _take_over(self) -> None:
        """Copy the parameter, whose array others may use, and move memories to where it lives."""
        xp = device.namespace(self.tensor.data)
        data = self.data = xp.zeros_like(self.tensor.data)
        data[...] = self.tensor.data
        rows = data.shape[0] if data.ndim else 1
        self.memories = [
            device.cast(xp.asarray(device.to_host(m)), data.dtype) for m in self.memories
        ]
        height = max(1, _PIECE * rows // max(1, data.size))
        cuts: list[Any] = [None]
        if type(data) is np.ndarray and rows > height:  # a GPU is fastest with one large piece
            cuts = [slice(i, i + height) for i in range(0, rows, height)]
        first = data if cuts[0] is None else data[cuts[0]]
        scratch = [xp.zeros_like(first) for _ in range(2 if self.weight_decay else 1)]
        self.pieces = []
        for index in cuts:
            w, *memories = (x if index is None else x[index] for x in (data, *self.memories))
            s, *decayed = (x if index is None else x[: len(w)] for x in scratch)
            self.pieces.append((index, w, s, decayed[0] if decayed else None, memories))


def into(out: Array, function: Any, *inputs: Any) -> Array:
    """out, filled with the NumPy function of the inputs, or that of the library that holds it."""
    if type(out) is not np.ndarray:
        function = getattr(device.namespace(out), function.__name__)
    if hasattr(function, "nout"):  # NumPy's and CuPy's write there at once
        return function(*inputs, out)
    out[...] = function(*inputs)
    return out
