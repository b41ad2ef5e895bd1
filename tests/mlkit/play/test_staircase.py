import sys
import xml.etree.ElementTree as ElementTree

import nbconvert
import nbformat
import numpy as np
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

import mlkit
from mlkit.play import staircase
from mlkit.play.parts import MISSING
from mlkit.play.staircase_lab import StillStaircase
from mlkit.play.staircase_model import Position
from mlkit.play.staircase_still import GRID, curves, html, text

SVG = "{http://www.w3.org/2000/svg}"


def test_a_cell_reads_and_sets_the_weight():
    lab = staircase()

    lab.weight = 18

    assert (lab.accuracy, lab.loss) == (Position(18).accuracy, Position(18).loss)
    assert lab.loss_slope == Position(18).loss_slope


def test_a_weight_outside_the_range_is_refused():
    lab = staircase()

    with pytest.raises(ValueError, match="staircase: weight must lie in"):
        lab.weight = 41

    assert lab.weight == 6.0


def test_the_students_sigmoid_is_asked_again_at_every_change():
    lab = staircase(lambda z: z * 0 + 0.25)

    lab.weight = 7

    assert lab.yours["weight"] == 7
    assert lab.yours["values"] == ["0.25"] * 24
    assert lab.yours["sentence"].startswith("It is up to ")


def test_mlkits_sigmoid_standing_in_is_named_as_such():
    lab = staircase(mlkit.sigmoid)

    assert (lab.yours["title"], lab.yours["sentence"]) == (
        "mlkit's sigmoid",
        "It agrees with mlkit's.",
    )


def test_nan_travels_as_text_because_json_has_none():
    assert staircase(lambda z: z * np.nan).yours["values"] == ["nan"] * 24


def test_without_the_extra_one_line_says_what_to_install_and_a_picture_remains(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "mlkit.play.staircase_widget", raising=False)

    lab = staircase(mlkit.sigmoid)

    assert capsys.readouterr().out == MISSING + "\n"
    assert isinstance(lab, StillStaircase)
    assert "<svg" in lab._repr_html_() and "It agrees with mlkit's." in repr(lab)


def test_the_curves_pass_through_the_positions():
    accuracy, loss = curves()

    for index in (0, 60, 179, 250, 400):
        position = Position(GRID[index])
        assert accuracy[index] == position.accuracy
        assert loss[index] == pytest.approx(position.loss, rel=1e-12)


def test_plain_text_tells_the_whole_position():
    position = Position(18.0)

    assert text(position, lambda z: z[99]).splitlines() == [
        "staircase: one neuron asks 24 images if they show a 2, weight 18",
        f"  accuracy       {position.right} of 24 right, {position.accuracy:.1%}; slope 0: flat",
        f"  cross-entropy  {position.loss:.4f} nats; slope {position.loss_slope:.4f}",
        "  your sigmoid   your sigmoid stopped with IndexError: "
        "index 99 is out of bounds for axis 0 with size 24",
    ]


@pytest.mark.parametrize("weight", [0.0, 18.0, 40.0])
def test_the_still_picture_is_well_formed_and_has_a_name(weight):
    figure = ElementTree.fromstring(html(Position(weight)))

    svg = figure.find(f"{SVG}svg")
    assert svg is not None and svg.get("role") == "img"
    assert svg.get("aria-label") == svg.find(f"{SVG}title").text
    assert "accuracy" in svg.get("aria-label") and "cross-entropy" in svg.get("aria-label")
    assert len(figure.findall("table/tbody/tr")) == 2


def test_text_from_a_student_cannot_become_markup():
    def sigmoid(z):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in html(Position(), sigmoid)
    assert "<script>" in text(Position(), sigmoid)


def test_an_exported_notebook_shows_the_still_picture():
    v4 = nbformat.v4
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell("from mlkit.play import staircase\nstaircase()")]
    )

    ExecutePreprocessor(kernel_name="python3", store_widget_state=False).preprocess(notebook)
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)

    assert 'aria-label="staircase: one neuron asks 24 images if they show a 2, weight 6.' in page
    assert "staircase: one neuron" in notebook.cells[0].outputs[0]["data"]["text/plain"]
