"""One probe's replies against what the key expects: a finding, with what came back in words.

Of a hidden probe only fixed words are told: a student's own could carry the question out.
"""

import builtins
from dataclasses import dataclass, field

from autograder.answer import describe, difference
from autograder.probe import Reply

_FIXED = ("shape ", "integers", "floats", "booleans", "NaN", "the numbers")
"""How the sentences of a difference begin that hold nothing of the student's making."""


@dataclass(frozen=True)
class Asked:
    """What the key says of one probe. `expected`: one summary a seed, in the order of the seeds."""

    name: str
    title: str
    points: float
    expected: list[Reply]
    hidden: bool = False
    rtol: float | None = None
    atol: float | None = None
    quiet: bool = False


@dataclass(frozen=True)
class Finding:
    """One probe's outcome: its sentence, and where it fails, what came back instead."""

    title: str
    passed: bool
    points: float
    hidden: bool = False
    detail: str | None = None
    calls: list[str] = field(default_factory=list)


def summary(reply: Reply, *, quiet: bool) -> Reply:
    """What of a reply counts: the answer or the exception's kind, changed inputs, warnings."""
    short: Reply = {key: reply[key] for key in ("answer", "missing") if key in reply}
    if "raised" in reply:
        short["raised"] = reply["raised"][:1]
    if reply["changed"]:
        short["changed"] = True
    if quiet and reply["warnings"]:
        short["warned"] = True
    return short


def same(asked: Asked, a: Reply, b: Reply) -> bool:
    """Whether two summaries say the same, by the probe's tolerance."""
    flags = ("missing", "raised", "changed", "warned")
    if any(a.get(flag) != b.get(flag) for flag in flags) or ("answer" in a) != ("answer" in b):
        return False
    return "answer" not in a or difference(a["answer"], b["answer"], asked.rtol, asked.atol) is None


def is_unseen(asked: Asked) -> bool:
    """Whether a student's folder holds no answer to this: it is hidden, or asked with new chance.

    In the notebook there is one seed and nothing hidden, so nothing is unseen.
    """
    return asked.hidden or any(reply != asked.expected[0] for reply in asked.expected)


def find(asked: Asked, replies: list[Reply | None]) -> Finding:
    """The finding on one probe: its replies, one a seed, against the expected summaries."""
    for expected, reply in zip(asked.expected, replies, strict=True):
        problem = _problem(asked, expected, reply)
        if problem:
            if asked.hidden:
                problem = _discreet(problem, reply)
            calls = [] if asked.hidden or reply is None else reply["calls"]
            return Finding(asked.title, False, asked.points, asked.hidden, problem, calls)
    return Finding(asked.title, True, asked.points, asked.hidden)


def _problem(asked: Asked, expected: Reply, reply: Reply | None) -> str | None:
    """Why a reply does not earn the probe's points, as a sentence, or None."""
    if reply is None:
        return "no answer came back"
    if "missing" in reply:
        return f"{reply['missing']} is not defined here: run the cell that defines it first"
    if "raised" in reply:
        return _raised(expected, reply)
    if "raised" in expected:
        return f"a {expected['raised'][0]} was expected, {describe(reply['answer'])} came back"
    if reply["changed"]:
        return f"{reply['changed'][0]} changed the array that it was given: work on a copy"
    if wrong := difference(expected["answer"], reply["answer"], asked.rtol, asked.atol):
        return wrong
    return f"it warns: {reply['warnings'][0]}" if asked.quiet and reply["warnings"] else None


def _discreet(problem: str, reply: Reply | None) -> str:
    """The problem in fixed words: what a student's code names could carry the question out."""
    if reply is None or problem == "not written yet":
        return problem
    if "missing" in reply:
        return "a name is not defined"
    if "raised" in reply:
        kind = reply["raised"][0]
        return f"it stopped with {kind if hasattr(builtins, kind) else 'an error'}"
    if reply["changed"]:
        return "the array that was given was changed: work on a copy"
    if problem.startswith("it warns: "):
        return ":".join(problem.split(":")[:2])
    return problem if problem.startswith(_FIXED) else "the answer is not right"


def _raised(expected: Reply, reply: Reply) -> str | None:
    if expected.get("raised", [None])[0] in reply["raised"]:
        return None
    if reply["raised"][0] == "NotImplementedError":
        return "not written yet"
    if reply["raised"][0] == "AnswerError":
        return reply["message"]
    return f"it stopped with {reply['raised'][0]}: {reply['message']}"
