"""Losses: values by longhand, derivatives, the edges of probabilities, and what they refuse."""

import math
import warnings

import array_api_strict
import numpy as np
import pytest

import mlkit
from mlkit import Tensor, device, losses, ops
from mlkit.engine import ShapeError

LOGITS = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, 1.0], [1.0, 1.0, -2.0], [0.3, 0.2, 0.1]])
LABELS = np.array([0, 1, 2, 1])
SOFT = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0], [0.3, 0.3, 0.4], [0.25, 0.5, 0.25]])
WEIGHTS = np.array([1.0, 2.0, 0.5])
YES = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.5], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def probabilities(row):
    e = [math.exp(z) for z in row]
    return [x / sum(e) for x in e]


def surprise(targets, weights=(1, 1, 1), smoothing=0.0):
    """Cross-entropy of each example, one class at a time."""
    result = []
    for row, target in zip(LOGITS.tolist(), targets, strict=True):
        smooth = [(1 - smoothing) * t + smoothing / 3 for t in target]
        terms = zip(weights, smooth, probabilities(row), strict=True)
        result.append(-sum(w * t * math.log(p) for w, t, p in terms))
    return result


FROM_PROBABILITIES = losses.binary_cross_entropy_from_probabilities
ONE_HOT = np.eye(3)[LABELS].tolist()
COUNTS = WEIGHTS[LABELS]
MIXED = surprise(ONE_HOT, WEIGHTS, 0.1)
EXPECTED = [
    ({}, LABELS, np.mean(surprise(ONE_HOT))),
    ({}, SOFT, np.mean(surprise(SOFT.tolist()))),
    ({"reduction": "sum"}, LABELS, np.sum(surprise(ONE_HOT))),
    ({"reduction": "none"}, LABELS, surprise(ONE_HOT)),
    ({"label_smoothing": 0.3}, LABELS, np.mean(surprise(ONE_HOT, smoothing=0.3))),
    ({"class_weights": WEIGHTS}, LABELS, np.sum(surprise(ONE_HOT, WEIGHTS)) / COUNTS.sum()),
    ({"class_weights": WEIGHTS}, SOFT, np.mean(surprise(SOFT.tolist(), WEIGHTS))),
    ({"class_weights": WEIGHTS, "label_smoothing": 0.1}, LABELS, np.sum(MIXED) / COUNTS.sum()),
    ({"class_weights": WEIGHTS, "label_smoothing": 0.1, "reduction": "none"}, LABELS, MIXED),
]
each_kind = pytest.mark.parametrize(("options", "labels", "expected"), EXPECTED)


@each_kind
def test_cross_entropy_from_scores(options, labels, expected):
    np.testing.assert_allclose(losses.cross_entropy(LOGITS, labels, **options), expected)


@each_kind
def test_cross_entropy_from_probabilities(options, labels, expected):
    p = np.array([probabilities(row) for row in LOGITS])

    got = losses.cross_entropy_from_probabilities(p, labels, **options)

    np.testing.assert_allclose(got, expected)


@pytest.mark.parametrize(("reduction", "reduce"), [("mean", np.mean), ("sum", np.sum)])
def test_binary_cross_entropy_from_both(reduction, reduce):
    terms = []
    for z, y in zip(LOGITS.ravel(), YES.ravel(), strict=True):
        p = 1 / (1 + math.exp(-z))
        terms.append(-(3 * y * math.log(p) + (1 - y) * math.log(1 - p)))

    scores = losses.binary_cross_entropy(LOGITS, YES, 3.0, reduction)
    shares = losses.binary_cross_entropy_from_probabilities(
        ops.sigmoid(LOGITS), YES, 3.0, reduction
    )

    np.testing.assert_allclose([scores, shares], reduce(terms))


def test_binary_cross_entropy_of_each_element():
    each = losses.binary_cross_entropy(LOGITS, YES, reduction="none")

    assert each.shape == LOGITS.shape
    np.testing.assert_allclose(each.mean(), losses.binary_cross_entropy(LOGITS, YES))


def test_squared_and_absolute_errors():
    predictions, targets = [[1.0, 2.0], [3.0, 5.0]], [[1, 4], [0, 5]]

    assert losses.mse(predictions, targets) == (0 + 4 + 9 + 0) / 4
    assert losses.mae(predictions, targets, "sum") == 0 + 2 + 3 + 0
    assert losses.mae(predictions, targets, "none").tolist() == [[0, 2], [3, 0]]


def test_divergence_is_cross_entropy_less_entropy():
    q = np.array([probabilities(row) for row in LOGITS])
    terms = [
        sum(a * math.log(a / b) for a, b in zip(p, r, strict=True) if a)
        for p, r in zip(SOFT.tolist(), q.tolist(), strict=True)
    ]

    np.testing.assert_allclose(losses.kl_divergence(SOFT, q), np.mean(terms))
    assert losses.kl_divergence(SOFT, SOFT) == pytest.approx(0, abs=1e-15)


def softmax_first(loss):
    return lambda z: loss(ops.softmax(z))


SMOOTH = {
    "cross-entropy": lambda z: losses.cross_entropy(z, LABELS),
    "weighed": lambda z: losses.cross_entropy(z, LABELS, WEIGHTS, 0.1),
    "soft": lambda z: losses.cross_entropy(z, SOFT, reduction="sum"),
    "from probabilities": softmax_first(
        lambda p: losses.cross_entropy_from_probabilities(p, LABELS, WEIGHTS)
    ),
    "binary": lambda z: losses.binary_cross_entropy(z, YES, 2.0),
    "binary from probabilities": lambda z: losses.binary_cross_entropy_from_probabilities(
        ops.sigmoid(z), YES
    ),
    "divergence": softmax_first(lambda q: losses.kl_divergence(SOFT, q)),
    "divergence of p": softmax_first(lambda p: losses.kl_divergence(p, SOFT + 0.1 - 0.3 * SOFT)),
    "squared": lambda z: losses.mean_squared_error(z, YES),
    "absolute": lambda z: losses.mean_absolute_error(z, YES + 0.05, "none"),
}


@pytest.mark.parametrize("loss", SMOOTH.values(), ids=SMOOTH)
def test_the_derivatives_are_those_of_finite_differences(loss):
    mlkit.check_gradients(loss, LOGITS, order=2)


@pytest.mark.parametrize("loss", SMOOTH.values(), ids=SMOOTH)
def test_float32_scores_give_a_float32_loss(loss):
    z = Tensor(LOGITS.astype(np.float32), requires_grad=True)

    assert loss(z).dtype == np.float32


STRICT = array_api_strict.asarray


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        (losses.cross_entropy, LABELS),
        (lambda z, y: losses.cross_entropy(z, y, WEIGHTS, 0.1), LABELS),
        (losses.cross_entropy, SOFT),
        (lambda z, y: losses.cross_entropy_from_probabilities(ops.softmax(z), y), LABELS),
        (lambda z, y: losses.binary_cross_entropy(z, y, 2.0), YES),
        (lambda z, y: losses.binary_cross_entropy_from_probabilities(ops.sigmoid(z), y), YES),
        (lambda z, y: losses.kl_divergence(y, ops.softmax(z)), SOFT),
        (losses.mean_squared_error, YES),
        (losses.mean_absolute_error, YES),
    ],
)
def test_losses_run_in_the_strict_array_library(loss, targets):
    z = Tensor(STRICT(LOGITS), requires_grad=True)
    value = loss(z, STRICT(targets))
    value.backward()

    assert device.namespace(z.grad.data) is array_api_strict
    assert np.isfinite(device.to_host(z.grad.data)).all()


EDGES = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "loss",
    [
        lambda p: losses.cross_entropy_from_probabilities(p, np.array([1, 1])),
        lambda p: losses.binary_cross_entropy_from_probabilities(p, 1 - EDGES),
        lambda p: losses.kl_divergence(p, EDGES[::-1]),
        lambda p: losses.kl_divergence(EDGES[::-1], p),
    ],
)
def test_at_zero_and_one_loss_and_derivative_are_finite_and_point_the_right_way(loss, dtype):
    p = Tensor(EDGES.astype(dtype), requires_grad=True)

    value = loss(p)
    value.backward()

    assert 5 < value.item() < 100
    g = p.grad.numpy()
    assert np.isfinite(g).all()
    assert g[0, 0] - g[0, 1] > 1  # from the class that is wrong to the one that is right


def test_huge_scores_give_finite_losses_and_derivatives():
    z = Tensor([[1e4, -1e4, 0.0]], requires_grad=True)

    loss = losses.cross_entropy(z, [1], label_smoothing=0.1)
    loss.backward()

    assert math.isfinite(loss.item())
    np.testing.assert_allclose(z.grad.numpy(), [[1 - 0.1 / 3, -0.9 - 0.1 / 3, -0.1 / 3]])


@pytest.mark.parametrize(
    "z",
    [
        ops.softmax(LOGITS),
        Tensor(ops.softmax(LOGITS)),
        ops.softmax(Tensor(LOGITS, requires_grad=True)),
    ],
)
def test_probabilities_in_place_of_scores_earn_a_hint(z):
    with pytest.warns(UserWarning, match="these look like probabilities") as caught:
        losses.cross_entropy(z, LABELS)

    assert caught[0].filename == __file__


@pytest.mark.parametrize("z", [LOGITS, np.zeros((4, 3)), np.ones((4, 3)), np.ones((4, 1))])
def test_scores_earn_none(z):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        losses.cross_entropy(z, np.zeros(4, int))


def test_what_a_sigmoid_gave_earns_a_hint():
    p = ops.sigmoid(Tensor(LOGITS, requires_grad=True))

    with pytest.warns(UserWarning, match="got what sigmoid gave") as caught:
        losses.binary_cross_entropy(p, YES)

    assert caught[0].filename == __file__


REFUSED = [
    (lambda: losses.mse(np.ones(3), np.ones((3, 1))), ShapeError, "every one would meet every"),
    (lambda: losses.mse([1.0], [2.0], "average"), ValueError, 'reduction is "mean", "sum" or'),
    (lambda: losses.cross_entropy(LOGITS, [0, 1]), ShapeError, "one label per row of scores"),
    (
        lambda: losses.cross_entropy(LOGITS, LABELS + 2, label_smoothing=0.1),
        ValueError,
        r"labels must be in \[0, 3\)",
    ),
    (
        lambda: losses.cross_entropy(LOGITS, LABELS * 1.0, label_smoothing=0.1),
        TypeError,
        "labels are class numbers",
    ),
    (lambda: losses.cross_entropy(LOGITS, LABELS, [1.0, 2.0]), ShapeError, "one class weight per"),
    (
        lambda: losses.cross_entropy(LOGITS, LABELS, label_smoothing=2),
        ValueError,
        "label_smoothing is a share",
    ),
    (
        lambda: losses.cross_entropy_from_probabilities(LOGITS, LABELS),
        ValueError,
        "got numbers from -2 to 3; for scores use cross_entropy",
    ),
    (
        lambda: losses.cross_entropy_from_probabilities(np.abs(LOGITS) / 10, LABELS),
        ValueError,
        "got rows that sum to 0.06 to 0.4",
    ),
    (lambda: FROM_PROBABILITIES(LOGITS, YES), ValueError, "for scores use binary_cross_entropy"),
    (lambda: losses.kl_divergence(SOFT, LOGITS), ValueError, "apply softmax to scores"),
    (lambda: losses.kl_divergence(SOFT, SOFT[:2]), ShapeError, "needs one shape"),
    (lambda: losses.cross_entropy(LOGITS, LOGITS), ValueError, "got -2 as the smallest .* scores"),
    (lambda: losses.cross_entropy(LOGITS, 2 * SOFT), ValueError, "and sums to 2; are they scores"),
    (lambda: losses.cross_entropy(LOGITS, LABELS, -WEIGHTS), ValueError, "weights are from 0, got"),
    (lambda: losses.binary_cross_entropy(LOGITS, 2 * YES - 1), ValueError, "0 or 1, .* got -1 to"),
    (lambda: FROM_PROBABILITIES(YES, 2 * YES - 1), ValueError, r"with \(labels \+ 1\) / 2"),
]


def test_whole_numbers_do_not_run_over():
    small, large = np.array([0, 250], np.uint8), np.array([20, 0], np.uint8)

    assert losses.mean_squared_error(small, large) == (20**2 + 250**2) / 2
    assert losses.mean_absolute_error(small, large) == (20 + 250) / 2
    assert losses.mean_squared_error([True], [False]) == 1


def test_one_example_may_stand_alone():
    assert losses.cross_entropy(LOGITS[0], 0) == pytest.approx(surprise(ONE_HOT)[0])


def test_compiled_losses_look_at_labels_too():
    compiled = mlkit.jit(losses.cross_entropy)
    compiled(LOGITS, SOFT)

    with pytest.raises(ValueError, match="are they scores"):
        compiled(LOGITS, 2 * SOFT)


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_a_loss_refuses_it_explains(call, error, message):
    with pytest.raises(error, match=message):
        call()
