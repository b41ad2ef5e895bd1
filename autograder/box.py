"""The walls around a submission's kernel, built by bubblewrap, and the proof that they stand.

Inside there is no network, no other process, no file of the course, of a classmate or of the
grader's: a read-only Python and system, the submission's own files, and room for new ones that is
bounded and gone afterwards. inside.py is the other half: what the kernel's process does first.
"""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.syscalls import FilterError, write_filter

HOME = "/tmp/home"
"""The home folder of code in the box."""

HANDED_IN = "/run/handed-in"
"""Where the submission's files lie in the box, to be copied home."""

CONNECTION = "/run/kernel.json"
"""Where a kernel finds its connection file in the box."""

COURSE = "/run/course"
"""Where the course's own packages lie in the box."""

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
SETTINGS = ("ld.so.cache", "alternatives", "fonts", "localtime")
"""Of the system, what a program needs to run; of /etc, what it needs to find its libraries."""

OLDEST = (0, 5)
CANARY_S = 60.0

WAY_OUT = (
    "install the package bubblewrap (Debian, Ubuntu: sudo apt install bubblewrap), grade on a "
    "Linux machine that allows it, or, where a submission can hurt nobody, grade --without-box "
    "(for nbgrader: box = false under [limits] in course.toml)"
)


class BoxError(RuntimeError):
    """No box can be built here; the message says why, and the ways out."""


@dataclass(frozen=True)
class Box:
    """A box that was proven to hold. program: bubblewrap's path. name: with its version."""

    program: str
    name: str
    as_root: bool

    def command(
        self,
        home: Path,
        argv: Sequence[str],
        environment: Mapping[str, str],
        room: int,
        filter_fd: int,
    ) -> list[str]:
        """The command line that runs a program in the box.

        home: a folder whose `files` are handed in, with a `kernel.json`, if there is to be one.
        room: bytes that may be written in /tmp, and again in /dev/shm. filter_fd: an open file with
        the filter of system calls, to be inherited.
        """
        return [
            *(self.program, *self._spaces()),
            *("--die-with-parent", "--new-session", "--hostname", "box", "--clearenv"),
            *(word for name, value in environment.items() for word in ("--setenv", name, value)),
            *_readable(),
            *("--proc", "/proc", "--dev", "/dev", "--size", str(room), "--tmpfs", "/dev/shm"),
            *("--remount-ro", "/dev", "--perms", "1777", "--size", str(room), "--tmpfs", "/tmp"),
            *("--ro-bind", str(home / "files"), HANDED_IN),
            *("--ro-bind-try", str(home / "kernel.json"), CONNECTION),
            *("--ro-bind-try", str(home / "passwd"), "/etc/passwd"),
            *("--remount-ro", "/", "--chdir", "/tmp", "--seccomp", str(filter_fd), "--", *argv),
        ]

    def _spaces(self) -> list[str]:
        apart = [f"--unshare-{space}" for space in ("ipc", "pid", "net", "uts", "cgroup-try")]
        if self.as_root:  # inside.py gives these two up as it becomes an ordinary user
            kept = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
            return [*apart, *kept]
        return [*apart, "--unshare-user", "--uid", "1000", "--gid", "1000"]

    def new_user(self) -> int:
        """The user that a program in the box becomes: as root, one that nobody else is."""
        return 2**20 + secrets.randbelow(2**30) if self.as_root else 1000


def _readable() -> Iterator[str]:
    """Read-only places: the system's programs, this Python, and of the course its two packages."""
    for place in SYSTEM:
        if os.path.islink(place):
            yield from ("--symlink", os.readlink(place), place)
        else:
            yield from ("--ro-bind-try", place, place)
    yield from _folders_above("/etc/here")
    for name in SETTINGS:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    for place in sorted({sys.prefix, sys.base_prefix, sysconfig.get_paths()["purelib"]}):
        if not place.startswith("/usr"):
            yield from (*_folders_above(place), "--ro-bind", place, place)
    yield from _folders_above(f"{COURSE}/mlkit")
    for package in ("autograder", "mlkit"):
        source = Path(__file__).resolve().parents[1] / package
        yield from ("--ro-bind", str(source), f"{COURSE}/{package}")


def _folders_above(place: str) -> Iterator[str]:
    """The folders that lead to a place, open to everybody: bubblewrap's own are root's alone."""
    for folder in [*Path(place).parents][-2::-1]:
        yield from ("--perms", "0755", "--dir", str(folder))


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program in the box."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "PYTHONPATH": COURSE,
        "HOME": HOME,
        "USER": "student",
        "TMPDIR": "/tmp",
        **more,
    }


def lay_out(home: Path, files: Mapping[str, bytes], user: int) -> None:
    """Write what goes into the box, readable for the user in it, under `home`."""
    for name, content in {
        "files/work/.keep": b"",
        **{f"files/{n}": c for n, c in files.items()},
    }.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (home / "passwd").write_text(f"student:x:{user}:{user}::{HOME}:/bin/sh\n")
    for folder, _, names in os.walk(home / "files"):
        os.chmod(folder, 0o755)
        for name in names:
            os.chmod(os.path.join(folder, name), 0o644)


@lru_cache(maxsize=1)
def proven() -> Box:
    """The box of this machine, after a canary inside it has tried to get out.

    Raises BoxError where there is none, or where it does not hold.
    """
    program = shutil.which("bwrap")
    if sys.platform != "linux" or program is None:
        what = "bubblewrap is not installed" if sys.platform == "linux" else "it needs Linux"
        raise BoxError(f"no box for submissions here: {what}; {WAY_OUT}")
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    version = tuple(int(n) for n in re.findall(r"\d+", said)[:2])
    if version < OLDEST:
        raise BoxError(f"no box for submissions here: {said.strip()} is too old; {WAY_OUT}")
    box = Box(program, said.strip(), os.geteuid() == 0)
    try:
        _prove(box)
    except (FilterError, subprocess.TimeoutExpired) as error:
        raise BoxError(f"no box for submissions here: {error}; {WAY_OUT}") from error
    return box


def _prove(box: Box) -> None:
    """Let a canary try to get out. Raises BoxError if it can, or if it does not run at all."""
    with (
        tempfile.TemporaryDirectory(prefix="grade-") as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        home = Path(folder)
        secret = home / "secret"
        secret.write_text("not for students")
        user = box.new_user()
        lay_out(home, {}, user)
        bait = {
            "secret": str(secret),
            "port": server.getsockname()[1],
            "python": sysconfig.get_paths()["purelib"],
            "space": os.readlink("/proc/self/ns/net"),
        }
        limits = {"memory": 2**30, "file": 2**20, "cpu": 60, "processes": 16}
        settings = entry(user, limits) | {"bait": bait}
        argv = [sys.executable, "-P", "-m", "autograder.canary", json.dumps(settings)]
        done = _run(box, home, argv, {**os.environ, "GRADER_PASSWORD": "x"})
    try:
        broken = json.loads(done.stdout)
    except ValueError:
        said = (done.stderr or f"it ended with {done.returncode}").strip()[-300:]
        raise BoxError(
            f"no box for submissions here: {box.name} says {said!r}; {WAY_OUT}"
        ) from None
    if broken:
        could = ", ".join(broken)
        raise BoxError(f"no box for submissions here: a program in it could {could}; {WAY_OUT}")


def _run(
    box: Box, home: Path, argv: Sequence[str], outside: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    with write_filter() as rules:
        command = box.command(home, argv, environment({}), room=2**20, filter_fd=rules.fileno())
        return subprocess.run(
            command,
            env=outside,
            pass_fds=[rules.fileno()],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=CANARY_S,
            check=False,
        )


def entry(user: int, limits: Mapping[str, int]) -> dict[str, Any]:
    """What inside.enter is to do in the box."""
    return {"user": user, "handed_in": HANDED_IN, "moves_to": HOME, "limits": dict(limits)}
