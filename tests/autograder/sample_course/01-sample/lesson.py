# %% [markdown]
# # Doubling and adding up
#
# A lesson small enough to test with.

# %% setup
import numpy as np

from autograder.check import check

# %% [markdown]
# Twice three is six.


# %% task="double"
def double(x):
    """Twice x. (...) -> (...)."""
    ### BEGIN SOLUTION
    doubled = np.asarray(x)
    return doubled + doubled
    ### END SOLUTION


# %% check="double" points=4
check("double")

# %%
print("play with", [1, 2, 3])


# %% task="total"
def total(x, axis=-1):
    """Sum along an axis. (..., n) -> (...)."""
    ### BEGIN SOLUTION
    summed_up = np.add.reduce(np.asarray(x), axis=axis)
    return summed_up
    ### END SOLUTION


# %% check="total" points=3
check("total")

# %% [markdown] answer="W1" points=2
# Why is twice the sum the sum of the doubles?
#
# ### BEGIN SOLUTION
# Because multiplication distributes over addition.
# Rubric: names the law (1), gives an example (1).
# ### END SOLUTION

# %% play
print("a widget would stand here")
