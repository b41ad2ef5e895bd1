"""The op table: every operation and its derivatives, by family.

This package is also the array library that holds tensors: `xp` in a rule that is itself recorded.
"""

# ruff: noqa: F403  every family names its ops in __all__
import sys
from typing import Any

import numpy as np

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

# What the array API standard has besides: types, constants, new arrays, questions without a
# derivative, and other names for ops. NumPy's own: it hands back to the table what meets a tensor.
_STANDARD = """
    all any arange bool broadcast_arrays broadcast_shapes can_cast ceil concat copysign
    count_nonzero cumulative_prod e empty empty_like eye finfo float32 float64 from_dlpack full
    full_like iinfo inf int8 int16 int32 int64 isdtype isfinite isin isinf isnan linalg linspace
    logical_xor matrix_transpose meshgrid nan newaxis nonzero ones pi positive pow result_type
    round searchsorted signbit trunc uint8 uint16 uint32 uint64 unique_values unstack vecdot zeros
""".split()  # noqa: SIM905


def asarray(x: Any, dtype: Any = None) -> Any:
    """x itself if it is a tensor or an array of any library, else a NumPy array made from it."""
    if not hasattr(x, "dtype"):
        return np.asarray(x, dtype)
    return x if dtype is None else astype(x, dtype)  # noqa: F405


def __getattr__(name: str) -> Any:
    if name in _STANDARD:
        return getattr(np, name)
    raise AttributeError(f"mlkit.ops has no op {name!r}; it has {', '.join(__all__)}")
