"""Callbacks: what fit does besides training. Write your own as a subclass of Callback."""

import csv
import math
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from mlkit.files import replacing
from mlkit.train.run import Run

__all__ = ["CSVLog", "Callback", "EarlyStopping", "TensorBoard"]


class Callback:
    """Called by fit with the run, which it may read and whose `stop` it may set. Does nothing."""

    def on_start(self, run: Run) -> None:
        """Before the first epoch."""

    def on_step(self, run: Run) -> None:
        """After each step."""

    def on_epoch(self, run: Run) -> None:
        """After each epoch, when its numbers are in run.history."""

    def on_end(self, run: Run) -> None:
        """At the end, also if an error or Ctrl-C ends it."""

    def state(self) -> dict[str, np.ndarray]:
        """What a checkpoint must keep for this callback to go on as if nothing had happened."""
        return {}

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Go on from what state() gave."""


class EarlyStopping(Callback):
    """Ends training when a number has not got better for `patience` epochs.

    At the end the network has the weights of the best epoch. better: "smaller" or "larger"; may be
    left away for a loss, an error or an accuracy. least: by how much it must get better to count.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 5,
        *,
        least: float = 0.0,
        better: str | None = None,
    ):
        if patience < 1:
            raise ValueError(
                f"EarlyStopping: patience is a number of epochs from 1, got {patience}"
            )
        self.monitor, self.patience, self.least = monitor, patience, least
        self.sign = -1 if _better(monitor, better) == "larger" else 1
        self._start_anew()

    def _start_anew(self) -> None:
        self.best, self.waited = math.inf, 0
        self.weights: dict[str, np.ndarray] = {}

    def on_start(self, run: Run) -> None:
        """Forget an earlier run."""
        self._start_anew()

    def on_epoch(self, run: Run) -> None:
        """Compare the epoch's number with the best one so far."""
        numbers = run.history.last
        if self.monitor not in numbers:
            raise ValueError(
                f"EarlyStopping: there is no {self.monitor}, only {', '.join(numbers)}; "
                "give fit validation=(x, y) for what starts with val_"
            )
        number = self.sign * numbers[self.monitor]
        self.waited += 1
        if number < self.best - self.least:
            self.best, self.waited, self.weights = number, 0, run.model.state_dict()
        run.stop = run.stop or self.waited >= self.patience

    def on_end(self, run: Run) -> None:
        """Give the network the best weights, which are then no longer kept."""
        weights, self.weights = self.weights, {}
        if weights:
            run.model.load_state_dict(weights)

    def state(self) -> dict[str, np.ndarray]:
        """The best number and weights, and for how long there was no better one."""
        weights = {f"weights.{name}": x for name, x in self.weights.items()}
        return {"best": np.asarray(self.best), "waited": np.asarray(self.waited), **weights}

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Go on from what state() gave."""
        self.best, self.waited = float(state["best"]), int(state["waited"])
        self.weights = {
            name.removeprefix("weights."): x
            for name, x in state.items()
            if name.startswith("weights.")
        }


def _better(monitor: str, better: str | None) -> str:
    """Which numbers are better, told by the name if not said. Raises ValueError if it does not."""
    if better is None and "accuracy" in monitor:
        return "larger"
    if better is None and ("loss" in monitor or "error" in monitor):
        return "smaller"
    if better not in ("smaller", "larger"):
        raise ValueError(
            f'EarlyStopping: say whether "smaller" or "larger" is better for {monitor}, '
            f"better={better!r} does not"
        )
    return better


class CSVLog(Callback):
    """Keeps the history in a CSV file: a row for each epoch, whole at any moment."""

    def __init__(self, path: str | PathLike[str]):
        self.path = Path(path)

    def on_epoch(self, run: Run) -> None:
        """Write all rows."""
        with replacing(self.path) as partial, partial.open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["epoch", *run.history])
            table.writerows(run.history.rows())


class TensorBoard(Callback):
    """Writes the numbers of each epoch, and the learning rate, for TensorBoard to show.

    Look at them with: tensorboard --logdir FOLDER. Needs the package tensorboardX.
    """

    def __init__(self, folder: str | PathLike[str]):
        try:
            import tensorboardX
        except ImportError as error:
            raise ImportError(
                "TensorBoard: needs a package: pip install tensorboardX; CSVLog needs none"
            ) from error
        self._make, self.folder = tensorboardX.SummaryWriter, Path(folder)
        self._writer: Any = None

    def on_epoch(self, run: Run) -> None:
        """Write the numbers of this epoch, and see that they are in the file."""
        if self._writer is None:  # a resumed run hides what it repeats, in a file of its own
            self._writer = self._make(
                str(self.folder), purge_step=run.epoch, filename_suffix=f".{run.epoch}"
            )
        for name, number in run.history.last.items():
            self._writer.add_scalar(name, number, run.epoch)
        self._writer.add_scalar("learning_rate", run.optimizer.rate, run.epoch)
        self._writer.flush()

    def on_end(self, run: Run) -> None:
        """Close the file."""
        if self._writer is not None:
            self._writer.close()
        self._writer = None
