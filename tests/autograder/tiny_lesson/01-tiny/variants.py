import numpy as np

from autograder.probe import variant


@variant("double")
def times_two(x):
    return 2 * x


@variant("rows")
def by_loop(x):
    return np.array([sum(row) for row in x])
