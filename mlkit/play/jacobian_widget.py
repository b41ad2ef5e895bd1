"""The moving Jacobian lab: a model in the kernel, a view in the browser; needs the "play" extra.

The browser draws and computes, and keeps working while the kernel is busy; the kernel keeps the
position for the cells and calls the student's softmax_jacobian, which only it can do.
"""

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import traitlets

from mlkit.play import jacobian_still, parts
from mlkit.play.asking import judged
from mlkit.play.jacobian_model import LARGEST_PUSH, LARGEST_SCORE, Position, ask, check, owner

_OWN = ("arithmetic", "words", "controls", "lab")
_START = Position()


class JacobianLab(anywidget.AnyWidget):
    """The lab's state, the same in every view of it and in Python.

    logits: 2 to 5 scores in [-10, 10]; nudge: as many pushes in [-2, 2]. Setting one outside its
    range raises ValueError.
    """

    _esm = parts.module("view", "bars", *(f"jacobian_{part}" for part in _OWN))
    _css = parts.style("bars", "jacobian_lab")

    logits = traitlets.List(traitlets.Float(), list(_START.logits)).tag(**parts.HEARD)
    nudge = traitlets.List(traitlets.Float(), list(_START.nudge)).tag(**parts.HEARD)
    yours = traitlets.Dict().tag(sync=True)  # the student's matrix, flat; {} without a function

    def __init__(self, jacobian: Callable[..., Any] | None = None) -> None:
        self._jacobian = jacobian
        super().__init__()
        self._ask_yours()

    @property
    def position(self) -> Position:
        """Where the controls stand, with the numbers that follow."""
        return Position(tuple(self.logits), tuple(self.nudge))

    @property
    def predicted(self) -> list[float]:
        """J @ dz, by mlkit's Jacobian."""
        return self.position.predicted.tolist()

    @property
    def change(self) -> list[float]:
        """softmax(z + dz) - softmax(z)."""
        return self.position.change.tolist()

    def set_position(self, logits: Sequence[float], nudge: Sequence[float]) -> None:
        """Both at once, which a new number of classes needs. Raises ValueError as Position."""
        position = Position(tuple(logits), tuple(nudge))
        with self.hold_trait_notifications():
            self.logits, self.nudge = list(position.logits), list(position.nudge)

    @traitlets.validate("logits", "nudge")
    def _check(self, proposal: Any) -> list[float]:
        name = proposal["trait"].name
        largest = {"logits": LARGEST_SCORE, "nudge": LARGEST_PUSH}[name]
        return list(check(name, proposal["value"], largest))

    @traitlets.observe("logits", "nudge")
    def _ask_yours(self, change: Any = None) -> None:
        """Put the student's matrix at this position where the browser sees it."""
        if self._jacobian is None or len(self.logits) != len(self.nudge):
            return  # half of a change has arrived: the other half calls again
        position = self.position
        values, sentence = ask(self._jacobian, position)
        self.yours = {
            "title": owner(self._jacobian),
            "logits": self.logits,
            "nudge": self.nudge,
            "values": [repr(value) for value in values],  # JSON has no NaN and no infinity
            "sentence": f"{sentence}."
            if sentence
            else judged(values, position.jacobian.ravel().tolist()),
        }

    def __repr__(self) -> str:
        return jacobian_still.text(self.position, self._jacobian)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and a still picture for exported and printed notebooks."""
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle
        still = jacobian_still.html(self.position, self._jacobian)
        return data | {"text/html": still}, metadata
