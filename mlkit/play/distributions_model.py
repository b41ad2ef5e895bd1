"""The arithmetic of the distributions lab: two distributions and their divergences; no picture.

`distributions_arithmetic.js` says the same for the browser, and a browser test holds the two
together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import mlkit
from mlkit.play.asking import ask
from mlkit.play.shares import check_distribution


def terms(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """P log(P/Q) for every outcome, in nats: 0 where P is 0, inf where only Q is. Shape (n,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0)


@dataclass(frozen=True)
class Position:
    """Where the bars stand, and the numbers that follow.

    p, q: 2 to 6 probabilities each, as many in both, each sum within a millionth of 1.
    Raises ValueError otherwise.
    """

    p: tuple[float, ...] = (0.5, 0.3, 0.2)
    q: tuple[float, ...] = (0.2, 0.2, 0.6)

    def __post_init__(self) -> None:
        object.__setattr__(self, "p", check_distribution("distributions lab", "p", self.p))
        object.__setattr__(self, "q", check_distribution("distributions lab", "q", self.q))
        if len(self.p) != len(self.q):
            raise ValueError(
                f"distributions lab: p and q need as many outcomes, got {len(self.p)} "
                f"and {len(self.q)}; set both at once with set_distributions(p, q)"
            )

    @property
    def pair(self) -> tuple[np.ndarray, np.ndarray]:
        """P and Q as arrays of shape (n,)."""
        return np.array(self.p), np.array(self.q)

    @property
    def forward_terms(self) -> np.ndarray:
        """P log(P/Q) for every outcome. Shape (n,)."""
        return terms(*self.pair)

    @property
    def reverse_terms(self) -> np.ndarray:
        """Q log(Q/P) for every outcome. Shape (n,)."""
        return terms(*self.pair[::-1])

    @property
    def forward(self) -> float:
        """D(P||Q) in nats, at least 0, perhaps inf."""
        return max(float(self.forward_terms.sum()), 0.0)

    @property
    def reverse(self) -> float:
        """D(Q||P) in nats, at least 0, perhaps inf."""
        return max(float(self.reverse_terms.sum()), 0.0)


def owner(divergence: Callable[..., Any]) -> str:
    """Whose divergence this is."""
    ours = divergence is mlkit.kl_divergence
    return "mlkit's kl_divergence" if ours else "your kl_divergence"


def ask_both(divergence: Callable[..., Any], position: Position) -> tuple[list[float], str]:
    """What this divergence gives in both directions: two numbers, or a sentence why there are none.

    Never raises for a mistake in `divergence`.
    """
    found: list[float] = []
    for pair in (position.pair, position.pair[::-1]):
        values, sentence = ask(divergence, pair, (), owner(divergence))
        if sentence:
            return [], sentence
        found += values
    return found, ""
