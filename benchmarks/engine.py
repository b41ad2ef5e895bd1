"""Time mlkit and its peers as ratios to the same arithmetic by hand in NumPy: one table, one run.

    python benchmarks/engine.py [--quick] [--json FILE] [--only step-128,chain-1000]

Every contestant's result is compared with the one by hand before anything is timed. All use one
thread and take turns; a ratio is taken within each round, and the table shows the median round,
so that a busy machine slows all alike. A contestant that is not installed is left out.
"""

import argparse
import gc
import importlib
import json
import os
import statistics
import sys
import time
from pathlib import Path

for _variable in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ[f"{_variable}_NUM_THREADS"] = "1"  # read once, when NumPy loads
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the mlkit of this checkout

import numpy as np  # noqa: E402
from workloads import WORKLOADS  # noqa: E402

# Contestant: its module, and the packages it needs.
CONTESTANTS = {
    "by hand": ("by_hand", ()),
    "mlkit": ("with_mlkit", ()),
    "autograd": ("with_autograd", ("autograd",)),
}
TOLERANCE = 1e-3  # relative to the largest entry: float32, and sums in another order


def main():
    """Measure what the command line asks for, and print the table."""
    arguments = _arguments()
    modules = {name: _module(*spec) for name, spec in CONTESTANTS.items()}
    modules = {name: module for name, module in modules.items() if module is not None}
    rounds, burst_s = (7, 0.02) if arguments.quick else (25, 0.05)
    table = {}
    print(_line("", modules) + "   wanted, and of a jit")
    for workload in arguments.only.split(",") if arguments.only else WORKLOADS:
        function, inputs, *wanted = WORKLOADS[workload]
        steps = _steps(modules, function, inputs)
        ratios, limit_s = measure(steps, rounds, burst_s)
        table[workload] = {"limit_us": limit_s * 1e6, "wanted": wanted, **ratios}
        cells = {name: f"{ratios[name]:.2f}" if name in ratios else "-" for name in modules}
        cells["by hand"] = f"{limit_s * 1e6:.0f} µs"
        print(_line(workload, cells.values()) + "   " + ", ".join(map(str, wanted)), flush=True)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(table, indent=1) + "\n")


def measure(steps, rounds, burst_s):
    """Median ratio of each step to the one by hand, and that one's median seconds."""
    times = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            times[name].append(_seconds(step, burst_s))
    limit = times["by hand"]
    ratios = {
        name: statistics.median(t / base for t, base in zip(taken, limit, strict=True))
        for name, taken in times.items()
        if name != "by hand"
    }
    return ratios, statistics.median(limit)


def _seconds(step, burst_s):
    """Seconds that one call takes: the fastest of several handfuls of calls.

    What else runs on the machine only ever adds time, so the fastest is the most exact.
    """
    gc.collect()
    step()  # caches are warm again after the others' turn
    start = time.perf_counter()
    step()
    calls = max(1, int(burst_s / 10 / (time.perf_counter() - start)))
    handfuls = []
    end = start + burst_s
    while len(handfuls) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(calls):
            step()
        handfuls.append((time.perf_counter() - start) / calls)
    return min(handfuls)


def _steps(modules, function, inputs):
    """A step per contestant that can do this work, each checked against the one by hand."""
    steps = {
        name: getattr(module, function)(inputs())
        for name, module in modules.items()
        if hasattr(module, function)
    }
    expected = [np.copy(a) for a in steps["by hand"]()]
    for name, step in steps.items():
        if name != "by hand":
            for got, right in zip(step(), expected, strict=True):
                error = np.abs(np.asarray(got) - right).max() / np.abs(right).max()
                if not error <= TOLERANCE:
                    sys.exit(f"{function}: {name} is off by {error:.1e}, so it is not timed")
    return steps


def _module(module, needs):
    """The contestant's module; None if what it needs is not installed."""
    try:
        for package in needs:
            importlib.import_module(package)
    except ImportError:
        return None
    return importlib.import_module(module)


def _line(first, cells):
    return f"{first:18}" + "".join(f"{cell:>11}" for cell in cells)


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds: seconds, less exact")
    parser.add_argument("--json", metavar="FILE", help="write the table there too")
    parser.add_argument("--only", metavar="NAMES", help="workloads, separated by commas")
    return parser.parse_args()


if __name__ == "__main__":
    main()
