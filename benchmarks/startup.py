"""What `import` costs on top of NumPy, for mlkit and its peers: seconds and modules loaded.

    python benchmarks/startup.py [--also OTHER/bin/python]

Each import runs in fresh processes; the fastest counts, as anything else only adds to it.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from engine import ALONE, home, line

ROOT = Path(__file__).resolve().parents[1]
STATEMENTS = {
    "mlkit": "import mlkit",
    "torch": "import torch",
    "jax": "import jax, jax.numpy",
    "tensorflow": "import tensorflow",
    "tinygrad": "import tinygrad",
    "mygrad": "import mygrad",
    "autograd": "import autograd, autograd.numpy",
}
TIMED = """
import json, sys, time
import numpy
before, start = set(sys.modules), time.perf_counter()
{statement}
taken_s = time.perf_counter() - start
print(json.dumps([taken_s, sorted(set(sys.modules) - before)]))
"""


def main(arguments=None):
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--also", metavar="PYTHON", action="append", default=[])
    pythons = [sys.executable, *parser.parse_args(arguments).also]
    print(line("on top of NumPy", ["ms", "modules"]))
    print(line("---", ["--:", "--:"]))
    for package, statement in STATEMENTS.items():
        if python := sys.executable if package == "mlkit" else home(package, pythons):
            taken_s, modules = cost(python, statement)
            print(line(statement, [f"{taken_s * 1e3:.0f}", len(modules)]), flush=True)


def cost(python, statement, times=7):
    """Seconds that an import takes on top of NumPy's, and the names of the modules it loads."""
    environment = os.environ | ALONE | {"PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else the first import counts every time
    command = [python, "-c", TIMED.format(statement=statement)]
    found = []
    for _ in range(times):
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found.append(json.loads(run.stdout.splitlines()[-1]))
    return min(found)


if __name__ == "__main__":
    main()
