"""Data to learn from. `import mlkit` does not load this package; `mlkit.data` does at first use."""

from mlkit.data.shipped import digits

__all__ = ["digits"]
