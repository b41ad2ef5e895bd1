"""Labels and pixels as the numbers that a network takes."""

from typing import Any, Self

import numpy as np

__all__ = ["OneHotEncoder", "to_float"]


class OneHotEncoder:
    """Labels as rows with a single 1, and back. The classes are those it was fitted to, sorted.

    >>> encoder = OneHotEncoder().fit(["cat", "dog", "cat"])
    >>> encoder.transform(["dog"])
    array([[0., 1.]])
    >>> encoder.inverse_transform([[0.9, 0.1]]).tolist()
    ['cat']
    """

    classes: np.ndarray

    def fit(self, labels: Any) -> Self:
        """Learn the classes from labels (n,), numbers or strings. Gives the encoder itself."""
        labels = np.asarray(labels)
        if labels.ndim != 1 or not len(labels):
            raise ValueError(
                f"OneHotEncoder.fit: labels must be one row of at least one, got {labels.shape}"
            )
        self.classes = np.unique(labels)
        return self

    def transform(self, labels: Any) -> np.ndarray:
        """Rows with a 1 at the label's class. (n,) -> (n, classes), float64.

        Raises ValueError on a label that was not there in fit, naming it.
        """
        labels = np.asarray(labels)
        classes = self._fitted("transform")
        if labels.ndim != 1:
            raise ValueError(f"OneHotEncoder.transform: labels must be one row, got {labels.shape}")
        column = np.searchsorted(classes, labels).clip(max=len(classes) - 1)
        unseen = np.flatnonzero(classes[column] != labels)
        if len(unseen):
            raise ValueError(
                f"OneHotEncoder.transform: label {labels[unseen[0]].item()!r} at place {unseen[0]} "
                f"is none of the classes {classes.tolist()} seen in fit"
            )
        return np.eye(len(classes))[column]

    def fit_transform(self, labels: Any) -> np.ndarray:
        """fit and transform in one. (n,) -> (n, classes)."""
        return self.fit(labels).transform(labels)

    def inverse_transform(self, rows: Any) -> np.ndarray:
        """The class of the largest number in each row. (n, classes) -> (n,)."""
        rows = np.asarray(rows)
        classes = self._fitted("inverse_transform")
        if rows.ndim != 2 or rows.shape[1] != len(classes):
            raise ValueError(
                f"OneHotEncoder.inverse_transform: rows must have {len(classes)} columns, "
                f"one for each class, got {rows.shape}"
            )
        return classes[rows.argmax(axis=1)]

    def _fitted(self, name: str) -> np.ndarray:
        if not hasattr(self, "classes"):
            raise RuntimeError(f"OneHotEncoder.{name}: call fit with the training labels first")
        return self.classes


def to_float(images: Any, dtype: Any = np.float64) -> np.ndarray:
    """Pixels as floats in [0, 1]. (...) uint8 -> (...).

    Raises TypeError for any other dtype: floats may be scaled already, and a second division by
    255 would leave next to nothing; other integers may have another range.
    >>> to_float(np.array([0, 51, 255], np.uint8)).tolist()
    [0.0, 0.2, 1.0]
    """
    images = np.asarray(images)
    if images.dtype != np.uint8:
        range_ = f"from {images.min()} to {images.max()}" if images.size else "without elements"
        cure = (
            "are they scaled already? Then leave them as they are"
            if images.dtype.kind == "f"
            else "divide by the largest possible value yourself"
        )
        raise TypeError(f"to_float: takes uint8, 0 to 255, got {images.dtype} {range_}; {cure}")
    return images.astype(dtype) / np.asarray(255, dtype)
