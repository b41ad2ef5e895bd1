"""A Jacobian in one walk is the one that a walk for each row gives."""

import numpy as np
import pytest
from op_rows import ROWS

from mlkit import GradientTape, Tensor, kinds, ops, rows
from mlkit.engine import walk
from mlkit.ops.loss import cross_entropy

LABELS = np.array([0, 2, 1])
FIRST = np.random.default_rng(0).normal(size=(3, 4))
SQUARE = FIRST[:, :3]
CASES = {
    "elementwise": lambda x: ops.tanh(x) * x + ops.exp(x) / (x * x + 1.0),
    "broadcast": lambda x: x * x.sum() - ops.mean(x, axis=-1, keepdims=True),
    "one number": lambda x: (x * x).sum() * 3.0,
    "softmax": lambda x: ops.softmax(x) + ops.log_softmax(x),
    "matrices": lambda x: ops.relu(x @ FIRST.T) @ FIRST,
    "vectors": lambda x: x @ FIRST[0],
    "layer": lambda x: ops.linear(x, FIRST.T, FIRST[:, 0]),
    "a row of it": lambda x: ops.linear(FIRST.T, ops.sin(x), x[0] * 1.0),
    "bias alone": lambda x: ops.linear(FIRST, FIRST.T, ops.mean(x, axis=-1)),
    "where": lambda x: ops.where(x > 0, x, 0.1 * x),
    "branches": lambda x: ops.maximum(x, 0.0) * 2.0 + x[::-1],
    "moved": lambda x: ops.reshape(x.T * x.reshape(4, 3), -1),
    "axis from the front": lambda x: ops.sum(x * x, axis=0),
    "loss": lambda x: cross_entropy(x, LABELS),
}
ONE_WALK = set(CASES) - {"branches", "axis from the front", "loss", "a row of it"}


def one_by_one(y, x):
    eye = np.eye(y.data.size).reshape(-1, *y.shape)
    found = [walk({y.node: seed}, [x.node])[x.node] for seed in eye]
    return np.stack(found)


@pytest.mark.parametrize("name", CASES)
def test_rows_walked_at_once_are_the_rows_walked_one_by_one(name, rng):
    x = Tensor(rng.normal(size=(3, 4)), requires_grad=True)
    y = CASES[name](x)

    found = rows.walk_rows(y.node, np.eye(y.data.size).reshape(-1, *y.shape), [x.node])

    assert (found is not None) == (name in ONE_WALK)
    if found is not None:
        np.testing.assert_allclose(found[x.node], one_by_one(y, x), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "function",
    [lambda x: x / x.sum(), lambda x: x * x.mean(), lambda x: ops.softmax(x), lambda x: x @ SQUARE],
)
def test_as_many_rows_as_elements_are_not_mistaken_for_each_other(function, rng):
    x = Tensor(rng.normal(size=3), requires_grad=True)
    y = function(x)

    found = rows.walk_rows(y.node, np.eye(3), [x.node])

    np.testing.assert_allclose(found[x.node], one_by_one(y, x), rtol=1e-12, atol=1e-14)


def walked_at_once(row, rng):
    """The op of a row on drawn inputs, its sources, and what one walk gives for all rows."""
    inputs = [Tensor(x, i in row.smooth) for i, x in enumerate(row.draw(rng))]
    y, sources = row.call(*inputs), [inputs[i] for i in row.smooth]
    seeds = np.eye(y.data.size).reshape(-1, *y.shape)
    return y, sources, rows.walk_rows(y.node, seeds, [x.node for x in sources])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's own, of rules at their limits
@pytest.mark.parametrize("row", [row for row in ROWS if row.smooth], ids=str)
def test_every_op_that_is_walked_by_rows_gives_the_rows_walked_one_by_one(row, rng):
    y, sources, found = walked_at_once(row, rng)

    for x in sources if found is not None else ():
        expected = one_by_one(y, x)
        np.testing.assert_allclose(found[x.node], expected, rtol=1e-10, atol=1e-12)


def test_every_op_that_is_trusted_with_rows_has_one_that_proves_it(rng):
    trusted = {op for op in [*rows._HOLD, *kinds._ELEMENTWISE] if any(op.rules)}
    smooth = [row for row in ROWS if row.smooth and getattr(row.function, "op", None) in trusted]

    proven = {row.function.op for row in smooth if walked_at_once(row, rng)[2] is not None}

    assert {op.name for op in trusted - proven} == {"identity"}  # one of the front doors


@pytest.mark.parametrize("shape", [(4,), (4, 2), (3, 4), (1, 4), (2, 3, 4)])
def test_products_of_every_shape_are_walked_by_rows(shape, rng):
    x, w = Tensor(rng.normal(size=shape), True), Tensor(rng.normal(size=(4, 3)), True)
    if shape == (4, 2):
        x, w = w.mT.detach(), x
        x.requires_grad = True
    y = ops.matmul(x, w)

    found = rows.walk_rows(y.node, np.eye(y.data.size).reshape(-1, *y.shape), [x.node, w.node])

    for source in (x, w):
        np.testing.assert_allclose(found[source.node], one_by_one(y, source), rtol=1e-12)


def test_a_rule_that_was_changed_is_not_trusted_with_rows(monkeypatch):
    x = Tensor(np.ones(3), requires_grad=True)
    y = ops.tanh(x)
    monkeypatch.setattr(ops.tanh.op, "rules", list(ops.tanh.op.rules))

    assert rows.walk_rows(y.node, np.eye(3), [x.node]) is None


def test_the_tapes_batch_jacobian_of_softmax(rng):
    with GradientTape() as tape:
        z = Tensor(rng.normal(size=(5, 3)), requires_grad=True)
        p = ops.softmax(z)

    got = tape.batch_jacobian(p, z).numpy()

    expected = p.data[:, :, None] * (np.eye(3) - p.data[:, None, :])
    np.testing.assert_allclose(got, expected, rtol=1e-12)
