"""A class is graded: everybody gets a row, a mark and a reason, and costs nobody else anything."""

import copy
import json
import os
import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import determine_grade

from autograder import grade as grader
from autograder import pool
from autograder.assess import Result
from autograder.grade import GradeError, grade
from autograder.lesson import Lesson

from .conftest import BOX, cell, refuse

Submit = Callable[..., Path]


class Inline(Executor):
    """Runs each task at once, in a thread of its own as the kernel's event loop wants it."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def submit(self, function: Callable, /, *args: object, **kwargs: object) -> Future:
        future: Future = Future()
        self.ran.append(args[0].student)  # type: ignore[attr-defined]
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def run(folder: Path, lesson: Lesson, *students: str, **settings: object) -> dict[str, Result]:
    """Grade here; the results by student."""
    settings.setdefault("executor", Inline())
    return {r.student: r for r in grade(folder, lesson, students, **settings)}  # type: ignore


def state(result: Result, question: str) -> str:
    """The state of one question's verdict."""
    return next(v["state"] for v in result.verdicts if v["question"] == question)


def with_code(notebook: NotebookNode, key: str, source: str) -> NotebookNode:
    """A copy of a notebook with other code in one cell."""
    changed = copy.deepcopy(notebook)
    cell(changed, key).source = source
    return changed


def test_right_wrong_and_untouched_get_what_they_deserve(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("right", solved)
    submit("wrong", tiny.fill(tiny.mistakes[0], tiny.mistakes[1]))
    submit("half", with_code(solved, "task-rows", "def rows(x):\n    return x.sum(axis=0)"))
    submit("untouched", nbformat.read(tiny.notebook, as_version=4))

    results = run(class_folder, tiny)

    assert {s: (r.state, r.mark, r.max) for s, r in results.items()} == {
        "right": ("graded", 5.0, 5.0),
        "wrong": ("graded", 0.0, 5.0),
        "half": ("graded", 2.0, 5.0),
        "untouched": ("graded", 0.0, 5.0),
    }
    assert state(results["untouched"], "double") == "not attempted"
    assert [v["mistake"] for v in results["wrong"].verdicts] == ["squares", "columns"]


def test_the_notebook_says_points_as_nbgrader_reads_them_and_the_hint_as_people_do(
    tiny: Lesson, class_folder: Path, submit: Submit
) -> None:
    submit("wrong", tiny.fill(tiny.mistakes[1]))

    notebook = nbformat.reads(run(class_folder, tiny)["wrong"].notebook, as_version=4)

    nbformat.validate(notebook)
    assert determine_grade(cell(notebook, "check-double")) == (2.0, 2.0)
    assert determine_grade(cell(notebook, "check-rows")) == (0.0, 3.0)
    assert (
        "which axis did you sum over?" in cell(notebook, "check-rows").outputs[0].data["text/html"]
    )


def test_a_hidden_probe_decides_and_its_answer_is_nowhere_in_the_notebook(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    learnt = "import numpy as np\ndef rows(x):\n    return np.array([3.0, 7.0])"
    submit("learnt", with_code(solved, "task-rows", learnt))

    result = run(class_folder, tiny)["learnt"]

    assert result.mark == 2.0
    assert "def many_rows" not in result.notebook
    assert "autograder.reply" not in result.notebook


TAMPERING = {
    "assertions do nothing": "import numpy.testing as t\nt.assert_allclose = lambda *a, **k: None",
    "all code becomes empty": "get_ipython().input_transformers_post.append(lambda l: ['pass'])",
    "equal to everything": (
        "class Yes(float):\n    __eq__ = lambda a, b: True\ndouble = lambda x: Yes(x * x)"
    ),
    "the judge says yes": (
        "import autograder.judge as j\nj.AnswerKey.judge = lambda *a: 1\n"
        "import autograder.answer as a\na.difference = lambda *a: None"
    ),
    "the probes answer themselves": (
        "import autograder.probe as p\np.ask = lambda *a: {'answer': 1, 'warnings': []}\n"
        "import autograder.kernel as k\nk.ask = lambda *a: {}"
    ),
    "points are printed": "print(5.0)\nfrom autograder.check import check\ncheck = lambda q: 5.0",
    "the shell runs nothing": "get_ipython().run_cell = lambda *a, **k: None",
    "the kernel says ok": "get_ipython().kernel.do_execute = lambda *a, **k: {'status': 'ok'}",
    "replies of any kind": (
        "import autograder.kernel as k\n"
        "k.ask = lambda *a: {'answer': {'dtype': 'f', 'shape': [10**9], 'values': 'x'}, "
        "'warnings': 3, 'changed': None, 'calls': 7}"
    ),
    "replies that cannot be compared": (
        "import autograder.kernel as k\n"
        "k.ask = lambda *a: {'answer': {'dtype': 'f', 'shape': [], 'values': 'x'}}"
    ),
    "replies without end": (
        "import autograder.kernel as k\nk.ask = lambda *a: {'answer': [[]] * 10**6}"
    ),
    "deep replies": (
        "import autograder.kernel as k\nx = []\nfor i in range(900): x = [x]\n"
        "k.ask = lambda *a: {'answer': {'items': x}, 'warnings': [], 'changed': [], 'calls': []}"
    ),
}


@pytest.mark.parametrize("case", TAMPERING)
def test_tampering_inside_the_kernel_raises_no_mark(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode, case: str
) -> None:
    wrong = with_code(solved, "task-double", "def double(x):\n    return x * x")
    wrong.cells.insert(4, nbformat.v4.new_code_cell(TAMPERING[case]))
    submit("ann", wrong)

    result = run(class_folder, tiny)["ann"]

    assert result.key, result.reason
    assert next(v["points"] for v in result.verdicts if v["question"] == "double") == 0.0


def test_half_a_character_in_code_output_and_answer_stops_nobody(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    half = "print('\\ud800', chr(0xd800), flush=True)\nraise ValueError(chr(0xdfff))"
    code = "# \ud800\ndef double(x):\n    raise ValueError(chr(0xd800))"
    ann = with_code(solved, "task-double", code)
    ann.cells.insert(4, nbformat.v4.new_code_cell(half))
    submit("ann", ann)
    submit("bob", solved)

    results = run(class_folder, tiny)

    assert {s: (r.state, r.mark) for s, r in results.items()} == {
        "ann": ("graded", 3.0),
        "bob": ("graded", 5.0),
    }


def test_a_forbidden_name_gets_no_points_and_is_named(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    code = "def double(x):\n    return np.multiply(x, 2)"
    submit("ann", with_code(solved, "task-double", code))

    result = run(class_folder, tiny)["ann"]

    assert (state(result, "double"), result.mark) == ("forbidden", 3.0)


def test_what_cannot_be_read_is_zero_with_the_reason_in_row_notebook_and_verdicts(
    tiny: Lesson, class_folder: Path, submit: Submit
) -> None:
    submit("broken", '{"nbformat": 4, "cells": [')

    result = run(class_folder, tiny)["broken"]

    assert (result.state, result.mark, result.max) == ("not gradable", 0.0, 5.0)
    assert "broken at byte" in (result.reason or "")
    assert "broken at byte" in result.notebook
    assert all("broken at byte" in v["note"] for v in result.verdicts)


def test_odd_folders_get_a_row_and_cost_nobody_anything(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("zoe", solved)
    root = class_folder / "submitted"
    (root / "empty").mkdir()
    (root / "no notebook" / tiny.name).mkdir(parents=True)
    (root / "a file").write_text("x")
    (root / "copycat").symlink_to(root / "zoe")
    (root / "linked").mkdir()
    (root / "linked" / tiny.name).symlink_to(root / "zoe" / tiny.name)
    (root / "tab\tname" / tiny.name).mkdir(parents=True)
    (root / "x" / "another lesson").mkdir(parents=True)
    (root / ("n" * 200) / tiny.name).mkdir(parents=True)

    results = run(class_folder, tiny)

    assert results.pop("zoe").mark == 5.0
    assert "x" not in results
    assert len(results) == 7
    assert {r.state for r in results.values()} == {"not gradable"}
    assert all(r.reason for r in results.values())
    with Gradebook(f"sqlite:///{class_folder / 'gradebook.db'}") as book:
        recorded = [s.student.id for s in book.assignment_submissions(tiny.name)]
    assert recorded == ["zoe"]  # nothing was handed in, so nothing is in the gradebook


def test_a_crash_keeps_the_points_before_and_after_it(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    crash = nbformat.v4.new_code_cell("import os\nos._exit(0)")
    solved.cells.insert(6, crash)
    submit("ann", solved)

    result = run(class_folder, tiny)["ann"]

    assert (result.state, result.mark) == ("graded", 5.0)
    assert result.events == ["cell 5 ended Python: the process exited"]


def test_an_endless_answer_costs_its_own_points_only(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    endless = "def double(x):\n    while x.ndim:\n        pass\n    return x + x"
    submit("ann", with_code(solved, "task-double", endless.replace("x.ndim", "np.ndim(x)")))

    result = run(class_folder, tiny)["ann"]

    assert (result.state, result.mark) == ("partly", 3.0)
    assert "took longer than 6 s" in (result.reason or "")


def test_a_stored_result_is_used_again_until_something_that_matters_changes(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("ann", solved)
    submit("bob", solved)
    first = run(class_folder, tiny)

    again = Inline()
    assert run(class_folder, tiny, executor=again) == first
    assert again.ran == []

    submit("bob", with_code(solved, "task-double", "1"))
    again = Inline()
    assert run(class_folder, tiny, executor=again)["bob"].mark == 3.0
    assert again.ran == ["bob"]

    again = Inline()
    run(class_folder, tiny, "ann", executor=again, regrade=True)
    assert again.ran == ["ann"]


def test_the_same_submission_gets_the_same_result(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    solved.cells.append(nbformat.v4.new_code_cell("print({'a', 'b', 'c'}, hash('x'))"))
    submit("ann", solved)

    first = run(class_folder, tiny)["ann"]
    second = run(class_folder, tiny, regrade=True)["ann"]

    assert first.notebook == second.notebook
    assert first.verdicts == second.verdicts


def test_a_failing_grader_gives_no_mark_and_tries_again(
    tiny: Lesson,
    class_folder: Path,
    submit: Submit,
    solved: NotebookNode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(task: object) -> Result:
        raise RuntimeError("no kernel today")

    submit("ann", solved)
    with monkeypatch.context() as patch:
        patch.setattr(pool, "assess", fails)
        failed = run(class_folder, tiny)["ann"]

    assert failed.state == "not gradable"
    assert "no kernel today" in (failed.reason or "")
    assert not (class_folder / "autograded").exists()
    assert run(class_folder, tiny)["ann"].mark == 5.0


def test_results_are_files_that_other_programs_can_read(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("ann", solved)
    result = run(class_folder, tiny)["ann"]

    text = (class_folder / "results" / tiny.name / "ann.json").read_text()

    assert json.loads(text)["mark"] == 5.0
    assert Result.from_json(json.loads(text)) == result
    assert grader.stored(class_folder, tiny.name, "ann") == result


def test_two_graders_of_one_lesson_do_not_meet(tiny: Lesson, class_folder: Path) -> None:
    with grader._alone(class_folder, tiny), pytest.raises(GradeError, match="already"):
        run(class_folder, tiny)


@pytest.mark.slow  # 6 seconds: processes that import everything anew
def test_a_pool_of_processes_gives_the_same_results(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("ann", solved)
    submit("bob", tiny.fill(tiny.mistakes[0]))
    here = run(class_folder, tiny)
    seen = []

    there = run(
        class_folder,
        tiny,
        executor=None,
        jobs=2,
        regrade=True,
        progress=lambda result, done, total: seen.append((done, total)),
    )

    assert {s: r.verdicts for s, r in here.items()} == {s: r.verdicts for s, r in there.items()}
    assert seen == [(1, 2), (2, 2)]


def test_progress_counts_the_rows_without_a_submission_too(
    tiny: Lesson, class_folder: Path
) -> None:
    for name in ("ann", "bob"):
        (class_folder / "submitted" / name / tiny.name).mkdir(parents=True)
    seen = []

    run(class_folder, tiny, progress=lambda result, done, total: seen.append((done, total)))

    assert seen == [(1, 2), (2, 2)]


def test_a_folder_that_may_not_be_read_is_a_row_with_a_reason(
    tiny: Lesson,
    class_folder: Path,
    submit: Submit,
    solved: NotebookNode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit("ann", solved)
    submit("bob", solved)
    refuse(monkeypatch, Path, "iterdir", "bob")

    results = run(class_folder, tiny)

    assert results["ann"].mark == 5.0
    assert results["bob"].reason == "submitted/bob cannot be read: Permission denied"


@pytest.mark.parametrize("name", ["checks.json/x", "data/deep", "data/deep/table.csv/x"])
def test_the_lessons_own_files_win_over_whatever_stands_in_their_way(name: str) -> None:
    ours = {"checks.json": b"ours", "data/deep/table.csv": b"ours"}
    theirs = {name: b"theirs", "data/mine.csv": b"theirs"}

    assert grader._together(theirs, ours) == {**ours, "data/mine.csv": b"theirs"}


def test_code_that_cannot_be_looked_through_costs_its_question_only(
    tiny: Lesson,
    class_folder: Path,
    submit: Submit,
    solved: NotebookNode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find(code: list[str], forbidden: tuple[str, ...], needs: object) -> None:
        if forbidden:
            raise RecursionError("maximum recursion depth exceeded")

    monkeypatch.setattr("autograder.forbid.find", find)
    submit("ann", solved)

    result = run(class_folder, tiny)["ann"]

    assert result.mark == 3.0
    assert "could not be looked through (RecursionError)" in result.verdicts[0]["note"]


def test_the_graders_own_failure_is_kept_for_the_report(
    tiny: Lesson,
    class_folder: Path,
    submit: Submit,
    solved: NotebookNode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(task: object) -> Result:
        raise RuntimeError("no kernel today \udcff")

    submit("ann", solved)
    monkeypatch.setattr(pool, "assess", fails)

    failed = run(class_folder, tiny)["ann"]

    assert failed.reason == "the grader failed, grade again: RuntimeError no kernel today ?"
    assert grader.stored(class_folder, tiny.name, "ann") == failed


@pytest.mark.slow  # 15 seconds: processes that import everything anew
def test_code_that_kills_the_graders_process_costs_nobody_else_anything(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    killer = copy.deepcopy(solved)
    kill = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"
    killer.cells.insert(4, nbformat.v4.new_code_cell(kill))
    submit("ann", solved)
    submit("killer", killer)
    submit("zoe", solved)

    results = run(class_folder, tiny, executor=None, jobs=2, boxed=False)

    assert {s: (r.state, r.mark, r.max) for s, r in results.items()} == {
        "ann": ("graded", 5.0, 5.0),
        "killer": ("not gradable", 0.0, 5.0),
        "zoe": ("graded", 5.0, 5.0),
    }
    assert results["killer"].reason == "your code ended the grader's process"
    with Gradebook(f"sqlite:///{class_folder / 'gradebook.db'}") as book:
        recorded = {s.student.id: s.score for s in book.assignment_submissions(tiny.name)}
    assert recorded == {"ann": 5.0, "killer": 0.0, "zoe": 5.0}


def test_only_what_came_since_a_moment_is_graded(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("new", solved)
    for name in ("old", "stamped"):
        place = submit(name, solved)
        if name == "stamped":
            place.with_name("timestamp.txt").write_text("2020-01-01 00:00:00.000000 UTC")
        else:
            os.utime(place, (0, 0))
            os.utime(place.parent, (0, 0))

    results = run(class_folder, tiny, since=datetime(2024, 1, 1))

    assert set(results) == {"new"}


def test_stopped_by_ctrl_c_it_keeps_what_is_done_and_goes_on_from_there(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    for name in ("ann", "bob"):
        submit(name, solved)

    def stop(result: Result, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(class_folder, tiny, progress=stop)
    again = Inline()
    results = run(class_folder, tiny, executor=again)

    assert len(again.ran) == 1
    assert {r.mark for r in results.values()} == {5.0}


def test_in_any_order_everybody_gets_the_same(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    for number in range(3):
        submit(f"right-{number}", solved)
        submit(f"wrong-{number}", tiny.fill(tiny.mistakes[number % 2]))
    first = run(class_folder, tiny)
    chance = random.Random(0)

    for _ in range(3):
        order = chance.sample(sorted(first), len(first))
        again = run(class_folder, tiny, *order, regrade=True)
        assert {s: (r.mark, r.verdicts, r.notebook) for s, r in again.items()} == {
            s: (r.mark, r.verdicts, r.notebook) for s, r in first.items()
        }


@pytest.mark.skipif(not BOX, reason="here no box can be built anyway")
def test_without_a_box_nothing_is_run_and_the_ways_out_are_told(
    tiny: Lesson,
    class_folder: Path,
    submit: Submit,
    solved: NotebookNode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit("ann", solved)
    monkeypatch.setenv("PATH", "/nowhere")

    told = "^grade: no box for submissions here: bubblewrap is not installed; .*--without-box"
    with pytest.raises(GradeError, match=told):
        run(class_folder, tiny, executor=None)

    assert not (class_folder / "autograded").exists()


def test_who_is_at_work_is_told(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("ann", solved)
    seen: list[list[str]] = []

    run(class_folder, tiny, running=lambda students: seen.append(list(students)))

    assert seen[0] == ["ann"]
