"""The text of a program, and the objects that its names stand for."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np

from mlkit import device

__all__ = ["Lines"]


class Lines:
    """before: what is done once; the body: what is done at each replay."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {
            "array": np.array,
            "broadcast_to": np.broadcast_to,
            "copyto": np.copyto,
            "dot": np.dot,
            "empty": np.empty,
            "ones": np.ones,
            "quiet": device.quiet,
        }
        self._before: list[str] = []
        self._body: list[tuple[str, str, bool]] = []
        self._once: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._constants: dict[Any, str] = {}
        self._kept: list[Any] = []

    def before(self, line: str) -> None:
        """A line that is done once."""
        self._before.append(line)

    def add(self, line: str, step: Any, told: bool = True) -> None:
        """A line of the body, with where it comes from if it is to be told."""
        self._body.append((line, step.site if told else "", step.quiet))

    def now(self, text: str, step: Any) -> str:
        """A name for what is worked out at each replay."""
        name = self._new("v")
        self.add(f"{name} = {text}", step)
        return name

    def once(self, text: str, prefix: str) -> str:
        """A name for what is worked out once, before all replays."""
        if text not in self._once:
            prefix = prefix.partition("_")[0]
            name = self._once[text] = self._new(prefix if prefix == "c" else f"{prefix}_")
            self._before.append(f"{name} = {text}")
        return self._once[text]

    def function(self, function: Any) -> str:
        """A name for a function."""
        name = function.__name__
        if self.names.setdefault(name, function) is not function:
            others = (f"{name}_{i}" for i in count(2))
            name = next(n for n in others if self.names.setdefault(n, function) is function)
        return name

    def constant(self, value: Any) -> str:
        """A name for an object; small arrays are written out."""
        if isinstance(value, np.ndarray) and not value.ndim and value.dtype.kind in "fiub":
            return self.once(f"array({_number(value.item())}, {str(value.dtype)!r})", "c")
        if id(value) not in self._constants:
            self._kept.append(value)
            name = self._constants[id(value)] = self._new("c")
            self.names[name] = value
            what = f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else repr(value)
            self._before.append(f"# {name}: {what:.80}, a constant")
        return self._constants[id(value)]

    def text(self, x: Any, place: Callable[[Any], str]) -> str:
        """An operand that is no step, as source."""
        if isinstance(x, tuple):
            parts = [place(i) for i in x]
            return f"({', '.join(parts)}{',' * (len(parts) == 1)})"
        if isinstance(x, list):
            return f"[{', '.join(place(i) for i in x)}]"
        if isinstance(x, slice):
            return f"slice({x.start}, {x.stop}, {x.step})"
        if x is None or x is ... or type(x) in (bool, int, str):
            return "..." if x is ... else repr(x)
        if type(x) is float:
            return _number(x)
        if isinstance(x, np.dtype):
            return repr(str(x))
        return self.constant(x)

    def program(self, name: str, arguments: Sequence[str], results: Sequence[str]) -> str:
        """The text of it all."""
        body, quiet_before = [], False
        for line, site, quiet in self._body:
            if quiet and not quiet_before:
                body.append("    with quiet():")
            quiet_before = quiet
            body.append(f"    {'    ' * quiet}{line}" + (f"  # {site}" if site else ""))
        body.append(f"    return ({', '.join(results)}{',' * (len(results) == 1)})")
        head = f"def {name}({', '.join(arguments)}):"
        return "\n".join([*self._before, "", head, *body, ""])

    def _new(self, prefix: str) -> str:
        self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{self._counts[prefix]}"


def _number(x: Any) -> str:
    return repr(x) if x == x and abs(x) != float("inf") else f"float({str(x)!r})"
