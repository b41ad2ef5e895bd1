"""Ask a student's function on behalf of a lab: its numbers, or one sentence why there are none."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlkit.play.mine import quietly


def ask(
    function: Callable[..., Any], inputs: tuple[np.ndarray, ...], shape: tuple[int, ...], whose: str
) -> tuple[list[float], str]:
    """What a function gives for these inputs, flat, or a sentence that begins with `whose`.

    Gives (numbers, "") or ([], sentence), and never raises for a mistake in the function, which
    gets its own copies of the inputs. shape: what its answer must have.
    """
    try:
        with quietly(), np.errstate(all="ignore"):
            answer = function(*(array.copy() for array in inputs))
    except NotImplementedError:
        return [], f"{whose} is not written yet: write it, run its cell, then this one again"
    except Exception as error:
        message = (str(error).splitlines() or ["no message"])[0]
        return [], f"{whose} stopped with {type(error).__name__}: {message[:120]}"
    if answer is None:
        return [], f"{whose} gave nothing back: does it end with return?"
    try:
        values = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return [], f"{whose} gave back a {type(answer).__name__}, not an array of numbers"
    if values.shape != shape:
        given = " and ".join(str(array.shape) for array in inputs)
        return [], f"{whose} gave back shape {values.shape} for inputs of shape {given}"
    return values.ravel().tolist(), ""


def judged(values: list[float], right: list[float]) -> str:
    """One sentence on what a function gave: whether it agrees with mlkit's, or how it is off."""
    mine, ours = np.array(values), np.array(right)
    if np.isnan(mine).any():
        return "It has NaN in it."
    apart = mine[mine != ours] - ours[mine != ours]  # equal infinities are no distance apart
    gap = np.abs(apart).max(initial=0.0)
    return "It agrees with mlkit's." if gap < 1e-9 else f"It is up to {gap:.2g} away from mlkit's."


def number(value: float, figures: int = 4) -> str:
    """The few figures a person reads: 0.2689, 90, 7.2e-44, inf, NaN."""
    return "NaN" if np.isnan(value) else f"{value:.{figures}g}"
