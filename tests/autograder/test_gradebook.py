"""What people enter in the formgrader, and who is in the class, reaches the report."""

from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder import classroom, gradebook
from autograder.gradebook import Standing
from autograder.lesson import Course, Lesson
from autograder.report import ABSENT, Entry

from .test_grade import run

Submit = Callable[..., Path]


@pytest.fixture
def graded(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> tuple[Path, list[str]]:
    """A class graded: ann and ben answered in words, cy did not, dee handed nothing in.

    Ben's answer was marked by hand, and he was late. With the words that grading ends with.
    """
    for student in ("ann", "ben"):
        submit(student, solved)
    submit("cy", tiny.fill())
    rows = run(class_folder, tiny)
    with Gradebook(f"sqlite:///{class_folder}/gradebook.db") as book:
        book.add_student("dee")
        grade = book.find_grade("answer-W1", tiny.name, tiny.name, "ben")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        notebook = book.find_submission_notebook(tiny.name, tiny.name, "ben")
        notebook.late_submission_penalty = 1.0
        book.db.commit()
    return class_folder, classroom.told(class_folder, tiny, list(rows.values()))


@pytest.fixture
def entries(graded: tuple[Path, list[str]], tiny_course: Course) -> dict[str, Entry]:
    return {entry.student: entry for entry in classroom.entries(graded[0], tiny_course)}


@pytest.mark.slow  # about three seconds each: three real kernels
def test_points_given_by_hand_and_penalties_are_in_the_report(entries: dict[str, Entry]) -> None:
    books = {student: entry.gradebook for student, entry in entries.items()}

    assert books == {
        "ann": Standing(True, None, 2.0, 0.0, 5.0, 7.0, to_mark=True),
        "ben": Standing(True, 1.5, 2.0, 1.0, 5.5, 7.0, to_mark=False),
        "cy": Standing(True, 0.0, 2.0, 0.0, 5.0, 7.0, to_mark=False),
        "dee": Standing(False, 0.0, 2.0, 0.0, 0.0, 7.0, to_mark=False),
    }
    assert {(entry.mark, entry.max) for entry in entries.values()} == {(5.0, 5.0), (0.0, 5.0)}


@pytest.mark.slow
def test_who_handed_nothing_in_is_in_the_report(entries: dict[str, Entry]) -> None:
    assert (entries["dee"].state, entries["dee"].reason) == (ABSENT, "nothing was handed in")


@pytest.mark.slow
def test_only_what_waits_to_be_marked_is_told(graded: tuple[Path, list[str]]) -> None:
    _, said = graded

    assert said[-1].strip().startswith("written answers of 1 wait")


def test_no_gradebook_is_made_by_looking(tmp_path: Path) -> None:
    assert gradebook.standings(tmp_path, "01-tiny") == {}
    assert not list(tmp_path.iterdir())


def test_a_lesson_that_was_not_released_has_no_class(class_folder: Path) -> None:
    with Gradebook(f"sqlite:///{class_folder}/gradebook.db") as book:
        book.add_student("dee")

    assert gradebook.standings(class_folder, "02-other") == {}
    assert set(gradebook.standings(class_folder, "01-tiny")) == {"dee"}
