"""The distributions lab in a real JupyterLab, moved with mouse, finger and keyboard."""

import statistics

import pytest

from .labs import in_python, press, slider, start, table

pytestmark = pytest.mark.browser

SETUP = """
import mlkit, numpy as np
from mlkit.play import distributions_lab
def naive(p, q):
    print("a student's print")
    return np.sum(p * np.log(p / q))
def swapped(p, q):
    return mlkit.kl_divergence(q, p)
def unwritten(p, q):
    raise NotImplementedError
"""

LAB, SELECTOR, DRAWN = "distributions_lab()", ".distributions-lab", "table td"


def test_arrow_keys_move_a_bar_and_leave_the_cell_selected(opened, widget):
    slider(widget, "Q of A").focus()
    selected = opened.active_cell()

    for key in ["ArrowRight", "ArrowUp", "ArrowLeft", "PageUp"]:
        opened.page.keyboard.press(key)

    assert slider(widget, "Q of A").get_attribute("aria-valuetext") == "0.31"
    assert opened.active_cell() == selected
    assert in_python(opened, "round(lab.q[0], 9), round(sum(lab.q), 9)") == (0.31, 1.0)


def test_home_takes_a_bar_to_an_exact_zero_and_the_other_side_says_infinite(opened, widget):
    slider(widget, "Q of C").press("Home")

    widget.get_by_text("Infinite: C has Q = 0 and P > 0").wait_for()
    assert table(widget)["P log(P/Q)"][2] == "inf"
    assert "D(P‖Q) = ∞" in widget.locator(".sums").inner_text()
    assert in_python(opened, "lab.q[2] == 0.0 and lab.forward == float('inf')")


def test_every_control_is_reached_with_the_keyboard_alone(opened, widget):
    keyboard = opened.page.keyboard
    widget.get_by_role("button", name="coins").focus()
    keyboard.press("Enter")
    assert table(widget)["P log(P/Q)"] == ["0.529008", "−0.160944"]

    for _ in range(6):
        keyboard.press("Tab")
    keyboard.press("Space")  # Exchange P and Q
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("End")  # P of A

    assert in_python(opened, "lab.p, lab.q") == ([1.0, 0.0], [0.9, 0.1])


@pytest.mark.parametrize(("which", "other"), [("P", "q"), ("Q", "p")])
def test_dragging_a_bar_with_the_mouse_moves_it_and_makes_room(opened, widget, which, other):
    kept = in_python(opened, f"lab.{other}")
    box = widget.get_by_role("img", name=f"{which}: A").bounding_box()
    mouse = opened.page.mouse
    mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.7)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.25, steps=8)
    mouse.up()

    moved = in_python(opened, f"lab.{which.lower()}")
    assert 0.7 < moved[0] < 0.9  # the bar first touched follows, not its neighbour
    assert abs(sum(moved) - 1) < 1e-12
    assert in_python(opened, f"lab.{other}") == kept


def test_dragging_a_bar_with_a_finger_moves_it(opened, widget):
    box = widget.get_by_role("img", name="Q: A").bounding_box()
    touch = opened.page.context.new_cdp_session(opened.page)
    x, top, height = box["x"] + box["width"] * 0.85, box["y"], box["height"]
    for kind, share in [("touchStart", 0.5), ("touchMove", 0.7), ("touchMove", 0.95)]:
        points = [{"x": x, "y": top + height * share}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    assert in_python(opened, "lab.q[2] == 0.0 and abs(lab.q[0] - 0.5) < 1e-9")


def test_buttons_make_equal_exchange_and_reset(opened, widget):
    press(widget, "Make Q equal to P")
    assert "D(P‖Q) = 0 " in widget.locator(".sums").inner_text()
    widget.get_by_text("All terms are 0").first.wait_for()

    press(widget, "coins")
    press(widget, "Exchange P and Q")
    assert "D(P‖Q) = 0.5108" in widget.locator(".sums").inner_text()

    press(widget, "Reset")
    assert in_python(opened, "lab.p, lab.q") == ([0.5, 0.3, 0.2], [0.2, 0.2, 0.6])


def test_a_cell_can_set_both_and_the_picture_follows(opened, widget):
    opened.run_cell(2, "lab.set_distributions([0.25] * 4, [0.1, 0.2, 0.3, 0.4])")

    widget.get_by_role("img", name="Q: A 0.1, B 0.2, C 0.3, D 0.4").wait_for()
    assert table(widget)["class"] == ["A", "B", "C", "D"]


def test_the_students_divergence_is_shown_and_its_mistake_is_a_calm_sentence(opened, widget):
    start(opened, "distributions_lab(naive)")
    widget.get_by_text("It agrees with mlkit's.").first.wait_for()
    press(widget, "Q is 0 where P is not")
    widget.get_by_text("It has NaN in it.").first.wait_for()
    assert "print" not in opened.cells().nth(1).locator(".jp-OutputArea").inner_text()

    start(opened, "distributions_lab(swapped)")
    press(widget, "coins")
    widget.get_by_text("D(P‖Q) = 0.5108, D(Q‖P) = 0.3681. It is up to 0.14 away").first.wait_for()

    start(opened, "distributions_lab(unwritten)")
    widget.get_by_text("Your kl_divergence is not written yet").first.wait_for()
    assert "Traceback" not in opened.page.inner_text("body")


def test_while_the_kernel_is_busy_the_lab_moves_and_says_who_waits(opened, widget):
    start(opened, "distributions_lab(naive)")
    widget.get_by_text("It agrees with mlkit's.").first.wait_for()
    opened.start_cell(2, "import time; time.sleep(3)")

    press(widget, "coins")
    assert table(widget)["P"] == ["0.9", "0.1"]
    widget.locator(".yours").get_by_text("Waiting for Python: its kernel is busy").wait_for()
    widget.get_by_text("It agrees with mlkit's.").first.wait_for()


def test_the_position_is_spoken_once_after_the_movement_stops(opened, widget):
    widget.locator("[aria-busy=false]").wait_for()
    opened.page.evaluate(
        "() => { window.spoken = 0; new MutationObserver(() => { window.spoken += 1; })"
        ".observe(document.querySelector('.distributions-lab .spoken'), { childList: true }); }"
    )
    slider(widget, "P of B").focus()
    for _ in range(6):
        opened.page.keyboard.press("ArrowRight")
    widget.get_by_text("P: A 0.4571, B 0.36, C 0.1829.").wait_for(state="attached")
    assert opened.page.evaluate("window.spoken") == 1


@pytest.mark.parametrize(
    "source", ["distributions_lab()", "distributions_lab(mlkit.kl_divergence)"]
)
def test_every_press_of_an_arrow_key_is_drawn(opened, widget, source):
    """How fast is printed (pytest -s), not asserted: the targets are 10 ms, with the kernel 50."""
    start(opened, source)
    times = step_times(opened, slider(widget, "P of A"), ".distributions-lab")

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
