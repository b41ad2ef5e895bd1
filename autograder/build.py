"""lesson.py to notebooks, one way: the source edition, and with nbgrader's own assignment step
the student edition and its checks.json. Two builds of one text give the same bytes.
"""

import json
import logging
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import programs
from autograder.cells import LessonError
from autograder.check import KEY_FILE
from autograder.lesson import Lesson

SECRET_LENGTH = 12
"""Solution lines shorter than this (`return`, `else:`) may stand in a student's file by chance."""

_A_WORD = re.compile(r"""["'][\w-]+["'],?""")
"""A line that a formatter broke off, such as a question's name: it tells nothing."""


def build(lesson: Lesson) -> dict[Path, bytes]:
    """The files of a lesson's student edition and their bytes; writes nothing.

    Raises LessonError when nbgrader refuses the lesson, or when a file would give away a solution.
    """
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        write_source(lesson, course)
        generate(lesson, course)
        released = course / "release" / lesson.name
        files = {
            lesson.folder / path.name: path.read_bytes()
            for path in (released / f"{lesson.name}.ipynb", released / KEY_FILE)
        }
    known = list(secrets(lesson))
    for path, content in files.items():
        for leak in leaks(known, content.decode()):
            raise LessonError(f"{lesson.name}: {path.name} would give away {leak}")
    return files


def write_source(lesson: Lesson, course: Path) -> None:
    """Put the source edition and its checks.json into a course folder, for nbgrader to release."""
    folder = course / "source" / lesson.name
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(lesson.source, folder / f"{lesson.name}.ipynb")
    key = json.dumps(lesson.key().to_json(), ensure_ascii=False, sort_keys=True)
    (folder / KEY_FILE).write_text(key + "\n", encoding="utf-8")


def generate(lesson: Lesson, course: Path, settings: Config | None = None) -> None:
    """nbgrader's assignment step: the release edition, and the lesson's row in the gradebook.

    settings: the course folder's own, such as where its gradebook is.
    """
    programs.on_path()
    config = Config(settings or {})
    configure_release(config)
    config.CourseDirectory.root = str(course)
    directory = CourseDirectory(config=config)
    directory.log.setLevel(logging.ERROR)
    done = NbGraderAPI(directory, config=config).generate_assignment(lesson.name, force=True)
    if not done["success"]:
        reason = done["log"] or done["error"]
        raise LessonError(f"{lesson.name}: nbgrader cannot release it: {reason}")


def configure_release(config: Config) -> None:
    """The words that stand where a solution stood."""
    config.ClearSolutions.code_stub = {"python": "# your code here\nraise NotImplementedError"}
    config.ClearSolutions.text_stub = "*Write your answer here (double-click).*"


def write(files: dict[Path, bytes]) -> list[Path]:
    """Write those files whose bytes differ, each whole or not at all; gives back which."""
    changed = stale(files)
    for path in changed:
        draft = path.with_suffix(path.suffix + ".new")
        draft.write_bytes(files[path])
        shutil.move(draft, path)
    return changed


def stale(files: dict[Path, bytes]) -> list[Path]:
    """Those files whose bytes on disk differ, or that are not there."""
    return [p for p, new in files.items() if not p.is_file() or p.read_bytes() != new]


def leaks(known: Iterable[str], text: str) -> Iterator[str]:
    """Which of the known secrets a student's JSON file tells."""
    told = "\n".join(_strings(json.loads(text)))
    yield from (repr(secret) for secret in known if secret in told)


def _strings(data: object) -> Iterator[str]:
    """Every text in JSON data, and every list of numbers as text."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from (str(key), *_strings(value))
    elif isinstance(data, list):
        yield json.dumps(data)
        for value in data:
            yield from _strings(value)


def secrets(lesson: Lesson) -> Iterator[str]:
    """What stands in a lesson's solutions, hidden probes or mistakes and nowhere open."""
    visible = lesson.checks_source(hidden=False)
    public = {*_region(lesson, solution=False), *map(str.strip, visible.splitlines())}
    private = [*_region(lesson, solution=True), *lesson.checks_source(hidden=True).splitlines()]
    private += [line for m in lesson.mistakes for line in lesson.code_of(m).splitlines()]
    lines = {line.strip() for line in private} - public
    yield from sorted(t for t in lines if len(t) >= SECRET_LENGTH and not _A_WORD.fullmatch(t))
    yield from sorted(_hidden_numbers(lesson))


def _hidden_numbers(lesson: Lesson) -> set[str]:
    """The reference answers of hidden probes, as JSON lists, where no visible answer equals one."""
    opened, full = (
        {
            json.dumps(data)
            for question in lesson.key(hidden=hidden).to_json()["questions"].values()
            for data in _lists([question["asked"], question["known"] if not hidden else []])
        }
        for hidden in (False, True)
    )
    return {numbers for numbers in full - opened if len(numbers) >= SECRET_LENGTH}


def _lists(data: object) -> Iterator[list]:
    """Every list of numbers of an encoded answer."""
    if isinstance(data, dict):
        if "values" in data:
            yield data["values"]
        for value in data.values():
            yield from _lists(value)
    elif isinstance(data, list):
        for value in data:
            yield from _lists(value)


def _region(lesson: Lesson, *, solution: bool) -> Iterator[str]:
    """The lines between BEGIN SOLUTION and END SOLUTION, or all the others, stripped."""
    inside = False
    for cell in lesson.source.cells:
        for line in cell.source.splitlines():
            if "BEGIN SOLUTION" in line or "END SOLUTION" in line:
                inside = "BEGIN SOLUTION" in line
            elif inside == solution:
                yield line.strip()
