"""The box around submissions, built by bubblewrap (walls.py), and the proof that it holds.

Inside there is no network, no other process, no file of the course, of a classmate or of the
grader's: a read-only Python and system, the submission's own files, and room for new ones that is
bounded and gone afterwards. In the box waits zygote.py, a warm Python; it forks for each submission
and puts a second ring of walls, inside.py, around that one.
"""

import io
import json
import os
import re
import secrets
import shutil
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import weakref
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from autograder import folders
from autograder.syscalls import FilterError, write_filter
from autograder.walls import HOME, environment, inside_path, walls

OLDEST = (0, 5)
START_S = 60.0
REPLY_BYTES = 2**16

WAY_OUT = (
    "install the package bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap), grade on a "
    "Linux machine that allows it, or, where a submission can hurt nobody, grade --without-box "
    "(for nbgrader: box = false under [limits] in course.toml)"
)


class BoxError(RuntimeError):
    """No box can be built here; the message says why, and the ways out."""

    def __init__(self, why: str):
        self.why = why
        super().__init__(f"no box for submissions here: {why}; {WAY_OUT}")

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (self.why,)


class Running:
    """A submission's process in the box, seen from outside. keeper: the process that ends it."""

    def __init__(self, report: socket.socket):
        self.report = report
        self.code: int | None = None
        report.settimeout(START_S)
        said, ancillary, *_ = report.recvmsg(REPLY_BYTES, socket.CMSG_SPACE(12))
        if said != b"started":
            report.close()
            raise BoxError("the process in it ended as it started")
        self.keeper, *_ = struct.unpack("3i", ancillary[0][2])
        report.setblocking(False)

    def poll(self) -> int | None:
        """How it ended, as shells say it: 128 and the signal's number. None while it runs."""
        if self.code is None:
            with suppress(BlockingIOError):
                said = self.report.recv(REPLY_BYTES)
                self.code = json.loads(said) if said else 128 + 9
        return self.code

    def end(self) -> None:
        """End it, with all that it started."""
        with suppress(OSError):
            self.report.shutdown(socket.SHUT_WR)


class Box:
    """A box with a warm Python in it. name: what builds it, with its version."""

    def __init__(self, program: str, name: str):
        self.name = name
        as_root = os.geteuid() == 0
        # as root: a user that nobody else on the machine is
        self.user = 2**20 + secrets.randbelow(2**30) if as_root else 1000
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ExitStack() as until_started, tempfile.TemporaryFile() as said:
            until_started.callback(theirs.close)
            passwd = until_started.enter_context(_file(self._passwd().encode()))
            handles = [theirs.fileno(), passwd.fileno()]
            argv = [inside_path(sys.executable), "-P", "-m", "autograder.zygote", str(handles[0])]
            self.process = subprocess.Popen(
                [program, *walls(as_root, passwd.fileno()), "--", *argv],
                pass_fds=handles,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
            weakref.finalize(self, _end, self.process, self.channel)
            until_started.close()
            self.channel.settimeout(START_S)
            if self.channel.recv(REPLY_BYTES) != b"ready":
                self.process.wait()
                said.seek(0)
                raise BoxError(f"{name} says {said.read().decode(errors='replace')[-300:]!r}")

    def start(
        self,
        request: dict[str, Any],
        files: Mapping[str, bytes],
        errors: int,
        sockets: Sequence[int] = (),
    ) -> Running:
        """Start a task of the zygote's. files: by path under HOME. errors: where it may write to.

        request: task; room, the bytes it may write in /tmp, and again in /dev/shm; limits; more as
        the task needs it.
        """
        report, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        report.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        text = json.dumps(request | {"user": self.user}).encode()
        with theirs, _file(_packed(files)) as archive, write_filter() as rules:
            handles = [theirs.fileno(), archive.fileno(), rules.fileno(), errors, *sockets]
            socket.send_fds(self.channel, [text], handles)
        return Running(report)

    def _passwd(self) -> str:
        return f"student:x:{self.user}:{self.user}::{HOME}:/bin/sh\n"


def _end(process: "subprocess.Popen[bytes]", channel: socket.socket) -> None:
    """End a box that nobody has a use for any more, and all that runs in it."""
    channel.close()
    process.kill()
    process.wait()


def _file(content: bytes) -> IO[bytes]:
    """An open file without a name, to be read from its start."""
    file = tempfile.TemporaryFile()  # noqa: SIM115, the caller closes it
    file.write(content)
    file.flush()
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    return file


def _packed(files: Mapping[str, bytes]) -> bytes:
    """A zip archive with the files, and the folder `work` in any case."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.mkdir("work")
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


@lru_cache(maxsize=1)
def _built(process: int) -> Box:
    """This process's box, after a canary inside it has tried to get out."""
    program = shutil.which("bwrap")
    if sys.platform != "linux" or program is None:
        raise BoxError("bubblewrap is not installed" if sys.platform == "linux" else "not Linux")
    asked = [program, "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    if tuple(int(n) for n in re.findall(r"\d+", said)[:2]) < OLDEST:
        raise BoxError(f"{said or program} is too old")
    try:
        box = Box(program, said)
        _prove(box)
    except (FilterError, OSError) as error:
        raise BoxError(str(error)) from error
    return box


def proven() -> Box:
    """The box of this process, proven to hold, with its warm Python alive.

    Raises BoxError where there is none, or where it does not hold.
    """
    box = _built(os.getpid())
    if box.process.poll() is not None:
        _built.cache_clear()
        box = _built(os.getpid())
    return box


def missing() -> str:
    """Why no box can be built here, and the ways out; nothing if one can."""
    try:
        proven()
    except BoxError as error:
        return str(error)
    return ""


def _prove(box: Box) -> None:
    """Let a canary try to get out. Raises BoxError if it can, or if it does not run at all."""
    with (
        folders.private() as folder,
        tempfile.TemporaryFile() as said,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        secret = Path(folder, "secret")
        secret.write_text("not for students")
        bait = {
            "secret": str(secret),
            "port": server.getsockname()[1],
            "python": inside_path(sysconfig.get_paths()["purelib"]),
            "space": os.readlink("/proc/self/ns/net"),
            "words": sorted(os.environ.keys() - environment().keys()),
        }
        limits = {"memory": 2**31, "file": 2**20, "cpu": 60, "processes": 16}
        request = {"task": "canary", "room": 2**20, "limits": limits, "bait": bait}
        with box.start(request, {}, said.fileno()).report as report:
            report.settimeout(START_S)
            report.recv(REPLY_BYTES)
        said.seek(0)
        song = said.read().decode(errors="replace")
    try:
        broken = json.loads(song)
    except ValueError:
        raise BoxError(f"the canary in it says {song[-300:]!r}") from None
    if broken:
        raise BoxError(f"a program in it could {', '.join(broken)}")
