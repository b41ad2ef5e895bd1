"""The examples in the docstrings of mlkit.data are true."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["shipped", "order", "encode"])
def test_the_examples_of_docstrings_run(name):
    failed, tried = doctest.testmod(import_module(f"mlkit.data.{name}"))

    assert tried and not failed
