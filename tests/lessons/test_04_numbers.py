"""Every number that lesson 4 states is computed again here, with Python's own arithmetic."""

import math
import re
from decimal import Decimal, getcontext
from pathlib import Path

import jupytext
import numpy as np
import pytest

LESSON = Path(__file__).parents[2] / "lessons" / "04-softmax" / "lesson.py"
CELLS = jupytext.read(LESSON).cells
PROSE = [cell.source for cell in CELLS if cell.cell_type == "markdown"]
DOCSTRINGS = re.findall(r'"""(.*?)"""', LESSON.read_text(encoding="utf-8"), flags=re.DOTALL)
TEXT = "\n".join([*PROSE, *DOCSTRINGS])
MOST_WORDS = 120
LARGEST = float(np.finfo(np.float32).max)
SMALLEST = float(np.finfo(np.float32).smallest_subnormal)

getcontext().prec = 60


def exact_softmax(*scores):
    """Probabilities with 60 digits, so that nothing overflows and no trick is needed."""
    powers = [Decimal(score).exp() for score in scores]
    return [float(power / sum(powers)) for power in powers]


def exact_log_sum_exp(*scores):
    """Log-sum-exp with 60 digits."""
    return float(sum(Decimal(score).exp() for score in scores).ln())


def loser(gap):
    """The smaller probability of two scores that lie gap apart."""
    return exact_softmax(0, gap)[0]


# as written in the lesson -> the same, computed; given inputs are not computed numbers
STATED = {
    "0.4783": 11 / 23,
    "0.5217": 12 / 23,
    "0.25": -1 / (-1 - 3),
    "0.75": -3 / (-1 - 3),
    "2.7183": math.e,
    "7.3891": math.e**2,
    "10.1073": math.e + math.e**2,
    "0.2689": exact_softmax(1, 2)[0],
    "0.7311": exact_softmax(1, 2)[1],
    "2.3133": exact_log_sum_exp(1, 2),
    "1002.3133": exact_log_sum_exp(1001, 1002),
    "1.3679": math.exp(-1) + 1,
    "1.3133": exact_log_sum_exp(1, 2) - 1,
    "0.3133": exact_log_sum_exp(1, 2) - 2,
    "0.1192": exact_softmax(1 / 0.5, 2 / 0.5)[0],
    "0.8808": exact_softmax(1 / 0.5, 2 / 0.5)[1],
    "0.3775": exact_softmax(1 / 2, 2 / 2)[0],
    "0.6225": exact_softmax(1 / 2, 2 / 2)[1],
    "88.7": math.log(LARGEST),
    "13.8155": -math.log(0.000001),
    "0.30000000000000004": 0.1 + 0.2,
}
GIVEN = {"0.0", "1.0", "2.0", "3.0", "0.5", "0.1", "0.2", "0.3", "2.5", "0.000001", "1000.0"}
POWERS_OF_TEN = {
    ("3.4", "38"): LARGEST,
    ("1.4", "-45"): SMALLEST,
    ("1.8", "-35"): loser(80),
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


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("the answer to the opening question is 73 %", f"{exact_softmax(1, 2)[1]:.0%}" == "73%"),
        ("and $e^{89}$ is larger", math.exp(88) < LARGEST < math.exp(89)),
        ("at a gap of about 104", f"{-math.log(SMALLEST / 2):.0f}" == "104"),
        ("near g = 104", f"{-math.log(SMALLEST / 2):.0f}" == "104"),
        (
            "[1001, 1002] and [-1, 0] have the *same* softmax",
            exact_softmax(1001, 1002) == exact_softmax(-1, 0),
        ),
        ("both have a lead of 2: the winner gets 0.8808", f"{1 - loser(2):.4f}" == "0.8808"),
        ("for $g = 1$ that is 0.2689", f"{loser(1):.4f}" == "0.2689"),
        ("above it by at most $\\log n$", exact_log_sum_exp(5, 5, 5) == 5 + math.log(3)),
        ("no loss can be above 13.8155", f"{-math.log(0.000001):.4f}" == "13.8155"),
    ],
)
def test_a_claim_in_the_text_holds(sentence, holds):
    assert sentence in " ".join(TEXT.split())
    assert holds


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
