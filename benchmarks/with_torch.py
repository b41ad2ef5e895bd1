"""PyTorch, eager: `backward()` to train, `torch.func` for Jacobians and Hessians."""

import torch
from torch.func import hessian as hessian_of
from torch.func import jacrev, vmap
from torch.nn import functional

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


def as_numpy(x):
    """What a step gives back, as a NumPy array."""
    return x.detach().cpu().numpy()


def unchanged(function):
    """What stands in for torch.compile here."""
    return function


def _loss(parameters, x, labels):
    for i in range(0, len(parameters), 2):
        x = torch.addmm(parameters[i + 1], torch.relu(x) if i else x, parameters[i])
    return functional.cross_entropy(x, labels)


def _trainer(parameters, loss, rate):
    def update(x, labels):
        loss(parameters, x, labels).backward()
        with torch.no_grad():
            torch._foreach_add_(parameters, [p.grad for p in parameters], alpha=-rate)
        for p in parameters:
            p.grad = None

    return update


def _leaves(arrays):
    return [torch.tensor(a, requires_grad=True) for a in arrays]


def train(d, ready=unchanged):
    parameters, x, labels = _leaves(d.parameters), torch.tensor(d.x), torch.tensor(d.labels)
    update = _trainer(parameters, ready(_loss), d.rate)

    def step():
        update(x, labels)
        return parameters

    return step


def epoch(d, ready=unchanged):
    parameters, x, labels = _leaves(d.parameters), torch.tensor(d.x), torch.tensor(d.labels)
    batches = [torch.tensor(places) for places in d.batches]
    update = _trainer(parameters, ready(_loss), d.rate)

    def step():
        for places in batches:
            update(x[places], labels[places])
        return parameters

    return step


def _loss_of_images(parameters, x, labels):
    first, first_b, second, second_b, dense, dense_b = parameters
    x = functional.max_pool2d(torch.relu(functional.conv2d(x, first, first_b)), 2)
    x = functional.max_pool2d(torch.relu(functional.conv2d(x, second, second_b)), 2)
    return functional.cross_entropy(torch.addmm(dense_b, x.flatten(1), dense), labels)


def train_on_images(d, ready=unchanged):
    # Channels stand first here; the dense layer's rows are in the order that this gives them.
    first, first_b, second, second_b, dense, dense_b = map(torch.tensor, d.parameters)
    first, second = (w.permute(3, 2, 0, 1).contiguous() for w in (first, second))
    dense = dense.reshape(5, 5, 16, 10).permute(2, 0, 1, 3).reshape(400, 10)
    parameters = [p.requires_grad_() for p in (first, first_b, second, second_b, dense, dense_b)]
    x, labels = torch.tensor(d.x).permute(0, 3, 1, 2).contiguous(), torch.tensor(d.labels)
    update = _trainer(parameters, ready(_loss_of_images), d.rate)

    def step():
        update(x, labels)
        back = dense.reshape(16, 5, 5, 10).permute(1, 2, 0, 3).reshape(400, 10)
        first_back, second_back = (w.permute(2, 3, 1, 0) for w in (first, second))
        return [first_back, first_b, second_back, second_b, back, dense_b]

    return step


def chain(d):
    x, w, b = inputs = _leaves((d.x, d.w, d.b))
    c = float(d.c)

    def step():
        h = x
        for _ in range(d.rounds):
            h = torch.relu(h * w + b) - c
        return torch.autograd.grad(h.sum(), inputs)

    return step


def jacobian(d, ready=unchanged):
    z = torch.tensor(d.z)
    rows = ready(vmap(jacrev(lambda row: torch.softmax(row, -1))))
    return lambda: [rows(z)]


def cross_entropy(d, ready=unchanged):
    (z,), labels = _leaves([d.z]), torch.tensor(d.labels)
    loss = ready(functional.cross_entropy)
    return lambda: torch.autograd.grad(loss(z, labels), z)


def penalised(d):
    """The loss of the logistic regression, by its weights."""
    x, t = torch.tensor(d.x), torch.tensor(d.t)

    def loss(w):
        score = x @ w
        surprise = functional.softplus(score) - t * score
        return surprise.mean() + d.penalty / 2 * (w @ w)

    return loss


def hessian(d, ready=unchanged):
    w, second = torch.tensor(d.w), ready(hessian_of(penalised(d)))
    return lambda: [second(w)]


def hessian_vector(d):
    loss, (w,), v = penalised(d), _leaves([d.w]), torch.tensor(d.v)

    def step():
        (slope,) = torch.autograd.grad(loss(w), w, create_graph=True)
        return torch.autograd.grad(slope, w, v)

    return step


def tape(d):
    parameters, x, labels = _leaves(d.parameters), torch.tensor(d.x), torch.tensor(d.labels)
    return lambda: _loss(parameters, x, labels)
