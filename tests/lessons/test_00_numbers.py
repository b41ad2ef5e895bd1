"""Every number that lesson 0 states is computed again here."""

import re
from pathlib import Path

import jupytext
import numpy as np
import pytest

from mlkit.data import digits

LESSON = Path(__file__).parents[2] / "lessons" / "00-orientation" / "lesson.py"
PROSE = [c.source for c in jupytext.read(LESSON).cells if c.cell_type == "markdown"]
DOCSTRINGS = re.findall(r'"""(.*?)"""', LESSON.read_text(encoding="utf-8"), flags=re.DOTALL)
TEXT = " ".join("\n".join([*PROSE, *DOCSTRINGS]).split())
MOST_WORDS = 120

IMAGES, LABELS = digits()
X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def foot(digit):
    """The share of ink in the two bottom rows of all images of a digit, pixel by pixel."""
    rows = [sum(float(p) for i in IMAGES[digit == LABELS] for p in i[row]) for row in range(8)]
    return (rows[6] + rows[7]) / sum(rows)


def slopes(x0, x1, x2):
    """How fast f(x) = x0 x1 + x2 grows with each input, by small steps."""
    f = lambda a, b, c: a * b + c
    h, here = 1e-6, f(x0, x1, x2)
    return [round((f(*at) - here) / h) for at in ((x0 + h, x1, x2), (x0, x1 + h, x2))] + [
        round((f(x0, x1, x2 + h) - here) / h)
    ]


def fits(a, b):
    """Whether NumPy divides arrays of these shapes."""
    try:
        return np.broadcast_shapes(a, b) is not None
    except ValueError:
        return False


FEET = [foot(digit) for digit in range(10)]


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        (
            "8 rows of 8 numbers, from 0 (white) to 1 (black)",
            (IMAGES.min(), IMAGES.max()) == (0, 1),
        ),
        ("any number from 0 to 1796", len(IMAGES) == 1797),
        ("The digits have the shape (1797, 8, 8)", IMAGES.shape == (1797, 8, 8)),
        ("3 column sums are left: [5, 7, 9]", X.sum(axis=0).tolist() == [5, 7, 9]),
        ("2 row sums are left: [6, 15]", X.sum(axis=1).tolist() == [6, 15]),
        ("(2, 3) against (2,) compares 3 with 2, and gives up", not fits((2, 3), (2,))),
        ("(2, 3) against (2, 1) works", fits((2, 3), (2, 1))),
        ("So the derivative is the vector [5, 2, 1]", slopes(2, 5, 1) == [5, 2, 1]),
        ("The 2 leads, with 37.4 %", np.argmax(FEET) == 2 and f"{FEET[2]:.1%}" == "37.4%"),
        ("The 7 has least, 13.9 %", np.argmin(FEET) == 7 and f"{FEET[7]:.1%}" == "13.9%"),
        (
            "row_normalise(np.array([[1.0, 3.0], [2.0, 2.0]])) is [[0.25, 0.75], [0.5, 0.5]]",
            [1 / 4, 3 / 4, 2 / 4] == [0.25, 0.75, 0.5],
        ),
        (
            "(4,) and (5, 1): the axis that you name disappears",
            np.ones((5, 4)).sum(axis=0).shape == (4,)
            and np.ones((5, 4)).sum(axis=-1, keepdims=True).shape == (5, 1),
        ),
        (
            "the sums meet the columns: number j of each row is divided by the sum of row j",
            (np.ones((2, 2)) / np.array([[1, 1], [3, 3]]).sum(axis=1)).tolist()
            == [[1 / 2, 1 / 6]] * 2,
        ),
        ("shape (32, 10, 64)", 8 * 8 == 64),
    ],
)
def test_a_claim_in_the_text_holds(sentence, holds):
    assert sentence.lower() in TEXT.lower()
    assert holds


def test_every_decimal_in_the_text_is_computed_above():
    computed = {"37.4", "13.9", "1.0", "3.0", "2.0", "0.25", "0.75", "0.5"}

    assert set(re.findall(r"\d+\.\d+", TEXT)) == computed


def test_0_and_6_are_written_more_alike_than_1_and_8():
    """Sharp means that the images lie near their average."""
    spread = [IMAGES[digit == LABELS].std(axis=0).mean() for digit in range(10)]

    assert max(spread[0], spread[6]) < min(spread[1], spread[8])


def test_no_wall_of_text():
    for text in PROSE:
        shown = re.sub(r"<details>.*?</details>|\$[^$]*\$|^\|.*$", "", text, flags=re.S | re.M)

        assert len(re.findall(r"[A-Za-z][\w'-]*", shown)) <= MOST_WORDS, text[:60]


def test_self_test_questions_have_folded_answers():
    assert TEXT.count("<details><summary>") == TEXT.count("</details>") == 3
