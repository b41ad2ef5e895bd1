"""The staircase's JavaScript gives the numbers of its NumPy model and of mlkit."""

import json
from pathlib import Path

import numpy as np
import pytest

import mlkit
from mlkit import play
from mlkit.play.staircase_model import Position, examples

pytestmark = pytest.mark.browser

SOURCE = Path(play.__file__).parent / "staircase_arithmetic.js"
WEIGHTS = [0.0, 6.0, 11.7, 16.15, 17.9, 25.0, 33.3, 40.0]


def test_the_browser_calculates_what_numpy_does(chromium):
    shown = {"foot": examples().foot.tolist(), "labels": examples().labels.tolist()}
    page = chromium.new_page()
    answers = page.evaluate(
        f"() => {{ {SOURCE.read_text('utf-8')}; const examples = {json.dumps(shown)};"
        f" return {WEIGHTS}.map((weight) => compute(weight, examples)); }}"
    )
    page.close()

    for weight, answer in zip(WEIGHTS, answers, strict=True):
        position = Position(weight)
        np.testing.assert_allclose(answer["probabilities"], mlkit.sigmoid(position.scores), 1e-14)
        assert (answer["right"], answer["accuracy"]) == (position.right, position.accuracy)
        np.testing.assert_allclose(answer["loss"], position.loss, rtol=1e-14)
        np.testing.assert_allclose(answer["lossSlope"], position.loss_slope, rtol=1e-12)
        assert (answer.get("nextStep") is None) == (position.next_step is None)
        if position.next_step:
            got = answer["nextStep"]["at"], answer["nextStep"]["change"]
            np.testing.assert_allclose(got, position.next_step, rtol=1e-14)


def test_no_score_is_too_large_for_the_browser(chromium):
    page = chromium.new_page()
    values = page.evaluate(
        f"() => {{ {SOURCE.read_text('utf-8')};"
        " return [-1000, -30, 0, 30, 1000].map((z) => [sigmoid(z), softplus(z)]); }"
    )
    page.close()

    z = np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0])
    expected = np.stack([mlkit.sigmoid(z), mlkit.softplus(z)], axis=1)
    np.testing.assert_allclose(values, expected, rtol=1e-12, atol=1e-16)
