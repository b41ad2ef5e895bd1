"""Which forbidden names an answer uses, found in its text without running it.

Only what the question's functions reach counts: their definitions and the student's helpers,
through any alias of an import. A name that a function binds itself hides the notebook's. A trick
that builds a name from pieces is not seen.
"""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_BLOCKS = (ast.If, ast.Try, ast.With, ast.For, ast.While, ast.Match)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MAGIC = re.compile(r"^\s*[%!?].*|^.*\?\s*$", re.MULTILINE)


@dataclass(frozen=True)
class _Bound:
    """Where the notebook binds a name: a statement, and for an import what it stands for."""

    statement: ast.stmt
    lines: list[str]
    dotted: str | None = None

    def line(self, node: ast.AST) -> str:
        """The line that a node stands on."""
        return self.lines[getattr(node, "lineno", self.statement.lineno) - 1].strip()


def find(
    cells: Sequence[str], forbidden: Sequence[str], needs: Iterable[str]
) -> tuple[str, str] | None:
    """The first forbidden name that the answer uses and the line it stands on, or None.

    cells: code cells in order, a later binding replaces an earlier one. forbidden: dotted names
    such as "scipy.special.softmax" or whole packages such as "mlkit". needs: the names asked for.
    """
    bound = _notebook(cells) if forbidden else {}
    seen: set[str] = set()
    todo: list[tuple[str, str | None]] = [(name, None) for name in needs]
    while todo:
        used, line = todo.pop(0)
        root, dot, rest = used.partition(".")
        for place in bound.get(root) or _starred(bound, root):
            if place.dotted is not None:
                name = place.dotted.replace("*", root) + dot + rest
                if _is_forbidden(name, forbidden):
                    return name, line or place.line(place.statement)
            elif root not in seen:
                for inner, complete, node in _uses(place.statement):
                    if complete and _is_forbidden(inner, forbidden):
                        return inner, place.line(node)
                    todo += [] if complete else [(inner, place.line(node))]
        seen.add(root)
    return None


def _is_forbidden(name: str, forbidden: Sequence[str]) -> bool:
    return any(f"{name}.".startswith(f"{f}.") for f in forbidden)


def _starred(bound: dict[str, list[_Bound]], name: str) -> list[_Bound]:
    """The `from ... import *` that a name which nothing else binds may come from."""
    return [] if hasattr(builtins, name) else bound.get("*", [])


def _notebook(cells: Sequence[str]) -> dict[str, list[_Bound]]:
    """Every name that the cells bind outside functions; "*" for names that nobody lists."""
    bound: dict[str, list[_Bound]] = {}
    for cell in cells:
        tree, lines = _parsed(cell), cell.splitlines()
        for statement in tree.body if tree else []:
            told: dict[str, list[_Bound]] = {}
            for name, dotted, inner in _binds(statement):
                told.setdefault(name, []).append(_Bound(inner, lines, dotted))
            for name, places in told.items():
                may_be_earlier = isinstance(statement, _BLOCKS) or name == "*"
                bound[name] = [*(bound.get(name, []) if may_be_earlier else []), *places]
    return bound


def _parsed(cell: str) -> ast.Module | None:
    """A cell's syntax tree, if need be without IPython's own lines; None if it is not Python."""
    for text in (cell, _MAGIC.sub("pass", cell)):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _binds(statement: ast.stmt) -> Iterator[tuple[str, str | None, ast.stmt]]:
    """The names a statement binds outside functions: name, dotted name of an import, statement."""
    for inner in _outside_functions(statement):
        if isinstance(inner, ast.Import | ast.ImportFrom):
            yield from ((name, dotted, inner) for name, dotted in _imports(inner))
        elif isinstance(inner, (*_FUNCTIONS, ast.ClassDef)):
            yield inner.name, None, inner
        elif isinstance(inner, ast.stmt):
            yield from ((name, None, inner) for name in _stored([inner]))


def _outside_functions(statement: ast.stmt) -> Iterator[ast.AST]:
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop(0)
        yield node
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Lambda)):
            todo += ast.iter_child_nodes(node)


def _imports(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Local name and the dotted name it stands for."""
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            yield alias.asname or alias.name, f"{statement.module or ''}.{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            root = alias.name.partition(".")[0]
            yield root, root


def _stored(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that are assigned to anywhere in these nodes."""
    inner = [n for node in nodes for n in ast.walk(node)]
    shared = {name for n in inner if isinstance(n, ast.Global) for name in n.names}
    stored = {n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored - shared


def _uses(statement: ast.stmt) -> Iterator[tuple[str, bool, ast.AST]]:
    """The dotted names that a statement reads, whether each is complete, and where it stands.

    Complete: it starts at an import of the statement's own, or at a dynamic one. Else it starts at
    a name of the notebook's.
    """
    nodes = list(ast.walk(statement))
    own: set[str] = set()
    imported: dict[str, str] = {}
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        own = _stored(statement.body) | {n.arg for n in nodes if isinstance(n, ast.arg)}
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                imported |= dict(_imports(node))
                yield from ((dotted, True, node) for _, dotted in _imports(node) if "*" in dotted)
    outside = _defaults(statement)
    for node in nodes:
        root, rest = _chain(node)
        if isinstance(root, ast.Call) and (module := _dynamic(root)):
            yield f"{module}{rest}", True, node
        elif isinstance(root, ast.Name) and isinstance(root.ctx, ast.Load):
            if root.id in imported:
                yield f"{imported[root.id]}{rest}", True, node
            elif root.id not in own or root in outside:
                yield f"{root.id}{rest}", False, node


def _defaults(statement: ast.stmt) -> set[ast.AST]:
    """The nodes of a function that are read where it is defined: decorators and defaults."""
    if not isinstance(statement, _FUNCTIONS):
        return set()
    arguments = [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
    return {n for part in [*arguments, *statement.decorator_list] for n in ast.walk(part)}


def _chain(node: Any) -> tuple[Any, str]:
    """`a.b.c` as the node of `a` and ".b.c"."""
    rest = ""
    while isinstance(node, ast.Attribute):
        node, rest = node.value, f".{node.attr}{rest}"
    return node, rest


def _dynamic(call: ast.Call) -> str | None:
    """The module that `import_module("name")` or `__import__("name")` brings."""
    name = _chain(call.func)[1].rpartition(".")[2] or getattr(call.func, "id", "")
    given = getattr(call.args[0], "value", None) if call.args else None
    is_import = name in ("import_module", "__import__")
    return given if is_import and isinstance(given, str) else None
