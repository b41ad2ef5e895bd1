"""Wrong answers that students really write, each with the hint that it deserves.

Each function is read and run alone, with NumPy as `np` and the right functions of the questions
before it. A hint names the idea and never a number of the answer. Longer than other files: it is a
list of cases.
"""

import numpy as np

from autograder.probe import mistake


def entropy(p):
    """The right entropy, for answers below that build on it; in a notebook it is the student's."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * -np.log(p)).sum(axis=-1)


def cross_entropy(y, y_hat):
    """The right cross-entropy, likewise."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=-1)


def cross_entropy_grad(y, y_hat):
    """The right gradient, likewise."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, -(y / y_hat))


@mistake("shapes", hint="(n) is just the number n: a tuple of one length is written with a comma")
def no_comma(batch, classes):
    return {
        "truth": classes,
        "entropy": (),
        "loss": (),
        "gradient": classes,
        "batch_losses": batch,
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": batch,
    }


@mistake("shapes", hint="a single number has no axis at all: a vector of length 1 is not a scalar")
def scalar_as_vector(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (1,),
        "loss": (1,),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (1,),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake("shapes", hint="batch first, classes last: each row belongs to one example")
def classes_first(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (classes, batch),
        "labels": (batch,),
    }


@mistake(
    "shapes", hint="the derivative of a number by a vector is a vector: a slope for each class"
)
def gradient_is_scalar(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake("shapes", hint="the loss is one number, so its derivative by a vector is no matrix")
def gradient_is_matrix(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes, classes),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake("shapes", hint="the loss of an example sums over its classes: one number is left")
def loss_per_class(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (classes,),
        "gradient": (classes,),
        "batch_losses": (batch, classes),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake("shapes", hint="the mean of a batch is one number: the batch axis disappears")
def mean_not_taken(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (batch,),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake("shapes", hint="each example has a loss of its own, before any mean is taken")
def losses_averaged(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake("shapes", hint="the entropy is a sum over the classes: one number for one distribution")
def entropy_per_class(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (classes,),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake(
    "shapes", hint="every prediction has a slope: the gradient has the shape of the batch of y_hat"
)
def batch_gradient_averaged(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (classes,),
        "labels": (batch,),
    }


@mistake("shapes", hint="every *class* of every example has a slope, not every example")
def batch_gradient_per_row(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch,),
        "labels": (batch,),
    }


@mistake("shapes", hint="labels are numbers, one for each example: not one-hot rows")
def labels_one_hot(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch, classes),
    }


@mistake("shapes", hint="labels are a plain list: one axis, not a column")
def labels_as_column(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch, 1),
    }


@mistake("shapes", hint="one example alone has no batch axis: y is a vector")
def truth_as_row(batch, classes):
    return {
        "truth": (1, classes),
        "entropy": (),
        "loss": (),
        "gradient": (1, classes),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake("shapes", hint="write the lengths with batch and classes: other sizes will be asked too")
def sizes_fixed(batch, classes):
    return {
        "truth": (3,),
        "entropy": (),
        "loss": (),
        "gradient": (3,),
        "batch_losses": (4,),
        "batch_loss": (),
        "batch_gradient": (4, 3),
        "labels": (4,),
    }


@mistake("shapes", hint="a shape is a tuple, in round brackets: .shape is never equal to a list")
def lists_for_tuples(batch, classes):
    return {
        "truth": [classes],
        "entropy": [],
        "loss": [],
        "gradient": [classes],
        "batch_losses": [batch],
        "batch_loss": [],
        "batch_gradient": [batch, classes],
        "labels": [batch],
    }


@mistake("shapes", hint="a single number has no axis: its shape is a tuple too, an empty one")
def number_for_no_axes(batch, classes):
    return {
        "truth": (classes,),
        "entropy": 1,
        "loss": 1,
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": 1,
        "batch_gradient": (batch, classes),
        "labels": (batch,),
    }


@mistake("shapes", hint="the names of the docstring and no others: yours has one that is not there")
def one_name_too_many(batch, classes):
    return {
        "truth": (classes,),
        "entropy": (),
        "loss": (),
        "gradient": (classes,),
        "batch_losses": (batch,),
        "batch_loss": (),
        "batch_gradient": (batch, classes),
        "labels": (batch,),
        "batch_entropy": (batch,),
    }


@mistake(
    "shapes",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def table_not_returned(batch, classes):
    table = {"truth": (classes,), "labels": (batch,)}  # noqa: F841


@mistake("entropy", hint="0 times log 0 is NaN for NumPy: where p is 0, the term is 0")
def entropy_zero_log_zero(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(p * np.log(p)).sum(axis=-1)


@mistake("entropy", hint="the sign: surprises are not negative, so put the minus in front")
def entropy_sign(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * np.log(p)).sum(axis=-1)


@mistake("entropy", hint="nats: the natural logarithm, not the one to base 2")
def entropy_in_bits(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * -np.log2(p)).sum(axis=-1)


@mistake("entropy", hint="a sum weighted by p: no mean over the outcomes")
def entropy_mean(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * -np.log(p)).mean(axis=-1)


@mistake("entropy", hint="the weights are missing: an outcome surprises as often as it happens")
def entropy_unweighted(p):
    with np.errstate(divide="ignore"):
        return -np.log(p).sum(axis=-1)


@mistake("entropy", hint="you add down the columns: the outcomes are on the last axis")
def entropy_of_columns(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * -np.log(p)).sum(axis=0)


@mistake("entropy", hint="one entropy for each row: you add up the whole batch")
def entropy_of_everything(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * -np.log(p)).sum()


@mistake(
    "entropy", hint="a small number inside the logarithm bends every answer: treat 0 as a case"
)
def entropy_with_epsilon(p):
    return -(p * np.log(p + 1e-9)).sum(axis=-1)


@mistake("entropy", hint="np.nansum and p > 0 both turn NaN into 0: what came in must come out")
def entropy_nansum(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.nansum(p * np.log(p), axis=-1)


@mistake("entropy", hint="NumPy warns about the side that np.where throws away: keep it silent")
def entropy_warns(p):
    return np.where(p == 0, 0.0, p * -np.log(p)).sum(axis=-1)


@mistake("entropy", hint="float32 came in, float64 went out: keep the format")
def entropy_always_double(p):
    p = p.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * -np.log(p)).sum(axis=-1)


@mistake("entropy", hint="those are the terms: add them up")
def entropy_terms(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * -np.log(p))


@mistake("entropy", hint="one minus the sum of squares is another measure: it has no logarithm")
def gini(p):
    return 1 - (p * p).sum(axis=-1)


@mistake(
    "entropy",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def entropy_not_returned(p):
    result = -(p * np.log(p)).sum(axis=-1)  # noqa: F841


@mistake("cross_entropy", hint="y and y_hat are exchanged: the logarithm belongs to the prediction")
def arguments_swapped(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y_hat == 0, 0 * y, y_hat * -np.log(y)).sum(axis=-1)


@mistake(
    "cross_entropy", hint="the sign: a price is not negative, so put the minus in front of the sum"
)
def loss_sign(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * np.log(y_hat)).sum(axis=-1)


@mistake("cross_entropy", hint="0 times log 0 is NaN for NumPy: where y is 0, the term is 0")
def loss_zero_log_zero(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(y * np.log(y_hat)).sum(axis=-1)


@mistake("cross_entropy", hint="clipping is question 5: here, impossible and true costs infinity")
def loss_clipped(y, y_hat):
    return -(y * np.log(np.clip(y_hat, 1e-12, 1))).sum(axis=-1)


@mistake(
    "cross_entropy",
    hint="clipping as high as a thousandth makes nearly perfect look bad, and worse",
)
def loss_clipped_high(y, y_hat):
    return -(y * np.log(np.clip(y_hat, 1e-3, 1 - 1e-3))).sum(axis=-1)


@mistake(
    "cross_entropy",
    hint="a small number inside the logarithm bends every answer: treat 0 as a case",
)
def loss_with_epsilon(y, y_hat):
    return -(y * np.log(y_hat + 1e-9)).sum(axis=-1)


@mistake("cross_entropy", hint="a loss for each example: you add up the whole batch")
def loss_sum_of_batch(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum()


@mistake("cross_entropy", hint="a loss for each example: the mean of the batch comes later")
def loss_mean_of_batch(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=-1).mean()


@mistake("cross_entropy", hint="a sum over the classes, not their mean: divide by nothing")
def loss_mean_of_classes(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).mean(axis=-1)


@mistake("cross_entropy", hint="you add down the columns: the classes are on the last axis")
def loss_of_columns(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=0)


@mistake("cross_entropy", hint="a soft truth has several classes: argmax throws all but one away")
def soft_to_hard(y, y_hat):
    label = np.expand_dims(y.argmax(axis=-1), -1)
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(y_hat, label, axis=-1)[..., 0])


@mistake(
    "cross_entropy", hint="that is the binary form: each class counts by its own probability only"
)
def binary_over_classes(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(y == 0, 0.0, y * -np.log(y_hat))
        no = np.where(y == 1, 0.0, (1 - y) * -np.log(1 - y_hat))
    return (yes + no).sum(axis=-1)


@mistake("cross_entropy", hint="that is the divergence: the entropy of y must not be taken away")
def divergence_instead(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * (np.log(y) - np.log(y_hat))).sum(axis=-1)


@mistake("cross_entropy", hint="y_hat is a distribution already: no softmax")
def loss_of_softmax(y, y_hat):
    powers = np.exp(y_hat)
    return -(y * np.log(powers / powers.sum(axis=-1, keepdims=True))).sum(axis=-1)


@mistake("cross_entropy", hint="nats: the natural logarithm, not the one to base 2")
def loss_in_bits(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log2(y_hat)).sum(axis=-1)


@mistake("cross_entropy", hint="y decides which terms count: a y_hat of 0 where y is not costs inf")
def impossible_for_free(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y_hat == 0, 0, y * -np.log(y_hat)).sum(axis=-1)


@mistake("cross_entropy", hint="np.nansum counts every NaN as 0: a NaN that came in must come out")
def loss_nansum(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.nansum(y * np.log(y_hat), axis=-1)


@mistake(
    "cross_entropy", hint="nan_to_num hides NaN and cuts infinity: mend only what belongs to y = 0"
)
def loss_nan_to_num(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.nan_to_num(y * np.log(y_hat)).sum(axis=-1)


@mistake(
    "cross_entropy", hint="y > 0 is False for NaN, so a NaN is thrown away: it must come out again"
)
def loss_hides_nan(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y > 0, y * -np.log(y_hat), 0.0).sum(axis=-1)


@mistake("cross_entropy", hint="one minus the probability is no surprise: where is the logarithm?")
def loss_without_log(y, y_hat):
    return (y * (1 - y_hat)).sum(axis=-1)


@mistake("cross_entropy", hint="squared differences are another loss: where is the logarithm?")
def squared_error(y, y_hat):
    return ((y - y_hat) ** 2).sum(axis=-1)


@mistake(
    "cross_entropy", hint="the logarithm of each probability, then the sum: not the other way round"
)
def log_of_sum(y, y_hat):
    with np.errstate(divide="ignore"):
        return -np.log((y * y_hat).sum(axis=-1))


@mistake(
    "cross_entropy", hint="NumPy warns about the side that np.where throws away: keep it silent"
)
def loss_warns(y, y_hat):
    return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=-1)


@mistake("cross_entropy", hint="those are the terms: add them up along the classes")
def loss_terms(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat))


@mistake("cross_entropy", hint="float32 came in, float64 went out: keep the format")
def loss_always_double(y, y_hat):
    y, y_hat = y.astype(np.float64), y_hat.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=-1)


@mistake("cross_entropy", hint="the caller's array is changed: work on a copy")
def loss_changes_input(y, y_hat):
    y_hat[y_hat == 0] = 1e-300
    return (y * -np.log(y_hat)).sum(axis=-1)


@mistake(
    "cross_entropy",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def loss_not_returned(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=-1)  # noqa: F841


@mistake("batch_loss", hint="a mean, not a sum: the loss must not grow with the batch")
def summed_batch(y, y_hat):
    return cross_entropy(y, y_hat).sum()


@mistake("batch_loss", hint="divide by the number of examples, not by all the entries")
def mean_of_entries(y, y_hat):
    return cross_entropy(y, y_hat).sum() / y.size


@mistake("batch_loss", hint="divide by the number of examples, not of classes")
def divided_by_classes(y, y_hat):
    return cross_entropy(y, y_hat).sum() / y.shape[-1]


@mistake("batch_loss", hint="one number for the batch: you give a loss for each example")
def never_averaged(y, y_hat):
    return cross_entropy(y, y_hat)


@mistake("batch_loss", hint="all examples count, not only the first")
def first_example_only(y, y_hat):
    return cross_entropy(y, y_hat)[0]


@mistake("batch_loss", hint="all examples count: the median forgets how bad the bad ones are")
def median_of_batch(y, y_hat):
    return np.median(cross_entropy(y, y_hat))


@mistake("batch_loss", hint="average the losses, not the predictions")
def averages_predictions(y, y_hat):
    return cross_entropy(y.mean(axis=0), y_hat.mean(axis=0))


@mistake("batch_loss", hint="an infinite loss belongs to the mean: leave no example out")
def leaves_infinite_out(y, y_hat):
    losses = cross_entropy(y, y_hat)
    return losses[np.isfinite(losses)].mean()


@mistake("batch_loss", hint="that is the share of wrong answers: accuracy cannot be a loss")
def error_rate(y, y_hat):
    return (y.argmax(axis=-1) != y_hat.argmax(axis=-1)).mean()


@mistake("batch_loss", hint="the largest loss is not the mean")
def largest_loss(y, y_hat):
    return cross_entropy(y, y_hat).max()


@mistake(
    "batch_loss", hint="the row weights are y itself: do not divide by the number of true classes"
)
def mean_over_nonzero(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return (y * -np.log(y_hat))[y > 0].mean()


@mistake("batch_loss", hint="y and y_hat are exchanged on the way to cross_entropy")
def batch_swapped(y, y_hat):
    return cross_entropy(y_hat, y).mean()


@mistake(
    "batch_loss",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def batch_not_returned(y, y_hat):
    loss = cross_entropy(y, y_hat).mean()  # noqa: F841


@mistake("extra_surprise", hint="the sign: cross-entropy minus entropy, not the other way round")
def extra_sign(y, y_hat):
    return entropy(y) - cross_entropy(y, y_hat)


@mistake(
    "extra_surprise", hint="the unavoidable part is the entropy of the truth, not of the prediction"
)
def extra_of_prediction(y, y_hat):
    return cross_entropy(y, y_hat) - entropy(y_hat)


@mistake("extra_surprise", hint="a difference was asked for: you add the two")
def extra_added(y, y_hat):
    return cross_entropy(y, y_hat) + entropy(y)


@mistake("extra_surprise", hint="that is the whole price: take away what nobody can avoid")
def nothing_taken_away(y, y_hat):
    return cross_entropy(y, y_hat)


@mistake(
    "extra_surprise", hint="a quotient says how many times as much: the difference was asked for"
)
def extra_quotient(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return cross_entropy(y, y_hat) / entropy(y)


@mistake("extra_surprise", hint="the truth comes first: y and y_hat are exchanged")
def extra_swapped(y, y_hat):
    return cross_entropy(y_hat, y) - entropy(y_hat)


@mistake("extra_surprise", hint="a number for each row: the batch is not averaged here")
def extra_averaged(y, y_hat):
    return np.mean(cross_entropy(y, y_hat) - entropy(y))


@mistake(
    "extra_surprise",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def extra_not_returned(y, y_hat):
    extra = cross_entropy(y, y_hat) - entropy(y)  # noqa: F841


@mistake("binary_cross_entropy", hint="the term of no is missing: it counts with weight 1 - y")
def yes_only(y, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.equal(y, 0), 0.0, y * -np.log(p))


@mistake("binary_cross_entropy", hint="the minus stands before both terms: use brackets")
def minus_first_only(y, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(np.equal(y, 0), 0.0, y * -np.log(p))
        no = np.where(np.equal(y, 1), 0.0, (1 - y) * np.log(1 - p))
    return yes + no


@mistake("binary_cross_entropy", hint="the sign: a price is not negative")
def binary_sign(y, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(np.equal(y, 0), 0.0, y * np.log(p))
        no = np.where(np.equal(y, 1), 0.0, (1 - y) * np.log(1 - p))
    return yes + no


@mistake("binary_cross_entropy", hint="a loss for each answer: you average them")
def binary_mean(y, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(np.equal(y, 0), 0.0, y * -np.log(p))
        no = np.where(np.equal(y, 1), 0.0, (1 - y) * -np.log(1 - p))
    return np.mean(yes + no)


@mistake("binary_cross_entropy", hint="a loss for each answer: you add them up")
def binary_sum(y, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(np.equal(y, 0), 0.0, y * -np.log(p))
        no = np.where(np.equal(y, 1), 0.0, (1 - y) * -np.log(1 - p))
    return np.sum(yes + no)


@mistake(
    "binary_cross_entropy",
    hint="0 times log 0 is NaN for NumPy: a term with weight 0 counts nothing",
)
def binary_zero_log_zero(y, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return y * -np.log(p) + (1 - y) * -np.log(1 - np.asarray(p))


@mistake("binary_cross_entropy", hint="clipping hides that certain and wrong costs infinity")
def binary_clipped(y, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return y * -np.log(p) + (1 - y) * -np.log(1 - p)


@mistake(
    "binary_cross_entropy", hint="clipping at a hundredth is far too coarse, and not asked for"
)
def binary_clipped_coarse(y, p):
    p = np.clip(p, 1e-2, 1 - 1e-2)
    return y * -np.log(p) + (1 - y) * -np.log(1 - p)


@mistake("binary_cross_entropy", hint="a small number inside the logarithms bends every answer")
def binary_with_epsilon(y, p):
    return y * -np.log(np.add(p, 1e-9)) + (1 - y) * -np.log(1 - np.asarray(p) + 1e-9)


@mistake("binary_cross_entropy", hint="0.8 is a fair truth, probably yes: do not round it")
def binary_rounds(y, p):
    y = np.round(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(np.equal(y, 0), 0.0, y * -np.log(p))
        no = np.where(np.equal(y, 1), 0.0, (1 - y) * -np.log(1 - p))
    return yes + no


@mistake("binary_cross_entropy", hint="no is 0 here, not -1: the weight of its term is 1 - y")
def minus_one_labels(y, p):
    sign = 2 * np.asarray(y, dtype=float) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.log((1 + sign * (2 * np.asarray(p) - 1)) / 2) * np.abs(sign) + np.log(1.5) * (
            sign < 0
        )


@mistake("binary_cross_entropy", hint="y and p are exchanged: the logarithms belong to p")
def binary_swapped(y, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(np.equal(p, 0), 0.0, p * -np.log(y))
        no = np.where(np.equal(p, 1), 0.0, (1 - np.asarray(p)) * -np.log(1 - np.asarray(y)))
    return yes + no


@mistake("binary_cross_entropy", hint="p is a probability already: no sigmoid")
def binary_of_sigmoid(y, p):
    p = 1 / (1 + np.exp(-np.asarray(p)))
    return y * -np.log(p) + (1 - y) * -np.log(1 - p)


@mistake(
    "binary_cross_entropy", hint="if asks one number, not an array: use np.where for the cases"
)
def binary_with_if(y, p):
    if y == 1:
        return -np.log(p)
    return -np.log(1 - p)


@mistake("binary_cross_entropy", hint="y between 0 and 1 counts in both terms: not only 1 or else")
def binary_hard_choice(y, p):
    with np.errstate(divide="ignore"):
        return np.where(np.equal(y, 1), -np.log(p), -np.log(1 - np.asarray(p)))


@mistake(
    "binary_cross_entropy",
    hint="NumPy warns about the side that np.where throws away: keep it silent",
)
def binary_warns(y, p):
    yes = np.where(np.equal(y, 0), 0.0, y * -np.log(p))
    no = np.where(np.equal(y, 1), 0.0, (1 - y) * -np.log(1 - p))
    return yes + no


@mistake("binary_cross_entropy", hint="nats: the natural logarithm, not the one to base 2")
def binary_in_bits(y, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(np.equal(y, 0), 0.0, y * -np.log2(p))
        no = np.where(np.equal(y, 1), 0.0, (1 - y) * -np.log2(1 - np.asarray(p)))
    return yes + no


@mistake(
    "binary_cross_entropy",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def binary_not_returned(y, p):
    loss = y * -np.log(p) + (1 - y) * -np.log(1 - p)  # noqa: F841


@mistake(
    "cross_entropy_grad", hint="the sign: raising the probability of the truth lowers the loss"
)
def slope_sign(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, y / y_hat)


@mistake("cross_entropy_grad", hint="no sum in front: a slope for each class, so a vector")
def slope_summed(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, -(y / y_hat)).sum(axis=-1)


@mistake("cross_entropy_grad", hint="0/0 is NaN for NumPy: where y is 0, the slope is 0")
def slope_zero_over_zero(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(y / y_hat)


@mistake("cross_entropy_grad", hint="each example on its own: dividing by the batch comes next")
def slope_over_batch(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, -(y / y_hat)) / len(y)


@mistake(
    "cross_entropy_grad",
    hint="that is the gradient by the *scores*, through softmax: here it is by y_hat",
)
def slope_by_scores(y, y_hat):
    return y_hat - y


@mistake("cross_entropy_grad", hint="the truth belongs into it: the slope is weighted by y")
def slope_without_truth(y, y_hat):
    with np.errstate(divide="ignore"):
        return -1 / y_hat


@mistake("cross_entropy_grad", hint="that is the loss itself: its derivative has no logarithm left")
def loss_for_slope(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, y * -np.log(y_hat))


@mistake("cross_entropy_grad", hint="the wrong way up: y over y_hat")
def slope_upside_down(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, -(y_hat / y))


@mistake("cross_entropy_grad", hint="that is by y, not by y_hat: which one does training change?")
def slope_by_truth(y, y_hat):
    with np.errstate(divide="ignore"):
        return -np.log(y_hat)


@mistake("cross_entropy_grad", hint="the derivative of log is 1 over it, not 1 over its square")
def slope_squared(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, -(y / y_hat**2))


@mistake(
    "cross_entropy_grad",
    hint="a small number below the line keeps the slope finite where it is not",
)
def slope_with_epsilon(y, y_hat):
    return -(y / (y_hat + 1e-9))


@mistake("cross_entropy_grad", hint="that is the yes-or-no form: the other classes have slope 0")
def slope_of_binary(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(y == 0, 0.0, -(y / y_hat))
        no = np.where(y == 1, 0.0, (1 - y) / (1 - y_hat))
    return yes + no


@mistake(
    "cross_entropy_grad", hint="only the slope at the largest y is kept: a soft truth has more"
)
def slope_of_hard(y, y_hat):
    hard = y == y.max(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(hard, -(y / y_hat), 0.0)


@mistake(
    "cross_entropy_grad",
    hint="NumPy warns about the side that np.where throws away: keep it silent",
)
def slope_warns(y, y_hat):
    return np.where(y == 0, 0.0, -(y / y_hat))


@mistake("cross_entropy_grad", hint="float32 came in, float64 went out: keep the format")
def slope_double(y, y_hat):
    y, y_hat = y.astype(np.float64), y_hat.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0.0, -(y / y_hat))


@mistake("cross_entropy_grad", hint="the result has no room for fractions: integers in, floats out")
def slope_in_integers(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.zeros_like(y)
        result[...] = np.nan_to_num(np.where(y == 0, 0.0, -(y / y_hat)), neginf=-(10**6))
    return result


@mistake(
    "cross_entropy_grad",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def slope_not_returned(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.where(y == 0, 0.0, -(y / y_hat))  # noqa: F841


@mistake("batch_loss_grad", hint="the loss is a mean: each row counts one part in B")
def batch_never_divided(y, y_hat):
    return cross_entropy_grad(y, y_hat)


@mistake("batch_loss_grad", hint="divide by the number of examples, not by all the entries")
def divided_by_entries(y, y_hat):
    return cross_entropy_grad(y, y_hat) / y.size


@mistake("batch_loss_grad", hint="divide by the number of examples, not of classes")
def divided_by_columns(y, y_hat):
    return cross_entropy_grad(y, y_hat) / y.shape[-1]


@mistake("batch_loss_grad", hint="a row for each example: do not average the gradients")
def gradients_averaged(y, y_hat):
    return cross_entropy_grad(y, y_hat).mean(axis=0)


@mistake("batch_loss_grad", hint="the derivative of a mean is no mean over the classes")
def averaged_over_classes(y, y_hat):
    return cross_entropy_grad(y, y_hat).mean(axis=-1)


@mistake(
    "batch_loss_grad", hint="multiplied where it should be divided: a mean makes slopes smaller"
)
def batch_multiplied(y, y_hat):
    return cross_entropy_grad(y, y_hat) * len(y)


@mistake("batch_loss_grad", hint="the sign: raising the probability of the truth lowers the loss")
def batch_slope_sign(y, y_hat):
    return -cross_entropy_grad(y, y_hat) / len(y)


@mistake("batch_loss_grad", hint="divided twice: one B is enough")
def divided_twice(y, y_hat):
    return cross_entropy_grad(y, y_hat) / len(y) ** 2


@mistake(
    "batch_loss_grad",
    hint="that is the gradient by the scores, through softmax: here it is by y_hat",
)
def batch_by_scores(y, y_hat):
    return (y_hat - y) / len(y)


@mistake(
    "batch_loss_grad",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def batch_slope_not_returned(y, y_hat):
    slopes = cross_entropy_grad(y, y_hat) / len(y)  # noqa: F841


@mistake(
    "cross_entropy_from_labels", hint="y_hat[:, labels] gives whole columns: index with two arrays"
)
def whole_columns(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return -np.log(y_hat[:, labels])


@mistake(
    "cross_entropy_from_labels",
    hint="the diagonal of all columns: right, but B times the work and memory",
)
def columns_then_first(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return -np.log(y_hat[:, labels])[0]


@mistake(
    "cross_entropy_from_labels", hint="y_hat[labels] picks rows: the labels number the columns"
)
def picks_rows(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.log(y_hat[labels % batch, np.arange(batch) % classes])


@mistake(
    "cross_entropy_from_labels",
    hint="a loop works, but NumPy does all rows at once: no for is needed",
)
def with_a_loop(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return np.array([-np.log(y_hat[i, labels[i]]) for i in range(batch)])


@mistake("cross_entropy_from_labels", hint="a loss for each example: the mean comes later")
def labels_mean(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return -np.log(y_hat[np.arange(batch), labels]).mean()


@mistake(
    "cross_entropy_from_labels",
    hint="the sign: a logarithm of a probability is negative, a loss is not",
)
def labels_sign(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return np.log(y_hat[np.arange(batch), labels])


@mistake("cross_entropy_from_labels", hint="classes count from 0: label 0 is the first column")
def labels_from_one(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return -np.log(y_hat[np.arange(batch), labels - 1])


@mistake(
    "cross_entropy_from_labels", hint="a negative label counts from the end for NumPy: refuse it"
)
def negative_accepted(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or (labels >= classes).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return -np.log(y_hat[np.arange(batch), labels])


@mistake(
    "cross_entropy_from_labels",
    hint="a label that is no class is a ValueError: an IndexError is another one",
)
def never_checked(labels, y_hat):
    with np.errstate(divide="ignore"):
        return -np.log(y_hat[np.arange(len(y_hat)), labels])


@mistake(
    "cross_entropy_from_labels", hint="labels in a column meet every row: refuse any shape but (B,)"
)
def column_accepted(labels, y_hat):
    if ((labels < 0) | (labels >= y_hat.shape[-1])).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return -np.log(y_hat[np.arange(len(y_hat)), labels])


@mistake(
    "cross_entropy_from_labels",
    hint="the width of one-hot rows is that of y_hat, not the largest label's",
)
def width_from_labels(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    rows = np.eye(labels.max() + 1)[np.asarray(labels)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rows == 0, 0, -np.log(y_hat)).sum(axis=-1)


@mistake(
    "cross_entropy_from_labels",
    hint="0 times log 0 in the one-hot way is NaN: pick before the logarithm",
)
def one_hot_nan(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    rows = np.eye(classes)[np.asarray(labels)]
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(rows * np.log(y_hat)).sum(axis=-1)


@mistake(
    "cross_entropy_from_labels",
    hint="clipping is question 5: here, impossible and true costs infinity",
)
def labels_clipped(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    return -np.log(np.clip(y_hat[np.arange(batch), labels], 1e-12, 1))


@mistake("cross_entropy_from_labels", hint="a small number inside the logarithm bends every answer")
def labels_with_epsilon(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    return -np.log(y_hat[np.arange(batch), labels] + 1e-9)


@mistake("cross_entropy_from_labels", hint="the true class counts, not the most probable one")
def most_probable(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    return -np.log(y_hat.max(axis=-1))


@mistake(
    "cross_entropy_from_labels", hint="NumPy warns about log 0, though inf is right: keep it silent"
)
def labels_warn(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    return -np.log(y_hat[np.arange(batch), labels])


@mistake("cross_entropy_from_labels", hint="one axis too many: a number for each row, not a column")
def column_of_losses(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(y_hat, labels[:, None], axis=1))


@mistake(
    "cross_entropy_from_labels",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def labels_not_returned(labels, y_hat):
    batch, classes = y_hat.shape
    if labels.shape != (batch,) or ((labels < 0) | (labels >= classes)).any():
        raise ValueError("labels")
    with np.errstate(divide="ignore"):
        losses = -np.log(y_hat[np.arange(batch), labels])  # noqa: F841


@mistake(
    "clipped_cross_entropy", hint="leave the upper end alone: a perfect answer costs exactly 0"
)
def clipped_at_both_ends(y, y_hat, smallest=1e-12):
    return (y * -np.log(np.clip(y_hat, smallest, 1 - smallest))).sum(axis=-1)


@mistake(
    "clipped_cross_entropy",
    hint="adding is not clipping: probabilities above the limit must not change",
)
def adds_smallest(y, y_hat, smallest=1e-12):
    return (y * -np.log(y_hat + smallest)).sum(axis=-1)


@mistake(
    "clipped_cross_entropy",
    hint="the argument smallest is never used: the limit is the caller's choice",
)
def limit_ignored(y, y_hat, smallest=1e-12):
    return (y * -np.log(np.maximum(y_hat, 1e-12))).sum(axis=-1)


@mistake("clipped_cross_entropy", hint="the default limit was agreed: it is far smaller than yours")
def other_default(y, y_hat, smallest=1e-7):
    return (y * -np.log(np.maximum(y_hat, smallest))).sum(axis=-1)


@mistake(
    "clipped_cross_entropy",
    hint="do not make the rows sum to 1 again: only the small entries change",
)
def renormalised(y, y_hat, smallest=1e-12):
    raised = np.maximum(y_hat, smallest)
    return (y * -np.log(raised / raised.sum(axis=-1, keepdims=True))).sum(axis=-1)


@mistake("clipped_cross_entropy", hint="clip the prediction, not the truth")
def clips_truth_too(y, y_hat, smallest=1e-12):
    return (np.maximum(y, smallest) * -np.log(np.maximum(y_hat, smallest))).sum(axis=-1)


@mistake(
    "clipped_cross_entropy",
    hint="clip the probability, before the logarithm: the loss has another limit",
)
def clips_the_loss(y, y_hat, smallest=1e-12):
    with np.errstate(divide="ignore", invalid="ignore"):
        losses = np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=-1)
    return np.minimum(losses, -np.log(smallest))


@mistake(
    "clipped_cross_entropy",
    hint="only exact zeros are raised: what is below the limit is too small as well",
)
def only_zeros(y, y_hat, smallest=1e-12):
    return (y * -np.log(np.where(y_hat == 0, smallest, y_hat))).sum(axis=-1)


@mistake("clipped_cross_entropy", hint="the wrong side: you cut what is above the limit")
def minimum_for_maximum(y, y_hat, smallest=1e-12):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(y * -np.log(np.minimum(y_hat, smallest))).sum(axis=-1)


@mistake(
    "clipped_cross_entropy", hint="a term below the limit is not to be dropped: it is the dear one"
)
def drops_small(y, y_hat, smallest=1e-12):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y_hat < smallest, 0.0, y * -np.log(y_hat)).sum(axis=-1)


@mistake(
    "clipped_cross_entropy", hint="nothing is clipped: infinity is what this function is to avoid"
)
def never_clipped(y, y_hat, smallest=1e-12):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=-1)


@mistake("clipped_cross_entropy", hint="a loss for each row: you average them")
def clipped_mean(y, y_hat, smallest=1e-12):
    return (y * -np.log(np.maximum(y_hat, smallest))).sum(axis=-1).mean()


@mistake(
    "clipped_cross_entropy",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def clipped_not_returned(y, y_hat, smallest=1e-12):
    loss = (y * -np.log(np.maximum(y_hat, smallest))).sum(axis=-1)  # noqa: F841


@mistake(
    "cross_entropy_from_logits",
    hint="e to a large score overflows: take the row's highest score away first",
)
def logits_overflow(labels, z):
    return np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits",
    hint="log of softmax: the probability became 0 before its logarithm was taken",
)
def log_of_softmax(labels, z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    with np.errstate(divide="ignore"):
        return -np.log(powers / powers.sum(axis=-1, keepdims=True))[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits",
    hint="softmax and then a clip is the first cure: far losses are cut off",
)
def softmax_then_clip(labels, z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    p = powers / powers.sum(axis=-1, keepdims=True)
    return -np.log(np.maximum(p, 1e-12))[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits",
    hint="clipping the scores makes different rows equal: shift them instead",
)
def clips_scores(labels, z):
    z = np.clip(z, -50, 50)
    return np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits",
    hint="one maximum for the whole batch starves the small rows: one for each row",
)
def one_maximum(labels, z):
    behind = z - z.max()
    return np.log(np.exp(behind).sum(axis=-1)) - behind[np.arange(len(z)), labels]


@mistake("cross_entropy_from_logits", hint="the maximum lost its axis: keep it, with keepdims=True")
def maximum_without_axis(labels, z):
    behind = z - z.max(axis=-1)
    return np.log(np.exp(behind).sum(axis=-1)) - behind[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits",
    hint="the maximum was taken away and not put back: both parts must lose it",
)
def maximum_lost(labels, z):
    behind = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(behind).sum(axis=-1)) - z[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits",
    hint="the sign: the true score is subtracted from the log of the sum",
)
def logits_sign(labels, z):
    behind = z - z.max(axis=-1, keepdims=True)
    return behind[np.arange(len(z)), labels] - np.log(np.exp(behind).sum(axis=-1))


@mistake(
    "cross_entropy_from_logits",
    hint="scores are no probabilities: their logarithm alone means nothing",
)
def log_of_scores(labels, z):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.log(z[np.arange(len(z)), labels])


@mistake("cross_entropy_from_logits", hint="the true score is missing: what is it compared with?")
def true_score_missing(labels, z):
    top = z.max(axis=-1)
    return top + np.log(np.exp(z - top[:, None]).sum(axis=-1))


@mistake(
    "cross_entropy_from_logits",
    hint="the logarithm of the *sum* is missing: a gap is only nearly the loss",
)
def only_the_gap(labels, z):
    return 1.0 * (z.max(axis=-1) - z[np.arange(len(z)), labels])


@mistake("cross_entropy_from_logits", hint="a sum of exponentials, not their mean")
def mean_of_exponentials(labels, z):
    behind = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(behind).mean(axis=-1)) - behind[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits", hint="z[:, labels] gives whole columns: index with two arrays"
)
def score_columns(labels, z):
    behind = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(behind).sum(axis=-1)) - behind[:, labels]


@mistake(
    "cross_entropy_from_logits", hint="you add down the columns: the classes are on the last axis"
)
def logits_of_columns(labels, z):
    behind = z - z.max(axis=0, keepdims=True)
    return np.log(np.exp(behind).sum(axis=0))[labels] - behind[np.arange(len(z)), labels]


@mistake("cross_entropy_from_logits", hint="a loss for each example: the mean comes later")
def logits_mean(labels, z):
    behind = z - z.max(axis=-1, keepdims=True)
    return (np.log(np.exp(behind).sum(axis=-1)) - behind[np.arange(len(z)), labels]).mean()


@mistake(
    "cross_entropy_from_logits",
    hint="the largest size is not the highest score: far below zero they differ",
)
def maximum_of_sizes(labels, z):
    behind = z - np.abs(z).max(axis=-1, keepdims=True)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(behind).sum(axis=-1)) - behind[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits",
    hint="the caller's scores are changed: write z = z - ..., not z -= ...",
)
def logits_change_input(labels, z):
    z -= z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(z)), labels]


@mistake("cross_entropy_from_logits", hint="float32 came in, float64 went out: keep the format")
def logits_double(labels, z):
    z = z.astype(np.float64)
    behind = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(behind).sum(axis=-1)) - behind[np.arange(len(z)), labels]


@mistake(
    "cross_entropy_from_logits",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def logits_not_returned(labels, z):
    behind = z - z.max(axis=-1, keepdims=True)
    losses = np.log(np.exp(behind).sum(axis=-1)) - behind[np.arange(len(z)), labels]  # noqa: F841


@mistake("worst_error", hint="errors of both signs count: take their size before the largest")
def signed_errors(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float((loss(np.ones(len(gaps), dtype=int), scores) - exact).max())


@mistake("worst_error", hint="the other sign is missed now: the size of a difference has none")
def signed_the_other_way(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float((exact - loss(np.ones(len(gaps), dtype=int), scores)).max())


@mistake("worst_error", hint="the largest error was asked for, not the mean")
def mean_error(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float(np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact).mean())


@mistake("worst_error", hint="the error itself was asked for, not its share of the exact loss")
def relative_error(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float((np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact) / exact).max())


@mistake("worst_error", hint="the second class is true: its number is 1")
def label_zero(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float(np.abs(loss(np.zeros(len(gaps), dtype=int), scores) - exact).max())


@mistake("worst_error", hint="the wrong class leads: the gap stands in the first column")
def columns_exchanged(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([np.zeros_like(gaps), gaps], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float(np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact).max())


@mistake("worst_error", hint="e to a large gap overflows: g + log(1 + e^-g) is safe")
def exact_overflows(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = np.log(1 + np.exp(gaps))
    return float(np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact).max())


@mistake("worst_error", hint="the gap is only nearly the loss: log(1 + e^-g) is missing")
def exact_is_gap(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    return float(np.abs(loss(np.ones(len(gaps), dtype=int), scores) - gaps).max())


@mistake("worst_error", hint="that is the exact loss of a right answer: here the wrong class leads")
def exact_of_winner(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = np.log1p(np.exp(-gaps))
    return float(np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact).max())


@mistake("worst_error", hint="use the gaps that are given, not a range of your own")
def gaps_of_its_own(loss, gaps):
    gaps = np.linspace(0.0, 100.0, len(gaps))
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float(np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact).max())


@mistake("worst_error", hint="the error at the largest gap need not be the worst: compare them all")
def last_gap_only(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)[-1:]
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float(np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact).max())


@mistake("worst_error", hint="you give the gap of the worst error: the error was asked for")
def gives_the_gap(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    exact = gaps + np.log1p(np.exp(-gaps))
    return float(gaps[np.abs(loss(np.ones(len(gaps), dtype=int), scores) - exact).argmax()])


@mistake(
    "worst_error",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def worst_not_returned(loss, gaps):
    gaps = np.asarray(gaps, dtype=float)
    scores = np.stack([gaps, np.zeros_like(gaps)], axis=-1)
    worst = np.abs(loss(np.ones(len(gaps), dtype=int), scores) - gaps).max()  # noqa: F841


@mistake(
    "smooth_labels", hint="e/(n-1) for the others is another recipe: here every class gets e/n"
)
def others_only(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    n = y.shape[-1]
    return (1 - e) * y + e / (n - 1) * (1 - y)


@mistake("smooth_labels", hint="the row sums to more than 1: first take (1 - e) of y")
def nothing_taken(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    return y + e / y.shape[-1]


@mistake("smooth_labels", hint="the e that is taken away must be given back: e/n to every class")
def nothing_given(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    return (1 - e) * y


@mistake("smooth_labels", hint="e is shared by the classes: each gets e/n, not e")
def whole_e_each(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    return (1 - e) * y + e


@mistake("smooth_labels", hint="e and 1 - e are exchanged: a small e changes little")
def exchanged(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    return e * y + (1 - e) / y.shape[-1]


@mistake(
    "smooth_labels", hint="n is the number of classes, on the last axis: you divide by the rows"
)
def divides_by_rows(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    return (1 - e) * y + e / len(y)


@mistake("smooth_labels", hint="n is the number of classes: you divide by all the entries")
def divides_by_entries(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    return (1 - e) * y + e / y.size


@mistake("smooth_labels", hint="axis 1 is not always there: the classes are on the *last* axis")
def axis_one(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    return (1 - e) * y + e / y.shape[1]


@mistake("smooth_labels", hint="e must lie between 0 and 1: anything else is a ValueError")
def accepts_any(y, e):
    return (1 - e) * y + e / y.shape[-1]


@mistake("smooth_labels", hint="e above 1 turns the truth around: refuse it as well")
def accepts_above(y, e):
    if e < 0:
        raise ValueError("e")
    return (1 - e) * y + e / y.shape[-1]


@mistake(
    "smooth_labels", hint="the ends are allowed: 0 changes nothing, 1 gives the even distribution"
)
def refuses_ends(y, e):
    if not 0 < e < 1:
        raise ValueError("e")
    return (1 - e) * y + e / y.shape[-1]


@mistake(
    "smooth_labels", hint="cutting e to the range hides the caller's mistake: raise a ValueError"
)
def cuts_e(y, e):
    e = min(max(e, 0), 1)
    return (1 - e) * y + e / y.shape[-1]


@mistake("smooth_labels", hint="a soft truth keeps its shape: do not look for its largest class")
def only_hard(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    hard = y == y.max(axis=-1, keepdims=True)
    return (1 - e) * hard + e / y.shape[-1]


@mistake("smooth_labels", hint="the result has no room for fractions: integers in, floats out")
def smooth_in_integers(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    result = np.zeros_like(y)
    result[...] = (1 - e) * y + e / y.shape[-1]
    return result


@mistake(
    "smooth_labels",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def smooth_not_returned(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e")
    smooth = (1 - e) * y + e / y.shape[-1]  # noqa: F841
