"""HIPS autograd: NumPy code, differentiated by wrapping it."""

import autograd.numpy as np
from autograd import elementwise_grad, grad, hessian_vector_product, make_vjp
from autograd import hessian as hessian_of
from autograd import jacobian as jacobian_of

__all__ = [
    "chain",
    "cross_entropy",
    "epoch",
    "hessian",
    "hessian_vector",
    "jacobian",
    "tape",
    "train",
]


def _loss(z, labels):
    shifted = z - np.max(z, axis=1, keepdims=True)
    total = np.log(np.sum(np.exp(shifted), axis=1))
    return np.mean(total - shifted[np.arange(len(labels)), labels])


def _network_loss(parameters, x, labels):
    for i in range(0, len(parameters), 2):
        x = np.dot(np.maximum(x, 0) if i else x, parameters[i]) + parameters[i + 1]
    return _loss(x, labels)


def _trainer(parameters, rate):
    slope, rate = grad(_network_loss), np.float32(rate)

    def update(x, labels):
        for p, g in zip(parameters, slope(parameters, x, labels), strict=True):
            p -= rate * g

    return update


def train(d):
    parameters = [a.copy() for a in d.parameters]
    update = _trainer(parameters, d.rate)

    def step():
        update(d.x, d.labels)
        return parameters

    return step


def epoch(d):
    parameters = [a.copy() for a in d.parameters]
    update = _trainer(parameters, d.rate)

    def step():
        for places in d.batches:
            update(d.x[places], d.labels[places])
        return parameters

    return step


def chain(d):
    def run(inputs):
        h, w, b = inputs
        for _ in range(d.rounds):
            h = np.maximum(h * w + b, 0) - d.c
        return h

    slope = elementwise_grad(run)
    return lambda: slope((d.x, d.w, d.b))


def jacobian(d):
    def total(z):  # rows do not meet, so the Jacobian of their sum is the Jacobian of each
        e = np.exp(z - np.max(z, axis=1, keepdims=True))
        return np.sum(e / np.sum(e, axis=1, keepdims=True), axis=0)

    by_class = jacobian_of(total)
    return lambda: [np.swapaxes(by_class(d.z), 0, 1)]


def cross_entropy(d):
    slope = grad(_loss)
    return lambda: [slope(d.z, d.labels)]


def _penalised(d):
    def loss(w):
        score = np.dot(d.x, w)
        surprise = np.logaddexp(0, score) - d.t * score
        return np.mean(surprise) + np.sum(w * w) * (d.penalty / 2)

    return loss


def hessian(d):
    second = hessian_of(_penalised(d))
    return lambda: [second(d.w)]


def hessian_vector(d):
    product = hessian_vector_product(_penalised(d))
    return lambda: [product(d.w, d.v)]


def tape(d):
    parameters = [a.copy() for a in d.parameters]
    forward = make_vjp(lambda parameters: _network_loss(parameters, d.x, d.labels))
    return lambda: forward(parameters)
