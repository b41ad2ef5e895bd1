"""One run of a function on aliases of its arguments, and what comes in and goes out of it."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mlkit import device, ops, tree
from mlkit.doors import (
    differentiate,
    identity,
    own,
    pushing,
    reaches,
    recording,
    running,
    seed_for,
    value_of,
)
from mlkit.engine import Tensor, now
from mlkit.forward import Pushforward, record_from
from mlkit.rows import walk_rows

__all__ = ["Run", "argument", "as_float", "basis", "in_shape", "lift", "plain", "replaced"]


class Run:
    """One run of a function on aliases of some arguments, ready to be walked back."""

    def __init__(
        self,
        function: Callable[..., Any],
        args: Sequence[Any],
        options: dict,
        argnums: Any,
        has_aux: bool,
    ):
        numbers = [argnums] if isinstance(argnums, int) else list(argnums)
        self._opened = now()
        self._wrap = any(isinstance(x, Tensor) for x in tree.leaves([args, options]))
        with running() as again:
            aliases = tuple(tree.map_leaves(_alias, argument(args, i)) for i in numbers)
            self._result = function(*replaced(args, numbers, aliases), **options)
        self._sources = aliases[0] if isinstance(argnums, int) else aliases
        out = self._result[0] if has_aux else self._result
        self.targets = [y if isinstance(y, Tensor) else Tensor(y) for y in tree.leaves(out)]
        self._again = again and (pushing() or reaches(self.targets, self._opened))

    def result(self) -> Any:
        """What the function gave, recorded only if an outer derivative needs it."""
        return tree.map_leaves(lambda x: plain(x, self._again, self._wrap), self._result)

    def pull(self, seeds: Sequence[tuple[Tensor, Any]]) -> Any:
        """The gradient at each alias, nested as the arguments, given (target, weight) pairs."""
        pairs = [(y, seed_for("gradient: a weight", y, weight)) for y, weight in seeds]
        record = self._again or any(isinstance(w, Tensor) and w.node for _, w in pairs)
        nodes = [alias.node for alias in tree.leaves(self._sources)]
        with recording():
            found = differentiate(pairs, nodes, self._opened, record=record)
        taken: set[int] = set()

        def gradient_of(alias: Any) -> Any:
            g = found.get(alias.node)
            g = Tensor(ops.zeros_like(alias.data)) if g is None else own(g, taken)
            return plain(g, record, self._wrap)

        return tree.map_leaves(gradient_of, self._sources)

    def rows(self, y: Tensor) -> Any:
        """The Jacobian of one target by each alias, nested as the arguments."""
        at_once = None if self._again else self._rows_at_once(y)
        if at_once is not None:
            return at_once
        rows = [tree.leaves(self.pull([(y, seed)])) for seed in basis(y.data)]
        columns = zip(*rows, strict=True)
        return tree.unflatten(self._sources, [in_shape(ops.stack(c), y, c[0]) for c in columns])

    def _rows_at_once(self, y: Tensor) -> Any:
        """The same in one walk; None if the ops on the way do not allow it."""
        n = math.prod(y.data.shape)
        seeds = ops.reshape(device.namespace(y.data).eye(n, dtype=y.data.dtype), (n, *y.data.shape))
        nodes = [alias.node for alias in tree.leaves(self._sources)]
        found = None if y.node is None else walk_rows(y.node, seeds, nodes, self._opened)
        if found is None or any(node not in found for node in nodes):
            return None

        def block_of(alias: Any) -> Any:
            block = in_shape(found[alias.node], y, alias)
            return plain(Tensor(block), False, self._wrap)

        return tree.map_leaves(block_of, self._sources)


def _alias(x: Any) -> Any:
    """A use of x that only this run knows, so that a walk can end there."""
    if not isinstance(x, Tensor) or x.node is None:
        return Tensor(x, requires_grad=True)
    use: Any = identity(x)
    record_from(use)
    return use


def lift(level: Pushforward, x: Any, tangent: Any) -> Tensor:
    """A use of x with a tangent, in its shape and dtype, at a level of forward mode."""
    x = x if isinstance(x, Tensor) else Tensor(as_float(x))
    return level.lift(x, seed_for("jvp: a tangent", x, tangent))


def argument(args: Sequence[Any], i: int) -> Any:
    """Argument i. Raises TypeError if there is none."""
    if -len(args) <= i < len(args):
        return args[i]
    raise TypeError(
        f"argnums: names argument {i}, got {len(args)} of them; count from 0, and give "
        "what is differentiated by position"
    )


def replaced(args: Sequence[Any], numbers: Sequence[int], new: Sequence[Any]) -> list[Any]:
    """The arguments with new ones at these places."""
    full = list(args)
    for i, x in zip(numbers, new, strict=True):
        full[i] = x
    return full


def plain(x: Any, again: bool, wrap: bool) -> Any:
    """x as the caller gets it: recorded if it may be, a tensor if tensors went in, or an array."""
    if not isinstance(x, Tensor) or (again and x.node is not None):
        return x
    return Tensor(x.data) if wrap else x.data


def as_float(x: Any) -> Any:
    """The array of x, in floats."""
    return Tensor(x, requires_grad=True).data


def basis(x: Any) -> Iterator[Any]:
    """Each array shaped like x that is 1 at one place and 0 elsewhere, in reading order."""
    for row in device.namespace(x).eye(math.prod(x.shape), dtype=x.dtype):
        yield ops.reshape(row, x.shape)


def in_shape(x: Any, *parts: Any) -> Any:
    """x in the shapes of the parts, one behind the other."""
    return ops.reshape(x, tuple(n for part in parts for n in value_of(part).shape))
