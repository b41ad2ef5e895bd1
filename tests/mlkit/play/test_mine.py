import subprocess
import sys

import numpy as np
import pytest

import mlkit
from mlkit.play import mine


def test_your_function_is_used_once_it_is_written(capsys):
    def softmax(z):
        print("noise")
        return z

    assert mine("softmax", {"softmax": softmax}) is softmax
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("namespace", ["empty", "unwritten", "not a function"])
def test_mlkits_stands_in_and_says_so_in_one_line(namespace, capsys):
    def unwritten(z):
        raise NotImplementedError

    names = {"empty": {}, "unwritten": {"softmax": unwritten}, "not a function": {"softmax": 3}}

    assert mine("softmax", names[namespace]) is mlkit.softmax
    assert capsys.readouterr().out == "softmax: yours is not written yet, so mlkit's stands in.\n"


def test_a_function_that_fails_otherwise_is_still_yours():
    def softmax(z):
        return z @ np.ones(7)

    assert mine("softmax", {"softmax": softmax}) is softmax


def test_a_function_is_tried_with_the_inputs_given():
    def kl_divergence(p, q):
        if q is None:
            raise NotImplementedError
        return 0.0

    assert mine("kl_divergence", vars() | {}, [0.5, 0.5], [0.5, 0.5]) is kl_divergence
    assert mine("kl_divergence", vars() | {}, [0.5, 0.5], None) is mlkit.kl_divergence


def test_what_stands_in_can_be_named(capsys):
    def theirs(y, y_hat):
        return 0.0

    assert mine("cross_entropy", {}, stands_in=theirs) is theirs
    assert capsys.readouterr().out.startswith("cross_entropy: yours is not written yet")


def test_a_name_nobody_has_is_an_error_that_says_what_to_do():
    with pytest.raises(NameError, match="mine: no function 'softmix' here or in mlkit; define it"):
        mine("softmix", {})


def test_mlkit_alone_loads_neither_play_nor_widgets():
    code = (
        "import sys, mlkit;"
        "print([n for n in ('mlkit.play', 'anywidget', 'ipywidgets') if n in sys.modules])"
    )

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"


def test_what_mlkit_has_no_name_for_stands_in_from_the_lessons_own(capsys):
    jacobian = mine("softmax_jacobian", {})
    slopes = mine("short_way", {}, np.zeros((1, 2)), np.ones((1, 2)))

    np.testing.assert_allclose(jacobian(np.array([1.0, 2.0])).sum(axis=1), 0, atol=1e-15)
    np.testing.assert_allclose(slopes(np.zeros((2, 2)), np.eye(2)), [[-0.25, 0.25], [0.25, -0.25]])
    assert "short_way: yours is not written yet" in capsys.readouterr().out
