"""One row per op: sample inputs, domain, constants, and NumPy code as an independent oracle."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import array_api_strict
import numpy as np

from mlkit import ops
from mlkit.device import gpu_available
from mlkit.ops.shape import _concatenate

# The strict library refuses what a GPU would refuse; the GPU itself is tried where there is one.
LIBRARIES = [np, array_api_strict]
if gpu_available():
    import cupy

    LIBRARIES.append(cupy)


@dataclass(frozen=True)
class Row:
    """inputs: a shape is drawn from the domain; an array is taken as it is, undifferentiated."""

    function: Callable[..., Any]
    inputs: list[Any]
    oracle: Callable[..., Any]
    domain: tuple[float, float] = (-2.0, 2.0)
    constants: dict[str, Any] = field(default_factory=dict)
    whole: bool = False  # answers in ints or booleans, without a derivative
    strict: bool = True  # False: the array API standard leaves it out

    @property
    def name(self) -> str:
        return self.function.op.name.strip("_")

    def draw(self, rng: np.random.Generator, dtype: Any = np.float64) -> list[np.ndarray]:
        return [
            rng.uniform(*self.domain, size=x).astype(dtype) if isinstance(x, tuple) else x
            for x in self.inputs
        ]

    @property
    def smooth(self) -> list[int]:
        """Which inputs are differentiated."""
        rules = self.function.op.rules
        rules = rules * len(self.inputs) if self.function.op.variadic else rules
        return [i for i, x in enumerate(self.inputs) if isinstance(x, tuple) and rules[i]]

    def call(self, *inputs: Any) -> Any:
        return self.function(*inputs, **self.constants)

    def on(self, inputs: list[Any]) -> Callable[..., Any]:
        """The op as a function of its differentiated inputs, the others fixed."""

        def function(*smooth: Any) -> Any:
            full = list(inputs)
            for i, x in zip(self.smooth, smooth, strict=True):
                full[i] = x
            return self.call(*full)

        function.__name__ = self.name
        return function

    def __str__(self) -> str:
        shapes = "-".join(
            "x".join(map(str, np.shape(x) if isinstance(x, np.ndarray) else x)) for x in self.inputs
        )
        return f"{self.name}-{shapes}-{'-'.join(map(str, self.constants.values()))}"


def _scipy_free_lse(x, axis=-1, keepdims=False):
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def _share(x, axis=-1):
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def _added_up(g, shape, index):
    total = np.zeros(shape)
    for place, value in zip(index, g, strict=True):
        total[place] += value
    return total


def _surprise(logits, labels):
    return np.mean(
        [-math.log(_share(row)[label]) for row, label in zip(logits, labels, strict=True)]
    )


_mask = np.array(
    [[True, False, True, True], [False, True, False, True], [True, True, False, False]]
)
_places = np.array([[0, 3], [2, 2], [1, 0]])
_pairs = [[(3, 4), (3, 4)], [(2, 3), (3,)], [(2, 1), (1, 3)], [(), (2, 3)], [(4, 1, 3), (2, 1)]]
_inside = (0.2, 3.0)


def _binary(function, oracle, domain=(-2.0, 2.0), whole=False):
    return [Row(function, pair, oracle, domain, whole=whole) for pair in _pairs]


def _unary(function, oracle, domain=(-2.0, 2.0)):
    return [Row(function, [shape], oracle, domain) for shape in [(3, 4), ()]]


def _reduction(function, oracle, whole=False):
    options = [
        {},
        {"axis": 0},
        {"axis": -1, "keepdims": True},
        {"axis": (0, -1)},
        {"axis": (-1, 1)},
    ]
    return [
        Row(function, [(2, 3, 4)], oracle, constants=constants, whole=whole)
        for constants in options
        if not (whole and isinstance(constants.get("axis"), tuple))
    ]


ROWS = [
    *_binary(ops.add, lambda x, y: x + y),
    *_binary(ops.subtract, lambda x, y: x - y),
    *_binary(ops.multiply, lambda x, y: x * y),
    *_binary(ops.divide, lambda x, y: x / y, _inside),
    *_binary(ops.power, lambda x, y: np.exp(y * np.log(x)), _inside),
    *_binary(ops.logaddexp, lambda x, y: np.log(np.exp(x) + np.exp(y))),
    *_binary(ops.maximum, lambda x, y: np.where(x > y, x, y)),
    *_binary(ops.minimum, lambda x, y: np.where(x < y, x, y)),
    *_unary(ops.negative, lambda x: 0 - x),
    *_unary(ops.exp, np.exp),
    *_unary(ops.expm1, lambda x: np.exp(x) - 1),
    *_unary(ops.log, np.log, _inside),
    *_unary(ops.log1p, lambda x: np.log(1 + x), (-0.8, 3.0)),
    *_unary(ops.sqrt, lambda x: x**0.5, _inside),
    *_unary(ops.square, lambda x: x**2),
    *_unary(ops.abs, lambda x: np.where(x < 0, -x, x)),
    *_unary(ops.sign, np.sign),
    *_unary(ops.tanh, np.tanh),
    *_unary(ops.sigmoid, lambda x: 1 / (1 + np.exp(-x))),
    *_unary(ops.relu, lambda x: np.where(x > 0, x, 0)),
    *_unary(ops.softplus, lambda x: np.log(1 + np.exp(x))),
    Row(ops.clip, [(3, 4)], np.clip, constants={"min": -0.7, "max": 1.1}),
    Row(ops.clip, [(3, 4)], lambda x, max: np.minimum(x, max), constants={"max": 0.3}),
    Row(ops.astype, [(3, 4)], lambda x, dtype: x, constants={"dtype": np.float64}, strict=False),
    Row(ops.where, [_mask, (3, 4), (3, 4)], np.where),
    Row(ops.where, [_mask, (4,), ()], np.where),
    *_binary(ops.equal, lambda x, y: x == y, whole=True),
    *_binary(ops.not_equal, lambda x, y: x != y, whole=True),
    *_binary(ops.less, lambda x, y: x < y, whole=True),
    *_binary(ops.less_equal, lambda x, y: x <= y, whole=True),
    *_binary(ops.greater, lambda x, y: x > y, whole=True),
    *_binary(ops.greater_equal, lambda x, y: x >= y, whole=True),
    Row(ops.logical_and, [_mask, ~_mask[0]], np.logical_and, whole=True),
    Row(ops.logical_or, [_mask, ~_mask[0]], np.logical_or, whole=True),
    Row(ops.logical_not, [_mask], np.logical_not, whole=True),
    *_reduction(ops.sum, np.sum),
    *_reduction(ops.mean, np.mean),
    *_reduction(ops.max, np.max),
    *_reduction(ops.min, np.min),
    *_reduction(ops.argmax, np.argmax, whole=True),
    *_reduction(ops.logsumexp, _scipy_free_lse),
    Row(ops.logsumexp, [(3, 4)], _scipy_free_lse, constants={"axis": None}),
    Row(ops.softmax, [(3, 4)], _share),
    Row(ops.softmax, [(2, 3, 4)], _share, constants={"axis": 1}),
    Row(ops.softmax, [(2, 3)], _share, constants={"axis": None}),
    Row(ops.log_softmax, [(3, 4)], lambda x: np.log(_share(x))),
    Row(
        ops.log_softmax, [(2, 3, 4)], lambda x, axis: np.log(_share(x, axis)), constants={"axis": 0}
    ),
    Row(ops.cross_entropy, [(3, 4), np.array([2, 0, 2])], _surprise),
    Row(ops.kl_divergence, [(3, 4), (3, 4)], lambda p, q: (p * np.log(p / q)).sum(-1), _inside),
    Row(
        ops.kl_divergence,
        [(3, 4), (3, 1)],
        lambda p, q, axis: (p * np.log(p / q)).sum(axis),
        _inside,
        {"axis": 0},
    ),
    Row(
        ops.reshape,
        [(3, 4)],
        lambda x, shape: x.ravel().reshape(shape),
        constants={"shape": (2, -1)},
    ),
    Row(ops.permute_dims, [(2, 3, 4)], np.transpose, constants={"axes": (1, 2, 0)}),
    Row(ops.expand_dims, [(3, 4)], lambda x, axis: x[:, None], constants={"axis": 1}),
    Row(ops.squeeze, [(3, 1, 4)], lambda x, axis: x[:, 0], constants={"axis": 1}),
    Row(ops.squeeze, [(1, 3, 1)], lambda x: x[0, :, 0]),
    Row(ops.broadcast_to, [(3, 1)], np.broadcast_to, constants={"shape": (2, 3, 4)}),
    Row(
        _concatenate, [(2, 3), (2, 1), (2, 4)], lambda *x, axis: np.hstack(x), constants={"axis": 1}
    ),
    Row(_concatenate, [(2, 3), (1, 3)], lambda *x: np.vstack(x)),
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
]
