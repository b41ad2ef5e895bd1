"""Derivatives against finite differences, by random projection.

For y = f(x) take a random weight per output and a random direction per input: the derivative of
sum(weights * f(x + t * direction)) at t = 0 must be what the walk backwards gives. One number tests
every entry of the Jacobian at once; only an error orthogonal to random vectors could hide.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mlkit import ops
from mlkit.device import Array, cast, namespace
from mlkit.engine import Tensor, walk

__all__ = ["check_gradients", "tolerance"]

# Relative error that rounding explains after a few dozen operations, by dtype. It rounds at about
# 1e-3, 1e-7 and 1e-16; what is left is room for sums of a few hundred terms.
_TOLERANCES = {"float16": 1e-2, "float32": 1e-5, "float64": 1e-11}
# A central difference of fourth order errs by STEP**4 (the series cut off) plus 1e-16 / STEP
# (rounding): about 1e-12 for functions of size 1. The rest is room for steep ones.
STEP, DIFFERENCE_TOLERANCE = 1e-3, 1e-7


def tolerance(dtype: Any) -> float:
    """Relative error that rounding explains in values of this dtype."""
    return _TOLERANCES[str(dtype).rpartition(".")[2]]


def check_gradients(
    function: Callable[..., Any],
    *inputs: Array,
    order: int = 1,
    rng: np.random.Generator | None = None,
    rtol: float = DIFFERENCE_TOLERANCE,
) -> None:
    """Raise AssertionError if derivatives of function(*inputs) differ from finite differences.

    inputs: float64 arrays, each differentiated; keep them off kinks, such as relu at 0.
    order: 1, or 2 to check the derivative of the derivative as well.
    """
    rng = rng or np.random.default_rng(0)
    weights = _normal(rng, function(*inputs))

    def projected(*x: Any) -> Any:
        return ops.sum(ops.multiply(function(*x), weights))

    _compare(f"{_name(function)}: derivative", projected, inputs, rng, rtol)
    if order == 2:
        _compare(
            f"{_name(function)}: second derivative",
            _slope(projected, inputs, rng),
            inputs,
            rng,
            rtol,
        )


def gradients(scalar: Callable[..., Any], inputs: Sequence[Any], record: bool = False) -> list[Any]:
    """Gradient of scalar(*inputs) at each input, as arrays; as recorded tensors with `record`.

    Zeros where the result does not depend on an input. Raises ValueError if it is no scalar.
    """
    tensors = [x if isinstance(x, Tensor) else Tensor(x, requires_grad=True) for x in inputs]
    nodes: list[Any] = [x.node for x in tensors]
    y = scalar(*tensors)
    if math.prod(y.shape) != 1:
        raise ValueError(f"gradients: needs a scalar result, got shape {y.shape}; sum it")
    found: dict[Any, Any] = {}
    if getattr(y, "node", None) is not None:
        seed = ops.ones_like(y)
        found = walk({y.node: seed if record else seed.data}, nodes)
    return [
        found.get(node, ops.zeros_like(x if record else x.data))
        for x, node in zip(tensors, nodes, strict=True)
    ]


def _slope(scalar: Callable[..., Any], inputs: Sequence[Array], rng: Any) -> Callable[..., Any]:
    """The scalar's derivative along one random direction, as a function that can be recorded."""
    directions = [_normal(rng, x) for x in inputs]

    def slope(*x: Any) -> Any:
        parts = gradients(scalar, x, record=True)
        total = sum(ops.sum(g * d) for g, d in zip(parts, directions, strict=True))
        return total if isinstance(x[0], Tensor) else total.data

    return slope


def _compare(
    what: str, scalar: Callable[..., Any], inputs: Sequence[Array], rng: Any, rtol: float
) -> None:
    for i, (x, g) in enumerate(zip(inputs, gradients(scalar, inputs), strict=True)):
        if g.shape != x.shape or g.dtype != x.dtype:
            raise AssertionError(
                f"{what} for input {i}: must have its shape and dtype, {x.shape} {x.dtype}, "
                f"got {g.shape} {g.dtype}"
            )
        direction = _normal(rng, x)
        got = float(ops.sum(g * direction))

        def along(t: float, i: int = i, direction: Array = direction) -> float:
            return float(scalar(*inputs[:i], inputs[i] + t * direction, *inputs[i + 1 :]))

        expected = _difference(along)
        if not abs(got - expected) <= rtol * max(1.0, abs(expected)):
            raise AssertionError(
                f"{what} for input {i}: along a random direction it is {got:.9g}, "
                f"finite differences give {expected:.9g}; is its rule right?"
            )


def _difference(f: Callable[[float], float]) -> float:
    """f'(0) by the central difference of fourth order."""
    h = STEP
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


def _normal(rng: np.random.Generator, like: Array) -> Array:
    """Random numbers in the shape, dtype and library of an array."""
    return cast(namespace(like).asarray(rng.normal(size=like.shape)), like.dtype)


def _name(function: Any) -> str:
    return getattr(function, "__name__", "function")
