"""The op table's tests catch errors: every rule is damaged on purpose, and must be found out."""

import sys

import numpy as np
import pytest
from op_rows import ROWS

from mlkit.engine import Op
from mlkit.gradcheck import check_gradients


def sign(rule):
    return lambda xp, g, z, inputs, constants, i: -rule(xp, g, z, inputs, constants, i)


def one_percent(rule):
    return lambda xp, g, z, inputs, constants, i: rule(xp, g, z, inputs, constants, i) * 1.01


def zero(rule):
    return lambda xp, g, z, inputs, constants, i: rule(xp, g, z, inputs, constants, i) * 0


def arriving_ignored(rule):
    return lambda xp, g, z, inputs, constants, i: rule(xp, g * 0 + 1, z, inputs, constants, i)


def inputs_swapped(rule):
    return lambda xp, g, z, inputs, constants, i: rule(xp, g, z, inputs[::-1], constants, i)


DAMAGES = [sign, one_percent, zero, arriving_ignored, inputs_swapped]
ZERO_DERIVATIVE = "the derivative is 0, and so is the damaged one"
READS_NO_INPUT = "the rule reads no input, so swapping them changes nothing"
HARMLESS = {
    **{(name, 0, damage): ZERO_DERIVATIVE for name in ("sign", "floor") for damage in DAMAGES},
    **{(name, i, inputs_swapped): READS_NO_INPUT for name in ("add", "subtract") for i in (0, 1)},
    ("remainder", 0, inputs_swapped): READS_NO_INPUT,
    **{
        (name, 0, inputs_swapped): READS_NO_INPUT
        for name in ("_concatenate", "_stack", "_to_device")
    },
    ("linear", 2, inputs_swapped): READS_NO_INPUT,
}
TABLED = [row for row in ROWS if row.rules and row.smooth]
ROW_OF = {row.function.op: row for row in reversed(TABLED)}


def damages():
    for op, row in ROW_OF.items():
        for i, rule in enumerate(op.rules):
            if rule:
                for damage in DAMAGES:
                    if damage is not inputs_swapped or len(row.inputs) > 1:
                        yield pytest.param(op, i, damage, id=f"{row.name}-{i}-{damage.__name__}")


def test_the_rules_of_every_op_are_damaged():
    names = {name for name in sys.modules if name.startswith("mlkit.ops.")}
    things = [thing for name in names for thing in vars(sys.modules[name]).values()]
    found = {thing.op for thing in things if isinstance(getattr(thing, "op", None), Op)}

    assert len(found) > len(ROW_OF) > 80
    assert {op.name for op in found - ROW_OF.keys() if any(op.rules)} == set()


@pytest.mark.parametrize(("op", "i", "damage"), list(damages()))
def test_a_damaged_rule_is_caught(op, i, damage, monkeypatch):
    rows = [row for row in TABLED if row.function.op is op]
    rules = list(op.rules)
    rules[i] = damage(rules[i])
    monkeypatch.setattr(op, "rules", rules)

    caught = False
    for row in rows:
        arrays = row.draw(np.random.default_rng(3))
        try:
            check_gradients(row.on(arrays), *(arrays[k] for k in row.smooth))
        except Exception:
            caught = True
    if (op.name, i, damage) in HARMLESS:
        assert not caught
    else:
        assert caught
