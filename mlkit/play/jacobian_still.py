"""The Jacobian lab standing still: a table of slopes and one of changes, and both as plain text.

Exported notebooks, feedback and code hosts show this. The heat map is an SVG in `currentColor`; the
tables carry the numbers where a site strips drawings.
"""

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np

from mlkit.play.asking import judged, number
from mlkit.play.jacobian_model import CLASSES, Position, ask, owner

COLOURS = {True: "#0072B2", False: "#D55E00"}  # above zero, below it; Okabe and Ito
CELL, LEFT, TOP = 64, 40, 44  # in the SVG's own units
STEEPEST = 0.25  # no slope of softmax is further from zero


def html(position: Position, jacobian: Callable[..., Any] | None = None) -> str:
    """A figure for the web: the heat map as an SVG, then the changes. Needs no script."""
    matrix, note = _matrix(position, jacobian)
    return (
        f'<figure style="margin:0">{_svg(position, matrix)}'
        f"<figcaption>jacobian lab{escape(note)}</figcaption>"
        f"{_table(_columns(position, matrix))}</figure>"
    )


def text(position: Position, jacobian: Callable[..., Any] | None = None) -> str:
    """The lab in plain text: the matrix row by row, then one line a column."""
    matrix, note = _matrix(position, jacobian)
    columns = _columns(position, matrix)
    wide = max(map(len, columns))
    slopes = [f"  {_row(i, row)}" for i, row in enumerate(matrix)]
    changes = [f"  {name:<{wide}}  {_listed(values)}" for name, values in columns.items()]
    return "\n".join([f"jacobian lab{note}", *slopes, *changes])


def _matrix(position: Position, jacobian: Callable[..., Any] | None) -> tuple[np.ndarray, str]:
    """The matrix to show, the student's if it has numbers, and a sentence about it or ""."""
    right = position.jacobian
    if jacobian is None:
        return right, ""
    values, sentence = ask(jacobian, position)
    if not values:
        return right, f"; {sentence}"
    told = judged(values, right.ravel().tolist())
    return np.array(values).reshape(right.shape), f"; {owner(jacobian)}. {told}"


def _columns(position: Position, matrix: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "z": position.z,
        "dz": position.dz,
        "a": position.probabilities,
        "J·dz": matrix @ position.dz,
        "true change": position.change,
    }


def _listed(values: np.ndarray) -> str:
    return ", ".join(f"{CLASSES[i]} {number(value)}" for i, value in enumerate(values))


def _row(index: int, row: np.ndarray) -> str:
    return f"slopes of a_{CLASSES[index]} by z: {_listed(row)}"


def _table(columns: dict[str, np.ndarray]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("class", *columns))
    rows = "".join(
        f'<tr><th scope="row">{letter}</th>'
        + "".join(f"<td>{number(value)}</td>" for value in row)
        + "</tr>"
        for letter, row in zip(CLASSES, zip(*columns.values(), strict=True), strict=False)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _svg(position: Position, matrix: np.ndarray) -> str:
    """The heat map, named for those who do not see it."""
    said = ". ".join(_row(i, row) for i, row in enumerate(matrix))
    listed = _listed(position.z)
    name = escape(f"jacobian lab. Scores {listed}. {said}", quote=True)
    n = len(matrix)
    letters = "".join(
        f'<text x="{LEFT + CELL * (i + 0.5)}" y="{TOP - 8}" text-anchor="middle">z {letter}</text>'
        f'<text x="{LEFT - 8}" y="{TOP + CELL * (i + 0.5) + 4}" text-anchor="end">a {letter}</text>'
        for i, letter in enumerate(CLASSES[:n])
    )
    cells = "".join(_cell(i, j, matrix[i, j]) for i in range(n) for j in range(n))
    wide, tall = LEFT + CELL * n + 4, TOP + CELL * n + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}" '
        f'viewBox="0 0 {wide} {tall}" fill="currentColor" '
        f'style="width:100%;max-width:{wide}px;height:auto;font:12px sans-serif">'
        f"<title>{name}</title>"
        f'<text x="4" y="16" font-weight="bold">J: slopes of a by z</text>{letters}{cells}</svg>'
    )


def _cell(i: int, j: int, slope: float) -> str:
    """One entry: its colour by sign, stronger where steeper, and its number."""
    x, y = LEFT + CELL * j, TOP + CELL * i
    strength = min(abs(slope) / STEEPEST, 1.0) if np.isfinite(slope) else 0.0
    return (
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" stroke="currentColor" '
        f'fill="{COLOURS[bool(slope > 0)]}" fill-opacity="{0.6 * strength:.3f}"/>'
        f'<text x="{x + CELL / 2}" y="{y + CELL / 2 + 4}" text-anchor="middle">'
        f"{number(slope, 3)}</text>"
    )
