"""The `course` command: it teaches itself, and walks an instructor through a real small class."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.lesson import Course, Lesson

COMMANDS: tuple[str, ...] = ("lab", "doctor", "init", "release", "collect", "grade")
COMMANDS += ("feedback", "report", "test", "build", "power", "demo")


def course(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(a) for a in arguments], prog_name="course")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_help_names_every_command_once_in_its_group() -> None:
    code, said = course("--help")

    assert code == 0
    for name in COMMANDS:
        assert said.count(f"│ {name} ") == 1, name
    groups = ("For students", "For instructors", "For makers of lessons", "Examples")
    assert sorted(groups, key=said.index) == list(groups)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    code, said = course(name, "--help")

    assert code == 0
    assert f"Usage: course {name} " in said
    assert len(said.split("Options")[0].split()) > 8  # a sentence beside the usage


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, autograder.cli; "
        "print([m for m in ('numpy', 'nbformat', 'nbgrader', 'jupytext') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_an_unknown_lesson_is_one_sentence_that_names_the_others(tiny_course: Course) -> None:
    code, said = course("--lessons", tiny_course.folder, "power", "77")

    assert code == 1
    assert said.strip() == "course: there is no lesson '77'; there is 01-tiny"


def test_a_folder_that_is_no_course_folder_is_told_with_the_command(tmp_path: Path) -> None:
    for command in (["grade"], ["release", "04"], ["collect"], ["feedback"], ["report"]):
        code, said = course(*command, "--course", tmp_path)

        assert code == 1
        assert "is no course folder" in said and "course init FOLDER" in said
    assert not list(tmp_path.iterdir())


def test_build_check_names_what_differs_and_writes_nothing(
    tiny_course: Course, tmp_path: Path
) -> None:
    lessons = Path(shutil.copytree(tiny_course.folder, tmp_path / "lessons"))
    assert course("--lessons", lessons, "build", "--check")[0] == 0
    stale = lessons / "01-tiny" / "checks.json"
    stale.write_text("{}")

    code, said = course("--lessons", lessons, "build", "--check")

    assert code == 1
    assert "01-tiny/checks.json: out of date" in said
    assert "01-tiny/01-tiny.ipynb: as it was" in said
    assert stale.read_text() == "{}"
    assert course("--lessons", lessons, "build")[0] == 0
    assert stale.read_bytes() == (tiny_course.folder / "01-tiny" / "checks.json").read_bytes()


@pytest.fixture(scope="module")
def folder(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder in which the tiny lesson was released."""
    made = tmp_path_factory.mktemp("class") / "autumn"
    code, said = course("--lessons", tiny_course.folder, "init", made)
    assert code == 0 and f"next: course release LESSON --course {made}" in said
    code, said = course("release", "01", "--course", made)
    assert code == 0 and "no exchange is configured" in said
    assert "submitted/STUDENT/01-tiny/" in said
    assert f"next: course grade 01-tiny --course {made}" in said
    return made


def hand_in(folder: Path, student: str, lesson: Lesson, **filled: list[str]) -> None:
    place = folder / "submitted" / student / lesson.name
    place.mkdir(parents=True)
    nbformat.write(lesson.fill(**filled), place / f"{lesson.name}.ipynb")


@pytest.mark.slow  # about ten seconds: three real submissions and nbgrader's feedback
def test_a_class_is_graded_told_and_reported(folder: Path, tiny: Lesson, tmp_path: Path) -> None:
    hand_in(folder, "ada", tiny)
    hand_in(folder, "bob", tiny, tasks=["rows"])
    broken = folder / "submitted" / "cy" / tiny.name
    broken.mkdir(parents=True)
    (broken / "01-tiny.ipynb").write_text("{")

    code, said = course("grade", "--course", folder, "--jobs", "2")
    assert code == 0
    assert "01-tiny: 2 graded, 1 odd" in said
    assert "cy: 0 of 5;" in said
    assert "next: course report" in said

    table, data = tmp_path / "marks.csv", tmp_path / "marks.json"
    code, said = course("report", "--course", folder, "--csv", table, "--json", data)
    assert code == 0
    assert {e["student"]: e["mark"] for e in json.loads(data.read_text())} == {
        "ada": 5.0,
        "bob": 3.0,
        "cy": 0.0,
    }
    assert table.read_text(encoding="utf-8-sig").count("\n") == 4
    assert "<h4>bob</h4>" in (folder / "report.html").read_text()

    code, said = course("feedback", "--course", folder)
    assert code == 0, said
    assert (folder / "feedback" / "bob" / "01-tiny" / "01-tiny.html").is_file()


def test_a_submission_that_is_not_graded_yet_is_in_the_report(
    tiny_course: Course, tiny: Lesson, tmp_path: Path
) -> None:
    made = tmp_path / "autumn"
    course("--lessons", tiny_course.folder, "init", made)
    hand_in(made, "ada", tiny)

    course("report", "--course", made)

    (row,) = json.loads((made / "report.json").read_text())
    assert row["state"] == "not graded"
    assert "course grade 01-tiny" in row["reason"]


def test_grading_before_releasing_is_told_with_the_command(
    tiny_course: Course, tiny: Lesson, tmp_path: Path
) -> None:
    made = tmp_path / "autumn"
    course("--lessons", tiny_course.folder, "init", made)
    hand_in(made, "ada", tiny)

    code, said = course("grade", "--course", made)

    assert code == 1
    assert "course release 01-tiny" in said


def test_making_a_course_folder_twice_changes_nothing(tiny_course: Course, tmp_path: Path) -> None:
    made = tmp_path / "autumn"
    course("--lessons", tiny_course.folder, "init", made)
    (made / "nbgrader_config.py").write_text("# my own settings\n")

    code, said = course("--lessons", tiny_course.folder, "init", made)

    assert code == 0 and "already" in said
    assert (made / "nbgrader_config.py").read_text() == "# my own settings\n"


def test_a_folder_with_other_things_does_not_become_a_course_folder(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    code, said = course("init", tmp_path)

    assert code == 1 and "is not empty" in said
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_does_not_become_a_course_folder(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("mine")

    code, said = course("init", thesis)

    assert code == 1 and "is a file" in said
    assert thesis.read_text() == "mine"


def test_a_course_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    code, said = course("init", tmp_path / "thesis.txt" / "autumn")

    assert code == 1
    assert "autumn cannot be made: " in said and said.count("\n") == 1


@pytest.mark.parametrize("place", ["thesis.txt", "thesis.txt/work"])
def test_a_work_folder_that_cannot_be_made_is_a_sentence(
    tiny_course: Course, tmp_path: Path, place: str
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    code, said = course("--lessons", tiny_course.folder, "lab", "--folder", tmp_path / place)

    assert code == 1
    assert said.startswith(f"lab: {tmp_path / place} cannot be the work folder: ")
    assert said.count("\n") == 1 and "course lab --folder FOLDER" in said


def test_collecting_without_an_exchange_says_what_to_do(folder: Path) -> None:
    code, said = course("collect", "01", "--course", folder)

    assert code == 1
    assert "submitted/STUDENT/01-tiny/" in said


@pytest.mark.slow  # about six seconds: nbgrader's own release and collect
def test_an_exchange_hands_out_and_collects(
    tiny_course: Course, tiny: Lesson, tmp_path: Path
) -> None:
    made, exchange = tmp_path / "autumn", tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    course("--lessons", tiny_course.folder, "init", made)
    with (made / "nbgrader_config.py").open("a") as config:
        config.write(f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\n")
        config.write('c.CourseDirectory.course_id = "tiny"\n')

    for _ in range(2):  # a second release replaces the first
        code, said = course("release", "01", "--course", made)
        assert code == 0, said
        assert "through the exchange" in said
    outbound = exchange / "tiny" / "outbound" / "01-tiny"
    assert {path.name for path in outbound.iterdir()} == {"01-tiny.ipynb", "checks.json"}

    submitted = exchange / "tiny" / "inbound" / "ada+01-tiny+2024-02-29 12:00:00.000000 UTC+x"
    submitted.mkdir()
    (submitted / "timestamp.txt").write_text("2024-02-29 12:00:00.000000 UTC")
    nbformat.write(tiny.fill(), submitted / "01-tiny.ipynb")
    code, said = course("collect", "--course", made)
    assert code == 0, said
    assert "01-tiny: 1 students have handed in" in said
    assert (made / "submitted" / "ada" / "01-tiny" / "01-tiny.ipynb").is_file()


def test_ctrl_c_at_grading_is_one_sentence(
    tiny_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*anything: object, **more: object) -> None:
        raise KeyboardInterrupt

    course("--lessons", tiny_course.folder, "init", tmp_path / "class")
    monkeypatch.setattr("autograder.classroom.grade_lesson", stop)

    code, said = course("grade", "--course", tmp_path / "class")

    assert code == 1
    assert "what is graded is kept, and the same command goes on from there" in said
