"""The table of grader power: written whole, kept by lesson, and red when it is stale."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import power_table
from autograder.cli import app
from autograder.lesson import Course, load_course
from autograder.power import Power

TINY = Path(__file__).parent / "tiny_lesson"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny course, its table written."""
    copy = Path(shutil.copytree(TINY, tmp_path / "lessons"))
    power_table.write(load_course(copy), figures("01-tiny"))
    return copy


def figures(lesson: str) -> list[Power]:
    return [Power(lesson, question, 1, 1, 1, 1, 0) for question in ("double", "rows")]


def complaints(folder: Path) -> list[str]:
    return list(power_table.stale(load_course(folder)))


def course(folder: Path) -> Course:
    return load_course(folder)


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_command_measures_and_writes_a_table_that_is_not_stale(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "lessons"))

    done = CliRunner().invoke(app, ["--lessons", str(folder), "power", "--write"])

    assert done.exit_code == 0, done.output
    assert complaints(folder) == []
    written = (folder / power_table.FILE).read_text(encoding="utf-8")
    assert "| 01-tiny | double | 1 | 1 | 1 | 1 | 0 | " in written
    assert written.endswith("| **all** |  | **2** | **2** | **2** | **2** | **0** |  |\n")


def test_only_the_full_number_of_seeds_is_written(folder: Path) -> None:
    done = CliRunner().invoke(app, ["--lessons", str(folder), "power", "--write", "--seeds", "3"])

    assert done.exit_code == 1
    assert "with 20 seeds; leave out --seeds" in done.output


def test_what_is_read_is_what_was_written(folder: Path) -> None:
    rows = power_table.read(course(folder))

    assert [row[:-1] for row in rows] == [power_table.numbers(f) for f in figures("01-tiny")]


def test_a_missing_table_names_every_question_and_the_command(folder: Path) -> None:
    (folder / power_table.FILE).unlink()

    assert complaints(folder) == [
        f"01-tiny: {question} is not in the table: {power_table.RENEW}"
        for question in ("double", "rows")
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("01-tiny/checks.py", "import numpy as np", "import numpy as np  #", "another state"),
        ("01-tiny/lesson.py", "return x.sum(", "return  x.sum(", "another state"),
        ("01-tiny/variants.py", "return 2 * x", "return x * 2", "another state"),
        ("01-tiny/mistakes.py", "from autograder", "from  autograder", "another state"),
        ("01-tiny/mistakes.py", '@mistake("double"', '@mistake("rows"', "other mistakes"),
        ("01-tiny/variants.py", '@variant("double")', '@variant("rows")', "other mistakes"),
        (power_table.FILE, "| rows | 1 |", "| rows | 7 |", "other mistakes"),
        (power_table.FILE, "| rows |", "| row |", "no question row any more"),
    ],
)
def test_a_stale_table_is_told_with_the_command_that_renews_it(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    change(folder, file, old, new)

    found = complaints(folder)

    assert any(said in line for line in found), found
    assert all(
        line.endswith("run course power --write and commit lessons/POWER.md") for line in found
    )


def test_prose_may_change_without_a_new_table(folder: Path) -> None:
    change(folder, "01-tiny/lesson.py", "# %% [markdown]\n", "# %% [markdown]\n# More words.\n")

    assert complaints(folder) == []


def test_writing_one_lesson_keeps_the_rows_of_the_others_in_the_lessons_order(
    folder: Path,
) -> None:
    shutil.copytree(folder / "01-tiny", folder / "00-first")
    with (folder / "course.toml").open("a") as file:
        file.write('\n[[lesson]]\nname = "00-first"\ntitle = "First"\n')

    power_table.write(course(folder), figures("00-first"))

    rows = power_table.read(course(folder))
    assert [row[0] for row in rows] == ["01-tiny", "01-tiny", "00-first", "00-first"]
    assert complaints(folder) == []
