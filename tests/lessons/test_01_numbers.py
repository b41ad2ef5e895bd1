"""Every number that lesson 1 states is computed again here, with Python's own arithmetic."""

import math
import re
from pathlib import Path

import jupytext
import numpy as np
import pytest

from mlkit.data import digits
from mlkit.play.staircase_model import Position

LESSON = Path(__file__).parents[2] / "lessons" / "01-hard-and-soft" / "lesson.py"
PROSE = [c.source for c in jupytext.read(LESSON).cells if c.cell_type == "markdown"]
DOCSTRINGS = re.findall(r'"""(.*?)"""', LESSON.read_text(encoding="utf-8"), flags=re.DOTALL)
TEXT = " ".join("\n".join([*PROSE, *DOCSTRINGS]).split())
MOST_WORDS = 120

IMAGES, LABELS = digits()
IS_TWO = LABELS == 2
FEET = np.array([image[6:].sum() / image.sum() for image in IMAGES])


def curve(z):
    """The sigmoid, as the formula reads."""
    return 1 / (1 + math.exp(-z))


def right(weight):
    """How many of all digits a neuron with this weight names rightly."""
    return int(((weight * FEET >= 5) == IS_TWO).sum())


def loss(weight):
    """Mean cross-entropy of that neuron over all digits, in nats."""
    scores = (weight * x - 5 for x in FEET)
    terms = (-math.log(curve(z if two else -z)) for z, two in zip(scores, IS_TWO, strict=True))
    return sum(terms) / len(FEET)


def cold_winner(temperature):
    """Probability of the higher of the scores 1 and 2 at this temperature."""
    powers = [math.exp(1 / temperature), math.exp(2 / temperature)]
    return powers[1] / sum(powers)


def flat_share(h):
    """The share of 1000 weights where the accuracy on all digits is the same on both sides."""
    weights = np.linspace(0, 40, 1000)
    return sum(right(w + h) == right(w - h) for w in weights) / 1000


# as written in the lesson -> the same, computed; given inputs are not computed numbers
STATED = {
    "0.1054": -math.log(0.9),
    "2.3026": -math.log(0.1),
    "9.61": 3.1**2,
    "8.41": 2.9**2,
    "1.2": 3.1**2 - 2.9**2,
    "6.0": (3.1**2 - 2.9**2) / 0.2,
    "0.1353": math.exp(-2),
    "0.8808": curve(2),
    "7.3891": math.exp(2),
    "8.3891": 1 + math.exp(2),
    "0.1192": curve(-2),
    "0.1050": curve(2) * (1 - curve(2)),
    "0.75": 3 / (1 + 3),
    "0.3333": 0.5 / 1.5,
    "2.7183": math.e,
    "0.2689": 1 - cold_winner(1),
    "0.7311": cold_winner(1),
    "0.99995": cold_winner(0.1),
    "1.3881": 1 + curve(1 - 3) + curve(1 - 2),
    "2.6119": 1 + curve(3 - 1) + curve(3 - 2),
    "0.000999": 0.999 * 0.001,
    "90.2": 100 * right(0) / len(FEET),
    "94.8": 100 * right(14) / len(FEET),
}
GIVEN = {
    *("0.9", "0.1", "0.4", "0.7", "0.2", "0.5", "0.0", "1.0", "2.0", "3.0", "3.1", "2.9"),
    *("1.5", "1.7", "0.999", "0.001", "1000.0"),
}


@pytest.mark.parametrize(("written", "value"), STATED.items())
def test_a_stated_number_is_the_computed_one_rounded(written, value):
    digits_behind = len(written.partition(".")[2])

    assert f"{value:.{digits_behind}f}" == written


@pytest.mark.parametrize("written", STATED)
def test_every_computed_number_is_stated_somewhere(written):
    assert re.search(rf"(?<![\d.]){re.escape(written)}(?!\d)", TEXT)


def test_every_decimal_in_the_text_is_computed_here():
    plain = re.sub(r"section [\d.]+", "", TEXT)

    assert set(re.findall(r"\d+\.\d+", plain)) - STATED.keys() - GIVEN == set()


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("It is right for 12 of 24 images", Position(6).right == 12),
        (
            "A little to the left: 12 of 24",
            all(Position(w).right == 12 for w in np.linspace(0, 11, 111)),
        ),
        ("Half of the answers are right, as at `w = 0`", Position(40).right == Position(0).right),
        ("Which curve knows that you went too far?", Position(40).loss_slope > 0),
        ("only 177 of 1797 are twos", (sum(IS_TWO), len(IS_TWO)) == (177, 1797)),
        ("more than nine in ten weights are flat for accuracy", flat_share(1e-4) > 0.9),
        ('They sum to 1: "yes" and "no" share', math.isclose(curve(2) + curve(-2), 1)),
        (
            "The accuracy is 2/4 = 0.5",
            [int(p >= 0.5) for p in (0.9, 0.4, 0.7, 0.2)] == [1, 0, 1, 0],
        ),
        ("both get 1 + 0.5 = 1.5, the mean of ranks 1 and 2", 1 + curve(0) == (1 + 2) / 2),
        ("it is 0.75: only at 1.0 the two sides differ", math.floor(1.1) != math.floor(0.9)),
        ("a line that rises: less weight lowers this loss", loss(13.9) < loss(14) < loss(14.1)),
    ],
)
def test_a_claim_in_the_text_holds(sentence, holds):
    assert sentence in TEXT
    assert holds


def test_the_piece_under_the_microscope_has_jumps_up_and_down():
    jumps = np.sign(np.diff([right(w) for w in np.linspace(13.9, 14.1, 400)]))

    assert (jumps > 0).sum() >= 3 and (jumps < 0).sum() >= 3


def descend(batch, steps, rate=1.0):
    """The lesson's two ways down, counted in steps instead of seconds: the losses on the way."""
    rng, x, y = np.random.default_rng(0), 10 * FEET, IS_TWO * 1.0
    w = b = 0.0
    losses = []
    for _ in range(steps):
        rows = slice(None) if batch is None else rng.integers(len(x), size=batch)
        errors = 1 / (1 + np.exp(-(w * x[rows] + b))) - y[rows]
        w, b = w - rate * np.mean(errors * x[rows]), b - rate * np.mean(errors)
        losses.append(np.mean(np.logaddexp(0, w * x + b) - y * (w * x + b)))
    return np.array(losses)


def test_rough_steps_are_ahead_and_tremble_and_full_steps_arrive_smoothly_below():
    """In 0.4 s a laptop takes some 300 full steps on 50 copies, or 20 000 steps on 32 images."""
    full, rough = descend(None, 3_000), descend(32, 8_000)

    assert np.median(rough[500:1000]) < full[15]  # ahead after a twentieth of the time
    assert (np.diff(full[1:]) < 0).all()  # smooth
    assert np.ptp(rough[-1000:]) > 0.01  # trembling
    assert full[300] > 1.1 * full[-1]  # not arrived when the time is up
    assert full[-1] < np.quantile(
        rough[-1000:], 0.05
    )  # below the trembling after ten times as long


def test_soft_ranks_start_near_the_middle_and_settle_on_1_to_5():
    five = [FEET[i] for i in (7, 0, 3, 6, 12)]
    rank = lambda t: [
        0.5 + sum(curve(max(min((a - b) / t, 700), -700)) for b in five) for a in five
    ]

    assert all(abs(r - 3) < 0.3 for r in rank(1.0))
    assert sorted(round(r, 6) for r in rank(1e-4)) == [1, 2, 3, 4, 5]
    assert [LABELS[i] for i in (7, 0, 3, 6, 12)] == [7, 0, 3, 6, 2]


def test_no_wall_of_text():
    hidden = r"### BEGIN SOLUTION.*?### END SOLUTION|<details>.*?</details>|\$[^$]*\$|^\|.*$"
    for text in PROSE:
        shown = re.sub(hidden, "", text, flags=re.DOTALL | re.MULTILINE)

        assert len(re.findall(r"[A-Za-z][\w'-]*", shown)) <= MOST_WORDS, text[:60]


def test_self_test_questions_have_folded_answers():
    assert TEXT.count("<details><summary>") == TEXT.count("</details>") == 3
