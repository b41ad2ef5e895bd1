"""The moving softmax lab: a model in the kernel, a view in the browser; needs the "play" extra.

The browser draws and computes, and keeps working while the kernel is busy; the kernel keeps the
position for the cells and calls the student's softmax, which only it can do.
"""

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from mlkit.play import parts, softmax_still
from mlkit.play.softmax_model import (
    PRECISIONS,
    Position,
    ask,
    check_logits,
    check_temperature,
    owner,
)

_OWN = ("arithmetic", "words", "drawing", "controls", "lab")


class SoftmaxLab(anywidget.AnyWidget):
    """The lab's state, the same in every view of it and in Python.

    logits: 2 to 6 scores; temperature in [0.1, 10]; precision: "float16", "float32" or "float64".
    Setting one outside its range raises ValueError (TraitError for the precision).
    """

    _esm = parts.module("view", "bars", *(f"softmax_{part}" for part in _OWN))
    _css = parts.style("bars", "softmax_lab")

    logits = traitlets.List(traitlets.Float(), [1.0, 2.0]).tag(**parts.HEARD)
    temperature = traitlets.Float(1.0).tag(**parts.HEARD)
    precision = traitlets.Enum(PRECISIONS, "float64").tag(**parts.HEARD)
    yours = traitlets.Dict().tag(sync=True)  # the answer of the student's softmax; {} without one

    def __init__(self, softmax: Callable[..., Any] | None = None) -> None:
        self._softmax = softmax
        super().__init__()
        self._ask_yours()

    @property
    def position(self) -> Position:
        """Where the controls stand, with the numbers that follow."""
        return Position(tuple(self.logits), self.temperature, self.precision)

    @property
    def probabilities(self) -> list[float]:
        """The stable softmax of logits / temperature, in the chosen precision."""
        return self.position.probabilities

    @traitlets.validate("logits")
    def _check_logits(self, proposal: Any) -> list[float]:
        return list(check_logits(proposal["value"]))

    @traitlets.validate("temperature")
    def _check_temperature(self, proposal: Any) -> float:
        return check_temperature(proposal["value"])

    @traitlets.observe("logits", "temperature", "precision")
    def _ask_yours(self, change: Any = None) -> None:
        """Put the student's answer at this position where the browser sees it."""
        if self._softmax is None:
            return
        values, sentence = ask(self._softmax, self.position)
        self.yours = {
            "title": owner(self._softmax),
            "logits": list(self.logits),
            "temperature": self.temperature,
            "precision": self.precision,
            "values": [repr(value) for value in values],  # JSON has no NaN and no infinity
            "sentence": sentence,
        }

    def __repr__(self) -> str:
        return softmax_still.text(self.position, self._softmax)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and a still picture for exported and printed notebooks."""
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle
        return data | {"text/html": softmax_still.html(self.position, self._softmax)}, metadata
