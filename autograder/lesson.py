"""A course and its lessons as they lie on disk: text, probes, mistakes, variants, answer keys.

`load_course()` reads lessons/course.toml; a Lesson reads its folder when first asked. The
reference answers come from lesson.py itself: its setup and task cells, run in order.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder import cells, excerpt
from autograder.answer import rounded
from autograder.cells import LessonError
from autograder.finding import Asked, same, summary
from autograder.judge import AnswerKey, Known, QuestionKey
from autograder.probe import Mistake, Probe, Question, Replies, Reply, Variant, answers, declared

HOME = Path(__file__).resolve().parent.parent / "lessons"
"""Where the lessons lie in a checkout."""


@dataclass(frozen=True)
class Course:
    """The course: its title, seed, limits (seconds, MiB, bytes) and lessons in teaching order."""

    folder: Path
    title: str
    seed: int
    limits: dict[str, float]
    lessons: list["Lesson"]

    def lesson(self, name: str) -> "Lesson":
        """The lesson of that name, or whose number it is. Raises LessonError naming all others."""
        for lesson in self.lessons:
            if name in (lesson.name, lesson.name.partition("-")[0]):
                return lesson
        known = ", ".join(lesson.name for lesson in self.lessons)
        raise LessonError(f"course: there is no lesson {name!r}; there is {known}")


def load_course(folder: Path | None = None) -> Course:
    """The course that lies in a folder with a course.toml (by default this checkout's).

    Raises LessonError when course.toml is missing, broken, or names a lesson without a folder.
    """
    folder = HOME if folder is None else Path(folder)
    path = folder / "course.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        lessons = [Lesson(folder / row["name"], row["title"]) for row in data["lesson"]]
        course = data["course"]
        limits = data.get("limits", {})
        loaded = Course(folder, course["title"], course.get("seed", 1), limits, lessons)
    except OSError as error:
        raise LessonError(f"{path}: a course needs this file; {error.strerror}") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise LessonError(
            f"{path}: a [course] title and [[lesson]] name, title rows are needed, got {error!r}"
        ) from error
    for lesson in lessons:
        if not (lesson.folder / "lesson.py").is_file():
            raise LessonError(f"{path}: lesson {lesson.name} has no {lesson.folder}/lesson.py")
    return loaded


class Lesson:
    """One lesson's folder. Nothing is read or run before it is asked for."""

    def __init__(self, folder: Path, title: str) -> None:
        self.folder = folder
        self.name = folder.name
        self.title = title

    @property
    def notebook(self) -> Path:
        """The student edition."""
        return self.folder / f"{self.name}.ipynb"

    @cached_property
    def source(self) -> NotebookNode:
        """The source edition, with solutions."""
        return cells.read(self._text("lesson.py"), self.name)

    @cached_property
    def digest(self) -> str:
        """A hash of everything that decides a mark."""
        files = ("lesson.py", "checks.py", "mistakes.py")
        return hashlib.sha256("\0".join(map(self._text, files)).encode()).hexdigest()

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions by name, in the order of the checks in the lesson."""
        told = {q.name: q for q in declared(self._text("checks.py"), Question)}
        if told.keys() != self.points.keys():
            odd = ", ".join(sorted(told.keys() ^ self.points.keys()))
            raise LessonError(
                f"{self.name}: lesson.py's checks and checks.py's questions differ: {odd}"
            )
        return {name: told[name] for name in self.points}

    @cached_property
    def points(self) -> dict[str, float]:
        """Points of each graded question."""
        graded = [cell for cell in self.source.cells if cells.word(cell) == "check"]
        return {str(cells.name(cell)): cell.metadata.nbgrader.points for cell in graded}

    @cached_property
    def probes(self) -> list[Probe]:
        """All probes, visible and hidden, simplest first."""
        return declared(self._text("checks.py"), Probe)

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """The bank of mistakes."""
        return declared(self._text("mistakes.py"), Mistake, "mistakes.py")

    @cached_property
    def variants(self) -> list[Variant]:
        """The independent right answers."""
        return declared(self._text("variants.py"), Variant, "variants.py")

    def reference(self) -> dict[str, Any]:
        """The solution's names: setup and task cells, run in order."""
        space: dict[str, Any] = {"__name__": self.name, "__file__": str(self.folder / "lesson.py")}
        for cell in self.source.cells:
            if cells.word(cell) in ("setup", "task"):
                exec(compile(cell.source, f"{self.name}/lesson.py", "exec"), space)
        return space

    def names(self, question: str) -> list[str]:
        """The names that a question asks for, in the order of its probes."""
        needs = [n for probe in self.probes if probe.question == question for n in probe.needs]
        return list(dict.fromkeys(needs))

    def replaced(self, other: Mistake | Variant) -> str:
        """The name that a mistake or variant stands for.

        Raises LessonError when it is not said and the question asks for several.
        """
        names = self.names(other.question)
        if other.replaces not in ((None, *names) if len(names) == 1 else names):
            raise LessonError(
                f"{self.name}: {other.name} must say what it replaces; one of {', '.join(names)}"
            )
        return other.replaces or names[0]

    def replies(
        self, question: str, names: dict[str, Any], seeds: Sequence[int], *, hidden: bool
    ) -> Replies:
        """What the probes of a question get from these names: one reply a seed, by probe."""
        asked = [p for p in self.probes if p.question == question and (hidden or not p.hidden)]
        return answers(asked, names, seeds)

    def tried(
        self,
        other: Mistake | Variant,
        reference: dict[str, Any],
        seeds: Sequence[int],
        *,
        hidden: bool,
    ) -> Replies:
        """What the probes get from a mistake or variant in the place of the solution."""
        names = {**reference, self.replaced(other): other.function}
        return self.replies(other.question, names, seeds, hidden=hidden)

    def key(self, *, hidden: bool = False, seeds: Sequence[int] = (0,)) -> AnswerKey:
        """The answer key, with hidden probes or without.

        Raises LessonError when the solution leaves a probe unanswered.
        """
        reference = self.reference()
        keys = {q: self._question_key(q, reference, seeds, hidden) for q in self.questions}
        return AnswerKey(self.name, self.checks_source(hidden=hidden), list(seeds), keys)

    def _question_key(
        self, question: str, reference: dict[str, Any], seeds: Sequence[int], hidden: bool
    ) -> QuestionKey:
        probes = [p for p in self.probes if p.question == question]
        if all(probe.hidden for probe in probes):
            raise LessonError(f"{self.name}: {question} needs a probe that is not hidden")
        share = self.points[question] / sum(probe.weight for probe in probes)
        replies = self.replies(question, reference, seeds, hidden=hidden)
        asked = [
            self._asked(probe, share, replies[probe.name])
            for probe in probes
            if probe.name in replies
        ]
        known = [
            self._known(m, asked, reference, seeds, hidden)
            for m in self.mistakes
            if m.question == question
        ]
        told = self.questions[question]
        needs, forbid = self.names(question), list(told.forbid)
        return QuestionKey(question, told.title, self.points[question], asked, known, needs, forbid)

    def _asked(self, probe: Probe, share: float, replies: list[Reply]) -> Asked:
        expected = [_portable(reply, probe.quiet) for reply in replies]
        for reply in expected:
            if "missing" in reply or reply.get("raised") in (
                ["NotImplementedError"],
                ["AnswerError"],
            ):
                raise LessonError(f"{self.name}: the solution leaves {probe.name} open: {reply}")
            if "changed" in reply or "warned" in reply:
                raise LessonError(f"{self.name}: the solution fails {probe.name}: {reply}")
        return Asked(
            probe.name,
            probe.title,
            round(share * probe.weight, 6),
            expected,
            probe.hidden,
            probe.rtol,
            probe.atol,
            probe.quiet,
        )

    def _known(
        self,
        mistake: Mistake,
        asked: list[Asked],
        reference: dict[str, Any],
        seeds: Sequence[int],
        hidden: bool,
    ) -> Known:
        replies = self.tried(mistake, reference, seeds, hidden=hidden)
        wrong = {}
        for a in asked:
            theirs = [_portable(reply, a.quiet) for reply in replies[a.name]]
            if not all(same(a, e, t) for e, t in zip(a.expected, theirs, strict=True)):
                wrong[a.name] = theirs
        return Known(mistake.name, mistake.hint, wrong)

    def checks_source(self, *, hidden: bool) -> str:
        """checks.py; without its hidden probes and what only they use, unless hidden."""
        text = self._text("checks.py")
        return text if hidden else excerpt.without(text, {p.name for p in self.probes if p.hidden})

    def code_of(self, other: Mistake | Variant) -> str:
        """The text of a mistake or variant, put under the name that it replaces."""
        file = "mistakes.py" if isinstance(other, Mistake) else "variants.py"
        text, name = excerpt.function(self._text(file), other.name), self.replaced(other)
        return text if name == other.name else f"{text}\n\n\n{name} = {other.name}"

    def fill(self, *replace: Mistake | Variant, tasks: Iterable[str] | None = None) -> NotebookNode:
        """The student edition as a student hands it in.

        tasks: which task cells are solved (all by default). replace: wrong or other right answers,
        written below the solution that they replace.
        """
        notebook = nbformat.read(self.notebook, as_version=4)
        solved = {cell.id: cell.source for cell in self.source.cells}
        for cell in notebook.cells:
            if cells.word(cell) == "task" and (tasks is None or str(cells.name(cell)) in tasks):
                cell.source = solved[cell.id]
                for other in replace:
                    if f"def {self.replaced(other)}(" in solved[cell.id]:
                        cell.source += f"\n\n\n{self.code_of(other)}"
        return notebook

    def _text(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")


def _portable(reply: Reply, quiet: bool) -> Reply:
    """The summary of a reply, the same on every machine."""
    return rounded(summary(reply, quiet=quiet))
