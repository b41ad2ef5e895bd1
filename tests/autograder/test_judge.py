import json

import numpy as np
import pytest

from autograder.finding import Asked, summary
from autograder.judge import AnswerKey, Known, QuestionKey, Verdict
from autograder.probe import serve

SOURCE = """
import numpy as np
from autograder.probe import Question, probe

q = Question("double", "Doubling")

@probe("double", "doubles a number")
def number(double):
    return double(3.0)

@probe("double", "doubles each entry of an array")
def entries(double, rng):
    return double(rng.normal(size=4))

@probe("double", "refuses text")
def text(double):
    return double("3")

@probe("double", "stays calm", quiet=True, hidden=True)
def calm(double):
    return double(np.array([0.0, 1.0]))
"""


def right(x):
    if isinstance(x, str):
        raise ValueError("numbers only")
    return x + x


def squares(x):
    return right(x) * x / 2


def adds_two(x):
    return right(x) - x + 2


def key(points=4.0):
    seeds = [0, 5]

    def summaries(function):
        found = {}
        for served in serve(SOURCE, "double", seeds, {"double": function}):
            short = summary(served["reply"], quiet=served["probe"] == "calm")
            found.setdefault(served["probe"], []).append(short)
        return found

    titles = {"number": "doubles a number", "entries": "doubles each entry of an array"}
    titles |= {"text": "refuses text", "calm": "stays calm"}
    expected = summaries(right)
    asked = [
        Asked(name, title, points / 4, expected[name], hidden=name == "calm", quiet=name == "calm")
        for name, title in titles.items()
    ]
    known = [Known(m.__name__, f"hint for {m.__name__}", summaries(m)) for m in (squares, adds_two)]
    question = QuestionKey("double", "Doubling", points, asked, known, ["double"])
    made = AnswerKey("01-tiny", SOURCE, seeds, {"double": question})
    return AnswerKey.from_json(json.loads(json.dumps(made.to_json())))


def verdict_on(**names):
    return key().judge("double", list(serve(SOURCE, "double", [0, 5], names)))


def test_a_right_answer_gets_all_points_and_no_hint():
    verdict = verdict_on(double=lambda x: right(x) * 1.0)

    assert (verdict.state, verdict.points, verdict.hint) == ("right", 4.0, None)


@pytest.mark.parametrize("mistake", [squares, adds_two])
def test_a_known_mistake_loses_points_and_gets_its_own_hint(mistake):
    verdict = verdict_on(double=mistake)

    assert verdict.state == "wrong"
    assert verdict.points < 4.0
    assert (verdict.mistake, verdict.hint) == (mistake.__name__, f"hint for {mistake.__name__}")


def test_a_mistake_made_together_with_another_fault_still_gets_its_hint():
    assert verdict_on(double=lambda x: x * x).mistake == "squares"


def test_an_unknown_mistake_gets_no_wrong_hint():
    verdict = verdict_on(double=lambda x: right(x) * 7)

    assert verdict.state == "wrong"
    assert verdict.hint is None


def test_points_are_shared_by_the_probes():
    verdict = verdict_on(double=lambda x: x + x)  # "3" + "3" is no error

    assert verdict.points == 3.0
    assert [f.passed for f in verdict.findings] == [True, True, False, True]
    assert verdict.findings[2].detail == "a ValueError was expected, text came back"


def test_answers_learnt_by_heart_for_the_public_seed_do_not_pass():
    seen = []
    list(serve(SOURCE, "double", [0], {"double": lambda x: seen.append(x) or right(x)}))
    public = next(x for x in seen if np.shape(x) == (4,))

    verdict = verdict_on(double=lambda x: 2 * public if np.shape(x) == (4,) else right(x))

    assert [f.passed for f in verdict.findings] == [True, False, True, True]


def test_open_answers_alone_earn_nothing_at_grading():
    def copied(x):
        return 6.0 if isinstance(x, float) else right(x) if isinstance(x, str) else None

    verdict = verdict_on(double=copied)

    assert [f.passed for f in verdict.findings] == [True, False, True, False]
    assert verdict.points == 0.0
    assert "none of those that are new at grading" in verdict.note


def test_an_error_that_a_mistake_shares_is_a_weak_sign():
    def stops(x):
        raise ValueError("numbers only")

    verdict = verdict_on(double=stops)

    assert verdict.points == 0.0  # refusing text is right, but it is refused for the wrong reason
    assert verdict.mistake is None


def test_a_right_answer_is_never_alike_to_a_mistake_of_wide_tolerance():
    """A float16 mistake is compared as float16: it must not swallow right float64 answers."""
    one = [
        {"answer": {"dtype": "float64", "shape": [1], "values": [value]}} for value in (1.0, 9.0)
    ]
    coarse = {"answer": {"dtype": "float16", "shape": [1], "values": [1.001]}}
    asked = [Asked(name, name, 1.0, [one[0]]) for name in ("a", "b")]
    known = [Known("rounds", "keep the digits", {"a": [coarse], "b": [coarse]})]
    question = QuestionKey("double", "Doubling", 2.0, asked, known, ["double"])
    judged = AnswerKey("01-tiny", "", [0], {"double": question})
    rest = {"warnings": [], "changed": [], "calls": []}
    replies = [
        {"probe": name, "seed": 0, "reply": answer | rest}
        for name, answer in zip(("a", "b"), one, strict=True)
    ]

    verdict = judged.judge("double", replies)

    assert [f.passed for f in verdict.findings] == [True, False]
    assert verdict.hint is None


def test_an_unwritten_answer_is_not_attempted_rather_than_wrong():
    def stub(x):
        raise NotImplementedError

    verdict = verdict_on(double=stub)

    assert (verdict.state, verdict.points) == ("not attempted", 0.0)


def test_a_name_that_is_not_there_is_told_with_the_nearest():
    verdict = verdict_on(doubel=right)

    assert verdict.state == "not attempted"
    assert "expected the name double; found doubel instead" in verdict.note


def test_silence_is_zero():
    verdict = key().judge("double", [], note="your code ended Python in cell 3")

    assert (verdict.state, verdict.points) == ("no answer", 0.0)
    assert verdict.note == "your code ended Python in cell 3"


def test_some_silence_costs_only_what_was_not_answered():
    served = [s for s in serve(SOURCE, "double", [0, 5], {"double": right}) if s["probe"] != "calm"]

    assert key().judge("double", served).points == 3.0


@pytest.mark.parametrize("junk", [None, 7, {"answer": {"values": 1}}, {"raised": []}, "right"])
def test_a_forged_reply_is_no_reply(junk):
    served = [{"probe": "number", "seed": s, "reply": junk} for s in (0, 5)]

    assert key().judge("double", served).points == 0.0


def test_a_warning_costs_points_only_where_the_probe_says_so():
    def warns(x):
        np.log(np.zeros(1))
        return right(x)

    verdict = verdict_on(double=warns)

    assert [f.passed for f in verdict.findings] == [True, True, True, False]
    assert "it warns: RuntimeWarning" in verdict.findings[3].detail


def test_changing_the_input_fails_the_probe():
    def in_place(x):
        if isinstance(x, np.ndarray):
            x *= 2
            return x
        return right(x)

    verdict = verdict_on(double=in_place)

    assert verdict.findings[1].detail == (
        "double changed the array that it was given: work on a copy"
    )


class CarriesTheQuestionOutError(Exception):
    """An exception whose name a student chose."""


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda x: 1 / 0, "it stopped with ZeroDivisionError"),
        (
            lambda x: (_ for _ in ()).throw(CarriesTheQuestionOutError(x)),
            "it stopped with an error",
        ),
        (lambda x: {str(x): 1.0}, "the answer is not right"),
        (lambda x: x[:1], "shape (1,) came back, (2,) was expected"),
        (lambda x: print(x), "the answer is not right"),
    ],
)
def test_a_hidden_probe_tells_neither_its_inputs_nor_the_students_own_words(answer, told):
    def double(x):
        return answer(x) if np.shape(x) == (2,) else right(x)

    finding = verdict_on(double=double).findings[3]

    assert (finding.hidden, finding.calls, finding.detail) == (True, [], told)


def test_a_forged_missing_name_is_not_told():
    forged = {"missing": "the question", "near": [], "warnings": [], "changed": [], "calls": []}
    served = [{"probe": p, "seed": s, "reply": forged} for p in ("number", "calm") for s in (0, 5)]

    verdict = key().judge("double", served)

    assert verdict.note is None
    assert verdict.findings[3].detail == "a name is not defined"


def test_a_verdict_survives_the_journey_through_json():
    verdict = verdict_on(double=squares)

    assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict


def test_a_key_of_another_version_is_refused():
    data = {**key().to_json(), "version": 99}

    with pytest.raises(ValueError, match=r"checks\.json: version 1 is needed, got 99"):
        AnswerKey.from_json(data)
