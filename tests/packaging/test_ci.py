"""What the README promises is what the merge check runs."""

import os
import re
import subprocess

from project import ROOT

RUN = ROOT / ".ci" / "run"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shell_lines(text):
    """The lines of a text's code blocks that start with python3."""
    return {
        line.strip().split("  #")[0].rstrip() for line in text.splitlines() if "python3 " in line
    }


def test_the_readme_shows_the_two_commands():
    assert {"python3 course.py", "python3 course.py test"} <= shell_lines(README)


def test_the_last_thing_that_the_merge_check_runs_is_the_readmes_test_command():
    last = RUN.read_text(encoding="utf-8").strip().splitlines()[-1]

    assert last == "step python3 course.py test"
    assert last.removeprefix("step ") in shell_lines(README)


def test_the_scripts_are_bash_that_stops_at_the_first_failure():
    for script in ROOT.joinpath(".ci").iterdir():
        assert os.access(script, os.X_OK)
        assert re.search(r"^set -euo pipefail$", script.read_text(), re.MULTILINE)
        subprocess.run(["bash", "-n", script], check=True)


def test_contributing_is_short_enough_to_be_read_and_says_how_to_renew_the_locks():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 45
    assert ".ci/lock" in text
