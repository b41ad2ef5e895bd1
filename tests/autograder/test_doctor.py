"""The doctor says what is missing and what mends it, and fails only for what is needed."""

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import doctor
from autograder.cli import app
from autograder.doctor import Finding
from autograder.lesson import Course


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "requirements.lock"


def test_packages_that_fit_the_lock_are_well(lock: Path) -> None:
    version = metadata.version("numpy")
    lock.write_text(f"# made by hand\nnumpy=={version} \\\n    --hash=sha256:abc\n")

    found = doctor.packages(lock)

    assert found.well
    assert "1 packages" in found.what


def test_a_missing_and_a_wrong_package_are_named_with_what_mends_them(lock: Path) -> None:
    lock.write_text("numpy==0.1 \\\n    --hash=sha256:abc\nno-such-package-here==1.0\n")

    found = doctor.packages(lock)

    assert not found.well and found.needed
    assert "no-such-package-here is missing" in found.mend
    assert f"numpy is {metadata.version('numpy')}, not ==0.1" in found.mend
    assert "course.py" in found.mend


def test_a_package_for_another_system_is_not_missed(lock: Path) -> None:
    lock.write_text("no-such-package-here==1.0 ; sys_platform == 'amiga'\n")

    assert doctor.packages(lock).well


def test_many_odd_packages_are_counted_not_listed(lock: Path) -> None:
    lock.write_text("".join(f"no-such-package-{n}==1.0\n" for n in range(9)))

    assert "and 4 more" in doctor.packages(lock).mend


def test_a_missing_lock_is_told(lock: Path) -> None:
    found = doctor.packages(lock)

    assert not found.well
    assert "requirements.lock is missing" in found.mend


def test_a_missing_program_is_told() -> None:
    assert doctor.program("python", "Python").well
    assert not doctor.program("no-such-program-here", "Nothing").well


def test_lessons_that_are_not_built_are_named(tiny_course: Course, tmp_path: Path) -> None:
    assert doctor.lessons(tiny_course.folder).well
    (tmp_path / "01-tiny").mkdir()
    (tmp_path / "01-tiny" / "lesson.py").touch()
    (tmp_path / "course.toml").write_bytes((tiny_course.folder / "course.toml").read_bytes())

    found = doctor.lessons(tmp_path)

    assert not found.well
    assert "01-tiny" in found.mend and "course build" in found.mend


def test_a_folder_without_lessons_is_told_not_raised(tmp_path: Path) -> None:
    assert not doctor.lessons(tmp_path).well


def test_an_unwritable_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # root may write anywhere, so the answer of the system is set here
    monkeypatch.setattr("os.access", lambda path, mode: False)

    assert "chmod" in doctor.writable(tmp_path).mend


@pytest.mark.parametrize(("needed", "code"), [(True, 1), (False, 0)])
def test_the_exit_code_counts_only_what_is_needed(
    needed: bool, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def findings() -> Iterator[Finding]:
        yield Finding("this one", True)
        yield Finding("that one", False, "mend it so", needed)

    monkeypatch.setattr(doctor, "findings", findings)

    done = CliRunner().invoke(app, ["doctor"])

    assert done.exit_code == code
    assert "✓ this one" in done.output
    assert "that one: mend it so" in done.output


def test_every_line_can_be_made_here() -> None:
    found = list(doctor.findings())

    assert len(found) == 11
    assert all("\n" not in str(finding) for finding in found)
    assert found[0].well  # this very Python runs the tests
