"""Grader power: are all known mistakes caught, told apart by their hints, and right answers let be?

Every mistake and variant of a lesson is put to all its probes, hidden ones too, with many seeds,
and judged as at grading. They are asked once, in a process of their own: one may never end.
"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from rich.table import Table

from autograder.cells import LessonError
from autograder.judge import AnswerKey, Verdict
from autograder.lesson import Lesson
from autograder.probe import Mistake, Replies, Variant

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
    told = ask_all(lesson, seeds, limit_s)
    calm = _Asked(lesson, told)
    key = calm.key(hidden=True, seeds=range(seeds))
    keys = [only(key, index) for index in range(seeds)]
    late = [other for other in _all(lesson) if _label(other) not in told]
    return [_power(calm, question, keys, late) for question in lesson.questions]


def powers(lessons: Sequence[Lesson], seeds: int) -> Iterator[list[Power]]:
    """The figures of several lessons, in their order, as many at once as there are cores."""
    if len(lessons) < 2:
        yield from (power(lesson, seeds) for lesson in lessons)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(len(lessons), os.cpu_count() or 1), mp_context=spawn) as pool:
        folders = [lesson.folder for lesson in lessons]
        yield from pool.map(_power_of, folders, [seeds] * len(folders))


def _power_of(folder: Path, seeds: int) -> list[Power]:
    return power(Lesson(folder, ""), seeds)


class _Asked(Lesson):
    """A lesson whose mistakes and variants were all asked already; those that hang are gone."""

    def __init__(self, lesson: Lesson, told: Mapping[str, Replies]) -> None:
        super().__init__(lesson.folder, lesson.title)
        self.mistakes = [m for m in lesson.mistakes if _label(m) in told]
        self.variants = [v for v in lesson.variants if _label(v) in told]
        self._told = told

    def tried(
        self,
        other: Mistake | Variant,
        reference: dict[str, Any],
        seeds: Sequence[int],
        *,
        hidden: bool,
    ) -> Replies:
        """What came back when it was asked."""
        return self._told[_label(other)]


def _all(lesson: Lesson) -> list[Mistake | Variant]:
    return [*lesson.mistakes, *lesson.variants]


def _label(other: Mistake | Variant) -> str:
    """Its name, unique among mistakes and variants together."""
    return f"{type(other).__name__} {other.name}"


def _power(
    lesson: Lesson, question: str, keys: list[AnswerKey], late: list[Mistake | Variant]
) -> Power:
    mistakes = [m for m in lesson.mistakes if m.question == question]
    variants = [v for v in lesson.variants if v.question == question]
    hung = [other for other in late if other.question == question]
    others = [other for other in _all(lesson) if other.question == question]
    tried = {_label(other): _verdicts(lesson, other, keys) for other in others}
    kept = {m.name: _share(tried[_label(m)], "right") for m in mistakes}
    refused = {v.name: [t for t in tried[_label(v)] if t.state != "right"] for v in variants}
    stolen = {m.name: _stolen(m.name, tried[_label(m)]) for m in mistakes}
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
    seeds = [key.seeds[0] for key in keys]
    told = lesson.tried(other, {}, seeds, hidden=True)
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


def ask_all(lesson: Lesson, seeds: int, limit_s: float) -> dict[str, Replies]:
    """What every mistake and variant answers, by label, without those that take too long.

    They are asked in a process of their own. When it is silent for longer than the limit, the one
    it is at is left out, the process ended, and another one does the rest.
    Raises LessonError when the lesson cannot be asked at all.
    """
    todo = [_label(other) for other in _all(lesson)]
    told: dict[str, Replies] = {}
    while todo:
        found = _until_silent(lesson, todo, seeds, limit_s)
        if found is None:
            raise LessonError(f"{lesson.name}: its probes cannot be asked; run course build first")
        told |= found
        todo = todo[len(found) + 1 :]
    return told


def _until_silent(
    lesson: Lesson, names: list[str], seeds: int, limit_s: float
) -> dict[str, Replies] | None:
    """What a fresh process gets from the names, in order, as far as it comes; None if nowhere."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_try, args=(lesson.folder, names, seeds, theirs), daemon=True)
    worker.start()
    theirs.close()
    found: dict[str, Replies] | None = None
    try:
        while ours.poll(limit_s + (START_S if found is None else 0)):
            name, replies = ours.recv()
            found = {} if found is None else {**found, name: replies}
            if len(found) == len(names):
                break
    except EOFError:
        pass
    worker.kill()
    worker.join()
    ours.close()
    return found


def _try(folder: Path, names: list[str], seeds: int, say: Connection) -> None:
    """Ask each of them everything once; send word before the first, and what came after each."""
    lesson = Lesson(folder, "")
    others = {_label(other): other for other in _all(lesson)}
    reference = lesson.reference()
    say.send((None, None))
    for name in names:
        say.send((name, lesson.tried(others[name], reference, range(seeds), hidden=True)))


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
