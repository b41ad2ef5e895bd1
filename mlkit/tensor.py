"""Python and NumPy syntax for tensors: which operator, method or NumPy function is which op."""

from mlkit import ops
