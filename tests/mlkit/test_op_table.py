"""Every row of the op table: values, derivatives, dtypes, shapes and array libraries."""

import zlib

import numpy as np
import pytest
from op_rows import LIBRARIES, ROWS

from mlkit import Tensor, ops
from mlkit.device import namespace, to_host
from mlkit.gradcheck import check_gradients, gradients, tolerance

SMOOTH = [row for row in ROWS if row.smooth]
WHOLE = [row for row in ROWS if row.whole]
FLOATS_KEPT = [row for row in SMOOTH if row.name != "astype"]  # changing them is its purpose
each = pytest.mark.parametrize("row", ROWS, ids=str)
each_smooth = pytest.mark.parametrize("row", SMOOTH, ids=str)


def everywhere(rows):
    """Each row in each array library here; only in NumPy what the standard leaves out."""
    pairs = [(row, xp) for row in rows for xp in LIBRARIES if row.strict or xp is np]
    return pytest.mark.parametrize(
        ("row", "library"), pairs, ids=[f"{xp.__name__}-{row}" for row, xp in pairs]
    )


@pytest.fixture
def rng(row):
    return np.random.default_rng(zlib.crc32(str(row).encode()))


def close(got, expected, dtype):
    rtol = tolerance(dtype)
    np.testing.assert_allclose(to_host(got), expected, rtol=rtol, atol=rtol)


def to(library, x):
    return library.asarray(x) if isinstance(x, np.ndarray) else x


def test_every_op_has_a_row():
    own_tests = {"dropout", "split"}  # random; gives a list: see test_ops_by_hand.py
    shared = {"max_in_windows"}  # what max_pool1d and max_pool2d are made of

    assert set(ops.__all__) - own_tests == {row.name for row in ROWS} - shared


@everywhere(ROWS)
def test_the_values_are_the_oracles(row, rng, library):
    arrays = row.draw(rng)

    got = row.call(*(to(library, x) for x in arrays))

    expected = row.expected(*arrays)
    assert got.shape == np.shape(expected)
    close(got, expected, np.float64)


@each_smooth
def test_the_derivatives_are_those_of_finite_differences(row, rng):
    arrays = row.draw(rng)

    check_gradients(row.on(arrays), *(arrays[i] for i in row.smooth), order=2, rng=rng)


@pytest.mark.parametrize("row", FLOATS_KEPT, ids=str)
def test_float32_stays_float32(row, rng):
    arrays = row.draw(rng, np.float32)
    smooth = [arrays[i] for i in row.smooth]
    weights = rng.normal(size=row.call(*arrays).shape)

    got = gradients(row.on(arrays), smooth, [weights.astype(np.float32)])

    exact = [x.astype(np.float64) for x in smooth]
    wide = [x.astype(np.float64) if x.dtype == np.float32 else x for x in arrays]
    assert row.call(*arrays).dtype == np.float32
    for g, expected in zip(got, gradients(row.on(wide), exact, [weights]), strict=True):
        assert g.dtype == np.float32
        close(g, expected, np.float32)


@everywhere(SMOOTH)
def test_the_derivatives_hold_in_every_array_library(row, rng, library):
    arrays = row.draw(rng)
    there = [to(library, x) for x in arrays]
    weights = rng.normal(size=row.call(*arrays).shape)

    got = gradients(row.on(there), [there[i] for i in row.smooth], [library.asarray(weights)])

    expected = gradients(row.on(arrays), [arrays[i] for i in row.smooth], [weights])
    for g, right in zip(got, expected, strict=True):
        assert namespace(g) is library
        close(g, right, np.float64)


@everywhere(SMOOTH)
def test_second_derivatives_run_in_every_array_library(row, rng, library):
    arrays = row.draw(rng)
    weights = rng.normal(size=row.call(*arrays).shape)

    def second(xp):
        there = [to(xp, x) for x in arrays]

        def first(*smooth):
            return gradients(row.on(there), smooth, [xp.asarray(weights)], record=True)

        smooth = [there[i] for i in row.smooth]
        return gradients(first, smooth, smooth)

    for g, right in zip(second(library), second(np), strict=True):
        close(g, right, np.float64)


@pytest.mark.parametrize("row", WHOLE, ids=str)
def test_whole_answers_are_constants(row, rng):
    arrays = [Tensor(x, requires_grad=x.dtype == np.float64) for x in row.draw(rng)]

    assert not row.call(*arrays).requires_grad


@each
def test_arrays_give_arrays_and_tensors_give_tensors(row, rng):
    arrays = row.draw(rng)

    assert not isinstance(row.call(*arrays), Tensor)
    assert isinstance(row.call(*map(Tensor, arrays)), Tensor)


@each
def test_inputs_are_left_as_they_were(row, rng):
    arrays = row.draw(rng)
    before = [np.copy(x) for x in arrays]

    row.call(*arrays)

    for x, old in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(x, old)


@each
def test_the_docstring_states_the_shape(row):
    text = row.function.__doc__

    assert "->" in text or "shape" in text.lower()
