"""Results to what an instructor reads: one self-contained page, a table for spreadsheets, JSON.

A result is the JSON that grading keeps of one submission. Everything in it that a student wrote is
escaped on the page, and cannot be a formula in the table.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.assess import Result
from autograder.gradebook import Standing
from autograder.judge import Verdict

ABSENT = "not handed in"
"""The state of a student of whom there is no submission."""

MARKS = {
    "right": "✓",
    "partly right": "◐",
    "wrong": "✗",
    "not attempted": "○",
    "no answer": "✗",
    "forbidden": "✗",
    "not graded": "!",
    ABSENT: "–",
}
"""A sign for each state, of a question or of a submission; its word always stands beside it."""

BINS = ((0.0, "none"), (0.25, "to 25 %"), (0.5, "to 50 %"), (0.75, "to 75 %"), (0.9999, "to 99 %"))
"""Upper ends of the classes of the spread; the last class, all points, has no end."""

BOOKED = ("written", "written max", "late penalty", "total", "total max")
"""Columns of the table that come from the gradebook; total has the checks and these in it."""

TO_MARK = "to be marked"

SHOWN = 12
"""Mistakes shown at once; the others are folded away."""


@dataclass(frozen=True)
class Entry:
    """One submission as the report shows it.

    mark, max: points of the checks. reason: the one sentence that explains the state. by_hand: most
    points of its written answers, which are in neither mark nor max. boxed: False if its code ran
    without a box. gradebook: what it holds of
    the student, written answers and penalties in its total; None if it knows nothing yet.
    """

    lesson: str
    student: str
    mark: float
    max: float
    state: str
    reason: str | None = None
    hint: str | None = None
    verdicts: list[Verdict] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    by_hand: float = 0.0
    boxed: bool = True
    gradebook: Standing | None = None

    @classmethod
    def of(cls, result: Result, gradebook: Standing | None = None) -> "Entry":
        """What the report shows of a result; verdicts only if there was something to judge."""
        read = result.state != "not gradable"
        verdicts = [Verdict.from_json(v) for v in result.verdicts] if read else []
        return cls(
            lesson=result.lesson,
            student=result.student,
            mark=result.mark,
            max=result.max,
            state=state_of(verdicts) if read else "not graded",
            reason=result.reason,
            hint=next((v.hint for v in verdicts if v.hint), None),
            verdicts=verdicts,
            repairs=result.repairs,
            events=result.events,
            by_hand=result.by_hand if read else 0.0,
            boxed=not read or bool(result.made.get("limits", {}).get("box")),
            gradebook=gradebook,
        )

    @property
    def to_know(self) -> str:
        """The one thing to know first: the reason, a hint, a repair or an event."""
        return next(filter(None, [self.reason, self.hint, *self.repairs, *self.events]), "")

    @property
    def anchor(self) -> str:
        """Its name in the page's links."""
        return _anchor(f"{self.lesson} {self.student}")


def html(entries: Sequence[Entry], title: str, made: datetime) -> str:
    """The class report as one page."""
    environment = Environment(
        loader=PackageLoader("autograder"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(points=points, written=written, MARKS=MARKS, SHOWN=SHOWN)
    return environment.get_template("report.html.j2").render(
        title=title,
        made=f"Made on {made:%d %B %Y at %H:%M}",
        lessons=[_lesson(name, rows) for name, rows in _by_lesson(entries).items()],
    )


def as_csv(entries: Sequence[Entry]) -> str:
    """The table: a row for each submission, with the points of each question in its own column."""
    questions = list(dict.fromkeys(f"{e.lesson}/{v.question}" for e in entries for v in e.verdicts))
    head = ["lesson", "student", "mark", "max", *BOOKED, "state", "reason", "first hint", "boxed"]
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(map(cell, [*head, *questions]))
    for e in entries:
        earned = {f"{e.lesson}/{v.question}": v.points for v in e.verdicts}
        row = [e.lesson, e.student, e.mark, e.max, *_booked(e.gradebook), e.state, e.reason, e.hint]
        row.append("yes" if e.boxed else "no")
        writer.writerow(map(cell, [*row, *(earned.get(q) for q in questions)]))
    return text.getvalue()


def _booked(book: Standing | None) -> list[object]:
    """The gradebook's columns of the table."""
    if book is None:
        return [None] * len(BOOKED)
    by_hand = TO_MARK if book.written is None else book.written
    return [by_hand, book.written_max, book.late_penalty, book.total, book.max]


def cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula; numbers and plain text stay as they are."""
    if isinstance(value, str) and re.match(r"\s*[=+\-@]|[\t\r\n]", value):
        return f"'{value}"
    return "" if value is None else value


def as_json(entries: Sequence[Entry]) -> str:
    """Everything the page shows, as JSON."""
    return json.dumps([asdict(e) for e in entries], indent=1, ensure_ascii=False) + "\n"


def points(value: float) -> str:
    """Points without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def written(book: Standing) -> str:
    """The points of the written answers, in words."""
    if not book.written_max:
        return "none"
    if book.written is None:
        return TO_MARK
    again = ", look again" if book.to_mark else ""
    return f"{points(book.written)} of {points(book.written_max)}{again}"


def state_of(verdicts: Sequence[Verdict]) -> str:
    """The state of a whole submission, in words."""
    states = {v.state for v in verdicts}
    if states <= {"right"}:
        return "right"
    if states == {"not attempted"}:
        return "not attempted"
    return "partly right" if sum(v.points for v in verdicts) > 0 else "wrong"


def _by_lesson(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.lesson, []).append(entry)
    return groups


def _lesson(name: str, entries: list[Entry]) -> dict[str, Any]:
    """What the template shows of one lesson."""
    given = [e for e in entries if e.state != ABSENT]
    spread = _spread(given)
    return {
        "name": name,
        "anchor": _anchor(name),
        "entries": entries,
        "given": len(given),
        "mean": sum(e.mark for e in given) / max(len(given), 1),
        "max": max(e.max for e in entries),
        "states": [(s, n) for s in MARKS if (n := sum(e.state == s for e in entries))],
        "to_mark": sum(bool(e.gradebook and e.gradebook.to_mark) for e in given),
        "booked": any(e.gradebook for e in entries),
        "unboxed": sum(not e.boxed for e in entries),
        "spread": spread,
        "most": max(1, *(count for _, count in spread)),
        "questions": _questions(entries),
        "mistakes": _mistakes(entries),
    }


def _spread(entries: list[Entry]) -> list[tuple[str, int]]:
    names = [*(name for _, name in BINS), "all"]
    shares = [e.mark / e.max if e.max else 0.0 for e in entries]
    classes = Counter(sum(share > end for end, _ in BINS) for share in shares)
    return [(name, classes[index]) for index, name in enumerate(names)]


def _questions(entries: list[Entry]) -> list[dict[str, Any]]:
    """Counts of each question, in the order of the lesson."""
    verdicts: dict[str, list[Verdict]] = {}
    for entry in entries:
        for verdict in entry.verdicts:
            verdicts.setdefault(verdict.question, []).append(verdict)
    return [_question(given) for given in verdicts.values()]


def _question(given: list[Verdict]) -> dict[str, Any]:
    states = Counter(v.state for v in given)
    return {
        "title": given[0].title,
        "share": states["right"] / len(given),
        "right": states["right"],
        "wrong": len(given) - states["right"] - states["not attempted"],
        "untouched": states["not attempted"],
        "mean": sum(v.points for v in given) / len(given),
        "max": given[0].max_points,
    }


def _mistakes(entries: list[Entry]) -> list[dict[str, Any]]:
    """The known mistakes of the class, the most frequent first."""
    made: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in (v for e in entries for v in e.verdicts if v.mistake):
        made.setdefault((verdict.question, str(verdict.mistake)), []).append(verdict)
    frequent = sorted(made.items(), key=lambda item: -len(item[1]))
    return [
        {"name": name.replace("_", " "), "count": len(v), "title": v[0].title, "hint": v[0].hint}
        for (_, name), v in frequent
    ]


def _anchor(text: str) -> str:
    """A name for links that is plain and different for different texts."""
    return "-" + "".join(c if c.isalnum() and c.isascii() else f"_{ord(c):x}_" for c in text)
