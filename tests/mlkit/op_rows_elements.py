"""Rows of ops on elements, reductions and losses."""

import math

import numpy as np
from op_row import INSIDE, Row, binary, reduction, unary

from mlkit import ops
from mlkit.ops.elementwise import _to_device


def _scipy_free_lse(x, axis=-1, keepdims=False):
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def _share(x, axis=-1):
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def _surprise(logits, labels):
    return np.mean(
        [-math.log(_share(row)[label]) for row, label in zip(logits, labels, strict=True)]
    )


_mask = np.array(
    [[True, False, True, True], [False, True, False, True], [True, True, False, False]]
)
_slope, _alpha = {"slope": 0.3}, {"constants": {"alpha": 0.5}}


def _gelu(x):
    return x * 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def _binary_surprise(logits, labels):
    p = 1 / (1 + np.exp(-logits))
    return np.mean(-(labels * np.log(p) + (1 - labels) * np.log(1 - p)))


def running(function, oracle):
    shape = (2, 3, 4)
    return [Row(function, [shape], oracle, constants={"axis": axis}) for axis in (0, 1, -1)]


ELEMENTS = [
    *binary(ops.add, lambda x, y: x + y),
    *binary(ops.subtract, lambda x, y: x - y),
    *binary(ops.multiply, lambda x, y: x * y),
    *binary(ops.divide, lambda x, y: x / y, INSIDE),
    *binary(ops.power, lambda x, y: np.exp(y * np.log(x)), INSIDE),
    *binary(ops.logaddexp, lambda x, y: np.log(np.exp(x) + np.exp(y))),
    *binary(ops.maximum, lambda x, y: np.where(x > y, x, y)),
    *binary(ops.minimum, lambda x, y: np.where(x < y, x, y)),
    *unary(ops.negative, lambda x: 0 - x),
    *unary(ops.exp, np.exp),
    *unary(ops.expm1, lambda x: np.exp(x) - 1),
    *unary(ops.log, np.log, INSIDE),
    *unary(ops.log1p, lambda x: np.log(1 + x), (-0.8, 3.0)),
    *unary(ops.sqrt, lambda x: x**0.5, INSIDE),
    *unary(ops.square, lambda x: x**2),
    *unary(ops.abs, lambda x: np.where(x < 0, -x, x)),
    *unary(ops.sign, np.sign),
    *unary(ops.tanh, np.tanh),
    *unary(ops.sigmoid, lambda x: 1 / (1 + np.exp(-x))),
    *unary(ops.relu, lambda x: np.where(x > 0, x, 0)),
    *unary(ops.softplus, lambda x: np.log(1 + np.exp(x))),
    Row(ops.clip, [(3, 4)], np.clip, constants={"min": -0.7, "max": 1.1}),
    Row(ops.clip, [(3, 4)], lambda x, max: np.minimum(x, max), constants={"max": 0.3}),
    Row(ops.to_device, [(3, 4)], lambda x, device: x, constants={"device": "cpu"}),
    Row(  # in NumPy only: from a GPU its gradients would have to go back there, not to the CPU
        _to_device,
        [(3, 4)],
        lambda x, **there: x,
        constants={"place": "cpu", "back": "cpu"},
        strict=False,
    ),
    Row(ops.astype, [(3, 4)], lambda x, dtype: x, constants={"dtype": np.float64}, strict=False),
    Row(ops.where, [_mask, (3, 4), (3, 4)], np.where),
    Row(ops.where, [_mask, (4,), ()], np.where),
    *binary(ops.equal, lambda x, y: x == y, whole=True),
    *binary(ops.not_equal, lambda x, y: x != y, whole=True),
    *binary(ops.less, lambda x, y: x < y, whole=True),
    *binary(ops.less_equal, lambda x, y: x <= y, whole=True),
    *binary(ops.greater, lambda x, y: x > y, whole=True),
    *binary(ops.greater_equal, lambda x, y: x >= y, whole=True),
    Row(ops.logical_and, [_mask, ~_mask[0]], np.logical_and, whole=True),
    Row(ops.logical_or, [_mask, ~_mask[0]], np.logical_or, whole=True),
    Row(ops.logical_not, [_mask], np.logical_not, whole=True),
    *reduction(ops.sum, np.sum),
    *reduction(ops.mean, np.mean),
    *reduction(ops.max, np.max),
    *reduction(ops.min, np.min),
    *reduction(ops.argmax, np.argmax, whole=True),
    *reduction(ops.logsumexp, _scipy_free_lse),
    Row(ops.logsumexp, [(3, 4)], _scipy_free_lse, constants={"axis": None}),
    Row(ops.softmax, [(3, 4)], _share),
    Row(ops.softmax, [(2, 3, 4)], _share, constants={"axis": 1}),
    Row(ops.softmax, [(2, 3)], _share, constants={"axis": None}),
    Row(ops.log_softmax, [(3, 4)], lambda x: np.log(_share(x))),
    Row(
        ops.log_softmax, [(2, 3, 4)], lambda x, axis: np.log(_share(x, axis)), constants={"axis": 0}
    ),
    Row(ops.cross_entropy, [(3, 4), np.array([2, 0, 2])], _surprise),
    Row(ops.kl_divergence, [(3, 4), (3, 4)], lambda p, q: (p * np.log(p / q)).sum(-1), INSIDE),
    Row(
        ops.kl_divergence,
        [(3, 4), (3, 1)],
        lambda p, q, axis: (p * np.log(p / q)).sum(axis),
        INSIDE,
        {"axis": 0},
    ),
    *unary(ops.log2, lambda x: np.log(x) / math.log(2), INSIDE),
    *unary(ops.log10, lambda x: np.log(x) / math.log(10), INSIDE),
    *unary(ops.reciprocal, lambda x: 1 / x, INSIDE),
    *unary(ops.floor, np.floor),
    *binary(ops.hypot, lambda x, y: (x * x + y * y) ** 0.5),
    *binary(ops.remainder, np.fmod, INSIDE)[:-1],  # positive numbers; the last meets a jump
    *unary(ops.sin, lambda x: np.exp(1j * x).imag),
    *unary(ops.cos, lambda x: np.exp(1j * x).real),
    *unary(ops.tan, lambda x: np.sin(x) / np.cos(x), (-1.0, 1.0)),
    *unary(ops.asin, lambda x: np.arctan(x / np.sqrt(1 - x * x)), (-0.9, 0.9)),
    *unary(ops.acos, lambda x: np.pi / 2 - np.arctan(x / np.sqrt(1 - x * x)), (-0.9, 0.9)),
    *unary(ops.atan, np.arctan),
    *binary(ops.atan2, lambda y, x: np.angle(x + 1j * y)),
    *unary(ops.sinh, lambda x: (np.exp(x) - np.exp(-x)) / 2),
    *unary(ops.cosh, lambda x: (np.exp(x) + np.exp(-x)) / 2),
    *unary(ops.asinh, lambda x: np.log(x + np.sqrt(x * x + 1))),
    *unary(ops.acosh, lambda x: np.log(x + np.sqrt(x * x - 1)), (1.3, 3.0)),
    *unary(ops.atanh, lambda x: np.log((1 + x) / (1 - x)) / 2, (-0.9, 0.9)),
    *unary(ops.leaky_relu, lambda x: np.where(x > 0, x, x / 100)),
    Row(ops.leaky_relu, [(3, 4)], lambda x, slope: np.maximum(x, slope * x), constants=_slope),
    *unary(ops.elu, lambda x: np.where(x > 0, x, np.exp(x) - 1)),
    Row(ops.elu, [(3, 4)], lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(x)), **_alpha),
    *unary(ops.silu, lambda x: x / (1 + np.exp(-x))),
    *unary(ops.gelu, _gelu),
    *unary(ops.softsign, lambda x: np.where(x > 0, x / (1 + x), x / (1 - x))),
    Row(ops.binary_cross_entropy, [(3, 4), (3, 4)], _binary_surprise, (0.1, 0.9)),
    Row(ops.binary_cross_entropy, [(5,), np.array([0, 1, 1, 0, 1])], _binary_surprise),
    Row(ops.binary_cross_entropy, [(3, 4), _mask], _binary_surprise),
    *reduction(ops.argmin, np.argmin, whole=True),
    *reduction(ops.var, np.var),
    Row(ops.var, [(3, 4)], np.var, constants={"axis": 1, "ddof": 1}),
    *reduction(ops.std, np.std),
    Row(ops.std, [(3, 4)], np.std, constants={"axis": 0, "ddof": 2}),
    *reduction(ops.norm, lambda x, **k: np.sqrt(np.sum(x * x, **k))),
    *reduction(ops.prod, np.prod),
    Row(ops.prod, [(5,)], np.prod),
    Row(ops.prod, [(2, 1)], np.prod, constants={"axis": 1}),
    Row(ops.prod, [(2, 0)], np.prod, constants={"axis": 1}),
    *running(ops.cumulative_sum, np.cumsum),
    *running(ops.cumsum, np.cumsum),
    Row(ops.cumsum, [(3, 4)], np.cumsum),
    *running(ops.cumprod, np.cumprod),
    Row(ops.cumprod, [(2, 3)], np.cumprod),
    *running(ops.diff, np.diff),
    Row(ops.diff, [(3, 5)], np.diff, constants={"n": 2}),
]
