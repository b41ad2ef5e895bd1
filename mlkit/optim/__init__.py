"""Optimisers: how parameters move, given their gradients. Schedules: how fast, step by step."""

from mlkit.optim.clip import clip_by_global_norm
from mlkit.optim.optimizer import Optimizer
from mlkit.optim.rules import SGD, Adam, AdamW, RMSProp
from mlkit.optim.schedule import constant, cosine, exponential, step_decay, warm_up

__all__ = [  # noqa: RUF022, in teaching order
    "SGD",
    "RMSProp",
    "Adam",
    "AdamW",
    "Optimizer",
    "clip_by_global_norm",
    "constant",
    "step_decay",
    "exponential",
    "cosine",
    "warm_up",
]
