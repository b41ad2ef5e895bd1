"""A class graded: intake, execute, judge, record, for every student who handed something in.

Intake and record run here, in one process; execute and judge (see assess.py) run as pure tasks on
any concurrent.futures executor. A result is stored under a key of all that decides it, so a grader
that was stopped goes on where it was, and the same submission always gets the same mark.
Submissions lie where nbgrader collects them: submitted/<student>/<lesson>/.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat

from autograder import belongings, folders, intake
from autograder.assess import Result, Task
from autograder.box import BoxError
from autograder.cells import LessonError
from autograder.execute import Job
from autograder.lesson import Lesson, load_course
from autograder.limits import Limits
from autograder.pool import Running, assessed
from autograder.record import Recorder

Progress = Callable[[Result, int, int], None]
"""Called after each student with the result, how many are done, and how many there are."""

DECISIVE = ["answer", "assess", "belongings", "box", "conversation", "execute", "forbid", "intake"]
DECISIVE += ["finding", "inside", "judge", "kernel", "outputs", "picture", "pool", "probe"]
DECISIVE += ["limits", "processes", "provisioner", "repair", "syscalls", "walls", "zygote"]
"""The modules that decide a mark: when one changes, stored results are not used again."""

LESSON_CODE = ("lesson.py", "checks.py", "mistakes.py", "variants.py")

LONGEST_NAME = 120


class GradeError(ValueError):
    """Nothing can be graded; the message says what to do."""


@dataclass(frozen=True)
class Exam:
    """A lesson's side of grading, the same for the whole class.

    answers: the AnswerKey with hidden probes, as JSON. questions: names of probes by question.
    files: what lies beside the notebook, by relative path. digest: of all that decides a mark.
    """

    lesson: Lesson
    answers: dict[str, Any]
    source: str
    shown: str
    questions: dict[str, list[str]]
    hidden: list[str]
    seeds: list[int]
    limits: Limits
    files: dict[str, bytes]
    digest: str


def grade(
    folder: Path,
    lesson: Lesson,
    students: Sequence[str] = (),
    jobs: int | None = None,
    progress: Progress = lambda result, done, total: None,
    *,
    running: Running = lambda students: None,
    since: datetime | None = None,
    regrade: bool = False,
    boxed: bool = True,
    executor: Executor | None = None,
) -> list[Result]:
    """Grade one lesson in a course folder; one result a student, in the order of their names.

    students: whom to grade, everybody by default. jobs: processes, by default one a core. running:
    told who is at work. since: a moment; what was handed in before it is left as it is. regrade:
    execute also what has a stored result. boxed: False to run submissions as the grader where no
    box can be built. executor: where tasks run instead of on this machine.
    Raises GradeError when another grader is at work here, or no box can be built; RecordError when
    the lesson was not released from this folder.
    """
    folder = Path(folder)
    test = exam(lesson, boxed=boxed)
    listed = [one for one in class_list(folder, lesson, students) if _is_new(one[1], since)]
    rows = [_no_submission(test, student, problem) for student, _, problem in listed if problem]
    for number, row in enumerate(rows, 1):
        progress(row, number, len(listed))
    folders.sweep()
    with _alone(folder, lesson), Recorder(folder, lesson) as recorder:

        def finish(result: Result, handed: Task) -> None:
            rows.append(recorder.try_to_record(result, handed.job.files))
            store(folder, rows[-1])
            progress(rows[-1], len(rows), len(listed))

        def todo() -> Iterator[Task]:
            for student, handed_in, problem in listed:
                if not problem:
                    handed = task(test, student, intake.take(handed_in, lesson))
                    kept = None if regrade else stored(folder, lesson.name, student)
                    if kept and kept.key == handed.key:
                        finish(kept, handed)
                    else:
                        yield handed

        waiting = todo(), len(listed), jobs, executor, running
        try:
            for result, handed in assessed(*waiting, boxed=test.limits.box):
                finish(result, handed)
        except BoxError as error:
            raise GradeError(f"grade: {error}") from error
    return sorted(rows, key=lambda row: row.student)


def exam(lesson: Lesson, *, boxed: bool = True) -> Exam:
    """Read and run what grading a lesson needs, once. boxed: False to do without a box."""
    course = load_course(lesson.folder.parent)
    seeds = list(dict.fromkeys([0, course.seed]))
    try:
        limits = Limits.of(course.limits)
        limits = replace(limits, box=limits.box and boxed)
    except ValueError as error:
        raise LessonError(f"{course.folder / 'course.toml'}: {error}") from error
    answers = lesson.key(hidden=True, seeds=seeds)
    questions = {q: [asked.name for asked in key.asked] for q, key in answers.questions.items()}
    files, _ = belongings.files(lesson.folder)
    files = {name: content for name, content in files.items() if name not in LESSON_CODE}
    parts = [lesson.digest, _program(), seeds, asdict(limits), sorted(map(_hash, files.values()))]
    digest = _hash(json.dumps(parts).encode())
    return Exam(
        lesson=lesson,
        answers=answers.to_json(),
        source=answers.source,
        shown=lesson.checks_source(hidden=False),
        questions=questions,
        hidden=[probe.name for probe in lesson.probes if probe.hidden],
        seeds=seeds,
        limits=limits,
        files=files,
        digest=digest,
    )


def task(test: Exam, student: str, taken: intake.Submission) -> Task:
    """What a worker needs to execute and judge one submission."""
    job = Job(
        notebook=nbformat.writes(taken.notebook),
        source=test.source,
        shown=test.shown,
        hidden=test.hidden,
        questions=test.questions,
        seeds=test.seeds,
        limits=test.limits,
        files=_together(taken.files, test.files),
    )
    key = _hash(json.dumps([test.digest, taken.digest, taken.received]).encode())
    repairs, why, when = taken.repairs, taken.unreadable, taken.received
    return Task(student, test.lesson.name, key, job, test.answers, repairs, why, when)


def _together(theirs: Mapping[str, bytes], ours: Mapping[str, bytes]) -> dict[str, bytes]:
    """A student's files and the lesson's own, which win: also where one's file is a folder."""
    places = {f"{name}/" for name in ours}

    def in_the_way(name: str) -> bool:
        return any(f"{name}/".startswith(p) or p.startswith(f"{name}/") for p in places)

    return {name: data for name, data in theirs.items() if not in_the_way(name)} | dict(ours)


def class_list(
    folder: Path, lesson: Lesson, students: Sequence[str] = ()
) -> Iterator[tuple[str, Path, str | None]]:
    """Who is to be graded: name, folder of the submission, and a problem or None.

    Somebody who handed in other lessons only is not in it, unless asked for by name. Where there
    is no notebook there is a problem, and, as in nbgrader, nothing for the gradebook.
    """
    root = folder / "submitted"
    found = sorted(path for path in root.iterdir() if path.name[0] != ".") if root.is_dir() else []
    named = [root / student for student in students]
    for path in named or found:
        handed_in = path / lesson.name
        name = belongings.printable(path.name)
        try:
            problem = _problem(path, lesson, bool(named))
        except OSError as error:
            problem = f"submitted/{name} cannot be read: {error.strerror}"
        if problem or os.path.lexists(handed_in):
            yield name, handed_in, problem


def _problem(path: Path, lesson: Lesson, by_name: bool) -> str | None:
    """Why there is nothing to grade in a student's folder. Raises OSError if it is not readable."""
    handed_in, name = path / lesson.name, belongings.printable(path.name)
    if path.is_symlink() or not path.is_dir():
        return f"nothing was handed in: submitted/{name} is no folder"
    if name != path.name or not name.isprintable() or len(name) > LONGEST_NAME:
        return "the folder's name cannot be a student's name; rename it"
    names = [entry.name for entry in path.iterdir()]
    if lesson.name in names:
        return intake.missing(handed_in, lesson)
    if by_name or not names:
        return f"nothing was handed in: submitted/{name} has no folder {lesson.name}"
    return None


def stored(folder: Path, lesson: str, student: str) -> Result | None:
    """The stored result for a student, or None."""
    try:
        return Result.from_json(json.loads(_place(folder, lesson, student).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def store(folder: Path, result: Result) -> None:
    """Keep a result, whole or not at all.

    One that the grader could not finish has no key: the report tells of it, and it is never used.
    """
    place = _place(folder, result.lesson, result.student)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.new")
    draft.write_text(json.dumps(result.to_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(place)


def _place(folder: Path, lesson: str, student: str) -> Path:
    return folder / "results" / lesson / f"{student}.json"


def _is_new(handed_in: Path, since: datetime | None) -> bool:
    """Whether a submission came at that moment or later: by its time stamp, else by its files."""
    if since is None:
        return True
    try:
        places = [handed_in, *handed_in.glob("*.ipynb")]
        told, _ = intake.received(handed_in / belongings.TIMESTAMP, handed_in)
        newest = max(place.lstat().st_mtime for place in places)
    except OSError:
        return True  # the row will say why it cannot be read
    if told:
        newest = datetime.strptime(told, intake.TIME_FORMAT).replace(tzinfo=UTC).timestamp()
    return newest >= since.timestamp()


def _no_submission(test: Exam, student: str, problem: str) -> Result:
    most = sum(question["points"] for question in test.answers["questions"].values())
    return Result(student, test.lesson.name, "not gradable", 0.0, most, reason=problem)


def _program() -> str:
    """A hash of the modules that decide a mark."""
    here = Path(__file__).parent
    return _hash(b"".join((here / f"{name}.py").read_bytes() for name in DECISIVE))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _alone(folder: Path, lesson: Lesson) -> Iterator[None]:
    """Hold the lesson's lock: two graders at once would undo each other's files."""
    place = folder / "results" / lesson.name / ".lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise GradeError(
                f"grade: {lesson.name} is being graded in {folder} already; wait for it to end"
            ) from error
        yield
