"""The arithmetic of the staircase: one neuron, one weight, 24 real digits; no picture, no widget.

The neuron asks "is it a 2?" of one number an image, its foot: the share of the ink that lies in the
two bottom rows. Its answer is p = sigmoid(weight * foot - 5), and it says yes where p >= 0.5.
`staircase_arithmetic.js` says the same for the browser, and a browser test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

import mlkit
from mlkit.data import digits
from mlkit.play import asking

BIAS = -5.0
WEIGHTS = (0.0, 40.0)
EACH = 12
"""How many twos, and how many other digits, the neuron is shown."""


@dataclass(frozen=True)
class Examples:
    """What the neuron sees, by growing foot.

    pixels (24, 8, 8) in [0, 1]; foot (24,) in [0, 1]; labels (24,), 1 for a two; digits (24,).
    """

    pixels: np.ndarray
    foot: np.ndarray
    labels: np.ndarray
    digits: np.ndarray


@lru_cache
def examples() -> Examples:
    """The first twelve twos and the first twelve others among the digits that come with mlkit."""
    images, names = digits()
    first = [np.flatnonzero((names == 2) == wanted)[:EACH] for wanted in (True, False)]
    chosen = np.concatenate(first)
    foot = images[chosen, 6:].sum(axis=(1, 2)) / images[chosen].sum(axis=(1, 2))
    order = foot.argsort()
    chosen = chosen[order]
    return Examples(images[chosen], foot[order], (names[chosen] == 2) * 1, names[chosen])


@dataclass(frozen=True)
class Position:
    """Where the weight stands, and the numbers that follow. Raises ValueError outside [0, 40]."""

    weight: float = 6.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", check_weight(self.weight))

    @property
    def scores(self) -> np.ndarray:
        """What goes into the sigmoid, one number an image. Shape (24,)."""
        return self.weight * examples().foot + BIAS

    @property
    def probabilities(self) -> np.ndarray:
        """How sure the neuron is that each image shows a 2. Shape (24,), in (0, 1)."""
        return mlkit.sigmoid(self.scores)

    @property
    def right(self) -> int:
        """How many of the images are named rightly."""
        return int(((self.scores >= 0) == examples().labels).sum())

    @property
    def accuracy(self) -> float:
        """The share that is named rightly, in [0, 1]."""
        return self.right / len(examples().foot)

    @property
    def loss(self) -> float:
        """Mean cross-entropy over the images, in nats."""
        return mean_loss(self.scores)

    @property
    def loss_slope(self) -> float:
        """How much the loss grows for each unit of weight: the mean of (p - label) * foot."""
        return float(np.mean((self.probabilities - examples().labels) * examples().foot))

    @property
    def next_step(self) -> tuple[float, int] | None:
        """The next weight at which an answer flips, and +1 or -1 right ones; None behind the last.

        Between such weights the accuracy is flat: its slope is 0.
        """
        flips = -BIAS / examples().foot[::-1]  # the largest foot flips first
        later = np.flatnonzero(flips > self.weight)
        if not len(later):
            return None
        return float(flips[later[0]]), int(2 * examples().labels[::-1][later[0]] - 1)


def mean_loss(scores: np.ndarray) -> float:
    """Cross-entropy of these scores and the examples' labels, in nats. (24,) -> a number."""
    return float(np.mean(mlkit.softplus(scores) - examples().labels * scores))


def check_weight(weight: float) -> float:
    """The weight as a float. Raises ValueError outside [0, 40]."""
    low, high = WEIGHTS
    if not low <= weight <= high:
        raise ValueError(f"staircase: weight must lie in [{low:.0f}, {high:.0f}], got {weight}")
    return float(weight)


def owner(sigmoid: Callable[..., Any]) -> str:
    """Whose sigmoid this is."""
    return "mlkit's sigmoid" if sigmoid is mlkit.sigmoid else "your sigmoid"


def ask(sigmoid: Callable[..., Any], position: Position) -> tuple[list[float], str]:
    """What this sigmoid makes of the scores: its 24 numbers, or a sentence why there are none."""
    scores = position.scores
    return asking.ask(sigmoid, (scores,), scores.shape, owner(sigmoid))


def judged(values: list[float], position: Position) -> str:
    """One sentence on what a sigmoid gave: whether it agrees with mlkit's, or how it is off."""
    return asking.judged(values, position.probabilities.tolist())
