"""Probabilities that a lab lets you move: what keeps their sum at 1. `shares.js` says the same."""

from collections.abc import Sequence

OUTCOMES = "ABCDEF"
NEAR_ONE = 1e-6


def moved(distribution: Sequence[float], index: int, value: float) -> list[float]:
    """The distribution after one bar is dragged to a value: the others share what is left.

    They keep their proportions; where they are all 0, they share equally.
    """
    value = min(max(value, 0.0), 1.0)
    rest = sum(share for place, share in enumerate(distribution) if place != index)
    left = 1 - value
    return [
        value
        if place == index
        else (share / rest * left if rest > 0 else left / (len(distribution) - 1))
        for place, share in enumerate(distribution)
    ]


def check_distribution(
    lab: str, name: str, values: Sequence[float], counts: range = range(2, len(OUTCOMES) + 1)
) -> tuple[float, ...]:
    """The probabilities as a tuple of floats. Raises ValueError if they are no distribution.

    lab, name: what the error is about. counts: how many outcomes there may be.
    """
    shares = tuple(float(value) for value in values)
    if len(shares) not in counts:
        allowed = f"{counts[0]} to {counts[-1]}" if len(counts) > 1 else str(counts[0])
        raise ValueError(f"{lab}: {name} needs {allowed} outcomes, got {len(shares)}")
    if not (min(shares) >= 0 and abs(sum(shares) - 1) <= NEAR_ONE):
        raise ValueError(
            f"{lab}: {name} must be a distribution, none below 0 and sum 1, got {list(shares)}"
        )
    return shares
