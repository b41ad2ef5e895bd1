"""What mlkit and its peers take of memory: a process each, measured by what the system lends it.

    python benchmarks/memory.py [--also OTHER/bin/python]

after import: all that is resident. kept: between forward and backward of 3072-512-256-128-10 at
batch 8192, where the outputs of the layers alone are 28 MB. step: the most that training this
network at batch 256 takes, parameters (7 MB) included. bytes per op: the most that 100 000 ops on
10 numbers and their backward take, per op. Linux only, as others do not tell.
"""

import argparse
import json
import os
import subprocess
import sys

from engine import ALONE, CONTESTANTS, HERE, home, line

COLUMNS = ["after import", "kept", "step", "bytes per op"]


def main(arguments=None):
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--also", metavar="PYTHON", action="append", default=[])
    pythons = [sys.executable, *parser.parse_args(arguments).also]
    if not sys.platform.startswith("linux"):
        return print("memory: measured on Linux only; nothing done")
    print(line("", COLUMNS))
    print(line("---", ["--:"] * len(COLUMNS)))
    for name, (module, package) in CONTESTANTS.items():
        if python := home(package, pythons):
            print(line(name, map(_cell, measured(python, module).values())), flush=True)


def measured(python, module):
    """The figures of one contestant by column: bytes, None, or the name of an error."""
    # Large arrays are handed back to the system at once, so that what is resident is exact.
    environment = os.environ | ALONE | {"MALLOC_MMAP_THRESHOLD_": str(1 << 20)}
    command = [python, HERE / "resident.py", module]
    child = subprocess.run(command, env=environment, capture_output=True, text=True)
    if child.returncode:
        sys.exit(child.stderr)
    return json.loads(child.stdout.splitlines()[-1])


def _cell(figure):
    if figure is None or isinstance(figure, str):
        return figure or "–"
    return f"{figure:.0f}" if figure < 1e5 else f"{figure / 2**20:.0f} MB"


if __name__ == "__main__":
    main()
