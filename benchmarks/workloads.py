"""What is measured: the inputs of each workload, made from fixed seeds, in float32.

A contestant is a module with a function per workload. It takes the inputs below and gives a step:
a function of no arguments that does the work once and returns its result as a list of arrays.
Images are (batch, height, width, channels), kernels (height, width, channels in, channels out).
"""

import itertools
from types import SimpleNamespace

import numpy as np

from mlkit.data import digits

__all__ = ["WORKLOADS"]

CHAIN = 1000  # ops; four of them are one round of multiply, add, relu, subtract


def network(sizes, batch, rate=0.01):
    """A training step of a relu network: w and b per layer, one batch, plain gradient descent."""
    rng = np.random.default_rng(1)
    return SimpleNamespace(
        parameters=_layers(rng, sizes),
        x=rng.random((batch, sizes[0]), np.float32),
        labels=rng.integers(0, sizes[-1], batch),
        rate=rate,
    )


def images(batch=64, rate=0.01):
    """A training step of a small convolutional network on 28 x 28 pixels.

    Twice a 3 x 3 convolution without padding, relu and 2 x 2 max-pooling, then one dense layer.
    """
    rng = np.random.default_rng(6)
    shapes = [(3, 3, 1, 8), (8,), (3, 3, 8, 16), (16,), (400, 10), (10,)]
    spreads = [np.sqrt(2 / 9), 0.01, np.sqrt(2 / 72), 0.01, np.sqrt(2 / 400), 0.01]
    return SimpleNamespace(
        parameters=[
            _normal(rng, *shape) * np.float32(spread)
            for shape, spread in zip(shapes, spreads, strict=True)
        ],
        x=rng.random((batch, 28, 28, 1), np.float32),
        labels=rng.integers(0, 10, batch),
        rate=rate,
    )


def handwriting(batch=32, rate=0.1):
    """An epoch over the 1797 digits that mlkit ships, 8 x 8 pixels, by a 64-64-10 relu network.

    Each of `batches` is an array of places in x and labels; the last is smaller.
    """
    rng = np.random.default_rng(7)
    x, labels = digits()
    return SimpleNamespace(
        parameters=_layers(rng, [64, 64, 10]),
        x=x.reshape(len(x), 64).astype(np.float32),
        labels=labels,
        batches=np.split(rng.permutation(len(x)), range(batch, len(x), batch)),
        rate=rate,
    )


def chain(n=1, rounds=CHAIN // 4):
    """1000 ops on n numbers, and the gradients of what went in: overhead and little else."""
    rng = np.random.default_rng(2)
    w, b = 0.999 + 0.002 * rng.random(n), 0.004 + 0.002 * rng.random(n)
    x, w, b = (a.astype(np.float32) for a in (0.5 + rng.random(n), w, b))
    return SimpleNamespace(rounds=rounds, x=x, w=w, b=b, c=np.array(0.005, np.float32))


def scores():
    """256 rows of 10 scores and their labels."""
    rng = np.random.default_rng(3)
    return SimpleNamespace(z=_normal(rng, 256, 10), labels=rng.integers(0, 10, 256))


def regression():
    """Logistic regression: 500 examples of 50 numbers, with a penalty on the squared weights."""
    rng = np.random.default_rng(4)
    return SimpleNamespace(
        x=_normal(rng, 500, 50),
        t=(rng.random(500) < 0.5).astype(np.float32),
        w=_normal(rng, 50) * np.float32(0.2),
        v=_normal(rng, 50),
        penalty=0.01,
    )


# name: (function of the contestant, inputs, highest ratio wanted of mlkit eager and jit, if any)
WORKLOADS = {
    "step-1": ("train", lambda: network([784, 256, 10], 1), 1.25, 0.95),
    "step-128": ("train", lambda: network([784, 256, 10], 128), 1.05, 1.0),
    "step-1024": ("train", lambda: network([784, 256, 10], 1024), 1.05, 1.03),
    "deep-256": ("train", lambda: network([3072, 512, 256, 128, 10], 256), 0.97, 0.97),
    "images-64": ("train_on_images", images),
    "digits-epoch": ("epoch", handwriting),
    "chain-1000": ("chain", chain, 3.0, 1.05),
    "chain-of-10s": ("chain", lambda: chain(10)),
    "softmax-jacobian": ("jacobian", scores, 3.2, 1.75),
    "cross-entropy": ("cross_entropy", scores, 1.9, 1.25),
    "hessian-50": ("hessian", regression, 4.1, 1.15),
    "hessian-vector": ("hessian_vector", regression, 8.6, 1.7),
}


def _normal(rng, *shape):
    return rng.standard_normal(shape, np.float32)


def _layers(rng, sizes):
    """w and b of each layer, in turn."""
    layers = [
        (_normal(rng, i, j) * np.float32(np.sqrt(2 / i)), _normal(rng, j) * np.float32(0.01))
        for i, j in itertools.pairwise(sizes)
    ]
    return [array for layer in layers for array in layer]
