"""Steps as one straight-line Python function: a line for each, or a few."""

from types import MethodDescriptorType
from typing import Any

import numpy as np

from mlkit.jit.memory import Memory
from mlkit.jit.trace import Step, shape_of
from mlkit.jit.view import reversed_axes

__all__ = ["Emitter"]

_SHORT = 64  # rows up to here are reduced slowly, one after the other, by NumPy


class Emitter(Memory):
    """Writes the program."""

    def source(self, name: str) -> str:
        """The whole program: buffers, then the function."""
        for step in self.results:
            base = step.base
            if base.kind not in ("input", "constant", "call") and base not in self._fresh:
                self._fresh[base] = f"out{len(self._fresh) + 1}"
        self._continue_fresh()
        for n, step in enumerate(self.steps):
            self._emit(n, step)
            self._release(n, step)
        for old, new in self.writes:
            if self.place(new) != self.place(old):
                self.lines.add(f"copyto({self.place(old)}, {self.place(new)})", new, told=False)
        taken: set[Step] = set()
        given = [self._result(step, taken) for step in self.results]
        return self.lines.program(name, [self._where[x] for x in self.inputs], given)

    def _emit(self, n: int, step: Step) -> None:
        if step.kind != "view":  # views are made where they are read
            getattr(self, f"_{step.kind}")(n, step)

    def _elementwise(self, n: int, step: Step) -> None:
        x = step.operands
        if step.function is np.where:
            self._choice(n, step)
            return
        operands = [self.place(a) for a in self._as_arrays(self._with_numbers(step), step)]
        large = int(np.prod(step.shape)) > 1  # for one number, looking for overlap takes longer
        over = x if large else [a for a in x if a in self._written]
        out = self.target(n, step, over, any(self._is_turned(a, step) for a in x))
        into = "out=" if step.function in (np.maximum, np.minimum) else ""  # as NumPy wants it
        name = self.lines.function(step.function)
        self.lines.add(f"{name}({', '.join(operands)}, {into}{out})", step)

    def _is_turned(self, x: Any, step: Step) -> bool:
        """Whether it is a matrix like the step's, laid out column after column."""
        if not isinstance(x, Step) or x.shape != step.shape or len(x.shape) != 2:
            return False
        if x in self._arrays:
            return not self._arrays[x].flags.c_contiguous and self._arrays[x].flags.f_contiguous
        return x.kind == "view" and x.function is reversed_axes and x.operands[0].kind == "input"

    def _with_numbers(self, step: Step) -> list[Any]:
        """The operands, an array of equal numbers as one number if the others have the shape."""
        operands = list(step.operands)
        for i, x in enumerate(operands):
            others = [shape_of(a) for a in (*operands[:i], *operands[i + 1 :])]
            ours = isinstance(x, Step) and x.kind == "constant" and not x.text and x.shape
            if ours and np.broadcast_shapes(*others) == step.shape and _uniform(x.value):
                number = np.asarray(x.value.reshape(-1)[0])
                operands[i] = Step("constant", None, (), {}, number)
        return operands

    def _as_arrays(self, operands: list[Any], step: Step) -> list[Any]:
        """The operands, with plain numbers as arrays in the dtype that NumPy computes in."""
        kinds = [a.dtype if isinstance(a, Step) else _weak(a) for a in operands]
        if all(isinstance(a, Step) for a in operands) or any(k is None for k in kinds):
            return operands
        loop = step.function.resolve_dtypes((*kinds, None))
        return [
            a if isinstance(a, Step) else Step("constant", None, (), {}, np.asarray(a, d))
            for a, d in zip(operands, loop, strict=False)
        ]

    def _choice(self, n: int, step: Step) -> None:
        condition, _, y = step.operands
        if not (isinstance(condition, Step) and condition.dtype == bool):
            self._call(n, step)
            return
        texts = [self.place(condition), *map(self.place, self._with_numbers(step)[1:])]
        out = self.target(n, step, [y])
        if out != texts[2]:
            self.lines.add(f"copyto({out}, {texts[2]})", step)
        self.lines.add(f"copyto({out}, {texts[1]}, where={texts[0]})", step)

    def _reduce(self, n: int, step: Step) -> None:
        (x,), axes, function = step.operands, step.options["axis"], step.function.__self__
        floats = x.dtype.char in "fd" and x.dtype == step.dtype and 0 not in x.shape
        short = axes == (len(x.shape) - 1,) and len(x.shape) > 1 and x.shape[-1] <= _SHORT
        if floats and function is np.add and axes == (0,) and len(x.shape) == 2:
            self._dot_with_ones(n, step, self.place(x), x.shape[0], first=True)
        elif floats and short and function is np.add and self._is_plain(x):
            rows = self.lines.once(f"{self.place(x)}.reshape(-1, {x.shape[-1]})", self.place(x))
            self._dot_with_ones(n, step, rows, x.shape[-1], first=False)
        elif floats and short and function is np.maximum and len(x.shape) == 2:
            self._reduce_turned(n, step)
        else:
            axis, text = axes[0] if len(axes) == 1 else axes, self.place(x)
            keep = ", True" if step.options["keepdims"] else ""
            name = self.lines.function(function)
            out = self.target(n, step)
            self.lines.add(f"{name}.reduce({text}, {axis}, None, {out}{keep})", step)

    def _is_plain(self, x: Step) -> bool:
        """Whether it lies in a static buffer, row after row."""
        self.place(x)
        return x in self._arrays and self._arrays[x].flags.c_contiguous

    def _dot_with_ones(self, n: int, step: Step, text: str, length: int, first: bool) -> None:
        """A sum as a matrix product, which takes a third of the time."""
        ones = self.lines.once(f"ones({length}, {str(step.dtype)!r})", "ones")
        pair = f"{ones}, {text}" if first else f"{text}, {ones}"
        self.lines.add(f"dot({pair}, {self._row(self.target(n, step), step)})", step)

    def _reduce_turned(self, n: int, step: Step) -> None:
        """Along memory, over the rows of a transposed copy."""
        (x,) = step.operands
        column = Step("copy", None, (), {}, np.empty(x.shape[::-1], x.dtype))
        text, turned = self.place(x), self._buffer(column)
        self.lines.add(f"copyto({turned}, {text}.T)", step)
        out = self._row(self.target(n, step), step)
        self.lines.add(f"{self.lines.function(np.maximum)}.reduce({turned}, 0, None, {out})", step)
        self._free(column)

    def _row(self, out: str, step: Step) -> str:
        """The result as a vector."""
        if len(step.shape) == 1:
            return out
        if step in self._arrays:
            return self.lines.once(f"{out}.reshape(-1)", out)
        return f"{out}.reshape(-1)"

    def _product(self, n: int, step: Step) -> None:
        x, y = (self.place(a) for a in step.operands)
        name = self.lines.function(step.function)
        self.lines.add(f"{name}({x}, {y}, {self.target(n, step)})", step)

    def _copy(self, n: int, step: Step) -> None:
        (x,) = step.operands
        text = self.place(x)
        unsafe = ", 'unsafe'" if step.options else ""
        self.lines.add(f"copyto({self.target(n, step)}, {text}{unsafe})", step)

    def _change(self, n: int, step: Step) -> None:
        old, index, value = step.operands
        text, at, put = self.place(old), self.place(index), self.place(value)
        out = self.target(n, step, [old])
        if out != text:
            self.lines.add(f"copyto({out}, {text})", step)
        seen, array = out, self._arrays.get(step)
        for how in step.options["how"]:
            array = None if array is None else how(array)
            seen = how.template.format(seen)
        if array is not None and step.options["how"]:
            seen = self.lines.once(seen, out)
        if "at" in step.options:
            name = self.lines.function(step.options["at"].__self__)
            self.lines.add(f"{name}.at({seen}, {at}, {put})", step)
        elif index is ...:
            self.lines.add(f"copyto({seen}, {put}, 'unsafe')", step)
        else:
            self.lines.add(f"{seen}[{at}] = {put}", step)

    def _call(self, n: int, step: Step) -> None:
        text = self._call_text(step)
        self._where[step] = self.lines.now(text, step)

    def _fill(self, n: int, step: Step) -> None:
        text = self._call_text(step)
        self.lines.add(f"{text[:-1]}, out={self.target(n, step)})", step)

    def _effect(self, n: int, step: Step) -> None:
        self.lines.add(self._call_text(step), step)

    def _call_text(self, step: Step) -> str:
        arguments = [self.place(a) for a in step.operands]
        if getattr(step.function, "__name__", "") == "getitem":
            return f"{arguments[0]}[{arguments[1]}]"
        if isinstance(step.function, MethodDescriptorType):
            return f"{arguments[0]}.{step.function.__name__}({', '.join(arguments[1:])})"
        arguments += [f"{name}={self.place(a)}" for name, a in step.options.items()]
        return f"{self.lines.function(step.function)}({', '.join(arguments)})"


def _weak(x: Any) -> Any:
    """The kind of a plain number, which takes the dtype of what it meets."""
    return np.dtype(bool) if isinstance(x, bool) else type(x)


def _uniform(x: np.ndarray) -> bool:
    """Whether all elements are one number."""
    return bool(x.size) and bool((x == x.reshape(-1)[0]).all())
