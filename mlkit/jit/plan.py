"""One run of a function, traced and compiled: what a call of the same kind replays."""

import keyword
import re
from collections.abc import Callable, Iterator
from inspect import Parameter, signature
from operator import itemgetter
from typing import Any

import numpy as np

from mlkit.engine import Tensor
from mlkit.jit.around import Around
from mlkit.jit.emit import Emitter
from mlkit.jit.nest import builder, names, objects, rebuild
from mlkit.jit.place import Argument, Place
from mlkit.jit.trace import Step, Trace, TraceError, active
from mlkit.jit.tracer import Tracer

__all__ = ["Plan"]


class Plan:
    """A compiled run: `source` is its program, `run` replays it."""

    pull: Any = None  # the compiled derivative, when it is needed

    def __init__(
        self, function: Callable[..., Any], args: tuple, options: dict, fixed: dict[int, Any]
    ):
        self.function = function
        self.recorded: list[bool] = []  # for each tensor of the result
        name = re.sub(r"\W", "_", getattr(function, "__name__", "")).strip("_")
        self._name = name if name.isidentifier() and not keyword.iskeyword(name) else "replay"
        self._trace = Trace()
        self._inputs: list[Tracer] = []  # one for each leaf of the arguments
        self._aliases: list[Any] = []
        self._results: list[Step] = []
        self._sets: list[tuple[Place, int | None]] = []  # where to put which of the results
        self._grads: list[tuple[int, int]] = []  # of which argument it is the grad
        self._around = Around(function, (*objects((args, options)), fixed))
        self._trace.outside = dict(self._around.arrays)
        self.wraps = False
        result = self._run(function, args, options, fixed)
        self._compile(result)

    def _run(self, function: Any, args: tuple, options: dict, fixed: dict[int, Any]) -> Any:
        tensors = self._around.tensors
        before = [(t, t._data, t.grad, t.node) for t in tensors]
        attributes = [(place, key, place[key]) for place, key in self._around.attributes]
        called = _called(function, args, options)
        args, options = rebuild((args, options), lambda x: self._alias(x, next(called)))
        args = tuple(fixed.get(i, x) for i, x in enumerate(args))
        outer, active.trace = active.trace, self._trace
        try:
            self._places = self._lift()
            result = function(*args, **options)
            self._check()
            self._note_updates(before)
            self._leaves: list[tuple[int | None, bool]] = []
            builder(result, self._note)
        finally:
            active.trace = outer
            for t, data, grad, node in before:
                t._data, t.grad, t.node = data, grad, node
            for place, key, array in attributes:
                place[key] = array
            self._trace.close()
        return result

    def _new_input(self, value: Any, name: str) -> Tracer:
        name = re.sub(r"\W", "_", name) or "x"
        name = f"x{name}" if not name.isidentifier() or keyword.iskeyword(name) else name
        taken = {step.text for step in self._trace.steps}
        while name in taken:
            name += "_"
        return Tracer(self._trace, self._trace.input(value, name))

    def _alias(self, x: Any, name: str) -> Any:
        """What the function sees in place of a leaf of its arguments."""
        tracer = self._new_input(x._data if isinstance(x, Tensor) else x, name)
        self._inputs.append(tracer)
        if type(x) is float:
            return tracer
        if isinstance(x, Tensor):
            self.wraps = True
            alias = Tensor(tracer, requires_grad=x.node is not None)
        else:
            alias = Argument(tracer)
        self._aliases.append((len(self._inputs) - 1, alias, tracer, tracer.step))
        return alias

    def _lift(self) -> list[Place]:
        """A tracer for each array that the surroundings hold in tensors and attributes."""
        tracers: dict[int, Tracer] = {}
        places = []

        def lifted(array: Any, name: str) -> Tracer:
            if id(array) not in tracers:
                tracers[id(array)] = self._new_input(array, name)
            return tracers[id(array)]

        for t in self._around.tensors:
            name = self._around.labels.get(id(t), "state")
            t._data = lifted(t._data, name)
            places.append(Place(t, "data", t._data))
            if t.grad is not None:
                t.grad = Tensor(lifted(t.grad._data, f"{name}_grad"))
                places.append(Place(t, "grad", t.grad._data))
        for place, key in self._around.attributes:
            place[key] = lifted(place[key], key)
            places.append(Place(place, key, place[key]))
        self._trace.state = {p.step for p in places}
        return places

    def _check(self) -> None:
        """Raise for what the function did besides computing its result."""
        for what, now in self._around.changes():
            kept = "a traced value" if any(map(_is_traced, _leaves(now))) else f"{now!r:.40}"
            raise TraceError(
                f"jit: {self._name} keeps {kept} in {what}: that is done when it is traced, "
                "and not at every call; return it instead, or close over a Tensor and set its data"
            )
        for generator, state in self._around.generators:
            if generator.bit_generator.state != state:
                generator.bit_generator.state = state
                raise TraceError(
                    f"jit: {self._name} draws random numbers, which would be the same at every "
                    "call; draw them outside and give them as an argument"
                )
        for _, alias, tracer, step in self._aliases:
            if alias._data is not tracer or tracer.step is not step:
                raise TraceError(
                    f"jit: {self._name} updates its argument {step.text} in place; return the new "
                    "value, or close over the tensor: then it is updated at every call"
                )

    def _note_updates(self, before: list[Any]) -> None:
        """Which places hold another array or value after the run than before."""
        self._writes: list[tuple[Step, Step]] = []
        self._touched: list[Place] = []
        for place in self._places:
            if place.key == "grad" and type(place.owner) is not dict and place.owner.grad is None:
                self._sets.append((place, None))
                continue
            now, tracer = place.get(), place.tracer
            now = now._data if isinstance(now, Tensor) else now
            if now is not tracer:
                self._sets.append((place, self._keep(now)))
            elif tracer.step is not place.step:
                self._touched.append(place)
                if (place.step, tracer.step) not in self._writes:
                    self._writes.append((place.step, tracer.step))
        for t, _, grad, _ in before:
            if grad is None and t.grad is not None:
                place = Place(t, "grad", t.grad._data)
                self._sets.append((place, self._keep(t.grad._data)))
        for i, alias, _, _ in self._aliases:
            if alias.grad is not None:
                self._grads.append((i, self._keep(alias.grad._data)))

    def _keep(self, data: Any) -> int:
        """The place among the results of a value."""
        step = data.step if isinstance(data, Tracer) else self._trace.constant(np.asarray(data))
        self._trace.check_state((step,))
        self._results.append(step)
        return len(self._results) - 1

    def _note(self, x: Any) -> None:
        """Where a leaf of the result is among all results; None if it is always the same."""
        data = x._data if isinstance(x, Tensor) else x
        there = isinstance(data, Tracer | np.ndarray | np.generic)
        self._leaves.append((self._keep(data) if there else None, isinstance(x, Tensor)))
        if isinstance(x, Tensor):
            self.recorded.append(x.node is not None)

    def _getter(self, leaf: tuple[int | None, bool]) -> Any:
        """The function that takes a leaf out of all results."""
        place, tensor = leaf
        if place is None:
            return None
        return (
            (lambda results: Tensor(results[place])) if tensor and self.wraps else itemgetter(place)
        )

    def _compile(self, result: Any) -> None:
        inputs = [x._step for x in self._inputs] + [p.step for p in self._places]
        emitter = Emitter(
            self._trace.steps, list(dict.fromkeys(inputs)), self._results, self._writes
        )
        self._given = [i for i, x in enumerate(self._inputs) if x._step in emitter.used]
        found = {p.step: p for p in reversed(self._places) if p.step in emitter.used}
        self._read = [found[step] for step in dict.fromkeys(inputs) if step in found]
        self.wraps = self.wraps or bool(found)
        self._tensors_given = any(type(a) is Tensor for _, a, _, _ in self._aliases)
        leaves = iter(self._leaves)
        self._build = builder(result, lambda leaf: self._getter(next(leaves)))
        if not self.wraps or self._sets or self._grads or self._writes or self._trace.updates:
            self.recorded = []
        self.source = emitter.source(self._name)
        scope = emitter.lines.names
        exec(compile(self.source, f"<jit {self._name}>", "exec"), scope)
        self._replay = scope[self._name]
        self._hold = self._around.guards(self._trace.changing)
        self._signature = [
            (t, t._data.shape, t._data.dtype, t.node is None, t.grad is None)
            for t in self._around.tensors
        ]
        self._held = [
            (p.owner, p.key, p.step.shape, p.step.dtype)
            for p in self._places
            if type(p.owner) is dict
        ]
        self._forget()

    def _forget(self) -> None:
        """Let go of what only tracing needed: the steps, and the arrays of the first call."""
        for place in {*self._places, *(place for place, _ in self._sets)}:
            del place.tracer, place.step
        del self._trace, self._around, self._inputs, self._aliases, self._results, self._writes
        del self._places, self._leaves

    # at every call

    def fits(self) -> bool:
        """Whether the surroundings are as they were when this was traced."""
        for owner, key, shape, dtype in self._held:
            array = owner.get(key)
            if type(array) is not np.ndarray or array.shape != shape or array.dtype != dtype:
                return False
        for t, shape, dtype, plain, no_grad in self._signature:
            data = t._data
            if (
                data.shape != shape
                or data.dtype != dtype
                or (t.node is None) is not plain
                or (t.grad is None) is not no_grad
            ):
                return False
        return self._hold()

    def state(self) -> list[Tensor]:
        """The tensors of the surroundings that it reads and that can be differentiated."""
        tensors = (p.owner for p in self._read if type(p.owner) is not dict and p.key == "data")
        return [t for t in tensors if t.node is not None]

    def sources(self, leaves: list[Any]) -> list[Tensor]:
        """What the result can be differentiated by."""
        given = [x for x in leaves if isinstance(x, Tensor) and x.node is not None]
        return [*given, *self.state()] if any(self.recorded) else []

    def run(self, leaves: list[Any]) -> Any:
        """Replay with the leaves of the arguments."""
        if self._tensors_given:
            leaves_now = [x._data if isinstance(x, Tensor) else x for x in leaves]
            values = [leaves_now[i] for i in self._given]
        else:
            values = [leaves[i] for i in self._given]
        results = self._replay(*values, *[p.get() for p in self._read])
        for place in self._touched:
            if place.key == "data":
                place.set(place.get())
        for place, i in self._sets:
            place.set(None if i is None else results[i])
        for leaf, i in self._grads:
            leaves[leaf].grad = Tensor(results[i])
        return self._build(results)


def _is_traced(x: Any) -> bool:
    return isinstance(x._data if isinstance(x, Tensor) else x, Tracer)


def _leaves(x: Any) -> Iterator[Any]:
    if isinstance(x, dict):
        x = list(x.values())
    if isinstance(x, list | tuple | set):
        for part in x:
            yield from _leaves(part)
    else:
        yield x


def _called(function: Any, args: tuple, options: dict) -> Iterator[str]:
    """A name for each leaf of the arguments, in order, from the names of parameters and keys."""
    positional: list[str] = []
    try:
        for p in signature(function).parameters.values():
            if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
                positional.append(p.name)
    except (TypeError, ValueError):  # no signature: a built-in
        pass
    for i, x in enumerate(args):
        yield from names(x, positional[i] if i < len(positional) else f"x{i}")
    for key, x in options.items():
        yield from names(x, key)
