"""Metrics: how good predictions are, in numbers for people; nothing here is differentiated.

Arrays, tensors and lists go in, on any device; NumPy does the counting. Each function has a class
that counts over batches: update(predictions, labels), result(), reset(). Letters: n examples (of
any shape), k classes, the last axis of scores.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from mlkit import device
from mlkit.engine import ShapeError, Tensor
from mlkit.labels import class_numbers

__all__ = [  # noqa: RUF022, in teaching order
    "accuracy",
    "top_k_accuracy",
    "confusion_matrix",
    "precision",
    "recall",
    "calibration_error",
    "Accuracy",
    "TopKAccuracy",
    "ConfusionMatrix",
    "CalibrationError",
    "Mean",
]


class Mean:
    """The running mean of numbers, such as losses, each with the number of examples behind it.

    >>> round(Mean().update(1.0, 32).update(2.0, 16).result(), 4)
    1.3333
    """

    def __init__(self) -> None:
        self.reset()

    def update(self, value: Any, examples: float = 1) -> Self:
        """Count one number, or each element of an array, so many times."""
        values = _host(value)
        self._total += float(values.sum()) * examples
        self._count += values.size * examples
        return self

    def result(self) -> float:
        """The mean so far; NaN before any number came."""
        return self._total / self._count if self._count else float("nan")

    def reset(self) -> None:
        """Forget everything."""
        self._total = self._count = 0.0


class Accuracy:
    """The share of examples whose class is right."""

    def __init__(self) -> None:
        self._mean = Mean()

    def update(self, predictions: Any, labels: Any) -> Self:
        """Count a batch. predictions: (n, k) scores, or (n,) class numbers; labels: (n,) ints."""
        labels = _labels("accuracy", labels)
        self._mean.update(_classes("accuracy", predictions, labels) == labels)
        return self

    def result(self) -> float:
        """The share so far, in [0, 1]; NaN before any example came."""
        return self._mean.result()

    def reset(self) -> None:
        """Forget everything."""
        self._mean.reset()


class TopKAccuracy(Accuracy):
    """The share of examples whose class is among the k with the highest scores.

    Equal scores count against the label, so that a constant prediction earns nothing.
    """

    def __init__(self, k: int = 5):
        super().__init__()
        _check_count("top_k_accuracy", "k", k)
        self.k = k

    def update(self, predictions: Any, labels: Any) -> Self:
        """Count a batch. predictions: (n, classes) scores; labels: (n,) ints."""
        scores, labels = _scores("top_k_accuracy", predictions, labels)
        own = np.take_along_axis(scores, labels[..., None], -1)
        rank = (scores >= own).sum(-1)  # 1 for the best; NaN beats nobody
        self._mean.update((rank <= self.k) & (rank > 0))
        return self


class ConfusionMatrix:
    """How often each class was taken for each: matrix[true, predicted]."""

    def __init__(self, classes: int | Sequence[str]):
        counted = isinstance(classes, int | np.integer)
        self.names = [str(i) for i in range(classes)] if counted else list(classes)  # type: ignore
        self.reset()

    def update(self, predictions: Any, labels: Any) -> Self:
        """Count a batch. predictions: (n, k) scores, or (n,) class numbers; labels: (n,) ints."""
        where, k = "confusion_matrix", len(self.names)
        labels = _labels(where, labels)
        guesses = _classes(where, predictions, labels)
        for name, numbers in (("labels", labels), ("predictions", guesses)):
            if numbers.size and not (numbers.min() >= 0 and numbers.max() < k):
                raise ValueError(
                    f"{where}: {name} must be in [0, {k}), got {numbers.min()} to {numbers.max()}"
                )
        pairs = (labels * k + guesses).ravel()
        self._matrix += np.bincount(pairs, minlength=k * k).reshape(k, k)
        return self

    def result(self) -> np.ndarray:
        """The counts so far, (k, k): rows are true classes, columns predicted ones."""
        return self._matrix.copy()

    def reset(self) -> None:
        """Forget everything."""
        self._matrix = np.zeros((len(self.names),) * 2, np.int64)

    def __str__(self) -> str:
        """A table with precision and recall of each class."""
        head = ["true \\ predicted", *self.names, "recall"]
        found = zip(self.names, self._matrix, recall(self._matrix), strict=True)
        rows = [[name, *map(str, counts), f"{share:.3f}"] for name, counts, share in found]
        last = ["precision", *(f"{share:.3f}" for share in precision(self._matrix)), ""]
        table = [head, *rows, last]
        widths = [max(len(row[i]) for row in table) for i in range(len(head))]
        lines = ([f"{x:>{n}}" for x, n in zip(row, widths, strict=True)] for row in table)
        return "\n".join("  ".join(line).rstrip() for line in lines)


class CalibrationError:
    """Whether a probability p is right in a share p of cases: the expected calibration error.

    The highest probability of each example falls in one of `bins` bins of equal width, the upper
    edge inside. The result is the mean over examples of |accuracy - mean probability| of their bin.
    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, eq. 3.
    """

    def __init__(self, bins: int = 15):
        _check_count("calibration_error", "bins", bins)
        self.bins = bins
        self.reset()

    def update(self, probabilities: Any, labels: Any) -> Self:
        """Count a batch. probabilities: (n, k), rows sum to 1; labels: (n,) ints."""
        p, labels = _scores("calibration_error", probabilities, labels)
        if p.size and not (p.min() >= 0 and np.allclose(p.sum(-1), 1, rtol=0, atol=1e-3)):
            raise ValueError(
                "calibration_error: needs probabilities whose rows sum to 1, got numbers from "
                f"{p.min():.4g} to {p.max():.4g}; apply softmax to scores"
            )
        sure = p.max(-1).ravel().astype(np.float64)
        right = (p.argmax(-1) == labels).ravel()
        places = np.clip(np.ceil(sure * self.bins).astype(np.int64) - 1, 0, self.bins - 1)
        for i, values in enumerate((np.ones_like(sure), sure, right)):
            self._sums[i] += np.bincount(places, values, self.bins)
        return self

    def result(self) -> float:
        """The error so far, in [0, 1]; NaN before any example came."""
        count, sure, right = self._sums
        return float(np.abs(right - sure).sum() / count.sum()) if count.any() else float("nan")

    def curve(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(mean probability, accuracy, examples) of each bin, (bins,): a reliability diagram.

        NaN stands for the first two in an empty bin.
        """
        count, sure, right = self._sums
        filled = np.where(count > 0, count, np.nan)
        return sure / filled, right / filled, count.astype(np.int64)

    def reset(self) -> None:
        """Forget everything."""
        self._sums = np.zeros((3, self.bins))


def accuracy(predictions: Any, labels: Any) -> float:
    """The share of examples whose class is right. (n, k) scores or (n,) classes, (n,) -> number.

    A row with NaN is never right. For one score an example: accuracy(scores[:, 0] > 0, labels).
    >>> accuracy([[0.9, 0.1], [0.4, 0.6]], [0, 0])
    0.5
    """
    return Accuracy().update(predictions, labels).result()


def top_k_accuracy(scores: Any, labels: Any, k: int = 5) -> float:
    """The share of examples whose class is among the k with the highest scores; ties lose.

    >>> top_k_accuracy([[0.5, 0.3, 0.2]], [1], k=2)
    1.0
    """
    return TopKAccuracy(k).update(scores, labels).result()


def confusion_matrix(predictions: Any, labels: Any, classes: int | None = None) -> np.ndarray:
    """How often each class was taken for each: (k, k), rows true, columns predicted.

    predictions: (n, k) scores, or (n,) class numbers; then classes says k, else the largest does.
    >>> confusion_matrix([0, 1, 1], [0, 0, 1]).tolist()
    [[1, 1], [0, 1]]
    """
    guesses, known = _host(predictions), _labels("confusion_matrix", labels)
    if classes is None and guesses.ndim > known.ndim:
        classes = guesses.shape[-1]
    if classes is None:
        classes = int(max(guesses.max(initial=-1), known.max(initial=-1))) + 1
    return ConfusionMatrix(classes).update(guesses, known).result()


def precision(matrix: Any) -> np.ndarray:
    """Of those taken for a class, the share that belongs to it. Confusion matrix (k, k) -> (k,).

    NaN for a class that was never predicted.
    """
    matrix = _host(matrix)
    return _shares(np.diagonal(matrix), matrix.sum(0))


def recall(matrix: Any) -> np.ndarray:
    """Of those that belong to a class, the share taken for it. Confusion matrix (k, k) -> (k,).

    NaN for a class that never came.
    """
    matrix = _host(matrix)
    return _shares(np.diagonal(matrix), matrix.sum(1))


def calibration_error(probabilities: Any, labels: Any, bins: int = 15) -> float:
    """Expected calibration error of (n, k) probabilities, in [0, 1]: see CalibrationError."""
    return CalibrationError(bins).update(probabilities, labels).result()


def _check_count(where: str, name: str, n: Any) -> None:
    if not isinstance(n, int | np.integer) or n < 1:
        raise ValueError(f"{where}: {name} is a whole number from 1, got {n!r}")


def _shares(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, NaN where the whole is 0."""
    return part / np.where(whole > 0, whole, np.nan)


def _host(x: Any) -> np.ndarray:
    return device.to_host(x.data if isinstance(x, Tensor) else device.as_array(x))


def _labels(where: str, labels: Any) -> np.ndarray:
    return class_numbers(where, _host(labels))


def _classes(where: str, predictions: Any, labels: np.ndarray) -> np.ndarray:
    """The predicted class numbers, one for each label."""
    guesses = _host(predictions)
    if guesses.ndim == labels.ndim + 1 and guesses.shape[:-1] == labels.shape:
        if guesses.shape[-1] == 1:
            raise ShapeError(
                f"{where}: one score an example, {guesses.shape}, says yes or no, not which class; "
                f"give {where}(scores[:, 0] > 0, labels), for probabilities > 0.5"
            )
        return np.where(np.isnan(guesses).any(-1), -1, guesses.argmax(-1))  # NaN is no class
    if guesses.shape != labels.shape:
        raise ShapeError(
            f"{where}: one prediction per label, got predictions {guesses.shape} "
            f"and labels {labels.shape}"
        )
    if guesses.dtype.kind == "f":
        raise TypeError(
            f"{where}: predictions are classes or rows of scores, got one {guesses.dtype} a label; "
            "make a probability a class with p > 0.5"
        )
    return _labels(where, guesses)


def _scores(where: str, predictions: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
    """Scores (n, k) and labels (n,), checked against each other."""
    scores, labels = _host(predictions), _labels(where, labels)
    if scores.shape[:-1] != labels.shape or scores.ndim != labels.ndim + 1:
        raise ShapeError(
            f"{where}: one row of scores per label, got scores {scores.shape} "
            f"and labels {labels.shape}"
        )
    k = scores.shape[-1]
    if labels.size and not (labels.min() >= 0 and labels.max() < k):
        raise ValueError(
            f"{where}: labels must be in [0, {k}), got {labels.min()} to {labels.max()}"
        )
    return scores, labels
