"""Questions, probes, mistakes and variants as a lesson declares them; and asking a probe.

A probe is a small function that is put to two people: to the student's functions and to the
reference solution. It takes functions by their names in the notebook, and `rng` if it wants random
numbers, and returns plain data (see answer.py). Asking one gives a reply: what came back or was
raised, warnings, inputs that were changed, and the calls that were made. Judging is elsewhere.
"""

import inspect
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

import numpy as np

from autograder.answer import AnswerError, encode, is_encoded

Reply = dict[str, Any]
Replies = dict[str, list[Reply]]

TOLD_CALLS = 2
"""How many calls of a student's function a reply tells of."""


@dataclass(frozen=True)
class Question:
    """One graded question: its name in `check("name")`, its title, and names it may not call."""

    name: str
    title: str
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True)
class Probe:
    """One property of a question. `quiet` probes fail when the student's code warns."""

    question: str
    title: str
    function: Callable
    hidden: bool = False
    weight: float = 1.0
    rtol: float | None = None
    atol: float | None = None
    quiet: bool = False

    @property
    def name(self) -> str:
        """The probe's own name, unique in its lesson."""
        return self.function.__name__

    @property
    def needs(self) -> tuple[str, ...]:
        """The names it looks up in the student's notebook, in order."""
        return tuple(name for name in _parameters(self.function) if name != "rng")


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that students write, and the hint that it deserves."""

    question: str
    hint: str
    function: Callable
    replaces: str | None = None

    @property
    def name(self) -> str:
        """The mistake's own name, unique in its lesson."""
        return self.function.__name__


@dataclass(frozen=True)
class Variant:
    """A right implementation that looks nothing like the reference: it must get full marks."""

    question: str
    function: Callable
    replaces: str | None = None

    @property
    def name(self) -> str:
        """The variant's own name, unique in its lesson."""
        return self.function.__name__


def probe(question: str, title: str, **settings: Any) -> Callable[[Callable], Probe]:
    """Declare a probe: `@probe("softmax", "each row sums to 1")` above a function."""
    return lambda function: Probe(question, title, function, **settings)


def mistake(question: str, hint: str, replaces: str | None = None) -> Callable[[Callable], Mistake]:
    """Declare a known mistake: the function below stands for `replaces` (or the only name)."""
    return lambda function: Mistake(question, hint, function, replaces)


def variant(question: str, replaces: str | None = None) -> Callable[[Callable], Variant]:
    """Declare an independent right answer."""
    return lambda function: Variant(question, function, replaces)


def ask(asked: Probe, names: Mapping[str, Any], seed: int) -> Reply:
    """Put one probe to the functions in `names`. Never raises for what they do.

    The reply holds exactly one of "answer" (encoded), "raised" (class names, the most special
    first, and "message") or "missing" (a name that is not defined), and "warnings", "changed"
    (inputs that the function altered), "calls" (what was put in and what came back, as text).
    """
    watch = _Watch()
    return {**_ask(asked, names, seed, watch), "calls": watch.told()}


def answers(probes: Iterable[Probe], names: Mapping[str, Any], seeds: Sequence[int]) -> Replies:
    """What these probes get: a reply a seed, by probe's name; for a judge who needs no calls."""
    return {
        p.name: [{**_ask(p, names, seed, _Watch()), "calls": []} for seed in seeds] for p in probes
    }


def _ask(asked: Probe, names: Mapping[str, Any], seed: int, watch: "_Watch") -> Reply:
    missing = [name for name in asked.needs if name not in names]
    if missing:
        near = get_close_matches(missing[0], [n for n in names if callable(names[n])], n=1)
        return {"missing": missing[0], "near": near, "warnings": [], "changed": []}
    arguments: dict[str, Any] = {name: watch.over(name, names[name]) for name in asked.needs}
    if "rng" in _parameters(asked.function):
        arguments["rng"] = np.random.default_rng([seed, zlib.crc32(asked.name.encode())])
    with np.errstate(all="warn", under="ignore"), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        outcome = _outcome(asked.function, arguments)
    said = sorted({f"{w.category.__name__}: {w.message}"[:200] for w in warned})
    return outcome | {"warnings": said, "changed": watch.changed}


@cache
def _parameters(function: Callable) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def is_reply(data: object) -> bool:
    """Whether JSON data has a reply's form; a kernel may send anything."""
    if not isinstance(data, dict) or sum(k in data for k in ("answer", "raised", "missing")) != 1:
        return False
    texts = [data.get(key, []) for key in ("raised", "near", "warnings", "changed", "calls")]
    return (
        {"warnings", "changed", "calls"} <= data.keys()
        and all(isinstance(t, list) and all(isinstance(item, str) for item in t) for t in texts)
        and data.get("raised", ["some"]) != []
        and isinstance(data.get("message", ""), str)
        and isinstance(data.get("missing", ""), str)
        and is_encoded(data.get("answer"))
    )


def _outcome(function: Callable, arguments: dict[str, Any]) -> Reply:
    try:
        return {"answer": encode(function(**arguments))}
    except AnswerError as error:
        return {"raised": ["AnswerError"], "message": str(error)}
    except (Exception, SystemExit) as error:
        kinds = [kind.__name__ for kind in type(error).__mro__[:-2]]
        return {"raised": kinds, "message": str(error)[:300]}


class _Watch:
    """Stands between a probe and the student's functions: sees inputs, outputs and changes."""

    def __init__(self) -> None:
        self.seen: list[list[Any]] = []
        self.changed: list[str] = []

    def over(self, name: str, value: Any) -> Any:
        """The same function, watched; anything that is not a plain function passes as it is."""
        if not inspect.isfunction(value):
            return value

        def watched(*args: Any, **kwargs: Any) -> Any:
            before = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
            call = [name, before, kwargs]
            self.seen += [call] if len(self.seen) < TOLD_CALLS else []
            result = value(*args, **kwargs)
            call.append(result)
            if not all(map(_unchanged, args, before)):
                self.changed.append(name)
            return result

        return watched

    def told(self) -> list[str]:
        """The first calls as a student would type them, with what came back."""
        return [_call(*call) for call in self.seen]


def _unchanged(now: Any, before: Any) -> bool:
    if not isinstance(now, np.ndarray):
        return True
    return np.array_equal(now, before, equal_nan=now.dtype.kind == "f")


def _call(name: str, args: list[Any], kwargs: dict[str, Any], *result: Any) -> str:
    inputs = [*map(_short, args), *_keywords(kwargs)]
    return f"{name}({', '.join(inputs)})" + "".join(f" = {_short(r)}" for r in result)


def _keywords(kwargs: dict[str, Any]) -> list[str]:
    return [f"{key}={_short(value)}" for key, value in kwargs.items()]


def _short(value: Any) -> str:
    """A value on one line of at most 120 characters, arrays as the lists a student would type."""
    if callable(value) and hasattr(value, "__name__"):
        return str(value.__name__)[:120]
    value = value.item() if isinstance(value, np.generic) else value
    with np.printoptions(precision=4, suppress=True, threshold=12, edgeitems=2):
        text = str(value.tolist()) if _is_small(value) else f"{value!r}"
    text = " ".join(text.split())
    return text if len(text) <= 120 else text[:117] + "..."


def _is_small(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.size <= 12 and value.dtype.kind in "biu"


def declared(source: str, kind: type, filename: str = "checks.py") -> list[Any]:
    """The probes (or questions, mistakes, variants) that a lesson's file declares, in order.

    Raises ValueError when two of them share a name, since one would silently replace the other.
    """
    space: dict[str, Any] = {"__name__": filename.removesuffix(".py")}
    exec(compile(source, filename, "exec"), space)
    found = [value for value in space.values() if isinstance(value, kind)]
    written = source.count(f"\n@{kind.__name__.lower()}(")
    if kind is not Question and len(found) != written:
        raise ValueError(
            f"{filename}: each {kind.__name__.lower()} needs a name of its own, "
            f"{written} are written but {len(found)} remain; rename the doubled one"
        )
    return found


def serve(
    source: str, question: str, seeds: list[int], names: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Ask every probe of a question with every seed, one reply at a time (kernel side)."""
    for asked in declared(source, Probe):
        if asked.question == question:
            for seed in seeds:
                yield {"probe": asked.name, "seed": seed, "reply": ask(asked, names, seed)}
