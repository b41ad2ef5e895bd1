"""What the labs share on the Python side: their files for the browser, and a way without it."""

from importlib import import_module
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent

MISSING = (
    "mlkit.play: the moving picture needs anywidget, so here is a still one; for the other: "
    "pip install 'deep-learning-course[play]', then restart the kernel"
)

# A trait that the browser sets: without this the kernel sends each change back before it answers.
HEARD = {"sync": True, "echo_update": False}


def module(*names: str) -> str:
    """One browser module: shared.js, then these files in order; the last one exports.

    anywidget loads one module and has no build step, so the parts travel joined.
    """
    return "\n".join(_text(f"{name}.js") for name in ("shared", *names))


def style(*names: str) -> str:
    """One style sheet: shared.css, then these."""
    return "\n".join(_text(f"{name}.css") for name in ("shared", *names))


def moving(name: str) -> Any | None:
    """The module of a moving picture, or None and one printed line without the "play" extra."""
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name not in ("anywidget", "ipywidgets"):
            raise
        print(MISSING)  # noqa: T201
        return None


def _text(file: str) -> str:
    return (_HERE / file).read_text(encoding="utf-8")
