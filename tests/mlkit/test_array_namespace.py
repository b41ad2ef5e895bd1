"""Tensors meet other libraries: the array API standard, DLPack, numpy.testing."""

import array_api_strict
import numpy as np
import pytest

from mlkit import Tensor, ops
from mlkit.gradcheck import check_gradients

X = np.array([[1.0, -2.0, 3.0], [0.5, 2.0, -1.0]])
# Complex numbers, bits, strict mode's own switches, and what rests on details of memory.
LEFT_OUT = {
    name
    for name in array_api_strict.__all__
    if name.startswith(("bitwise", "complex", "__"))
    or "array_api_strict_flags" in name
    or name in ("ArrayAPIStrictFlags", "Device", "conj", "fft", "imag", "nextafter", "real")
    or name in ("floor_divide", "unique_all", "unique_counts", "unique_inverse")
}


def test_the_namespace_has_the_names_of_the_standard():
    xp = Tensor(X).__array_namespace__()

    missing = [name for name in set(array_api_strict.__all__) - LEFT_OUT if not hasattr(xp, name)]

    assert sorted(missing) == []


def spread(x):
    """Written for any library that keeps to the standard."""
    xp = x.__array_namespace__()
    centred = x - xp.mean(x, axis=-1, keepdims=True)
    both = xp.concat([centred, xp.matrix_transpose(xp.permute_dims(x, (1, 0)))], axis=-1)
    scaled = xp.pow(xp.abs(both), xp.asarray(1.5)) + xp.zeros((2, 1), dtype=xp.float64)
    rows = xp.unstack(scaled)
    safe = xp.where(xp.isfinite(scaled), scaled, xp.inf)
    return xp.vecdot(safe, xp.positive(scaled)) + xp.sum(rows[0]) * xp.pi + xp.linalg.det(x @ x.mT)


def test_code_written_to_the_standard_runs_and_is_differentiated():
    strict = spread(array_api_strict.asarray(X))

    np.testing.assert_allclose(spread(Tensor(X)).numpy(), np.asarray(strict))
    assert spread(Tensor(X, requires_grad=True)).requires_grad
    check_gradients(lambda x: spread(x if isinstance(x, Tensor) else Tensor(x)), X)


def test_asarray_leaves_a_tensor_what_it_is():
    x = Tensor(X, requires_grad=True)

    assert ops.asarray(x) is x
    assert ops.asarray(x, np.float32).requires_grad
    assert ops.asarray([1, 2]).tolist() == [1, 2]


def test_a_name_that_is_no_op_is_answered_with_those_that_are():
    with pytest.raises(AttributeError, match=r"mlkit\.ops has no op 'arcsin'; it has .*asin"):
        ops.arcsin  # noqa: B018


def test_dlpack_shares_memory_with_another_library():
    x = Tensor(X.copy())

    there = np.from_dlpack(x)

    assert np.shares_memory(there, x.data)
    np.testing.assert_array_equal(Tensor(np.from_dlpack(there)).numpy(), X)


def test_dlpack_does_not_cut_derivatives_off_silently():
    with pytest.raises(TypeError, match="dlpack: another library would cut this tensor off"):
        np.from_dlpack(Tensor(X, requires_grad=True))


def test_numpy_testing_works_on_tensors():
    np.testing.assert_allclose(Tensor(X), X)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        np.testing.assert_allclose(Tensor(X), X + 1e-3)
