"""Front door 1: GradientTape, in TensorFlow's words.

Recording is always on for tensors with requires_grad. A tape only remembers when it was opened and
closed: it differentiates through the ops that were born in between.
"""

from types import TracebackType
from typing import Any, Self

from mlkit import device, ops, tree
from mlkit.engine import Node, ShapeError, Tensor, now, walk

__all__ = ["GradientTape", "Variable"]

_open_tapes: list["GradientTape"] = []


class Variable(Tensor):
    """A tensor to be trained: its own copy of the values, differentiated by every tape.

    Raises TypeError for what cannot be a float, such as complex numbers.
    """

    __slots__ = ("name",)

    def __init__(self, initial_value: Any, dtype: Any = None, name: str | None = None):
        values = Tensor(initial_value).data.copy()
        super().__init__(values if dtype is None else device.cast(values, dtype), True)
        self.name = name

    def assign(self, value: Any) -> Self:
        """Take a new value of the same shape; the dtype stays. Call it outside the tape."""
        value = Tensor(value).data
        if value.shape != self.data.shape:
            raise ValueError(f"assign: the shape must stay {self.data.shape}, got {value.shape}")
        self.data = device.cast(value, self.data.dtype)
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
    """

    def __init__(self, persistent: bool = False):
        self.persistent = persistent
        self._opened = self._closed = float("inf")
        self._used = False

    def __enter__(self) -> Self:
        if self._opened < float("inf"):
            raise RuntimeError("GradientTape: this tape was opened before; make a new one")
        self._opened = now()
        _open_tapes.append(self)
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = now()
        _open_tapes.remove(self)

    def watch(self, tensors: Any) -> None:
        """Record what is computed from these tensors from now on. Nested structures are fine.

        Raises TypeError for arrays: make them tensors first.
        """
        for x in tree.leaves(tensors):
            _tensor("watch", x).requires_grad = True

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
        if self._used and not self.persistent:
            raise RuntimeError(
                "gradient: this tape was used before; ask for all sources in one call, "
                "or open it with GradientTape(persistent=True)"
            )
        self._used = True
        if unconnected_gradients not in ("none", "zero"):
            raise ValueError(
                f'unconnected_gradients: is "none" or "zero", got {unconnected_gradients!r}'
            )
        if self._opened == float("inf"):
            raise RuntimeError("gradient: this tape recorded nothing; compute inside `with tape:`")
        nodes = [_tensor("gradient", x).node for x in tree.leaves(sources)]
        found = walk(
            self._seeds(target, output_gradients),
            [node for node in nodes if node is not None],
            self._opened,
            self._closed,
        )
        taken: set[int] = set()

        def gradient_of(x: Tensor) -> Tensor | None:
            if x.node in found:
                return _own(found[x.node], taken)
            return Tensor(ops.zeros_like(x)) if unconnected_gradients == "zero" else None

        return tree.map_leaves(gradient_of, sources)

    def _seeds(self, target: Any, output_gradients: Any) -> dict[Node, Any]:
        """What to start the walk with: a gradient by target, tensors if another tape records it."""
        recording = any(tape is not self or tape.persistent for tape in _open_tapes)
        targets = tree.leaves(target)
        weights: list[Any] = [None] * len(targets)
        if output_gradients is not None:
            alone = isinstance(target, Tensor)
            weights = [output_gradients] if alone else tree.leaves(output_gradients)
        seeds: dict[Node, Any] = {}
        for y, weight in zip(targets, weights, strict=True):
            node = _tensor("gradient", y).node
            if node is None:
                continue
            weight = ops.ones_like(y.data) if weight is None else Tensor(weight).data
            seed = Tensor(device.cast(weight, y.data.dtype))
            if seed.data.shape != y.data.shape:
                raise ShapeError(
                    f"gradient: output_gradients must have the target's shape {y.data.shape}, "
                    f"got {seed.data.shape}"
                )
            if not recording:
                seed = seed.data
            seeds[node] = seeds[node] + seed if node in seeds else seed
        return seeds


def _tensor(where: str, x: Any) -> Tensor:
    if isinstance(x, Tensor):
        return x
    raise TypeError(
        f"{where}: needs tensors, got {type(x).__name__}; make one with mlkit.Tensor(x), "
        "and compute with it rather than with its numpy() or item()"
    )


def _own(gradient: Any, taken: set[int]) -> Tensor:
    """The gradient as a tensor that shares memory with no other, so that it may be changed."""
    if isinstance(gradient, Tensor):
        return gradient
    if getattr(gradient, "base", None) is not None or id(gradient) in taken:
        gradient = gradient.copy()
    taken.add(id(gradient))
    return Tensor(gradient)
