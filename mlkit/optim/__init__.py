"""Optimisers: how parameters move, given their gradients. Schedules: how fast, step by step."""

from mlkit.optim.clip import clip_by_global_norm
from mlkit.optim.optimizer import Optimizer
from mlkit.optim.rules import SGD, Adam, AdamW, RMSProp

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSProp", "clip_by_global_norm"]
