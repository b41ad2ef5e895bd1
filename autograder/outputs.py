"""What a student's cell shows, as the notebook format has it, and no more than fits.

Whatever the kernel sends may be forged: only known fields of known types are kept.
"""

import json
from typing import Any

from nbformat import NotebookNode

from autograder.conversation import Message
from autograder.kernel import CUT, REPLY

OUTPUT_COSTS = 500
"""Characters that each output counts for beside its text: many tiny ones are too much as well."""


class Outputs:
    """The outputs of one cell as the notebook format has them, no more than fits."""

    def __init__(self, room: int) -> None:
        self.kept: list[NotebookNode] = []
        self.errors: list[str] = []
        self.cut = False
        self.room = 2 * room

    def take(self, message: Message) -> None:
        """Add one message of the kernel's, if it is an output."""
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            self.kept.clear()
        if kind not in ("stream", "display_data", "execute_result", "error"):
            return
        if REPLY in content.get("data", {}):
            return
        if kind == "error":
            self.errors.append(str(content["ename"])[:100])
        self.room -= OUTPUT_COSTS + len(json.dumps(content))
        said = content.get("text", content.get("data", content.get("evalue")))
        self.cut = self.cut or self.room < 0 or CUT in str(said)
        if self.room >= 0 and not self._continues(kind, content):
            self.kept.append(_output(kind, content))

    def _continues(self, kind: str, content: dict[str, Any]) -> bool:
        last = self.kept[-1] if self.kept else {}
        if kind != "stream" or last.get("name") != content["name"]:
            return False
        last["text"] += str(content["text"])
        return True


def _output(kind: str, content: dict[str, Any]) -> NotebookNode:
    """An output that is valid whatever came: only known fields, of known types.

    nbformat's own maker would look each one through once more, a fifth of the grader's work.
    """
    if kind == "stream":
        name = "stderr" if content["name"] == "stderr" else "stdout"
        return NotebookNode(output_type=kind, name=name, text=str(content["text"]))
    if kind == "error":
        told = {name: str(content[name]) for name in ("ename", "evalue")}
        lines = [str(line) for line in content["traceback"]]
        return NotebookNode(output_type=kind, **told, traceback=lines)
    data = {m: v for m, v in dict(content["data"]).items() if _is_value(m, v)}
    # a widget is alive only while its kernel is; its still picture is another value of `data`
    data.pop("application/vnd.jupyter.widget-view+json", None)
    count = {"execution_count": None} if kind == "execute_result" else {}
    return NotebookNode(output_type=kind, data=data, metadata={}, **count)


def _is_value(kind: str, value: object) -> bool:
    """Whether the notebook format has such a value for that kind of data."""
    return isinstance(value, str) or (kind.endswith("json") and isinstance(value, list | dict))
