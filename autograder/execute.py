"""One submission in one kernel: a notebook goes in, outputs and replies to questions come out.

A pure function of its Job, so that it runs in any process. The student's cells run in order; at a
check cell only the probes' questions go into the kernel, and nothing that comes back is believed
to be more than an answer. Hidden probes come when all cells have run, and are put to the names as
they were at the check cell: so no cell can print what is hidden. A cell that never ends is
interrupted; a kernel that dies is replaced, the cells before are run again without the culprit, and
the later questions are still asked.
"""

import asyncio
import json
import secrets
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder import cells
from autograder.conversation import EndedError, Kernel, Message
from autograder.kernel import REPLY
from autograder.limits import Limits
from autograder.outputs import Outputs

MOST_KERNELS = 6
"""How often a submission may end Python before the rest of it is given up."""

HIDDEN_SHARE = 0.5
"""How much of the notebook's time is left for the hidden probes, whatever the cells took."""

SILENT = "no answer came back: your code keeps Python from answering, or left it no memory"

MOST_FAILURES = 2
"""How many probes of one question may hang or end Python before the question is given up."""

TOLD_ERRORS = {
    "MemoryError": "needs more memory than the {memory} MiB that a submission may use",
    "StdinNotImplementedError": "waits for input(), and at grading nobody types",
    "SystemExit": "asks Python to exit",
}
"""Errors that are events too: the sentence after "cell n"."""


@dataclass(frozen=True)
class Job:
    """All that executing one submission needs; it can be sent to another machine.

    notebook: JSON. source: checks.py with its hidden probes. shown: without them. questions: the
    names of each question's probes. hidden: those among them that are hidden. files: what lies in
    the work folder, by relative path.
    """

    notebook: str
    source: str
    questions: Mapping[str, Sequence[str]]
    seeds: Sequence[int]
    shown: str
    hidden: Sequence[str]
    limits: Limits = field(default_factory=Limits)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass
class Execution:
    """What came of a job.

    notebook: JSON, with the outputs of the student's cells and nothing in check cells.
    replies: what `AnswerKey.judge` takes, by question. notes: why a question has fewer replies than
    probes. events: what went wrong, as sentences to the student. sudden: Python was killed in it,
    perhaps from outside.
    """

    notebook: str
    replies: dict[str, list[dict[str, Any]]]
    notes: dict[str, str] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    seconds: float = 0.0
    sudden: bool = False


def execute(job: Job) -> Execution:
    """Run a submission and ask its questions. Never raises for what its code does."""
    began = time.monotonic()
    done = asyncio.run(_Run(job).all())
    done.seconds = round(time.monotonic() - began, 3)
    return done


class _TooLongError(Exception):
    """The notebook's time is over, or it ended Python too often; the message says which."""


class _Run:
    """The state of one execution."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.notebook: NotebookNode = nbformat.reads(job.notebook, as_version=4)
        self.code = [c for c in self.notebook.cells if c.cell_type == "code"]
        self.replies: dict[str, list[dict[str, Any]]] = {q: [] for q in job.questions}
        self.notes: dict[str, str] = {}
        self.events: list[str] = []
        self.culprits: set[int] = set()
        self.kernel: Kernel | None = None
        self.kernels = 0
        self.ready = self.sudden = False
        self.knows = (0, False)
        self.reached: list[str] = []
        self.failures = dict.fromkeys(job.questions, 0)
        self.trouble: str | None = None
        self.end = time.monotonic() + job.limits.notebook_seconds

    async def all(self) -> Execution:
        """Every code cell in order, then the hidden probes of the check cells that were reached."""
        try:
            cut = await self._in_time(self._run_cells())
            # a long cell at the notebook's end takes nothing from the questions before it
            later = time.monotonic() + HIDDEN_SHARE * self.job.limits.notebook_seconds
            self.end = max(self.end, later)
            cut = await self._in_time(self._ask_hidden()) or cut
        finally:
            if self.kernel:
                await self.kernel.stop()
        for question, probes in self.job.questions.items():
            if cut and len(self.replies[question]) < len(probes) * len(self.job.seeds):
                self.notes.setdefault(question, cut)
        written = nbformat.writes(self.notebook)
        return Execution(written, self.replies, self.notes, self.events, sudden=self.sudden)

    async def _in_time(self, work: Coroutine[Any, Any, None]) -> str | None:
        """Do the work; gives why it was given up, or None."""
        try:
            await work
        except _TooLongError as reason:
            self._tell(str(reason))
            return str(reason)
        return None

    async def _run_cells(self) -> None:
        await self._renew(before=0)
        for index, cell in enumerate(self.code):
            cell.execution_count = index + 1
            question = _question(cell)
            if question in self.replies:
                await self._check(index, question)
            else:
                await self._run_cell(index, cell)

    async def _ask_hidden(self) -> None:
        if self.reached and not self.ready:
            await self._renew(before=len(self.code))
        for question in self.reached:
            hidden = [p for p in self.job.questions[question] if p in self.job.hidden]
            await self._ask(question, hidden, before=len(self.code))

    async def _run_cell(self, index: int, cell: NotebookNode) -> None:
        limits = self.job.limits
        outputs = Outputs(limits.output_bytes)
        cell.outputs = outputs.kept
        try:
            if not await self._talk(cell.source, limits.cell_seconds, outputs.take):
                self._blame(
                    index, f"ran longer than {limits.cell_seconds:.0f} s, so it was stopped"
                )
        except EndedError as reason:
            self._blame(index, f"ended Python: {reason}")
            await self._renew(before=index)
        if outputs.cut:
            most = f"more than {limits.output_bytes} characters"
            self._tell(f"cell {index + 1} printed {most}; the rest was left out")
        for error, sentence in TOLD_ERRORS.items():
            if any(error in ename for ename in outputs.errors):
                self._tell(f"cell {index + 1} {sentence.format(memory=limits.memory_mib)}")

    async def _check(self, index: int, question: str) -> None:
        if self.trouble:
            self.notes[question], self.trouble = self.trouble, None
        await self._keep(index, question)
        self.reached.append(question)
        shown = [p for p in self.job.questions[question] if p not in self.job.hidden]
        await self._ask(question, shown, before=index + 1)

    async def _ask(self, question: str, probes: Sequence[str], before: int) -> None:
        todo = list(probes)
        while todo and self.failures[question] < MOST_FAILURES:
            waiting = {(probe, seed) for probe in todo for seed in self.job.seeds}
            try:
                if await self._put(question, todo, waiting):
                    if waiting:
                        self.notes.setdefault(question, SILENT)
                    return
                reason = f"an answer took longer than {self.job.limits.probe_seconds:.0f} s"
            except EndedError as why:
                reason = f"your code ended Python while it was asked: {why}"
                await self._renew(before)
            self.failures[question] += 1
            self.notes[question] = reason
            self._tell(f"check {question}: {reason}")
            # the first that is not answered is to blame; those behind it were not asked yet
            blamed = next((p for p in todo if any(p == q for q, _ in waiting)), todo[-1])
            todo = todo[todo.index(blamed) + 1 :]

    async def _keep(self, index: int, question: str) -> None:
        """Keep the names; what is left running may have ended Python by now."""
        try:
            await self._call("keep", [question], self.job.limits.cell_seconds, _ignore)
        except EndedError as reason:
            self._blame(index - 1, f"left something running that ended Python: {reason}")
            await self._renew(before=index + 1)

    async def _put(
        self, question: str, probes: Sequence[str], waiting: set[tuple[str, int]]
    ) -> bool:
        """Ask probes, all visible or all hidden, with every seed. False if one took too long.

        waiting: what is answered is taken out of it.
        """
        hidden = probes[0] in self.job.hidden
        if self.knows != (self.kernels, hidden):
            source = self.job.source if hidden else self.job.shown
            await self._call("load", [source], self.job.limits.cell_seconds, _ignore)
            self.knows = (self.kernels, hidden)
        nonce = secrets.token_hex(8)

        def take(message: Message) -> bool:
            data = message["content"]["data"][REPLY]
            answer = data["answer"]
            this = (answer["probe"], answer["seed"])
            if data["nonce"] != nonce or this not in waiting:
                return False
            waiting.remove(this)
            self.replies[question].append(answer)
            return not any(probe == this[0] for probe, _ in waiting)

        arguments = [nonce, list(probes), list(self.job.seeds), *([question] if hidden else [])]
        function = "answer_as_kept" if hidden else "answer"
        return await self._call(function, arguments, self.job.limits.probe_seconds, take)

    async def _call(self, function: str, arguments: list[Any], seconds: float, take: Any) -> bool:
        """Call a function of kernel.py's in the kernel, without a new name in the notebook."""
        code = f"__import__('autograder.kernel').kernel.{function}(*__import__('json').loads("
        return await self._talk(f"{code}{json.dumps(arguments)!r}))", seconds, take, silent=True)

    async def _talk(self, code: str, seconds: float, take: Any, *, silent: bool = False) -> bool:
        if time.monotonic() >= self.end:
            most = self.job.limits.notebook_seconds
            raise _TooLongError(f"the notebook ran longer than {most:.0f} s; the rest was not run")
        assert self.kernel
        try:
            return await self.kernel.run(code, seconds, take, self.end, silent=silent)
        except EndedError as ended:
            self.sudden |= ended.sudden
            raise

    async def _renew(self, before: int) -> None:
        """A fresh kernel in which the cells before have run, without the culprits."""
        self.ready = False
        if self.kernel:
            await self.kernel.stop()
            self.kernel = None
        if self.kernels == MOST_KERNELS:
            raise _TooLongError(f"your code ended Python {MOST_KERNELS} times; the rest was left")
        self.kernel = await Kernel.start(self.job.files, self.job.limits)
        self.kernels += 1
        for index, cell in enumerate(self.code[:before]):
            if index in self.culprits:
                continue
            question, most = _question(cell), self.job.limits.cell_seconds
            try:
                if question in self.replies:
                    await self._call("keep", [question], most, _ignore)
                else:
                    await self._talk(cell.source, most, _ignore)
            except EndedError as reason:
                self._blame(index, f"ended Python when it was run again: {reason}")
                return await self._renew(before)
        self.ready = True

    def _blame(self, index: int, what: str) -> None:
        """A cell that is left out when cells are run again; the next question hears of it."""
        self.culprits.add(index)
        self.trouble = f"cell {index + 1} {what}"
        self._tell(self.trouble)

    def _tell(self, event: str) -> None:
        if event not in self.events:
            self.events.append(event)


def _question(cell: NotebookNode) -> str | None:
    """The question of a check cell."""
    is_check = cells.word(cell) == "check" and "nbgrader" in cell.metadata
    return cells.name(cell) if is_check else None


def _ignore(message: Message) -> None:
    """Of a cell that is run again, only what it does counts."""
