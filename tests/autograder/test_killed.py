"""The grader or any process of its is killed at a random moment: the next run makes it whole.

What comes out equals an undisturbed run, and nothing of the killed ones stays behind. CI kills a
few; KILLS=50 in the environment makes it fifty runs.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder import folders
from autograder.grade import grade
from autograder.lesson import Lesson

from .conftest import BOX, NO_BOX
from .test_grade import Inline, with_code

pytestmark = pytest.mark.skipif(not BOX, reason=NO_BOX)

KILLS = int(os.environ.get("KILLS", "2"))
PARTS = ("worker", "box", "zygote", "keeper", "first", "kernel")
PATIENCE_S = 60

GRADER = (
    "import sys\nfrom pathlib import Path\nfrom autograder.grade import grade\n"
    "from autograder.lesson import load_course\n"
    "if __name__ == '__main__':\n"
    "    grade(Path(sys.argv[1]), load_course(Path(sys.argv[2])).lesson('01-tiny'), jobs=2)\n"
)


@pytest.fixture
def disturbed(
    tiny: Lesson, class_folder: Path, solved: NotebookNode, submit: Callable[..., Path]
) -> Path:
    """A class that is to be graded: right, half right, wrong, broken, and one that ends Python."""
    crash = with_code(solved, "task-double", "def double(x):\n    return x + x")
    crash.cells.insert(4, nbformat.v4.new_code_cell("import os\nos._exit(1)"))
    submit("right", solved)
    submit("half", with_code(solved, "task-rows", "def rows(x):\n    return x.sum(axis=0)"))
    submit("wrong", tiny.fill(*tiny.mistakes))
    submit("broken", "{")
    submit("crash", crash)
    submit("right too", solved)
    return class_folder


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """Where the grader's temporary folders lie; a short path, since sockets lie in them."""
    with tempfile.TemporaryDirectory(prefix="k", dir="/tmp") as folder:
        yield Path(folder)


def begin(folder: Path, lesson: Lesson, temporary: Path) -> "subprocess.Popen[bytes]":
    """A grader in a process of its own."""
    script = folder.parent / "grader.py"  # in a file, as the workers import it anew
    script.write_text(GRADER)
    command = [sys.executable, script, folder, lesson.folder.parent]
    environment = os.environ | {"TMPDIR": str(temporary)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def parts(grader: psutil.Process) -> dict[str, psutil.Process]:
    """One process of each kind that runs just now; none once the grader has ended."""
    found: dict[str, psutil.Process] = {}
    children: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        children = grader.children(recursive=True)
    for process in children:
        with suppress(psutil.Error):
            command = " ".join(process.cmdline())
            above = " ".join(process.parent().cmdline())
            if "spawn_main" in command:
                found["worker"] = process
            elif command.startswith(("bwrap", "/usr/bin/bwrap")):
                found["box"] = process
            elif "autograder.zygote" in command and "bwrap" in above:
                found["zygote"] = process
                for kind, below in zip(PARTS[3:], _line(process), strict=False):
                    found[kind] = below
    return found


def _line(zygote: psutil.Process) -> Iterator[psutil.Process]:
    """Keeper, first and kernel, as far as they are there."""
    below = zygote.children()
    while below:
        yield below[0]
        below = below[0].children()


def snapshot(folder: Path, lesson: str) -> dict[str, object]:
    """All that grading leaves, but for the seconds that it took."""
    results = {}
    for path in sorted((folder / "results" / lesson).glob("*.json")):
        results[path.stem] = json.loads(path.read_text()) | {"seconds": 0}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        scores = {
            (s.student.id, g.name): (g.auto_score, g.manual_score, g.needs_manual_grade)
            for s in book.assignment_submissions(lesson)
            for g in s.notebooks[0].grades
        }
    graded = [path for path in (folder / "autograded").rglob("*") if path.is_file()]
    files = {str(path.relative_to(folder)): path.read_bytes() for path in graded}
    return {"results": results, "scores": scores, "files": files}


def wait_for(true: Callable[[], object], grader: "subprocess.Popen[bytes]") -> None:
    """Look again and again, until it is true or the grader has ended."""
    end = time.monotonic() + PATIENCE_S
    while not true() and grader.poll() is None and time.monotonic() < end:
        time.sleep(0.005)


@pytest.mark.slow  # about seven seconds each: graders that import everything anew
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_grader_loses_nothing_and_leaves_nothing(
    tiny: Lesson, disturbed: Path, temporary: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    victims = ["grader"] if seed % 2 else chance.sample(PARTS, 3)
    grader = begin(disturbed, tiny, temporary)
    whole = psutil.Process(grader.pid)
    known = {whole}

    for victim in victims:
        moment = time.monotonic() + chance.uniform(0, 3 if victim == "grader" else 0.5)
        wait_for(lambda victim=victim: {victim, "kernel"} & parts(whole).keys(), grader)
        wait_for(lambda moment=moment: time.monotonic() > moment, grader)
        with suppress(psutil.Error, KeyError):
            known |= set(whole.children(recursive=True))
            (whole if victim == "grader" else parts(whole)[victim]).kill()
    grader.wait(PATIENCE_S)
    _, alive = psutil.wait_procs([p for p in known if p.pid != grader.pid], timeout=10)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    grade(disturbed, tiny, executor=Inline())
    folders.sweep()

    assert not alive, (seed, victims)
    assert not list(temporary.glob("grade-*")), (seed, victims)
    found = snapshot(disturbed, tiny.name)
    undisturbed = {r.student: r for r in grade(disturbed, tiny, executor=Inline(), regrade=True)}
    assert {r.mark for r in undisturbed.values()} == {0.0, 2.0, 5.0}
    assert found == snapshot(disturbed, tiny.name), (seed, victims)


def test_only_folders_without_an_owner_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"{folders.LOCKED}left").mkdir()
    (tmp_path / f"{folders.LOCKED}left" / "file").touch()
    (tmp_path / "grade-else").mkdir()
    (tmp_path / f"{folders.LOCKED}link").symlink_to(tmp_path / "grade-else")

    with folders.private() as mine:
        folders.sweep()
        there = {path.name for path in tmp_path.iterdir()}

    assert there == {mine.name, "grade-else", f"{folders.LOCKED}link"}
    assert not mine.exists()
