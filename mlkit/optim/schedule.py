"""Schedules: a learning rate for each step. Give one to an optimiser as learning_rate.

Each gives a function from the number of steps done, 0 at first, to a rate. They are plain
functions: write your own, or one around another, as warm_up is.
"""

import math
from collections.abc import Callable

__all__ = ["constant", "cosine", "exponential", "step_decay", "warm_up"]

Schedule = Callable[[int], float]


def constant(rate: float) -> Schedule:
    """The same rate for every step."""
    return lambda step: rate


def step_decay(rate: float, every: int, factor: float = 0.1) -> Schedule:
    """The rate times factor after every so many steps, at once.

    >>> [round(step_decay(1.0, every=2)(step), 3) for step in range(5)]
    [1.0, 1.0, 0.1, 0.1, 0.01]
    """
    _check("step_decay", every=every)
    return lambda step: rate * factor ** (step // every)


def exponential(rate: float, every: int, factor: float = 0.1) -> Schedule:
    """The rate times factor after so many steps, falling evenly: rate * factor ** (step / every).

    >>> [round(exponential(1.0, every=2)(step), 3) for step in range(5)]
    [1.0, 0.316, 0.1, 0.032, 0.01]
    """
    _check("exponential", every=every)
    return lambda step: rate * factor ** (step / every)


def cosine(rate: float, steps: int, last: float = 0.0) -> Schedule:
    """From rate to `last` in so many steps along half a cosine, and `last` from then on.

    Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR 2017,
    eq. 5, without restarts.
    >>> [round(cosine(1.0, steps=4)(step), 3) for step in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    _check("cosine", steps=steps)

    def rate_of(step: int) -> float:
        share = min(step / steps, 1.0)
        return last + (rate - last) * 0.5 * (1 + math.cos(math.pi * share))

    return rate_of


def warm_up(schedule: float | Schedule, steps: int) -> Schedule:
    """Evenly up from near 0 for so many steps, and then another schedule or rate from its start.

    >>> [warm_up(1.0, steps=4)(step) for step in range(6)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    """
    _check("warm_up", steps=steps)
    after = schedule if callable(schedule) else constant(schedule)
    return lambda step: after(0) * (step + 1) / steps if step < steps else after(step - steps)


def _check(schedule: str, **numbers: int) -> None:
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{schedule}: {name} is a number of steps from 1, got {number}")
