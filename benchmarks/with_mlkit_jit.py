"""mlkit, compiled: the same functions behind jit."""

from with_mlkit import _leaves, _network, _network_of_images, _penalised, _trainer

from mlkit import GradientTape, Tensor, grad, relu, softmax
from mlkit import cross_entropy as loss_of
from mlkit import hessian as hessian_of
from mlkit.jit import jit

__all__ = [
    "chain",
    "cross_entropy",
    "epoch",
    "hessian",
    "hessian_vector",
    "jacobian",
    "train",
    "train_on_images",
]


def train(d):
    return _training(d, _network)


def train_on_images(d):
    return _training(d, _network_of_images)


def _training(d, network):
    parameters = _leaves(d.parameters)
    update = jit(_trainer(parameters, network, d.rate))

    def step():
        update(d.x, d.labels)
        return [p.data for p in parameters]

    return step


def epoch(d):
    parameters = _leaves(d.parameters)
    update = jit(_trainer(parameters, _network, d.rate))

    def step():
        for places in d.batches:
            update(d.x[places], d.labels[places])
        return [p.data for p in parameters]

    return step


def chain(d):
    def end(x, w, b):
        for _ in range(d.rounds):
            x = relu(x * w + b) - d.c
        return x.sum()

    gradients = jit(grad(end, (0, 1, 2)))
    return lambda: gradients(d.x, d.w, d.b)


def cross_entropy(d):
    gradient = jit(grad(loss_of))
    return lambda: [gradient(d.z, d.labels)]


def jacobian(d):
    @jit
    def of_each_row(z):
        z = Tensor(z, requires_grad=True)
        with GradientTape() as tape:
            p = softmax(z)
        return tape.batch_jacobian(p, z)

    return lambda: [of_each_row(d.z)]


def hessian(d):
    second = jit(hessian_of(_penalised(d)))
    return lambda: [second(d.w)]


def hessian_vector(d):
    slope = grad(_penalised(d))
    product = jit(lambda w, v: grad(lambda w: (slope(w) * v).sum())(w))
    return lambda: [product(d.w, d.v)]
