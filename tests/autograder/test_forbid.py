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
        ["from mlkit import softmax as f"],
        ["from mlkit import *", "def f(z):\n    return softmax(z)"],
        ["def f(z):\n    from mlkit import *\n    return z"],
        ["import numpy as np\nimport mlkit\nnp.exp?\ndef f(z):\n    return mlkit.softmax(z)"],
        ["import mlkit\nx = (5\n     % 3)\ndef f(z):\n    return mlkit.softmax(z)"],
        ["import mlkit\nif True:\n    def f(z):\n        return mlkit.softmax(z)"],
        ["try:\n    from scipy.special import softmax as f\nexcept ImportError:\n    pass"],
        ["import mlkit\nf: object = mlkit.softmax"],
        ["import mlkit\nf, _ = mlkit.softmax, 0"],
        ["import importlib\ndef f(z):\n    return importlib.import_module('mlkit').softmax(z)"],
        ["f = __import__('mlkit').softmax"],
        [
            "import mlkit\nclass Soft:\n    def __call__(self, z):\n        return mlkit.softmax(z)"
            "\nf = Soft()"
        ],
        ["import mlkit", "def f(z):\n    return mlkit.softmax(z" + " + 0" * 2000 + ")"],
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
        ["from mlkit import softmax as e", "def f(z):\n    e = z + 1\n    return e / 2"],
        ["import mlkit as m", "def f(z):\n    m = z.max()\n    return z - m"],
        [
            "def g(z):\n    from mlkit import softmax as e\n    return e(z)",
            "e = 3.0\ndef f(z):\n    return z + e",
        ],
        ["def f(z):\n    return z" + " + 0" * 2000],
        ["from mlkit import softmax as f", "def f(z):\n    return z"],
        ["import mlkit\nrow = mlkit.softmax(1)", "def f(z):\n    row = z + 1\n    return row"],
        ["import mlkit\nz = mlkit.softmax(1)", "def f(z):\n    return z + 1"],
    ],
)
def test_what_the_answer_does_not_reach_is_no_matter(cells):
    assert find(cells, FORBIDDEN, ["f"]) is None


def test_the_line_is_told():
    cells = ["import mlkit", "def f(z):\n    y = z + 1\n    return mlkit.softmax(y)"]

    assert find(cells, FORBIDDEN, ["f"]) == ("mlkit.softmax", "return mlkit.softmax(y)")
