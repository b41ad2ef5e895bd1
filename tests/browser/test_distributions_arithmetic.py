"""The distributions lab's JavaScript gives the numbers of its NumPy model and of mlkit."""

import json
from pathlib import Path

import numpy as np
import pytest

import mlkit
from mlkit import play
from mlkit.play.distributions_model import Position
from mlkit.play.shares import moved

pytestmark = pytest.mark.browser

HERE = Path(play.__file__).parent
SOURCE = "\n".join(
    (HERE / f"{name}.js").read_text("utf-8") for name in ("shares", "distributions_arithmetic")
)
POSITIONS = [
    ((0.9, 0.1), (0.5, 0.5)),
    ((0.9, 0.1), (0.1, 0.9)),
    ((0.5, 0.3, 0.2), (0.6, 0.4, 0.0)),
    ((0.0, 1.0, 0.0, 0.0), (0.4, 0.3, 0.2, 0.1)),
    ((0.25, 0.75), (0.25, 0.75)),
    ((0.0, 1.0), (1.0, 0.0)),
    ((0.1, 0.2, 0.05, 0.25, 0.3, 0.1), (0.3, 0.1, 0.2, 0.1, 0.1, 0.2)),
]
MOVES = [
    ([0.5, 0.3, 0.2], 0, 0.75),
    ([0.5, 0.3, 0.2], 2, 0.0),
    ([0.0, 0.0, 1.0], 2, 0.4),
    ([0.5, 0.5], 1, 1.0),
    ([0.5, 0.5], 0, 7.0),
    ([0.1, 0.2, 0.3, 0.4], 1, 0.33),
]


def in_browser(chromium, expression):
    page = chromium.new_page()
    answer = page.evaluate(f"() => {{ {SOURCE}; return {expression}; }}")
    page.close()
    return answer


def test_the_browser_calculates_what_numpy_does(chromium):
    states = [{"p": p, "q": q} for p, q in POSITIONS]

    answers = in_browser(chromium, f"{json.dumps(states)}.map(compute)")

    for (p, q), answer in zip(POSITIONS, answers, strict=True):
        position = Position(p, q)
        np.testing.assert_allclose(answer["forwardTerms"], position.forward_terms, rtol=1e-13)
        np.testing.assert_allclose(answer["reverseTerms"], position.reverse_terms, rtol=1e-13)
        np.testing.assert_allclose(
            [answer["forward"], answer["reverse"]],
            [mlkit.kl_divergence(*position.pair), mlkit.kl_divergence(*position.pair[::-1])],
            rtol=1e-13,
            atol=1e-15,
        )


def test_the_browser_makes_room_as_python_does(chromium):
    answers = in_browser(chromium, f"{json.dumps(MOVES)}.map((move) => moved(...move))")

    for move, answer in zip(MOVES, answers, strict=True):
        np.testing.assert_allclose(answer, moved(*move), rtol=1e-14)
