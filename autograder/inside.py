"""What the process of a submission does first: become nobody, move in, take its limits.

Runs in the box, or without one. Everything here happens before any code of the student's.
"""

import os
import resource
import shutil
from typing import Any


def enter(settings: dict[str, Any]) -> None:
    """Give up what the process was started with, for good.

    settings: limits in bytes, seconds and numbers. moves_to: where to copy what lies in `handed_in`
    and to work; without a box None, to stay. user: whom root becomes in the box.
    """
    boxed = settings["moves_to"] is not None
    if boxed and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(*[settings["user"]] * 3)
        os.setresuid(*[settings["user"]] * 3)
    if boxed:
        shutil.copytree(settings["handed_in"], settings["moves_to"])
        os.chdir(os.path.join(settings["moves_to"], "work"))
    restrict(settings["limits"], boxed=boxed)


def restrict(limits: dict[str, int], *, boxed: bool) -> None:
    """Lower this process's limits for good.

    limits: memory and file in bytes, cpu in seconds. Outside the box the number of processes is
    bounded only for an ordinary user: for root the kernel does not look at it.
    """
    bounds = {
        resource.RLIMIT_DATA: limits["memory"],
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_CPU: limits["cpu"],
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    if os.getuid() != 0:
        others = 0 if boxed else _threads_of_this_user()
        bounds[resource.RLIMIT_NPROC] = others + limits["processes"]
    for what, most in bounds.items():
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _threads_of_this_user() -> int:
    """RLIMIT_NPROC counts all of a user's threads, also those outside the kernel."""
    count = 0
    for process in os.scandir("/proc") if os.path.isdir("/proc") else ():
        try:
            if process.name.isdigit() and process.stat().st_uid == os.getuid():
                count += len(os.listdir(f"{process.path}/task"))
        except OSError:
            continue
    return count
