"""Checkpoints: all that a training depends on, in one file, to go on from bit for bit."""

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from mlkit.files import is_safetensors, read_note, sweep, write
from mlkit.train.callback import Callback
from mlkit.train.run import Run

__all__ = ["Checkpoint"]


class Checkpoint(Callback):
    """Keeps weights, optimiser, random generators and position in a .npz or .safetensors file.

    Written after each epoch, and every so many steps. With resume=True, fit goes on from the file
    if it is there: a training that was killed and started again ends with the weights that it
    would have had. The file is replaced in one move; whoever is killed while writing leaves it.
    """

    def __init__(
        self, path: str | PathLike[str], *, every: int | None = None, resume: bool = False
    ):
        self.path, self.every, self.resume = Path(path), every, resume
        is_safetensors("Checkpoint", self.path)  # refuses another ending now, not after an epoch
        if every is not None and every < 1:
            raise ValueError(f"Checkpoint: every is a number of steps from 1, got {every}")

    def on_start(self, run: Run) -> None:
        """Go on from the file, if that is wanted and it is there. Sweeps up after killed runs."""
        sweep(self.path, older_s=0.0)
        if self.resume and self.path.exists():
            _restore(run, self.path)

    def on_step(self, run: Run) -> None:
        """Write the file if it is time."""
        if self.every and run.steps % self.every == 0:
            _save(run, self.path)

    def on_epoch(self, run: Run) -> None:
        """Write the file."""
        _save(run, self.path)


def _save(run: Run, path: Path) -> None:
    """All that the rest of a run depends on, in one file."""
    arrays = {f"{part}/{name}": x for part, thing in _parts(run) for name, x in thing.items()}
    note = {
        "epoch": run.epoch,
        "step": run.step,
        "rows": run.rows,
        "sums": run.sums,
        "stop": run.stop,
        "history": run.history,
        "shape": _shape(run),
        "order": _plain(run.order),
        "generators": [_plain(rng.bit_generator.state) for rng in _generators(run)],
    }
    write(path, arrays, note)


def _restore(run: Run, path: Path) -> None:
    """Put a run where the file says it was. Raises ValueError if it is of another training."""
    arrays, note = read_note(path)
    if not isinstance(note, dict) or "generators" not in note:
        raise ValueError(f"Checkpoint: {path} holds weights but no training; load it with weights")
    generators = _generators(run)
    if note["shape"] != _shape(run) or len(note["generators"]) != len(generators):
        raise ValueError(
            f"Checkpoint: {path} is of a training with {note['shape']} and "
            f"{len(note['generators'])} random generators, this one has {_shape(run)} and "
            f"{len(generators)}; use the same data, batch size and network"
        )
    before = dict(_parts(run)), [rng.bit_generator.state for rng in generators]
    try:
        _put(run, _by_part(arrays), note["generators"])
    except (KeyError, ValueError) as error:
        _put(run, *before)
        raise ValueError(
            f"Checkpoint: {path} is of a training with other parts: {error.args[0]}"
        ) from error
    run.epoch, run.step, run.rows = note["epoch"], note["step"], note["rows"]
    run.stop, run.order = note["stop"], note["order"]
    run.sums |= note["sums"]
    run.history.update(note["history"])


def _put(run: Run, parts: dict[str, dict[str, np.ndarray]], states: list[Any]) -> None:
    """Give each part of a run its arrays, and each generator its state."""
    run.model.load_state_dict(parts["model"])
    run.optimizer.load_state_dict(parts["optimizer"])
    for callback, (name, _) in zip(_with_state(run), _parts(run)[2:], strict=True):
        callback.load_state(parts[name])
    for rng, state in zip(_generators(run), states, strict=True):
        rng.bit_generator.state = state


def _parts(run: Run) -> list[tuple[str, dict[str, np.ndarray]]]:
    """The arrays of each part of a run, by the part's name."""
    callbacks = [(f"callback{i}", c.state()) for i, c in enumerate(_with_state(run))]
    return [
        ("model", run.model.state_dict()),
        ("optimizer", run.optimizer.state_dict()),
        *callbacks,
    ]


def _by_part(arrays: dict[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    """The arrays of a file, apart again."""
    parts: dict[str, dict[str, np.ndarray]] = {}
    for name, x in arrays.items():
        part, _, rest = name.partition("/")
        parts.setdefault(part, {})[rest] = x
    return parts


def _with_state(run: Run) -> list[Any]:
    return [callback for callback in run.callbacks if callback.state()]


def _shape(run: Run) -> dict[str, int]:
    """What says which batches there are."""
    return {"rows": len(run.batches.x), "batch size": run.batches.size}


def _generators(run: Run) -> list[np.random.Generator]:
    """Every random generator that the rest of the run draws from, each once."""
    found = [run.batches.rng]
    found += [x for module in run.model.modules() for x in vars(module).values()]
    generators = {id(x): x for x in found if isinstance(x, np.random.Generator)}
    return list(generators.values())


def _plain(state: Any) -> Any:
    """A generator's state in words of JSON."""
    if isinstance(state, dict):
        return {name: _plain(x) for name, x in state.items()}
    return state.tolist() if isinstance(state, np.ndarray | np.generic) else state
