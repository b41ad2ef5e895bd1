"""JupyterLab as a student meets it: no news popup, the system's theme, no grading tools."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import autograder

pytestmark = pytest.mark.browser

SETTINGS = Path(autograder.__file__).parent / "jupyter"
VALIDATE = "[title='Validate Assignment']"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """The address of a notebook in a JupyterLab of a new user, with the course's settings."""
    home = tmp_path_factory.mktemp("home")
    nbformat.write(nbformat.v4.new_notebook(metadata=KERNEL), home / "lesson.ipynb")
    own = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--allow-root", "--no-browser", "--port=0"],
        env=os.environ | own | {"HOME": str(home), "JUPYTER_CONFIG_PATH": str(SETTINGS)},
        cwd=home,
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            said = next(line for line in server.stderr if "http://127.0.0.1" in line)
            yield said.split()[-1].replace("/lab?", "/lab/tree/lesson.ipynb?")
        finally:
            server.terminate()


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request, chromium, lesson):
    """The lesson, open, on a system with a light or a dark theme."""
    page = chromium.new_page(color_scheme=request.param)
    page.goto(lesson)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator")
    page.wait_for_selector("text=| Idle")
    page.wait_for_selector(VALIDATE)
    yield page
    page.close()


def test_the_theme_is_that_of_the_system(page):
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")

    name = page.get_attribute("body", "data-jp-theme-name")
    assert name == ("JupyterLab Dark" if dark else "JupyterLab Light")


def test_no_popup_asks_about_news(page):
    assert page.locator(".Toastify__toast").all_inner_texts() == []


def test_students_hand_in_and_validate_but_see_no_grading_tools(page):
    page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    entries = [text for text in page.locator(".lm-Menu-itemLabel").all_inner_texts() if text]
    page.keyboard.press("Escape")

    assert entries == ["Assignment List"]
    assert page.locator(VALIDATE).is_enabled()
    assert page.locator("[title^='Extension Manager']").count() == 0
