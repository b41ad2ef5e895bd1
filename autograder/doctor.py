"""Is everything here that the course needs? One finding a line: what, and what mends it.

Looks only, changes nothing, and asks no network.
"""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from autograder.box import missing, proven
from autograder.cells import LessonError
from autograder.lesson import load_course
from autograder.workspace import ROOT, SETTINGS
from mlkit import device

PROJECT = "deep-learning-course"

INSTALL = "to install anew, remove the folder .venv and run python3 course.py"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. mend: what to do where it is not well."""

    what: str
    well: bool
    mend: str = ""
    needed: bool = True

    def __str__(self) -> str:
        sign = "✓" if self.well else "✗" if self.needed else "–"
        return f"{sign} {self.what}" + (f": {self.mend}" if self.mend and not self.well else "")


def findings() -> Iterator[Finding]:
    """All that is looked at, in the order in which things are mended."""
    looks: tuple[Callable[[], Finding], ...] = (
        python,
        lambda: packages(ROOT / "requirements.lock"),
        lambda: program("jupyter-lab", "JupyterLab"),
        lambda: program("nbgrader", "nbgrader"),
        lambda: program("alembic", "alembic, which nbgrader runs by name"),
        settings,
        lambda: writable(ROOT),
        lambda: lessons(None),
        box,
        chromium,
        gpu,
    )
    for look in looks:
        yield look()


def python() -> Finding:
    """Python's version, against what the project says it runs on."""
    wanted = metadata.metadata(PROJECT)["Requires-Python"]
    version = platform.python_version()
    return Finding(
        f"Python {version}",
        version in SpecifierSet(wanted),
        f"the course needs {wanted}; start course.py with another Python, as python3.13 course.py",
    )


def packages(lock: Path) -> Finding:
    """What is installed, against the lock. Byte code and hashes are pip's business, not ours."""
    try:
        wanted = list(_pins(lock.read_text(encoding="utf-8").splitlines()))
    except OSError:
        return Finding("packages", False, f"{lock.name} is missing; fetch the course again")
    odd = [said for pin in wanted if (said := _odd(pin))]
    shown = ", ".join(odd[:5]) + (f" and {len(odd) - 5} more" if len(odd) > 5 else "")
    return Finding(f"{len(wanted)} packages of {lock.name}", not odd, f"{shown}; {INSTALL}")


def _pins(lines: Iterable[str]) -> Iterator[Requirement]:
    """The requirements of a lock file that this machine needs; its hash lines are indented."""
    for line in lines:
        if line and not line.startswith((" ", "#")):
            try:
                pin = Requirement(line.rstrip("\\ "))
            except InvalidRequirement:
                continue
            if pin.marker is None or pin.marker.evaluate():
                yield pin


def _odd(pin: Requirement) -> str | None:
    """What is wrong with one package, or None."""
    try:
        found = metadata.version(pin.name)
    except metadata.PackageNotFoundError:
        return f"{pin.name} is missing"
    return None if found in pin.specifier else f"{pin.name} is {found}, not {pin.specifier}"


def program(name: str, title: str) -> Finding:
    """A program beside this Python."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    return Finding(title, bool(found), f"the program {name} is missing; {INSTALL}")


def settings() -> Finding:
    """JupyterLab's settings for students."""
    there = (SETTINGS / "labconfig").is_dir()
    return Finding("JupyterLab settings", there, f"{SETTINGS} is missing; fetch the course again")


def writable(folder: Path) -> Finding:
    """Whether work/ can be made and written."""
    work = folder / "work"
    there = work if work.exists() else folder
    return Finding(
        f"write access to {work}",
        os.access(there, os.W_OK),
        f"allow writing: chmod u+w {there}; or choose a folder: course lab --folder FOLDER",
    )


def lessons(folder: Path | None) -> Finding:
    """Whether every lesson has its student edition."""
    try:
        course = load_course(folder)
    except LessonError as error:
        return Finding("lessons", False, str(error))
    open_ = [lesson.name for lesson in course.lessons if not lesson.notebook.is_file()]
    count = f"{len(course.lessons)} lesson{'s' if len(course.lessons) != 1 else ''} built"
    return Finding(count, not open_, f"not built: {', '.join(open_)}; run course build")


def box() -> Finding:
    """Walls for grading, which only instructors need."""
    why = missing()
    name = "a box for submissions" if why else f"a box for submissions: {proven().name}"
    return Finding(name, not why, why, needed=False)


def chromium() -> Finding:
    """A browser for the browser tests."""
    found = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    mend = "not here, so browser tests are skipped; install the package chromium to run them"
    return Finding("Chromium for the browser tests", found, mend, needed=False)


def gpu() -> Finding:
    """What arrays live on."""
    return Finding(device.describe(), True, needed=False)
