"""The softmax lab as a cell shows it: the moving picture, or the still one without the extra."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlkit.play import softmax_still
from mlkit.play.softmax_model import Position

MISSING = (
    "mlkit.play: the moving picture needs anywidget, so here is a still one; for the other: "
    "pip install 'deep-learning-course[play]', then restart the kernel"
)


def softmax_lab(softmax: Callable[..., Any] | None = None) -> Any:
    """A laboratory for scores and probabilities, ready to be the last line of a cell.

    softmax: your own function, shown beside mlkit's and called on every change; scores of shape
    (classes,) go in, probabilities of shape (classes,) come back. What it prints is dropped.
    A cell can read and set the lab's `logits`, `temperature` and `precision`, and read its
    `probabilities`.
    """
    try:
        from mlkit.play.softmax_widget import SoftmaxLab
    except ModuleNotFoundError as missing:
        if missing.name not in ("anywidget", "ipywidgets"):
            raise
        print(MISSING)  # noqa: T201
        return StillSoftmaxLab(softmax=softmax)
    return SoftmaxLab(softmax)


@dataclass(frozen=True, repr=False)
class StillSoftmaxLab(Position):
    """The lab where widgets are not installed: a picture of one position."""

    softmax: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        return softmax_still.text(self, self.softmax)

    def _repr_html_(self) -> str:
        return softmax_still.html(self, self.softmax)
