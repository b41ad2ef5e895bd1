"""The arithmetic of the triangle lab: a truth and a prediction over three classes; no picture.

Every point of the triangle is a prediction: its corners are certain, its middle is undecided.
`triangle_arithmetic.js` says the same for the browser, and a browser test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlkit.play import stand_ins
from mlkit.play.asking import ask
from mlkit.play.shares import check_distribution

CLASSES = "ABC"
FLOOR = 0.001
"""A step downhill stops this far from an edge: on it the slope may be infinite."""

STEP = 0.02
FARTHEST = 0.05
"""A step is 0.02 times the slope, but moves no number by more than this."""


@dataclass(frozen=True)
class Position:
    """The truth y and the prediction y_hat, and the numbers that follow.

    y, y_hat: three probabilities each, sum within a millionth of 1. Raises ValueError otherwise.
    """

    y: tuple[float, ...] = (0.0, 1.0, 0.0)
    y_hat: tuple[float, ...] = (0.5, 0.3, 0.2)

    def __post_init__(self) -> None:
        object.__setattr__(self, "y", check("y", self.y))
        object.__setattr__(self, "y_hat", check("y_hat", self.y_hat))

    @property
    def pair(self) -> tuple[np.ndarray, np.ndarray]:
        """Truth and prediction as arrays of shape (3,)."""
        return np.array(self.y), np.array(self.y_hat)

    @property
    def surprises(self) -> np.ndarray:
        """-log y_hat: how surprising each class would be, in nats. Shape (3,), 0 to inf."""
        with np.errstate(divide="ignore"):
            return 0 - np.log(self.pair[1])

    @property
    def loss(self) -> float:
        """Cross-entropy, in nats: 0 to inf."""
        return float(stand_ins.cross_entropy(*self.pair))

    @property
    def entropy(self) -> float:
        """Of the truth, in nats: the lowest that the loss can be."""
        y, _ = self.pair
        return float(stand_ins.cross_entropy(y, y))

    @property
    def lowest(self) -> bool:
        """Whether no prediction is cheaper. At an edge the slope still leads on, out of it."""
        return self.loss - self.entropy < 1e-6

    @property
    def gradient(self) -> np.ndarray:
        """-y/y_hat, the slope of the loss by each number of the prediction. Shape (3,)."""
        return stand_ins.cross_entropy_grad(*self.pair)

    @property
    def downhill(self) -> np.ndarray:
        """Minus the gradient, within the triangle: its three numbers sum to 0. Shape (3,)."""
        return downhill(self.gradient)

    def stepped(self) -> tuple[float, ...]:
        """The prediction one step downhill, kept a little inside the triangle."""
        way = self.downhill
        size = min(STEP, FARTHEST / max(np.abs(way).max(), 1e-12))
        moved = np.maximum(np.array(self.y_hat) + size * way, FLOOR)
        return tuple((moved / moved.sum()).tolist())


def downhill(gradient: np.ndarray) -> np.ndarray:
    """Minus the gradient, less its mean: the part along which the sum stays 1. (3,) -> (3,).

    An infinite slope counts as a very steep one, so that the direction stays a direction.
    """
    steep = np.clip(gradient, -1e6, 1e6)
    return steep.mean() - steep


def check(name: str, values: Any) -> tuple[float, ...]:
    """Three probabilities as floats. Raises ValueError if they are none."""
    return check_distribution("triangle lab", name, values, range(3, 4))


def owner(loss: Callable[..., Any]) -> str:
    """Whose loss and gradient these are."""
    return "mlkit's loss" if loss is stand_ins.cross_entropy else "your loss"


def ask_both(
    loss: Callable[..., Any], gradient: Callable[..., Any] | None, position: Position
) -> tuple[list[float], str]:
    """What these functions give at a position: the loss and, if asked, three slopes; or a sentence.

    Never raises for a mistake in them. A gradient that is not written leaves the loss alone.
    """
    values, sentence = ask(loss, position.pair, (), owner(loss))
    if sentence or gradient is None:
        return values, sentence
    ours = gradient is stand_ins.cross_entropy_grad
    whose = "mlkit's gradient" if ours else "your gradient"
    slopes, sentence = ask(gradient, position.pair, (3,), whose)
    return (values + slopes, "") if not sentence else ([], sentence)
