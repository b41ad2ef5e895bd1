"""tinygrad with TinyJit, on the CPU. The chain is left out: fusing 1000 ops takes minutes."""

import numpy as np
from tinygrad import Device, Tensor, TinyJit

__all__ = ["cross_entropy", "epoch", "finish", "train", "train_on_images"]


def as_numpy(x):
    """What a step gives back, as a NumPy array."""
    return x.numpy()


def finish(result):
    """The result, once it is computed."""
    Device[Device.DEFAULT].synchronize()
    return result


def _tensor(array):
    return Tensor(np.ascontiguousarray(array)).contiguous().realize()


def _leaves(arrays):
    leaves = list(map(_tensor, arrays))
    for p in leaves:
        p.requires_grad = True
    return leaves


def _scores(parameters, x):
    for i in range(0, len(parameters), 2):
        x = (x.relu() if i else x) @ parameters[i] + parameters[i + 1]
    return x


def _scores_of_images(parameters, x):
    first, first_b, second, second_b, dense, dense_b = parameters
    x = x.conv2d(first, first_b).relu().max_pool2d(2)
    x = x.conv2d(second, second_b).relu().max_pool2d(2)
    return x.permute(0, 2, 3, 1).flatten(1) @ dense + dense_b


def _trainer(parameters, scores, rate):
    def update(x, labels):
        for p in parameters:
            p.grad = None
        scores(parameters, x).sparse_categorical_crossentropy(labels).backward()
        for p in parameters:
            p.assign(p.detach() - rate * p.grad)
        Tensor.realize(*parameters)

    return TinyJit(update)


def _labels(labels):
    return _tensor(labels.astype(np.int32))


def train(d):
    parameters, x, labels = _leaves(d.parameters), _tensor(d.x), _labels(d.labels)
    update = _trainer(parameters, _scores, d.rate)

    def step():
        update(x, labels)
        return parameters

    return step


def train_on_images(d):
    turned = [a.transpose(3, 2, 0, 1) if a.ndim == 4 else a for a in d.parameters]
    parameters, x = _leaves(turned), _tensor(d.x.transpose(0, 3, 1, 2))
    update, labels = _trainer(parameters, _scores_of_images, d.rate), _labels(d.labels)

    def step():
        update(x, labels)
        return [p.permute(2, 3, 1, 0) if p.ndim == 4 else p for p in parameters]

    return step


def epoch(d):
    parameters = _leaves(d.parameters)
    # What was traced fits one batch size only.
    updates = {n: _trainer(parameters, _scores, d.rate) for n in set(map(len, d.batches))}

    def step():
        for places in d.batches:
            updates[len(places)](_tensor(d.x[places]), _labels(d.labels[places]))
        return parameters

    return step


def cross_entropy(d):
    z, labels = _leaves([d.z])[0], _labels(d.labels)

    def slope(z, labels):
        z.requires_grad, z.grad = True, None
        z.sparse_categorical_crossentropy(labels).backward()
        return z.grad.realize()

    slope = TinyJit(slope)
    return lambda: [slope(z, labels)]
