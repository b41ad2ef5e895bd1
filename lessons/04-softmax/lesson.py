# %% [markdown]
# # 4 · Softmax: from scores to probabilities
#
# **After this lesson you can**
#
# - turn any scores into probabilities, and say why the obvious way fails;
# - write a softmax that survives scores in the thousands;
# - work with the logarithm of a probability that is too small to store;
# - say what a temperature does to a prediction.
#
# **Time:** about 50 minutes. **Builds on:** probabilities and cross-entropy (lesson 3) and NumPy
# axes (lesson 0). You need no code of yours from there.
#
# **How it works:** replace each `raise NotImplementedError` by your code and run the check below
# it. Checks cost nothing. Run them as often as you like.

# %% setup
import numpy as np

from autograder.check import check
from mlkit.play import chart, mine, picture, softmax_lab


def attempt(function, *arguments):
    """What function gives back, or a note that it is still to be written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        return "not written yet"


# %% [markdown]
# ## The question
#
# A network looks at a photo. It ends with two plain numbers, called **scores** (or *logits*):
# 1 for "cat" and 2 for "dog". A bigger score means "more likely", but a score is no probability:
# it may be negative, and the scores need not sum to 1.
#
# How sure should we be that it is a dog? 60 %? 67 %? 73 %? 100 %?
#
# Decide on a number before you go on. Then run the next cell and play:
#
# 1. Press the lecture's presets `[1, 2]`, `[10, 20]`, `[11, 12]`, `[20, 30]`. Which charts move
#    when all scores grow by ten? Which when they are multiplied by ten?
# 2. Drag one score below zero and watch "Normalise".
# 3. Choose float32 and press `overflow`. Which chart survives?

# %% play
softmax_lab()

# %% [markdown]
# ## What is this: scalar, vector or matrix?
#
# Say the shape before you write the code. Most bugs in this field are wrong shapes.
# `()` is a scalar, `(n,)` a vector of $n$ numbers, `(m, n)` a matrix of $m$ rows.
#
# We write $z$ for the scores of one example: one number for each **class** (each possible
# answer). We write $Z$ for a **batch**: many examples at once, one in each row. So the batch is the
# first axis and the classes are the last.
#
# Summing removes the axis you sum over. With `keepdims=True` it stays, with length 1, so that the
# sums can stand next to the rows they belong to:

# %%
Z = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0]])
print("Z       ", Z.shape)
print("sums    ", Z.sum(axis=-1).shape, Z.sum(axis=-1))
print("keepdims", Z.sum(axis=-1, keepdims=True).shape, Z.sum(axis=-1, keepdims=True).tolist())


# %% task="shapes"
def shapes(batch, classes):
    """The shape of everything in this lesson, as a dict from name to tuple.

    batch: how many examples; classes: how many classes. The dict has exactly these names, and for
    each a tuple in round brackets, as NumPy's .shape is (a list is never equal to it):
      "scores"               the scores z of one example
      "probabilities"        their softmax
      "total"                the sum of the probabilities of one example
      "temperature"          one number that divides every score
      "batch_scores"         the scores Z of the whole batch
      "batch_probabilities"  their softmax, each row on its own
      "batch_totals"         the sum of each row of Z
      "batch_column"         the same sums, taken with keepdims=True
      "winners"              for each example, the number of the class with the highest score
    Example: one example of 5 classes has scores of shape (5,): a comma, even for one length.
    """
    ### BEGIN SOLUTION
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (batch,),
        "batch_column": (batch, 1),
        "winners": (batch,),
    }
    ### END SOLUTION


# %% check="shapes" points=2
check("shapes")

# %% [markdown]
# ## Q1 · The obvious way: normalise
#
# Probabilities sum to 1. So divide each score by the sum of the scores.
#
# **A number first.** The scores 1 and 2 sum to 3, which gives [1/3, 2/3]. The scores 11 and 12 sum
# to 23, which gives [11/23, 12/23] = [0.4783, 0.5217].
#
# **The formula.** Let $z_i$ be the score of class $i$, let $n$ be the number of classes and let
# $\sum_{j=1}^{n}$ be the sum over all of them. The share of class $i$ is
#
# $$\text{normalise}(z)_i = \frac{z_i}{\sum_{j=1}^{n} z_j}.$$
#
# Write it for one example and for a batch, in one go: take the last axis.


# %% task="normalise"
def normalise(z):
    """Each score divided by the sum of its row. (..., n) -> (..., n) floats.

    z: array of scores, classes on the last axis; it is not changed. float64 stays float64, integers
    become float64. Nothing is repaired: negative scores give negative shares, and a row that sums
    to zero gives what NumPy's division gives (inf, -inf or NaN; its warning is welcome).
    Example: normalise(np.array([1.0, 3.0])) is [0.25, 0.75].
    """
    ### BEGIN SOLUTION
    return z / z.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% check="normalise" points=2
check("normalise")

# %% [markdown]
# Now feed it scores that a network really produces. Guess each line before you run the cell.

# %%
with np.errstate(all="ignore"):  # the warnings are deserved; here we look at the numbers
    for scores in ([1, 3], [-1, 3], [-1, -3], [1, -1], [0, 0]):
        print(f"{scores!s:9}", attempt(normalise, np.array(scores)))

# %% [markdown]
# Three kinds of trouble. A share below 0 is no probability. A row that sums to zero has no answer
# at all. The third is the worst, because nothing looks wrong: the scores [-1, -3] become
# [0.25, 0.75]. Both shares are fine probabilities, yet the *lower* score got the larger one.
#
# Write the doctor who tells these cases apart.


# %% task="diagnose"
def diagnose(z):
    """What normalise makes of the scores of one example, in one word.

    z: (n,) scores, n >= 2. Gives the first of these that holds:
      "undefined"      the scores sum to zero, exactly; a small sum is not zero
      "negative"       some share z_i / sum is below zero
      "reversed"       some score is higher than another and gets the smaller share
      "probabilities"  none of these: the shares can be used
    Equal scores get equal shares, so a row of equal scores is never "reversed".
    Example: diagnose(np.array([-1.0, -3.0])) is "reversed".
    """
    ### BEGIN SOLUTION
    total = z.sum()
    if total == 0:
        return "undefined"
    shares = z / total
    if (shares < 0).any():
        return "negative"
    return "reversed" if shares[z.argmax()] < shares[z.argmin()] else "probabilities"
    ### END SOLUTION


# %% check="diagnose" points=2
check("diagnose")

# %% [markdown]
# ## Q2 · Softmax
#
# The cure: make every score positive first, by a function that keeps the order. The exponential
# $e^z$ does both, for any $z$.
#
# **A number first.** For the scores [1, 2]: $e^1 = 2.7183$ and $e^2 = 7.3891$. They sum to 10.1073.
# Dividing gives [0.2689, 0.7311]. So the answer to the opening question is 73 %.
#
# **The formula.**
#
# $$\text{softmax}(z)_i = \frac{e^{z_i}}{\sum_{j=1}^{n} e^{z_j}}$$
#
# Lecture slides round. If yours show other digits for [1, 2], or for [11, 12] normalised, trust the
# numbers here: you can now compute both.
#
# Below stands the formula, word for word. Where does it break?


# %%
def naive_softmax(z):
    """Softmax exactly as the formula says. (..., n) -> (..., n)."""
    with np.errstate(all="ignore"):  # NumPy would warn; watch the numbers instead
        powers = np.exp(z)
        return powers / powers.sum(axis=-1, keepdims=True)


for score in (1, 50, 87, 88, 89, 1000, -1000):
    z = np.array([score, score + 1], dtype=np.float32)
    print(f"float32 [{score}, {score + 1}]", naive_softmax(z))

# %% [markdown]
# `float32` is the number format that networks usually compute in. Its largest number is about
# $3.4 \cdot 10^{38}$, and $e^{89}$ is larger, so it becomes `inf`, infinity. Anything finite over
# `inf` is 0, and `inf / inf` is `nan`, "not a number". At -1000 both powers round to 0, and 0 / 0
# is `nan` too.
#
# **The trick.** Add 3 to both scores of [1, 2]. The powers become $e^4$ and $e^5$, each $e^3$ times
# larger, so their shares stay the same. In general, for any constant $c$,
#
# $$e^{z_i + c} = e^{c} \cdot e^{z_i},$$
#
# and the factor $e^{c}$ cancels in the fraction. So [1001, 1002] and [-1, 0] have the *same*
# softmax: you may move the scores to a safe place first. Try it. Which values of `c` bring the
# answer back, and how would you choose `c` for *any* scores?

# %%
c = 0.0  # change me
print(naive_softmax(np.array([1001.0, 1002.0, 400.0]) + c))

# %% [markdown]
# With the constant that makes the highest score of a row exactly 0, every power is between 0 and 1,
# and their sum is at least 1. Nothing can overflow, and nothing is divided by zero.
#
# Two guests need no special code. A score of `-inf` means "impossible": its probability is
# $e^{-\infty} = 0$. People call that a *mask*. And if a whole row is `-inf`, no distribution
# exists: the honest answer is `nan`. Only NumPy's warning is unwanted; this keeps it silent:
#
# ```python
# with np.errstate(invalid="ignore"):
#     ...  # your lines
# ```


# %% task="softmax"
def softmax(z, axis=-1):
    """Probabilities from scores, safe for scores of any size. Same shape as z.

    z: array of scores, integers or floats; it is not changed. axis: the axis of the classes; along
    it the result sums to 1. float16, float32 and float64 stay what they are; integers become
    float64. A score of -inf gets probability 0; a row with NaN, with +inf, or of nothing but -inf
    gives NaN. It never warns.
    Example: softmax(np.array([1.0, 2.0])) is [0.2689, 0.7311], rounded.
    """
    ### BEGIN SOLUTION
    with np.errstate(invalid="ignore"):  # inf - inf, where the answer is NaN by agreement
        powers = np.exp(z - z.max(axis=axis, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True)
    ### END SOLUTION


# %% check="softmax" points=4
check("softmax")

# %% [markdown]
# Here is the lab again, now driven by *your* function. Try to break it: scores of 1000, float16,
# all scores equal. Then compare with what the first lab did.

# %% play
softmax_lab(mine("softmax", globals()))

# %% [markdown]
# ### Your softmax at work: which penguin is this?
#
# A tiny classifier names the species of a penguin from the length and the depth of its bill, in
# millimetres. It has one column of weights for each species. Birds and weights are invented, in the
# likeness of the Palmer penguins data.
#
# Your softmax turns its scores into probabilities. Find the two birds that a human should look at.

# %%
species = ("Adelie", "Chinstrap", "Gentoo")
birds = np.array([[41.5, 18.9], [46.5, 17.9], [47.3, 15.3], [43.2, 18.5], [45.5, 16.6]])
weights = np.array([[-1.2, 0.3, 0.8], [2.4, 0.5, -2.9]])  # (measurements, species)
bias = np.array([-4.9, -0.9, -4.2])

bird_scores = (birds - [45.0, 17.2]) @ weights + bias  # (birds, species)
bird_probabilities = mine("softmax", globals())(bird_scores)
for bird, row in zip(birds, bird_probabilities, strict=True):
    best = row.argmax()
    verdict = "sure" if row[best] > 0.95 else "unsure: ask a human"
    print(f"bill {bird[0]} x {bird[1]} mm: {species[best]:9} {row[best]:6.1%}  {verdict}")

# %% [markdown]
# ## Q3 · Logarithms of probabilities
#
# The cross-entropy loss needs $\log p$, the natural logarithm of the probability $p$ of the true
# class; its unit is the *nat*. Take the scores [0, -1000] when the second class is true:

# %%
z = np.array([0.0, -1000.0])
tiny = mine("softmax", globals())(z)
with np.errstate(divide="ignore"):
    print("probabilities", tiny, "  their logarithms", np.log(tiny))

# %% [markdown]
# The true probability is $e^{-1000}$. No number format here can hold that, so it became 0 and its
# logarithm `-inf`: an infinite loss, and no slope to learn from. Yet the answer is harmless, it is
# just -1000. So compute the logarithm *directly*, and never form $p$.
#
# **A number first.** For [1, 2], the first class has $\log (e^1 / 10.1073) = 1 - \log 10.1073$,
# which is 1 - 2.3133 = -1.3133. Raise $e$ to that, and you are back at 0.2689. The second class has
# 2 - 2.3133 = -0.3133.
#
# **The formula.** What is subtracted is called *log-sum-exp*:
#
# $$\log \text{softmax}(z)_i = z_i - \log \sum_{j=1}^{n} e^{z_j}$$
#
# Compare log-sum-exp with the highest score. How far above it can it be? And below?

# %%
for scores in ([1.0, 2.0], [0.0, 8.0], [5.0, 5.0], [-3.0, -3.5]):
    log_of_sum = np.log(np.sum(np.exp(scores)))
    print(f"{scores!s:13} highest {max(scores):4}, log-sum-exp {log_of_sum:.4f}")

# %% [markdown]
# So log-sum-exp is a *soft maximum*: never below the highest score, and above it by at most
# $\log n$, which is reached when all $n$ scores are equal.
#
# It overflows as softmax did, and the same move saves it. For [1001, 1002], take 1002 out of both
# scores: 1002 + log($e^{-1}$ + $e^0$) = 1002 + log 1.3679 = 1002.3133. In general, let $m$ be the
# highest score of the row:
#
# $$\log \sum_{j=1}^{n} e^{z_j} = m + \log \sum_{j=1}^{n} e^{z_j - m}$$


# %% task="log_sum_exp"
def log_sum_exp(z, axis=-1):
    """Logarithm of the sum of the exponentials, safe for scores of any size.

    z: array of scores, integers or floats; it is not changed. axis: the axis that is summed over
    and disappears: (..., n) -> (...). float32 stays float32, float64 stays float64. A row of
    nothing but -inf gives -inf, a row with +inf gives +inf, one with NaN gives NaN. It never warns.
    An infinite highest score must not be subtracted: inf - inf is NaN.
    Example: log_sum_exp(np.array([1.0, 2.0])) is 2.3133, rounded.
    """
    ### BEGIN SOLUTION
    highest = z.max(axis=axis, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0)  # inf - inf would be NaN
    with np.errstate(divide="ignore"):  # log(0) is -inf, and that is the answer
        logs = highest + np.log(np.exp(z - highest).sum(axis=axis, keepdims=True))
    return logs.squeeze(axis=axis)
    ### END SOLUTION


# %% check="log_sum_exp" points=3
check("log_sum_exp")

# %% [markdown]
# Now log-softmax: each score minus the log-sum-exp of its row. You may use your `log_sum_exp`, or
# start afresh. For [1, 2] you expect [-1.3133, -0.3133].


# %% task="log_softmax"
def log_softmax(z, axis=-1):
    """Natural logarithm of softmax, finite wherever the scores are. Same shape as z.

    z: array of scores, integers or floats; it is not changed. axis: the axis of the classes.
    float32 stays float32, float64 stays float64. A score of -inf gives -inf; a row of nothing but
    -inf, or one with NaN, gives NaN. It never warns.
    Example: log_softmax(np.array([0.0, -1000.0])) is [0.0, -1000.0].
    """
    ### BEGIN SOLUTION
    with np.errstate(invalid="ignore"):  # inf - inf, where the answer is NaN by agreement
        behind = z - z.max(axis=axis, keepdims=True)  # first, so that no digits are lost
        return behind - np.expand_dims(log_sum_exp(behind, axis), axis)
    ### END SOLUTION


# %% check="log_softmax" points=2
check("log_softmax")

# %% [markdown]
# ## Q4 · Predict, then verify
#
# Two changes to the scores: **add** the same constant to all of them, or **multiply** all of them
# by the same positive constant. Five functions: normalise, softmax, log-softmax, log-sum-exp, and
# argmax (the number of the class with the highest score).
#
# Which change moves which function? You saw some of it in the lab. Answer from the formulas, not by
# running code. Nobody minds a wrong first guess: you can correct it until you hand in.


# %% task="prediction"
def prediction():
    """Your prediction: which change of the scores changes the output, for scores in general.

    A dict from each of "normalise", "softmax", "log_softmax", "log_sum_exp" and "argmax" to one of
      "add"       only adding a constant to all scores changes the output
      "multiply"  only multiplying all scores by a positive constant does
      "both"      either of them does
      "neither"   none of them does
    Example, with the word to be replaced: {"normalise": "...", "softmax": "...", ...}
    """
    ### BEGIN SOLUTION
    return {
        "normalise": "add",
        "softmax": "multiply",
        "log_softmax": "multiply",
        "log_sum_exp": "both",
        "argmax": "neither",
    }
    ### END SOLUTION


# %% check="prediction" points=1
check("prediction")

# %% [markdown]
# A prediction is worth something when it can fail. So write the experiment: apply each change to
# real numbers, and compare the outputs before and after.
#
# Computers round: [0.1 + 0.2] is 0.30000000000000004, not 0.3. So never compare floats with `==`.
# Use `np.allclose(a, b)`, which allows for rounding.


# %% task="verify"
def verify(functions, z, c=3.0, k=2.0):
    """Which change of the scores changes which function's output, found by trying.

    functions: dict from a name to a function that takes an array of scores and gives an array or a
    number. z: (n,) float scores; they are not changed. Compares function(z) with function(z + c)
    and with function(z * k); equal means np.allclose.
    Gives a dict from each name to "add", "multiply", "both" or "neither", as in prediction().
    Example: verify({"total": np.sum}, np.array([1.0, 2.0])) is {"total": "both"}.
    """
    ### BEGIN SOLUTION
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    table = {}
    for name, function in functions.items():
        before = function(z)
        added = not np.allclose(function(z + c), before)
        multiplied = not np.allclose(function(z * k), before)
        table[name] = words[added, multiplied]
    return table
    ### END SOLUTION


# %% check="verify" points=2
check("verify")

# %% [markdown]
# Now your experiment judges your prediction. Then change `[0.5, 1.0, 2.5]` to `[2.0, 2.0, 2.0]` and
# look again. Why does softmax now seem to be moved by nothing? A test on special numbers is blind.

# %%
functions = {"normalise": normalise, "argmax": np.argmax, "log_sum_exp": log_sum_exp}
functions |= {name: mine(name, globals()) for name in ("softmax", "log_softmax")}
print("predicted:", attempt(prediction))
print("measured: ", attempt(verify, functions, np.array([0.5, 1.0, 2.5])))

# %% [markdown]
# ## Q5 · Temperature
#
# Multiplying moves softmax, so we can use it as a dial. Divide all scores by a number $T$, the
# **temperature**, before the softmax:
#
# | $T$ | scores [1, 2] divided by $T$ | probabilities |
# |---|---|---|
# | 0.5 | [2, 4] | [0.1192, 0.8808] |
# | 1 | [1, 2] | [0.2689, 0.7311] |
# | 2 | [0.5, 1] | [0.3775, 0.6225] |
#
# $$p_i = \text{softmax}(z / T)_i$$
#
# Cold is decided, hot is undecided. What happens at the ends? As $T$ falls to 0 the winner takes
# everything; winners with exactly equal scores share evenly. As $T$ grows without bound, all
# classes become equally likely. Your function shall take $T = 0$ and $T = \infty$ at their word.


# %% task="tempered_softmax"
def tempered_softmax(z, temperature, axis=-1):
    """Softmax of the scores divided by a temperature. Same shape as z.

    z: array of finite scores; it is not changed. temperature: a number, 0 <= T <= inf. axis: the
    axis of the classes. T = 0 means the limit: probability 1 for the highest score, shared evenly
    by scores that are exactly equal to it. T = inf means equal probabilities. It is right for every
    T between, however small: subtract the highest score before you divide. float64 stays float64.
    Raises ValueError if temperature is negative.
    Example: tempered_softmax(np.array([1.0, 2.0]), 0.5) is [0.1192, 0.8808], rounded.
    """
    ### BEGIN SOLUTION
    if temperature < 0:
        raise ValueError(f"tempered_softmax: temperature must be >= 0, got {temperature}")
    behind = z - z.max(axis=axis, keepdims=True)  # 0 for the winners, negative for the rest
    powers = np.exp(behind / temperature) if temperature > 0 else np.equal(behind, 0) * 1.0
    return powers / powers.sum(axis=axis, keepdims=True)
    ### END SOLUTION


# %% check="tempered_softmax" points=2
check("tempered_softmax")

# %% [markdown]
# Language models use exactly this dial when they choose the next word. Here it turns on the bird
# that was hardest to name. Which temperature would you pick if a wrong name is expensive?

# %%
print(species)
with np.printoptions(precision=4, suppress=True):
    for temperature in (0, 0.5, 1, 2, 10, np.inf):
        print(f"T = {temperature:<4}", attempt(tempered_softmax, bird_scores[4], temperature))

# %% [markdown]
# ## Q6 · How small can a probability get?
#
# A probability is never exactly 0, but a computer's may be: that is **underflow**. In float32 the
# smallest number above zero is about $1.4 \cdot 10^{-45}$. Does every softmax get that far down?
#
# **A number first.** The scores $[g, 0]$ have the gap $g$. The loser's probability is
# $1 / (1 + e^{g})$: for $g = 1$ that is 0.2689, for $g = 80$ it is $1.8 \cdot 10^{-35}$.
#
# Write the search: open the gap and remember the smallest probability that is still above zero.


# %% task="smallest_probability"
def smallest_probability(function, gaps):
    """The smallest probability above zero that a softmax gives to the loser, in float32.

    function: a softmax of one array. For every gap the scores are [gap, 0] as a float32 array, and
    the loser is the second class. gaps: (m,) numbers >= 0 in any order. A result that is 0 or NaN
    does not count; at least one does. Gives a float.
    Example: with a correct softmax and gaps [1.0, 0.0] it is 0.2689, rounded.
    """
    ### BEGIN SOLUTION
    losers = [function(np.array([gap, 0.0], dtype=np.float32))[1] for gap in gaps]
    return float(min(p for p in losers if p > 0))
    ### END SOLUTION


# %% check="smallest_probability" points=2
check("smallest_probability")

# %%
gaps = np.arange(0.0, 120.0, 0.25)
log_of_tiny = mine("log_softmax", globals())(np.array([1e30, 0.0], dtype=np.float32))[1]
print("formula, word for word ", attempt(smallest_probability, naive_softmax, gaps))
print("your softmax           ", attempt(smallest_probability, mine("softmax", globals()), gaps))
print("smallest float32       ", float(np.finfo(np.float32).smallest_subnormal))
print("log-softmax can say log p =", log_of_tiny)

# %% [markdown]
# The formula breaks first because $e^g$ overflows near $g = 88.7$, long before the probability is
# too small to store. Your softmax goes on to the last number that float32 has, at a gap of about
# 104. And log-softmax has hardly any limit. That is why losses are computed from scores: look for
# `log_softmax` in PyTorch, or `from_logits=True` in TensorFlow.
#
# ## The loss of a wrong answer
#
# A true class of probability 0.2689 has the loss 1.3133. In general the loss of one example is
# $L = -\log p$, with $p$ the probability of its true class. Let the wrong class lead by the gap
# $g$. What does $L$ look like as $g$ grows? Run the cell, then read the curve.

# %%
lead = np.linspace(-10, 140, 301)
pairs = np.stack([lead, np.zeros_like(lead)], axis=1).astype(np.float32)  # the true class is last
with np.errstate(divide="ignore"):
    from_probability = -np.log(mine("softmax", globals())(pairs)[:, 1])
from_scores = -mine("log_softmax", globals())(pairs)[:, 1]
last = np.isfinite(from_probability).nonzero()[0][-1]

figure, axes = chart("lead of the wrong class, g", "loss L, in nats")
axes.plot(lead, from_scores, color="#0072B2", linewidth=6, alpha=0.4, label="-log_softmax(z)")
axes.plot(lead, from_probability, "--", color="#D55E00", linewidth=2, label="-log(softmax(z))")
axes.plot(lead[last], from_probability[last], "X", color="#D55E00", markersize=11)
axes.annotate("infinite from here on", (lead[last], from_probability[last]), (48, 112))
axes.legend(loc="lower right")
picture(
    figure,
    "Loss against lead: flat at 0 below 0, then a straight line of slope 1; the "
    "dashed line from probabilities ends at a lead of about 104, the other goes on.",
)

# %% [markdown]
# **Figure: loss against the lead of the wrong class.** *What to see:* left of 0 the answer is right
# and the loss is almost flat at 0. Right of 0 it bends up and becomes a straight line of slope 1.
# The thick line, computed from the scores, goes on. The dashed line, computed from the probability,
# lies on top of it and ends at a cross near g = 104, where the probability has become 0.

# %% [markdown] answer="W1" points=3
# ## W1 · In your own words
#
# For a wrong class that leads clearly, the loss grows about linearly with its score. Explain
# why (use log-sum-exp), and why that is good for learning. Compare with a loss whose curve goes
# flat there, and with one that grows exponentially. About six sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** The loss is $L = \text{LSE}(z) - z_\text{true}$, where LSE is log-sum-exp, a
# soft maximum. When one wrong class leads clearly, LSE is about that class's score, so
# $L \approx z_\text{wrong} - z_\text{true}$: linear, of slope about +1 in $z_\text{wrong}$ and -1
# in $z_\text{true}$. So the push to repair a mistake is full, however wrong the network is. Where a
# curve is flat (accuracy, or squared error of probabilities) the slope vanishes, and a confidently
# wrong example is never repaired. The push is also never above 1, so one terrible example cannot
# throw the weights far away, as an exponential loss would let it. Once the true class leads
# clearly, the slope falls to 0 and learning turns to other examples.
#
# **Rubric, one point each**
# 1. Why linear: log-sum-exp is about the highest score, so the loss is about
#    $z_\text{wrong} - z_\text{true}$, of slope about 1.
# 2. The slope does not vanish when the network is badly wrong, so it still learns (against accuracy
#    or squared error, which go flat).
# 3. The slope is bounded, so a single bad example cannot dominate or blow up (against exponential
#    growth). Saying only "it is simple" or "it is fast" earns nothing.
# ### END SOLUTION

# %% [markdown]
# ## Recap
#
# - Normalising fails on negative scores and on a zero sum, and can silently turn the order around.
# - Softmax takes exponentials first. Adding a constant changes nothing: only differences count.
#   Multiplying sharpens or flattens.
# - Subtract the highest score *of each row*. Then nothing overflows.
# - Never take the logarithm of a softmax. Use log-softmax, built on log-sum-exp.
# - Temperature 0 is argmax with shared ties; infinite temperature is uniform.
#
# ## Test yourself
#
# Answer aloud, then unfold.
#
# <details><summary>1. Two networks give the scores [3, 5] and [103, 105]. Which is surer?</summary>
#
# Neither. Softmax sees only differences, and both have a lead of 2: the winner gets 0.8808.
# </details>
#
# <details><summary>2. A friend subtracts the highest score of the whole batch, not of each row.
# His tests pass. When does it break?</summary>
#
# When rows have very different scales. With rows [0, 1] and [1000, 1001], the first becomes
# [-1001, -1000]. Both powers round to 0, and 0 / 0 is NaN.
# </details>
#
# <details><summary>3. Why not simply write log(softmax(z) + 0.000001)?</summary>
#
# It never crashes, but it lies: no loss can be above 13.8155, and there the curve is flat. A badly
# wrong example stops teaching.
# </details>

# %% [markdown]
# ## Further reading
#
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (MIT Press, 2016): section 4.1 on
#   overflow and underflow, section 6.2.2.3 on softmax units.
# - P. Blanchard, D. J. Higham, N. J. Higham, "Accurately computing the log-sum-exp and softmax
#   functions", *IMA Journal of Numerical Analysis* 41 (2021).
# - G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural Network" (2015),
#   arXiv:1503.02531: what a temperature is good for.
# - C. Guo and others, "On Calibration of Modern Neural Networks" (ICML 2017): when a network's 90 %
#   is not 90 %.
#
# **Next:** lesson 5 takes the derivative of softmax, and it is a matrix.
