"""What a call costs, counted and not timed: steps of Python, and bytes. For probes, in the kernel.

steps(f, rows)        # a loop over the rows takes more of them where there are more rows
peak_bytes(f, rows)   # the most memory that was held at once, NumPy's arrays included
"""

import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

SLACK = 20
"""Steps by which two calls may differ without a loop, such as a clean-up that falls into one."""


def steps(function: Callable[..., Any], *arguments: Any) -> int:
    """How many lines and calls of Python a call runs, in the function and all that it calls.

    Loops in C, as NumPy's, count nothing; a comprehension or np.vectorize counts every round.
    """
    count = 0

    def step(*_: Any) -> Any:
        nonlocal count
        count += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        function(*arguments)
    finally:
        sys.settrace(before)
    return count


def loops(function: Callable[..., Any], few: tuple[Any, ...], many: tuple[Any, ...]) -> bool:
    """Whether the call with many of something takes more steps than the one with few."""
    function(*few)  # what is imported or cached at first use is no loop
    return steps(function, *many) > steps(function, *few) + SLACK


def peak_bytes(function: Callable[..., Any], *arguments: Any) -> int:
    """The most bytes that a call held at once, beyond what was there before."""
    was_tracing = tracemalloc.is_tracing()
    if not was_tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        function(*arguments)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not was_tracing:
            tracemalloc.stop()
