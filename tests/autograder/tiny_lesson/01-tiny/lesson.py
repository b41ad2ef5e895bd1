# %% [markdown]
# # Doubling
#
# Two functions and a question.

# %% setup
import numpy as np

from autograder.check import check

# %% [markdown]
# ## Twice as much
#
# Write `double`.


# %% task="double"
def double(x):
    """Twice x. (...) -> (...), same dtype."""
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION


# %%
print("a cell of your own")

# %% check="double" points=2
check("double")

# %% [markdown]
# ## Rows


# %% task="rows"
def rows(x):
    """The sum of each row. (m, n) -> (m,)."""
    ### BEGIN SOLUTION
    return x.sum(axis=-1)
    ### END SOLUTION


# %% check="rows" points=3
check("rows")

# %% [markdown] answer="W1" points=2
# Why does doubling keep zero where it is?
#
# ### BEGIN SOLUTION
# Because twice zero is zero.
#
# Rubric: 2 points for naming 2 * 0 = 0.
# ### END SOLUTION
