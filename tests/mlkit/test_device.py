"""Which library holds an array, and what is said where there is no GPU."""

import subprocess
import sys

import array_api_strict
import numpy as np
import pytest

import mlkit
from mlkit import device

without_a_gpu = pytest.mark.skipif(device.gpu_available(), reason="says what happens without one")


def test_numbers_go_with_any_library():
    strict = array_api_strict.asarray([1.0])

    assert device.namespace(2, np.float64(3), True) is np
    assert device.namespace(2, strict).__name__ == "array_api_strict"


def test_what_no_library_holds_is_refused():
    with pytest.raises(TypeError, match="no library holds a dict"):
        device.namespace({})


@without_a_gpu
def test_without_a_gpu_one_calm_line_says_what_happens():
    assert device.describe() == "no GPU here, so everything runs on the CPU with NumPy"
    with pytest.raises(RuntimeError, match="to_gpu: no GPU here, so everything runs on the CPU"):
        mlkit.to_gpu(np.ones(2))


def test_cupy_is_not_imported_to_answer_no():
    code = (
        "import sys, mlkit; mlkit.softmax([1.0, 2.0]); "
        "assert 'cupy' not in sys.modules or mlkit.gpu_available()"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_to_host_gives_numpy_arrays():
    x = device.to_host(array_api_strict.asarray([1.0, 2.0]))

    assert type(x) is np.ndarray
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (np.array([0, 2, 2]), [1, 0, 5]),
        (slice(0, 3), [1, 2, 3]),
        (np.array([True, True, True]), [1, 2, 3]),
        ((np.array([0, 0, 0]),), [6, 0, 0]),
        (np.array([-1, 2, 0]), [3, 0, 3]),
    ],
)
def test_a_place_named_twice_gets_both(index, expected):
    assert device.scatter_add(np.array([1.0, 2.0, 3.0]), (3,), index).tolist() == expected
