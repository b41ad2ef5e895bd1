"""What a person sees of a training: the bar, the history as a table and a plot."""

import io
import sys
import types

import matplotlib
import pytest
from rich.console import Console

from mlkit import train
from mlkit.train import progress


def test_it_is_quiet_where_nobody_looks(run_fit, capsys):
    run_fit(progress=None)

    assert capsys.readouterr() == ("", "")


@pytest.fixture
def console():
    """A terminal, as rich knows one."""
    return Console(file=io.StringIO(), force_terminal=True, width=100, legacy_windows=False)


@pytest.fixture
def slow(monkeypatch):
    """A clock for the bar that says 0.1 s later each time."""
    clock = iter(range(10**6))
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock) * 0.1)


def test_a_terminal_shows_a_line_for_each_epoch(run_fit, clouds, console):
    _, history = run_fit(2, validation=clouds, callbacks=[progress.TerminalBar(console)])

    lines = console.file.getvalue().splitlines()
    assert [line.split("  ")[:2] for line in lines] == [
        ["epoch 1/2", "12/12"],
        ["epoch 2/2", "12/12"],
    ]
    assert lines[1].endswith(
        f"loss {history['loss'][1]:.4g}  val_loss {history['val_loss'][1]:.4g}"
    )


def test_an_epoch_that_takes_long_has_a_bar(run_fit, console, slow):
    run_fit(1, callbacks=[progress.TerminalBar(console)])

    shown = console.file.getvalue()
    assert "epoch 1/1 \x1b" in shown and "━" in shown and "11/12" in shown


def test_the_terminal_is_left_as_it_was_when_training_breaks_off(run_fit, console, slow):
    class Break(train.Callback):
        def on_step(self, run):
            if run.step == 7:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_fit(callbacks=[progress.TerminalBar(console), Break()])

    shown = console.file.getvalue()
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l") >= 0  # the cursor is there again


def test_a_bar_is_drawn_a_few_times_a_second_only(run_fit, slow):
    drawn = []

    class Count(progress.NotebookBar):
        def draw(self, run):
            drawn.append(run.steps)

        def on_end(self, run):
            pass

    run_fit(10, callbacks=[Count()])

    assert 20 <= len(drawn) <= 60  # of 120 steps, which take 12 s and more by this clock


@pytest.fixture
def notebook(monkeypatch):
    """IPython's display, as in a kernel: gives what was shown, oldest first."""
    shown = []
    handle = types.SimpleNamespace(update=shown.append)
    shell = types.SimpleNamespace(kernel=None)
    package = types.ModuleType("IPython")
    package.get_ipython = lambda: shell
    package.display = types.ModuleType("IPython.display")

    def display(line, display_id):
        shown.append(line)
        return handle

    package.display.display = display
    monkeypatch.setitem(sys.modules, "IPython", package)
    monkeypatch.setitem(sys.modules, "IPython.display", package.display)
    return shown


def test_a_notebook_shows_one_line_that_changes(run_fit, notebook, slow):
    _, history = run_fit(2, progress=None)

    assert len(notebook) > 4
    assert repr(notebook[0]).startswith("epoch 1/2  3/12  loss ")
    assert repr(notebook[-1]) == f"epoch 2/2  12/12  loss {history['loss'][1]:.4g}"
    assert "<progress max='12' value='12' aria-label='epoch 2/2'>" in notebook[-1]._repr_html_()


def test_a_notebook_shows_where_training_broke_off(run_fit, notebook):
    class Break(train.Callback):
        def on_step(self, run):
            if run.steps == 15:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_fit(3, progress=None, callbacks=[Break()])

    assert repr(notebook[-1]).startswith("epoch 2/3  3/12  loss ")


def test_names_are_escaped_in_html(run_fit, notebook):
    _, history = run_fit(1, progress=None, metrics={"<b>": lambda outputs, y: 1.0})

    assert "&lt;b&gt;" in notebook[-1]._repr_html_() and "&lt;b&gt;" in history._repr_html_()


def test_the_history_shows_itself_as_a_table():
    history = train.History(loss=[1.0, 0.5], accuracy=[0.25, 0.75])

    html = history._repr_html_()

    assert repr(history) == "History(2 epochs: loss 0.5, accuracy 0.75)"
    assert html.count("<tr>") == 3
    assert "<tr><td>2</td><td>0.5</td><td>0.75</td></tr>" in html
    assert repr(train.History()) == "History(0 epochs)"
    assert history.history is history


def test_the_plot_has_training_and_validation_side_by_side(monkeypatch):
    monkeypatch.setattr(matplotlib, "rcParams", matplotlib.rcParams.copy())
    matplotlib.use("agg")
    from matplotlib import pyplot

    train.History(loss=[3, 2, 1], accuracy=[0.1, 0.2, 0.3], val_loss=[4, 3, 2]).plot()

    left, right = pyplot.gcf().axes
    assert [line.get_ydata().tolist() for line in left.lines] == [[3, 2, 1], [4, 3, 2]]
    assert [line.get_linestyle() for line in left.lines] == ["-", "--"]
    assert (left.get_xlabel(), left.get_ylabel(), right.get_ylabel()) == (
        "epoch",
        "loss",
        "accuracy",
    )
    pyplot.close("all")
