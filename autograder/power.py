"""Grader power: are all known mistakes caught, told apart by their hints, and right answers let be?

Every mistake and variant of a lesson is put to all its probes, hidden ones too, with many seeds,
and judged as at grading. A mistake that never ends is found first, in a process of its own.
"""

import multiprocessing
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

from rich.table import Table

from autograder.cells import LessonError
from autograder.judge import AnswerKey, Verdict
from autograder.lesson import Lesson
from autograder.probe import Mistake, Variant

LIMIT_S = 20.0
"""How long one mistake or variant may take for all probes and seeds."""


START_S = 60.0
"""How long the process that asks may take to start on a busy machine."""


@dataclass(frozen=True)
class Power:
    """One question's figures. `complaints` name what is wrong, `stolen` hints that went astray."""

    lesson: str
    question: str
    mistakes: int
    caught: int
    hint_right: int
    right_variants: int
    refused: int
    complaints: list[str] = field(default_factory=list)
    stolen: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether every mistake is caught and no right answer refused."""
        return not self.complaints


def power(lesson: Lesson, seeds: int, limit_s: float = LIMIT_S) -> list[Power]:
    """The figures of every question of a lesson, in its order.

    seeds: a mistake counts as caught, and its hint as right, when it is so with each of the seeds
    0, 1, ... on its own.
    """
    endless = hanging(lesson, seeds, limit_s)
    calm = Lesson(lesson.folder, lesson.title)
    calm.mistakes = [m for m in lesson.mistakes if m.name not in endless]
    calm.variants = [v for v in lesson.variants if v.name not in endless]
    key = calm.key(hidden=True, seeds=range(seeds))
    keys = [only(key, index) for index in range(seeds)]
    late = [other for other in _all(lesson) if other.name in endless]
    return [_power(calm, question, keys, late) for question in lesson.questions]


def _all(lesson: Lesson) -> list[Mistake | Variant]:
    return [*lesson.mistakes, *lesson.variants]


def _power(
    lesson: Lesson, question: str, keys: list[AnswerKey], late: list[Mistake | Variant]
) -> Power:
    mistakes = [m for m in lesson.mistakes if m.question == question]
    variants = [v for v in lesson.variants if v.question == question]
    hung = [other for other in late if other.question == question]
    tried = {o.name: _verdicts(lesson, o, keys) for o in _all(lesson) if o.question == question}
    kept = {m.name: _share(tried[m.name], "right") for m in mistakes}
    refused = {v.name: [t for t in tried[v.name] if t.state != "right"] for v in variants}
    stolen = {m.name: _stolen(m.name, tried[m.name]) for m in mistakes}
    return Power(
        lesson=lesson.name,
        question=question,
        mistakes=len(mistakes) + sum(isinstance(h, Mistake) for h in hung),
        caught=sum(not share for share in kept.values()),
        hint_right=sum(not thefts for thefts in stolen.values()),
        right_variants=len(variants),
        refused=sum(map(bool, refused.values())),
        complaints=[
            *(f"{other.name} gave no answer in time" for other in hung),
            *(f"{name} keeps full marks{share}" for name, share in kept.items() if share),
            *(f"{name} is right and refused: {_why(t[0])}" for name, t in refused.items() if t),
        ],
        stolen=[theft for thefts in stolen.values() for theft in thefts],
    )


def _share(verdicts: list[Verdict], state: str) -> str:
    """How many verdicts have that state, as the end of a sentence; empty for none."""
    count = sum(v.state == state for v in verdicts)
    return f" with {count} of {len(verdicts)} seeds" if count else ""


def _stolen(name: str, verdicts: list[Verdict]) -> list[str]:
    """What a mistake was taken for instead of itself, one sentence each."""
    others = Counter(v.mistake or "nothing known" for v in verdicts if v.mistake != name)
    return [
        f"{name} is taken for {other} with {count} of {len(verdicts)} seeds"
        for other, count in others.items()
    ]


def _why(verdict: Verdict) -> str:
    failed = next(f for f in verdict.findings if not f.passed)
    return f"{failed.title}: {failed.detail}"


def _verdicts(lesson: Lesson, other: Mistake | Variant, keys: list[AnswerKey]) -> list[Verdict]:
    """The verdicts on one mistake or variant, one a key."""
    names = {**lesson.reference(), lesson.replaced(other): other.function}
    seeds = [key.seeds[0] for key in keys]
    told = lesson.replies(other.question, names, seeds, hidden=True)
    return [
        key.judge(
            other.question,
            [{"probe": p, "seed": seeds[i], "reply": replies[i]} for p, replies in told.items()],
        )
        for i, key in enumerate(keys)
    ]


def only(key: AnswerKey, index: int) -> AnswerKey:
    """The key as it would be with only its seed at that index."""
    questions = {
        name: replace(
            q,
            asked=[replace(a, expected=[a.expected[index]]) for a in q.asked],
            known=[
                replace(k, replies={p: [r[index]] for p, r in k.replies.items()}) for k in q.known
            ],
        )
        for name, q in key.questions.items()
    }
    return replace(key, seeds=[key.seeds[index]], questions=questions)


def hanging(lesson: Lesson, seeds: int, limit_s: float) -> set[str]:
    """The mistakes and variants that take longer than the limit, found in a process of their own.

    The process says each name before it starts on it; when it is silent for too long, that name is
    noted, the process ended, and another one does the rest.
    """
    todo = [other.name for other in _all(lesson)]
    found = set()
    while todo:
        done = _until_silent(lesson, todo, seeds, limit_s)
        if done < 0:
            raise LessonError(f"{lesson.name}: its probes cannot be asked; run course build first")
        found |= set(todo[done : done + 1])
        todo = todo[done + 1 :]
    return found


def _until_silent(lesson: Lesson, names: list[str], seeds: int, limit_s: float) -> int:
    """How many of the names, in order, a fresh process gets through; all of them if none hangs."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_try, args=(lesson.folder, names, seeds, theirs), daemon=True)
    worker.start()
    theirs.close()
    done = -1
    try:
        while done < len(names) and ours.poll(limit_s + (START_S if done < 0 else 0)):
            ours.recv()
            done += 1
    except EOFError:
        pass
    worker.kill()
    worker.join()
    ours.close()
    return done


def _try(folder: Path, names: list[str], seeds: int, say: Connection) -> None:
    """Ask each of them everything once, and report before the first and after each."""
    lesson = Lesson(folder, "")
    others = {other.name: other for other in _all(lesson)}
    reference = lesson.reference()
    say.send(None)
    for name in names:
        other = others[name]
        replaced = {**reference, lesson.replaced(other): other.function}
        lesson.replies(other.question, replaced, range(seeds), hidden=True)
        say.send(name)


def table(title: str, figures: Sequence[Power]) -> Table:
    """The figures of a lesson as a table for a terminal."""
    shown = Table(title=title, title_justify="left")
    shown.add_column("question", no_wrap=True)
    for head in ("mistakes", "caught", "hint right", "right variants", "refused"):
        shown.add_column(head, justify="right")
    for row in figures:
        counts = (row.mistakes, row.caught, row.hint_right, row.right_variants, row.refused)
        shown.add_row(row.question, *map(str, counts))
    return shown


def as_json(figures: Sequence[Power]) -> dict:
    """The figures as JSON-ready data."""
    return {"questions": [asdict(row) for row in figures]}
