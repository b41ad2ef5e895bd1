"""A table of a network: its layers, the shapes of what they give, and how many parameters."""

import math
from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np

from mlkit import device
from mlkit.backward import no_grad
from mlkit.nn.layer import Dense, Embedding
from mlkit.nn.module import Module, arrays
from mlkit.nn.normalize import LayerNorm
from mlkit.ops.shape import shape_of

__all__ = ["Row", "Summary", "summarize"]


class Row(NamedTuple):
    """One layer. depth: how many networks it is nested in."""

    layer: str
    shape: str
    parameters: int
    depth: int


class Summary:
    """The table: str() and print() give text, a notebook shows it as HTML."""

    def __init__(self, given: str, rows: Sequence[Row], parameters: int, fixed: int, size: int):
        self.given, self.rows = given, list(rows)
        self.parameters, self.fixed, self.bytes = parameters, fixed, size

    @property
    def total(self) -> str:
        """The last line in words."""
        fixed = f", {self.fixed:,} numbers are fixed" if self.fixed else ""
        return f"{self.parameters:,} parameters{fixed}, {_bytes(self.bytes)} together"

    def _lines(self) -> list[tuple[str, str, str]]:
        lines = [("layer", "output shape", "parameters"), ("input", self.given, "")]
        for row in self.rows:
            lines.append(("  " * row.depth + row.layer, row.shape, f"{row.parameters:,}"))
        return lines

    def __str__(self) -> str:
        lines = self._lines()
        a, b, c = (max(len(line[i]) for line in lines) for i in range(3))
        text = [f"{x:{a}}  {y:{b}}  {z:>{c}}".rstrip() for x, y, z in lines]
        return "\n".join([*text, self.total])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head, *lines = self._lines()
        headings = "".join(f'<th scope="col">{name}</th>' for name in head)
        rows = "".join(
            '<tr><th scope="row" style="text-align:left;font-weight:normal;white-space:pre">'
            f"{escape(x)}</th><td>{escape(y)}</td><td>{z}</td></tr>"
            for x, y, z in lines
        )
        return (
            f"<table><caption>{self.total}</caption>"
            f"<thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>"
        )


def summarize(network: Any, shape: int | Sequence[int] | None = None) -> Summary:
    """The table of a Sequential, from a run on zeros.

    shape: that of one example, without the batch; left away if the first weights tell it.
    The run is one in use, so that no rng and no running statistics move.
    """
    shape = _guess(network) if shape is None else shape
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    was = [(module, module.training) for module in network.modules()]
    network.eval()
    try:
        with no_grad():
            rows, _ = _rows(network, _zeros(network, shape), 0)
    finally:
        for module, training in was:
            module.training = training
    kept = [
        (device.to_host(x.data) if trained else x, trained) for _, x, trained in arrays(network)
    ]
    counts = [sum(_size(x) for x, kind in kept if kind is trained) for trained in (True, False)]
    size = sum(_size(x) * np.dtype(str(x.dtype)).itemsize for x, _ in kept)
    return Summary(_shape((1, *shape)), rows, counts[0], counts[1], size)


def _rows(network: Any, x: Any, depth: int) -> tuple[list[Row], Any]:
    """A row for each layer, and what the last one gives."""
    rows: list[Row] = []
    for layer in network:
        if isinstance(layer, type(network)):
            inside, x = _rows(layer, x, depth + 1)
        else:
            inside, x = [], layer(x)
        module = isinstance(layer, Module)
        name = type(layer).__name__ if inside else _name(layer)
        count = sum(_size(w.data) for w in layer.parameters()) if module else 0
        rows += [Row(name, _shape(shape_of(x)), count, depth), *inside]
    return rows, x


def _name(layer: Any) -> str:
    """A layer as it prints, on one line."""
    if not isinstance(layer, Module):
        return getattr(layer, "__name__", repr(layer))
    printed = repr(layer)
    return type(layer).__name__ if "\n" in printed else printed


def _guess(network: Module) -> tuple[int, ...]:
    """The shape of an example, as the first layer with weights wants it."""
    for module in network.modules():
        if isinstance(module, Dense):
            return (module.weight.data.shape[0],)
        if isinstance(module, LayerNorm):
            return module.weight.data.shape
        if "weight" in vars(module):
            break
    raise ValueError(
        "summary: the layers do not tell the shape of the input; "
        "give that of one example, as in summary((28, 28, 1))"
    )


def _zeros(network: Module, shape: Sequence[int]) -> Any:
    """A batch of one example: floats like the first parameter, or tokens before an embedding."""
    first: Any = next(iter(network.parameters()), None)
    if first is None:
        return np.zeros((1, *shape))
    xp = device.namespace(first.data)
    layers = [module for module in network.modules() if "weight" in vars(module)]
    tokens = bool(layers) and isinstance(layers[0], Embedding)
    return xp.zeros((1, *shape), dtype=xp.int64 if tokens else first.data.dtype)


def _size(x: Any) -> int:
    return math.prod(x.shape)


def _shape(shape: Sequence[int]) -> str:
    """A shape with n for the batch: (n, 64)."""
    return f"({', '.join(['n', *map(str, shape[1:])])}{',' if len(shape) == 1 else ''})"


def _bytes(n: float) -> str:
    """So many bytes, in words."""
    for unit in ("bytes", "kB", "MB"):
        if n < 1000:
            return f"{n:.3g} {unit}"
        n /= 1000
    return f"{n:.3g} GB"
