"""What a function can reach besides its arguments: its surroundings when it was traced.

Found by looking through closures, globals that it names, attributes and containers. Tensors are
state: read, and written where the function updates them, at every call. Everything else counts as
constant: numbers, texts and which tensor stands where are compared before each call.
"""

import functools
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from mlkit.engine import Node, Tensor

__all__ = ["Around"]

_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_OURS = {"mlkit", "numpy", "builtins"}
_LONG = 1_000  # items; a longer container is data, of which only the length is compared
_MOST = 20_000  # objects looked at; more are no surroundings of one function


class Around:
    """The surroundings of a function."""

    def __init__(self, function: Any, arguments: Any):
        self.tensors: list[Tensor] = []
        self.arrays: dict[int, np.ndarray] = {}
        self.attributes: list[tuple[dict, str]] = []  # where an object keeps an array of floats
        self.generators: list[tuple[Any, Any]] = []
        self._cells: list[tuple[Any, Any]] = []
        self._slots: list[tuple[Any, Any, Any]] = []  # container, key, value
        self._sizes: list[tuple[Any, int]] = []
        self._seen: dict[int, Any] = {}
        self._names: set[str] = set()
        self.labels: dict[int, str] = {}  # what an object is called, by its id
        self._look(function, arguments)

    def _look(self, *roots: Any) -> None:
        todo = list(roots)
        while todo and len(self._seen) < _MOST:
            x = todo.pop()
            if id(x) in self._seen or isinstance(x, (*_PLAIN, type, types.ModuleType, Node)):
                continue
            self._seen[id(x)] = x
            todo.extend(list(self._inside(x))[::-1])

    def _inside(self, x: Any) -> Iterator[Any]:
        """What can be reached from x in one step."""
        if isinstance(x, Tensor):
            self.tensors.append(x)
        elif isinstance(x, np.ndarray):
            self.arrays[id(x)] = x
        elif isinstance(x, np.random.Generator):
            self.generators.append((x, x.bit_generator.state))
        elif isinstance(x, types.FunctionType):
            yield from self._of_function(x)
        elif isinstance(x, types.MethodType):
            yield from (x.__self__, x.__func__)
        elif isinstance(x, functools.partial):
            yield from (x.func, x.args, x.keywords)
        elif getattr(type(x), "compiles", False):  # another compiled function
            yield x.function
        elif isinstance(x, dict | list | tuple) and len(x) > _LONG:
            self._sizes.append((x, len(x)))
        elif isinstance(x, dict):
            yield from self._of_container(x, x.items())
        elif isinstance(x, list | tuple):
            yield from self._of_container(x, enumerate(x))
        elif isinstance(x, set | frozenset):
            self._sizes.append((x, len(x)))
            yield from x
        elif hasattr(x, "__dict__") and not isinstance(x, types.MappingProxyType):
            self._of_class(type(x))
            if id(x) in self.labels:
                self.labels.setdefault(id(vars(x)), self.labels[id(x)])
            for name, value in vars(x).items():
                if type(value) is np.ndarray and value.dtype.kind == "f":
                    self.attributes.append((vars(x), name))
            yield from self._of_container(vars(x), vars(x).items())

    def _of_function(self, function: types.FunctionType) -> Iterator[Any]:
        for name, cell in zip(
            function.__code__.co_freevars, function.__closure__ or (), strict=True
        ):
            try:
                self._cells.append((cell, cell.cell_contents))
            except ValueError:  # not filled yet
                continue
            self.labels.setdefault(id(cell.cell_contents), name)
            yield cell.cell_contents
        yield function.__defaults__
        yield function.__kwdefaults__
        yield vars(function)
        names = set(_names_of(function.__code__))
        self._names |= names
        scope = function.__globals__
        if scope.get("__name__", "").partition(".")[0] in _OURS:
            return
        for name in sorted(names & scope.keys()):
            self._slots.append((scope, name, scope[name]))
            self.labels.setdefault(id(scope[name]), name)
            yield scope[name]

    def _of_class(self, kind: type) -> None:
        """The names that its methods use."""
        if id(kind) in self._seen:
            return
        self._seen[id(kind)] = kind
        for base in kind.__mro__[:-1]:
            for name, member in vars(base).items():
                if isinstance(member, _PLAIN) and not name.startswith("__"):
                    self._slots.append((vars(base), name, member))
                function = getattr(member, "fget", member)
                function = getattr(function, "__func__", function)
                if isinstance(function, types.FunctionType):
                    self._names |= set(_names_of(function.__code__))

    def _of_container(self, container: Any, items: Any) -> Iterator[Any]:
        self._seen[id(container)] = container
        if not isinstance(container, tuple):
            self._sizes.append((container, len(container)))
        for key, value in list(items):
            if not isinstance(container, tuple):
                self._slots.append((container, key, value))
            if isinstance(value, Tensor | list | dict | tuple) or hasattr(value, "__dict__"):
                outer = self.labels.get(id(container), "")
                self.labels.setdefault(id(value), f"{outer}_{key}" if outer else str(key))
            yield value

    # afterwards

    def guards(self, but: list[Any]) -> Callable[[], bool]:
        """A function that says whether the surroundings are still as they were.

        but: objects that change by themselves, with what they hold.
        """
        kinds = (*_PLAIN, Tensor, np.ndarray)
        free = set(Around(None, but)._seen) | {id(vars(x)) for x in but}
        lifted = {(id(place), key) for place, key in self.attributes}
        cells = [(cell, x) for cell, x in self._cells if isinstance(x, kinds)]
        slots = [
            (place, key, x)
            for place, key, x in self._slots
            if isinstance(x, kinds) and (not isinstance(key, str) or key in self._names)
            if id(place) not in free and (id(place), key) not in lifted
        ]
        sizes = [(x, n) for x, n in self._sizes if isinstance(x, list | dict) and id(x) not in free]

        def hold() -> bool:
            try:
                for cell, x in cells:
                    if cell.cell_contents is not x and not _same(cell.cell_contents, x):
                        return False
                for place, key, x in slots:
                    if place[key] is not x and not _same(place[key], x):
                        return False
                return all(len(x) == n for x, n in sizes)
            except (KeyError, IndexError, ValueError):
                return False

        return hold

    def changes(self) -> Iterator[tuple[str, Any]]:
        """(name, new value) of everything that was put elsewhere since."""
        for cell, x in self._cells:
            if cell.cell_contents is not x and not _same(cell.cell_contents, x):
                yield "a variable of an outer function", cell.cell_contents
        lifted = {(id(place), key) for place, key in self.attributes}
        for place, key, x in self._slots:
            if (id(place), key) in lifted:
                continue
            try:
                now = place[key]
            except (KeyError, IndexError):  # gone, so its size tells
                continue
            if now is not x and not _same(now, x):
                yield f"{key!r}" if isinstance(key, str) else "a list", now
        for container, n in self._sizes:
            if len(container) != n:
                added = list(container.values() if isinstance(container, dict) else container)
                yield f"a {type(container).__name__}", added[-1] if added else None


def _same(now: Any, before: Any) -> bool:
    return type(now) is type(before) and isinstance(now, _PLAIN) and now == before


def _names_of(code: types.CodeType) -> Iterator[str]:
    """The names of globals and attributes that code uses, with the functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_of(constant)
