"""The moving distributions lab: a model in the kernel, a view in the browser; needs "play".

The browser draws and computes, and keeps working while the kernel is busy; the kernel keeps the
position for the cells and calls the student's kl_divergence, which only it can do.
"""

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import traitlets

from mlkit.play import distributions_still, parts
from mlkit.play.asking import judged
from mlkit.play.distributions_model import Position, ask_both, owner
from mlkit.play.shares import check_distribution

_OWN = ("arithmetic", "words", "lab")


class DistributionsLab(anywidget.AnyWidget):
    """The lab's state, the same in every view of it and in Python.

    p, q: distributions over the same 2 to 6 outcomes. Setting one that is no distribution raises
    ValueError.
    """

    _esm = parts.module("view", "bars", "shares", *(f"distributions_{part}" for part in _OWN))
    _css = parts.style("bars", "distributions_lab")

    p = traitlets.List(traitlets.Float(), [0.5, 0.3, 0.2]).tag(sync=True)
    q = traitlets.List(traitlets.Float(), [0.2, 0.2, 0.6]).tag(sync=True)
    yours = traitlets.Dict().tag(sync=True)  # the student's two divergences; {} without a function

    def __init__(self, divergence: Callable[..., Any] | None = None) -> None:
        self._divergence = divergence
        super().__init__()
        self._ask_yours()

    @property
    def position(self) -> Position:
        """Where the bars stand, with the numbers that follow."""
        return Position(tuple(self.p), tuple(self.q))

    @property
    def forward(self) -> float:
        """D(P||Q) in nats."""
        return self.position.forward

    @property
    def reverse(self) -> float:
        """D(Q||P) in nats."""
        return self.position.reverse

    def set_distributions(self, p: Sequence[float], q: Sequence[float]) -> None:
        """Both at once, which a new number of outcomes needs. Raises ValueError as Position."""
        position = Position(tuple(p), tuple(q))
        with self.hold_trait_notifications():
            self.p, self.q = list(position.p), list(position.q)

    @traitlets.validate("p", "q")
    def _check(self, proposal: Any) -> list[float]:
        return list(
            check_distribution("distributions lab", proposal["trait"].name, proposal["value"])
        )

    @traitlets.observe("p", "q")
    def _ask_yours(self, change: Any = None) -> None:
        """Put the student's answer at this position where the browser sees it."""
        if self._divergence is None or len(self.p) != len(self.q):
            return  # half of a change has arrived: the other half calls again
        position = self.position
        values, sentence = ask_both(self._divergence, position)
        right = [position.forward, position.reverse]
        self.yours = {
            "title": owner(self._divergence),
            "p": self.p,
            "q": self.q,
            "values": [repr(value) for value in values],  # JSON has no NaN and no infinity
            "sentence": f"{sentence}." if sentence else judged(values, right),
        }

    def __repr__(self) -> str:
        return distributions_still.text(self.position, self._divergence)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and a still picture for exported and printed notebooks."""
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle
        still = distributions_still.html(self.position, self._divergence)
        return data | {"text/html": still}, metadata
