"""The benchmark runs, and what it times is right: a wrong result ends it before any timing."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_benchmark_compares_then_times_every_kind_of_work(tmp_path):
    names = ["step-1", "chain-1000", "softmax-jacobian", "cross-entropy", "hessian-50"]
    command = [sys.executable, ROOT / "benchmarks" / "engine.py", "--quick"]
    command += ["--only", ",".join([*names, "hessian-vector"]), "--json", tmp_path / "table.json"]

    run = subprocess.run(command, capture_output=True, text=True, timeout=300)

    assert run.returncode == 0, run.stderr
    table = json.loads((tmp_path / "table.json").read_text())
    assert set(table) == {*names, "hessian-vector"}
    assert all(row["mlkit"] > 0 for row in table.values())
