"""Steps as one straight-line Python function, with a place for every value.

A value lives in a static buffer, used again when its last reader is done; what is returned gets an
array of its own at each replay. Elementwise steps write over an operand that nobody reads again.
Views of static buffers are made once. Names: t buffers, c constants, v what a call gave, out results.
"""

from collections.abc import Sequence
from types import MethodDescriptorType
from typing import Any

import numpy as np

from mlkit.jit.lines import Lines
from mlkit.jit.rewrite import rewrite
from mlkit.jit.trace import Step, steps_in

__all__ = ["Emitter"]

_LARGE = 1_000_000  # elements of a constant that is better left repeated than written out


class Emitter:
    """inputs: the steps that come as arguments. results: what is returned. writes: pairs of an
    input and the step whose value its array must hold afterwards.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        inputs: Sequence[Step],
        results: Sequence[Step],
        writes: Sequence[tuple[Step, Step]],
    ):
        self.results, self.writes = list(results), list(writes)
        self.lines = Lines()
        kept = [*self.results, *(new for _, new in self.writes)]
        self.steps = self._needed(rewrite(self._needed(steps), kept))
        self.inputs = [x for x in inputs if x in self.used]
        self._last = self._last_uses()
        self._written = {old for old, _ in writes}
        self._final = {new: old for old, new in writes}
        self._fresh: dict[Step, str] = {}
        self._pool: dict[Any, list[Any]] = {}
        self._gone: set[Step] = set()  # their memory belongs to another step now
        self._where: dict[Step, str] = {x: x.text for x in inputs}
        self._arrays: dict[Step, np.ndarray] = {}  # stand-ins for static buffers, to ask of layout
        self._buffers = 0

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
                self.lines.add(f"copyto({self.place(old)}, {self.place(new)})", "update")
        given = []
        taken: set[Step] = set()
        for step in self.results:
            given.append(self._result(step, taken))
        return self.lines.program(name, [self._where[x] for x in self.inputs], given)

    def _continue_fresh(self) -> None:
        """What is changed in place into a result is made in the result's memory to begin with."""
        for n, step in reversed(list(enumerate(self.steps))):
            old = step.operands[0] if step.kind == "change" else step
            made_here = old.kind in ("elementwise", "reduce", "product", "copy", "change")
            if step in self._fresh and made_here and old not in self._fresh:
                if self._last[old] == n and (old.shape, old.dtype) == (step.shape, step.dtype):
                    self._fresh[old] = self._fresh[step]

    def _result(self, step: Step, taken: set[Step]) -> str:
        """The expression that is returned: memory that nobody else has."""
        base, text = step.base, self.place(step)
        shared = base in taken or base.kind in ("input", "constant") or base in self._gone
        taken.add(base)
        if not step.shape:
            return f"{text}[()]"
        return f"{text}.copy()" if shared or self._is_state(text) else text

    def _is_state(self, text: str) -> bool:
        return any(text == self._where[x] for x in self.inputs)

    # what is needed, and how long

    def _needed(self, steps: Sequence[Step]) -> list[Step]:
        """The steps that a result, a write or an effect depends on, in order."""
        needed = {*self.results, *(step for pair in self.writes for step in pair)}
        kept = []
        for step in reversed(steps):
            if step in needed or step.kind == "effect":
                kept.append(step)
                needed.update(steps_in((step.operands, step.options)))
        self.used = needed
        return [step for step in reversed(kept) if step.kind not in ("input", "constant")]

    def _last_uses(self) -> dict[Step, int]:
        """The number of the last step that reads the memory of each step."""
        last = {}
        for n, step in enumerate(self.steps):
            for operand in steps_in((step.operands, step.options)):
                last[operand.base] = n
        for step in [*self.results, *(new for _, new in self.writes)]:
            last[step.base] = len(self.steps)
        return last

    def _release(self, n: int, step: Step) -> None:
        """Give back the buffers that step n was the last to read."""
        for base in {x.base for x in steps_in((step.operands, step.options))}:
            array = self._arrays.get(base)
            if self._last.get(base) == n and array is not None and base not in self._gone:
                self._gone.add(base)
                self._pool.setdefault((array.size, array.dtype), []).append(
                    (self._where[base], array)
                )

    # places

    def place(self, x: Any) -> str:
        """The expression for an operand."""
        if not isinstance(x, Step):
            return self.lines.text(x, self.place)
        if x not in self._where:
            if x.kind == "constant":
                self._where[x] = self.lines.constant(_stored(x.value) if x.text is None else x.value)
            else:
                self._view(x)
        return self._where[x]

    def _view(self, step: Step) -> None:
        """A view: made once of a static buffer, else at each replay."""
        parent = step.operands[0]
        text = step.function.template.format(self.place(parent))
        base = step.base
        array = self._arrays.get(parent)
        if base.kind == "constant":
            self._where[step] = self.lines.once(text, "c")
        elif array is not None and self._looks(step, array):
            self._where[step] = self.lines.once(text, self._where[base])
        else:
            self._where[step] = self.lines.now(text, step)

    def _looks(self, step: Step, array: np.ndarray) -> bool:
        """Whether the view is one of the static buffer, not a copy. Notes its layout."""
        seen = step.function(array)
        if array.size and not np.may_share_memory(seen, array):
            return False
        self._arrays[step] = seen
        return True

    def target(self, n: int, step: Step, over: Sequence[Any] = ()) -> str:
        """Where step n puts its result; over: operands that it may be written over."""
        if step in self._fresh:
            name = self._where[step] = self._fresh[step]
            if any(isinstance(x, Step) and self._where.get(x) == name for x in over):
                return name
            self.lines.add(f"{name} = empty({step.shape}, {str(step.dtype)!r})", "")
            return name
        for x in over:
            if isinstance(x, Step) and self._dies(n, step, x):
                self._gone.add(x)
                self._where[step] = self._where[x]
                if x in self._arrays:
                    self._arrays[step] = self._arrays[x]
                return self._where[step]
        return self._buffer(step)

    def _dies(self, n: int, step: Step, x: Step) -> bool:
        """Whether the operand's memory fits and may be written over by step n."""
        owned = x in self._arrays or x in self._written
        alone = x.kind != "view" and x not in self._gone and self._last.get(x) == n
        if x.kind == "input" and self._final.get(step, x) is not x:
            return False  # its array is to hold another value in the end
        return owned and alone and (x.shape, x.dtype) == (step.shape, step.dtype)

    def _buffer(self, step: Step) -> str:
        """A static buffer, one that is free or a new one."""
        size = int(np.prod(step.shape))
        free = self._pool.get((size, step.dtype))
        if free:
            name, array = free.pop()
            if array.shape != step.shape:
                array = array.reshape(step.shape)
                name = self.lines.once(f"{name}.reshape({step.shape})", name)
        else:
            self._buffers += 1
            name, array = f"t{self._buffers}", np.empty(step.shape, step.dtype)
            self.lines.before(f"{name} = empty({step.shape}, {str(step.dtype)!r})")
        self._where[step], self._arrays[step] = name, array
        return name

    # one step

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
        out = self.target(n, step, x if large else [a for a in x if a in self._written])
        into = "out=" if step.function in (np.maximum, np.minimum) else ""  # as NumPy wants it
        name = self.lines.function(step.function)
        self.lines.add(f"{name}({', '.join(operands)}, {into}{out})", step)

    def _with_numbers(self, step: Step) -> list[Any]:
        """The operands, an array of equal numbers as one number if the others have the shape."""
        operands = list(step.operands)
        for i, x in enumerate(operands):
            others = [np.shape(a) if not isinstance(a, Step) else a.shape
                      for k, a in enumerate(operands) if k != i]
            ours = isinstance(x, Step) and x.kind == "constant" and x.text is None
            if ours and x.shape and others:
                if np.broadcast_shapes(*others) == step.shape and _uniform(x.value):
                    number = x.value.reshape(-1)[0]
                    operands[i] = Step("constant", None, (), {}, np.asarray(number))
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
        condition, x, y = step.operands
        if not (isinstance(condition, Step) and condition.dtype == bool):
            self._call(n, step)
            return
        texts = [self.place(condition), *map(self.place, self._with_numbers(step)[1:])]
        out = self.target(n, step, [y])
        if out != texts[2]:
            self.lines.add(f"copyto({out}, {texts[2]})", step)
        self.lines.add(f"copyto({out}, {texts[1]}, where={texts[0]})", step)

    def _reduce(self, n: int, step: Step) -> None:
        (x,), axes = step.operands, step.options["axis"]
        text, array = self.place(x), self._arrays.get(x)
        function, width = step.function.__self__, x.shape[-1] if x.shape else 0
        floats = x.dtype.char in "fd" and x.dtype == step.dtype and 0 < int(np.prod(x.shape))
        plain = array is not None and array.flags.c_contiguous and len(x.shape) > 1
        last, short = axes == (len(x.shape) - 1,), width <= 64
        if floats and function is np.add and axes == (0,) and len(x.shape) == 2:
            ones = self.lines.once(f"ones({x.shape[0]}, {str(x.dtype)!r})", "ones")
            self.lines.add(f"dot({ones}, {text}, {self._row(self.target(n, step), step)})", step)
        elif floats and plain and last and short and function is np.add:
            ones = self.lines.once(f"ones({width}, {str(x.dtype)!r})", "ones")
            rows = self.lines.once(f"{text}.reshape(-1, {width})", text)
            self.lines.add(f"dot({rows}, {ones}, {self._row(self.target(n, step), step)})", step)
        elif floats and last and short and len(x.shape) == 2 and function is np.maximum:
            column = Step("copy", None, (), {}, None)
            column.shape, column.dtype = x.shape[::-1], x.dtype
            turned = self._buffer(column)
            self.lines.add(f"copyto({turned}, {text}.T)", step)
            out = self._row(self.target(n, step), step)
            name = self.lines.function(function)
            self.lines.add(f"{name}.reduce({turned}, 0, None, {out})", step)
            array = self._arrays[column]
            self._pool.setdefault((array.size, array.dtype), []).append((turned, array))
        else:
            axis = axes[0] if len(axes) == 1 else axes
            keep = f", {step.options['keepdims']}" if step.options["keepdims"] else ""
            name = self.lines.function(function)
            self.lines.add(f"{name}.reduce({text}, {axis}, None, {self.target(n, step)}{keep})", step)

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


def _stored(x: Any) -> Any:
    """A constant in memory as loops run through it fastest, unless it is large."""
    spread = isinstance(x, np.ndarray) and 0 in x.strides and 1 < x.size <= _LARGE
    return np.ascontiguousarray(x) if spread else x
