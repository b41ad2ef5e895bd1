"""Softmax, log-sum-exp, cross-entropy and divergence where naive formulas fail; no warning ever."""

import numpy as np
import pytest

import mlkit
from mlkit.gradcheck import gradients

INF = np.inf


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([1, 2, 3], [0.09003057, 0.24472847, 0.66524096]),
        ([1000, 1001, 1002], [0.09003057, 0.24472847, 0.66524096]),
        ([-1000, -1001], [0.73105858, 0.26894142]),
        ([0, 1000], [0, 1]),
        ([1, -INF, 3], [0.11920292, 0, 0.88079708]),
        ([[0, 1], [1000, 1001]], [[0.26894142, 0.73105858]] * 2),
        ([-INF, -INF], [np.nan, np.nan]),
        ([[-INF, -INF], [0, 0]], [[np.nan, np.nan], [0.5, 0.5]]),
    ],
)
def test_softmax_values(scores, expected):
    np.testing.assert_allclose(mlkit.softmax(scores), expected, rtol=1e-7)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([1, 2, 3], 3.40760596),
        ([0, 0], 0.69314718),
        ([1000, 1000], 1000.69314718),
        ([-INF, -INF], -INF),
        ([INF, 0], INF),
    ],
)
def test_logsumexp_values(scores, expected):
    np.testing.assert_allclose(mlkit.logsumexp(scores), expected, rtol=1e-8)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([0, -1000], [0, -1000]), ([0, -100], [0, -100]), ([-INF, 0], [-INF, 0])],
)
def test_log_softmax_keeps_what_softmax_loses(scores, expected):
    np.testing.assert_allclose(mlkit.log_softmax(scores), expected)


def test_log_softmax_of_a_row_without_a_distribution_is_nan():
    assert np.isnan(mlkit.log_softmax([-INF, -INF])).all()


@pytest.mark.parametrize(
    ("p", "q", "expected"),
    [
        ([0.9, 0.1], [0.5, 0.5], 0.36806421),
        ([0, 1], [0.5, 0.5], np.log(2)),
        ([0, 1], [0, 1], 0),
        ([0.5, 0.5], [0, 1], INF),
    ],
)
def test_divergence_values(p, q, expected):
    np.testing.assert_allclose(mlkit.kl_divergence(p, q), expected, atol=1e-12)


def test_a_term_of_the_divergence_that_is_zero_sends_no_gradient():
    p, q = np.array([0.0, 1.0]), np.array([0.0, 0.5])

    for_p, for_q = gradients(mlkit.kl_divergence, [p, q], [1.0])

    np.testing.assert_allclose(for_p, [0, np.log(2) + 1])
    np.testing.assert_allclose(for_q, [0, -2])


def test_cross_entropy_by_hand():
    z = [[2, 0, -1], [0, 1, 3]]
    rows = [np.log(np.exp(2) + 1 + np.exp(-1)) - 2, np.log(1 + np.e + np.exp(3)) - 1]

    assert mlkit.cross_entropy(z, [0, 1]) == pytest.approx(np.mean(rows))


def test_the_gradient_of_cross_entropy_is_p_minus_y_over_n():
    z, labels = np.array([[2.0, 0, -1], [0, 1, 3]]), np.array([0, 1])

    (g,) = gradients(lambda z: mlkit.cross_entropy(z, labels), [z], [1.0])

    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(g, (p - [[1, 0, 0], [0, 1, 0]]) / 2)


def test_cross_entropy_of_confident_scores_is_finite():
    assert mlkit.cross_entropy([[0.0, 1000.0]], [0]) == 1000


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([0, 3], ValueError, r"labels must be in \[0, 3\), got 0 to 3"),
        ([-1, 0], ValueError, r"labels must be in \[0, 3\), got -1 to 0"),
        ([0], mlkit.ShapeError, r"got scores \(2, 3\) and labels \(1,\)"),
        ([[1.0, 0, 0], [0, 1, 0]], TypeError, r"labels are class numbers \(ints\), got float64"),
    ],
)
def test_labels_that_cannot_be_right_are_refused(labels, error, message):
    with pytest.raises(error, match=message):
        mlkit.cross_entropy(np.zeros((2, 3)), labels)


@pytest.mark.parametrize("x", [-800.0, -40.0, 0.0, 40.0, 800.0])
def test_sigmoid_and_softplus_do_not_overflow(x):
    assert mlkit.sigmoid(x) == pytest.approx(0.5 * (1 + np.tanh(x / 2)))
    assert mlkit.softplus(x) == pytest.approx(np.logaddexp(0, x))


def test_labels_in_a_byte_index_a_batch_larger_than_a_byte():
    logits = np.zeros((300, 3))
    logits[:, 1] = 5.0
    labels = np.ones(300, np.uint8)

    loss = mlkit.cross_entropy(logits, labels)
    g = gradients(lambda x: mlkit.cross_entropy(x, labels), [logits], [np.ones(())])[0]

    assert float(loss) == pytest.approx(np.log1p(2 * np.exp(-5)))
    np.testing.assert_allclose(g, (mlkit.softmax(logits) - np.eye(3)[labels]) / 300)
