"""A student's cells and the student edition, put together again: nothing of either is lost.

The lesson's own cells (given code, tasks, checks, written answers) are found by nbgrader's id, by
cell id, or by their text; their metadata and order come from the student edition, the text of
locked ones too. All other cells stay where the student put them: after the same lesson cell.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from nbformat import NotebookNode, v4

from autograder import cells as words


class UnreadableError(Exception):
    """A submission that cannot be graded; the message tells the student why."""


def restore(
    handed: Sequence[NotebookNode], told: dict[str, Any], edition: NotebookNode, lesson: str
) -> tuple[NotebookNode, list[str]]:
    """The notebook to run, and what was mended, as sentences.

    handed: the student's cells. told: their notebook's metadata. edition: the student edition.
    Raises UnreadableError when this is the notebook of another lesson.
    """
    own = {_key(cell): cell for cell in edition.cells if _key(cell)}
    repairs: list[str] = []
    keys = _recognised(handed, own, repairs)
    _refuse_other_lesson(keys, own, told, lesson)
    keys, left_out = _one_of_each(handed, keys, own, repairs)
    ordered = _in_order(handed, keys, left_out, own, repairs)
    notebook = v4.new_notebook(metadata=edition.metadata)
    known = {cell.id: cell for cell in edition.cells}
    for cell, key in ordered:
        notebook.cells += _mended(cell, own[key], repairs) if key else [_ordinary(cell, known)]
    if _give_ids(notebook):
        repairs.append("two cells had the same id; each was given its own")
    return notebook, repairs


def _key(cell: NotebookNode) -> str:
    marks = cell.metadata.get("nbgrader")
    key = marks.get("grade_id") if isinstance(marks, dict) else None
    return key if isinstance(key, str) else ""


def _title(key: str) -> str:
    """A lesson cell as a student knows it."""
    kind, _, name = key.partition("-")
    told = {"task": "the task", "check": "the check", "answer": "the answer"}
    return f"{told[kind]} {name}" if kind in told else "the set-up cell"


def _recognised(
    handed: Sequence[NotebookNode], own: dict[str, NotebookNode], repairs: list[str]
) -> list[str]:
    """For each cell the lesson cell that it is, or "". Several may be the same one."""
    keys = [_key(cell) if _key(cell) in own else "" for cell in handed]
    known = []
    for missing in [key for key in own if key not in keys]:
        like = next((i for i, c in enumerate(handed) if not keys[i] and _is(c, own[missing])), None)
        if like is not None:
            keys[like] = missing
            known.append(_title(missing))
    if known:
        repairs.append(
            f"marks were lost, perhaps in another editor; known by text: {', '.join(known)}"
        )
    return keys


def _is(cell: NotebookNode, own: NotebookNode) -> bool:
    """Whether a cell without a mark is this lesson cell, by its id or its text."""
    if cell.id == own.id or cell.source.strip() == own.source.strip():
        return True
    if words.word(own) == "task":
        return cell.cell_type == "code" and bool(_defined(cell.source) & _defined(own.source))
    if words.word(own) == "answer":
        return cell.source.strip().splitlines()[:1] == own.source.strip().splitlines()[:1]
    return False


def _defined(source: str) -> set[str]:
    """The functions and classes that a cell defines; the cell need not be valid Python."""
    return set(re.findall(r"^(?:async +)?(?:def|class) +(\w+)", source, re.MULTILINE))


def _refuse_other_lesson(
    keys: list[str], own: dict[str, NotebookNode], told: dict[str, Any], lesson: str
) -> None:
    checks = {key for key in own if words.word(own[key]) == "check"}
    name = told.get("lesson")
    if isinstance(name, str) and name != lesson and not checks <= set(keys):
        raise UnreadableError(f"this is the notebook of lesson {name[:60]}, not of {lesson}")
    if not any(key for key in keys if words.word(own.get(key, _NONE)) != "setup"):
        raise UnreadableError(f"this is not the notebook of {lesson}: none of its tasks is in it")


_NONE = v4.new_markdown_cell(metadata={"tags": ["setup"]})


def _one_of_each(
    handed: Sequence[NotebookNode],
    keys: list[str],
    own: dict[str, NotebookNode],
    repairs: list[str],
) -> tuple[list[str], set[int]]:
    """Of copied cells, one keeps the key: the first that was changed, or else the first.

    The other changed copies become ordinary cells, and unchanged ones are left out (by index).
    """
    keys, left_out = list(keys), set[int]()
    for key in [k for k in own if keys.count(k) > 1]:
        copies = [i for i, k in enumerate(keys) if k == key]
        same = {i: handed[i].source.strip() == own[key].source.strip() for i in copies}
        locked = own[key].metadata.nbgrader.locked
        kept = copies[0] if locked else next((i for i in copies if not same[i]), copies[0])
        for i in copies:
            if i != kept:
                keys[i] = ""
                left_out |= {i} if same[i] or words.word(own[key]) == "check" else set()
        repairs.append(
            f"{_title(key)} was there {len(copies)} times: the first copy that you changed is "
            "your answer; other changed copies run as ordinary cells"
        )
    return keys, left_out


def _in_order(
    handed: Sequence[NotebookNode],
    keys: list[str],
    left_out: set[int],
    own: dict[str, NotebookNode],
    repairs: list[str],
) -> list[tuple[NotebookNode, str]]:
    """Lesson cells in the lesson's order, each followed by the ordinary cells that followed it."""
    following: dict[str, list[tuple[NotebookNode, str]]] = {key: [] for key in ("", *own)}
    found: dict[str, NotebookNode] = {}
    last = ""
    for i, (cell, key) in enumerate(zip(handed, keys, strict=True)):
        if key:
            found[key], last = cell, key
        elif i not in left_out:
            following[last].append((cell, ""))
    if list(found) != [key for key in own if key in found]:
        repairs.append("the lesson's cells were in another order; the order was put back")
    ordered = following[""]
    for key in own:
        if key in found:
            ordered += [(found[key], key), *following[key]]
        elif words.word(own[key]) == "setup":
            ordered.insert(0, (own[key], key))
            repairs.append(f"{_title(key)} was missing; it was put back")
        elif not (_defined(own[key].source) and _bound(_defined(own[key].source), handed)):
            ordered.append((own[key], key))
            repairs.append(f"{_title(key)} was missing; it was put back")
    return ordered


def _bound(names: Iterable[str], handed: Sequence[NotebookNode]) -> bool:
    """Whether some code of the student's gives one of the names a value in another way."""
    name = rf"\b(?:{'|'.join(names)})\b"
    code = [cell.source for cell in handed if cell.cell_type == "code"]
    # two searches, since one for "import.*name" takes quadratic time on a long hostile line
    imported = (line.partition("import")[2] for source in code for line in source.split("\n"))
    return any(re.search(rf"{name} *=", source) for source in code) or any(
        re.search(name, rest) for rest in imported
    )


def _mended(cell: NotebookNode, own: NotebookNode, repairs: list[str]) -> list[NotebookNode]:
    """A lesson cell with the student's text, or its own if it is locked.

    Given code that was changed is followed by the student's version, so that no import is lost.
    """
    key, changed = _key(own), cell.source != own.source
    locked = own.metadata.nbgrader.locked
    if cell.cell_type != own.cell_type:
        repairs.append(f"{_title(key)} had become {cell.cell_type}; it was made {own.cell_type}")
    if _key(cell) and _flags(cell.metadata["nbgrader"]) != _flags(own.metadata.nbgrader):
        repairs.append(f"the points or marks of {_title(key)} were changed; they were put back")
    made = _new(own.cell_type, own.source if locked else cell.source, own.metadata, own.id)
    if "attachments" in cell and own.cell_type == "markdown":
        made.attachments = cell.attachments
    if not (locked and changed):
        return [made]
    repairs.append(f"the text of {_title(key)} was changed; it was put back")
    if words.word(own) == "setup" and cell.cell_type == "code":
        return [made, _new("code", cell.source, {}, "")]
    return [made]


def _flags(marks: dict[str, Any]) -> dict[str, Any]:
    return {k: marks.get(k) for k in ("grade", "solution", "locked", "points", "task")}


def _ordinary(cell: NotebookNode, known: dict[str, NotebookNode]) -> NotebookNode:
    """A cell that is not graded: no marks, and no tags but the lesson's own."""
    own = known.get(cell.id)
    metadata = own.metadata if own is not None and not _key(own) else {}
    made = _new(cell.cell_type, cell.source, metadata, cell.id)
    if "attachments" in cell:
        made.attachments = cell.attachments
    return made


def _new(kind: str, source: str, metadata: dict[str, Any], cell_id: str) -> NotebookNode:
    new = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
    made = new[kind](source, metadata=metadata)
    made.id = cell_id  # may be invalid or doubled until _give_ids has seen it
    return made


def _give_ids(notebook: NotebookNode) -> bool:
    """Make ids valid and unique, lesson cells first; True if two cells had the same."""
    seen = {cell.id for cell in notebook.cells if _key(cell)}
    doubled = False
    for number, cell in enumerate(notebook.cells):
        if _key(cell):
            continue
        valid = re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell.id)
        doubled |= bool(valid) and cell.id in seen
        while not valid or cell.id in seen:
            cell.id, valid = f"cell-{number}", re.match("", "")
            number += len(notebook.cells)
        seen.add(cell.id)
    return doubled
