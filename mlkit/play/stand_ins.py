"""What stands in for a student's function where mlkit itself has none of that name.

A lesson asks for these one at a time; mlkit does such work inside larger functions.
"""

import numpy as np

import mlkit


def softmax_jacobian(z: np.ndarray) -> np.ndarray:
    """Slopes of every probability by every score. (n,) -> (n, n), row = output."""
    a = mlkit.softmax(z)
    return np.diag(a) - np.outer(a, a)


def short_way(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Slopes of the mean cross-entropy by the scores. (batch, n), (batch, n) -> (batch, n)."""
    return (mlkit.softmax(z) - y) / len(z)
