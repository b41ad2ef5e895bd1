"""The rules: SGD, RMSProp, Adam, AdamW.

A rule moves one piece in place: `w` a part of a parameter, `g` its gradient, `s` scratch space,
then what is remembered, all in one shape; and last the numbers that `settings` gives for the step.
"""

from typing import Any

import numpy as np

from mlkit.optim.optimizer import Optimizer, Rate
from mlkit.optim.place import into

__all__ = ["SGD", "Adam", "AdamW", "RMSProp"]

Array = Any


class SGD(Optimizer):
    """w -= rate * g; with momentum w -= rate * v, where v = momentum * v + g.

    nesterov: w -= rate * (g + momentum * v), a look ahead. The rate stands outside of v, as in
    PyTorch. Source: Sutskever et al., On the importance of initialization and momentum in deep
    learning, ICML 2013.
    """

    def __init__(
        self,
        parameters: Any,
        learning_rate: Rate = 0.01,
        *,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
        clip_norm: float | None = None,
    ):
        _check_shares("SGD", momentum=momentum)
        if nesterov and not momentum:
            raise ValueError("SGD: nesterov looks ahead along the momentum; give one, such as 0.9")
        self.momentum, self.nesterov = momentum, nesterov
        self.memories = ("velocity",) if momentum else ()
        super().__init__(parameters, learning_rate, weight_decay, clip_norm)

    def update(self, w: Array, g: Array, s: Array, *more: Any) -> None:
        """Move one piece."""
        *memories, rate = more
        for v in memories:
            v *= self.momentum
            v += g
            if self.nesterov:
                w -= into(s, np.multiply, g, rate)
                rate *= self.momentum
            g = v
        w -= into(s, np.multiply, g, rate)


class RMSProp(Optimizer):
    """w -= rate * g / (sqrt(v) + epsilon), where v is a running mean of g * g.

    decay: the share of v that stays at each step. With momentum, the fraction takes the part of g
    in SGD's rule. Source: Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5.
    """

    def __init__(
        self,
        parameters: Any,
        learning_rate: Rate = 0.01,
        *,
        decay: float = 0.99,
        epsilon: float = 1e-8,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        clip_norm: float | None = None,
    ):
        _check_shares("RMSProp", decay=decay, momentum=momentum)
        self.decay, self.epsilon, self.momentum = decay, epsilon, momentum
        self.memories = ("square", "velocity") if momentum else ("square",)
        super().__init__(parameters, learning_rate, weight_decay, clip_norm)

    def update(self, w: Array, g: Array, s: Array, *more: Any) -> None:
        """Move one piece."""
        square, *velocity, rate = more
        _follow(square, into(s, np.multiply, g, g), self.decay)
        into(s, np.sqrt, square)
        s += self.epsilon
        into(s, np.divide, g, s)
        for v in velocity:
            v *= self.momentum
            v += s
            into(s, np.multiply, v, rate)
            rate = 1.0
        s *= rate
        w -= s


class Adam(Optimizer):
    """w -= rate * m / (sqrt(v) + epsilon): running means of g and g * g, started without bias.

    betas: the shares of m and v that stay at each step. weight_decay is part of g: see AdamW.
    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015, algorithm 1.
    """

    memories = ("mean", "square")

    def __init__(
        self,
        parameters: Any,
        learning_rate: Rate = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
        clip_norm: float | None = None,
    ):
        _check_shares(type(self).__name__, **{"betas[0]": betas[0], "betas[1]": betas[1]})
        self.betas, self.epsilon = betas, epsilon
        super().__init__(parameters, learning_rate, weight_decay, clip_norm)

    def settings(self, rate: float) -> tuple[float, ...]:
        """The rate and epsilon without the bias of m and v (end of section 2), and what stays."""
        first, second = (1 - beta ** (self.steps + 1) for beta in self.betas)
        return rate * second**0.5 / first, self.epsilon * second**0.5, 1.0

    def update(self, w: Array, g: Array, s: Array, *more: Any) -> None:
        """Move one piece."""
        mean, square, rate, epsilon, stays = more
        if stays != 1.0:
            w *= stays
        _follow(square, into(s, np.multiply, g, g), self.betas[1])
        into(s, np.subtract, g, mean)
        s *= 1 - self.betas[0]
        mean += s
        into(s, np.sqrt, square)
        s += epsilon
        into(s, np.divide, mean, s)
        s *= rate
        w -= s


class AdamW(Adam):
    """Adam where weights decay by themselves, w *= 1 - rate * weight_decay, and not as part of g.

    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR 2019, algorithm 2.
    """

    def __init__(
        self,
        parameters: Any,
        learning_rate: Rate = 0.001,
        *,
        weight_decay: float = 0.01,
        **settings: Any,
    ):
        super().__init__(parameters, learning_rate, **settings)
        if not weight_decay >= 0:
            raise ValueError(f"AdamW: weight_decay must be from 0, got {weight_decay}")
        self.decay = weight_decay

    def settings(self, rate: float) -> tuple[float, ...]:
        """As Adam's, and the share of w that stays."""
        return *super().settings(rate)[:2], 1 - rate * self.decay


def _follow(average: Array, new: Array, stays: float) -> None:
    """Let a running mean move towards new values, which are used up."""
    average *= stays
    new *= 1 - stays
    average += new


def _check_shares(optimizer: str, **shares: float) -> None:
    """Raise ValueError unless each is a share of what was, in [0, 1)."""
    for name, share in shares.items():
        if not 0 <= share < 1:
            raise ValueError(f"{optimizer}: {name} must be in [0, 1), got {share}; 0.9 is usual")
