"""mlkit on a GPU: the op table on CuPy, then training beside CuPy by hand, PyTorch and JAX.

    python benchmarks/gpu.py [--out benchmarks/gpu.md] [--quick]

One command, one file: what was run, on what, and a table of ratios to the same work by hand in
CuPy. Every result is compared with NumPy's before it is timed. Calls are queued by the handful
and the device is waited for once, as training does. Without a GPU it says so and does nothing.
"""

import argparse
import importlib
import importlib.metadata
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the mlkit of this checkout

import by_hand
import numpy as np
from engine import HERE, TOLERANCE, line
from workloads import WORKLOADS, network

from mlkit.device import describe, gpu_available, to_gpu, to_host

ROOT = HERE.parent
# Contestant: its module here, the package that it needs, whether it takes arrays on the GPU.
CONTESTANTS = {
    "by hand": ("by_hand_gpu", "cupy", True),
    "mlkit": ("with_mlkit", "cupy", True),
    "PyTorch": ("with_torch", "torch", False),
    "torch.compile": ("with_torch_compile", "torch", False),
    "JAX jit": ("with_jax", "jax", False),
}
WORK = {
    name: WORKLOADS[name][:2]
    for name in ("step-1", "step-128", "step-1024", "deep-256", "cross-entropy")
}
WORK["wide-4096"] = ("train", lambda: network([3072, 4096, 4096, 10], 4096))


def main(arguments=None):
    """Run both, print what came out and write it down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default=str(ROOT / "benchmarks" / "gpu.md"), metavar="FILE")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and no wide network")
    arguments = parser.parse_args(arguments)
    if not gpu_available():
        return print(f"gpu.py: {describe()}; nothing to measure")
    modules = _modules()
    lines = ["# mlkit on a GPU", "", _machine(), "", f"Op table on CuPy: {op_table()}.", ""]
    lines += [line("", modules), line("---", ["--:"] * len(modules))]
    rounds, burst_s = (2, 0.02) if arguments.quick else (9, 0.2)
    for name, (function, inputs) in WORK.items():
        if not (arguments.quick and name == "wide-4096"):
            figures = race(_steps(modules, function, inputs), rounds, burst_s)
            lines.append(line(name, [_cell(figures.get(key), key) for key in modules]))
    print(*lines, sep="\n")
    Path(arguments.out).write_text("\n".join(lines) + "\n", encoding="utf-8")


def op_table():
    """The last line of the op table's tests, those on CuPy: so many passed, so many failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-k", "cupy", "-p", "no:cacheprovider"]
    command += [ROOT / "tests" / "mlkit" / "test_op_table.py"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return (run.stdout.strip() or run.stderr.strip() or "pytest said nothing").splitlines()[-1]


def race(steps, rounds, burst_s):
    """Seconds of a step by hand, and everybody else's ratio to it: medians over the rounds."""
    times = {name: [] for name in steps}
    for _ in range(rounds):
        for name, (step, finish) in steps.items():
            times[name].append(_seconds(step, finish, burst_s))
    limits = times.pop("by hand")
    ratios = {
        name: statistics.median(t / limit for t, limit in zip(taken, limits, strict=True))
        for name, taken in times.items()
    }
    return {"by hand": statistics.median(limits), **ratios}


def _seconds(step, finish, burst_s):
    """Seconds a call takes when calls are queued by the handful; the fastest handful counts."""
    finish(step())
    start = time.perf_counter()
    finish(step())
    calls = max(1, int(burst_s / 5 / (time.perf_counter() - start)))
    handfuls, end = [], start + burst_s
    while not handfuls or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(calls):
            result = step()
        finish(result)
        handfuls.append((time.perf_counter() - start) / calls)
    return min(handfuls)


def _steps(modules, function, inputs):
    """A step per contestant that can do this work, each compared with NumPy; who fails is told."""
    expected = [np.copy(a) for a in getattr(by_hand, function)(inputs())()]
    steps = {}
    for name, (module, on_gpu) in modules.items():
        step = getattr(module, function)(_moved(inputs()) if on_gpu else inputs())
        got = map(getattr(module, "as_numpy", to_host if on_gpu else np.asarray), step())
        error = max(
            np.abs(a - b).max() / np.abs(b).max() for a, b in zip(got, expected, strict=True)
        )
        if not error <= TOLERANCE:
            sys.exit(f"{function}: {name} is off by {error:.1e}, so nothing is timed")
        steps[name] = step, getattr(module, "finish", _wait)
    return steps


def _moved(d):
    """The inputs of a workload with their arrays on the GPU."""
    on_gpu = {
        name: to_gpu(x) if isinstance(x, np.ndarray) else x
        for name, x in vars(d).items()
        if name != "parameters"
    }
    if hasattr(d, "parameters"):
        on_gpu["parameters"] = list(map(to_gpu, d.parameters))
    return SimpleNamespace(**on_gpu)


def _wait(result):
    """Until the device has done all that it was asked."""
    import cupy

    cupy.cuda.Device().synchronize()


def _modules():
    """The contestants that are installed and see the GPU, each with whether it takes our arrays."""
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"  # JAX leaves the others their memory
    os.environ["JAX_DEFAULT_MATMUL_PRECISION"] = "highest"  # full float32, as everybody else
    found = {name: spec for name, spec in CONTESTANTS.items() if _sees_gpu(spec[1])}
    return {
        name: (importlib.import_module(module), on_gpu)
        for name, (module, _, on_gpu) in found.items()
    }


def _sees_gpu(package):
    if importlib.util.find_spec(package) is None:
        return False
    if package == "torch":
        import torch

        if torch.cuda.is_available():
            torch.set_default_device("cuda")  # where with_torch puts what it makes
            return True
        return False
    if package == "jax":
        import jax

        return jax.default_backend() == "gpu"
    return True


def _machine():
    import cupy

    card = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
    packages = {package for _, package, _ in CONTESTANTS.values()} - {"cupy"}
    versions = [f"CuPy {cupy.__version__}", f"NumPy {np.__version__}"]
    for package in sorted(packages):
        if importlib.util.find_spec(package):
            versions.append(f"{package} {importlib.metadata.version(package)}")
    return f"{card}; {', '.join(versions)}."


def _cell(figure, name):
    if figure is None:
        return "–"
    return f"{figure * 1e6:.0f} µs" if name == "by hand" else f"{figure:.2f}"


if __name__ == "__main__":
    main()
