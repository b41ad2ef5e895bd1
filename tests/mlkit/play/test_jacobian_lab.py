import sys
import xml.etree.ElementTree as ElementTree

import nbconvert
import nbformat
import numpy as np
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

from mlkit.play import jacobian_lab
from mlkit.play.jacobian_lab import StillJacobianLab
from mlkit.play.jacobian_still import html, text
from mlkit.play.parts import MISSING
from mlkit.play.stand_ins import softmax_jacobian

SVG = "{http://www.w3.org/2000/svg}"


def test_a_cell_reads_and_sets_the_position():
    lab = jacobian_lab()

    lab.set_position([1, 2], [0.1, 0])

    assert (lab.logits, lab.nudge) == ([1.0, 2.0], [0.1, 0.0])
    np.testing.assert_allclose(lab.predicted, [0.01966, -0.01966], atol=1e-5)
    np.testing.assert_allclose(lab.change, [0.02011, -0.02011], atol=1e-5)


@pytest.mark.parametrize("setting", [{"logits": [1]}, {"nudge": [5, 0, 0]}])
def test_a_position_outside_the_range_is_refused(setting):
    lab = jacobian_lab()

    with pytest.raises(Exception, match=r"jacobian lab:"):
        lab.set_trait(*setting.popitem())

    assert lab.logits == [1.0, 2.0, 0.0]


def test_the_students_matrix_is_asked_for_at_every_change():
    lab = jacobian_lab(lambda z: np.outer(z, z))

    lab.set_position([3, 4], [0, 0])

    assert lab.yours["title"] == "your softmax_jacobian"
    assert lab.yours["values"] == ["9.0", "12.0", "12.0", "16.0"]
    assert lab.yours["sentence"].startswith("It is up to ")


def test_a_right_matrix_and_the_stand_in_are_told_apart():
    yours = jacobian_lab(lambda z: softmax_jacobian(z)).yours
    ours = jacobian_lab(softmax_jacobian).yours

    assert yours["sentence"] == ours["sentence"] == "It agrees with mlkit's."
    assert (yours["title"], ours["title"]) == (
        "your softmax_jacobian",
        "mlkit's softmax_jacobian",
    )


def test_nan_travels_as_text_because_json_has_none():
    lab = jacobian_lab(lambda z: np.full((3, 3), np.nan))

    assert set(lab.yours["values"]) == {"nan"}
    assert lab.yours["sentence"] == "It has NaN in it."


def test_without_the_extra_one_line_says_what_to_install_and_a_picture_remains(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "mlkit.play.jacobian_widget", raising=False)

    lab = jacobian_lab()

    assert capsys.readouterr().out == MISSING + "\n"
    assert isinstance(lab, StillJacobianLab)
    assert "<svg" in lab._repr_html_() and "true change" in repr(lab)


def test_plain_text_tells_the_whole_position():
    lab = StillJacobianLab(logits=(1, 2), nudge=(0.1, 0), function=lambda z: z[9])

    assert repr(lab).splitlines() == [
        "jacobian lab; your softmax_jacobian stopped with IndexError: "
        "index 9 is out of bounds for axis 0 with size 2",
        "  slopes of a_A by z: A 0.1966, B -0.1966",
        "  slopes of a_B by z: A -0.1966, B 0.1966",
        "  z            A 1, B 2",
        "  dz           A 0.1, B 0",
        "  a            A 0.2689, B 0.7311",
        "  J·dz         A 0.01966, B -0.01966",
        "  true change  A 0.02011, B -0.02011",
    ]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_still_picture_is_well_formed_and_has_a_name(count):
    position = StillJacobianLab(logits=(1.0,) * count, nudge=(0.0,) * count)
    figure = ElementTree.fromstring(html(position, lambda z: np.full((count, count), np.nan)))

    svg = figure.find(f"{SVG}svg")
    assert svg is not None and svg.get("role") == "img"
    assert svg.get("aria-label") == svg.find(f"{SVG}title").text
    assert "slopes of a_A by z: A NaN" in svg.get("aria-label")
    assert len(list(svg.iter(f"{SVG}rect"))) == count**2
    assert len(figure.findall("table/tbody/tr")) == count


def test_text_from_a_student_cannot_become_markup():
    def jacobian(z):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in html(StillJacobianLab(), jacobian)
    assert "<script>" in text(StillJacobianLab(), jacobian)


def test_an_exported_notebook_shows_the_still_picture():
    v4 = nbformat.v4
    source = "from mlkit.play import jacobian_lab\njacobian_lab()"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])

    ExecutePreprocessor(kernel_name="python3", store_widget_state=False).preprocess(notebook)
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)

    assert 'aria-label="jacobian lab. Scores A 1, B 2, C 0. slopes of a_A by z: A 0.1848' in page
    assert "true change" in notebook.cells[0].outputs[0]["data"]["text/plain"]
