import numpy as np
import pytest

import mlkit
from mlkit.play.jacobian_model import Position, ask
from mlkit.play.stand_ins import softmax_jacobian

POSITIONS = [
    ((1.0, 2.0), (0.1, 0.0)),
    ((1.0, 2.0, 3.0), (0.5, 0.0, 0.0)),
    ((0.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, -1.0)),
    ((0.0, 0.0, 8.0), (1.0, 0.0, 0.0)),
    ((-10.0, 10.0), (2.0, -2.0)),
    ((0.3, -1.7, 2.2, 5.0, -3.0), (0.2, -0.1, 0.05, 0.0, 2.0)),
]


@pytest.mark.parametrize(("logits", "nudge"), POSITIONS)
def test_the_slopes_are_those_that_mlkit_derives(logits, nudge):
    position = Position(logits, nudge)

    np.testing.assert_allclose(
        position.jacobian, mlkit.jacrev(mlkit.softmax)(position.z), atol=1e-15
    )


@pytest.mark.parametrize(("logits", "nudge"), POSITIONS)
def test_half_the_push_leaves_a_quarter_of_the_gap(logits, nudge):
    def gap(size):
        position = Position(logits, tuple(size * push for push in nudge))
        return np.abs(position.predicted - position.change).max()

    assert gap(0.005) == pytest.approx(gap(0.01) / 4, rel=0.05)


def test_pushing_all_alike_moves_nothing():
    position = Position((1.0, -2.0, 3.0), (0.7, 0.7, 0.7))

    np.testing.assert_allclose(position.predicted, 0, atol=1e-15)
    np.testing.assert_allclose(position.change, 0, atol=1e-15)


def test_the_lessons_opening_numbers():
    position = Position((1.0, 2.0), (0.1, 0.0))

    np.testing.assert_allclose(position.predicted, [0.0197, -0.0197], atol=5e-5)
    np.testing.assert_allclose(position.change, [0.0201, -0.0201], atol=5e-5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"logits": (1.0,), "nudge": (0.0,)}, "logits must be 2 to 5, got 1"),
        ({"logits": (1.0, 11.0), "nudge": (0.0, 0.0)}, "logits must lie within ±10"),
        ({"logits": (1.0, 2.0), "nudge": (0.0, np.nan)}, "nudge must lie within ±2"),
        ({"logits": (1.0, 2.0), "nudge": (0.0, 0.0, 0.0)}, "each score needs one push, got 2"),
    ],
)
def test_settings_outside_their_range_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Position(**settings)


def test_ask_gives_the_students_matrix_row_by_row_and_keeps_the_prints_away(capsys):
    def jacobian(z):
        print("here")
        z -= 1
        return np.arange(4.0).reshape(2, 2)

    values, sentence = ask(jacobian, Position((1.0, 2.0), (0.0, 0.0)))

    assert values == [0.0, 1.0, 2.0, 3.0]
    assert sentence == "" and capsys.readouterr().out == ""


def unwritten(z):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("jacobian", "sentence"),
    [
        (unwritten, "your softmax_jacobian is not written yet"),
        (lambda z: z, "your softmax_jacobian gave back shape (3,) for inputs of shape (3,)"),
        (lambda z: z[7], "your softmax_jacobian stopped with IndexError"),
    ],
)
def test_ask_says_a_mistake_in_one_sentence(jacobian, sentence):
    values, said = ask(jacobian, Position())

    assert values == [] and said.startswith(sentence)


def test_the_stand_in_is_named_as_mlkits():
    values, sentence = ask(softmax_jacobian, Position())

    assert len(values) == 9 and sentence == ""
