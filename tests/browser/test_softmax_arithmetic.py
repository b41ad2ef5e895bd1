"""The softmax lab's JavaScript gives the numbers of its NumPy model and of mlkit.softmax."""

import json
from pathlib import Path

import numpy as np
import pytest

import mlkit
from mlkit import play
from mlkit.play.softmax_model import Position

pytestmark = pytest.mark.browser

SOURCE = Path(play.__file__).parent / "softmax_arithmetic.js"
POSITIONS = [
    ((1.0, 2.0), 1.0),
    ((11.0, 12.0), 1.0),
    ((10.0, 20.0), 2.5),
    ((80.0, 85.0, 90.0), 1.0),  # float32 overflows
    ((0.0, 1.0, 1000.0), 0.2),  # float64 overflows
    ((-800.0, -900.0), 1.0),  # every power underflows
    ((1.0, -1.0), 1.0),  # the sum of the scores is 0
    ((0.3, -1.7, 2.2, 5.0, -3.0, 4.0), 0.7),
]


@pytest.mark.parametrize("precision", ["float16", "float32", "float64"])
def test_the_browser_calculates_what_numpy_does(chromium, precision):
    states = [{"logits": z, "temperature": t, "precision": precision} for z, t in POSITIONS]
    page = chromium.new_page()
    answers = page.evaluate(
        f"() => {{ {SOURCE.read_text('utf-8')}; return {json.dumps(states)}.map(compute)"
        ".map(({normalise, naive, stable}) => [normalise, naive.values, stable.values]); }"
    )
    page.close()

    rtol = {"float16": 1e-3, "float32": 1e-6, "float64": 1e-14}[precision]
    for (logits, temperature), answer in zip(POSITIONS, answers, strict=True):
        position = Position(logits, temperature, precision)
        for expected, got in zip(position.columns().values(), answer, strict=True):
            np.testing.assert_allclose(got, expected, rtol=rtol, atol=1e-44)
        np.testing.assert_allclose(answer[2], mlkit.softmax(position.scaled), rtol=rtol, atol=1e-44)
