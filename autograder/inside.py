"""What a process does to itself before a student's code runs in it: new walls, then small limits.

The walls are the second ring, within those of box.py: between one submission and the next.
"""

import ctypes
import os
import resource
import sys
from collections.abc import Mapping

NEW_MOUNTS, NEW_PROCESSES, NEW_USERS = 0x20000, 0x20000000, 0x10000000
NO_SETUID, NO_DEVICES, NO_PROGRAMS, PRIVATE_BELOW = 2, 4, 8, 0x44000

DIE_WITH_PARENT, SET_FILTER, FILTER_MODE = 1, 22, 2
CAPABILITIES_VERSION = 0x20080522

MEMORY_TO_TELL = 32 * 2**20
"""Bytes that a process gets once it has used up its memory, so that it can still say so."""

BEYOND = {resource.RLIMIT_CPU: 2, resource.RLIMIT_DATA: MEMORY_TO_TELL}
"""From the soft limit to the hard one, where only the soft one says why: seconds, bytes."""

MOST_FILES = 20_000
"""Empty files take no room that is counted, and memory all the same."""

_libc = ctypes.CDLL(None, use_errno=True)


def part() -> None:
    """Part from the process tree and the mounts: what is forked next is alone in its own.

    As an ordinary user this takes a space of users as well, where the user stays who it was.
    """
    user, group = os.getuid(), os.getgid()
    spaces = NEW_MOUNTS | NEW_PROCESSES
    _call("unshare", spaces if user == 0 else spaces | NEW_USERS)
    if user != 0:
        for name, line in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)


def furnish(room: int) -> None:
    """Mount places of one's own: /tmp and /dev/shm, of so many bytes, and /proc."""
    _mount(None, "/", None, PRIVATE_BELOW, None)
    for place in ("/tmp", "/dev/shm"):
        told = f"size={room},nr_inodes={MOST_FILES},mode=1777"
        _mount("tmpfs", place, "tmpfs", NO_SETUID | NO_DEVICES, told)
    _mount("proc", "/proc", "proc", NO_SETUID | NO_DEVICES | NO_PROGRAMS, None)


def become(user: int) -> None:
    """Be an ordinary user without privileges, for good."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def filter_calls(program: bytes) -> None:
    """Have the kernel refuse system calls by this filter, as syscalls.py writes it."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    _call("prctl", SET_FILTER, FILTER_MODE, ctypes.byref(Program(len(program) // 8, program)), 0, 0)


def end_with_parent(signal: int) -> None:
    """Get a signal when the process that forked this one ends."""
    _call("prctl", DIE_WITH_PARENT, signal, 0, 0, 0)


def restrict(limits: Mapping[str, int], others: int = 0) -> None:
    """Lower this process's limits for good.

    limits: memory and file in bytes, cpu in seconds, processes. others: how many threads this user
    has besides, since they count. For root the kernel does not look at the number of processes.
    """
    bounds = {
        resource.RLIMIT_DATA: limits["memory"],
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_CPU: limits["cpu"],
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    if os.getuid() != 0:
        bounds[resource.RLIMIT_NPROC] = others + limits["processes"]
    for what, most in bounds.items():
        hard = resource.getrlimit(what)[1]
        hard = sys.maxsize if hard == resource.RLIM_INFINITY else hard
        most = min(most, hard)
        resource.setrlimit(what, (most, min(most + BEYOND.get(what, 0), hard)))


def threads_of_this_user() -> int:
    """How many threads this user runs on the machine."""
    count = 0
    for process in os.scandir("/proc") if os.path.isdir("/proc") else ():
        try:
            if process.name.isdigit() and process.stat().st_uid == os.getuid():
                count += len(os.listdir(f"{process.path}/task"))
        except OSError:
            continue
    return count


def _mount(source: str | None, place: str, kind: str | None, flags: int, told: str | None) -> None:
    words = [word and word.encode() for word in (source, place, kind)]
    _call("mount", *words, ctypes.c_ulong(flags), told and told.encode())


def _call(name: str, *arguments: object) -> None:
    """Call a function of the C library's. Raises OSError with its name when it fails."""
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
