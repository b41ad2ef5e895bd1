"""The student's work folder: lessons copied in once, never overwritten; JupyterLab started in it.

A lesson's student edition is copied when there is none. When the course brings a newer edition, it
is put beside the student's notebook under another name. Only checks.json is renewed in place.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.check import KEY_FILE
from autograder.lesson import Course

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: where lessons, tests and the locks lie, and by default the work folder."""

SETTINGS = Path(__file__).resolve().parent / "jupyter"
"""JupyterLab's settings for students: a folder for JUPYTER_CONFIG_PATH."""

EDITIONS = ".editions.json"
"""Beside the lessons: the digests of the editions that were copied, by lesson."""


class CourseError(ValueError):
    """What a person can mend: which command, what is wrong, what to do."""


def prepare(course: Course, name: str, work: Path) -> tuple[Path, list[str]]:
    """Bring every built lesson into the work folder; gives the one to open, and what was done.

    name: the lesson to open, the first if empty.
    Raises LessonError for a lesson that is not there, CourseError for one that is not built and
    for a work folder that cannot be written.
    """
    wanted = course.lesson(name) if name else course.lessons[0]
    if not wanted.notebook.is_file():
        raise CourseError(f"lab: {wanted.name} is not built yet; run course build {wanted.name}")
    built = [lesson.notebook for lesson in course.lessons if lesson.notebook.is_file()]
    try:
        brought = {notebook: bring(notebook, work) for notebook in built}
    except OSError as error:
        raise CourseError(
            f"lab: {work} cannot be the work folder: {error.strerror}, {error.filename}; "
            "choose another with course lab --folder FOLDER"
        ) from error
    return brought[wanted.notebook][0], [said for _, said in brought.values() if said]


def bring(notebook: Path, work: Path) -> tuple[Path, str | None]:
    """Put one built lesson into the work folder; gives the student's notebook and what was done.

    notebook: the student edition, with checks.json beside it. Nothing that lies in the work folder
    is overwritten but checks.json and the list of editions.
    """
    name = notebook.stem
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    _renew(notebook.with_name(KEY_FILE), folder / KEY_FILE)
    mine, edition = folder / notebook.name, notebook.read_bytes()
    digest = hashlib.sha256(edition).hexdigest()
    seen = _editions(work)
    said = None
    if not mine.exists():
        _put(mine, edition)
        said = f"{name}: copied to {mine}"
    elif digest not in seen.get(name, []) and mine.read_bytes() != edition:
        newer = _free(folder, name)
        _put(newer, edition)
        said = f"{name}: there is a newer edition; it lies beside yours as {newer.name}"
    _remember(work, seen, name, digest)
    return mine, said


def _renew(source: Path, target: Path) -> None:
    """Make one data file equal to the course's, in one step."""
    content = source.read_bytes()
    if not target.is_file() or target.read_bytes() != content:
        draft = target.with_suffix(".new")
        draft.write_bytes(content)
        draft.replace(target)


def _put(path: Path, content: bytes) -> None:
    """Write a new file; "x" refuses to touch one that appeared in the meantime."""
    with path.open("xb") as file:
        file.write(content)


def _free(folder: Path, name: str) -> Path:
    """`04-softmax (new).ipynb`, or with the first number that is free."""
    names = [f"{name} (new).ipynb", *(f"{name} (new {n}).ipynb" for n in range(2, 1000))]
    return next(folder / name for name in names if not (folder / name).exists())


def _editions(work: Path) -> dict[str, list[str]]:
    """The list of editions; an unreadable one counts as none, which costs one copy more."""
    try:
        return dict(json.loads((work / EDITIONS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _remember(work: Path, seen: dict[str, list[str]], name: str, digest: str) -> None:
    if digest not in seen.get(name, []):
        seen = {**seen, name: [*seen.get(name, []), digest]}
        (work / EDITIONS).write_text(json.dumps(seen, indent=1) + "\n", encoding="utf-8")


def lab_command(work: Path, notebook: Path, *, browser: bool, extra: Sequence[str]) -> list[str]:
    """The command line that opens a notebook of the work folder in JupyterLab.

    extra: arguments for jupyter lab itself; they come last and so win.
    """
    place = notebook.relative_to(work).as_posix()
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={work}",
        f"--LabApp.default_url=/lab/tree/{place}",
        "--ServerApp.answer_yes=True",
        *(f"--{app}.log_level=ERROR" for app in ("ServerApp", "LabApp", "NbGrader")),
        *(["--allow-root"] if getattr(os, "geteuid", int)() == 0 else []),
        *([] if browser else ["--no-browser"]),
        *extra,
    ]


def lab_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment for JupyterLab: the course's settings first, programs of this Python found.

    PYTHONDONTWRITEBYTECODE goes: with it every start of Jupyter takes many times as long.
    """
    kept = {k: v for k, v in inherited.items() if k != "PYTHONDONTWRITEBYTECODE"}
    settings = [str(SETTINGS), *filter(None, [kept.get("JUPYTER_CONFIG_PATH")])]
    programs = [str(Path(sys.executable).parent), *filter(None, [kept.get("PATH")])]
    kept["JUPYTER_CONFIG_PATH"] = os.pathsep.join(settings)
    kept["PATH"] = os.pathsep.join(programs)
    return kept


def start(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> int:
    """Run a program in a folder until it ends; gives its exit code.

    Ctrl-C reaches the program by itself; the request to end (SIGTERM) is passed on.
    """
    with subprocess.Popen(command, env=environment, cwd=folder) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def test_command(arguments: Sequence[str], cores: int) -> list[str]:
    """pytest's command line. Whole folders run in up to four processes, a single file in one.

    There is one process more than cores, since many tests wait for others to start.
    """
    alone = any(".py" in a or a.startswith(("-n", "--pdb", "--numprocesses")) for a in arguments)
    several = [] if alone or cores < 2 else ["-n", str(min(4, cores + 1)), "--dist", "loadfile"]
    return [sys.executable, "-m", "pytest", *several, *arguments]


def run_tests(arguments: Sequence[str]) -> int:
    """Run pytest from the checkout's root; gives its exit code."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = test_command(arguments, os.cpu_count() or 1)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
