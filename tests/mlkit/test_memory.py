"""What recording keeps, in bytes: counted by Python's allocator, so the same on every machine."""

import itertools
import tracemalloc

import numpy as np

from mlkit import Tensor, cross_entropy, linear, ops, relu, tensor


def kept_by(work):
    """Bytes that are alive after the work because of what it gave, and that result."""
    tracemalloc.start()
    try:
        result = work()
        return tracemalloc.get_traced_memory()[0], result
    finally:
        tracemalloc.stop()


def test_a_recorded_op_of_a_long_chain_keeps_at_most_700_bytes():
    ops_in_chain = 20_000  # 100 000 keep as many each
    x, w = tensor(np.ones(10, np.float32), True), np.ones(10, np.float32)

    def chain():
        h = x
        for _ in range(ops_in_chain // 4):
            h = relu(h * w + 0.1) - 0.001
        return h

    kept, h = kept_by(chain)

    assert h.requires_grad
    assert kept <= 700 * ops_in_chain  # 380 measured, 40 of them the numbers themselves


def four_layers(batch, sizes=(3072, 512, 256, 128, 10)):
    rng = np.random.default_rng(0)
    pairs = list(itertools.pairwise(sizes))
    weights = [tensor(rng.normal(size=pair).astype(np.float32) * 0.05, True) for pair in pairs]
    biases = [tensor(np.zeros(n, np.float32), True) for n in sizes[1:]]
    x = rng.random((batch, sizes[0]), np.float32)
    labels = rng.integers(0, sizes[-1], batch)

    def loss():
        h = Tensor(x)
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            h = relu(linear(h, w, b))
        return cross_entropy(linear(h, weights[-1], biases[-1]), labels)

    return loss, batch * sum(sizes[1:]) * x.itemsize


def test_a_training_step_keeps_one_array_per_layer():
    """As PyTorch does: relu's rule reads its output, so linear's is let go."""
    loss, outputs = four_layers(batch=2048)

    kept, _ = kept_by(loss)

    assert kept < 1.02 * outputs  # and the places of the true classes


def test_the_way_back_lets_go_of_what_it_has_used():
    """At most two gradients at a time beside those of the parameters."""
    loss, _ = four_layers(batch=2048)
    y = loss()
    parameters = sum(4 * n * (m + 1) for m, n in [(3072, 512), (512, 256), (256, 128), (128, 10)])
    widest = 2048 * 512 * 4

    tracemalloc.start()
    try:
        y.backward()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < parameters + 2.5 * widest


def test_what_no_rule_reads_is_not_kept():
    x = tensor(np.ones(1_000_000), True)

    kept, _ = kept_by(lambda: ops.sum(x + 1.0))

    assert kept < 100_000
