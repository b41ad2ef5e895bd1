"""The data format of answers (version 1): what a probe returns, as JSON, and when two agree.

Only plain data passes: numbers, arrays, strings, booleans, None, and tuples, lists and dicts of
them. An answer is encoded where the student's code runs and compared elsewhere, so nothing a
student defines (an `__eq__` that says yes, a pickle) ever takes part in a comparison.
"""

import math
import re
from typing import Any

import numpy as np

MAX_NUMBERS = 200_000
"""Most numbers one answer may hold: a bound on what a kernel can make the judge read."""

MAX_TEXT = 10_000
"""Most characters one text of an answer may have."""

TOLERANCE = {"float16": (1e-2, 1e-3), "float32": (1e-4, 1e-6), "float64": (1e-7, 1e-10)}
"""Relative and absolute tolerance by the dtype that is expected: a coarser one buys nothing."""

_DTYPE = re.compile(r"b|i|f|bool|u?int(8|16|32|64)|float(16|32|64|96|128)")

Encoded = Any


class AnswerError(TypeError):
    """An answer that is not plain data, or too much of it."""


def encode(value: object) -> Encoded:
    """An answer as JSON-ready data.

    Raises AnswerError on anything but plain data, and on more than MAX_NUMBERS numbers.
    """
    return _encode(value, [MAX_NUMBERS])


def _encode(value: Any, room: list[int]) -> Encoded:
    kind = type(value)
    if value is None or isinstance(value, bool | np.bool_):
        return None if value is None else bool(value)
    if isinstance(value, str) or (isinstance(value, np.ndarray) and value.dtype.kind == "U"):
        return _text(value)
    if kind is int or kind is float:
        return _numbers(np.asarray(value), room, scalar=True)
    if isinstance(value, np.ndarray | np.generic):
        return _numbers(np.asarray(value), room, scalar=False)
    if isinstance(value, tuple | list):
        return {"items": [_encode(item, room) for item in value]}
    if isinstance(value, dict):
        return {"map": [[_encode(k, room), _encode(v, room)] for k, v in value.items()]}
    if kind.__module__.split(".")[0] == "mlkit" and isinstance(
        getattr(value, "data", None), np.ndarray
    ):
        return _numbers(value.data, room, scalar=False)
    raise AnswerError(f"answer: only arrays, numbers, text and collections, got {kind.__name__}")


def _text(value: Any) -> str:
    """Text, also of NumPy's kind or of a subclass. Raises AnswerError for much or for many."""
    if isinstance(value, np.ndarray):
        if value.ndim:
            raise AnswerError(f"answer: one text is needed, got an array of {value.size}")
        value = value.item()
    text = str.__str__(value)
    if len(text) > MAX_TEXT:
        raise AnswerError(f"answer: a text of at most {MAX_TEXT} characters, got {len(text)}")
    return text


def _numbers(array: np.ndarray, room: list[int], *, scalar: bool) -> Encoded:
    if array.dtype.kind not in "biuf":
        raise AnswerError(f"answer: an array of numbers is needed, got dtype {array.dtype}")
    room[0] -= array.size
    if room[0] < 0:
        raise AnswerError(f"answer: at most {MAX_NUMBERS} numbers, got more")
    values = [_number(v) for v in array.ravel().tolist()]
    dtype = array.dtype.kind if scalar else str(array.dtype)
    return {"dtype": dtype, "shape": list(array.shape), "values": values}


def _number(value: float) -> float | str:
    """A number as JSON has it; JSON has no infinity and no NaN."""
    return value if math.isfinite(value) else repr(float(value))


def is_encoded(data: object) -> bool:
    """Whether JSON data is an encoded answer; a kernel may send anything."""
    if data is None or isinstance(data, str | bool):
        return True
    if not isinstance(data, dict) or len(data) not in (1, 3):
        return False
    if len(data) == 3:
        return data.keys() == {"dtype", "shape", "values"} and _is_array(**data)
    ((form, parts),) = data.items()
    if form not in ("items", "map") or not isinstance(parts, list):
        return False
    if form == "items":
        return all(map(is_encoded, parts))
    return all(isinstance(p, list) and len(p) == 2 and all(map(is_encoded, p)) for p in parts)


def _is_array(dtype: object, shape: object, values: object) -> bool:
    if not (isinstance(dtype, str) and isinstance(shape, list) and isinstance(values, list)):
        return False
    sizes = all(type(size) is int and size >= 0 for size in shape)
    return (
        _DTYPE.fullmatch(dtype) is not None
        and sizes
        and math.prod(shape) == len(values)
        and all(_is_number(value) for value in values)
    )


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return value in ("nan", "inf", "-inf")
    return isinstance(value, bool | float) or (type(value) is int and abs(value) < 2**64)


def rounded(encoded: Encoded, digits: int = 12) -> Encoded:
    """The same answer with floats cut to `digits` significant digits.

    Two machines' libraries differ in the last bits; what is written to a file must not.
    """
    if isinstance(encoded, list):
        return [rounded(item, digits) for item in encoded]
    if isinstance(encoded, dict):
        return {key: rounded(item, digits) for key, item in encoded.items()}
    return float(f"{encoded:.{digits}g}") if type(encoded) is float else encoded


def difference(
    expected: Encoded, got: Encoded, rtol: float | None = None, atol: float | None = None
) -> str | None:
    """What is wrong with an answer, as the end of a sentence, or None when the two agree.

    expected, got: encoded answers. rtol, atol: in place of TOLERANCE where given. The sentence
    never holds an expected value.
    """
    if not isinstance(expected, dict):
        return None if type(got) is type(expected) and got == expected else _unequal(expected, got)
    if "items" in expected:
        return _items(expected["items"], got, rtol, atol)
    if "map" in expected:
        return _map(expected["map"], got, rtol, atol)
    return _arrays(expected, got, rtol, atol)


def _unequal(expected: Encoded, got: Encoded) -> str:
    if isinstance(expected, str) and isinstance(got, str):
        return f"{got[:40]!r} came back, which is not right"
    wanted, came = describe(expected), describe(got)
    return f"{came} came back" if wanted == came else f"{came} came back, {wanted} was expected"


def _items(expected: list, got: Encoded, rtol: float | None, atol: float | None) -> str | None:
    if not (isinstance(got, dict) and "items" in got):
        return _unequal({"items": expected}, got)
    if len(got["items"]) != len(expected):
        return f"{len(got['items'])} values came back, {len(expected)} were expected"
    for index, (e, g) in enumerate(zip(expected, got["items"], strict=True)):
        if problem := difference(e, g, rtol, atol):
            return problem if len(expected) == 1 else f"value {index + 1}: {problem}"
    return None


def _map(expected: list, got: Encoded, rtol: float | None, atol: float | None) -> str | None:
    if not (isinstance(got, dict) and "map" in got):
        return _unequal({"map": expected}, got)
    wanted, came = ({str(k): v for k, v in pairs} for pairs in (expected, got["map"]))
    if missing := sorted(wanted.keys() - came.keys()):
        return f"the key {missing[0]!r} is missing"
    if extra := sorted(came.keys() - wanted.keys()):
        return f"the key {extra[0]!r} was not asked for"
    for key, value in wanted.items():
        if problem := difference(value, came[key], rtol, atol):
            return f"at {key!r}: {problem}"
    return None


def _arrays(expected: dict, got: Encoded, rtol: float | None, atol: float | None) -> str | None:
    if not (isinstance(got, dict) and "values" in got):
        return _unequal(expected, got)
    if got["shape"] != expected["shape"]:
        return f"shape {_shape(got)} came back, {_shape(expected)} was expected"
    kinds = _kind(expected), _kind(got)
    if kinds[0] != kinds[1] and not _integer_for_float(expected, got):
        names = {"i": "integers", "f": "floats", "b": "booleans"}
        return f"{names[kinds[1]]} came back, {names[kinds[0]]} were expected"
    if expected["values"] == got["values"]:
        return None
    a, b = ([float(v) for v in side["values"]] for side in (expected, got))
    if any(map(math.isnan, b)) and list(map(math.isnan, a)) != list(map(math.isnan, b)):
        return "NaN (not a number) came back"
    near = _tolerance(expected)
    rtol, atol = near[0] if rtol is None else rtol, near[1] if atol is None else atol
    close = all(_is_close(x, y, rtol, atol) for x, y in zip(a, b, strict=True))
    return None if close else "the numbers are not right"


def _is_close(expected: float, got: float, rtol: float, atol: float) -> bool:
    """As np.isclose with equal_nan, which takes twenty times longer for a few numbers."""
    if not (math.isfinite(expected) and math.isfinite(got)):
        return expected == got or (math.isnan(expected) and math.isnan(got))
    return abs(got - expected) <= atol + rtol * abs(expected)


def _tolerance(expected: dict) -> tuple[float, float]:
    if _kind(expected) != "f":
        return 0.0, 0.0
    return TOLERANCE.get(expected["dtype"], TOLERANCE["float64"])


def _kind(array: dict) -> str:
    """b, i or f: a dtype's kind; unsigned counts as integer."""
    dtype = array["dtype"]
    kind = dtype if dtype in ("b", "i", "f") else np.dtype(dtype).kind
    return {"u": "i"}.get(kind, kind)


def _integer_for_float(expected: dict, got: dict) -> bool:
    """A Python int where a single float was meant, as in `return 0`, is no mistake."""
    return (_kind(expected), got["dtype"]) == ("f", "i") and expected["shape"] == []


def _shape(array: dict) -> str:
    return str(tuple(array["shape"]))


def describe(encoded: Encoded) -> str:
    """What kind of thing an answer is, in a student's words."""
    if encoded is None:
        return "nothing (None)"
    if not isinstance(encoded, dict):
        return "text" if isinstance(encoded, str) else repr(encoded)
    if "items" in encoded:
        return f"a collection of {len(encoded['items'])}"
    if "map" in encoded:
        return "a dictionary"
    return "a number" if encoded["shape"] == [] else f"an array of shape {_shape(encoded)}"
