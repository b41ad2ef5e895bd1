"""Long runs: memory stays flat, deep graphs need no recursion, time grows with the work."""

import gc
import tracemalloc

import numpy as np
import pytest

from mlkit import GradientTape, Variable, checkpoint, grad, jvp, ops, tensor


def tape_step(w):
    with GradientTape() as tape:
        loss = ((w * 2.0 - 1.0) ** 2).sum()
    w.assign_sub(0.01 * tape.gradient(loss, w))


def backward_step(w):
    w.zero_grad()
    ((w * 2.0 - 1.0) ** 2).sum().backward()
    w.data = w.data - 0.01 * w.grad.data


def hook_step(w):
    h = w * 2.0
    h.register_hook(lambda g: g * 0.5)
    w.zero_grad()
    h.sum().backward()


def grad_step(w):
    grad(lambda x: ((x * 2.0 - 1.0) ** 2).sum())(w.data)


def second_step(w):
    grad(lambda x: jvp(checkpoint(lambda y: y**3), (x,), (1.0,))[1])(1.0)


@pytest.mark.parametrize(
    ("step", "steps"),
    [
        (tape_step, 10_000),
        (backward_step, 10_000),
        (hook_step, 5_000),
        (grad_step, 10_000),
        (second_step, 1_000),
    ],
)
def test_memory_stays_flat_over_many_steps(step, steps):
    """Without the collector of cycles: reference counts alone must free each step."""
    w = Variable(np.ones(100))
    for _ in range(20):
        step(w)
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(steps):
            step(w)
        cycles = gc.collect()  # it also empties Python's lists of free tuples
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
        gc.enable()

    assert cycles < steps / 10
    assert grown < 50 * steps  # bytes: a node kept of each step would be 200 a step, an array 800


def chain(x, n=100_000):
    for _ in range(n):
        x = x * 1.0
    return x


def by_tape(x):
    with GradientTape() as tape:
        y = chain(x)
    return tape.gradient(y, x)


def by_backward(x):
    chain(x).backward()
    return x.grad


@pytest.mark.parametrize(
    "slope",
    [
        by_tape,
        by_backward,
        lambda x: grad(chain)(x.data),
        lambda x: grad(checkpoint(chain))(x.data),
        lambda x: jvp(lambda x: chain(x, 20_000), (x.data,), (1.0,))[1],
    ],
    ids=["tape", "backward", "grad", "checkpoint", "jvp"],
)
def test_a_chain_of_100000_ops_needs_no_recursion(slope):
    assert float(slope(tensor(1.0, requires_grad=True))) == 1


def test_a_value_used_10000_times_takes_work_that_grows_with_its_uses(count_calls):
    def sum_of(uses):
        x = tensor(np.ones(3), requires_grad=True)
        total = x * 0.0
        for i in range(uses):
            total = total + x * float(i % 3)
        total.sum().backward()
        assert x.grad.numpy().tolist() == [sum(i % 3 for i in range(uses))] * 3

    few, many = (count_calls(lambda uses=uses: sum_of(uses)) for uses in (1_000, 10_000))

    assert many < 11 * few  # ten times the work; a hundred times if it were quadratic


@pytest.mark.parametrize("join", [ops.stack, lambda xs: ops.concatenate([x[None] for x in xs])])
def test_joining_many_arrays_takes_work_that_grows_with_their_number(join, count_calls):
    def join_all(n):
        x = tensor(2.0, requires_grad=True)
        join([x] * n).sum().backward()
        assert x.grad.item() == n

    few, many = (count_calls(lambda n=n: join_all(n)) for n in (200, 2_000))

    assert many < 11 * few  # a hundred times if each looked at those before it
