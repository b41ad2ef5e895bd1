"""The moving staircase: a model in the kernel, a view in the browser; needs the "play" extra.

The browser draws and computes, and keeps working while the kernel is busy; the kernel keeps the
weight for the cells and calls the student's sigmoid, which only it can do.
"""

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from mlkit.play import parts, staircase_still
from mlkit.play.staircase_model import Position, ask, check_weight, examples, judged, owner

_PARTS = ("arithmetic", "words", "drawing", "lab")


def _shown() -> dict[str, list]:
    """The examples as the browser gets them; pixels in sixteenths, row by row."""
    shown = examples()
    return {
        "pixels": (shown.pixels.reshape(len(shown.foot), -1) * 16).astype(int).tolist(),
        "foot": shown.foot.tolist(),
        "labels": shown.labels.tolist(),
        "digits": shown.digits.tolist(),
    }


class Staircase(anywidget.AnyWidget):
    """The state, the same in every view of it and in Python.

    weight: in [0, 40]; setting it outside raises ValueError.
    """

    _esm = parts.module("view", *(f"staircase_{part}" for part in _PARTS))
    _css = parts.style("staircase_lab")

    weight = traitlets.Float(6.0).tag(sync=True)
    examples = traitlets.Dict().tag(sync=True)
    yours = traitlets.Dict().tag(sync=True)  # the answer of the student's sigmoid; {} without one

    def __init__(self, sigmoid: Callable[..., Any] | None = None) -> None:
        self._sigmoid = sigmoid
        super().__init__(examples=_shown())
        self._ask_yours()

    @property
    def position(self) -> Position:
        """Where the weight stands, with the numbers that follow."""
        return Position(self.weight)

    @property
    def accuracy(self) -> float:
        """The share of the images that is named rightly."""
        return self.position.accuracy

    @property
    def loss(self) -> float:
        """Mean cross-entropy, in nats."""
        return self.position.loss

    @property
    def loss_slope(self) -> float:
        """How much the loss grows for each unit of weight."""
        return self.position.loss_slope

    @traitlets.validate("weight")
    def _check_weight(self, proposal: Any) -> float:
        return check_weight(proposal["value"])

    @traitlets.observe("weight")
    def _ask_yours(self, change: Any = None) -> None:
        """Put the student's answer at this weight where the browser sees it."""
        if self._sigmoid is None:
            return
        values, sentence = ask(self._sigmoid, self.position)
        self.yours = {
            "title": owner(self._sigmoid),
            "weight": self.weight,
            "values": [repr(value) for value in values],  # JSON has no NaN and no infinity
            "sentence": f"{sentence}." if sentence else judged(values, self.position),
        }

    def __repr__(self) -> str:
        return staircase_still.text(self.position, self._sigmoid)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and a still picture for exported and printed notebooks."""
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle
        return data | {"text/html": staircase_still.html(self.position, self._sigmoid)}, metadata
