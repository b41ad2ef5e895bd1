"""A course folder, step by step as an instructor walks: make it, release, collect, grade, report.

The folder is nbgrader's: source/, release/, submitted/, autograded/, feedback/ and gradebook.db,
with results/ beside them. What nbgrader can do is left to nbgrader.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from glob import escape, glob
from pathlib import Path
from typing import Any

import rich.markup
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder import build, grade, gradebook, nbgrader_config, programs, report
from autograder.assess import Result
from autograder.lesson import Course, Lesson, load_course
from autograder.record import CONFIG, RecordError, read_config
from autograder.report import Entry
from autograder.workspace import CourseError


def init(folder: Path, course: Course) -> list[str]:
    """Make a course folder for a course; gives what was done. One that is there is left as it is.

    Raises CourseError when it is a file, holds other things or cannot be made.
    """
    if (folder / CONFIG).is_file():
        return [f"{folder} is a course folder already; nothing was changed"]
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"init: {folder} is a file; choose a new folder")
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"init: {folder} is not empty; choose a new folder")
    try:
        (folder / "source").mkdir(parents=True, exist_ok=True)
        nbgrader_config.write(folder, course.folder.resolve())
    except OSError as error:
        raise CourseError(
            f"init: {folder} cannot be made: {error.strerror}; choose another folder"
        ) from error
    return [f"{folder} is a course folder now; its lessons come from {course.folder}"]


def course_of(folder: Path, lessons: Path | None) -> Course:
    """The course that a course folder teaches; lessons: another folder to take it from.

    Raises CourseError, with the command that makes one, when it is no course folder.
    """
    if not (folder / CONFIG).is_file():
        raise CourseError(
            f"{folder.resolve()} is no course folder: it has no {CONFIG}; "
            "make one with course init FOLDER, or name yours with --course FOLDER"
        )
    told = read_config(folder).LessonStep.get("lessons")
    return load_course(lessons or (Path(told) if told else None))


def release(folder: Path, lesson: Lesson) -> list[str]:
    """Write the source edition, let nbgrader make the release edition, and hand it out.

    Gives what was done, as sentences. Handing out is left out when no exchange is configured.
    """
    folder = folder.resolve()
    build.write_source(lesson, folder)
    build.generate(lesson, folder, read_config(folder))
    said = [f"{lesson.name}: the student edition lies in {folder / 'release' / lesson.name}"]
    if has_exchange(folder):
        _nbgrader(folder, "release_assignment", lesson.name)
        return [*said, "handed out through the exchange; students fetch it in JupyterLab"]
    return [
        *said,
        "no exchange is configured, so hand the folder out yourself; "
        f"put what comes back into {folder / 'submitted'}/STUDENT/{lesson.name}/",
    ]


def collect(folder: Path, lesson: Lesson) -> list[str]:
    """Fetch what students submitted to the exchange, newer ones too; gives who has handed in.

    Raises CourseError when there is no exchange.
    """
    if not has_exchange(folder):
        raise CourseError(
            f"collect: no exchange is configured in {folder / CONFIG} (c.Exchange.root); "
            f"put notebooks into submitted/STUDENT/{lesson.name}/ yourself"
        )
    _nbgrader(folder, "collect", lesson.name, update=True)
    return handed_in(folder, lesson)


def handed_in(folder: Path, lesson: Lesson) -> list[str]:
    """The students who handed in a lesson."""
    return [name for name, _, problem in grade.class_list(folder, lesson) if not problem]


def grade_lesson(
    folder: Path,
    lesson: Lesson,
    students: Sequence[str],
    jobs: int | None,
    step: "Shown",
    *,
    since: datetime | None = None,
    regrade: bool = False,
    boxed: bool = True,
) -> list[Result]:
    """Grade a lesson. Raises CourseError when it cannot be graded here and now."""
    if not lesson.notebook.is_file():
        raise CourseError(f"{lesson.name} is not built yet; run course build {lesson.name}")
    try:
        chosen: dict[str, Any] = {"since": since, "regrade": regrade, "boxed": boxed}
        rows = grade.grade(folder, lesson, students, jobs, step, running=step.running, **chosen)
    except (grade.GradeError, RecordError) as error:
        raise CourseError(str(error)) from error
    if not rows:
        late = f" since {since:%Y-%m-%d %H:%M}" if since else ""
        raise CourseError(
            f"grade: nothing was handed in for {lesson.name}{late}; "
            f"put notebooks into {folder / 'submitted'}/STUDENT/{lesson.name}/"
        )
    return rows


def look_for(folder: Path, students: Sequence[str]) -> None:
    """Raises CourseError for the first of the students who has no folder in submitted/."""
    root = folder / "submitted"
    there = {path.name for path in root.iterdir()} if root.is_dir() else set()
    for student in students:
        if student not in there:
            raise CourseError(f"grade: there is no folder {student} in {root}")


def told(folder: Path, lesson: Lesson, rows: Sequence[Result]) -> list[str]:
    """What grading did, as sentences: how many, and who needs a look and why."""
    odd = [row for row in rows if row.state != "graded"]
    books = gradebook.standings(folder, lesson.name)
    by_hand = sum(row.student in books and books[row.student].to_mark for row in rows)
    said = [f"{lesson.name}: {len(rows) - len(odd)} graded, {len(odd)} odd"]
    said += [f"  {row.student}: {row.mark:g} of {row.max:g}; {row.reason}" for row in odd]
    if by_hand:
        said.append(
            f"  written answers of {by_hand} wait to be marked by hand: nbgrader formgrader"
        )
    return said


def feedback(folder: Path, lesson: Lesson) -> list[str]:
    """Make nbgrader's feedback pages of what was graded, and give them back by the exchange.

    Raises CourseError when nothing is graded yet.
    """
    course = CourseDirectory(config=read_config(folder), root=escape(str(folder.resolve())))
    if not glob(course.format_path(course.autograded_directory, "*", lesson.name)):
        raise CourseError(
            f"feedback: nothing is graded for {lesson.name}; run course grade {lesson.name}"
        )
    _nbgrader(folder, "generate_feedback", lesson.name, force=True)
    said = [f"{lesson.name}: the pages lie in {folder / 'feedback'}/STUDENT/{lesson.name}"]
    if has_exchange(folder):
        _nbgrader(folder, "release_feedback", lesson.name)
        return [*said, "given back through the exchange; students fetch them in JupyterLab"]
    return [*said, "no exchange is configured, so give the pages back yourself"]


def as_entries(folder: Path, lesson: Lesson, rows: Sequence[Result]) -> list[Entry]:
    """Results as the report shows them, each beside what the gradebook has."""
    books = gradebook.standings(folder, lesson.name)
    return [Entry.of(row, books.get(row.student)) for row in rows]


def entries(folder: Path, course: Course) -> list[Entry]:
    """What is known of everybody: stored results, who is still to be graded and why, who handed
    nothing in, and what the gradebook adds to each.
    """
    return [entry for lesson in course.lessons for entry in _class(folder, lesson)]


def _class(folder: Path, lesson: Lesson) -> Iterator[Entry]:
    """Everybody who handed in a lesson or is in the gradebook, in the order of their names."""
    books = gradebook.standings(folder, lesson.name)
    listed = {name: problem for name, _, problem in grade.class_list(folder, lesson)}
    for student in sorted(listed.keys() | books.keys()):
        problem, book = listed.get(student), books.get(student)
        if student not in listed and book and not book.submitted:
            row = _known(folder, lesson, student, "nothing was handed in")
            yield replace(Entry.of(row, book), state=report.ABSENT)
        else:
            row = _known(folder, lesson, student, problem)
            yield Entry.of(row, book if book and (book.submitted or problem) else None)


def _known(folder: Path, lesson: Lesson, student: str, problem: str | None) -> Result:
    most = sum(lesson.points.values())
    kept = None if problem else grade.stored(folder, lesson.name, student)
    reason = problem or f"not graded yet: run course grade {lesson.name}"
    return kept or Result(student, lesson.name, "not gradable", 0.0, most, reason=reason)


def write_report(
    folder: Path,
    shown: Sequence[Entry],
    title: str,
    table: Path | None = None,
    data: Path | None = None,
) -> list[Path]:
    """Write the report: the page, the table and the data; gives their paths.

    table, data: where to put CSV and JSON, beside the page by default.
    """
    page = folder / "report.html"
    table, data = table or page.with_suffix(".csv"), data or page.with_suffix(".json")
    page.write_text(report.html(shown, title, datetime.now()), encoding="utf-8")
    # Excel reads a file as UTF-8 only if it begins with a byte order mark
    table.write_text(report.as_csv(shown), encoding="utf-8-sig", newline="")
    data.write_text(report.as_json(shown), encoding="utf-8")
    return [page, table, data]


class Shown:
    """A progress bar that grade() tells of each result and of who is at work."""

    def __init__(self, bar: Progress, what: str) -> None:
        self.bar, self.odd = bar, 0
        self.task = bar.add_task(what, total=None, odd=0, now="")

    def __call__(self, result: Result, done: int, total: int) -> None:
        """Count a result; one that is odd is told at once, with the reason."""
        if result.state != "graded":
            self.odd += 1
            self.bar.console.print(f"{result.student}: {result.reason}", markup=False)
        self.bar.update(self.task, completed=done, total=total, odd=self.odd)

    def running(self, students: Sequence[str]) -> None:
        """Show who is at work."""
        self.bar.update(self.task, now=", ".join(map(rich.markup.escape, students)))


@contextmanager
def progress(console: Console, what: str) -> Iterator[Shown]:
    """A progress bar for grade(): how many are done and how many of them are odd, who is at work,
    and above it what went wrong so far.
    """
    columns: Sequence[Any] = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[odd]} odd"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[now]}"),
    )
    with Progress(*columns, console=console) as bar:
        shown = Shown(bar, what)
        try:
            yield shown
        except CourseError:  # nothing was graded: the sentence says enough
            bar.update(shown.task, visible=False)
            raise
        finally:
            shown.running(())


def has_exchange(folder: Path) -> bool:
    """Whether a course folder's settings name an exchange and the course's name in it."""
    config = read_config(folder)
    return bool(config.Exchange.get("root")) and bool(config.CourseDirectory.get("course_id"))


def _nbgrader(folder: Path, step: str, lesson: str, **settings: Any) -> None:
    """One of nbgrader's own steps. Raises CourseError with nbgrader's words when it fails."""
    programs.on_path()
    config = read_config(folder)
    config.CourseDirectory.root = str(folder.resolve())
    config.ExchangeReleaseAssignment.force = True  # a second release replaces the first
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    done = getattr(api, step)(lesson, **settings)
    if not done["success"]:
        raise CourseError(f"{step} {lesson}: {done['log'] or done['error']}")
