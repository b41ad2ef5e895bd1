"""Nestings of arguments and results: taken apart at each call, and put together again."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from mlkit.engine import Tensor

__all__ = ["builder", "flatten", "names", "objects", "rebuild", "static", "tensors"]

_STATIC = (bool, int, str, bytes, complex, type(None), type(...))


def flatten(x: Any, leaves: list[Any], kept: list[Any]) -> Any:
    """Append the leaves that change from call to call, and give what may not change: the key.

    kept: objects that the key names by id, which must live as long as the key does.
    """
    kind = type(x)
    if kind is tuple:  # written out for arrays in it, the usual case
        key: list[Any] = []
        for part in x:
            if type(part) is np.ndarray:
                leaves.append(part)
                key += part.shape, part.dtype
            else:
                key.append(flatten(part, leaves, kept))
        return tuple(key)
    if kind is np.ndarray:
        leaves.append(x)
        return x.shape, x.dtype
    if isinstance(x, Tensor):
        leaves.append(x)
        return kind, x._data.shape, x._data.dtype, x.node is not None, x.grad is None
    if kind is float or isinstance(x, np.generic):
        leaves.append(x)
        return kind
    if kind is list:
        return kind, *[flatten(part, leaves, kept) for part in x]
    if kind is dict:
        return kind, *x, *[flatten(part, leaves, kept) for part in x.values()]
    if isinstance(x, tuple):
        return kind, *[flatten(part, leaves, kept) for part in x]
    if isinstance(x, _STATIC):
        return kind, x
    if hasattr(x, "__array_namespace__"):
        raise TypeError(
            f"jit: compiles for NumPy arrays, got {kind.__module__}.{kind.__name__}; "
            "call the function itself, or move the array with to_host"
        )
    kept.append(x)
    return kind, id(x)


def static(x: Any, kept: list[Any]) -> Any:
    """The key of an argument that counts as constant: its value, or which object it is."""
    try:
        hash(x)
    except TypeError:
        kept.append(x)
        return id(x)
    return type(x), x


def objects(x: Any) -> Iterator[Any]:
    """What is in a nesting besides arrays, tensors and plain values: modules, functions."""
    if isinstance(x, dict | list | tuple):
        for part in x.values() if isinstance(x, dict) else x:
            yield from objects(part)
    elif not isinstance(x, (Tensor, np.ndarray, np.generic, float, *_STATIC)):
        yield x


def tensors(x: Any) -> Iterator[Tensor]:
    """The tensors in a nesting, in order."""
    if isinstance(x, Tensor):
        yield x
    elif isinstance(x, dict | list | tuple):
        for part in x.values() if isinstance(x, dict) else x:
            yield from tensors(part)


def rebuild(x: Any, make: Callable[[Any], Any]) -> Any:
    """The same nesting with make(leaf) in place of the leaves that flatten finds."""
    kind = type(x)
    if kind is dict:
        return {name: rebuild(part, make) for name, part in x.items()}
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return kind(*(rebuild(part, make) for part in x))
    if kind is tuple or kind is list:
        return kind(rebuild(part, make) for part in x)
    return make(x) if isinstance(x, Tensor | np.ndarray | np.generic | float) else x


def names(x: Any, name: str = "") -> Iterator[str]:
    """What each leaf is called, in order: keys and places on the way to it."""
    kind = type(x)
    if kind is dict:
        for key, part in x.items():
            yield from names(part, f"{name}_{key}" if name else str(key))
    elif isinstance(x, tuple) and hasattr(x, "_fields"):
        for key, part in zip(x._fields, x, strict=True):
            yield from names(part, f"{name}_{key}")
    elif kind is tuple or kind is list:
        for i, part in enumerate(x):
            yield from names(part, f"{name}_{i}")
    elif isinstance(x, Tensor | np.ndarray | np.generic | float):
        yield name


def builder(tree: Any, find: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that puts values together as the tree is. find(leaf) gives the function that
    takes its value out of all of them, or None for a leaf that is always the same.
    """
    kind = type(tree)
    if kind is dict:
        parts = {name: builder(part, find) for name, part in tree.items()}
        return lambda values: {name: part(values) for name, part in parts.items()}
    if kind in (tuple, list) or (isinstance(tree, tuple) and hasattr(tree, "_fields")):
        each = [builder(part, find) for part in tree]
        if kind in (tuple, list):
            return lambda values: kind([part(values) for part in each])
        return lambda values: kind(*[part(values) for part in each])
    return find(tree) or (lambda values: tree)
