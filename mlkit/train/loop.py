"""fit: the loop that trains a network, once, for all lessons and users.

It is the loop that you would write by hand; what is around it is done by callbacks, and costs
nothing where there is none.
"""

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np

from mlkit import device
from mlkit.data.order import batches as batches_of
from mlkit.train.callback import Callback
from mlkit.train.check import Metrics, as_number, check_parts, check_run, named, pair
from mlkit.train.checkpoint import Checkpoint
from mlkit.train.history import History
from mlkit.train.progress import progress_bar
from mlkit.train.run import Run
from mlkit.train.use import evaluate, home_of, modes_kept, narrowed

__all__ = ["fit"]


def fit(
    model: Any,
    loss: Callable[[Any, Any], Any],
    optimizer: Any,
    data: Any,
    *,
    epochs: int = 1,
    batch_size: int = 32,
    validation: tuple[Any, Any] | None = None,
    metrics: Metrics = (),
    rng: np.random.Generator | int = 0,
    callbacks: Sequence[Callback] = (),
    progress: bool | None = None,
    device: str | None = None,
) -> History:
    """Train a network on (x, y), and give its history: loss and metrics for each epoch.

    loss: (outputs, y) -> one number. data: (x, y), whose rows come in a new order each epoch, drawn
    by rng; or what mlkit.data.batches gives. validation: (x, y), measured after each epoch.
    metrics: functions (outputs, y) -> number, in a list or by name; their mean over the batches.
    rng: a generator or a seed: the same seed, network and data give the same weights, bit for bit.
    progress: show a bar; None: in a terminal and a notebook. device: "gpu" moves the network there.
    Raises FloatingPointError before a step whose loss is not finite.
    """
    check_parts("fit", loss, optimizer)
    check_run(model, optimizer, epochs, callbacks)
    metrics = named(metrics)
    if validation is not None:
        pair("fit: validation", validation)
    if device is not None:
        _move(model, device)
    pieces = _batches(data, batch_size, np.random.default_rng(rng), model)
    run = Run(model, home_of(model), optimizer, pieces, epochs)
    run.callbacks = [*sorted(callbacks, key=lambda c: isinstance(c, Checkpoint))]
    run.callbacks += progress_bar(progress)
    _train(run, loss, metrics, validation)
    return run.history


def _train(run: Run, loss: Callable[..., Any], metrics: Any, validation: Any) -> None:
    """The epochs that are still to do; every callback is told of the end, however it comes."""
    with modes_kept(run.model), ExitStack() as ends:
        for callback in reversed(run.callbacks):  # the last one pushed is called first
            ends.callback(callback.on_end, run)
        for callback in run.callbacks:
            callback.on_start(run)
        run.model.train()
        while run.epoch < run.epochs and not run.stop:
            _train_epoch(run, loss, metrics)
            _end_epoch(run, loss, metrics, validation)


def _train_epoch(run: Run, loss: Callable[..., Any], metrics: dict[str, Callable]) -> None:
    """The steps of an epoch that are still to do."""
    model, optimizer, sums = run.model, run.optimizer, run.sums
    hooks = [c.on_step for c in run.callbacks if type(c).on_step is not Callback.on_step]
    for x, y in _in_order(run):
        if run.home is not np:
            x, y = run.home.asarray(x), run.home.asarray(y)
        outputs = model(x)
        value = loss(outputs, y)
        number = as_number("fit: the loss", value)
        if not hasattr(value, "backward"):
            raise TypeError(
                f"fit: the loss must be a tensor, got {type(value).__name__}, which has no "
                "derivatives; does it use NumPy where mlkit.ops are meant?"
            )
        if not math.isfinite(number):
            raise _diverged(run, number, x)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        n = y.shape[0]
        run.step += 1
        run.rows += n
        sums["loss"] = sums.get("loss", 0.0) + n * number
        for name, metric in metrics.items():
            sums[name] = sums.get(name, 0.0) + n * as_number(name, metric(outputs.data, y))
        for hook in hooks:
            hook(run)


def _end_epoch(run: Run, loss: Callable[..., Any], metrics: Any, validation: Any) -> None:
    """Note the numbers of the epoch, measure on the validation data, and tell the callbacks."""
    numbers = run.means
    if validation is not None:
        measured = evaluate(run.model, loss, *validation, metrics=metrics)
        numbers |= {f"val_{name}": number for name, number in measured.items()}
    run.history.add(numbers)
    run.epoch += 1
    run.step = run.rows = 0
    run.sums.clear()
    for callback in run.callbacks:
        callback.on_epoch(run)


def _in_order(run: Run) -> Iterable[tuple[Any, Any]]:
    """The batches of this epoch after those that are done, in the order drawn at its start."""
    rng = run.batches.rng
    if rng is None:
        return run.batches.after(run.step)
    state = rng.bit_generator.state
    if run.step:  # resumed: draw this epoch's order again, then go on from where the rng was
        rng.bit_generator.state = run.order
        rest = run.batches.after(run.step)
        rng.bit_generator.state = state
        return rest
    run.order = state
    return run.batches.after(0)


def _batches(data: Any, size: int, rng: np.random.Generator, model: Any) -> Any:
    """The data in batches; floats wider than the network's are narrowed once."""
    if hasattr(data, "after"):
        return data
    x, y = (narrowed(np.asarray(part), model) for part in pair("fit: data", data))
    return batches_of(x, y, size, rng)


def _move(model: Any, where: str) -> None:
    """Move the network to the CPU or the GPU; where there is none, say so and stay."""
    if where not in ("cpu", "gpu"):
        raise ValueError(f'fit: device is "cpu" or "gpu", got {where!r}')
    if where == "cpu":
        model.to_host()
    elif device.gpu_available():
        model.to_gpu()
    else:
        sys.stdout.write(f"fit: {device.describe()}\n")


def _diverged(run: Run, number: float, x: Any) -> FloatingPointError:
    """What to say when the loss is not finite; the weights are those before this step."""
    before = run.means.get("loss") or run.history.last.get("loss")
    was = "" if before is None else f", on average it was {before:.4g} before"
    where = f"in step {run.step + 1} of epoch {run.epoch + 1} (step {run.steps + 1} in all)"
    cure = (
        f"try a smaller learning rate than {run.optimizer.rate:.4g}, clip_norm=1.0 in the "
        "optimizer, or run one step inside mlkit.detect_anomaly() to see where it is born"
    )
    if not np.isfinite(device.to_host(x)).all():
        cure = "x of this batch is not finite itself: look at the data"
    return FloatingPointError(f"fit: the loss is {number} {where}{was}; {cure}")
