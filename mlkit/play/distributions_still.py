"""The distributions lab standing still: an SVG with a table below it, and the same as plain text.

Exported notebooks, feedback and code hosts show this. `currentColor` follows light and dark pages;
the table carries the numbers where a site strips drawings.
"""

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np

from mlkit.play.asking import judged, number
from mlkit.play.distributions_model import Position, ask_both, owner
from mlkit.play.shares import OUTCOMES

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito
WIDTH, TOP, HEIGHT = 180, 44, 120  # one chart, in the SVG's own units
HIGHEST = 2.0  # a term above this is cut


def html(position: Position, divergence: Callable[..., Any] | None = None) -> str:
    """A figure for the web: four charts as one SVG, then the table. Needs no script."""
    said = "".join(f"<br/>{escape(line)}" for line in _sums(position, divergence))
    return (
        f'<figure style="margin:0">{_svg(position)}'
        f"<figcaption>distributions lab{said}</figcaption>{_table(position)}</figure>"
    )


def text(position: Position, divergence: Callable[..., Any] | None = None) -> str:
    """The lab in plain text: one line a column, then the two divergences."""
    columns = _columns(position)
    wide = max(map(len, columns))
    lines = [f"  {name:<{wide}}  {_listed(values)}" for name, values in columns.items()]
    return "\n".join(["distributions lab", *lines, *_sums(position, divergence)])


def _columns(position: Position) -> dict[str, np.ndarray]:
    p, q = position.pair
    return {
        "P": p,
        "Q": q,
        "P log(P/Q)": position.forward_terms,
        "Q log(Q/P)": position.reverse_terms,
    }


def _sums(position: Position, divergence: Callable[..., Any] | None) -> list[str]:
    forward, reverse = position.forward, position.reverse
    lines = [f"D(P‖Q) = {number(forward)} nats, D(Q‖P) = {number(reverse)} nats"]
    if divergence is not None:
        values, sentence = ask_both(divergence, position)
        if sentence:
            return [*lines, f"{sentence}."]
        told = f"{', '.join(map(number, values))}. {judged(values, [forward, reverse])}"
        lines.append(f"{owner(divergence)}: {told}")
    return lines


def _listed(values: np.ndarray) -> str:
    return ", ".join(f"{OUTCOMES[i]} {number(value)}" for i, value in enumerate(values))


def _table(position: Position) -> str:
    columns = _columns(position)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("outcome", *columns))
    rows = "".join(
        f'<tr><th scope="row">{letter}</th>'
        + "".join(f"<td>{number(value)}</td>" for value in row)
        + "</tr>"
        for letter, row in zip(OUTCOMES, zip(*columns.values(), strict=True), strict=False)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _svg(position: Position) -> str:
    """Four charts side by side, named for those who do not see them."""
    columns = _columns(position)
    listed = ". ".join(f"{name}: {_listed(values)}" for name, values in columns.items())
    name = escape(f"distributions lab. {listed}. {_sums(position, None)[0]}", quote=True)
    charts = "".join(
        f'<g transform="translate({WIDTH * place} 0)">'
        f"{_chart(title, values, (0, 1) if place < 2 else (-0.5, HIGHEST))}</g>"
        for place, (title, values) in enumerate(columns.items())
    )
    width = WIDTH * len(columns)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}" '
        f'viewBox="0 0 {width} {TOP + HEIGHT + 40}" fill="currentColor" '
        f'style="width:100%;max-width:{width}px;height:auto;font:12px sans-serif">'
        f"<title>{name}</title>{charts}</svg>"
    )


def _chart(title: str, values: np.ndarray, axis: tuple[float, float]) -> str:
    """A title, a zero line, and one bar an outcome with its number above and its letter below."""
    low, high = axis
    unit = HEIGHT / (high - low)
    zero = TOP + high * unit
    step = (WIDTH - 20) / len(values)
    bars = "".join(_bar(i, step, zero, unit, value, high) for i, value in enumerate(values))
    line = f'<path d="M6 {zero:.1f}h{WIDTH - 20}" stroke="currentColor"/>'
    return f'<text x="10" y="16" font-weight="bold">{escape(title)}</text>{bars}{line}'


def _bar(index: int, step: float, zero: float, unit: float, value: float, high: float) -> str:
    left = 10 + step * index
    tall = min(abs(value), high) * unit
    top = zero - tall if value > 0 else zero
    middle = left + step / 2
    mark = "∞" if np.isinf(value) else number(value, 3 if step > 40 else 2)
    return (
        f'<rect x="{left + step * 0.15:.1f}" y="{top:.1f}" width="{step * 0.7:.1f}" '
        f'height="{tall:.1f}" fill="{COLOURS[index]}" stroke="currentColor"/>'
        f'<text x="{middle:.1f}" y="{top - 5:.1f}" text-anchor="middle" '
        f'font-size="{11 if step > 40 else 8}">{mark}</text>'
        f'<text x="{middle:.1f}" y="{TOP + HEIGHT + 30}" text-anchor="middle">'
        f"{OUTCOMES[index]}</text>"
    )
