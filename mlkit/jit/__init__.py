"""jit: run a function once, write the run down as straight-line Python, and replay that.

A run is traced for each kind of arguments: shapes, dtypes, nesting, and the values of everything
that is no array and no float. Tensors that the function closes over are state: read at every call,
and updated where the function updates them. All else that it closes over counts as constant.
"""

from collections.abc import Callable, Sequence
from functools import partial, update_wrapper
from threading import RLock
from types import MethodType
from typing import Any, NamedTuple

from mlkit.doors import differentiate, recording, unrecorded, with_backward
from mlkit.engine import Tensor, now, thread
from mlkit.jit import nest
from mlkit.jit.plan import Plan
from mlkit.jit.trace import TraceError, active
from mlkit.swap import swapped

__all__ = ["Jitted", "Statistics", "TraceError", "jit"]

_turn = RLock()  # one call at a time: buffers are shared, and a trace stands in the tensors
_NONE: tuple[list[Plan], list[Any]] = ([], [])
_MOST = 16  # programs for one kind of arguments, each for other surroundings; then the oldest goes


class Statistics(NamedTuple):
    """calls: how many there were. traces: how many of them traced. programs: how many are kept."""

    calls: int
    traces: int
    programs: int


class Jitted:
    """A compiled function: call it as the function. `source` shows what is replayed."""

    compiles = True  # tells such a function from other objects

    def __init__(self, function: Callable[..., Any], static_argnums: tuple[int, ...] = ()):
        update_wrapper(self, function)
        self.function, self._static = function, static_argnums
        self._programs: dict[Any, tuple[list[Plan], list[Any]]] = {}
        self._calls = self._traces = 0

    def __call__(self, *args: Any, **options: Any) -> Any:
        """What the function gives for these arguments."""
        interceptors = thread.interceptors
        if active.trace or (interceptors and any(i is not unrecorded for i in interceptors)):
            return self.function(*args, **options)  # inside of a trace, or of forward mode
        leaves: list[Any] = []
        with _turn:
            plan = self._plan(args, options, leaves)
            result = plan.run(leaves)
        if plan.recorded and not interceptors:
            sources = plan.sources(leaves)
            if sources:
                return _differentiable(plan, args, options, result, sources)
        return result

    def _plan(self, args: tuple, options: dict, leaves: list[Any]) -> Plan:
        """The program for these arguments, traced if there is none. Appends their leaves."""
        self._calls += 1
        kept: list[Any] = []
        fixed = {i: args[i] for i in self._static if i < len(args)} if self._static else {}
        if fixed:
            args = tuple(None if i in fixed else x for i, x in enumerate(args))
        key = nest.flatten(args, leaves, kept)
        if options or fixed or swapped or thread.interceptors:
            kept += swapped
            statics = tuple(nest.static(x, kept) for x in fixed.values())
            around = (bool(thread.interceptors), *map(id, swapped))
            key = (key, nest.flatten(options, leaves, kept), statics, around)
        for plan in self._programs.get(key, _NONE)[0]:
            if plan.fits():
                return plan
        plan = Plan(self.function, args, options, fixed)
        self._traces += 1
        self._keep(key, plan, kept)
        return plan

    def _keep(self, key: Any, plan: Plan, kept: list[Any]) -> None:
        """Remember a program; the oldest go when there are too many."""
        plans, _ = self._programs.setdefault(key, ([], kept))
        plans.append(plan)
        del plans[:-_MOST]
        while len(self._programs) > _MOST * _MOST:
            del self._programs[next(iter(self._programs))]

    @property
    def source(self) -> str:
        """The programs of all traces so far, as text."""
        with _turn:
            return "\n\n".join(
                plan.source for plans, _ in self._programs.values() for plan in plans
            )

    @property
    def statistics(self) -> Statistics:
        """How often it was called and traced."""
        programs = sum(len(plans) for plans, _ in self._programs.values())
        return Statistics(self._calls, self._traces, programs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<jit of {getattr(self, '__qualname__', self.function)}: {self.statistics}>"


def jit(function: Any = None, *, static_argnums: int | Sequence[int] = ()) -> Any:
    """The same function, compiled: traced at the first call of a kind, replayed afterwards.

    Arguments and results are nested as you like. Give back what you compute; what else the function
    does, such as printing, it does only when it is traced. It may update tensors that it closes
    over: they are read and written at every call. Arrays that it closes over count as constant.
    static_argnums: arguments that count as constant too, such as a number that decides a branch;
    another value is traced anew. Numbers without a fraction, texts and objects always count so.
    Raises TraceError, with the line and the cure, for what cannot be traced: a branch on a traced
    value, a shape that depends on values, random numbers drawn inside, an argument changed in
    place, a traced value kept outside. Results share no memory with anything; calls from several
    threads take turns. `.source` is the program, `.statistics` counts calls and traces.
    >>> import numpy as np
    >>> length = jit(lambda x: np.sqrt(np.sum(x * x)))
    >>> float(length(np.array([3.0, 4.0])))
    5.0
    """
    if function is None:
        return partial(jit, static_argnums=static_argnums)
    if not callable(function):
        raise TypeError(f"jit: needs a function, got {type(function).__name__}")
    static = (static_argnums,) if isinstance(static_argnums, int) else tuple(static_argnums)
    return Jitted(function, static)


def _differentiable(
    plan: Plan, args: tuple, options: dict, result: Any, sources: list[Tensor]
) -> Any:
    """The result as if one op had made it, whose derivative is compiled as well."""
    if plan.pull is None:
        plan.pull = Jitted(_pullback(plan.function, plan.state()))
    recorded = iter(plan.recorded)
    outputs = [x for x in nest.tensors(result) if next(recorded)]

    def backward(*gs: Tensor) -> list[Any]:
        return plan.pull(args, options, gs, not thread.interceptors)

    made, recorded = iter(with_backward(sources, outputs, backward)), iter(plan.recorded)
    return nest.rebuild(
        result, lambda x: next(made) if isinstance(x, Tensor) and next(recorded) else x
    )


def _pullback(function: Callable[..., Any], state: list[Tensor]) -> Callable[..., Any]:
    """From gradients of the results to those of the tensors in the arguments, and of the state."""

    def pull(args: tuple, options: dict, gs: tuple, record: bool) -> list[Any]:
        opened = now()
        with recording():
            outputs = [x for x in nest.tensors(function(*args, **options)) if x.node is not None]
            given = [x for x in nest.tensors((args, options)) if x.node is not None]
            nodes: list[Any] = [x.node for x in [*given, *state]]
            pairs = list(zip(outputs, gs, strict=True))
            found = differentiate(pairs, nodes, opened, record=record)
        return [found.get(node) for node in nodes]

    return pull
