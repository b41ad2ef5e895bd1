"""Wrong answers to the sample lesson."""

import numpy as np

from autograder.probe import mistake


@mistake("double", hint="twice is not squared")
def squares(x):
    return np.asarray(x) ** 2


@mistake("double", hint="you changed the caller's array: work on a copy")
def in_place(x):
    x *= 2
    return x


@mistake("double", hint="return the result; printing it is not enough")
def prints(x):
    print(2 * x)


@mistake("total", hint="each row has a sum of its own: which axis did you add along?")
def everything(x, axis=-1):
    return np.sum(x)


@mistake("total", hint="the axis may be asked for: use the argument")
def last_axis_only(x, axis=-1):
    return np.sum(x, axis=-1)
