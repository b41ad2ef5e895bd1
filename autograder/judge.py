"""The judge: replies against the answer key give points, findings and the hint that fits.

An AnswerKey is data: what each probe must answer, and what each known mistake answers instead. The
student's folder holds the key of the visible probes; the key with the hidden ones never leaves the
grader. Both are judged by the same code, so a check and a mark cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from autograder.finding import Asked, Finding, find, is_unseen, same, summary
from autograder.probe import Reply, is_reply

VERSION = 1
"""Of the key's JSON; raised when its meaning changes."""

HINT_FITS = 0.5
"""A mistake's hint is given when at least this share of what is wrong is wrong in its way."""


LEARNT_BY_HEART = (
    "only checks whose answers lie open pass, and none of those that are new at grading; "
    "points need at least one of these"
)
"""Why answers copied from checks.json earn nothing."""


@dataclass(frozen=True)
class Known:
    """A known mistake: its hint, and its summaries for the probes that it answers wrongly."""

    name: str
    hint: str
    replies: dict[str, list[Reply]]


@dataclass(frozen=True)
class QuestionKey:
    """Everything needed to judge one question. `points` counts hidden probes too."""

    name: str
    title: str
    points: float
    asked: list[Asked]
    known: list[Known]
    needs: list[str] = field(default_factory=list)
    forbid: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AnswerKey:
    """The key of one lesson: the probes' source, the seeds to ask with, and each question's key."""

    lesson: str
    source: str
    seeds: list[int]
    questions: dict[str, QuestionKey]

    def to_json(self) -> dict[str, Any]:
        """The key as JSON-ready data."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AnswerKey":
        """The key from such data. Raises ValueError when another version wrote it."""
        if data.get("version") != VERSION:
            raise ValueError(
                f"checks.json: version {VERSION} is needed, got {data.get('version')}; "
                "fetch the lesson again, or update the course with python3 course.py"
            )
        questions = {
            name: QuestionKey(
                **{
                    **q,
                    "asked": [Asked(**a) for a in q["asked"]],
                    "known": [Known(**k) for k in q["known"]],
                }
            )
            for name, q in data["questions"].items()
        }
        return cls(data["lesson"], data["source"], list(data["seeds"]), questions)

    def judge(
        self, question: str, replies: Sequence[Mapping[str, Any]], note: str | None = None
    ) -> "Verdict":
        """The verdict on one question, from what `probe.serve` gave back.

        replies: {"probe", "seed", "reply"} each; a probe without a reply, or with one that has
        not a reply's form, is a probe not passed.
        note: why there may be fewer replies than questions (a time limit, a dead kernel).
        """
        key = self.questions[question]
        given = {(r["probe"], r["seed"]): r["reply"] for r in replies if is_reply(r["reply"])}
        table = {a.name: [given.get((a.name, seed)) for seed in self.seeds] for a in key.asked}
        findings = [find(a, table[a.name]) for a in key.asked]
        points = sum(f.points for f in findings if f.passed)
        unseen = [f.passed for a, f in zip(key.asked, findings, strict=True) if is_unseen(a)]
        if points and unseen and not any(unseen):
            points, note = 0.0, note or LEARNT_BY_HEART
        known = None if all(f.passed for f in findings) else _mistake(key, table)
        return Verdict(
            question,
            key.title,
            _state(findings, table),
            round(points, 3),
            key.points,
            findings,
            known.hint if known else None,
            known.name if known else None,
            note or _note(key, table),
        )

    def forbidden(self, question: str, name: str, line: str) -> "Verdict":
        """The verdict on an answer that calls what the question forbids."""
        key = self.questions[question]
        note = (
            f"{question}: write it yourself, without {name}; "
            f"found in the line {line.strip()!r}, so this question gets no points"
        )
        return Verdict(question, key.title, "forbidden", 0.0, key.points, note=note)


@dataclass(frozen=True)
class Verdict:
    """One question's outcome.

    state: "right", "wrong", "not attempted", "no answer" (the code ended or ran out of time) or
    "forbidden". mistake: the name of the known mistake that it equals, and `hint` its hint.
    """

    question: str
    title: str
    state: str
    points: float
    max_points: float
    findings: list[Finding] = field(default_factory=list)
    hint: str | None = None
    mistake: str | None = None
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The verdict as JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Verdict":
        """The verdict from such data."""
        return cls(**{**data, "findings": [Finding(**f) for f in data["findings"]]})


def _state(findings: list[Finding], table: Mapping[str, list[Reply | None]]) -> str:
    if all(finding.passed for finding in findings):
        return "right"
    replies = [reply for row in table.values() for reply in row]
    if all(reply is None for reply in replies):
        return "no answer"
    unwritten = any(_is_unwritten(reply) for reply in replies)
    return "not attempted" if unwritten and not any(f.passed for f in findings) else "wrong"


def _is_unwritten(reply: Reply | None) -> bool:
    if reply is None:
        return False
    return "missing" in reply or reply.get("raised", [""])[0] == "NotImplementedError"


def _note(key: QuestionKey, table: Mapping[str, list[Reply | None]]) -> str | None:
    """A word on a name that is not there, and the name that was perhaps meant."""
    told = [reply for a in key.asked if not a.hidden for reply in table[a.name]]
    replies = [reply for reply in told if reply and reply.get("missing") in key.needs]
    if not replies:
        return None
    name, near = replies[0]["missing"], replies[0].get("near")
    found = f"; found {near[0]} instead" if near else ""
    return f"expected the name {name}{found}: run the cell that defines it, then this one again"


def _mistake(key: QuestionKey, table: Mapping[str, list[Reply | None]]) -> Known | None:
    """The known mistake that the replies resemble most, if they resemble one enough."""
    rows = [
        (asked, expected, {} if reply is None else summary(reply, quiet=asked.quiet), seed)
        for asked in key.asked
        for seed, (expected, reply) in enumerate(
            zip(asked.expected, table[asked.name], strict=True)
        )
    ]
    judged = [(*row, same(row[0], row[1], row[2])) for row in rows]
    scored = [(_likeness(known, judged), -index) for index, known in enumerate(key.known)]
    best, index = max(scored, default=(0.0, 0))
    return key.known[-index] if best >= HINT_FITS else None


def _likeness(known: Known, judged: list[tuple[Asked, Reply, Reply, int, bool]]) -> float:
    """Share of what either gets wrong that both get wrong in the same way, 0 to 1."""
    wrong, alike = 0, 0.0
    for asked, expected, mine, seed, right in judged:
        theirs = known.replies.get(asked.name)
        their = expected if theirs is None else theirs[seed]
        if right and their == expected:
            continue
        wrong += 1
        if not right and their != expected and same(asked, their, mine):
            alike += 0.5 if "raised" in their else 1.0  # one error can have many causes
    return alike / wrong if wrong else 0.0
