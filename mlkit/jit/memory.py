"""Where every value of a program lives, and how long.

A value lives in a static buffer, used again when its last reader is done; what is returned gets an
array of its own at each replay. Elementwise steps write over an operand that nobody reads again.
Views of static buffers are made once.
Names: t buffers, c constants, v what a call gave or a view of an argument, out results.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlkit.jit.lines import Lines
from mlkit.jit.rewrite import rewrite
from mlkit.jit.trace import Step, steps_in

__all__ = ["Memory"]

_LARGE = 1_000_000  # elements of a constant that is better left repeated than written out


class Memory:
    """A place for the value of every step that is needed.

    inputs: the steps that come as arguments. results: what is returned. writes: pairs of an input
    and the step whose value its array must hold afterwards.
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
        self._homes: dict[str, tuple[str, np.ndarray]] = {}  # of turned buffers, as they were made
        self._buffers = 0

    def _continue_fresh(self) -> None:
        """What is changed in place into a result is made in the result's memory to begin with."""
        for n, step in reversed(list(enumerate(self.steps))):
            old = step.operands[0] if step.kind == "change" else step
            made_here = old.kind in ("elementwise", "reduce", "product", "copy", "change")
            fits = made_here and (old.shape, old.dtype) == (step.shape, step.dtype)
            if step in self._fresh and old not in self._fresh and fits and self._last[old] == n:
                self._fresh[old] = self._fresh[step]

    def _result(self, step: Step, taken: set[Step]) -> str:
        """The expression that is returned: memory that nobody else has."""
        base, text = step.base, self.place(step)
        shared = base in taken or base.kind in ("input", "constant")
        taken.add(base)
        if step.dtype is None:  # a plain number, given back as it came
            return text
        if not step.shape:
            return f"{text}[()]"
        return f"{text}.copy()" if shared else text

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
            if self._last.get(base) == n and base in self._arrays and base not in self._gone:
                self._free(base)

    def _free(self, step: Step) -> None:
        """Its buffer may hold another value from now on."""
        array = self._arrays[step]
        self._gone.add(step)
        home = self._homes.get(self._where[step], (self._where[step], array))
        self._pool.setdefault((array.size, array.dtype), []).append(home)

    # places

    def place(self, x: Any) -> str:
        """The expression for an operand."""
        if not isinstance(x, Step):
            return self.lines.text(x, self.place)
        if x not in self._where:
            if x.kind == "constant":
                ours = not x.text
                self._where[x] = self.lines.constant(_stored(x.value) if ours else x.value)
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

    def target(self, n: int, step: Step, over: Sequence[Any] = (), turned: bool = False) -> str:
        """Where step n puts its result; over: operands that it may be written over.

        turned: whether a matrix is best laid out column after column.
        """
        if step in self._fresh:
            name = self._where[step] = self._fresh[step]
            if any(isinstance(x, Step) and self._where.get(x) == name for x in over):
                return name
            self.lines.add(f"{name} = empty({step.shape}, {str(step.dtype)!r})", step, told=False)
            return name
        for x in over:
            if isinstance(x, Step) and self._dies(n, step, x):
                self._gone.add(x)
                self._where[step] = self._where[x]
                if x in self._arrays:
                    self._arrays[step] = self._arrays[x]
                return self._where[step]
        return self._turned_buffer(step) if turned else self._buffer(step)

    def _turned_buffer(self, step: Step) -> str:
        """A static buffer for a matrix, column after column."""
        across = Step("copy", None, (), {}, np.empty(step.shape[::-1], step.dtype))
        made = self._buffer(across)
        name = self._where[step] = self.lines.once(f"{made}.T", made)
        self._homes[name] = (made, self._arrays[across])
        self._arrays[step] = self._arrays[across].T
        return name

    def _dies(self, n: int, step: Step, x: Step) -> bool:
        """Whether the operand's memory fits and may be written over by step n."""
        owned = x in self._arrays or x in self._written
        alone = x not in self._gone and self._last.get(x) == n
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


def _stored(x: Any) -> Any:
    """A constant in memory as loops run through it fastest, unless it is large."""
    spread = isinstance(x, np.ndarray) and 0 in x.strides and 1 < x.size <= _LARGE
    return np.ascontiguousarray(x) if spread else x
