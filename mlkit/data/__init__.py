"""Data to learn from. `import mlkit` does not load this package; `mlkit.data` does at first use."""

from mlkit.data.download import fashion_mnist, mnist
from mlkit.data.encode import OneHotEncoder, to_float
from mlkit.data.idx import read_idx
from mlkit.data.order import Batches, batches, split
from mlkit.data.shipped import digits

__all__ = [  # noqa: RUF022, in teaching order
    "digits",
    "split",
    "batches",
    "Batches",
    "OneHotEncoder",
    "to_float",
    "mnist",
    "fashion_mnist",
    "read_idx",
]
