"""Keras's way to train: compile a network once, then fit, evaluate and predict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlkit.train.history import History
from mlkit.train.loop import fit
from mlkit.train.use import Metrics, evaluate, predict

__all__ = ["Trainable"]


@dataclass
class _Compiled:
    optimizer: Any
    loss: Callable[[Any, Any], Any]
    metrics: Metrics


class Trainable:
    """What a network can do besides being called: every mlkit.nn.Module has it."""

    _compiled: _Compiled | None = None

    def compile(
        self, optimizer: Any, loss: Callable[[Any, Any], Any], metrics: Metrics = ()
    ) -> None:
        """Say how to train: model.compile(optim.Adam, losses.cross_entropy, [metrics.accuracy]).

        optimizer: one made for this network's parameters, or a class, which is then made for them.
        """
        if isinstance(optimizer, type):
            optimizer = optimizer(self.parameters())  # type: ignore[attr-defined]
        if not hasattr(optimizer, "step") or not callable(loss):
            raise TypeError(
                "compile: takes an optimizer and a loss function, as in compile(optim.Adam, "
                f"losses.cross_entropy), got {optimizer!r} and {loss!r}"
            )
        self._compiled = _Compiled(optimizer, loss, metrics)

    def fit(
        self,
        x: Any,
        y: Any,
        *,
        epochs: int = 1,
        batch_size: int = 32,
        validation_data: tuple[Any, Any] | None = None,
        **options: Any,
    ) -> History:
        """Train on (x, y). options: those of mlkit.train.fit."""
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
            **options,
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
