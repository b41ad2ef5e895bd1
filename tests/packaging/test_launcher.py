"""course.py sets up what is missing and only that, and says in a sentence what it cannot do."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from project import PYTHONS, ROOT

SOURCE = (ROOT / "course.py").read_text(encoding="utf-8")
PYPROJECT = "[project]\n"


@pytest.fixture
def checkout(tmp_path):
    """A folder with what the launcher reads of a checkout."""
    (tmp_path / "requirements.lock").write_text("uv==1 \\\n    --hash=sha256:00\nnumpy==2\n")
    (tmp_path / "requirements-dev.lock").write_text("numpy==2\npytest==9\nuv==1\n")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return tmp_path


@pytest.fixture
def steps(course, monkeypatch):
    """The expensive steps that set_up took, in order; each leaves what the real one leaves."""
    taken = []

    def made(stamp):
        taken.append("make")
        stamp.parent.mkdir(exist_ok=True)
        program(course.tool(stamp.parent.parent, "python"))

    def installed(root, lock):
        taken.append(lock)
        program(course.tool(root, "course"))

    monkeypatch.setattr(course, "make_venv", made)
    monkeypatch.setattr(course, "install", installed)
    return taken


def program(path):
    path.parent.mkdir(exist_ok=True)
    path.touch()


def test_it_is_short_and_needs_the_standard_library_only():
    trees = [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Import)]
    froms = [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.ImportFrom)]
    imported = {alias.name for node in trees for alias in node.names} | {n.module for n in froms}

    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
    assert len(SOURCE.splitlines()) < 150


def test_pythons_too_old_for_the_course_can_still_read_it_and_be_told():
    ast.parse(SOURCE, feature_version=(3, 6))


def test_it_accepts_the_pythons_of_pyproject_and_no_other(course):
    accepted = {minor for minor in range(30) if course.wrong_python((3, minor)) is None}

    assert accepted == {minor for minor in range(30) if f"3.{minor}" in PYTHONS}


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 15), (4, 0)])
def test_a_wrong_python_is_told_what_it_is_and_what_is_needed(course, version):
    complaint = course.wrong_python(version)

    assert "needs Python 3.11 to 3.14" in complaint
    assert f"this is {version[0]}.{version[1]} ({sys.executable})" in complaint


def test_the_python_is_looked_at_before_anything_is_done(course, monkeypatch):
    monkeypatch.setattr(course, "OLDEST", (3, 99))
    monkeypatch.setattr(course, "set_up", lambda *_: pytest.fail("went on"))

    assert "needs Python" in course.main([])


def test_the_first_run_makes_and_installs_and_the_second_does_nothing(course, checkout, steps):
    course.set_up(checkout, course.LOCK)
    course.set_up(checkout, course.LOCK)

    assert steps == ["make", "requirements.lock"]


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_change_is_installed_into_the_same_environment(course, checkout, steps, name):
    course.set_up(checkout, course.LOCK)
    (checkout / name).write_text("uv==2\n")
    course.set_up(checkout, course.LOCK)

    assert steps == ["make", "requirements.lock", "requirements.lock"]


def test_tests_need_more_and_what_has_more_serves_students(course, checkout, steps):
    for lock in [course.LOCK, course.TEST_LOCK, course.LOCK, course.TEST_LOCK]:
        course.set_up(checkout, lock)

    assert steps == ["make", "requirements.lock", "requirements-dev.lock"]


def test_another_python_makes_it_anew(course, checkout, steps, monkeypatch):
    course.set_up(checkout, course.LOCK)
    monkeypatch.setattr(course.sys, "version_info", (3, 12, 0))
    course.set_up(checkout, course.LOCK)

    assert steps == ["make", "requirements.lock"] * 2


def test_a_folder_that_was_moved_makes_it_anew(course, checkout, steps, tmp_path_factory):
    course.set_up(checkout, course.LOCK)
    moved = checkout.rename(tmp_path_factory.mktemp("elsewhere") / "course")
    course.set_up(moved, course.LOCK)

    assert steps == ["make", "requirements.lock"] * 2


def test_a_missing_command_is_installed_again(course, checkout, steps):
    course.set_up(checkout, course.LOCK)
    course.tool(checkout, "course").unlink()
    course.set_up(checkout, course.LOCK)

    assert steps == ["make", "requirements.lock", "requirements.lock"]


def test_an_environment_somebody_else_made_is_kept(course, checkout, steps):
    (checkout / ".venv").mkdir()
    program(course.tool(checkout, "python"))

    course.set_up(checkout, course.LOCK)

    assert steps == ["requirements.lock"]


@pytest.mark.parametrize(
    "stop", [KeyboardInterrupt(), subprocess.CalledProcessError(1, "uv"), OSError("disk full")]
)
def test_a_set_up_that_was_stopped_is_made_anew(course, checkout, steps, monkeypatch, stop):
    whole = course.install

    def stopped(root, lock):
        whole(root, lock)
        raise stop

    monkeypatch.setattr(course, "install", stopped)
    with pytest.raises(type(stop)):
        course.set_up(checkout, course.LOCK)
    monkeypatch.setattr(course, "install", whole)
    course.set_up(checkout, course.LOCK)

    assert steps == ["make", "requirements.lock"] * 2


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        (KeyboardInterrupt(), "stopped"),
        (subprocess.CalledProcessError(1, "uv"), "does not match its hash"),
        (OSError("disk full"), "set-up failed: disk full"),
    ],
)
def test_a_failed_set_up_starts_nothing_and_says_so(course, monkeypatch, stop, said):
    def stopped(root, lock):
        raise stop

    monkeypatch.setattr(course, "set_up", stopped)
    monkeypatch.setattr(course, "start", lambda _: pytest.fail("started"))

    assert said in course.main(["lab"])


@pytest.mark.parametrize(
    ("arguments", "lock", "handed"),
    [
        ([], "requirements.lock", ["lab"]),
        (["lab", "04", "--no-browser"], "requirements.lock", ["lab", "04", "--no-browser"]),
        (["test", "-k", "softmax"], "requirements-dev.lock", ["test", "-k", "softmax"]),
    ],
)
def test_the_arguments_go_to_the_course_command(course, monkeypatch, arguments, lock, handed):
    locks = []
    monkeypatch.setattr(course, "set_up", lambda root, lock: locks.append(lock))
    monkeypatch.setattr(course, "start", lambda command: command)

    program, *rest = course.main(arguments)

    assert locks == [lock]
    assert Path(program) == course.tool(ROOT, "course")
    assert rest == handed


def test_jupyter_may_keep_its_compiled_files(course, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(course, "set_up", lambda *_: None)
    monkeypatch.setattr(course, "start", lambda _: "PYTHONDONTWRITEBYTECODE" in os.environ)

    assert course.main([]) is False


def test_a_python_without_venv_is_told_what_to_install(course, checkout, monkeypatch):
    monkeypatch.setattr(course.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(OSError, match="apt install python3-venv"):
        course.set_up(checkout, course.LOCK)


def commands(course, monkeypatch, refused=()):
    """Records the programs that install runs; those whose text holds a refused word fail."""
    ran = []

    def call(command):
        listed = Path(command[-1]).read_text() if command[-2] == "--requirement" else "the course"
        ran.append((Path(command[0]).stem, listed))
        if listed in refused:
            raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(course.subprocess, "check_call", call)
    return ran


def test_uv_is_installed_by_its_hash_and_installs_the_rest(course, checkout, monkeypatch):
    (checkout / ".venv").mkdir()
    ran = commands(course, monkeypatch)

    course.install(checkout, course.LOCK)

    only_uv = "uv==1 \\\n    --hash=sha256:00\n"
    assert ran == [("python", only_uv), ("uv", only_uv + "numpy==2\n"), ("uv", "the course")]


def test_where_uv_cannot_be_had_pip_installs_the_rest(course, checkout, monkeypatch):
    (checkout / ".venv").mkdir()
    only_uv = "uv==1 \\\n    --hash=sha256:00\n"
    ran = commands(course, monkeypatch, refused=[only_uv])

    course.install(checkout, course.LOCK)

    assert ran == [("python", only_uv), ("python", "numpy==2\n"), ("python", "the course")]
