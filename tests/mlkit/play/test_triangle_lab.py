import sys
import xml.etree.ElementTree as ElementTree

import nbconvert
import nbformat
import numpy as np
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

from mlkit.play import parts, stand_ins, triangle_lab
from mlkit.play.triangle_lab import StillTriangleLab
from mlkit.play.triangle_still import html, text

SVG = "{http://www.w3.org/2000/svg}"
OURS = (stand_ins.cross_entropy, stand_ins.cross_entropy_grad)


def test_a_cell_reads_and_sets_the_position():
    lab = triangle_lab()

    lab.y_hat = [0.2, 0.7, 0.1]

    np.testing.assert_allclose(lab.loss, -np.log(0.7))
    np.testing.assert_allclose(lab.gradient, [0, -1 / 0.7, 0])


def test_a_list_that_is_no_prediction_is_refused():
    lab = triangle_lab()

    with pytest.raises(ValueError, match="triangle lab: y_hat must be a distribution"):
        lab.y_hat = [0.5, 0.6, 0.7]

    assert lab.y_hat == [0.5, 0.3, 0.2]


def test_the_students_functions_are_asked_again_at_every_change():
    lab = triangle_lab(lambda y, p: -np.sum(y * np.log(p)), lambda y, p: y / p)
    assert lab.yours["sentence"] == "It is up to 6.7 away from mlkit's."

    lab.y_hat = [0.0, 1.0, 0.0]

    assert lab.yours["sentence"] == "It has NaN in it."
    assert lab.yours["values"][0] == "nan"
    assert lab.yours["y_hat"] == [0.0, 1.0, 0.0]


def test_mlkits_functions_standing_in_are_named_as_such():
    yours = triangle_lab(*OURS).yours

    assert yours["title"] == "mlkit's loss"
    assert yours["sentence"] == "It agrees with mlkit's."
    assert len(yours["values"]) == 4


def test_without_the_extra_one_line_says_what_to_install_and_a_picture_remains(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "mlkit.play.triangle_widget", raising=False)

    lab = triangle_lab(*OURS)

    assert capsys.readouterr().out == parts.MISSING + "\n"
    assert isinstance(lab, StillTriangleLab)
    assert "<svg" in lab._repr_html_() and "cross-entropy 1.204" in repr(lab)


def test_plain_text_tells_the_whole_position():
    lab = StillTriangleLab((0.5, 0.5, 0.0), (0.25, 0.75, 0.0), OURS)

    assert repr(lab).splitlines() == [
        "triangle lab",
        "  y           A 0.5, B 0.5, C 0",
        "  ŷ           A 0.25, B 0.75, C 0",
        "  -log ŷ      A 1.386, B 0.2877, C inf",
        "  slope -y/ŷ  A -2, B -0.6667, C 0",
        "cross-entropy 0.837 nats, of which entropy 0.6931",
        "mlkit's loss: 0.837, -2, -0.6667, 0. It agrees with mlkit's.",
    ]


@pytest.mark.parametrize("y", [(0.0, 1.0, 0.0), (0.5, 0.5, 0.0), (1 / 3, 1 / 3, 1 / 3)])
@pytest.mark.parametrize("y_hat", [(0.5, 0.3, 0.2), (1.0, 0.0, 0.0), (1 / 3, 1 / 3, 1 / 3)])
def test_the_still_picture_is_well_formed_and_has_a_name(y, y_hat):
    figure = ElementTree.fromstring(html(StillTriangleLab(y, y_hat), OURS))

    svg = figure.find(f"{SVG}svg")
    assert svg is not None and svg.get("role") == "img"
    assert svg.get("aria-label") == svg.find(f"{SVG}title").text
    assert "Prediction: A " in svg.get("aria-label")
    assert len(svg.findall(f"{SVG}path")) >= 4
    assert "nan" not in ElementTree.tostring(svg, encoding="unicode")
    assert len(figure.findall("table/tbody/tr")) == 3


def test_text_from_a_student_cannot_become_markup():
    def cross_entropy(y, y_hat):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in html(StillTriangleLab(), (cross_entropy, None))
    assert "<script>" in text(StillTriangleLab(), (cross_entropy, None))


def test_an_exported_notebook_shows_the_still_picture():
    v4 = nbformat.v4
    source = "from mlkit.play import triangle_lab\ntriangle_lab()"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])

    ExecutePreprocessor(kernel_name="python3", store_widget_state=False).preprocess(notebook)
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)

    assert 'aria-label="triangle lab. Truth: A 0, B 1, C 0. Prediction: A 0.5' in page
    assert "triangle lab" in notebook.cells[0].outputs[0]["data"]["text/plain"]
