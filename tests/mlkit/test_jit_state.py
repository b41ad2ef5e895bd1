"""Tensors that a compiled function closes over are state: read and updated at every call."""

import threading
import weakref

import numpy as np
import pytest

from mlkit import (
    GradientTape,
    Tensor,
    Variable,
    cross_entropy,
    grad,
    jit,
    linear,
    nn,
    ops,
    optim,
    relu,
    tensor,
)
from mlkit.jit import TraceError

X = np.random.default_rng(1).normal(size=(8, 4))
Y = np.random.default_rng(2).normal(size=(8, 3))


def weights():
    rng = np.random.default_rng(0)
    return [tensor(rng.normal(size=shape), requires_grad=True) for shape in [(4, 3), (3,)]]


def loss_of(parameters, x, y):
    return ops.mean((relu(linear(x, *parameters)) - y) ** 2)


def in_place(parameters):
    def step(x, y):
        loss = loss_of(parameters, x, y)
        loss.backward()
        for p in parameters:
            p.data -= 0.1 * p.grad.data
            p.zero_grad()
        return loss

    return step


def with_scaled_gradient(parameters):
    def step(x, y):
        loss = loss_of(parameters, x, y)
        loss.backward()
        for p in parameters:
            g, p.grad = p.grad.data, None
            g *= 0.1
            p.data[...] = p.data - g
        return loss

    return step


def by_rebinding(parameters):
    def step(x, y):
        for p in parameters:
            p.zero_grad()
        loss = loss_of(parameters, x, y)
        loss.backward()
        for p in parameters:
            p.data = p.data - 0.1 * p.grad.data
        return loss

    return step


def adding_up_gradients(parameters):
    def step(x, y):
        loss = loss_of(parameters, x, y)
        loss.backward()
        for p in parameters:
            p.data -= 0.01 * p.grad.data
        return loss

    return step


def with_variables(parameters):
    variables = [Variable(p.data) for p in parameters]

    def step(x, y):
        with GradientTape() as tape:
            loss = loss_of(variables, x, y)
        for v, g in zip(variables, tape.gradient(loss, variables), strict=True):
            v.assign_sub(0.1 * g)
        return loss

    return step


class Trainer:
    """A model of one's own, with momentum."""

    def __init__(self, parameters):
        self.layer = {"weight": parameters[0], "bias": parameters[1]}
        self.velocity = [Tensor(np.zeros(p.shape)) for p in parameters]

    def step(self, x, y):
        parameters = list(self.layer.values())
        slopes = grad(loss_of)([p.data for p in parameters], x, y)
        for p, v, g in zip(parameters, self.velocity, slopes, strict=True):
            v.data *= 0.9
            v.data += g.data
            p.data -= 0.05 * v.data
        return loss_of(parameters, x, y)


STEPS = [
    in_place,
    with_scaled_gradient,
    by_rebinding,
    adding_up_gradients,
    with_variables,
    lambda parameters: Trainer(parameters).step,
]


@pytest.mark.parametrize("make", STEPS)
def test_training_goes_as_it_goes_without(make):
    plain, compiled = weights(), weights()
    step, fast = make(plain), jit(make(compiled))

    for _ in range(6):
        expected, got = step(X, Y), fast(X, Y)
        np.testing.assert_allclose(got, expected.detach(), rtol=1e-12)

    for a, b in zip(compiled, plain, strict=True):
        np.testing.assert_allclose(a.data, b.data, rtol=1e-12)
        assert (a.grad is None) == (b.grad is None)
        if a.grad is not None:
            np.testing.assert_allclose(a.grad.data, b.grad.data, rtol=1e-12)
    assert fast.statistics.traces <= 2  # with gradients and without


def test_in_place_stays_in_place_and_rebinding_makes_a_new_array():
    kept, old = weights(), weights()
    arrays, before = [p.data for p in kept], [p.data for p in old]

    jit(in_place(kept))(X, Y)
    jit(by_rebinding(old))(X, Y)

    assert all(p.data is a for p, a in zip(kept, arrays, strict=True))
    assert not any(np.shares_memory(p.data, a) for p, a in zip(old, before, strict=True))
    for a, p in zip(before, weights(), strict=True):
        np.testing.assert_array_equal(a, p.data)


def test_an_update_from_outside_is_seen():
    w = tensor([1.0, 2.0])
    total = jit(lambda: ops.sum(w))

    assert float(total()) == 3
    w.data = np.array([5.0, 6.0])
    assert float(total()) == 11
    w.data[0] = 0.0
    assert float(total()) == 6
    assert total.statistics.traces == 1
    w.data = np.ones(4)
    assert float(total()) == 4
    assert total.statistics.traces == 2


def test_another_tensor_in_its_place_is_seen():
    class Model:
        weight = tensor([2.0])
        training = True

        def __call__(self, x):
            return x * self.weight if self.training else x

    model = Model()
    compiled = jit(lambda x: model(x))

    assert compiled(np.ones(1)) == 2
    model.weight = tensor([3.0])
    assert compiled(np.ones(1)) == 3
    model.training = False
    assert compiled(np.ones(1)) == 1
    model.training = True
    assert compiled(np.ones(1)) == 3
    assert compiled.statistics.traces == 4  # the first weight has left, and its program with it


def test_a_walk_through_an_older_use_notices_the_update():
    parameters = weights()
    step = jit(in_place(parameters))
    step(X, Y)
    loss = loss_of(parameters, X, Y)

    step(X, Y)

    with pytest.raises(RuntimeError, match="was updated after it was used"):
        loss.backward()


def test_the_result_is_differentiable_by_state():
    parameters = weights()
    compiled = jit(lambda x: loss_of(parameters, x, Y))

    compiled(X).backward()
    got = [p.grad.data for p in parameters]
    for p in parameters:
        p.zero_grad()
    loss_of(parameters, X, Y).backward()

    for g, p in zip(got, parameters, strict=True):
        np.testing.assert_allclose(g, p.grad.data, rtol=1e-12)


def test_the_gradient_of_an_argument_is_left_in_it():
    x = tensor([1.0, 2.0], requires_grad=True)

    jit(lambda x: ops.sum(x**2).backward())(x)

    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_two_tensors_that_share_an_array_still_do():
    array = np.ones(3)
    a, b = Tensor(array), Tensor(array)

    def step():
        a.data += 1
        return b * 1

    compiled = jit(step)

    for n in (2, 3, 4):
        np.testing.assert_array_equal(compiled(), [n] * 3)


def test_state_is_read_before_it_is_overwritten():
    a, b = Tensor(np.array([1.0, 2.0])), Tensor(np.array([3.0, 4.0]))

    def exchange():
        old = a * 1
        a.data[...] = b.data
        b.data[...] = old.data
        return old + b

    compiled = jit(exchange)
    for x, y in [([3, 4], [1, 2]), ([1, 2], [3, 4])]:
        np.testing.assert_array_equal(compiled(), np.add(y, y))
        np.testing.assert_array_equal(a, x)
        np.testing.assert_array_equal(b, y)


@pytest.mark.parametrize("first", [True, False])
def test_state_that_dies_early_is_not_lent_to_other_state(first):
    a, b = (Tensor(np.array([1.0, 2.0])) for _ in range(2))
    p, q = (a, b) if first else (b, a)

    def step(x):
        assert a.shape == b.shape  # so that they are found in this order
        np.subtract(q.data, 3 * p.data, out=p.data)
        np.multiply(x.data, 2.0, out=q.data)

    compiled = jit(step)
    compiled(np.array([5.0, 7.0]))
    compiled(np.array([6.0, 8.0]))

    np.testing.assert_array_equal(p, [10 + 6, 14 + 12])
    np.testing.assert_array_equal(q, [12, 16])


def test_an_error_while_tracing_leaves_the_state_as_it_was():
    parameters = weights()

    def step(x):
        loss_of(parameters, x, Y).backward()
        parameters[0].data -= 1
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        jit(step)(X)

    for p, old in zip(parameters, weights(), strict=True):
        assert p.grad is None
        np.testing.assert_array_equal(p.data, old.data)


def test_threads_take_turns():
    w = tensor(np.ones((50, 50)))
    function = jit(lambda x: ops.tanh(ops.tanh(x @ w) @ w) + x)
    inputs = [np.full((50, 50), 0.001 * i) for i in range(8)]
    expected = [function.function(x) for x in inputs]
    wrong = []

    def work(i):
        for k in range(60):
            n = (i + k) % 8
            if not np.allclose(function(inputs[n]), expected[n].data, rtol=1e-12):
                wrong.append(n)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong
    assert function.statistics.calls == 240


class Bend(nn.Module):
    """A batch-normalised layer with dropout."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.first, self.second = nn.Dense(4, 6, rng=rng), nn.Dense(6, 3, rng=rng)
        self.norm, self.drop = nn.BatchNorm(6), nn.Dropout(0.25, rng=np.random.default_rng(1))

    def forward(self, x):
        return self.second(self.drop(relu(self.norm(self.first(x)))))


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam])
def test_a_module_with_an_optimiser_trains_as_it_does_without(kind):
    labels = np.arange(8) % 3

    def trainer():
        model = Bend()
        optimiser = kind(model.parameters(), lambda steps: 0.1 * 0.9**steps, clip_norm=1.0)

        def step(x):
            optimiser.zero_grad()
            loss = cross_entropy(model(x), labels)
            loss.backward()
            optimiser.step()
            return loss

        return model, optimiser, step

    plain, plain_optimiser, step = trainer()
    model, optimiser, fast = trainer()
    fast, use = jit(fast), jit(model)

    for _ in range(5):
        np.testing.assert_allclose(fast(X), step(X).detach(), rtol=1e-11)
    assert fast.statistics.traces <= 3
    assert optimiser.steps == plain_optimiser.steps == 5
    for name, array in plain.state_dict().items():
        np.testing.assert_allclose(model.state_dict()[name], array, rtol=1e-10, atol=1e-13)
    for _ in range(2):  # the running statistics of use are those of the training before
        model.eval(), plain.eval()
        np.testing.assert_allclose(use(X).detach(), plain(X).detach(), rtol=1e-10)
        model.train(), plain.train()
        fast(X), step(X)
    assert use.statistics.traces == 1


def test_reading_a_parameter_after_the_optimisers_step_is_an_error():
    w = tensor([1.0, 2.0], requires_grad=True)
    optimiser = optim.SGD([w], 0.1)

    def step():
        ops.sum(w * w).backward()
        optimiser.step()
        return w * 2

    with pytest.raises(TraceError, match="read after the step of an optimiser"):
        jit(step)()


def test_nothing_of_a_call_is_kept():
    compiled = jit(lambda x, state: (x * 2, state["w"] + x))
    x, state = np.ones(1000), {"w": Tensor(np.ones(1000))}
    watched = weakref.ref(x), weakref.ref(state["w"]), weakref.ref(state["w"].data)

    results = [weakref.ref(y) for y in compiled(x, state)]
    del x, state

    assert all(ref() is None for ref in (*watched, *results))


def test_a_nesting_that_the_caller_updates_is_traced_once():
    compiled = jit(lambda parameters, model: {k: w * model.rate for k, w in parameters.items()})

    class Model:
        rate = 0.5

    parameters, model = {"w": np.ones(3), "b": np.ones(2)}, Model()
    for _ in range(4):
        parameters.update(compiled(parameters, model))

    np.testing.assert_array_equal(parameters["w"], [1 / 16] * 3)
    assert compiled.statistics.traces == 1
    model.rate = 2.0
    np.testing.assert_array_equal(compiled(parameters, model)["b"], [1 / 8] * 2)


def test_a_compiled_function_inside_another_shares_its_state():
    w = tensor([2.0])
    inner = jit(lambda x: x * w)
    outer = jit(lambda x: inner(x) + inner(2 * x))

    assert outer(np.ones(1)) == 6
    assert inner(np.ones(1)) == 2
    w.data = np.array([3.0])
    assert outer(np.ones(1)) == 9
    assert outer.statistics.traces == 1
