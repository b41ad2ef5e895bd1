"""A whole class played through the real grader: right, wrong, half-done and broken notebooks.

Everybody's mark is known before: right answers keep full marks, each known mistake loses points and
is told apart by its hint, a repaired notebook keeps what it deserves, an unreadable one gets a
reason. What does not come out so is an exception, and is named.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Table

from autograder import cells, classroom
from autograder.lesson import Course, Lesson
from autograder.report import Entry
from autograder.workspace import CourseError

SIGN = ".demonstration"
"""A file that tells a demonstration's folder from a real course's."""

HINTS_RIGHT = 0.9
"""The least share of mistakes whose first hint is their own."""


@dataclass(frozen=True)
class Sample:
    """One made-up submission.

    kind: right, mistake, untouched, half or broken. content: the notebook file's text, or None for
    a folder without one. mistake: question and name of the mistake in it. keeps: for a broken one,
    whether its work is right and deserves full marks. stray: a file where a folder should be.
    """

    id: str
    kind: str
    content: str | None
    mistake: tuple[str, str] | None = None
    keeps: bool = False
    stray: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a sample. wrong: why it is an exception, or None."""

    id: str
    kind: str
    mark: float
    max: float
    hint_ok: bool | None
    why: str
    wrong: str | None

    def to_json(self) -> dict:
        """The outcome as JSON-ready data."""
        return dict(self.__dict__)


def play(
    course: Course,
    lesson: Lesson,
    console: Console,
    folder: Path | None,
    jobs: int | None,
    *,
    boxed: bool = True,
) -> tuple[list[Outcome], Path]:
    """Grade the made-up class in a course folder of its own; gives outcomes and the report's page.

    folder: made if it is not there; a new temporary one by default.
    Raises CourseError when the folder holds anything but an earlier demonstration.
    """
    folder = (folder or Path(tempfile.mkdtemp(prefix="course-demo-"))).resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / SIGN).exists():
        raise CourseError(f"demo: {folder} holds other things; name a new folder")
    classroom.init(folder, course)
    (folder / SIGN).touch()
    classroom.release(folder, lesson)
    shutil.rmtree(folder / "submitted", ignore_errors=True)
    made_up = samples(lesson)
    for sample in made_up:
        hand_in(sample, folder, lesson.name)
    with classroom.progress(console, f"grading {lesson.name}") as step:
        rows = classroom.grade_lesson(folder, lesson, (), jobs, step, boxed=boxed)
    entries = classroom.as_entries(folder, lesson, rows)
    page, *_ = classroom.write_report(folder, entries, f"{course.title}: a demonstration")
    return outcomes(made_up, entries), page


def samples(lesson: Lesson) -> list[Sample]:
    """The class: every variant and mistake of the lesson, and what else is handed in."""
    solved = lesson.fill()
    rights = [Sample("right-reference", "right", nbformat.writes(solved))]
    rights += [
        Sample(f"right-{v.name}", "right", nbformat.writes(lesson.fill(v))) for v in lesson.variants
    ]
    mistakes = [
        Sample(
            f"mistake-{m.name}", "mistake", nbformat.writes(lesson.fill(m)), (m.question, m.name)
        )
        for m in lesson.mistakes
    ]
    untouched = Sample("untouched", "untouched", nbformat.writes(lesson.fill(tasks=[])))
    return [*rights, *mistakes, untouched, *_half_done(lesson), *_broken(lesson, solved)]


def _half_done(lesson: Lesson) -> Iterator[Sample]:
    """Some tasks solved, or all but one that is not valid Python or gone."""
    source = lesson.source.cells
    tasks = [str(cells.name(cell)) for cell in source if cells.word(cell) == "task"]
    middle = (len(tasks) + 1) // 2
    ways = {
        "first-task": tasks[:1],
        "first-half": tasks[:middle],
        "second-half": tasks[middle:],
        "every-other": tasks[1::2],
        "all-but-first": tasks[1:],
        "all-but-last": tasks[:-1],
    }
    for way, solved in ways.items():
        first = next(other for other in ways if ways[other] == solved)
        if way == first and 0 < len(solved) < len(tasks):
            yield Sample(f"half-{way}", "half", nbformat.writes(lesson.fill(tasks=solved)))
    for way, spoil in (("cut-off", _cut), ("emptied", lambda source: "")):
        book = lesson.fill()
        last = [cell for cell in book.cells if cells.word(cell) == "task"][-1]
        last.source = spoil(last.source)
        yield Sample(f"half-{way}", "half", nbformat.writes(book))


def _cut(source: str) -> str:
    """Code as it stands when somebody stops in the middle of a line."""
    return source[: source.index("(") + 1]


def _broken(lesson: Lesson, solved: NotebookNode) -> Iterator[Sample]:
    """Files that cannot be read, and right work in notebooks that were damaged."""
    text = nbformat.writes(solved)
    yield Sample("broken-truncated", "broken", text[: len(text) // 2])
    yield Sample("broken-not-json", "broken", "%PDF-1.7\nthis is not a notebook")
    yield Sample("broken-not-a-notebook", "broken", '{"answers": [1, 2, 3]}')
    yield Sample("broken-empty-file", "broken", "")
    yield Sample("broken-no-notebook", "broken", None)
    yield Sample("broken-stray-file", "broken", None, stray=True)
    yield Sample("broken-other-lesson", "broken", nbformat.writes(_other_lesson(solved)))
    repairs: dict[str, Callable[[NotebookNode, int], None]] = {
        "doubled-check": lambda book, at: _insert(book, at, deepcopy(book.cells[at])),
        "deleted-check": lambda book, at: book.cells.__delitem__(at),
        "ends-python": lambda book, at: _insert(book, at, _code("import os\nos._exit(1)")),
        "endless-loop": lambda book, at: _insert(book, at, _code("while True:\n    pass")),
    }
    for name, damage in repairs.items():
        book = deepcopy(solved)
        damage(book, next(i for i, c in enumerate(book.cells) if cells.word(c) == "check"))
        yield Sample(f"broken-{name}", "broken", nbformat.writes(book), keeps=True)


def _code(source: str) -> NotebookNode:
    return nbformat.v4.new_code_cell(source)


def _insert(book: NotebookNode, at: int, cell: NotebookNode) -> None:
    """Put a cell in, under an id that is the same each time."""
    cell.id = f"inserted-{at}"
    book.cells.insert(at, cell)


def _other_lesson(solved: NotebookNode) -> NotebookNode:
    """A notebook of the same make with other tasks in it."""
    book = nbformat.v4.new_notebook(metadata=deepcopy(solved.metadata))
    book.metadata.lesson = "00-another"
    _insert(book, 0, _code("def another():\n    return 1"))
    return book


def hand_in(sample: Sample, course: Path, lesson: str) -> None:
    """Put a sample where nbgrader collects submissions."""
    place = course / "submitted" / sample.id
    if sample.stray:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("a file where a folder should be\n", encoding="utf-8")
        return
    folder = place / lesson
    folder.mkdir(parents=True, exist_ok=True)
    if sample.content is None:
        (folder / "notes.txt").write_text("I forgot the notebook.\n", encoding="utf-8")
    else:
        (folder / f"{lesson}.ipynb").write_text(sample.content, encoding="utf-8")


def outcomes(made_up: Sequence[Sample], entries: Sequence[Entry]) -> list[Outcome]:
    """Each sample's mark beside what was to be expected."""
    by_student = {entry.student: entry for entry in entries}
    return [_outcome(sample, by_student.get(sample.id)) for sample in made_up]


def _outcome(sample: Sample, entry: Entry | None) -> Outcome:
    if entry is None:
        return Outcome(sample.id, sample.kind, 0.0, 0.0, None, "", "it has no row in the report")
    hint_ok = None
    if sample.mistake:
        named = [(v.question, v.mistake) for v in entry.verdicts if v.hint]
        hint_ok = named[:1] == [sample.mistake]
    wrong = _wrong(sample, entry)
    return Outcome(sample.id, sample.kind, entry.mark, entry.max, hint_ok, entry.to_know, wrong)


def _wrong(sample: Sample, entry: Entry) -> str | None:
    """Why a mark is not what it should be, or None."""
    full = entry.mark >= entry.max
    told = entry.reason or entry.repairs or entry.events
    if entry.state == "not graded" and (sample.kind != "broken" or sample.keeps):
        return f"not graded: {entry.reason}"
    if sample.kind == "right":
        return None if full else "right, and loses points"
    if sample.kind == "mistake":
        own = [v for v in entry.verdicts if sample.mistake and v.question == sample.mistake[0]]
        caught = own and own[0].points < own[0].max_points
        return None if caught else "wrong, and keeps full marks"
    if sample.kind == "half":
        return "half done, and keeps full marks" if full else None
    if sample.keeps and not full:
        return "damaged but right, and loses points"
    if not sample.keeps and entry.mark:
        return "nothing to mark, and gets points"
    return None if told or sample.kind == "untouched" else "nobody is told what happened"


def faults(found: Sequence[Outcome]) -> list[str]:
    """What makes the demonstration fail, one sentence each."""
    wrong = [f"{o.id}: {o.wrong} ({o.mark:g} of {o.max:g})" for o in found if o.wrong]
    hints = [o.hint_ok for o in found if o.hint_ok is not None]
    if sum(hints) < HINTS_RIGHT * len(hints):
        wrong.append(f"hints: {sum(hints)} of {len(hints)} are right; 90 % are needed")
    return wrong


def table(found: Sequence[Outcome]) -> Table:
    """The figures of the class for a terminal."""
    shown = Table(title="The class", title_justify="left")
    for head in ("submissions", "what should happen"):
        shown.add_column(head)
    shown.add_column("happened", justify="right")
    wanted = {
        "right": "keeps full marks",
        "mistake": "loses points",
        "half": "does not keep full marks",
        "untouched": "gets no points",
        "broken": "gets what it deserves, and is told why",
    }
    for kind, what in wanted.items():
        some = [o for o in found if o.kind == kind]
        shown.add_row(kind, what, f"{sum(not o.wrong for o in some)} of {len(some)}")
    hints = [o for o in found if o.hint_ok is not None]
    shown.add_row(
        "mistake", "its own hint comes first", f"{sum(map(_hinted, hints))} of {len(hints)}"
    )
    return shown


def _hinted(outcome: Outcome) -> bool:
    return bool(outcome.hint_ok)
