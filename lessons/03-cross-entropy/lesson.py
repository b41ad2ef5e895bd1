# %% [markdown]
# # 3 · Cross-entropy: the loss the network minimises
#
# **After this lesson you can**
#
# - say what a prediction costs, in nats, and why by the logarithm;
# - write that loss for one example, for a batch, from labels, and for yes-or-no questions;
# - write its gradient, and say why it is a vector;
# - keep it finite without lying.
#
# **Time:** about 60 minutes. **Builds on:** distributions and one-hot rows (lesson 2) and NumPy
# axes (lesson 0). You need no code of yours from there.
#
# **How it works:** replace each `raise NotImplementedError` by your code and run the check below
# it. Checks cost nothing. Run them as often as you like.

# %% setup
import numpy as np

import mlkit
from autograder.check import check
from mlkit.data import digits
from mlkit.play import chart, mine, picture, stand_ins, triangle_lab


def attempt(function, *arguments):
    """What function gives back, or a note that it is still to be written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        return "not written yet"


# %% [markdown]
# ## The question
#
# Two weather services speak about tomorrow. Anna says: 60 % rain, 30 % clouds, 10 % sun. Bo says:
# 98 % rain, 1 % clouds, 1 % sun. It rains. Both put rain first, so both were "right".
#
# The day after they say the same again, and the sun shines. Both were "wrong".
#
# Counting right and wrong cannot tell them apart. You would like a price for every forecast: low
# when it gave much to what happened, high when it gave little. Name your prices before you go on:

# %%
my_prices = {"60 % and it rains": 1, "98 % and it rains": 1, "10 % and sun": 2, "1 % and sun": 2}
for forecast, price in my_prices.items():  # change the numbers above: what would be fair?
    print(f"{forecast:18}", "#" * price)

# %% [markdown]
# Each forecast over three outcomes is a point in a triangle: the corners are certain, the middle is
# undecided. In the map below, lines join forecasts of equal price. It calls the forecast ŷ, "y
# hat", and the truth y. Play:
#
# 1. Move the point. Where is the price 0? How does it rise towards the far side?
# 2. Press "Step downhill" a few times and follow the arrow.
# 3. Choose "half A, half B" as the truth. Where is the lowest place now, and is it 0?

# %% play
triangle_lab()

# %% [markdown]
# ## What is this: scalar, vector or matrix?
#
# Say the shape before you write the code. `()` is a scalar, `(n,)` a vector, `(m, n)` a matrix of
# $m$ rows.
#
# We write $y$ for the truth and $\hat{y}$, "y hat", for the prediction. Both are distributions over
# the classes; often $y$ is one-hot. A **batch** is many examples, one in each row: batch first,
# classes last.
#
# The **loss** is the price of the prediction. Its **gradient** holds, for each number in $\hat{y}$,
# how fast the loss grows with it.


# %% task="shapes"
def shapes(batch, classes):
    """The shape of everything in this lesson, as a dict from name to tuple.

    batch: how many examples; classes: how many classes. The dict has exactly these names, and for
    each a tuple in round brackets, as NumPy's .shape is (a list is never equal to it):
      "truth"            y of one example
      "entropy"          the entropy of that y
      "loss"             the cross-entropy of one example
      "gradient"         the gradient of that loss by y_hat
      "batch_losses"     the cross-entropy of each example of a batch
      "batch_loss"       their mean
      "batch_gradient"   the gradient of that mean by the whole batch of predictions
      "labels"           the numbers of the true classes of a batch
    Example: y of one example with 5 classes has shape (5,): a comma, even for one length.
    """
    ### BEGIN SOLUTION
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }
    ### END SOLUTION


# %% check="shapes" points=2
check("shapes")

# %% [markdown]
# ## Q1 · Surprise, and its average
#
# How surprised should you be by an event of probability $p$? Two wishes are enough. What is certain
# surprises nobody. And the surprises of independent events add up: two heads in a row are twice as
# surprising as one.
#
# **A number first.** One head has $p = 0.5$, two heads have $p = 0.25$. The natural logarithm gives
# $-\log 0.5 = 0.6931$ and $-\log 0.25 = 1.3863$: twice as much. So the **surprise** is $-\log p$,
# in *nats*. For $p = 1$ it is 0, for $p = 0$ infinite.
#
# Now average. If outcomes happen with [0.5, 0.25, 0.25], you are surprised by
# 0.5 · 0.6931 + 0.25 · 1.3863 + 0.25 · 1.3863 = 1.0397 nats, on average.

# %% [markdown]
# **The formula.** The average surprise of a distribution $p$ over $n$ outcomes is its **entropy**:
#
# $$H(p) = -\sum_{i=1}^{n} p_i \log p_i.$$
#
# An outcome with $p_i = 0$ never surprises anybody, so its term is 0. NumPy makes 0 · log 0 into
# NaN, and warns. `np.where(p == 0, 0, ...)` picks the terms that count; it works out both sides
# first, so keep it silent:
#
# ```python
# with np.errstate(divide="ignore", invalid="ignore"):
#     ...  # your lines
# ```


# %% task="entropy"
def entropy(p):
    """Average surprise of distributions, in nats. (..., n) -> (...), each between 0 and log n.

    p: array of distributions, outcomes on the last axis; it is not changed. Where p is 0, the term
    is 0. NaN stays NaN. float32 stays float32; float64 and integers give float64. It never warns.
    Example: entropy(np.array([0.5, 0.25, 0.25])) is 1.0397, rounded.
    """
    ### BEGIN SOLUTION
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 where p is 0: not used
        return np.where(p == 0, 0.0, p * -np.log(p)).sum(axis=-1)
    ### END SOLUTION


# %% check="entropy" points=2
check("entropy")

# %% [markdown]
# Which distribution of three outcomes is the most surprising one? Try some of your own.

# %%
for p in ([1, 0, 0], [0.9, 0.05, 0.05], [0.5, 0.25, 0.25], [1 / 3, 1 / 3, 1 / 3]):
    print(np.round(p, 2), attempt(entropy, np.array(p)))

# %% [markdown]
# The even one, with $\log 3 = 1.0986$ nats.
#
# ### Surprise of somebody who believes something else
#
# Things happen with $y$, but you believe $\hat{y}$. An outcome then surprises you by
# $-\log \hat{y}_i$, and it happens $y_i$ of the time.
#
# **A number first.** With $y$ = [0.5, 0.25, 0.25] and $\hat{y}$ = [0.25, 0.25, 0.5] the average is
# 0.5 · 1.3863 + 0.25 · 1.3863 + 0.25 · 0.6931 = 1.2130 nats. More than 1.0397: wrong beliefs cost.
#
# **The formula** of this **cross-entropy**, with one minus sign in front of one sum:
#
# $$L(y, \hat{y}) = -\sum_{i=1}^{n} y_i \log \hat{y}_i$$
#
# With a one-hot $y$ only the true class is left: $\hat{y}$ = [0.2, 0.7, 0.1] and the second class
# true gives $-\log 0.7 = 0.3567$.


# %% task="cross_entropy"
def cross_entropy(y, y_hat):
    """Average surprise of believing y_hat where y is true, in nats. (..., n), (..., n) -> (...).

    y, y_hat: arrays of the same shape, classes on the last axis; they are not changed. Where y is
    0, the term is 0, whatever y_hat is. Where y is above 0 and y_hat is 0, the loss is inf. Any
    other NaN that went in comes out. float32 stays float32; integers become float64. It never
    warns.
    Example: cross_entropy(np.array([0, 1, 0]), np.array([0.2, 0.7, 0.1])) is 0.3567, rounded.
    """
    ### BEGIN SOLUTION
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 where y is 0: not used
        return np.where(y == 0, 0.0, y * -np.log(y_hat)).sum(axis=-1)
    ### END SOLUTION


# %% check="cross_entropy" points=3
check("cross_entropy")

# %% [markdown]
# Let it judge Anna and Bo, on the rainy day and on the sunny one. Who has the lower price over both
# days?

# %%
forecasts = {"Anna": np.array([0.6, 0.3, 0.1]), "Bo": np.array([0.98, 0.01, 0.01])}
rain, sun = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
for name, forecast in forecasts.items():
    print(name, attempt(cross_entropy, rain, forecast), attempt(cross_entropy, sun, forecast))

# %% [markdown]
# Bo is a little better when it rains (0.0202 against 0.5108) and much worse when it does not
# (4.6052 against 2.3026). Being too sure is expensive.
#
# A network sees many examples at once. The loss of a batch of $B$ examples is the **mean** of their
# losses, so that its size does not depend on how many there are. From here on "loss of a batch"
# always means this.


# %% task="batch_loss"
def batch_loss(y, y_hat):
    """Mean cross-entropy of a batch, in nats. (B, n), (B, n) -> one number.

    y, y_hat: arrays with an example in each row, B >= 1; they are not changed. Infinite if one
    example's loss is infinite. It never warns.
    Example: a batch of the two examples with losses 0.2 and 0.6 has the loss 0.4.
    """
    ### BEGIN SOLUTION
    return cross_entropy(y, y_hat).mean()
    ### END SOLUTION


# %% check="batch_loss" points=1
check("batch_loss")

# %% [markdown]
# ### What does a wrong belief cost *extra*?
#
# Part of the price nobody can avoid: the world itself is surprising, by $H(y)$. The rest is your
# own doing.
#
# **A number first.** Above, 1.2130 - 1.0397 = 0.1733 nats extra.
#
# You may have met that number before: it is the Kullback–Leibler divergence of lesson 2,
#
# $$L(y, \hat{y}) = H(y) + D(y \| \hat{y}).$$
#
# As $H(y)$ does not depend on your prediction, minimising cross-entropy and minimising the
# divergence are the same thing. For a one-hot $y$ the entropy is 0 and both are equal.


# %% task="extra_surprise"
def extra_surprise(y, y_hat):
    """Cross-entropy minus entropy: what the wrong belief costs. (..., n), (..., n) -> (...).

    y, y_hat: as in cross_entropy. Zero if y_hat is y, infinite where the cross-entropy is.
    Example: with y = [0.5, 0.25, 0.25] and y_hat = [0.25, 0.25, 0.5] it is 0.1733, rounded.
    """
    ### BEGIN SOLUTION
    return cross_entropy(y, y_hat) - entropy(y)
    ### END SOLUTION


# %% check="extra_surprise" points=1
check("extra_surprise")

# %%
y, y_hat = np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.25, 0.5])
print("cross-entropy - entropy", attempt(extra_surprise, y, y_hat))
print("divergence             ", mlkit.kl_divergence(y, y_hat))

# %% [markdown]
# ## Q2 · Yes or no
#
# "Is it a 2?" has two classes. One number is enough: $p$, the probability of *yes*. The other class
# has $1 - p$. And $y$ is 1 for yes and 0 for no, or a number between for "probably".
#
# **A number first.** You say $p = 0.8$. If the answer is yes, your surprise is
# $-\log 0.8 = 0.2231$. If it is no, it is $-\log 0.2 = 1.6094.$
#
# **The formula** of the **binary cross-entropy**. The minus stands before *both* terms:
#
# $$L(y, p) = -\big( y \log p + (1 - y) \log (1 - p) \big)$$


# %% task="binary_cross_entropy"
def binary_cross_entropy(y, p):
    """Cross-entropy of yes-or-no answers, in nats, one by one. Same shape as y and p.

    y: how true "yes" is, p: how probable you call it; numbers or arrays of the same shape, between
    0 and 1; they are not changed. A term with weight 0 counts nothing, so p = y = 1 and p = y = 0
    give 0. Certain and wrong gives inf. It never warns.
    Example: binary_cross_entropy(np.array([1, 0]), np.array([0.8, 0.8])) is [0.2231, 1.6094].
    """
    ### BEGIN SOLUTION
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 with weight 0: not used
        yes = np.where(np.equal(y, 0), 0.0, y * -np.log(p))
        no = np.where(np.equal(y, 1), 0.0, (1 - y) * -np.log1p(-p))
    return yes + no
    ### END SOLUTION


# %% check="binary_cross_entropy" points=2
check("binary_cross_entropy")

# %% [markdown]
# It is nothing new: cross-entropy with the two classes *no* and *yes*. Convince yourself.

# %%
for truth, p in ((1.0, 0.8), (0.0, 0.8), (0.8, 0.7)):
    two_classes = np.array([1 - truth, truth]), np.array([1 - p, p])
    print(truth, p, attempt(binary_cross_entropy, truth, p), attempt(cross_entropy, *two_classes))

# %% [markdown]
# ## Q3 · Which way is downhill?
#
# Training means: change $\hat{y}$ so that the loss falls. For that you need its slope in every
# direction.
#
# **A number first.** The second class is true and $\hat{y}$ = [0.2, 0.7, 0.1], loss 0.3567. Raise
# the 0.7 to 0.71: the loss becomes 0.3425, a change of -0.0142 for 0.01. The slope is about -1.42.
# Calculus says $-1/0.7 = -1.4286$. Raise one of the others: nothing happens, slope 0.
#
# **The formula.** Each $\hat{y}_i$ stands in one term of the sum only, so
#
# $$\frac{\partial L}{\partial \hat{y}_i} = -\frac{y_i}{\hat{y}_i}, \qquad
# \nabla_{\hat{y}} L = -\frac{y}{\hat{y}}.$$
#
# The derivative of *one number* by a vector is a *vector*. One minus sign and no sum in front; if
# your slides show one, trust the shapes.


# %% task="cross_entropy_grad"
def cross_entropy_grad(y, y_hat):
    """Gradient of each example's cross-entropy by y_hat. (..., n), (..., n) -> (..., n).

    y, y_hat: arrays of the same shape, classes on the last axis; they are not changed. Where y is
    0, the slope is 0, even where y_hat is 0 as well. Where y is above 0 and y_hat is 0, the slope
    is -inf. float32 stays float32. It never warns.
    Example: cross_entropy_grad(np.array([0.0, 1.0]), np.array([0.2, 0.8])) is [0, -1.25].
    """
    ### BEGIN SOLUTION
    with np.errstate(divide="ignore", invalid="ignore"):  # 0/0 where y is 0: not used
        return np.where(y == 0, 0.0, -(y / y_hat))
    ### END SOLUTION


# %% check="cross_entropy_grad" points=3
check("cross_entropy_grad")

# %% [markdown]
# And for a batch? Its loss is a mean: every example counts one part in $B$. So each row of the
# gradient is divided by $B$.
#
# **A number first.** Two examples: the slope of -1.4286 from above becomes -0.7143. If your batch
# has a thousand examples, each one pulls a thousandth as hard.


# %% task="batch_loss_grad"
def batch_loss_grad(y, y_hat):
    """Gradient of batch_loss by the whole batch of predictions. (B, n), (B, n) -> (B, n).

    y, y_hat: arrays with an example in each row, B >= 1; they are not changed.
    Example: with y = [[0, 1], [1, 0]] and y_hat = [[0.5, 0.5], [0.8, 0.2]] it is
    [[0, -1], [-0.625, 0]].
    """
    ### BEGIN SOLUTION
    return cross_entropy_grad(y, y_hat) / len(y)
    ### END SOLUTION


# %% check="batch_loss_grad" points=1
check("batch_loss_grad")

# %% [markdown]
# Here is the triangle again, with *your* loss and *your* gradient: the thick arrow is drawn from
# what your function gives. An arrow shows which way to go within the triangle, where the three
# numbers always sum to 1. Walk to the edge opposite the true corner and watch the slope grow.

# %% play
triangle_lab(
    mine("cross_entropy", globals(), y, y_hat, stands_in=stand_ins.cross_entropy),
    mine("cross_entropy_grad", globals(), y, y_hat),
)

# %% [markdown]
# ## Q4 · From labels, without the zeros
#
# A one-hot row of a thousand classes is 999 zeros and a one, only to pick a single number. So pick
# it directly: for each row of $\hat{y}$, the entry in the column of its label.
#
# **A number first.** $\hat{y}$ = [[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]] with the labels [1, 0] picks
# 0.7 and 0.5, and the losses are [0.3567, 0.6931].
#
# Write it without a loop: a step takes Python some hundred times longer than NumPy. You index all
# rows at once with *two* arrays, one of row numbers and one of column numbers. Try: why is
# `y_hat[:, labels]` something else?

# %%
rows = np.array([[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]])
print(rows[:, [1, 0]], rows[[0, 1], [1, 0]], sep="\n")


# %% task="cross_entropy_from_labels"
def cross_entropy_from_labels(labels, y_hat):
    """Cross-entropy of each example from the number of its true class. (B,), (B, n) -> (B,).

    labels: integer array, the true class of each row. y_hat: a distribution in each row. They are
    not changed. A true class of probability 0 gives inf. It never warns, and never loops.
    Raises ValueError if labels has another shape than (B,), or if a label is not one of
    0, 1, ..., n-1.
    Example: labels [1, 0] and rows [[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]] give [0.3567, 0.6931].
    """
    ### BEGIN SOLUTION
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError(f"labels must be {batch} numbers in 0 ... {classes - 1}, got {labels}")
    with np.errstate(divide="ignore"):  # log 0 is -inf, and that is the answer
        return -np.log(y_hat[np.arange(batch), labels])
    ### END SOLUTION


# %% check="cross_entropy_from_labels" points=2
check("cross_entropy_from_labels")

# %% [markdown]
# ### Your loss at work: how sure should a classifier be?
#
# Here are 1797 real handwritten digits. A simple classifier compares each with the average picture
# of every class: the nearer, the higher the score. A dial $T$ makes it more or less sure of itself,
# but never changes which class comes first.
#
# So its accuracy is the same for every $T$. What will your loss say? Guess where it is lowest: at
# the bold end or at the shy one?

# %%
images, names = digits()
pixels = images.reshape(len(images), -1)
averages = np.stack([pixels[:1000][names[:1000] == digit].mean(axis=0) for digit in range(10)])
scores = -((pixels[1000:, None] - averages) ** 2).sum(axis=-1)  # (797 unseen digits, 10 classes)
true = names[1000:]
for T in (0.1, 0.2, 0.5, 1, 2, 5):
    sure = mlkit.softmax(scores / T)
    accuracy = (sure.argmax(axis=1) == true).mean()
    losses = attempt(cross_entropy_from_labels, true, sure)
    loss = losses if isinstance(losses, str) else f"{losses.mean():.4f}"
    print(f"T = {T:<4} accuracy {accuracy:.1%}  says {sure.max(axis=1).mean():.1%}  loss {loss}")

# %% [markdown]
# The accuracy stands still at 89.1 %. The loss is 1.4226 at the bold end, 1.6270 at the shy one and
# lowest between them, at $T = 0.5$, where the classifier says 88.8 % and is right 89.1 % of the
# time. Cross-entropy rewards honesty: the cheapest thing to say is what you really know.
#
# ## Q5 · Finite, without lying
#
# A probability of exactly 0 for the true class costs infinity. In theory a network never says 0. In
# `float64` it does, as soon as its score is some 745 behind, and one infinite loss spoils the mean
# of the whole batch. Two cures are common.
#
# **First cure: clip.** Never let $\hat{y}$ fall below a small number, $10^{-12}$ for instance. Then
# no term is above $-\log 10^{-12} = 27.631$. Leave the upper end alone: a perfect answer costs 0.


# %% task="clipped_cross_entropy"
def clipped_cross_entropy(y, y_hat, smallest=1e-12):
    """Cross-entropy with y_hat raised to at least `smallest`. (..., n), (..., n) -> (...), finite.

    y, y_hat: as in cross_entropy; they are not changed. Nothing is done at the upper end, and the
    rows are not normalised again. It never warns.
    Example: clipped_cross_entropy(np.array([0, 1]), np.array([1.0, 0.0])) is 27.631, rounded.
    """
    ### BEGIN SOLUTION
    return (y * -np.log(np.maximum(y_hat, smallest))).sum(axis=-1)
    ### END SOLUTION


# %% check="clipped_cross_entropy" points=1
check("clipped_cross_entropy")

# %% [markdown]
# Finite, but is it true? Whoever is hopelessly wrong pays 27.631 and not a nat more. And where a
# curve is flat there is no slope to learn from.
#
# **Second cure: never form the probability.** A network ends with scores $z$ (also called
# *logits*), and $\hat{y}$ is made from them by softmax, $\hat{y}_i = e^{z_i} / \sum_j e^{z_j}$.
# Lesson 4 is all about that; here you only need to put it into the loss. With $k$ the true class,
#
# $$-\log \hat{y}_k = \log \sum_{j=1}^{n} e^{z_j} - z_k.$$
#
# **A number first.** Scores [1, 2], first class true: $\log(e^1 + e^2) - 1 = 2.3133 - 1 = 1.3133$.
#
# $e^{1000}$ overflows. But the loss only depends on differences of scores: take the highest score
# of *each row* away from the row first. For [1000, 0] with the second class true that leaves
# [0, -1000], and the loss is $\log(1 + e^{-1000}) + 1000 = 1000$.


# %% task="cross_entropy_from_logits"
def cross_entropy_from_logits(labels, z):
    """Cross-entropy of each example straight from its scores. (B,), (B, n) -> (B,), finite.

    labels: integer array, the true class of each row, in 0, 1, ..., n-1. z: finite scores of any
    size, integers or floats. They are not changed. float32 stays float32; integers give float64.
    It never warns.
    Example: labels [1] and scores [[1000.0, 0.0]] give [1000.0].
    """
    ### BEGIN SOLUTION
    behind = z - z.max(axis=-1, keepdims=True)  # 0 for the highest score, negative for the rest
    total = np.exp(behind).sum(axis=-1)
    return np.log(total) - behind[np.arange(len(z)), labels]
    ### END SOLUTION


# %% check="cross_entropy_from_logits" points=3
check("cross_entropy_from_logits")

# %% [markdown]
# Which cure is better? Measure. Let the wrong class lead by a gap $g$: scores $[g, 0]$, the second
# class true. The exact loss is $g + \log(1 + e^{-g})$. For $g = 100$ that is 100, and with clipping
# you get 27.631: an error of 72.369.


# %% task="worst_error"
def worst_error(loss, gaps):
    """The largest error of a loss over gaps, as a number >= 0.

    loss: function of labels (m,) and scores (m, 2) that gives (m,) losses. gaps: (m,) numbers >= 0,
    at most a million. Row i of the scores is [gaps[i], 0], and every label is 1. The exact losses
    are g + log(1 + e^-g); an error is the size of the difference, whatever its sign.
    Example: for a loss that always gives 0 and gaps [0, 1] it is 1.3133, rounded.
    """
    ### BEGIN SOLUTION
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float(np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact).max())
    ### END SOLUTION


# %% check="worst_error" points=2
check("worst_error")


# %%
def clipped_at(smallest):
    """The first cure, from scores: softmax, then a clipped cross-entropy."""

    def loss(labels, z):
        return clipped_cross_entropy(np.eye(2)[labels], mlkit.softmax(z), smallest)

    return loss


gaps = np.linspace(0.0, 100.0, 401)
for smallest in (1e-3, 1e-7, 1e-12):
    print(f"clipped at {smallest}: worst error", attempt(worst_error, clipped_at(smallest), gaps))
print("from scores: worst error", attempt(worst_error, cross_entropy_from_logits, gaps))

# %%
figure, axes = chart("lead of the wrong class, g", "loss, in nats")
exact = gaps + np.log1p(np.exp(-gaps))
axes.plot(gaps, exact, color="#BBBBBB", linestyle="-", linewidth=8, label="exact")
wrong = np.stack([gaps, np.zeros_like(gaps)], axis=1)
second = np.ones(len(gaps), dtype=int)
curves = {"from scores": cross_entropy_from_logits, "clipped at 1e-12": clipped_at(1e-12)}
curves |= {"clipped at 1e-3": clipped_at(1e-3)}
for name, loss in curves.items():
    losses = attempt(loss, second, wrong)
    if not isinstance(losses, str):
        axes.plot(gaps, losses, linewidth=2.5, label=name)
axes.legend(loc="upper left")
picture(
    figure,
    "Loss against the lead of the wrong class, from 0 to 100. Exact and from scores: one "
    "straight line. Clipped at 1e-12: the same line up to about 28, then flat. "
    "Clipped at 1e-3: flat from 7.",
)

# %% [markdown]
# **Figure: two cures.** *What to see:* the line computed from scores covers the grey one and rises
# for ever. The clipped ones leave it at 27.631 and at 6.9078, and are flat from there: an example
# that is so wrong teaches nothing any more.
#
# So compute from scores where you can: PyTorch's `cross_entropy` takes scores, TensorFlow's does
# with `from_logits=True`. Clip where only probabilities are left to you, and clip late. (For
# yes-or-no questions PyTorch caps each logarithm at 100 instead, and a clip at $10^{-7}$, another
# habit, gives 16.118.)

# %% [markdown]
# ## Q6 · Label smoothing
#
# A one-hot truth asks for a prediction of exactly 1, and no finite score gives that. So the network
# pushes its scores up for ever, and becomes too sure. A remedy: be a little less certain about the
# *truth*.
#
# **A number first.** With $e = 0.1$ and four classes, each class gets $0.1/4 = 0.025$, and the true
# one the remaining 0.9 on top: [0, 1, 0, 0] becomes [0.025, 0.925, 0.025, 0.025].
#
# **The formula.** With $n$ classes and smoothing $e$ between 0 and 1,
#
# $$y' = (1 - e) \, y + e / n.$$
#
# The lowest possible loss is then no longer 0. Which number of this lesson is it?


# %% task="smooth_labels"
def smooth_labels(y, e):
    """(1 - e) y + e/n: distributions moved towards the even one. (..., n) -> (..., n) floats.

    y: array of distributions, classes on the last axis; it is not changed. e: a number between 0
    and 1; 0 changes nothing, 1 gives the even distribution. float32 stays float32; integers become
    float64.
    Raises ValueError if e is below 0 or above 1.
    Example: smooth_labels(np.array([0, 1, 0, 0]), 0.1) is [0.025, 0.925, 0.025, 0.025].
    """
    ### BEGIN SOLUTION
    if not 0 <= e <= 1:
        raise ValueError(f"smooth_labels: e must be between 0 and 1, got {e}")
    return (1 - e) * y + e / y.shape[-1]
    ### END SOLUTION


# %% check="smooth_labels" points=2
check("smooth_labels")

# %% [markdown]
# The lowest price is paid by the prediction that equals the smoothed truth, and it is its entropy:
# that part nobody can avoid. Being surer costs more again:

# %%
smoothed = attempt(smooth_labels, np.array([0.0, 1.0, 0.0, 0.0]), 0.1)
if not isinstance(smoothed, str):
    for p in (0.7, 0.85, 0.925, 0.99, 0.9999):
        guess = np.where(smoothed == smoothed.max(), p, (1 - p) / 3)
        print(f"says {p}: loss {attempt(cross_entropy, smoothed, guess)}")
    print("entropy of the smoothed truth:", attempt(entropy, smoothed))

# %% [markdown] answer="W1" points=3
# ## W1 · In your own words
#
# Why is the logarithm the right penalty? Explain it by *surprise*: which two wishes lead to
# $-\log p$, what the penalty does to a forecaster who is sure and wrong, and why the cheapest
# forecast is the honest one. Compare with the penalty $1 - p$. About six sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** A price for a forecast should be 0 for what was called certain, and the prices
# of independent events should add up, as surprises do. Probabilities of independent events
# multiply, and only the logarithm turns products into sums, so the price is $-\log p$ (the base is
# a matter of units). Its average over what really happens is the cross-entropy, which is lowest
# exactly when the forecast equals the truth: it is entropy plus a divergence, and the divergence is
# 0 only there. So nobody gains by pretending to be surer or less sure. Whoever calls the truth
# nearly impossible pays without bound, and the slope $-1/p$ is steepest just there, so a confident
# mistake is corrected hardest. The penalty $1 - p$ never exceeds 1, its slope is always the same,
# and on average it is lowest for a forecaster who always shouts 100 % for the likeliest class.
#
# **Rubric, one point each**
# 1. Surprise: certain costs 0, independent events add up, hence the logarithm.
# 2. Sure and wrong: unbounded price and a steep slope, against at most 1 and a constant slope for
#    $1 - p$.
# 3. Honesty: the expected price is lowest when the forecast equals the truth (entropy plus
#    divergence), which $1 - p$ does not give. "It works well" earns nothing.
# ### END SOLUTION

# %% [markdown]
# ## Recap
#
# - Surprise is $-\log p$. Its average is the entropy, or the cross-entropy if you believe something
#   else.
# - Cross-entropy is entropy plus divergence. For a one-hot truth it is $-\log \hat{y}_k$.
# - The gradient is the *vector* $-y/\hat{y}$; in a batch mean, each row divided by $B$.
# - From labels: pick one entry a row, with two index arrays.
# - Clipping is finite and flat; computing from scores is finite and true.
# - Label smoothing takes the last bit of certainty from the truth.
#
# ## Test yourself
#
# Answer aloud, then unfold.
#
# <details><summary>1. A network with ten classes knows nothing and says 0.1 for each. Which loss do
# you expect in the first minute of training?</summary>
#
# -log 0.1 = log 10 = 2.3026, whatever the true class is. A much higher first loss is a sign of a
# bug.
# </details>
#
# <details><summary>2. Your loss doubles when you double the batch size. What did you write?
# </summary>
#
# A sum over the batch where a mean belongs. The gradient is then too large as well, by the factor
# B.
# </details>
#
# <details><summary>3. Two classifiers have the same accuracy. One has twice the cross-entropy. What
# is wrong with it?</summary>
#
# It is sure where it should not be (or unsure where it could be sure): its probabilities are less
# honest.
# </details>

# %% [markdown]
# ## Further reading
#
# - C. E. Shannon, "A Mathematical Theory of Communication", *Bell System Technical Journal* 27
#   (1948): section 6 derives the logarithm from wishes such as ours.
# - C. M. Bishop, *Pattern Recognition and Machine Learning* (Springer, 2006): section 1.6 on
#   information, section 4.3 on this loss.
# - T. Gneiting, A. E. Raftery, "Strictly Proper Scoring Rules, Prediction, and Estimation",
#   *Journal of the American Statistical Association* 102 (2007): which prices reward honesty.
# - C. Szegedy and others, "Rethinking the Inception Architecture for Computer Vision" (CVPR 2016):
#   label smoothing.
#
# **Next:** lesson 4 is about the function that makes probabilities from scores.
