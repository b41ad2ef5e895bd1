"""Forward mode of every op: the transpose of its way back, and right when it is nested."""

import numpy as np
import pytest
from op_rows import ROWS

from mlkit import jvp, ops, vjp

SMOOTH = [row for row in ROWS if row.smooth]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's own, of forwards at their limits
@pytest.mark.parametrize("row", SMOOTH, ids=str)
def test_the_way_forward_is_the_transpose_of_the_way_back(row, rng):
    arrays = row.draw(rng)
    inputs, op = tuple(arrays[k] for k in row.smooth), row.on(arrays)
    along = tuple(rng.normal(size=x.shape) for x in inputs)

    value, moved = jvp(op, inputs, along)
    weights = rng.normal(size=np.shape(value))
    back = vjp(op, *inputs)[1](weights)

    expected = sum(np.sum(g * t) for g, t in zip(back, along, strict=True))
    np.testing.assert_allclose(value, op(*inputs), rtol=1e-14, atol=1e-14)
    assert np.sum(weights * moved) == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("row", SMOOTH, ids=str)
def test_forward_over_forward_equals_forward_over_reverse(row, rng):
    arrays = row.draw(rng)
    inputs, op = tuple(arrays[k] for k in row.smooth), row.on(arrays)
    along = tuple(rng.normal(size=x.shape) for x in inputs)
    weights = rng.normal(size=np.shape(op(*inputs)))

    def slope(*x):
        return sum(ops.sum(g * t) for g, t in zip(vjp(op, *x)[1](weights), along, strict=True))

    twice = jvp(lambda *x: jvp(op, x, along)[1], inputs, along)[1]
    mixed = jvp(slope, inputs, along)[1]

    assert np.sum(weights * twice) == pytest.approx(float(mixed), rel=1e-9, abs=1e-11)
