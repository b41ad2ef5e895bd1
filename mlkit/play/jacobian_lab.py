"""The Jacobian lab as a cell shows it: the moving picture, or the still one without it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlkit.play import jacobian_still, parts
from mlkit.play.jacobian_model import Position


def jacobian_lab(jacobian: Callable[..., Any] | None = None) -> Any:
    """A laboratory for the slopes of softmax, ready to be the last line of a cell.

    jacobian: your own function, whose matrix is drawn and foretells the change; scores of shape
    (n,) go in, a matrix of shape (n, n) comes back. What it prints is dropped. A cell can read and
    set the lab's `logits` and `nudge`, and read `predicted` and `change`.
    """
    widget = parts.moving("mlkit.play.jacobian_widget")
    return widget.JacobianLab(jacobian) if widget else StillJacobianLab(function=jacobian)


@dataclass(frozen=True, repr=False)
class StillJacobianLab(Position):
    """The lab where widgets are not installed: a picture of one position."""

    function: Callable[..., Any] | None = None

    def __repr__(self) -> str:
        return jacobian_still.text(self, self.function)

    def _repr_html_(self) -> str:
        return jacobian_still.html(self, self.function)
