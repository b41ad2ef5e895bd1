"""What the three front doors share: switching recording, walking, and ops with their own backward.

An interceptor stands in `thread.interceptors` and is handed each op instead of `apply`. What it
calls itself goes to the interceptor around it, and so no level of nesting knows of another.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any

import numpy as np

import mlkit.tensor  # noqa: F401  gives tensors their operators
from mlkit import device, ops
from mlkit.device import Array
from mlkit.engine import Node, Op, ShapeError, Tensor, apply, intercept, op, thread, walk

__all__ = [
    "add_hook", "as_tensor", "behind", "differentiate", "identity", "intercepting", "nested",
    "own", "pushing", "reaches", "recording", "running", "seed_for", "unrecorded", "value_of",
    "with_backward",
]  # fmt: skip


def unrecorded(op: Op, inputs: Sequence[Any], constants: tuple[Any, ...]) -> Any:
    """Interceptor: the op on plain values. The result is a tensor if an input was one."""
    z = apply(op, [value_of(x) for x in inputs], constants)
    return Tensor(z) if any(isinstance(x, Tensor) for x in inputs) else z


@contextmanager
def intercepting(interceptor: Callable[..., Any]) -> Iterator[None]:
    """Hand every op inside to the interceptor."""
    before = intercept((*thread.interceptors, interceptor))
    try:
        yield
    finally:
        intercept(before)


class recording:  # noqa: N801, reads as what is under way
    """Record inside, even within no_grad: a derivative asked for there is still computed.

    Gives whether the results may be recorded too, so that they can be differentiated again.
    """

    def __enter__(self) -> bool:
        self._before = before = thread.interceptors
        if not before:  # the usual case
            return True
        intercept(tuple(i for i in before if i is not unrecorded))
        return before == thread.interceptors

    def __exit__(self, *error: object) -> None:
        if self._before:
            intercept(self._before)


class running(recording):  # noqa: N801
    """Recording, for a function to be differentiated: derivatives taken inside are recorded too."""

    def __enter__(self) -> bool:
        thread.runs += 1
        return super().__enter__()

    def __exit__(self, *error: object) -> None:
        thread.runs -= 1
        super().__exit__()


def differentiate(
    seeds: Sequence[tuple[Tensor, Any]],
    sources: Sequence[Node],
    opened: float = 0,
    closed: float = float("inf"),
    record: bool = False,
) -> dict[Node, Any]:
    """Gradients by node: arrays, or with `record` tensors that can be differentiated again.

    seeds: pairs of a target and the gradient to start from; a target named twice counts twice.
    """
    arriving: dict[Node, Any] = {}
    for y, g in seeds:
        if y.node is not None:
            g = (g if isinstance(g, Tensor) else Tensor(g)) if record else value_of(g)
            arriving[y.node] = arriving[y.node] + g if y.node in arriving else g
    found = walk(arriving, sources, opened, closed)
    for node in found:
        if node.op is None:
            for hook in node.hooks:
                found[node] = hook(found[node])
    return found


def add_hook(node: Any, hook: Callable[[Any], Any]) -> None:
    """Let the hook change each gradient on its way through a node; at a leaf, when it is there.

    A node with an op is cut in two: the hook, and behind it, born just before, what was there.
    """
    if node.op is None:
        node.hooks = [*node.hooks, hook]
        return
    if node.op is _hooked:
        node.constants = ([*node.constants[0], hook],)
        return
    behind = copy(node)
    behind.birth -= 0.5
    node.op, node.inputs, node.values, node.z = _hooked, [behind], [None], None
    node.constants = ([hook],)


def _given_on(x, *, hooks):
    return x


def _through_hooks(g: Any, hooks: Sequence[Callable[[Any], Any]]) -> Any:
    for hook in hooks:
        g = hook(g)
    return g


_hooked = Op(_given_on, [_through_hooks])


def nested() -> bool:
    """Whether a derivative taken now may be differentiated again by one that is under way."""
    return thread.runs > 0 or pushing()


def pushing() -> bool:
    """Whether forward mode is under way, so that all derivatives must be recorded for it."""
    return any(hasattr(interceptor, "tangent_of") for interceptor in thread.interceptors)


def reaches(targets: Sequence[Tensor], opened: float) -> bool:
    """Whether the targets depend on something recorded before `opened`."""
    nodes = [y.node for y in targets if y.node is not None]
    return any(node.birth < opened for node in behind(nodes, opened))


def behind(nodes: Iterable[Node], opened: float) -> Iterator[Node]:
    """The nodes and all they depend on, each once; nothing behind one older than `opened`."""
    todo = list(nodes)
    seen = set(todo)
    while todo:
        node = todo.pop()
        yield node
        if node.birth > opened:
            for source in node.inputs:
                if source is not None and source not in seen:
                    seen.add(source)
                    todo.append(source)


def seed_for(where: str, y: Any, weight: Any = None) -> Any:
    """A gradient to start from at y: ones, or the weight, in the dtype of y.

    Raises ShapeError if the weight has another shape.
    """
    if weight is None:
        if type(y.data) is np.float64 or type(y.data) is np.float32:
            return type(y.data)(1)  # NumPy computes faster with these than with arrays of one
        return device.namespace(y.data).ones(y.data.shape, dtype=y.data.dtype)
    if not isinstance(weight, Tensor):
        weight = Tensor(weight)
    if weight.shape != y.shape:
        raise ShapeError(
            f"{where} must have the target's shape {y.shape}, got {weight.shape}; "
            "give one number for each element of the target"
        )
    return weight if weight.dtype == y.dtype else ops.astype(weight, y.dtype)


def own(gradient: Any, taken: set[int]) -> Tensor:
    """The gradient as a tensor that shares memory with no other, so that it may be changed.

    taken: the arrays given away so far; one more is added.
    """
    if isinstance(gradient, Tensor):
        return gradient
    if getattr(gradient, "base", None) is not None or id(gradient) in taken:
        gradient = gradient.copy()
    taken.add(id(gradient))
    return Tensor(gradient)


def value_of(x: Any) -> Any:
    """The array in a tensor; anything else as it is."""
    return x.data if isinstance(x, Tensor) else x


def as_tensor(where: str, x: Any) -> Tensor:
    """x if it is a tensor. Raises TypeError otherwise: its way back is cut off."""
    if isinstance(x, Tensor):
        return x
    raise TypeError(
        f"{where}: needs tensors, got {type(x).__name__}; make one with mlkit.Tensor(x), "
        "and compute with it rather than with its numpy() or item()"
    )


@op(lambda g: g)
def identity(x):
    """x itself, as a use of its own. Same shape."""
    return x


@op(lambda g, i, backward: backward(g, i))
def _custom(*inputs, value, backward):
    return value


def with_backward(
    inputs: Sequence[Any], outputs: Sequence[Any], backward: Callable[..., Sequence[Any]]
) -> list[Tensor]:
    """The outputs as if one op had made them from the inputs, with a backward of its own.

    backward: takes a gradient (a tensor) for each output and gives one for each input, None where
    there is none.
    """
    values = [value_of(x) for x in outputs]
    values = [x if hasattr(x, "shape") else device.namespace(x).asarray(x) for x in values]
    if len(values) == 1:
        return [_custom(*inputs, value=values[0], backward=_once(backward, inputs))]
    # The engine's ops have one output, so several travel as one row of numbers.
    xp = device.namespace(*values)
    row = xp.concat([xp.reshape(x, (-1,)) for x in values])

    def backward_of_row(g: Tensor) -> Sequence[Any]:
        return backward(*_split(g, values))

    return _split(_custom(*inputs, value=row, backward=_once(backward_of_row, inputs)), values)


def _split(row: Any, like: Sequence[Array]) -> list[Tensor]:
    """A row of numbers cut into tensors with the shapes and dtypes of `like`."""
    parts, start = [], 0
    for x in like:
        part = ops.reshape(row[start : start + x.size], x.shape)
        parts.append(part if part.dtype == x.dtype else ops.astype(part, x.dtype))
        start += x.size
    return parts


def _once(backward: Callable[..., Sequence[Any]], inputs: Sequence[Any]) -> Callable[..., Any]:
    """The rule of a custom op: run backward when the first input asks, then hand out the rest."""
    latest: list[Any] = [None, None]  # the gradient that arrived, and what backward gave

    def rule(g: Any, i: int) -> Any:
        if latest[0] is not g:
            latest[:] = g, _checked(_run(backward, g), inputs)
        h = latest[1][i]
        if h is None:
            h = ops.zeros_like(value_of(inputs[i]))
        return h if isinstance(h, Tensor) and isinstance(g, Tensor) else _like(g, h)

    return rule


def _run(backward: Callable[..., Sequence[Any]], g: Any) -> Any:
    """What backward gives for g; recorded only if g is a tensor, as the engine's rules are."""
    if isinstance(g, Tensor):
        return backward(g)
    with intercepting(unrecorded):
        return backward(Tensor(g))


def _like(g: Any, h: Any) -> Any:
    """h as a tensor if g is one, else as an array."""
    return Tensor(h) if isinstance(g, Tensor) else Tensor(h).data


def _checked(given: Any, inputs: Sequence[Any]) -> list[Any]:
    """What a custom backward gave, one gradient per input, in the input's shape."""
    given = list(given) if isinstance(given, list | tuple) else [given]
    if len(given) != len(inputs):
        raise ValueError(
            f"custom backward: one gradient per input, {len(inputs)} of them, got {len(given)}; "
            "give None where there is none"
        )
    for i, (h, x) in enumerate(zip(given, inputs, strict=True)):
        shape = value_of(x).shape if hasattr(value_of(x), "shape") else ()
        got = () if h is None else getattr(value_of(h), "shape", ())
        if h is not None and got != shape:
            raise ShapeError(
                f"custom backward: the gradient of input {i} must have its shape {shape}, got {got}"
            )
    return given
