"""What happened in a training, epoch by epoch."""

import math
from html import escape
from itertools import zip_longest

__all__ = ["History"]


class History(dict[str, list[float]]):
    """Numbers by name, one for each epoch: history["loss"], history["val_accuracy"].

    Shows itself as a table; plot() draws it.
    """

    @property
    def history(self) -> "History":
        """Itself: Keras keeps the numbers in history.history."""
        return self

    def add(self, numbers: dict[str, float]) -> None:
        """Note the numbers of one more epoch; NaN for epochs where one was not yet measured."""
        epochs = len(self.rows())
        for name, number in numbers.items():
            known = self.setdefault(name, [])
            known += [math.nan] * (epochs - len(known))
            known.append(number)

    @property
    def last(self) -> dict[str, float]:
        """The numbers of the last epoch; empty before there is one."""
        return {name: numbers[-1] for name, numbers in self.items() if numbers}

    def plot(self) -> None:
        """Draw each number against the epochs with matplotlib, validation dashed beside training.

        Use matplotlib.pyplot before and after it to change or save the figure.
        """
        from matplotlib import pyplot

        names = [name for name in self if not name.startswith("val_")]
        size = (4.8 * max(1, len(names)), 3.4)
        drawn = pyplot.subplots(
            1, max(1, len(names)), squeeze=False, figsize=size, layout="constrained"
        )
        for axes, name in zip(drawn[1][0], names, strict=False):
            for key, dash, label in [(name, "-", "training"), (f"val_{name}", "--", "validation")]:
                numbers = self.get(key, [])
                if numbers:
                    axes.plot(range(1, len(numbers) + 1), numbers, dash, marker=".", label=label)
            axes.set(xlabel="epoch", ylabel=name)
            axes.grid(alpha=0.25)
            axes.legend()

    def rows(self) -> list[tuple[float, ...]]:
        """One row for each epoch: its number, from 1, and the numbers in the order of the names."""
        rows = zip_longest(*self.values(), fillvalue=math.nan)
        return [(i, *row) for i, row in enumerate(rows, start=1)]

    def __repr__(self) -> str:
        said = ", ".join(f"{name} {number:.4g}" for name, number in self.last.items())
        return f"History({len(self.rows())} epochs{': ' if said else ''}{said})"

    def _repr_html_(self) -> str:
        head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in ("epoch", *self))
        rows = ("".join(f"<td>{x:.4g}</td>" for x in row) for row in self.rows())
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
