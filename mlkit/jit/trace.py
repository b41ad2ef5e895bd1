"""A run written down: each thing that was computed is a Step, in order, with its operands.

A step's value is computed as it is recorded, so that its shape and dtype are those that the array
library gives; the values are forgotten when the run is over. A step that was recorded before is
given again (common subexpressions), and one made of constants alone is a constant.
"""

import linecache
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import local
from types import MethodType
from typing import Any

import numpy as np

from mlkit.engine import apply, walk

__all__ = ["Step", "Trace", "TraceError", "active", "shape_of", "steps_in", "user_line"]


class TraceError(TypeError):
    """A function that cannot be traced as it is written. Says where, and what to write instead."""


class Step:
    """One result. kind: input, constant, elementwise, reduce, product, view, copy, change, call
    or effect. operands: steps, and nestings of steps and plain things, in the order of the call.
    """

    __slots__ = (
        "dtype", "function", "kind", "operands", "options", "quiet", "shape", "site",
        "text", "value",
    )  # fmt: skip

    text: str  # of an input its name; "outside" for an array that was there before
    dtype: Any  # None for a plain number

    def __init__(self, kind: str, function: Any, operands: tuple, options: dict, value: Any):
        self.kind, self.function, self.operands, self.options = kind, function, operands, options
        self.value, self.text, self.site, self.quiet = value, "", "", False
        self.shape, self.dtype = getattr(value, "shape", ()), getattr(value, "dtype", None)

    @property
    def base(self) -> "Step":
        """The step whose memory this one is a view of; itself if it has its own."""
        step = self
        while step.kind == "view":
            step = step.operands[0]
        return step


class Trace:
    """The steps of one run, in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.open = True
        self.updates = False  # whether a replay changes something by itself
        self.changing: list[Any] = []  # the objects that do so
        self.state: set[Step] = set()  # inputs that come from the surroundings
        self.outside: dict[int, Any] = {}  # arrays that were there before, by id
        self._seen: dict[Any, Step] = {}
        self._errors = np.geterr()

    def input(self, value: Any, name: str) -> Step:
        """A value that is new at every replay."""
        step = self._add(Step("input", None, (), {}, value))
        step.text = name
        return step

    def constant(self, value: Any) -> Step:
        """A value that is the same at every replay: an array of the outside, or made of such."""
        key = ("constant", id(value))
        if key not in self._seen:
            step = self._seen[key] = self._add(Step("constant", None, (), {}, value))
            step.text = "outside" if id(value) in self.outside else ""
        return self._seen[key]

    def record(
        self, kind: str, function: Callable[..., Any], operands: Sequence[Any], **options: Any
    ) -> Step:
        """The step that applies function to operands: a new one, or the one that did so before."""
        if not self.open:
            raise TraceError(
                "jit: a value of a traced function was kept and used after it ended; "
                f"return it instead, at {user_line()}"
            )
        operands = tuple(self._lifted(x) for x in operands)
        if kind != "elementwise" and function is not np.asarray:
            operands = tuple(self.as_array(x) for x in operands)
        key = (kind, function, _key(operands), _key(tuple(options.items())))
        step = self._seen.get(key)
        if self.updates:
            self.check_state(operands)
        if step is None:
            value = function(*values_of(operands), **values_of(options))
            value = np.asarray(value) if isinstance(value, np.generic) else value
            whole = all(s.kind == "constant" for s in steps_in((operands, options)))
            step = Step("constant" if whole else kind, function, operands, options, value)
            step.quiet = np.geterr() != self._errors
            step.site = _site()
            self._seen[key] = self._add(step)
        return step

    def effect(self, function: Callable[..., Any], operands: tuple[Any, ...]) -> None:
        """Call function(*operands) at each replay, in its place in the order, for what it does."""
        if isinstance(function, MethodType):
            self.updates = True
            self.changing.append(function.__self__)
        step = self._add(Step("effect", function, tuple(map(self._lifted, operands)), {}, None))
        step.site = _site()

    def draw(self, function: Any, operands: tuple[Any, ...]) -> Step:
        """Random numbers that are new at each replay. Those of the trace are not spent."""
        generator = function.__self__.bit_generator
        before = generator.state
        step = self._add(Step("call", function, operands, {}, np.asarray(function(*operands))))
        generator.state = before
        step.site = _site()
        return step

    def check_state(self, operands: Any) -> None:
        """Raise if an operand is state that an optimiser has changed since."""
        if self.updates and any(step.base in self.state for step in steps_in(operands)):
            raise TraceError(
                "jit: a tensor is read after the step of an optimiser, which updates it when the "
                f"program runs, at {user_line()}; read it outside, or before the step"
            )

    def close(self) -> None:
        """The run is over: forget the values, keep the steps."""
        self.open = False
        for step in self.steps:
            if step.kind != "constant":
                step.value = None

    def _lifted(self, x: Any) -> Any:
        """x with a constant in place of each array of the outside."""
        if isinstance(x, np.ndarray):
            return self.constant(x)
        if isinstance(x, np.generic):
            key = ("number", x.dtype, x.tobytes())
            return self._seen.setdefault(key, self.constant(np.asarray(x)))
        if type(x) in (tuple, list):
            return type(x)(self._lifted(i) for i in x)
        return x

    def as_array(self, x: Any) -> Any:
        """An argument that is a plain number as an array, where only arrays will do."""
        if isinstance(x, Step) and x.dtype is None and x.kind == "input":
            return self.record("call", np.asarray, (x,))
        return x

    def _add(self, step: Step) -> Step:
        self.steps.append(step)
        return step


class _Active(local):
    trace: Trace | None = None


active = _Active()  # the trace that is under way in this thread


def steps_in(x: Any) -> Iterator[Step]:
    """The steps in a nesting of operands."""
    if isinstance(x, Step):
        yield x
    elif isinstance(x, tuple | list | dict):
        for part in x.values() if isinstance(x, dict) else x:
            yield from steps_in(part)


def values_of(x: Any) -> Any:
    """A nesting of operands with values in place of steps."""
    if isinstance(x, Step):
        return x.value
    if type(x) in (tuple, list):
        return type(x)(map(values_of, x))
    return {name: values_of(part) for name, part in x.items()} if type(x) is dict else x


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of an operand."""
    return x.shape if isinstance(x, Step) else np.shape(x)


def _key(x: Any) -> Any:
    """What two equal operands have in common, to look them up by."""
    if isinstance(x, Step):
        return id(x)
    if isinstance(x, tuple | list):
        return (type(x), *map(_key, x))
    if isinstance(x, slice):
        return ("slice", x.start, x.stop, x.step)
    if isinstance(x, float):
        return ("float", x.hex())  # 0.0 is not -0.0, nan is nan
    try:
        hash(x)
    except TypeError:
        return id(x)
    return (type(x), x)


def _site() -> str:
    """Which op, or whose derivative, on which line of the user a step comes from."""
    op, frame = "", sys._getframe(2)
    while frame.f_back is not None and _is_ours(frame):
        if not op and frame.f_code is apply.__code__:
            op = frame.f_locals["op"].name.strip("_")
        if frame.f_code is walk.__code__:
            op = f"derivative of {frame.f_locals['op'].name.strip('_')}"
        frame = frame.f_back
    line = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
    return f"{op}, {line}" if op else line


def user_line() -> str:
    """File, line and text of the innermost call from outside of mlkit."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame):
        frame = frame.f_back
    file, line = frame.f_code.co_filename, frame.f_lineno
    return f"{Path(file).name}:{line}: `{linecache.getline(file, line).strip()}`"


def _is_ours(frame: Any) -> bool:
    """Whether it runs code of mlkit or NumPy, or what mlkit wrote for an op."""
    root = frame.f_globals.get("__name__", "").partition(".")[0]
    return root in ("mlkit", "numpy", "contextlib", "functools") or (
        frame.f_code.co_filename == "<string>"
    )
