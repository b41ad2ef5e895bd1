"""Where the boxes of a drawing go: a layered layout of a graph without cycles, inputs on top.

Sugiyama's method (IEEE Transactions on Systems, Man and Cybernetics 11, 1981): layers by longest
path, a bend for each layer that an edge crosses, an order with few crossings by barycentre sweeps,
then places as near to the neighbours as the widths allow. Plain Python, the same answer everywhere.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Layout", "layered", "longest_paths"]

_SWEEPS, _PULLS = 12, 16
_STIFF = 6.0  # a bend weighs as many boxes, so that long edges run straight
_LIGHT = 0.05  # a leaf hangs beside the steps, and does not push them aside
_BEND = 14.0  # width of an edge that passes a layer
_GAP = 18.0  # between two boxes of a layer


class Layout(NamedTuple):
    """centres: x of each box; layers: its layer, 0 on top; routes: x in each layer passed."""

    centres: list[float]
    layers: list[int]
    routes: dict[tuple[int, int], list[float]]
    width: float


def layered(inputs: Sequence[Sequence[int]], widths: Sequence[float]) -> Layout:
    """Places for boxes of these widths. inputs: for each box the earlier ones it is made from."""
    layers = longest_paths(inputs)
    edges = sorted({(i, j) for j, sources in enumerate(inputs) for i in sources})
    all_layers, sizes, bends = list(layers), list(widths), {}
    above: list[list[int]] = [[] for _ in inputs]
    below: list[list[int]] = [[] for _ in inputs]
    for i, j in edges:
        chain = [i]
        for layer in range(layers[i] + 1, layers[j]):
            chain.append(len(all_layers))
            all_layers.append(layer)
            sizes.append(_BEND)
            above.append([])
            below.append([])
        bends[i, j] = chain[1:]
        for start, end in zip(chain, [*chain[1:], j], strict=True):
            below[start].append(end)
            above[end].append(start)
    rows: list[list[int]] = [[] for _ in range(max(all_layers, default=0) + 1)]
    for box, layer in enumerate(all_layers):
        rows[layer].append(box)
    rows = _ordered(rows, above, below)
    weights = [1.0 if sources else _LIGHT for sources in inputs]
    weights += [_STIFF] * (len(sizes) - len(inputs))
    x = _placed(rows, sizes, weights, above, below)
    left = min((x[i] - sizes[i] / 2 for i in range(len(x))), default=0.0)
    right = max((x[i] + sizes[i] / 2 for i in range(len(x))), default=0.0)
    routes = {edge: [x[k] - left for k in chain] for edge, chain in bends.items()}
    return Layout([c - left for c in x[: len(inputs)]], layers, routes, right - left)


def longest_paths(inputs: Sequence[Sequence[int]]) -> list[int]:
    """A layer for each box, below all it is made from, and near its first use where that is free.

    A leaf always sinks next to its first user, and so does a branch that serves one user alone;
    another box if more edges shrink than grow.
    """
    layers = [0] * len(inputs)
    users: list[set[int]] = [set() for _ in inputs]
    private = [True] * len(inputs)
    for j, sources in enumerate(inputs):
        layers[j] = 1 + max((layers[i] for i in sources), default=-1)
        for i in sources:
            users[i].add(j)
    for j, sources in enumerate(inputs):
        private[j] = all(private[i] and len(users[i]) == 1 for i in sources if inputs[i])
    for i in reversed(range(len(inputs))):
        steps = {k for k in inputs[i] if inputs[k]}  # leaves follow by themselves
        if users[i] and (private[i] or len(steps) < len(users[i])):
            layers[i] = min(layers[j] for j in users[i]) - 1
    top = min(layers, default=0)
    return [layer - top for layer in layers]


def _ordered(
    rows: list[list[int]], above: list[list[int]], below: list[list[int]]
) -> list[list[int]]:
    """The rows in an order with few crossings: the best seen in some sweeps down and up."""
    best, fewest = rows, _crossings(rows, below)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        down = sweep % 2 == 0
        neighbours = above if down else below
        rows = [list(row) for row in rows]
        for k in range(len(rows)) if down else reversed(range(len(rows))):
            where = {box: n for row in rows for n, box in enumerate(row)}
            rows[k].sort(key=lambda box, where=where: _mean(where, neighbours[box], where[box]))  # type: ignore[misc]
        crossings = _crossings(rows, below)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _mean(where: dict[int, int], boxes: list[int], otherwise: float) -> float:
    return sum(where[box] for box in boxes) / len(boxes) if boxes else otherwise


def _crossings(rows: list[list[int]], below: list[list[int]]) -> int:
    """Pairs of edges between neighbouring rows that cross."""
    total = 0
    for upper, lower in pairwise(rows):
        where = {box: n for n, box in enumerate(lower)}
        ends = [n for box in upper for n in sorted(where[j] for j in below[box])]
        total += sum(a > b for k, b in enumerate(ends) for a in ends[:k])
    return total


def _placed(
    rows: list[list[int]],
    sizes: list[float],
    weights: list[float],
    above: list[list[int]],
    below: list[list[int]],
) -> list[float]:
    """An x for every box: pulled to its neighbours above, below, and in the end to both."""
    x = [0.0] * len(sizes)
    for row in rows:
        _spread(row, sizes, weights, [0.0] * len(row), x)
    for pull in range(_PULLS):
        last = pull >= _PULLS // 2
        down = pull % 2 == 0
        for row in rows if down else rows[::-1]:
            wanted = []
            for box in row:
                near = above[box] + below[box] if last else (above[box] if down else below[box])
                weight = sum(weights[k] for k in near)
                wanted.append(sum(weights[k] * x[k] for k in near) / weight if near else x[box])
            _spread(row, sizes, weights, wanted, x)
    return x


def _spread(
    row: list[int], sizes: list[float], weights: list[float], wanted: list[float], x: list[float]
) -> None:
    """Set x as near to what is wanted as the widths allow, least squares, keeping the order.

    Boxes that would overlap are pooled and share their mean wish (isotonic regression).
    """
    offsets = [0.0]
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + (sizes[left] + sizes[right]) / 2 + _GAP)
    pools: list[tuple[float, float, int]] = []  # weighted sum of wishes, weight, boxes
    for box, wish, offset in zip(row, wanted, offsets, strict=False):
        weight, count = weights[box], 1
        total = weight * (wish - offset)
        while pools and pools[-1][0] / pools[-1][1] > total / weight:
            more, heavier, members = pools.pop()
            total, weight, count = total + more, weight + heavier, count + members
        pools.append((total, weight, count))
    shifts = [total / weight for total, weight, count in pools for _ in range(count)]
    for box, offset, shift in zip(row, offsets, shifts, strict=False):
        x[box] = offset + shift
