"""The Jacobian lab's JavaScript gives the numbers of its NumPy model and of mlkit."""

import json
from pathlib import Path

import numpy as np
import pytest

import mlkit
from mlkit import play
from mlkit.play.jacobian_model import Position

pytestmark = pytest.mark.browser

SOURCE = Path(play.__file__).parent / "jacobian_arithmetic.js"
POSITIONS = [
    ((1.0, 2.0), (0.1, 0.0)),
    ((1.0, 2.0, 3.0), (0.5, 0.0, 0.0)),
    ((0.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, -1.0)),
    ((0.0, 0.0, 8.0), (1.0, 0.0, 0.0)),
    ((-10.0, 10.0), (2.0, -2.0)),
    ((0.3, -1.7, 2.2, 5.0, -3.0), (0.2, -0.1, 0.05, 0.0, 2.0)),
]


def in_the_browser(chromium, call):
    page = chromium.new_page()
    states = [{"logits": z, "nudge": dz} for z, dz in POSITIONS]
    answers = page.evaluate(
        f"() => {{ {SOURCE.read_text('utf-8')}; return {json.dumps(states)}.map({call}); }}"
    )
    page.close()
    return answers


def test_the_browser_calculates_what_numpy_and_mlkit_do(chromium):
    answers = in_the_browser(chromium, "(state) => compute(state)")

    for (logits, nudge), got in zip(POSITIONS, answers, strict=True):
        position = Position(logits, nudge)
        expected = {
            "a": position.probabilities,
            "jacobian": mlkit.jacrev(mlkit.softmax)(position.z),
            "predicted": position.predicted,
            "change": position.change,
        }
        for name, numbers in expected.items():
            np.testing.assert_allclose(got[name], numbers, rtol=1e-12, atol=1e-15, err_msg=name)
        gap = np.abs(position.predicted - position.change).max()
        np.testing.assert_allclose(got["gap"], gap, rtol=1e-9, atol=1e-15)


def test_a_students_matrix_foretells_with_its_own_numbers(chromium):
    answers = in_the_browser(chromium, "(s) => compute(s, s.logits.map(() => s.logits)).predicted")

    for (logits, nudge), got in zip(POSITIONS, answers, strict=True):
        matrix = np.array([logits] * len(logits))
        np.testing.assert_allclose(got, matrix @ np.array(nudge), rtol=1e-12, atol=1e-15)
