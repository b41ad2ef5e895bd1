"""The same weights and batches in PyTorch, where it is installed: curves, layers and losses.

PyTorch is no dependency: the formulas in test_optim.py, test_layers.py and test_losses.py stand
for it everywhere else.
"""

import numpy as np
import pytest

from mlkit import Tensor, losses, nn, ops, optim

torch = pytest.importorskip("torch", reason="PyTorch is not installed, and not a dependency")
torch.set_num_threads(1)  # small arrays: threads only wait for each other
F = torch.nn.functional

OPTIMIZERS = {
    "SGD": (lambda p: optim.SGD(p, 0.1), lambda p: torch.optim.SGD(p, 0.1)),
    "momentum": (
        lambda p: optim.SGD(p, 0.1, momentum=0.9),
        lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
    ),
    "Nesterov": (
        lambda p: optim.SGD(p, 0.1, momentum=0.9, nesterov=True, weight_decay=1e-3),
        lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True, weight_decay=1e-3),
    ),
    "RMSProp": (lambda p: optim.RMSProp(p, 1e-3), lambda p: torch.optim.RMSprop(p, 1e-3)),
    "RMSProp, momentum": (
        lambda p: optim.RMSProp(p, 1e-3, momentum=0.9, weight_decay=0.01),
        lambda p: torch.optim.RMSprop(p, 1e-3, momentum=0.9, weight_decay=0.01),
    ),
    "Adam": (lambda p: optim.Adam(p, 1e-3), lambda p: torch.optim.Adam(p, 1e-3)),
    "Adam, decay": (
        lambda p: optim.Adam(p, 1e-3, weight_decay=0.1),
        lambda p: torch.optim.Adam(p, 1e-3, weight_decay=0.1),
    ),
    "AdamW": (
        lambda p: optim.AdamW(p, 1e-3, weight_decay=0.1),
        lambda p: torch.optim.AdamW(p, 1e-3, weight_decay=0.1),
    ),
}


def both_networks(rng, dtype):
    ours = nn.Sequential(nn.Dense(64, 64, rng=rng), nn.ReLU(), nn.Dense(64, 10, rng=rng))
    theirs = torch.nn.Sequential(
        torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)
    ).to(getattr(torch, dtype))
    for i in (0, 2):
        give(theirs[i].weight, ours[i].weight.numpy().T)
        give(theirs[i].bias, ours[i].bias.numpy())
    return ours.astype(dtype), theirs


def give(parameter, values):
    with torch.no_grad():
        parameter.copy_(torch.tensor(np.ascontiguousarray(values)))


@pytest.mark.parametrize(("dtype", "limit"), [("float64", 1e-10), ("float32", 1e-5)])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_200_steps_give_the_same_curve(name, dtype, limit, rng):
    model, network = both_networks(rng, dtype)
    ours, theirs = (make(x.parameters()) for make, x in zip(
        OPTIMIZERS[name], (model, network), strict=True
    ))  # fmt: skip
    images, labels = rng.random((1797, 64)).astype(dtype), rng.integers(0, 10, size=1797)

    for _ in range(200):
        batch = rng.integers(0, 1797, size=32)
        x, y = images[batch], labels[batch]
        ours.zero_grad()
        loss = losses.cross_entropy(model(x), y)
        loss.backward()
        ours.step()
        theirs.zero_grad()
        expected = F.cross_entropy(network(torch.from_numpy(x)), torch.from_numpy(y))
        expected.backward()
        theirs.step()

        assert abs(loss.item() - expected.item()) < limit


def channels_first(x):
    return np.ascontiguousarray(np.moveaxis(x, -1, 1))


def compare(layer, twin, x, pairs, turn=lambda x: x):
    """Values and derivatives of a layer and its twin; pairs: (ours, theirs, how to turn ours)."""
    a, b = Tensor(x, requires_grad=True), torch.tensor(turn(x), requires_grad=True)
    z, expected = layer(a), twin(b)
    g = np.random.default_rng(0).normal(size=z.shape)
    for parameter, other, _ in pairs:
        parameter.grad = other.grad = None
    z.backward(g)
    expected.backward(torch.tensor(turn(g)))
    both = [(turn(z.numpy()), expected), (turn(a.grad.numpy()), b.grad)]
    both += [(turned(p.grad.numpy()), other.grad) for p, other, turned in pairs]
    for got, right in both:
        np.testing.assert_allclose(got, right.detach().numpy(), rtol=1e-11, atol=1e-12)


def same(x):
    return x


def norm_pairs(layer, twin, rng):
    pairs = [(layer.weight, twin.weight, same), (layer.bias, twin.bias, same)]
    for ours, theirs, _ in pairs:
        ours.data = rng.normal(size=ours.data.shape)
        give(theirs, ours.numpy())
    return pairs


def test_batch_norm_in_training_and_in_use(rng):
    layer, twin = nn.BatchNorm(5), torch.nn.BatchNorm2d(5, dtype=torch.float64)
    pairs = norm_pairs(layer, twin, rng)

    for training in (True, True, True, False):
        layer.train(training)
        twin.train(training)
        compare(layer, twin, 3 * rng.normal(size=(6, 4, 3, 5)) + 1, pairs, channels_first)

    np.testing.assert_allclose(layer.running_mean, twin.running_mean, rtol=1e-12)
    np.testing.assert_allclose(layer.running_variance, twin.running_var, rtol=1e-12)


@pytest.mark.parametrize("shape", [(5,), (3, 5)])
def test_layer_norm(shape, rng):
    layer, twin = nn.LayerNorm(shape), torch.nn.LayerNorm(shape, dtype=torch.float64)

    compare(layer, twin, rng.normal(size=(6, 3, 5)), norm_pairs(layer, twin, rng))


@pytest.mark.parametrize(("stride", "padding", "size"), [(1, 0, 3), (2, 1, 3), (1, 2, (5, 3))])
def test_conv2d(stride, padding, size, rng):
    layer = nn.Conv2d(3, 4, size, rng=rng, stride=stride, padding=padding)
    twin = torch.nn.Conv2d(3, 4, size, stride=stride, padding=padding, dtype=torch.float64)
    give(twin.weight, layer.weight.numpy().transpose(3, 2, 0, 1))
    give(twin.bias, layer.bias.numpy())
    pairs = [
        (layer.weight, twin.weight, lambda w: w.transpose(3, 2, 0, 1)),
        (layer.bias, twin.bias, same),
    ]

    compare(layer, twin, rng.normal(size=(2, 9, 8, 3)), pairs, channels_first)


def test_embedding(rng):
    layer, tokens = nn.Embedding(7, 3, rng=rng), rng.integers(0, 7, size=(4, 5))
    weight = torch.tensor(layer.weight.numpy(), requires_grad=True)
    z, expected = layer(tokens), F.embedding(torch.tensor(tokens), weight)
    g = rng.normal(size=z.shape)

    z.backward(g)
    expected.backward(torch.tensor(g))

    np.testing.assert_array_equal(z.numpy(), expected.detach())
    np.testing.assert_allclose(layer.weight.grad.numpy(), weight.grad, rtol=1e-12)


@pytest.mark.parametrize(
    ("layer", "twin"),
    [
        (nn.MaxPool2d(2), torch.nn.MaxPool2d(2)),
        (nn.MaxPool2d(3, 2, 1), torch.nn.MaxPool2d(3, 2, 1)),
        (nn.AveragePool2d(3, 2, 1), torch.nn.AvgPool2d(3, 2, 1)),
        (nn.LeakyReLU(0.1), torch.nn.LeakyReLU(0.1)),
        (nn.ELU(0.7), torch.nn.ELU(0.7)),
        (nn.GELU(), torch.nn.GELU("tanh")),
        (nn.SiLU(), torch.nn.SiLU()),
        (nn.Softplus(), torch.nn.Softplus()),
        (nn.Sigmoid(), torch.nn.Sigmoid()),
        (nn.Tanh(), torch.nn.Tanh()),
        (nn.Softmax(), torch.nn.Softmax(1)),
    ],
    ids=lambda layer: repr(layer) if isinstance(layer, nn.Module) else "",
)
def test_layers_without_weights(layer, twin, rng):
    compare(layer, twin, 3 * rng.normal(size=(2, 9, 8, 3)), [], channels_first)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("soft", [False, True])
def test_cross_entropy(reduction, weighed, smoothing, soft, rng):
    z, weights = 2 * rng.normal(size=(9, 4)), rng.random(4) + 0.1 if weighed else None
    labels = rng.dirichlet(np.ones(4), 9) if soft else rng.integers(0, 4, size=9)

    def theirs(logits):
        return F.cross_entropy(
            logits,
            torch.tensor(labels),
            None if weights is None else torch.tensor(weights),
            reduction=reduction,
            label_smoothing=smoothing,
        )

    compare(lambda z: losses.cross_entropy(z, labels, weights, smoothing, reduction), theirs, z, [])


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (losses.mean_squared_error, F.mse_loss),
        (losses.mean_absolute_error, F.l1_loss),
        (losses.binary_cross_entropy, F.binary_cross_entropy_with_logits),
        (losses.binary_cross_entropy_from_probabilities, F.binary_cross_entropy),
    ],
)
def test_losses_of_each_element(ours, theirs, reduction, rng):
    x, y = rng.random((9, 4)), (rng.random((9, 4)) < 0.5).astype(float)

    compare(
        lambda x: ours(x, y, reduction=reduction),
        lambda x: theirs(x, torch.tensor(y), reduction=reduction),
        x,
        [],
    )


def test_a_weight_for_yes(rng):
    z, y = rng.normal(size=(9, 4)), (rng.random((9, 4)) < 0.5).astype(float)

    def theirs(z):
        weight = torch.tensor(3.0)
        return F.binary_cross_entropy_with_logits(z, torch.tensor(y), pos_weight=weight)

    compare(lambda z: losses.binary_cross_entropy(z, y, 3.0), theirs, z, [])


def test_divergence(rng):
    p, q = rng.dirichlet(np.ones(4), 9), ops.softmax(rng.normal(size=(9, 4)))

    compare(
        lambda q: losses.kl_divergence(p, q),
        lambda q: F.kl_div(q.log(), torch.tensor(p), reduction="batchmean"),
        q,
        [],
    )
