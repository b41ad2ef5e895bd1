"""mlkit's speed is guarded by counted instructions, which repeat to 0.5 %; time does not."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

import instructions

ROOT = instructions.HERE.parent
BUDGET = json.loads(instructions.BUDGET.read_text())


@pytest.mark.slow  # 10 s: callgrind runs code fifty times as slow
def test_no_workload_takes_more_instructions_than_its_budget():
    if why := instructions.cannot_compare(BUDGET):
        pytest.skip(why)
    if why := instructions.cannot_count():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)

    found = instructions.ratios(instructions.count())

    assert instructions.differences(found, BUDGET["ratios"]) == []


def test_the_budget_is_of_the_numpy_that_the_lock_pins():
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")

    pinned = re.search(r"^numpy==([\d.]+)", lock, re.MULTILINE)[1]

    assert BUDGET["versions"].endswith(f"NumPy {pinned}"), "renew: see benchmarks/instructions.py"


def test_more_than_the_budget_is_told_with_workload_amount_and_command():
    (complaint,) = instructions.differences({"mlkit, chain": 2.2}, {"mlkit, chain": 2.0})

    assert "mlkit, chain takes 10 % more instructions than its budget" in complaint
    assert complaint.endswith("python benchmarks/instructions.py --renew")


def test_much_less_than_the_budget_asks_to_lower_it():
    (complaint,) = instructions.differences({"mlkit, chain": 1.5}, {"mlkit, chain": 2.0})

    assert "its budget is 2.0: well done, keep it so with" in complaint


def test_a_little_more_or_less_is_within_the_budget():
    found = {"mlkit, chain": 2.05, "mlkit, step": 1.85}

    assert instructions.differences(found, dict.fromkeys(found, 2.0)) == []


def test_a_workload_that_is_counted_or_budgeted_alone_is_told():
    complaints = instructions.differences({"mlkit, new": 2.0}, {"mlkit, old": 2.0})

    assert [text.partition(":")[0] for text in complaints] == [
        "mlkit, new stands in what was counted only",
        "mlkit, old stands in the budget only",
    ]


def test_other_versions_are_not_compared():
    assert "not comparable" in instructions.cannot_compare({"versions": "CPython 2.7 and no NumPy"})
