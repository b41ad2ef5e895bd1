"""The graph of a tensor as text and picture: what it says, and that no graph is too large for it.

Renew the golden picture with `python tests/mlkit/test_draw.py`, then look at it in a browser.
"""

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from mlkit import Tensor, Variable, ops
from mlkit.draw import draw
from mlkit.layout import layered

GOLDEN = Path(__file__).parent / "golden" / "e.svg"
NS = {"svg": "http://www.w3.org/2000/svg"}


def leaf(values):
    return Tensor(values, requires_grad=True)


def textbook():
    a, b = leaf(2.0), leaf(1.0)
    e = (a + b) * (b + 1)
    return draw(e)


def network():
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(8, 4)), rng.integers(0, 3, 8)
    layers = [(leaf(rng.normal(size=(4, 5))), leaf(np.zeros(5)))]
    w = leaf(rng.normal(size=(5, 3)))
    h = ops.tanh(ops.linear(X, *layers[0]))
    loss = ops.cross_entropy(h @ w, labels)
    return draw(loss)


def steps(n):
    """A graph of n steps in which most values are used twice, far and near."""
    rng = np.random.default_rng(1)
    pool = [leaf(0.5), leaf(-1.0), leaf(2.0)]
    for _ in range(n):
        i, j = rng.integers(max(0, len(pool) - 6), len(pool), 2)
        pool.append(ops.add(pool[-1], pool[i]) if i % 2 else ops.tanh(pool[j]) * pool[-1])
    return pool[-1]


def titles(drawing):
    return [box.title for box in drawing.graph.boxes]


def test_the_text_shows_steps_values_and_adjoints():
    assert textbook().text.splitlines() == [
        "e = t1 * t2   6  ∂ 1",
        "  t1 = a + b  3  ∂ 2",
        "    a         2  ∂ 2",
        "    b         1  ∂ 5",
        "  t2 = b + 1  2  ∂ 3",
        "    b         1  ∂ 5",
        "∂: how much e grows when this grows by 1 (its adjoint)",
    ]
    assert repr(textbook()) == textbook().text


def test_the_picture_is_the_golden_one_byte_for_byte():
    assert textbook().svg == GOLDEN.read_text(encoding="utf-8")


def test_names_are_those_of_the_callers_variables():
    assert titles(network()) == [
        "X", "layers[0][0]", "layers[0][1]", "t1 = linear(…)", "h = tanh(t1)", "w",
        "t2 = h @ w", "labels", "loss = cross_entropy(t2, labels)",
    ]  # fmt: skip


def test_names_can_be_given_and_variables_bring_their_own():
    w, x = Variable([1.0, 2.0], name="weights"), leaf(3.0)

    assert titles(draw(w * x, {"model": {"x": x}})) == [
        "weights", "model['x']", "t1 = weights * model['x']"
    ]  # fmt: skip


def test_values_that_no_rule_keeps_are_computed_again():
    x = leaf(np.arange(6.0).reshape(2, 3))

    drawing = draw(ops.tanh(ops.sum(x + x, axis=1) * 0.0 + 5.0), {"x": x})

    assert "(2, 3) 0 … 10" in drawing.text
    assert "[6, 24]" in drawing.text


def test_a_target_that_is_no_scalar_is_summed_and_says_so():
    y = leaf([1.0, 2.0]) ** 2

    assert draw(y).text.splitlines()[-1].startswith("∂: how much sum(y) grows")


def test_after_an_update_the_graph_is_drawn_without_adjoints():
    w = leaf(1.0)
    y = w * 2.0
    w.data = np.array(5.0)

    assert "no adjoints: " in draw(y).text
    assert "∂" not in draw(y).text


def test_a_constant_is_one_box():
    x = Tensor([1.0, 2.0])

    assert titles(draw(x)) == ["x"]
    ElementTree.fromstring(draw(x).svg)


def test_a_leaf_is_one_box():
    x = leaf(2.0)

    assert draw(x).text.splitlines()[0] == "x  2  ∂ 1"


def test_an_array_is_refused_with_the_reason():
    with pytest.raises(TypeError, match="draw: needs a tensor, got ndarray; an array does not"):
        draw(np.ones(2))


def test_the_picture_reads_on_any_page_and_aloud():
    root = ElementTree.fromstring(network().svg)

    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext("svg:title", namespaces=NS)
    assert root.get("aria-label") == "Computation graph of loss: 4 steps from 3 leaves"
    assert root.findtext("svg:desc", namespaces=NS) == network().text
    assert root.get("fill") == "currentColor"
    assert not [t for t in root.iter("{http://www.w3.org/2000/svg}text") if t.get("fill")]
    assert network()._repr_html_() == network().svg


def test_names_cannot_break_the_markup():
    x = leaf(1.0)
    drawing = draw(x * 2.0, {'<b>"&': x})

    ElementTree.fromstring(drawing.svg)
    assert '["&lt;b&gt;#quot;&amp;<br/>1' in drawing.to_mermaid()


def rectangles(svg):
    pattern = r'<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="(\d+)" rx="(?!4)'
    return [tuple(map(float, found)) for found in re.findall(pattern, svg)]


@pytest.mark.parametrize("n", [1, 7, 30, 60, 200])
def test_boxes_never_overlap_and_lie_in_the_picture(n):
    svg = draw(steps(n), {}).svg

    boxes = rectangles(svg)
    assert boxes
    for (ax, ay, aw, ah), (bx, by, bw, bh) in combinations(boxes, 2):
        apart = ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay
        assert apart
    width, height = map(float, re.search(r'viewBox="-4 0 (\d+) (\d+)"', svg).groups())
    assert all(x >= -4 and x + w <= width - 3 and y + h < height for x, y, w, h in boxes)


def test_sixty_steps_are_all_shown_and_more_are_folded():
    y = leaf(1.0)
    for _ in range(60):
        y = ops.tanh(y)

    assert len(draw(y).graph.boxes) == 61
    folded = draw(ops.tanh(y))
    assert "… 21 steps folded  21 tanh" in folded.text
    assert len(folded.graph.boxes) == 42  # with a leaf and the fold
    assert folded.graph.steps == 61


def test_ten_thousand_steps_need_no_recursion():
    x = y = leaf(1.0)
    for _ in range(10_000):
        y = y + x * 1e-4

    drawing = draw(y)

    ElementTree.fromstring(drawing.svg)
    assert len(drawing.text.splitlines()) < 120
    assert drawing.to_mermaid().startswith("flowchart TD\n")


def test_a_thousand_leaves_of_one_step_are_counted_out():
    y = ops.sum(ops.stack([leaf(float(i)) for i in range(1000)]))

    assert len(draw(y).graph.boxes) < 100


def test_a_leaf_used_far_away_stands_there_again():
    w = leaf(0.5)
    y = w
    for _ in range(6):
        y = ops.tanh(y * w)

    svg = draw(y, {"w": w}).svg

    assert svg.count('font-weight="600">w</text>') > 1


def test_the_layout_has_no_crossing_where_none_is_needed():
    plan = layered([[], [], [1], [0], [3], [2]], [10.0] * 6)  # two chains, given crosswise

    assert (plan.centres[0] < plan.centres[1]) == (plan.centres[3] < plan.centres[2])
    assert (plan.centres[3] < plan.centres[2]) == (plan.centres[4] < plan.centres[5])


def test_a_leaf_lies_next_to_its_first_user():
    plan = layered([[], [0], [1], [], [2, 3]], [10.0] * 5)

    assert plan.layers == [0, 1, 2, 2, 3]


def test_mermaid_shows_the_same_graph():
    assert textbook().to_mermaid().splitlines()[:5] == [
        "flowchart TD",
        '  n0["a<br/>2<br/>∂ 2"]',
        '  n1["b<br/>1<br/>∂ 5"]',
        '  n2["t1 = a + b<br/>3<br/>∂ 2"]',
        "  n0 --> n2",
    ]


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(textbook().svg, encoding="utf-8")
