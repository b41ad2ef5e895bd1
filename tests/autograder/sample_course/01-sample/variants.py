"""Other right answers to the sample lesson."""

import numpy as np

from autograder.probe import variant


@variant("double")
def times_two(x):
    return 2 * np.asarray(x)


@variant("double")
def divides(x):
    return np.asarray(x) / 0.5


@variant("total")
def by_mean(x, axis=-1):
    return np.mean(x, axis=axis) * np.shape(x)[axis]


@variant("total")
def by_einsum(x, axis=-1):
    return np.einsum("...i->...", np.moveaxis(np.asarray(x), axis, -1))
