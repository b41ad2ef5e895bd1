"""Every layer: values by longhand, derivatives, dtypes, array libraries, and what it refuses."""

import array_api_strict
import numpy as np
import pytest

import mlkit
from mlkit import Tensor, device, nn, ops
from mlkit.engine import ShapeError

LAYERS = {
    "Dense": (lambda rng: nn.Dense(3, 4, rng=rng), (5, 3)),
    "Dense without bias": (lambda rng: nn.Dense(3, 4, rng=rng, bias=False), (5, 3)),
    "Dense on sequences": (lambda rng: nn.Dense(3, 2, rng=rng), (2, 5, 3)),
    "Conv2d": (lambda rng: nn.Conv2d(2, 3, 3, rng=rng), (2, 5, 4, 2)),
    "Conv2d same": (lambda rng: nn.Conv2d(2, 3, 3, rng=rng, padding="same"), (2, 4, 4, 2)),
    "Conv2d strides": (
        lambda rng: nn.Conv2d(2, 2, (3, 2), rng=rng, stride=2, padding=1, bias=False),
        (2, 5, 4, 2),
    ),
    "MaxPool2d": (lambda rng: nn.MaxPool2d(2), (2, 4, 4, 2)),
    "MaxPool2d padded": (lambda rng: nn.MaxPool2d(3, 2, 1), (2, 4, 5, 2)),
    "AveragePool2d": (lambda rng: nn.AveragePool2d(3, 2, 1), (2, 4, 5, 2)),
    "Flatten": (lambda rng: nn.Flatten(), (2, 3, 2)),
    "BatchNorm": (lambda rng: nn.BatchNorm(3), (6, 3)),
    "BatchNorm on images": (lambda rng: nn.BatchNorm(2), (3, 2, 4, 2)),
    "BatchNorm in use": (lambda rng: nn.BatchNorm(3).eval(), (6, 3)),
    "LayerNorm": (lambda rng: nn.LayerNorm(4), (3, 4)),
    "LayerNorm over two axes": (lambda rng: nn.LayerNorm((2, 3)), (4, 2, 3)),
    "Dropout in use": (lambda rng: nn.Dropout(0.5, rng=rng).eval(), (4, 3)),
    "ReLU": (lambda rng: nn.ReLU(), (4, 3)),
    "LeakyReLU": (lambda rng: nn.LeakyReLU(0.1), (4, 3)),
    "ELU": (lambda rng: nn.ELU(0.5), (4, 3)),
    "Sigmoid": (lambda rng: nn.Sigmoid(), (4, 3)),
    "Tanh": (lambda rng: nn.Tanh(), (4, 3)),
    "Softmax": (lambda rng: nn.Softmax(), (4, 3)),
    "GELU": (lambda rng: nn.GELU(), (4, 3)),
    "SiLU": (lambda rng: nn.SiLU(), (4, 3)),
    "Softplus": (lambda rng: nn.Softplus(), (4, 3)),
    "Sequential": (
        lambda rng: nn.Sequential(nn.Dense(3, 4, rng=rng), nn.Tanh(), nn.Dense(4, 2, rng=rng)),
        (5, 3),
    ),
}


@pytest.fixture(params=LAYERS)
def case(request, rng):
    make, shape = LAYERS[request.param]
    layer, x = make(rng), rng.normal(size=shape)
    x += np.copysign(0.1, x)  # off the kinks
    for w in layer.parameters():  # off the special values that a new layer has
        w.data = w.data + 0.1 * rng.normal(size=w.data.shape)
    return layer, x


def on(layer, names):
    """The layer as a function of its input and its parameters."""

    def call(x, *values):
        return layer.with_branches(dict(zip(names, values, strict=True)))(x)

    return call


def test_the_derivatives_are_those_of_finite_differences(case, rng):
    layer, x = case
    weights = layer.named_parameters()

    mlkit.check_gradients(
        on(layer, weights), x, *[w.numpy() for w in weights.values()], order=2, rng=rng
    )


def run(layer, x, weights):
    x = Tensor(x, requires_grad=True)
    z = layer(x)
    z.backward(Tensor(weights))
    return [z, x.grad, *(w.grad for w in layer.parameters())]


def test_values_and_derivatives_hold_in_the_strict_array_library(case, rng):
    layer, x = case
    weights = rng.normal(size=layer(x).shape)
    expected = run(layer, x, weights)
    buffers = {name: value.copy() for name, value in layer.state_dict().items()}
    layer.zero_grad()
    strict = array_api_strict.asarray

    layer._convert(strict)
    got = run(layer, strict(x), strict(weights))

    for a, b in zip(got, expected, strict=True):
        assert device.namespace(a.data) is array_api_strict
        np.testing.assert_allclose(device.to_host(a.data), b.numpy(), rtol=1e-11, atol=1e-11)
    assert buffers.keys() == layer.state_dict().keys()


def test_float32_stays_float32(case, rng):
    layer, x = case
    weights = rng.normal(size=layer(x).shape)
    expected = run(layer, x, weights)
    layer.zero_grad()

    layer.astype("float32")
    got = run(layer, x.astype(np.float32), weights.astype(np.float32))

    for a, b in zip(got, expected, strict=True):
        assert a.dtype == np.float32
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-4, atol=1e-4)


def test_an_array_without_a_derivative_may_come_in(case):
    layer, x = case

    assert layer(x).shape == layer(Tensor(x)).shape


def test_dense_is_the_weighted_sum_of_each_input(rng):
    layer = nn.Dense(2, 3, rng=rng)
    layer.bias.data = np.array([10.0, 20.0, 30.0])
    (a, b, c), (d, e, f) = layer.weight.numpy().tolist()

    z = layer([[2.0, 5.0]])

    expected = [2 * a + 5 * d + 10, 2 * b + 5 * e + 20, 2 * c + 5 * f + 30]
    np.testing.assert_allclose(z.numpy(), [expected])


def test_linear_is_dense():
    assert nn.Linear is nn.Dense


def test_conv2d_slides_its_window_without_flipping_it(rng):
    layer = nn.Conv2d(1, 1, 2, rng=rng)
    layer.weight.data = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
    layer.bias.data = np.array([0.5])
    image = np.arange(9.0).reshape(1, 3, 3, 1)

    z = layer(image)

    # 0 1 2 / 3 4 5 / 6 7 8: the first window is 0 * 1 + 1 * 2 + 3 * 3 + 4 * 4
    assert z.numpy().ravel().tolist() == [27.5, 37.5, 57.5, 67.5]


def test_same_padding_keeps_the_size(rng):
    assert nn.Conv2d(1, 2, 5, rng=rng, padding="same")(np.ones((1, 6, 7, 1))).shape == (1, 6, 7, 2)


def test_embedding_gives_the_row_of_each_token_and_adds_up_repeats(rng):
    layer = nn.Embedding(4, 2, rng=rng)

    z = layer([[3, 0], [3, 3]])
    ops.sum(z).backward()

    np.testing.assert_array_equal(z.numpy()[0], layer.weight.numpy()[[3, 0]])
    assert layer.weight.grad.numpy().tolist() == [[1, 1], [0, 0], [0, 0], [3, 3]]


def test_dropout_drops_in_training_and_changes_nothing_in_use():
    layer, x = nn.Dropout(0.25, rng=np.random.default_rng(1)), np.ones((100, 100))

    trained = layer(x)
    used = layer.eval()(x)

    assert set(np.unique(trained)) == {0.0, 4 / 3}
    assert abs((trained == 0).mean() - 0.25) < 0.02
    assert used is x


def test_dropout_goes_on_with_its_rng_and_repeats_with_the_same_seed():
    def masks():
        layer = nn.Dropout(0.5, rng=np.random.default_rng(5))
        return layer(np.ones(50)), layer(np.ones(50))

    first, second = masks()

    assert (first != second).any()
    np.testing.assert_array_equal(masks(), (first, second))


def test_batch_norm_in_training_by_longhand():
    layer = nn.BatchNorm(1, momentum=0.1, epsilon=0.0)
    layer.weight.data, layer.bias.data = np.array([2.0]), np.array([1.0])

    z = layer([[1.0], [2.0], [6.0]])

    variance = (4 + 1 + 9) / 3  # around the mean 3
    np.testing.assert_allclose(
        z.numpy().ravel(), [1 + 2 * d / variance**0.5 for d in (-2, -1, 3)], rtol=1e-12
    )
    np.testing.assert_allclose(layer.running_mean, [0.9 * 0 + 0.1 * 3])
    np.testing.assert_allclose(layer.running_variance, [0.9 * 1 + 0.1 * (4 + 1 + 9) / 2])


def test_batch_norm_in_use_by_longhand():
    layer = nn.BatchNorm(1, epsilon=0.5).eval()
    layer.weight.data, layer.bias.data = np.array([2.0]), np.array([1.0])
    layer.running_mean[...], layer.running_variance[...] = 3.0, 3.5

    z = layer([[5.0], [1.0]])

    assert z.numpy().ravel().tolist() == [1 + 2 * 2 / 2, 1 - 2 * 2 / 2]
    assert layer.running_mean.tolist() == [3.0]


def test_running_statistics_go_on_inside_a_function_of_the_module(rng):
    layer = nn.BatchNorm(2)

    mlkit.grad(lambda m, x: ops.sum(m(x) ** 2))(layer, rng.normal(size=(8, 2)) + 5)

    assert (layer.running_mean > 0.3).all()


def test_batch_norm_of_large_numbers_loses_no_digits(rng):
    x = rng.normal(size=(50, 2))

    shifted = nn.BatchNorm(2)(x + 1e6).numpy()

    np.testing.assert_allclose(shifted, nn.BatchNorm(2)(x).numpy(), atol=1e-8)


def test_layer_norm_by_longhand():
    layer = nn.LayerNorm(3, epsilon=0.0)
    layer.weight.data = np.array([1.0, 2.0, 3.0])

    z = layer([[1.0, 2.0, 6.0]])

    deviation = (14 / 3) ** 0.5
    np.testing.assert_allclose(z.numpy(), [[-2 / deviation, -2 / deviation, 9 / deviation]])


@pytest.mark.parametrize("layer", [nn.LayerNorm(3), nn.BatchNorm(3)], ids=["layer", "batch"])
def test_constant_input_is_normalised_to_zero_with_a_finite_derivative(layer):
    x = Tensor(np.full((4, 3), 7.0), requires_grad=True)

    z = layer(x)
    z.backward(np.ones((4, 3)))

    assert not z.numpy().any()
    assert np.isfinite(x.grad.numpy()).all()


REFUSED = [
    (lambda rng: nn.Dense(0, 3, rng=rng), ValueError, "Dense: inputs must be at least 1, got 0"),
    (lambda rng: nn.Dense(3, 2.5, rng=rng), TypeError, "Dense: outputs is a whole number, got 2.5"),
    (lambda rng: nn.Dense(3, 2), TypeError, "rng"),
    (lambda rng: nn.Dense(3, 2, rng=0), TypeError, r"rng is a generator .* got 0; make one first"),
    (lambda rng: nn.Dropout(0.5, rng=0), TypeError, "Dropout: rng is a generator that all layers"),
    (lambda rng: nn.Dense(3, 2, rng=rng, initial="zeros"), TypeError, "initial is a function such"),
    (
        lambda rng: nn.Embedding(3, 2, rng=rng, initial=lambda shape, rng: np.zeros(shape[::-1])),
        ShapeError,
        r"Embedding: initial must give shape \(3, 2\), got \(2, 3\)",
    ),
    (lambda rng: nn.Conv2d(1, 2, (3, 3, 3), rng=rng), ValueError, r"one number or \(height, width"),
    (lambda rng: nn.Conv2d(1, 2, 3, rng=rng, padding=True), ValueError, "padding is a number from"),
    (lambda rng: nn.MaxPool2d(2)(np.ones((4, 4, 1))), ShapeError, r"max_pool2d: .* x\[None\]"),
    (
        lambda rng: nn.Dense(3, 2, rng=rng)(np.ones((5, 4))),
        ShapeError,
        r"linear: inner sizes must agree, got \(5, 4\) @ \(3, 2\)",
    ),
    (
        lambda rng: nn.Conv2d(1, 2, 2, rng=rng, padding="same"),
        ValueError,
        r'padding="same" needs an odd, square window and stride 1',
    ),
    (lambda rng: nn.Conv2d(1, 2, 3, rng=rng, padding=-1), ValueError, "padding is a number from 0"),
    (
        lambda rng: nn.Conv2d(3, 2, 3, rng=rng)(np.ones((2, 3, 8, 8))),
        ShapeError,
        "channels come last",
    ),
    (lambda rng: nn.MaxPool2d(2, padding=2), ValueError, "padding is at most half of the window"),
    (lambda rng: nn.Dropout(1.0, rng=rng), ValueError, r"Dropout: rate is a share in \[0, 1\)"),
    (lambda rng: nn.BatchNorm(3, momentum=2), ValueError, "momentum is the share of the new batch"),
    (lambda rng: nn.BatchNorm(3)(np.ones((4, 2))), ShapeError, "must have 3 channels"),
    (lambda rng: nn.BatchNorm(3)(np.ones((1, 3))), ShapeError, "for use call eval"),
    (lambda rng: nn.LayerNorm(3)(np.ones((4, 2))), ShapeError, r"x must end in shape \(3,\)"),
    (
        lambda rng: nn.Embedding(3, 2, rng=rng)([3]),
        ValueError,
        r"embedding: tokens must be in \[0, 3\)",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_a_layer_refuses_it_explains(call, error, message, rng):
    with pytest.raises(error, match=message):
        call(rng)
