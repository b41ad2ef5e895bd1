"""Many gradients in one walk: what arrives carries an axis of its own in front, one row each.

Most rules are written so that an axis in front does no harm: they compute on each element, or name
axes from the back. For a graph of such ops alone, a Jacobian takes one walk instead of one a row.
"""

from collections.abc import Sequence

from mlkit import ops
from mlkit.device import Array
from mlkit.doors import behind, identity
from mlkit.engine import Node, thread, walk
from mlkit.kinds import is_elementwise, rules_of

__all__ = ["walk_rows"]

# Ops whose rules hold for rows, besides all that are elementwise.
_HOLD = rules_of(
    identity, ops.broadcast_to, ops.cumulative_sum, ops.det, ops.expand_dims, ops.inv,
    ops.kl_divergence, ops.linear, ops.log_softmax, ops.logsumexp, ops.matmul, ops.max, ops.mean,
    ops.min, ops.norm, ops.permute_dims, ops.reshape, ops.softmax, ops.solve, ops.std, ops.sum,
    ops.tril, ops.triu, ops.var,
)  # fmt: skip
_AXIS_NONE = {row for row in _HOLD if row.name in ("sum", "mean")}


def walk_rows(
    target: Node,
    seeds: Array,
    sources: Sequence[Node],
    opened: float = 0,
    closed: float = float("inf"),
) -> dict[Node, Array] | None:
    """Gradients at the sources, by node, for many seeds: (rows, *target) -> (rows, *source).

    None if an op on the way does not hold for rows, or somebody watches: then walk for each.
    """
    if thread.interceptors or not _holds(target, opened, closed):
        return None
    return walk({target: seeds}, sources, opened, closed, lead=1)


def _holds(target: Node, opened: float, closed: float) -> bool:
    """Whether the rules of all ops behind the target hold for rows."""
    for node in behind([target], opened):
        if node.op is None and node.hooks:
            return False
        if node.op is None or not opened < node.birth < closed:
            continue
        trusted = is_elementwise(node.op) or _HOLD.get(node.op) is node.op.rules
        if not trusted or not _counts_from_the_back(node):
            return False
    return True


def _counts_from_the_back(node: Node) -> bool:
    """Whether its axes, if it names any, are negative numbers."""
    if "axis" not in node.op.constants:
        return True
    axis = node.constants[node.op.constants.index("axis")]
    if axis is None:
        return node.op in _AXIS_NONE
    return all(i < 0 for i in (axis if isinstance(axis, tuple) else (axis,)))
