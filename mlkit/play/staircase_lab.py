"""The staircase as a cell shows it: the moving picture, or the still one without the extra."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlkit.play import parts, staircase_still
from mlkit.play.staircase_model import Position


def staircase(sigmoid: Callable[..., Any] | None = None) -> Any:
    """Accuracy and cross-entropy of one neuron against its weight, as a cell's last line.

    sigmoid: your own function, called on every change; scores of shape (24,) go in, probabilities
    of shape (24,) come back. What it prints is dropped.
    A cell can read and set the `weight`, and read the `accuracy`, the `loss` and its `loss_slope`.
    """
    widget = parts.moving("mlkit.play.staircase_widget")
    return widget.Staircase(sigmoid) if widget else StillStaircase(sigmoid=sigmoid)


@dataclass(frozen=True, repr=False)
class StillStaircase(Position):
    """The staircase where widgets are not installed: a picture of one position."""

    sigmoid: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        return staircase_still.text(self, self.sigmoid)

    def _repr_html_(self) -> str:
        return staircase_still.html(self, self.sigmoid)
