"""The examples in docstrings of networks, losses, metrics and schedules run as they stand."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "name", ["nn.module", "nn.layer", "nn.sequential", "losses", "metrics", "optim.schedule"]
)
def test_examples_in_docstrings_run(name):
    failed, tried = doctest.testmod(import_module(f"mlkit.{name}"))

    assert tried
    assert not failed
