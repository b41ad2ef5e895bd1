"""The demonstration plays a real class; on a sabotaged lesson it turns red and says why."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from autograder import build, demo
from autograder.cli import app
from autograder.lesson import Course, Lesson, load_course
from autograder.report import Entry

pytestmark = pytest.mark.slow  # about half a minute each: classes of twenty real kernels

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


def run(course: Course, folder: Path) -> tuple[int, str, list[dict]]:
    """Play the demonstration; gives the exit code, what it said, and its JSON."""
    data = folder.with_suffix(".json")
    arguments = ["--lessons", str(course.folder), "demo", "--no-open", "--jobs", "2"]
    done = CliRunner().invoke(app, [*arguments, "--folder", str(folder), "--json", str(data)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output, json.loads(data.read_text())["submissions"]


@pytest.fixture(scope="module")
def played(
    tiny_course: Course, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, str, list[dict], Path]:
    folder = tmp_path_factory.mktemp("demo") / "class"
    return (*run(tiny_course, folder), folder)


def test_a_sound_lesson_comes_out_as_it_should(
    played: tuple[int, str, list[dict], Path],
) -> None:
    code, said, rows, _ = played

    assert code == 0, said
    marks = {row["id"]: (row["kind"], row["mark"], row["max"], row["hint_ok"]) for row in rows}
    assert marks["right-reference"] == ("right", 5.0, 5.0, None)
    assert marks["right-by_loop"] == ("right", 5.0, 5.0, None)
    assert marks["mistake-squares"] == ("mistake", 3.0, 5.0, True)
    assert marks["mistake-columns"] == ("mistake", 2.0, 5.0, True)
    assert marks["untouched"] == ("untouched", 0.0, 5.0, None)
    assert marks["half-first-task"][1] == 2.0
    assert marks["half-cut-off"][1] == 2.0


def test_damaged_but_right_keeps_its_marks_and_unreadable_gets_a_reason(
    played: tuple[int, str, list[dict], Path],
) -> None:
    broken = {
        row["id"].removeprefix("broken-"): row for row in played[2] if row["kind"] == "broken"
    }

    for name in ("doubled-check", "deleted-check", "ends-python", "endless-loop"):
        assert broken[name]["mark"] == broken[name]["max"], name
    for name in ("truncated", "not-json", "not-a-notebook", "empty-file", "no-notebook"):
        assert broken[name]["mark"] == 0, name
    assert broken["other-lesson"]["mark"] == broken["stray-file"]["mark"] == 0
    assert all(row["why"] for row in broken.values())


def test_the_report_names_everybody(played: tuple[int, str, list[dict], Path]) -> None:
    *_, rows, folder = played

    page = (folder / "report.html").read_text()

    assert all(f"<h4>{row['id']}</h4>" in page for row in rows)
    assert (folder / "report.csv").stat().st_size and (folder / "report.json").stat().st_size


def test_playing_again_gives_the_same_marks(
    played: tuple[int, str, list[dict], Path], tiny_course: Course
) -> None:
    *_, rows, folder = played
    shutil.rmtree(folder / "results")  # so that everybody is executed anew

    code, _, again = run(tiny_course, folder)

    assert code == 0
    assert again == rows


def test_a_sabotaged_lesson_turns_it_red_and_is_named(tiny_course: Course, tmp_path: Path) -> None:
    lessons = Path(shutil.copytree(tiny_course.folder, tmp_path / "lessons"))
    for file, text in (("mistakes.py", RIGHT_MISTAKE), ("variants.py", WRONG_VARIANT)):
        with (lessons / "01-tiny" / file).open("a") as opened:
            opened.write(text)
    course = load_course(lessons)
    build.write(build.build(course.lessons[0]))

    code, said, _ = run(course, tmp_path / "class")

    assert code == 1
    assert "mistake-added_to_itself: wrong, and keeps full marks (5 of 5)" in said
    assert "right-by_column: right, and loses points (2 of 5)" in said
    assert "hints: 2 of 3 are right" in said
    assert "mistake-squares:" not in said


def test_a_class_is_the_same_each_time_and_has_no_two_of_a_name(tiny: Lesson) -> None:
    first, second = demo.samples(tiny), demo.samples(tiny)

    assert first == second
    assert len({sample.id for sample in first}) == len(first)


def test_half_done_notebooks_differ(tiny: Lesson) -> None:
    half = [sample.content for sample in demo.samples(tiny) if sample.kind == "half"]

    assert len(half) >= 3
    assert len(set(half)) == len(half)


def test_mistakes_are_in_notebooks_that_are_right_otherwise(tiny: Lesson) -> None:
    sample = next(s for s in demo.samples(tiny) if s.id == "mistake-squares")
    notebook = nbformat.reads(str(sample.content), as_version=4)
    source = "\n".join(cell.source for cell in notebook.cells)

    assert "return x * x" in source
    assert "return x.sum(axis=-1)" in source


def test_a_folder_with_other_things_is_left_alone(tiny_course: Course, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    done = CliRunner().invoke(
        app,
        ["--lessons", str(tiny_course.folder), "demo", "--no-open", "--folder", str(tmp_path)],
    )

    assert done.exit_code == 1
    assert "holds other things" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("kind", "mark", "told", "wrong"),
    [
        ("right", 5.0, "", None),
        ("right", 4.9, "", "right, and loses points"),
        ("half", 3.0, "", None),
        ("half", 5.0, "", "half done, and keeps full marks"),
        ("untouched", 0.0, "", None),
        ("untouched", 1.0, "", "nothing to mark, and gets points"),
        ("broken", 0.0, "why", None),
        ("broken", 0.0, "", "nobody is told what happened"),
        ("broken", 1.0, "why", "nothing to mark, and gets points"),
    ],
)
def test_what_counts_as_an_exception(kind: str, mark: float, told: str, wrong: str | None) -> None:
    sample = demo.Sample("someone", kind, "")
    entry = Entry("01", "someone", mark, 5.0, "wrong", reason=told or None)

    (outcome,) = demo.outcomes([sample], [entry])

    assert outcome.wrong == wrong
    assert bool(demo.faults([outcome])) == bool(wrong)


def test_a_grader_that_fails_is_an_exception_with_its_reason() -> None:
    entry = Entry("01", "someone", 0.0, 5.0, "not graded", reason="a worker was killed")

    (outcome,) = demo.outcomes([demo.Sample("someone", "mistake", "", ("q", "m"))], [entry])

    assert outcome.wrong == "not graded: a worker was killed"


def test_somebody_without_a_row_is_an_exception() -> None:
    (outcome,) = demo.outcomes([demo.Sample("someone", "right", "")], [])

    assert demo.faults([outcome]) == ["someone: it has no row in the report (0 of 0)"]
