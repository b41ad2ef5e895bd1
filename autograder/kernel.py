"""The kernel that a submission runs in: ipykernel within limits, and the one question it answers.

Forked by zygote.py in the box; without a box started by conversation.py with `python -P`, so that
no file of the submission can stand in for it.
What bounds output here keeps honest accidents small; execute.py does not rely on it.
"""

import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import zmq
from ipykernel.iostream import OutStream
from ipykernel.kernelapp import IPKernelApp
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import publish_display_data
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session, extract_header, json_packer
from traitlets import default
from traitlets.config import Config

from autograder.inside import restrict, threads_of_this_user
from autograder.probe import Probe, ask, declared

REPLY = "application/vnd.autograder.reply+json"
"""The kind of output that carries a probe's reply; it never enters a notebook."""

CUT = "\n… the rest of this output was left out …\n"
"""Stands where output went over the limit."""


_probes: dict[str, Probe] = {}
_kept: dict[str, dict[str, Any]] = {}


def load(source: str) -> None:
    """Read checks.py, with its hidden probes or without."""
    _probes.update({probe.name: probe for probe in declared(source, Probe)})


def answer(nonce: str, probes: list[str], seeds: list[int]) -> None:
    """Put probes to the notebook's names and send out a reply for each, with each seed."""
    shell = InteractiveShell.instance()
    for probe in probes:
        for seed in seeds:
            said = ask(_probes[probe], shell.user_ns, seed)
            reply = {"probe": probe, "seed": seed, "reply": said}
            publish_display_data({REPLY: {"nonce": nonce, "answer": reply}})


def keep(question: str) -> None:
    """Remember what the notebook's names stand for at a question's check cell.

    The cell counts, so that In[5] in a later error message is the student's In[5].
    """
    shell = InteractiveShell.instance()
    shell.execution_count += 1
    _kept[question] = dict(shell.user_ns)


def answer_as_kept(nonce: str, probes: list[str], seeds: list[int], question: str) -> None:
    """Put probes to the names as they were at the check cell. They stay so.

    All names go back, since a function that is asked may use others, defined anew since.
    """
    names = InteractiveShell.instance().user_ns
    for probe in probes:
        names.clear()
        names.update(_kept[question])
        answer(nonce, [probe], seeds)


class _Room:
    """How many characters of output the cell that runs now may still send."""

    size = 1_000_000

    def __init__(self) -> None:
        self.cell = ""
        self.left = self.size

    def take(self, parent: dict[str, Any] | None, wanted: int) -> int:
        """How many of the wanted characters may be sent; that much room is gone then."""
        cell = extract_header(parent or {}).get("msg_id", "")
        if cell != self.cell:
            self.cell, self.left = cell, self.size
        given = min(wanted, self.left)
        self.left -= given
        return given

    def fit(self, parent: dict[str, Any] | None, text: str) -> str:
        """The text, or as much of it as there is room for and a word that it was cut."""
        given = self.take(parent, len(text))
        return text if given == len(text) else text[:given] + CUT if given else ""


_printed, _shown = _Room(), _Room()


class BoundedStream(OutStream):
    """Standard output that keeps no more than a cell may print, however much is written."""

    written = False

    def write(self, string: str) -> int | None:  # type: ignore[override]
        """Write what there is room for. Gives the number of characters, as if all were written."""
        if not isinstance(string, str):
            return super().write(string)
        kept = _printed.fit(self.parent_header, string)
        if kept:
            self.written = True
            super().write(kept)
        return len(string)

    def flush(self) -> None:
        """Wait until all is sent; if nothing was written there is nothing to wait for.

        ipykernel flushes four times a cell, which took half of the time of a short one.
        """
        if self.written:
            self.written = False
            super().flush()


def pack(message: Any) -> bytes:
    """A message as JSON in ASCII, so that half a character goes through as its escape.

    In UTF-8 it cannot be written: Jupyter's own packer raises in the thread that sends, and a cell
    that flushes its output waits for that thread.
    """
    try:
        return json.dumps(message, default=json_default, allow_nan=False).encode()
    except (TypeError, ValueError):
        return json_packer(message)


class BoundedSession(Session):
    """Messages whose values and errors are no longer than a cell may show."""

    def msg(  # type: ignore[override]
        self, msg_type: str, content: Any = None, parent: Any = None, **rest: Any
    ) -> dict[str, Any]:
        """Build a message, its output cut to size."""
        if content and msg_type == "error":
            content = {**content, "evalue": _shown.fit(parent, content["evalue"])}
            content["traceback"] = [_shown.fit(parent, line) for line in content["traceback"]]
        elif content and msg_type == "execute_reply" and "traceback" in content:
            content = {**content, "evalue": "", "traceback": []}
        elif content and REPLY not in content.get("data", {}):
            content = self._fit_data(content, parent)
        return super().msg(msg_type, content, parent, **rest)

    def _fit_data(self, content: dict, parent: Any) -> dict:
        size = sum(len(v) for v in content.get("data", {}).values() if isinstance(v, str))
        if _shown.take(parent, size) == size:
            return content
        return {**content, "data": {"text/plain": CUT}}


def _tell_of_memory(shell: InteractiveShell, *error: Any, **more: Any) -> None:
    """Show the error, with a little more memory than before: there may be none left to say so."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    shell.showtraceback()


class BoundedApp(IPKernelApp):
    """ipykernel with the two classes above, where exit() ends a cell and not Python.

    handles: the open sockets that it was started with, by port.
    """

    handles: ClassVar[dict[int, int]] = {}

    def _try_bind_socket(self, s: Any, port: int) -> int:
        s.setsockopt(zmq.USE_FD, self.handles[port])
        return int(super()._try_bind_socket(s, port))

    def init_heartbeat(self) -> None:
        """Nobody listens for it: whether the process lives is asked of the system."""

    def init_shell(self) -> None:
        """Set up the shell."""
        super().init_shell()
        if self.shell:
            self.shell.ask_exit = sys.exit
            self.shell.set_custom_exc((MemoryError,), _tell_of_memory)

    @default("session")
    def _session_default(self) -> Session:
        return BoundedSession(parent=self, pack=pack)


def main() -> None:
    """Run a kernel without a box until it is told to stop."""
    settings = json.loads(Path(sys.argv[1]).read_bytes())
    restrict(settings["limits"], others=threads_of_this_user())
    _run(settings)


def serve(settings: dict[str, Any]) -> None:
    """Run a kernel in the box, in a process forked from the zygote, until it is told to stop."""
    np.random.seed()  # forked: without it every student would get the same numbers
    tempfile.tempdir = None
    _run(settings)


def _run(settings: dict[str, Any]) -> None:
    """settings: output, characters of a cell; sockets, open; connection, as Jupyter has it."""
    _Room.size = settings["output"]
    BoundedApp.handles = dict(enumerate(settings["sockets"], 1))
    # last, so that a student's random.py does not stand in for Python's own
    sys.path.append("")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(settings["connection"], file)
        file.flush()
        BoundedApp.launch_instance(
            ["-f", file.name],
            outstream_class="autograder.kernel.BoundedStream",
            capture_fd_output=False,
            config=Config(
                {"HistoryManager": {"enabled": False}, "IPythonKernel": {"_execute_sleep": 0.0}}
            ),
        )
