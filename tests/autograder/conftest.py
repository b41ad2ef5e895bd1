"""A tiny released lesson, and ways to write submissions to it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder import build
from autograder.box import missing
from autograder.lesson import Course, Lesson, load_course

TINY = Path(__file__).parent / "tiny_lesson"


NO_BOX = missing()
"""Why this machine can build no box: then what is graded here runs without."""

BOX = not NO_BOX


@pytest.fixture(scope="session")
def tiny_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny course with its student edition built."""
    folder = tmp_path_factory.mktemp("lessons") / "tiny"
    shutil.copytree(TINY, folder)
    if not BOX:
        settings = (folder / "course.toml").read_text()
        (folder / "course.toml").write_text(settings.replace("[limits]", "[limits]\nbox = false"))
    course = load_course(folder)
    build.write(build.build(course.lesson("01-tiny")))
    return course


@pytest.fixture(scope="session")
def tiny(tiny_course: Course) -> Lesson:
    """The tiny lesson: questions double (2 points) and rows (3), and the written answer W1 (2)."""
    return tiny_course.lesson("01-tiny")


@pytest.fixture
def solved(tiny: Lesson) -> NotebookNode:
    """A right submission, the written answer included."""
    notebook = tiny.fill()
    cell(notebook, "answer-W1").source += "\n\nBecause twice nothing is nothing."
    return notebook


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[..., Path]:
    """Write a submission (a notebook, text or bytes) and get its path."""

    def write(content: NotebookNode | str | bytes, name: str = "01-tiny.ipynb") -> Path:
        if isinstance(content, NotebookNode):
            content = json.dumps(content)  # as it is: nbformat would mend it
        path = tmp_path / "hand in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell with that nbgrader id."""
    return next(c for c in notebook.cells if grade_id == _grade_id(c))


def _grade_id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


@pytest.fixture(scope="session")
def released(tiny: Lesson, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder from which the tiny lesson was released; to be copied, not written to."""
    folder = tmp_path_factory.mktemp("released") / "class"
    build.write_source(tiny, folder)
    build.generate(tiny, folder)
    return folder


@pytest.fixture
def class_folder(released: Path, tmp_path: Path) -> Path:
    """A course folder of one's own from which the tiny lesson was released."""
    return shutil.copytree(released, tmp_path / "class")


@pytest.fixture
def submit(tiny: Lesson, class_folder: Path) -> Callable[..., Path]:
    """Put a submission of a student's into the course folder and get its path."""

    def write(student: str, content: NotebookNode | str | bytes, name: str = "") -> Path:
        folder = class_folder / "submitted" / student / tiny.name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (name or f"{tiny.name}.ipynb")
        if isinstance(content, NotebookNode):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refuse(monkeypatch: pytest.MonkeyPatch, owner: object, function: str, name: str) -> None:
    """Let a function of files refuse one name, as it would for an ordinary user."""
    real = getattr(owner, function)

    def refuses(path: Path | str, *rest: object, **more: object) -> object:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *rest, **more)

    monkeypatch.setattr(owner, function, refuses)
