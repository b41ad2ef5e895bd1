import math

import numpy as np
import pytest

import mlkit
from mlkit.play import stand_ins
from mlkit.play.triangle_model import Position, ask_both, downhill

POSITIONS = [
    ((0.0, 1.0, 0.0), (0.2, 0.7, 0.1)),
    ((0.5, 0.25, 0.25), (0.25, 0.25, 0.5)),
    ((0.0, 0.0, 1.0), (0.98, 0.01, 0.01)),
    ((1 / 3, 1 / 3, 1 / 3), (1 / 3, 1 / 3, 1 / 3)),
    ((0.05, 0.9, 0.05), (0.6, 0.3, 0.1)),
    ((0.5, 0.5, 0.0), (0.3, 0.7, 0.0)),
]


@pytest.mark.parametrize(("y", "y_hat"), POSITIONS)
def test_the_loss_is_entropy_plus_mlkits_divergence(y, y_hat):
    position = Position(y, y_hat)

    entropy = -sum(share * math.log(share) for share in y if share)
    divergence = mlkit.kl_divergence(*position.pair)

    np.testing.assert_allclose(position.entropy, entropy, atol=1e-15)
    np.testing.assert_allclose(position.loss, entropy + divergence, rtol=1e-12)


@pytest.mark.parametrize(("y", "y_hat"), POSITIONS[:5])
def test_the_gradient_is_the_one_that_small_steps_show(y, y_hat):
    position, h = Position(y, y_hat), 1e-6
    slopes = [
        (
            stand_ins.cross_entropy(position.pair[0], position.pair[1] + h * row)
            - stand_ins.cross_entropy(position.pair[0], position.pair[1] - h * row)
        )
        / (2 * h)
        for row in np.eye(3)
    ]

    np.testing.assert_allclose(position.gradient, slopes, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("y", "y_hat", "loss"),
    [
        ((0.0, 1.0, 0.0), (0.2, 0.7, 0.1), 0.3567),
        ((0.5, 0.25, 0.25), (0.25, 0.25, 0.5), 1.2130),
        ((0.0, 0.0, 1.0), (0.98, 0.01, 0.01), 4.6052),
        ((0.0, 1.0, 0.0), (0.0, 1.0, 0.0), 0.0),
        ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0), math.inf),
    ],
)
def test_losses_worked_out_by_hand(y, y_hat, loss):
    np.testing.assert_allclose(Position(y, y_hat).loss, loss, atol=5e-5)


@pytest.mark.parametrize(("y", "y_hat"), POSITIONS)
def test_downhill_stays_in_the_triangle_and_a_step_never_climbs(y, y_hat):
    position = Position(y, y_hat)

    after = Position(y, position.stepped())

    np.testing.assert_allclose(position.downhill.sum(), 0, atol=1e-9)
    assert after.loss <= position.loss + 0.01  # the floor costs a little at the corner itself
    assert np.abs(np.subtract(after.y_hat, y_hat)).max() <= 0.052


@pytest.mark.parametrize("y", [(0.0, 1.0, 0.0), (0.5, 0.5, 0.0), (0.05, 0.9, 0.05)])
def test_many_steps_lead_to_the_truth(y):
    position = Position(y, (0.2, 0.1, 0.7))
    for _ in range(400):
        position = Position(y, position.stepped())

    assert position.loss < position.entropy + 0.01


def test_the_lowest_place_is_the_truth_itself_also_at_a_corner():
    assert Position((0.0, 1.0, 0.0), (0.0, 1.0, 0.0)).lowest
    assert Position((0.5, 0.5, 0.0), (0.5, 0.5, 0.0)).lowest
    assert not Position((0.5, 0.5, 0.0), (0.5, 0.49, 0.01)).lowest


def test_an_infinite_slope_still_has_a_direction():
    way = downhill(np.array([0.0, -np.inf, 0.0]))

    assert np.isfinite(way).all() and way.argmax() == 1


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ((0.5, 0.5), "triangle lab: y needs 3 outcomes, got 2"),
        ((0.5, 0.6, 0.1), "y must be a distribution"),
        ((-0.5, 1.0, 0.5), "y must be a distribution"),
    ],
)
def test_what_is_no_distribution_over_three_classes_is_refused(y, message):
    with pytest.raises(ValueError, match=message):
        Position(y)


def unwritten(y, y_hat):
    raise NotImplementedError


def test_the_student_is_asked_for_loss_and_slopes():
    position = Position()

    values, sentence = ask_both(lambda y, p: -np.sum(y * np.log(p)), lambda y, p: -y / p, position)

    np.testing.assert_allclose(values, [position.loss, *position.gradient])
    assert sentence == ""
    assert ask_both(lambda y, p: 1.0, None, position) == ([1.0], "")


@pytest.mark.parametrize(
    ("functions", "sentence"),
    [
        ((unwritten, unwritten), "your loss is not written yet"),
        ((lambda y, p: 1.0, unwritten), "your gradient is not written yet"),
        ((lambda y, p: y, None), "your loss gave back shape (3,)"),
        ((lambda y, p: 1.0, lambda y, p: 2.0), "your gradient gave back shape ()"),
        ((stand_ins.cross_entropy, lambda y, p: y[7]), "your gradient stopped with IndexError"),
    ],
)
def test_a_mistake_is_one_sentence(functions, sentence):
    values, said = ask_both(*functions, Position())

    assert values == [] and said.startswith(sentence)
