"""A probe never stops on what a student's function gives back: the judge says what is wrong."""

import warnings

import numpy as np
import pytest

from autograder.lesson import load_course

LESSONS = load_course().lessons
OWN_ERRORS = ["AnswerError"]  # of what is no plain data


@pytest.fixture(scope="module", params=LESSONS, ids=lambda lesson: lesson.name)
def lesson(request):
    return request.param


@pytest.mark.parametrize(
    "came", [None, [], [1, 2], {}, {"a": 1}, "text", 3, (), np.zeros(3)], ids=repr
)
def test_an_odd_answer_stops_no_probe(lesson, came):
    for question in lesson.questions:
        names = lesson.reference() | {
            name: lambda *args, **kwargs: came for name in lesson.names(question)
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = lesson.replies(question, names, [0], hidden=True)

        stopped = {name: reply for name, (reply,) in told.items() if "raised" in reply}

        assert [n for n, r in stopped.items() if r["raised"] != OWN_ERRORS] == []
