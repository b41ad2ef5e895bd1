"""Every number that lesson 2 states is computed again here, with Python's own arithmetic."""

import math
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import jupytext
import pytest

LESSON = Path(__file__).parents[2] / "lessons" / "02-kl-divergence" / "lesson.py"
CELLS = jupytext.read(LESSON).cells
PROSE = [cell.source for cell in CELLS if cell.cell_type == "markdown"]
DOCSTRINGS = re.findall(r'"""(.*?)"""', LESSON.read_text(encoding="utf-8"), flags=re.DOTALL)
TEXT = "\n".join([*PROSE, *DOCSTRINGS])
PLAIN = " ".join(TEXT.split())
MOST_WORDS = 120

# Birds on each island: Adelie, Chinstrap, Gentoo.
COUNTS = {"Biscoe": [44, 0, 124], "Dream": [56, 68, 0], "Torgersen": [52, 0, 0]}
ALL = [sum(species) for species in zip(*COUNTS.values(), strict=True)]


def kl(p, q):
    """D(p||q) for lists of numbers, term by term."""
    return sum(
        a * (math.log(a) - math.log(b) if b else math.inf) for a, b in zip(p, q, strict=True) if a
    )


def shares(counts):
    return [count / sum(counts) for count in counts]


def bell(centre, width, places=41):
    heights = [math.exp(-(((x - centre) / width) ** 2) / 2) for x in range(places)]
    return [height / sum(heights) for height in heights]


def fits():
    """Centre and spread of the best bells for the nests on the beach, forward and in reverse."""
    nests = [0.6 * a + 0.4 * b for a, b in zip(bell(10, 2.5), bell(30, 2.5), strict=True)]
    bells = [bell(c, w / 2) for c in range(5, 36) for w in range(2, 26)]
    best = (min(bells, key=lambda q: kl(nests, q)), min(bells, key=lambda q: kl(q, nests)))
    found = []
    for row in best:
        centre = sum(x * share for x, share in enumerate(row))
        spread = math.sqrt(sum((x - centre) ** 2 * share for x, share in enumerate(row)))
        found.append((centre, spread))
    return found


COIN, FAIR = [0.9, 0.1], [0.5, 0.5]
MIX = {island: shares(birds) for island, birds in COUNTS.items()}
WHOLE = shares(ALL)

# as written in the lesson -> the same, computed; given inputs are not computed numbers
STATED = {
    "0.9999999999999999": 0.7 + 0.2 + 0.1,
    "1.8": 0.9 / 0.5,
    "0.5878": math.log(1.8),
    "1.6094": -math.log(0.1 / 0.5),
    "0.5290": 0.9 * math.log(1.8),
    "0.1609": -0.1 * math.log(0.1 / 0.5),
    "0.3681": kl(COIN, FAIR),
    "0.5108": kl(FAIR, COIN),
    "0.0069": -0.001 * math.log(0.001),
    "0.6931": kl([0, 1], FAIR),
    "713.8": 310 * math.log(10),
    "0.3920": kl(MIX["Biscoe"], WHOLE),
    "0.8168": kl(MIX["Torgersen"], WHOLE),
    "0.4419": 152 / 344,
    "1.3863": -math.log(0.25),
    "0.2231": kl([0.5, 0.5], [0.4, 0.4]),
    "1.7578": kl(COIN, COIN[::-1]),
    "27.631": -math.log(0.000000000001),
}
GIVEN = {"0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.9", "1.2", "0.25", "0.001", "1.0"}
GIVEN |= {"0.0", "0.000000000001"}
NOT_NUMBERS = r"[Ss]ection [\d.]+"


@pytest.mark.parametrize(("written", "value"), STATED.items())
def test_a_stated_number_is_the_computed_one_rounded(written, value):
    digits = len(written.partition(".")[2])

    assert f"{value:.{digits}f}" == written


@pytest.mark.parametrize("written", STATED)
def test_every_computed_number_is_stated_somewhere(written):
    assert re.search(rf"(?<![\d.]){re.escape(written)}(?!\d)", TEXT)


def test_every_decimal_in_the_text_is_computed_here():
    found = set(re.findall(r"\d+\.\d+", re.sub(NOT_NUMBERS, "", TEXT)))

    assert found - STATED.keys() - GIVEN == set()


FORWARD, REVERSE = fits()


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("[0.2, 0.3, 0.4] is not: it sums to 0.9", round(0.2 + 0.3 + 0.4, 9) == 0.9),
        ("[1.2, -0.2] is not, although it sums to 1", 1.2 - 0.2 == 1),
        ("the mix of all 344 birds", sum(ALL) == 344),
        ("Of all birds, 152/344 = 0.4419 are Adelies", ALL[0] == 152),
        (
            "Biscoe is the most typical, at 0.3920 nats; Torgersen the least",
            kl(MIX["Biscoe"], WHOLE) < kl(MIX["Dream"], WHOLE) < kl(MIX["Torgersen"], WHOLE),
        ),
        (
            "The way back is infinite for all three",
            all(kl(WHOLE, mix) == math.inf for mix in MIX.values()),
        ),
        (
            "With $P = 1$ and $Q = 10^{-310}$ the quotient $P/Q$ is too large for any float",
            float(1 / Decimal("1e-310")) == math.inf,
        ),
        (
            "Candidate A = [0.4, 0.4, 0.2] gives D(P‖A) = 0.2231 and D(A‖P) = inf",
            kl([0.4, 0.4, 0.2], [0.5, 0.5, 0]) == math.inf,
        ),
        (
            "Candidate B = [0.9, 0.1, 0] gives 0.5108 and 0.3681",
            (f"{kl(FAIR, COIN):.4f}", f"{kl(COIN, FAIR):.4f}") == ("0.5108", "0.3681"),
        ),
        ("on a grid of 41 places", len(bell(10, 2.5)) == 41),
        ("31 centres with 24 widths", (len(range(5, 36)), len(range(2, 26))) == (31, 24)),
        (
            "fit is low and wide and covers both colonies",
            10 < FORWARD[0] - FORWARD[1] / 2 < FORWARD[0] + FORWARD[1] / 2 < 30 and FORWARD[1] > 8,
        ),
        (
            "reverse fit sits on the larger colony and ignores the other",
            abs(REVERSE[0] - 10) < 0.1 and abs(REVERSE[1] - 2.5) < 0.1,
        ),
        ("Yes: both are 1.7578", f"{kl(COIN[::-1], COIN):.4f}" == "1.7578"),
        (
            "As $p$ shrinks, $p \\log p$ goes to 0",
            all(a > b for a, b in pairwise(-(10.0**-n) * math.log(10.0**-n) for n in range(1, 9))),
        ),
    ],
)
def test_a_claim_in_the_text_holds(sentence, holds):
    assert sentence in PLAIN.replace("# - ", "").replace("(As", "As")
    assert holds


def test_the_naive_formula_gives_what_the_text_says():
    """NaN, infinity, NaN, NaN: as IEEE arithmetic has it, where log 0 is -inf and 0/0 is NaN."""
    log = lambda x: math.nan if math.isnan(x) else -math.inf if x == 0 else math.log(x)
    over = lambda a, b: a / b if b else (math.inf if a else math.nan)
    naive = lambda p, q: sum(a * log(over(a, b)) for a, b in zip(p, q, strict=True))
    pairs = [([0, 1], FAIR), (FAIR, [1, 0]), ([1, 0], [1, 0]), ([1, 0], [0, 1])]

    found = [naive(p, q) for p, q in pairs]

    assert [math.isnan(value) for value in found] == [True, False, True, True]
    assert found[1] == math.inf
    assert "NaN, infinity, NaN, NaN: only the second is right" in PLAIN


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
