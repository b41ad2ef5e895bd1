"""mlkit: automatic differentiation in a few files that students read.

The public names, in the order the course meets them. Every function takes tensors, arrays, lists
and numbers: it gives a tensor if a tensor came in, else a NumPy (or CuPy) array.
Several threads may differentiate at once: a tape, no_grad, detect_anomaly or device holds in the
thread that entered it, and a derivative under way concerns its own thread. Only swap holds in all.
"""

from importlib import import_module as _import_module
from typing import Any as _Any

from mlkit import ops
from mlkit.backward import Function, detect_anomaly, no_grad, tensor
from mlkit.device import gpu_available, to_gpu, to_host
from mlkit.draw import draw
from mlkit.engine import ShapeError, Tensor, op
from mlkit.functional import (
    checkpoint,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    value_and_grad,
    vjp,
    vmap,
)
from mlkit.gradcheck import check_gradients
from mlkit.jit import jit
from mlkit.ops.activation import relu, sigmoid, softplus
from mlkit.ops.linear import linear, matmul
from mlkit.ops.loss import cross_entropy, kl_divergence, log_softmax, logsumexp, softmax
from mlkit.ops.trigonometry import tanh
from mlkit.swap import swap
from mlkit.tape import GradientTape, Variable, custom_gradient, stop_gradient

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022, in teaching order
    "softmax",
    "log_softmax",
    "logsumexp",
    "kl_divergence",
    "cross_entropy",
    "sigmoid",
    "softplus",
    "Tensor",
    "Variable",
    "GradientTape",
    "stop_gradient",
    "custom_gradient",
    "tensor",
    "no_grad",
    "Function",
    "detect_anomaly",
    "grad",
    "value_and_grad",
    "vjp",
    "jvp",
    "jacrev",
    "jacfwd",
    "hessian",
    "vmap",
    "checkpoint",
    "jit",
    "check_gradients",
    "draw",
    "swap",
    "ShapeError",
    "op",
    "matmul",
    "linear",
    "tanh",
    "relu",
    "ops",
    "gpu_available",
    "to_gpu",
    "to_host",
]

# Loaded at first use, so that `import mlkit` stays quick.
_LATER = ("data", "losses", "metrics", "nn", "onnx", "optim", "play", "train", "weights")


def __getattr__(name: str) -> _Any:
    if name in _LATER:
        return _import_module(f"mlkit.{name}")
    raise AttributeError(f"mlkit has no {name!r}; it has {', '.join([*__all__, *_LATER])}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_LATER])
