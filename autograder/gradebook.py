"""What the gradebook says of a class: who is in it, and each one's points. Looks, never writes.

It has what the automatic marks have not: points given by hand, late penalties, students who handed
nothing in. record.py is its only writer beside nbgrader itself.
"""

from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.record import read_config


@dataclass(frozen=True)
class Standing:
    """One student's points for one lesson.

    submitted: whether the gradebook has a submission. written: points of the written answers, or
    None while one was never marked. late_penalty: points taken off. total: what counts in the end,
    of max. to_mark: whether nbgrader waits for a person to mark something or to look again.
    """

    submitted: bool
    written: float | None
    written_max: float
    late_penalty: float
    total: float
    max: float
    to_mark: bool


def standings(folder: Path, lesson: str) -> dict[str, Standing]:
    """Everybody in the gradebook, by name; nobody if the lesson was not released from here."""
    course = CourseDirectory(config=read_config(folder), root=str(Path(folder).resolve()))
    url = course.db_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return {}  # to open it would make a new, empty gradebook
    with Gradebook(url, course.course_id) as book:
        try:
            assignment = book.find_assignment(lesson)
        except MissingEntry:
            return {}
        absent = _nothing(assignment)
        found = {student.id: absent for student in book.students}
        return found | {s.student.id: _standing(s) for s in assignment.submissions}


def _nothing(assignment: Assignment) -> Standing:
    most = assignment.max_score
    return Standing(False, 0.0, assignment.max_written_score, 0.0, 0.0, most, to_mark=False)


def _standing(submission: SubmittedAssignment) -> Standing:
    penalty = submission.late_submission_penalty or 0.0
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    waiting = any(grade.needs_manual_grade and grade.manual_score is None for grade in grades)
    return Standing(
        submitted=True,
        written=None if waiting else submission.written_score,
        written_max=submission.max_written_score,
        late_penalty=penalty,
        total=max(0.0, submission.score - penalty),
        max=submission.max_score,
        to_mark=submission.needs_manual_grade,
    )
