import sys
import xml.etree.ElementTree as ElementTree

import nbconvert
import nbformat
import numpy as np
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

import mlkit
from mlkit.play import softmax_lab
from mlkit.play.parts import MISSING
from mlkit.play.softmax_lab import StillSoftmaxLab
from mlkit.play.softmax_still import html, text

SVG = "{http://www.w3.org/2000/svg}"


def test_a_cell_reads_and_sets_the_position():
    lab = softmax_lab()

    lab.logits = [11, 12]
    lab.temperature = 0.5

    assert lab.logits == [11.0, 12.0]
    np.testing.assert_allclose(lab.probabilities, mlkit.softmax(np.array([22.0, 24.0])))


@pytest.mark.parametrize("setting", [{"logits": [1]}, {"temperature": -1}, {"precision": "float8"}])
def test_a_position_outside_the_range_is_refused(setting):
    lab = softmax_lab()

    with pytest.raises(Exception, match=r"softmax lab:|'precision' trait"):
        lab.set_trait(*setting.popitem())

    assert lab.logits == [1.0, 2.0]


def test_the_students_softmax_is_asked_again_at_every_change():
    lab = softmax_lab(lambda z: z * 2)

    lab.logits = [3, 4]

    assert lab.yours["title"] == "your softmax"
    assert lab.yours["values"] == ["6.0", "8.0"]


def test_nan_travels_as_text_because_json_has_none():
    lab = softmax_lab(lambda z: z * np.array([np.nan, np.inf]))

    assert lab.yours["values"] == ["nan", "inf"]


def test_mlkits_softmax_standing_in_is_named_as_such():
    assert softmax_lab(mlkit.softmax).yours["title"] == "mlkit's softmax"


def test_without_the_extra_one_line_says_what_to_install_and_a_picture_remains(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "mlkit.play.softmax_widget", raising=False)

    lab = softmax_lab(mlkit.softmax)

    assert capsys.readouterr().out == MISSING + "\n"
    assert isinstance(lab, StillSoftmaxLab)
    np.testing.assert_allclose(lab.probabilities, mlkit.softmax(np.array([1.0, 2.0])))
    assert "<svg" in lab._repr_html_() and "B 0.7311" in repr(lab)


def test_plain_text_tells_the_whole_position():
    lab = StillSoftmaxLab(logits=(80, 85, 90), precision="float32", softmax=lambda z: z[9])

    assert repr(lab).splitlines() == [
        "softmax lab: temperature 1, float32; your softmax stopped with IndexError: "
        "index 9 is out of bounds for axis 0 with size 3",
        "  scores          A 80  B 85  C 90",
        "  normalise       A 0.3137  B 0.3333  C 0.3529",
        "  naive softmax   A 0  B 0  C NaN",
        "  stable softmax  A 4.509e-05  B 0.006693  C 0.9933",
    ]


@pytest.mark.parametrize("logits", [(1.0, 2.0), (0.0, 0.0), (-5.0, 3.0), (-5.0, 5.0, 0.0, 1.0)])
def test_the_still_picture_is_well_formed_and_has_a_name(logits):
    figure = ElementTree.fromstring(
        html(StillSoftmaxLab(logits=logits), lambda z: np.full(len(z), np.nan))
    )

    svg = figure.find(f"{SVG}svg")
    assert svg is not None and svg.get("role") == "img"
    assert svg.get("aria-label") == svg.find(f"{SVG}title").text
    assert "scores: A " in svg.get("aria-label")
    assert all(float(bar.get("height")) >= 0 for bar in svg.iter(f"{SVG}rect"))
    rows = figure.findall("table/tbody/tr")
    assert len(rows) == len(logits) and rows[0].find("td[5]").text == "NaN"


def test_text_from_a_student_cannot_become_markup():
    def softmax(z):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in html(StillSoftmaxLab(), softmax)
    assert "<script>" in text(StillSoftmaxLab(), softmax)


def test_an_exported_notebook_shows_the_still_picture():
    v4 = nbformat.v4
    source = "from mlkit.play import softmax_lab\nsoftmax_lab()"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])

    ExecutePreprocessor(kernel_name="python3", store_widget_state=False).preprocess(notebook)
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)

    assert 'aria-label="softmax lab: temperature 1, float64. scores: A 1, B 2' in page
    assert "softmax lab: temperature 1" in notebook.cells[0].outputs[0]["data"]["text/plain"]
