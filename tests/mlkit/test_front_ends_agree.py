"""The three front doors give the same derivatives of the same networks, to 1e-12."""

import numpy as np
import pytest

from mlkit import (
    GradientTape,
    Variable,
    checkpoint,
    cross_entropy,
    grad,
    jacfwd,
    jacrev,
    jvp,
    linear,
    log_softmax,
    ops,
    relu,
    softmax,
    tensor,
    vjp,
)

X = np.random.default_rng(1).normal(size=(7, 4))
LABELS = np.array([0, 2, 1, 1, 0, 2, 2])


def perceptron(w):
    return cross_entropy(linear(relu(linear(X, w["in"], w["b"])), w["out"], w["c"]), LABELS)


def shared_weights(w):
    """One weight used at three depths, one branch masked, logits squashed."""
    h = X @ w["in"] + w["b"]
    for _ in range(3):
        h = ops.tanh(h @ (w["out"] @ w["out"].T) + 0.1 * h)
    return ops.mean(ops.where(h > 0, ops.log1p(ops.abs(h)), h * h)) + ops.sum(w["c"] ** 3)


def attention(w):
    keys = X @ w["in"]
    scores = softmax(keys @ keys.T * w["b"][0], axis=-1)
    return -ops.mean(log_softmax((scores @ keys) @ w["out"] + w["c"])[np.arange(7), LABELS])


def in_plain_numpy(w):
    z = np.maximum(X @ w["in"] + w["b"], 0) @ w["out"] + w["c"]
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(7), LABELS])) + np.sum(np.square(w["in"])) * 0.01


NETWORKS = [perceptron, shared_weights, attention, in_plain_numpy]


@pytest.fixture
def weights():
    rng = np.random.default_rng(2)
    shapes = {"in": (4, 5), "b": (5,), "out": (5, 3), "c": (3,)}
    return {name: rng.normal(size=shape) * 0.7 for name, shape in shapes.items()}


def through_the_tape(network, weights):
    w = {name: Variable(value) for name, value in weights.items()}
    with GradientTape() as tape:
        loss = network(w)
    return {name: g.numpy() for name, g in tape.gradient(loss, w).items()}


def through_backward(network, weights):
    w = {name: tensor(value, requires_grad=True) for name, value in weights.items()}
    network(w).backward()
    return {name: x.grad.numpy() for name, x in w.items()}


def through_grad(network, weights):
    return grad(network)(weights)


def through_jvp(network, weights):
    """Forward mode, one push for each number."""
    return jacfwd(network)(weights)


def through_checkpoint(network, weights):
    return grad(checkpoint(network))(weights)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("door", [through_backward, through_grad, through_jvp, through_checkpoint])
def test_every_door_gives_what_the_tape_gives(network, door, weights):
    expected = through_the_tape(network, weights)

    got = door(network, weights)

    assert got.keys() == expected.keys()
    for name in expected:
        assert np.abs(expected[name]).max() > 1e-4  # there is something to compare
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_tape_gives_what_finite_differences_give(network, weights):
    got = through_the_tape(network, weights)
    rng = np.random.default_rng(3)
    along = {name: rng.normal(size=w.shape) for name, w in weights.items()}

    def at(t):
        return float(network({name: w + t * along[name] for name, w in weights.items()}))

    expected = (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3
    assert sum(np.sum(got[n] * along[n]) for n in got) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("network", NETWORKS)
def test_second_derivatives_agree_along_a_direction(network, weights):
    rng = np.random.default_rng(4)
    along = {name: rng.normal(size=w.shape) for name, w in weights.items()}

    w = {name: Variable(value) for name, value in weights.items()}
    with GradientTape() as outer:
        with GradientTape() as inner:
            loss = network(w)
        slope = sum(ops.sum(g * along[n]) for n, g in inner.gradient(loss, w).items())
    by_tape = outer.gradient(slope, w, unconnected_gradients="zero")

    x = {name: tensor(value, requires_grad=True) for name, value in weights.items()}
    network(x).backward(create_graph=True)
    slope = sum(ops.sum(x[n].grad * along[n]) for n in x)
    for leaf in x.values():
        leaf.zero_grad()
    slope.backward()

    forward_over_reverse = jvp(grad(network), (weights,), (along,))[1]
    reverse_over_forward = grad(lambda w: jvp(network, (w,), (along,))[1])(weights)
    reverse_over_reverse = vjp(grad(network), weights)[1](along)[0]
    forward_over_forward = jacfwd(lambda w: jvp(network, (w,), (along,))[1])(weights)
    for name, expected in by_tape.items():
        for got in (
            x[name].grad,
            forward_over_reverse[name],
            reverse_over_forward[name],
            reverse_over_reverse[name],
            forward_over_forward[name],
        ):
            np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-11)


def test_jacobians_agree(rng):
    x, w = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))

    def function(x):
        return softmax(ops.tanh(x) @ w, axis=0)

    v = Variable(x)
    with GradientTape() as tape:
        y = function(v)
    by_tape = tape.jacobian(y, v)

    assert by_tape.shape == (3, 2, 3, 4)
    np.testing.assert_allclose(jacrev(function)(x), by_tape, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(jacfwd(function)(x), by_tape, rtol=1e-12, atol=1e-14)
