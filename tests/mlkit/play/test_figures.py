import sys

from mlkit.play import chart, picture
from mlkit.play.figures import COLOURS


def test_lines_differ_in_dash_as_well_as_in_colour():
    _, axes = chart("weight", "loss")

    lines = [axes.plot([0, 1], [i, i])[0] for i in range(len(COLOURS))]

    assert len({line.get_color() for line in lines}) == len(lines)
    assert len({str(line._unscaled_dash_pattern) for line in lines}) == len(lines)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("weight", "loss")


def test_several_columns_are_an_array_of_axes_and_become_one_picture():
    figure, axes = chart(columns=2)

    assert len(axes) == 2
    assert "base64" in picture(figure, "two empty charts")._repr_html_()


def test_a_chart_opens_no_window_and_is_kept_nowhere():
    chart()

    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []
