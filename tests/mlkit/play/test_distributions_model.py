import numpy as np
import pytest

import mlkit
from mlkit.play.distributions_model import Position, ask_both
from mlkit.play.shares import moved

POSITIONS = [
    ((0.9, 0.1), (0.5, 0.5)),
    ((0.9, 0.1), (0.1, 0.9)),
    ((0.5, 0.3, 0.2), (0.6, 0.4, 0.0)),
    ((0.0, 1.0, 0.0, 0.0), (0.4, 0.3, 0.2, 0.1)),
    ((0.25, 0.75), (0.25, 0.75)),
    ((44 / 168, 0.0, 124 / 168), (152 / 344, 68 / 344, 124 / 344)),
]


@pytest.mark.parametrize(("p", "q"), POSITIONS)
def test_both_divergences_are_mlkits(p, q):
    position = Position(p, q)

    np.testing.assert_allclose(position.forward, mlkit.kl_divergence(*position.pair), atol=1e-15)
    np.testing.assert_allclose(
        position.reverse, mlkit.kl_divergence(*position.pair[::-1]), atol=1e-15
    )
    assert not np.isnan(position.forward_terms).any()


@pytest.mark.parametrize(
    ("p", "q", "forward", "reverse"),
    [
        ((0.9, 0.1), (0.5, 0.5), 0.3681, 0.5108),
        ((0.9, 0.1), (0.1, 0.9), 1.7578, 1.7578),
        ((0.5, 0.3, 0.2), (0.6, 0.4, 0.0), np.inf, 0.2245),
        ((0.0, 1.0, 0.0, 0.0), (0.4, 0.3, 0.2, 0.1), 1.2040, np.inf),
        ((0.5, 0.5), (0.5, 0.5), 0.0, 0.0),
    ],
)
def test_divergences_worked_out_by_hand(p, q, forward, reverse):
    position = Position(p, q)

    np.testing.assert_allclose([position.forward, position.reverse], [forward, reverse], atol=5e-5)


@pytest.mark.parametrize(
    ("before", "index", "value", "after"),
    [
        ([0.5, 0.3, 0.2], 0, 0.75, [0.75, 0.15, 0.1]),
        ([0.5, 0.3, 0.2], 2, 0.0, [0.625, 0.375, 0.0]),
        ([0.5, 0.5], 1, 1.0, [0.0, 1.0]),
        ([0.0, 0.0, 1.0], 2, 0.4, [0.3, 0.3, 0.4]),
        ([0.5, 0.5], 0, 7.0, [1.0, 0.0]),
        ([0.5, 0.5], 0, -1.0, [0.0, 1.0]),
    ],
)
def test_the_other_bars_make_room(before, index, value, after):
    np.testing.assert_allclose(moved(before, index, value), after, atol=1e-15)


def test_a_bar_dragged_to_either_end_gives_exact_zeros():
    assert moved([0.5, 0.3, 0.2], 0, 1.0)[1:] == [0.0, 0.0]
    assert moved([0.5, 0.3, 0.2], 0, 0.0)[0] == 0.0


@pytest.mark.parametrize(
    ("p", "q", "message"),
    [
        ((1.0,), (1.0,), "p needs 2 to 6 outcomes, got 1"),
        ((0.5, 0.5), (0.5, 0.4), "q must be a distribution"),
        ((1.5, -0.5), (0.5, 0.5), "p must be a distribution"),
        ((np.nan, 1.0), (0.5, 0.5), "p must be a distribution"),
        ((0.5, 0.5), (0.2, 0.3, 0.5), "as many outcomes, got 2 and 3"),
    ],
)
def test_what_is_no_pair_of_distributions_is_refused(p, q, message):
    with pytest.raises(ValueError, match=message):
        Position(p, q)


def test_the_lab_starts_where_the_two_directions_differ():
    assert abs(Position().forward - Position().reverse) > 0.01


def test_the_student_is_asked_in_both_directions_without_prints_or_warnings(capsys):
    def kl_divergence(p, q):
        print("here")
        return np.sum(p * np.log(p / q))

    values, sentence = ask_both(kl_divergence, Position((0.9, 0.1), (0.5, 0.5)))

    np.testing.assert_allclose(values, [0.3681, 0.5108], atol=5e-5)
    assert sentence == "" and capsys.readouterr().out == ""


def unwritten(p, q):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (unwritten, "your kl_divergence is not written yet"),
        (lambda p, q: None, "your kl_divergence gave nothing back"),
        (lambda p, q: p[7], "your kl_divergence stopped with IndexError"),
        (
            lambda p, q: p * q,
            "your kl_divergence gave back shape (3,) for inputs of shape (3,) and",
        ),
        (lambda p, q: "far", "your kl_divergence gave back a str"),
    ],
)
def test_a_mistake_is_one_sentence(function, sentence):
    values, said = ask_both(function, Position())

    assert values == [] and said.startswith(sentence)
