"""One kernel process and the talk with it: start, run code, interrupt, stop.

Whatever the kernel sends may be forged or broken: it is bounded in size, and what cannot be read is
dropped. The kernel stands in a box (box.py), or without one in a folder of its own; it talks over
sockets that are opened here and handed to it, so that nothing outside need be open to it.
"""

import asyncio
import json
import math
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any

import psutil
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager

from autograder import folders
from autograder.box import Box, proven
from autograder.inside import MEMORY_TO_TELL
from autograder.limits import Limits
from autograder.processes import kill, memory
from autograder.provisioner import BoxProvisioner, OneSpec, end, listening
from autograder.walls import clean_environment

Message = dict[str, Any]

POLL_S = 0.25
"""How often a silent kernel is looked at."""

GRACE_S = 3.0
"""How long an interrupted cell may take to end."""

START_S = 60.0
"""How long a kernel may take to start on a busy machine."""

WATCH_S = 0.5
"""How often it is looked at how much memory a submission's processes use together."""

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")
PORTS = range(1, len(CHANNELS) + 1)

MESSAGE_BYTES = 8 * 2**20
MESSAGES_WAITING = 50
"""What zmq holds for us: at most this many messages of that size."""

SEND_MS = 2000
"""How long a message may wait for a connection: code can break its own with a few wrong bytes."""


class EndedError(Exception):
    """The kernel's process is gone; the message says why, to follow "your code ended Python".

    sudden: it was killed, and not by the grader.
    """

    sudden = False


class Kernel:
    """A running kernel and its private folder. Start with `await Kernel.start(...)`."""

    def __init__(self, limits: Limits, box: Box | None) -> None:
        self.limits, self.box = limits, box
        self.home, self.lock = folders.make()
        context = zmq.asyncio.Context()
        context.maxmsgsize, context.rcvhwm = MESSAGE_BYTES, MESSAGES_WAITING
        context.sndtimeo = SEND_MS
        ports = {f"{channel}_port": i + 1 for i, channel in enumerate(CHANNELS)}
        main = "from autograder.kernel import main; main()"
        argv = [sys.executable, "-P", "-c", main, str(self.home / "settings.json")]
        self.manager = AsyncKernelManager(
            context=context,
            transport="ipc",
            ip=str(self.home / "k"),
            connection_file=str(self.home / "kernel.json"),
            kernel_spec_manager=OneSpec(argv),
            **ports,
        )
        self.killed: str | None = None

    @classmethod
    async def start(cls, files: Mapping[str, bytes], limits: Limits) -> "Kernel":
        """A kernel that is ready. files: what lies in its folder, by relative path.

        Raises BoxError if there is to be a box and none can be built here.
        """
        kernel = cls(limits, proven() if limits.box else None)
        try:
            await kernel._launch(files)
        except BaseException:
            await kernel.stop()
            raise
        return kernel

    async def _launch(self, files: Mapping[str, bytes]) -> None:
        work = {f"work/{name}": content for name, content in files.items()}
        with ExitStack() as until_started:
            sockets = [until_started.enter_context(listening(self.home / f"k-{n}")) for n in PORTS]
            handles = [open_socket.fileno() for open_socket in sockets]
            log = until_started.enter_context((self.home / "kernel.log").open("wb"))
            if self.box:
                self.manager.provisioner = BoxProvisioner(parent=self.manager)
                request = {"task": "kernel", "room": self.limits.disk_mib * 2**20}
                request |= self._settings(handles)
                running = self.box.start(request, work, log.fileno(), handles)
                self.manager.provisioner.running = running
                await self.manager.start_kernel()
            else:
                await self._launch_without_box(work, handles, log)
        self.client = self.manager.client()
        self.client.start_channels(stdin=False, hb=False)
        self.watch = asyncio.create_task(self._watch())
        await self._ready()

    async def _launch_without_box(
        self, work: Mapping[str, bytes], handles: list[int], log: IO[bytes]
    ) -> None:
        (self.home / "files" / "work").mkdir(parents=True)
        for name, content in {**work, **_font_list()}.items():
            path = self.home / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        settings = self.home / "settings.json"  # no argument: everybody sees those
        settings.write_text(json.dumps(self._settings(handles)))
        home = str(self.home / "files")
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
        await self.manager.start_kernel(
            cwd=f"{home}/work",
            env=clean_environment(home) | {"PATH": programs, "TMPDIR": home},
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=handles,
        )

    async def _ready(self) -> None:
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
        self,
        code: str,
        seconds: float,
        take: Callable[[Message], Any],
        latest: float = math.inf,
        *,
        silent: bool = False,
    ) -> bool:
        """Run code and hand every message of it to `take`. False if it had to be interrupted.

        It has so many seconds, and anew each time that `take` gives True; until `latest`, a moment
        of time.monotonic, in any case.
        Raises EndedError when the process ends, or must be ended as it cannot be interrupted.
        """
        asked = {"silent": silent, "store_history": not silent}
        try:
            sent = self.client.execute(code, allow_stdin=False, stop_on_error=False, **asked)
            if await self._until_idle(sent, seconds, take, latest):
                return True
            await self.manager.interrupt_kernel()
        except zmq.Again as error:
            raise EndedError("it broke its connection to the grader") from error
        if await self._until_idle(sent, GRACE_S, take):
            return False
        raise EndedError(f"it ran longer than {seconds:.0f} s and could not be interrupted")

    async def _until_idle(
        self, sent: str, seconds: float, take: Callable[[Message], Any], latest: float = math.inf
    ) -> bool:
        end = min(time.monotonic() + seconds, latest)
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
                if take(message):
                    end = min(time.monotonic() + seconds, latest)
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
            ended = EndedError(self._why(code))
            ended.sudden = code in (128 + 9, -9) and not self.killed
            raise ended

    def _why(self, code: int) -> str:
        """What an exit status says, in a student's words."""
        told = {
            int(signal.SIGXCPU): "it used too much processor time",
            int(signal.SIGKILL): "it was killed, perhaps for using too much memory",
            int(signal.SIGSEGV): "it crashed (segmentation fault)",
            int(signal.SIGABRT): "it crashed (abort)",
        }
        number = code - 128 if self.box else -code  # the box passes it on as shells do
        return self.killed or told.get(number, "the process exited")

    async def _watch(self) -> None:
        """End the kernel when its processes together use more memory than one may."""
        most = self.limits.memory_mib * 2**20 + MEMORY_TO_TELL
        while True:
            await asyncio.sleep(WATCH_S)
            processes = self._started()
            if memory(processes) > most and memory(processes, exactly=True) > most:
                self.killed = f"it used more than {self.limits.memory_mib} MiB of memory"
                kill(processes)

    async def stop(self) -> None:
        """End the process and all that it started, and remove its folder."""
        if watch := getattr(self, "watch", None):
            watch.cancel()
        client = getattr(self, "client", None)
        if client:
            client.stop_channels()
        started = self._started()  # now, since nobody knows whose they are once the kernel ended
        if self.manager.provisioner:
            await end(self.manager.provisioner)
        kill(started)
        await self.manager.cleanup_resources()
        self.manager.context.destroy(linger=0)
        folders.remove(self.home, self.lock)

    def _started(self) -> list[psutil.Process]:
        """Processes in the kernel's tree, and those outside it that kept its home folder.

        Without a box, the kernel's group is not enough: a process can have a session of its own.
        """
        found = []
        if not self.box:
            home = str(self.home / "files")
            processes = psutil.process_iter(["environ"])
            found = [p for p in processes if (p.info["environ"] or {}).get("HOME") == home]
        with suppress(psutil.Error):
            pid = getattr(self.manager.provisioner, "pid", None)
            found += psutil.Process(pid).children(recursive=True) if pid else []
        return found

    def _settings(self, handles: list[int]) -> dict[str, Any]:
        """What kernel.py is told. handles: its sockets, in the order of their ports."""
        info = {k: _plain(v) for k, v in self.manager.get_connection_info().items()}
        limits = {
            "memory": self.limits.memory_mib * 2**20,
            "file": self.limits.file_mib * 2**20,
            "cpu": 2 * int(self.limits.notebook_seconds) + 10,  # cells, then hidden probes
            "processes": self.limits.processes,
        }
        output = self.limits.output_bytes
        return {"limits": limits, "output": output, "connection": info, "sockets": handles}


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _font_list() -> dict[str, bytes]:
    """matplotlib's list of fonts: to build it anew costs each submission two seconds."""
    cache = Path(".cache", "matplotlib")
    found = (Path.home() / cache).glob("fontlist*.json")
    return {str(cache / path.name): path.read_bytes() for path in found}
