"""The distributions lab as a cell shows it: the moving picture, or the still one without it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlkit.play import distributions_still, parts
from mlkit.play.distributions_model import Position


def distributions_lab(divergence: Callable[..., Any] | None = None) -> Any:
    """A laboratory for two distributions P and Q, ready to be the last line of a cell.

    divergence: your own function, shown beside mlkit's and called on every change in both
    directions; two distributions of shape (n,) go in, a number of nats comes back. What it prints
    is dropped. A cell can read and set the lab's `p` and `q`, and read `forward` and `reverse`.
    """
    widget = parts.moving("mlkit.play.distributions_widget")
    if widget:
        return widget.DistributionsLab(divergence)
    return StillDistributionsLab(divergence=divergence)


@dataclass(frozen=True, repr=False)
class StillDistributionsLab(Position):
    """The lab where widgets are not installed: a picture of one position."""

    divergence: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        return distributions_still.text(self, self.divergence)

    def _repr_html_(self) -> str:
        return distributions_still.html(self, self.divergence)
