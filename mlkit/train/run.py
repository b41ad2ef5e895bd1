"""Where a training stands: what callbacks see, and what a checkpoint keeps."""

from typing import Any

from mlkit.train.history import History

__all__ = ["Run"]


class Run:
    """One call of fit. Callbacks read it, and may set `stop` to end after this epoch.

    epoch: epochs done; step: steps done in the next one; sums: over its rows so far, by name.
    home: the array library that holds the network's parameters.
    order: the state of the generator before it drew the order of this epoch's rows.
    """

    def __init__(self, model: Any, home: Any, optimizer: Any, batches: Any, epochs: int):
        self.model, self.home, self.optimizer = model, home, optimizer
        self.batches, self.epochs = batches, epochs
        self.history = History()
        self.callbacks: list[Any] = []
        self.epoch = self.step = self.rows = 0
        self.sums: dict[str, float] = {}
        self.order: Any = None
        self.stop = False

    @property
    def steps(self) -> int:
        """Steps done since the start."""
        return self.epoch * len(self.batches) + self.step

    @property
    def means(self) -> dict[str, float]:
        """Loss and metrics over this epoch's rows so far."""
        return {name: total / max(1, self.rows) for name, total in self.sums.items()}
