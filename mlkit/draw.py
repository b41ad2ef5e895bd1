"""The graph of a tensor as indented text and as a picture, with values, shapes and adjoints.

draw(loss) at the end of a notebook cell shows it. The picture is one inline SVG in the colours of
the page (`currentColor`), so it reads in a dark theme; where a notebook shows no pictures, the text
stands. Above `most` steps the middle is folded into one box.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mlkit.device import Array, to_host
from mlkit.engine import Tensor
from mlkit.graph import Box, Graph, read
from mlkit.layout import layered, longest_paths

__all__ = ["Drawing", "draw"]

_LETTER, _LINE, _PAD = 7.3, 17, 9  # of the monospaced type, in pixels
_BETWEEN = 34  # layers
_FAR = 3  # layers: a leaf used further away than that is shown there again, by its name
_TINTS = {"leaf": "#0072B2", "fold": "#999999"}
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escape(text: str) -> str:
    """The text as it stands in markup. (The html module would cost every import of mlkit.)"""
    return text.translate(_ESCAPED)


def draw(target: Tensor, names: Mapping[str, Any] | None = None, most: int = 60) -> "Drawing":
    """The graph that made a tensor, to be shown, printed, or taken as `.svg` or `.text`.

    names: what to call tensors and arrays; by default the variables where draw is called.
    most: steps shown before the middle is folded.
    Raises TypeError for what is no tensor: an array does not remember how it was made.
    """
    if not isinstance(target, Tensor):
        raise TypeError(
            f"draw: needs a tensor, got {type(target).__name__}; an array does not remember how "
            "it was made, so compute with mlkit.Tensor(x, requires_grad=True)"
        )
    return Drawing(read(target, sys._getframe(1).f_locals if names is None else names, most))


class Drawing:
    """A graph, drawn. Notebooks show its picture; print shows its text."""

    def __init__(self, graph: Graph):
        self.graph = graph

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.svg

    @property
    def text(self) -> str:
        """The graph as indented lines: each step above what it is made from."""
        return _text(self.graph)

    @property
    def svg(self) -> str:
        """The graph as one SVG element, inputs on top."""
        return _svg(self.graph)

    def to_mermaid(self) -> str:
        """The graph in Mermaid's words, for a ```mermaid block."""
        lines = ["flowchart TD"]
        for i, box in enumerate(self.graph.boxes):
            words = "<br/>".join(_mermaid(line) for line in _lines(box))
            lines.append(f'  n{i}["{words}"]')
            lines += [f"  n{j} --> n{i}" for j in dict.fromkeys(box.inputs)]
        return "\n".join(lines) + "\n"


def _mermaid(line: str) -> str:
    return escape(line).replace("&quot;", "#quot;")


def short(x: Array) -> str:
    """An array in a few letters: a number, up to four numbers, or shape and range."""
    x = to_host(x)
    if x.size == 1:
        return f"{_shape(x.shape)}{_number(x.reshape(-1)[0])}"
    if x.ndim == 1 and 0 < x.size <= 4:
        return f"[{', '.join(map(_number, x))}]"
    ends = f"{_number(x.min())} … {_number(x.max())}" if x.size else "empty"
    return f"{_shape(x.shape)}{ends}"


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)}) " if shape else ""


def _number(x: Any) -> str:
    return str(x) if isinstance(x, np.bool_) else f"{float(x):.3g}"


def _lines(box: Box) -> list[str]:
    """What stands in a box: title, value or shape, adjoint."""
    lines = [box.title]
    if box.kind == "fold":
        return [*lines, box.formula]
    if box.value is not None:
        lines.append(short(box.value))
    elif box.shape is not None:
        lines.append(_shape(box.shape).strip() or "a number")
    if box.adjoint is not None:
        lines.append(f"∂ {short(box.adjoint)}")
    return lines


def _legend(graph: Graph) -> str:
    of = f"sum({graph.target})" if graph.summed else graph.target
    if graph.note:
        return graph.note
    return f"∂: how much {of} grows when this grows by 1 (its adjoint)" if graph.steps else ""


def _text(graph: Graph) -> str:
    boxes, rows, seen = graph.boxes, [], set()
    todo = [(len(boxes) - 1, 0)]
    while todo:
        i, depth = todo.pop()
        again = i in seen and bool(boxes[i].inputs)
        title, *rest = _lines(boxes[i])
        if again:
            title, rest = boxes[i].name, ["as above"]
        rows.append(["  " * min(depth, 20) + title, *rest])
        if i not in seen:
            todo += [(j, depth + 1) for j in list(dict.fromkeys(boxes[i].inputs))[::-1]]
        seen.add(i)
    first = max(len(row[0]) for row in rows)
    second = max((len(row[1]) for row in rows if len(row) > 1), default=0)
    lines = [
        f"{row[0]:<{first}}  {row[1] if len(row) > 1 else '':<{second}}  {''.join(row[2:])}"
        for row in rows
    ]
    return "\n".join([line.rstrip() for line in [*lines, _legend(graph)]]).rstrip()


def _svg(graph: Graph) -> str:
    boxes = _shown_again(graph.boxes)
    words = [_lines(box) for box in boxes]
    widths = [max(map(len, lines)) * _LETTER + 2 * _PAD for lines in words]
    heights = [len(lines) * _LINE + 10 for lines in words]
    plan = layered([box.inputs for box in boxes], widths)
    rows = [0] * (max(plan.layers) + 1)
    for layer, height in zip(plan.layers, heights, strict=True):
        rows[layer] = max(rows[layer], height)
    tops = [4]
    for height in rows:
        tops.append(tops[-1] + height + _BETWEEN)
    middle = [top + height / 2 for top, height in zip(tops, rows, strict=False)]
    ports = _ports(boxes, plan.centres, plan.routes, widths)
    parts = []
    for (i, j), bends in plan.routes.items():
        start = (plan.centres[i], middle[plan.layers[i]] + heights[i] / 2)
        end = (ports[i, j], middle[plan.layers[j]] - heights[j] / 2)
        stops = [start]
        for k, x in enumerate(bends, plan.layers[i] + 1):
            stops += [(x, tops[k]), (x, tops[k] + rows[k])]
        parts.append(_edge([*stops, end]))
    for i, box in enumerate(boxes):
        left, top = plan.centres[i] - widths[i] / 2, middle[plan.layers[i]] - heights[i] / 2
        parts.append(_card(box, words[i], left, top, widths[i], heights[i], i == len(boxes) - 1))
    legend = _legend(graph)
    width = max(plan.width, len(legend) * 6.7) + 8
    height = tops[-1] - _BETWEEN + 30
    about = f"Computation graph of {graph.target}: {graph.steps} steps from {graph.leaves} leaves"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(about)}" '
        f'viewBox="-4 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        'style="max-width:100%;height:auto" fill="currentColor" '
        'font-family="ui-monospace,Menlo,Consolas,monospace" font-size="12">\n'
        f"<title>{escape(about)}</title>\n<desc>{escape(_text(graph))}</desc>\n"
        + "\n".join(parts)
        + f'\n<text x="0" y="{height - 8:.0f}" font-size="11" opacity="0.75">{escape(legend)}'
        "</text>\n</svg>"
    )


def _shown_again(boxes: list[Box]) -> list[Box]:
    """The boxes, with a leaf that is used far away standing there again, as its name alone."""
    layers = longest_paths([box.inputs for box in boxes])
    shown: list[Box] = []
    places: dict[tuple[int, int], int] = {}  # a box, and the layer where it stands again, if it is
    for j, box in enumerate(boxes):
        inputs = []
        for i in box.inputs:
            far = not boxes[i].inputs and layers[j] - layers[i] > _FAR
            key = (i, layers[j] if far else -1)
            if key not in places:
                places[key] = len(shown)
                shown.append(Box(f"{boxes[i].kind} again", boxes[i].name, ""))
            inputs.append(places[key])
        places[j, -1] = len(shown)
        shown.append(replace(box, inputs=inputs))
    return shown


def _ports(boxes: list[Box], centres: list, routes: dict, widths: list) -> dict:
    """Where on a box's upper side each of its edges arrives: spread in the order they come."""
    ports = {}
    for j, box in enumerate(boxes):
        sources = sorted(set(box.inputs), key=lambda i: (routes[i, j] or [centres[i]])[-1])
        for k, i in enumerate(sources):
            share = (k + 1) / (len(sources) + 1) - 0.5
            ports[i, j] = centres[j] + share * min(widths[j], 26 * (len(sources) + 1))
    return ports


def _edge(stops: list[tuple[float, float]]) -> str:
    """A smooth line through the stops, vertical at each, and its arrow head."""
    x, y = stops[0]
    path = f"M{x:.1f} {y:.1f}"
    for nx, ny in stops[1:]:
        bend = (y + ny) / 2
        path += f"C{x:.1f} {bend:.1f} {nx:.1f} {bend:.1f} {nx:.1f} {ny:.1f}"
        x, y = nx, ny
    return (
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity="0.55"/>'
        f'<path d="M{x:.1f} {y:.1f}l-3.5 -7h7z" fill-opacity="0.7"/>'
    )


def _card(
    box: Box, lines: list[str], left: float, top: float, width: float, height: float, last: bool
) -> str:
    kind = box.kind.partition(" ")[0]
    tint = "#009E73" if last else _TINTS.get(kind, "none")
    dashes = ' stroke-dasharray="4 3"' if kind in ("constant", "fold") else ""
    stroke = "currentColor" if tint == "none" else tint
    radius = height / 2 if kind != box.kind else 7
    parts = [
        f"<g><title>{escape('; '.join(lines))}</title>"
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.0f}" '
        f'rx="{radius:.0f}" fill="{tint}" fill-opacity="0.1" stroke="{stroke}"{dashes}'
        f' stroke-width="{2 if last else 1.2}"/>'
    ]
    middle = left + width / 2
    for k, line in enumerate(lines):
        y = top + 5 + (k + 0.75) * _LINE
        if line.startswith("∂"):
            parts.append(
                f'<rect x="{left + 4:.1f}" y="{y - 12.5:.1f}" width="{width - 8:.1f}" height="16" '
                'rx="4" fill="#D55E00" fill-opacity="0.22"/>'
            )
        weight = ' font-weight="600"' if k == 0 else ""
        parts.append(
            f'<text x="{middle:.1f}" y="{y:.1f}" text-anchor="middle"{weight}>{escape(line)}</text>'
        )
    return "".join(parts) + "</g>"
