"""Wrong answers that students really write, each with the hint that it deserves.

Each function is read and run alone, with NumPy as `np` and a right divergence. A hint names the
idea and never a number of the answer. Longer than other files: it is a list of cases.
"""

import numpy as np

from autograder.probe import mistake


def kl_divergence(p, q):
    """The right divergence, for answers below that build on it; in a notebook the student's."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("one_hot", hint="labels may be words: look up where each stands in the list of classes")
def labels_as_columns(labels, classes):
    return np.eye(len(classes))[labels]


@mistake(
    "one_hot", hint="a stranger is a ValueError by name: an IndexError says nothing to the caller"
)
def first_match(labels, classes):
    rows = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        rows[row, np.where(np.array(classes) == label)[0][0]] = 1
    return rows


@mistake("shapes", hint="(n) is just the number n: a tuple of one length is written with a comma")
def no_comma(batch, classes):
    return {
        "labels": batch,
        "one_hot": (batch, classes),
        "distribution": classes,
        "terms": classes,
        "divergence": (),
        "batch_divergence": batch,
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="a single number has no axis at all: a vector of length 1 is not a scalar")
def scalar_as_vector(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (1,),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="batch first, classes last: each row belongs to one example")
def classes_first(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (classes, batch),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="labels are a plain list: one axis, not a column of its own")
def labels_as_column(batch, classes):
    return {
        "labels": (batch, 1),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="the terms are what is summed: one for each outcome, before the sum")
def terms_summed(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="the divergence sums over the outcomes: which axis disappears?")
def divergence_per_outcome(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (classes,),
        "batch_divergence": (batch, classes),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="each row has a divergence of its own: the batch axis must survive the sum")
def one_for_the_batch(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (),
        "all_pairs": (batch, batch),
    }


@mistake(
    "shapes", hint="each row with *each* row: every pair has a number, so there are two batch axes"
)
def pairs_of_neighbours(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch,),
    }


@mistake("shapes", hint="the outcomes are summed away in every pair, too")
def pairs_keep_classes(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch, classes),
    }


@mistake("shapes", hint="the pairs are pairs of rows, of examples, not of outcomes")
def pairs_of_classes(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (classes, classes),
    }


@mistake("shapes", hint="a one-hot row has a column for every class: one number is not enough")
def one_hot_of_labels(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch,),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="you sum over the batch: the outcomes are on the last axis")
def divergence_of_columns(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (classes,),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="one distribution alone has no batch axis: it is a vector")
def distribution_as_row(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (1, classes),
        "terms": (1, classes),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="write the lengths with batch and classes: other sizes will be asked too")
def sizes_fixed(batch, classes):
    return {
        "labels": (4,),
        "one_hot": (4, 3),
        "distribution": (3,),
        "terms": (3,),
        "divergence": (),
        "batch_divergence": (4,),
        "all_pairs": (4, 4),
    }


@mistake("shapes", hint="a shape is a tuple, in round brackets: .shape is never equal to a list")
def lists_for_tuples(batch, classes):
    return {
        "labels": [batch],
        "one_hot": [batch, classes],
        "distribution": [classes],
        "terms": [classes],
        "divergence": [],
        "batch_divergence": [batch],
        "all_pairs": [batch, batch],
    }


@mistake("shapes", hint="a single number has no axis: its shape is a tuple too, an empty one")
def number_for_no_axes(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": 1,
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
    }


@mistake("shapes", hint="the names of the docstring and no others: yours has one that is not there")
def one_name_too_many(batch, classes):
    return {
        "labels": (batch,),
        "one_hot": (batch, classes),
        "distribution": (classes,),
        "terms": (classes,),
        "divergence": (),
        "batch_divergence": (batch,),
        "all_pairs": (batch, batch),
        "batch_total": (),
    }


@mistake(
    "shapes",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def table_not_returned(batch, classes):
    table = {"labels": (batch,), "one_hot": (batch, classes)}  # noqa: F841


@mistake("one_hot", hint="a stranger needs an error: a row of zeros would be found weeks later")
def stranger_is_zeros(labels, classes):
    classes = list(classes)
    rows = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        if label in classes:
            rows[row, classes.index(label)] = 1.0
    return rows


@mistake(
    "one_hot", hint="the columns come from the classes that you are given, not from the labels"
)
def columns_from_labels(labels, classes):
    seen = sorted(set(labels))
    if not set(seen) <= set(classes):
        raise ValueError("unknown label")
    rows = np.zeros((len(labels), len(seen)))
    for row, label in enumerate(labels):
        rows[row, seen.index(label)] = 1.0
    return rows


@mistake("one_hot", hint="keep the classes in the order given: you sort them first")
def columns_sorted(labels, classes):
    names = sorted(classes)
    rows = np.zeros((len(labels), len(names)))
    for row, label in enumerate(labels):
        rows[row, names.index(label)] = 1.0
    return rows


@mistake("one_hot", hint="batch first: a row for each label, a column for each class")
def classes_by_labels(labels, classes):
    classes = list(classes)
    rows = np.zeros((len(classes), len(labels)))
    for column, label in enumerate(labels):
        rows[classes.index(label), column] = 1.0
    return rows


@mistake("one_hot", hint="a label need not be a column number: find its place among the classes")
def labels_are_columns(labels, classes):
    if not set(labels) <= set(classes):
        raise ValueError("unknown label")
    rows = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        rows[row, label] = 1.0
    return rows


@mistake("one_hot", hint="integers cannot hold probabilities later: the rows are to be floats")
def integer_rows(labels, classes):
    classes = list(classes)
    return np.eye(len(classes), dtype=int)[[classes.index(label) for label in labels], :]


@mistake("one_hot", hint="True and False are no numbers yet: the rows are to be floats")
def boolean_rows(labels, classes):
    classes = list(classes)
    places = np.array([classes.index(label) for label in labels], dtype=int)
    return places[:, None] == np.arange(len(classes))


@mistake("one_hot", hint="those are the class numbers: one-hot is a whole row for each label")
def numbers_only(labels, classes):
    classes = list(classes)
    return np.array([float(classes.index(label)) for label in labels])


@mistake("one_hot", hint="one row for each label: you put all of them into the same row")
def one_row_for_all(labels, classes):
    classes = list(classes)
    row = np.zeros(len(classes))
    for label in labels:
        row[classes.index(label)] = 1.0
    return row


@mistake(
    "one_hot", hint="a stranger is a ValueError by name: a KeyError says nothing to the caller"
)
def stranger_is_key_error(labels, classes):
    column = {name: number for number, name in enumerate(classes)}
    rows = np.zeros((len(labels), len(column)))
    for row, label in enumerate(labels):
        rows[row, column[label]] = 1.0
    return rows


@mistake("one_hot", hint="no labels are no error: they give no rows, and all the columns")
def empty_refused(labels, classes):
    classes = list(classes)
    if len(labels) == 0:
        raise ValueError("no labels")
    return np.eye(len(classes))[[classes.index(label) for label in labels]]


@mistake("one_hot", hint="no labels give shape (0, n): the columns are there even without a row")
def empty_without_columns(labels, classes):
    classes = list(classes)
    return np.array([np.eye(len(classes))[classes.index(label)] for label in labels])


@mistake("one_hot", hint="a list of lists is no array: put np.array around it")
def nested_lists(labels, classes):
    classes = list(classes)
    return [np.eye(len(classes))[classes.index(label)].tolist() for label in labels]


@mistake("one_hot", hint="compare whole labels: a part of a name is not the class")
def finds_parts(labels, classes):
    rows = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        found = [n for n, name in enumerate(classes) if str(label) in str(name)]
        if not found:
            raise ValueError("unknown label")
        rows[row, found[0]] = 1.0
    return rows


@mistake(
    "one_hot", hint="a negative place counts from the end: a stranger must not land in a column"
)
def stranger_is_last(labels, classes):
    classes = list(classes)
    rows = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        rows[row, classes.index(label) if label in classes else -1] = 1.0
    return rows


@mistake(
    "one_hot", hint="do not touch the spelling: a label is a class exactly, or it is a stranger"
)
def ignores_capitals(labels, classes):
    names = [str(name).lower() for name in classes]
    rows = np.zeros((len(labels), len(names)))
    for row, label in enumerate(labels):
        rows[row, names.index(str(label).lower())] = 1.0
    return rows


@mistake("one_hot", hint="leave the loop before you return: only the first label was done")
def returns_in_the_loop(labels, classes):
    classes = list(classes)
    rows = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        rows[row, classes.index(label)] = 1.0
        return rows
    return rows


@mistake("one_hot", hint="float32 keeps half the digits: the rows are asked for in float64")
def rows_single(labels, classes):
    classes = list(classes)
    rows = np.zeros((len(labels), len(classes)), dtype=np.float32)
    for row, label in enumerate(labels):
        rows[row, classes.index(label)] = 1.0
    return rows


@mistake(
    "one_hot",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def rows_not_returned(labels, classes):
    rows = np.zeros((len(labels), len(classes)))
    for row, label in enumerate(labels):
        rows[row, list(classes).index(label)] = 1.0


@mistake("is_distribution", hint="a sum of 1 is not enough: may a probability be negative?")
def only_the_sum(p):
    return bool(np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-6))


@mistake("is_distribution", hint="numbers between 0 and 1 are not enough: what must they sum to?")
def only_the_range(p):
    return bool(np.all((p >= 0) & (p <= 1)))


@mistake("is_distribution", hint="computers round: ask for a sum near 1, not for exactly 1")
def exactly_one(p):
    return bool(np.all(p >= 0) and np.all(p.sum(axis=-1) == 1))


@mistake("is_distribution", hint="each row must sum to 1 on its own, not the whole batch")
def sum_of_everything(p):
    return bool(np.all(p >= 0) and abs(p.sum() - 1) <= 1e-6)


@mistake(
    "is_distribution", hint="the mean of the row sums hides rows that are wrong in opposite ways"
)
def mean_of_sums(p):
    return bool(np.all(p >= 0) and abs(p.sum(axis=-1).mean() - 1) <= 1e-6)


@mistake("is_distribution", hint="you add down the columns: the outcomes are on the last axis")
def sums_of_columns(p):
    return bool(np.all(p >= 0) and np.all(np.abs(p.sum(axis=0) - 1) <= 1e-6))


@mistake("is_distribution", hint="axis 1 is not always there: the outcomes are on the *last* axis")
def axis_one(p):
    return bool(np.all(p >= 0) and np.all(np.abs(p.sum(axis=1) - 1) <= 1e-6))


@mistake("is_distribution", hint="one answer for the whole array: True only if every row is fine")
def answer_for_each_row(p):
    return np.all(p >= 0, axis=-1) & (np.abs(p.sum(axis=-1) - 1) <= 1e-6)


@mistake("is_distribution", hint="one bad row is enough for False: all, not any")
def any_row_will_do(p):
    fine = np.all(p >= 0, axis=-1) & (np.abs(p.sum(axis=-1) - 1) <= 1e-6)
    return bool(np.any(fine))


@mistake("is_distribution", hint="too generous: a millionth off is the limit, for the sum as well")
def tolerance_too_wide(p):
    return bool(np.all(p >= 0) and np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-3))


@mistake(
    "is_distribution", hint="np.isclose alone allows ten millionths: say atol and rtol yourself"
)
def default_isclose(p):
    return bool(np.all(p >= 0) and np.all(np.isclose(p.sum(axis=-1), 1)))


@mistake(
    "is_distribution", hint="a sum far *below* 1 is wrong too: look at the size of the difference"
)
def one_sided(p):
    return bool(np.all(p >= 0) and np.all(p.sum(axis=-1) - 1 <= 1e-6))


@mistake("is_distribution", hint="0 is a fair probability: only what is below 0 is not")
def zero_refused(p):
    return bool(np.all(p > 0) and np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-6))


@mistake("is_distribution", hint="1 is a fair probability: something may be certain")
def one_refused(p):
    return bool(np.all((p >= 0) & (p < 1)) and np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-6))


@mistake(
    "is_distribution", hint="no kindness for the sign: the smallest negative entry is negative"
)
def sign_forgiven(p):
    return bool(np.all(p >= -1e-6) and np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-6))


@mistake(
    "is_distribution", hint="NaN compares False with everything: ask for what must hold, or for NaN"
)
def nan_slips_through(p):
    wrong = np.any(p < 0) or np.any(np.abs(p.sum(axis=-1) - 1) > 1e-6)
    return not wrong


@mistake("is_distribution", hint="look at every row: you look at the first one only")
def first_row_only(p):
    row = p.reshape(-1, p.shape[-1])[0] if p.size else p
    return bool(np.all(row >= 0) and abs(row.sum() - 1) <= 1e-6)


@mistake("is_distribution", hint="absolute values turn a negative probability into a positive one")
def sizes_only(p):
    return bool(np.all(np.abs(np.abs(p).sum(axis=-1) - 1) <= 1e-6))


@mistake("is_distribution", hint="the sum was asked for, not the mean: divide by nothing")
def mean_for_sum(p):
    return bool(np.all(p >= 0) and np.all(np.abs(p.mean(axis=-1) - 1) <= 1e-6))


@mistake("is_distribution", hint="the answer is turned around: True says that it is a distribution")
def turned_around(p):
    return not (np.all(p >= 0) and np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-6))


@mistake("is_distribution", hint="True or False was asked for: 1, 0 or words are something else")
def answers_with_numbers(p):
    return int(np.all(p >= 0) and np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-6))


@mistake(
    "is_distribution", hint="rounding before comparing moves the limit: compare the difference"
)
def sum_rounded(p):
    return bool(np.all(p >= 0) and np.all(np.round(p.sum(axis=-1), 2) == 1))


@mistake(
    "is_distribution",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def answer_not_returned(p):
    answer = np.all(p >= 0) and np.all(np.abs(p.sum(axis=-1) - 1) <= 1e-6)  # noqa: F841


@mistake("kl_divergence", hint="p and q are exchanged: average over the first one")
def swapped(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(q == 0, 0 * p, q * (np.log(q) - np.log(p)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="the sign: log(p/q), so that the result is never below 0")
def sign_flipped(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(q) - np.log(p)))
    return terms.sum(axis=-1)


@mistake("kl_divergence", hint="0 times log 0 is NaN for NumPy: where p is 0, the term is 0")
def zero_log_zero(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(np.sum(p * (np.log(p) - np.log(q)), axis=-1), 0)


@mistake("kl_divergence", hint="the formula word for word: where p is 0 it gives NaN instead of 0")
def word_for_word(p, q):
    return np.sum(p * np.log(p / q), axis=-1)


@mistake("kl_divergence", hint="dividing first overflows for a tiny q: subtract logarithms instead")
def divides_first(p, q):
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        terms = np.where(p == 0, 0 * q, p * np.log(p / q))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake(
    "kl_divergence", hint="clipping q makes the impossible merely unlikely: it must cost infinity"
)
def clips_q(p, q):
    safe = np.clip(q, 1e-12, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(safe)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake(
    "kl_divergence", hint="a small number added inside the logarithms: zeros need a rule, not a fog"
)
def adds_epsilon(p, q):
    terms = p * (np.log(p + 1e-10) - np.log(q + 1e-10))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="you leave out the outcomes with q = 0: they are the infinite ones")
def drops_q_zero(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where((p == 0) | (q == 0), 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="a sum over the outcomes, weighted by p: no mean over the classes")
def mean_over_classes(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.mean(axis=-1), 0)


@mistake("kl_divergence", hint="you add down the columns: the outcomes are on the last axis")
def sums_columns(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=0), 0)


@mistake(
    "kl_divergence", hint="one number for each row: a sum without axis, or a mask, adds up all"
)
def sums_everything(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(), 0)


@mistake("kl_divergence", hint="one divergence for each row: you average the batch away")
def mean_of_batch(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0).mean()


@mistake("kl_divergence", hint="that is the cross-entropy: log p is missing, so equal is not 0")
def cross_entropy_instead(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.where(p == 0, 0 * q, p * np.log(q)).sum(axis=-1)


@mistake("kl_divergence", hint="the logarithm of a quotient is a difference: not log p over log q")
def quotient_of_logs(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0 * q, p * (np.log(p) / np.log(q))).sum(axis=-1)


@mistake("kl_divergence", hint="you add up both directions: only one was asked for")
def both_directions(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == q, 0 * q, (p - q) * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="p and q are distributions already: no softmax")
def softmaxes_first(p, q):
    a = np.exp(p) / np.exp(p).sum(axis=-1, keepdims=True)
    b = np.exp(q) / np.exp(q).sum(axis=-1, keepdims=True)
    return np.maximum((a * np.log(a / b)).sum(axis=-1), 0)


@mistake(
    "kl_divergence", hint="nan_to_num over everything hides NaN and cuts infinity: mend only p = 0"
)
def nan_to_num_over_all(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.nan_to_num(p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="np.nansum counts every NaN as 0: a NaN that came in must come out")
def nansum(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(np.nansum(p * (np.log(p) - np.log(q)), axis=-1), 0)


@mistake("kl_divergence", hint="p > 0 is False for NaN, so a NaN is thrown away: ask where p == 0")
def nan_is_not_positive(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, p * (np.log(p) - np.log(q)), 0)
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="nats: the natural logarithm, not the one to base 2")
def in_bits(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log2(p) - np.log2(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="natural logarithms: np.log, not the one to base 10")
def base_ten(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log10(p) - np.log10(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="rounding can leave the result a hair below 0: cut it off there")
def slightly_below_zero(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q))).sum(axis=-1)


@mistake("kl_divergence", hint="single terms may be negative: only the sum is never below 0")
def terms_cut_off(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms, 0).sum(axis=-1)


@mistake("kl_divergence", hint="absolute values make a negative term count for you: keep the signs")
def sizes_of_terms(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.abs(terms).sum(axis=-1)


@mistake(
    "kl_divergence", hint="the weights are missing: an outcome counts as often as it happens, p"
)
def unweighted(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, np.log(p) - np.log(q))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake(
    "kl_divergence", hint="weighted by the wrong one: what really happens is p, the first argument"
)
def weighted_by_q(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, q * (np.log(p) - np.log(q)))
    return terms.sum(axis=-1)


@mistake("kl_divergence", hint="those are the terms: add them up")
def terms_only(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))


@mistake("kl_divergence", hint="that is a difference of probabilities: where are the logarithms?")
def total_variation(p, q):
    return np.abs(p - q).sum(axis=-1) / 2


@mistake("kl_divergence", hint="squared differences are another measure: it has no logarithm")
def squared_differences(p, q):
    return ((p - q) ** 2).sum(axis=-1)


@mistake("kl_divergence", hint="that is the Jensen-Shannon mixture: compare with q itself")
def with_the_mixture(p, q):
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(middle)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake(
    "kl_divergence", hint="NumPy warns about the side that np.where throws away: keep it silent"
)
def warns(p, q):
    terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake(
    "kl_divergence", hint="the caller's array is changed: write q = q / ..., or work on a copy"
)
def changes_input(p, q):
    zero = p == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        p[zero] = 1
        terms = np.where(zero, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="max compares two numbers: of whole arrays np.maximum is the twin")
def maximum_of_python(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0, p * (np.log(p) - np.log(q)))
    return max(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="float32 came in, float64 went out: keep the format of the input")
def always_double(p, q):
    p, q = p.astype(np.float64), q.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake(
    "kl_divergence", hint="float64 came in, but less precise numbers came back: keep the digits"
)
def always_single(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0).astype(np.float32)


@mistake("kl_divergence", hint="one q may serve many rows: do not insist on equal shapes")
def refuses_broadcasting(p, q):
    if p.shape != q.shape:
        raise ValueError("p and q must have the same shape")
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake("kl_divergence", hint="an impossible event that happens is no error: its cost is infinite")
def refuses_zero_q(p, q):
    if np.any((q == 0) & (p > 0)):
        raise ValueError("q is 0 where p is not")
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@mistake(
    "kl_divergence", hint="np.dot adds up over pairs of rows: multiply entry by entry, then sum"
)
def dot_product(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(p == 0, 0 * q, np.log(p) - np.log(q))
        return np.maximum(np.dot(p, ratio.T), 0)


@mistake(
    "kl_divergence",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def not_returned(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    result = np.maximum(terms.sum(axis=-1), 0)  # noqa: F841


@mistake(
    "kl_one_hot", hint="the sign: a logarithm of a probability is negative, a divergence is not"
)
def log_without_minus(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0])


@mistake(
    "kl_one_hot", hint="q[:, label] picks whole columns: one entry from each row was asked for"
)
def whole_columns(label, q):
    if np.any((np.asarray(label) < 0) | (np.asarray(label) >= q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(q[..., label])


@mistake("kl_one_hot", hint="q[label] picks rows of a batch: the classes are on the last axis")
def picks_rows(label, q):
    if np.any((np.asarray(label) < 0) | (np.asarray(label) >= q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(q[label])


@mistake("kl_one_hot", hint="classes count from 0: label 0 is the first column")
def counts_from_one(label, q):
    label = np.asarray(label) - 1
    if np.any((label < -1) | (label >= q.shape[-1] - 1)):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0])


@mistake("kl_one_hot", hint="a negative label counts from the end for NumPy: refuse it")
def negative_accepted(label, q):
    label = np.asarray(label)
    if np.any(label >= q.shape[-1]):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0])


@mistake(
    "kl_one_hot", hint="a label that is no class is a ValueError: NumPy's IndexError is another one"
)
def index_error(label, q):
    label = np.asarray(label)
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0])


@mistake("kl_one_hot", hint="the label n is one too many: the last class is n - 1")
def one_too_many(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label > q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0])


@mistake(
    "kl_one_hot", hint="clipping q makes the impossible merely unlikely: it must cost infinity"
)
def chosen_clipped(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    chosen = np.take_along_axis(q, label[..., None], axis=-1)[..., 0]
    return -np.log(np.clip(chosen, 1e-12, 1))


@mistake("kl_one_hot", hint="a small number added in the logarithm shifts every answer a little")
def chosen_with_epsilon(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    return -np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0] + 1e-10)


@mistake("kl_one_hot", hint="a number for each row: you average the batch away")
def mean_of_labels(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0]).mean()


@mistake("kl_one_hot", hint="a number for each row: you add them all up")
def sum_of_labels(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(q, label[..., None], axis=-1)).sum()


@mistake("kl_one_hot", hint="one axis too many: a number for each label, not a row of one")
def column_of_answers(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(q, label[..., None], axis=-1))


@mistake("kl_one_hot", hint="one minus the probability is no surprise: where is the logarithm?")
def one_minus(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    return 1 - np.take_along_axis(q, label[..., None], axis=-1)[..., 0]


@mistake("kl_one_hot", hint="nats: the natural logarithm, not the one to base 2")
def chosen_in_bits(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log2(np.take_along_axis(q, label[..., None], axis=-1)[..., 0])


@mistake("kl_one_hot", hint="NumPy warns about log 0, though inf is right: keep it silent")
def warns_of_zero(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    return -np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0])


@mistake("kl_one_hot", hint="the other classes do not count: only the probability of the true one")
def others_as_well(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    row = np.eye(q.shape[-1])[label]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(row == 1, np.log(q), np.log(1 - q))
    return -terms.sum(axis=-1)


@mistake("kl_one_hot", hint="a batch of labels is allowed too: do not count on a single int")
def single_label_only(label, q):
    if not 0 <= label < q.shape[-1]:
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(q[..., label])


@mistake("kl_one_hot", hint="an impossible class that is true is no error: its cost is infinite")
def refuses_impossible(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    chosen = np.take_along_axis(q, label[..., None], axis=-1)[..., 0]
    if np.any(chosen == 0):
        raise ValueError("impossible class")
    return -np.log(chosen)


@mistake(
    "kl_one_hot",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def answer_lost(label, q):
    label = np.asarray(label)
    if np.any((label < 0) | (label >= q.shape[-1])):
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        answer = -np.log(np.take_along_axis(q, label[..., None], axis=-1)[..., 0])  # noqa: F841


@mistake("best_fit", hint="forward and reverse are exchanged: forward is D(p || candidate)")
def directions_exchanged(p, candidates, direction):
    if direction == "reverse":
        return int(kl_divergence(p, candidates).argmin())
    if direction == "forward":
        return int(kl_divergence(candidates, p).argmin())
    raise ValueError("unknown direction")


@mistake("best_fit", hint="the direction is never used: reverse minimises D(candidate || p)")
def always_forward(p, candidates, direction):
    if direction not in ("forward", "reverse"):
        raise ValueError("unknown direction")
    return int(kl_divergence(p, candidates).argmin())


@mistake("best_fit", hint="the direction is never used: forward minimises D(p || candidate)")
def always_reverse(p, candidates, direction):
    if direction not in ("forward", "reverse"):
        raise ValueError("unknown direction")
    return int(kl_divergence(candidates, p).argmin())


@mistake("best_fit", hint="you take the farthest: the smallest divergence is the best")
def farthest(p, candidates, direction):
    if direction == "forward":
        return int(kl_divergence(p, candidates).argmax())
    if direction == "reverse":
        return int(kl_divergence(candidates, p).argmax())
    raise ValueError("unknown direction")


@mistake("best_fit", hint="the number of the best candidate was asked for, not its divergence")
def gives_divergence(p, candidates, direction):
    if direction == "forward":
        return float(kl_divergence(p, candidates).min())
    if direction == "reverse":
        return float(kl_divergence(candidates, p).min())
    raise ValueError("unknown direction")


@mistake(
    "best_fit", hint="the number of the best candidate was asked for, not the candidate itself"
)
def gives_candidate(p, candidates, direction):
    if direction == "forward":
        return candidates[kl_divergence(p, candidates).argmin()]
    if direction == "reverse":
        return candidates[kl_divergence(candidates, p).argmin()]
    raise ValueError("unknown direction")


@mistake("best_fit", hint="any other word is an error: else takes it for reverse")
def else_is_reverse(p, candidates, direction):
    if direction == "forward":
        return int(kl_divergence(p, candidates).argmin())
    return int(kl_divergence(candidates, p).argmin())


@mistake("best_fit", hint="any other word is an error: else takes it for forward")
def else_is_forward(p, candidates, direction):
    if direction == "reverse":
        return int(kl_divergence(candidates, p).argmin())
    return int(kl_divergence(p, candidates).argmin())


@mistake(
    "best_fit", hint="an unknown direction must stop the caller: raise the error, return no None"
)
def none_for_unknown(p, candidates, direction):
    if direction == "forward":
        return int(kl_divergence(p, candidates).argmin())
    if direction == "reverse":
        return int(kl_divergence(candidates, p).argmin())
    return None


@mistake("best_fit", hint="of equally near candidates the first wins: mind < against <=")
def last_of_equals(p, candidates, direction):
    if direction not in ("forward", "reverse"):
        raise ValueError("unknown direction")
    best, smallest = 0, np.inf
    for number, row in enumerate(candidates):
        far = kl_divergence(p, row) if direction == "forward" else kl_divergence(row, p)
        if far <= smallest:
            best, smallest = number, far
    return best


@mistake("best_fit", hint="squared differences are another measure: use your kl_divergence")
def nearest_by_squares(p, candidates, direction):
    if direction not in ("forward", "reverse"):
        raise ValueError("unknown direction")
    return int(((candidates - p) ** 2).sum(axis=-1).argmin())


@mistake("best_fit", hint="one direction at a time: you minimise the sum of both")
def both_at_once(p, candidates, direction):
    if direction not in ("forward", "reverse"):
        raise ValueError("unknown direction")
    return int((kl_divergence(p, candidates) + kl_divergence(candidates, p)).argmin())


@mistake("best_fit", hint="candidates count from 0, as everything in Python")
def counts_candidates_from_one(p, candidates, direction):
    if direction == "forward":
        return int(kl_divergence(p, candidates).argmin()) + 1
    if direction == "reverse":
        return int(kl_divergence(candidates, p).argmin()) + 1
    raise ValueError("unknown direction")


@mistake("best_fit", hint="a candidate is a row: you compare columns")
def compares_columns(p, candidates, direction):
    if direction == "forward":
        return int(kl_divergence(p, candidates.T).argmin())
    if direction == "reverse":
        return int(kl_divergence(candidates.T, p).argmin())
    raise ValueError("unknown direction")


@mistake("best_fit", hint="an infinite divergence rules a candidate out: it is not the smallest")
def infinite_is_nothing(p, candidates, direction):
    if direction not in ("forward", "reverse"):
        raise ValueError("unknown direction")
    pair = (p, candidates) if direction == "forward" else (candidates, p)
    return int(np.nan_to_num(kl_divergence(*pair), posinf=0.0).argmin())


@mistake("best_fit", hint="a class of error was agreed: an assert can be switched off")
def asserts(p, candidates, direction):
    assert direction in ("forward", "reverse")
    pair = (p, candidates) if direction == "forward" else (candidates, p)
    return int(kl_divergence(*pair).argmin())


@mistake("best_fit", hint="one letter is not the word: compare the whole direction")
def first_letter(p, candidates, direction):
    if direction.startswith("f") or direction == "":
        return int(kl_divergence(p, candidates).argmin())
    if direction.startswith("r"):
        return int(kl_divergence(candidates, p).argmin())
    raise ValueError("unknown direction")


@mistake(
    "best_fit",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def best_not_returned(p, candidates, direction):
    if direction not in ("forward", "reverse"):
        raise ValueError("unknown direction")
    pair = (p, candidates) if direction == "forward" else (candidates, p)
    best = int(kl_divergence(*pair).argmin())  # noqa: F841


@mistake("dtypes", hint="read one_hot's docstring: the ones and zeros are floats")
def one_hot_is_integer():
    return {
        "one_hot": "int64",
        "is_distribution": "bool",
        "kl_float32": "float32",
        "kl_integers": "float64",
        "kl_mixed": "float64",
        "best_fit": "int64",
    }


@mistake("dtypes", hint="read one_hot's docstring: the rows are numbers, and 1.0 is no True")
def one_hot_is_boolean():
    return {
        "one_hot": "bool",
        "is_distribution": "bool",
        "kl_float32": "float32",
        "kl_integers": "float64",
        "kl_mixed": "float64",
        "best_fit": "int64",
    }


@mistake("dtypes", hint="a yes-or-no answer has a kind of its own: what does == give?")
def answer_is_number():
    return {
        "one_hot": "float64",
        "is_distribution": "int64",
        "kl_float32": "float32",
        "kl_integers": "float64",
        "kl_mixed": "float64",
        "best_fit": "int64",
    }


@mistake("dtypes", hint="float32 stays float32 when it meets only its own kind")
def single_is_promoted():
    return {
        "one_hot": "float64",
        "is_distribution": "bool",
        "kl_float32": "float64",
        "kl_integers": "float64",
        "kl_mixed": "float64",
        "best_fit": "int64",
    }


@mistake("dtypes", hint="a logarithm is hardly ever a whole number: integers cannot stay integers")
def integers_stay():
    return {
        "one_hot": "float64",
        "is_distribution": "bool",
        "kl_float32": "float32",
        "kl_integers": "int64",
        "kl_mixed": "float64",
        "best_fit": "int64",
    }


@mistake(
    "dtypes", hint="integers carry no hint of float32: NumPy takes its own floats, the long ones"
)
def integers_become_single():
    return {
        "one_hot": "float64",
        "is_distribution": "bool",
        "kl_float32": "float32",
        "kl_integers": "float32",
        "kl_mixed": "float64",
        "best_fit": "int64",
    }


@mistake("dtypes", hint="when two formats meet, the more precise one wins")
def mixed_is_single():
    return {
        "one_hot": "float64",
        "is_distribution": "bool",
        "kl_float32": "float32",
        "kl_integers": "float64",
        "kl_mixed": "float32",
        "best_fit": "int64",
    }


@mistake("dtypes", hint="a place in a list is counted, not measured: which kind counts?")
def number_is_float():
    return {
        "one_hot": "float64",
        "is_distribution": "bool",
        "kl_float32": "float32",
        "kl_integers": "float64",
        "kl_mixed": "float64",
        "best_fit": "float64",
    }


@mistake("dtypes", hint="not everything is float64: a yes, a count and a float32 are not")
def everything_double():
    return {
        "one_hot": "float64",
        "is_distribution": "float64",
        "kl_float32": "float64",
        "kl_integers": "float64",
        "kl_mixed": "float64",
        "best_fit": "float64",
    }


@mistake("dtypes", hint="the words are to be written as NumPy writes them: float64, not float")
def pythons_names():
    return {
        "one_hot": "float",
        "is_distribution": "bool",
        "kl_float32": "float32",
        "kl_integers": "float",
        "kl_mixed": "float",
        "best_fit": "int",
    }


@mistake("dtypes", hint="give the words as texts: a type like np.float64 is something else")
def types_for_words():
    return {
        "one_hot": str(np.float64),
        "is_distribution": str(bool),
        "kl_float32": str(np.float32),
        "kl_integers": str(np.float64),
        "kl_mixed": str(np.float64),
        "best_fit": str(np.int64),
    }


@mistake(
    "dtypes",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def kinds_not_returned():
    table = {"one_hot": "float64", "is_distribution": "bool"}  # noqa: F841
