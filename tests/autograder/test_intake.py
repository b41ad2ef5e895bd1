"""Whatever is handed in becomes a notebook that can be graded, or a reason why not."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode, v3, v4

from autograder import intake
from autograder.lesson import Lesson

from .conftest import cell, refuse

Write = Callable[..., Path]


def keys(notebook: NotebookNode) -> list[str]:
    """The nbgrader ids of a notebook, in order."""
    marks = [c.metadata.get("nbgrader", {}) for c in notebook.cells]
    return [m["grade_id"] for m in marks if m]


ALL = ["setup", "task-double", "check-double", "task-rows", "check-rows", "answer-W1"]


def test_a_good_notebook_comes_back_as_it_is(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    taken = intake.read(hand_in(solved), tiny)

    assert taken.repairs == []
    assert taken.unreadable is None
    assert taken.notebook.cells == solved.cells


def test_reading_what_was_mended_mends_nothing(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    del solved.cells[5]
    solved.cells.reverse()
    once = intake.read(hand_in(solved), tiny)

    twice = intake.read(hand_in(once.notebook), tiny)

    assert once.repairs
    assert twice.repairs == []
    assert twice.notebook == once.notebook


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_encoding_is_converted_and_told(
    tiny: Lesson, solved: NotebookNode, hand_in: Write, encoding: str
) -> None:
    cell(solved, "answer-W1").source += " – naïve ✓"

    taken = intake.read(hand_in(nbformat.writes(solved).encode(encoding)), tiny)

    assert "UTF-8; it was converted" in taken.repairs[0]
    assert taken.notebook.cells == solved.cells


def test_an_older_format_is_upgraded(tiny: Lesson, solved: NotebookNode, hand_in: Write) -> None:
    old = nbformat.convert(copy.deepcopy(solved), 3)

    taken = intake.read(hand_in(v3.writes_json(old)), tiny)

    assert taken.unreadable is None
    assert keys(taken.notebook) == ALL
    assert cell(taken.notebook, "task-double").source == cell(solved, "task-double").source


UNREADABLE = {
    "half a file": ('{"cells": [{"cell_type": "code", "sou', "broken at byte 33 of 37"),
    "nothing": ("", "broken at byte 0 of 0"),
    "not JSON": (b"\x89PNG\r\n\x1a\n\0\0", "broken at byte 0"),
    "another JSON": ('{"name": "a"}', "not a notebook"),
    "a list": ("[1, 2]", "not a notebook"),
    "no cells": ('{"nbformat": 4, "nbformat_minor": 5, "cells": 3}', "it has no cells"),
    "a newer format": ('{"nbformat": 5, "cells": []}', "newer Jupyter (format 5)"),
    "an old and broken one": ('{"nbformat": 3, "worksheets": 1}', "cannot be read"),
    "a bracket bomb": ("[" * 200_000, "nested too deeply"),
    "nested metadata": ('{"nbformat": 4, "m":' + '{"m":' * 5000 + "1" + "}" * 5001, "too deeply"),
    "odd quotes": ('"' + '\\"' * 300_000, "broken at byte 0"),
    "no cell of ours": (
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "1"}]}',
        "none of its tasks",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_has_a_reason_and_the_student_edition(
    tiny: Lesson, hand_in: Write, case: str
) -> None:
    content, reason = UNREADABLE[case]

    taken = intake.read(hand_in(content), tiny)

    assert reason in (taken.unreadable or "")
    assert taken.notebook == nbformat.read(tiny.notebook, as_version=4)


def test_a_file_that_is_too_large_is_not_read(
    tiny: Lesson, hand_in: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_BYTES", 1000)

    taken = intake.read(hand_in("x" * 1001), tiny)

    assert "clear its outputs" in (taken.unreadable or "")
    assert taken.digest == ""


def test_the_notebook_of_another_lesson_is_recognised(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    solved.metadata.lesson = "02-other"
    for old in solved.cells:
        if "nbgrader" in old.metadata and old.id != "setup":
            old.metadata.nbgrader.grade_id += "-x"
            old.source = old.id = f"x-{old.id}"

    taken = intake.read(hand_in(solved), tiny)

    assert taken.unreadable == "this is the notebook of lesson 02-other, not of 01-tiny"


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "missing"])
def test_only_a_regular_file_is_opened(tiny: Lesson, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "01-tiny.ipynb"
    {
        "link": lambda: path.symlink_to(tiny.notebook),
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "missing": lambda: None,
    }[kind]()

    assert "cannot be opened" in (intake.read(path, tiny).unreadable or "")


def test_a_deleted_check_is_put_back_after_its_task(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    pristine = copy.deepcopy(cell(solved, "check-double"))
    solved.cells.remove(cell(solved, "check-double"))

    taken = intake.read(hand_in(solved), tiny)

    assert keys(taken.notebook) == ALL
    assert cell(taken.notebook, "check-double") == pristine
    assert taken.repairs == ["the check double was missing; it was put back"]


def test_deleted_given_code_comes_first_again(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    solved.cells.remove(cell(solved, "setup"))

    taken = intake.read(hand_in(solved), tiny)

    assert keys(taken.notebook) == ALL


def test_a_deleted_task_is_not_put_back_over_the_students_own(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    solved.cells[3:4] = [v4.new_code_cell("double = lambda x: x + x")]

    taken = intake.read(hand_in(solved), tiny)

    assert "task-double" not in keys(taken.notebook)


def test_a_check_above_its_task_goes_below(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    own = v4.new_code_cell("print('mine')")
    solved.cells.insert(4, own)
    solved.cells.insert(1, solved.cells.pop(6))

    taken = intake.read(hand_in(solved), tiny)

    assert keys(taken.notebook) == ALL
    sources = [c.source for c in taken.notebook.cells]
    assert sources.index("print('mine')") == sources.index(cell(solved, "task-double").source) + 1
    assert "order" in taken.repairs[0]


def test_of_copies_the_first_that_was_changed_is_the_answer(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    blank = cell(nbformat.read(tiny.notebook, as_version=4), "task-double")
    right = cell(solved, "task-double")
    later = copy.deepcopy(right)
    later.source += "\n# another try"
    at = solved.cells.index(right)
    solved.cells[at : at + 1] = [blank, right, later, copy.deepcopy(blank)]

    taken = intake.read(hand_in(solved), tiny)

    assert keys(taken.notebook) == ALL
    assert cell(taken.notebook, "task-double").source == right.source
    sources = [c.source for c in taken.notebook.cells]
    assert sources.count(blank.source) == 0
    assert sources.index(later.source) == sources.index(right.source) + 1
    assert "there 4 times" in taken.repairs[0]
    ids = [c.id for c in taken.notebook.cells]
    assert len(set(ids)) == len(ids)


def test_marks_lost_in_another_editor_are_found_by_text(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    bare = v4.new_notebook(
        cells=[
            (v4.new_code_cell if c.cell_type == "code" else v4.new_markdown_cell)(c.source)
            for c in solved.cells
        ]
    )

    taken = intake.read(hand_in(bare), tiny)

    assert keys(taken.notebook) == ALL
    assert len(taken.repairs) == 1
    assert "known by text: the set-up cell, the task double" in taken.repairs[0]
    for key in ALL:
        assert cell(taken.notebook, key).metadata == cell(solved, key).metadata


SPOILED = {
    "points": ("check-double", {"points": 1000}),
    "points that are none": ("check-double", {"points": "NaN"}),
    "a check marked as solution": ("check-double", {"solution": True, "locked": False}),
    "a task marked as graded": ("task-double", {"grade": True, "points": 50}),
    "an answer that is not graded": ("answer-W1", {"grade": False}),
}


@pytest.mark.parametrize("case", SPOILED)
def test_points_and_flags_are_put_back(
    tiny: Lesson, solved: NotebookNode, hand_in: Write, case: str
) -> None:
    key, marks = SPOILED[case]
    right = copy.deepcopy(cell(solved, key))
    cell(solved, key).metadata.nbgrader.update(marks)

    taken = intake.read(hand_in(solved), tiny)

    assert cell(taken.notebook, key) == right
    assert "were changed" in taken.repairs[0]


def test_an_edited_check_is_put_back(tiny: Lesson, solved: NotebookNode, hand_in: Write) -> None:
    cell(solved, "check-double").source = "3.0"

    taken = intake.read(hand_in(solved), tiny)

    assert cell(taken.notebook, "check-double").source == 'check("double")'
    assert taken.repairs == ["the text of the check double was changed; it was put back"]


def test_imports_added_to_given_code_are_kept_below_it(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    cell(solved, "setup").source += "\nimport math"

    taken = intake.read(hand_in(solved), tiny)

    at = [c.id for c in taken.notebook.cells].index("setup")
    assert "math" not in taken.notebook.cells[at].source
    assert taken.notebook.cells[at + 1].source.endswith("import math")


def test_tags_that_skip_a_cell_are_dropped(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    for each in solved.cells:
        each.metadata.setdefault("tags", []).append("skip-execution")

    taken = intake.read(hand_in(solved), tiny)

    tags = {tag for c in taken.notebook.cells for tag in c.metadata.get("tags", [])}
    assert "skip-execution" not in tags


ODD_CELLS = [
    None,
    7,
    {},
    {"cell_type": "code"},
    {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "metadata": 3, "outputs": "x"},
    {"cell_type": "markdown", "source": "x", "attachments": {"a.png": 3}, "metadata": {}},
    {"cell_type": "code", "source": "", "metadata": {"nbgrader": {"locked": True}}},
    {"cell_type": "code", "source": "", "metadata": {"nbgrader": [1]}},
    {"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": ["x"]}}},
    {"cell_type": "code", "source": "1", "metadata": {"nbgrader": {"grade_id": "mine"}}},
    {"cell_type": "heading", "source": "1", "metadata": {}},
    {"cell_type": "code", "source": {"a": 1}, "metadata": {}},
]


def test_odd_cells_hurt_nobody_and_the_result_is_valid(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    data = json.loads(nbformat.writes(solved))
    data["cells"] += ODD_CELLS

    taken = intake.read(hand_in(json.dumps(data)), tiny)

    assert taken.unreadable is None
    assert keys(taken.notebook) == ALL
    nbformat.validate(taken.notebook)


def test_one_renamed_notebook_is_taken_and_told(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    folder = hand_in(solved, "01-tiny (1).ipynb").parent

    taken = intake.take(folder, tiny)

    assert taken.unreadable is None
    assert taken.repairs == [
        "the notebook is called 01-tiny (1).ipynb; it was taken for 01-tiny.ipynb"
    ]


def test_of_several_notebooks_the_exact_name_wins(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    hand_in("{", "01-tiny (1).ipynb")
    folder = hand_in(solved).parent

    assert intake.find(folder, tiny) == (folder / "01-tiny.ipynb", None)


def test_several_renamed_notebooks_are_not_guessed_at(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    hand_in(solved, "01-tiny (1).ipynb")
    folder = hand_in(solved, "01-tiny (2).ipynb").parent

    taken = intake.take(folder, tiny)

    assert taken.unreadable == "there are 2 notebooks and none is called 01-tiny.ipynb"


def test_no_notebook_and_no_folder_have_a_reason(tiny: Lesson, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("x")
    (tmp_path / "a link").symlink_to(tmp_path)

    assert "is missing" in (intake.take(tmp_path, tiny).unreadable or "")
    for name in ("a file", "a link", "not there"):
        assert "not a folder" in (intake.take(tmp_path / name, tiny).unreadable or "")


def test_files_come_along_but_no_links_and_no_notebooks(
    tiny: Lesson, solved: NotebookNode, hand_in: Write, tmp_path: Path
) -> None:
    folder = hand_in(solved).parent
    (folder / "data").mkdir()
    (folder / "data" / "a.csv").write_text("1,2")
    (folder / "timestamp.txt").write_text("now")
    secret = tmp_path / "gradebook.db"
    secret.write_text("secret")
    (folder / "b.txt").symlink_to(secret)
    (folder / "all").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")

    taken = intake.take(folder, tiny)

    assert taken.files == {"data/a.csv": b"1,2"}
    notes = [note for note in taken.repairs if note.startswith("the file")]
    assert [note.split()[2] for note in notes] == ["all", "b.txt", "pipe"]


def test_the_digest_is_of_all_that_was_handed_in(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    folder = hand_in(solved).parent
    first = intake.take(folder, tiny).digest
    (folder / "helper.py").write_text("a = 1")
    second = intake.take(folder, tiny).digest

    assert first != second
    assert second == intake.take(folder, tiny).digest


def test_a_file_name_that_is_no_text_is_taken_along(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    folder = hand_in(solved).parent
    (folder / os.fsdecode(b"bad\xff.txt")).write_bytes(b"x")
    (folder / os.fsdecode(b"bad\xfe.txt")).symlink_to("nowhere")

    taken = intake.take(folder, tiny)

    assert taken.unreadable is None
    assert taken.files == {"bad\udcff.txt": b"x"}
    assert taken.repairs == [
        "the file bad?.txt was left out: it is a link or no regular file",
    ]


def test_a_file_that_may_not_be_read_is_left_out(
    tiny: Lesson, solved: NotebookNode, hand_in: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hand_in(solved).parent
    (folder / "mine.txt").write_text("x")
    (folder / "closed.txt").write_text("x")
    refuse(monkeypatch, Path, "read_bytes", "closed.txt")

    taken = intake.take(folder, tiny)

    assert list(taken.files) == ["mine.txt"]
    assert taken.repairs == [
        "the file closed.txt was left out: it cannot be read (Permission denied)"
    ]


def test_a_folder_that_may_not_be_read_is_left_out_or_is_the_reason(
    tiny: Lesson, solved: NotebookNode, hand_in: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hand_in(solved).parent
    (folder / "closed").mkdir()

    with monkeypatch.context() as patch:
        refuse(patch, os, "scandir", "closed")
        inner = intake.take(folder, tiny)
    refuse(monkeypatch, Path, "iterdir", folder.name)
    outer = intake.take(folder, tiny)

    assert inner.repairs == [
        "the folder closed was left out: it cannot be read (Permission denied)"
    ]
    assert outer.unreadable == f"the folder {folder.name} cannot be read: Permission denied"


def test_taking_never_raises(
    tiny: Lesson, solved: NotebookNode, hand_in: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hand_in(solved).parent
    monkeypatch.setattr(intake, "files", lambda folder: 1 / 0)

    taken = intake.take(folder, tiny)

    assert "cannot be read: ZeroDivisionError" in (taken.unreadable or "")
    assert keys(taken.notebook) == ALL


def test_folders_in_the_place_of_the_graders_own_files_are_not_taken(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    folder = hand_in(solved).parent
    for name in ("timestamp.txt", "copy.ipynb"):
        (folder / name).mkdir()
        (folder / name / "x").write_text("x")

    assert intake.take(folder, tiny).files == {}


def test_a_long_hostile_line_does_not_stop_the_class(
    tiny: Lesson, solved: NotebookNode, hand_in: Write
) -> None:
    """As long as a notebook's text may be: work that grows with its square would take hours."""
    solved.cells.remove(cell(solved, "task-double"))
    solved.cells.append(v4.new_code_cell("import " * 580_000))

    taken = intake.read(hand_in(solved), tiny)

    assert "the task double was missing; it was put back" in taken.repairs
