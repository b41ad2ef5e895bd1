"""One contestant in a process of its own, one thread: a line of JSON asks, a line answers.

{"load": workload} is answered by {"error": relative} or {"missing": why}, and {"time": seconds to
take} by {"seconds": of one call}. The first line, unasked, says what the contestant is. engine.py
starts this; nobody else needs to.
"""

import gc
import importlib
import importlib.metadata
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the mlkit of this checkout

import by_hand
import numpy as np
from workloads import WORKLOADS


def main():
    """Answer until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    if hasattr(os, "sched_setaffinity"):  # some libraries start threads whatever they are told
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    contestant = importlib.import_module(sys.argv[1])
    answer = {"version": _version(sys.argv[2])}
    step = None
    while True:
        print(json.dumps(answer), file=answers, flush=True)
        request = json.loads(sys.stdin.readline() or "null")
        if request is None:
            return
        if "load" in request:
            step, answer = load(contestant, request["load"])
        else:
            answer = {"seconds": seconds(step, request["time"])}


def load(contestant, workload):
    """A step of the work, and how far its result is from the one by hand; None if it cannot."""
    function, inputs, *_ = WORKLOADS[workload]
    if not hasattr(contestant, function):
        return None, {"missing": None}
    expected = getattr(by_hand, function)(inputs())()
    try:
        step = getattr(contestant, function)(inputs())
        if hasattr(contestant, "finish"):  # of those that answer before they have computed
            step = finished(step, contestant.finish)
        result = step()
    except Exception as error:  # of any library: it is told, and the others go on
        return None, {"missing": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
    as_numpy = getattr(contestant, "as_numpy", np.asarray)
    pairs = zip(map(as_numpy, result), expected, strict=True)
    return step, {"error": max(_error(got, right) for got, right in pairs)}


def finished(step, finish):
    """The step, waited for."""
    return lambda: finish(step())


def _error(got, right):
    """Largest difference, relative to the largest entry."""
    if got.shape != right.shape:
        return float("inf")
    return float(np.abs(got - right).max() / np.abs(right).max())


def seconds(step, burst_s):
    """Seconds that one call takes: the fastest of several handfuls of calls.

    What else runs on the machine only ever adds time, so the fastest is the most exact.
    """
    gc.collect()
    step()  # caches are warm again after the others' turn
    start = time.perf_counter()
    step()
    first = time.perf_counter() - start
    calls = max(1, int(burst_s / 10 / first))
    handfuls = [first] if first > burst_s else []
    end = start + burst_s
    while not handfuls or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(calls):
            step()
        handfuls.append((time.perf_counter() - start) / calls)
    return min(handfuls)


def _version(package):
    """The release of a package by the name that is imported; "" for our own modules."""
    if not package:
        return ""
    names = importlib.metadata.packages_distributions().get(package, [package])
    return importlib.metadata.version(names[0])


if __name__ == "__main__":
    main()
