"""The triangle lab in a real JupyterLab, moved with mouse, finger and keyboard."""

import statistics

import pytest

from .labs import in_python, press, slider, start, table

pytestmark = pytest.mark.browser

SETUP = """
import mlkit, numpy as np
from mlkit.play import triangle_lab
def loss(y, y_hat):
    print("a student's print")
    return -np.sum(y * np.log(y_hat))
def grad(y, y_hat):
    return -y / y_hat
def uphill(y, y_hat):
    return y / y_hat
def unwritten(y, y_hat):
    raise NotImplementedError
"""

LAB, SELECTOR, DRAWN = "triangle_lab()", ".triangle-lab", "table td"


def test_arrow_keys_move_the_point_and_leave_the_cell_selected(opened, widget):
    slider(widget, "ŷ of B").focus()
    selected = opened.active_cell()

    for key in ["ArrowRight", "ArrowUp", "ArrowLeft", "PageUp"]:
        opened.page.keyboard.press(key)

    assert slider(widget, "ŷ of B").get_attribute("aria-valuetext") == "0.41"
    assert opened.active_cell() == selected
    assert in_python(opened, "round(lab.y_hat[1], 9), round(sum(lab.y_hat), 9)") == (0.41, 1.0)


def test_the_keyboard_alone_chooses_a_truth_and_walks_downhill(opened, widget):
    keyboard = opened.page.keyboard
    widget.get_by_role("radio", name="B", exact=True).focus()
    keyboard.press("ArrowRight")  # the truth is C now
    assert table(widget)["y"] == ["0", "0", "1"]

    for _ in range(4):
        keyboard.press("Tab")  # over three sliders to the button
    keyboard.press("Enter")
    keyboard.press("Space")

    assert in_python(opened, "lab.y, round(lab.y_hat[2], 3)") == ([0.0, 0.0, 1.0], 0.3)


def place(widget, across, down):
    """A place of the map on the page; across and down are shares of the drawing."""
    box = widget.get_by_role("img", name="Map of the loss").bounding_box()
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def test_dragging_the_point_with_the_mouse_moves_the_prediction(opened, widget):
    mouse = opened.page.mouse
    mouse.move(*place(widget, 0.5, 0.6))
    mouse.down()
    mouse.move(*place(widget, 0.5, 0.3), steps=8)
    mouse.up()

    a, b, c = in_python(opened, "lab.y_hat")
    assert 0.6 < b < 0.85 and abs(a - c) < 0.03
    assert abs(a + b + c - 1) < 1e-12


def test_dragging_beyond_a_corner_with_a_finger_stays_in_the_triangle(opened, widget):
    touch = opened.page.context.new_cdp_session(opened.page)
    for kind, (across, down) in [("touchStart", (0.5, 0.5)), ("touchMove", (0.02, 0.98))]:
        x, y = place(widget, across, down)
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    assert in_python(opened, "lab.y_hat, lab.loss == float('inf')") == ([1.0, 0.0, 0.0], True)
    assert "Cross-entropy = ∞" in widget.locator(".sums").inner_text()
    widget.get_by_text("what you called impossible is true").first.wait_for()


def test_a_soft_truth_leaves_its_entropy(opened, widget):
    widget.get_by_role("radio", name="half A, half B").check()
    opened.run_cell(2, "lab.y_hat = [0.5, 0.5, 0.0]")

    widget.get_by_text("= entropy 0.6931 + extra 0. This is the lowest place.").wait_for()
    assert table(widget)["slope −y/ŷ"] == ["−1", "−1", "0"]
    press(widget, "Reset")
    assert in_python(opened, "lab.y, lab.y_hat") == ([0.0, 1.0, 0.0], [0.5, 0.3, 0.2])


def test_the_students_arrow_is_drawn_from_the_students_gradient(opened, widget):
    start(opened, "triangle_lab(loss, grad)")
    widget.get_by_text("Your loss: 1.204, gradient [0, −3.333, 0]. It agrees").first.wait_for()
    ours = widget.locator(".arrow:not(.yours)").get_attribute("d")
    assert widget.locator(".arrow.yours").get_attribute("d") == ours
    shown = "arrow => getComputedStyle(arrow).display"
    assert widget.locator(".arrow.yours").evaluate(shown) != "none"

    start(opened, "triangle_lab(loss, uphill)")
    widget.get_by_text("It is up to 6.7 away from mlkit's.").first.wait_for()
    assert widget.locator(".arrow.yours").get_attribute("d") not in ("", ours)
    assert "print" not in opened.cells().nth(1).locator(".jp-OutputArea").inner_text()


def test_a_gradient_that_is_not_written_is_a_calm_sentence(opened, widget):
    start(opened, "triangle_lab(loss, unwritten)")

    widget.get_by_text("Your gradient is not written yet").first.wait_for()
    assert widget.locator(".arrow.yours").get_attribute("d") == ""
    assert "Traceback" not in opened.page.inner_text("body")


def test_the_position_is_spoken_once_after_the_movement_stops(opened, widget):
    widget.locator("[aria-busy=false]").wait_for()
    opened.page.evaluate(
        "() => { window.spoken = 0; new MutationObserver(() => { window.spoken += 1; })"
        ".observe(document.querySelector('.triangle-lab .spoken'), { childList: true }); }"
    )
    slider(widget, "ŷ of B").focus()
    for _ in range(6):
        opened.page.keyboard.press("ArrowRight")
    widget.get_by_text("Cross-entropy 1.022 nats. Downhill is towards B.").wait_for(
        state="attached"
    )
    assert opened.page.evaluate("window.spoken") == 1


@pytest.mark.parametrize("source", ["triangle_lab()", "triangle_lab(loss, grad)"])
def test_every_press_of_an_arrow_key_is_drawn(opened, widget, source):
    """How fast is printed (pytest -s), not asserted: the targets are 10 ms, with the kernel 50."""
    start(opened, source)
    times = step_times(opened, slider(widget, "ŷ of A"), ".triangle-lab")

    late = statistics.quantiles(times, n=20)[-1]
    print(f"\n{source}: median {statistics.median(times):.1f} ms, p95 {late:.1f} ms")
    assert len(times) == 30
    assert min(times) > 0


def step_times(opened, control, name, presses=30):
    """From each arrow key to the last change of the drawing it caused, in ms."""
    opened.page.evaluate(
        """(name) => {
            const now = () => performance.now();
            if (!window.steps) addEventListener("keydown", () => steps.push([now(), now()]), true);
            window.steps = [];
            new MutationObserver(() => { if (steps.length) steps.at(-1)[1] = now(); }).observe(
                document.querySelector(name),
                { subtree: true, childList: true, attributes: true, characterData: true });
        }""",
        name,
    )
    control.focus()
    for _ in range(presses):
        opened.page.keyboard.press("ArrowRight")
        opened.page.wait_for_timeout(200)  # less than the pause after which the lab speaks
    return opened.page.evaluate("steps.map(([pressed, drawn]) => drawn - pressed)")
