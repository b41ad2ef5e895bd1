"""The softmax lesson as a student meets it: real JupyterLab, real Chromium, real kernel."""

import shutil

import pytest

from autograder.lesson import load_course

pytestmark = pytest.mark.browser


@pytest.fixture
def work(tmp_path):
    """A student's folder: the notebook and its checks.json, nothing else."""
    lesson = load_course().lesson("04-softmax")
    for path in (lesson.notebook, lesson.folder / "checks.json"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture
def opened(lab, work):
    """The student edition, run from top to bottom."""
    page = lab(work)("04-softmax.ipynb", width=1280, height=1100)
    page.run_all()
    return page


def index_of(page, text):
    """The index among code cells of the one that holds this text."""
    found = [i for i, code in enumerate(page.cells().all_inner_texts()) if text in code]
    assert found, f"no code cell holds {text!r}"
    return found[0]


def test_untouched_it_runs_to_the_end_without_a_traceback(opened):
    outputs = opened.page.locator(".jp-Notebook")

    assert outputs.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    assert outputs.get_by_text("not attempted yet").count() >= 1
    assert opened.problems == []


def test_a_student_moves_the_widget_fails_a_check_reads_the_hint_and_mends_it(opened, tmp_path):
    solution = {c.id: c.source for c in load_course().lesson("04-softmax").source.cells}
    naive = (
        "def softmax(z, axis=-1):\n"
        "    powers = np.exp(z)\n"
        "    return powers / powers.sum(axis=axis, keepdims=True)"
    )
    task, check = index_of(opened, "def softmax(z"), index_of(opened, 'check("softmax")')

    slider = opened.page.locator(".softmax-lab input[type=range]").first
    slider.focus()
    before = slider.input_value()
    slider.press("ArrowRight")
    opened.run_cell(task, naive)
    said_of_naive = opened.run_cell(check)
    opened.page.screenshot(path=tmp_path / "check-fails.png")
    opened.run_cell(task, solution["task-softmax"])
    said_of_right = opened.run_cell(check)
    opened.page.screenshot(path=tmp_path / "check-passes.png")

    assert slider.input_value() != before
    assert "Hint:" in said_of_naive and "✗" in said_of_naive
    assert "right, all" in said_of_right
    assert opened.problems == []
