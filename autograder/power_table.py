"""Grader power as a table in the repository: lessons/POWER.md, written by `course power --write`.

A row says what 20 seeds found, and which state of the lesson was measured: CI sees a stale row
without measuring anew.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder import cells
from autograder.lesson import Course, Lesson
from autograder.power import Power

SEEDS = 20
"""What every row is measured with."""

FILE = "POWER.md"
RENEW = "run course power --write and commit lessons/POWER.md"

HEADS = ("lesson", "question", "mistakes", "caught", "hint right", "right variants", "refused")
INTRODUCTION = f"""# Grader power

How well the checks of each question tell right from wrong. *Mistakes*: wrong answers in the bank.
*Caught*: how many of them lose points with each of {SEEDS} seeds. *Hint right*: how many get their
own hint, and no other's, with each seed. *Right variants*: independent right answers. *Refused*:
how many of those lose a point with some seed.

Do not edit: `course power --write` measures and writes this file. *State* names the solution,
checks, mistakes and variants that were measured; CI fails when they have changed since.
"""


def write(course: Course, figures: Sequence[Power]) -> Path:
    """Put the figures of some lessons into the table; rows of the others stay. Gives its path."""
    measured = {row.lesson for row in figures}
    rows = [row for row in read(course) if row[0] not in measured]
    states = {lesson.name: state(lesson) for lesson in course.lessons}
    rows += [(*numbers(row), states[row.lesson]) for row in figures]
    order = {(one.name, question): n for n, (one, question) in enumerate(_questions(course))}
    kept = sorted(
        (row for row in rows if (row[0], row[1]) in order), key=lambda row: order[row[0], row[1]]
    )
    path = course.folder / FILE
    path.write_text(_text(kept), encoding="utf-8")
    return path


def numbers(row: Power) -> tuple[str, ...]:
    """A question's row as it stands in the table, all but its state."""
    counts = (row.mistakes, row.caught, row.hint_right, row.right_variants, row.refused)
    return (row.lesson, row.question, *map(str, counts))


def read(course: Course) -> list[tuple[str, ...]]:
    """The rows of the table, each ending with its state; none without a table."""
    path = course.folder / FILE
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [line for line in text.splitlines() if re.match(r"\| \d\d-", line)]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def stale(course: Course) -> Iterator[str]:
    """What in the table is not of this state of the lessons, a sentence each. Measures nothing."""
    told = {row[:2]: row for row in read(course)}
    wanted = {(lesson.name, question): lesson for lesson, question in _questions(course)}
    for name, question in told.keys() - wanted.keys():
        yield f"{name} has no question {question} any more: {RENEW}"
    for (name, question), lesson in wanted.items():
        row = told.get((name, question))
        if row is None:
            yield f"{name}: {question} is not in the table: {RENEW}"
        elif (row[2], row[5]) != _counts(lesson, question):
            yield f"{name}: {question} has other mistakes or variants now: {RENEW}"
        elif row[-1] != state(lesson):
            yield f"{name}: {question} was measured in another state: {RENEW}"


def state(lesson: Lesson) -> str:
    """Eight letters that change with the lesson's code, checks, mistakes or variants."""
    code = [c.source for c in lesson.source.cells if cells.word(c) in ("setup", "task")]
    files = ("checks.py", "mistakes.py", "variants.py")
    texts = [(lesson.folder / name).read_text(encoding="utf-8") for name in files]
    return hashlib.sha256("\0".join([*code, *texts]).encode()).hexdigest()[:8]


def _counts(lesson: Lesson, question: str) -> tuple[str, str]:
    banks = (lesson.mistakes, lesson.variants)
    counts = [str(sum(other.question == question for other in bank)) for bank in banks]
    return counts[0], counts[1]


def _questions(course: Course) -> Iterator[tuple[Lesson, str]]:
    for lesson in course.lessons:
        for question in lesson.questions:
            yield lesson, question


def _text(rows: Sequence[tuple[str, ...]]) -> str:
    sums = [str(sum(int(row[column]) for row in rows)) for column in range(2, 7)]
    lines = [(*HEADS, "state"), ("---", "---", *["---:"] * 5, "---"), *rows]
    lines += [("**all**", "", *(f"**{total}**" for total in sums), "")]
    return INTRODUCTION + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)
