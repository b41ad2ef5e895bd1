"""Front door 1: GradientTape, in TensorFlow's words.

Recording is always on for tensors with requires_grad. A tape only remembers when it was opened and
closed: it differentiates through the ops that were born in between.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from types import TracebackType
from typing import Any, Self

from mlkit import device, ops, tree
from mlkit.doors import (
    as_tensor,
    differentiate,
    intercepting,
    nested,
    own,
    seed_for,
    unrecorded,
    with_backward,
)
from mlkit.engine import Node, ShapeError, Tensor, now, thread
from mlkit.forward import record_from
from mlkit.place import at_chosen_place
from mlkit.rows import walk_rows

__all__ = ["GradientTape", "Variable", "custom_gradient", "stop_gradient"]


class Variable(Tensor):
    """A tensor to be trained: its own copy of the values, differentiated by every tape.

    With trainable=False it is a constant until a tape watches it. Raises TypeError for what cannot
    be a float, such as complex numbers.
    """

    __slots__ = ("name", "trainable")

    def __init__(
        self,
        initial_value: Any,
        dtype: Any = None,
        name: str | None = None,
        trainable: bool = True,
    ):
        values = at_chosen_place(device.as_float(Tensor(initial_value).data).copy())
        super().__init__(values if dtype is None else device.cast(values, dtype), trainable)
        self.name, self.trainable = name, trainable

    def assign(self, value: Any) -> Self:
        """Take a new value of the same shape; the dtype stays. Call it outside the tape."""
        value = Tensor(value).data
        if value.shape != self.data.shape:
            raise ShapeError(
                f"assign: the shape must stay {self.data.shape}, got {value.shape}; "
                "make a new Variable for another shape"
            )
        self.data = device.cast(value.copy(), self.data.dtype)
        return self

    def assign_add(self, delta: Any) -> Self:
        """Add to the value: w.assign_add(step)."""
        return self.assign(self.data + Tensor(delta).data)

    def assign_sub(self, delta: Any) -> Self:
        """Subtract from the value: w.assign_sub(lr * gradient)."""
        return self.assign(self.data - Tensor(delta).data)


class GradientTape:
    """A stretch of computation to be differentiated.

    with GradientTape() as tape: compute a loss from tensors that are watched or require a gradient.
    Then tape.gradient(loss, sources) gives its gradients, once, or often if persistent.
    A tape around another one records the inner one's gradients too: derivatives of derivatives.
    With watch_accessed_variables=False only what was given to watch() counts as a source.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True):
        self.persistent = persistent
        self._watches_all = watch_accessed_variables
        self._watched: set[Node | None] = set()
        self._opened = self._closed = math.inf
        self._used = False

    def __enter__(self) -> Self:
        if self._opened < math.inf:
            raise RuntimeError("GradientTape: this tape was opened before; make a new one")
        self._opened = now()
        thread.tapes = (*thread.tapes, self)
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = now()
        thread.tapes = tuple(tape for tape in thread.tapes if tape is not self)

    def watch(self, tensors: Any) -> None:
        """Record what is computed from these tensors from now on. Nested structures are fine.

        Raises TypeError for arrays and for whole numbers: make them float tensors first.
        """
        for x in tree.leaves(tensors):
            x = as_tensor("watch", x)
            if not device.is_float(x.data):
                raise TypeError(
                    f"watch: only floats have derivatives, got {x.data.dtype}; "
                    "make it a float first, as in Tensor(x).astype(float)"
                )
            record_from(x)
            self._watched.add(x.node)

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """What is computed inside counts as a constant, on this tape and those around it."""
        with intercepting(unrecorded):
            yield

    def reset(self) -> None:
        """Forget what was recorded and watched so far; what comes next is recorded."""
        self._opened, self._closed, self._used = now(), math.inf, False
        self._watched.clear()

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: str = "none",
    ) -> Any:
        """Derivative of the target by each source, nested as the sources are, in their shapes.

        target: a tensor or several, summed; one that is no scalar counts as its sum.
        output_gradients: a weight for each element of the target, in place of ones.
        A source that the target does not depend on gets None, or zeros with
        unconnected_gradients="zero". Raises RuntimeError on a second use of a tape that is not
        persistent, and if a source was updated after its use.
        """
        self._use("gradient", unconnected_gradients)
        targets = [as_tensor("gradient", y) for y in tree.leaves(target)]
        weights: list[Any] = [None] * len(targets)
        if output_gradients is not None:
            alone = isinstance(target, Tensor)
            weights = [output_gradients] if alone else tree.leaves(output_gradients)
        found = self._walk("gradient", targets, weights, sources)
        taken: set[int] = set()

        def gradient_of(x: Tensor) -> Tensor | None:
            if self._counts(x) and x.node in found:
                return own(found[x.node], taken)
            return Tensor(ops.zeros_like(x)) if unconnected_gradients == "zero" else None

        return tree.map_leaves(gradient_of, sources)

    def jacobian(self, target: Tensor, sources: Any, unconnected_gradients: str = "none") -> Any:
        """Derivative of each element of the target by each of each source, nested as the sources.

        Shapes (t...) and (s...) -> (t..., s...). One walk for each element of the target.
        """
        self._use("jacobian", unconnected_gradients)
        y = as_tensor("jacobian", target)
        return self._rows(y, math.prod(y.data.shape), y.data.shape, sources, unconnected_gradients)

    def batch_jacobian(
        self, target: Tensor, source: Tensor, unconnected_gradients: str = "none"
    ) -> Any:
        """The Jacobian of each example on its own: (n, t...) and (n, s...) -> (n, t..., s...).

        Example i of the target must depend on example i of the source alone; then one walk gives
        a row for all examples at once.
        """
        self._use("batch_jacobian", unconnected_gradients)
        y, x = as_tensor("batch_jacobian", target), as_tensor("batch_jacobian", source)
        if not y.data.ndim or not x.data.ndim or y.data.shape[0] != x.data.shape[0]:
            raise ShapeError(
                "batch_jacobian: target and source need a first axis of one length, "
                f"got {y.data.shape} and {x.data.shape}; or use jacobian"
            )
        per_example = y.data.shape[1:]
        rows = self._rows(y, math.prod(per_example), per_example, x, unconnected_gradients)
        if rows is None:
            return None
        return ops.moveaxis(rows, len(per_example), 0)

    def _use(self, where: str, unconnected_gradients: str) -> None:
        """Raise unless the tape may be used now."""
        if unconnected_gradients not in ("none", "zero"):
            raise ValueError(
                f'{where}: unconnected_gradients is "none" or "zero", got {unconnected_gradients!r}'
            )
        if self._opened == math.inf:
            raise RuntimeError(f"{where}: this tape recorded nothing; compute inside `with tape:`")
        if self._used and not self.persistent:
            raise RuntimeError(
                f"{where}: this tape was used before; ask for all sources in one call, "
                "or open it with GradientTape(persistent=True)"
            )
        self._used = True

    def _counts(self, x: Tensor) -> bool:
        """Whether x is a source to this tape: computed, watched, or a variable it watches."""
        node = x.node
        return node is not None and (
            self._watches_all or node.op is not None or node in self._watched
        )

    def _is_recorded(self) -> bool:
        """Whether another tape, or a derivative under way, records what this one gives."""
        return nested() or any(tape is not self or tape.persistent for tape in thread.tapes)

    def _walk(
        self, where: str, targets: Sequence[Tensor], weights: Sequence[Any], sources: Any
    ) -> dict[Node, Any]:
        """Gradients by node; tensors if they are recorded."""
        record = self._is_recorded()
        nodes = [as_tensor(where, x).node for x in tree.leaves(sources)]
        seeds = [
            (y, seed_for(f"{where}: output_gradients", y, weight))
            for y, weight in zip(targets, weights, strict=True)
        ]
        return differentiate(
            seeds, [n for n in nodes if n is not None], self._opened, self._closed, record
        )

    def _rows(
        self, y: Tensor, n: int, shape: tuple[int, ...], sources: Any, unconnected: str
    ) -> Any:
        """A walk for each of the n last places of y, stacked: (*shape, *source) for each source."""
        eye = device.namespace(y.data).eye(n, dtype=y.data.dtype)
        at_once = self._rows_at_once(y, eye, shape, sources)
        if at_once is not None:
            return at_once
        seeds = (
            device.namespace(eye).broadcast_to(ops.reshape(row, shape), y.data.shape) for row in eye
        )
        found = [self._walk("jacobian", [y], [seed], sources) for seed in seeds]

        def jacobian_of(x: Any) -> Tensor | None:
            if not self._counts(x) or all(x.node not in row for row in found):
                zeros = ops.broadcast_to(ops.zeros_like(x.data), (*shape, *x.data.shape))
                return Tensor(zeros.copy()) if unconnected == "zero" else None
            zero = ops.zeros_like(x.data)
            rows = ops.stack([row.get(x.node, zero) for row in found])
            rows = ops.reshape(rows, (*shape, *x.data.shape))
            return rows if isinstance(rows, Tensor) else Tensor(rows)

        return tree.map_leaves(jacobian_of, sources)

    def _rows_at_once(self, y: Tensor, eye: Any, shape: tuple[int, ...], sources: Any) -> Any:
        """The same in one walk; None if that cannot be: something watches, or an op forbids it."""
        leaves = tree.leaves(sources)
        if self._is_recorded() or y.node is None or not all(self._counts(x) for x in leaves):
            return None
        n, alone = len(eye), (1,) * (y.data.ndim - len(shape))
        seeds = ops.broadcast_to(ops.reshape(eye, (n, *alone, *shape)), (n, *y.data.shape))
        nodes = [x.node for x in leaves]
        found = walk_rows(y.node, seeds, nodes, self._opened, self._closed)
        if found is None or any(node not in found for node in nodes):
            return None
        return tree.map_leaves(
            lambda x: Tensor(ops.reshape(found[x.node], (*shape, *x.data.shape))), sources
        )


def stop_gradient(x: Any) -> Any:
    """The same values as a constant: no derivative flows through. Nested structures are fine."""
    return tree.map_leaves(lambda leaf: Tensor(leaf) if isinstance(leaf, Tensor) else leaf, x)


def custom_gradient(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a function that gives (result, backward): its own rule for the way back.

    backward takes a gradient for each result and gives one for each argument (None: no derivative).
    Second derivatives are those of the code in backward. Arguments are tensors, arrays or numbers.
    >>> @custom_gradient
    ... def log1pexp(x):
    ...     e = ops.exp(x)
    ...     return ops.log(1 + e), lambda g: g * (1 - 1 / (1 + e))
    """

    @wraps(function)
    def with_rule(*inputs: Any) -> Any:
        result, backward = function(*inputs)
        outputs = with_backward(inputs, tree.leaves(result), backward)
        return tree.unflatten(result, outputs)

    return with_rule
