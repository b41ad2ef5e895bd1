"""PyTorch with torch.compile. Compiling the chain of 1000 ops takes minutes, so it is left out."""

from functools import partial

import torch
import with_torch
from torch.func import grad, jvp
from with_torch import as_numpy

__all__ = [
    "as_numpy",
    "cross_entropy",
    "epoch",
    "hessian",
    "hessian_vector",
    "jacobian",
    "train",
    "train_on_images",
]

train, epoch, train_on_images, jacobian, cross_entropy, hessian = (
    partial(function, ready=partial(torch.compile, dynamic=False))
    for function in (
        with_torch.train,
        with_torch.epoch,
        with_torch.train_on_images,
        with_torch.jacobian,
        with_torch.cross_entropy,
        with_torch.hessian,
    )
)


def hessian_vector(d):
    slope, w, v = grad(with_torch.penalised(d)), torch.tensor(d.w), torch.tensor(d.v)
    product = torch.compile(lambda w, v: jvp(slope, (w,), (v,))[1])
    return lambda: [product(w, v)]
