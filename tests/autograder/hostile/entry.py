"""What a bad submission is: a change to the right or the wrong notebook, and its outcome."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

ALL, ROWS, DOUBLE, NOTHING = 5.0, 3.0, 2.0, 0.0
"""Marks of the tiny lesson: everything, what its two questions give, and nothing."""

Spoil = Callable[[NotebookNode, Path], str | bytes | None]
"""Changes the notebook, or the folder of the submission; gives the file's content if it is odd."""


@dataclass(frozen=True)
class Hostile:
    """A bad submission and the outcome that it must have.

    code: a cell of the student's, before the first check. last: one after all checks. double, rows:
    the task's code instead of the right one. spoil: what is done to the file. right: whether the
    tasks are solved. mark: what it has earned. says: words in its reason, events, repairs or notes.
    shows: words among the cell's outputs. state: graded, partly or not gradable.
    """

    code: str = ""
    last: str = ""
    double: str = ""
    rows: str = ""
    spoil: Spoil | None = None
    right: bool = True
    mark: float = ALL
    says: str = ""
    shows: str = ""
    state: str = "graded"

    def write(self, notebook: NotebookNode, folder: Path, name: str) -> None:
        """Hand it in: made from a notebook of one's own, into an empty folder."""
        tasks = {"double": self.double, "rows": self.rows}
        for cell in notebook.cells:
            key = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if source := tasks.get(key.removeprefix("task-")):
                cell.source = source
        if self.code:
            notebook.cells.insert(4, new_code_cell(self.code))
        if self.last:
            notebook.cells.append(new_code_cell(self.last))
        content = self.spoil(notebook, folder) if self.spoil else None
        content = json.dumps(notebook) if content is None else content
        if content:
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name).write_bytes(data)
