"""Grader power: it tells a sound bank of mistakes from one with holes in it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import power
from autograder.cells import LessonError
from autograder.cli import app
from autograder.lesson import Lesson, load_course

TINY = Path(__file__).parent / "tiny_lesson"

RIGHT_MISTAKE = """

@mistake("double", hint="this is no mistake at all")
def added_to_itself(x):
    return x + x
"""
WRONG_VARIANT = """

@variant("rows")
def by_column(x):
    return x.sum(axis=0)
"""
HANGING = """

@mistake("double", hint="a loop must end")
def never_ends(x):
    while True:
        pass
"""
ENDS_PYTHON = """

@mistake("double", hint="this ends everything")
def ends_python(x):
    import os
    os._exit(3)
"""
TWIN = """

@mistake("double", hint="the same as squares")
def second_power(x):
    return x**2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny course, to be spoilt."""
    return Path(shutil.copytree(TINY, tmp_path / "lessons"))


def lesson(folder: Path) -> Lesson:
    return load_course(folder).lesson("01")


def add(folder: Path, file: str, text: str) -> None:
    with (folder / "01-tiny" / file).open("a") as opened:
        opened.write(text)


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--lessons", str(folder), "power", "--seeds", "2", *arguments])
    return done.exit_code, done.output


def test_a_sound_bank_is_caught_told_apart_and_nothing_right_refused(
    folder: Path, tmp_path: Path
) -> None:
    code, _ = run(folder, "--json", str(tmp_path / "power.json"))

    assert code == 0
    rows = json.loads((tmp_path / "power.json").read_text())["questions"]
    assert [row["question"] for row in rows] == ["double", "rows"]
    for row in rows:
        figures = ("mistakes", "caught", "hint_right", "right_variants", "refused")
        assert [row[name] for name in figures] == [1, 1, 1, 1, 0]


def test_a_mistake_that_is_right_is_named_and_fails(folder: Path) -> None:
    add(folder, "mistakes.py", RIGHT_MISTAKE)

    code, said = run(folder)

    assert code == 1
    assert "added_to_itself keeps full marks" in said
    assert "squares keeps" not in said


def test_a_right_answer_that_is_refused_is_named_with_the_reason(folder: Path) -> None:
    add(folder, "variants.py", WRONG_VARIANT)

    code, said = run(folder)

    assert code == 1
    assert "by_column is right and refused: each row is summed on its own" in said


@pytest.mark.parametrize("source", [HANGING, ENDS_PYTHON])
def test_a_mistake_that_hangs_or_ends_python_is_named_and_the_rest_is_measured(
    folder: Path, source: str
) -> None:
    add(folder, "mistakes.py", source)

    double, rows = power.power(lesson(folder), seeds=2, limit_s=2.0)

    assert len(double.complaints) == 1
    assert "gave no answer in time" in double.complaints[0]
    assert (double.mistakes, double.caught) == (2, 1)
    assert rows.sound and rows.caught == 1


def test_a_stolen_hint_is_told_with_the_thief(folder: Path) -> None:
    add(folder, "mistakes.py", TWIN)

    double, _ = power.power(lesson(folder), seeds=3)

    assert double.caught == 2
    assert double.hint_right == 1
    assert double.stolen == ["second_power is taken for squares with 3 of 3 seeds"]


def test_a_mistake_caught_with_some_seeds_only_is_not_caught(folder: Path) -> None:
    add(
        folder,
        "mistakes.py",
        '\n\n@mistake("rows", hint="look at large numbers")\n'
        "def sometimes(x):\n    return x.sum(axis=-1) + (x[0, 0] > 1.2)\n",
    )

    _, rows = power.power(lesson(folder), seeds=20)

    assert rows.caught == 1
    assert "sometimes keeps full marks with" in rows.complaints[0]


def test_a_mistake_and_a_variant_may_share_a_name(folder: Path) -> None:
    add(
        folder,
        "variants.py",
        '\n\n@variant("rows")\ndef squares(x):\n    return x @ np.ones(x.shape[1])\n',
    )

    double, rows = power.power(lesson(folder), seeds=2)

    assert double.sound and rows.sound
    assert (double.caught, rows.right_variants) == (1, 2)


def test_several_lessons_are_measured_side_by_side_and_come_in_order(folder: Path) -> None:
    names = ["01-tiny", "02-again"]
    shutil.copytree(folder / names[0], folder / names[1])
    lessons = [Lesson(folder / name, name) for name in names]

    found = list(power.powers(lessons, seeds=2))

    assert [rows[0].lesson for rows in found] == names
    assert found[0][1] == power.power(lessons[0], seeds=2)[1]


def test_the_key_of_one_seed_is_the_key_made_with_it(folder: Path) -> None:
    both = lesson(folder).key(hidden=True, seeds=(0, 5))
    alone = lesson(folder).key(hidden=True, seeds=(5,))
    names = {**lesson(folder).reference(), "double": lambda x: x * x}
    replies = lesson(folder).replies("double", names, (5,), hidden=True)
    told = [{"probe": p, "seed": 5, "reply": r[0]} for p, r in replies.items()]

    assert power.only(both, 1).judge("double", told) == alone.judge("double", told)


def test_a_lesson_that_cannot_be_asked_ends_with_a_sentence(folder: Path) -> None:
    tried = lesson(folder)
    assert tried.mistakes
    (folder / "01-tiny" / "lesson.py").write_text("# %% setup\nraise RuntimeError('broken')\n")

    with pytest.raises(LessonError, match="cannot be asked"):
        power.ask_all(tried, seeds=1, limit_s=5.0)
