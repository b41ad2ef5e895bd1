"""Which rows come when: batches for one pass over the data, and a split into parts.

A row stays whole: everything given is cut along the first axis in the same way.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["Batches", "batches", "same_rows", "split"]

Pair = tuple[np.ndarray, np.ndarray]


class Batches:
    """Batches of x and y, as often as they are asked for; with rng, in a new order each time."""

    def __init__(self, x: Any, y: Any, size: int, rng: np.random.Generator | None, last: bool):
        self.x, self.y, self.size, self.rng, self.last = x, y, size, rng, last

    def __len__(self) -> int:
        rows = len(self.x) if self.last else len(self.x) - self.size + 1
        return -(-rows // self.size)

    def __iter__(self) -> Iterator[Pair]:
        return self.after(0)

    def after(self, n: int) -> Iterator[Pair]:
        """The batches of one pass without the first n. The order is drawn at once."""
        order = None if self.rng is None else self.rng.permutation(len(self.x))
        return self._cut(order, n)

    def _cut(self, order: np.ndarray | None, n: int) -> Iterator[Pair]:
        for i in range(n, len(self)):
            rows: Any = slice(i * self.size, (i + 1) * self.size)
            if order is not None:
                rows = order[rows]
            yield self.x[rows], self.y[rows]


def batches(
    x: Any,
    y: Any,
    size: int,
    rng: np.random.Generator | int | None = None,
    last: bool = True,
) -> Batches:
    """(x, y) in pieces of `size` rows. Go through it with for, once per epoch.

    x: (n, ...); y: (n, ...). rng: a generator or a seed, which draws a new order for each pass;
    None keeps the order. last: whether the last piece comes too if it is shorter. Without rng,
    pieces are views. Raises ValueError if the numbers of rows differ, are 0, size is not a positive
    integer, or no piece would be left.
    >>> [len(labels) for images, labels in batches(np.zeros((7, 2)), np.arange(7), 3)]
    [3, 3, 1]
    """
    x, y = (part if hasattr(part, "shape") else np.asarray(part) for part in (x, y))
    rows = same_rows("batches", x, y)
    if not isinstance(size, int | np.integer) or size < 1:
        raise ValueError(f"batches: size must be a whole number of at least 1, got {size!r}")
    if not last and rows < size:
        raise ValueError(f"batches: {rows} rows make no whole batch of {size}; take a smaller size")
    rng = None if rng is None else np.random.default_rng(rng)
    return Batches(x, y, int(size), rng, last)


def split(
    x: Any,
    y: Any,
    validation: float | int = 0.2,
    test: float | int = 0.2,
    *,
    rng: np.random.Generator | int,
    stratified: bool = False,
) -> tuple[Pair, Pair, Pair]:
    """Rows dealt at random to three parts: ((x, y) to train, (x, y) to validate, (x, y) to test).

    Each row goes to one part only. x: (n, ...); y: (n, ...).
    validation, test: a share as a float below 1, or a number of rows as an int; the rest trains.
    rng: a generator or a seed.
    stratified: every part has the classes of y, (n,), in the same proportions, to a row or so.
    Raises ValueError if no row is left to train.
    >>> train, validation, test = split(np.eye(10), np.arange(10), rng=np.random.default_rng(0))
    >>> [len(y) for x, y in (train, validation, test)]
    [6, 2, 2]
    """
    x, y = np.asarray(x), np.asarray(y)
    n = same_rows("split", x, y)
    sizes = [_rows_of(validation, "validation", n), _rows_of(test, "test", n)]
    if sum(sizes) >= n:
        raise ValueError(
            f"split: validation and test take {sum(sizes)} of {n} rows and leave none to train"
        )
    order = np.random.default_rng(rng).permutation(n)
    if stratified:
        order = _interleaved(order, y)
    parts = np.split(order, [n - sum(sizes), n - sizes[1]])
    train, validating, testing = ((x[rows], y[rows]) for rows in parts)
    return train, validating, testing


def same_rows(name: str, x: Any, y: Any) -> int:
    """The number of rows of both. Raises ValueError if it differs or is 0."""
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"{name}: x and y must have the same number of rows, at least one, "
            f"got {len(x)} and {len(y)}"
        )
    return len(x)


def _rows_of(share: float | int, name: str, n: int) -> int:
    """How many of n rows a part gets."""
    whole = isinstance(share, int | np.integer)
    if not (share >= 0 if whole else 0 <= share < 1):
        raise ValueError(
            f"split: {name} is a share from 0 to below 1 or a number of rows, got {share!r}"
        )
    return int(share if whole else round(share * n))


def _interleaved(order: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The order with classes spread evenly, so that each stretch has all in proportion."""
    place = np.empty(len(order))
    for label in np.unique(y):
        rows = np.flatnonzero(y[order] == label)
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return order[np.argsort(place, kind="stable")]
