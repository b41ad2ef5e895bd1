"""Commands for instructors when there is nothing to do yet: a sentence, and the others go on."""

import shutil
from pathlib import Path

import pytest

from autograder import nbgrader_config
from autograder.lesson import Course, Lesson

from .test_cli import course, hand_in


@pytest.fixture
def empty(class_folder: Path, tiny_course: Course) -> Path:
    """A course folder in which the tiny lesson was released, and nobody handed in."""
    nbgrader_config.write(class_folder, tiny_course.folder)
    return class_folder


@pytest.fixture
def two_lessons(tiny_course: Course, tmp_path: Path) -> Path:
    """The tiny course with a lesson before it that was never built."""
    lessons = Path(shutil.copytree(tiny_course.folder, tmp_path / "lessons"))
    shutil.copytree(lessons / "01-tiny", lessons / "00-more")
    (lessons / "00-more" / "01-tiny.ipynb").unlink()
    listed = '[[lesson]]\nname = "00-more"\ntitle = "More"\n\n[[lesson]]'
    toml = lessons / "course.toml"
    toml.write_text(toml.read_text().replace("[[lesson]]", listed))
    return lessons


def test_nothing_handed_in_is_a_sentence_that_says_where_to_put_it(empty: Path) -> None:
    code, said = course("grade", "--course", empty)

    assert code == 1
    assert "grade: nothing was handed in for 01-tiny" in said
    assert "class/submitted/STUDENT/01-tiny/" in said and "0 odd" not in said


def test_feedback_on_nothing_is_a_sentence(empty: Path) -> None:
    code, said = course("feedback", "--course", empty)

    assert code == 1
    assert said.strip() == "feedback: nothing is graded for 01-tiny; run course grade 01-tiny"


@pytest.mark.parametrize("name", ["nobody", "", "..", "a/b"])
def test_grading_somebody_who_is_not_there_is_a_sentence(empty: Path, name: str) -> None:
    (empty / "submitted" / "a" / "b").mkdir(parents=True)

    code, said = course("grade", "--course", empty, "--student", name)

    assert code == 1
    assert said.strip() == f"grade: there is no folder {name} in {empty / 'submitted'}"


@pytest.mark.slow  # about five seconds: one real submission and nbgrader's feedback
def test_a_lesson_that_is_not_ready_is_told_and_the_others_go_on(
    empty: Path, two_lessons: Path, tiny: Lesson
) -> None:
    hand_in(empty, "ada", tiny)

    for command, done in (("grade", "01-tiny: 1 graded"), ("feedback", "01-tiny: the pages lie")):
        code, said = course("--lessons", two_lessons, command, "--course", empty)

        assert code == 0, said
        assert done in said
        assert "left: " in said and "00-more" in said.split("left: ")[1]
    assert (empty / "feedback" / "ada" / "01-tiny" / "01-tiny.html").is_file()


def test_if_no_lesson_is_ready_each_is_told_and_the_command_fails(
    empty: Path, two_lessons: Path
) -> None:
    code, said = course("--lessons", two_lessons, "grade", "--course", empty)

    assert code == 1
    assert "00-more is not built yet" in said and "handed in for 01-tiny" in said
    assert "next:" not in said
