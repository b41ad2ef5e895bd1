"""The triangle lab standing still: the map as an SVG with a table, and the same as plain text.

Exported notebooks, feedback and code hosts show this. `currentColor` follows light and dark pages;
the table carries the numbers where a site strips drawings.
"""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np

from mlkit.play.asking import judged, number
from mlkit.play.triangle_model import CLASSES, Position, ask_both, owner

CORNERS = np.array([[30.0, 232.0], [150.0, 24.0], [270.0, 232.0]])  # of A, B and C
LEVELS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
FINENESS = 30  # points along one side, from which the lines are drawn

Functions = tuple[Callable[..., Any] | None, Callable[..., Any] | None]


def html(position: Position, functions: Functions = (None, None)) -> str:
    """A figure for the web: the map as one SVG, then the table. Needs no script."""
    said = "".join(f"<br/>{escape(line)}" for line in _sentences(position, functions))
    return (
        f'<figure style="margin:0">{_svg(position)}'
        f"<figcaption>triangle lab{said}</figcaption>{_table(position)}</figure>"
    )


def text(position: Position, functions: Functions = (None, None)) -> str:
    """The lab in plain text: one line a column, then the loss."""
    columns = _columns(position)
    wide = max(map(len, columns))
    lines = [
        f"  {name:<{wide}}  "
        + ", ".join(f"{CLASSES[i]} {number(value)}" for i, value in enumerate(values))
        for name, values in columns.items()
    ]
    return "\n".join(["triangle lab", *lines, *_sentences(position, functions)])


def _columns(position: Position) -> dict[str, np.ndarray]:
    y, y_hat = position.pair
    return {"y": y, "ŷ": y_hat, "-log ŷ": position.surprises, "slope -y/ŷ": position.gradient}


def _sentences(position: Position, functions: Functions) -> list[str]:
    lines = [
        f"cross-entropy {number(position.loss)} nats, of which entropy {number(position.entropy)}"
    ]
    loss, gradient = functions
    if loss is None:
        return lines
    values, sentence = ask_both(loss, gradient, position)
    if sentence:
        return [*lines, f"{sentence}."]
    right = [position.loss, *position.gradient.tolist()][: len(values)]
    told = ", ".join(map(number, values))
    return [*lines, f"{owner(loss)}: {told}. {judged(values, right)}"]


def _table(position: Position) -> str:
    columns = _columns(position)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("class", *columns))
    rows = "".join(
        f'<tr><th scope="row">{letter}</th>'
        + "".join(f"<td>{number(value)}</td>" for value in row)
        + "</tr>"
        for letter, row in zip(CLASSES, zip(*columns.values(), strict=True), strict=True)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _svg(position: Position) -> str:
    """The triangle with its lines of equal loss, truth, prediction and arrow."""
    y, y_hat = position.pair
    shares = ", ".join(f"{CLASSES[i]} {number(value)}" for i, value in enumerate(y_hat))
    truth = ", ".join(f"{CLASSES[i]} {number(value)}" for i, value in enumerate(y))
    said = _sentences(position, (None, None))[0]
    name = escape(f"triangle lab. Truth: {truth}. Prediction: {shares}. {said}", quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}" '
        f'viewBox="0 0 300 260" fill="currentColor" '
        f'style="width:100%;max-width:420px;height:auto;font:12px sans-serif"><title>{name}</title>'
        f"{''.join(_level(y, level) for level in LEVELS)}"
        f'<path d="M{_path(CORNERS)}Z" fill="none" stroke="currentColor"/>'
        + "".join(
            f'<text x="{x:.0f}" y="{top + (-8 if letter == "B" else 18):.0f}" font-weight="bold" '
            f'text-anchor="middle">{letter}</text>'
            for letter, (x, top) in zip(CLASSES, CORNERS, strict=True)
        )
        + _marks(y @ CORNERS, y_hat @ CORNERS, position.downhill @ CORNERS * (not position.lowest))
        + "</svg>"
    )


def _marks(truth: np.ndarray, place: np.ndarray, way: np.ndarray) -> str:
    """A diamond for the truth, a circle for the prediction, and a line downhill from it."""
    (x, top), (a, b) = truth, place
    size = np.hypot(*way)
    end = place + way / size * 40 if size > 1 else place
    return (
        f'<path d="M{x:.1f} {top - 8:.1f}l8 8l-8 8l-8 -8Z" fill="#009E73"/>'
        f'<path d="M{_path([place, end])}" stroke="#D55E00" stroke-width="4"/>'
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="6" fill="#D55E00" stroke="currentColor"/>'
    )


def _path(places: Any) -> str:
    return "L".join(f"{x:.1f} {top:.1f}" for x, top in places)


def _level(y: np.ndarray, level: float) -> str:
    """One line of equal loss, in short pieces, with its number; nothing where there is none."""
    corners = _small()
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = np.minimum(np.where(y == 0, 0, y * -np.log(corners)).sum(axis=-1), 12.0)
    crossed = (heights < level).any(axis=1) & (heights >= level).any(axis=1)
    pieces = [_piece(corners[n], heights[n], level) for n in np.flatnonzero(crossed)]
    if not pieces:
        return ""
    x, top = sorted(piece[0] for piece in pieces)[len(pieces) // 2]
    path = "".join(f"M{_path(piece)}" for piece in pieces)
    return (
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>'
        f'<text x="{x:.1f}" y="{top:.1f}" font-size="10" text-anchor="middle">{level:g}</text>'
    )


@lru_cache
def _small() -> np.ndarray:
    """The small triangles that fill the large one, as shares: (900, 3 corners, 3 classes)."""
    at = lambda i, j: np.array([i, j, FINENESS - i - j]) / FINENESS
    places = [(i, j) for i in range(FINENESS) for j in range(FINENESS - i)]
    up = [[at(i, j), at(i + 1, j), at(i, j + 1)] for i, j in places]
    down = [
        [at(i + 1, j), at(i, j + 1), at(i + 1, j + 1)] for i, j in places if i + j < FINENESS - 1
    ]
    return np.array(up + down)


def _piece(corners: np.ndarray, heights: np.ndarray, level: float) -> list[tuple[float, float]]:
    """Where the loss passes a level within a small triangle that it crosses: two places."""
    ends = []
    for i, j in ((0, 1), (1, 2), (2, 0)):
        if (heights[i] < level) != (heights[j] < level):
            part = (level - heights[i]) / (heights[j] - heights[i])
            x, top = (corners[i] + part * (corners[j] - corners[i])) @ CORNERS
            ends.append((float(x), float(top)))
    return ends
