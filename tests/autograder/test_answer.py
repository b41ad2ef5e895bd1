import json
from typing import NamedTuple

import numpy as np
import pytest

from autograder.answer import MAX_NUMBERS, AnswerError, difference, encode, is_encoded, rounded


def differ(expected, got, **tolerance):
    there_and_back = json.loads(json.dumps(encode(got)))
    assert is_encoded(there_and_back)
    return difference(encode(expected), there_and_back, **tolerance)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "text",
        3,
        2.5,
        float("nan"),
        float("-inf"),
        np.float32(1.5),
        np.arange(6).reshape(2, 3),
        np.array([np.nan, np.inf, -np.inf, 0.0]),
        np.empty((0, 3)),
        (np.ones(2), [1, "a"], {"k": np.zeros(1), 2: None}),
    ],
)
def test_an_answer_agrees_with_itself_after_the_journey_through_json(value):
    assert differ(value, value) is None


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        (np.ones(3), np.ones((3, 1)), "shape (3, 1)"),
        (np.ones(3), np.ones(3, dtype=int), "integers came back, floats were expected"),
        (np.ones(3), np.ones(3, dtype=bool), "booleans"),
        (np.ones(3), np.array([1, 1, np.nan]), "NaN"),
        (np.array([np.nan]), np.array([1.0]), "the numbers are not right"),
        (np.array([np.inf]), np.array([-np.inf]), "the numbers are not right"),
        (np.array([1.0]), np.array([1.0 + 1e-6]), "the numbers are not right"),
        (1.0, None, "nothing (None) came back"),
        (1.0, "1.0", "text came back, a number was expected"),
        (True, 1, "a number came back"),
        (True, np.bool_(False), "False came back"),
        ((1.0, 2.0), (1.0,), "1 values came back, 2 were expected"),
        ((1.0, 2.0), (1.0, 3.0), "value 2: the numbers are not right"),
        ({"a": 1.0}, {}, "the key 'a' is missing"),
        ({"a": 1.0}, {"a": 1.0, "b": 2}, "the key 'b' was not asked for"),
        ({"a": 1.0}, {"a": 2.0}, "at 'a': the numbers are not right"),
        ("one", "two", "'two' came back, which is not right"),
        (np.ones(2), [1.0, 1.0], "a collection of 2 came back, an array of shape (2,)"),
    ],
)
def test_a_difference_is_told_in_words(expected, got, said):
    assert said in differ(expected, got)


def test_what_does_not_matter_is_no_difference():
    assert differ((1.0, 2.0), [1.0, 2.0]) is None  # tuple or list
    assert differ(np.float64(2.0), 2.0) is None  # NumPy's or Python's number
    assert differ(0.0, 0) is None  # `return 0`
    assert differ(np.ones(2, np.float32), np.ones(2) + 1e-6) is None
    assert differ("text", np.str_("text")) is None
    assert differ("text", np.array("text")) is None
    assert differ(True, np.bool_(True)) is None
    assert differ((2, 3), Shape(2, 3)) is None


class Shape(NamedTuple):
    rows: int
    columns: int


def test_a_coarser_number_format_buys_no_tolerance():
    near = (np.ones(2) * 1.001).astype(np.float16)

    assert differ(np.ones(2), near) == "the numbers are not right"
    assert differ(np.ones(2, np.float16), near) is None


def test_tolerance_can_be_set_where_small_numbers_matter():
    tiny = np.float64(1e-300), np.float64(2e-300)

    assert differ(*tiny) is None
    assert differ(*tiny, atol=0.0) == "the numbers are not right"


def test_a_difference_never_tells_the_expected_numbers():
    said = differ(np.array([0.123456]), np.array([0.654321]))

    assert "0.12" not in said


class Forged(np.ndarray):
    """An array that calls itself equal to everything."""

    def __eq__(self, other):
        return np.ones(self.shape, bool)


def test_an_array_that_says_yes_to_everything_is_compared_by_its_numbers():
    forged = np.zeros(2).view(Forged)

    assert differ(np.ones(2), forged) == "the numbers are not right"


@pytest.mark.parametrize(
    "value", [object(), lambda: 1, np.array([1j]), np.array([object()]), {1, 2}]
)
def test_what_is_not_plain_data_is_refused_by_name(value):
    with pytest.raises(AnswerError, match="answer: "):
        encode(value)


def test_too_much_text_is_refused():
    with pytest.raises(AnswerError, match="characters"):
        encode("x" * 20_000)
    with pytest.raises(AnswerError, match="one text"):
        encode(np.array(["a", "b"]))


def test_too_many_numbers_are_refused():
    with pytest.raises(AnswerError, match=str(MAX_NUMBERS)):
        encode([np.zeros(MAX_NUMBERS), 1.0])


@pytest.mark.parametrize(
    "junk",
    [
        3,
        [],
        {"items": 1},
        {"map": [[1]]},
        {"dtype": "float64", "shape": [2], "values": [1.0]},
        {"dtype": "object", "shape": [1], "values": [1.0]},
        {"dtype": "float64", "shape": [-1], "values": []},
        {"dtype": "float64", "shape": [1], "values": ["1e999"]},
        {"dtype": "int64", "shape": [1], "values": [10**400]},
        {"dtype": "float64", "shape": [1], "values": [[1.0]]},
        {"answer": 1, "values": 2},
    ],
)
def test_json_that_no_encoder_wrote_is_recognised(junk):
    assert not is_encoded(junk)


def test_rounding_keeps_everything_but_the_last_digits():
    encoded = encode({"x": np.array([1 / 3, np.nan]), "n": 7, "s": "a"})

    assert rounded(encoded)["map"][0][1]["values"] == [0.333333333333, "nan"]
    assert difference(encoded, rounded(encoded)) is None


def test_numbers_are_close_as_numpy_says():
    rng = np.random.default_rng(1)
    special = [0.0, -0.0, 1e-300, 1e300, np.inf, -np.inf, np.nan, 1.0, 1.0 + 1e-7, 1.0 + 3e-7]
    pairs = [(a, b) for a in special for b in special]
    pairs += [(x, x * (1 + 3e-7 * t)) for x, t in rng.normal(size=(200, 2))]

    for expected, got in pairs:
        with np.errstate(all="ignore"):
            close = np.isclose(got, expected, rtol=1e-7, atol=1e-10, equal_nan=True)
        told = difference(encode(np.array([expected])), encode(np.array([got])), 1e-7, 1e-10)
        assert (told is None) == close, (expected, got)
