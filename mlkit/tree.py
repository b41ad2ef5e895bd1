"""Nested tuples, lists and dicts: one function over every leaf, the nesting kept.

None is an empty nesting, not a leaf. An object opens too if it has branches(), which gives a dict,
and with_branches(dict), which gives the same object with others in their place: see nn.Module.
"""

from collections.abc import Callable
from typing import Any

__all__ = ["leaves", "map_leaves", "unflatten"]

_NESTINGS = (tuple, list, dict)


def leaves(tree: Any) -> list[Any]:
    """Everything in the nesting that is not a tuple, list, dict or None, in order."""
    if not isinstance(tree, _NESTINGS):
        if not hasattr(tree, "with_branches"):
            return [] if tree is None else [tree]
        tree = tree.branches()
    branches = tree.values() if isinstance(tree, dict) else tree
    return [leaf for branch in branches for leaf in leaves(branch)]


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """The same nesting with function(leaf) in place of each leaf."""
    if not isinstance(tree, _NESTINGS):
        if hasattr(tree, "with_branches"):
            return tree.with_branches(map_leaves(function, tree.branches()))
        return None if tree is None else function(tree)
    if isinstance(tree, dict):
        return {name: map_leaves(function, branch) for name, branch in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(map_leaves(function, branch) for branch in tree))
    return type(tree)(map_leaves(function, branch) for branch in tree)


def unflatten(tree: Any, new: list[Any]) -> Any:
    """The nesting of `tree` with the values of `new` as its leaves, in order."""
    values = iter(new)
    return map_leaves(lambda leaf: next(values), tree)
