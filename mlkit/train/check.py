"""What fit and compile look at before they begin: a wrong argument is told at once."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from mlkit.data.order import same_rows

__all__ = ["Metrics", "as_number", "check_parts", "check_run", "check_words", "named", "pair"]

Metrics = Mapping[str, Callable[..., Any]] | Sequence[Callable[..., Any]]
_ELSEWHERE = {  # words of Keras, and what says the same here
    "loss": "compile takes the loss",
    "metrics": "compile takes the metrics",
    "optimizer": "compile takes the optimizer",
    "shuffle": "rows come in a new order each epoch; for one order use train.fit with data.batches",
    "validation": "here it is validation_data=(x, y)",
    "validation_split": "cut the data with data.split and give validation_data=(x, y)",
    "verbose": "progress=False shows no bar",
}


def check_parts(where: str, loss: Any, optimizer: Any) -> None:
    """Raise TypeError unless these are a loss function and an optimiser that is made."""
    if not callable(loss) or isinstance(loss, type):
        raise TypeError(
            f"{where}: the loss is a function (outputs, y) -> one number, such as "
            f"losses.cross_entropy, got {loss!r}"
        )
    if isinstance(optimizer, type) or not hasattr(optimizer, "step"):
        raise TypeError(
            f"{where}: the optimizer is one such as optim.Adam(model.parameters()), "
            f"got {optimizer!r}"
        )


def check_run(model: Any, optimizer: Any, epochs: Any, callbacks: Any) -> None:
    """Raise TypeError or ValueError unless fit can begin with these."""
    if not isinstance(epochs, int | np.integer) or isinstance(epochs, bool) or epochs < 0:
        raise ValueError(f"fit: epochs is a whole number from 0, got {epochs!r}")
    own, moved = {id(w) for w in model.parameters()}, getattr(optimizer, "parameters", None)
    if isinstance(moved, list) and own.isdisjoint(id(w) for w in moved):
        raise ValueError(
            "fit: the optimizer moves none of this network's parameters; was it made for another "
            "one? Make it anew: optim.Adam(model.parameters())"
        )
    if not isinstance(callbacks, list | tuple):
        raise TypeError(f"fit: callbacks come in a list, got {callbacks!r}; put it in brackets")
    for callback in callbacks:
        if isinstance(callback, type) or not hasattr(callback, "on_start"):
            raise TypeError(
                "fit: callbacks are objects such as train.EarlyStopping(), made with their "
                f"brackets, got {callback!r}"
            )


def check_words(known: Sequence[str], given: Mapping[str, Any]) -> None:
    """Raise TypeError on an argument that fit has not, saying what was meant if that is known."""
    for word in given:
        near = get_close_matches(word, known, 1)
        meant = f"did you mean {near[0]}?" if near else f"it takes {', '.join(known)}"
        raise TypeError(f"fit: there is no argument {word}; {_ELSEWHERE.get(word, meant)}")


def named(metrics: Metrics) -> dict[str, Callable[..., Any]]:
    """Metrics by name: a function's own, if none is given. Raises TypeError or ValueError."""
    if not isinstance(metrics, Mapping | list | tuple):
        raise TypeError(f"metrics: a list or names, as in [mlkit.metrics.accuracy], got {metrics}")
    found = [*metrics.values()] if isinstance(metrics, Mapping) else [*metrics]
    for metric in found:
        if not callable(metric) or isinstance(metric, type):
            raise TypeError(
                "metrics: functions (outputs, y) -> number, as in [mlkit.metrics.accuracy], "
                f"got {metric!r}"
            )
    names = metrics if isinstance(metrics, Mapping) else [_name(metric) for metric in found]
    if len(set(names)) < len(found) or "loss" in names:
        raise ValueError(
            f"metrics: names must differ, also from loss, got {', '.join(names)}; "
            'give them, as in {"best 3": function}'
        )
    return dict(zip(names, found, strict=True))


def pair(where: str, data: Any) -> tuple[Any, Any]:
    """(x, y), if data is that, with as many rows each. Raises TypeError or ValueError."""
    if not isinstance(data, list | tuple) or len(data) != 2:
        raise TypeError(f"{where} is a pair (x, y), got {_described(data)}")
    x, y = (part if hasattr(part, "shape") else np.asarray(part) for part in data)
    same_rows(where, x, y)
    return x, y


def as_number(where: str, x: Any) -> float:
    """One number, out of a tensor or array if need be. Raises TypeError if it is none."""
    try:
        return float(x.item() if hasattr(x, "item") else x)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{where} must be one number, got {_described(x)}; take its mean?"
        ) from error


def _name(metric: Any) -> str:
    return str(getattr(metric, "__name__", type(metric).__name__))


def _described(x: Any) -> str:
    kind = type(x).__name__
    if hasattr(x, "shape"):
        return f"{kind} of shape {tuple(x.shape)}"
    return f"{kind} of {len(x)}" if isinstance(x, list | tuple) else kind
