"""Every number that lesson 3 states is computed again here, with Python's own arithmetic."""

import math
import re
from pathlib import Path

import jupytext
import numpy as np
import pytest

from mlkit.data import digits

LESSON = Path(__file__).parents[2] / "lessons" / "03-cross-entropy" / "lesson.py"
CELLS = jupytext.read(LESSON).cells
PROSE = [cell.source for cell in CELLS if cell.cell_type == "markdown"]
DOCSTRINGS = re.findall(r'"""(.*?)"""', LESSON.read_text(encoding="utf-8"), flags=re.DOTALL)
TEXT = "\n".join([*PROSE, *DOCSTRINGS])
PLAIN = " ".join(TEXT.split())
MOST_WORDS = 120


def surprise(p):
    return -math.log(p)


def entropy(p):
    return sum(x * surprise(x) for x in p if x)


def cross_entropy(y, y_hat):
    return sum(t * surprise(g) for t, g in zip(y, y_hat, strict=True) if t)


def sure_digits(temperature):
    """Accuracy, mean highest probability and mean loss of the nearest-average classifier."""
    images, names = digits()
    pixels, true = images.reshape(len(images), -1), names[1000:]
    means = [pixels[:1000][names[:1000] == digit].mean(axis=0) for digit in range(10)]
    far = np.array([[((image - mean) ** 2).sum() for mean in means] for image in pixels[1000:]])
    powers = np.exp((far.min(axis=1, keepdims=True) - far) / temperature)
    p = powers / powers.sum(axis=1, keepdims=True)
    own = [surprise(row[label]) for row, label in zip(p, true, strict=True)]
    return (p.argmax(axis=1) == true).mean(), p.max(axis=1).mean(), sum(own) / len(own)


MIXED, BELIEF = [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]
DIAL = {T: sure_digits(T) for T in (0.1, 0.2, 0.5, 1, 2, 5)}

# as written in the lesson -> the same, computed; given inputs are not computed numbers
STATED = {
    "0.6931": surprise(0.5),
    "1.3863": surprise(0.25),
    "1.0397": entropy(MIXED),
    "1.0986": math.log(3),
    "1.2130": cross_entropy(MIXED, BELIEF),
    "0.1733": cross_entropy(MIXED, BELIEF) - entropy(MIXED),
    "0.3567": surprise(0.7),
    "0.0202": surprise(0.98),
    "0.5108": surprise(0.6),
    "4.6052": surprise(0.01),
    "2.3026": surprise(0.1),
    "0.2231": surprise(0.8),
    "1.6094": surprise(1 - 0.8),
    "0.3425": surprise(0.71),
    "0.0142": surprise(0.7) - surprise(0.71),
    "1.42": (surprise(0.7) - surprise(0.71)) / 0.01,
    "1.4286": 1 / 0.7,
    "0.7143": 1 / 0.7 / 2,
    "1.25": 1 / 0.8,
    "0.625": 1 / 0.8 / 2,
    "89.1": 100 * DIAL[0.5][0],
    "88.8": 100 * DIAL[0.5][1],
    "1.4226": DIAL[0.1][2],
    "1.6270": DIAL[5][2],
    "27.631": surprise(1e-12),
    "6.9078": surprise(1e-3),
    "16.118": surprise(1e-7),
    "72.369": 100 + math.log1p(math.exp(-100)) - surprise(1e-12),
    "2.3133": math.log(math.e + math.e**2),
    "1.3133": math.log(math.e + math.e**2) - 1,
    "0.025": 0.1 / 4,
    "0.925": 0.9 + 0.1 / 4,
}
GIVEN = {"0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.25", "0.71"}
GIVEN |= {"1.0", "0.01", "1000.0"}
NOT_NUMBERS = r"[Ss]ection [\d.]+"


@pytest.mark.parametrize(("written", "value"), STATED.items())
def test_a_stated_number_is_the_computed_one_rounded(written, value):
    digits_after = len(written.partition(".")[2])

    assert f"{value:.{digits_after}f}" == written


@pytest.mark.parametrize("written", STATED)
def test_every_computed_number_is_stated_somewhere(written):
    assert re.search(rf"(?<![\d.]){re.escape(written)}(?!\d)", TEXT)


def test_every_decimal_in_the_text_is_computed_here():
    found = set(re.findall(r"\d+\.\d+", re.sub(NOT_NUMBERS, "", TEXT)))

    assert found - STATED.keys() - GIVEN == set()


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        (
            "0.5 · 0.6931 + 0.25 · 1.3863 + 0.25 · 1.3863 = 1.0397",
            f"{0.5 * 0.6931 + 0.25 * 1.3863 + 0.25 * 1.3863:.3f}" == "1.040",
        ),
        (
            "0.5 · 1.3863 + 0.25 · 1.3863 + 0.25 · 0.6931 = 1.2130",
            f"{0.5 * 1.3863 + 0.25 * 1.3863 + 0.25 * 0.6931:.4f}" == "1.2130",
        ),
        ("1.2130 - 1.0397 = 0.1733", round(1.2130 - 1.0397, 4) == 0.1733),
        (
            "Bo is a little better when it rains (0.0202 against 0.5108)",
            surprise(0.98) < surprise(0.6),
        ),
        ("much worse when it does not (4.6052 against 2.3026)", surprise(0.01) > surprise(0.1)),
        ("a batch of the two examples with losses 0.2 and 0.6 has the loss 0.4", 0.8 / 2 == 0.4),
        (
            "With a one-hot $y$ only the true class is left",
            cross_entropy([0, 1, 0], [0.2, 0.7, 0.1]) == surprise(0.7),
        ),
        ("Here are 1797 real handwritten digits", len(digits()[0]) == 1797),
        (
            "lowest between them, at $T = 0.5$",
            min(DIAL, key=lambda T: DIAL[T][2]) == 0.5,
        ),
        (
            "The accuracy stands still at 89.1 %",
            {f"{accuracy:.1%}" for accuracy, _, _ in DIAL.values()} == {"89.1%"},
        ),
        (
            "its score is some 745 behind",
            math.exp(-745) > 0 and math.exp(-746) == 0,
        ),
        ("A one-hot row of a thousand classes is 999 zeros and a one", 999 + 1 == 1000),
        (
            "For [1000, 0] with the second class true that leaves [0, -1000]",
            math.log1p(math.exp(-1000)) + 1000 == 1000,
        ),
        ("[0, 1, 0, 0] becomes [0.025, 0.925, 0.025, 0.025]", 3 * 0.025 + 0.925 == 1),
        (
            "the same line up to about 28, then flat",
            27 < surprise(1e-12) < 28 and 6.5 < surprise(1e-3) < 7.5,
        ),
        (
            "with y = [[0, 1], [1, 0]] and y_hat = [[0.5, 0.5], [0.8, 0.2]] it is "
            "[[0, -1], [-0.625, 0]]",
            (-1 / 0.5 / 2, -1 / 0.8 / 2) == (-1, -0.625),
        ),
        ("-log 0.1 = log 10 = 2.3026", math.isclose(surprise(0.1), math.log(10))),
    ],
)
def test_a_claim_in_the_text_holds(sentence, holds):
    source = " ".join(LESSON.read_text(encoding="utf-8").replace("\n# ", "\n").split())
    assert sentence in PLAIN or sentence in source
    assert holds


def test_the_smoothed_truth_is_the_cheapest_prediction_and_costs_its_entropy():
    smoothed = [0.925, 0.025, 0.025, 0.025]
    costs = {p: cross_entropy(smoothed, [p, *[(1 - p) / 3] * 3]) for p in (0.7, 0.85, 0.925, 0.99)}

    assert min(costs, key=lambda p: costs[p]) == 0.925
    assert math.isclose(costs[0.925], entropy(smoothed))


def test_the_penalty_one_minus_p_rewards_shouting():
    """The written question's model answer says so: the best forecast is all on the likeliest."""
    truth = [0.6, 0.4]
    price = lambda p: truth[0] * (1 - p) + truth[1] * (1 - (1 - p))

    assert min((n / 100 for n in range(101)), key=price) == 1.0
    assert min(
        (n / 100 for n in range(1, 100)), key=lambda p: cross_entropy(truth, [p, 1 - p])
    ) == (0.6)


def test_no_wall_of_text():
    for text in PROSE:
        shown = re.sub(
            r"### BEGIN SOLUTION.*?### END SOLUTION|<details>.*?</details>|\$[^$]*\$",
            "",
            text,
            flags=re.DOTALL,
        )

        assert len(re.findall(r"[A-Za-z][\w'-]*", shown)) <= MOST_WORDS, text[:60]


def test_self_test_questions_have_folded_answers():
    assert TEXT.count("<details><summary>") == TEXT.count("</details>") == 3
