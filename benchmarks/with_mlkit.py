"""mlkit, eager: what a user writes."""

import numpy as np

from mlkit import Tensor, linear, relu, softplus
from mlkit import cross_entropy as loss_of
from mlkit.engine import walk

__all__ = ["chain", "cross_entropy", "hessian_vector", "train"]


def _gradients(loss, sources):
    found = walk({loss.node: np.ones_like(loss.data)}, ())
    return [found[x.node] for x in sources]


def _network(parameters, x):
    last = len(parameters) - 2
    for i in range(0, last, 2):
        x = relu(linear(x, parameters[i], parameters[i + 1]))
    return linear(x, parameters[last], parameters[last + 1])


def train(d):
    parameters = [Tensor(a.copy(), requires_grad=True) for a in d.parameters]
    rate = np.float32(d.rate)

    def step():
        loss = loss_of(_network(parameters, d.x), d.labels)
        for p, g in zip(parameters, _gradients(loss, parameters), strict=True):
            g *= rate
            p.data -= g
        return [p.data for p in parameters]

    return step


def chain(d):
    def step():
        x, w, b = h, *_ = [Tensor(a, requires_grad=True) for a in (d.x, d.w, d.b)]
        for _ in range(d.rounds):
            h = relu(h * w + b) - d.c
        return _gradients(h, (x, w, b))

    return step


def cross_entropy(d):
    def step():
        z = Tensor(d.z, requires_grad=True)
        return _gradients(loss_of(z, d.labels), [z])

    return step


def _penalised(d, w):
    score = d.x @ w
    return (softplus(score) - d.t * score).sum() * (1 / len(d.x)) + (w * w).sum() * (d.penalty / 2)


def hessian_vector(d):
    def step():
        w = Tensor(d.w, requires_grad=True)
        loss = _penalised(d, w)
        slope = walk({loss.node: Tensor(np.ones_like(loss.data))}, ())[w.node]
        return [walk({slope.node: d.v}, ())[w.node]]

    return step
