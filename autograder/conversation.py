"""One kernel process and the talk with it: start, run code, interrupt, stop.

Whatever the kernel sends may be forged or broken: it is bounded in size, and what cannot be read is
dropped. The kernel sees a folder of its own, a nearly empty environment, and no network transport.
"""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import psutil
import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

Message = dict[str, Any]

POLL_S = 0.25
"""How often a silent kernel is looked at."""

GRACE_S = 3.0
"""How long an interrupted cell may take to end."""

START_S = 60.0
"""How long a kernel may take to start on a busy machine."""

MESSAGE_BYTES = 8 * 2**20
MESSAGES_WAITING = 50
"""What zmq holds for us: at most this many messages of that size."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use. output_bytes is what one cell may print."""

    cell_seconds: float = 30.0
    probe_seconds: float = 10.0
    notebook_seconds: float = 240.0
    memory_mib: int = 2048
    file_mib: int = 64
    output_bytes: int = 200_000
    processes: int = 64

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Limits":
        """Limits from a course's settings. Raises ValueError on a word that is not a limit."""
        known = [field.name for field in fields(cls)]
        if unknown := told.keys() - set(known):
            raise ValueError(
                f"limits: {', '.join(known)} can be set, got {', '.join(sorted(unknown))}"
            )
        return cls(**told)


class EndedError(Exception):
    """The kernel's process is gone; the message says why, to follow "your code ended Python"."""


class Kernel:
    """A running kernel and its private folder. Start with `await Kernel.start(...)`."""

    def __init__(self, files: Mapping[str, bytes], limits: Limits) -> None:
        self.limits = limits
        self.home = Path(tempfile.mkdtemp(prefix="grade-"))
        context = zmq.asyncio.Context()
        context.maxmsgsize, context.rcvhwm = MESSAGE_BYTES, MESSAGES_WAITING
        self.manager = AsyncKernelManager(
            context=context,
            transport="ipc",
            connection_file=str(self.home / "k.json"),
            kernel_spec_manager=_OneSpec(argv=self._command()),
        )
        self.files = files

    @classmethod
    async def start(cls, files: Mapping[str, bytes], limits: Limits) -> "Kernel":
        """A kernel that is ready. files: what lies in its folder, by relative path."""
        kernel = cls(files, limits)
        try:
            await kernel._launch()
        except BaseException:
            await kernel.stop()
            raise
        return kernel

    @property
    def work(self) -> Path:
        """The folder that the student's code runs in."""
        return self.home / "work"

    async def _launch(self) -> None:
        self.work.mkdir()
        for name, content in self.files.items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _copy_font_list(self.home)
        with (self.home / "kernel.log").open("wb") as log:
            await self.manager.start_kernel(
                cwd=str(self.work), env=self._environment(), stdout=subprocess.DEVNULL, stderr=log
            )
        self.client = self.manager.client()
        self.client.start_channels(stdin=False, hb=False)
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            self.client.kernel_info()
            try:
                await self.client.get_iopub_msg(timeout=POLL_S)
                return
            except queue.Empty:
                if not await self.manager.is_alive():
                    break
        said = (self.home / "kernel.log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"kernel: it must start within {START_S:.0f} s, it said {said!r}")

    async def run(
        self, code: str, seconds: float, take: Callable[[Message], None], *, silent: bool = False
    ) -> bool:
        """Run code and hand every message of it to `take`. False if it had to be interrupted.

        Raises EndedError when the process ends, or must be ended as it cannot be interrupted.
        """
        sent = self.client.execute(
            code, silent=silent, store_history=not silent, allow_stdin=False, stop_on_error=False
        )
        if await self._until_idle(sent, seconds, take):
            return True
        await self.manager.interrupt_kernel()
        if await self._until_idle(sent, GRACE_S, take):
            return False
        raise EndedError(f"it ran longer than {seconds:.0f} s and could not be interrupted")

    async def _until_idle(self, sent: str, seconds: float, take: Callable[[Message], None]) -> bool:
        end = time.monotonic() + seconds
        replied = False
        while time.monotonic() < end:
            try:
                message = await self.client.get_iopub_msg(timeout=min(POLL_S, seconds))
                if message["parent_header"].get("msg_id") != sent:
                    continue
                if message["msg_type"] == "status":
                    if message["content"]["execution_state"] == "idle":
                        return True
                    continue
                take(message)
            except queue.Empty:
                # in a flood of output the idle message can get lost, the reply cannot
                if replied:
                    return True
                replied = await self._replied(sent)
                await self._check_alive()
            except Exception:  # whatever a hostile kernel sends
                continue
        return False

    async def _replied(self, sent: str) -> bool:
        try:
            while True:
                reply = await self.client.get_shell_msg(timeout=0)
                if reply["parent_header"].get("msg_id") == sent:
                    return True
        except Exception:  # empty, or forged
            return False

    async def _check_alive(self) -> None:
        provisioner = self.manager.provisioner
        code = None if provisioner is None else await provisioner.poll()
        if code is not None:
            raise EndedError(self._why(code))

    def _why(self, code: int) -> str:
        """What an exit status says, in a student's words."""
        told = {
            -signal.SIGXCPU: "it used too much processor time",
            -signal.SIGKILL: "it was killed, perhaps for using too much memory",
            -signal.SIGSEGV: "it crashed (segmentation fault)",
            -signal.SIGABRT: "it crashed (abort)",
        }
        return told.get(code, "the process exited")

    async def stop(self) -> None:
        """End the process and all that it started, and remove its folder."""
        client = getattr(self, "client", None)
        if client:
            client.stop_channels()
        started = self._started()  # now, since nobody knows whose they are once the kernel ended
        if self.manager.has_kernel:
            await self.manager.shutdown_kernel(now=True)
        for process in started:
            with suppress(psutil.Error):
                process.kill()
        await self.manager.cleanup_resources()
        self.manager.context.destroy(linger=0)
        shutil.rmtree(self.home, ignore_errors=True)

    def _started(self) -> list[psutil.Process]:
        """Processes in the kernel's tree, and those outside it that kept its home folder.

        The kernel's group is not enough: a process can have a session of its own.
        """
        found = [
            process
            for process in psutil.process_iter(["environ"])
            if (process.info["environ"] or {}).get("HOME") == str(self.home)
        ]
        with suppress(psutil.Error):
            pid = getattr(self.manager.provisioner, "pid", None)
            found += psutil.Process(pid).children(recursive=True) if pid else []
        return found

    def _command(self) -> list[str]:
        limits = {
            "memory": self.limits.memory_mib * 2**20,
            "file": self.limits.file_mib * 2**20,
            "cpu": 2 * int(self.limits.notebook_seconds) + 10,  # cells, then hidden probes
            "output": self.limits.output_bytes,
            "processes": self.limits.processes,
        }
        main = "from autograder.kernel import main; main()"
        return [sys.executable, "-P", "-c", main, json.dumps(limits), "-f", "{connection_file}"]

    def _environment(self) -> dict[str, str]:
        """No secret of the grader's, one thread, and the same order of sets on every run."""
        one_thread = dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
        )
        return one_thread | {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "IPYTHONDIR": str(self.home / "ipython"),
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "PYTHONNOUSERSITE": "1",
        }


class _OneSpec(KernelSpecManager):
    """Knows one kernel, ours: nothing that lies in a folder or a notebook can name another."""

    def __init__(self, argv: list[str]) -> None:
        super().__init__()
        self.argv = argv

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Our kernel, whatever it is called."""
        return KernelSpec(argv=self.argv, display_name="Python 3", language="python")


def _copy_font_list(home: Path) -> None:
    """Give matplotlib its list of fonts: to build it anew costs each submission two seconds."""
    cache = Path(".cache", "matplotlib")
    for path in (Path.home() / cache).glob("fontlist*.json"):
        (home / cache).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, home / cache)
