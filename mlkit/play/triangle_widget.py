"""The moving triangle lab: a model in the kernel, a view in the browser; needs the "play" extra.

The browser draws and computes, and keeps working while the kernel is busy; the kernel keeps the
position for the cells and calls the student's functions, which only it can do.
"""

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from mlkit.play import parts, triangle_still
from mlkit.play.asking import judged
from mlkit.play.triangle_model import Position, ask_both, check, owner

_OWN = ("arithmetic", "words", "drawing", "lab")


class TriangleLab(anywidget.AnyWidget):
    """The lab's state, the same in every view of it and in Python.

    y, y_hat: distributions over three classes. Setting one that is none raises ValueError.
    """

    _esm = parts.module("view", "shares", *(f"triangle_{part}" for part in _OWN))
    _css = parts.style("triangle_lab")

    y = traitlets.List(traitlets.Float(), [0.0, 1.0, 0.0]).tag(sync=True)
    y_hat = traitlets.List(traitlets.Float(), [0.5, 0.3, 0.2]).tag(sync=True)
    yours = traitlets.Dict().tag(sync=True)  # the student's loss and slopes; {} without a function

    def __init__(
        self,
        loss: Callable[..., Any] | None = None,
        gradient: Callable[..., Any] | None = None,
    ) -> None:
        self._functions = (loss, gradient)
        super().__init__()
        self._ask_yours()

    @property
    def position(self) -> Position:
        """Where the point stands, with the numbers that follow."""
        return Position(tuple(self.y), tuple(self.y_hat))

    @property
    def loss(self) -> float:
        """Cross-entropy at the point, in nats."""
        return self.position.loss

    @property
    def gradient(self) -> list[float]:
        """Its slope by each number of the prediction."""
        return self.position.gradient.tolist()

    @traitlets.validate("y", "y_hat")
    def _check(self, proposal: Any) -> list[float]:
        return list(check(proposal["trait"].name, proposal["value"]))

    @traitlets.observe("y", "y_hat")
    def _ask_yours(self, change: Any = None) -> None:
        """Put the student's answer at this position where the browser sees it."""
        loss, gradient = self._functions
        if loss is None:
            return
        position = self.position
        values, sentence = ask_both(loss, gradient, position)
        right = [position.loss, *position.gradient.tolist()][: len(values)]
        self.yours = {
            "title": owner(loss),
            "y": self.y,
            "y_hat": self.y_hat,
            "values": [repr(value) for value in values],  # JSON has no NaN and no infinity
            "sentence": f"{sentence}." if sentence else judged(values, right),
        }

    def __repr__(self) -> str:
        return triangle_still.text(self.position, self._functions)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and a still picture for exported and printed notebooks."""
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle
        return data | {"text/html": triangle_still.html(self.position, self._functions)}, metadata
