"""What there is to draw: the steps that made a tensor, with names, values and adjoints.

Everything is read off the nodes that the engine keeps, oldest first; nothing is recursive. A value
is known if a rule keeps it, a name leads to it, it is a leaf's, or all it is made from is known.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from mlkit.device import Array, namespace, quiet, to_host
from mlkit.engine import Node, Tensor, walk

__all__ = ["Box", "Graph", "read"]

_SIGNS = {
    "add": "{} + {}", "subtract": "{} - {}", "multiply": "{} * {}", "divide": "{} / {}",
    "power": "{} ** {}", "matmul": "{} @ {}", "negative": "-{}", "getitem": "{}[{}]",
}  # fmt: skip
_LONGEST = 28  # letters of a formula
_MOST_LEAVES = 10  # of one step


@dataclass
class Box:
    """One box of the drawing. kind: "leaf", "constant", "step" or "fold"."""

    kind: str
    name: str
    formula: str
    inputs: list[int] = field(default_factory=list)  # places of earlier boxes
    value: Array | None = None
    adjoint: Array | None = None
    shape: tuple[int, ...] | None = None
    folded: int = 0  # steps in this box

    @property
    def title(self) -> str:
        """What the box says first: a = b + c, or a name."""
        if self.kind == "fold":
            return f"… {self.folded} steps folded"
        return f"{self.name} = {self.formula}" if self.kind == "step" else self.name


@dataclass
class Graph:
    """Boxes, inputs before what is made from them, the target last; and what to say about it."""

    boxes: list[Box]
    steps: int
    leaves: int
    summed: bool  # whether the adjoints are those of the target's sum
    note: str = ""

    @property
    def target(self) -> str:
        """The target's name."""
        return self.boxes[-1].name


def read(target: Tensor, names: Mapping[str, Any], most: int) -> Graph:
    """The graph of a tensor, with at most `most` boxes for its steps and leaves.

    names: what to call the tensors and arrays found in it; containers and objects are looked into.
    """
    called = _names(names)
    if target.node is None:
        name = called.get(id(target._data), "constant")
        return Graph([Box("constant", name, "", value=target._data)], 0, 0, False)
    nodes = _ancestors(target.node)
    values = _values(nodes, names, target)
    adjoints, note = _adjoints(target, nodes)
    steps = [node for node in nodes if node.op]
    folded = _middle(steps, most)
    if not note:
        _fill_in([node for node in steps if node not in folded], values)
    reader = _Reader(called, values, adjoints, folded)
    for node in nodes:  # oldest first, so that no call waits for a long chain of others
        if node not in folded and (node.op or node is target.node):
            reader.place(node)
    return Graph(reader.boxes, len(steps), len(nodes) - len(steps), target._data.size != 1, note)


def _ancestors(target: Node) -> list[Node]:
    """The node and all it depends on, oldest first."""
    seen, todo = {target}, [target]
    while todo:
        for source in todo.pop().inputs:
            if source is not None and source not in seen:
                seen.add(source)
                todo.append(source)
    return sorted(seen, key=lambda node: node.birth)


def _middle(steps: list[Node], most: int) -> set[Node]:
    """The steps to fold into one box: none, or a middle stretch, so that no cycle can close.

    A few of the oldest stay, and more of the youngest; a third of the room is left to leaves.
    """
    if len(steps) <= most:
        return set()
    first, last = most // 6, most // 2
    return set(steps[first:-last])


def _names(names: Mapping[str, Any]) -> dict[int, str]:
    """By the id of a node or an array, the first name that leads to it."""
    found: dict[int, str] = {}
    for name, x in _walk_names(names):
        if isinstance(x, Tensor):
            found.setdefault(id(x.node if x.node is not None else x._data), name)
            x = x._data
        found.setdefault(id(x), name)
    return found


def _walk_names(names: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every tensor and array under the names, the nearest first, three levels deep."""
    level = [(name, x) for name, x in names.items() if not name.startswith("_")]
    for _ in range(3):
        inside = []
        for name, x in level:
            if isinstance(x, Tensor | np.ndarray):
                yield name, x
            elif isinstance(x, dict):
                inside += [(f"{name}[{key!r}]", part) for key, part in x.items()]
            elif isinstance(x, list | tuple):
                inside += [(f"{name}[{i}]", part) for i, part in enumerate(x[:1000])]
            elif not isinstance(x, type | ModuleType | FunctionType):
                mine = getattr(x, "__dict__", {}).items()
                inside += [(f"{name}.{k}", v) for k, v in mine if not k.startswith("_")]
        level = inside


def _owner(node: Node) -> Any:
    """The tensor of a leaf, if it is still there."""
    return node.owner() if hasattr(node, "owner") else None


def _values(nodes: list[Node], names: Mapping[str, Any], target: Tensor) -> dict[Node, Array]:
    """What is known of the nodes' values."""
    values: dict[Node, Array] = {}
    for node in nodes:
        if _owner(node) is not None:
            values[node] = _owner(node)._data
        if hasattr(node.z, "shape"):
            values[node] = node.z
        for source, value in zip(node.inputs, node.values, strict=False):
            if source is not None and hasattr(value, "shape"):
                values[source] = value
    for x in [*(x for _, x in _walk_names(names)), target]:
        if isinstance(x, Tensor) and x.node is not None:
            values[x.node] = x._data
    return values


def _fill_in(steps: list[Node], values: dict[Node, Array]) -> None:
    """Compute again what is not kept, where everything it is made from is known."""
    for node in steps:
        pairs = zip(node.inputs, node.values, strict=True)
        inputs = [kept if source is None else values.get(source) for source, kept in pairs]
        random = any(isinstance(c, np.random.Generator) for c in node.constants)
        if node in values or random or any(x is None for x in inputs):
            continue
        memo: dict | None = {} if node.op.memo else None
        with quiet():
            xp = namespace(*inputs)
            values[node] = node.op.forward(xp, None, memo, inputs, node.constants, None)


def _adjoints(target: Tensor, nodes: list[Node]) -> tuple[dict[Node, Any], str]:
    """The derivative of the target's sum by every node; or none, and why."""
    assert target.node is not None
    try:
        with quiet():
            one = namespace(target._data).ones_like(target._data)
            return walk({target.node: one}, nodes), ""
    except (RuntimeError, TypeError, ValueError) as error:
        return {}, f"no adjoints: {error}"


class _Reader:
    """Boxes for steps and for what they are made from, each made once."""

    def __init__(
        self,
        called: dict[int, str],
        values: dict[Node, Array],
        adjoints: dict[Node, Any],
        folded: set[Node],
    ):
        self.called, self.values, self.adjoints, self.folded = called, values, adjoints, folded
        self.boxes: list[Box] = []
        self.places: dict[Any, int] = {}
        self.unnamed = 0

    def place(self, node: Node) -> int:
        """Where the node's box is, made if it is new, after those of its inputs."""
        if node in self.folded:
            return self._fold()
        if node not in self.places:
            box = self._step(node) if node.op else Box("leaf", self._name(node), "")
            box.value, box.adjoint = self.values.get(node), self.adjoints.get(node)
            box.shape = node.shape
            self._add(node, box)
        return self.places[node]

    def _add(self, key: Any, box: Box) -> int:
        self.places[key] = len(self.boxes)
        self.boxes.append(box)
        return self.places[key]

    def _name(self, node: Node) -> str:
        own = getattr(_owner(node), "name", None)
        if own or id(node) in self.called:
            return own or self.called[id(node)]
        self.unnamed += 1
        return f"t{self.unnamed}"

    def _step(self, node: Node) -> Box:
        """The box of an op: its inputs first, then its own formula."""
        inputs, words = [], []
        for i, source in enumerate(node.inputs):
            value = node.values[i]
            leaf = source is None or source.op is None
            if i >= _MOST_LEAVES and leaf and i < len(node.inputs) - 1:
                continue
            if source is not None:
                place = self.place(source)
            elif value is not None and np.size(value) > 1:
                place = self._constant(value)
            else:
                words.append(self._number(node, i, value))
                continue
            words.append(self.boxes[place].name)
            inputs.append(place)
        return Box("step", self._name(node), _formula(node, words), inputs)

    def _constant(self, value: Array) -> int:
        if id(value) in self.places:
            return self.places[id(value)]
        name = self.called.get(id(value), "constant")
        return self._add(id(value), Box("constant", name, "", value=value, shape=value.shape))

    def _number(self, node: Node, i: int, value: Any) -> str:
        """A constant's digits. Sums keep no inputs: there it is worked back from the result."""
        if value is None:
            value = self._worked_back(node, i)
        return "·" if value is None else f"{float(to_host(np.asarray(value)).reshape(-1)[0]):.4g}"

    def _worked_back(self, node: Node, i: int) -> Any:
        z, other = self.values.get(node), None
        if node.op.name in ("add", "subtract") and node.inputs[1 - i] is not None:
            other = self.values.get(node.inputs[1 - i])
        if z is None or other is None or np.size(z) != 1:
            return None
        if node.op.name == "add":
            return z - other
        return z + other if i == 0 else other - z

    def _fold(self) -> int:
        if "fold" in self.places:
            return self.places["fold"]
        outside = {s for node in self.folded for s in node.inputs if s is not None}
        older = sorted(self.places[s] for s in outside - self.folded if s in self.places)
        counts = Counter(node.op.name for node in self.folded).most_common(3)
        what = ", ".join(f"{n} {name}" for name, n in counts)
        formula = what + (", …" if len({node.op.name for node in self.folded}) > 3 else "")
        box = Box("fold", "…", formula, older, folded=len(self.folded))
        return self._add("fold", box)


def _formula(node: Node, words: list[str]) -> str:
    """The op as it is written: x @ w, or softmax(x, axis=-1)."""
    name = node.op.name.strip("_")
    constants = dict(zip(node.op.constants, node.constants, strict=False))
    if name == "getitem":
        words = [*words, _index(constants.pop("index", ...))]
    if name in _SIGNS and len(words) == _SIGNS[name].count("{}"):
        return _SIGNS[name].format(*words)
    extra = [f"{k}={v}" for k, v in constants.items() if v is not None and v is not False]
    extra = [word for word in extra if len(word) < 20 and "\n" not in word]
    long, short = f"{name}({', '.join(words + extra)})", f"{name}({', '.join(words)})"
    if len(long) <= _LONGEST:
        return long
    return short if len(short) <= _LONGEST else f"{name}(…)"


def _index(index: Any) -> str:
    """An index as it is written between brackets."""
    if isinstance(index, tuple):
        return ", ".join(map(_index, index))
    if isinstance(index, slice):
        ends = [index.start, index.stop, *([] if index.step is None else [index.step])]
        return ":".join("" if end is None else str(end) for end in ends)
    return "…" if index is ... or hasattr(index, "shape") else str(index)
