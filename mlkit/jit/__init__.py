"""jit: run a function once, write the run down as straight-line Python, and replay that."""

from collections.abc import Callable
from functools import update_wrapper
from threading import RLock
from typing import Any

from mlkit.engine import thread
from mlkit.jit.nest import flatten
from mlkit.jit.plan import Plan
from mlkit.jit.trace import TraceError, active

__all__ = ["Jitted", "TraceError", "jit"]

_turn = RLock()  # one call at a time: buffers are shared, and a trace stands in the tensors


class Jitted:
    """What jit gives: call it as the function."""

    def __init__(self, function: Callable[..., Any]):
        update_wrapper(self, function)
        self.function = function
        self._plans: dict[Any, list[Plan]] = {}
        self._kept: list[Any] = []
        self.traces = self.replays = 0

    def __call__(self, *args: Any, **options: Any) -> Any:
        if active.trace is not None or thread.interceptors:
            return self.function(*args, **options)
        leaves: list[Any] = []
        with _turn:
            key = flatten((args, options), leaves, self._kept)
            for plan in self._plans.get(key, ()):
                if plan.fits():
                    break
            else:
                plan = Plan(self.function, args, options)
                self.traces += 1
                self._plans.setdefault(key, []).append(plan)
            self.replays += 1
            return plan.run(leaves)

    @property
    def source(self) -> str:
        """The programs of all traces so far."""
        return "\n\n".join(plan.source for plans in self._plans.values() for plan in plans)


def jit(function: Callable[..., Any]) -> Jitted:
    """The same function, compiled."""
    return Jitted(function)
