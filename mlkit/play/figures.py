"""One style for the figures of all lessons: `figure, axes = chart("weight", "loss")`.

Lines differ in dash as well as in colour, so that a figure keeps its meaning in grey. Show it with
`picture(figure, words)`, and put its caption into the text below the cell. Needs the "play" extra.
"""

from typing import Any

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito
DASHES = ("-", "--", ":", "-.", (0, (6, 2)), (0, (1, 1)))
MARKERS = ("o", "X", "s", "^", "D", "P")


def chart(
    xlabel: str = "", ylabel: str = "", *, columns: int = 1, width: float = 6.4, height: float = 3.6
) -> tuple[Any, Any]:
    """An empty matplotlib figure and its axes, an array of them where there are several columns.

    xlabel, ylabel: what the axes count, with its unit; for every column. width, height in inches.
    """
    from matplotlib.figure import Figure  # not pyplot: nothing is kept, and shown a second time

    figure = Figure(figsize=(width, height), layout="constrained")
    made = figure.subplots(1, columns, squeeze=False)[0]
    for axes in made:
        axes.set_prop_cycle(color=COLOURS, linestyle=DASHES)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25, linewidth=0.6)
        axes.set(xlabel=xlabel, ylabel=ylabel)
    return figure, made if columns > 1 else made[0]
