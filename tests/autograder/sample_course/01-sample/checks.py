"""The questions of the sample lesson."""

import numpy as np

from autograder.probe import Question, probe

double_question = Question("double", "Doubling", forbid=("numpy.multiply",))
total_question = Question("total", "Adding up")

SECRET_SHAPE = (2, 3, 4)


def three_axes():
    """Numbers on three axes."""
    return np.arange(24.0).reshape(SECRET_SHAPE)


@probe("double", "twice a number")
def number(double):
    return double(np.array(3.0))


@probe("double", "twice each entry")
def entries(double, rng):
    return double(rng.normal(size=4))


@probe("double", "works on three axes", hidden=True)
def three(double):
    return double(three_axes())


@probe("total", "adds up a row")
def row(total, rng):
    return total(rng.normal(size=5))


@probe("total", "adds up each row on its own")
def rows(total, rng):
    return total(rng.normal(size=(2, 3)))


@probe("total", "adds up along the first axis when asked", hidden=True)
def first_axis(total, rng):
    return total(rng.normal(size=(4, 3)), axis=0)
