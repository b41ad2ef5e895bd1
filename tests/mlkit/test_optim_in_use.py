"""Optimisers in use: the words of three libraries, state, refusals, clipping and schedules."""

import numpy as np
import pytest

import mlkit
from mlkit import GradientTape, Tensor, nn, optim, tensor
from mlkit.engine import ShapeError


def network(rng):
    return nn.Sequential(nn.Dense(6, 5, rng=rng), nn.Tanh(), nn.Dense(5, 3, rng=rng))


X, LABELS = np.random.default_rng(5).normal(size=(8, 6)), np.arange(8) % 3


def loss_of(model):
    return mlkit.cross_entropy(model(X), LABELS)


def in_words_of_torch(model, optimizer):
    optimizer.zero_grad()
    loss_of(model).backward()
    optimizer.step()


def in_words_of_keras(model, optimizer):
    with GradientTape() as tape:
        loss = loss_of(model)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))


def in_words_of_jax(model, optimizer):
    optimizer.step(mlkit.grad(loss_of)(model))


def test_the_words_of_all_three_front_doors_take_the_same_steps():
    ends = []
    for step in (in_words_of_torch, in_words_of_keras, in_words_of_jax):
        model = network(np.random.default_rng(3))
        optimizer = optim.SGD(model, 0.5, momentum=0.9)
        for _ in range(3):
            step(model, optimizer)
        ends.append(model.state_dict())

    for other in ends[1:]:
        for name, w in ends[0].items():
            np.testing.assert_allclose(other[name], w, rtol=1e-12)


def test_the_state_is_flat_arrays_and_a_copy():
    optimizer = optim.Adam([tensor([1.0, 2.0], requires_grad=True)], 0.25)
    optimizer.step([np.ones(2)])
    state = optimizer.state_dict()

    assert list(state) == ["steps", "learning_rate", "mean.0", "square.0"]
    assert all(type(x) is np.ndarray for x in state.values())
    state["mean.0"][...] = 7
    assert optimizer.state_dict()["mean.0"][0] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("other", "error", "message"),
    [
        (lambda w: optim.SGD([w]), KeyError, "must come from Adam"),
        (lambda w: optim.Adam([w, tensor([1.0])]), KeyError, "mean.1"),
        (
            lambda w: optim.Adam([tensor(np.ones(3), requires_grad=True)]),
            ShapeError,
            r"mean.0 must have shape \(2,\), got \(3,\)",
        ),
    ],
)
def test_the_state_of_another_optimiser_is_refused(other, error, message):
    w = tensor([1.0, 2.0], requires_grad=True)

    with pytest.raises(error, match=message):
        optim.Adam([w]).load_state_dict(other(w).state_dict())


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda w: optim.SGD([]), ValueError, "got no parameters"),
        (lambda w: optim.SGD([np.ones(2)]), TypeError, "parameters are tensors, got ndarray"),
        (lambda w: optim.SGD(w, momentum=1.0), ValueError, r"momentum must be in \[0, 1\)"),
        (lambda w: optim.SGD(w, nesterov=True), ValueError, "nesterov looks ahead"),
        (lambda w: optim.Adam(w, betas=(0.9, 1.0)), ValueError, r"Adam: betas\[1\] must be in"),
        (lambda w: optim.SGD(w).step(), RuntimeError, "no parameter has a gradient"),
        (lambda w: optim.SGD(w).step([np.ones(3)]), ShapeError, r"parameter's shape \(2,\)"),
        (lambda w: optim.SGD(w).step([np.ones(2)] * 2), ValueError, "one gradient per parameter"),
        (lambda w: optim.SGD(w * 2), ValueError, "each parameter once, got 2 of which 1 differ"),
        (lambda w: optim.SGD(w, "0.1"), TypeError, "a number or a schedule, .* got '0.1'"),
        (lambda w: optim.SGD(w, -0.1), ValueError, r"SGD: learning_rate must be from 0, got -0\.1"),
        (lambda w: optim.SGD(w, np.nan), ValueError, "learning_rate must be from 0, got nan"),
        (
            lambda w: optim.SGD(w, weight_decay=-1),
            ValueError,
            "weight_decay must be from 0, got -1",
        ),
        (lambda w: optim.AdamW(w, weight_decay=-1), ValueError, "AdamW: weight_decay must be from"),
        (lambda w: optim.SGD(w, clip_norm=0), ValueError, "clip_norm must be above 0, got 0; None"),
        (
            lambda w: optim.SGD(w).apply_gradients([(np.ones(2), tensor([1.0, 2.0]))]),
            ValueError,
            "1 of 1 variables are none of this optimizer's parameters",
        ),
    ],
)
def test_what_an_optimiser_refuses_it_explains(call, error, message):
    with pytest.raises(error, match=message):
        call([tensor([1.0, 2.0], requires_grad=True)])


def test_clipping_shortens_all_gradients_together_and_keeps_their_direction():
    gradients = {"a": np.array([3.0, 0.0]), "b": [Tensor([4.0]), None]}

    clipped, norm = optim.clip_by_global_norm(gradients, 1.0)

    assert norm == 5.0
    np.testing.assert_allclose(clipped["a"], [0.6, 0.0])
    np.testing.assert_allclose(clipped["b"][0].numpy(), [0.8])
    assert clipped["b"][1] is None


def test_short_gradients_come_back_as_they_are():
    gradients = [np.array([3.0]), np.array([4.0])]

    assert optim.clip_by_global_norm(gradients, 5.0)[0] is gradients


def test_long_gradients_are_shortened_in_every_dtype():
    large, whole = np.full(2, 3e30, np.float32), np.array([300, 400], np.int16)

    (shortened,), norm = optim.clip_by_global_norm([large], 1.0)

    assert norm == pytest.approx(3e30 * 2**0.5, rel=1e-6)
    np.testing.assert_allclose(shortened, 0.5**0.5, rtol=1e-6)
    assert shortened.dtype == np.float32
    np.testing.assert_allclose(optim.clip_by_global_norm([whole], 1.0)[0][0], [0.6, 0.8])


@pytest.mark.parametrize("most", [1.0, 5.0, 10.0])
def test_clipping_is_compiled(most):
    gradients = [np.array([3.0, 0.0]), np.array([4.0])]

    got, norm = mlkit.jit(lambda *g: optim.clip_by_global_norm(g, most))(*gradients)

    expected, length = optim.clip_by_global_norm(gradients, most)
    assert norm == length
    for x, y in zip(got, expected, strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-15)


def test_compiled_clipping_names_gradients_that_are_not_finite():
    clip = mlkit.jit(lambda g: optim.clip_by_global_norm([g], 1.0))
    clip(np.ones(2))

    with pytest.raises(FloatingPointError, match="length is nan"):
        clip(np.array([1.0, np.nan]))


def test_named_parameters_serve_as_parameters(rng):
    model = network(rng)

    for given in (model.named_parameters().values(), iter(model.parameters())):
        assert [id(w) for w in optim.SGD(given).parameters] == [id(w) for w in model.parameters()]


def test_a_state_that_is_refused_changes_nothing(rng):
    optimizer = optim.SGD(network(rng), 0.5, momentum=0.9)
    state = optimizer.state_dict() | {"steps": np.asarray(7), "velocity.3": np.array(["x"] * 3)}

    with pytest.raises(ValueError, match="could not convert"):
        optimizer.load_state_dict(state)

    assert optimizer.steps == 0


def test_gradients_that_are_not_finite_are_named():
    with pytest.raises(FloatingPointError, match="length is nan"):
        optim.clip_by_global_norm([np.array([np.nan])], 1.0)


def test_an_optimiser_clips_before_it_steps():
    w = tensor([0.0, 0.0], requires_grad=True)

    optim.SGD([w], 1.0, clip_norm=1.0).step([np.array([3.0, 4.0])])

    np.testing.assert_allclose(w.numpy(), [-0.6, -0.8])


def test_a_schedule_is_asked_before_each_step():
    w = tensor([0.0], requires_grad=True)
    optimizer = optim.SGD([w], lambda step: 10.0**-step)

    for _ in range(3):
        optimizer.step([np.ones(1)])

    np.testing.assert_allclose(w.numpy(), [-1.11])
    assert optimizer.rate == pytest.approx(0.001)


def test_schedules_give_the_rates_of_their_formulas():
    rates = {
        "constant": optim.constant(0.3),
        "steps": optim.step_decay(0.8, every=3, factor=0.5),
        "exponential": optim.exponential(0.8, every=3, factor=0.5),
        "cosine": optim.cosine(1.0, steps=4, last=0.2),
        "warm": optim.warm_up(optim.cosine(1.0, steps=4), steps=2),
    }

    got = {name: [rate(step) for step in range(7)] for name, rate in rates.items()}

    half = 0.5**0.5
    assert got["constant"] == [0.3] * 7
    assert got["steps"] == pytest.approx([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2])
    assert got["exponential"] == pytest.approx([0.8 * 0.5 ** (step / 3) for step in range(7)])
    assert got["cosine"] == pytest.approx(
        [1.0, 0.6 + 0.4 * half, 0.6, 0.6 - 0.4 * half, 0.2, 0.2, 0.2]
    )
    assert got["warm"] == pytest.approx([0.5, 1.0, 1.0, 0.5 + half / 2, 0.5, 0.5 - half / 2, 0.0])


@pytest.mark.parametrize("name", ["step_decay", "exponential", "cosine", "warm_up"])
def test_a_schedule_over_no_steps_is_refused(name):
    with pytest.raises(ValueError, match="a number of steps from 1, got 0"):
        getattr(optim, name)(0.1, 0)
