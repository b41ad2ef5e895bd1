"""Which forbidden names an answer calls, found in its text without running it.

Only what the question's functions reach counts: their own definitions and the student's helpers,
through any alias of an import. A trick that hides a name (getattr with a built string) is not seen.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence

Definitions = dict[str, ast.stmt]


def find(
    cells: Sequence[str], forbidden: Sequence[str], needs: Iterable[str]
) -> tuple[str, str] | None:
    """The first forbidden name that the answer uses and the line it stands on, or None.

    cells: code cells in order, a later definition replaces an earlier one. forbidden: dotted names
    such as "scipy.special.softmax" or whole packages such as "mlkit". needs: the names asked for.
    """
    if not forbidden:
        return None
    trees = [tree for tree in map(_parsed, cells) if tree is not None]
    aliases = dict(pair for tree in trees for pair in _aliases(tree))
    definitions = dict(pair for tree in trees for pair in _definitions(tree))
    for statement in _reached(definitions, needs):
        for node in ast.walk(statement):
            name = _dotted(node, aliases)
            if name and any(name == f or name.startswith(f + ".") for f in forbidden):
                return name, ast.unparse(_innermost(statement, node)).splitlines()[0]
    return None


def _parsed(cell: str) -> ast.Module | None:
    """A cell's syntax tree without IPython's magic lines; None where it is not Python."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Local name -> the dotted name that an import gave it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield (
                    name.asname or name.name.split(".")[0],
                    (name.name if name.asname else name.name.split(".")[0]),
                )
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                yield name.asname or name.name, f"{node.module or ''}.{name.name}"


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """The names that a cell defines at its top level by def, class or assignment."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node


def _reached(definitions: Definitions, needs: Iterable[str]) -> list[ast.stmt]:
    """The definitions of the needed names and of everything they use in turn."""
    todo, seen = list(needs), dict[str, ast.stmt]()
    while todo:
        name = todo.pop()
        if name in definitions and name not in seen:
            seen[name] = definitions[name]
            todo += _names(seen[name])
    return list(seen.values())


def _names(statement: ast.stmt) -> set[str]:
    """The names that a statement takes from outside: not its own arguments and local variables."""
    if not isinstance(statement, ast.FunctionDef):
        return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
    nodes = [n for part in statement.body for n in ast.walk(part)]
    read = {n.id for n in nodes if isinstance(n, ast.Name)}
    own = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    shared = {name for n in nodes if isinstance(n, ast.Global) for name in n.names}
    arguments = {n.arg for n in ast.walk(statement) if isinstance(n, ast.arg)}
    defaults = [n.id for n in ast.walk(statement.args) if isinstance(n, ast.Name)]
    return (read - (own - shared) - arguments) | set(defaults)


def _dotted(node: ast.AST, aliases: dict[str, str]) -> str | None:
    """The full dotted name that a node stands for, when it starts at an import."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name) and node.id in aliases:
        return ".".join([aliases[node.id], *reversed(parts)])
    if isinstance(node, ast.ImportFrom):
        return f"{node.module or ''}.{node.names[0].name}"
    return None


def _innermost(statement: ast.stmt, node: ast.AST) -> ast.AST:
    """The smallest statement around a node, to show its line."""
    around = statement
    for inner in ast.walk(statement):
        if isinstance(inner, ast.stmt) and any(n is node for n in ast.walk(inner)):
            around = inner
    return around
