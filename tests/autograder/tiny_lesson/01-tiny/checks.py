import numpy as np

from autograder.probe import Question, probe

double_question = Question("double", "Doubling keeps the shape", forbid=("numpy.multiply",))
rows_question = Question("rows", "One sum for each row")


@probe("double", "a single number is doubled")
def one_number(double):
    return double(1.5)


@probe("double", "an array is doubled and not changed", hidden=True)
def an_array(double, rng):
    return double(rng.normal(size=4))


@probe("rows", "each row is summed on its own")
def small_rows(rows):
    return rows(np.array([[1.0, 2.0], [3.0, 4.0]]))


@probe("rows", "any numbers, any number of rows", hidden=True, weight=2.0)
def many_rows(rows, rng):
    return rows(rng.normal(size=(5, 3)))
