"""Optimisers against their published formulas, written out number by number."""

import math
import tracemalloc

import array_api_strict
import numpy as np
import pytest

import mlkit
from mlkit import Tensor, device, nn, optim, tensor
from mlkit.optim import place

STEPS, RATE = 200, 0.05


# Published rules on one number: (w, g, what is remembered, step from 1) -> (w, remembered).


def sgd(w, g, memory, t):
    return w - RATE * g, memory


def sgd_decayed(w, g, memory, t):
    return w - RATE * (g + 0.1 * w), memory


def momentum(w, g, memory, t):
    v = 0.9 * memory.get("v", 0.0) + g
    return w - RATE * v, {"v": v}


def nesterov(w, g, memory, t):
    g = g + 0.01 * w
    v = 0.9 * memory.get("v", 0.0) + g
    return w - RATE * (g + 0.9 * v), {"v": v}


def rms_prop(w, g, memory, t):
    r = 0.99 * memory.get("r", 0.0) + 0.01 * g**2
    return w - RATE * g / (math.sqrt(r) + 1e-8), {"r": r}


def rms_prop_momentum(w, g, memory, t):
    g = g + 0.1 * w
    r = 0.9 * memory.get("r", 0.0) + 0.1 * g**2
    v = 0.5 * memory.get("v", 0.0) + g / (math.sqrt(r) + 1e-6)
    return w - RATE * v, {"r": r, "v": v}


def adam(w, g, memory, t, decay=0.0):
    m = 0.9 * memory.get("m", 0.0) + 0.1 * g
    v = 0.999 * memory.get("v", 0.0) + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    w = w - RATE * decay * w
    return w - RATE * m_hat / (math.sqrt(v_hat) + 1e-8), {"m": m, "v": v}


def adam_with_decay(w, g, memory, t):
    return adam(w, g + 0.1 * w, memory, t)


def adam_w(w, g, memory, t):
    return adam(w, g, memory, t, decay=0.1)


RULES = {
    "SGD": (sgd, lambda p: optim.SGD(p, RATE)),
    "SGD, decay": (sgd_decayed, lambda p: optim.SGD(p, RATE, weight_decay=0.1)),
    "momentum": (momentum, lambda p: optim.SGD(p, RATE, momentum=0.9)),
    "Nesterov": (
        nesterov,
        lambda p: optim.SGD(p, RATE, momentum=0.9, nesterov=True, weight_decay=0.01),
    ),
    "RMSProp": (rms_prop, lambda p: optim.RMSProp(p, RATE)),
    "RMSProp, momentum": (
        rms_prop_momentum,
        lambda p: optim.RMSProp(p, RATE, decay=0.9, epsilon=1e-6, momentum=0.5, weight_decay=0.1),
    ),
    "Adam": (adam, lambda p: optim.Adam(p, RATE)),
    "Adam, decay": (adam_with_decay, lambda p: optim.Adam(p, RATE, weight_decay=0.1)),
    "AdamW": (adam_w, lambda p: optim.AdamW(p, RATE, weight_decay=0.1)),
}
each_rule = pytest.mark.parametrize("name", RULES)


def batches(rng):
    """The same data each time: three clouds, 32 examples a step."""
    labels = rng.integers(0, 3, size=(STEPS, 32))
    return rng.normal(size=(STEPS, 32, 6)) + 2 * np.eye(3, 6)[labels], labels


def by_hand(weights, x, labels):
    """Loss of a network 6-5-3 with tanh, and the gradient of each weight, in closed form."""
    w1, b1, w2, b2 = weights
    h = np.tanh(x @ w1 + b1)
    z = h @ w2 + b2
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    dz = p / len(labels)
    dh = dz @ w2.T * (1 - h * h)
    return loss, [x.T @ dh, dh.sum(0), h.T @ dz, dz.sum(0)]


def longhand(rule, weights, xs, ys):
    """The losses of training, each number of each weight moved on its own."""
    weights, losses = [w.copy() for w in weights], []
    memories = [{i: {} for i in np.ndindex(w.shape)} for w in weights]
    for t, (x, y) in enumerate(zip(xs, ys, strict=True), start=1):
        loss, gradients = by_hand(weights, x, y)
        losses.append(loss)
        for w, g, memory in zip(weights, gradients, memories, strict=True):
            for i in memory:
                w[i], memory[i] = rule(float(w[i]), float(g[i]), memory[i], t)
    return losses


def network(rng):
    return nn.Sequential(nn.Dense(6, 5, rng=rng), nn.Tanh(), nn.Dense(5, 3, rng=rng))


def train(model, optimizer, xs, ys):
    losses = []
    for x, y in zip(xs, ys, strict=True):
        optimizer.zero_grad()
        loss = mlkit.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@each_rule
def test_200_steps_give_the_curve_of_the_published_formula(name, rng):
    rule, make = RULES[name]
    model, (xs, ys) = network(rng), batches(rng)
    expected = longhand(rule, [w.numpy() for w in model.parameters()], xs, ys)

    losses = train(model, make(model.parameters()), xs, ys)

    np.testing.assert_allclose(losses, expected, rtol=1e-10)
    assert losses[-1] < 0.5 * losses[0]


@each_rule
def test_float32_follows_the_same_curve(name, rng):
    rule, make = RULES[name]
    model, (xs, ys) = network(rng), batches(rng)
    expected = longhand(rule, [w.numpy() for w in model.parameters()], xs[:50], ys[:50])
    model.astype("float32")

    losses = train(model, make(model.parameters()), xs[:50].astype(np.float32), ys[:50])

    assert all(w.data.dtype == np.float32 for w in model.parameters())
    np.testing.assert_allclose(losses, expected, rtol=1e-4)


@each_rule
def test_the_rule_holds_in_the_strict_array_library(name, rng):
    w, gradients = rng.normal(size=(3, 2)), rng.normal(size=(5, 3, 2))
    one, two = (
        RULES[name][1]([tensor(w, requires_grad=True)]),
        RULES[name][1]([Tensor(array_api_strict.asarray(w), requires_grad=True)]),
    )

    for g in gradients:
        one.step([g])
        two.step([array_api_strict.asarray(g)])

    strict = two.parameters[0].data
    assert device.namespace(strict) is array_api_strict
    np.testing.assert_allclose(device.to_host(strict), one.parameters[0].numpy(), rtol=1e-12)


@each_rule
@pytest.mark.parametrize("shape", [(), (0, 3), (70_000,), (3, 20_000), (1000, 7, 11)])
def test_a_parameter_cut_into_pieces_moves_as_one(name, shape, rng, monkeypatch):
    w, gradients = rng.normal(size=shape), rng.normal(size=(3, *shape))

    def moved():
        optimizer = RULES[name][1]([tensor(w, requires_grad=True)])
        for g in gradients:
            optimizer.step([g])
        return optimizer.parameters[0].numpy()

    in_pieces = moved()
    monkeypatch.setattr(place, "_PIECE", 10**9)

    np.testing.assert_array_equal(in_pieces, moved())


@each_rule
def test_a_step_allocates_nothing_to_speak_of(name, rng):
    optimizer = RULES[name][1]([tensor(np.ones((500, 400)), requires_grad=True)])
    g = np.ones((500, 400))
    optimizer.step([g])

    tracemalloc.start()
    optimizer.step([g])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20_000  # bytes, where the parameter has 1 600 000


def test_a_step_costs_few_calls(count_calls, rng):
    model = network(rng)
    optimizer = optim.SGD(model.parameters())
    gradients = [w.numpy() for w in model.parameters()]
    optimizer.step(gradients)

    assert count_calls(lambda: optimizer.step(gradients)) < 60


def test_the_callers_arrays_and_gradients_stay_as_they_are(rng):
    start, g = rng.normal(size=4), rng.normal(size=4)
    w, before, gradient = Tensor(start, requires_grad=True), start.copy(), g.copy()
    w.grad = Tensor(g)

    optim.Adam([w], 0.1, weight_decay=0.1).step()

    assert (w.numpy() != before).all()
    np.testing.assert_array_equal(start, before)
    np.testing.assert_array_equal(g, gradient)


def test_a_parameter_with_new_data_goes_on_from_there():
    w = tensor([1.0, 2.0], requires_grad=True)
    optimizer = optim.SGD([w], 1.0)
    optimizer.step([np.ones(2)])

    w.data = np.array([10.0, 20.0])
    optimizer.step([np.ones(2)])

    assert w.numpy().tolist() == [9, 19]


def test_a_model_made_float32_after_its_optimiser_goes_on(rng):
    model = network(rng)
    optimizer = optim.Adam(model.parameters())
    optimizer.step([w.numpy() for w in model.parameters()])

    model.astype("float32")
    optimizer.step([w.numpy() for w in model.parameters()])

    assert {w.data.dtype.name for w in model.parameters()} == {"float32"}


def test_a_walk_through_a_parameter_that_has_moved_is_refused():
    w = tensor([1.0, 2.0], requires_grad=True)
    loss = mlkit.ops.sum(w * w)
    optimizer = optim.SGD([w], 0.1)
    optimizer.step([np.ones(2)])

    with pytest.raises(RuntimeError, match="was updated after it was used"):
        loss.backward()


def test_a_parameter_without_a_gradient_stays(rng):
    w, unused = tensor([1.0], requires_grad=True), tensor([5.0], requires_grad=True)
    mlkit.ops.sum(w * w).backward()

    optim.Adam([w, unused], 0.1).step()

    assert unused.numpy().tolist() == [5]
    assert w.numpy() < 1


@each_rule
def test_training_goes_on_from_a_saved_state_bit_for_bit(name, rng):
    model, (xs, ys) = network(rng), batches(rng)
    make = RULES[name][1]
    optimizer = make(model.parameters())
    train(model, optimizer, xs[:20], ys[:20])
    weights, state = model.state_dict(), optimizer.state_dict()
    expected = train(model, optimizer, xs[20:40], ys[20:40])

    other = network(np.random.default_rng(99))
    other.load_state_dict(weights)
    again = make(other.parameters())
    again.load_state_dict(state)

    assert train(other, again, xs[20:40], ys[20:40]) == expected
