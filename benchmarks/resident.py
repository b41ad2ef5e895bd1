"""How much memory one contestant takes, in a process of its own: memory.py starts it."""

import gc
import importlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the mlkit of this checkout

SIZES, CHAIN = [3072, 512, 256, 128, 10], 100_000


def main():
    """Print the figures of the module that the command line names: bytes, null, or an error."""
    module = importlib.import_module(sys.argv[1])
    figures = {"after import": _resident("VmRSS")}
    workloads = importlib.import_module("workloads")  # now: it imports mlkit
    chain, network = workloads.chain, workloads.network
    measures = {
        "kept": ("tape", lambda: _kept(module, network(SIZES, 8192))),
        "step": ("train", lambda: _step(module, network(SIZES, 256), network([64, 64, 10], 32))),
        "bytes per op": ("tape", lambda: _chain(module, chain(10, CHAIN // 4), chain(10, 25))),
    }
    for column, (needs, measure) in measures.items():
        try:
            figures[column] = measure() if hasattr(module, needs) else None
        except Exception as error:
            figures[column] = type(error).__name__
    print(json.dumps(figures))


def _kept(module, d):
    forward = module.tape(d)
    forward()  # what is loaded late, and what matrix libraries keep for themselves, is there now
    gc.collect()
    before = _resident("VmRSS")
    alive = forward()
    gc.collect()
    kept = _resident("VmRSS") - before
    del alive  # not before
    return kept if kept > 1e6 else None  # TensorFlow's pool had room from the first time


def _step(module, d, small):
    finish = getattr(module, "finish", list)
    finish(module.train(small)())

    def work():
        step = module.train(d)
        for _ in range(3):
            finish(step())

    return _most(work)


def _chain(module, d, small):
    module.chain(small)()
    return _most(module.chain(d)) / CHAIN


def _most(work):
    """How much more was resident at the worst moment of some work than before it."""
    gc.collect()
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the worst moment so far is now
    work()
    return _resident("VmHWM") - before


def _resident(key):
    """Bytes: VmRSS is now, VmHWM at the worst moment."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(key)) << 10


if __name__ == "__main__":
    main()
