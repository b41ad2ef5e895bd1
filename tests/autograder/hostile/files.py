"""Files that are broken, strange, or not what they seem."""

import copy
import json
import os
from pathlib import Path

from nbformat import NotebookNode

from .entry import NOTHING, Hostile

LOST = {"mark": NOTHING, "state": "not gradable"}


def _cell(notebook: NotebookNode, key: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == key)


def _half(notebook: NotebookNode, folder: Path) -> str:
    text = json.dumps(notebook)
    return text[: len(text) // 2]


def _twice(notebook: NotebookNode, folder: Path) -> None:
    at = notebook.cells.index(_cell(notebook, "task-double"))
    notebook.cells.insert(at, copy.deepcopy(notebook.cells[at]))


def _bare(notebook: NotebookNode, folder: Path) -> None:
    for cell in notebook.cells:
        cell.metadata = NotebookNode()


def _same_ids(notebook: NotebookNode, folder: Path) -> None:
    for cell in notebook.cells:
        cell.id = "same"


def _marks(key: str, **marks: object) -> object:
    def spoil(notebook: NotebookNode, folder: Path) -> None:
        _cell(notebook, key).metadata.nbgrader.update(marks)

    return spoil


def _without_id(notebook: NotebookNode, folder: Path) -> None:
    del _cell(notebook, "setup").metadata.nbgrader["grade_id"]


def _kernel(notebook: NotebookNode, folder: Path) -> None:
    notebook.metadata.kernelspec = {"name": "evil", "display_name": "x", "language": "bash"}


def _moved(notebook: NotebookNode, folder: Path) -> None:
    check = _cell(notebook, "check-double")
    notebook.cells.remove(check)
    notebook.cells.insert(0, check)


def _skipped(notebook: NotebookNode, folder: Path) -> None:
    for cell in notebook.cells:
        cell.metadata.tags = ["skip-execution", "nbgrader-skip", "raises-exception"]


def _renamed(notebook: NotebookNode, folder: Path) -> str:
    (folder / "01-tiny (1).ipynb").write_text(json.dumps(notebook))
    return ""


def _link(place: str) -> object:
    def spoil(notebook: NotebookNode, folder: Path) -> str:
        (folder / "01-tiny.ipynb").symlink_to(folder / place)
        return ""

    return spoil


def _pipe(notebook: NotebookNode, folder: Path) -> str:
    os.mkfifo(folder / "01-tiny.ipynb")
    return ""


def _beside(**files: str) -> object:
    def spoil(notebook: NotebookNode, folder: Path) -> None:
        for name, text in files.items():
            (folder / name.replace("_dot_", ".")).write_text(text)

    return spoil


def _links_beside(notebook: NotebookNode, folder: Path) -> None:
    (folder / "book.txt").symlink_to(folder.parents[2] / "gradebook.db")
    (folder / "all").symlink_to(folder.parents[2])
    os.mkfifo(folder / "pipe")


def _large(notebook: NotebookNode, folder: Path) -> None:
    notebook.cells[-1].source += "x" * (5 * 2**20)


SHADOWS = dict.fromkeys(
    ["numpy_dot_py", "autograder_dot_py", "ipykernel_launcher_dot_py", "sitecustomize_dot_py"],
    "1/0",
)

FILES = {
    "half a file": Hostile(spoil=_half, says="broken at byte", **LOST),
    "an empty file": Hostile(spoil=lambda n, f: b"\n", says="broken at byte", **LOST),
    "another JSON": Hostile(spoil=lambda n, f: '{"a": 1}', says="not a notebook", **LOST),
    "UTF-16": Hostile(spoil=lambda n, f: json.dumps(n).encode("utf-16"), says="converted"),
    "a newer format": Hostile(
        spoil=lambda n, f: '{"nbformat": 5, "cells": []}', says="newer Jupyter", **LOST
    ),
    "a bracket bomb": Hostile(spoil=lambda n, f: "[" * 200_000, says="too deeply", **LOST),
    "a number of a million digits": Hostile(
        spoil=lambda n, f: '{"nbformat": ' + "4" * 10**6 + "}", says="cannot be read", **LOST
    ),
    "a huge cell": Hostile(spoil=_large, says="more than 4 MB of text", **LOST),
    "cells with the same id": Hostile(spoil=_same_ids),
    "a cell copied": Hostile(spoil=_twice, says="there 2 times"),
    "another editor": Hostile(spoil=_bare, says="known by text"),
    "a locked cell without its name": Hostile(spoil=_without_id),
    "a check marked as solution": Hostile(
        spoil=_marks("check-double", solution=True, locked=False), says="changed"
    ),
    "a thousand points": Hostile(
        spoil=_marks("check-double", points=1000), right=False, mark=NOTHING, says="changed"
    ),
    "points that are no number": Hostile(spoil=_marks("check-rows", points="NaN"), says="changed"),
    "an unknown kernel": Hostile(spoil=_kernel),
    "another name": Hostile(spoil=_renamed, says="was taken for"),
    "a check above its task": Hostile(spoil=_moved, says="order"),
    "cells to be skipped": Hostile(spoil=_skipped, right=False, mark=NOTHING),
    "a broken time stamp": Hostile(
        spoil=_beside(timestamp_dot_txt="yesterday"), says="time stamp cannot be read"
    ),
    "somebody else's notebook": Hostile(
        spoil=_link("../../honest-1/01-tiny/01-tiny.ipynb"), says="it is a link", **LOST
    ),
    "the gradebook as a notebook": Hostile(
        spoil=_link("../../../gradebook.db"), says="it is a link", **LOST
    ),
    "a pipe": Hostile(spoil=_pipe, says="no regular file", **LOST),
    "links and pipes beside it": Hostile(spoil=_links_beside, says="was left out"),
    "files in the place of the kernel's": Hostile(spoil=_beside(**SHADOWS)),
    "a page with the notebook's name": Hostile(spoil=_beside(**{"01-tiny_dot_html": "<script>"})),
    "answers of its own making": Hostile(
        spoil=_beside(checks_dot_json='{"version": 1, "questions": {}}'), right=False, mark=NOTHING
    ),
    "a syntax error everywhere": Hostile(double="def double(x:\n", rows="def rows x", mark=NOTHING),
    "a line that is nested too deeply": Hostile(code="(" * 5000),
}
