"""The benchmark runs, and what it times is right: a wrong result is told and not timed."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))

import engine
import gpu
import memory
import startup
from workloads import WORKLOADS

ROOT = engine.HERE.parent
PEERS = [
    (name, *spec)
    for name, spec in engine.CONTESTANTS.items()
    if name != "by hand" and importlib.util.find_spec(spec[1])
]


@pytest.fixture
def compete(monkeypatch, tmp_path):
    """Puts a contestant of one function, given as source text, beside the one by hand."""

    def add(source):
        (tmp_path / "with_intruder.py").write_text(source)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        contestants = {"by hand": ("by_hand", "numpy"), "intruder": ("with_intruder", "numpy")}
        monkeypatch.setattr(engine, "CONTESTANTS", contestants)

    return add


@pytest.mark.parametrize(("name", "module", "package"), PEERS, ids=[peer[0] for peer in PEERS])
def test_every_installed_contestant_gets_the_results_by_hand(name, module, package):
    contestant = engine.Contestant(sys.executable, module, package)

    refusals = {workload: contestant.load(workload) for workload in WORKLOADS}

    contestant.close()
    assert {why for why in refusals.values() if why} == set()
    assert name != "mlkit" or None not in refusals.values()


def test_one_command_prints_one_table_and_writes_it(capsys, tmp_path):
    arguments = ["--quick", "--only", "cross-entropy,hessian-50", "--json", str(tmp_path / "t")]

    engine.main(arguments)

    table = json.loads((tmp_path / "t").read_text())
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert [row.split()[1] for row in rows[2:]] == ["cross-entropy", "hessian-50"]
    assert all(table[name]["mlkit"] > 0 for name in ("cross-entropy", "hessian-50"))
    assert "numpy" in table["versions"]


def test_a_wrong_result_is_told_and_not_timed(compete, capsys):
    compete("import numpy as np\ndef hessian(d):\n    return lambda: [np.eye(50)]\n")

    with pytest.raises(SystemExit, match="wrong"):
        engine.main(["--quick", "--only", "hessian-50"])

    printed = capsys.readouterr().out
    assert "intruder, hessian-50: wrong: its result is off by" in printed
    assert printed.splitlines()[4].split("|")[3].strip() == "–"


def test_a_peer_that_fails_is_told_and_the_others_go_on(compete, capsys):
    compete("def hessian(d):\n    raise RuntimeError('no compiler here')\n")

    engine.main(["--quick", "--only", "hessian-50,cross-entropy"])

    printed = capsys.readouterr().out
    assert "intruder, hessian-50: RuntimeError: no compiler here" in printed
    assert printed.count("µs") == 2


def test_a_peer_that_ends_too_early_is_told_and_left_out(compete, capsys):
    compete("raise ImportError('half installed')\n")

    engine.main(["--quick", "--only", "hessian-50"])

    printed = capsys.readouterr().out
    assert "intruder: ended too early: ImportError: half installed" in printed
    assert printed.count("intruder") == 1


def test_an_unknown_workload_is_answered_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        engine.main(["--only", "step-2"])

    assert "no workload 'step-2'; there are step-1, " in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what is taken")
def test_a_recorded_op_costs_at_most_700_bytes_and_a_tape_keeps_the_outputs_of_the_layers():
    figures = memory.measured(sys.executable, "with_mlkit")

    assert 100 < figures["bytes per op"] <= 700
    assert 28e6 < figures["kept"] < 32e6


def test_the_cost_of_an_import_is_counted_on_top_of_numpy():
    taken_s, modules = startup.cost(sys.executable, "import mlkit", times=1)

    assert taken_s > 0
    assert "mlkit.engine" in modules
    assert "numpy" not in modules


def test_without_a_gpu_its_benchmark_says_so_in_one_line(capsys, monkeypatch):
    monkeypatch.setattr(gpu, "gpu_available", lambda: False)

    gpu.main([])

    assert capsys.readouterr().out == (
        "gpu.py: no GPU here, so everything runs on the CPU with NumPy; nothing to measure\n"
    )


@pytest.mark.slow  # 10 s: the op table once more
def test_the_benchmark_on_a_gpu_runs_through_with_a_stand_in_for_cupy(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tests" / "fake_gpu")}
    command = [sys.executable, ROOT / "benchmarks" / "gpu.py", "--quick", "--out", tmp_path / "t"]

    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)

    assert run.returncode == 0, run.stderr
    written = (tmp_path / "t").read_text(encoding="utf-8")
    assert re.search(r"Op table on CuPy: \d\d+ passed, \d+ deselected in ", written)
    rows = [line.split("|") for line in written.splitlines() if line.startswith("|")]
    assert [row[1].strip() for row in rows[2:]] == [*gpu.WORK][:-1]
    assert all(float(row[3]) > 0 for row in rows[2:])


class Timed:
    """A contestant that takes given times, None once it has had its share."""

    def __init__(self, *times):
        self.times = iter(times)

    def seconds(self, burst_s):
        return next(self.times)


def test_a_ratio_is_taken_within_each_round_and_the_median_shown():
    contestants = {"by hand": Timed(1, 4, 1), "peer": Timed(3, 12, 2), "slow": Timed(9, None, None)}

    row = engine.race(contestants, rounds=3, burst_s=0)

    assert row == {"by hand": 1, "peer": 3, "slow": 9, "spread": 4}
