"""The student's work folder: what they wrote is theirs, whatever the course brings."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from autograder import workspace
from autograder.lesson import Course, load_course
from autograder.workspace import CourseError


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built lesson: its notebook, with checks.json beside it."""
    folder = tmp_path / "lessons" / "01-tiny"
    folder.mkdir(parents=True)
    (folder / "checks.json").write_text("first checks")
    notebook = folder / "01-tiny.ipynb"
    notebook.write_text("first edition")
    return notebook


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work"


def test_a_lesson_is_copied_once_with_its_checks(built: Path, work: Path) -> None:
    mine, said = workspace.bring(built, work)

    assert mine == work / "01-tiny" / "01-tiny.ipynb"
    assert mine.read_text() == "first edition"
    assert (mine.parent / "checks.json").read_text() == "first checks"
    assert said and "copied" in said
    assert workspace.bring(built, work) == (mine, None)


@pytest.mark.parametrize("mine", ["my work", "", "first edition", "third edition", "\0 broken"])
def test_the_students_file_keeps_every_byte(built: Path, work: Path, mine: str) -> None:
    path, _ = workspace.bring(built, work)
    path.write_text(mine)
    for edition in ("second", "third", "first", "fourth"):
        built.write_text(f"{edition} edition")

        workspace.bring(built, work)

        assert path.read_text() == mine


def test_a_newer_edition_lies_beside_and_is_told_of_once(built: Path, work: Path) -> None:
    path, _ = workspace.bring(built, work)
    path.write_text("my work")
    built.write_text("second edition")

    _, said = workspace.bring(built, work)
    _, again = workspace.bring(built, work)

    assert said and "01-tiny (new).ipynb" in said and "\n" not in said
    assert again is None
    assert (path.parent / "01-tiny (new).ipynb").read_text() == "second edition"


def test_work_in_the_newer_edition_is_not_overwritten_either(built: Path, work: Path) -> None:
    path, _ = workspace.bring(built, work)
    built.write_text("second edition")
    workspace.bring(built, work)
    newer = path.parent / "01-tiny (new).ipynb"
    newer.write_text("my work in the second")
    built.write_text("third edition")

    workspace.bring(built, work)

    assert newer.read_text() == "my work in the second"
    assert (path.parent / "01-tiny (new 2).ipynb").read_text() == "third edition"


def test_a_lost_list_of_editions_costs_a_copy_and_nothing_else(built: Path, work: Path) -> None:
    path, _ = workspace.bring(built, work)
    path.write_text("my work")
    (work / workspace.EDITIONS).write_text("{not json")

    workspace.bring(built, work)

    assert path.read_text() == "my work"
    assert (path.parent / "01-tiny (new).ipynb").read_text() == "first edition"


def test_checks_are_renewed_when_the_lesson_changed(built: Path, work: Path) -> None:
    path, _ = workspace.bring(built, work)
    built.with_name("checks.json").write_text("second checks")

    workspace.bring(built, work)

    assert (path.parent / "checks.json").read_text() == "second checks"


def test_a_lesson_that_is_not_built_is_told_with_the_command(
    tiny_course: Course, work: Path
) -> None:
    folder = tiny_course.folder.parent / "unbuilt"
    (folder / "01-tiny").mkdir(parents=True)
    (folder / "course.toml").write_text((tiny_course.folder / "course.toml").read_text())
    (folder / "01-tiny" / "lesson.py").touch()

    with pytest.raises(CourseError, match="course build 01-tiny"):
        workspace.prepare(load_course(folder), "01", work)


def test_the_environment_has_our_settings_first_and_byte_code_on() -> None:
    inherited = {"PYTHONDONTWRITEBYTECODE": "1", "JUPYTER_CONFIG_PATH": "theirs", "HOME": "home"}

    environment = workspace.lab_environment(inherited)

    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [
        str(workspace.SETTINGS),
        "theirs",
    ]
    assert environment["HOME"] == "home"


@pytest.mark.parametrize(
    ("arguments", "cores", "several"),
    [
        ([], 8, ["-n", "4"]),
        (["-k", "softmax"], 2, ["-n", "3"]),
        (["tests/autograder/test_judge.py"], 8, None),
        (["tests/autograder/test_judge.py::test_x"], 8, None),
        (["-n0"], 8, None),
        (["--pdb"], 8, None),
        ([], 1, None),
    ],
)
def test_whole_folders_are_tested_in_several_processes(
    arguments: list[str], cores: int, several: list[str] | None
) -> None:
    command = workspace.test_command(arguments, cores)

    assert command[-len(arguments) :] == arguments or not arguments
    assert ("loadfile" in command) == (several is not None)
    if several:
        assert command[3:5] == several


def test_the_exit_code_of_the_tests_is_passed_on(tmp_path: Path) -> None:
    failing = tmp_path / "test_failing.py"
    failing.write_text("def test_it():\n    assert False\n")

    course = str(Path(sys.executable).with_name("course"))

    done = subprocess.run(
        [course, "test", "-q", "-p", "no:cacheprovider", str(failing)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "1 failed" in done.stdout


@pytest.mark.slow  # about five seconds: a real JupyterLab
@pytest.mark.skipif(os.name != "posix", reason="sends a process group Ctrl-C")
def test_lab_opens_the_lesson_and_ends_cleanly_on_ctrl_c(tiny_course: Course, work: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("course")), "--lessons", str(tiny_course.folder)]
    command += ["lab", "--folder", str(work), "--no-browser", "--", "--port", str(port)]
    with subprocess.Popen(
        command, start_new_session=True, stderr=subprocess.PIPE, preexec_fn=_heed_ctrl_c
    ) as process:
        try:
            where = _redirect(f"http://127.0.0.1:{port}/", seconds=60)
            os.killpg(process.pid, signal.SIGINT)
            _, said = process.communicate(timeout=60)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise

    assert "/lab/tree/01-tiny/01-tiny.ipynb" in where
    assert process.returncode == 0
    assert b"WARNING" not in said
    assert json.loads((work / workspace.EDITIONS).read_text()).keys() == {"01-tiny"}


def _heed_ctrl_c() -> None:
    """A shell's background job ignores Ctrl-C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


def _redirect(url: str, seconds: float) -> str:
    """Where a page sends its visitors, once there is somebody to answer."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.build_opener(_Stay).open(url, timeout=5) as page:
                return str(page.url)
        except urllib.error.HTTPError as answer:
            answer.close()
            return str(answer.headers["Location"])
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
