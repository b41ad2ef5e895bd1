# %% [markdown]
# # 0 · Orientation: how this course works
#
# **After this lesson you can**
#
# - work through a lesson: open, edit, run, check, validate, submit;
# - say what an axis is, and sum along the right one;
# - name the shape of a derivative before you compute it;
# - say on which device your numbers live.
#
# **Time:** about 20 minutes. **Builds on:** a little Python. The points here are for practice.
#
# In this course you build deep learning by hand: the loss, its slopes, the machine that finds
# slopes by itself. Nothing is magic once you have written it.
#
# **Start here:** the grey box below holds code. Click into it and press **Shift+Enter**. It loads
# what this lesson needs, and prints nothing.

# %% setup
import numpy as np

from autograder.check import check
from mlkit import device
from mlkit.data import digits
from mlkit.play import chart, picture


def attempt(function, *arguments):
    """What function gives back, or a note that it is still to be written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        return "not written yet"


# %% [markdown]
# ## The question
#
# Below is one handwritten digit, as the computer has it: 8 rows of 8 numbers, from 0 (white) to 1
# (black). You read it at a glance. How could a program?
#
# You will answer that yourself, in lesson 6. First, meet the data. Click into the next cell, change
# the 50 to any number from 0 to 1796, and press Shift+Enter again.

# %%
number = 50  # change me

images, labels = digits()
print("image", number, "shows a", labels[number])
for row in images[number]:
    print("".join(" ░▒▓█"[round(4 * ink)] * 2 for ink in row))

# %% [markdown]
# That was *edit* and *run*. A notebook is a list of **cells**: text like this one, and code. What a
# code cell prints stands below it.
#
# | Move | How |
# |---|---|
# | open | `python3 course.py` in a terminal; your notebooks lie in `work/` and stay yours |
# | edit | click into a cell and type |
# | run | Shift+Enter |
# | check | run the `check(...)` cell below your code, as often as you like |
# | validate | the button *Validate* above: runs everything afresh, from top to bottom |
# | submit | *Nbgrader → Assignment List → Submit*, or give the file to your instructor |
#
# One trap: the computer remembers what you ran, in the order you ran it. Before you submit, choose
# *Kernel → Restart Kernel and Run All Cells*. What works then works for everybody.

# %% [markdown]
# ## Axes in ten minutes
#
# An **array** is a block of numbers. Its **shape** says how many there are along each **axis**.
# Axes are counted from 0, and -1 means the last one. Here is an array of 2 rows and 3 columns:

# %%
x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print("shape   ", x.shape)
print("axis 0  ", x.sum(axis=0), x.sum(axis=0).shape)
print("axis 1  ", x.sum(axis=1), x.sum(axis=1).shape)
print("no axis ", x.sum(), x.sum().shape)

# %% [markdown]
# **The rule: the axis that you name disappears.** Summing over axis 0 runs down the 2 rows, so the
# rows are gone and 3 column sums are left: [5, 7, 9]. Summing over axis 1 runs along the 3 columns;
# 2 row sums are left: [6, 15]. Without an axis everything goes, and the shape is `()`: a plain
# number.
#
# Now guess before you run: the digits have the shape (1797, 8, 8). Which shapes will these have?

# %%
print("all images           ", images.shape)
print("mean over axis 0     ", images.mean(axis=0).shape)
print("sum over axes 1 and 2", images.sum(axis=(1, 2)).shape)
print("the twos only        ", images[labels == 2].shape)

# %% [markdown]
# Axis 0 counts images. So the mean over axis 0 is an image again: the average digit. Here it is for
# each label. Which digits stay sharp, and which wash out?

# %%
figure, grid = chart(columns=10, width=8.4, height=1.3)
for digit, axes in enumerate(grid):
    axes.imshow(images[labels == digit].mean(axis=0), cmap="Greys")
    axes.set(xticks=[], yticks=[], title=str(digit))
picture(figure, "Ten small grey pictures, the average of each digit from 0 to 9.")

# %% [markdown]
# **Figure: the average of each digit.** *What to see:* 0 and 6 are almost readable, so people write
# them alike. 1 and 8 are smears. The 2 has a dark foot: remember it, lesson 1 stands on that foot.
#
# ### Rows that stand next to their sums
#
# Divide each row by its own sum. The obvious code fails. Run it and read the message:

# %%
try:
    print(x / x.sum(axis=1))
except ValueError as error:
    print("ValueError:", error)
print("with keepdims", x.sum(axis=1, keepdims=True).shape)
print(x / x.sum(axis=1, keepdims=True))

# %% [markdown]
# NumPy lines up shapes **from the right**: (2, 3) against (2,) compares 3 with 2, and gives up.
# With `keepdims=True` the summed axis stays, with length 1. A length of 1 stretches to any length,
# so (2, 3) against (2, 1) works: every number meets the sum of its row. This stretching is called
# **broadcasting**.
#
# It is also the source of most bugs in this field, because the *wrong* shapes sometimes fit, too.

# %% [markdown]
# ## Q1 · The shape game
#
# Every lesson asks "what is this: scalar, vector or matrix?", and asks it before any code.
#
# A **derivative**, written $df/dx$, says how much an output moves when an input moves a little. So
# there is one number for every pair of one output and one input.
#
# **A number first.** Take $f(x) = x_0 x_1 + x_2$ at $x = (2, 5, 1)$: three numbers in, one out.
# Raise $x_0$ a little, and $f$ grows 5 times as fast, because $x_1 = 5$. For $x_1$ it is 2, for
# $x_2$ it is 1. So the derivative is the vector [5, 2, 1], of shape `(3,)`.
#
# **The rule.** Outputs first, inputs last; what is a single number has no axis. A **batch** is many
# examples at once. Each has a derivative of its own, so the batch axis comes before all others.

# %% [markdown]
# We write $f: \mathbb{R}^n \to \mathbb{R}^m$ for a function that takes $n$ numbers and gives $m$.
# With $m$ outputs and $n$ inputs the derivative is a table of $m$ rows and $n$ columns. It is
# called the **Jacobian**, and you will meet it in lesson 5.
#
# | axes | word | example |
# |---|---|---|
# | 0 | scalar | `()` |
# | 1 | vector | `(3,)` |
# | 2 | matrix | `(2, 3)` |
# | 3 | stack (of matrices) | `(10, 2, 3)` |
#
# The comma in `(3,)` is Python's way to write a tuple of one number. Without it, `(3)` is just 3.


# %% task="shape_of"
def shape_of(n, m, batch):
    """What the derivative df/dx is: a dict from name to (word, shape).

    n: how many inputs; m: how many outputs; batch: how many examples, each with n inputs. The dict
    has exactly these names; a word is "scalar", "vector", "matrix" or "stack", a shape is a tuple.
      "number_to_number"    f: R -> R
      "numbers_to_number"   f: R^n -> R
      "number_to_numbers"   f: R -> R^m
      "numbers_to_numbers"  f: R^n -> R^m
      "batch_to_number"     f: R^n -> R, for each example of a batch its own derivative
      "batch_to_numbers"    f: R^n -> R^m, for each example of a batch its own derivative
    Example: one row would read {"number_to_number": ("scalar", ())}.
    """
    ### BEGIN SOLUTION
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("matrix", (batch, n)),
        "batch_to_numbers": ("stack", (batch, m, n)),
    }
    ### END SOLUTION


# %% check="shape_of" points=3
check("shape_of")

# %% [markdown]
# ## Q2 · Fail on purpose
#
# A check tells you three things: what it tried, what came back, and a hint if it knows your
# mistake. It never shows the answer. See it fail once, while nothing is at stake. This line is
# wrong:
#
# ```python
# return x / x.sum(axis=0)
# ```
#
# 1. In the next cell, put it in place of `raise NotImplementedError`. Press Shift+Enter. Nothing
#    complains: the shapes fit.
# 2. Run the check below it. Read the hint, then the lines with ✗.
# 3. Mend the cell, run it, run the check again.


# %% task="row_normalise"
def row_normalise(x):
    """Each number divided by the sum of its row. (rows, columns) -> (rows, columns) floats.

    x: numbers >= 0, with something above 0 in each row; it is not changed. float32 stays float32,
    integers become float64. Each row of the result sums to 1.
    Example: row_normalise(np.array([[1.0, 3.0], [2.0, 2.0]])) is [[0.25, 0.75], [0.5, 0.5]].
    """
    ### BEGIN SOLUTION
    return x / x.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% check="row_normalise" points=3
check("row_normalise")

# %% [markdown]
# At grading, more checks run on your code: other shapes, integers, odd arrays. They are not in your
# notebook, but what they ask stands in the docstring. Read docstrings like a contract.
#
# **Your function at work.** Some people press hard, some write thin. To compare digits we need
# *shares* of ink, not ink. Here your function turns the ink in each of the 8 pixel rows into
# shares, for each digit. Where does the 2 carry its ink?

# %%
ink = np.array([images[labels == digit].sum(axis=(0, 2)) for digit in range(10)])  # (10, 8)
shares = attempt(row_normalise, ink)
if isinstance(shares, np.ndarray):
    for digit, row in enumerate(shares):
        print(f"digit {digit}: {row[-2:].sum():6.1%} of its ink lies in the two bottom rows")
else:
    print("row_normalise:", shares)

# %% [markdown]
# The 2 leads, with 37.4 %: its foot. The 7 has least, 13.9 %. One number an image, and 2 and 7
# already fall apart. That is a first **feature**: a number measured on the input that says
# something about the answer. (If the cell says "not written yet", write `row_normalise` and run it
# again.)
#
# ## Which device?
#
# Arrays live in the memory of a **device**: the processor (CPU), or a graphics card (GPU), which
# does many sums at once. What is there on this machine?

# %%
print(device.describe())

# %% [markdown]
# If it says that there is no GPU, nothing is missing: every lesson runs on a laptop in seconds. If
# there is one, the same code runs on it, because `mlkit`, the library that comes with this course,
# asks each array where it lives. Lesson 10 comes back to this.
#
# ## Recap
#
# - Edit, Shift+Enter, check, read the hint, mend. Checks cost nothing.
# - Restart the kernel and run all cells before you submit.
# - The axis that you name disappears; `keepdims=True` leaves it, with length 1.
# - Shapes are compared from the right, and a length of 1 stretches.
# - A derivative has one number for every pair of output and input: batch first, then outputs, then
#   inputs.

# %% [markdown]
# ## Test yourself
#
# Answer aloud, then unfold.
#
# <details><summary>1. An array has the shape (5, 4). What are the shapes of its sum over axis 0,
# and of its sum over axis -1 with keepdims=True?</summary>
#
# (4,) and (5, 1): the axis that you name disappears, or stays with length 1.
# </details>
#
# <details><summary>2. On a square array, x / x.sum(axis=1) raises no error. Is it right?</summary>
#
# No. From the right, the sums meet the columns: number j of each row is divided by the sum of row
# j. The shapes fit and the numbers are wrong. So checks compare numbers, not shapes.
# </details>
#
# <details><summary>3. A network turns 64 pixels into 10 scores. What is the derivative of the
# scores with respect to the pixels, for a batch of 32 images?</summary>
#
# A stack of 32 matrices of 10 rows and 64 columns: shape (32, 10, 64).
# </details>
#
# ## Further reading
#
# - *NumPy: the absolute basics for beginners*, in NumPy's user guide; then *Broadcasting*, there.
# - C. R. Harris and others, "Array programming with NumPy", *Nature* 585 (2020).
# - *The JupyterLab interface*, in JupyterLab's user guide: keys, panels, running cells.
#
# **Next:** lesson 1 asks why a classifier that is right nine times in ten can still not learn from
# that.
