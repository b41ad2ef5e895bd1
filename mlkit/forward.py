"""Forward mode: a tangent travels beside each value and is pushed on as each op runs.

The table has only rules for the way back. Those of elementwise ops serve forward too, and a linear
op is its own way forward. For others: rule(g) is linear in g, and its transpose, taken of that one
op alone, is the way forward: run the rule on a g of zeros, then walk from what it gave back to g.
Nothing else is recorded, so memory does not grow with the length of the computation.
"""

from collections.abc import Sequence
from typing import Any

from mlkit import device, ops
from mlkit.doors import differentiate, identity, recording, value_of
from mlkit.engine import Node, Op, Tensor, _fit, apply
from mlkit.kinds import is_elementwise, is_linear

__all__ = ["Pushforward", "record_from"]


class _Bare(Node):
    """The node of a value that has tangents and is recorded by nobody: it holds no inputs."""

    __slots__ = ()


class Pushforward:
    """One level of forward mode, as an interceptor.

    Tangents lie on the value's node, by level. Levels nest: the work of this one is done by the
    level around it, which sees it as ordinary ops.
    """

    def lift(self, x: Any, tangent: Any) -> Tensor:
        """A use of x that has this tangent. Call it before the level is entered."""
        recorded = isinstance(x, Tensor) and x.node is not None
        x = identity(x) if recorded else Tensor(device.as_float(Tensor(x).data))
        return self._attach(x, tangent if isinstance(tangent, Tensor) else Tensor(tangent))

    def tangent_of(self, x: Any) -> Tensor | None:
        """The tangent of x at this level, if it has one."""
        return _tangents(x).get(self)

    def drop(self, x: Any) -> Any:
        """x without its tangent at this level."""
        if self not in _tangents(x):
            return x
        others = {level: t for level, t in _tangents(x).items() if level is not self}
        if isinstance(x.node, _Bare) and not others:
            return Tensor(x.data)
        x.node.tangents = others
        return x

    def __call__(self, op: Op, inputs: Sequence[Any], constants: tuple[Any, ...]) -> Any:
        """Run an op, and push the tangents of its inputs through it."""
        tangents = [self.tangent_of(x) for x in inputs]
        if not any(isinstance(x, Tensor) and _is_recorded(x) for x in inputs):
            inputs = [self._primal(x) for x in inputs]
        z = apply(op, inputs, constants)
        if not isinstance(z, Tensor) or all(t is None for t in tangents):
            return z
        tangent = _push(op, [self._primal(x) for x in inputs], z, constants, tangents)
        return z if tangent is None else self._attach(z, tangent)

    def _primal(self, x: Any) -> Any:
        """x as the level around this one knows it: a constant if only this level knows it."""
        if isinstance(x, Tensor) and isinstance(x.node, _Bare) and set(_tangents(x)) <= {self}:
            return Tensor(x.data)
        return x

    def _attach(self, x: Any, tangent: Tensor) -> Tensor:
        if x.node is None:
            x.node = _Bare(x.data)
        x.node.tangents = {**_tangents(x), self: tangent}
        return x


def _tangents(x: Any) -> dict[Any, Tensor]:
    return getattr(x.node, "tangents", {}) if isinstance(x, Tensor) else {}


def _is_recorded(x: Tensor) -> bool:
    """Whether a walk back can come to x: a value that only has tangents is not."""
    return x.node is not None and not isinstance(x.node, _Bare)


def record_from(x: Any) -> None:
    """Make x a place where a walk can end; tangents that it has stay."""
    if isinstance(x.node, _Bare):
        tangents, x.node = x.node.tangents, None
        x.requires_grad = True
        x.node.tangents = tangents
    x.requires_grad = True


def _push(
    op: Op,
    inputs: Sequence[Any],
    z: Any,
    constants: tuple[Any, ...],
    tangents: Sequence[Tensor | None],
) -> Tensor | None:
    """The tangent of z: what the tangent of each input adds to it, summed."""
    if not device.is_float(z.data):
        return None
    if is_elementwise(op):
        return _through_rules(op, inputs, z, constants, tangents)
    if is_linear(op):
        return _through_itself(op, inputs, z, constants, tangents)
    return _through_transposes(op, inputs, z, constants, tangents)


def _through_rules(
    op: Op, inputs: Any, z: Any, constants: tuple[Any, ...], tangents: Any
) -> Tensor | None:
    """Where a rule multiplies by one number per element, it does so for tangents as well."""
    values, record = _values(inputs, tangents)
    xp = ops if record else device.namespace(z.data)
    z, total = z if record else z.data, None
    for i, (tangent, rule) in enumerate(zip(tangents, op.rules, strict=True)):
        if tangent is not None and rule:
            t = tangent if record else tangent.data
            t = t if t.shape == z.shape else xp.broadcast_to(t, z.shape)
            moved = rule(xp, t, z if op.keeps_z else {}, values, constants, i)
            total = moved if total is None else total + moved
    return None if total is None else _as(total, z)


def _through_itself(
    op: Op, inputs: Any, z: Any, constants: tuple[Any, ...], tangents: Any
) -> Tensor | None:
    """A linear op takes the tangent of an input in the input's place."""
    total = None
    for i, tangent in enumerate(tangents):
        if tangent is not None and op.rules[i]:
            moved = apply(op, [*inputs[:i], tangent, *inputs[i + 1 :]], constants)
            total = moved if total is None else total + moved
    return None if total is None else _as(total, z)


def _as(tangent: Any, z: Any) -> Tensor:
    """The tangent as a tensor in the dtype of z."""
    tangent = tangent if isinstance(tangent, Tensor) else Tensor(tangent)
    return tangent if tangent.dtype == z.dtype else ops.astype(tangent, z.dtype)


def _values(inputs: Sequence[Any], tangents: Sequence[Tensor | None]) -> tuple[list[Any], bool]:
    """What rules read, and whether somebody differentiates the tangent further.

    If so it is computed with tensors, else with arrays.
    """
    record = any(isinstance(x, Tensor) and x.node is not None for x in [*inputs, *tangents])
    return [
        x if isinstance(x, Tensor) and x.node else device.as_array(value_of(x)) for x in inputs
    ], record


def _through_transposes(
    op: Op, inputs: Any, z: Any, constants: tuple[Any, ...], tangents: Any
) -> Tensor | None:
    """Each rule, transposed, applied to its input's tangent."""
    values, record = _values(inputs, tangents)
    with recording():
        g: Any = Tensor(ops.zeros_like(z.data), requires_grad=True)
        seeds: list[tuple[Any, Any]] = []
        for i, (x, tangent) in enumerate(zip(values, tangents, strict=True)):
            rule = op.rules[0 if op.variadic else i]
            if tangent is not None and rule:
                h = rule(ops, g, z if op.keeps_z else {}, values, constants, i)
                seeds.append((_fit(ops, h, x.shape, x.dtype, 0), tangent))
        found = differentiate(seeds, [g.node], g.node.birth, record=record)
    tangent = found.get(g.node)
    return tangent if tangent is None or isinstance(tangent, Tensor) else Tensor(tangent)
