"""The op table: every operation and its derivatives, by family.

This package is also the array library that holds tensors: `xp` in a rule that is itself recorded.
"""

# ruff: noqa: F403  every family names its ops in __all__
import sys

from mlkit.device import register
from mlkit.engine import Tensor
from mlkit.ops.activation import *
from mlkit.ops.activation import __all__ as _activation
from mlkit.ops.comparison import *
from mlkit.ops.comparison import __all__ as _comparison
from mlkit.ops.conv import *
from mlkit.ops.conv import __all__ as _conv
from mlkit.ops.einstein import *
from mlkit.ops.einstein import __all__ as _einsum
from mlkit.ops.elementwise import *
from mlkit.ops.elementwise import __all__ as _elementwise
from mlkit.ops.index import *
from mlkit.ops.index import __all__ as _index
from mlkit.ops.linear import *
from mlkit.ops.linear import __all__ as _linear
from mlkit.ops.loss import *
from mlkit.ops.loss import __all__ as _loss
from mlkit.ops.reduce import *
from mlkit.ops.reduce import __all__ as _reduce
from mlkit.ops.shape import *
from mlkit.ops.shape import __all__ as _shape
from mlkit.ops.trigonometry import *
from mlkit.ops.trigonometry import __all__ as _trigonometry

__all__ = [
    *_elementwise, *_trigonometry, *_activation, *_comparison, *_reduce, *_shape, *_index, *_linear,
    *_einsum, *_conv, *_loss,
]  # fmt: skip

register(Tensor, sys.modules[__name__])
