"""check("softmax"), as a student's notebook calls it: judged at once, offline, from checks.json.

The result's picture is for people; its plain text is the number of points, which is what nbgrader
reads as partial credit: its button Validate is content with a right notebook, and stock nbgrader
grades by what can be seen here.
"""

import json
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder import forbid, picture
from autograder.judge import AnswerKey, Verdict
from autograder.probe import serve

KEY_FILE = "checks.json"


class Result:
    """What check(...) gives back: shows the verdict, and says the points as plain text."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def __repr__(self) -> str:
        right = self.verdict.state == "right"
        # what only grading asks is given in advance where nothing here is wrong
        return repr(self.verdict.max_points if right else self.verdict.points)

    def __str__(self) -> str:
        return picture.text(self.verdict)

    def _repr_html_(self) -> str:
        return picture.html(self.verdict)


def check(question: str, **answers: Any) -> Result:
    """Ask a question's visible probes and judge the answers.

    question: its name; the functions are looked up by their own names where check is called.
    answers: functions to judge instead, by name.
    Raises KeyError for a question that this lesson does not have, FileNotFoundError when
    checks.json does not lie beside the notebook.
    """
    caller = sys._getframe(1).f_globals
    key = _key(_folder(caller) / KEY_FILE)
    if question not in key.questions:
        known = ", ".join(sorted(key.questions))
        raise KeyError(f"check: lesson {key.lesson} has no question {question!r}; it has {known}")
    result = Result(_judge(key, question, {**caller, **answers}))
    if "get_ipython" not in caller:
        sys.stdout.write(f"{result}\n")
    return result


def _judge(key: AnswerKey, question: str, names: Mapping[str, Any]) -> Verdict:
    asked = key.questions[question]
    used = forbid.find(_cells(names), asked.forbid, asked.needs)
    if used:
        return key.forbidden(question, *used)
    return key.judge(question, list(serve(key.source, question, key.seeds, names)))


def _cells(names: Mapping[str, Any]) -> list[str]:
    """The code that made these names: IPython's history, or the script's own text."""
    if "In" in names:
        return [str(cell) for cell in names["In"]]
    file = names.get("__file__")
    return [Path(file).read_text(encoding="utf-8")] if file else []


def _folder(caller: Mapping[str, Any]) -> Path:
    """Where the lesson lies: a script's own folder; a notebook's is the working directory."""
    file = caller.get("__file__")
    return Path(file).parent if file and "get_ipython" not in caller else Path.cwd()


@lru_cache
def _read(path: Path, changed_ns: int) -> AnswerKey:
    return AnswerKey.from_json(json.loads(path.read_text(encoding="utf-8")))


def _key(path: Path) -> AnswerKey:
    if not path.is_file():
        raise FileNotFoundError(
            f"check: {path.name} must lie beside the notebook, it is not in {path.parent}; "
            "copy it from the lesson's folder"
        )
    return _read(path, path.stat().st_mtime_ns)
