"""Every number that lesson 5 states is computed again here, with Python's own arithmetic."""

import math
import re
from decimal import Decimal, getcontext
from pathlib import Path

import jupytext
import numpy as np
import pytest

LESSON = Path(__file__).parents[2] / "lessons" / "05-softmax-jacobian" / "lesson.py"
CELLS = jupytext.read(LESSON).cells
PROSE = [cell.source for cell in CELLS if cell.cell_type == "markdown"]
DOCSTRINGS = re.findall(r'"""(.*?)"""', LESSON.read_text(encoding="utf-8"), flags=re.DOTALL)
TEXT = "\n".join([*PROSE, *DOCSTRINGS])
MOST_WORDS = 120

getcontext().prec = 60


def softmax(*scores):
    """Probabilities with 60 digits."""
    powers = [Decimal(score).exp() for score in scores]
    return [power / sum(powers) for power in powers]


def vjp(a, g):
    """The product with the whole Jacobian, entry by entry."""
    n = range(len(a))
    return [sum(g[i] * ((a[i] if i == j else 0) - a[i] * a[j]) for i in n) for j in n]


LOW, HIGH = softmax(1, 2)
PUSHED = softmax(Decimal("1.1"), 2)[0]
QUARTERS = [Decimal("0.25"), Decimal("0.25"), Decimal("0.5")]
PRODUCT = vjp(QUARTERS, [1, 0, 2])
COLLAPSED = vjp([LOW, HIGH], [-1 / LOW, 0])

# as written in the lesson, signs aside -> the same, computed; given inputs are not computed numbers
STATED = {
    "0.2689": LOW,
    "0.7311": HIGH,
    "0.1966": LOW * (1 - LOW),
    "0.0197": LOW * (1 - LOW) * Decimal("0.1"),
    "0.0201": PUSHED - LOW,
    "1.25": sum(a * g for a, g in zip(QUARTERS, [1, 0, 2], strict=True)),
    "0.0625": -PRODUCT[0],
    "0.3125": -PRODUCT[1],
    "0.375": PRODUCT[2],
    "3.7183": 1 / LOW,
    "1.0986": Decimal(3).ln(),
    "1.331": Decimal("1.1") ** 3,
    "0.729": Decimal("0.9") ** 3,
    "3.01": (Decimal("1.1") ** 3 - Decimal("0.9") ** 3) / Decimal("0.2"),
    "0.01": Decimal("3.01") - 3,
}
GIVEN = {"0.0", "1.0", "2.0", "3.0", "0.1", "0.2", "0.25", "0.5", "0.0001"}
ROUNDING = 2.0**-53  # the largest share by which one float64 is off
POWERS_OF_TEN = {
    ("1.7", "-11"): 1e-5**2 / 6,
    ("1.1", "-16"): ROUNDING,
    ("1.1", "-11"): ROUNDING / 1e-5,
}
NOT_NUMBERS = r"arXiv:\S+|section [\d.]+|\$?[\d.]+ \\cdot 10\^\{-?\d+\}"


@pytest.mark.parametrize(("written", "value"), STATED.items())
def test_a_stated_number_is_the_computed_one_rounded(written, value):
    digits = len(written.partition(".")[2])

    assert f"{value:.{digits}f}" == written


@pytest.mark.parametrize("written", STATED)
def test_every_computed_number_is_stated_somewhere(written):
    assert re.search(rf"(?<![\d.]){re.escape(written)}(?!\d)", TEXT)


def test_every_decimal_in_the_text_is_computed_here():
    plain = re.sub(NOT_NUMBERS, "", TEXT)

    found = set(re.findall(r"\d+\.\d+", plain))

    assert found - STATED.keys() - GIVEN == set()


def test_powers_of_ten_are_the_computed_ones():
    found = set(re.findall(r"([\d.]+) \\cdot 10\^\{(-?\d+)\}", TEXT))

    assert found == set(POWERS_OF_TEN)
    for (digits, power), value in POWERS_OF_TEN.items():
        assert f"{value:.1e}" == f"{digits}e{int(power):+03d}"


def measured_errors():
    """The largest error of a central difference of softmax at [1, 2, 3], by power of the push."""
    z = np.array([1.0, 2.0, 3.0])

    def share(z):
        powers = np.exp(z - z.max())
        return powers / powers.sum()

    exact = np.diag(share(z)) - np.outer(share(z), share(z))
    return {
        power: max(
            np.abs((share(z + push) - share(z - push)) / (2 * 10.0**-power) - exact[:, j]).max()
            for j, push in enumerate(10.0**-power * np.eye(3))
        )
        for power in range(1, 13)
    }


ERRORS = measured_errors()


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("push the first score up by 0.1", f"{PUSHED - LOW:.4f}" == "0.0201"),
        ("it really moved by 0.0201", f"{PUSHED - LOW:.4f}" == "0.0201"),
        ("Its Jacobian has 10 000 000 000 entries: 80 GB", 100_000**2 * 8 == 80 * 10**9),
        ("It sums to 0.", sum(PRODUCT) == 0),
        ("Your vjp turns it into [−0.7311, 0.7311]", f"{COLLAPSED[0]:.4f}" == "-0.7311"),
        (
            "[−0.7311, 0.7311] is [0.2689 − 1, 0.7311 − 0]",
            abs(COLLAPSED[0] - (LOW - 1)) < 1e-50 and abs(COLLAPSED[1] - HIGH) < 1e-50,
        ),
        ("the loss starts at log 3 = 1.0986", f"{math.log(3):.4f}" == "1.0986"),
        ("The error is 0.01, which is $h^2$", round(3.01 - 3, 9) == round(0.1**2, 9)),
        ("a *right* Jacobian differs by some $10^{-11}$", 1e-12 < ERRORS[5] < 2.8e-11),
        ("does a smaller $h$ always help?", min(ERRORS, key=ERRORS.get) in (5, 6)),
        ("[0, 0, 0]. Pushing all", vjp(QUARTERS, [5, 5, 5]) == [0, 0, 0]),
    ],
)
def test_a_claim_in_the_text_holds(sentence, holds):
    assert sentence.lower() in " ".join(TEXT.split()).lower()
    assert holds


def test_wanted_rows_that_sum_to_two_double_the_predicted_part():
    a = softmax(1, 2, 0)
    y = [Decimal("1.5"), Decimal("0.25"), Decimal("0.25")]

    slopes = vjp(a, [-wanted / share for wanted, share in zip(y, a, strict=True)])

    for slope, share, wanted in zip(slopes, a, y, strict=True):
        assert abs(slope - (2 * share - wanted)) < 1e-50


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
