import sys
import xml.etree.ElementTree as ElementTree

import nbconvert
import nbformat
import numpy as np
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

import mlkit
from mlkit.play import distributions_lab, parts
from mlkit.play.asking import judged
from mlkit.play.distributions_lab import StillDistributionsLab
from mlkit.play.distributions_still import html, text

SVG = "{http://www.w3.org/2000/svg}"


def test_a_cell_reads_and_sets_the_position():
    lab = distributions_lab()

    lab.set_distributions([0.9, 0.1], [0.5, 0.5])

    assert (lab.p, lab.q) == ([0.9, 0.1], [0.5, 0.5])
    np.testing.assert_allclose([lab.forward, lab.reverse], [0.3681, 0.5108], atol=5e-5)


def test_a_list_that_is_no_distribution_is_refused():
    lab = distributions_lab()

    with pytest.raises(ValueError, match="q must be a distribution"):
        lab.q = [0.5, 0.5, 0.5]

    assert lab.q == [0.2, 0.2, 0.6]


def test_the_students_divergence_is_asked_again_at_every_change():
    lab = distributions_lab(lambda p, q: np.sum(p * np.log(p / q)))
    assert lab.yours["sentence"] == "It agrees with mlkit's."

    lab.q = [0.5, 0.5, 0.0]

    assert lab.yours["values"] == ["inf", "nan"]
    assert lab.yours["sentence"] == "It has NaN in it."
    assert lab.yours["q"] == [0.5, 0.5, 0.0]


def test_mlkits_divergence_standing_in_is_named_as_such():
    yours = distributions_lab(mlkit.kl_divergence).yours

    assert yours["title"] == "mlkit's kl_divergence"
    assert yours["sentence"] == "It agrees with mlkit's."


@pytest.mark.parametrize(
    ("values", "right", "sentence"),
    [
        ([1.0, np.inf], [1.0, np.inf], "It agrees with mlkit's."),
        ([1.0, 2.0], [1.0, np.inf], "It is up to inf away from mlkit's."),
        ([1.5, 2.0], [1.0, 2.0], "It is up to 0.5 away from mlkit's."),
        ([np.nan, 2.0], [1.0, 2.0], "It has NaN in it."),
    ],
)
def test_an_answer_is_judged_in_a_sentence(values, right, sentence):
    assert judged(values, right) == sentence


def test_without_the_extra_one_line_says_what_to_install_and_a_picture_remains(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "mlkit.play.distributions_widget", raising=False)

    lab = distributions_lab(mlkit.kl_divergence)

    assert capsys.readouterr().out == parts.MISSING + "\n"
    assert isinstance(lab, StillDistributionsLab)
    assert "<svg" in lab._repr_html_() and "D(P‖Q) = " in repr(lab)


def test_plain_text_tells_the_whole_position():
    lab = StillDistributionsLab((0.5, 0.5, 0.0), (1.0, 0.0, 0.0), mlkit.kl_divergence)

    assert repr(lab).splitlines() == [
        "distributions lab",
        "  P           A 0.5, B 0.5, C 0",
        "  Q           A 1, B 0, C 0",
        "  P log(P/Q)  A -0.3466, B inf, C 0",
        "  Q log(Q/P)  A 0.6931, B 0, C 0",
        "D(P‖Q) = inf nats, D(Q‖P) = 0.6931 nats",
        "mlkit's kl_divergence: inf, 0.6931. It agrees with mlkit's.",
    ]


@pytest.mark.parametrize("q", [(0.2, 0.3, 0.5), (1.0, 0.0, 0.0), (0.5, 0.3, 0.2)])
def test_the_still_picture_is_well_formed_and_has_a_name(q):
    figure = ElementTree.fromstring(html(StillDistributionsLab(q=q), mlkit.kl_divergence))

    svg = figure.find(f"{SVG}svg")
    assert svg is not None and svg.get("role") == "img"
    assert svg.get("aria-label") == svg.find(f"{SVG}title").text
    assert "P: A 0.5, B 0.3, C 0.2" in svg.get("aria-label")
    assert all(float(bar.get("height")) >= 0 for bar in svg.iter(f"{SVG}rect"))
    assert len(figure.findall("table/tbody/tr")) == 3


def test_text_from_a_student_cannot_become_markup():
    def kl_divergence(p, q):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in html(StillDistributionsLab(), kl_divergence)
    assert "<script>" in text(StillDistributionsLab(), kl_divergence)


def test_an_exported_notebook_shows_the_still_picture():
    v4 = nbformat.v4
    source = "from mlkit.play import distributions_lab\ndistributions_lab()"
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])

    ExecutePreprocessor(kernel_name="python3", store_widget_state=False).preprocess(notebook)
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)

    assert 'aria-label="distributions lab. P: A 0.5, B 0.3, C 0.2' in page
    assert "distributions lab" in notebook.cells[0].outputs[0]["data"]["text/plain"]
