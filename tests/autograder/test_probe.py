import warnings

import numpy as np
import pytest

from autograder.probe import Mistake, Probe, Question, ask, declared, is_reply, probe, serve


@probe("double", "doubles random numbers")
def random_numbers(double, rng):
    return double(rng.normal(size=3))


@probe("double", "refuses text")
def text(double):
    return double("no")


def right(x):
    return 2 * np.asarray(x, dtype=float)


def test_the_same_seed_asks_the_same_question():
    first, second = (ask(random_numbers, {"double": right}, seed=3) for _ in range(2))
    other = ask(random_numbers, {"double": right}, seed=4)

    assert first["answer"] == second["answer"] != other["answer"]


def test_what_was_put_in_and_what_came_back_is_told():
    reply = ask(random_numbers, {"double": right}, seed=0)

    assert len(reply["calls"]) == 1
    assert reply["calls"][0].startswith("double(array([")
    assert ") = array([" in reply["calls"][0]


def test_a_function_that_is_put_in_is_told_by_its_name():
    asked = probe("apply", "applies a function")(lambda apply: apply(right, 2.0))

    reply = ask(asked, {"apply": lambda f, x: f(x)}, seed=0)

    assert reply["calls"] == ["apply(right, 2.0) = 4.0"]


def test_an_exception_is_an_answer_with_its_kinds():
    reply = ask(text, {"double": right}, seed=0)

    assert reply["raised"] == ["ValueError", "Exception"]
    assert "could not convert" in reply["message"]


def test_leaving_python_is_an_answer_too():
    def leave(x):
        raise SystemExit(3)

    assert ask(text, {"double": leave}, seed=0)["raised"][0] == "SystemExit"


def test_an_input_that_was_changed_is_named():
    def in_place(x):
        x *= 2
        return x

    assert ask(random_numbers, {"double": in_place}, seed=0)["changed"] == ["double"]
    assert ask(random_numbers, {"double": right}, seed=0)["changed"] == []


def test_warnings_are_kept_and_do_not_leave():
    def warns(x):
        return np.log(np.zeros(1)) + x

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reply = ask(random_numbers, {"double": warns}, seed=0)

    assert reply["warnings"] == ["RuntimeWarning: divide by zero encountered in log"]


def test_a_students_error_settings_do_not_reach_the_probe():
    def warns(x):
        return np.log(np.zeros(1)) + x

    with np.errstate(all="raise"):
        assert "answer" in ask(random_numbers, {"double": warns}, seed=0)


def test_a_missing_name_is_told_with_the_nearest_one():
    reply = ask(random_numbers, {"dubble": right, "other": right}, seed=0)

    assert (reply["missing"], reply["near"]) == ("double", ["dubble"])


@pytest.mark.parametrize("function", [right, lambda x: object(), lambda x: 1 / 0])
def test_every_reply_has_a_replys_form(function):
    assert is_reply(ask(random_numbers, {"double": function}, seed=0))
    assert is_reply(ask(random_numbers, {}, seed=0))


@pytest.mark.parametrize(
    "junk",
    [
        None,
        {},
        {"answer": 1.0, "warnings": [], "changed": [], "calls": []},
        {"answer": None, "raised": ["E"], "warnings": [], "changed": [], "calls": []},
        {"answer": None, "warnings": [], "changed": [], "calls": [3]},
        {"raised": [], "warnings": [], "changed": [], "calls": []},
        {"raised": ["E"], "message": 3, "warnings": [], "changed": [], "calls": []},
        {"answer": None},
    ],
)
def test_what_is_not_a_reply_is_recognised(junk):
    assert not is_reply(junk)


CHECKS = """
import numpy as np
from autograder.probe import Question, probe

q = Question("double", "Doubling")

@probe("double", "a number", weight=2.0)
def number(double):
    return double(2.0)

@probe("other", "not asked")
def other(double):
    return 1

@probe("double", "hidden", hidden=True)
def secret(double, rng):
    return double(rng.normal(size=2))
"""


def test_a_checks_file_declares_what_it_says():
    assert [p.name for p in declared(CHECKS, Probe)] == ["number", "other", "secret"]
    assert [q.title for q in declared(CHECKS, Question)] == ["Doubling"]
    assert declared(CHECKS, Mistake) == []


def test_two_probes_of_one_name_are_refused():
    with pytest.raises(ValueError, match="4 are written but 3 remain"):
        declared(CHECKS + '\n@probe("double", "again")\ndef number(double):\n    return 1\n', Probe)


def test_serving_asks_each_probe_of_the_question_with_each_seed():
    served = list(serve(CHECKS, "double", [0, 9], {"double": right}))

    assert [(s["probe"], s["seed"]) for s in served] == [
        ("number", 0),
        ("number", 9),
        ("secret", 0),
        ("secret", 9),
    ]
    assert served[2]["reply"]["answer"] != served[3]["reply"]["answer"]
