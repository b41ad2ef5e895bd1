"""The gradebook gets what nbgrader would write, and keeps what people wrote."""

import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from autograder import record
from autograder.grade import grade
from autograder.lesson import Lesson
from autograder.record import Recorder, RecordError

from .test_grade import Inline, run, with_code

Submit = Callable[..., Path]


@pytest.fixture
def book(class_folder: Path) -> Iterator[Gradebook]:
    """The gradebook, for looking at."""
    with Gradebook(f"sqlite:///{class_folder}/gradebook.db") as opened:
        yield opened


def score(book: Gradebook, student: str) -> float:
    """A student's score for the lesson, without penalty."""
    book.db.expire_all()
    return book.find_submission_notebook("01-tiny", "01-tiny", student).score


def test_marks_and_comments_given_by_hand_are_kept(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode, book: Gradebook
) -> None:
    submit("ann", solved)
    run(class_folder, tiny)
    where = ("01-tiny", "01-tiny", "ann")
    book.find_grade("answer-W1", *where).manual_score = 1.5
    book.find_grade("check-double", *where).manual_score = 1.0
    book.find_grade("check-rows", *where).extra_credit = 0.5
    book.find_comment("answer-W1", *where).manual_comment = "well said"
    book.db.commit()

    submit("ann", with_code(solved, "task-double", "1"))
    run(class_folder, tiny)

    assert score(book, "ann") == 1.5 + 1.0 + 3.0 + 0.5
    grade_of = book.find_grade("check-double", *where)
    assert (grade_of.auto_score, grade_of.needs_manual_grade) == (0.0, True)
    assert book.find_comment("answer-W1", *where).comment == "well said"


def test_grading_again_without_a_change_asks_nobody_for_a_second_look(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode, book: Gradebook
) -> None:
    submit("ann", solved)
    run(class_folder, tiny)
    seen = book.find_grade("answer-W1", "01-tiny", "01-tiny", "ann")
    seen.manual_score, seen.needs_manual_grade = 2.0, False
    book.db.commit()

    run(class_folder, tiny)

    book.db.expire_all()
    assert not book.find_grade("answer-W1", "01-tiny", "01-tiny", "ann").needs_manual_grade


def test_a_result_that_was_stored_but_not_recorded_is_recorded_next_time(
    tiny: Lesson,
    class_folder: Path,
    submit: Submit,
    solved: NotebookNode,
    book: Gradebook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit("ann", solved)
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "try_to_record", lambda self, result, files: result)
        run(class_folder, tiny)
    with pytest.raises(MissingEntry):
        book.find_submission("01-tiny", "ann")

    again = Inline()
    run(class_folder, tiny, executor=again)

    assert again.ran == []
    assert score(book, "ann") == 5.0


def test_one_refused_record_is_told_and_the_class_goes_on(
    tiny: Lesson,
    class_folder: Path,
    submit: Submit,
    solved: NotebookNode,
    book: Gradebook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def locked(self: Recorder, result: record.Result, files: object) -> None:
        if result.student == "ann":
            raise OSError("database is locked")
        write(self, result, files)  # type: ignore[arg-type]

    write = Recorder.record
    monkeypatch.setattr(Recorder, "record", locked)
    submit("ann", solved)
    submit("bob", solved)

    results = run(class_folder, tiny)

    assert "database is locked" in (results["ann"].reason or "")
    assert score(book, "bob") == 5.0


def test_the_graded_folder_has_the_notebook_the_files_and_no_student_copy_of_the_key(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    path = submit("ann", solved)
    path.with_name("data.csv").write_text("1,2")
    path.with_name("checks.json").write_text("forged")
    path.with_name("timestamp.txt").write_text("2030-01-02 03:04:05 UTC")

    run(class_folder, tiny)

    graded = class_folder / "autograded" / "ann" / "01-tiny"
    assert {p.name for p in graded.iterdir()} == {
        "01-tiny.ipynb",
        "checks.json",
        "data.csv",
        "timestamp.txt",
    }
    assert (graded / "checks.json").read_bytes() == (tiny.folder / "checks.json").read_bytes()
    assert {stat.S_IMODE(p.stat().st_mode) for p in graded.iterdir()} == {0o444}
    nbformat.validate(nbformat.read(graded / "01-tiny.ipynb", as_version=4))


@pytest.mark.parametrize("stamp", ["yesterday", "", "99999999-01-01", "\0", "2030-13-45"])
def test_a_broken_time_stamp_gives_way_to_the_files_time_and_is_told(
    tiny: Lesson,
    class_folder: Path,
    submit: Submit,
    solved: NotebookNode,
    book: Gradebook,
    stamp: str,
) -> None:
    path = submit("ann", solved)
    path.with_name("timestamp.txt").write_text(stamp)

    result = run(class_folder, tiny)["ann"]

    assert "time stamp cannot be read" in result.repairs[0]
    received = book.find_submission("01-tiny", "ann").timestamp
    written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    assert received == written.replace(tzinfo=None)


def test_a_lesson_that_was_not_released_is_refused_and_no_gradebook_is_made(
    tiny: Lesson, tmp_path: Path
) -> None:
    with pytest.raises(RecordError, match="run course release 01-tiny"):
        grade(tmp_path, tiny)

    assert not (tmp_path / "gradebook.db").exists()
