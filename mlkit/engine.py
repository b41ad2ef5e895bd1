"""All of automatic differentiation: Tensor, Op and the walk backwards.

An op is a forward function and one derivative rule per input. Calling it on tensors adds a `Node`:
what was done, to which nodes, and only those values that a rule will read. An op can only use what
exists, so the order of birth is a topological order: the walk takes nodes youngest first.
In a rule `g` is the gradient that arrives at the output, `z` the output, `xp` the array library.
"""

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from inspect import Signature
from itertools import count
from operator import attrgetter
from sys import maxsize
from threading import local
from typing import Any
from weakref import ref

import numpy as np

from mlkit.device import Array, as_array, as_float, cast, namespace, repeated, sum_rows, total
from mlkit.errors import ShapeError, explain
from mlkit.row import Op, body, open_parameters

__all__ = [
    "Node", "Op", "ShapeError", "Tensor", "apply", "intercept", "now", "op", "thread", "walk",
]  # fmt: skip

Rule = Callable[..., Array]
_new = object.__new__
# What NumPy computes with. Data of another type takes the general way, through `namespace`.
_HOST = frozenset({np.ndarray, float, int, np.float64, np.float32, np.bool_, np.int64})
now = count(1).__next__  # a moment, in births: after all that exists, before all to come
intercepted: list[bool] = []  # one entry for each thread that has interceptors


class _Thread(local):
    """What is under way in this thread. Others see nothing of it."""

    interceptors: tuple[Rule, ...] = ()  # the last one is handed every op, in place of `apply`
    runs = 0  # functions being run to be differentiated
    tapes: tuple[Any, ...] = ()  # those that are open


thread = _Thread()


def intercept(interceptors: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Let these interceptors stand in this thread. Gives those that stood there before."""
    before, thread.interceptors = thread.interceptors, interceptors
    if interceptors and not before:
        intercepted.append(True)
    elif before and not interceptors:
        intercepted.pop()
    return before


class Node:
    """How a value came to be, and the shape and dtype its gradient must have. A leaf has no op.

    inputs: a node per input, None where nothing is differentiated; values, z: what rules read.
    hooks: on a leaf, what changes its gradient. Unset, most often: owner, a weak reference from a
    leaf to its tensor; tangents, in forward mode.
    """

    __slots__ = (
        "birth", "constants", "dtype", "hooks", "inputs", "op", "owner", "shape", "tangents",
        "values", "z",
    )  # fmt: skip
    owner: Any
    hooks: Sequence[Rule]
    tangents: dict[Any, Any]

    def __init__(self, data, op=None, inputs=(), values=(), z=None, constants=()):
        self.shape, self.dtype, self.birth = data.shape, data.dtype, now()
        self.op, self.inputs, self.values, self.z, self.constants = op, inputs, values, z, constants
        self.hooks = ()


class Tensor:
    """An array that remembers how it was made. Shares memory with the array it is given.

    With requires_grad, integers become float64 and everything computed from it is recorded.
    """

    __slots__ = ("__weakref__", "_data", "grad", "node")
    _data: Array
    grad: "Tensor | None"
    node: Node | None

    def __init__(self, data: Any, requires_grad: bool = False):
        data = data._data if isinstance(data, Tensor) else as_array(data)
        self._data = data if hasattr(data, "shape") else np.asarray(data)
        self.grad = self.node = None
        self.requires_grad = requires_grad

    @property
    def requires_grad(self) -> bool:
        """Whether what is computed from this tensor is recorded."""
        return self.node is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if not wanted:
            self.node = None
        elif self.node is None:
            self._data = as_float(self._data)
            self.node = Node(self._data)
            self.node.owner = ref(self)

    def _set_data(self, data: Array) -> None:
        """Update a leaf. It is born anew, so that a walk through an older use of it notices."""
        if self.node is not None:
            if self.node.op is not None:
                raise ValueError(
                    f"data: only a leaf can be updated, not what {self.node.op.name} gave; detach"
                )
            self.node.shape, self.node.dtype, self.node.birth = data.shape, data.dtype, now()
        self._data = data

    data = property(attrgetter("_data"), _set_data, doc="The array. Setting it is an update.")


def op(*rules: Rule | None) -> Callable[[Rule], Callable[..., Any]]:
    """Make a forward function an op, given its derivative rules: one per input, in order.

    A rule names only what it reads: g, z, xp, inputs, constants (keyword-only in the forward).
    The op takes tensors, arrays, lists and numbers; a tensor comes out if one went in, else an
    array. Raises TypeError if a rule names something else, listing what it could name.
    A forward that takes `memo` gets a dict, or None, to leave there what its rules would compute
    again; they read `memo` in place of z. It holds arrays, so only a rule on arrays may use it.
    """

    def define(forward: Rule) -> Callable[..., Any]:
        row = Op(forward, rules)
        takes = open_parameters(forward)
        if not row.variadic:  # a caller may give constants by position: sum(x, 0)
            takes = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in takes]
        scope = globals() | {"op": row, "__name__": forward.__module__}
        exec(f"def {row.name}{Signature(takes)}:{body(row)}", scope)
        scope[row.name].op, scope[row.name].__doc__ = row, forward.__doc__
        return scope[row.name]

    return define


def _recorded(
    op: Op, inputs: tuple, values: tuple, z: Array, memo: Any, constants: tuple
) -> Tensor:
    """z as a tensor that remembers: Node and Tensor filled in here, as a class call is slow."""
    node, tensor = _new(Node), _new(Tensor)
    node.shape, node.dtype, node.birth, node.op = z.shape, z.dtype, now(), op
    node.inputs, node.values, node.constants = inputs, values, constants
    node.z = z if op.keeps_z else memo
    tensor._data, tensor.grad, tensor.node = z, None, node
    return tensor


def apply(op: Op, inputs: Sequence[Any], constants: tuple[Any, ...]) -> Any:
    """Run an op's forward and, if an input is recorded, record this use of it."""
    if intercepted and thread.interceptors:
        return _intercepted(op, inputs, constants)
    values, nodes, tensors = [], [], False
    for x in inputs:
        if type(x) is Tensor or isinstance(x, Tensor):
            tensors = True
            nodes.append(x.node)
            values.append(x._data)
        else:
            nodes.append(None)
            values.append(as_array(x))
    memo: dict | None = {} if op.memo else None
    try:
        z = op.forward(namespace(*values), None, memo, values, constants, None)
    except (TypeError, ValueError, IndexError) as error:
        explain(op, values, constants, error)
    if not tensors:
        return z
    return _tensor(z, _record(op, nodes, values, z, memo, constants))


def _intercepted(op: Op, inputs: Sequence[Any], constants: tuple[Any, ...]) -> Any:
    """Hand the op to the innermost interceptor; what it calls goes to the one around it."""
    *others, innermost = thread.interceptors
    before = intercept(tuple(others))
    try:
        return innermost(op, inputs, constants)
    finally:
        intercept(before)


def _record(
    op: Op, nodes: list, values: list, z: Array, memo: dict | None, constants: tuple
) -> Node | None:
    """The node for one use of an op; None if nothing is differentiated."""
    if not all(op.rules):
        nodes = [node if rule else None for node, rule in zip(nodes, op.rules, strict=True)]
    if not any(nodes):
        return None
    if not all(op.keeps):
        keeps = op.keeps * len(values) if op.variadic else op.keeps
        values = [x if keep else None for x, keep in zip(values, keeps, strict=True)]
    return Node(z, op, nodes, values, z if op.keeps_z else memo, constants)


def walk(
    seeds: dict[Node, Any],
    sources: Iterable[Node],
    opened: float = 0,
    closed: float = maxsize,
    lead: int = 0,
) -> dict[Node, Any]:
    """Gradients at the sources and all leaves that the seeded nodes depend on, by node.

    seeds: the gradient at each target. Raw arrays: all is computed on raw arrays, and fast.
    Tensors: the same rules run on tensors and are recorded, so that they can be differentiated.
    lead: how many axes they have more in front, which all rules on the way must allow: rows.py.
    Only ops born between opened and closed are walked through.
    Raises RuntimeError if an input was updated after its use.
    """
    wanted, gradients, arriving = set(sources), {}, dict(seeds)
    queue = [(-node.birth, node) for node in arriving]  # by age: the smallest is the youngest
    heapify(queue)
    ours = set()  # nodes whose arriving gradient is a sum made here, which nobody else holds
    while queue:
        node = heappop(queue)[1]
        op, birth = node.op, node.birth
        if op is None:  # a leaf among the targets
            continue
        g = arriving.pop(node)
        if node in wanted:
            gradients[node] = g
        if not opened < birth < closed:
            continue
        xp, z, values = np, node.z, node.values
        if type(g) is not np.ndarray:
            xp = namespace(g)
            if type(g) is Tensor:
                z, values = _as_tensors(node)
        for i, source in enumerate(node.inputs):
            rule = None if source is None else op.rules[0 if op.variadic else i]
            if rule is None:
                continue
            if source.birth > birth:
                raise _updated(op, i)
            h = rule(xp, g, z, values, node.constants, i)
            if lead or h.shape != source.shape or h.dtype is not source.dtype:
                h = _fit(xp, h, source.shape, source.dtype, lead)
            if source not in arriving:
                arriving[source] = h
                if source.op is not None:
                    heappush(queue, (-source.birth, source))
            elif source in ours:
                arriving[source] += h
            else:
                arriving[source] = arriving[source] + h
                if type(h) is not Tensor:
                    ours.add(source)
    return gradients | arriving  # what is left to arrive is at leaves


def _as_tensors(node: Node) -> tuple[Any, list[Any]]:
    """The output and the inputs that rules read, as tensors made the way they were."""
    pairs = zip(node.values, node.inputs, strict=True)
    z = _tensor(node.z, node) if node.op.keeps_z else node.z
    return z, [v if n is None or v is None else _tensor(v, n) for v, n in pairs]


def _updated(op: Op, i: int) -> RuntimeError:
    return RuntimeError(
        f"{op.name}: {op.inputs[0 if op.variadic else i]} was updated after it was used; "
        "call backward or tape.gradient before step"
    )


def _fit(xp: Any, g: Any, shape: tuple[int, ...], dtype: Any, lead: int) -> Any:
    """Undo broadcasting: sum g over what was repeated, repeat it over what was summed.

    lead: how many axes g has in front for itself, which stay: one for many gradients at once.
    """
    if g.shape[1:] == shape and len(shape) == 1 and not lead:  # a bias: the most frequent case
        g = sum_rows(g)
    whole = g.shape[:lead] + shape
    extra = g.ndim - len(whole)
    if g.shape != whole and extra >= 0:
        ones = (lead + extra + i for i, n in enumerate(shape) if n == 1)
        g = total(g, (*range(lead, lead + extra), *ones), True)
        g = xp.reshape(g, g.shape[:lead] + g.shape[lead + extra :])
    if g.shape != whole:
        if lead and extra < 0:
            g = xp.reshape(g, g.shape[:lead] + (1,) * -extra + g.shape[lead:])
        g = repeated(g, whole)
    return g if g.dtype == dtype else cast(g, dtype)


def _tensor(data: Array, node: Node | None) -> Tensor:
    tensor = Tensor.__new__(Tensor)
    tensor._data, tensor.grad, tensor.node = data, None, node
    return tensor
