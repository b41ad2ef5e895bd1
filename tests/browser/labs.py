"""What the tests of all labs do: show a fresh lab, work its controls, read it, ask the kernel.

A test file names its lab: LAB, the call that makes it; SELECTOR, its element; DRAWN, what is in it
once it is drawn; SETUP, the notebook's first cell.
"""

import ast

import nbformat
import pytest


@pytest.fixture(scope="module")
def opened(request, lab, tmp_path_factory):
    """A notebook with set-up, the lab, and a cell to ask it in, run; for the tests of a file."""
    this = request.module
    folder = tmp_path_factory.mktemp("notebooks")
    sources = [this.SETUP, f"lab = {this.LAB}\nlab", "0"]
    v4 = nbformat.v4
    cells = [v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "play.ipynb")
    page = lab(folder)("play.ipynb", width=1280, height=1200, has_touch=True)
    page.selector, page.drawn = this.SELECTOR, f"{this.SELECTOR} {this.DRAWN}"
    page.run_all()
    page.page.locator(this.SELECTOR).wait_for()
    return page


@pytest.fixture
def widget(request, opened):
    """The lab as it starts; afterwards the browser must have had nothing to complain about."""
    start(opened, request.module.LAB)
    yield opened.page.locator(opened.selector)
    assert opened.problems == []


def start(opened, source):
    """Show a fresh lab, made by `source`, and wait until it is drawn."""
    opened.run_cell(1, f"lab = {source}\nlab")
    opened.page.locator(opened.drawn).first.wait_for()


def slider(widget, name):
    """The slider of that name."""
    return widget.get_by_role("slider", name=name, exact=True)


def press(widget, name):
    """Press the button of that name."""
    widget.get_by_role("button", name=name, exact=True).click()


def table(widget):
    """The text table by its headings, as it is written."""
    rows = widget.locator("table tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {heading: [row[i] for row in rows[1:]] for i, heading in enumerate(rows[0])}


def in_python(opened, expression):
    """What an expression about `lab` is in the kernel, once the browser has been quiet."""
    opened.page.locator(f"{opened.selector} [aria-busy=false]").wait_for()
    return ast.literal_eval(opened.run_cell(2, expression))
