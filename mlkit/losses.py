"""Losses: how far predictions are from targets, one number to make small.

Predictions come first. From scores or from probabilities are two functions: use the one from
scores in training, as it is exact where a probability would round to 0 or 1. Letters: n batch, k
classes, the last axis. Logarithms are natural, so losses are in nats.
"""

import warnings
from typing import Any

import numpy as np

from mlkit import device, ops
from mlkit.device import Array, cast, namespace
from mlkit.engine import ShapeError, Tensor, op
from mlkit.labels import check_distributions, check_probabilities, check_shares
from mlkit.ops.loss import _check_labels
from mlkit.ops.shape import shape_of

__all__ = [  # noqa: RUF022, in teaching order
    "mean_squared_error",
    "mean_absolute_error",
    "cross_entropy",
    "cross_entropy_from_probabilities",
    "binary_cross_entropy",
    "binary_cross_entropy_from_probabilities",
    "kl_divergence",
    "mse",
    "mae",
]


def mean_squared_error(predictions: Any, targets: Any, reduction: str = "mean") -> Any:
    """Squared differences, their mean over all elements. Two arrays of one shape -> a scalar.

    reduction: "mean", "sum", or "none" for one number an element.
    >>> float(mean_squared_error([1.0, 2.0], [1.0, 4.0]))
    2.0
    """
    difference = _difference("mean_squared_error", predictions, targets)
    return _reduced("mean_squared_error", difference * difference, reduction)


def mean_absolute_error(predictions: Any, targets: Any, reduction: str = "mean") -> Any:
    """Absolute differences, their mean over all elements. Two arrays of one shape -> a scalar.

    The derivative where both are equal is 0. reduction: as for mean_squared_error.
    >>> float(mean_absolute_error([1.0, 2.0], [1.0, 4.0]))
    1.0
    """
    difference = _difference("mean_absolute_error", predictions, targets)
    return _reduced("mean_absolute_error", ops.abs(difference), reduction)


mse, mae = mean_squared_error, mean_absolute_error


def cross_entropy(
    logits: Any,
    labels: Any,
    class_weights: Any = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Any:
    """Surprise of the true classes, in nats, computed from scores. (..., k) and (...) -> a scalar.

    labels: ints in [0, k), or probabilities of the logits' shape (ValueError if their rows do not
    sum to 1; only NumPy arrays are looked at). class_weights: (k,), from 0, how much each class
    counts; the mean is then over weights, sum(w * loss) / sum(w of the labels), for probabilities
    over n. label_smoothing: this share of each label is spread evenly over all k.
    reduction: "mean", "sum", or "none" for one number an example.
    Warns if the logits are a softmax's probabilities.
    Source: label smoothing: Szegedy et al., Rethinking the Inception Architecture, CVPR 2016.
    """
    _warn_of_probabilities(logits)
    plain = class_weights is None and not label_smoothing and reduction == "mean"
    if plain and len(shape_of(labels)) < len(shape_of(logits)):
        return ops.cross_entropy(logits, np.asarray(labels) if isinstance(labels, int) else labels)
    return _surprise(
        "cross_entropy",
        ops.log_softmax(logits),
        labels,
        class_weights,
        label_smoothing,
        reduction,
    )


def cross_entropy_from_probabilities(
    probabilities: Any,
    labels: Any,
    class_weights: Any = None,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Any:
    """Surprise of the true classes, in nats, from probabilities. (..., k) and (...) -> a scalar.

    The other arguments are those of cross_entropy, which is better for training. A probability
    below the dtype's rounding (2e-16 for float64) counts as that: loss and derivative stay finite.
    Raises ValueError if the rows are no probabilities; only NumPy arrays are looked at.
    """
    where = "cross_entropy_from_probabilities"
    check_probabilities(where, _array(probabilities), rows=True)
    return _surprise(where, _log(probabilities), labels, class_weights, label_smoothing, reduction)


def binary_cross_entropy(
    logits: Any, labels: Any, positive_weight: float = 1.0, reduction: str = "mean"
) -> Any:
    """Surprise of yes-or-no labels, in nats, computed from scores. Two of one shape -> a scalar.

    labels: 0 or 1, or probabilities of 1; ValueError on others (only NumPy arrays are looked at).
    positive_weight: how much the surprise of a 1 counts.
    reduction: "mean", "sum", or "none" for one number an element.
    Warns if the logits are a sigmoid's probabilities.
    """
    if _made_by(logits, "sigmoid"):
        warnings.warn(
            "binary_cross_entropy: wants scores, got what sigmoid gave; leave the sigmoid out, "
            "or use binary_cross_entropy_from_probabilities",
            stacklevel=2,
        )
    device.later(check_shares, _array(labels), "binary_cross_entropy")
    if positive_weight == 1.0 and reduction == "mean":
        return ops.binary_cross_entropy(logits, labels)
    labels = _same_shape("binary_cross_entropy", logits, labels)
    yes, no = ops.softplus(-ops.asarray(logits)), ops.softplus(logits)
    losses = _weighed(labels, yes, no, positive_weight)
    return _reduced("binary_cross_entropy", losses, reduction)


def binary_cross_entropy_from_probabilities(
    probabilities: Any, labels: Any, positive_weight: float = 1.0, reduction: str = "mean"
) -> Any:
    """Surprise of yes-or-no labels, in nats, from probabilities of 1. Two of one shape -> a scalar.

    The other arguments are those of binary_cross_entropy, which is better for training. What is
    nearer to 0 or 1 than the dtype's rounding counts as that: loss and derivative stay finite.
    Raises ValueError for numbers outside [0, 1]; only NumPy arrays are looked at.
    """
    where = "binary_cross_entropy_from_probabilities"
    check_probabilities(where, _array(probabilities), rows=False)
    device.later(check_shares, _array(labels), where)
    labels = _same_shape(where, probabilities, labels)
    yes, no = _log(probabilities), _log(1 - ops.asarray(probabilities))
    return _reduced(where, -_weighed(labels, yes, no, positive_weight), reduction)


def kl_divergence(p: Any, q: Any, reduction: str = "mean") -> Any:
    """Extra surprise of coding p with q, in nats: sum of p log(p / q) over classes, mean over rows.

    p, q: probabilities, (..., k) both. p = 0 adds nothing; q below the dtype's rounding counts as
    that, so loss and derivative stay finite. Targets come first: here p is the truth.
    Raises ValueError if the rows are no probabilities; only NumPy arrays are looked at.
    """
    check_probabilities("kl_divergence", _array(p), rows=True)
    check_probabilities("kl_divergence", _array(q), rows=True)
    if shape_of(p) != shape_of(q):
        raise ShapeError(f"kl_divergence: needs one shape, got {shape_of(p)} and {shape_of(q)}")
    p = _like(q, p, floats=True)
    q = _like(p, q, floats=True)
    losses = ops.sum(ops.multiply(p, ops.subtract(_log(p), _log(q))), -1)
    return _reduced("kl_divergence", losses, reduction)


def _surprise(
    where: str, logs: Any, labels: Any, weights: Any, smoothing: float, reduction: str
) -> Any:
    """Cross-entropy from logarithms of probabilities."""
    if not 0 <= smoothing <= 1:
        raise ValueError(f"{where}: label_smoothing is a share in [0, 1], got {smoothing}")
    k = shape_of(logs)[-1]
    weights = None if weights is None else _class_weights(where, logs, weights)
    targets, counts = _targets(where, logs, labels, weights)
    if smoothing:
        targets = targets * (1 - smoothing) + smoothing / k
    if weights is not None:
        targets = ops.multiply(targets, _like(logs, weights, floats=True))
    losses = -ops.sum(ops.multiply(targets, logs), -1)
    if counts is None or reduction != "mean":
        return _reduced(where, losses, reduction)
    return ops.sum(losses) / ops.sum(counts)


def _class_weights(where: str, logs: Any, weights: Any) -> Any:
    """Class weights beside the logs. Raises ShapeError or ValueError."""
    k, plain, home = shape_of(logs)[-1], _array(weights), namespace(_array(logs))
    if shape_of(weights) != (k,):
        raise ShapeError(
            f"{where}: one class weight per class, ({k},) of them, got {shape_of(weights)}"
        )
    if type(plain) is np.ndarray and plain.min() < 0:
        raise ValueError(f"{where}: class weights are from 0, got {plain.min():.4g} among them")
    return weights if home is np or isinstance(weights, Tensor) else home.asarray(plain)


def _targets(where: str, logs: Any, labels: Any, weights: Any) -> tuple[Any, Any]:
    """(a probability for each class, what each example counts in a mean, or None for 1)."""
    labels = _like(logs, labels)
    if shape_of(labels) == shape_of(logs):
        device.later(check_distributions, _array(labels), where)
        return labels, None
    values = logs.data if isinstance(logs, Tensor) else logs
    labels = labels.data if isinstance(labels, Tensor) else labels
    _check_labels(namespace(values), values, labels)
    classes = namespace(labels).arange(values.shape[-1])
    one_hot = cast(classes == namespace(labels).expand_dims(labels, axis=-1), values.dtype)
    if weights is None:
        return one_hot, None
    return one_hot, ops.sum(ops.multiply(one_hot, _like(logs, weights, floats=True)), -1)


def _weighed(labels: Any, yes: Any, no: Any, positive_weight: float) -> Any:
    """What counts of a yes and of a no, for labels from 0 to 1."""
    return ops.add(ops.multiply(labels * positive_weight, yes), ops.multiply(1 - labels, no))


def _difference(where: str, predictions: Any, targets: Any) -> Any:
    if not isinstance(predictions, Tensor):
        predictions = device.as_float(ops.asarray(predictions))  # 0 - 1 is 255 in uint8
    return ops.subtract(predictions, _same_shape(where, predictions, targets))


def _same_shape(where: str, predictions: Any, targets: Any) -> Any:
    """The targets as an array in the predictions' dtype. Raises ShapeError if shapes differ."""
    if shape_of(predictions) != shape_of(targets):
        raise ShapeError(
            f"{where}: one target per prediction, got predictions {shape_of(predictions)} and "
            f"targets {shape_of(targets)}; reshape one, else every one would meet every other"
        )
    return _like(predictions, targets, floats=True)


def _like(x: Any, targets: Any, floats: bool = False) -> Any:
    """The targets as an array beside x: floats, and with `floats` all, in the dtype of x."""
    x = _array(x)
    if isinstance(targets, Tensor):
        return targets
    targets = _array(targets)
    is_float = namespace(targets).isdtype(targets.dtype, "real floating")
    if (floats or is_float) and namespace(x).isdtype(x.dtype, "real floating"):
        return cast(targets, x.dtype)
    return targets


def _array(x: Any) -> Array:
    return x.data if isinstance(x, Tensor) else ops.asarray(x)


def _reduced(where: str, losses: Any, reduction: str) -> Any:
    if reduction == "mean":
        return ops.mean(losses)
    if reduction == "sum":
        return ops.sum(losses)
    if reduction == "none":
        return losses
    raise ValueError(f'{where}: reduction is "mean", "sum" or "none", got {reduction!r}')


@op(lambda xp, g, p, least: g / xp.maximum(p, least))
def _log_from(xp, p, *, least):
    """log(p), where what is below `least` counts as that, and is still pushed up."""
    return xp.log(xp.maximum(p, least))


def _log(probabilities: Any) -> Any:
    """Their logarithm, finite and with a finite derivative: not below the dtype's rounding."""
    p = device.as_float(_array(probabilities))
    least = float(namespace(p).finfo(p.dtype).eps)
    return _log_from(probabilities if isinstance(probabilities, Tensor) else p, least=least)


def _warn_of_probabilities(logits: Any) -> None:
    """Warn if the scores are probabilities for sure, or not recorded and look the same."""
    if isinstance(logits, Tensor) and logits.node is not None:
        found = _made_by(logits, "softmax")
    else:
        x = _array(logits)
        wide = type(x) is np.ndarray and x.ndim and x.shape[-1] > 1 and x.size and x.min() >= 0
        found = bool(wide) and bool(np.allclose(x.sum(axis=-1), 1, rtol=0, atol=1e-6))
    if found:
        warnings.warn(
            "cross_entropy: wants scores, and these look like probabilities (rows sum to 1); "
            "leave the softmax out, or use cross_entropy_from_probabilities",
            stacklevel=3,
        )


def _made_by(x: Any, name: str) -> bool:
    return isinstance(x, Tensor) and x.node is not None and x.node.op is getattr(ops, name).op
