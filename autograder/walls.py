"""bubblewrap's options: what is to be seen and had in the box, and nothing else."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

HOME = "/tmp/home"
"""The home folder of code in the box; it works in the folder `work` there."""

PYTHON = "/run/python"
"""Where this Python's environment lies in the box, wherever it lies outside: perhaps in /tmp."""

COURSE = "/run/course"
"""Where the course's own packages lie in the box."""

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
SETTINGS = ("ld.so.cache", "alternatives", "fonts", "localtime")
"""Of the system, what a program needs to run; of /etc, what it needs to find its libraries."""

KEPT = ("SETUID", "SETGID", "SYS_ADMIN")
"""What root keeps in the box, to put up the second walls. A submission's process has none."""


def walls(as_root: bool, passwd: int) -> list[str]:
    """bubblewrap's options. passwd: an open file with the users that are known inside."""
    apart = [f"--unshare-{space}" for space in ("ipc", "pid", "net", "uts", "cgroup-try")]
    if as_root:
        apart += ["--cap-drop", "ALL", *(w for c in KEPT for w in ("--cap-add", f"CAP_{c}"))]
    else:
        apart += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    fonts, inside = Path.home() / ".cache" / "matplotlib", f"{HOME}/.cache/matplotlib"
    return [
        *(*apart, "--die-with-parent", "--new-session", "--hostname", "box", "--clearenv"),
        *(word for name, value in environment().items() for word in ("--setenv", name, value)),
        *_readable(),
        *("--perms", "0644", "--ro-bind-data", str(passwd), "/etc/passwd"),
        *("--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm"),
        *("--remount-ro", "/dev", "--perms", "1777", "--tmpfs", "/tmp"),
        *("--ro-bind-try", str(fonts), inside, "--remount-ro", "/", "--chdir", "/tmp"),
    ]


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
    for place in sorted({sys.prefix, sys.base_prefix}):
        if not place.startswith("/usr"):
            yield from (*_folders_above(inside_path(place)), "--ro-bind", place, inside_path(place))
    yield from _folders_above(f"{COURSE}/mlkit")
    for package in ("autograder", "mlkit"):
        source = Path(__file__).resolve().parents[1] / package
        yield from ("--ro-bind", str(source), f"{COURSE}/{package}")


def inside_path(place: str) -> str:
    """Where a place in this Python's environment lies in the box; any other is where it is."""
    if sys.prefix != sys.base_prefix and Path(place).is_relative_to(sys.prefix):
        return str(PYTHON / Path(place).relative_to(sys.prefix))
    return place


def _folders_above(place: str) -> Iterator[str]:
    """The folders that lead to a place, open to everybody: bubblewrap's own are root's alone."""
    for folder in [*Path(place).parents][-2::-1]:
        yield from ("--perms", "0755", "--dir", str(folder))


def environment() -> dict[str, str]:
    """The environment in the box: nothing of the grader's but where Python is."""
    programs = [str(Path(inside_path(sys.executable)).parent), "/usr/bin", "/bin"]
    return clean_environment(HOME) | {
        "PATH": os.pathsep.join(programs),
        "PYTHONPATH": COURSE,
        "USER": "student",
        "TMPDIR": "/tmp",
    }


def clean_environment(home: str) -> dict[str, str]:
    """What a submission's process finds: one thread, and the same order of sets on every run."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return one_thread | {
        "HOME": home,
        "IPYTHONDIR": f"{home}/ipython",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
    }
