"""Rows of ops that move numbers, and of products."""

import numpy as np
from op_row import Row

from mlkit import ops
from mlkit.ops.conv import _max_in_windows
from mlkit.ops.einstein import _einsum
from mlkit.ops.index import _pad
from mlkit.ops.shape import _concatenate, _stack


def _added_up(g, shape, index):
    total = np.zeros(shape)
    for place, value in zip(index, g, strict=True):
        total[place] += value
    return total


_mask = np.array(
    [[True, False, True, True], [False, True, False, True], [True, True, False, False]]
)
_places = np.array([[0, 3], [2, 2], [1, 0]])
_size = {"size": (2,), "stride": 2}
LOOSE = {"strict": False}
SQUARE = {"invertible": True}
EINSUMS = [
    ("ni,ij->nj", (2, 3), (3, 4)),
    ("ni,ij", (2, 3), (3, 4)),
    ("ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->i", (2, 3)),
    ("ij,kj->i", (2, 3), (4, 3)),
    ("ij,ik->k", (2, 3), (2, 4)),
    ("ii", (3, 3)),
    ("iij->ji", (3, 3, 2)),
    ("...ij,...jk->...ik", (2, 1, 2, 3), (4, 3, 2)),
    ("...i,j...", (2, 3), (4, 2)),
    ("i...->...", (3, 2, 4)),
    ("a,b,ab->b", (2,), (3,), (2, 3)),
    ("bij,bjk,kl->bil", (2, 2, 3), (2, 3, 2), (2, 4)),
    (" i , i -> ", (3,), (3,)),
]


def named(name, formula, *shapes):
    def einsum(*arrays):
        return ops.einsum(formula, *arrays)

    einsum.__doc__ = ops.einsum.__doc__
    return Row(einsum, list(shapes), lambda *arrays: np.einsum(formula, *arrays), strict=False)


def _framed(x, widths, value):
    return np.pad(x, widths, constant_values=value)


def _volume(m):
    return m[0] @ np.cross(m[1], m[2])


def _spots(shape, size, stride):
    """The corner and the index of every window."""
    counts = [(n - k) // stride + 1 for n, k in zip(shape[1:-1], size, strict=True)]
    for spot in np.ndindex(*counts):
        corner = [stride * i for i in spot]
        yield spot, tuple(slice(a, a + k) for a, k in zip(corner, size, strict=True))


def _all_windows(x, size, stride=1):
    found = {spot: x[:, *part] for spot, part in _spots(x.shape, size, stride)}
    counts = [i + 1 for i in max(found)]
    z = np.zeros((len(x), *counts, np.prod(size), x.shape[-1]))
    for spot, window in found.items():
        z[:, *spot] = window.reshape(len(x), -1, x.shape[-1])
    return z


def _all_folded(x, shape, size, stride):
    z = np.zeros(shape)
    for spot, part in _spots(shape, size, stride):
        z[:, *part] += x[:, *spot].reshape(len(x), *size, -1)
    return z


def _slid(x, w, b=0.0, stride=1, padding=0):
    x = np.pad(x, [(0, 0), *[(padding, padding)] * (x.ndim - 2), (0, 0)])
    found = [
        (spot, np.tensordot(x[:, *part], w, w.ndim - 1))
        for spot, part in _spots(x.shape, w.shape[:-2], stride)
    ]
    counts = [i + 1 for i in found[-1][0]]
    z = np.zeros((len(x), *counts, w.shape[-1]))
    for spot, value in found:
        z[:, *spot] = value
    return z + b


def _pooled(reduce, filler):
    def pool(x, size, stride=None, padding=0):
        places = x.ndim - 2
        x = np.pad(x, [(0, 0), *[(padding,) * 2] * places, (0, 0)], constant_values=filler)
        return reduce(_all_windows(x, (size,) * places, stride or size), axis=-2)

    return pool


_largest, _average = _pooled(np.max, -np.inf), _pooled(np.mean, 0.0)
POOLS = [
    (ops.max_pool1d, _largest, (2, 5, 3)),
    (ops.max_pool2d, _largest, (2, 4, 5, 2)),
    (ops.average_pool1d, _average, (2, 5, 3)),
    (ops.average_pool2d, _average, (2, 4, 5, 2)),
]

ARRAYS = [
    Row(
        ops.reshape,
        [(3, 4)],
        lambda x, shape: x.ravel().reshape(shape),
        constants={"shape": (2, -1)},
    ),
    Row(ops.permute_dims, [(2, 3, 4)], np.transpose, constants={"axes": (1, 2, 0)}),
    Row(ops.expand_dims, [(3, 4)], lambda x, axis: x[:, None], constants={"axis": 1}),
    Row(ops.expand_dims, [(3, 4)], lambda x, axis: x[:, None], constants={"axis": -2}),
    Row(ops.squeeze, [(3, 1, 4)], lambda x, axis: x[:, 0], constants={"axis": 1}),
    Row(ops.squeeze, [(1, 3, 1)], lambda x: x[0, :, 0]),
    Row(ops.broadcast_to, [(3, 1)], np.broadcast_to, constants={"shape": (2, 3, 4)}),
    Row(
        _concatenate,
        [(2, 3), (2, 1), (2, 4)],
        lambda *x, axis, edges: np.hstack(x),
        constants={"axis": 1, "edges": (0, 3, 4, 8)},
    ),
    Row(
        _concatenate,
        [(2, 3), (1, 3)],
        lambda *x, axis, edges: np.vstack(x),
        constants={"axis": -2, "edges": (0, 2, 3)},
    ),
    Row(_stack, [(2, 3), (2, 3)], lambda *x, axis: np.stack(x, axis), constants={"axis": 1}),
    Row(ops.getitem, [(3, 4)], lambda x, index: x[1], constants={"index": (1, ...)}),
    Row(
        ops.getitem,
        [(3, 4)],
        lambda x, index: x[::2, 1:],
        constants={"index": (slice(None, None, 2), slice(1, None))},
    ),
    Row(ops.getitem, [(3, 4)], lambda x, index: x[index], constants={"index": _mask}, strict=False),
    Row(
        ops.getitem,
        [(3, 4)],
        lambda x, index: np.stack([x[0], x[0], x[2]]),
        constants={"index": np.array([0, 0, 2])},
        strict=False,
    ),
    Row(
        ops.scatter_add,
        [(4,)],
        _added_up,
        constants={"shape": (3,), "index": np.array([0, 2, 2, 2])},
        strict=False,
    ),
    Row(
        ops.take_along_axis,
        [(3, 4), _places],
        lambda x, i, axis: np.stack([x[n, i[n]] for n in range(3)]),
        constants={"axis": -1},
    ),
    Row(
        ops.take_along_axis,
        [(4, 2), _places],
        lambda x, i, axis: x[i, [0, 1]],
        constants={"axis": 0},
    ),
    Row(ops.ones_like, [(3, 4)], lambda x: np.ones((3, 4))),
    Row(ops.zeros_like, [(3, 4)], lambda x: np.zeros((3, 4))),
    Row(ops.matmul, [(3, 4), (4, 2)], lambda x, y: np.einsum("ni,ij->nj", x, y)),
    Row(ops.matmul, [(4,), (4, 2)], lambda x, y: np.einsum("i,ij->j", x, y)),
    Row(ops.matmul, [(3, 4), (4,)], lambda x, y: np.einsum("ni,i->n", x, y)),
    Row(ops.matmul, [(4,), (4,)], lambda x, y: np.einsum("i,i->", x, y)),
    Row(ops.matmul, [(2, 3, 4), (4, 2)], lambda x, y: np.einsum("bni,ij->bnj", x, y)),
    Row(ops.matmul, [(2, 3, 4), (2, 4, 2)], lambda x, y: np.einsum("bni,bij->bnj", x, y)),
    Row(ops.matmul, [(3, 4), (2, 4, 2)], lambda x, y: np.einsum("ni,bij->bnj", x, y)),
    Row(ops.matmul, [(2, 3, 4), (4,)], lambda x, y: np.einsum("bni,i->bn", x, y)),
    Row(ops.matmul, [(4,), (2, 4, 3)], lambda x, y: np.einsum("i,bij->bj", x, y)),
    Row(ops.linear, [(3, 4), (4, 2), (2,)], lambda x, w, b: np.einsum("ni,ij->nj", x, w) + b),
    Row(ops.linear, [(2, 3, 4), (4, 2), (2,)], lambda x, w, b: np.einsum("bni,ij->bnj", x, w) + b),
    Row(ops.linear, [(4,), (4, 2), (2,)], lambda x, w, b: np.einsum("i,ij->j", x, w) + b),
    Row(ops.concatenate, [(2, 3), (1, 3)], np.concatenate, listed=True),
    Row(ops.stack, [(2, 3), (2, 3)], np.stack, listed=True, constants={"axis": -1}),
    Row(ops.hstack, [(2, 3), (2, 1)], np.hstack, listed=True),
    Row(ops.hstack, [(3,), (2,)], np.hstack, listed=True),
    Row(ops.vstack, [(2, 3), (3,)], np.vstack, listed=True),
    Row(ops.transpose, [(2, 3, 4)], np.transpose),
    Row(ops.transpose, [(2, 3, 4)], np.transpose, constants={"axes": (2, 0, -2)}),
    Row(ops.swapaxes, [(2, 3, 4)], np.swapaxes, constants={"axis1": 0, "axis2": -1}),
    Row(ops.moveaxis, [(2, 3, 4)], np.moveaxis, constants={"source": 0, "destination": -1}),
    Row(ops.moveaxis, [(2, 3, 4)], np.moveaxis, constants={"source": -1, "destination": 1}),
    Row(ops.ravel, [(2, 3)], np.ravel),
    Row(ops.flip, [(2, 3, 4)], np.flip),
    Row(ops.flip, [(2, 3, 4)], np.flip, constants={"axis": 1}),
    Row(ops.flip, [(2, 3, 4)], np.flip, constants={"axis": (0, -1)}),
    Row(ops.roll, [(3, 4)], np.roll, constants={"shift": 5}),
    Row(ops.roll, [(3, 4)], np.roll, constants={"shift": -1, "axis": 0}),
    Row(ops.roll, [(3, 4)], np.roll, constants={"shift": (1, 2), "axis": (0, 1)}),
    Row(ops.tile, [(2, 3)], np.tile, constants={"reps": 2}),
    Row(ops.tile, [(2, 3)], np.tile, constants={"reps": (2, 1, 3)}),
    Row(ops.tile, [(2, 1, 3)], np.tile, constants={"reps": (3, 2)}),
    Row(ops.repeat, [(2, 3)], np.repeat, constants={"repeats": 2}),
    Row(ops.repeat, [(2, 3)], np.repeat, constants={"repeats": 3, "axis": 0}),
    Row(ops.repeat, [(2, 3)], np.repeat, constants={"repeats": [2, 0, 1], "axis": -1}, **LOOSE),
    Row(ops.tril, [(2, 3, 4)], np.tril),
    Row(ops.tril, [(3, 4)], np.tril, constants={"k": -1}),
    Row(ops.triu, [(2, 3, 4)], np.triu),
    Row(ops.triu, [(3, 4)], np.triu, constants={"k": 2}),
    Row(ops.take, [(3, 4)], np.take, constants={"indices": [0, 5, 5]}, **LOOSE),
    Row(ops.take, [(3, 4)], np.take, constants={"indices": _places, "axis": 1}, **LOOSE),
    Row(ops.take, [(3, 4)], np.take, constants={"indices": [2, 2, 0], "axis": 0}, **LOOSE),
    Row(ops.embedding, [(4, 2), _places], lambda x, i: np.stack([x[k] for k in i]), **LOOSE),
    Row(ops.pad, [(2, 3)], np.pad, constants={"pad_width": 1}),
    Row(
        ops.pad,
        [(2, 3)],
        np.pad,
        constants={"pad_width": [(0, 2), (1, 0)], "constant_values": 3.0},
    ),
    Row(ops.pad, [(3,)], np.pad, constants={"pad_width": (2, 1), "mode": "edge"}, **LOOSE),
    Row(ops.pad, [(4, 3)], np.pad, constants={"pad_width": 2, "mode": "reflect"}, **LOOSE),
    Row(
        _max_in_windows,
        [(2, 4, 5, 2)],
        lambda x, size, stride: _largest(x, 2, stride),
        constants={"size": (2, 2), "stride": 1},
    ),
    Row(_pad, [(2, 3)], _framed, constants={"widths": [(1, 2), (0, 1)], "value": -1.0}),
    Row(ops.diagonal, [(3, 4)], np.diagonal, **LOOSE),
    Row(ops.diagonal, [(4, 3)], np.diagonal, constants={"offset": -2}, **LOOSE),
    Row(
        ops.diagonal,
        [(2, 3, 4)],
        np.diagonal,
        constants={"offset": 1, "axis1": 2, "axis2": 0},
        **LOOSE,
    ),
    Row(ops.diag, [(3,)], np.diag, constants={"k": 1}, **LOOSE),
    Row(ops.diag, [(3, 4)], np.diag, constants={"k": -1}, **LOOSE),
    Row(ops.sort, [(3, 5)], lambda x: np.array([sorted(row) for row in x])),
    Row(ops.sort, [(3, 5)], np.sort, constants={"axis": 0}),
    Row(ops.argsort, [(3, 5)], np.argsort, constants={"axis": 0}, whole=True),
    Row(ops.dot, [(), (2, 3)], np.dot),
    Row(ops.dot, [(4,), (4,)], np.dot),
    Row(ops.dot, [(2, 3, 4), (4, 2)], np.dot),
    Row(ops.dot, [(3, 4), (2, 4, 2)], np.dot),
    Row(ops.inner, [(3, 4), (2, 4)], np.inner),
    Row(ops.inner, [(2, 3), ()], np.inner),
    Row(ops.outer, [(3,), (2, 2)], np.outer),
    Row(ops.tensordot, [(2, 3, 4), (3, 4, 2)], np.tensordot),
    Row(ops.tensordot, [(2, 3), (3, 2)], np.tensordot, constants={"axes": 0}),
    Row(ops.tensordot, [(2, 3, 4), (4, 5, 2)], np.tensordot, constants={"axes": ((0, 2), (2, 0))}),
    Row(ops.trace, [(3, 4)], np.trace, constants={"offset": 1}, **LOOSE),
    Row(ops.trace, [(3, 2, 3)], np.trace, constants={"axis1": 0, "axis2": -1}, **LOOSE),
    Row(ops.solve, [(3, 3), (3, 2)], lambda x, y: np.linalg.inv(x) @ y, **SQUARE),
    Row(ops.solve, [(3, 3), (3,)], lambda x, y: np.linalg.inv(x) @ y, **SQUARE),
    Row(ops.solve, [(2, 3, 3), (3, 2)], lambda x, y: np.linalg.inv(x) @ y, **SQUARE),
    Row(ops.solve, [(2, 3, 3), (3,)], lambda x, y: np.linalg.inv(x) @ y, **SQUARE),
    Row(ops.inv, [(3, 3)], lambda x: np.linalg.solve(x, np.eye(3)), **SQUARE),
    Row(ops.inv, [(2, 3, 3)], lambda x: np.linalg.solve(x, np.stack([np.eye(3)] * 2)), **SQUARE),
    Row(ops.det, [(3, 3)], _volume, **SQUARE),
    Row(ops.det, [(2, 3, 3)], lambda x: np.array([_volume(m) for m in x]), **SQUARE),
    *(named("einsum", formula, *shapes) for formula, *shapes in EINSUMS),
    Row(
        _einsum,
        [(2, 3), (3, 4)],
        lambda x, y, terms: x @ y,
        constants={"terms": ("ab", "bc", "ac")},
        strict=False,
    ),
    Row(ops.windows, [(2, 5, 3)], _all_windows, constants={"size": (2,), "stride": 2}),
    Row(ops.windows, [(2, 4, 5, 3)], _all_windows, constants={"size": (3, 2)}),
    Row(ops.fold, [(2, 2, 2, 3)], _all_folded, constants={"shape": (2, 5, 3), **_size}),
    Row(ops.conv1d, [(2, 6, 3), (2, 3, 4), (4,)], _slid),
    Row(ops.conv1d, [(2, 6, 3), (3, 3, 4)], _slid, constants={"stride": 2, "padding": 1}),
    Row(ops.conv2d, [(2, 4, 5, 3), (3, 2, 3, 2), (2,)], _slid),
    Row(ops.conv2d, [(2, 5, 4, 1), (3, 3, 1, 2)], _slid, constants={"stride": 2, "padding": 1}),
    *(
        Row(pool, [shape], oracle, constants=constants)
        for pool, oracle, shape in POOLS
        for constants in ({"size": 2}, {"size": 3, "stride": 1, "padding": 1})
    ),
]
