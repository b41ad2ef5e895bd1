"""Threads that differentiate at once do not disturb each other.

Each test makes the threads take turns at the worst moment, so it does not depend on luck.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from mlkit import GradientTape, Variable, grad, jvp, no_grad, tensor
from mlkit.engine import intercepted, now


def beside(context, work):
    """What work gives in another thread while this one stands in the context."""
    with context, ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(timeout=60)


def slope_of_a_cube():
    x = tensor(2.0, requires_grad=True)
    (x**3).backward()
    return x.grad.item()


def test_no_grad_in_one_thread_leaves_another_recording():
    assert beside(no_grad(), slope_of_a_cube) == 12


def test_a_tape_open_in_one_thread_does_not_record_the_gradients_of_another():
    def gradient():
        w = Variable(2.0)
        with GradientTape() as tape:
            y = w * w
        return tape.gradient(y, w)

    assert not beside(GradientTape(), gradient).requires_grad


def test_a_derivative_under_way_in_one_thread_does_not_keep_the_graphs_of_another():
    found = []

    def waits(x):
        with ThreadPoolExecutor(1) as pool:
            found.append(pool.submit(lambda: grad(lambda y: y * y)(tensor(3.0))).result(timeout=60))
        return x * 2.0

    grad(waits)(1.0)
    jvp(waits, (1.0,), (1.0,))

    assert [g.item() for g in found] == [6, 6]
    assert not any(g.requires_grad for g in found)


def test_contexts_left_in_another_order_than_entered_restore_each_thread():
    entered, leave = threading.Event(), threading.Event()

    def first():
        with no_grad():
            entered.set()
            leave.wait(60)
        return slope_of_a_cube()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(first)
        entered.wait(60)
        with no_grad():
            leave.set()
            assert future.result(timeout=60) == 12
            assert not (tensor(1.0, requires_grad=True) * 2.0).requires_grad

    assert slope_of_a_cube() == 12
    assert not intercepted  # nobody pays for contexts that have been left


def test_births_are_counted_once_each_over_all_threads():
    def births(_):
        return [now() for _ in range(20_000)]

    with ThreadPoolExecutor(4) as pool:
        found = np.concatenate(list(pool.map(births, range(4))))

    assert len(np.unique(found)) == len(found)


def test_many_threads_train_as_one_does():
    def train(seed):
        rng = np.random.default_rng(seed)
        x, w = rng.normal(size=(8, 3)), tensor(rng.normal(size=3), requires_grad=True)
        for _ in range(50):
            w.zero_grad()
            ((x @ w - 1.0) ** 2).mean().backward()
            with no_grad():
                w.data = w.data - 0.1 * w.grad.data
        return w.numpy()

    alone = [train(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(train, range(4)))

    np.testing.assert_array_equal(together, alone)
