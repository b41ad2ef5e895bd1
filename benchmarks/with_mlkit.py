"""mlkit, eager: what a user writes."""

import numpy as np

from mlkit import GradientTape, Tensor, linear, relu, softmax, softplus
from mlkit import cross_entropy as loss_of
from mlkit import hessian as hessian_of
from mlkit.ops import conv2d, max_pool2d

__all__ = [
    "chain",
    "cross_entropy",
    "epoch",
    "hessian",
    "hessian_vector",
    "jacobian",
    "tape",
    "train",
    "train_on_images",
]


def _network(parameters, x):
    last = len(parameters) - 2
    for i in range(0, last, 2):
        x = relu(linear(x, parameters[i], parameters[i + 1]))
    return linear(x, parameters[last], parameters[last + 1])


def _network_of_images(parameters, x):
    first, first_b, second, second_b, dense, dense_b = parameters
    x = max_pool2d(relu(conv2d(x, first, first_b)), 2)
    x = max_pool2d(relu(conv2d(x, second, second_b)), 2)
    return linear(x.reshape(len(x), -1), dense, dense_b)


def _trainer(parameters, network, rate):
    rate = np.float32(rate)

    def update(x, labels):
        loss_of(network(parameters, x), labels).backward()
        for p in parameters:
            g, p.grad = p.grad.data, None
            g *= rate
            p.data -= g

    return update


def _leaves(arrays):
    return [Tensor(a.copy(), requires_grad=True) for a in arrays]


def train(d):
    return _training(d, _network)


def train_on_images(d):
    return _training(d, _network_of_images)


def _training(d, network):
    parameters = _leaves(d.parameters)
    update = _trainer(parameters, network, d.rate)

    def step():
        update(d.x, d.labels)
        return [p.data for p in parameters]

    return step


def epoch(d):
    parameters = _leaves(d.parameters)
    update = _trainer(parameters, _network, d.rate)

    def step():
        for places in d.batches:
            update(d.x[places], d.labels[places])
        return [p.data for p in parameters]

    return step


def chain(d):
    ones = np.ones_like(d.x)

    def step():
        x, w, b = h, *_ = [Tensor(a, requires_grad=True) for a in (d.x, d.w, d.b)]
        for _ in range(d.rounds):
            h = relu(h * w + b) - d.c
        h.backward(ones)
        return [t.grad.data for t in (x, w, b)]

    return step


def cross_entropy(d):
    def step():
        z = Tensor(d.z, requires_grad=True)
        loss_of(z, d.labels).backward()
        return [z.grad.data]

    return step


def jacobian(d):
    def step():
        z = Tensor(d.z, requires_grad=True)
        with GradientTape() as tape:
            p = softmax(z)
        return [tape.batch_jacobian(p, z).data]

    return step


def _penalised(d):
    share, half = 1 / len(d.x), d.penalty / 2

    def loss(w):
        score = d.x @ w
        return (softplus(score) - d.t * score).sum() * share + (w * w).sum() * half

    return loss


def hessian(d):
    second = hessian_of(_penalised(d))
    return lambda: [second(d.w)]


def hessian_vector(d):
    loss = _penalised(d)

    def step():
        w = Tensor(d.w, requires_grad=True)
        loss(w).backward(create_graph=True)
        slope, w.grad = w.grad, None
        slope.backward(d.v)
        return [w.grad.data]

    return step


def tape(d):
    parameters = _leaves(d.parameters)
    return lambda: loss_of(_network(parameters, d.x), d.labels)
