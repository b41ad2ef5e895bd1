"""Wrong answers that students really write, each with the hint that it deserves.

Each function is read and run alone, with NumPy as `np` and a right softmax and log-sum-exp. A hint
names the idea and never a number of the answer. Longer than other files: it is a list of cases.
"""

import numpy as np

from autograder.probe import mistake


def softmax(z, axis=-1):
    """The right softmax, for answers below that build on it; in a notebook it is the student's."""
    with np.errstate(invalid="ignore"):
        powers = np.exp(z - z.max(axis=axis, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True)


def log_sum_exp(z, axis=-1):
    """The right log-sum-exp, likewise."""
    highest = z.max(axis=axis, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0)
    with np.errstate(divide="ignore"):
        logs = highest + np.log(np.exp(z - highest).sum(axis=axis, keepdims=True))
    return logs.squeeze(axis=axis)


@mistake("shapes", hint="(n) is just the number n: a tuple of one length is written with a comma")
def no_comma(batch, classes):
    return {
        "scores": classes,
        "probabilities": classes,
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": batch,
        "batch_column": (batch, 1),
        "winners": batch,
    }


@mistake("shapes", hint="a single number has no axis at all: a vector of length 1 is not a scalar")
def scalar_as_vector(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (1,),
        "temperature": (1,),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (batch,),
        "batch_column": (batch, 1),
        "winners": (batch,),
    }


@mistake("shapes", hint="batch first, classes last: each row of Z is one example")
def classes_first(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (),
        "temperature": (),
        "batch_scores": (classes, batch),
        "batch_probabilities": (classes, batch),
        "batch_totals": (batch,),
        "batch_column": (batch, 1),
        "winners": (batch,),
    }


@mistake("shapes", hint="a sum of each row leaves one number for each row: which axis disappears?")
def sums_of_columns(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (classes,),
        "batch_column": (1, classes),
        "winners": (batch,),
    }


@mistake("shapes", hint="keepdims=True keeps the summed axis in its place, with length 1")
def keepdims_dropped(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (batch,),
        "batch_column": (batch,),
        "winners": (batch,),
    }


@mistake("shapes", hint="keepdims=True keeps every axis in its place: the batch axis stays first")
def row_for_column(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (batch,),
        "batch_column": (1, batch),
        "winners": (batch,),
    }


@mistake("shapes", hint="softmax gives a probability to every class, so it gives a vector back")
def one_probability(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch,),
        "batch_totals": (batch,),
        "batch_column": (batch, 1),
        "winners": (batch,),
    }


@mistake("shapes", hint="a winner is the number of one class: how many such numbers for a batch?")
def winners_as_rows(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (batch,),
        "batch_column": (batch, 1),
        "winners": (batch, classes),
    }


@mistake("shapes", hint="write the lengths with batch and classes: other sizes will be asked too")
def sizes_fixed(batch, classes):
    return {
        "scores": (3,),
        "probabilities": (3,),
        "total": (),
        "temperature": (),
        "batch_scores": (4, 3),
        "batch_probabilities": (4, 3),
        "batch_totals": (4,),
        "batch_column": (4, 1),
        "winners": (4,),
    }


@mistake("shapes", hint="each example has a sum of its own: the batch axis must survive the sum")
def one_total_for_all(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (),
        "batch_column": (1, 1),
        "winners": (),
    }


@mistake("shapes", hint="one example alone has no batch axis: its scores are a vector")
def scores_as_rows(batch, classes):
    return {
        "scores": (1, classes),
        "probabilities": (1, classes),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (batch,),
        "batch_column": (batch, 1),
        "winners": (batch,),
    }


@mistake("shapes", hint="a shape is a tuple, in round brackets: Z.shape is never equal to a list")
def lists_for_tuples(batch, classes):
    return {
        "scores": [classes],
        "probabilities": [classes],
        "total": [],
        "temperature": [],
        "batch_scores": [batch, classes],
        "batch_probabilities": [batch, classes],
        "batch_totals": [batch],
        "batch_column": [batch, 1],
        "winners": [batch],
    }


@mistake("shapes", hint="the names of the docstring and no others: yours has one that is not there")
def one_name_too_many(batch, classes):
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
        "batch_winners": (batch,),
    }


@mistake("shapes", hint="keepdims=True keeps as many axes as before, each in its place: count them")
def column_like_scores(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": (),
        "temperature": (),
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (batch,),
        "batch_column": (batch, classes),
        "winners": (batch,),
    }


@mistake(
    "shapes",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def table_not_returned(batch, classes):
    table = {"scores": (classes,), "batch_scores": (batch, classes)}  # noqa: F841


@mistake("shapes", hint="a single number has no axis: its shape is a tuple too, an empty one")
def number_for_no_axes(batch, classes):
    return {
        "scores": (classes,),
        "probabilities": (classes,),
        "total": 1,
        "temperature": 1,
        "batch_scores": (batch, classes),
        "batch_probabilities": (batch, classes),
        "batch_totals": (batch,),
        "batch_column": (batch, 1),
        "winners": (batch,),
    }


@mistake("shapes", hint="give the tuples themselves: in quotation marks they are only text")
def texts_for_tuples(batch, classes):
    return {
        "scores": f"({classes},)",
        "probabilities": f"({classes},)",
        "total": "()",
        "temperature": "()",
        "batch_scores": f"({batch}, {classes})",
        "batch_probabilities": f"({batch}, {classes})",
        "batch_totals": f"({batch},)",
        "batch_column": f"({batch}, 1)",
        "winners": f"({batch},)",
    }


@mistake("normalise", hint="each row needs its own sum: along which axis do you add?")
def shares_of_everything(z):
    return z / z.sum()


@mistake("normalise", hint="the row sums lost an axis: keep it, so that they stand beside the rows")
def shares_without_keepdims(z):
    return z / z.sum(axis=-1)


@mistake("normalise", hint="you add down the columns, as Python's sum does: take the last axis")
def shares_of_columns(z):
    return z / z.sum(axis=0, keepdims=True)


@mistake("normalise", hint="shares must sum to 1: divide by the sum, not by the largest score")
def shares_of_maximum(z):
    return z / z.max(axis=-1, keepdims=True)


@mistake("normalise", hint="dividing by the number of classes does not make the shares sum to 1")
def shares_of_count(z):
    return z / z.shape[-1]


@mistake("normalise", hint="the sum keeps its signs: no absolute values were asked for")
def shares_of_sizes(z):
    return z / np.abs(z).sum(axis=-1, keepdims=True)


@mistake("normalise", hint="nothing is to be repaired: let negative scores give negative shares")
def shares_clipped(z):
    positive = np.maximum(z, 0)
    return positive / positive.sum(axis=-1, keepdims=True)


@mistake("normalise", hint="you shift the scores first: normalising only divides, by the sum")
def shares_shifted(z):
    lifted = z - z.min(axis=-1, keepdims=True)
    return lifted / lifted.sum(axis=-1, keepdims=True)


@mistake("normalise", hint="divide by the sum of the scores, not by the length of the vector")
def shares_of_length(z):
    return z / np.sqrt((z * z).sum(axis=-1, keepdims=True))


@mistake("normalise", hint="no exponentials yet: this is the plain division of the formula")
def shares_of_powers(z):
    powers = np.exp(z)
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("normalise", hint="a small number in the denominator hides the division by zero; leave it")
def shares_with_epsilon(z):
    return z / (z.sum(axis=-1, keepdims=True) + 1e-6)


@mistake("normalise", hint="do not repair infinities or NaN: they tell the caller what went wrong")
def shares_repaired(z):
    return np.nan_to_num(z / z.sum(axis=-1, keepdims=True))


@mistake("normalise", hint="the result has no room for fractions: integers in, floats out")
def shares_in_place(z):
    shares = np.empty_like(z)
    shares[...] = z / z.sum(axis=-1, keepdims=True)
    return shares


@mistake(
    "normalise", hint="the caller's array is changed: make a new one with z / ..., not z /= ..."
)
def shares_over_input(z):
    total = z.sum(axis=-1, keepdims=True)
    np.divide(z, total, out=z, casting="unsafe")
    return z


@mistake(
    "normalise",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def shares_not_returned(z):
    shares = z / z.sum(axis=-1, keepdims=True)  # noqa: F841


@mistake("normalise", hint="rounding loses digits: give back what the division gives")
def shares_rounded(z):
    return np.round(z / z.sum(axis=-1, keepdims=True), 4)


@mistake("normalise", hint="float64 came in, but less precise numbers came back: keep the format")
def shares_single(z):
    return (z / z.sum(axis=-1, keepdims=True)).astype(np.float32)


@mistake("normalise", hint="do not refuse a zero sum: give what the division gives")
def shares_refuse_zero(z):
    total = z.sum(axis=-1, keepdims=True)
    if (total == 0).any():
        raise ValueError("the scores sum to zero")
    return z / total


@mistake(
    "normalise", hint="float16 keeps three digits only: leave the format as the division gives"
)
def shares_half(z):
    return (z / z.sum(axis=-1, keepdims=True)).astype(np.float16)


@mistake("normalise", hint="about right is not right: the shares of a row sum to 1, no factor more")
def shares_nearly(z):
    return (1.004 * z / z.sum(axis=-1, keepdims=True)).astype(np.float16)


@mistake("normalise", hint="a zero sum does not make every share NaN: leave that to the division")
def shares_nan_for_zero(z):
    total = z.sum(axis=-1, keepdims=True)
    return np.divide(z, total, out=np.full(z.shape, np.nan), where=total != 0)


@mistake("normalise", hint="your loop takes the first axis: with more axes the rows lie deeper")
def shares_row_by_row(z):
    return np.array([row / row.sum() for row in z]) if z.ndim > 1 else z / z.sum()


@mistake(
    "diagnose", hint="judge the shares, not the scores: a negative over a negative is positive"
)
def looks_at_scores(z):
    if z.sum() == 0:
        return "undefined"
    return "negative" if (z < 0).any() else "probabilities"


@mistake("diagnose", hint="shares between 0 and 1 can still be wrong: who got the larger one?")
def no_reversed(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    return "negative" if (z / total < 0).any() else "probabilities"


@mistake("diagnose", hint="what happens when you divide by a sum of zero? ask for that first")
def no_undefined(z):
    total = z.sum()
    if (z / total < 0).any():
        return "negative"
    return "reversed" if total < 0 else "probabilities"


@mistake("diagnose", hint="scores can sum to zero without being zero: look at the sum")
def undefined_only_for_zeros(z):
    total = z.sum()
    if not z.any():
        return "undefined"
    if total == 0 or (z / total < 0).any():
        return "negative"
    return "reversed" if total < 0 else "probabilities"


@mistake(
    "diagnose", hint="a sum below zero is not enough: first ask whether some share is negative"
)
def reversed_too_early(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    if total < 0:
        return "reversed"
    return "negative" if (z < 0).any() else "probabilities"


@mistake("diagnose", hint="a share of exactly zero is a fair probability, not a negative one")
def zero_is_negative(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    if (z / total <= 0).any():
        return "negative"
    return "reversed" if total < 0 else "probabilities"


@mistake("diagnose", hint="a sum of 1 alone proves little: look at the single shares too")
def sum_is_enough(z):
    total = z.sum()
    return "probabilities" if total != 0 and np.isclose((z / total).sum(), 1) else "undefined"


@mistake("diagnose", hint="the words are asked for as written in the docstring, in small letters")
def words_of_its_own(z):
    total = z.sum()
    if total == 0:
        return "Undefined"
    if (z / total < 0).any():
        return "Negative"
    return "Reversed" if total < 0 else "Probabilities"


@mistake("diagnose", hint="look at every share: any of them may be negative, not only the first")
def looks_at_first(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    if z[0] / total < 0:
        return "negative"
    return "reversed" if total < 0 else "probabilities"


@mistake("diagnose", hint="a single score of zero is harmless: only the sum decides")
def any_zero_is_undefined(z):
    total = z.sum()
    if total == 0 or (z == 0).any():
        return "undefined"
    if (z / total < 0).any():
        return "negative"
    return "reversed" if total < 0 else "probabilities"


@mistake("diagnose", hint="how many scores are below zero says little: compute the shares and look")
def counts_negatives(z):
    count = (z < 0).sum()
    if z.sum() == 0:
        return "undefined"
    if count == 0:
        return "probabilities"
    return "negative" if count == 1 else "reversed"


@mistake(
    "diagnose", hint="equal shares are no reversal: the higher score must get the *smaller* share"
)
def ties_are_reversed(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    shares = z / total
    if (shares < 0).any():
        return "negative"
    return "reversed" if shares[z.argmax()] <= shares[z.argmin()] else "probabilities"


@mistake("diagnose", hint="a sum below zero reverses unequal scores; is one higher than another?")
def equal_is_reversed(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    if (z / total < 0).any():
        return "negative"
    return "reversed" if total < 0 else "probabilities"


@mistake(
    "diagnose", hint="a small sum is not zero: dividing by it works, and the shares may be fine"
)
def small_is_undefined(z):
    total = z.sum()
    if abs(total) < 0.5:
        return "undefined"
    shares = z / total
    if (shares < 0).any():
        return "negative"
    return "reversed" if shares[z.argmax()] < shares[z.argmin()] else "probabilities"


@mistake("diagnose", hint="the first score alone does not tell whether the order is turned around")
def first_score_decides(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    if (z / total < 0).any():
        return "negative"
    return "reversed" if z[0] < 0 else "probabilities"


@mistake("diagnose", hint="the sum takes all scores: z[0] + z[1] is enough only when there are two")
def adds_two(z):
    total = z[0] + z[1]
    if total == 0:
        return "undefined"
    shares = z / total
    if (shares < 0).any():
        return "negative"
    return "reversed" if shares[z.argmax()] < shares[z.argmin()] else "probabilities"


@mistake("diagnose", hint="compare the highest score with the lowest: the first two may be equal")
def compares_first_two(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    shares = z / total
    if (shares < 0).any():
        return "negative"
    turned = (z[0] - z[1]) * (shares[0] - shares[1]) < 0
    return "reversed" if turned else "probabilities"


@mistake("diagnose", hint='"negative" means some share is below zero: any of them, not all of them')
def all_must_be_negative(z):
    total = z.sum()
    if total == 0:
        return "undefined"
    shares = z / total
    if (shares < 0).all():
        return "negative"
    return "reversed" if shares[z.argmax()] < shares[z.argmin()] else "probabilities"


@mistake(
    "diagnose",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def diagnosis_printed(z):
    shares = z / np.where(z.sum() == 0, 1, z.sum())
    word = "negative" if (shares < 0).any() else "probabilities"  # noqa: F841


@mistake("softmax", hint="e to a large score overflows: move the scores to a safe place first")
def no_maximum(z, axis=-1):
    powers = np.exp(z)
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="one maximum for the whole batch starves the small rows: one for each row")
def one_maximum_for_all(z, axis=-1):
    powers = np.exp(z - z.max(initial=-np.inf))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="each row must sum to 1 on its own: which axis did you sum over?")
def sums_over_everything(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum()


@mistake("softmax", hint="the row sums lost an axis: keep it, so that they stand beside the rows")
def keepdims_lost(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis)


@mistake("softmax", hint="the row maxima lost an axis: keep it, so that they stand beside the rows")
def keepdims_lost_in_maximum(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="maxima and sums both lost an axis: keep it, beside the rows, twice")
def keepdims_lost_twice(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis))
    return powers / powers.sum(axis=axis)


@mistake("softmax", hint="those are powers: divide them by their sum")
def never_divides(z, axis=-1):
    return np.exp(z - z.max(axis=axis, keepdims=True))


@mistake("softmax", hint="divide by the sum of the powers: by the largest they do not sum to 1")
def divides_by_maximum(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.max(axis=axis, keepdims=True)


@mistake("softmax", hint="the base of the powers is e: np.exp, not another base")
def base_two(z, axis=-1):
    powers = np.exp2(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="the highest score, not the largest size: far below zero they differ")
def maximum_of_sizes(z, axis=-1):
    powers = np.exp(z - np.abs(z).max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="clipping makes different scores equal: shift them instead")
def clips_scores(z, axis=-1):
    powers = np.exp(np.clip(z, -50, 50))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="the caller's array is changed: write z = z - ..., not z -= ...")
def changes_input(z, axis=-1):
    z -= z.max(axis=axis, keepdims=True)
    powers = np.exp(z)
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="the result has no room for fractions: integers in, floats out")
def integer_result(z, axis=-1):
    result = np.empty_like(z)
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    result[...] = powers / powers.sum(axis=axis, keepdims=True)
    return result


@mistake("softmax", hint="-inf means impossible: leave it in, its power is 0 by itself")
def mask_becomes_zero(z, axis=-1):
    finite = np.where(np.isneginf(z), 0, z)
    powers = np.exp(finite - finite.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="that is the hard choice: every class must keep some probability")
def hard_choice(z, axis=-1):
    chosen = z == z.max(axis=axis, keepdims=True)
    return chosen / chosen.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="one example has no axis 1: the classes are on the last axis")
def axis_one(z, axis=1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="you go down the columns: the classes are on the last axis by default")
def first_axis(z, axis=0):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="the axis that the caller names is never used")
def axis_ignored(z, axis=-1):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mistake("softmax", hint="stretching to 0 ... 1 is not softmax: where is the exponential?")
def stretched(z, axis=-1):
    low, high = z.min(axis=axis, keepdims=True), z.max(axis=axis, keepdims=True)
    scaled = (z - low) / (high - low)
    return scaled / scaled.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="squares are positive but lose the sign of the score: use the exponential")
def squares(z, axis=-1):
    return z * z / (z * z).sum(axis=axis, keepdims=True)


@mistake("softmax", hint="plain division cannot take negative scores: where is the exponential?")
def plain_division(z, axis=-1):
    return z / z.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="the highest score must get the highest probability: mind the sign")
def sign_flipped(z, axis=-1):
    powers = np.exp(z.min(axis=axis, keepdims=True) - z)
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="dividing scores by the maximum changes the answer: subtract it")
def scales_by_maximum(z, axis=-1):
    powers = np.exp(z / z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="after subtracting the mean, half of the scores are still above zero")
def subtracts_mean(z, axis=-1):
    powers = np.exp(z - z.mean(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="after subtracting the lowest score the others can still be huge")
def subtracts_minimum(z, axis=-1):
    powers = np.exp(z - z.min(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="shift the scores above and below the fraction bar, or it does not cancel")
def shifts_only_above(z, axis=-1):
    return np.exp(z - z.max(axis=axis, keepdims=True)) / np.exp(z).sum(axis=axis, keepdims=True)


@mistake("softmax", hint="the sum of the powers is at least 1: it needs no epsilon, which bends it")
def epsilon_below(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / (powers.sum(axis=axis, keepdims=True) + 1e-8)


@mistake("softmax", hint="NaN is the honest answer where there is none: do not replace it")
def hides_nan(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return np.nan_to_num(powers / powers.sum(axis=axis, keepdims=True))


@mistake("softmax", hint="a row of nothing but -inf has no distribution, not an even one: give NaN")
def invents_distribution(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    nothing = np.isneginf(z).all(axis=axis, keepdims=True)
    return np.where(nothing, 1 / z.shape[axis], powers / powers.sum(axis=axis, keepdims=True))


@mistake("softmax", hint="the caller's number format is lost: float32 in, float32 out")
def always_double(z, axis=-1):
    z = z.astype(np.float64)
    with np.errstate(invalid="ignore"):
        powers = np.exp(z - z.max(axis=axis, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="you cut the numbers down to float32, where small probabilities vanish")
def always_single(z, axis=-1):
    z = z.astype(np.float32)
    with np.errstate(invalid="ignore"):
        powers = np.exp(z - z.max(axis=axis, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="those are logarithms: probabilities lie between 0 and 1")
def gives_logarithms(z, axis=-1):
    shifted = z - z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@mistake("softmax", hint="the sigmoid judges each score alone: softmax makes the classes compete")
def sigmoid_of_each(z, axis=-1):
    return 1 / (1 + np.exp(-z))


@mistake("softmax", hint="rounding loses digits, and small probabilities become 0")
def rounds(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return np.round(powers / powers.sum(axis=axis, keepdims=True), 4)


@mistake("softmax", hint="a floor under the probabilities is not softmax: leave small ones small")
def floor_under(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return np.maximum(powers / powers.sum(axis=axis, keepdims=True), 1e-7)


@mistake("softmax", hint="your loop needs a batch: one example, or three axes, go wrong")
def loops_over_rows(z, axis=-1):
    result = []
    for row in z:
        powers = np.exp(row - row.max())
        result.append(powers / powers.sum())
    return np.array(result)


@mistake("softmax", hint="one example went in and a matrix came back: keep the shape of z")
def always_a_matrix(z, axis=-1):
    z = np.atleast_2d(z)
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="reshape(-1, 1) fits a matrix only: use keepdims=True")
def reshapes_sums(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis).reshape(-1, 1)


@mistake("softmax", hint="-inf minus -inf makes NumPy warn: the docstring promises silence")
def warns_about_nothing(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="give back an array of the shape of z, not a list")
def gives_a_list(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return (powers / powers.sum(axis=axis, keepdims=True)).tolist()


@mistake(
    "softmax",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def forgets_return(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    probabilities = powers / powers.sum(axis=axis, keepdims=True)  # noqa: F841


@mistake("softmax", hint="masked classes stay in the result, with probability 0: keep the shape")
def drops_masked(z, axis=-1):
    if z.ndim == 1:
        z = z[np.isfinite(z)]
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="you take the maximum down the columns: each row needs its own")
def maximum_of_columns(z, axis=-1):
    powers = np.exp(z - z.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake(
    "softmax", hint="a huge negative number for -inf makes a row of nothing look like a fair draw"
)
def mask_by_large_number(z, axis=-1):
    scores = np.where(np.isneginf(z), -1e9, z)
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="axes of length 1 belong to the shape: do not squeeze the result")
def squeezes_result(z, axis=-1):
    with np.errstate(invalid="ignore"):
        powers = np.exp(z - z.max(axis=axis, keepdims=True))
        return (powers / powers.sum(axis=axis, keepdims=True)).squeeze()


@mistake("softmax", hint="after the shift leave the low scores alone: a floor under them is felt")
def floor_under_scores(z, axis=-1):
    behind = np.maximum(z - z.max(axis=axis, keepdims=True), -50)
    powers = np.exp(behind)
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="e has more digits than 2.7: np.exp knows them all")
def base_rounded(z, axis=-1):
    powers = 2.7 ** (z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake(
    "softmax", hint="float16 keeps three digits only: compute and answer in the caller's format"
)
def always_half(z, axis=-1):
    with np.errstate(invalid="ignore"):
        powers = np.exp(z - z.max(axis=axis, keepdims=True))
        return (powers / powers.sum(axis=axis, keepdims=True)).astype(np.float16)


@mistake("softmax", hint="two at once: e has more digits than 2.7, and float16 keeps only three")
def base_rounded_in_half(z, axis=-1):
    powers = 2.7 ** (z - z.max(axis=axis, keepdims=True))
    return (powers / powers.sum(axis=axis, keepdims=True)).astype(np.float16)


@mistake("softmax", hint="Python's max knows no axis and no batch: z.max(axis=..., keepdims=True)")
def builtin_maximum(z, axis=-1):
    powers = np.exp(z - max(z))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake(
    "softmax", hint="Python's max and sum know no axis: use z.max and .sum, with keepdims=True"
)
def builtin_maximum_and_sum(z, axis=-1):
    powers = np.exp(z - max(z))
    return powers / sum(powers)


@mistake("softmax", hint="add the maximum and large scores get larger still: subtract it")
def adds_maximum(z, axis=-1):
    powers = np.exp(z + z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("softmax", hint="e goes on after 2.71828: far below the highest score the rest is felt")
def base_of_six_digits(z, axis=-1):
    with np.errstate(invalid="ignore"):
        powers = np.asarray(2.71828, dtype=z.dtype) ** (z - z.max(axis=axis, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True)


@mistake(
    "softmax", hint="large scores cost log-sum-exp its last digits: shift, take powers, divide"
)
def by_log_sum_exp(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = highest + np.log(np.exp(z - highest).sum(axis=axis, keepdims=True))
        return np.exp(z - logs)


@mistake("log_sum_exp", hint="e to a large score overflows: move the scores to a safe place first")
def sum_overflows(z, axis=-1):
    return np.log(np.exp(z).sum(axis=axis))


@mistake("log_sum_exp", hint="you took the maximum away: it must be added back at the end")
def maximum_not_added(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    return np.log(np.exp(z - highest).sum(axis=axis))


@mistake("log_sum_exp", hint="the maximum comes back with a plus")
def maximum_taken_twice(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    return np.log(np.exp(z - highest).sum(axis=axis)) - highest.squeeze(axis)


@mistake("log_sum_exp", hint="the powers are added, not averaged")
def mean_inside(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    return np.log(np.exp(z - highest).mean(axis=axis)) + highest.squeeze(axis)


@mistake("log_sum_exp", hint="the row maxima lost an axis: keep it while you subtract them")
def maximum_loses_axis(z, axis=-1):
    highest = z.max(axis=axis)
    return np.log(np.exp(z - highest).sum(axis=axis)) + highest


@mistake("log_sum_exp", hint="-inf minus -inf is NaN: what should be subtracted when all is -inf?")
def infinite_maximum(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)


@mistake("log_sum_exp", hint="inf minus inf is NaN, and warns: what to subtract from such a row?")
def infinite_maximum_aloud(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    return np.log(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)


@mistake("log_sum_exp", hint="one maximum for the whole batch starves the small rows")
def one_maximum_for_batch(z, axis=-1):
    highest = z.max(initial=-np.inf)
    return np.log(np.exp(z - highest).sum(axis=axis)) + highest


@mistake("log_sum_exp", hint="the summed axis disappears: one number for each row, not a column")
def keeps_the_axis(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    return np.log(np.exp(z - highest).sum(axis=axis, keepdims=True)) + highest


@mistake("log_sum_exp", hint="each row has a sum of its own: one number for the batch is too few")
def one_number_for_all(z, axis=-1):
    highest = z.max(initial=-np.inf)
    return np.log(np.exp(z - highest).sum()) + highest


@mistake("log_sum_exp", hint="the maximum is only about right: the other scores count too")
def only_the_maximum(z, axis=-1):
    return z.max(axis=axis) * 1.0


@mistake("log_sum_exp", hint="the logarithm of a sum is not the sum of the logarithms")
def sum_of_logarithms(z, axis=-1):
    return np.log(np.exp(z)).sum(axis=axis)


@mistake("log_sum_exp", hint="natural logarithms, np.log: another base was used")
def logarithm_to_base_ten(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    return np.log10(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)


@mistake("log_sum_exp", hint="log1p adds another 1 to the sum: plain np.log is meant")
def one_too_many(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    return np.log1p(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)


@mistake("log_sum_exp", hint="the axis that the caller names is never used")
def sum_axis_ignored(z, axis=-1):
    highest = z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z - highest).sum(axis=-1)) + highest.squeeze(-1)


@mistake("log_sum_exp", hint="the caller's array is changed: write z = z - ..., not z -= ...")
def sum_changes_input(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    z -= highest
    return np.log(np.exp(z).sum(axis=axis)) + highest.squeeze(axis)


@mistake("log_sum_exp", hint="an epsilon inside the logarithm turns -inf into a lie")
def epsilon_inside(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0)
    return np.log(np.exp(z - highest).sum(axis=axis) + 1e-12) + highest.squeeze(axis)


@mistake(
    "log_sum_exp", hint="the answer for -inf is right, but it warns: promise kept by np.errstate"
)
def warns_about_log_zero(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0)
    return np.log(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)


@mistake("log_sum_exp", hint="NaN and infinities are answers here: do not replace them")
def sum_hides_nan(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)
    return np.nan_to_num(logs)


@mistake("log_sum_exp", hint="the caller's number format is lost: float32 in, float32 out")
def sum_always_double(z, axis=-1):
    z = z.astype(np.float64)
    highest = z.max(axis=axis, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)


@mistake("log_sum_exp", hint="the highest score, not the largest size: far below zero they differ")
def sum_of_largest_size(z, axis=-1):
    highest = np.abs(z).max(axis=axis, keepdims=True)
    return np.log(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)


@mistake(
    "log_sum_exp", hint="after subtracting the mean some scores are still above zero: overflow"
)
def sum_around_mean(z, axis=-1):
    middle = z.mean(axis=axis, keepdims=True)
    return np.log(np.exp(z - middle).sum(axis=axis)) + middle.squeeze(axis)


@mistake("log_sum_exp", hint="only the summed axis disappears: a batch of one stays a batch")
def squeezes_everything(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0)
    with np.errstate(divide="ignore"):
        return (highest + np.log(np.exp(z - highest).sum(axis=axis, keepdims=True))).squeeze()


@mistake("log_sum_exp", hint="a single number for one row only: a batch needs an array back")
def sum_as_number(z, axis=-1):
    highest = z.max(initial=-np.inf)
    return float(np.log(np.exp(z - highest).sum()) + highest)


@mistake(
    "log_sum_exp",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def sum_not_returned(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    logs = highest + np.log(np.exp(z - highest).sum(axis=axis))  # noqa: F841


@mistake(
    "log_sum_exp", hint="Python's max knows no axis and no batch: z.max(axis=..., keepdims=True)"
)
def builtin_maximum_inside(z, axis=-1):
    highest = max(z)
    return np.log(np.exp(z - highest).sum(axis=axis)) + highest


@mistake("log_sum_exp", hint="after subtracting the lowest score the others can still be huge")
def sum_above_minimum(z, axis=-1):
    lowest = z.min(axis=axis, keepdims=True)
    return np.log(np.exp(z - lowest).sum(axis=axis)) + lowest.squeeze(axis)


@mistake("log_sum_exp", hint="that is the sum of the powers: its logarithm was asked for")
def sum_without_logarithm(z, axis=-1):
    return np.exp(z).sum(axis=axis)


@mistake(
    "log_sum_exp", hint="only a row of nothing but -inf gives -inf: NaN and +inf stay themselves"
)
def nan_becomes_nothing(z, axis=-1):
    highest = z.max(axis=axis, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(np.exp(z - highest).sum(axis=axis)) + highest.squeeze(axis)
    return np.where(np.isnan(logs), -np.inf, logs).astype(logs.dtype)


@mistake("log_softmax", hint="never take the logarithm of a softmax: its 0 becomes -inf")
def log_of_softmax(z, axis=-1):
    with np.errstate(divide="ignore"):
        return np.log(softmax(z, axis))


@mistake("log_softmax", hint="the logarithm of a probability that became 0 is -inf: never form it")
def log_of_softmax_aloud(z, axis=-1):
    return np.log(softmax(z, axis))


@mistake("log_softmax", hint="an epsilon stops the crash, but small probabilities come out wrong")
def log_with_epsilon(z, axis=-1):
    return np.log(softmax(z, axis) + 1e-12)


@mistake("log_softmax", hint="clipping the probability puts a floor under its logarithm")
def log_of_clipped(z, axis=-1):
    return np.log(np.clip(softmax(z, axis), 1e-7, 1.0))


@mistake("log_softmax", hint="subtracting the maximum is only half: log-sum-exp is missing")
def only_shifted(z, axis=-1):
    return z - z.max(axis=axis, keepdims=True)


@mistake("log_softmax", hint="the log-sum-exp of each row lost its axis: put it beside its row")
def logs_lose_axis(z, axis=-1):
    with np.errstate(invalid="ignore"):
        return z - log_sum_exp(z, axis)


@mistake("log_softmax", hint="e to a large score overflows: shift first, or use your log_sum_exp")
def logs_overflow(z, axis=-1):
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


@mistake("log_softmax", hint="one maximum for the whole batch starves the small rows")
def logs_share_a_maximum(z, axis=-1):
    highest = z.max(initial=-np.inf)
    return z - highest - np.log(np.exp(z - highest).sum(axis=axis, keepdims=True))


@mistake("log_softmax", hint="after a shift the log-sum-exp must be of the shifted scores as well")
def shifts_one_side(z, axis=-1):
    with np.errstate(invalid="ignore"):
        shifted = z - z.max(axis=axis, keepdims=True)
        return shifted - np.expand_dims(log_sum_exp(z, axis), axis)


@mistake("log_softmax", hint="each row has a log-sum-exp of its own: yours is one for all")
def logs_of_everything(z, axis=-1):
    highest = z.max(initial=-np.inf)
    return z - highest - np.log(np.exp(z - highest).sum())


@mistake("log_softmax", hint="a logarithm turns the division into a subtraction")
def divides_logs(z, axis=-1):
    return z / np.expand_dims(log_sum_exp(z, axis), axis)


@mistake("log_softmax", hint="the logarithm of a probability is never above 0: mind the sign")
def negative_logs(z, axis=-1):
    with np.errstate(invalid="ignore"):
        return np.expand_dims(log_sum_exp(z, axis), axis) - z


@mistake("log_softmax", hint="natural logarithms, np.log: another base was used")
def logs_to_base_two(z, axis=-1):
    with np.errstate(invalid="ignore"):
        return (z - np.expand_dims(log_sum_exp(z, axis), axis)) / np.log(2)


@mistake("log_softmax", hint="those are probabilities: their logarithm was asked for")
def gives_probabilities(z, axis=-1):
    return softmax(z, axis)


@mistake("log_softmax", hint="the axis that the caller names is never used")
def log_axis_ignored(z, axis=-1):
    with np.errstate(invalid="ignore"):
        return z - np.expand_dims(log_sum_exp(z, -1), -1)


@mistake("log_softmax", hint="the caller's array is changed: write z = z - ..., not z -= ...")
def log_changes_input(z, axis=-1):
    z -= z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


@mistake("log_softmax", hint="-inf means impossible, and its logarithm is -inf: leave it in")
def log_mask_becomes_zero(z, axis=-1):
    finite = np.where(np.isneginf(z), 0, z)
    return finite - np.expand_dims(log_sum_exp(finite, axis), axis)


@mistake("log_softmax", hint="NaN and -inf are honest answers: do not replace them")
def log_hides_nan(z, axis=-1):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(z - np.expand_dims(log_sum_exp(z, axis), axis))


@mistake("log_softmax", hint="-inf minus -inf makes NumPy warn: the docstring promises silence")
def log_warns_about_nothing(z, axis=-1):
    return z - np.expand_dims(log_sum_exp(z, axis), axis)


@mistake("log_softmax", hint="the caller's number format is lost: float32 in, float32 out")
def log_always_double(z, axis=-1):
    z = z.astype(np.float64)
    with np.errstate(invalid="ignore"):
        return z - np.expand_dims(log_sum_exp(z, axis), axis)


@mistake("log_softmax", hint="put the log-sum-exp back on the axis that it came from")
def logs_on_last_axis(z, axis=-1):
    with np.errstate(invalid="ignore"):
        return z - log_sum_exp(z, axis)[..., None]


@mistake("log_softmax", hint="a floor under the logarithm hides how wrong an answer is")
def floor_under_logs(z, axis=-1):
    with np.errstate(invalid="ignore"):
        return np.maximum(z - np.expand_dims(log_sum_exp(z, axis), axis), -100)


@mistake(
    "log_softmax", hint="a probability below e to the -708 has lost digits: no logarithm finds them"
)
def patched_where_zero(z, axis=-1):
    p = softmax(z, axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, np.log(p), z - z.max(axis=axis, keepdims=True))


@mistake("log_softmax", hint="even where p is 0, the score lies below log-sum-exp, not the maximum")
def patched_where_tiny(z, axis=-1):
    p = softmax(z, axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 1e-300, np.log(p), z - z.max(axis=axis, keepdims=True))


@mistake(
    "log_softmax", hint="Python's max knows no axis and no batch: z.max(axis=..., keepdims=True)"
)
def builtin_maximum_of_logs(z, axis=-1):
    shifted = z - max(z)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@mistake("log_softmax", hint="after subtracting the lowest score the others can still be huge")
def logs_above_minimum(z, axis=-1):
    shifted = z - z.min(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@mistake(
    "log_softmax",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def logs_not_returned(z, axis=-1):
    logs = z - np.expand_dims(log_sum_exp(z, axis), axis)  # noqa: F841


@mistake(
    "prediction", hint="exchange the two words: what cancels in a ratio, what in a difference?"
)
def words_exchanged():
    return {
        "normalise": "multiply",
        "softmax": "add",
        "log_softmax": "add",
        "log_sum_exp": "both",
        "argmax": "neither",
    }


@mistake("prediction", hint="a constant added to all scores does change their shares: try [1, 2]")
def normalise_never_moves():
    return {
        "normalise": "neither",
        "softmax": "multiply",
        "log_softmax": "multiply",
        "log_sum_exp": "both",
        "argmax": "neither",
    }


@mistake("prediction", hint="for normalise: a common factor stands above and below the bar")
def normalise_always_moves():
    return {
        "normalise": "both",
        "softmax": "multiply",
        "log_softmax": "multiply",
        "log_sum_exp": "both",
        "argmax": "neither",
    }


@mistake("prediction", hint="for softmax: adding c multiplies every power by the same factor")
def softmax_always_moves():
    return {
        "normalise": "add",
        "softmax": "both",
        "log_softmax": "both",
        "log_sum_exp": "both",
        "argmax": "neither",
    }


@mistake("prediction", hint="for softmax: multiplying scales the gaps between scores; look again")
def softmax_never_moves():
    return {
        "normalise": "add",
        "softmax": "neither",
        "log_softmax": "neither",
        "log_sum_exp": "both",
        "argmax": "neither",
    }


@mistake("prediction", hint="if softmax stays the same, what does its logarithm do?")
def logarithm_moves_more():
    return {
        "normalise": "add",
        "softmax": "multiply",
        "log_softmax": "both",
        "log_sum_exp": "both",
        "argmax": "neither",
    }


@mistake("prediction", hint="log-sum-exp is a soft maximum: what does adding c do to a maximum?")
def log_sum_exp_like_softmax():
    return {
        "normalise": "add",
        "softmax": "multiply",
        "log_softmax": "multiply",
        "log_sum_exp": "multiply",
        "argmax": "neither",
    }


@mistake("prediction", hint="log-sum-exp is a soft maximum: does a maximum ignore a factor?")
def log_sum_exp_only_adds():
    return {
        "normalise": "add",
        "softmax": "multiply",
        "log_softmax": "multiply",
        "log_sum_exp": "add",
        "argmax": "neither",
    }


@mistake("prediction", hint="argmax asks who is first, not by how much: does a factor change that?")
def argmax_moves_by_factor():
    return {
        "normalise": "add",
        "softmax": "multiply",
        "log_softmax": "multiply",
        "log_sum_exp": "both",
        "argmax": "multiply",
    }


@mistake("prediction", hint="argmax gives the place of the highest score, not the score itself")
def argmax_is_maximum():
    return {
        "normalise": "add",
        "softmax": "multiply",
        "log_softmax": "multiply",
        "log_sum_exp": "both",
        "argmax": "both",
    }


@mistake("prediction", hint="not everything moves: in each formula, look for what cancels")
def everything_moves():
    names = ("normalise", "softmax", "log_softmax", "log_sum_exp", "argmax")
    return dict.fromkeys(names, "both")


@mistake("prediction", hint="the words are asked for as written in the docstring, in small letters")
def words_with_capitals():
    return {
        "normalise": "Add",
        "softmax": "Multiply",
        "log_softmax": "Multiply",
        "log_sum_exp": "Both",
        "argmax": "Neither",
    }


@mistake(
    "prediction",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def prediction_not_returned():
    table = {"normalise": "add", "softmax": "multiply"}  # noqa: F841


@mistake("prediction", hint="the names are asked for as written in the docstring, with underscores")
def names_of_its_own():
    return {
        "normalise": "add",
        "softmax": "multiply",
        "log-softmax": "multiply",
        "log-sum-exp": "both",
        "argmax": "neither",
    }


@mistake("prediction", hint="one word for each, as text: two changes have a word of their own")
def lists_for_words():
    return {
        "normalise": ["add"],
        "softmax": ["multiply"],
        "log_softmax": ["multiply"],
        "log_sum_exp": ["add", "multiply"],
        "argmax": [],
    }


@mistake(
    "verify", hint="floats that went through different roundings are never ==: use np.allclose"
)
def compares_exactly(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        added = np.any(function(z + c) != function(z))
        multiplied = np.any(function(z * k) != function(z))
        result[name] = words[int(added), int(multiplied)]
    return result


@mistake("verify", hint="a sum can stay while its parts change: compare the whole output")
def compares_sums(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        added = not np.isclose(np.sum(function(z + c)), np.sum(function(z)))
        multiplied = not np.isclose(np.sum(function(z * k)), np.sum(function(z)))
        result[name] = words[added, multiplied]
    return result


@mistake("verify", hint="you compare the first entry only: the others may change")
def compares_first_entry(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        before = np.ravel(function(z))[0]
        added = not np.isclose(np.ravel(function(z + c))[0], before)
        multiplied = not np.isclose(np.ravel(function(z * k))[0], before)
        result[name] = words[added, multiplied]
    return result


@mistake("verify", hint="your comparison is too generous: small changes are changes too")
def compares_loosely(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        added = not np.allclose(function(z + c), function(z), atol=0.01)
        multiplied = not np.allclose(function(z * k), function(z), atol=0.01)
        result[name] = words[added, multiplied]
    return result


@mistake("verify", hint="use the c and the k that are given, not numbers of your own")
def constants_of_its_own(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        added = not np.allclose(function(z + 10), function(z))
        multiplied = not np.allclose(function(z * 10), function(z))
        result[name] = words[added, multiplied]
    return result


@mistake("verify", hint="z += c changes the array itself: use z + c, and start each time from z")
def experiment_changes_scores(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        before = function(z)
        z += c
        added = not np.allclose(function(z), before)
        z *= k
        multiplied = not np.allclose(function(z), before)
        result[name] = words[added, multiplied]
    return result


@mistake("verify", hint="one change at a time: multiply the original scores, not the shifted ones")
def changes_pile_up(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        added = not np.allclose(function(z + c), function(z))
        multiplied = not np.allclose(function((z + c) * k), function(z))
        result[name] = words[added, multiplied]
    return result


@mistake("verify", hint="you name the change that leaves the output alone: which one moves it?")
def names_what_keeps(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        added = np.allclose(function(z + c), function(z))
        multiplied = np.allclose(function(z * k), function(z))
        result[name] = words[added, multiplied]
    return result


@mistake(
    "verify", hint="you never say both: what if the first test is true and the second as well?"
)
def never_says_both(functions, z, c=3.0, k=2.0):
    result = {}
    for name, function in functions.items():
        if not np.allclose(function(z + c), function(z)):
            result[name] = "add"
        elif not np.allclose(function(z * k), function(z)):
            result[name] = "multiply"
        else:
            result[name] = "neither"
    return result


@mistake("verify", hint="the return stands inside the loop: only the first function is tried")
def returns_too_early(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        added = not np.allclose(function(z + c), function(z))
        multiplied = not np.allclose(function(z * k), function(z))
        result[name] = words[added, multiplied]
        return result


@mistake("verify", hint="one word for each function was asked for, as in prediction()")
def gives_pairs(functions, z, c=3.0, k=2.0):
    result = {}
    for name, function in functions.items():
        added = not np.allclose(function(z + c), function(z))
        multiplied = not np.allclose(function(z * k), function(z))
        result[name] = (added, multiplied)
    return result


@mistake("verify", hint="measure: the table must come from the functions that are given")
def repeats_prediction(functions, z, c=3.0, k=2.0):
    return {name: "multiply" if "softmax" in name else "both" for name in functions}


@mistake("verify", hint="you compare the largest entry only: the others may change")
def compares_maximum(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = {}
    for name, function in functions.items():
        added = not np.isclose(np.max(function(z + c)), np.max(function(z)))
        multiplied = not np.isclose(np.max(function(z * k)), np.max(function(z)))
        result[name] = words[added, multiplied]
    return result


@mistake(
    "verify",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def experiment_not_returned(functions, z, c=3.0, k=2.0):
    for function in functions.values():
        function(z), function(z + c), function(z * k)


@mistake("verify", hint="a word for each name, in a dict: a list does not say which function moved")
def gives_a_list_of_words(functions, z, c=3.0, k=2.0):
    words = {(0, 0): "neither", (1, 0): "add", (0, 1): "multiply", (1, 1): "both"}
    result = []
    for function in functions.values():
        added = not np.allclose(function(z + c), function(z))
        multiplied = not np.allclose(function(z * k), function(z))
        result.append(words[added, multiplied])
    return result


@mistake("tempered_softmax", hint="the temperature divides the scores, not the probabilities")
def divides_probabilities(z, temperature, axis=-1):
    return softmax(z, axis) / temperature


@mistake(
    "tempered_softmax", hint="cold must sharpen: do you divide by the temperature or multiply?"
)
def multiplies(z, temperature, axis=-1):
    return softmax(z * temperature, axis)


@mistake("tempered_softmax", hint="the temperature cancels: it must divide before the exponential")
def cancels_out(z, temperature, axis=-1):
    weights = softmax(z, axis) / temperature
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake(
    "tempered_softmax", hint="a power of a probability that became 0 stays 0: divide the scores"
)
def power_of_probabilities(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    powers = softmax(z, axis) ** (1 / temperature) if temperature else (behind == 0) * 1.0
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("tempered_softmax", hint="large temperatures are not infinite: only T = inf is the limit")
def infinite_too_early(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    if temperature > 1e4:
        return np.ones(z.shape) / z.shape[axis]
    powers = np.exp(behind / temperature) if temperature else (behind == 0) * 1.0
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake("tempered_softmax", hint="the temperature is never used")
def ignores_temperature(z, temperature, axis=-1):
    return softmax(z, axis)


@mistake(
    "tempered_softmax", hint="dividing by T = 0 gives NaN: take the limit as a case of its own"
)
def no_limit_at_zero(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    return softmax(behind / np.float64(temperature), axis)


@mistake("tempered_softmax", hint="T = 0 is allowed: it stands for the limit, not for an error")
def refuses_zero(z, temperature, axis=-1):
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    return softmax((z - z.max(axis=axis, keepdims=True)) / temperature, axis)


@mistake("tempered_softmax", hint="T = inf is allowed: it stands for the limit, all classes equal")
def refuses_infinity(z, temperature, axis=-1):
    if not 0 <= temperature < np.inf:
        raise ValueError("temperature must be finite")
    behind = z - z.max(axis=axis, keepdims=True)
    weights = (behind == 0) * 1.0 if temperature == 0 else np.exp(behind / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake(
    "tempered_softmax", hint="at T = 0, scores that are exactly equal must share: argmax picks one"
)
def first_winner_takes_all(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == 0:
        result = np.zeros(z.shape)
        np.put_along_axis(result, np.expand_dims(z.argmax(axis=axis), axis), 1.0, axis)
        return result
    return softmax((z - z.max(axis=axis, keepdims=True)) / temperature, axis)


@mistake(
    "tempered_softmax", hint="at T = 0 every winner gets 1, so the sum is too large: they share"
)
def winners_do_not_share(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    return (behind == 0) * 1.0 if temperature == 0 else softmax(behind / temperature, axis)


@mistake("tempered_softmax", hint="at T = 0 a vector is asked for, not the number of the winner")
def names_the_winner(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == 0:
        return z.argmax(axis=axis)
    return softmax((z - z.max(axis=axis, keepdims=True)) / temperature, axis)


@mistake("tempered_softmax", hint="a floor under the temperature is wrong for every T below it")
def floor_under_temperature(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    return softmax((z - z.max(axis=axis, keepdims=True)) / max(temperature, 1e-4), axis)


@mistake("tempered_softmax", hint="an epsilon added to T makes almost equal scores share at T = 0")
def epsilon_added(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    return softmax((z - z.max(axis=axis, keepdims=True)) / (temperature + 1e-9), axis)


@mistake(
    "tempered_softmax", hint="at T = 0 only exactly equal scores share: isclose is too generous"
)
def nearly_equal_share(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    weights = np.isclose(behind, 0) * 1.0 if temperature == 0 else np.exp(behind / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake("tempered_softmax", hint="a negative temperature would turn the order round: refuse it")
def accepts_negative(z, temperature, axis=-1):
    behind = z - z.max(axis=axis, keepdims=True)
    weights = (behind == 0) * 1.0 if temperature == 0 else np.exp(behind / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake("tempered_softmax", hint="a tiny T makes z / T overflow: subtract the highest score first")
def divides_first(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == 0:
        weights = (z == z.max(axis=axis, keepdims=True)) * 1.0
        return weights / weights.sum(axis=axis, keepdims=True)
    return softmax(z / temperature, axis)


@mistake("tempered_softmax", hint="at T = 0 each row has its own winner: you take one for all")
def one_winner_for_all(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == 0:
        weights = (z == z.max()) * 1.0
        return weights / weights.sum()
    return softmax((z - z.max(axis=axis, keepdims=True)) / temperature, axis)


@mistake("tempered_softmax", hint="at T = inf count the classes on their axis, not all the numbers")
def uniform_over_everything(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == np.inf:
        return np.full(z.shape, 1 / z.size)
    behind = z - z.max(axis=axis, keepdims=True)
    weights = (behind == 0) * 1.0 if temperature == 0 else np.exp(behind / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake("tempered_softmax", hint="the axis that the caller names is never used")
def tempered_axis_ignored(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=-1, keepdims=True)
    weights = (behind == 0) * 1.0 if temperature == 0 else np.exp(behind / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)


@mistake("tempered_softmax", hint="large scores overflow again: subtract the highest score first")
def tempered_overflow(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    weights = (z == z.max(axis=axis, keepdims=True)) * 1.0
    if temperature > 0:
        weights = np.exp(z / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake(
    "tempered_softmax", hint="a caller's wrong value is a ValueError, raised by name, no assert"
)
def asserts(z, temperature, axis=-1):
    assert temperature >= 0
    behind = z - z.max(axis=axis, keepdims=True)
    powers = np.exp(behind / temperature) if temperature else (behind == 0) * 1.0
    return powers / powers.sum(axis=axis, keepdims=True)


@mistake(
    "tempered_softmax", hint="below every floor under T lies a smaller gap: T = 0 is its own case"
)
def tiny_floor_under_temperature(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    return softmax((z - z.max(axis=axis, keepdims=True)) / max(temperature, 1e-12), axis)


@mistake("tempered_softmax", hint="a small T is not 0: only exactly 0 is the limit")
def zero_too_early(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    weights = (behind == 0) * 1.0 if temperature < 1e-8 else np.exp(behind / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake(
    "tempered_softmax", hint="Python's max has no axis and no batch: z.max(..., keepdims=True)"
)
def tempered_builtin_maximum(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - max(z)
    weights = (behind == 0) * 1.0 if temperature == 0 else np.exp(behind / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake(
    "tempered_softmax",
    hint="subtract the highest score: above the lowest, others can still be huge",
)
def tempered_above_minimum(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if temperature == 0:
        weights = (z == z.max(axis=axis, keepdims=True)) * 1.0
    else:
        weights = np.exp((z - z.min(axis=axis, keepdims=True)) / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake("tempered_softmax", hint="raise the error: a message that is returned stops nobody")
def returns_the_error(z, temperature, axis=-1):
    if temperature < 0:
        return ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    weights = (behind == 0) * 1.0 if temperature == 0 else np.exp(behind / temperature)
    return weights / weights.sum(axis=axis, keepdims=True)


@mistake(
    "tempered_softmax", hint="float64 came in, but less precise numbers came back: keep digits"
)
def tempered_single(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    weights = (behind == 0) * 1.0 if temperature == 0 else np.exp(behind / temperature)
    return (weights / weights.sum(axis=axis, keepdims=True)).astype(np.float32)


@mistake(
    "tempered_softmax",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def tempered_not_returned(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")


@mistake(
    "tempered_softmax", hint="a small number is no stand-in for T = 0: a gap can be smaller still"
)
def tiny_for_zero(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    behind = z - z.max(axis=axis, keepdims=True)
    return softmax(behind / (1e-100 if temperature == 0 else temperature), axis)


@mistake("smallest_probability", hint="a probability that became 0 was lost: do not count it")
def counts_zero(function, gaps):
    losers = [function(np.array([gap, 0.0], dtype=np.float32))[1] for gap in gaps]
    return float(np.nanmin(losers))


@mistake("smallest_probability", hint="one NaN spoils np.min: leave out what is not a number")
def spoiled_by_nan(function, gaps):
    losers = np.array([function(np.array([gap, 0.0], dtype=np.float32))[1] for gap in gaps])
    return float(np.min(losers[losers != 0]))


@mistake("smallest_probability", hint="the loser is the class with score 0: you look at the winner")
def looks_at_winner(function, gaps):
    winners = [function(np.array([gap, 0.0], dtype=np.float32))[0] for gap in gaps]
    return float(min(p for p in winners if p > 0))


@mistake("smallest_probability", hint="the scores must be float32: NumPy makes float64 by itself")
def double_precision(function, gaps):
    losers = [function(np.array([gap, 0.0]))[1] for gap in gaps]
    return float(min(p for p in losers if p > 0))


@mistake("smallest_probability", hint="a constant of the format is not measured: try the function")
def quotes_a_constant(function, gaps):
    return float(np.finfo(np.float32).tiny)


@mistake("smallest_probability", hint="you give back a gap: the probability was asked for")
def gives_the_gap(function, gaps):
    seen = [g for g in gaps if function(np.array([g, 0.0], dtype=np.float32))[1] > 0]
    return float(max(seen))


@mistake("smallest_probability", hint="you stop at the first 0: the gaps may come in any order")
def stops_at_zero(function, gaps):
    smallest = 1.0
    for gap in gaps:
        p = function(np.array([gap, 0.0], dtype=np.float32))[1]
        if not p > 0:
            break
        smallest = min(smallest, p)
    return float(smallest)


@mistake("smallest_probability", hint="the last one is not always the smallest: compare them all")
def keeps_the_last(function, gaps):
    losers = [function(np.array([gap, 0.0], dtype=np.float32))[1] for gap in gaps]
    return float([p for p in losers if p > 0][-1])


@mistake("smallest_probability", hint="you keep the largest: the smallest above zero was asked for")
def keeps_the_largest(function, gaps):
    losers = [function(np.array([gap, 0.0], dtype=np.float32))[1] for gap in gaps]
    return float(max(p for p in losers if p > 0))


@mistake("smallest_probability", hint="the scores are [gap, 0]: lowering the loser is another test")
def lowers_the_loser(function, gaps):
    losers = [function(np.array([0.0, -gap], dtype=np.float32))[1] for gap in gaps]
    return float(min(p for p in losers if p > 0))


@mistake("smallest_probability", hint="use the gaps that are given, not a range of your own")
def gaps_of_its_own(function, gaps):
    losers = [function(np.array([g, 0.0], dtype=np.float32))[1] for g in np.arange(0.0, 120.0)]
    return float(min(p for p in losers if p > 0))


@mistake("smallest_probability", hint="that is its logarithm: give the probability itself")
def gives_its_logarithm(function, gaps):
    losers = [function(np.array([gap, 0.0], dtype=np.float32))[1] for gap in gaps]
    return float(np.log(min(p for p in losers if p > 0)))


@mistake("smallest_probability", hint="every number above zero counts, the tiniest of all as well")
def threshold_too_high(function, gaps):
    losers = [function(np.array([gap, 0.0], dtype=np.float32))[1] for gap in gaps]
    return float(min(p for p in losers if p > np.finfo(np.float32).tiny))


@mistake(
    "smallest_probability", hint="the function wants a NumPy array of format float32, not a list"
)
def scores_in_a_list(function, gaps):
    losers = [function([float(gap), 0.0])[1] for gap in gaps]
    return float(min(p for p in losers if p > 0))


@mistake(
    "smallest_probability",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def smallest_not_returned(function, gaps):
    losers = [function(np.array([gap, 0.0], dtype=np.float32))[1] for gap in gaps]
    smallest = min(p for p in losers if p > 0)  # noqa: F841
