"""Lesson text to notebook cells: header words, and what nbgrader calls them.

`# %% task="softmax"` is a student's code cell, `check="softmax" points=3` a graded one,
`[markdown] answer="W1" points=2` a written question, `setup` given code that cannot be changed,
`play` a widget. Cells without a word are prose, or code that a student may change.
"""

import hashlib
from typing import Any

import jupytext
from nbformat import NotebookNode, v4

WORDS = ("task", "check", "answer", "setup", "play")


class LessonError(ValueError):
    """A lesson's own files are wrong: which file, which cell, what to write instead."""


def read(text: str, lesson: str) -> NotebookNode:
    """A lesson's percent text as its source edition: a notebook with solutions and metadata.

    The same text always gives the same notebook, cell ids included.
    Raises LessonError for a check without points, an unknown word or a doubled name.
    """
    parsed = jupytext.reads(text, fmt="py:percent")
    notebook = v4.new_notebook(metadata=_metadata(lesson))
    for number, cell in enumerate(parsed.cells, start=1):
        notebook.cells.append(_cell(cell, f"{lesson}/lesson.py, cell {number}"))
    _give_ids(notebook, lesson)
    return notebook


def word(cell: NotebookNode) -> str | None:
    """The header word of a cell of the source or student edition, or None."""
    return next((w for w in cell.metadata.get("tags", []) if w in WORDS), None)


def name(cell: NotebookNode) -> str | None:
    """The name of a task, check or answer: `softmax` of `check-softmax`."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return grade_id.partition("-")[2] or None


def _metadata(lesson: str) -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "lesson": lesson,
    }


def _cell(cell: NotebookNode, where: str) -> NotebookNode:
    header = {key: cell.metadata[key] for key in cell.metadata if not key.startswith("lines_to")}
    words = [w for w in WORDS if w in header] + [w for w in WORDS if header.get("title") == w]
    unknown = header.keys() - {*WORDS, "points", "title"}
    if unknown or len(words) > 1 or ("title" in header and not words):
        raise LessonError(
            f"{where}: one word of {', '.join(WORDS)} is known, got {header}; mend the header"
        )
    new = v4.new_markdown_cell if cell.cell_type == "markdown" else v4.new_code_cell
    made = new(cell.source)
    if words:
        made.metadata = _marked(words[0], header, where)
    return made


def _marked(kind: str, header: dict[str, Any], where: str) -> NotebookNode:
    """The tag and, for what nbgrader handles, its metadata: all seven keys of schema 3."""
    metadata = NotebookNode(tags=[kind])
    if kind == "play":
        return metadata
    graded = kind in ("check", "answer")
    if graded != ("points" in header):
        raise LessonError(f"{where}: points belong to check and answer, and to those only")
    metadata.nbgrader = NotebookNode(
        grade=graded,
        grade_id=kind if kind == "setup" else f"{kind}-{header[kind]}",
        locked=kind in ("check", "setup"),
        schema_version=3,
        solution=kind in ("task", "answer"),
        task=False,
    )
    if graded:
        metadata.nbgrader.points = float(header["points"])
    return metadata


def _give_ids(notebook: NotebookNode, lesson: str) -> None:
    """Ids of our own: nbgrader's where there is one, else the text's hash."""
    seen: set[str] = set()
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in seen:
            raise LessonError(f"{lesson}/lesson.py: two cells are called {grade_id}; rename one")
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        cell.id = grade_id or digest
        while cell.id in seen:
            cell.id += "x"
        seen.add(cell.id)
