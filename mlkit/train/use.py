"""A trained network in use: what it gives, and how good that is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from mlkit import device
from mlkit.backward import no_grad
from mlkit.data.order import batches
from mlkit.engine import Tensor
from mlkit.train.check import Metrics, as_number, named, pair

__all__ = ["evaluate", "home_of", "modes_kept", "narrowed", "predict"]


def predict(model: Any, x: Any, *, batch_size: int = 256) -> np.ndarray:
    """What a network gives for x, as a NumPy array. (n, ...) -> (n, ...).

    In eval mode and without recording, in batches; the mode is afterwards as it was.
    """
    home, given, x = home_of(model), [], narrowed(np.asarray(x), model)
    if not x.ndim or not len(x):
        raise ValueError(f"predict: x is a batch of at least one row, got shape {x.shape}")
    with modes_kept(model), no_grad():
        model.eval()
        for part, _ in batches(x, x, batch_size):
            outputs = model(part if home is np else home.asarray(part))
            given.append(device.to_host(outputs.data if isinstance(outputs, Tensor) else outputs))
    return np.concatenate(given)


def evaluate(
    model: Any,
    loss: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    *,
    metrics: Metrics = (),
    batch_size: int = 256,
) -> dict[str, float]:
    """Loss and metrics of a network over all rows at once, by name.

    loss: (outputs, y) -> one number; metrics: functions alike, in a list or by name.
    """
    measures = {"loss": loss, **named(metrics)}
    x, y = pair("evaluate: data", (x, y))
    outputs, y = predict(model, x, batch_size=batch_size), np.asarray(y)
    return {
        name: as_number(f"evaluate: {name}", measure(outputs, y))
        for name, measure in measures.items()
    }


def home_of(model: Any) -> Any:
    """The array library of a network's parameters: where its batches have to be."""
    parameters = model.parameters()
    return device.namespace(parameters[0].data) if parameters else np


def narrowed(x: np.ndarray, model: Any) -> np.ndarray:
    """x without digits that a network of narrower floats would carry along but not learn from."""
    for parameter in model.parameters()[:1]:
        dtype = parameter.data.dtype
        if isinstance(dtype, np.dtype) and x.dtype.kind == dtype.kind == "f":
            return x.astype(dtype) if x.dtype.itemsize > dtype.itemsize else x
    return x


@contextmanager
def modes_kept(model: Any) -> Iterator[None]:
    """Afterwards each module is training, or not, as it was before."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
