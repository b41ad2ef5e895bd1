"""Sequential: layers one after the other."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mlkit.nn.module import Module
from mlkit.nn.summary import Summary, summarize

__all__ = ["Sequential"]

Layer = Callable[[Any], Any]


class Sequential(Module):
    """Each layer applied to what the one before it gave; plain functions are layers too.

    >>> from mlkit import ops
    >>> Sequential(ops.relu, ops.exp)([-1.0, 0.0]).tolist()
    [1.0, 1.0]
    """

    def __init__(self, *layers: Any):
        if len(layers) == 1 and isinstance(layers[0], list):  # as in Keras
            layers = tuple(layers[0])
        for i, layer in enumerate(layers):
            if not callable(layer) or isinstance(layer, type):
                raise TypeError(
                    f"Sequential: layer {i} must be a layer or a function, got {layer!r}; "
                    "give layers one by one, made with their brackets: Sequential(ReLU(), ...)"
                )
        self.layers: list[Layer] = list(layers)

    def forward(self, x: Any) -> Any:
        """What the last layer gives."""
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __getitem__(self, index: int | slice) -> Any:
        """A layer, or for a slice a Sequential of those, which share their weights."""
        chosen = self.layers[index]
        return Sequential(*chosen) if isinstance(chosen, list) else chosen

    def summary(self, shape: int | Sequence[int] | None = None) -> Summary:
        """A table of layers, the shapes of what they give, and parameters.

        shape: that of one example, without the batch; left away if the first weights tell it.
        """
        return summarize(self, shape)
