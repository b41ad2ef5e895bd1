"""The triangle lab as a cell shows it: the moving picture, or the still one without the extra."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlkit.play import parts, triangle_still
from mlkit.play.triangle_model import Position


def triangle_lab(
    loss: Callable[..., Any] | None = None, gradient: Callable[..., Any] | None = None
) -> Any:
    """A laboratory for a prediction over three classes, ready to be the last line of a cell.

    loss, gradient: your own cross_entropy(y, y_hat) and cross_entropy_grad(y, y_hat), shown beside
    mlkit's and called on every change with two distributions of shape (3,); the arrow is drawn
    from your gradient. What they print is dropped. A cell can read and set the lab's `y` and
    `y_hat`, and read `loss` and `gradient`.
    """
    widget = parts.moving("mlkit.play.triangle_widget")
    if widget:
        return widget.TriangleLab(loss, gradient)
    return StillTriangleLab(functions=(loss, gradient))


@dataclass(frozen=True, repr=False)
class StillTriangleLab(Position):
    """The lab where widgets are not installed: a picture of one position."""

    functions: triangle_still.Functions = (None, None)

    def __repr__(self) -> str:
        return triangle_still.text(self, self.functions)

    def _repr_html_(self) -> str:
        return triangle_still.html(self, self.functions)
