"""Wrong answers that students really write, each with the hint that it deserves.

Each function is read and run alone, with NumPy as `np` and a right slope and sigmoid. A hint names
the idea and never a number of the answer. Longer than other files: it is a list of cases.
"""

import numpy as np

from autograder.probe import mistake


def slope(f, w, h):
    """The right slope, for answers below that build on it; in a notebook it is the student's."""
    return (f(w + h) - f(w - h)) / (2 * h)


def sigmoid(z):
    """The right sigmoid, likewise."""
    power = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, power) / (1 + power)


@mistake("shapes", hint="(n) is just the number n: a tuple of one length is written with a comma")
def no_comma(batch, pixels):
    return {
        "image": pixels,
        "weights": pixels,
        "bias": (),
        "score": (),
        "images": (batch, pixels),
        "scores": batch,
        "probabilities": batch,
        "accuracy": (),
        "loss_slopes": pixels,
        "differences": (batch, batch),
    }


@mistake("shapes", hint="a single number has no axis at all: a vector of length 1 is not a scalar")
def scalar_as_vector(batch, pixels):
    return {
        "image": (pixels,),
        "weights": (pixels,),
        "bias": (1,),
        "score": (1,),
        "images": (batch, pixels),
        "scores": (batch,),
        "probabilities": (batch,),
        "accuracy": (1,),
        "loss_slopes": (pixels,),
        "differences": (batch, batch),
    }


@mistake("shapes", hint="batch first: each row is one image")
def pixels_first(batch, pixels):
    return {
        "image": (pixels,),
        "weights": (pixels,),
        "bias": (),
        "score": (),
        "images": (pixels, batch),
        "scores": (batch,),
        "probabilities": (batch,),
        "accuracy": (),
        "loss_slopes": (pixels,),
        "differences": (batch, batch),
    }


@mistake("shapes", hint="a vector has one axis: it is no matrix with one column")
def columns(batch, pixels):
    return {
        "image": (pixels, 1),
        "weights": (pixels, 1),
        "bias": (),
        "score": (),
        "images": (batch, pixels),
        "scores": (batch, 1),
        "probabilities": (batch, 1),
        "accuracy": (),
        "loss_slopes": (pixels, 1),
        "differences": (batch, batch),
    }


@mistake("shapes", hint="the mean loss is one number: it has one slope for each weight, no batch")
def slopes_of_each_image(batch, pixels):
    return {
        "image": (pixels,),
        "weights": (pixels,),
        "bias": (),
        "score": (),
        "images": (batch, pixels),
        "scores": (batch,),
        "probabilities": (batch,),
        "accuracy": (),
        "loss_slopes": (batch, pixels),
        "differences": (batch, batch),
    }


@mistake("shapes", hint="every score minus every score: that is a table, not a list")
def differences_in_a_row(batch, pixels):
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
        "differences": (batch,),
    }


@mistake("shapes", hint="pixel times weight is summed: one score for each image, not one a pixel")
def score_for_each_pixel(batch, pixels):
    return {
        "image": (pixels,),
        "weights": (pixels,),
        "bias": (),
        "score": (pixels,),
        "images": (batch, pixels),
        "scores": (batch, pixels),
        "probabilities": (batch, pixels),
        "accuracy": (),
        "loss_slopes": (pixels,),
        "differences": (batch, batch),
    }


@mistake("shapes", hint="accuracy is the share of the whole batch: one number, not one an image")
def accuracy_of_each_image(batch, pixels):
    return {
        "image": (pixels,),
        "weights": (pixels,),
        "bias": (),
        "score": (),
        "images": (batch, pixels),
        "scores": (batch,),
        "probabilities": (batch,),
        "accuracy": (batch,),
        "loss_slopes": (pixels,),
        "differences": (batch, batch),
    }


@mistake("shapes", hint="the neuron has one set of weights for all images: no batch axis")
def weights_for_each_image(batch, pixels):
    return {
        "image": (pixels,),
        "weights": (batch, pixels),
        "bias": (batch,),
        "score": (),
        "images": (batch, pixels),
        "scores": (batch,),
        "probabilities": (batch,),
        "accuracy": (),
        "loss_slopes": (pixels,),
        "differences": (batch, batch),
    }


@mistake("accuracy", hint="at the threshold the answer is yes: you ask for more than that")
def above_only(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.mean((p > threshold) == y)


@mistake("accuracy", hint="the threshold that the caller names is never used")
def threshold_ignored(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.mean((p >= 0.5) == y)


@mistake("accuracy", hint="rounding is the threshold 0.5 only, and it rounds 0.5 down")
def by_rounding(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.mean(np.round(p) == y)


@mistake("accuracy", hint="broadcasting compares everything with everything: refuse other shapes")
def shapes_not_compared(p, y, threshold=0.5):
    if not p.size:
        raise ValueError("accuracy: no examples")
    return np.mean((p >= threshold) == y)


@mistake("accuracy", hint="the mean of nothing is NaN: say that there are no examples")
def nothing_accepted(p, y, threshold=0.5):
    if p.shape != y.shape:
        raise ValueError("accuracy: shapes differ")
    return np.mean((p >= threshold) == y)


@mistake("accuracy", hint="a probability is hardly ever equal to 0 or 1: compare the answer, not p")
def compares_p(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.mean(p == y)


@mistake("accuracy", hint="you count the errors: accuracy is the share of what is right")
def error_rate(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.mean((p >= threshold) != y)


@mistake("accuracy", hint="that is how many are right: divide by the number of examples")
def count_of_right(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.sum((p >= threshold) == y)


@mistake("accuracy", hint="a right no counts as much as a right yes")
def right_yes_only(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.mean((p >= threshold) & (y == 1))


@mistake("accuracy", hint="you divide by the twos: accuracy counts all examples (yours is recall)")
def recall(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.sum((p >= threshold) & (y == 1)) / max(np.sum(y == 1), 1)


@mistake("accuracy", hint="you divide by the answers yes: count all examples (yours is precision)")
def precision(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return np.sum((p >= threshold) & (y == 1)) / max(np.sum(p >= threshold), 1)


@mistake("accuracy", hint="that is how far p lies from y: accuracy asks only for yes or no")
def one_minus_distance(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return 1 - np.mean(np.abs(p - y))


@mistake("accuracy", hint="accuracy is between 0 and 1 here, not in percent")
def in_percent(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return 100 * np.mean((p >= threshold) == y)


@mistake("accuracy", hint="an answer for each example came back: take their mean")
def mean_forgotten(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")
    return (p >= threshold) == y


@mistake("accuracy", hint="a caller's wrong value is a ValueError, raised by name, no assert")
def asserts(p, y, threshold=0.5):
    assert p.shape == y.shape and p.size
    return np.mean((p >= threshold) == y)


@mistake(
    "accuracy",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def accuracy_not_returned(p, y, threshold=0.5):
    if p.shape != y.shape or not p.size:
        raise ValueError("accuracy: shapes differ, or no examples")


@mistake("slope", hint="one side only: step to the left as well, and divide by the whole way")
def forward(f, w, h):
    return (f(w + h) - f(w)) / h


@mistake("slope", hint="the left side only: step to the right as well, and divide by the whole way")
def backward(f, w, h):
    return (f(w) - f(w - h)) / h


@mistake("slope", hint="the way from w - h to w + h is longer than h: what do you divide by?")
def divides_by_h(f, w, h):
    return (f(w + h) - f(w - h)) / h


@mistake("slope", hint="brackets: / 2 * h divides by 2 and then multiplies by h")
def brackets_missing(f, w, h):
    return (f(w + h) - f(w - h)) / 2 * h


@mistake("slope", hint="brackets: without them only f(w - h) is divided, not the change")
def all_brackets_missing(f, w, h):
    return f(w + h) - f(w - h) / 2 * h


@mistake("slope", hint="the sign is turned: what lies to the right comes first")
def turned(f, w, h):
    return (f(w - h) - f(w + h)) / (2 * h)


@mistake("slope", hint="the step is given: use h, not a number of your own")
def step_of_its_own(f, w, h):
    return (f(w + 1e-5) - f(w - 1e-5)) / 2e-5


@mistake("slope", hint="a step in proportion to w is no step at 0: use h as it is")
def relative_step(f, w, h):
    step = h * abs(w) if w else h * h
    return (f(w + step) - f(w - step)) / (2 * step)


@mistake("slope", hint="that is the change of f: divide it by the length of the way")
def only_the_change(f, w, h):
    return f(w + h) - f(w - h)


@mistake("slope", hint="steepness without its sign: a slope says up or down")
def without_sign(f, w, h):
    return abs(f(w + h) - f(w - h)) / (2 * h)


@mistake("slope", hint="that is how the slope itself changes: leave out f(w)")
def second_difference(f, w, h):
    return (f(w + h) - 2 * f(w) + f(w - h)) / h**2


@mistake("slope", hint="height divided by place is no slope: compare two heights")
def height_over_place(f, w, h):
    return f(w + h) / (w + h)


@mistake("slope", hint="you step half as far as asked: h goes to each side")
def half_steps(f, w, h):
    return (f(w + h / 2) - f(w - h / 2)) / h


@mistake("slope", hint="rounding throws digits away: give the slope as it is")
def rounds(f, w, h):
    return round(float((f(w + h) - f(w - h)) / (2 * h)), 3)


@mistake(
    "slope",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def slope_not_returned(f, w, h):
    change = f(w + h) - f(w - h)  # noqa: F841


@mistake("flat_fraction", hint="a tiny slope is not flat: ask for exactly 0, without a tolerance")
def nearly_flat(f, weights, h):
    return np.mean([abs(slope(f, w, h)) < 1e-6 for w in weights])


@mistake("flat_fraction", hint="you count where it is steep: the flat ones were asked for")
def fraction_steep(f, weights, h):
    return np.mean([slope(f, w, h) != 0 for w in weights])


@mistake("flat_fraction", hint="that is how many are flat: divide by the number of weights")
def count_flat(f, weights, h):
    return sum(slope(f, w, h) == 0 for w in weights)


@mistake("flat_fraction", hint="you ask where f is 0: ask where its slope is")
def where_f_is_zero(f, weights, h):
    return np.mean([f(w) == 0 for w in weights])


@mistake(
    "flat_fraction", hint="compare f on both sides of each weight, not at neighbouring weights"
)
def between_neighbours(f, weights, h):
    values = np.array([f(w) for w in weights])
    return np.mean(np.append(np.diff(values) == 0, True))


@mistake(
    "flat_fraction", hint="only the right side of each weight is looked at: step to both sides"
)
def right_side_only(f, weights, h):
    return np.mean([f(w + h) == f(w) for w in weights])


@mistake("flat_fraction", hint="f takes one number at a time: go through the weights one by one")
def all_at_once(f, weights, h):
    return np.mean(f(weights + h) == f(weights - h))


@mistake("flat_fraction", hint="even 1e-12 is a tolerance: a hardly visible slope is not 0")
def tiny_tolerance(f, weights, h):
    return np.mean([abs(slope(f, w, h)) < 1e-12 for w in weights])


@mistake("flat_fraction", hint="the step is given: use h, not a number of your own")
def own_step(f, weights, h):
    return np.mean([slope(f, w, 1e-3) == 0 for w in weights])


@mistake("flat_fraction", hint="one answer for all weights: take the mean, not all() or any()")
def all_of_them(f, weights, h):
    return float(all(slope(f, w, h) == 0 for w in weights))


@mistake("flat_fraction", hint="a fraction is between 0 and 1, not in percent")
def flat_in_percent(f, weights, h):
    return 100 * np.mean([slope(f, w, h) == 0 for w in weights])


@mistake("flat_fraction", hint="slopes below zero are not flat: they lead down")
def not_rising(f, weights, h):
    return np.mean([slope(f, w, h) <= 0 for w in weights])


@mistake("flat_fraction", hint="the mean slope says little: slopes up and down cancel")
def mean_slope(f, weights, h):
    return np.mean([slope(f, w, h) for w in weights])


@mistake(
    "flat_fraction",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def fraction_not_returned(f, weights, h):
    flat = np.mean([slope(f, w, h) == 0 for w in weights])  # noqa: F841


@mistake("sigmoid", hint="it warns at -1000: there e to the -z overflows, so use the other form")
def naive(z):
    return 1 / (1 + np.exp(-z))


@mistake("sigmoid", hint="at 1000 you divide infinity by infinity: use the other form there")
def naive_other_form(z):
    return np.exp(z) / (1 + np.exp(z))


@mistake(
    "sigmoid",
    hint="np.where computes both branches, also where you throw the result away: it warns",
)
def both_branches(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@mistake("sigmoid", hint="the sign of the exponent is turned: higher scores must be surer")
def upside_down(z):
    power = np.exp(-np.abs(z))
    return np.where(z >= 0, power, 1) / (1 + power)


@mistake("sigmoid", hint="brackets: 1 / 1 + ... divides by 1 first")
def brackets(z):
    return 1 / 1 + np.exp(-np.clip(z, -700, 700))


@mistake("sigmoid", hint="with the size of z instead of z, both signs give the same")
def size_only(z):
    return 1 / (1 + np.exp(-np.abs(z)))


@mistake("sigmoid", hint="that is tanh: it runs from -1 to 1, the sigmoid from 0 to 1")
def hyperbolic_tangent(z):
    return np.tanh(z)


@mistake("sigmoid", hint="tanh of the whole score is too steep: it belongs to half of it")
def tangent_too_steep(z):
    return 0.5 * (1 + np.tanh(z))


@mistake("sigmoid", hint="that is the hard threshold: the sigmoid says how sure")
def hard_threshold(z):
    return (z >= 0) * 1.0


@mistake("sigmoid", hint="clipping the scores that tightly changes p: nobody is ever quite sure")
def clipped_scores(z):
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))


@mistake("sigmoid", hint="e to the 500 is too large for float32: use the other form, not a clip")
def clipped_too_wide(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@mistake("sigmoid", hint="clipping the probabilities changes them: a small p is still a p")
def clipped_probabilities(z):
    power = np.exp(-np.abs(z))
    return np.clip(np.where(z >= 0, 1, power) / (1 + power), 1e-7, 1 - 1e-7)


@mistake("sigmoid", hint="the base is e: a power of 2 grows more slowly")
def base_two(z):
    power = 2.0 ** -np.abs(z)
    return np.where(z >= 0, 1, power) / (1 + power)


@mistake("sigmoid", hint="`if z >= 0` asks one number, but z is an array: use a mask or np.where")
def one_question_for_all(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


@mistake("sigmoid", hint="the result has the format of integer scores, so fractions became 0")
def integer_result(z):
    result = np.zeros_like(z)
    result[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    power = np.exp(z[z < 0])
    result[z < 0] = power / (1 + power)
    return result


@mistake("sigmoid", hint="you change the array of the caller: work on a copy")
def changes_its_input(z):
    low = z < 0
    z[low] = -z[low]
    power = np.exp(-z)
    return np.where(low, power, 1) / (1 + power)


@mistake("sigmoid", hint="the format changed: float32 should stay float32")
def always_double(z):
    power = np.exp(-np.abs(z.astype(np.float64)))
    return np.where(z >= 0, 1, power) / (1 + power)


@mistake("sigmoid", hint="NaN must stay NaN: hiding it hides a mistake")
def hides_nan(z):
    power = np.exp(-np.abs(z))
    return np.nan_to_num(np.where(z >= 0, 1, power) / (1 + power))


@mistake("sigmoid", hint="that divides by the sum over all scores: each score stands alone here")
def shares_of_all(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum()


@mistake("sigmoid", hint="that is its logarithm: give the probability itself")
def its_logarithm(z):
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))


@mistake("sigmoid", hint="that is the slope of the sigmoid: the next question asks for it")
def its_slope(z):
    power = np.exp(-np.abs(z))
    return power / (1 + power) ** 2


@mistake(
    "sigmoid",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def sigmoid_not_returned(z):
    power = np.exp(-np.abs(z))  # noqa: F841


@mistake("sigmoid_grad", hint="a has been through the sigmoid already: do not take it again")
def squeezed_twice(a):
    return sigmoid(a) * (1 - sigmoid(a))


@mistake("sigmoid_grad", hint="the sign between 1 and a: at the ends the slope vanishes")
def one_plus(a):
    return a * (1 + a)


@mistake("sigmoid_grad", hint="that is the slope of tanh")
def slope_of_tanh(a):
    return 1 - a**2


@mistake("sigmoid_grad", hint="the sign is turned: the sigmoid rises everywhere")
def falling(a):
    return a * (a - 1)


@mistake("sigmoid_grad", hint="that is the other probability: multiply it by a")
def only_one_minus(a):
    return 1 - a


@mistake("sigmoid_grad", hint="that undoes the sigmoid: it is the slope of the way back")
def slope_of_the_inverse(a):
    with np.errstate(divide="ignore"):
        return 1 / (a * (1 - a))


@mistake("sigmoid_grad", hint="a appears once in front, not squared")
def squared(a):
    return a**2 * (1 - a)


@mistake("sigmoid_grad", hint="you change the array of the caller: *= writes into it")
def grad_in_place(a):
    other = 1 - a
    a *= other
    return a


@mistake("sigmoid_grad", hint="1 - a loses nothing, but a slope of 0 must stay 0: add no epsilon")
def never_zero(a):
    return a * (1 - a) + 1e-8


@mistake(
    "sigmoid_grad",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def grad_not_returned(a):
    slope = a * (1 - a)  # noqa: F841


@mistake("softsign", hint="brackets: x / 1 + ... divides by 1 first")
def sign_brackets(x):
    return x / 1 + np.abs(x)


@mistake("softsign", hint="below the line stands the size of x: for negative x you divide by less")
def size_forgotten(x):
    with np.errstate(divide="ignore"):
        return x / (1 + x)


@mistake("softsign", hint="that is the hard sign: its soft twin grows slowly")
def hard_sign(x):
    return np.sign(x)


@mistake("softsign", hint="tanh is a soft sign as well, but not this one")
def tanh_instead(x):
    return np.tanh(x)


@mistake("softsign", hint="the size above the line as well: the sign is lost")
def sign_lost(x):
    return np.abs(x) / (1 + np.abs(x))


@mistake("softsign", hint="with the square root it is another curve: the size is enough")
def with_a_root(x):
    return x / np.hypot(1, x)


@mistake("softsign", hint="without the 1 only the hard sign is left, and 0 / 0 at zero")
def one_forgotten(x):
    return x / np.maximum(np.abs(x), 1e-12)


@mistake("softsign", hint="clipping makes corners: between -1 and 1 the curve is not x itself")
def clipped(x):
    return np.clip(x, -1.0, 1.0)


@mistake("softsign", hint="you change the array of the caller: /= writes into it")
def sign_in_place(x):
    size = 1 + np.abs(x)
    if x.dtype.kind == "f":
        x /= size
        return x
    return x / size


@mistake("softsign", hint="// drops everything behind the point: use /")
def whole_division(x):
    return x // (1 + np.abs(x))


@mistake(
    "softsign",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def sign_not_returned(x):
    soft = x / (1 + np.abs(x))  # noqa: F841


@mistake("softmax", hint="cold scores overflow: subtract the highest score of the row first")
def overflows(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp(z / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="one highest score for the whole batch: take it of each row")
def one_maximum(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((z - z.max()) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="you divide by the sum of the whole batch: each row sums to 1 on its own")
def one_sum(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum()


@mistake("softmax", hint="the sums lost their axis: keepdims=True")
def keepdims_lost(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1)


@mistake("softmax", hint="maximum and sums both lost their axis: keepdims=True, twice")
def keepdims_lost_twice(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    z = z / temperature
    powers = np.exp(z - z.max(axis=-1))
    return powers / powers.sum(axis=-1)


@mistake("softmax", hint="the first axis is the batch: the classes lie on the last")
def first_axis(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((z - z.max(axis=0, keepdims=True)) / temperature)
    return powers / powers.sum(axis=0, keepdims=True)


@mistake("softmax", hint="axis 1 is the last one only in a matrix: write -1")
def axis_one(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((z - z.max(axis=1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


@mistake("softmax", hint="the temperature is never used")
def ignores_temperature(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="you multiply by the temperature: dividing by it makes cold decided")
def multiplies(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((z - z.max(axis=-1, keepdims=True)) * temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="the temperature divides the scores, not the probabilities")
def divides_probabilities(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) / temperature


@mistake("softmax", hint="the same scores above and below the line: divide them by T in both")
def only_above_the_line(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    behind = z - z.max(axis=-1, keepdims=True)
    return np.exp(behind / temperature) / np.exp(behind).sum(axis=-1, keepdims=True)


@mistake("softmax", hint="that is the hard twin: the loser's share is not 0 while it is warm")
def hard_winner(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return (z == z.max(axis=-1, keepdims=True)) * 1.0


@mistake("softmax", hint="a temperature that is not above 0 must raise ValueError")
def accepts_anything(z, temperature):
    with np.errstate(all="ignore"):
        powers = np.exp((z - z.max(axis=-1, keepdims=True)) / np.float64(temperature))
        return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="0 is not above 0: it must raise ValueError, too")
def accepts_zero(z, temperature):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    with np.errstate(all="ignore"):
        powers = np.exp((z - z.max(axis=-1, keepdims=True)) / np.float64(temperature))
        return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="the exponential is missing: that only stretches the scores to 0 and 1")
def stretched(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    low, high = z.min(axis=-1, keepdims=True), z.max(axis=-1, keepdims=True)
    return (z - low) / np.maximum(high - low, 1e-12)


@mistake("softmax", hint="exponentials that are not divided by their sum are no probabilities")
def not_divided(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return np.exp((z - z.max(axis=-1, keepdims=True)) / temperature)


@mistake("softmax", hint="a floor under the temperature is wrong for every T below it")
def floor_under_temperature(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((z - z.max(axis=-1, keepdims=True)) / max(temperature, 1e-3))
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="-= changes the array of the caller: make a new one")
def softmax_in_place(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    z -= z.max(axis=-1, keepdims=True)
    powers = np.exp(z / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="the base is e: a power of 2 grows more slowly")
def powers_of_two(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = 2.0 ** ((z - z.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake(
    "softmax", hint="above the lowest score the others can still be huge: subtract the highest"
)
def above_the_lowest(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((z - z.min(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="the sigmoid judges each score alone: softmax shares between them")
def sigmoid_of_each(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return sigmoid(z / temperature)


@mistake(
    "softmax",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def softmax_not_returned(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")


@mistake(
    "soft_rank", hint="each number also meets itself, and gets a half too much: the others only"
)
def counts_itself(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return 1 + sigmoid((x[..., :, None] - x[..., None, :]) / temperature).sum(axis=-1)


@mistake("soft_rank", hint="rank 1 is the smallest: your ranks start below 1")
def starts_at_zero(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return sigmoid((x[..., :, None] - x[..., None, :]) / temperature).sum(axis=-1) - 0.5


@mistake(
    "soft_rank", hint="all wins are there, but neither is the 1 nor the half against itself right"
)
def only_the_sum(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return sigmoid((x[..., :, None] - x[..., None, :]) / temperature).sum(axis=-1)


@mistake("soft_rank", hint="the order is turned: rank 1 belongs to the smallest number")
def largest_first(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return 0.5 + sigmoid((x[..., None, :] - x[..., :, None]) / temperature).sum(axis=-1)


@mistake("soft_rank", hint="you sum over the wrong axis of the pairs: that counts the losses")
def sums_the_other_axis(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    ahead = x[..., :, None] - x[..., None, :]
    return 1 + sigmoid(ahead / temperature).sum(axis=-2)


@mistake("soft_rank", hint="the temperature is never used")
def rank_ignores_temperature(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return 0.5 + sigmoid((x[..., :, None] - x[..., None, :]) * 1.0).sum(axis=-1)


@mistake("soft_rank", hint="you multiply by the temperature: divide the differences by it")
def rank_multiplies(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return 0.5 + sigmoid((x[..., :, None] - x[..., None, :]) * temperature).sum(axis=-1)


@mistake("soft_rank", hint="those are hard ranks: count how clearly each of the others is beaten")
def hard_ranks(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return x.argsort(axis=-1).argsort(axis=-1) + 1.0


@mistake(
    "soft_rank", hint="argsort says who stands at a place: a rank says at which place one stands"
)
def sorted_once(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return x.argsort(axis=-1) + 1.0


@mistake("soft_rank", hint="the sigmoid overflows for clear wins: use your stable one")
def unstable(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    ahead = (x[..., :, None] - x[..., None, :]) / temperature
    return 0.5 + (1 / (1 + np.exp(-ahead))).sum(axis=-1)


@mistake("soft_rank", hint="rows of a batch are ranked each on its own: pair the last axis only")
def mixes_rows(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    ahead = x[:, None] - x[None, :]
    return 0.5 + sigmoid(ahead / temperature).sum(axis=1)


@mistake("soft_rank", hint="ranks run from 1 to n: you divided them by their number")
def mean_of_wins(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    ahead = x[..., :, None] - x[..., None, :]
    return (0.5 + sigmoid(ahead / temperature).sum(axis=-1)) / x.shape[-1]


@mistake(
    "soft_rank", hint="softmax shares one win among all: here each pair has its own comparison"
)
def shares_of_softmax(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    powers = np.exp((x - x.max(axis=-1, keepdims=True)) / temperature)
    return 1 + (x.shape[-1] - 1) * powers / powers.sum(axis=-1, keepdims=True)


@mistake(
    "soft_rank", hint="softsign runs from -1 to 1: a win counts between 0 and 1, by the sigmoid"
)
def with_softsign(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    ahead = (x[..., :, None] - x[..., None, :]) / temperature
    return 1 + (ahead / (1 + np.abs(ahead))).sum(axis=-1)


@mistake("soft_rank", hint="a temperature that is not above 0 must raise ValueError")
def rank_accepts_anything(x, temperature):
    with np.errstate(all="ignore"):
        ahead = (x[..., :, None] - x[..., None, :]) / np.float64(temperature)
        return 0.5 + sigmoid(ahead).sum(axis=-1)


@mistake("soft_rank", hint="0 is not above 0: it must raise ValueError, too")
def rank_accepts_zero(x, temperature):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    with np.errstate(all="ignore"):
        ahead = (x[..., :, None] - x[..., None, :]) / np.float64(temperature)
        return 0.5 + sigmoid(ahead).sum(axis=-1)


@mistake("soft_rank", hint="a floor under the temperature is wrong for every T below it")
def rank_floor_under_temperature(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    ahead = x[..., :, None] - x[..., None, :]
    return 0.5 + sigmoid(ahead / max(temperature, 1e-3)).sum(axis=-1)


@mistake("soft_rank", hint="equal numbers share the mean of their ranks: > alone leaves ties out")
def counts_clear_wins(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    return 1.0 + (x[..., :, None] > x[..., None, :]).sum(axis=-1)


@mistake("soft_rank", hint="every pair counts: you compare neighbours only")
def neighbours_only(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    before = np.roll(x, 1, axis=-1)
    after = np.roll(x, -1, axis=-1)
    return 1 + sigmoid((x - before) / temperature) + sigmoid((x - after) / temperature)


@mistake(
    "soft_rank",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def rank_not_returned(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
