"""How a call of NumPy on tracers is written down: which kind of step it is, and in what form.

A function that is not named here is called at each replay as it is, and gives a new array.
"""

from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any

import numpy as np

from mlkit.jit import view
from mlkit.jit.trace import Step, Trace, TraceError, steps_in, user_line

__all__ = ["call", "refuse", "steps", "ufunc"]

_REDUCTIONS = {
    np.sum: np.add, np.max: np.maximum, np.amax: np.maximum, np.min: np.minimum,
    np.amin: np.minimum, np.prod: np.multiply, np.all: np.logical_and, np.any: np.logical_or,
}  # fmt: skip
_SAME_WHEN_ALONE = (np.add, np.maximum, np.minimum, np.multiply)
_BY_VALUE = {
    np.argwhere, np.compress, np.extract, np.flatnonzero, np.nonzero, np.unique, np.unique_values,
    np.unique_counts, np.unique_inverse, np.unique_all, np.union1d, np.intersect1d, np.setdiff1d,
    np.setxor1d, np.trim_zeros, np.bincount, np.histogram,
}  # fmt: skip
_CHANGING = {np.copyto, np.put, np.place, np.putmask, np.put_along_axis, np.fill_diagonal}
_FILLING = {np.stack, np.concatenate}  # they can put what they give into a buffer
_POWERS = {2: np.square, 0.5: np.sqrt, -1: np.reciprocal}  # as NumPy's own ** does


def refuse(what: str, cure: str) -> Any:
    """Raise for what cannot be traced, naming the user's line."""
    raise TraceError(f"jit: {what}, at {user_line()}; {cure}")


def call(tracer: Any, function: Callable[..., Any], args: Sequence[Any], options: Any) -> Any:
    """function(*args, **options) with tracers among the arguments."""
    options = {name: x for name, x in options.items() if x is not np._NoValue}
    trace = tracer.trace
    if function in _BY_VALUE or (function is np.where and len(args) == 1):
        refuse(
            f"the shape of what {function.__name__} gives depends on values",
            "keep the shape, and mask with where",
        )
    if function in _CHANGING or options.get("out") is not None:
        refuse(f"{function.__name__} changes an array in place", "use the array it would give")
    if function in _REDUCTIONS and not options.keys() - {"axis", "keepdims"} and len(args) <= 2:
        axis = args[1] if len(args) > 1 else options.get("axis")
        step = reduction(trace, _REDUCTIONS[function], steps(args[0]), axis, options)
        return type(tracer)(trace, step)
    if function in _FORMS:
        made = _FORMS[function](tracer, *args, **options)
        if made is not None:
            return made
    return _opaque(tracer, function, args, options)


def _opaque(tracer: Any, function: Any, args: Sequence[Any], options: Any) -> Any:
    """A step of its own, called at replay as it is called now."""
    named = {name: steps(x) for name, x in options.items()}
    kind = "fill" if function in _FILLING else "call"
    step = tracer.trace.record(kind, function, [steps(x) for x in args], **named)
    if _shares(step):
        step = tracer.trace.record("call", _owned(function), [steps(x) for x in args], **named)
    parts = step.value
    if isinstance(parts, np.ndarray):
        return type(tracer)(tracer.trace, step)
    if isinstance(parts, tuple | list) and all(isinstance(x, np.ndarray) for x in parts):
        each = [tracer.trace.record("call", _part, (step, i)) for i in range(len(parts))]
        return [type(tracer)(tracer.trace, x) for x in each]
    return refuse(f"{function.__name__} needs the values", "call it outside of the traced function")


def _shares(step: Step) -> bool:
    """Whether what a call gave lies in the memory of what it was given."""
    given = [x.value for x in steps_in((step.operands, step.options))]
    made = step.value if isinstance(step.value, tuple | list) else [step.value]
    arrays = [[x for x in xs if isinstance(x, np.ndarray)] for xs in (made, given)]
    return any(np.may_share_memory(x, y) for x in arrays[0] for y in arrays[1])


@cache
def _owned(function: Any) -> Any:
    """The function, giving arrays of its own."""

    @wraps(function)
    def owned(*args: Any, **options: Any) -> Any:
        made = function(*args, **options)
        return [np.array(x) for x in made] if isinstance(made, tuple | list) else np.array(made)

    return owned


def _part(parts: Any, i: int) -> Any:
    return parts[i]


def steps(x: Any) -> Any:
    """A nesting of arguments with steps in place of tracers."""
    if isinstance(x, tuple | list):
        return tuple(map(steps, x)) if type(x) is tuple else list(map(steps, x))
    return x.step if hasattr(x, "step") and hasattr(x, "trace") else x


def ufunc(trace: Trace, function: Any, method: str, operands: Any, options: Any) -> Step:
    """The step for a universal function or one of its methods."""
    given = {k: x for k, x in options.items() if x is not None and x is not np._NoValue}
    if method == "reduce" and not given.keys() - {"axis", "keepdims"}:
        return reduction(trace, function, operands[0], options.get("axis", 0), given)
    if function.nout != 1:
        refuse(f"np.{function.__name__} gives several arrays", "use functions that give one")
    if method != "__call__" or given:
        whole = function if method == "__call__" else getattr(function, method)
        return trace.record("call", whole, operands, **given)
    if function is np.matmul:
        return product(trace, *operands)
    return elementwise(trace, function, operands)


def elementwise(trace: Trace, function: Any, operands: Sequence[Any]) -> Step:
    """A universal function, or something that takes fewer steps and gives the same."""
    base = operands[0]
    floats = isinstance(base, Step) and base.dtype is not None and base.dtype.kind == "f"
    if function is np.power and floats:
        exponent = operands[1]
        if isinstance(exponent, int | float) and exponent in _POWERS:
            function, operands = _POWERS[exponent], operands[:1]
        if type(exponent) is int and exponent == 1:
            return operands[0]
    if function is np.multiply:
        operands = _without_casts(operands)
    for x, y in (operands, operands[::-1]) if len(operands) == 2 else ():
        if isinstance(y, Step) and function is np.multiply and _is_one(trace, x, y):
            return y
        if isinstance(y, Step) and function is np.bitwise_and and _always(trace, x, False):
            return trace.constant(np.broadcast_to(False, np.broadcast_shapes(x.shape, y.shape)))
    return trace.record("elementwise", function, operands)


def _always(trace: Trace, x: Any, holds: bool) -> bool:
    """Whether x is a mask that holds, or does not, everywhere."""
    x = trace.constant(x) if isinstance(x, np.ndarray) else x
    return (
        isinstance(x, Step)
        and x.kind == "constant"
        and x.dtype == bool
        and bool((x.value == holds).all())
    )


def _without_casts(operands: Sequence[Any]) -> Sequence[Any]:
    """A mask that was made a float to be multiplied with floats: it can be multiplied as it is."""
    for i, x in enumerate(operands):
        other = operands[1 - i]
        if isinstance(x, Step) and isinstance(other, Step) and x.kind == "copy":
            source = x.operands[0]
            if source.dtype == bool and other.dtype == x.dtype and other.shape == x.shape:
                return (source, other) if i == 0 else (other, source)
    return operands


def _is_one(trace: Trace, x: Any, y: Step) -> bool:
    """Whether x * y is y itself: x is made of ones, and does not broadcast y to something else."""
    if isinstance(x, np.ndarray):
        x = trace.constant(x)
    if not isinstance(x, Step):
        return type(x) is int and x == 1
    if x.kind != "constant" or x.dtype != y.dtype or not x.value.size:
        return False
    return np.broadcast_shapes(x.shape, y.shape) == y.shape and bool((x.value == 1).all())


def product(trace: Trace, x: Any, y: Any) -> Step:
    """x @ y, or one of them where the other is the identity."""
    x, y = (trace.constant(a) if isinstance(a, np.ndarray) else a for a in (x, y))
    if x.dtype == y.dtype and _is_identity(y) and y.shape[0] == x.shape[-1]:
        return x
    if x.dtype == y.dtype and _is_identity(x) and len(y.shape) < 3 and y.shape[0] == len(x.value):
        return y
    small = len(x.shape) < 3 and len(y.shape) < 3
    return trace.record("product", np.dot if small else np.matmul, (x, y))


def _is_identity(x: Step) -> bool:
    if x.kind != "constant" or len(x.shape) != 2 or not x.value.size:
        return False
    return np.array_equal(x.value, np.eye(len(x.value)))


def reduction(trace: Trace, function: Any, x: Step, axis: Any, options: Any) -> Step:
    """The step that reduces x over axis; only another shape where nothing is to be reduced."""
    x = trace.as_array(x)
    n, keepdims = len(x.shape), bool(options.get("keepdims", False))
    axes = range(n) if axis is None else (axis,) if isinstance(axis, int | np.integer) else axis
    axes = tuple(sorted(int(a) % n if -n <= a < n else int(a) for a in axes))
    alone = all(x.shape[a] == 1 for a in axes if a < n) and (not axes or axes[-1] < n)
    if alone and function in _SAME_WHEN_ALONE and x.dtype.kind == "f":
        kept = tuple(k for i, k in enumerate(x.shape) if keepdims or i not in axes)
        return trace.record("view", view.reshape(kept), (x,))
    return trace.record("reduce", function.reduce, (x,), axis=axes, keepdims=keepdims)


def _where(tracer: Any, condition: Any, x: Any, y: Any) -> Any:
    operands = [steps(a) for a in (condition, x, y)]
    for holds, taken in ((True, operands[1]), (False, operands[2])):
        if _always(tracer.trace, operands[0], holds) and isinstance(taken, Step):
            shapes = [np.shape(a) for a in (condition, x, y)]
            same = taken.dtype == np.result_type(*(getattr(a, "dtype", a) for a in (x, y)))
            if same and taken.shape == np.broadcast_shapes(*shapes):
                return type(tracer)(tracer.trace, taken)
    return type(tracer)(tracer.trace, tracer.trace.record("elementwise", np.where, operands))


def _mean(tracer: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    if x.dtype.kind != "f" or x.dtype.itemsize < 4:
        return None
    total = np.sum(x, axis=axis, keepdims=keepdims)
    return total / (x.size // total.size) if total.size and x.size else None


def _clip(tracer: Any, x: Any, a_min: Any = None, a_max: Any = None) -> Any:
    x = x if a_min is None else np.maximum(x, a_min)
    return x if a_max is None else np.minimum(x, a_max)


def _like(value: Any) -> Any:
    def filled(tracer: Any, x: Any, dtype: Any = None, shape: Any = None) -> Any:
        shape = x.shape if shape is None else shape
        return tracer.lift(np.full(shape, value, x.dtype if dtype is None else dtype))

    return filled


def _dot(tracer: Any, x: Any, y: Any) -> Any:
    if len(np.shape(x)) > 2 or len(np.shape(y)) > 2 or not (np.ndim(x) and np.ndim(y)):
        return None
    return type(tracer)(
        tracer.trace, product(tracer.trace, *(steps(tracer.lift(a)) for a in (x, y)))
    )


def _viewed(make: Any) -> Any:
    """A handler for a function whose result is a view of its first argument."""

    def handler(tracer: Any, x: Any, *args: Any, **options: Any) -> Any:
        return x.view(make(x.shape, *args, **options)) if hasattr(x, "view") else None

    return handler


_FORMS: dict[Any, Any] = {
    np.where: _where,
    np.mean: _mean,
    np.clip: _clip,
    np.dot: _dot,
    np.zeros_like: _like(0),
    np.ones_like: _like(1),
    np.empty_like: _like(0),
    np.reshape: lambda tracer, x, shape: x.reshape(shape) if hasattr(x, "view") else None,
    np.ravel: lambda tracer, x: x.reshape(-1),
    np.copy: lambda tracer, x: x.copy(),
    np.astype: lambda tracer, x, dtype, copy=True: x.astype(dtype),
    np.transpose: _viewed(view.transposed),
    np.swapaxes: _viewed(view.swapped),
    np.expand_dims: _viewed(view.expanded),
    np.squeeze: _viewed(view.squeezed),
    np.flip: _viewed(view.flipped),
    np.broadcast_to: _viewed(lambda old, shape: view.broadcast(tuple(shape))),
    np.shape: lambda tracer, x: x.shape,
    np.ndim: lambda tracer, x: x.ndim,
    np.size: lambda tracer, x: x.size,
}
