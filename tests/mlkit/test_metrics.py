"""Metrics: counted by hand, over batches as at once, and what they refuse."""

import array_api_strict
import numpy as np
import pytest

from mlkit import Tensor, metrics, ops
from mlkit.engine import ShapeError

SCORES = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.4, 0.35, 0.25], [0.2, 0.5, 0.3]])
LABELS = np.array([0, 1, 1, 2])


@pytest.mark.parametrize(
    "predictions", [SCORES, SCORES.argmax(-1), Tensor(SCORES), SCORES.tolist()]
)
def test_accuracy_is_the_share_of_right_classes(predictions):
    assert metrics.accuracy(predictions, LABELS) == 1 / 4


def test_accuracy_counts_every_place_of_a_sequence():
    assert metrics.accuracy([[0, 1], [2, 2]], [[0, 1], [2, 0]]) == 3 / 4


def test_arrays_of_any_library_are_counted():
    strict = array_api_strict.asarray

    assert metrics.accuracy(strict(SCORES), strict(LABELS)) == 1 / 4


@pytest.mark.parametrize(("k", "expected"), [(1, 1 / 4), (2, 4 / 4), (3, 4 / 4)])
def test_top_k_counts_the_best_k_scores(k, expected):
    assert metrics.top_k_accuracy(SCORES, LABELS, k) == expected


def test_a_tie_earns_nothing_so_that_a_constant_prediction_is_worth_nothing():
    assert metrics.top_k_accuracy(np.zeros((4, 3)), LABELS, 2) == 0
    assert metrics.top_k_accuracy(np.full((4, 3), np.nan), LABELS, 3) == 0


def test_the_confusion_matrix_has_true_classes_as_rows():
    matrix = metrics.confusion_matrix([0, 2, 0, 1], LABELS)

    assert matrix.tolist() == [[1, 0, 0], [1, 0, 1], [0, 1, 0]]
    np.testing.assert_array_equal(metrics.confusion_matrix(SCORES, LABELS), matrix)


def test_a_class_that_never_came_has_its_row_if_the_number_is_given():
    assert metrics.confusion_matrix([0, 1], [0, 1], classes=4).shape == (4, 4)


def test_precision_and_recall_of_each_class():
    matrix = [[3, 1, 0], [2, 4, 0], [0, 0, 0]]

    np.testing.assert_allclose(metrics.precision(matrix), [3 / 5, 4 / 5, np.nan])
    np.testing.assert_allclose(metrics.recall(matrix), [3 / 4, 4 / 6, np.nan])


def test_the_confusion_matrix_prints_with_names_precision_and_recall():
    counter = metrics.ConfusionMatrix(["cat", "dog"])

    counter.update([0, 1, 1], [0, 0, 1])

    assert str(counter).splitlines() == [
        "true \\ predicted    cat    dog  recall",
        "             cat      1      1   0.500",
        "             dog      0      1   1.000",
        "       precision  1.000  0.500",
    ]


def test_calibration_error_by_longhand():
    # two bins: (0, 0.5] holds 0.4 (wrong) and 0.5 (wrong); (0.5, 1] holds 0.7 (right), 0.6 (wrong)
    expected = (abs(0 - 0.9) + abs(1 - 1.3)) / 4

    assert metrics.calibration_error(SCORES, LABELS, bins=2) == pytest.approx(expected)


def test_predictions_that_say_how_sure_they_are_have_no_calibration_error(rng):
    p = ops.softmax(2 * rng.normal(size=(200_000, 3)))
    labels = (p.cumsum(-1) < rng.random((len(p), 1))).sum(-1)

    assert metrics.calibration_error(p, labels) < 0.01
    assert metrics.calibration_error(ops.softmax(10 * np.log(p)), labels) > 0.15


def test_the_reliability_curve_gives_each_bin():
    counter = metrics.CalibrationError(bins=4)

    sure, right, count = counter.update(SCORES, LABELS).curve()

    np.testing.assert_allclose(sure, [np.nan, 0.45, 0.65, np.nan])
    np.testing.assert_allclose(right, [np.nan, 0.0, 0.5, np.nan])
    assert count.tolist() == [0, 2, 2, 0]


def test_certain_and_impossible_fall_in_the_outer_bins():
    counter = metrics.CalibrationError(bins=10).update([[1.0, 0.0], [0.0, 1.0]], [0, 1])

    assert counter.curve()[2].tolist() == [0] * 9 + [2]
    assert counter.result() == 0


COUNTERS = [
    metrics.Accuracy,
    lambda: metrics.TopKAccuracy(2),
    lambda: metrics.ConfusionMatrix(3),
    lambda: metrics.CalibrationError(5),
]


@pytest.mark.parametrize("make", COUNTERS)
def test_batches_of_unequal_size_count_as_all_at_once(make, rng):
    scores, labels = ops.softmax(rng.normal(size=(50, 3))), rng.integers(0, 3, size=50)
    whole, parts = make().update(scores, labels), make()

    for part in (slice(0, 32), slice(32, 33), slice(33, 50), slice(50, 50)):
        parts.update(scores[part], labels[part])

    np.testing.assert_allclose(parts.result(), whole.result())


@pytest.mark.parametrize("make", [*COUNTERS, metrics.Mean])
def test_reset_forgets_and_nothing_counted_is_nan(make):
    counter = make()
    empty = np.asarray(counter.result(), float)

    counter.update(*((3.0,) if make is metrics.Mean else (SCORES, LABELS)))
    counter.reset()

    np.testing.assert_array_equal(np.asarray(counter.result(), float), empty)
    assert np.isnan(empty).all() or not empty.any()


def test_a_mean_of_losses_counts_the_examples_behind_each():
    mean = metrics.Mean().update(Tensor(1.0), 32).update(4.0, 16)

    assert mean.result() == 2.0
    assert metrics.Mean().update([1.0, 2.0, 6.0]).result() == 3.0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: metrics.accuracy([0, 1], [0]), ShapeError, "one prediction per label"),
        (lambda: metrics.accuracy([0.0, 1.0], [0, 1]), TypeError, "a class with p > 0.5"),
        (lambda: metrics.accuracy(SCORES, np.eye(3)[LABELS]), TypeError, "argmax"),
        (lambda: metrics.top_k_accuracy(SCORES, LABELS + 1), ValueError, r"must be in \[0, 3\)"),
        (lambda: metrics.TopKAccuracy(0), ValueError, "k is a whole number from 1, got 0"),
        (
            lambda: metrics.confusion_matrix([0, 3], [0, 1], classes=2),
            ValueError,
            r"predictions must be in \[0, 2\), got 0 to 3",
        ),
        (
            lambda: metrics.calibration_error(SCORES * 3, LABELS),
            ValueError,
            "apply softmax to scores",
        ),
        (lambda: metrics.TopKAccuracy(1.5), ValueError, r"k is a whole number from 1, got 1\.5"),
        (
            lambda: metrics.accuracy(SCORES[:, :1], LABELS),
            ShapeError,
            r"says yes or no, not which class; give accuracy\(scores\[:, 0\] > 0, labels\)",
        ),
        (
            lambda: metrics.confusion_matrix(SCORES * np.nan, LABELS),
            ValueError,
            r"predictions must be in \[0, 3\), got -1 to -1",
        ),
        (lambda: metrics.CalibrationError(0), ValueError, "bins is a whole number from 1, got 0"),
    ],
)
def test_what_a_metric_refuses_it_explains(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_not_a_number_is_no_right_answer():
    scores = np.array([[np.nan, 0.0], [1.0, 0.0], [0.0, np.nan]])

    assert metrics.accuracy(scores, [0, 0, 1]) == pytest.approx(1 / 3)


def test_one_score_an_example_is_compared_first():
    scores = np.array([[2.0], [-1.0], [0.5]])

    assert metrics.accuracy(scores[:, 0] > 0, [1, 0, 0]) == pytest.approx(2 / 3)


def test_classes_may_be_counted_by_numpy():
    assert metrics.ConfusionMatrix(np.int64(3)).result().shape == (3, 3)
