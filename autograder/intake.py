"""Any file a student hands in, as a notebook that can be graded, and a list of what was mended.

Trusted, and it runs nothing. It never raises for a submission: a file that cannot be read gives the
student edition as it was handed out, and the reason. Links, pipes and devices are not opened.
"""

import codecs
import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from autograder.belongings import TIMESTAMP, files, printable
from autograder.lesson import Lesson
from autograder.repair import UnreadableError, restore

MOST_BYTES = 40 * 2**20
"""A larger notebook file is not read."""

MOST_NESTED = 100
"""Brackets within brackets; the parser would run out of stack far above this."""

MOST_TEXT = 4 * 2**20
"""Characters in all cells together."""

TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"

_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)


@dataclass(frozen=True)
class Submission:
    """What was handed in, ready to run.

    repairs: sentences for the student. unreadable: why nothing could be read, or None; `notebook`
    is the student edition then. digest: a hash of all bytes handed in. files: what else lay in the
    folder, by relative path. received: when, in UTC, if the folder says so.
    """

    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)
    unreadable: str | None = None
    digest: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    received: str | None = None


def take(folder: Path, lesson: Lesson) -> Submission:
    """The submission in a folder: its notebook, found and read, and its other files."""
    try:
        return _taken(folder, lesson)
    except Exception as error:  # whatever a folder may hold, the class is graded
        why = f"the submission cannot be read: {type(error).__name__} {str(error)[:200]}"
        return Submission(_student_edition(lesson), unreadable=printable(why))


def _taken(folder: Path, lesson: Lesson) -> Submission:
    path, said = find(folder, lesson)
    if path is None:
        return Submission(_student_edition(lesson), unreadable=said)
    taken = read(path, lesson)
    others, notes = files(folder)
    when, note = received(folder / TIMESTAMP, path)
    digest = hashlib.sha256(taken.digest.encode())
    for name, content in sorted(others.items()):
        digest.update(b"\0%b\0%d\0" % (os.fsencode(name), len(content)) + content)
    repairs = [*filter(None, [said, note]), *taken.repairs, *notes]
    return Submission(taken.notebook, repairs, taken.unreadable, digest.hexdigest(), others, when)


def find(folder: Path, lesson: Lesson) -> tuple[Path | None, str | None]:
    """A lesson's notebook in a folder, and a note if it has another name.

    Without a notebook: None, and the reason. The exact name wins over others.
    """
    wanted = f"{lesson.name}.ipynb"
    if folder.is_symlink() or not folder.is_dir():
        return None, f"nothing was handed in: {folder.name} is not a folder"
    try:
        names = sorted(path.name for path in folder.iterdir() if path.suffix == ".ipynb")
    except OSError as error:
        return None, f"the folder {printable(folder.name)} cannot be read: {error.strerror}"
    if wanted in names:
        return folder / wanted, None
    near = [name for name in names if name.startswith(lesson.name)] or names
    if len(near) == 1:
        return folder / near[0], _renamed(near[0], wanted)
    if near:
        return None, f"there are {len(near)} notebooks and none is called {wanted}"
    return None, f"no notebook was handed in: {wanted} is missing"


def _renamed(name: str, wanted: str) -> str:
    return f"the notebook is called {printable(name)}; it was taken for {wanted}"


def missing(folder: Path, lesson: Lesson) -> str | None:
    """Why a folder holds no notebook of a lesson, or None when it holds one."""
    path, said = find(folder, lesson)
    return said if path is None else None


def read(path: Path, lesson: Lesson) -> Submission:
    """One notebook file, mended. Never raises for what the file holds."""
    digest = ""
    try:
        raw = _bytes(path)
        digest = hashlib.sha256(raw).hexdigest()
        text, notes = _decoded(raw)
        told, cells = _cells(_parsed(raw, text), text)
        notebook, repairs = restore(cells, told, _student_edition(lesson), lesson.name)
    except UnreadableError as reason:
        return Submission(_student_edition(lesson), unreadable=str(reason), digest=digest)
    except Exception as error:  # whatever a file may do, the class is graded
        why = f"the notebook cannot be read: {type(error).__name__} {str(error)[:200]}"
        return Submission(_student_edition(lesson), unreadable=why, digest=digest)
    return Submission(notebook, notes + repairs, digest=digest)


def received(stamp: Path, notebook: Path) -> tuple[str | None, str | None]:
    """When a submission was handed in, as nbgrader writes it, and a note on a broken time stamp.

    stamp: the file that nbgrader's collecting left. Without one, nothing is said: not late.
    """
    if not os.path.lexists(stamp):
        return None, None
    try:
        if stamp.is_symlink() or not stamp.is_file() or stamp.stat().st_size > 100:
            raise ValueError("no time stamp")
        when = parse_utc(stamp.read_text(encoding="utf-8").strip())
        return when.strftime(TIME_FORMAT), None
    except (ValueError, OverflowError, OSError):
        written = datetime.fromtimestamp(notebook.lstat().st_mtime, tz=UTC)
        note = "the time stamp cannot be read; the time of the notebook's file counts"
        return written.strftime(TIME_FORMAT), note


def _student_edition(lesson: Lesson) -> NotebookNode:
    return nbformat.read(lesson.notebook, as_version=4)


def _bytes(path: Path) -> bytes:
    """A regular file's bytes; nothing else is opened, and nothing waits on a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        why = "it is a link" if path.is_symlink() else error.strerror
        raise UnreadableError(
            f"the notebook cannot be opened: {why}; hand in the file itself"
        ) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise UnreadableError("the notebook cannot be opened: it is no regular file")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > MOST_BYTES:
            size, most = status.st_size // 2**20, MOST_BYTES // 2**20
            raise UnreadableError(
                f"the notebook has {size} MB and at most {most} MB are read; "
                "clear its outputs and hand it in again"
            )
        return file.read(MOST_BYTES)


def _decoded(raw: bytes) -> tuple[str, list[str]]:
    encoding = next((name for start, name in _ENCODINGS if raw.startswith(start)), "utf-8")
    notes = []
    if encoding != "utf-8":
        notes.append(f"the file was saved as {encoding.upper()}, not as UTF-8; it was converted")
    try:
        return raw.decode(encoding), notes
    except UnicodeDecodeError as error:
        notes.append(
            f"the file is not {encoding.upper()} text at byte {error.start}; "
            "such characters were replaced"
        )
        return raw.decode(encoding, errors="replace"), notes


def _parsed(raw: bytes, text: str) -> dict[str, Any]:
    depth = 0
    for token in _TOKENS.finditer(text.encode() if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token[0], 0)
        if depth > MOST_NESTED:
            raise UnreadableError("the notebook cannot be read: brackets are nested too deeply")
    try:
        data = json.loads(text)
    except ValueError as error:
        position = getattr(error, "pos", 0)
        byte = len(text[:position].encode())
        raise UnreadableError(
            f"the notebook cannot be read: broken at byte {byte} of {len(raw)}; "
            "open it in Jupyter, save it and hand it in again"
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise UnreadableError("the file is JSON, but it is not a notebook")
    return data


def _cells(data: dict[str, Any], text: str) -> tuple[dict[str, Any], list[NotebookNode]]:
    """A notebook's metadata and cells; whatever is not a cell is dropped."""
    if data["nbformat"] > 4:
        raise UnreadableError(
            f"the notebook was made by a newer Jupyter (format {data['nbformat']}); "
            "save it in format 4 and hand it in again"
        )
    if data["nbformat"] < 4:
        data = nbformat.convert(nbformat.reader.reads(text), 4)
    listed = data.get("cells")
    if not isinstance(listed, list):
        raise UnreadableError("the file is JSON, but it is not a notebook: it has no cells")
    cells = [cell for cell in map(_cell, listed) if cell is not None]
    if sum(len(cell.source) for cell in cells) > MOST_TEXT:
        raise UnreadableError(
            f"the notebook's cells hold more than {MOST_TEXT // 2**20} MB of text"
        )
    told = data.get("metadata")
    return told if isinstance(told, dict) else {}, cells


def _cell(data: Any) -> NotebookNode | None:
    """A cell made anew from what can be used of it: type, text, id, metadata, pasted pictures."""
    if not isinstance(data, dict):
        return None
    source = data.get("source", "")
    if isinstance(source, list):
        source = "".join(map(str, source))
    kind = data.get("cell_type")
    if not isinstance(source, str) or kind not in ("code", "markdown", "raw"):
        return None
    source = source.encode(errors="replace").decode()  # JSON can hold half a character
    cell = NotebookNode(cell_type=kind, source=source, id=str(data.get("id", "")))
    told = data.get("metadata")
    cell.metadata = told if isinstance(told, dict) else {}
    if kind == "markdown" and _are_pictures(data.get("attachments")):
        cell.attachments = data["attachments"]
    return cell


def _are_pictures(attachments: Any) -> bool:
    """Whether this is what a notebook keeps of pasted pictures: name to type to base64 text."""
    return isinstance(attachments, dict) and all(
        isinstance(bundle, dict) and all(isinstance(value, str) for value in bundle.values())
        for bundle in attachments.values()
    )
