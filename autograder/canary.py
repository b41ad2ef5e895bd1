"""What tries to get out of the box, and says on one line what it could do.

box.py sends it in before the first submission: one wrong wall would let every submission out, and
every notebook would still pass.
"""

import ctypes
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

NEW_USER_SPACE, NO_NEW_PRIVILEGES = 0x10000000, 39


def breaches(bait: dict[str, Any]) -> Iterator[str]:
    """What could be done that must not be.

    bait: `secret`, a file outside the box; `port`, a server on this machine's loopback; `python`, a
    folder of the grader's Python; `space`, its network; `words`, what only its environment has.
    """
    attempts: dict[str, Callable[[], Any]] = {
        "read a file of the grader's": lambda: Path(bait["secret"]).read_bytes(),
        "list the grader's files": lambda: os.listdir(Path(bait["secret"]).parent),
        "write into Python's folder": lambda: Path(bait["python"], "canary").write_bytes(b""),
        "write into /usr": lambda: Path("/usr/canary").write_bytes(b""),
        "write into /": lambda: Path("/canary").write_bytes(b""),
        "write into /dev": lambda: Path("/dev/canary").write_bytes(b""),
        "change the grader's code": lambda: Path("/run/course/canary").write_bytes(b""),
        "reach a server of this machine": lambda: _connect("127.0.0.1", bait["port"]),
        "become root": lambda: os.setuid(0),
    }
    for what, attempt in attempts.items():
        with suppress(OSError):
            attempt()
            yield what
    yield from _standing(bait)


def _standing(bait: dict[str, Any]) -> Iterator[str]:
    """What can be seen without trying."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    if any(int(status[name], 16) for name in ("CapEff", "CapPrm", "CapAmb")):
        yield "use privileges of root"
    if os.getuid() == 0:
        yield "run as root"
    if os.readlink("/proc/self/ns/net") == bait["space"]:
        yield "use this machine's network"
    if len([name for name in os.listdir("/proc") if name.isdigit()]) > 3:
        yield "see processes outside"
    if os.environ.keys() & set(bait["words"]) - {"PWD", "LC_CTYPE"}:
        yield "read the grader's environment"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVILEGES, 0, 0, 0, 0) != 1:
        yield "gain privileges from a program"
    if libc.unshare(NEW_USER_SPACE) == 0:
        yield "open a new space of users"


def _connect(host: str, port: int) -> None:
    with socket.create_connection((host, port), timeout=2):
        pass


def sing(settings: dict[str, Any]) -> None:
    """Try, and print the list."""
    print(json.dumps(list(breaches(settings["bait"]))), flush=True)  # noqa: T201
