"""What the tests of mlkit share: op_rows.py as a module to import, and a generator."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def count_calls():
    """How many Python functions a piece of work calls: its cost, the same on any machine."""

    def count(work):
        calls = 0

        def note(frame, event, argument):
            nonlocal calls
            calls += event == "call"

        sys.setprofile(note)
        try:
            work()
        finally:
            sys.setprofile(None)
        return calls

    return count
