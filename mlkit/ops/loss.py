"""From scores to probabilities and losses, computed from the scores so that nothing overflows.

Letters: n batch, k classes. Logarithms are natural: losses are in nats. Classes are the last axis.
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from mlkit.device import (
    Array,
    as_float,
    cast,
    held,
    largest,
    later,
    namespace,
    quiet,
    total,
)
from mlkit.engine import ShapeError, op
from mlkit.ops.activation import sigmoid, softplus
from mlkit.ops.reduce import reopen

__all__ = [
    "binary_cross_entropy", "cross_entropy", "kl_divergence", "log_softmax", "logsumexp", "softmax",
]  # fmt: skip


@op(lambda g, z, axis: z * (g - total(g * z, axis, True)))
def softmax(xp, x, *, axis=-1):
    """Scores as probabilities: positive, summing to 1 along `axis`. Same shape.

    A row that is all -inf has no distribution: NaN, without a warning.
    """
    with quiet():
        e = xp.exp(x - largest(x, axis))  # no exponential is above 1
        return e / total(e, axis, True)


@op(lambda xp, g, z, axis: g - xp.exp(z) * xp.sum(g, axis=axis, keepdims=True))
def log_softmax(xp, x, *, axis=-1):
    """Logarithm of softmax, exact where softmax is 0 in floating point. Same shape; values <= 0."""
    with quiet():
        shifted = x - largest(x, axis)
        return shifted - xp.log(total(xp.exp(shifted), axis, True))


@op(lambda xp, g, x, axis, keepdims: reopen(xp, g, axis, keepdims) * softmax(x, axis))
def logsumexp(xp, x, *, axis=-1, keepdims=False):
    """log(sum(exp(x))) along `axis`, without overflow. (..., k) -> (...).

    A row that is all -inf gives -inf, without a warning.
    """
    with quiet():
        m = xp.max(x, axis=axis, keepdims=True)
        m = xp.where(xp.isfinite(m), m, 0)  # inf - inf would be NaN
        z = xp.log(xp.sum(xp.exp(x - m), axis=axis, keepdims=True)) + m
        return z if keepdims else xp.squeeze(z, axis=_all_axes(x, axis))


def _all_axes(x: Array, axis: Any) -> Any:
    return tuple(range(x.ndim)) if axis is None else axis


def _one_hot(xp: Any, x: Array, labels: Array) -> Array:
    """1.0 at each row's label, else 0, in the shape and dtype of x."""
    plain = namespace(labels)
    hit = plain.arange(x.shape[-1]) == plain.expand_dims(labels, axis=-1)
    return xp.where(hit, xp.ones_like(x), 0)


def _check_labels(xp: Any, logits: Array, labels: Array) -> None:
    host = type(labels) is np.ndarray  # the usual case, checked in a tenth of the time
    if not (labels.dtype.kind in "iu" if host else xp.isdtype(labels.dtype, "integral")):
        raise TypeError(
            f"cross_entropy: labels are class numbers (ints), got {labels.dtype}; "
            "turn one-hot rows into them with argmax(axis=-1)"
        )
    if logits.shape[:-1] != labels.shape:
        raise ShapeError(
            f"cross_entropy: one label per row of scores, got scores {logits.shape} "
            f"and labels {labels.shape}; labels need shape {logits.shape[:-1]}"
        )
    if math.prod(labels.shape):
        later(_check_classes, labels, logits.shape[-1])


def _check_classes(labels: Array, classes: int) -> None:
    xp, host = namespace(labels), type(labels) is np.ndarray
    unsigned = labels.view(np.uint64) if host and labels.dtype == np.int64 else None
    if unsigned is not None and np.maximum.reduce(unsigned, None) < classes:
        return  # the usual case in one look: a negative label is a huge unsigned one
    if not (xp.min(labels) >= 0 and xp.max(labels) < classes):
        raise ValueError(
            f"cross_entropy: labels must be in [0, {classes}), "
            f"got {int(xp.min(labels))} to {int(xp.max(labels))}; classes count from 0"
        )


def _for_logits(xp: Any, g: Array, logits: Array, labels: Array, memo: Any) -> Array:
    """softmax - one-hot, times what one row counts."""
    share = g / math.prod(labels.shape)
    if not memo or namespace(g) is not np:
        return (softmax(logits) - _one_hot(xp, logits, labels)) * share
    h = memo["exp"] * (share / memo["sums"])
    h.reshape(-1)[memo["places"]] -= share
    return h.T


def _by_columns(logits: Array, labels: Array, memo: dict) -> Array:
    """cross_entropy for NumPy, a column per example: reductions then run along memory."""
    n = labels.size
    places = labels.astype(np.intp) * n + _count_to(n)  # of the true classes, through all of e
    with quiet():
        e = logits.T.copy()
        e -= np.maximum.reduce(e, 0)
        true = np.add.reduce(e.reshape(-1).take(places))
        np.exp(e, e)
        sums = np.add.reduce(e, 0)
        memo["exp"], memo["sums"], memo["places"] = e, sums, places
        return (np.add.reduce(np.log(sums)) - true) / n


@lru_cache(maxsize=4)
def _count_to(n: int) -> np.ndarray:
    """0 to n - 1, for reading only: a batch has mostly the size of the one before."""
    return np.arange(n)


@op(_for_logits, None)
def cross_entropy(xp, logits, labels, memo):
    """Mean surprise of the true classes, in nats, computed from scores.

    logits: (n, k) floats; labels: (n,) ints in [0, k). Gives a scalar >= 0.
    Raises ShapeError if the batches differ, ValueError on a label outside the range.
    Source: Bishop, Pattern Recognition and Machine Learning, eq. 4.108.
    >>> round(float(cross_entropy([[0.0, 0.0]], [1])), 4)
    0.6931
    """
    _check_labels(xp, logits, labels)
    if (
        memo is not None
        and namespace(logits, labels) is np  # an array of it, or a tracer of jit
        and logits.ndim == 2
        and logits.dtype.kind == "f"
    ):
        return _by_columns(logits, labels, memo)
    places = xp.expand_dims(labels, axis=-1)
    return -xp.mean(xp.take_along_axis(log_softmax(logits), places, axis=-1))


def _check_binary(logits: Array, labels: Array) -> None:
    if logits.shape != labels.shape:
        raise ShapeError(
            f"binary_cross_entropy: one label per score, got scores {logits.shape} and labels "
            f"{labels.shape}; reshape the labels, else every score would meet every label"
        )


@op(
    lambda xp, g, logits, labels: (
        (sigmoid(logits) - cast(held(labels), logits.dtype)) * (g / math.prod(logits.shape))
    ),
    lambda g, logits, labels: logits * (-g / math.prod(labels.shape)),
)
def binary_cross_entropy(xp, logits, labels):
    """Mean surprise of yes-or-no labels, in nats, computed from scores, over all elements.

    logits: finite; labels: their shape, in [0, 1], ints and booleans too. Gives a scalar >= 0.
    Raises ShapeError if the shapes differ.
    Source: Bishop, Pattern Recognition and Machine Learning, eq. 4.90.
    >>> round(float(binary_cross_entropy([1000.0, -1000.0], [0, 0])), 4)
    500.0
    """
    logits, labels = as_float(held(logits)), held(labels)
    _check_binary(logits, labels)
    return xp.mean(softplus(logits) - logits * cast(labels, logits.dtype))


def _ratio(xp: Any, p: Array, q: Array) -> Array:
    """p / q, and 0 where p is 0."""
    with quiet():
        return xp.where(p > 0, p / q, 0)


def _log_ratio(xp: Any, p: Array, q: Array) -> Array:
    """log(p / q), and 0 where p is 0: that term of the divergence is 0 by definition."""
    with quiet():
        return xp.where(p > 0, xp.log(xp.where(p > 0, p, 1)) - xp.log(q), 0)


@op(
    lambda xp, g, p, q, axis: (
        reopen(xp, g, axis, False) * xp.where(p > 0, _log_ratio(xp, p, q) + 1, 0)
    ),
    lambda xp, g, p, q, axis: -reopen(xp, g, axis, False) * _ratio(xp, p, q),
)
def kl_divergence(xp, p, q, *, axis=-1):
    """Extra surprise of coding p with q: sum of p log(p / q), in nats. (..., k) -> (...).

    p = 0 adds nothing; q = 0 where p > 0 gives infinity.
    """
    with quiet():
        return xp.sum(p * _log_ratio(xp, p, q), axis=axis)
