"""Derivatives against finite differences, by random projection.

For y = f(x) take a random weight per output and a random direction per input: the derivative of
sum(weights * f(x + t * direction)) at t = 0 must be what the walk backwards gives. One number tests
every entry of the Jacobian at once; only an error orthogonal to random vectors could hide. Entries
are looked at one by one only after a failure, to name the worst place.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from mlkit import ops, tree
from mlkit.device import Array, as_float, cast, namespace, to_host
from mlkit.engine import Tensor, walk

__all__ = ["check_gradients", "tolerance"]


class _Limits(NamedTuple):
    """Relative errors that a dtype explains."""

    rounding: float  # after a few dozen operations, with room for sums of a few hundred terms
    difference: float  # between a gradient in this dtype and a difference in float64


_LIMITS = {  # they round at about 1e-3, 1e-7 and 1e-16
    "float16": _Limits(1e-2, 5e-2),
    "float32": _Limits(1e-5, 1e-4),
    "float64": _Limits(1e-11, 1e-7),
}
# Differences are taken in float64. One of fourth order errs by STEP**4 (the series cut off) plus
# 1e-16 / STEP (rounding): about 1e-12 for functions of size 1. The rest is room for steep ones.
STEP = 1e-3
_MOST_PLACES = 1000  # entries looked at after a failure


def tolerance(dtype: Any) -> float:
    """Relative error that rounding explains in values of this dtype."""
    return _LIMITS[np.dtype(dtype).name].rounding


def check_gradients(
    function: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    rng: np.random.Generator | None = None,
    rtol: float | None = None,
) -> None:
    """Raise AssertionError if derivatives of function(*inputs) differ from finite differences.

    inputs: arrays or lists of numbers, or tuples, lists and dicts of them, each differentiated;
    keep them off kinks, as relu has at 0. order: 1, or 2 to check the derivative of the derivative
    as well. rtol: by default what the coarsest dtype explains.
    The message names the input, its worst entry and by how much it is off.
    """
    rng = rng or np.random.default_rng(0)
    names, leaves = zip(*_named(inputs), strict=True)
    arrays = [Tensor(x, requires_grad=True).data for x in leaves]

    def flat(*values: Any) -> list[Any]:
        remaining = iter(values)
        return _outputs(function(*_rebuilt(inputs, remaining)))

    if rtol is None:
        rtol = max(_LIMITS[to_host(x).dtype.name].difference for x in arrays)
    what = getattr(function, "__name__", "function")
    weights = [_normal(rng, y) for y in flat(*arrays)]
    _compare(f"{what}: derivative for", names, flat, arrays, weights, rng, rtol)
    if order == 2:

        def derivative(*x: Any) -> list[Any]:
            return gradients(flat, x, weights, record=True)

        directions = [_normal(rng, x) for x in arrays]
        what = f"{what}: second derivative for"
        _compare(what, names, derivative, arrays, directions, rng, rtol)


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
        if isinstance(y, Tensor) and y.node is not None:
            weight = Tensor(weight) if record else weight
            seeds[y.node] = seeds[y.node] + weight if y.node in seeds else weight
    nodes: list[Any] = [x.node for x in tensors]
    found = walk(seeds, nodes)
    zeros = [ops.zeros_like(x if record else x.data) for x in tensors]
    return [found.get(node, zero) for node, zero in zip(nodes, zeros, strict=True)]


def _compare(
    what: str,
    names: Sequence[str],
    function: Callable[..., Any],
    inputs: Sequence[Array],
    weights: Sequence[Array],
    rng: np.random.Generator,
    rtol: float,
) -> None:
    """Compare along a random direction, one input at a time."""
    wide = [_wide(x) for x in inputs]
    for i, g in enumerate(gradients(function, inputs, weights)):
        x, who = inputs[i], f"{what} {names[i]}"
        if g.shape != x.shape or g.dtype != x.dtype:
            raise AssertionError(
                f"{who}: must have its shape and dtype, {x.shape} {x.dtype}, "
                f"got {g.shape} {g.dtype}"
            )

        def slope(direction: Array, i: int = i) -> float:
            def along(t: float) -> float:
                moved = wide[i] + t * _wide(direction)
                outputs = function(*wide[:i], moved, *wide[i + 1 :])
                pairs = zip(_outputs(outputs), weights, strict=True)
                return sum(float(ops.sum(y * weight)) for y, weight in pairs)

            return _difference(along)

        direction = _normal(rng, x)
        got, expected = float(ops.sum(g * direction)), slope(direction)
        if not _close(got, expected, rtol):
            raise AssertionError(_where(who, g, slope, rtol, got, expected))


def _where(
    who: str,
    g: Array,
    slope: Callable[[Array], float],
    rtol: float,
    got: float,
    expected: float,
) -> str:
    """The message: the entry of g that is most off, or the direction if no entry is."""
    place, worst = " along a random direction", -1.0
    for index in np.ndindex(g.shape) if g.size <= _MOST_PLACES else ():
        unit = np.zeros(g.shape)
        unit[index] = 1
        here, there = float(g[index]), slope(cast(namespace(g).asarray(unit), g.dtype))
        off = abs(here - there)
        if not _close(here, there, rtol) and not off <= worst:  # NaN is worst of all
            place, worst, got, expected = _subscript(index), off, here, there
    share = f" ({abs(got - expected) / abs(expected):.2g} of it)" if expected else ""
    return (
        f"{who}{place}: got {got:.9g}, finite differences give {expected:.9g}, "
        f"off by {got - expected:.3g}{share}; is its rule right?"
    )


def _close(got: float, expected: float, rtol: float) -> bool:
    return abs(got - expected) <= rtol * max(1.0, abs(expected))


def _subscript(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _difference(f: Callable[[float], float]) -> float:
    """f'(0) by the central difference of fourth order."""
    h = STEP
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


def _normal(rng: np.random.Generator, like: Any) -> Array:
    """Random numbers in the shape, dtype and library of an array."""
    like = as_float(Tensor(like).data)
    return cast(namespace(like).asarray(rng.normal(size=like.shape)), like.dtype)


def _wide(x: Array) -> Array:
    return cast(x, namespace(x).float64)


def _is_array(x: Any) -> bool:
    """Whether x is one array: not a container, or a list of plain numbers as np.array takes it."""
    if isinstance(x, dict) or (isinstance(x, tuple) and hasattr(x, "_fields")):
        return False
    if not isinstance(x, list | tuple):
        return True
    if not x or not all(isinstance(leaf, int | float) for leaf in tree.leaves(x)):
        return False
    try:
        return bool(np.shape(x))
    except ValueError:  # ragged: a container of lists
        return False


def _named(inputs: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Every array in the inputs, with the words that say where it is: input 0['w'][1]."""
    todo = [(f"input {i}", x) for i, x in enumerate(inputs)][::-1]
    while todo:
        name, x = todo.pop()
        if _is_array(x):
            yield name, x
            continue
        inside = x.items() if isinstance(x, dict) else enumerate(x)
        todo += [(f"{name}[{key!r}]", part) for key, part in inside][::-1]


def _rebuilt(inputs: Sequence[Any], values: Iterator[Any]) -> list[Any]:
    """The inputs, with the next value in place of each array."""

    def rebuild(x: Any) -> Any:
        if _is_array(x):
            return next(values)
        if isinstance(x, dict):
            return {key: rebuild(part) for key, part in x.items()}
        parts = [rebuild(part) for part in x]
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)

    return [rebuild(x) for x in inputs]


def _outputs(result: Any) -> list[Any]:
    return tree.leaves(result)
