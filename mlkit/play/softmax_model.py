"""The arithmetic of the softmax lab, in the three precisions of NumPy; no picture, no widget.

`softmax_arithmetic.js` says the same for the browser, and a browser test holds the two together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import mlkit
from mlkit.play import asking

CLASSES = "ABCDEF"
PRECISIONS = ("float16", "float32", "float64")
LARGEST_SCORE = 5000.0  # at temperature 0.1 this is 50000, which float16 can still hold
TEMPERATURES = (0.1, 10.0)


def normalise(z: np.ndarray) -> np.ndarray:
    """Each score's share of the sum: z / sum(z). Same shape; a sum of 0 gives inf or NaN."""
    return z / z.sum()


def naive_softmax(z: np.ndarray) -> np.ndarray:
    """Softmax as the formula reads: exp(z) / sum(exp(z)). Same shape; NaN where exp overflows."""
    powers = np.exp(z)
    return powers / powers.sum()


def stable_softmax(z: np.ndarray) -> np.ndarray:
    """The same softmax after subtracting the largest score. Same shape; sums to 1."""
    return naive_softmax(z - z.max())


@dataclass(frozen=True)
class Position:
    """Where the controls of the lab stand, and the numbers that follow from it.

    logits: 2 to 6 scores in [-5000, 5000]; temperature in [0.1, 10];
    precision: float16, float32 or float64, the type all the arithmetic runs in.
    Raises ValueError outside these ranges.
    """

    logits: tuple[float, ...] = (1.0, 2.0)
    temperature: float = 1.0
    precision: str = "float64"

    def __post_init__(self) -> None:
        object.__setattr__(self, "logits", check_logits(self.logits))
        object.__setattr__(self, "temperature", check_temperature(self.temperature))
        if self.precision not in PRECISIONS:
            raise ValueError(
                f"softmax lab: precision must be one of {', '.join(PRECISIONS)}, "
                f"got {self.precision!r}"
            )

    @property
    def scores(self) -> np.ndarray:
        """The logits, rounded to the precision. Shape (classes,)."""
        return np.asarray(self.logits, dtype=self.precision)

    @property
    def scaled(self) -> np.ndarray:
        """The logits divided by the temperature: what every softmax here is given. (classes,)."""
        return self.scores / self.scores.dtype.type(self.temperature)

    def columns(self) -> dict[str, np.ndarray]:
        """Normalise, naive and stable softmax at this position, each of shape (classes,)."""
        with np.errstate(all="ignore"):  # overflow and 0 / 0 are what the lab is there to show
            return {
                "normalise": normalise(self.scores),
                "naive softmax": naive_softmax(self.scaled),
                "stable softmax": stable_softmax(self.scaled),
            }

    @property
    def probabilities(self) -> list[float]:
        """The stable softmax as Python numbers."""
        return self.columns()["stable softmax"].tolist()


def check_logits(logits: Sequence[float]) -> tuple[float, ...]:
    """The scores as a tuple of floats. Raises ValueError on a wrong count or size."""
    scores = tuple(float(score) for score in logits)
    if not 2 <= len(scores) <= len(CLASSES):
        raise ValueError(f"softmax lab: logits must be 2 to {len(CLASSES)}, got {len(scores)}")
    if not all(abs(score) <= LARGEST_SCORE for score in scores):
        raise ValueError(
            f"softmax lab: logits must lie within ±{LARGEST_SCORE:.0f}, got {list(scores)}"
        )
    return scores


def check_temperature(temperature: float) -> float:
    """The temperature as a float. Raises ValueError outside [0.1, 10]."""
    low, high = TEMPERATURES
    if not low <= temperature <= high:
        raise ValueError(
            f"softmax lab: temperature must lie in [{low}, {high:.0f}], got {temperature}"
        )
    return float(temperature)


def owner(softmax: Callable[..., Any]) -> str:
    """Whose softmax this is, as the heading of its chart."""
    return "mlkit's softmax" if softmax is getattr(mlkit, "softmax", None) else "your softmax"


def ask(softmax: Callable[..., Any], position: Position) -> tuple[list[float], str]:
    """What this softmax gives at this position: its numbers, or a sentence why there are none.

    Gives (numbers, "") or ([], sentence), and never raises for a mistake in `softmax`, which gets
    its own copy of the scaled scores, shape (classes,), in the position's precision.
    """
    return asking.ask(softmax, (position.scaled,), position.scaled.shape, owner(softmax))
