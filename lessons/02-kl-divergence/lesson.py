# %% [markdown]
# # 2 · KL divergence: how far apart are two distributions?
#
# **After this lesson you can**
#
# - turn labels into rows of numbers, and tell a probability distribution from an impostor;
# - measure how far one distribution is from another, in nats;
# - say why the way back is not as long as the way there;
# - choose the direction that suits your problem.
#
# **Time:** about 50 minutes. **Builds on:** NumPy axes (lesson 0). You need no code of yours from
# there.
#
# **How it works:** replace each `raise NotImplementedError` by your code and run the check below
# it. Checks cost nothing. Run them as often as you like.

# %% setup
import numpy as np

from autograder.check import check
from mlkit.play import chart, distributions_lab, mine, picture


def attempt(function, *arguments):
    """What function gives back, or a note that it is still to be written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        return "not written yet"


# %% [markdown]
# ## The question
#
# Three islands in the Palmer Archipelago, three species of penguin. (Your slides may spell the last
# island differently. Torgersen is right.) Here are the birds that were counted:

# %%
islands = ["Biscoe", "Dream", "Torgersen"]
species = ["Adelie", "Chinstrap", "Gentoo"]
counts = np.array([[44, 0, 124], [56, 68, 0], [52, 0, 0]])  # (islands, species)
for island, row in zip(islands, counts, strict=True):
    print(f"{island:10}", dict(zip(species, row.tolist(), strict=True)))

# %% [markdown]
# Somebody asks: *which island is most like the archipelago as a whole?* You would like to answer
# with one number for each island. What could that number be?
#
# Below are two bar charts, P and Q. Say **P** is what really happens and **Q** is what you believe.
# Play:
#
# 1. Drag a bar. The others make room, because the sum must stay 1.
# 2. Make P and Q equal. What do the two numbers D become?
# 3. Take one bar of Q to 0, where P is not. Then the same with P and Q exchanged.

# %% play
distributions_lab()

# %% [markdown]
# Three things to take along. The number is 0 when P and Q are equal, and never below. The two
# directions differ. And a Q that calls something impossible which then happens is *infinitely* far
# off. By the end of this lesson you will have written the function behind these numbers.
#
# ## What is this: scalar, vector or matrix?
#
# Say the shape before you write the code. `()` is a scalar, `(n,)` a vector, `(m, n)` a matrix of
# $m$ rows.
#
# A **distribution** over $n$ outcomes is a vector: one probability for each outcome. A **batch**
# is many of them, one in each row: batch first, classes (the outcomes) last. $D(P\|Q)$, the
# **divergence** of $Q$ from $P$, is the number that you saw in the lab.


# %% task="shapes"
def shapes(batch, classes):
    """The shape of everything in this lesson, as a dict from name to tuple.

    batch: how many examples; classes: how many classes. The dict has exactly these names, and for
    each a tuple in round brackets, as NumPy's .shape is (a list is never equal to it):
      "labels"             the labels of a batch, one for each example
      "one_hot"            the same labels as rows of zeros and a single one
      "distribution"       one distribution over the classes
      "terms"              P log(P/Q) for each outcome, of one pair of distributions
      "divergence"         D(P||Q) of one pair of distributions
      "batch_divergence"   D(P||Q) of each row of a batch with one and the same Q
      "all_pairs"          D of each row of a batch with each row of the same batch
    Example: one distribution over 5 classes has shape (5,): a comma, even for one length.
    """
    ### BEGIN SOLUTION
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
    }
    ### END SOLUTION


# %% check="shapes" points=2
check("shapes")

# %% [markdown]
# ## Q1 · From labels to rows: one-hot
#
# A network wants numbers, not words. Numbering the islands 0, 1, 2 would claim that Torgersen is
# twice Dream. So give each island a column, and write a single 1 into the row of each bird:
#
# | bird | island | Biscoe | Dream | Torgersen |
# |---|---|---|---|---|
# | 1 | Torgersen | 0 | 0 | 1 |
# | 2 | Biscoe | 1 | 0 | 0 |
# | 3 | Torgersen | 0 | 0 | 1 |
#
# A row like this is called **one-hot**. It is also a distribution: one that is certain.
#
# The columns come from the list of classes, not from the labels at hand. Tomorrow's batch may hold
# no bird from Dream, and its rows must still have three columns.


# %% task="one_hot"
def one_hot(labels, classes):
    """A row for each label: 1.0 in the column of its class, 0.0 elsewhere. (B, n) float64.

    labels: sequence of B labels, texts or numbers. classes: sequence of the n different classes, in
    the order of the columns. No labels give shape (0, n).
    Raises ValueError for a label that is not among the classes.
    Example: one_hot(["b", "a"], ["a", "b", "c"]) is [[0, 1, 0], [1, 0, 0]] as floats.
    """
    ### BEGIN SOLUTION
    classes = list(classes)
    rows = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        rows[row, classes.index(label)] = 1.0  # index raises ValueError for a stranger
    return rows
    ### END SOLUTION


# %% check="one_hot" points=2
check("one_hot")

# %% [markdown]
# Try it on the islands. Then spell Torgersen wrongly, as the slide does. A spelling mistake that
# becomes a row of zeros would be found weeks later; an error is found now.

# %%
print(attempt(one_hot, ["Torgersen", "Biscoe", "Torgersen"], islands))

# %% [markdown]
# ## Q2 · Is that a distribution?
#
# Before you compare two distributions, make sure that they are. [0.2, 0.3, 0.5] is one. [0.2, 0.3,
# 0.4] is not: it sums to 0.9. [1.2, -0.2] is not, although it sums to 1.
#
# A computer rounds: 0.7 + 0.2 + 0.1 gives 0.9999999999999999 there. So ask for a sum that is *near*
# 1, here within a millionth. For a sign no such kindness is needed.


# %% task="is_distribution"
def is_distribution(p):
    """Whether every row of p is a probability distribution. Gives True or False.

    p: (..., n) array of numbers, outcomes on the last axis; it is not changed. A distribution has
    no entry below 0, no NaN and no infinity, and sums to 1, give or take 1e-6. A row without
    entries sums to 0. One bad row makes a batch False.
    Example: is_distribution(np.array([[0.5, 0.5], [0.9, 0.2]])) is False.
    """
    ### BEGIN SOLUTION
    return bool(np.all(p >= 0) and np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-6))
    ### END SOLUTION


# %% check="is_distribution" points=2
check("is_distribution")

# %% [markdown]
# ## Q3 · The divergence
#
# You bet on a coin. You believe it is fair: Q = [0.5, 0.5]. In truth it shows heads nine times out
# of ten: P = [0.9, 0.1].
#
# **A number first.** How wrong are you about heads? P/Q = 0.9/0.5 = 1.8: it comes 1.8 times as
# often as you think. The natural logarithm makes a fair scale of such ratios: log 1.8 = 0.5878, and
# log 1 = 0 where you are right. For tails, log(0.1/0.5) = -1.6094.
#
# Now average over what *really happens*. Heads count 0.9 times, tails 0.1 times:
#
# | outcome | P | Q | log(P/Q) | P log(P/Q) |
# |---|---|---|---|---|
# | heads | 0.9 | 0.5 | 0.5878 | 0.5290 |
# | tails | 0.1 | 0.5 | -1.6094 | -0.1609 |
# | sum | 1 | 1 | | **0.3681** |

# %% [markdown]
# **The formula.** Let $P_i$ and $Q_i$ be the probabilities of outcome $i$. The **Kullback–Leibler
# divergence**, KL for short, is
#
# $$D(P\|Q) = \sum_{i=1}^{n} P_i \log \frac{P_i}{Q_i}.$$
#
# Its unit is the *nat*, because the logarithm is the natural one. Read it as "the extra surprise of
# living in P and believing Q". Now believe in the loaded coin while it is fair: exchange P and Q.
# What do you expect? Run it.

# %%
P, Q = np.array([0.9, 0.1]), np.array([0.5, 0.5])
print("there", np.sum(P * np.log(P / Q)), "  back", np.sum(Q * np.log(Q / P)))

# %% [markdown]
# 0.3681 there, 0.5108 back. So it is no distance, although it measures how far apart two things
# are. That is why people say *divergence*.
#
# Now break the formula. Which of these deserve to be infinite, and which deserve a number?

# %%
with np.errstate(all="ignore"):  # the warnings are deserved; here we look at the numbers
    for p, q in ([[0, 1], [0.5, 0.5]], [[0.5, 0.5], [1, 0]], [[1, 0], [1, 0]], [[1, 0], [0, 1]]):
        p, q = np.array(p), np.array(q)
        print(f"P = {p.tolist()!s:10} Q = {q.tolist()!s:10}", np.sum(p * np.log(p / q)))

# %% [markdown]
# NaN, infinity, NaN, NaN: only the second is right. What the rules say:
#
# - **P = 0.** What never happens costs nothing, so its term is 0, whatever Q is. (As $p$ shrinks,
#   $p \log p$ goes to 0: for $p = 0.001$ it is -0.0069.) The first line should say 0.6931, the
#   third 0.
# - **P > 0 and Q = 0.** You called it impossible and it happens. The divergence is infinite, as in
#   the second line and the fourth. Do not hide that behind a small number.
# - **Never below 0.** Mathematics promises it, rounding may miss it by a hair. Cut it off at 0.

# %% [markdown]
# One trap more: probabilities can be tiny. With $P = 1$ and $Q = 10^{-310}$ the quotient $P/Q$ is
# too large for any float, though $\log P - \log Q$ is a harmless 713.8. So subtract logarithms
# instead of dividing first.
#
# `np.where(p == 0, 0, terms)` picks the terms that count. It works out both sides first, so NumPy
# will warn about the side you throw away. Keep it silent:
#
# ```python
# with np.errstate(divide="ignore", invalid="ignore"):
#     ...  # your lines
# ```


# %% task="kl_divergence"
def kl_divergence(p, q):
    """D(p||q), how far q is from p, in nats. (..., n), (..., n) -> (...), each >= 0.

    p, q: arrays of distributions, outcomes on the last axis; they are not changed, and they
    broadcast: one q can serve a whole batch of p, and the other way round. Where p is 0, the term
    is 0, whatever q is. Where p is above 0 and q is 0, the answer is inf. Any other NaN that went
    in comes out, and no new one. float32 stays float32; float64 and integers give float64. It never
    warns.
    Example: kl_divergence(np.array([0.9, 0.1]), np.array([0.5, 0.5])) is 0.3681, rounded.
    """
    ### BEGIN SOLUTION
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 where p is 0: not used
        terms = np.where(p == 0, 0.0, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)
    ### END SOLUTION


# %% check="kl_divergence" points=4
check("kl_divergence")

# %% [markdown]
# Here is the lab again, now with *your* function beside ours. Try to make the two disagree: zeros,
# certain distributions, P and Q equal.

# %% play
distributions_lab(mine("kl_divergence", globals(), P, Q))

# %% [markdown]
# ### Your divergence at work: the most typical island
#
# Back to the islands. The counts are real, from the Palmer penguins data. Your function compares
# each island's mix of species with the mix of all 344 birds. Guess first: which island is nearest
# to the whole? And what happens in the other direction, when someone who knows one island
# only meets the whole archipelago?

# %%
mixes = counts / counts.sum(axis=1, keepdims=True)
whole = counts.sum(axis=0) / counts.sum()

divergence = mine("kl_divergence", globals(), P, Q)
print("all birds", dict(zip(species, whole.round(4).tolist(), strict=True)))
far = divergence(mixes, whole), divergence(whole, mixes)
for island, there, back in zip(islands, *far, strict=True):
    print(f"{island:10} D(island||whole) = {there:.4f}   D(whole||island) = {back:.4f}")

# %% [markdown]
# Biscoe is the most typical, at 0.3920 nats; Torgersen the least, at 0.8168. The way back is
# infinite for all three: each island lacks a species, so someone who believes in its mix calls
# impossible what happens elsewhere.
#
# ## Q4 · When P is certain
#
# On Torgersen every bird is an Adelie, so P is one-hot: [1, 0, 0]. All terms but one vanish.
#
# **A number first.** Of all birds, 152/344 = 0.4419 are Adelies. So D = 1 · log(1/0.4419) =
# -log 0.4419 = 0.8168, the number above.
#
# **The formula.** When the true class is $k$,
#
# $$D(\text{one-hot}_k \| Q) = -\log Q_k.$$
#
# No sum, no other class. This little formula is the loss that almost every classifier is trained
# with: lesson 3 is about it.


# %% task="kl_one_hot"
def kl_one_hot(label, q):
    """D(one-hot of label||q) in nats, without building the one-hot row.

    label: the number of the true class, an int, or a (B,) integer array of them. q: (n,)
    distribution, or (B, n) with a row for each label; it is not changed. Gives a number, or (B,)
    numbers. Where q of the true class is 0, the answer is inf. It never warns.
    Raises ValueError if a label is not one of 0, 1, ..., n-1.
    Example: kl_one_hot(1, np.array([0.5, 0.25, 0.25])) is 1.3863, rounded.
    """
    ### BEGIN SOLUTION
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError(f"kl_one_hot: labels must be in 0 ... {q.shape[-1] - 1}, got {label}")
    chosen = np.take_along_axis(q, label[..., None], axis=-1)[..., 0]
    with np.errstate(divide="ignore"):  # log 0 is -inf, and that is the answer
        return -np.log(chosen)
    ### END SOLUTION


# %% check="kl_one_hot" points=2
check("kl_one_hot")

# %% [markdown]
# The collapse is a claim, so test it: your long way with a one-hot row against your short way.

# %%
for label, name in enumerate(species):
    row = np.eye(3)[label]
    print(f"{name:10}", attempt(kl_divergence, row, whole), attempt(kl_one_hot, label, whole))

# %% [markdown]
# ## Q5 · Which direction should you minimise?
#
# Penguins nest in two colonies along a beach; P is where the nests are, on a grid of 41 places, a
# bump at each colony. You may describe it with a *single* bump: a bell curve with a centre and a
# width. No bell fits both colonies. So which one is best?
#
# "Best" is the smallest divergence. But which one: $D(P\|Q)$ or $D(Q\|P)$? Predict how the two
# answers will look. Then write the search: try every candidate, keep the best.
#
# **A number first.** Let P = [0.5, 0.5, 0]. Candidate A = [0.4, 0.4, 0.2] gives D(P‖A) = 0.2231 and
# D(A‖P) = inf. Candidate B = [0.9, 0.1, 0] gives 0.5108 and 0.3681. Forwards A wins, backwards B.


# %% task="best_fit"
def best_fit(p, candidates, direction):
    """The number of the candidate that is nearest to p.

    p: (n,) distribution. candidates: (m, n), a distribution in each row; at least one of them has a
    finite divergence. direction: "forward" minimises D(p||candidate), "reverse" minimises
    D(candidate||p). Of equally near candidates it takes the first. Gives an int.
    Raises ValueError for any other direction.
    Example: best_fit(np.array([0.5, 0.5]), np.array([[0.9, 0.1], [0.6, 0.4]]), "forward") is 1.
    """
    ### BEGIN SOLUTION
    if direction == "forward":
        return int(kl_divergence(p, candidates).argmin())
    if direction == "reverse":
        return int(kl_divergence(candidates, p).argmin())
    raise ValueError(f"best_fit: direction must be forward or reverse, got {direction!r}")
    ### END SOLUTION


# %% check="best_fit" points=3
check("best_fit")

# %% [markdown]
# Now the beach. The cell tries 31 centres with 24 widths each, in both directions.

# %%
beach = np.arange(41)


def bells(centres, widths):
    """Bell curves on the beach, a distribution in each row, for every centre with every width."""
    centre, width = (grid.ravel()[:, None] for grid in np.meshgrid(centres, widths))
    heights = np.exp(-(((beach - centre) / width) ** 2) / 2)
    return heights / heights.sum(axis=1, keepdims=True)


nests = np.array([0.6, 0.4]) @ bells([10, 30], [2.5])
candidates = bells(np.arange(5, 36), np.arange(1.0, 13.0, 0.5))
found = {way: attempt(best_fit, nests, candidates, way) for way in ("forward", "reverse")}
for way, best in found.items():
    if best != "not written yet":
        row = candidates[best]
        centre = row @ beach
        print(f"{way}: centre {centre:.1f}, spread {np.sqrt(row @ (beach - centre) ** 2):.1f}")

# %%
figure, axes = chart("place on the beach", "share of the nests")
axes.bar(beach, nests, color="#BBBBBB", label="P: the nests")
for (way, best), style in zip(found.items(), ("-", "--"), strict=True):
    if best != "not written yet":
        axes.plot(beach, candidates[best], style, linewidth=2.5, label=f"best Q, {way}")
axes.legend(loc="upper right")
picture(
    figure,
    "Grey bars: nests in two bumps, a higher one at place 10 and a lower one at place 30. Where "
    "they are found: the forward fit is a wide, low bell over both bumps, the reverse fit a "
    "narrow bell on the higher bump alone.",
)

# %% [markdown]
# **Figure: one bell for two colonies.** *What to see:* grey bars are the nests. The solid forward
# fit is low and wide and covers both colonies, and the empty beach between them as well. The dashed
# reverse fit sits on the larger colony and ignores the other.
#
# Why? $D(P\|Q)$ averages over P: wherever there are nests, Q must not be near 0. So Q **covers**
# every mode (every bump). $D(Q\|P)$ averages over Q: wherever Q puts something, there must be
# nests. So Q **seeks** one mode, and stays away from empty places.
#
# Training a classifier is forward: the data are P, the network is Q, and the loss is what your
# `kl_one_hot` computes.

# %% [markdown]
# ## Q6 · What kind of numbers?
#
# Half of all puzzling bugs are not about values but about kinds: an array of integers that cannot
# hold 0.5, a `float32` that lost its digits. NumPy calls the kind `dtype`. Predict it here, without
# running code. You can correct yourself until you hand in.


# %% task="dtypes"
def dtypes():
    """Your prediction: the kind of each result, by the docstrings above.

    A dict from each name to one of "bool", "int64", "float32", "float64":
      "one_hot"         the rows that one_hot gives for text labels
      "is_distribution" its answer
      "kl_float32"      kl_divergence of two float32 arrays
      "kl_integers"     kl_divergence of two integer arrays, rows of a one-hot table
      "kl_mixed"        kl_divergence of a float32 p and a float64 q
      "best_fit"        the number of the best candidate, as an array np.array(best_fit(...))
    Example, with the word to be replaced: {"one_hot": "...", "is_distribution": "...", ...}
    """
    ### BEGIN SOLUTION
    return {
        "one_hot": "float64",
        "is_distribution": "bool",
        "kl_float32": "float32",
        "kl_integers": "float64",
        "kl_mixed": "float64",
        "best_fit": "int64",
    }
    ### END SOLUTION


# %% check="dtypes" points=1
check("dtypes")

# %% [markdown]
# Now let your own functions answer. Where they differ from your prediction, one of the two is
# wrong.

# %%
single = P.astype(np.float32)
table = np.eye(2, dtype=int)
for name, function, arguments in (
    ("one_hot", one_hot, (["Dream"], islands)),
    ("is_distribution", is_distribution, (P,)),
    ("kl_float32", kl_divergence, (single, Q.astype(np.float32))),
    ("kl_integers", kl_divergence, (table, table)),
    ("kl_mixed", kl_divergence, (single, Q)),
    ("best_fit", best_fit, (P, np.stack([Q, P]), "forward")),
):
    came = attempt(function, *arguments)
    print(f"{name:16}", came if isinstance(came, str) else np.asarray(came).dtype)

# %% [markdown] answer="W1" points=3
# ## W1 · In your own words
#
# $D(P\|Q)$ and $D(Q\|P)$ differ. Explain why, by saying over what each of them averages and what
# each punishes most. Then name one task for which you would minimise $D(P\|Q)$ and one for which
# you would minimise $D(Q\|P)$, with reasons. About six sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** $D(P\|Q)$ averages the log ratio over P, over what really happens; $D(Q\|P)$
# averages over Q, over what the model believes. So the first punishes most when Q is near 0 where P
# is not: an event called impossible that happens costs without bound. The second punishes Q for
# putting weight where P has none, and does not mind when Q misses a part of P. Minimise $D(P\|Q)$
# when missing something is the danger: a classifier or a weather forecast trained on data, which
# must give every thing that happens some probability. Minimise $D(Q\|P)$ when a made-up answer is
# the danger: a route planner that proposes one good way, or a generator that shall rather draw one
# kind of picture well than a blur of two.
#
# **Rubric, one point each**
# 1. Over what each averages: the first over P (truth), the second over Q (belief), so that the
#    weights differ.
# 2. What each punishes: Q near 0 where P is not (covers all modes), against Q where P is near 0
#    (seeks one mode).
# 3. A fitting task for *each* direction with its reason. "It is asymmetric" alone earns nothing.
# ### END SOLUTION

# %% [markdown]
# ## Recap
#
# - One-hot turns labels into rows; the columns come from the list of classes, and a stranger is an
#   error.
# - A distribution has no negative entry and sums to 1, give or take rounding.
# - $D(P\|Q) = \sum_i P_i \log (P_i/Q_i)$, in nats: 0 when equal, never below, not symmetric.
# - P = 0 costs nothing. Q = 0 where P is not costs infinitely much.
# - For a one-hot P it collapses to $-\log Q_k$.
# - Minimising forward covers every mode, minimising in reverse seeks one.
#
# ## Test yourself
#
# Answer aloud, then unfold.
#
# <details><summary>1. P = [0.9, 0.1] and Q = [0.1, 0.9]. Is D(P‖Q) equal to D(Q‖P)?</summary>
#
# Yes: both are 1.7578. Exchanging P and Q here is the same as renaming the outcomes. So this pair
# can never show that you swapped the arguments: a test on special numbers is blind.
# </details>
#
# <details><summary>2. A friend adds 0.000000000001 to q, "to be safe". What does he lose?</summary>
#
# An impossible event that happens costs him 27.631 nats per unit of probability instead of
# infinity. A model that is plainly wrong looks merely bad.
# </details>
#
# <details><summary>3. You compare a forecast Q with a coin that always shows heads. Which numbers
# of Q matter?</summary>
#
# Only the probability of heads: D = -log Q(heads). All the others may be anything.
# </details>

# %% [markdown]
# ## Further reading
#
# - S. Kullback, R. A. Leibler, "On Information and Sufficiency", *Annals of Mathematical
#   Statistics* 22 (1951): where it all began.
# - T. M. Cover, J. A. Thomas, *Elements of Information Theory* (Wiley, 2006): chapter 2.
# - C. M. Bishop, *Pattern Recognition and Machine Learning* (Springer, 2006): section 10.1.2 draws
#   both directions of the fit.
# - K. B. Gorman, T. D. Williams, W. R. Fraser, "Ecological Sexual Dimorphism and Environmental
#   Variability within a Community of Antarctic Penguins", *PLoS ONE* 9 (2014): the birds.
#
# **Next:** lesson 3 makes a loss of it, the one that classifiers are trained with.
