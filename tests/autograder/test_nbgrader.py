"""Stock nbgrader and ours: each seam holds, and both ways of grading fill the same gradebook."""

import copy
import json
import logging
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.validator import Validator
from traitlets.config import Config

from autograder import nbgrader_config, nbgrader_steps
from autograder.grade import grade
from autograder.lesson import Course, Lesson
from autograder.record import read_config

from .conftest import cell
from .test_grade import Inline, with_code

Submit = Callable[..., Path]

pytestmark = [
    # nbgrader's and nbconvert's own, which a user of ours is not shown
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning"),
    pytest.mark.filterwarnings("ignore:.*datetime.*utcnow:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def configured(tiny_course: Course, class_folder: Path) -> Path:
    """A course folder with our nbgrader_config.py."""
    nbgrader_config.write(class_folder, tiny_course.folder)
    return class_folder


def api(folder: Path, config: Config | None = None) -> NbGraderAPI:
    """nbgrader at work in a folder, with its nbgrader_config.py unless another is given."""
    config = read_config(folder) if config is None else config
    config.CourseDirectory.root = str(folder)
    directory = CourseDirectory(config=config)
    directory.log.setLevel(logging.ERROR)
    return NbGraderAPI(directory, config=config)


def autograde(folder: Path, config: Config | None = None) -> dict[str, Any]:
    """`nbgrader autograde` for everybody; what it says."""
    return api(folder, config).autograde("01-tiny", "*", force=True)


def dump(folder: Path) -> dict[str, list[Any]]:
    """All that a gradebook says of submissions, without its random ids."""
    book = Gradebook(f"sqlite:///{folder}/gradebook.db")
    try:
        return {
            submission.student.id: [
                str(submission.timestamp),
                [[n.name, n.late_submission_penalty, n.score] for n in submission.notebooks],
                sorted(
                    [g.name, g.auto_score, g.manual_score, g.needs_manual_grade, g.max_score]
                    for n in submission.notebooks
                    for g in n.grades
                ),
                sorted(
                    [c.name, c.auto_comment, c.manual_comment]
                    for n in submission.notebooks
                    for c in n.comments
                ),
            ]
            for submission in book.assignment_submissions("01-tiny")
        }
    finally:
        book.close()


def hand_in_a_class(tiny: Lesson, solved: NotebookNode, submit: Submit) -> None:
    """One of each: what students hand in, and what goes wrong."""
    text = json.dumps(solved)
    submit("right", solved)
    submit("wrong", tiny.fill(*tiny.mistakes))
    submit("untouched", nbformat.read(tiny.notebook, as_version=4))
    submit("truncated", text[: len(text) // 2])
    submit("utf16", text.encode("utf-16"))
    crashed = copy.deepcopy(solved)
    crashed.cells.insert(7, nbformat.v4.new_code_cell("import os; os._exit(1)"))
    submit("crashed", crashed)
    copied = copy.deepcopy(solved)
    copied.cells.insert(4, copy.deepcopy(cell(solved, "task-double")))
    submit("copied", copied)
    deleted = copy.deepcopy(solved)
    deleted.cells.remove(cell(deleted, "check-rows"))
    submit("deleted", deleted)
    other = copy.deepcopy(solved)
    other.metadata.lesson = "02-other"
    other.cells = [c for c in other.cells if "check" not in c.id]
    submit("other lesson", other)
    late = submit("late", solved)
    late.with_name("timestamp.txt").write_text("2030-02-01 00:00:00 UTC")
    submit("stderr", with_code(solved, "task-double", STDERR))


STDERR = """
import sys, threading, time
def double(x):
    print("noise", file=sys.stderr)
    return x + x
"""


def test_nbgraders_command_and_ours_fill_the_same_gradebook(
    tiny: Lesson, configured: Path, submit: Submit, solved: NotebookNode, tmp_path: Path
) -> None:
    with (configured / "nbgrader_config.py").open("a") as config:
        config.write("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    book = Gradebook(f"sqlite:///{configured}/gradebook.db")
    book.update_or_create_assignment(tiny.name, duedate="2030-01-01 00:00:00 UTC")
    book.close()
    hand_in_a_class(tiny, solved, submit)
    theirs = shutil.copytree(configured, tmp_path / "theirs")

    rows = grade(configured, tiny, executor=Inline())
    said = autograde(theirs)

    assert said["success"], said
    ours = dump(configured)
    assert ours == dump(theirs)
    assert set(ours) == {row.student for row in rows}
    points = {s: sum(g[1] or 0 for g in grades) for s, (_, _, grades, _) in ours.items()}
    assert points == {
        "right": 5.0,
        "wrong": 0.0,
        "untouched": 0.0,
        "truncated": 0.0,
        "utf16": 5.0,
        "crashed": 5.0,
        "copied": 5.0,
        "deleted": 5.0,
        "other lesson": 0.0,
        "late": 5.0,
        "stderr": 5.0,
    }
    assert ours["late"][1] == [["01-tiny", 5.0, 5.0]]
    assert ["check-double", 2.0, None, False, 2.0] in ours["right"][2]
    assert ["answer-W1", None, None, True, 2.0] in ours["right"][2]
    assert ["answer-W1", 0.0, None, False, 2.0] in ours["truncated"][2]
    assert ["task-double", "No response.", None] in ours["untouched"][3]


def test_stock_nbgrader_gives_all_points_where_every_visible_check_passes(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("right", solved)
    submit("wrong", tiny.fill(*tiny.mistakes))
    for student in ("right", "wrong"):
        path = class_folder / "submitted" / student / tiny.name
        shutil.copy(tiny.folder / "checks.json", path)

    said = autograde(class_folder, Config())

    assert said["success"], said
    points = {name: question.points for name, question in tiny.key().questions.items()}
    grades = {s: {g[0]: g[1] for g in rows[2]} for s, rows in dump(class_folder).items()}
    assert {q: grades["right"][f"check-{q}"] for q in points} == points
    assert {grades["wrong"][f"check-{q}"] for q in points} == {0.0}


def test_nbgraders_validate_is_content_with_a_right_notebook_and_names_what_is_wrong(
    tiny: Lesson, class_folder: Path, submit: Submit, solved: NotebookNode
) -> None:
    right = submit("right", solved)
    wrong = submit("wrong", tiny.fill(tiny.mistakes[1]))
    for path in (right, wrong):
        shutil.copy(tiny.folder / "checks.json", path.parent)

    said = [Validator().validate(str(path)) for path in (right, wrong)]

    assert "failed" not in said[0]
    failed = [cell["source"] for cell in said[1]["failed"]]
    assert ['check("rows")' in source for source in failed] == [True, False]
    assert "Why does doubling" in failed[1]  # the written answer, untouched


def test_nbgraders_feedback_shows_each_sentence_and_hint(
    tiny: Lesson, configured: Path, submit: Submit
) -> None:
    submit("wrong", tiny.fill(tiny.mistakes[1]))
    grade(configured, tiny, executor=Inline())

    said = api(configured).generate_feedback(tiny.name)

    assert said["success"], said
    page = (configured / "feedback" / "wrong" / tiny.name / f"{tiny.name}.html").read_text()
    assert "which axis did you sum over?" in page
    for probe in tiny.probes:
        assert probe.title in page


ACTING = """
from IPython.display import HTML, Javascript, display
display(HTML("<b>kept</b><script>evil()</script><img src=x onerror='evil()'>"))
display(HTML("<iframe src='javascript:evil()'></iframe>"))
display(HTML("<svg onload='evil()'><path d='M0 0'/></svg>"))
display(Javascript("evil()"))
"""


def acting(page: str) -> list[str]:
    """What of ours would run in a browser: scripts, frames, handlers, links to code."""
    found = re.findall(r"<script>evil|<iframe", page)
    parser = HTMLParser()
    parser.handle_starttag = (
        lambda tag, attrs: found.extend(  # type: ignore[method-assign]
            f"{tag} {name}" for name, value in attrs if name[:2] == "on" or "evil" in (value or "")
        )
    )
    parser.feed(page)
    return found


def test_nothing_of_a_student_acts_in_the_feedback(
    tiny: Lesson, configured: Path, submit: Submit, solved: NotebookNode
) -> None:
    solved.cells.insert(7, nbformat.v4.new_code_cell(ACTING))
    cell(solved, "answer-W1").source = "<script>evil()</script>\n\n[x](javascript:evil()) **shown**"
    submit("ann", solved)
    grade(configured, tiny, executor=Inline())

    assert api(configured).generate_feedback(tiny.name)["success"]

    page = (configured / "feedback" / "ann" / tiny.name / f"{tiny.name}.html").read_text()
    assert acting(page) == []
    for kept in ("<b>kept</b>", "<strong>shown</strong>", '<path d="M0 0">', 'role="status"'):
        assert kept in page


def test_the_formgraders_button_uses_the_stored_result(
    tiny: Lesson,
    configured: Path,
    submit: Submit,
    solved: NotebookNode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit("right", solved)
    grade(configured, tiny, executor=Inline())
    before = dump(configured)

    def fails(task: object) -> None:
        raise AssertionError("executed again")

    monkeypatch.setattr(nbgrader_steps, "assess", fails)
    said = autograde(configured)

    assert said["success"], said
    assert dump(configured) == before


def test_an_assignment_that_is_not_ours_is_graded_by_nbgrader_itself(
    configured: Path, tiny: Lesson, solved: NotebookNode
) -> None:
    source = copy.deepcopy(solved)
    cell(source, "check-double").source = "assert double(2) == 4"
    for folder in ("source/essay", "submitted/ann/essay"):
        (configured / folder).mkdir(parents=True)
        nbformat.write(source, configured / folder / "essay.ipynb")
        shutil.copy(tiny.folder / "checks.json", configured / folder)
    ours = api(configured)
    assert ours.generate_assignment("essay")["success"]
    nbformat.write(source, configured / "submitted/ann/essay/essay.ipynb")

    said = ours.autograde("essay", "ann")

    assert said["success"], said
    with closing(sqlite3.connect(configured / "gradebook.db")) as book:
        scores = [row[0] for row in book.execute("select auto_score from grade")]
    assert 2.0 in scores


def test_files_that_links_point_to_are_not_kept(
    tiny: Lesson, configured: Path, submit: Submit, solved: NotebookNode
) -> None:
    path = submit("thief", solved)
    path.with_name("loot.db").symlink_to(configured / "gradebook.db")

    assert autograde(configured)["success"]

    assert not (configured / "autograded" / "thief" / tiny.name / "loot.db").exists()


def test_a_broken_time_stamp_and_another_name_do_not_stop_nbgrader(
    tiny: Lesson, configured: Path, submit: Submit, solved: NotebookNode
) -> None:
    submit("stamp", solved).with_name("timestamp.txt").write_text("yesterday, about noon")
    submit("name", solved, "01-tiny (1).ipynb")

    said = autograde(configured)

    assert said["success"], said
    assert {s: rows[1][0][2] for s, rows in dump(configured).items()} == {"stamp": 5.0, "name": 5.0}


class TestSeams:
    """What we count on in nbgrader 0.9; a new version that moves one is seen here first."""

    def test_autograde_takes_an_exporter_class(self) -> None:
        config = Config()
        config.Autograde.exporter_class = nbgrader_steps.TolerantExporter

        converter = Autograde(coursedir=CourseDirectory(), config=config)

        assert converter.exporter_class is nbgrader_steps.TolerantExporter
        assert issubclass(nbgrader_steps.TolerantExporter, NotebookExporter)

    @pytest.mark.parametrize("trait", ["sanitize_preprocessors", "autograde_preprocessors"])
    def test_autograde_takes_lists_of_steps(self, trait: str) -> None:
        assert Autograde.class_traits(config=True)[trait]

    def test_our_steps_stand_where_nbgraders_stood(self) -> None:
        config = Config()
        nbgrader_config.configure(config)
        stock = Autograde(coursedir=CourseDirectory())

        ours = config.Autograde.sanitize_preprocessors
        assert ours == [nbgrader_steps.Intake, *stock.sanitize_preprocessors]
        names = [step.__name__ for step in stock.autograde_preprocessors]
        names[names.index("Execute")] = "Assess"
        names.remove("ClearMetadataPreprocessor")  # switched off in nbgrader anyway
        assert [step.__name__ for step in config.Autograde.autograde_preprocessors] == names

    def test_the_hook_before_a_submission_may_change_the_list_of_notebooks(self) -> None:
        seen = []

        def hook(assignment: str, student: str, notebooks: list[str]) -> None:
            seen.append((assignment, student))
            notebooks[:] = ["changed"]

        converter = Autograde(coursedir=CourseDirectory(assignment_id="a", student_id="s"))
        converter.pre_convert_hook = hook
        converter.notebooks = ["first"]
        converter.run_pre_convert_hook()

        assert seen == [("a", "s")]
        assert converter.notebooks == ["changed"]

    def test_any_file_becomes_a_notebook(self, tmp_path: Path) -> None:
        path = tmp_path / "x.ipynb"
        for content in (b"", b"{", b"\xff\xfe{", b"[" * 100_000, b'{"nbformat": 9}'):
            path.write_bytes(content)
            output, _ = nbgrader_steps.TolerantExporter().from_filename(str(path))
            assert nbgrader_steps.BROKEN in json.loads(output)["metadata"]
