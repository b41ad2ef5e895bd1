"""What losses and metrics ask of labels and probabilities, before they count with them.

`where` is the function that asks. Only NumPy arrays are looked at: on a GPU, looking would mean
waiting.
"""

import numpy as np

from mlkit.device import Array

__all__ = ["check_distributions", "check_probabilities", "check_shares", "class_numbers"]


def check_probabilities(where: str, p: Array, rows: bool) -> None:
    """Raise ValueError unless all are in [0, 1] and, for rows, sum to 1 within 0.001."""
    if type(p) is not np.ndarray or not p.size:
        return
    low, high = p.min(), p.max()
    sums = p.sum(axis=-1) if rows else p
    if not (low >= 0 and high <= 1.001):
        found = f"numbers from {low:.4g} to {high:.4g}"
    elif rows and not np.abs(sums - 1).max() <= 0.001:
        found = f"rows that sum to {sums.min():.4g} to {sums.max():.4g}"
    else:
        return
    twin = where.removesuffix("_from_probabilities")
    cure = "apply softmax to scores" if twin == where else f"for scores use {twin}"
    wanted = "probabilities whose rows sum to 1" if rows else "probabilities in [0, 1]"
    raise ValueError(f"{where}: needs {wanted}, got {found}; {cure}")


def check_distributions(labels: Array, where: str) -> None:
    """Raise ValueError unless each row of labels, (..., k), is a distribution."""
    if type(labels) is not np.ndarray or not labels.size:
        return
    sums = labels.sum(axis=-1)
    if not (labels.min() >= 0 and np.abs(sums - 1).max() <= 0.001):
        raise ValueError(
            f"{where}: labels in the shape of the scores are probabilities that sum to 1 in a row, "
            f"got {labels.min():.4g} as the smallest and sums to {sums.max():.4g}; are they scores?"
        )


def check_shares(labels: Array, where: str) -> None:
    """Raise ValueError unless all labels are in [0, 1]."""
    if type(labels) is np.ndarray and labels.size and not 0 <= labels.min() <= labels.max() <= 1:
        raise ValueError(
            f"{where}: labels are 0 or 1, or probabilities of 1, got {labels.min():.4g} to "
            f"{labels.max():.4g}; turn -1 and 1 into them with (labels + 1) / 2"
        )


def class_numbers(where: str, labels: np.ndarray) -> np.ndarray:
    """Labels as int64. Raises TypeError if they are floats, one-hot rows most often."""
    if labels.dtype.kind not in "iub":
        raise TypeError(
            f"{where}: labels are class numbers (ints), got {labels.dtype}; "
            "turn one-hot rows into them with argmax(axis=-1)"
        )
    return labels.astype(np.int64)
