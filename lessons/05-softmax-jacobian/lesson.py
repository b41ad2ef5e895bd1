# %% [markdown]
# # 5 · The softmax Jacobian: a derivative that is a matrix
#
# **After this lesson you can**
#
# - write the derivative of softmax, and say why it is a matrix;
# - do it for a whole batch without a loop, and for 100 000 classes without the matrix;
# - collapse softmax and cross-entropy into one short gradient;
# - prove a derivative right with numbers, and say how exact the proof is.
#
# **Time:** about 55 minutes. **Builds on:** softmax (lesson 4), cross-entropy (lesson 3), slopes of
# functions of one number (school). You need no code of yours from there.
#
# **How it works:** replace each `raise NotImplementedError` by your code and run the check below
# it. Checks cost nothing. Run them as often as you like.

# %% setup
import numpy as np

from autograder.check import check
from autograder.cost import peak_bytes
from mlkit import softmax
from mlkit.play import chart, jacobian_lab, mine, picture


def attempt(function, *arguments):
    """What function gives back, or a note that it is still to be written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        return "not written yet"


# %% [markdown]
# ## The question
#
# The scores [1, 2] become the probabilities [0.2689, 0.7311]. Now push the first score up by 0.1.
# Which probabilities move? By how much? Do you need to compute a second softmax to know?
#
# Write your guess down. Then run the next cell and play:
#
# 1. Push one score only. Which probabilities move, and in which direction?
# 2. Push all scores by the same amount. What happens?
# 3. Press `sure`. Why is almost the whole picture empty?
# 4. Press `halve dz` a few times. Which of the two changes tells the truth?

# %% play
jacobian_lab()

# %% [markdown]
# ## What is this: scalar, vector or matrix?
#
# We write $z$ for the scores of one example, $n$ numbers for $n$ classes. Their softmax is $a$,
# also $n$ numbers. So there are $n$ outputs, and each may move with each of $n$ inputs. That makes
# $n \cdot n$ slopes, and they stand in a matrix, the **Jacobian** $J$:
#
# $$J_{ij} = \frac{\partial a_i}{\partial z_j}$$
#
# The curly $\partial$ means: only $z_j$ moves, all other scores stand still. The row $i$ is the
# output, the column $j$ is the input.
#
# In the opening question only the first score moves. So look at the first column:

# %%
z = np.array([1.0, 2.0])
push = np.array([0.1, 0.0])
print("before ", softmax(z))
print("after  ", softmax(z + push))
print("slopes ", (softmax(z + push) - softmax(z)) / 0.1)

# %% [markdown]
# Two slopes of one size and opposite sign: what one class wins, the other loses.
#
# Behind softmax stands the loss $L$, one number. Its slopes by the probabilities are
# $\frac{dL}{da}$, and by the scores $\frac{dL}{dz}$. A number has one slope for each number that it
# depends on, so the derivative of a scalar has the shape of *what it is derived by*.
#
# A batch holds $B$ examples, one in each row. Its loss is the mean, still one number. And each
# example has a Jacobian of its own.
#
# Write down all the shapes: `()` is a scalar, `(n,)` a vector, `(m, n)` a matrix.


# %% task="shapes"
def shapes(batch, classes):
    """The shape of everything in this lesson, as a dict from name to tuple.

    batch: how many examples; classes: how many classes. The dict has exactly these names, and for
    each a tuple in round brackets, as NumPy's .shape is:
      "a"                the probabilities of one example
      "L"                the loss of one example
      "dL_da"            its slopes by the probabilities
      "da_dz"            the Jacobian of softmax
      "dL_dz"            the slopes of the loss by the scores
      "batch_a"          the probabilities of the whole batch
      "batch_L"          the loss of the whole batch: the mean over its examples
      "batch_da_dz"      one Jacobian for each example, batch first
      "batch_dL_dz"      the slopes of the batch's loss by all its scores
    Example: one example of 5 classes has probabilities of shape (5,).
    """
    ### BEGIN SOLUTION
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes,),
        "da_dz": (classes, classes),
        "dL_dz": (classes,),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (batch, classes),
    }
    ### END SOLUTION


# %% check="shapes" points=2
check("shapes")

# %% [markdown]
# ## Q1 · The Jacobian of softmax
#
# **A number first.** Take $a$ = [0.2689, 0.7311] again. The slope of $a_1$ by its own score is
# 0.2689 · (1 − 0.2689) = 0.1966. The slope of $a_2$ by $z_1$ is −0.2689 · 0.7311 = −0.1966. So a
# push of 0.1 should move $a_1$ by about 0.0197. It really moved by 0.0201: close, since slopes tell
# the whole truth only for tiny pushes.
#
# **The formula.** Let $s = \sum_k e^{z_k}$ be the sum of the powers, so that $a_i = e^{z_i} / s$.
# The quotient rule says
#
# $$\frac{\partial a_i}{\partial z_j} =
# \frac{1}{s^2} \Big( s \, \frac{\partial e^{z_i}}{\partial z_j}
# - e^{z_i} \frac{\partial s}{\partial z_j} \Big).$$
#
# The second part is easy: $\frac{\partial s}{\partial z_j} = e^{z_j}$. The first depends on whether
# $i$ and $j$ are the same class.

# %% [markdown]
# - **On the diagonal**, $i = j$: the bracket is $s \, e^{z_i} - e^{z_i} e^{z_i}$. Divided by $s^2$:
#   $a_i - a_i^2 = a_i (1 - a_i)$.
# - **Off the diagonal**, $i \neq j$: $e^{z_i}$ does not move with $z_j$. What remains is
#   $-e^{z_i} e^{z_j} / s^2 = -a_i a_j$.
#
# Now write it. Start from the probabilities, which the given `softmax` computes safely. Then find
# a way that needs no loop: which matrix has $a_i a_j$ in row $i$ and column $j$?


# %% task="softmax_jacobian"
def softmax_jacobian(z):
    """The slopes of every probability by every score. (n,) -> (n, n), row = output.

    z: the scores of one example, integers or floats; they are not changed. float32 stays float32,
    integers become float64. A score of -inf gives a row and a column of zeros. It never warns.
    Example: softmax_jacobian(np.array([1.0, 2.0])) is [[0.1966, -0.1966], [-0.1966, 0.1966]],
    rounded.
    """
    ### BEGIN SOLUTION
    a = softmax(z)
    return np.diag(a) - np.outer(a, a)
    ### END SOLUTION


# %% check="softmax_jacobian" points=3
check("softmax_jacobian")

# %% [markdown]
# Here is the lab again, now driven by *your* matrix: its colours are your numbers, and the bars
# "J · dz" use them. Damage your function on purpose, say with a plus for the minus. Run its cell
# and the next one, and watch the two kinds of bars part.

# %% play
jacobian_lab(mine("softmax_jacobian", globals()))

# %% [markdown]
# ## Q2 · A batch, without a loop
#
# A batch $Z$ has the shape $(B, n)$, one example in each row. Every row has its own Jacobian, so
# the result is a stack of matrices of the shape $(B, n, n)$.
#
# A Python loop over the rows works, and it is slow: each round costs the interpreter more than the
# arithmetic. NumPy can do all rows in one go, if you line up the axes. **A number first:** with
# `None` you insert an axis of length 1, and axes of length 1 stretch.

# %%
A = np.array([[0.25, 0.75], [0.5, 0.5]])  # the probabilities of two examples
products = A[:, :, None] * A[:, None, :]
print(A[:, :, None].shape, "times", A[:, None, :].shape, "is", products.shape)
print(products)


# %% task="batch_jacobian"
def batch_jacobian(z):
    """One softmax Jacobian for each example of a batch. (batch, n) -> (batch, n, n).

    z: scores, one example in each row; they are not changed. No Python loop, neither over examples
    nor over classes, also not a hidden one (a comprehension, np.vectorize, np.apply_along_axis).
    float32 stays float32, integers become float64. An empty batch (0, n) gives shape (0, n, n).
    Example: batch_jacobian(z)[1] is softmax_jacobian(z[1]).
    """
    ### BEGIN SOLUTION
    a = softmax(z)
    outer = a[:, :, None] * a[:, None, :]
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - outer
    ### END SOLUTION


# %% check="batch_jacobian" points=3
check("batch_jacobian")

# %% [markdown]
# ## Q3 · Never build the matrix
#
# A language model chooses among 100 000 words. Its Jacobian has 10 000 000 000 entries: 80 GB, for
# one word of one text. Nobody builds it, because nobody needs it alone. What you need is how the
# *loss* moves.
#
# Let $g$ be the **gradient that arrives**: $g_i = \frac{dL}{da_i}$. The chain rule adds up the
# ways from $z_j$ to the loss:
#
# $$\frac{dL}{dz_j} = \sum_{i=1}^{n} g_i \, J_{ij}$$
#
# A vector times a matrix: a **vector–Jacobian product**, for short *vjp*. Put the entries of
# $J$ in: the diagonal adds $g_j a_j$, and every $i$, also $i = j$, adds $-g_i a_i a_j$. So
#
# $$\frac{dL}{dz_j} = a_j \Big( g_j - \sum_{i=1}^{n} g_i a_i \Big)$$

# %% [markdown]
# **The numbers.** Let $a$ = [0.25, 0.25, 0.5] and $g$ = [1, 0, 2]. The sum is 0.25 + 0 + 1 = 1.25.
# So the product is [0.25 · (1 − 1.25), 0.25 · (0 − 1.25), 0.5 · (2 − 1.25)], which is
# [−0.0625, −0.3125, 0.375]. It sums to 0. A few vectors did the work of a matrix.


# %% task="softmax_vjp"
def softmax_vjp(a, g):
    """How the loss moves with the scores, from how it moves with the probabilities.

    a: probabilities, what softmax gave back; g: the gradient that arrives, dL/da. Both of shape
    (..., n), each row on its own; neither is changed. Gives dL/dz, shape (..., n).
    Needs memory for a few such arrays and never for a matrix; no Python loop.
    float32 stays float32, integers in g become floats.
    Example: softmax_vjp(np.array([0.25, 0.25, 0.5]), np.array([1.0, 0.0, 2.0])) is
    [-0.0625, -0.3125, 0.375].
    """
    ### BEGIN SOLUTION
    return a * (g - (a * g).sum(axis=-1, keepdims=True))
    ### END SOLUTION


# %% check="softmax_vjp" points=4
check("softmax_vjp")

# %% [markdown]
# Compare the bill. The given `peak_bytes` measures the most memory that a call holds at once:

# %%
for n in (10, 100, 1_000):
    a = softmax(np.linspace(0.0, 3.0, n))
    used = attempt(peak_bytes, softmax_vjp, a, np.linspace(-1.0, 1.0, n))
    told = used if isinstance(used, str) else f"{used:9,} bytes"
    print(f"{n:5} classes: the matrix alone {8 * n * n:9,} bytes, your function {told}")

# %% [markdown]
# ## Q4 · Four things that are always true
#
# A derivative you believe in should pass more than one test. The Jacobian of softmax has four
# properties that you can check without knowing the right answer:
#
# 1. **Rows sum to 0.** Push all scores alike, and no probability moves.
# 2. **Symmetric**: $J_{ij} = J_{ji}$, since $a_i a_j = a_j a_i$.
# 3. **Positive semidefinite**: $d^\top J \, d \geq 0$ for every push $d$. Pushing never works
#    *against* itself.
# 4. **Rank $n - 1$**: of $n$ independent directions to push, exactly one is without effect.
#
# Which direction is that one? Property 1 says it.
#
# Number 3 asks for *every* push, and nobody can try them all. But in some directions a symmetric
# matrix only stretches: $J d = \lambda d$, with a number $\lambda$ called an **eigenvalue**. If
# none of these is below zero, no push works against itself. `np.linalg.eigvalsh` lists them.

# %%
J = mine("softmax_jacobian", globals())(np.array([1.0, 2.0, 3.0]))
print("row sums   ", J.sum(axis=1))
print("eigenvalues", np.linalg.eigvalsh(J))
print("rank       ", np.linalg.matrix_rank(J))

# %% [markdown]
# The row sums and one eigenvalue are 0 in theory. In a computer they may come out as about 1e-17,
# which is Python's way to write $10^{-17}$, or as a little below zero. So allow for that: in the
# next cell everything within 1e-8 of zero counts as zero.


# %% task="properties"
def properties(J):
    """What holds for a matrix of slopes, found by looking at its numbers.

    J: (n, n) floats, any square matrix, not only softmax's; it is not changed. Gives a dict:
      "rows_sum_to_zero"       True if the sum of every row is within 1e-8 of 0
      "symmetric"              True if J and its transpose agree within 1e-8
      "positive_semidefinite"  True if J is symmetric and has no eigenvalue below -1e-8
      "rank"                   how many independent rows it has, an int (np.linalg.matrix_rank)
    Example: properties(np.array([[0.0, 1.0], [0.0, 0.0]])) is {"rows_sum_to_zero": False,
    "symmetric": False, "positive_semidefinite": False, "rank": 1}.
    """
    ### BEGIN SOLUTION
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }
    ### END SOLUTION


# %% check="properties" points=3
check("properties")

# %% [markdown]
# Put your own Jacobian to your own test. Then look at the second line: what has happened to the
# rank, and why is that bad for learning?

# %%
jacobian = mine("softmax_jacobian", globals())
for scores in ([1.0, 2.0, 3.0], [0.0, 0.0, 800.0]):
    print(scores, attempt(properties, jacobian(np.array(scores))))

# %% [markdown]
# In theory no probability is ever 0. Here two of them were too small to store, so $a$ = [0, 0, 1],
# every slope is 0, and the rank with it. No push of any score moves anything: whatever gradient
# arrives, none gets through. If the answer was wrong, softmax alone would never find out. Hold that
# thought for one question.

# %% [markdown]
# ## Q5 · The collapse
#
# Add the loss. Let $y$ be the wanted probabilities of one example: a 1 for the true class, 0
# elsewhere (or a softer mixture; they sum to 1). The predicted ones are now called $\hat y$, a
# second name for $a$. **Cross-entropy** is $L = -\sum_i y_i \log \hat y_i$; its unit is the *nat*,
# since the logarithm is the natural one. Its slopes are $\frac{dL}{d\hat y} = -y / \hat y$, a
# vector (lesson 3).
#
# **The long way, in numbers.** For the scores [1, 2] and the first class true: the gradient that
# arrives is [−1 / 0.2689, 0] = [−3.7183, 0]. Your vjp turns it into [−0.7311, 0.7311].
#
# For a batch the loss is the mean over $B$ examples, so each example's slopes are divided by $B$.


# %% task="long_way"
def long_way(z, y):
    """Slopes of the mean cross-entropy by the scores, step by step as the chain rule has it.

    z: scores (batch, n); y: wanted probabilities (batch, n), each row sums to 1; neither is
    changed. Computes the probabilities, then dL/da (with the 1/batch of the mean), then the vjp.
    Gives dL/dz, shape (batch, n). Where a probability has become 0 the division may give NaN or
    inf and warn: leave that as it is.
    Example: long_way(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]])) is [[-0.7311, 0.7311]].
    """
    ### BEGIN SOLUTION
    a = softmax(z)
    return softmax_vjp(a, -y / a / len(z))
    ### END SOLUTION


# %% check="long_way" points=2
check("long_way")

# %% [markdown]
# Look at that result again: [−0.7311, 0.7311] is [0.2689 − 1, 0.7311 − 0]. Coincidence? Put
# $g_i = -y_i / \hat y_i$ into the vjp formula:
#
# $$\frac{dL}{dz_j} = \hat y_j \Big( -\frac{y_j}{\hat y_j} + \sum_{i=1}^{n} \frac{y_i}{\hat y_i}
# \hat y_i \Big) = -y_j + \hat y_j \sum_{i=1}^{n} y_i = \hat y_j - y_j$$
#
# The last step uses that $y$ sums to 1. All fractions are gone: what is left is **predicted minus
# wanted**. With the mean over the batch it is $(\hat y - y) / B$.


# %% task="short_way"
def short_way(z, y):
    """The same slopes by the collapsed formula: finite for scores of any size.

    z: scores (batch, n); y: wanted probabilities (batch, n), integers or floats, each row sums to
    1; neither is changed. Gives dL/dz of the mean cross-entropy, shape (batch, n). float32 scores
    with float32 y give float32. It never warns.
    Example: short_way(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]])) is [[-0.7311, 0.7311]].
    """
    ### BEGIN SOLUTION
    return (softmax(z) - y) / len(z)
    ### END SOLUTION


# %% check="short_way" points=2
check("short_way")

# %% [markdown]
# Now the two ways side by side: first with kind scores, then with a network that is sure *and*
# wrong. Which way still teaches it something?

# %%
wanted = np.array([[1.0, 0.0, 0.0]])
for scores in ([[1.0, 2.0, 3.0]], [[0.0, 0.0, 800.0]]):
    with np.errstate(all="ignore"):  # the warnings are deserved; here we look at the numbers
        print(scores, "long ", attempt(long_way, np.array(scores), wanted))
    print(scores, "short", attempt(short_way, np.array(scores), wanted))

# %% [markdown]
# The long way divides by a probability that has become 0. The short way gives a full push of −1
# and 1. That is why every framework offers softmax and cross-entropy as *one* function: PyTorch's
# `cross_entropy` takes scores, TensorFlow has `from_logits=True`.
#
# ### Your gradient at work: a classifier learns to name penguins
#
# In lesson 4 the weights came from nowhere. Now your gradient finds them. The 150 birds are
# invented, in the likeness of the Palmer penguins: bill length and depth, in millimetres, around a
# typical bird of each species. The scores are $Z = X W + b$, so each weight's slope is
# $X^\top \frac{dL}{dZ}$ (why: lesson 6).

# %%
rng = np.random.default_rng(5)
typical = np.array([[38.8, 18.3], [48.8, 18.4], [47.5, 15.0]])  # Adelie, Chinstrap, Gentoo
species = np.repeat([0, 1, 2], 50)
birds = typical[species] + rng.normal(scale=[2.4, 1.0], size=(150, 2))
X = np.column_stack([(birds - birds.mean(axis=0)) / birds.std(axis=0), np.ones(150)])  # 1 for b
Y = np.eye(3)[species]

slopes_of = mine("short_way", globals(), np.zeros((1, 3)), np.eye(3)[:1])
W, losses = np.zeros((3, 3)), []
for _ in range(60):
    Z = X @ W
    losses.append(-np.log(softmax(Z)[np.arange(150), species]).mean())
    W = W - 1.0 * X.T @ slopes_of(Z, Y)
right = (softmax(X @ W).argmax(axis=1) == species).mean()
print(f"loss {losses[0]:.4f} -> {losses[-1]:.4f} nats, {right:.0%} of the birds named rightly")

# %%
figure, axes = chart("step", "mean loss, in nats")
axes.plot(losses, linewidth=2)
axes.axhline(np.log(3), color="black", linewidth=0.8)
axes.annotate("guessing: log 3", (38, np.log(3)), (38, 1.02))
axes.set_ylim(0, 1.2)
picture(figure, "Loss against step: from log 3 it falls steeply, then ever more slowly towards 0.")

# %% [markdown]
# **Figure: the loss while your gradient trains the classifier.** *What to see:* with all weights 0
# every species has probability 1/3, and the loss starts at log 3 = 1.0986. It falls fast while
# predicted and wanted are far apart, then slowly: near the goal, predicted minus wanted is small.

# %% [markdown]
# ## Q6 · Prove it with numbers
#
# How do you know that a derivative is right, when there is no answer to look up? Measure the slope.
# Push one input by $h$ to both sides and look at the outputs:
#
# $$\frac{\partial f_i}{\partial x_j} \approx \frac{f_i(x + h e_j) - f_i(x - h e_j)}{2h}$$
#
# Here $f$ is any function of vectors, and $e_j$ is the push: 1 at place $j$, 0 elsewhere. This is a
# **central difference**.
#
# **A number first.** Take $f(x) = x^3$ at $x = 1$, whose slope is 3, and $h = 0.1$:
# (1.331 − 0.729) / 0.2 = 3.01. The error is 0.01, which is $h^2$.


# %% task="central_jacobian"
def central_jacobian(f, x, h=1e-5):
    """The Jacobian of any function, measured by central differences. Row = output.

    f: takes an array of shape (n,), gives one of shape (m,). x: (n,) numbers, integers or floats;
    it is the same afterwards, and f never sees an array that changes later: give it a new one each
    time. h: the size of the push, to both sides. Gives (m, n) floats.
    Example: central_jacobian(lambda x: x**3, np.array([1.0]), h=0.1) is [[3.01]].
    """
    ### BEGIN SOLUTION
    pushes = h * np.eye(len(x))
    columns = [(f(x + push) - f(x - push)) / (2 * h) for push in pushes]
    return np.stack(columns, axis=1)
    ### END SOLUTION


# %% check="central_jacobian" points=3
check("central_jacobian")

# %% [markdown]
# How near should the measured slope come? Let the machine tell. Guess first: does a smaller $h$
# always help?

# %%
exact = mine("softmax_jacobian", globals())(np.array([1.0, 2.0, 3.0]))
for power in range(1, 13):
    measured = attempt(central_jacobian, softmax, np.array([1.0, 2.0, 3.0]), 10.0**-power)
    if isinstance(measured, str):
        print("central_jacobian is", measured)
        break
    print(f"h = 1e-{power:<2}  largest error {np.abs(measured - exact).max():.1e}")

# %% [markdown]
# Two errors pull in opposite directions:
#
# - **The curve bends.** A central difference is off by about $h^2 / 6$ times the third derivative.
#   Smaller $h$ helps. At $h = 10^{-5}$ and a third derivative of 1 that is $1.7 \cdot 10^{-11}$.
# - **Numbers are rounded.** Each value of $f$ is off by a share of about
#   $1.1 \cdot 10^{-16}$, and you divide the difference of two of them by $2h$. Smaller $h$ hurts.
#   At $h = 10^{-5}$ and values near 1 that is $1.1 \cdot 10^{-11}$.
#
# So at $10^{-5}$ a *right* Jacobian differs by some $10^{-11}$. Your tolerance must lie above
# that, and below the mistakes that you want to catch. Choose it now; in W2 you will defend it.


# %% task="is_right"
def is_right(jacobian, f, x):
    """Whether jacobian(x) is the Jacobian of f at x, as far as central differences can tell.

    jacobian: takes x, gives (m, n); f: takes (n,), gives (m,); x: (n,) floats, not changed. f and
    its derivatives are of the size of 1. Every single entry must agree with the measured one within
    a tolerance of your choice: a right Jacobian passes, one that is wrong by 0.0001 in one entry
    does not. A Jacobian of another shape is not right, nor is one with NaN in it; neither raises.
    Example: is_right(softmax_jacobian, softmax, np.array([1.0, 2.0, 3.0])) is True.
    """
    ### BEGIN SOLUTION
    claimed, measured = np.asarray(jacobian(x)), central_jacobian(f, x)
    if claimed.shape != measured.shape:
        return False
    return bool((np.abs(claimed - measured) < 1e-7).all())  # NaN is not below anything
    ### END SOLUTION


# %% check="is_right" points=3
check("is_right")

# %% [markdown]
# Now let your proof judge your work, and one impostor: the diagonal alone, with zeros elsewhere.

# %%
yours, point = mine("softmax_jacobian", globals()), np.array([0.3, -1.2, 2.0, 0.5])
print("your Jacobian:", attempt(is_right, yours, softmax, point))
print("diagonal only:", attempt(is_right, lambda z: np.diag(np.diag(yours(z))), softmax, point))

# %% [markdown] answer="W1" points=3
# ## W1 · In your own words: which is it, and what shape?
#
# Take one example with $n$ classes. For each of $\frac{dL}{da}$, $\frac{da}{dz}$ and
# $\frac{dL}{dz}$ say whether it is a scalar, a vector or a matrix, of what shape, and why. Show
# that the shapes fit together in the chain rule. Then: what would the *full* derivative of a
# batch's probabilities by its scores look like, and why does nobody store it? About six sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** $L$ is one number, so $\frac{dL}{da}$ has one slope for each of the $n$
# probabilities: a vector, $(n,)$. Softmax has $n$ outputs and $n$ inputs, and every output moves
# with every input through the shared sum, so $\frac{da}{dz}$ is a matrix, $(n, n)$, row = output.
# $\frac{dL}{dz}$ is a vector again, $(n,)$, the shape of $z$. In the chain rule
# $(n,) \cdot (n, n) = (n,)$: vector times matrix. For a batch, all outputs by all inputs would be
# $(B, n, B, n)$, but examples do not influence each other, so all of it is zero except the $B$
# blocks $(n, n)$. And even these need not be stored, since only the product with the arriving
# gradient is wanted, $O(n)$ an example.
#
# **Rubric, one point each**
# 1. All three shapes right, $(n,)$, $(n, n)$, $(n,)$, with the reason: outputs by inputs; the slope
#    of a scalar has the shape of what it is derived by.
# 2. The shapes fit: vector times matrix is a vector (or: the sum over outputs is written out).
# 3. The batch: $(B, n, B, n)$, or one block an example, zero between examples; the vjp avoids it.
# ### END SOLUTION

# %% [markdown] answer="W2" points=3
# ## W2 · In your own words: defend your tolerance
#
# Which tolerance did you choose in `is_right`, and with which $h$? Give a number for the error that
# a right Jacobian may show, and where it comes from. Say what your tolerance still catches, and
# name one thing that it would miss. About five sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** With $h = 10^{-5}$ the bend of the curve costs about $h^2/6 \approx 2 \cdot
# 10^{-11}$ and rounding about $10^{-16}/h \approx 10^{-11}$, for values and derivatives of size 1.
# So a right Jacobian is off by some $10^{-11}$, and I chose $10^{-7}$: far above the noise, even
# if derivatives are a thousand times larger, and far below a real mistake, which here is
# $10^{-4}$ or more. It would miss an error smaller than $10^{-7}$, for example in the slopes of a
# class whose probability is itself below $10^{-7}$; and one point proves little about other points.
#
# **Rubric, one point each**
# 1. Both sources of error named, with their dependence on $h$ or with numbers.
# 2. The tolerance lies above that noise and below the mistakes it shall catch, said with numbers.
# 3. One real blind spot: tiny slopes (absolute against relative), kinks, other points, a special
#    point (such as equal scores). "Smaller is always better" loses this point.
# ### END SOLUTION

# %% [markdown]
# ## Recap
#
# - $n$ outputs by $n$ inputs: the derivative of softmax is a matrix, $a_i(1 - a_i)$ on the diagonal
#   and $-a_i a_j$ off it.
# - Its rows sum to 0, it is symmetric and positive semidefinite, and its rank is $n - 1$.
# - You hardly ever need the matrix, only its product with the gradient that arrives:
#   $a (g - \sum g a)$, in memory for a few vectors.
# - With cross-entropy on top everything collapses to predicted minus wanted, divided by $B$.
# - Central differences prove a derivative, up to a tolerance that you can defend.
#
# ## Test yourself
#
# Answer aloud, then unfold.
#
# <details><summary>1. A friend computes J g instead of g J. His tests for softmax all pass. Is he
# right?</summary>
#
# Only here: softmax's Jacobian is symmetric, so both products are equal. For normalise, z / Σ z,
# or any layer with weights, he would get wrong numbers or a wrong shape.
# </details>
#
# <details><summary>2. The gradient that arrives at softmax is [5, 5, 5]. What leaves?</summary>
#
# [0, 0, 0]. Pushing all probabilities alike is impossible, they sum to 1. In the formula, the sum
# of g a is 5, and 5 − 5 = 0. Never test a vjp with a gradient of ones.
# </details>
#
# <details><summary>3. By mistake the rows of y sum to 2, not to 1. Is (ŷ − y) / B still the
# gradient of the cross-entropy?</summary>
#
# No. The derivation used the sum of y, which now is 2: the gradient is (2 ŷ − y) / B.
# </details>

# %% [markdown]
# ## Further reading
#
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (MIT Press, 2016): section 6.2.2.3 on
#   softmax units, section 6.5 on the chain rule with vectors and matrices.
# - C. Bishop, *Pattern Recognition and Machine Learning* (Springer, 2006): section 4.3.4, where the
#   gradient collapses to predicted minus wanted.
# - T. Parr, J. Howard, "The Matrix Calculus You Need For Deep Learning" (2018), arXiv:1802.01528.
# - A. Griewank, A. Walther, *Evaluating Derivatives* (SIAM, 2008), chapter 3: why products with a
#   Jacobian are cheap and the Jacobian is not.
#
# **Next:** lesson 6 builds a whole network and derives every gradient by hand.
