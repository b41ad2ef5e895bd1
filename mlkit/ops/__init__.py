"""The op table: every operation and its derivatives, by family.

This package is also the array library that holds tensors: `xp` in a rule that is itself recorded.
"""

import sys

from mlkit.device import register
from mlkit.engine import Tensor
from mlkit.ops.elementwise import *  # noqa: F403
from mlkit.ops.linear import *  # noqa: F403
from mlkit.ops.loss import *  # noqa: F403
from mlkit.ops.reduce import *  # noqa: F403
from mlkit.ops.shape import *  # noqa: F403

register(Tensor, sys.modules[__name__])
