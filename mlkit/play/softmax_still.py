"""The softmax lab standing still: an SVG with a table below it, and the same as plain text.

Exported notebooks, feedback and code hosts show this. `currentColor` follows light and dark pages;
the table carries the numbers where a site strips drawings.
"""

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np

from mlkit.play.softmax_model import CLASSES, Position, ask, owner

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito
WIDTH, TOP, HEIGHT = 180, 44, 130  # one chart, in the SVG's own units


def html(position: Position, softmax: Callable[..., Any] | None = None) -> str:
    """A figure for the web: the charts as one SVG, then the table. Needs no script."""
    columns, note = _columns(position, softmax)
    return (
        f'<figure style="margin:0">{_svg(position, columns)}'
        f"<figcaption>{escape(_caption(position))}{escape(note)}</figcaption>"
        f"{_table(columns)}</figure>"
    )


def text(position: Position, softmax: Callable[..., Any] | None = None) -> str:
    """The lab in plain text: its settings, then one line a column."""
    columns, note = _columns(position, softmax)
    wide = max(len(name) for name in columns)
    lines = [
        f"  {name:<{wide}}  "
        + "  ".join(f"{CLASSES[i]} {_number(v)}" for i, v in enumerate(values))
        for name, values in columns.items()
    ]
    return "\n".join([_caption(position) + note, *lines])


def _columns(
    position: Position, softmax: Callable[..., Any] | None
) -> tuple[dict[str, np.ndarray], str]:
    """What the lab compares, by name, and a sentence about the student's softmax or ""."""
    columns = {"scores": position.scores, **position.columns()}
    if softmax is None:
        return columns, ""
    values, sentence = ask(softmax, position)
    if values:
        columns[owner(softmax)] = np.array(values)
    return columns, f"; {sentence}" if sentence else ""


def _caption(position: Position) -> str:
    return f"softmax lab: temperature {position.temperature:g}, {position.precision}"


def _number(value: float, figures: int = 4) -> str:
    """The few figures a person reads: 0.2689, 90, 7.2e-44, NaN."""
    return "NaN" if np.isnan(value) else f"{value:.{figures}g}"


def _table(columns: dict[str, np.ndarray]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    rows = "".join(
        f'<tr><th scope="row">{letter}</th>'
        + "".join(f"<td>{_number(value)}</td>" for value in row)
        + "</tr>"
        for letter, row in zip(CLASSES, zip(*columns.values(), strict=True), strict=False)
    )
    head = f'<thead><tr><th scope="col">class</th>{head}</tr></thead>'
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def _svg(position: Position, columns: dict[str, np.ndarray]) -> str:
    """One chart a column, side by side, named for those who do not see it."""
    name = escape(
        f"{_caption(position)}. " + ". ".join(map(_sentence, columns.items())), quote=True
    )
    charts = "".join(
        f'<g transform="translate({WIDTH * place} 0)">{_chart(title, values)}</g>'
        for place, (title, values) in enumerate(columns.items())
    )
    width = WIDTH * len(columns)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}" '
        f'viewBox="0 0 {width} {TOP + HEIGHT + 40}" fill="currentColor" '
        f'style="width:100%;max-width:{width}px;height:auto;font:12px sans-serif">'
        f"<title>{name}</title>{charts}</svg>"
    )


def _sentence(column: tuple[str, np.ndarray]) -> str:
    name, values = column
    return f"{name}: " + ", ".join(f"{CLASSES[i]} {_number(v)}" for i, v in enumerate(values))


def _chart(title: str, values: np.ndarray) -> str:
    """A title, a zero line, and one bar a class with its number above and its letter below."""
    finite = values[np.isfinite(values)]
    high = max(1.0, *finite) if len(finite) else 1.0
    low = min(0.0, *finite) if len(finite) else 0.0
    unit = HEIGHT / (high - low)
    zero = TOP + high * unit
    step = (WIDTH - 20) / len(values)
    bars = "".join(
        _bar(index, 10 + step * index, step, zero, unit, value)
        for index, value in enumerate(values)
    )
    line = f'<path d="M6 {zero:.1f}h{WIDTH - 20}" stroke="currentColor"/>'
    return f'<text x="10" y="16" font-weight="bold">{escape(title)}</text>{bars}{line}'


def _bar(index: int, left: float, step: float, zero: float, unit: float, value: float) -> str:
    tall = abs(value) * unit if np.isfinite(value) else 0.0
    top = zero - tall if value > 0 else zero
    middle = left + step / 2
    size, figures = (11, 4) if step > 40 else (8, 2)  # six numbers beside each other are narrow
    return (
        f'<rect x="{left + step * 0.15:.1f}" y="{top:.1f}" width="{step * 0.7:.1f}" '
        f'height="{tall:.1f}" fill="{COLOURS[index]}" stroke="currentColor"/>'
        f'<text x="{middle:.1f}" y="{top - 5:.1f}" text-anchor="middle" '
        f'font-size="{size}">{_number(value, figures)}</text>'
        f'<text x="{middle:.1f}" y="{TOP + HEIGHT + 30}" text-anchor="middle">'
        f"{CLASSES[index]}</text>"
    )
