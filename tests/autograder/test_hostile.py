"""A class full of bad submissions: each gets what it has earned and a reason, and hurts nobody.

They are graded together, in the box, with honest students among them. What each does and must come
to stands in hostile/.
"""

import hashlib
import importlib
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from autograder import build
from autograder.assess import Result
from autograder.grade import grade
from autograder.gradebook import standings
from autograder.lesson import Lesson, load_course

from .conftest import BOX, NO_BOX, TINY
from .hostile import CORPUS, THREATS

pytestmark = pytest.mark.skipif(not BOX, reason=NO_BOX)

LIMITS = (
    "[limits]\ncell_seconds = 2\nprobe_seconds = 2\nnotebook_seconds = 15\nmemory_mib = 400\n"
    "file_mib = 8\ndisk_mib = 16\noutput_bytes = 20000\nprocesses = 40\n"
)
HONEST = [f"honest-{n}" for n in range(6)]
SECRET = "everybody's marks"


@dataclass
class Graded:
    """A class after grading: results by student, and what lay outside before and lies there now."""

    lesson: Lesson
    folder: Path
    results: dict[str, Result]
    before: dict[str, str]
    after: dict[str, str]


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """The tiny lesson under tight limits."""
    folder = tmp_path_factory.mktemp("strict") / "lessons"
    shutil.copytree(TINY, folder)
    settings = (folder / "course.toml").read_text()
    head, lessons = settings.split("[limits]")[0], settings[settings.index("[[lesson]]") :]
    (folder / "course.toml").write_text(head + LIMITS + lessons)
    lesson = load_course(folder).lesson("01-tiny")
    build.write(build.build(lesson))
    return lesson


@pytest.fixture(scope="module")
def graded(strict: Lesson, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """Everybody graded, four at a time, as many only wait; the honest among the hostile."""
    folder = tmp_path_factory.mktemp("hostile") / "class"
    build.write_source(strict, folder)
    build.generate(strict, folder)
    canary = folder.parent / "canary.txt"
    canary.write_text(SECRET)
    canary.chmod(0o666)
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as server:
        patch.setenv("DATABASE_PASSWORD", "hunter2")
        places = {"CANARY": str(canary), "CLASS": str(folder), "PORT": server.getsockname()[1]}
        for number, name in enumerate(CORPUS):
            if number % (len(CORPUS) // len(HONEST) + 1) == 0:
                hand_in(strict, folder, HONEST[number * len(HONEST) // len(CORPUS)], {})
            hand_in(strict, folder, name, places)
        before = hashes(folder.parent)
        results = {result.student: result for result in grade(folder, strict, jobs=4)}
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
    yield Graded(strict, folder, results, before, hashes(folder.parent))


def hand_in(lesson: Lesson, folder: Path, student: str, places: dict[str, object]) -> None:
    """Write one submission; a student without an entry in the corpus is an honest one."""
    hostile = CORPUS.get(student)
    target = folder / "submitted" / student.replace("/", "-") / lesson.name
    target.mkdir(parents=True)
    right = hostile is None or hostile.right
    notebook = lesson.fill() if right else lesson.fill(*lesson.mistakes)
    if hostile:
        hostile.write(notebook, target, f"{lesson.name}.ipynb")
        _fill_in(target / f"{lesson.name}.ipynb", places)
    else:
        (target / f"{lesson.name}.ipynb").write_text(json.dumps(notebook))


def _fill_in(path: Path, places: dict[str, object]) -> None:
    if path.is_symlink() or not path.is_file():
        return
    content = path.read_bytes()
    for word, value in places.items():
        content = content.replace(word.encode(), str(value).encode())
    path.write_bytes(content)


def hashes(folder: Path) -> dict[str, str]:
    """What each file holds that grading must not touch."""
    kept = [folder / "canary.txt", *(folder / "class").glob("s*/**/*")]
    files = [path for path in kept if path.is_file() and not path.is_symlink()]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def told(result: Result) -> str:
    """All that a result says to the student."""
    notes = [verdict["note"] or "" for verdict in result.verdicts]
    details = [f["detail"] or "" for v in result.verdicts for f in v["findings"]]
    return "\n".join([result.reason or "", *result.events, *result.repairs, *notes, *details])


def shown(result: Result) -> str:
    """All outputs of the student's cells, as text."""
    cells = nbformat.reads(result.notebook, as_version=4).cells
    return json.dumps([c.outputs for c in cells if c.cell_type == "code"])


@pytest.mark.parametrize("name", CORPUS)
def test_a_bad_submission_gets_what_it_earned_and_a_reason(graded: Graded, name: str) -> None:
    hostile, result = CORPUS[name], graded.results[name]

    assert (result.state, result.mark) == (hostile.state, hostile.mark), told(result)
    assert hostile.says in told(result)
    assert hostile.shows in shown(result)


@pytest.mark.parametrize("name", CORPUS)
def test_a_result_is_small_valid_and_tells_nothing_hidden(graded: Graded, name: str) -> None:
    result = graded.results[name]

    text = json.dumps(result.to_json())
    nbformat.validate(nbformat.reads(result.notebook, as_version=4))
    assert result.key
    assert result.seconds < 60
    assert len(text) < 200_000
    assert "LEAK" not in text and SECRET not in text and "hunter2" not in text


def test_the_neighbours_have_full_marks_and_nothing_to_hear(graded: Graded) -> None:
    found = {s: (r.state, r.mark, r.events) for s, r in graded.results.items() if s in HONEST}

    assert found == dict.fromkeys(HONEST, ("graded", 5.0, []))


def test_everybody_has_a_row_in_results_and_in_the_gradebook(graded: Graded) -> None:
    book = standings(graded.folder, graded.lesson.name)

    assert set(graded.results) == {*CORPUS, *HONEST}
    assert {s: r.mark for s, r in graded.results.items()} == {s: b.total for s, b in book.items()}


def test_nothing_outside_changed(graded: Graded) -> None:
    assert graded.before == graded.after
    assert len(graded.after) > len(CORPUS) - 10


def test_nothing_runs_on(graded: Graded) -> None:
    running = subprocess.run(["ps", "axo", "args"], capture_output=True, text=True).stdout

    assert "sleep 297.5" not in running
    assert not [line for line in running.splitlines() if "while True" in line]


def test_every_known_threat_is_tried() -> None:
    for threat, where in THREATS.items():
        module, _, test = where.partition(".test_")
        if test:
            there = importlib.import_module(f".{module}", __package__)
            assert hasattr(there, f"test_{test}"), threat
        else:
            assert where in CORPUS, threat
    assert len(CORPUS) >= 60
