"""Guard mlkit's speed by counting instructions: the same on a busy machine as on an idle one.

    python benchmarks/instructions.py [--renew]

callgrind counts what a processor executes for each workload of counted.py, with mlkit and by hand
in NumPy; the budget, instructions.json, holds the ratios of the two. They depend on how Python and
NumPy were built, so they bind only on the versions that they were made with.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
BUDGET = HERE / "instructions.json"
CONTESTANTS = {"with_mlkit": "mlkit", "with_mlkit_jit": "mlkit jit"}
# Times the budget: above it is too slow, below the budget is too high. Another build of the same
# Python differs by 3 %, two runs of one build by 0.5 %.
MORE, FEWER = 1.04, 0.9
# The same code on every processor: no chance in hashing, one thread, kernels that valgrind knows.
REPEATABLE = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
}


def main():
    """Count, print the table, and compare it with the budget, or renew that."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--renew", action="store_true", help="make what is counted the budget")
    renew = parser.parse_args().renew
    budget = {"versions": versions()} if renew else json.loads(BUDGET.read_text())
    if obstacle := cannot_count() or cannot_compare(budget):
        sys.exit(obstacle)
    counts = count()
    found = ratios(counts)
    for key, ratio in found.items():
        print(f"{key:28}{ratio:8.3f} times as many instructions as by hand")
    if renew:
        BUDGET.write_text(json.dumps(budget | {"ratios": found}, indent=1) + "\n")
    elif complaints := differences(found, budget["ratios"]):
        sys.exit("\n".join(complaints))


def cannot_count():
    """Why nothing can be counted here; "" if it can."""
    if platform.machine() not in ("x86_64", "AMD64") or not sys.platform.startswith("linux"):
        return "instructions: counted on x86-64 Linux only, this is another machine"
    if not shutil.which("valgrind"):
        return "instructions: valgrind is not installed, so none are counted"
    return ""


def cannot_compare(budget):
    """Why counts made here do not compare with the budget; "" if they do."""
    made, here = budget["versions"], versions()
    if made == here:
        return ""
    return f"instructions: the budget was made with {made}, this is {here}: not comparable"


def versions():
    """What the counts depend on."""
    python = ".".join(platform.python_version_tuple()[:2])
    return f"{platform.python_implementation()} {python} and NumPy {np.__version__}"


def count():
    """Instructions of one step: {(module, workload): count}. Takes some 15 seconds."""
    modules = ["by_hand", *(name for name in CONTESTANTS if (HERE / f"{name}.py").exists())]
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no"]
        command += [f"--callgrind-out-file={folder}/out", sys.executable, HERE / "counted.py"]
        subprocess.run([*command, *modules], env=os.environ | REPEATABLE, check=True)
        return _read(path.read_text() for path in Path(folder).iterdir())


def _read(profiles):
    """Twice the number of steps less once the number, by the label of each profile."""
    counts = {}
    for profile in profiles:
        label = re.search(r"Client Request: (\S+) (\S+) (\d+) of (\d+)$", profile, re.MULTILINE)
        if label:
            module, workload, times, steps = label.groups()
            total = int(re.search(r"^totals: (\d+)", profile, re.MULTILINE)[1])
            sign = 1 if int(times) > int(steps) else -1
            key = module, workload
            counts[key] = counts.get(key, 0) + sign * total / int(steps)
    return counts


def ratios(counts):
    """Each contestant's instructions as a multiple of those by hand, rounded to 3 places."""
    return {
        f"{CONTESTANTS[module]}, {workload}": round(number / counts["by_hand", workload], 3)
        for (module, workload), number in sorted(counts.items())
        if module in CONTESTANTS
    }


def differences(found, budget):
    """What is wrong with the ratios found, a sentence each; none if all are within the budget."""
    renew = "python benchmarks/instructions.py --renew"
    complaints = []
    for key in sorted(found.keys() | budget.keys()):
        if key not in found or key not in budget:
            where = "the budget" if key in budget else "what was counted"
            complaints.append(f"{key} stands in {where} only: {renew}")
        elif found[key] > MORE * budget[key]:
            percent = 100 * (found[key] / budget[key] - 1)
            complaints.append(
                f"{key} takes {percent:.0f} % more instructions than its budget, {found[key]} "
                f"times those by hand and not {budget[key]}; make it faster or, if what it gained "
                f"is worth it, {renew}"
            )
        elif found[key] < FEWER * budget[key]:
            complaints.append(
                f"{key} takes {found[key]} times the instructions by hand, its budget is "
                f"{budget[key]}: well done, keep it so with {renew}"
            )
    return complaints


if __name__ == "__main__":
    main()
