"""Does each counted workload a few times, and tells callgrind when to count.

instructions.py runs this under valgrind and reads what callgrind writes. Without valgrind it
does the same work, and nothing is counted.
"""

import ctypes
import gc
import importlib
import mmap
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the mlkit of this checkout

from workloads import chain, network, regression, scores

# Small, so that Python and mlkit do most of the work and libraries for matrices little of it.
COUNTED = {
    "step-small": ("train", lambda: network([64, 64, 10], 1)),
    "chain-100": ("chain", lambda: chain(rounds=25)),
    "softmax-jacobian": ("jacobian", scores),
    "cross-entropy": ("cross_entropy", scores),
    "hessian-50": ("hessian", regression),
    "hessian-vector": ("hessian_vector", regression),
}
STEPS = 2  # counted once, then twice as many: what is not part of a step cancels

# valgrind.h: four rotations that add up to none, then an exchange of a register with itself, is
# how x86-64 code asks valgrind. What is asked stands where rdi points, the answer comes in rdx.
ASK = bytes.fromhex("4889f8 4889f2 48c1c703 48c1c70d 48c1c73d 48c1c733 4887db 4889d0 c3")
ZERO, DUMP_AS, START = 0x43540001, 0x43540003, 0x43540004  # callgrind.h: "CT" and a number


def main():
    """Count every workload of every module named on the command line."""
    steps = {
        f"{module} {name}": getattr(importlib.import_module(module), function)(inputs())
        for module in sys.argv[1:]
        for name, (function, inputs) in COUNTED.items()
        if hasattr(importlib.import_module(module), function)
    }
    for step in steps.values():
        for _ in range(50):  # Python rewrites its code as it learns what it is used for
            step()
    gc.collect()
    gc.disable()
    ask = _asker()
    ask(START, 0)
    for label, step in steps.items():
        _count(step, STEPS, ask, b"what callgrind still owes from before")
        _count(step, STEPS, ask, f"{label} {STEPS} of {STEPS}".encode())
        _count(step, 2 * STEPS, ask, f"{label} {2 * STEPS} of {STEPS}".encode())


def _count(step, times, ask, label):
    ask(ZERO, 0)
    for _ in range(times):
        step()
    ask(DUMP_AS, ctypes.cast(label, ctypes.c_void_p).value)


def _asker():
    """A function that asks valgrind for something, with one argument."""
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(ASK)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    code = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p, ctypes.c_uint64)(address)

    def ask(request, argument):
        asked = (ctypes.c_uint64 * 6)(request, argument)
        return code(ctypes.addressof(asked), 0)

    ask.page = page  # it must live as long as the function
    return ask


if __name__ == "__main__":
    main()
