"""The staircase standing still: both curves as one SVG with a table, and the same as plain text.

Exported notebooks, feedback and code hosts show this. `currentColor` follows light and dark pages;
the table carries the numbers where a site strips drawings.
"""

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np

from mlkit.play.staircase_model import BIAS, WEIGHTS, Position, ask, examples, judged, owner

WIDTH, HEIGHT, TOP, LEFT = 300, 130, 34, 40  # one chart, in the SVG's own units
GRID = np.linspace(*WEIGHTS, 401)


def html(position: Position, sigmoid: Callable[..., Any] | None = None) -> str:
    """A figure for the web: both curves as one SVG, then the numbers. Needs no script."""
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{escape(value)}</td></tr>'
        for name, value in _numbers(position, sigmoid).items()
    )
    return (
        f'<figure style="margin:0">{_svg(position)}<figcaption>{escape(_caption(position))}'
        f"</figcaption><table><tbody>{rows}</tbody></table></figure>"
    )


def text(position: Position, sigmoid: Callable[..., Any] | None = None) -> str:
    """The same in plain text: one line a number."""
    numbers = _numbers(position, sigmoid)
    wide = max(map(len, numbers))
    lines = [f"  {name:<{wide}}  {value}" for name, value in numbers.items()]
    return "\n".join([_caption(position), *lines])


def _caption(position: Position) -> str:
    return f"staircase: one neuron asks 24 images if they show a 2, weight {position.weight:g}"


def _numbers(position: Position, sigmoid: Callable[..., Any] | None) -> dict[str, str]:
    numbers = {
        "accuracy": f"{position.right} of {len(examples().foot)} right, "
        f"{position.accuracy:.1%}; slope 0: flat",
        "cross-entropy": f"{position.loss:.4f} nats; slope {position.loss_slope:.4f}",
    }
    if sigmoid is not None:
        values, sentence = ask(sigmoid, position)
        numbers[owner(sigmoid)] = sentence or judged(values, position)
    return numbers


def curves() -> tuple[np.ndarray, np.ndarray]:
    """Accuracy and mean cross-entropy at every weight of the grid, each of shape (401,)."""
    scores = GRID[:, None] * examples().foot + BIAS
    labels = examples().labels
    losses = np.logaddexp(0, scores) - labels * scores
    return ((scores >= 0) == labels).mean(axis=1), losses.mean(axis=1)


def _svg(position: Position) -> str:
    numbers = "; ".join(f"{name} {said}" for name, said in _numbers(position, None).items())
    name = escape(f"{_caption(position)}. {numbers}", quote=True)
    accuracy, loss = curves()
    charts = _chart("Accuracy: a staircase", accuracy, 1.0, position.weight, position.accuracy)
    charts += (
        f'<g transform="translate({WIDTH + LEFT} 0)">'
        + _chart("Cross-entropy: a slope", loss, 3.0, position.weight, position.loss)
        + "</g>"
    )
    wide, tall = 2 * (WIDTH + LEFT), TOP + HEIGHT + 36
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}" '
        f'viewBox="0 0 {wide} {tall}" fill="currentColor" '
        f'style="width:100%;max-width:{wide}px;height:auto;font:12px sans-serif">'
        f"<title>{name}</title>{charts}</svg>"
    )


def _chart(title: str, values: np.ndarray, high: float, weight: float, value: float) -> str:
    """A title, two ticks an axis, the curve, and a dot on it with a line down to the weight."""
    low, right = TOP + HEIGHT, WIDTH - 12
    across = lambda w: LEFT + (w - WEIGHTS[0]) / (WEIGHTS[1] - WEIGHTS[0]) * (right - LEFT)
    up = lambda v: low - min(v, high) / high * HEIGHT
    path = "L".join(f"{across(w):.1f} {up(v):.1f}" for w, v in zip(GRID, values, strict=True))
    x, y = across(weight), up(value)
    return (
        f'<text x="{LEFT}" y="18" font-weight="bold">{title}</text>'
        f'<path d="M{LEFT} {TOP}V{low}H{right}" fill="none" stroke="currentColor"/>'
        f'<text x="{LEFT - 4}" y="{TOP + 4}" text-anchor="end">{high:g}</text>'
        f'<text x="{LEFT - 4}" y="{low}" text-anchor="end">0</text>'
        f'<text x="{LEFT}" y="{low + 16}">weight 0</text>'
        f'<text x="{right}" y="{low + 16}" text-anchor="end">{WEIGHTS[1]:g}</text>'
        f'<path d="M{path}" fill="none" stroke="#0072B2" stroke-width="2.5"/>'
        f'<path d="M{x:.1f} {low}V{y:.1f}" stroke="currentColor" stroke-dasharray="3 3"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#D55E00" stroke="currentColor"/>'
    )
