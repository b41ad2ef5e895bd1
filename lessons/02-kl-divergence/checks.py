"""What each question of this lesson asks, simplest first. Values, not properties, are compared.

Pairs of distributions are never mirrored and batches have unequal rows: on those, swapped arguments
and wrong axes look right. Longer than other files: seven questions, each with its probes together.
"""

import numpy as np

from autograder.probe import Question, probe

LIBRARY = ("scipy", "torch", "tensorflow", "jax", "mlkit", "sklearn")

q_shapes = Question("shapes", "What is this: scalar, vector or matrix?")
q_one_hot = Question("one_hot", "One-hot rows", forbid=(*LIBRARY, "pandas"))
q_is_distribution = Question("is_distribution", "Is that a distribution?")
q_kl = Question("kl_divergence", "The Kullback–Leibler divergence", forbid=LIBRARY)
q_kl_one_hot = Question("kl_one_hot", "The divergence from a certain P", forbid=LIBRARY)
q_best_fit = Question("best_fit", "The best fit, forward and in reverse", forbid=LIBRARY)
q_dtypes = Question("dtypes", "What kind of numbers?")

INF, NAN = np.inf, np.nan


def coin():
    """A loaded coin. What is given is made anew each time: a student's code may change it."""
    return np.array([0.9, 0.1])


def fair():
    """A fair coin."""
    return np.array([0.5, 0.5])


def as_text(shape):
    """A shape as text, as "(4, 3)"; tuples and lists of the same lengths read the same."""
    if not isinstance(shape, tuple | list):
        return repr(shape)
    return repr(tuple(int(n) if isinstance(n, int | np.integer) else n for n in shape))


def texts_of(table, *names):
    """Some rows of a student's table with their shapes as text, so that a finding names the row."""
    if not isinstance(table, dict):
        return table
    return {name: as_text(table[name]) for name in names if name in table}


def kinds_of(table, *names):
    """Some rows of a student's table; anything but a table comes back as it is."""
    if not isinstance(table, dict):
        return table
    return {name: table[name] for name in names if name in table}


def format_of(result):
    """The number format of an array, or else what came in its place."""
    return str(getattr(result, "dtype", type(result).__name__))


def rows_of(rng, *shape):
    """Distributions at random, none of them near a corner."""
    raw = rng.uniform(0.1, 1.0, size=shape)
    return raw / raw.sum(axis=-1, keepdims=True)


@probe("shapes", "one label for each example, one row for each label", weight=2)
def labels_and_rows(shapes):
    return texts_of(shapes(4, 3), "labels", "one_hot")


@probe("shapes", "one distribution, and its term for each outcome", weight=2)
def one_distribution(shapes):
    return texts_of(shapes(2, 5), "distribution", "terms")


@probe("shapes", "the divergence of one pair", weight=2)
def one_divergence(shapes):
    return texts_of(shapes(6, 4), "divergence")


@probe("shapes", "the divergences of a batch, with one Q and of all pairs", weight=2)
def many_divergences(shapes):
    return texts_of(shapes(3, 7), "batch_divergence", "all_pairs")


@probe("shapes", "the names of the docstring and no others, a tuple for each")
def kinds_of_rows(shapes):
    table = shapes(5, 4)
    if not isinstance(table, dict):
        return table
    kinds = {True: "a tuple", False: "no tuple"}
    return {f"{name}: {kinds[isinstance(table[name], tuple)]}": None for name in table}


@probe("shapes", "a larger batch", hidden=True)
def larger_batch(shapes):
    return texts_of(shapes(32, 10), "labels", "one_hot", "terms")


@probe("shapes", "the divergences of a larger batch", hidden=True)
def larger_divergences(shapes):
    return texts_of(shapes(32, 10), "batch_divergence", "all_pairs", "divergence")


@probe("one_hot", "two labels of three classes", weight=2)
def two_labels(one_hot):
    return one_hot(["b", "a"], ["a", "b", "c"])


@probe("one_hot", "the island table", weight=2)
def island_table(one_hot):
    return one_hot(["Torgersen", "Biscoe", "Torgersen"], ["Biscoe", "Dream", "Torgersen"])


@probe("one_hot", "columns in the order of the classes, not of the alphabet", weight=2)
def given_order(one_hot):
    return one_hot(["Gentoo", "Adelie", "Chinstrap", "Adelie"], ["Gentoo", "Chinstrap", "Adelie"])


@probe("one_hot", "a label that is not among the classes", weight=2)
def stranger(one_hot):
    return one_hot(["Biscoe", "Torgerson"], ["Biscoe", "Dream", "Torgersen"])


@probe("one_hot", "labels that are numbers", weight=2)
def digits(one_hot):
    return one_hot([7, 2, 7], [1, 2, 3, 7])


@probe("one_hot", "a class that no label names", hidden=True)
def unused_class(one_hot):
    return one_hot(["x", "x", "y"], ["w", "x", "y", "z"])


@probe("one_hot", "labels in a NumPy array, classes in a tuple", hidden=True)
def arrays_of_labels(one_hot):
    return one_hot(np.array(["no", "yes", "no"]), ("yes", "no")), one_hot(
        np.array([2, 0]), range(3)
    )


@probe("one_hot", "no labels at all", hidden=True)
def no_labels(one_hot):
    return np.shape(one_hot([], ["a", "b"]))


@probe("one_hot", "a number that is not among the classes", hidden=True)
def strange_numbers(one_hot):
    return one_hot([0, -1], [0, 1, 2])


@probe("one_hot", "part of a class's name is not the class", hidden=True)
def part_of_a_name(one_hot):
    return one_hot(["Dre"], ["Biscoe", "Dream", "Torgersen"])


@probe("one_hot", "capital letters count", hidden=True)
def capital_letters(one_hot):
    return one_hot(["dream"], ["Biscoe", "Dream", "Torgersen"])


@probe("one_hot", "floats, of format float64", hidden=True)
def format_of_rows(one_hot):
    return format_of(one_hot(["b"], ["a", "b"]))


@probe("one_hot", "many labels", hidden=True)
def many_labels(one_hot, rng):
    names = [f"class {n}" for n in range(12)]
    return one_hot([names[n] for n in rng.integers(12, size=40)], names[::-1])


@probe("is_distribution", "a distribution", weight=2)
def honest(is_distribution):
    return is_distribution(np.array([0.2, 0.3, 0.5]))


@probe("is_distribution", "a row that sums to less than 1", weight=2)
def too_small(is_distribution):
    return is_distribution(np.array([0.2, 0.3, 0.4]))


@probe("is_distribution", "a negative entry, though the sum is 1", weight=2)
def negative_entry(is_distribution):
    return is_distribution(np.array([1.2, -0.2]))


@probe("is_distribution", "rounding is forgiven", weight=2)
def rounding(is_distribution):
    return is_distribution(np.array([0.7, 0.2, 0.1])), is_distribution(np.full(49, 1 / 49))


@probe("is_distribution", "one bad row makes a batch False", weight=2)
def one_bad_row(is_distribution):
    return (
        is_distribution(np.array([[0.5, 0.5], [0.9, 0.2]])),
        is_distribution(np.array([[0.4, 0.4], [0.5, 0.5]])),
    )


@probe("is_distribution", "True or False, nothing else")
def kind_of_answer(is_distribution):
    answer = is_distribution(np.array([[0.5, 0.5], [0.25, 0.75]]))
    return isinstance(answer, bool | np.bool_), answer


@probe("is_distribution", "zeros and a certain outcome", hidden=True)
def certain(is_distribution):
    return is_distribution(np.array([0.0, 1.0, 0.0])), is_distribution(np.array([[1.0, 0.0]]))


@probe("is_distribution", "a zero among others, and a single outcome", hidden=True)
def zero_or_one(is_distribution):
    return is_distribution(np.array([0.0, 0.5, 0.5])), is_distribution(np.array([[1.0]]))


@probe("is_distribution", "sizes that sum to 1", hidden=True)
def sizes_that_sum(is_distribution):
    return is_distribution(np.array([0.6, -0.4]))


@probe("is_distribution", "a sum above 1", hidden=True)
def too_large(is_distribution):
    return is_distribution(np.array([0.5, 0.6])), is_distribution(np.array([1.0, 1.0]))


@probe("is_distribution", "rows that are right on average only", hidden=True)
def right_on_average(is_distribution):
    return is_distribution(np.array([[0.4, 0.4], [0.6, 0.6]]))


@probe("is_distribution", "columns that sum to 1 are not rows", hidden=True)
def columns_for_rows(is_distribution):
    return is_distribution(np.array([[0.2, 0.7], [0.8, 0.3]])), is_distribution(
        np.array([[0.25, 0.75], [0.5, 0.5]])
    )


@probe("is_distribution", "NaN and infinity", hidden=True)
def no_numbers(is_distribution):
    return is_distribution(np.array([NAN, 1.0])), is_distribution(np.array([INF, 0.5]))


@probe("is_distribution", "a small negative entry is still negative", hidden=True)
def slightly_negative(is_distribution):
    return is_distribution(np.array([1.0 + 1e-8, -1e-8])), is_distribution(np.array([-0.0, 1.0]))


@probe("is_distribution", "a millionth is the limit", hidden=True)
def the_limit(is_distribution):
    off = (5e-7, -5e-7, 2e-6, -2e-6, 1e-4, 4e-3)
    return [is_distribution(np.array([0.5, 0.5 + error])) for error in off]


@probe("is_distribution", "integers, and a row without entries", hidden=True)
def odd_rows(is_distribution):
    return is_distribution(np.array([0, 1, 0])), is_distribution(np.array([]))


@probe("is_distribution", "a batch of batches", hidden=True)
def deep_distributions(is_distribution, rng):
    rows = rows_of(rng, 2, 3, 4)
    spoilt = rows.copy()
    spoilt[1, 2, 0] += 0.01
    return is_distribution(rows), is_distribution(spoilt)


@probe("is_distribution", "entries far above 1 that cancel out", hidden=True)
def cancelling(is_distribution):
    return is_distribution(np.array([3.0, -2.0])), is_distribution(np.array([[0.5, 0.5], [2, -1]]))


@probe("kl_divergence", "the two coins of the lesson", weight=2)
def two_coins(kl_divergence):
    return kl_divergence(coin(), fair())


@probe("kl_divergence", "the same coins the other way round", weight=2)
def coins_back(kl_divergence):
    return kl_divergence(fair(), coin())


@probe("kl_divergence", "equal distributions", weight=2)
def equal(kl_divergence):
    return kl_divergence(fair(), fair()), kl_divergence(
        np.array([0.2, 0.3, 0.5]), np.array([0.2, 0.3, 0.5])
    )


@probe("kl_divergence", "three outcomes", weight=2)
def three_outcomes(kl_divergence):
    return kl_divergence(np.array([0.7, 0.2, 0.1]), np.array([0.3, 0.3, 0.4]))


@probe("kl_divergence", "what never happens costs nothing, silently", weight=2, quiet=True)
def never_happens(kl_divergence):
    return kl_divergence(np.array([0.0, 1.0]), fair())


@probe("kl_divergence", "what was called impossible costs infinity, silently", weight=2, quiet=True)
def called_impossible(kl_divergence):
    return kl_divergence(fair(), np.array([1.0, 0.0])), kl_divergence(coin(), np.array([0.0, 1.0]))


@probe("kl_divergence", "each row of a batch on its own", weight=2)
def rows(kl_divergence):
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.35, 0.65]])
    return kl_divergence(p, np.array([[0.5, 0.5], [0.5, 0.5], [0.1, 0.9]]))


@probe("kl_divergence", "zero in both, and certain distributions", weight=2, quiet=True)
def zero_in_both(kl_divergence):
    return (
        kl_divergence(np.array([1.0, 0.0]), np.array([1.0, 0.0])),
        kl_divergence(np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.75, 0.0])),
    )


@probe("kl_divergence", "two certain and different distributions", hidden=True, quiet=True)
def different_certainties(kl_divergence):
    return kl_divergence(np.array([1.0, 0.0]), np.array([0.0, 1.0])), kl_divergence(
        np.eye(3), np.eye(3)[[0, 2, 1]]
    )


@probe("kl_divergence", "one q for a batch of p, and one p for a batch of q", hidden=True, weight=2)
def broadcast(kl_divergence, rng):
    many, one = rows_of(rng, 4, 3), rows_of(rng, 3)
    return kl_divergence(many, one), kl_divergence(one, many)


@probe("kl_divergence", "all pairs, by broadcasting", hidden=True)
def all_pairs(kl_divergence, rng):
    many = rows_of(rng, 4, 3)
    return kl_divergence(many[:, None], many[None])


@probe("kl_divergence", "finite, zero and infinite rows in one batch", hidden=True, quiet=True)
def mixed_rows(kl_divergence):
    p = np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.2, 0.2, 0.6], [1.0, 0.0, 0.0]])
    q = np.array([[0.2, 0.3, 0.5], [0.0, 1.0, 0.0], [0.5, 0.5, 0.0], [0.25, 0.0, 0.75]])
    return kl_divergence(p, q)


@probe("kl_divergence", "never below zero by rounding", hidden=True, weight=2)
def never_below_zero(kl_divergence, rng):
    p = rows_of(rng, 400, 7)
    near = p * (1 + 1e-15 * rng.normal(size=p.shape))
    result = kl_divergence(p, near)
    if not isinstance(result, np.ndarray):
        return result
    return bool(np.all(result >= 0)), bool(np.all(result < 1e-9))


@probe("kl_divergence", "very small probabilities", hidden=True, quiet=True)
def tiny_probabilities(kl_divergence):
    q = np.array([1e-310, 1.0])
    return kl_divergence(np.array([1.0, 0.0]), q), kl_divergence(np.array([0.5, 0.5]), q)


@probe("kl_divergence", "a p so small that p / q is nothing", hidden=True, rtol=1e-6, atol=0.0)
def tiny_truth(kl_divergence):
    return kl_divergence(np.array([1.0, 1e-320]), np.array([0.25, 0.75]))


@probe("kl_divergence", "small differences are kept", hidden=True, rtol=1e-3, atol=0.0)
def small_differences(kl_divergence):
    return kl_divergence(np.array([0.5001, 0.4999]), fair()), kl_divergence(
        np.array([0.3, 0.7]), np.array([0.301, 0.699])
    )


@probe("kl_divergence", "NaN stays NaN in its own row", hidden=True)
def nan_stays(kl_divergence):
    p = np.array([[NAN, 0.5], [0.9, 0.1]])
    q = np.array([[0.9, 0.1], [0.0, NAN], [0.4, 0.6]])
    return kl_divergence(p, fair()), kl_divergence(np.array([0.8, 0.2]), q)


@probe("kl_divergence", "float32 stays float32", hidden=True)
def single(kl_divergence):
    p, q = np.array([[0.9, 0.1], [0.0, 1.0]]), np.array([[0.5, 0.5], [0.25, 0.75]])
    result = kl_divergence(p.astype(np.float32), q.astype(np.float32))
    return result, format_of(result)


@probe("kl_divergence", "float64 and integers give float64", hidden=True, quiet=True)
def double(kl_divergence):
    results = [
        kl_divergence(np.array([[0.9, 0.1]]), np.array([[0.5, 0.5]])),
        kl_divergence(np.array([[0, 1], [1, 0]]), np.array([[0.5, 0.5], [0.25, 0.75]])),
        kl_divergence(np.array([[0, 1], [1, 0]]), np.array([[0, 1], [0, 1]])),
    ]
    return results, [format_of(result) for result in results]


@probe("kl_divergence", "more than two axes, and views with gaps in memory", hidden=True)
def deep_and_views(kl_divergence, rng):
    deep, other = rows_of(rng, 2, 3, 4), rows_of(rng, 2, 3, 4)
    return kl_divergence(deep, other), kl_divergence(deep[:, ::2][::-1], other[:, 1:])


@probe("kl_divergence", "a single outcome, and many", hidden=True)
def few_and_many(kl_divergence, rng):
    return kl_divergence(np.array([[1.0], [1.0]]), np.array([[1.0], [1.0]])), kl_divergence(
        rows_of(rng, 1000), rows_of(rng, 1000)
    )


@probe("kl_one_hot", "one label", weight=2)
def one_label(kl_one_hot):
    return kl_one_hot(1, np.array([0.5, 0.25, 0.25])), kl_one_hot(0, np.array([0.6, 0.3, 0.1]))


@probe("kl_one_hot", "a batch, a label for each row", weight=2)
def a_batch(kl_one_hot):
    q = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4], [0.1, 0.85, 0.05]])
    return kl_one_hot(np.array([0, 2, 1]), q)


@probe("kl_one_hot", "a class that was called impossible, silently", weight=2, quiet=True)
def impossible_class(kl_one_hot):
    return kl_one_hot(1, np.array([0.4, 0.0, 0.6]))


@probe("kl_one_hot", "a label beyond the last class", weight=2)
def beyond_the_last(kl_one_hot):
    return kl_one_hot(3, np.array([0.5, 0.25, 0.25]))


@probe("kl_one_hot", "a label below 0", hidden=True, weight=2)
def below_zero(kl_one_hot):
    return kl_one_hot(-1, np.array([0.5, 0.2, 0.3]))


@probe("kl_one_hot", "one label below 0 in a batch", hidden=True)
def one_below_zero(kl_one_hot):
    return kl_one_hot(np.array([1, -2]), np.array([[0.5, 0.2, 0.3], [0.1, 0.1, 0.8]]))


@probe("kl_one_hot", "the first label and the last", hidden=True)
def first_and_last(kl_one_hot):
    q = np.array([0.1, 0.2, 0.3, 0.4])
    return [kl_one_hot(label, q) for label in range(4)]


@probe("kl_one_hot", "certain and impossible rows in one batch", hidden=True, quiet=True)
def certain_rows(kl_one_hot):
    q = np.array([[0.0, 1.0], [0.0, 1.0], [0.25, 0.75]])
    return kl_one_hot(np.array([1, 0, 0]), q)


@probe("kl_one_hot", "tiny probabilities", hidden=True)
def tiny_chosen(kl_one_hot):
    return kl_one_hot(1, np.array([1.0, 1e-300])), kl_one_hot(0, np.array([1e-14, 1.0]))


@probe("kl_one_hot", "a batch of one, labels that repeat", hidden=True)
def repeated_labels(kl_one_hot, rng):
    q = rows_of(rng, 5, 4)
    return kl_one_hot(np.array([2, 2, 0, 2, 3]), q), kl_one_hot(np.array([3]), q[:1])


@probe("kl_one_hot", "as many examples as classes", hidden=True)
def square_batch(kl_one_hot, rng):
    return kl_one_hot(np.array([2, 0, 0]), rows_of(rng, 3, 3))


@probe("kl_one_hot", "a certain truth and a certain belief", hidden=True)
def no_surprise(kl_one_hot):
    return kl_one_hot(0, np.array([1.0, 0.0])), kl_one_hot(2, np.array([0.0, 0.0, 1.0]))


def five():
    """Five candidates over three outcomes."""
    first = [[0.9, 0.05, 0.05], [0.34, 0.33, 0.33], [0.48, 0.48, 0.04]]
    return np.array([*first, [0.05, 0.05, 0.9], [0.6, 0.2, 0.2]])


@probe("best_fit", "two candidates, forward", weight=2)
def two_forward(best_fit):
    return best_fit(np.array([0.5, 0.5]), np.array([[0.9, 0.1], [0.6, 0.4]]), "forward")


@probe("best_fit", "the example of the lesson, both ways", weight=2, quiet=True)
def lesson_candidates(best_fit):
    p, rows = np.array([0.5, 0.5, 0.0]), np.array([[0.4, 0.4, 0.2], [0.9, 0.1, 0.0]])
    return best_fit(p, rows, "forward"), best_fit(p, rows, "reverse")


@probe("best_fit", "a direction of another name", weight=2)
def unknown_direction(best_fit):
    rows = np.array([[0.4, 0.4, 0.2], [0.9, 0.1, 0.0]])
    return best_fit(np.array([0.5, 0.5, 0.0]), rows, "sideways")


@probe("best_fit", "five candidates, both ways", weight=2)
def five_candidates(best_fit):
    p = np.array([0.55, 0.25, 0.2])
    return best_fit(p, five(), "forward"), best_fit(p, five(), "reverse")


def two_bumps(rng):
    """A truth with two bumps, and bells of many centres and widths to fit to it."""
    x = np.arange(24)
    centre, width = np.meshgrid(np.arange(2, 22), [1.0, 2.0, 4.0, 8.0])
    bells = np.exp(-(((x - centre.ravel()[:, None]) / width.ravel()[:, None]) ** 2) / 2)
    share, apart = rng.uniform(0.55, 0.7), rng.integers(11, 14)
    truth = share * bells[4 + 20] + (1 - share) * bells[4 + apart + 20]
    return truth / truth.sum(), bells / bells.sum(axis=1, keepdims=True)


@probe("best_fit", "two bumps and many bells, forward", hidden=True)
def bells_forward(best_fit, rng):
    return best_fit(*two_bumps(rng), "forward")


@probe("best_fit", "two bumps and many bells, in reverse", hidden=True)
def bells_reverse(best_fit, rng):
    return best_fit(*two_bumps(rng), "reverse")


@probe("best_fit", "candidates that are infinitely far", hidden=True, quiet=True)
def infinitely_far(best_fit):
    p = np.array([0.2, 0.8, 0.0])
    rows = np.array([[0.0, 1.0, 0.0], [0.1, 0.4, 0.5], [0.6, 0.4, 0.0], [0.1, 0.1, 0.8]])
    return best_fit(p, rows, "forward"), best_fit(p, rows, "reverse")


@probe("best_fit", "of equally near ones the first", hidden=True)
def equally_near(best_fit):
    rows = np.array([[0.9, 0.1], [0.4, 0.6], [0.6, 0.4], [0.6, 0.4], [0.4, 0.6]])
    return best_fit(np.array([0.7, 0.3]), rows, "forward"), best_fit(
        np.array([0.3, 0.7]), rows, "reverse"
    )


@probe("best_fit", "as many candidates as outcomes", hidden=True)
def square_candidates(best_fit):
    rows = np.array([[0.8, 0.1, 0.1], [0.3, 0.2, 0.5], [0.2, 0.6, 0.2]])
    p = np.array([0.15, 0.55, 0.3])
    return best_fit(p, rows, "forward"), best_fit(p, rows, "reverse")


@probe("best_fit", "a number, of Python's or NumPy's kind", hidden=True)
def kind_of_number(best_fit):
    answer = best_fit(np.array([0.5, 0.5]), np.array([[0.9, 0.1], [0.6, 0.4]]), "reverse")
    return np.ndim(answer), np.asarray(answer).dtype.kind


@probe("best_fit", "no direction at all", hidden=True)
def empty_direction(best_fit):
    return best_fit(np.array([0.5, 0.5]), np.array([[0.9, 0.1], [0.6, 0.4]]), "")


@probe("dtypes", "labels as rows, and a question", weight=2)
def rows_and_answers(dtypes):
    return kinds_of(dtypes(), "one_hot", "is_distribution")


@probe("dtypes", "a divergence of float32 and of integers", weight=2)
def divergences(dtypes):
    return kinds_of(dtypes(), "kl_float32", "kl_integers")


@probe("dtypes", "two formats in one call", weight=2)
def two_formats(dtypes):
    return kinds_of(dtypes(), "kl_mixed")


@probe("dtypes", "the number of a candidate")
def number_of_candidate(dtypes):
    return kinds_of(dtypes(), "best_fit")


@probe("dtypes", "the names of the docstring and no others", hidden=True)
def names_of_kinds(dtypes):
    table = dtypes()
    return sorted(map(str, table)) if isinstance(table, dict) else table
