"""Which library holds an array, and what is said where there is no GPU."""

import subprocess
import sys

import array_api_strict
import numpy as np
import pytest

import mlkit
from mlkit import device, place


@pytest.fixture
def strict_gpu(monkeypatch):
    """The strict library stands for a GPU: what is there refuses to meet what is here."""
    monkeypatch.setattr(device, "_GPU", "array_api_strict")
    monkeypatch.setattr(device, "gpu_available", lambda: True)


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


def test_gradients_go_back_to_where_the_tensor_came_from(strict_gpu):
    x = mlkit.tensor([1.0, 2.0], requires_grad=True)

    there = x.to("gpu")
    (there * there).sum().backward()

    assert (x.device, there.device, x.grad.device) == ("cpu", "gpu", "cpu")
    assert x.grad.numpy().tolist() == [2, 4]


def test_second_derivatives_cross_places_too(strict_gpu):
    def cube(x):
        return (x.to("cuda") ** 3).to("cpu")

    assert float(mlkit.grad(mlkit.grad(cube))(mlkit.tensor(2.0))) == 12
    assert float(mlkit.jvp(cube, (2.0,), (1.0,))[1]) == 12


def test_a_tensor_that_is_there_already_is_given_as_it_is():
    x = mlkit.tensor([1.0])

    assert x.to("cpu") is x.to(mlkit.device("cpu")) is x


def test_what_is_made_within_a_device_lives_there(strict_gpu):
    with mlkit.device("gpu"):
        x, w = mlkit.tensor([1.0]), mlkit.Variable([2.0])
        with mlkit.device("cpu"):
            y = mlkit.tensor([3.0])

    assert [t.device for t in (x, w, y, mlkit.tensor([4.0]))] == ["gpu", "gpu", "cpu", "cpu"]
    assert (x * w).numpy().tolist() == [2]


def test_what_lives_in_two_places_is_refused(strict_gpu):
    with pytest.raises(TypeError, match="multiply: arrays that meet must live in one library"):
        mlkit.tensor([1.0]).to("gpu") * mlkit.tensor([1.0])


@without_a_gpu
def test_a_device_without_a_gpu_says_so_once_and_goes_on(capsys):
    place._say_once.cache_clear()

    for _ in range(2):
        with mlkit.device("gpu"):
            x = mlkit.tensor([1.0])

    assert x.device == "cpu"
    said = capsys.readouterr().out
    assert said == "device: no GPU here, so everything runs on the CPU with NumPy\n"
    with pytest.raises(RuntimeError, match="no GPU here"):
        x.to("gpu")


def test_a_place_that_is_none_is_told():
    with pytest.raises(ValueError, match="device: a place is 'cpu' or 'gpu', got 'tpu'"):
        mlkit.device("tpu")
    with pytest.raises(ValueError, match="astype changes the dtype"):
        mlkit.tensor([1.0]).to(np.float32)
