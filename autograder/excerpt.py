"""Parts of a Python file's text, cut by its syntax tree: one function, or all but some."""

import ast


def function(text: str, name: str) -> str:
    """The text of a top-level function, without its decorators.

    Raises LookupError when there is none of that name.
    """
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return _lines(text, node.lineno, node)
    raise LookupError(f"{name}: a function at the top level of its file is needed")


def without(text: str, names: set[str]) -> str:
    """The text without the named functions and without what nothing else then uses.

    Decorated functions and declarations (`q = Question(...)`) stay for their own sake; imports,
    helpers and constants stay only if one of those uses them.
    """
    kept = [node for node in ast.parse(text).body if getattr(node, "name", None) not in names]
    roots = [node for node in kept if getattr(node, "decorator_list", None) or _declares(node)]
    needed: set[str] = set()
    todo: list[ast.stmt] = [*roots]
    while todo:
        used = {n.id for n in ast.walk(todo.pop()) if isinstance(n, ast.Name)} - needed
        needed |= used
        todo += [node for node in kept if _defines(node) & used]
    body = [node for node in kept if node in roots or _defines(node) & needed]
    return "\n\n".join(_lines(text, _first_line(node), node) for node in body) + "\n"


def _declares(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "Question"
    )


def _defines(node: ast.stmt) -> set[str]:
    """The names that a top-level statement makes."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    if isinstance(node, ast.Assign):
        targets = [n for target in node.targets for n in ast.walk(target)]
        return {n.id for n in targets if isinstance(n, ast.Name)}
    return {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()


def _lines(text: str, first: int, node: ast.stmt) -> str:
    """A statement's own text, from line `first` to its end."""
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _first_line(node: ast.stmt) -> int:
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
