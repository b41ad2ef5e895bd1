"""How far a training is: rich's bar in a terminal, the browser's in a notebook, else nothing.

Drawn four times a second at most, and what is quicker is not drawn at all, so it costs next to
nothing.
"""

import sys
from html import escape
from time import monotonic
from typing import Any

from mlkit.train.callback import Callback
from mlkit.train.run import Run

__all__ = ["NotebookBar", "TerminalBar", "progress_bar"]

_PAUSE_S = 0.25


def progress_bar(wanted: bool | None) -> list[Callback]:
    """The bar for this place, in a list; None: where somebody looks."""
    if wanted is False:
        return []
    if _in_notebook():
        return [NotebookBar()]
    return [TerminalBar()] if wanted or sys.stdout.isatty() else []


class _Bar(Callback):
    """What both bars share: when to draw."""

    def on_start(self, run: Run) -> None:
        """Draw after a while for the first time."""
        self._next = monotonic() + _PAUSE_S

    def on_step(self, run: Run) -> None:
        """Draw, if that was some time ago."""
        if monotonic() >= self._next:
            self.draw(run)
            self._next = monotonic() + _PAUSE_S

    def draw(self, run: Run) -> None:
        """Show where the run is."""


class TerminalBar(_Bar):
    """A bar while an epoch runs, and a line when it is done."""

    _bar: Any = None

    def __init__(self, console: Any = None):
        self._console = console

    def on_start(self, run: Run) -> None:
        """Begin to count time."""
        super().on_start(run)
        self._began = monotonic()

    def draw(self, run: Run) -> None:
        """Show where the run is in this epoch."""
        if self._bar is None:
            self._bar = _rich_bar(self._console, run.epoch + 1, run.epochs)
            self._task = self._bar.add_task("", total=len(run.batches), said="")
            self._bar.update(self._task, completed=run.step)
            self._bar.start()
        self._bar.update(self._task, completed=run.step, said=_said(run.means), refresh=True)

    def on_epoch(self, run: Run) -> None:
        """Write the line of the epoch."""
        self.on_end(run)
        now, n = monotonic(), len(run.batches)
        title, took = f"epoch {run.epoch}/{run.epochs}", f"{now - self._began:.1f} s"
        out = sys.stdout if self._console is None else self._console.file
        out.write(f"{title}  {n}/{n}  {took}  {_said(run.history.last)}\n")
        self._began = now

    def on_end(self, run: Run) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None


class NotebookBar(_Bar):
    """One line below the cell for the epoch that runs; at the end it says how it ended."""

    _handle: Any = None

    def draw(self, run: Run) -> None:
        """Show where the run is."""
        self._show(_Line(run.epoch + 1, run.epochs, run.step, len(run.batches), run.means))

    def on_end(self, run: Run) -> None:
        """Show where it ended: after an epoch, or within one."""
        n = len(run.batches)
        if run.step:
            self.draw(run)
        elif run.epoch:
            self._show(_Line(run.epoch, run.epochs, n, n, run.history.last))

    def _show(self, line: "_Line") -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(line, display_id=True)
        else:
            self._handle.update(line)


class _Line:
    """A line that shows itself as HTML, and as text where there is none."""

    def __init__(self, epoch: int, epochs: int, step: int, steps: int, numbers: dict[str, float]):
        self.title = f"epoch {epoch}/{epochs}"
        self.step, self.steps, self.said = step, steps, _said(numbers)

    def __repr__(self) -> str:
        return f"{self.title}  {self.step}/{self.steps}  {self.said}"

    def _repr_html_(self) -> str:
        return (
            f"<div>{self.title} <progress max='{self.steps}' value='{self.step}' "
            f"aria-label='{self.title}'></progress> {self.step}/{self.steps} "
            f"<span style='font-variant-numeric:tabular-nums'>{escape(self.said)}</span></div>"
        )


def _rich_bar(console: Any, epoch: int, epochs: int) -> Any:
    """rich's bar for one epoch, drawn when we say so and not by a thread."""
    from rich import progress
    from rich.table import Column

    def narrow() -> Column:
        return Column(no_wrap=True)  # in a narrow terminal the numbers go on in the next line

    return progress.Progress(
        progress.TextColumn(f"epoch {epoch}/{epochs}", table_column=narrow()),
        progress.BarColumn(bar_width=16, table_column=narrow()),
        progress.MofNCompleteColumn(table_column=narrow()),
        progress.TimeElapsedColumn(table_column=narrow()),
        progress.TextColumn("{task.fields[said]}"),
        console=console,
        auto_refresh=False,
        transient=True,
    )


def _said(numbers: dict[str, float]) -> str:
    return "  ".join(f"{name} {number:.4g}" for name, number in numbers.items())


def _in_notebook() -> bool:
    """Whether this runs in a kernel, whose frontend shows HTML."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")
