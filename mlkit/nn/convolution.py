"""Layers for images: convolution and pooling. (n, height, width, channels), channels last.

Letters: n batch, h w height and width, i channels in, o channels out. h' = (h + 2 padding - size)
// stride + 1, and so for w'.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlkit import ops
from mlkit.engine import Tensor
from mlkit.nn import initial
from mlkit.nn.layer import check_sizes, first_weight
from mlkit.nn.module import Module

__all__ = ["AveragePool2d", "Conv2d", "MaxPool2d"]


class Conv2d(Module):
    """Weighted sums over every window of an image, plus a bias. (n, h, w, i) -> (n, h', w', o).

    size: of a window, one number or (height, width). padding: rows and columns of zeros around the
    image, or "same", which keeps its size (for odd, square windows with stride 1).
    weight: (height, width, i, o), by default xavier_uniform; bias: (o,), zeros, or none.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        size: int | tuple[int, int],
        *,
        rng: np.random.Generator,
        stride: int = 1,
        padding: int | str = 0,
        bias: bool = True,
        initial: Callable[..., np.ndarray] = initial.xavier_uniform,
    ):
        height, width = _window(size)
        check_sizes(
            "Conv2d", inputs=inputs, outputs=outputs, height=height, width=width, stride=stride
        )
        self.stride, self.padding = stride, _padding(height, width, stride, padding)
        shape = (height, width, inputs, outputs)
        self.weight = first_weight("Conv2d", initial, shape, rng)
        self.bias = Tensor(np.zeros(outputs), requires_grad=True) if bias else None

    def forward(self, x: Any) -> Any:
        """(n, h, w, i) -> (n, h', w', o)."""
        return ops.conv2d(x, self.weight, self.bias, self.stride, self.padding)

    def settings(self) -> str:
        """Channels in and out, and the window."""
        height, width, inputs, outputs = self.weight.data.shape
        said = f"{inputs}, {outputs}, ({height}, {width})"
        said += f", stride={self.stride}" if self.stride != 1 else ""
        said += f", padding={self.padding}" if self.padding else ""
        return said if self.bias is not None else said + ", bias=False"


def _window(size: Any) -> tuple[int, int]:
    """(height, width) of a window."""
    sizes = (size, size) if isinstance(size, int | np.integer) else tuple(size)
    if len(sizes) != 2:
        raise ValueError(f"Conv2d: size is one number or (height, width), got {size!r}")
    return sizes


def _padding(height: int, width: int, stride: int, padding: int | str) -> int:
    """The padding as a number."""
    if padding == "same":
        if height != width or height % 2 == 0 or stride != 1:
            raise ValueError(
                'Conv2d: padding="same" needs an odd, square window and stride 1, '
                f"got ({height}, {width}) and stride {stride}; give a number"
            )
        return (height - 1) // 2
    whole = isinstance(padding, int | np.integer) and not isinstance(padding, bool)
    if not whole or int(padding) < 0:
        raise ValueError(f'Conv2d: padding is a number from 0 or "same", got {padding!r}')
    return int(padding)


class _Pool(Module):
    """What both kinds of pooling share."""

    def __init__(self, size: int = 2, stride: int | None = None, padding: int = 0):
        self.size, self.stride, self.padding = size, size if stride is None else stride, padding
        check_sizes(type(self).__name__, size=size, stride=self.stride)
        if not 0 <= padding <= size // 2:
            raise ValueError(
                f"{type(self).__name__}: padding is at most half of the window, "
                f"got {padding} for {size}; more would make windows of padding alone"
            )

    def settings(self) -> str:
        """The window, and what is not usual."""
        said = f"{self.size}" if self.stride == self.size else f"{self.size}, stride={self.stride}"
        return f"{said}, padding={self.padding}" if self.padding else said


class MaxPool2d(_Pool):
    """Largest value in each window of size x size. (n, h, w, i) -> (n, h', w', i).

    stride: from window to window, by default their size. Padding never wins.
    """

    def forward(self, x: Any) -> Any:
        """(n, h, w, i) -> (n, h', w', i)."""
        return ops.max_pool2d(x, self.size, self.stride, self.padding)


class AveragePool2d(_Pool):
    """Mean of each window of size x size. (n, h, w, i) -> (n, h', w', i). Padded zeros count."""

    def forward(self, x: Any) -> Any:
        """(n, h, w, i) -> (n, h', w', i)."""
        return ops.average_pool2d(x, self.size, self.stride, self.padding)
