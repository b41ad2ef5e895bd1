"""The triangle lab's JavaScript gives the numbers of its NumPy model."""

import json
from pathlib import Path

import numpy as np
import pytest

import mlkit
from mlkit import play
from mlkit.play.triangle_model import Position

pytestmark = pytest.mark.browser

HERE = Path(play.__file__).parent
SOURCE = "\n".join(
    (HERE / f"{name}.js").read_text("utf-8")
    for name in ("shares", "triangle_arithmetic", "triangle_drawing")
)
POSITIONS = [
    ((0.0, 1.0, 0.0), (0.2, 0.7, 0.1)),
    ((0.5, 0.25, 0.25), (0.25, 0.25, 0.5)),
    ((0.0, 0.0, 1.0), (0.98, 0.01, 0.01)),
    ((1 / 3, 1 / 3, 1 / 3), (0.1, 0.3, 0.6)),
    ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0)),  # infinite loss and slope
    ((1.0, 0.0, 0.0), (1.0, 0.0, 0.0)),
    ((0.05, 0.9, 0.05), (0.05, 0.9, 0.05)),
]


def in_browser(chromium, expression):
    page = chromium.new_page()
    answer = page.evaluate(f"() => {{ {SOURCE}; return {expression}; }}")
    page.close()
    return answer


def test_the_browser_calculates_what_numpy_does(chromium):
    states = json.dumps([{"y": y, "y_hat": y_hat} for y, y_hat in POSITIONS])

    answers = in_browser(
        chromium, f"{states}.map((state) => ({{ ...compute(state), next: stepped(state) }}))"
    )

    for (y, y_hat), answer in zip(POSITIONS, answers, strict=True):
        position = Position(y, y_hat)
        expected = {
            "surprises": position.surprises,
            "loss": position.loss,
            "entropy": position.entropy,
            "gradient": position.gradient,
            "downhill": position.downhill,
            "lowest": position.lowest,
            "next": position.stepped(),
        }
        for name, value in expected.items():
            np.testing.assert_allclose(answer[name], value, rtol=1e-12, atol=1e-12, err_msg=name)
        divergence = mlkit.kl_divergence(*position.pair)
        np.testing.assert_allclose(answer["loss"] - answer["entropy"], divergence, atol=1e-12)


def test_places_of_the_drawing_and_predictions_belong_to_each_other(chromium):
    shares = [[0.2, 0.7, 0.1], [1, 0, 0], [0, 1, 0], [0.33, 0.33, 0.34]]

    back = in_browser(chromium, f"{shares}.map((share) => toShares(toPlane(share)))")
    outside = in_browser(chromium, "[[0, 0], [340, 290], [-500, 900]].map(toShares)")

    np.testing.assert_allclose(back, shares, atol=1e-9)
    for share in outside:
        assert min(share) >= 0 and abs(sum(share) - 1) < 1e-12


def test_a_line_of_the_map_passes_where_the_loss_has_its_level(chromium):
    lines = in_browser(
        chromium, "surface([0, 1, 0]).lines.map((line) => [line.level, line.places])"
    )

    for level, places in lines:
        heights = np.array(places)[:, 1]
        share = (262 - heights) / (262 - 26)  # of B: the height above the side from A to C
        assert len(places) > 5
        np.testing.assert_allclose(share, np.exp(-level), atol=0.5 / 36)  # half a small triangle
