"""One submission executed and judged: a pure function from a Task to a Result, for any process.

The answer key is used here, outside the student's kernel. Each check cell of the notebook that
comes back has one output: the points as text, which nbgrader reads, and the verdict as a picture.
"""

import html
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from autograder import cells, forbid, picture
from autograder.execute import Execution, Job, execute
from autograder.judge import AnswerKey, Verdict

VERSION = 1
"""Of the result's JSON; raised when its meaning changes."""

STAMP = "autograder"
"""Where a graded notebook's metadata says which result it shows."""


@dataclass(frozen=True)
class Task:
    """A submission that was taken in, and all that grading it needs.

    key: the result's key. answers: an AnswerKey as JSON. received: when it was handed in, in UTC.
    unreadable: why there is nothing to execute, or None.
    """

    student: str
    lesson: str
    key: str
    job: Job
    answers: Mapping[str, Any]
    repairs: Sequence[str] = ()
    unreadable: str | None = None
    received: str | None = None


@dataclass(frozen=True)
class Result:
    """The outcome for one student and lesson; stored as JSON.

    state: "graded"; "partly" when a time limit or a crash kept a question from being asked in
    full; "not gradable" when nothing could be read, with a mark of 0, or when the grader itself
    failed, with an empty key. mark, max: points of the checks. by_hand: points of written answers.
    reason: the one sentence that explains a state, or None. notebook: the graded one, as JSON.
    """

    student: str
    lesson: str
    state: str
    mark: float
    max: float
    by_hand: float = 0.0
    reason: str | None = None
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    received: str | None = None
    seconds: float = 0.0
    made: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    notebook: str = ""

    def to_json(self) -> dict[str, Any]:
        """The result as JSON-ready data."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Result":
        """The result from such data. Raises ValueError when another version wrote it."""
        if data.get("version") != VERSION:
            raise ValueError(f"result: version {VERSION} is needed, got {data.get('version')}")
        return cls(**{name: value for name, value in data.items() if name != "version"})


def assess(task: Task) -> Result:
    """Execute, then judge. Never raises for what a submission does."""
    done = Execution(task.job.notebook, {}) if task.unreadable else _executed(task.job)
    return judge(task, done)


def _executed(job: Job) -> Execution:
    """The execution; once more where Python or the box was killed, perhaps by somebody else."""
    with suppress(OSError, RuntimeError):
        done = execute(job)
        if not done.sudden:
            return done
    return execute(job)


def judge(task: Task, done: Execution) -> Result:
    """The verdicts on what an execution brought, and the notebook that shows them."""
    key = AnswerKey.from_json(task.answers)
    notebook = nbformat.reads(done.notebook, as_version=4)
    code: list[str] = []
    verdicts = []
    for cell in notebook.cells:
        question = cells.name(cell) if cells.word(cell) == "check" else None
        if question in key.questions:
            note = task.unreadable or done.notes.get(question)
            replies = [] if task.unreadable else done.replies.get(question, [])
            verdict = _verdict(key, question, replies, [] if task.unreadable else code, note)
            cell.outputs = [_shown(verdict, cell.metadata.nbgrader.points)]
            verdicts.append(verdict)
        elif cell.cell_type == "code":
            code.append(cell.source)
    _stamp(notebook, task, done.events)
    unasked = [v.note for v in verdicts if v.state != "right" and v.question in done.notes]
    result = Result(
        student=task.student,
        lesson=task.lesson,
        state="not gradable" if task.unreadable else "partly" if unasked else "graded",
        mark=round(sum(v.points for v in verdicts), 3),
        max=sum(v.max_points for v in verdicts),
        by_hand=sum(c.metadata.nbgrader.points for c in notebook.cells if _is_written(c)),
        reason=task.unreadable or next(iter(unasked), None),
        verdicts=[verdict.to_json() for verdict in verdicts],
        repairs=list(task.repairs),
        events=done.events,
        received=task.received,
        seconds=done.seconds,
        made={"seeds": list(task.job.seeds), "limits": asdict(task.job.limits)},
        key=task.key,
        notebook=nbformat.writes(notebook),
    )
    return _encodable(result)


def _encodable(result: Result) -> Result:
    """The same, with ? for what no file can hold: a student may print half a character."""
    text = json.dumps(result.to_json(), ensure_ascii=False).encode(errors="replace")
    return Result.from_json(json.loads(text))


def _verdict(
    key: AnswerKey, question: str, replies: list[dict[str, Any]], code: list[str], note: str | None
) -> Verdict:
    """One question's verdict; the note explains missing replies, so a right answer needs none."""
    asked = key.questions[question]
    try:
        used = forbid.find(code, asked.forbid, asked.needs)
    except Exception as error:  # such as code that is nested too deeply for Python's parser
        why = f"your code could not be looked through ({type(error).__name__}); write it simpler"
        return key.judge(question, [], why)
    if used:
        return key.forbidden(question, *used)
    try:
        verdict = key.judge(question, replies)
        return verdict if verdict.state == "right" else key.judge(question, replies, note)
    except Exception:  # no answer of a probe's own looks like this: somebody made it up
        return key.judge(question, [], "what came back is no answer: leave the grader's own code")


def _shown(verdict: Verdict, most: float) -> NotebookNode:
    """A check cell's output: nbgrader takes the text for the points, so it is within bounds."""
    points = repr(float(min(max(verdict.points, 0.0), most)))
    data = {"text/plain": points, "text/html": picture.html(verdict)}
    return v4.new_output("execute_result", data=data)


def _is_written(cell: NotebookNode) -> bool:
    return cells.word(cell) == "answer" and "nbgrader" in cell.metadata


def _stamp(notebook: NotebookNode, task: Task, events: Sequence[str]) -> None:
    """Say in the notebook which result it shows and, on top, what the student should know."""
    notebook.metadata[STAMP] = {"key": task.key}
    said = [*([task.unreadable] if task.unreadable else []), *task.repairs, *events]
    if said:
        lines = "\n".join(f"- {html.escape(line)}" for line in said)
        note = v4.new_markdown_cell(f"**What happened at grading**\n\n{lines}")
        note.id = "grading-notes"
        notebook.cells.insert(0, note)
