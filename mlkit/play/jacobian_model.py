"""The arithmetic of the Jacobian lab: softmax's slopes, and what they foretell; no picture.

`jacobian_arithmetic.js` says the same for the browser, and a browser test holds the two together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import mlkit
from mlkit.play import asking, stand_ins

CLASSES = "ABCDE"
LARGEST_SCORE = 10.0
LARGEST_PUSH = 2.0


@dataclass(frozen=True)
class Position:
    """Where the controls of the lab stand, and the numbers that follow.

    logits: 2 to 5 scores z in [-10, 10]; nudge: as many pushes dz in [-2, 2].
    Raises ValueError otherwise.
    """

    logits: tuple[float, ...] = (1.0, 2.0, 0.0)
    nudge: tuple[float, ...] = (0.5, 0.0, 0.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "logits", check("logits", self.logits, LARGEST_SCORE))
        object.__setattr__(self, "nudge", check("nudge", self.nudge, LARGEST_PUSH))
        if len(self.logits) != len(self.nudge):
            raise ValueError(
                f"jacobian lab: each score needs one push, got {len(self.logits)} scores and "
                f"{len(self.nudge)} pushes; set both at once with set_position(logits, nudge)"
            )

    @property
    def z(self) -> np.ndarray:
        """The scores. Shape (n,)."""
        return np.array(self.logits)

    @property
    def dz(self) -> np.ndarray:
        """The push. Shape (n,)."""
        return np.array(self.nudge)

    @property
    def probabilities(self) -> np.ndarray:
        """Softmax of the scores. Shape (n,)."""
        return mlkit.softmax(self.z)

    @property
    def jacobian(self) -> np.ndarray:
        """The slope of each probability (row) by each score (column). Shape (n, n)."""
        return stand_ins.softmax_jacobian(self.z)

    @property
    def predicted(self) -> np.ndarray:
        """J @ dz: how the probabilities would change if softmax were straight. Shape (n,)."""
        return self.jacobian @ self.dz

    @property
    def change(self) -> np.ndarray:
        """How they really change: softmax(z + dz) - softmax(z). Shape (n,)."""
        return mlkit.softmax(self.z + self.dz) - self.probabilities


def check(name: str, numbers: Sequence[float], largest: float) -> tuple[float, ...]:
    """The numbers as a tuple of floats. Raises ValueError on a wrong count or size."""
    values = tuple(float(number) for number in numbers)
    if not 2 <= len(values) <= len(CLASSES):
        raise ValueError(f"jacobian lab: {name} must be 2 to {len(CLASSES)}, got {len(values)}")
    if not all(abs(value) <= largest for value in values):
        raise ValueError(f"jacobian lab: {name} must lie within ±{largest:.0f}, got {list(values)}")
    return values


def owner(jacobian: Callable[..., Any]) -> str:
    """Whose Jacobian this is."""
    ours = jacobian is stand_ins.softmax_jacobian
    return "mlkit's softmax_jacobian" if ours else "your softmax_jacobian"


def ask(jacobian: Callable[..., Any], position: Position) -> tuple[list[float], str]:
    """What this Jacobian gives here: its entries row by row, or a sentence why there are none."""
    n = len(position.logits)
    return asking.ask(jacobian, (position.z,), (n, n), owner(jacobian))
