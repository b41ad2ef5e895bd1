"""Derivatives against finite differences, by random projection.

For y = f(x) take a random weight per output and a random direction per input: the derivative of
sum(weights * f(x + t * direction)) at t = 0 must be what the walk backwards gives. One number tests
every entry of the Jacobian at once; only an error orthogonal to random vectors could hide.
"""

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
    return _TOLERANCES[np.dtype(dtype).name]


def check_gradients(
    function: Callable[..., Any],
    *inputs: Array,
    order: int = 1,
    rng: np.random.Generator | None = None,
    rtol: float = DIFFERENCE_TOLERANCE,
) -> None:
    """Raise AssertionError if derivatives of function(*inputs) differ from finite differences.

    inputs: float64 arrays or lists, each differentiated; keep them off kinks, as relu has at 0.
    order: 1, or 2 to check the derivative of the derivative as well.
    """
    rng = rng or np.random.default_rng(0)
    name = getattr(function, "__name__", "function")
    arrays = [Tensor(x, requires_grad=True).data for x in inputs]
    weights = [_normal(rng, function(*arrays))]
    _compare(f"{name}: derivative", function, arrays, weights, rng, rtol)
    if order == 2:

        def derivative(*x: Any) -> list[Any]:
            return gradients(function, x, weights, record=True)

        directions = [_normal(rng, x) for x in arrays]
        _compare(f"{name}: second derivative", derivative, arrays, directions, rng, rtol)


def gradients(
    function: Callable[..., Any],
    inputs: Sequence[Any],
    weights: Sequence[Array],
    record: bool = False,
) -> list[Any]:
    """Gradient at each input of the outputs of function(*inputs), weighed and summed.

    weights: an array per output, in its shape; they seed the walk, so no other op takes part.
    Gives arrays, or with `record` tensors that can be differentiated. Zeros where nothing depends.
    """
    tensors = [x if isinstance(x, Tensor) else Tensor(x, requires_grad=True) for x in inputs]
    seeds: dict[Any, Any] = {}
    for y, weight in zip(_outputs(function(*tensors)), weights, strict=True):
        if y.node is not None:
            weight = Tensor(weight) if record else weight
            seeds[y.node] = seeds[y.node] + weight if y.node in seeds else weight
    nodes: list[Any] = [x.node for x in tensors]
    found = walk(seeds, nodes)
    zeros = [ops.zeros_like(x if record else x.data) for x in tensors]
    return [found.get(node, zero) for node, zero in zip(nodes, zeros, strict=True)]


def _compare(
    what: str,
    function: Callable[..., Any],
    inputs: Sequence[Array],
    weights: Sequence[Array],
    rng: np.random.Generator,
    rtol: float,
) -> None:
    """Compare along a random direction, one input at a time."""
    for i, (x, g) in enumerate(zip(inputs, gradients(function, inputs, weights), strict=True)):
        if g.shape != x.shape or g.dtype != x.dtype:
            raise AssertionError(
                f"{what} for input {i}: must have its shape and dtype, {x.shape} {x.dtype}, "
                f"got {g.shape} {g.dtype}"
            )
        direction = _normal(rng, x)

        def along(t: float, i: int = i, direction: Array = direction) -> float:
            outputs = function(*inputs[:i], inputs[i] + t * direction, *inputs[i + 1 :])
            pairs = zip(_outputs(outputs), weights, strict=True)
            return sum(float(ops.sum(y * weight)) for y, weight in pairs)

        got, expected = float(ops.sum(g * direction)), _difference(along)
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


def _outputs(result: Any) -> list[Any]:
    return list(result) if isinstance(result, list | tuple) else [result]
