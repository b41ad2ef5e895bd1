import pytest

from autograder.forbid import find

FORBIDDEN = ["scipy.special.softmax", "mlkit"]


@pytest.mark.parametrize(
    "cells",
    [
        ["import scipy.special", "def f(z):\n    return scipy.special.softmax(z)"],
        ["import scipy.special as s", "def f(z):\n    return s.softmax(z)"],
        ["from scipy.special import softmax as s", "def f(z):\n    return s(z)"],
        ["from scipy import special", "def f(z):\n    return special.softmax(z)"],
        ["def f(z):\n    from scipy.special import softmax\n    return softmax(z)"],
        ["import mlkit", "def f(z):\n    return mlkit.ops.softmax(z)"],
        ["from mlkit import softmax", "f = softmax"],
        ["import mlkit as m", "def g(z):\n    return m.softmax(z)", "def f(z):\n    return g(z)"],
        ["%matplotlib inline\nimport mlkit", "def f(z):\n    return mlkit.softmax(z)"],
        ["import mlkit\ng = mlkit.softmax", "def f(z, by=g):\n    return by(z)"],
        ["import mlkit\ng = mlkit.softmax", "def f(z):\n    global g\n    g = g\n    return g(z)"],
        ["import mlkit\ng = mlkit.softmax", "f = lambda z: g(z)"],
    ],
)
def test_a_forbidden_name_is_found_through_aliases_and_helpers(cells):
    name, line = find(cells, FORBIDDEN, ["f"])

    assert name.startswith(("scipy.special.softmax", "mlkit"))
    assert line


@pytest.mark.parametrize(
    "cells",
    [
        ["import mlkit", "def f(z):\n    return z", "mlkit.softmax(1)"],
        ["import scipy.special", "def f(z):\n    return scipy.special.erf(z)"],
        ["def f(z):\n    '''like scipy.special.softmax'''\n    return z"],
        ["import mlkit", "def g(z):\n    return mlkit.softmax(z)", "def f(z):\n    return z"],
        ["import mlkit", "def f(z):\n    return mlkit.softmax(z)", "def f(z):\n    return z"],
        ["def f(:", "def f(z):\n    return z"],
        ["import mlkit\nrow = mlkit.softmax(1)", "def f(z):\n    row = z + 1\n    return row"],
        ["import mlkit\nz = mlkit.softmax(1)", "def f(z):\n    return z + 1"],
    ],
)
def test_what_the_answer_does_not_reach_is_no_matter(cells):
    assert find(cells, FORBIDDEN, ["f"]) is None


def test_the_line_is_told():
    cells = ["import mlkit", "def f(z):\n    y = z + 1\n    return mlkit.softmax(y)"]

    assert find(cells, FORBIDDEN, ["f"]) == ("mlkit.softmax", "return mlkit.softmax(y)")
