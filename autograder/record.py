"""The only writer of the gradebook (nbgrader's), and of the autograded/ folder beside it.

Writes what `nbgrader autograde` writes, so that the formgrader and nbgrader's feedback work:
submission, automatic points, "No response.", late penalty, the graded notebook and its files.
Marks and comments given by hand are never touched; they only ask for a second look, as nbgrader's.
One connection for a class, one transaction for a submission's grades; recording twice is harmless.
"""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config, PyFileConfigLoader

from autograder.assess import STAMP, Result
from autograder.lesson import Lesson

CONFIG = "nbgrader_config.py"


class RecordError(ValueError):
    """A gradebook that cannot take a lesson's marks; the message says what to do."""


class Recorder:
    """The gradebook of a course folder, open for one lesson. Use it in a `with` statement."""

    def __init__(self, folder: Path, lesson: Lesson) -> None:
        self.lesson = lesson.name
        config = read_config(folder)
        self.course = CourseDirectory(config=config, root=str(Path(folder).resolve()))
        self.late = AssignLatePenalties(config=config)
        self.late.log.setLevel(logging.ERROR)
        self.late.init_plugin()

    def __enter__(self) -> "Recorder":
        url = self.course.db_url
        unreleased = RecordError(
            f"grade: {self.lesson} was not released from {self.course.root}; "
            f"run course release {self.lesson} there"
        )
        if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
            raise unreleased  # to open it would make a new, empty gradebook
        self.gradebook = Gradebook(url, self.course.course_id)
        try:
            self.gradebook.find_notebook(self.lesson, self.lesson)
        except MissingEntry as error:
            self.gradebook.close()
            raise unreleased from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gradebook.close()

    def try_to_record(self, result: Result, files: Mapping[str, bytes]) -> Result:
        """Record a result that has a key, once; gives it back, or a failed one in its place."""
        if not result.key or self._is_recorded(result):
            return result
        try:
            self.record(result, files)
        except Exception as error:  # the rest of the class is graded all the same
            self.gradebook.db.rollback()
            reason = f"the gradebook refused it: {type(error).__name__} {str(error)[:300]}"
            return replace(result, state="not gradable", reason=reason, key="")
        return result

    def record(self, result: Result, files: Mapping[str, bytes]) -> None:
        """Write one result into the gradebook, and its files into autograded/."""
        notebook = nbformat.reads(result.notebook, as_version=4)
        book = self.gradebook
        book.update_or_create_student(result.student)
        when = {"timestamp": result.received} if result.received else {}
        with book.db.no_autoflush:  # or SQLAlchemy warns of nbgrader's half-made objects
            book.update_or_create_submission(self.lesson, result.student, **when)
        submitted = book.find_submission_notebook(self.lesson, self.lesson, result.student)
        self._write_grades(submitted, notebook)
        book.db.commit()
        self._write_penalty(submitted, result.student)
        book.db.commit()
        self._write_files(result, files)

    def _write_grades(self, submitted: SubmittedNotebook, notebook: NotebookNode) -> None:
        """What nbgrader's SaveAutoGrades writes, cell by cell."""
        marked = {
            cell.metadata.nbgrader.grade_id: cell
            for cell in notebook.cells
            if "nbgrader" in cell.metadata
        }
        for grade in submitted.grades:
            if cell := marked.get(grade.name):
                grade.auto_score, _ = utils.determine_grade(cell)
                by_hand = grade.manual_score is not None
                grade.needs_manual_grade = by_hand or grade.auto_score is None
        for comment in submitted.comments:
            if cell := marked.get(comment.name):
                untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
                comment.auto_comment = "No response." if untouched else None

    def _write_penalty(self, submitted: SubmittedNotebook, student: str) -> None:
        """What nbgrader's AssignLatePenalties writes, by the course's own late policy."""
        submitted.late_submission_penalty = None
        late_s = submitted.assignment.total_seconds_late
        if late_s > 0:
            score = submitted.score
            penalty = self.late.plugin_inst.late_submission_penalty(student, score, late_s)
            if penalty is not None:
                submitted.late_submission_penalty = self.late._check_late_penalty(
                    submitted, penalty
                )

    def _write_files(self, result: Result, files: Mapping[str, bytes]) -> None:
        """The graded notebook last: its stamp says that all the rest is written."""
        target = self._autograded(result.student)
        shutil.rmtree(target, ignore_errors=True)
        content = {**files, f"{self.lesson}.ipynb": result.notebook.encode() + b"\n"}
        if result.received:
            content = {"timestamp.txt": result.received.encode(), **content}
        for name, data in content.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o664 if self.course.groupshared else 0o444)

    def _is_recorded(self, result: Result) -> bool:
        """Whether autograded/ shows this very result: then the gradebook has it."""
        try:
            path = self._autograded(result.student) / f"{self.lesson}.ipynb"
            stamp = nbformat.read(path, as_version=4).metadata.get(STAMP, {})
            self.gradebook.find_submission(self.lesson, result.student)
        except (OSError, ValueError):
            return False
        return stamp.get("key") == result.key

    def _autograded(self, student: str) -> Path:
        step = self.course.autograded_directory
        return Path(self.course.format_path(step, student, self.lesson))


def read_config(folder: Path) -> Config:
    """A course folder's nbgrader_config.py, or an empty one."""
    if not (Path(folder) / CONFIG).is_file():
        return Config()
    return PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
