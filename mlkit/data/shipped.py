"""Data that comes with mlkit: small, and there without a network."""

from importlib.resources import files

import numpy as np

__all__ = ["digits"]


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits: 1797 grey images of 8 by 8 pixels, and which digit each shows.

    Gives images (1797, 8, 8), float64 in [0, 1], and labels (1797,), int64 in 0..9.
    Source: E. Alpaydin and C. Kaynak, UCI machine learning repository, 1998, CC BY 4.0;
    digits.md beside this file says more.
    >>> images, labels = digits()
    >>> images.shape, labels[:5].tolist()
    ((1797, 8, 8), [0, 1, 2, 3, 4])
    """
    with (
        files("mlkit.data").joinpath("digits.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as stored,
    ):
        return stored["images"] / 16.0, stored["labels"].astype(np.int64)
