# %% [markdown]
# # 1 · Hard and soft: why accuracy cannot be a loss
#
# **After this lesson you can**
#
# - measure how often a classifier is right, and say why that number cannot teach it;
# - find the slope of any function with two measurements;
# - write a sigmoid that survives any score, and its slope;
# - turn hard functions (a sign, a winner, a rank) into soft ones that can learn.
#
# **Time:** about 50 minutes. **Builds on:** axes and shapes (lesson 0). You need no code of yours
# from there.
#
# **How it works:** replace each `raise NotImplementedError` by your code and run the check below
# it. Checks cost nothing. Run them as often as you like.

# %% setup
import time

import numpy as np

from autograder.check import check
from mlkit.data import digits
from mlkit.play import chart, mine, picture, staircase

images, labels = digits()  # (1797, 8, 8) and (1797,)
is_two = (labels == 2) * 1  # 1 for a two, 0 for any other digit
foot = images[:, 6:].sum(axis=(1, 2)) / images.sum(axis=(1, 2))  # share of ink at the bottom


def attempt(function, *arguments):
    """What function gives back, or a note that it is still to be written."""
    try:
        return function(*arguments)
    except NotImplementedError:
        return "not written yet"


# %% [markdown]
# ## The question
#
# A **classifier** is a program that says of which kind a thing is. You build the smallest there is:
# one **neuron** that looks at a handwritten digit and asks "is it a 2?". It is right for 12 of 24
# images. You turn its knob a little to the right: 12 of 24. A little to the left: 12 of 24.
#
# Which way should you turn it next? Decide what you would do, then read how the neuron works.

# %% [markdown]
# A 2 stands on a foot. So we measure one number in each image: $x$, the share of its ink that lies
# in the two bottom rows. The neuron computes a **score** $z = w x - 5$. The knob is the **weight**
# $w$; the fixed -5 is called the **bias**. A function named sigmoid squeezes the score into
# $p$, between 0 and 1: how sure the neuron is of a 2. It says "2" where $p \ge 0.5$.
#
# Two measures judge it:
#
# - **accuracy**: the share of images that it names rightly;
# - **cross-entropy**: the mean of $-\log p_\text{true}$, where $p_\text{true}$ is the probability
#   that it gave to the truth and log is the natural logarithm; its unit is called *nat*. Sure and
#   right (0.9) costs 0.1054 nats, sure and wrong (0.1) costs 2.3026. Lesson 3 is about it; here you
#   only watch.

# %% [markdown]
# Run the next cell and play. Drag in a chart, or use the slider and the arrow keys.
#
# 1. Press "Follow the slope of accuracy" three times. Then "Follow the slope of cross-entropy".
# 2. Look at the bars over the images while you drag. What moves all the time, what only jumps?
# 3. Press `w = 40`. Half of the answers are right, as at `w = 0`. Which curve knows that you went
#    too far?

# %% play
staircase()

# %% [markdown]
# Accuracy is a **staircase**: flat, then a jump where one image changes sides, then flat. On the
# flat parts its slope is 0, so it cannot say which way is better. Cross-entropy moves as soon as
# any bar moves. We call accuracy **hard** and cross-entropy **soft**.
#
# ## What is this: scalar, vector or matrix?
#
# Say the shape before you write the code. From here on an image may be all of its pixels in a row,
# with one weight for each pixel: the score is the sum of pixel times weight, plus the bias. A
# **batch** is many images at once, one in each row.
#
# Try the products below. Which axis disappears in `@`, and what would you expect for one image?

# %%
X = images.reshape(len(images), 64)
one_weight_each = np.ones(64)
print("batch  ", X.shape)
print("weights", one_weight_each.shape)
print("batch @ weights", (X @ one_weight_each).shape)


# %% task="shapes"
def shapes(batch, pixels):
    """The shape of everything in this lesson, as a dict from name to tuple.

    batch: how many images; pixels: how many pixels each has. The dict has exactly these names:
      "image"          one image, its pixels in a row
      "weights"        the weights of the neuron, one for each pixel
      "bias"           the number that is added to every score
      "score"          the score of one image
      "images"         the whole batch, an image in each row
      "scores"         the scores of the batch
      "probabilities"  how sure the neuron is of a 2, for each image of the batch
      "accuracy"       the share of the batch that is named rightly
      "loss_slopes"    how fast the batch's mean loss grows with each weight
      "differences"    every score of the batch minus every score of the batch
    Example: "probabilities" of one image would have the shape (), a tuple without numbers.
    """
    ### BEGIN SOLUTION
    return {
        "image": (pixels,),
        "weights": (pixels,),
        "bias": (),
        "score": (),
        "images": (batch, pixels),
        "scores": (batch,),
        "probabilities": (batch,),
        "accuracy": (),
        "loss_slopes": (pixels,),
        "differences": (batch, batch),
    }
    ### END SOLUTION


# %% check="shapes" points=2
check("shapes")

# %% [markdown]
# ## Q1 · Accuracy
#
# **A number first.** A neuron says $p$ = [0.9, 0.4, 0.7, 0.2]. The truth is $y$ = [1, 0, 0, 1],
# with 1 for a two. It says yes where $p \ge 0.5$: yes, no, yes, no. The first two are right, the
# others wrong. The accuracy is 2/4 = 0.5.
#
# **The formula.** Let $n$ be the number of images, $\hat{y}_i$ what the neuron says of image $i$ (1
# or 0), and let $[\ldots]$ be 1 where the claim inside is true and 0 where it is not:
#
# $$\text{accuracy} = \frac{1}{n} \sum_{i=1}^{n} [\hat{y}_i = y_i]$$


# %% task="accuracy"
def accuracy(p, y, threshold=0.5):
    """The share of examples that are named rightly, a number in [0, 1].

    p: (n,) probabilities of "yes". y: (n,) the truth, 1 for yes and 0 for no; integers, floats or
    booleans. The answer is yes where p >= threshold: at the threshold it is yes. Nothing is
    changed. Raises ValueError if p and y differ in shape, because broadcasting would compare
    everything with everything, and if there are no examples.
    Example: accuracy(np.array([0.9, 0.4, 0.7, 0.2]), np.array([1, 0, 0, 1])) is 0.5.
    """
    ### BEGIN SOLUTION
    if p.shape != y.shape or not p.size:
        raise ValueError(f"accuracy: p and y need one shape and examples, got {p.shape}, {y.shape}")
    return np.mean((p >= threshold) == y)
    ### END SOLUTION


# %% check="accuracy" points=2
check("accuracy")

# %% [markdown]
# Now judge two programs on all 1797 digits. The first always says "no". The second is the neuron.
# Guess both numbers before you run.

# %%
always_no = np.zeros(len(is_two))
p = 1 / (1 + np.exp(-(14.0 * foot - 5)))
print("always no           ", attempt(accuracy, always_no, is_two))
print("the neuron at w = 14", attempt(accuracy, p, is_two))

# %% [markdown]
# A program that looks at nothing is right for 90.2 % of the digits, because only 177 of 1797 are
# twos. The neuron gets to 94.8 %, just ahead. So accuracy deceives when one class is rare. But its
# real trouble is another one.
#
# ## Q2 · Slope
#
# The **slope** of a function $f$ at $w$ says how fast $f$ grows when $w$ grows. You can measure it:
# step a little to both sides, and divide the change of $f$ by the length of the way.
#
# **A number first.** Take $f(w) = w^2$ at $w = 3$, with steps of $h = 0.1$. Then $f(3.1) = 9.61$
# and $f(2.9) = 8.41$. The change is 1.2 on a way of 0.2: the slope is 6.
#
# **The formula**, called the *central difference*:
#
# $$\text{slope} = \frac{f(w + h) - f(w - h)}{2h}$$


# %% task="slope"
def slope(f, w, h):
    """The slope of f at w, measured over steps of h to both sides.

    f: a function that takes a number and gives a number. w: where; any number, also 0 or a negative
    one. h: length of the step, above 0; it is used as it is.
    Example: slope(lambda w: w**2, 3.0, 0.1) is 6.0, up to rounding.
    """
    ### BEGIN SOLUTION
    return (f(w + h) - f(w - h)) / (2 * h)
    ### END SOLUTION


# %% check="slope" points=2
check("slope")

# %% [markdown]
# How much of the staircase is flat? Take many weights, and count those where the slope is exactly
# 0.


# %% task="flat_fraction"
def flat_fraction(f, weights, h):
    """The fraction of the weights at which the slope of f is exactly 0, a number in [0, 1].

    f: a function that takes a number and gives a number. weights: (m,) floats in any order, at
    least one. h: the step of the slope. A slope that is tiny, but not 0, is not flat.
    Example: for f = np.floor, weights [0.5, 1.0, 1.5, 1.7] and h = 0.1 it is 0.75: only at 1.0 the
    two sides differ.
    """
    ### BEGIN SOLUTION
    return np.mean([slope(f, w, h) == 0 for w in weights])
    ### END SOLUTION


# %% check="flat_fraction" points=2
check("flat_fraction")

# %% [markdown]
# Learning means going *down* a loss, so we look at negative accuracy. Below it is compared with
# cross-entropy on all 1797 images, at 1000 weights. What happens as the step $h$ gets smaller?


# %%
def neuron(w):
    return 1 / (1 + np.exp(-(w * foot - 5)))  # (1797,) probabilities


def negative_accuracy(w):
    return -accuracy(neuron(w), is_two)


def cross_entropy(w):
    p = neuron(w)
    return -np.mean(np.log(np.where(is_two == 1, p, 1 - p)))


weights = np.linspace(0, 40, 1000)
for h in (0.1, 0.01, 0.001, 0.0001):
    flat = [attempt(flat_fraction, f, weights, h) for f in (negative_accuracy, cross_entropy)]
    print(f"h = {h:<7} flat: negative accuracy {flat[0]}, cross-entropy {flat[1]}")

# %% [markdown]
# With the smallest step more than nine in ten weights are flat for accuracy, and none for
# cross-entropy. More images do not help: the steps get smaller, but between them it stays flat. In
# the limit the slope is 0 *everywhere* but on the edges, and there it does not exist.
#
# Here is a piece of both curves, as under a microscope.

# %%
near = np.linspace(13.9, 14.1, 400)
figure, axes = chart("weight w", columns=2, width=8.4, height=3.0)
for place, f in enumerate((negative_accuracy, cross_entropy)):
    values = [attempt(f, w) for w in near]
    if "not written yet" not in values:
        axes[place].plot(near, values, color=("#0072B2", "#009E73")[place])
        axes[place].ticklabel_format(useOffset=False)
    else:
        axes[place].text(0.2, 0.5, "write accuracy first")
    axes[place].set(title=("negative accuracy", "cross-entropy, in nats")[place])
picture(
    figure,
    "Two curves for weights from 13.9 to 14.1. Negative accuracy is made of level pieces and "
    "jumps, up and down. Cross-entropy is a straight rising line.",
)

# %% [markdown]
# **Figure: both measures under the microscope.** *What to see:* on the left, level pieces and
# jumps, some up and some down; nothing says which way is better. On the right, a line that rises:
# less weight lowers this loss. (The left needs your `accuracy`. Write it, then run both cells
# again.)
#
# ## Q3 · Sigmoid
#
# What made cross-entropy smooth is the neuron's last step. It answers with $p$, not with yes or
# no.
#
# **A number first.** For the score 2: $e^{-2} = 0.1353$, and 1 / (1 + 0.1353) = 0.8808. For -2:
# $e^{2} = 7.3891$, and 1 / 8.3891 = 0.1192. They sum to 1: "yes" and "no" share the certainty.
#
# $$\text{sigmoid}(z) = \frac{1}{1 + e^{-z}}$$
#
# Below stands the formula, word for word. Where does it complain?

# %%
for z in (0.0, 2.0, -2.0, 1000.0, -1000.0):
    with np.errstate(over="raise"):  # make NumPy stop where it would only warn
        try:
            print(f"z = {z:>7}  sigmoid {1 / (1 + np.exp(np.float64(-z))):.4f}")
        except FloatingPointError as error:
            print(f"z = {z:>7}  {error}")

# %% [markdown]
# $e^{1000}$ is larger than any number that a computer holds: it **overflows** to infinity. The
# answer would still be right here (1 / infinity is 0). In a larger formula it is infinity over
# infinity: `nan`, "not a number", and one `nan` spoils a whole network.
#
# **The trick.** Multiply the fraction above and below by $e^{z}$: the value stays the same.
#
# $$\frac{1}{1 + e^{-z}} = \frac{e^{z}}{e^{z} + 1}$$
#
# One form is safe for positive scores, the other for negative ones. Which is which? Never let the
# computer *form* the dangerous power, not even in a branch that you throw away.


# %% task="sigmoid"
def sigmoid(z):
    """How sure a score is, between 0 and 1, safe for scores of any size. Same shape as z.

    z: an array of any shape, integers or floats; it is not changed. float32 stays float32, float64
    stays float64, integers become float64. inf gives 1, -inf gives 0, NaN stays NaN. It never
    warns.
    Example: sigmoid(np.array([0.0, 2.0, -1000.0])) is [0.5, 0.8808, 0.0], rounded.
    """
    ### BEGIN SOLUTION
    power = np.exp(-np.abs(z))  # never above 1, so nothing overflows
    return np.where(z >= 0, 1, power) / (1 + power)
    ### END SOLUTION


# %% check="sigmoid" points=3
check("sigmoid")

# %% [markdown]
# Its slope is the best part. Let $a$ be what came out of the sigmoid. Then the slope is
#
# $$\frac{da}{dz} = a\,(1 - a).$$
#
# **A number first.** At $z = 2$ we have $a = 0.8808$. The slope is 0.8808 times 0.1192, which is
# 0.1050. You need not know $z$ any more, and no new exponential. Where is the slope largest? Where
# does it vanish?


# %% task="sigmoid_grad"
def sigmoid_grad(a):
    """Slope of the sigmoid, from its own output. Same shape as a.

    a: an array of outputs of the sigmoid, in [0, 1]; not scores. It is not changed.
    Example: sigmoid_grad(np.array([0.8808])) is [0.1050], rounded: the slope at the score 2.
    """
    ### BEGIN SOLUTION
    return a * (1 - a)
    ### END SOLUTION


# %% check="sigmoid_grad" points=1
check("sigmoid_grad")

# %% [markdown]
# Does the formula agree with a measurement? Your `slope` from Q2 knows nothing of formulas, so it
# is a fair judge.

# %%
my_sigmoid = mine("sigmoid", globals())
for z in (0.0, 2.0, -4.0):
    formula = attempt(sigmoid_grad, my_sigmoid(np.array([z])))
    measured = attempt(slope, lambda s: my_sigmoid(np.array([s])), z, 1e-5)
    print(f"score {z:>4}: formula {formula}, measured {measured}")

# %% [markdown]
# The staircase again. The rings are *your* sigmoid, and they should sit on top of every bar. Then
# break it on purpose: turn a sign in your sigmoid, run its cell and this one, and watch the rings
# leave the bars.

# %% play
lab = staircase(mine("sigmoid", globals()))
lab.weight = 18
lab

# %% [markdown]
# ### Your sigmoid at work: two ways down
#
# Now let the neuron learn, weight *and* bias. **Gradient descent** steps against the slope of the
# loss on *all* images; the **learning rate** (`rate` below) says how far. **Stochastic gradient
# descent** (SGD) takes the slope on a few images drawn at random, here 32: a rough slope, but a
# cheap one. The lecture claims that SGD gets further per second, and that gradient descent ends
# lower. Believe nothing: measure.
#
# 1797 images are few, so `copies` pretends that 50 times as many were handed in. Which curve is
# ahead at first? Which ends lower?


# %%
def descend(batch, rate=1.0, copies=50, seconds=0.4):
    """Seconds of work and the loss after them, as two arrays. batch: images a step, or None: all"""
    rng = np.random.default_rng(0)
    x, y = np.tile(10 * foot, copies), np.tile(is_two, copies)
    w = b = spent = 0.0
    path = [(spent, w, b)]
    while spent < seconds:
        start = time.perf_counter()
        rows = slice(None) if batch is None else rng.integers(len(x), size=batch)
        errors = my_sigmoid(w * x[rows] + b) - y[rows]  # p - y: lesson 5 shows why
        w, b = w - rate * np.mean(errors * x[rows]), b - rate * np.mean(errors)
        spent += time.perf_counter() - start
        path.append((spent, w, b))
    path = np.array(path)[np.unique(np.geomspace(1, len(path), 300).astype(int)) - 1]
    z = path[:, 1:2] * 10 * foot + path[:, 2:]
    return path[:, 0], np.mean(np.logaddexp(0, z) - is_two * z, axis=1)


# %%
my_sigmoid = mine("sigmoid", globals())
figure, axes = chart("seconds of work", "cross-entropy, in nats")
for batch, name in ((None, "gradient descent"), (32, "SGD, 32 images a step")):
    seconds, losses = descend(batch)
    axes.plot(seconds, losses, label=name)
    print(f"{name:22} after 0.01 s {np.interp(0.01, seconds, losses):.4f}, at the end", end=" ")
    print(f"{losses[-1]:.4f}, worst of the last ten {losses[-10:].max():.4f}")
axes.legend()
picture(
    figure,
    "Loss against seconds for two ways down: the curve of SGD falls at once and then trembles; "
    "that of gradient descent falls slowly and smoothly.",
)

# %% [markdown]
# **Figure: two ways down.** *What to see:* SGD falls almost at once, then trembles above the
# bottom. Gradient descent takes few, costly steps and comes down smoothly. It has not arrived when
# the time is up; give it `seconds=4` and it ends below the trembling.
#
# Now write `descend(batch, copies=1)` into the cell and run it again. The start is nearly a draw,
# and the full steps end lower: they became many times cheaper, the steps on 32 images did not. So
# the lecture is right when there is much data. And notice: both ways need a slope. With accuracy,
# neither would move at all.

# %% [markdown]
# ## Q4 · Soft twins
#
# The cure works in general. A hard function makes a decision; its **soft twin** says how strongly.
#
# | Hard | Asks | Answers | Soft twin |
# |---|---|---|---|
# | threshold | yes or no? | 0 or 1 | sigmoid |
# | sign | above 0 or below? | -1 or +1 | softsign |
# | argmax | who is highest? | 1 for the winner, 0 for the rest: *one-hot* | softmax |
# | rank | which place? | 1, 2, 3, ... | soft rank |
#
# **Softsign**, a number first: 3 becomes 3 / (1 + 3) = 0.75, and -0.5 becomes -0.5 / 1.5 = -0.3333.
# With $|x|$ for $x$ without its sign,
#
# $$\text{softsign}(x) = \frac{x}{1 + |x|}.$$


# %% task="softsign"
def softsign(x):
    """Soft twin of the sign: between -1 and 1, with the sign of x. Same shape as x.

    x: an array of finite numbers, integers or floats; it is not changed.
    Example: softsign(np.array([3.0, -0.5])) is [0.75, -0.3333], rounded.
    """
    ### BEGIN SOLUTION
    return x / (1 + np.abs(x))
    ### END SOLUTION


# %% check="softsign" points=1
check("softsign")

# %% [markdown]
# **Softmax** turns scores into probabilities: each is $e$ to the score, divided by the sum of all
# of these. A **temperature** $T$ divides the scores first.
#
# **A number first.** Scores [1, 2] at $T = 1$: $e^1 = 2.7183$ and $e^2 = 7.3891$ give [0.2689,
# 0.7311]. At $T = 0.5$ the scores become [2, 4], and the winner gets 0.8808. At $T = 0.1$ it gets
# 0.99995. As $T$ falls, the answer becomes *hard*: 1 for the winner. That is the one-hot of argmax.
# With $z_i$ for the score of class $i$, and the sum over all classes $j$:
#
# $$\text{softmax}(z, T)_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}$$
#
# A small $T$ makes huge scores, which overflow. Cure: subtract the highest score of the row from
# all of its scores first. The same factor cancels above and below the line, so the value stays.


# %% task="softmax"
def softmax(z, temperature):
    """Soft twin of argmax: probabilities along the last axis. (..., n) -> (..., n) floats.

    z: finite scores, integers or floats; they are not changed. temperature: above 0; each score is
    divided by it. As it falls, the highest score of a row takes everything, and scores that are
    exactly equal share. It never overflows.
    Raises ValueError if temperature is not above 0.
    Example: softmax(np.array([1.0, 2.0]), 0.5) is [0.1192, 0.8808], rounded.
    """
    ### BEGIN SOLUTION
    if temperature <= 0:
        raise ValueError(f"softmax: temperature must be above 0, got {temperature}")
    powers = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% check="softmax" points=2
check("softmax")

# %% [markdown]
# **Soft rank.** Rank 1 is the smallest number. How do you find the rank of a number without
# sorting? Count: the rank is 1 plus how many of the *others* are smaller.
#
# **A number first.** Take [1, 3, 2]. For the 2, one of the others is smaller: rank 2. "Is smaller"
# is a threshold, so take its soft twin: the sigmoid of the difference. For the 3 at $T = 1$ that
# is 1 + sigmoid(3 - 1) + sigmoid(3 - 2) = 1 + 0.8808 + 0.7311 = 2.6119. All three: [1.3881,
# 2.6119, 2.0].

# %% [markdown]
# With $x_i$ for number $i$, and the sum over all others $j$:
#
# $$\text{softrank}(x, T)_i = 1 + \sum_{j \ne i} \text{sigmoid}\left(\frac{x_i - x_j}{T}\right)$$
#
# The differences of all pairs are a matrix. Broadcasting makes it from a column and a row:
# `x[:, None] - x[None, :]`. And what does each number contribute when it is compared with itself?


# %% task="soft_rank"
def soft_rank(x, temperature):
    """Soft twin of the rank: near 1 for the smallest, near n for the largest. (..., n) -> (..., n).

    x: finite numbers, integers or floats, ranked along the last axis; they are not changed.
    temperature: above 0. As it falls, the result becomes the ranks; equal numbers share the mean of
    their ranks. It never warns. You may use your sigmoid.
    Raises ValueError if temperature is not above 0.
    Example: soft_rank(np.array([1.0, 3.0, 2.0]), 1.0) is [1.3881, 2.6119, 2.0], rounded.
    """
    ### BEGIN SOLUTION
    if temperature <= 0:
        raise ValueError(f"soft_rank: temperature must be above 0, got {temperature}")
    ahead = x[..., :, None] - x[..., None, :]
    return 0.5 + sigmoid(ahead / temperature).sum(axis=-1)  # against itself: half a win too much
    ### END SOLUTION


# %% check="soft_rank" points=3
check("soft_rank")

# %% [markdown]
# Watch the soft become hard. Below are the feet of five digits, ranked at many temperatures. The
# last lines ask your `slope`: how fast does the rank of the third one grow when its foot grows?

# %%
five = foot[[7, 0, 3, 6, 12]]  # a 7, a 0, a 3, a 6 and a 2
figure, axes = chart("temperature T, falling to the right", "soft rank")
temperatures = np.geomspace(1, 1e-4, 60)
ranks = [attempt(soft_rank, five, t) for t in temperatures]
if isinstance(ranks[0], np.ndarray):
    axes.plot(temperatures, ranks, label=[f"digit {labels[i]}" for i in (7, 0, 3, 6, 12)])
    axes.set(xscale="log", xlim=(1, 1e-4), yticks=range(1, 6))
    axes.legend(loc="lower left")
else:
    axes.text(0.35, 0.5, "write soft_rank first")
for name, t in (("soft, T = 0.1", 0.1), ("nearly hard, T = 0.0001", 0.0001)):
    rank = lambda s, t=t: soft_rank(five + s * np.eye(5)[2], t)[2]
    print(f"{name:24} slope of the rank", attempt(slope, rank, 0.0, 1e-5))
picture(figure, "Five curves that start near rank 3 and part, each ending level at a whole number.")

# %% [markdown]
# **Figure: soft ranks harden.** *What to see:* at $T = 1$ all five are near 3, the middle rank: all
# is undecided. As $T$ falls they part and settle on 1 to 5. Where the curves are level, the ranks
# are right and the slope is gone: you paid for the decision with the ability to learn.

# %% [markdown] answer="W1" points=3
# ## W1 · In your own words
#
# Your neuron gets half of the images wrong, its loss is negative accuracy, and its slope is zero.
# Why does learning stop although the loss is high? What does cross-entropy tell the weight that
# accuracy does not? And why is it no cure to measure accuracy with a larger step $h$? About six
# sentences.
#
# ### BEGIN SOLUTION
# **Model answer.** Gradient descent moves a weight by the learning rate times the slope, and never
# looks at the height of the loss. Accuracy is constant between the points where some image crosses
# the threshold, so there the slope is zero, and every step has length zero: the weight stays where
# it is, however bad that is. Cross-entropy depends on every probability, not only on which side of
# the threshold it lies. A small change of the weight moves all of them, so the slope says for each
# image in which direction it would become less wrong, and how urgent that is. A larger $h$ only
# averages over the jumps that happen to lie within reach: the result depends on $h$ and on a few
# images, is still zero on wide plateaus, and needs two runs over the data for each of thousands of
# weights.
#
# **Rubric, one point each**
# 1. The step is learning rate times slope; zero slope means zero step, whatever the height of the
#    loss. Saying only "it is flat" earns nothing.
# 2. Accuracy changes only where an answer flips; cross-entropy feels how sure each answer is, so it
#    has a slope that points to the better side also where no answer flips.
# 3. A larger step sees only the jumps within reach (depends on $h$, zero on wide plateaus, noisy),
#    or: it costs two evaluations a weight. One good reason is enough.
# ### END SOLUTION

# %% [markdown]
# ## Recap
#
# - Accuracy is a staircase: its slope is 0 nearly everywhere, so nothing can follow it.
# - With rare classes, high accuracy means little: always "no" has 90.2 %.
# - The central difference measures a slope from both sides.
# - The sigmoid is the soft threshold. Write it so that no power overflows; its slope is $a(1 - a)$.
# - Stochastic steps are rough and cheap, full steps smooth and costly.
# - Soft twins harden as the temperature falls, and their slopes vanish with it.

# %% [markdown]
# ## Test yourself
#
# Answer aloud, then unfold.
#
# <details><summary>1. Ten times as many images make the stairs of accuracy ten times finer. Does
# that give it a useful slope?</summary>
#
# No. Between two jumps it is still flat, so the slope is 0 wherever it exists. Finer stairs are
# still stairs.
# </details>
#
# <details><summary>2. The sigmoid's output is a = 0.999. How large is its slope, and what does that
# mean for learning?</summary>
#
# 0.999 times 0.001 is 0.000999. A very sure neuron hardly reacts to its score. If it is sure and
# *wrong*, that is bad news, and cross-entropy makes up for it: lesson 3.
# </details>
#
# <details><summary>3. Two numbers are exactly equal, and a third lies many temperatures above
# them. What are the soft ranks of the two?</summary>
#
# Each beats the other "half", so both get 1 + 0.5 = 1.5, the mean of ranks 1 and 2. The third
# adds nothing: they lose to it clearly.
# </details>
#
# ## Further reading
#
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (MIT Press, 2016): section 4.3 on
#   following slopes, section 8.1 on surrogate losses and minibatches.
# - L. Bottou, O. Bousquet, "The Tradeoffs of Large Scale Learning" (NIPS 2007): why rough slopes
#   win when data are plenty.
# - T. Qin, T.-Y. Liu, H. Li, "A general approximation framework for direct optimization of
#   information retrieval measures", *Information Retrieval* 13 (2010): ranks from sigmoids.
#
# **Next:** lesson 2 asks how far apart two probability distributions are.
