"""Put a student's forward or derivative rules where mlkit's stand, after checking them.

with swap(ops.tanh, forward=my_tanh, vjps=(my_rule,)): everything computed inside uses them.
They are compared with the shipped op first, smallest inputs first, and refused at the first input
where they differ. A swap is seen by the whole process: train in one thread.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from inspect import Parameter, Signature, signature
from itertools import product
from typing import Any

import numpy as np

from mlkit.device import Array
from mlkit.engine import Op
from mlkit.gradcheck import gradients

__all__ = ["swap"]

Rule = Callable[..., Any]
State = dict[str, Any]
_RTOL = 1e-7  # room for another formula that is as exact
_SHAPES: list[tuple[int, ...]] = [(), (1,), (2,), (3,), (2, 2), (2, 3), (3, 2)]
_VARIATIONS: dict[str, list[Any]] = {"axis": [0, -1], "keepdims": [True]}
_shipped: dict[Op, State] = {}  # what each swapped op was before any swap
swapped: list[State] = []  # the swaps that hold now; what jit compiled is for these only


@contextmanager
def swap(
    function: Rule,
    *,
    forward: Rule | None = None,
    vjps: Sequence[Rule | None] | None = None,
    samples: Iterable[Sequence[Any]] | None = None,
) -> Iterator[None]:
    """Use this forward, these rules or both in place of an op's, inside the `with` block.

    function: an op, such as ops.tanh. forward: takes the op's inputs and constants, on arrays.
    vjps: one rule per input, as for `op`: each names what it reads among g, z and the inputs.
    samples: calls to compare on, (x, ...) each; by default small ones are made up.
    Afterwards, also after an error, the op is what it was before; swaps nest.
    Raises ValueError with the smallest failing input where they differ from the shipped op.
    """
    row = getattr(function, "op", None)
    if not isinstance(row, Op):
        name = getattr(function, "__name__", repr(function))
        raise TypeError(f"swap: needs an op of mlkit, such as ops.tanh, got {name}")
    student = _student(row, forward, vjps)
    shipped = _shipped.setdefault(row, _state(row))
    made_up = samples is None
    calls = [list(call) for call in (_made_up(function, row) if samples is None else samples)]
    fitting = [call for call in calls if _check(function, shipped, student, call, made_up)]
    if not fitting:
        raise ValueError(f"swap {row.name}: no made-up input fits it; give samples=[(x, ...), ...]")
    with _installed(row, student):
        yield


@contextmanager
def _installed(row: Op, state: State) -> Iterator[None]:
    before = _state(row)
    swapped.append(state)
    try:
        for name, value in state.items():
            setattr(row, name, value)
        yield
    finally:
        swapped.remove(state)
        for name, value in before.items():
            setattr(row, name, value)


def _state(row: Op) -> State:
    return {name: getattr(row, name) for name in Op.__slots__ if hasattr(row, name)}


def _student(row: Op, forward: Rule | None, vjps: Sequence[Rule | None] | None) -> State:
    """The op's state with the student's functions in it."""
    if forward is None and vjps is None:
        raise TypeError(f"swap {row.name}: give forward=..., vjps=(...), or both")
    rules = [None] * len(row.inputs) if vjps is None else list(vjps)
    if len(rules) != len(row.inputs):
        raise TypeError(
            f"swap {row.name}: one rule per input ({', '.join(row.inputs)}), None where there is "
            f"no derivative, got {len(rules)}"
        )
    new = Op(_own(row) if forward is None else _declared(row, forward), rules)
    state = _state(new)
    if vjps is None:  # the shipped rules, on the student's values
        state = _state(row) | {"forward": new.forward}
    return state


def _declared(row: Op, forward: Rule) -> Rule:
    """The forward under the op's name, its constants keyword-only, as a row states them."""

    def declared(*inputs: Any, **constants: Any) -> Any:
        return forward(*inputs, **constants)

    given = signature(forward).parameters
    inputs = [p for p in given.values() if p.name not in ("xp", *row.constants)]
    if len(inputs) != len(row.inputs) or not given.keys() >= set(row.constants):
        needs = ", ".join([*row.inputs, *row.constants])
        raise TypeError(f"swap {row.name}: forward must take ({needs}), got {signature(forward)}")
    inputs = [p for p in given.values() if p.name not in row.constants]
    constants = [given[name].replace(kind=Parameter.KEYWORD_ONLY) for name in row.constants]
    return _under(declared, row.name, [*inputs, *constants])


def _own(row: Op) -> Rule:
    """The op's own forward, as a function of xp, its inputs and its constants."""
    forward, names = row.forward, row.constants

    def own(xp: Any, *inputs: Any, **constants: Any) -> Any:
        return forward(xp, None, None, inputs, tuple(constants[name] for name in names), None)

    kind = Parameter.VAR_POSITIONAL if row.variadic else Parameter.POSITIONAL_OR_KEYWORD
    parameters = [Parameter("xp", Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += [Parameter(name, kind) for name in row.inputs]
    parameters += [Parameter(name, Parameter.KEYWORD_ONLY) for name in names]
    return _under(own, row.name, parameters)


def _under(function: Any, name: str, parameters: list[Parameter]) -> Rule:
    function.__name__, function.__signature__ = name, Signature(parameters)
    return function


def _check(function: Any, shipped: State, student: State, call: list[Any], made_up: bool) -> bool:
    """Compare on one call. False where a made-up one means nothing to the shipped op."""
    row = function.op
    n = len(call) if row.variadic else len(row.inputs)
    names = [f"{row.inputs[0]}[{i}]" if row.variadic else row.inputs[i] for i in range(n)]
    at = ", ".join(f"{name} = {_text(x)}" for name, x in zip(names, call, strict=False))
    at += "".join(f", {c} = {x}" for c, x in zip(row.constants, call[n:], strict=False))
    where = f"swap {row.name}: at {at}:"
    try:
        with _installed(row, shipped):
            z, expected = _run(function, n, call)
    except (TypeError, ValueError, IndexError, ArithmeticError):
        if made_up:
            return False
        raise
    if made_up and not np.all(np.isfinite(z)):  # outside of its domain
        return False
    copies = [np.copy(x) for x in call[:n]]
    try:
        with _installed(row, student):
            mine, got = _run(function, n, [*copies, *call[n:]])
    except Exception as error:
        raise ValueError(f"{where} it raises {type(error).__name__}: {error}") from error
    for x, copy in zip(call[:n], copies, strict=True):
        if not np.array_equal(x, copy):
            raise ValueError(f"{where} the forward changes its input; work on a new array")
    _agree(f"{where} the forward", mine, z)
    if not any(0 in np.asarray(x) for x in call[:n]):  # 0 is where kinks are: any slope is right
        for i, right in expected.items():
            _agree(f"{where} the derivative for {names[i]}", got.get(i), right)
    return True


def _run(function: Any, n: int, call: Sequence[Any]) -> tuple[Array, dict[int, Array]]:
    """The value, and the gradient at each differentiated input for a fixed random weight."""
    row, full = function.op, list(call)
    smooth = [
        i
        for i in range(n)
        if row.rules[0 if row.variadic else i] and np.asarray(call[i]).dtype.kind == "f"
    ]

    def of_smooth(*inputs: Any) -> Any:
        for i, x in zip(smooth, inputs, strict=True):
            full[i] = x
        return function(*full)

    with np.errstate(all="ignore"):
        z = np.asarray(function(*call))
        if not smooth or z.dtype.kind != "f":
            return z, {}
        weight = np.asarray(np.random.default_rng(0).normal(size=z.shape))
        found = gradients(of_smooth, [np.asarray(call[i]) for i in smooth], [weight])
    return z, dict(zip(smooth, found, strict=True))


def _agree(what: str, got: Any, expected: Array) -> None:
    """Raise ValueError unless both have one shape and are close. NaN counts as equal to NaN."""
    if got is None:
        raise ValueError(f"{what} has no rule; give one in vjps=(...)")
    if got.shape != expected.shape:
        raise ValueError(f"{what} has shape {got.shape}, must be {expected.shape}")
    scale = np.max(np.abs(expected), initial=1.0, where=np.isfinite(expected))
    if not np.allclose(got, expected, rtol=_RTOL, atol=_RTOL * scale, equal_nan=True):
        raise ValueError(f"{what} gives {_text(got)}, must be {_text(expected)}")


def _text(x: Any) -> str:
    return np.array2string(np.asarray(x), separator=", ", precision=6).replace("\n", "")


def _made_up(function: Any, row: Op) -> Iterator[list[Any]]:
    """Calls for an op that is not known, smallest first; most ops refuse many of them."""
    inputs = 2 if row.variadic else len(row.inputs)
    shapes = sorted(product(_SHAPES, repeat=inputs), key=lambda s: sum(map(np.prod, s)))
    for case in shapes:
        for kind in ("small", "positive", "large"):
            values = [
                _values(shape, kind, i, bool(row.rules[0 if row.variadic else i]))
                for i, shape in enumerate(case)
            ]
            for constants in _constants(function, row):
                yield [*values, *constants]


def _values(shape: tuple[int, ...], kind: str, i: int, smooth: bool) -> Array:
    """Distinct numbers, none 0, of both signs if several; if unsmooth, places or a mask."""
    n = int(np.prod(shape))
    if not smooth:
        places = np.arange(n).reshape(shape) % 2
        return places if kind != "positive" else places == 0
    x = np.random.default_rng(i).permutation(n) + 0.5 * (i + 1) - (n // 2)
    x = x + 0.25 * (x == 0)
    x[3:4] += n  # evenly spaced numbers would make singular matrices
    return np.reshape(
        {"small": x, "positive": np.abs(x) + 0.25 * i, "large": x * 1000}[kind], shape
    )


def _constants(function: Any, row: Op) -> Iterator[list[Any]]:
    """The constants by default, then one of them varied."""
    defaults = [signature(function).parameters[name].default for name in row.constants]
    if Parameter.empty in defaults or row.variadic:
        if not row.constants or row.variadic:
            yield []
        return
    yield defaults
    for i, name in enumerate(row.constants):
        for other in _VARIATIONS.get(name, []):
            yield [*defaults[:i], other, *defaults[i + 1 :]]
