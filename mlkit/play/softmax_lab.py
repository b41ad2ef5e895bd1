"""The softmax lab as a cell shows it: the moving picture, or the still one without the extra."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlkit.play import parts, softmax_still
from mlkit.play.softmax_model import Position


def softmax_lab(softmax: Callable[..., Any] | None = None) -> Any:
    """A laboratory for scores and probabilities, ready to be the last line of a cell.

    softmax: your own function, shown beside mlkit's and called on every change; scores of shape
    (classes,) go in, probabilities of shape (classes,) come back. What it prints is dropped.
    A cell can read and set the lab's `logits`, `temperature` and `precision`, and read its
    `probabilities`.
    """
    widget = parts.moving("mlkit.play.softmax_widget")
    return widget.SoftmaxLab(softmax) if widget else StillSoftmaxLab(softmax=softmax)


@dataclass(frozen=True, repr=False)
class StillSoftmaxLab(Position):
    """The lab where widgets are not installed: a picture of one position."""

    softmax: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        return softmax_still.text(self, self.softmax)

    def _repr_html_(self) -> str:
        return softmax_still.html(self, self.softmax)
