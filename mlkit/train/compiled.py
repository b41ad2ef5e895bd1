"""Keras's way to train: compile a network once, then fit, evaluate and predict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlkit.train.callback import Callback
from mlkit.train.check import Metrics, check_parts, check_words, named
from mlkit.train.history import History
from mlkit.train.loop import fit
from mlkit.train.run import Run
from mlkit.train.use import evaluate, predict

__all__ = ["Trainable"]

_WORDS = (
    "epochs", "batch_size", "validation_data", "callbacks", "rng", "progress", "device",
)  # fmt: skip


@dataclass
class _Compiled:
    optimizer: Any
    loss: Callable[[Any, Any], Any]
    metrics: Metrics


class Trainable:
    """What a network can do besides being called: every mlkit.nn.Module has it."""

    _compiled: _Compiled | None = None
    history: History | None = None  # of the last fit

    def compile(
        self, optimizer: Any, loss: Callable[[Any, Any], Any], metrics: Metrics = ()
    ) -> None:
        """Say how to train: model.compile(optim.Adam, losses.cross_entropy, [metrics.accuracy]).

        optimizer: one made for this network's parameters, or a class, which is then made for them.
        """
        if isinstance(optimizer, type):
            optimizer = optimizer(self.parameters())  # type: ignore[attr-defined]
        check_parts("compile", loss, optimizer)
        named(metrics)
        self._compiled = _Compiled(optimizer, loss, metrics)

    def fit(
        self,
        x: Any,
        y: Any,
        *,
        epochs: int = 1,
        batch_size: int = 32,
        validation_data: tuple[Any, Any] | None = None,
        callbacks: Sequence[Callback] = (),
        rng: np.random.Generator | int = 0,
        progress: bool | None = None,
        device: str | None = None,
        **others: Any,
    ) -> History:
        """Train on x (n, ...) and y (n, ...), and give the history: mlkit.train.fit says more.

        model.history is the same, and there after Ctrl-C too. Raises TypeError on other arguments.
        """
        check_words(_WORDS, others)
        how = self._how("fit")
        return fit(
            self,
            how.loss,
            how.optimizer,
            (x, y),
            epochs=epochs,
            batch_size=batch_size,
            validation=validation_data,
            metrics=how.metrics,
            callbacks=_with_history(self, callbacks),
            rng=rng,
            progress=progress,
            device=device,
        )

    def evaluate(self, x: Any, y: Any, *, batch_size: int = 256) -> dict[str, float]:
        """Loss and metrics over all rows, by name."""
        how = self._how("evaluate")
        return evaluate(self, how.loss, x, y, metrics=how.metrics, batch_size=batch_size)

    def predict(self, x: Any, *, batch_size: int = 256) -> np.ndarray:
        """What the network gives for x, as a NumPy array. (n, ...) -> (n, ...)."""
        return predict(self, x, batch_size=batch_size)

    def _how(self, name: str) -> _Compiled:
        if self._compiled is None:
            raise RuntimeError(
                f"{name}: call compile(optimizer, loss) first, to say how to train and measure"
            )
        return self._compiled


class _Kept(Callback):
    """Lets the network have the history from the start, so that it survives an interrupt."""

    def __init__(self, model: Any):
        self.model = model

    def on_start(self, run: Run) -> None:
        """Hand it over."""
        self.model.history = run.history


def _with_history(model: Any, callbacks: Any) -> Any:
    """The callbacks, and the one that keeps the history; what is no list stays, to be refused."""
    return [_Kept(model), *callbacks] if isinstance(callbacks, list | tuple) else callbacks
