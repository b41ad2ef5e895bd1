"""One row of the op table, and the source of what a call of it does.

Functions are written as text here, once for each op, so that a call fetches nothing by name.
"""

from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from typing import Any

__all__ = ["Op", "body", "open_parameters"]

Rule = Callable[..., Any]


class Op:
    """One row of the table: a forward, a rule per input, and (keeps) which values rules read."""

    __slots__ = (
        "constants", "forward", "inputs", "keeps", "keeps_z", "memo", "name", "rules", "variadic"
    )  # fmt: skip

    def __init__(self, forward: Rule, rules: Sequence[Rule | None]):
        parameters = open_parameters(forward)
        self.memo = "memo" in signature(forward).parameters
        self.name = forward.__name__
        self.constants = [p.name for p in parameters if p.kind == p.KEYWORD_ONLY]
        self.inputs = [p.name for p in parameters if p.kind != p.KEYWORD_ONLY]
        self.variadic = any(p.kind == p.VAR_POSITIONAL for p in parameters)
        if len(rules) != len(self.inputs) or {"g", "z"} & {p.name for p in parameters}:
            raise TypeError(
                f"op {self.name}: one rule per input (None where there is no derivative), and no "
                f"input called g or z, got {len(rules)} for {', '.join(self.inputs)}"
            )
        places = {"xp": "xp", "memo": "z"} if self.memo else {"xp": "xp"}
        places |= {c: f"constants[{i}]" for i, c in enumerate(self.constants)}
        places |= {x: f"inputs[{i}]" for i, x in enumerate(self.inputs)}
        if self.variadic:  # one rule serves every input: i says which
            places |= {self.inputs[0]: "inputs", "i": "i"}
        self.forward = _compile(self.name, forward, places)
        places |= {"g": "g", "z": "z"}
        self.rules = [rule and _compile(self.name, rule, places) for rule in rules]
        read = {name for rule in rules if rule for name in signature(rule).parameters}
        self.keeps = [name in read for name in self.inputs]
        self.keeps_z = "z" in read


def open_parameters(forward: Rule) -> list[Parameter]:
    """The parameters that a caller of the op gives."""
    return [p for p in signature(forward).parameters.values() if p.name not in ("xp", "memo")]


def body(row: Op) -> str:
    """What a call of the op does, as source: a short way for NumPy, `apply` for all the rest.

    The short way is `apply` written out for this op's inputs, which saves half of its time.
    A node is None for what is not recorded; data that is the input itself came in no tensor.
    """
    constants = "".join(f"{name}, " for name in row.constants)
    if row.variadic:
        return f" return apply(op, {row.inputs[0]}, ({constants}))"

    def each(text: str, between: str = "") -> str:
        return between.join(text.format(x=x, i=i) for i, x in enumerate(row.inputs))

    opened = """
    if isinstance({x}, Tensor): {x}_data, {x}_node = {x}._data, {x}.node
    else: {x}_data, {x}_node = {x}, None"""
    return f"""{each(opened)}
    if intercepted or not ({each("type({x}_data) in _HOST", " and ")}):
        return apply(op, ({each("{x}, ")}), ({constants}))
    memo = {{}} if op.memo else None
    try: z = op.forward(np, None, memo, ({each("{x}_data, ")}), ({constants}), None)
    except (TypeError, ValueError, IndexError) as error:
        explain(op, ({each("{x}_data, ")}), ({constants}), error)
    if {each("({x}_node is None or op.rules[{i}] is None)", " and ")}:
        return z if {each("{x}_data is {x}", " and ")} else _tensor(z, None)
    keeps = op.keeps
    kept = ({each("{x}_data if keeps[{i}] else None, ")})
    return _recorded(op, ({each("{x}_node, ")}), kept, z, memo, ({constants}))"""


def _compile(name: str, function: Rule, places: dict[str, str]) -> Rule:
    """The function with each argument fetched by position, from the place its name stands for."""
    parameters = signature(function).parameters
    for unknown in parameters.keys() - places.keys():
        raise TypeError(f"op {name}: a rule reads {unknown}; it can read {', '.join(places)}")
    prefix = {"VAR_POSITIONAL": "*", "KEYWORD_ONLY": "{}="}
    arguments = (prefix.get(q.kind.name, "").format(p) + places[p] for p, q in parameters.items())
    source = f"lambda xp, g, z, inputs, constants, i: f({', '.join(arguments)})"
    return eval(source, {"f": function})
