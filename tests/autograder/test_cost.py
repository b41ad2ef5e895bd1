"""What a call costs: loops are told from whole-array work, matrices from vectors."""

import sys
import tracemalloc

import numpy as np
import pytest

from autograder.cost import loops, peak_bytes, steps

FEW, MANY = np.ones((2, 3)), np.ones((60, 3))


def with_for(x):
    total = 0.0
    for row in x:
        total = total + row.sum()
    return total


def with_while(x):
    count = 0
    while count < len(x):
        count += 1
    return count


LOOPS = {
    "for": with_for,
    "while": with_while,
    "comprehension": lambda x: [abs(row) for row in x],
    "generator": lambda x: sum(row[0] for row in x),
    "map": lambda x: list(map(lambda row: row + 1, x)),
    "vectorize": lambda x: np.vectorize(lambda v: v + 1)(x),
    "apply_along_axis": lambda x: np.apply_along_axis(lambda row: row * 2, 1, x),
    "recursion": lambda x: len(x) and 1 + LOOPS["recursion"](x[1:]),
}
WHOLE = {
    "sum": lambda x: x.sum(axis=0),
    "einsum": lambda x: np.einsum("bi,bj->bij", x, x),
    "broadcast": lambda x: x[:, :, None] * x[:, None, :],
    "loop of fixed length": lambda x: [x.sum() for _ in range(10)],
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_over_the_rows_takes_more_steps_for_more_rows(name):
    assert loops(LOOPS[name], (FEW,), (MANY,))


@pytest.mark.parametrize("name", WHOLE)
def test_work_on_whole_arrays_does_not(name):
    assert not loops(WHOLE[name], (FEW,), (MANY,))


def test_a_tracer_that_was_there_is_there_again_also_after_an_error():
    def tracer(*_):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        with pytest.raises(ZeroDivisionError):
            steps(lambda: 1 / 0)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


def test_the_peak_counts_what_is_held_at_once_and_forgets_what_was_there_before():
    kept = np.ones(1000)

    vector = peak_bytes(lambda: kept + 1)
    matrix = peak_bytes(lambda: np.outer(kept, kept).sum())

    assert 8_000 <= vector < 20_000
    assert 8_000_000 <= matrix < 9_000_000
    assert not tracemalloc.is_tracing()


def test_a_trace_of_memory_that_was_running_goes_on():
    tracemalloc.start()
    try:
        peak_bytes(lambda: np.ones(10))
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()
