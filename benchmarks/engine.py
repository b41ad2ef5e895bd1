"""Time mlkit and its peers as ratios to the same arithmetic by hand in NumPy: one table, one run.

    python benchmarks/engine.py [--quick] [--only step-128,chain-1000] [--also OTHER/bin/python]

Every contestant's result is compared with the one by hand before anything is timed. Each has a
process and one thread; they take turns, a ratio is taken within each round, and the table shows
the median round, so that a busy machine slows all alike. What is not installed is left out.
"""

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the mlkit of this checkout

from workloads import WORKLOADS

HERE = Path(__file__).resolve().parent
# Contestant: its module here, and the package that it needs.
CONTESTANTS = {
    "by hand": ("by_hand", "numpy"),
    "mlkit": ("with_mlkit", "numpy"),
    "mlkit jit": ("with_mlkit_jit", "numpy"),
    "PyTorch": ("with_torch", "torch"),
    "torch.compile": ("with_torch_compile", "torch"),
    "JAX jit": ("with_jax", "jax"),
    "JAX": ("with_jax_eager", "jax"),
    "tf.function": ("with_tensorflow", "tensorflow"),
    "TensorFlow": ("with_tensorflow_eager", "tensorflow"),
    "tinygrad": ("with_tinygrad", "tinygrad"),
    "MyGrad": ("with_mygrad", "mygrad"),
    "autograd": ("with_autograd", "autograd"),
}
ALONE = {  # one thread each, no GPU, no chatter
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "CUDA_VISIBLE_DEVICES": "",
    "JAX_PLATFORMS": "cpu",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
TOLERANCE = 1e-3  # relative to the largest entry: float32, and sums in another order
NOISY = 1.5  # by hand, the slowest round may take so many times the fastest; else it is told
PATIENCE_S = 8  # a contestant that has had this much of one workload takes no further turns


class EndedError(Exception):
    """A contestant's process is gone; the message is the last that it wrote."""


class Contestant:
    """A worker process; worker.py says what may be asked."""

    def __init__(self, python, module, package):
        self.package = package
        command = [python, HERE / "worker.py", module, package]
        pipe, self.log = subprocess.PIPE, tempfile.TemporaryFile("w+")  # noqa: SIM115, see close
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=self.log, text=True, env=os.environ | ALONE
        )
        self.taken_s = 0.0
        self.version = self._answer()["version"]

    def load(self, workload):
        """Why it takes no part in this workload: "" if it does, None if it has no such function."""
        self.taken_s = 0.0
        answer = self._ask(load=workload)
        if "missing" in answer:
            return answer["missing"]
        wrong = not answer["error"] <= TOLERANCE
        return f"wrong: its result is off by {answer['error']:.1e}" if wrong else ""

    def seconds(self, burst_s):
        """Of one call; None once it has had its share of time."""
        if self.taken_s > PATIENCE_S:
            return None
        start = time.perf_counter()
        answer = self._ask(time=burst_s)
        self.taken_s += time.perf_counter() - start
        return answer["seconds"]

    def close(self):
        """Nobody asks any more: it ends by itself."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def _ask(self, **request):
        print(json.dumps(request), file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            why = "".join(self.log.readlines()[-1:]).strip()
            self.close()
            raise EndedError(f"ended too early: {why}")
        return json.loads(line)


def main(arguments=None):
    """Measure what the command line asks for, and print the table."""
    arguments = _arguments(arguments)
    rounds, burst_s = (7, 0.02) if arguments.quick else (15, 0.05)
    table, notes = {}, []
    contestants = _start([sys.executable, *arguments.also], notes)
    try:
        versions = {c.package: c.version for c in contestants.values()}
        print(", ".join(f"{package} {version}" for package, version in versions.items()) + "\n")
        print(line("", contestants, "wanted", "of a jit"))
        print(line("---", ["--:"] * len(contestants), "--:", "--:"))
        for workload in arguments.only:
            wanted = WORKLOADS[workload][2:]
            racing = _load(contestants, workload, notes)
            row = table[workload] = race(racing, rounds, burst_s)
            cells = [_cell(row.get(name), name == "by hand") for name in contestants]
            print(line(workload, cells, *(wanted or ("", ""))), flush=True)
            if row["spread"] > NOISY:
                notes.append(f"{workload}: noisy, by hand differed {row['spread']:.1f}-fold")
    finally:
        for contestant in contestants.values():
            contestant.close()
    print("\n".join(["", *notes]))
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(table | {"versions": versions}, indent=1) + "\n")
    if any("wrong" in note for note in notes):
        sys.exit("not timed, because it is wrong: see above")


def race(contestants, rounds, burst_s):
    """Seconds of the step by hand, and everybody else's ratio to it: medians over the rounds.

    spread: the slowest round by hand as a multiple of the fastest, 1 on a quiet machine.
    """
    limits, ratios = [], {name: [] for name in contestants if name != "by hand"}
    for _ in range(rounds):
        limits.append(contestants["by hand"].seconds(burst_s))
        for name, found in ratios.items():
            taken = contestants[name].seconds(burst_s)
            if taken is not None:
                found.append(taken / limits[-1])
    medians = {name: statistics.median(found) for name, found in ratios.items()}
    return {"by hand": statistics.median(limits), **medians, "spread": max(limits) / min(limits)}


def _load(contestants, workload, notes):
    """Who takes part. Of those that fail or are wrong, a note is made."""
    racing = {}
    for name, contestant in contestants.items():
        refusal = contestant.load(workload)
        if refusal == "":
            racing[name] = contestant
        elif refusal:
            notes.append(f"{name}, {workload}: {refusal}")
    return racing


def _start(pythons, notes):
    """The contestants that are installed for one of the interpreters, and start."""
    contestants = {}
    for name, (module, package) in CONTESTANTS.items():
        if python := home(package, pythons):
            try:
                contestants[name] = Contestant(python, module, package)
            except EndedError as why:
                notes.append(f"{name}: {why}")
    return contestants


def home(package, pythons):
    """The first of the interpreters that has the package; None if none has."""
    return next((python for python in pythons if _has(python, package)), None)


@functools.cache
def _has(python, package):
    look = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
    return subprocess.run([python, "-c", look]).returncode == 0


def _cell(figure, by_hand):
    if figure is None:
        return "–"
    if by_hand:
        return f"{figure * 1e6:.0f} µs" if figure < 0.01 else f"{figure * 1e3:.0f} ms"
    return f"{figure:.2f}" if figure < 10 else f"{figure:.0f}"


def line(first, cells, *wanted):
    """A row of a table in Markdown, its columns aligned for the terminal too."""
    return f"| {first:16} | " + " | ".join(f"{cell!s:>8}" for cell in [*cells, *wanted]) + " |"


def _arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds: seconds, less exact")
    parser.add_argument("--json", metavar="FILE", help="write the table there too")
    parser.add_argument("--only", metavar="NAMES", help="workloads, separated by commas")
    parser.set_defaults(only=",".join(WORKLOADS))
    text = "another interpreter, for peers that cannot be installed beside each other; may repeat"
    parser.add_argument("--also", metavar="PYTHON", action="append", default=[], help=text)
    found = parser.parse_args(arguments)
    found.only = found.only.split(",")
    if unknown := [name for name in found.only if name not in WORKLOADS]:
        parser.error(f"--only: no workload {unknown[0]!r}; there are {', '.join(WORKLOADS)}")
    return found


if __name__ == "__main__":
    main()
