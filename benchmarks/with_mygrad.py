"""MyGrad: NumPy's words on tensors, eager. It knows first derivatives only."""

import mygrad as mg
import numpy as np
from mygrad.nnet.activations import relu
from mygrad.nnet.layers import conv_nd, max_pool
from mygrad.nnet.losses import softmax_crossentropy

__all__ = ["chain", "cross_entropy", "epoch", "tape", "train", "train_on_images"]


def _scores(parameters, x):
    for i in range(0, len(parameters), 2):
        x = mg.matmul(relu(x) if i else x, parameters[i]) + parameters[i + 1]
    return x


def _scores_of_images(parameters, x):
    first, first_b, second, second_b, dense, dense_b = parameters
    x = relu(conv_nd(x, first, stride=1) + first_b.reshape(1, -1, 1, 1))
    x = max_pool(x, (2, 2), 2)
    x = relu(conv_nd(x, second, stride=1) + second_b.reshape(1, -1, 1, 1))
    x = max_pool(x[:, :, :10, :10], (2, 2), 2)  # it refuses windows that leave a rest
    return mg.matmul(x.transpose(0, 2, 3, 1).reshape(len(x), -1), dense) + dense_b


def _trainer(parameters, scores, rate):
    rate = np.float32(rate)

    def update(x, labels):
        softmax_crossentropy(scores(parameters, x), labels).backward()
        for p in parameters:
            p.data -= rate * p.grad

    return update


def train(d):
    parameters = [mg.tensor(a.copy()) for a in d.parameters]
    update = _trainer(parameters, _scores, d.rate)

    def step():
        update(d.x, d.labels)
        return [p.data for p in parameters]

    return step


def epoch(d):
    parameters = [mg.tensor(a.copy()) for a in d.parameters]
    update = _trainer(parameters, _scores, d.rate)

    def step():
        for places in d.batches:
            update(d.x[places], d.labels[places])
        return [p.data for p in parameters]

    return step


def train_on_images(d):
    turned = [a.transpose(3, 2, 0, 1) if a.ndim == 4 else a for a in d.parameters]
    parameters = [mg.tensor(np.ascontiguousarray(a)) for a in turned]
    update, x = _trainer(parameters, _scores_of_images, d.rate), d.x.transpose(0, 3, 1, 2).copy()

    def step():
        update(x, d.labels)
        return [p.data.transpose(2, 3, 1, 0) if p.ndim == 4 else p.data for p in parameters]

    return step


def chain(d):
    def step():
        x, w, b = h, *_ = [mg.tensor(a) for a in (d.x, d.w, d.b)]
        for _ in range(d.rounds):
            h = relu(h * w + b) - d.c
        h.backward()
        return [t.grad for t in (x, w, b)]

    return step


def cross_entropy(d):
    z = mg.tensor(d.z)

    def step():
        softmax_crossentropy(z, d.labels).backward()
        return [z.grad]

    return step


def tape(d):
    parameters = [mg.tensor(a.copy()) for a in d.parameters]
    return lambda: softmax_crossentropy(_scores(parameters, d.x), d.labels)
