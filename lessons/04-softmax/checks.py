"""What each question of this lesson asks, simplest first. Values, not properties, are compared.

Inputs have unequal rows and mixed signs: on equal rows and round numbers wrong code looks right.
Longer than other files: ten questions, and the probes of one question belong side by side.
"""

import numpy as np

from autograder.probe import Question, probe

LIBRARY = ("scipy", "torch", "tensorflow", "jax", "mlkit", "numpy.logaddexp")

q_shapes = Question("shapes", "What is this: scalar, vector or matrix?")
q_normalise = Question("normalise", "Normalise")
q_diagnose = Question("diagnose", "What normalising does to scores")
q_softmax = Question("softmax", "Softmax that survives any score", forbid=LIBRARY)
q_log_sum_exp = Question("log_sum_exp", "Log-sum-exp", forbid=LIBRARY)
q_log_softmax = Question("log_softmax", "Log-softmax", forbid=LIBRARY)
q_prediction = Question("prediction", "Predict: what moves which function?")
q_verify = Question("verify", "Verify: the experiment")
q_tempered = Question("tempered_softmax", "Temperature and its limits", forbid=LIBRARY)
q_smallest = Question("smallest_probability", "How small can a probability get?")

INF, NAN = np.inf, np.nan


def rows_of(table, *names):
    """Some rows of a student's table; anything but a table comes back as it is."""
    if not isinstance(table, dict):
        return table
    return {name: table[name] for name in names if name in table}


def as_text(shape):
    """A shape as text, as "(4, 3)"; tuples and lists of the same lengths read the same."""
    if not isinstance(shape, tuple | list):
        return repr(shape)
    return repr(tuple(int(n) if isinstance(n, int | np.integer) else n for n in shape))


def texts_of(table, *names):
    """The same rows with their shapes as text, so that a finding names the row."""
    found = rows_of(table, *names)
    return {name: as_text(found[name]) for name in found} if isinstance(found, dict) else found


def format_of(result):
    """The number format of an array, or else what came in its place."""
    return str(getattr(result, "dtype", type(result).__name__))


@probe("shapes", "one example: its scores and its probabilities", weight=2)
def vectors(shapes):
    return texts_of(shapes(4, 3), "scores", "probabilities")


@probe("shapes", "single numbers: a sum over all classes, a temperature", weight=2)
def scalars(shapes):
    return texts_of(shapes(2, 5), "total", "temperature")


@probe("shapes", "a batch: its scores and its probabilities", weight=2)
def matrices(shapes):
    return texts_of(shapes(6, 2), "batch_scores", "batch_probabilities")


@probe("shapes", "for each example its sum, also with keepdims=True, and its winner", weight=2)
def each_example(shapes):
    return texts_of(shapes(3, 7), "batch_totals", "batch_column", "winners")


@probe("shapes", "the names of the docstring and no others, a tuple for each")
def kinds_of_rows(shapes):
    table = shapes(5, 4)
    if not isinstance(table, dict):
        return table
    kinds = {True: "a tuple", False: "no tuple"}
    return {f"{name}: {kinds[isinstance(table[name], tuple)]}": None for name in table}


@probe("shapes", "the sums of a larger batch", hidden=True)
def larger_sums(shapes):
    return texts_of(shapes(32, 10), "total", "batch_totals")


@probe("shapes", "the same sums with keepdims=True", hidden=True)
def larger_column(shapes):
    return texts_of(shapes(32, 10), "batch_column")


@probe("shapes", "the winners of a larger batch", hidden=True)
def larger_winners(shapes):
    return texts_of(shapes(32, 10), "winners")


@probe("normalise", "two scores")
def pair_of_shares(normalise):
    return normalise(np.array([1.0, 3.0]))


@probe("normalise", "the lecture's [11, 12]")
def lecture_shares(normalise):
    return normalise(np.array([11.0, 12.0]))


@probe("normalise", "a negative score gives a negative share")
def negative_share(normalise):
    return normalise(np.array([-1.0, 3.0, 0.5]))


@probe("normalise", "each row of a batch on its own")
def rows_of_shares(normalise):
    return normalise(np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0], [2.0, 2.0, 5.0]]))


@probe("normalise", "scores that sum to zero give what the division gives")
def no_sum(normalise):
    return normalise(np.array([[1.0, -1.0], [0.0, 0.0], [1.0, 4.0]]))


@probe("normalise", "integer scores", hidden=True, rtol=1e-9, atol=1e-12)
def integer_shares(normalise):
    return normalise(np.array([[2, 3], [-4, -1], [7, 1]]))


@probe("normalise", "scores of a batch of batches", hidden=True)
def deep_shares(normalise, rng):
    return normalise(rng.uniform(-1.0, 4.0, size=(2, 3, 4)))


@probe("normalise", "a view with gaps in memory", hidden=True)
def views_of_shares(normalise, rng):
    return normalise(rng.uniform(0.5, 4.0, size=(6, 4)).T[::2])


@probe("normalise", "scores of any size", hidden=True, atol=0.0)
def sizes_of_shares(normalise):
    return normalise(np.array([[1e-9, 3e-9], [1e9, 2e9]]))


@probe("normalise", "float64 stays float64, integers become float64", hidden=True)
def formats_of_shares(normalise):
    results = normalise(np.array([2.0, 1.0, 4.0])), normalise(np.array([2, 1, 4]))
    return results, [format_of(result) for result in results]


@probe("diagnose", "ordinary scores", weight=3)
def healthy(diagnose):
    return diagnose(np.array([1.0, 3.0]))


@probe("diagnose", "one score below zero", weight=3)
def one_negative(diagnose):
    return diagnose(np.array([1.0, -1.0, 4.0]))


@probe("diagnose", "all scores below zero", weight=3)
def all_negative(diagnose):
    return diagnose(np.array([-1.0, -3.0]))


@probe("diagnose", "scores that cancel out", weight=3)
def cancelling(diagnose):
    return diagnose(np.array([1.0, -1.0]))


@probe("diagnose", "nothing but zeros")
def nothing_at_all(diagnose):
    return diagnose(np.array([0.0, 0.0, 0.0]))


@probe("diagnose", "a mixed row whose sum is below zero", hidden=True)
def negative_total(diagnose):
    return diagnose(np.array([1.0, -3.0]))


@probe("diagnose", "a score below zero in the middle", hidden=True)
def negative_inside(diagnose):
    return diagnose(np.array([2.0, -0.5, 1.0]))


@probe("diagnose", "a zero among good scores", hidden=True)
def harmless_zero(diagnose):
    return diagnose(np.array([0.0, 2.0, 1.0]))


@probe("diagnose", "a zero among negative scores, all integers", hidden=True)
def zero_on_top(diagnose):
    return diagnose(np.array([-5, 0, -1])), diagnose(np.array([-1, -3, 0]))


@probe("diagnose", "a zero before negative scores", hidden=True)
def zero_in_front(diagnose):
    return diagnose(np.array([0.0, -1.0, -3.0]))


@probe("diagnose", "four integers that cancel out", hidden=True)
def four_cancel(diagnose):
    return diagnose(np.array([4, -2, 1, -3]))


@probe("diagnose", "two scores below zero and a sum above it", hidden=True)
def two_negatives(diagnose):
    return diagnose(np.array([-1.0, -2.0, 5.0]))


@probe("diagnose", "equal scores above zero", hidden=True)
def equal_and_positive(diagnose):
    return diagnose(np.array([2.0, 2.0]))


@probe("diagnose", "equal scores below zero: none is the higher one", hidden=True)
def equal_and_negative(diagnose):
    return diagnose(np.array([-2.0, -2.0])), diagnose(np.array([-1.0, -1.0, -1.0]))


@probe("diagnose", "only the last score differs", hidden=True)
def last_differs(diagnose):
    return diagnose(np.array([-2.0, -2.0, -5.0])), diagnose(np.array([1.0, -1.0, 4.0]))


@probe("diagnose", "a small sum is not zero", hidden=True)
def small_sums(diagnose):
    small = ([0.001, 0.003], [0.75, -0.5], [-0.125, -0.25])
    return [diagnose(np.array(scores)) for scores in small]


@probe("diagnose", "every row of three small scores", hidden=True)
def every_small_row(diagnose):
    small = np.array([-2.0, -1.0, 0.0, 1.0, 3.0])
    return [diagnose(small[list(place)]) for place in np.ndindex(5, 5, 5)]


@probe("softmax", "the two scores of the lesson", weight=2)
def lesson_pair(softmax):
    return softmax(np.array([1.0, 2.0]))


@probe("softmax", "three scores of mixed sign", weight=2)
def mixed_signs(softmax):
    return softmax(np.array([-2.0, 0.5, 1.0]))


@probe("softmax", "each row of a batch sums to 1 on its own", weight=2)
def rows(softmax):
    return softmax(np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0], [0.0, -1.0, 5.0]]))


@probe("softmax", "scores in the thousands do not overflow", quiet=True, weight=2)
def thousands(softmax):
    return softmax(np.array([1000.0, 1001.0, 1002.0]))


@probe("softmax", "scores far below zero do not vanish", quiet=True, weight=2)
def far_below(softmax):
    return softmax(np.array([-1001.0, -1000.0]))


@probe("softmax", "scores that lie far apart", quiet=True)
def far_apart(softmax):
    return softmax(np.array([0.0, 1000.0, 1001.0]))


@probe("softmax", "a score of -inf gets probability 0", quiet=True, weight=2)
def masked(softmax):
    return softmax(np.array([1.0, -INF, 3.0]))


@probe("softmax", "integer scores", weight=2)
def integers(softmax):
    return softmax(np.array([1, 2, 4]))


@probe("softmax", "rows of very different scale", hidden=True, weight=2, quiet=True)
def different_scales(softmax):
    return softmax(np.array([[0.0, 1.0], [1000.0, 1001.5], [-1000.0, -1002.0]]))


@probe("softmax", "one row that spans thousands", hidden=True, quiet=True)
def wide_span(softmax):
    return softmax(np.array([-1000.0, 0.0, 1000.0])), softmax(np.array([0.0, 3000.0, 1.0]))


@probe("softmax", "the classes along another axis", hidden=True, weight=2)
def other_axis(softmax, rng):
    z = rng.normal(size=(3, 4))
    return softmax(z, axis=0), softmax(rng.normal(size=(2, 3, 4)), axis=1)


@probe("softmax", "more than two axes", hidden=True)
def deep_batch(softmax, rng):
    return softmax(3 * rng.normal(size=(2, 3, 4)))


@probe("softmax", "very small probabilities are kept", hidden=True, rtol=1e-9, atol=0.0)
def small_but_there(softmax):
    return softmax(np.array([0.0, -200.0])), softmax(np.array([[-40.0, 0.0, 3.0]]))


@probe("softmax", "a row of nothing but -inf is NaN, silently", hidden=True, quiet=True)
def nothing_possible(softmax):
    return softmax(np.array([[-INF, -INF], [0.0, 1.0]]))


@probe("softmax", "NaN stays NaN and leaves other rows alone", hidden=True)
def nan_stays(softmax):
    return softmax(np.array([[NAN, 1.0, 2.0], [1.0, 2.0, 3.0]]))


@probe("softmax", "a score of +inf gives NaN", hidden=True, weight=0.5)
def certain_score(softmax):
    return softmax(np.array([INF, 0.0]))


@probe("softmax", "float32 stays float32, float16 stays float16", hidden=True)
def formats(softmax):
    scores = [[200.0, 201.0], [3.0, -1.0]]
    results = [softmax(np.array(scores, dtype=kind)) for kind in (np.float32, np.float16)]
    return results, [format_of(result) for result in results]


@probe("softmax", "float64 stays float64, integers become float64", hidden=True)
def long_formats(softmax):
    results = softmax(np.array([3.0, -1.0, 2.0])), softmax(np.array([3, -1, 2]))
    return results, [format_of(result) for result in results]


@probe("softmax", "a view with gaps in memory", hidden=True)
def gaps_in_memory(softmax, rng):
    return softmax(rng.normal(size=(6, 5)).T[::2, 1:])


@probe("softmax", "a single class", hidden=True, rtol=1e-10, atol=0.0)
def few(softmax):
    return softmax(np.array([[5.0], [-7.0]]))


@probe("softmax", "the same answer the second time", hidden=True, rtol=1e-9, atol=1e-12)
def asked_twice(softmax, rng):
    z = rng.normal(scale=30.0, size=(4, 6))
    return softmax(z), softmax(z)


@probe("log_sum_exp", "the two scores of the lesson", weight=2)
def soft_maximum(log_sum_exp):
    return log_sum_exp(np.array([1.0, 2.0]))


@probe("log_sum_exp", "three scores of mixed sign", weight=2)
def soft_maximum_of_three(log_sum_exp):
    return log_sum_exp(np.array([-2.0, 0.5, -0.25]))


@probe("log_sum_exp", "one number for each row of a batch", weight=2)
def soft_maxima(log_sum_exp):
    return log_sum_exp(np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0], [0.0, -1.0, 5.0]]))


@probe("log_sum_exp", "scores in the thousands do not overflow", quiet=True, weight=2)
def soft_maximum_of_thousands(log_sum_exp):
    return log_sum_exp(np.array([1000.0, 1001.0, 1002.0]))


@probe("log_sum_exp", "scores far below zero do not vanish", quiet=True, weight=2)
def soft_maximum_far_below(log_sum_exp):
    return log_sum_exp(np.array([-1001.0, -1000.0]))


@probe("log_sum_exp", "scores that lie far apart", quiet=True)
def soft_maximum_far_apart(log_sum_exp):
    return log_sum_exp(np.array([0.0, 1000.0, 1001.0]))


@probe("log_sum_exp", "a score of -inf adds nothing", quiet=True, weight=2)
def soft_maximum_masked(log_sum_exp):
    return log_sum_exp(np.array([1.0, -INF, 3.0]))


@probe("log_sum_exp", "rows of very different scale", hidden=True, weight=2, quiet=True)
def soft_maxima_of_scales(log_sum_exp):
    return log_sum_exp(np.array([[0.0, 1.0], [1000.0, 1001.5], [-1000.0, -1002.0]]))


@probe("log_sum_exp", "nothing but -inf gives -inf, silently", hidden=True, quiet=True)
def soft_maximum_of_nothing(log_sum_exp):
    return log_sum_exp(np.array([[-INF, -INF], [0.0, 1.0]]))


@probe("log_sum_exp", "+inf gives +inf, NaN gives NaN", hidden=True)
def soft_maximum_of_infinity(log_sum_exp):
    return log_sum_exp(np.array([[INF, 0.0], [NAN, 0.0], [2.0, 0.0]]))


@probe("log_sum_exp", "the classes along another axis", hidden=True, weight=2)
def soft_maxima_of_columns(log_sum_exp, rng):
    z = rng.normal(size=(3, 4))
    return log_sum_exp(z, axis=0), log_sum_exp(rng.normal(size=(2, 3, 4)), axis=1)


@probe("log_sum_exp", "integer scores, more than two axes", hidden=True)
def soft_maxima_of_integers(log_sum_exp):
    return log_sum_exp(np.array([[[1, 5, 2], [0, -3, 1]], [[4, 4, 1], [2, 9, 9]]]))


@probe("log_sum_exp", "float32 stays float32, float64 stays float64", hidden=True)
def soft_maximum_format(log_sum_exp):
    scores = [[100.0, 101.0], [3.0, -1.0]]
    results = [log_sum_exp(np.array(scores, dtype=kind)) for kind in (np.float32, np.float64)]
    return results, [format_of(result) for result in results]


@probe("log_sum_exp", "a view with gaps in memory", hidden=True)
def soft_maxima_of_views(log_sum_exp, rng):
    return log_sum_exp(rng.normal(size=(6, 5)).T[::2, 1:])


@probe("log_sum_exp", "a batch of one, a single class", hidden=True)
def soft_maxima_of_few(log_sum_exp):
    return log_sum_exp(np.array([[5.0, 1.0]])), log_sum_exp(np.array([[5.0], [-7.0]]))


@probe("log_sum_exp", "the same answer the second time", hidden=True, rtol=1e-9, atol=1e-12)
def soft_maximum_twice(log_sum_exp, rng):
    z = rng.normal(scale=30.0, size=(4, 6))
    return log_sum_exp(z), log_sum_exp(z)


@probe("log_softmax", "the two scores of the lesson", weight=2)
def log_pair(log_softmax):
    return log_softmax(np.array([1.0, 2.0]))


@probe("log_softmax", "three scores of mixed sign", weight=2)
def log_mixed_signs(log_softmax):
    return log_softmax(np.array([-2.0, 0.5, 1.0]))


@probe("log_softmax", "each row of a batch on its own", weight=2)
def log_rows(log_softmax):
    return log_softmax(np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0], [0.0, -1.0, 5.0]]))


@probe(
    "log_softmax", "the logarithm of a probability that is too small to store", quiet=True, weight=2
)
def too_small(log_softmax):
    return log_softmax(np.array([0.0, -1000.0]))


@probe("log_softmax", "scores in the thousands do not overflow", quiet=True, weight=2)
def log_thousands(log_softmax):
    return log_softmax(np.array([1000.0, 1001.0, 1002.0]))


@probe("log_softmax", "scores far below zero do not vanish", hidden=True, quiet=True)
def log_far_below(log_softmax):
    return log_softmax(np.array([-1001.0, -1000.0]))


@probe("log_softmax", "a probability of e to the -100", hidden=True)
def quite_small(log_softmax):
    return log_softmax(np.array([[0.0, -100.0], [25.0, 0.0]]))


@probe("log_softmax", "a probability of e to the -740, which keeps few digits", hidden=True)
def almost_too_small(log_softmax):
    return log_softmax(np.array([0.0, -740.0, -744.0]))


@probe("log_softmax", "two winners far ahead", hidden=True, quiet=True)
def log_two_winners(log_softmax):
    return log_softmax(np.array([0.0, 0.0, -1000.0]))


@probe("log_softmax", "rows of very different scale", hidden=True, weight=2, quiet=True)
def log_different_scales(log_softmax):
    return log_softmax(np.array([[0.0, 1.0], [1000.0, 1001.5], [-1000.0, -1002.0]]))


@probe("log_softmax", "a score of -inf gives -inf", hidden=True, quiet=True)
def log_masked(log_softmax):
    return log_softmax(np.array([1.0, -INF, 3.0]))


@probe("log_softmax", "a row of nothing but -inf is NaN, silently", hidden=True, quiet=True)
def log_nothing_possible(log_softmax):
    return log_softmax(np.array([[-INF, -INF], [0.0, 1.0]]))


@probe("log_softmax", "NaN stays NaN and leaves other rows alone", hidden=True)
def log_nan_stays(log_softmax):
    return log_softmax(np.array([[NAN, 1.0, 2.0], [1.0, 2.0, 3.0]]))


@probe("log_softmax", "the classes along another axis", hidden=True, weight=2)
def log_other_axis(log_softmax, rng):
    z = rng.normal(size=(3, 4))
    return log_softmax(z, axis=0), log_softmax(rng.normal(size=(2, 3, 4)), axis=1)


@probe("log_softmax", "integer scores, more than two axes", hidden=True)
def log_integers(log_softmax):
    return log_softmax(np.array([[[1, 5, 2], [0, -3, 1]], [[4, 4, 1], [2, 9, 9]]]))


@probe("log_softmax", "float32 stays float32, float64 stays float64", hidden=True)
def log_format(log_softmax):
    scores = [[100.0, 101.0], [3.0, -90.0]]
    results = [log_softmax(np.array(scores, dtype=kind)) for kind in (np.float32, np.float64)]
    return results, [format_of(result) for result in results]


@probe("log_softmax", "a view with gaps in memory, a single class", hidden=True)
def log_views(log_softmax, rng):
    view = rng.normal(size=(6, 5)).T[::2, 1:]
    return log_softmax(view), log_softmax(np.array([[5.0], [-7.0]]))


@probe("log_softmax", "the same answer the second time", hidden=True, rtol=1e-9, atol=1e-12)
def log_twice(log_softmax, rng):
    z = rng.normal(scale=30.0, size=(4, 6))
    return log_softmax(z), log_softmax(z)


@probe("prediction", "what moves normalise")
def predicted_normalise(prediction):
    return rows_of(prediction(), "normalise")


@probe("prediction", "what moves softmax")
def predicted_softmax(prediction):
    return rows_of(prediction(), "softmax")


@probe("prediction", "what moves log-softmax")
def predicted_log_softmax(prediction):
    return rows_of(prediction(), "log_softmax")


@probe("prediction", "what moves log-sum-exp")
def predicted_log_sum_exp(prediction):
    return rows_of(prediction(), "log_sum_exp")


@probe("prediction", "what moves argmax")
def predicted_argmax(prediction):
    return rows_of(prediction(), "argmax")


SCORES = (0.5, 1.0, 2.5)


@probe("verify", "a sum, which both changes move", weight=2)
def both_move(verify):
    return verify({"total": lambda z: z.sum()}, np.array(SCORES))


@probe("verify", "differences, which only multiplying moves", weight=2)
def differences(verify):
    return verify({"differences": lambda z: z - z[0]}, np.array(SCORES))


@probe("verify", "ratios, which only adding moves", weight=2)
def ratios(verify):
    return verify({"ratios": lambda z: z / z[0]}, np.array(SCORES))


@probe("verify", "the order, which nothing moves", weight=2)
def order(verify):
    return verify({"order": lambda z: z.argsort()}, np.array(SCORES))


@probe("verify", "several functions in one table", weight=2)
def whole_table(verify):
    functions = {"spread": lambda z: z.max() - z.min(), "best": lambda z: z.argmax(), "size": abs}
    return verify(functions, np.array([3.0, 1.0, 2.0]))


@probe("verify", "rounding is no change", hidden=True, weight=2)
def rounding(verify):
    return verify({"gap": lambda z: z - z[0], "rate": lambda z: z / z.sum()}, np.array([0.1, 0.7]))


@probe("verify", "a change that keeps the sum is a change", hidden=True)
def same_sum(verify):
    return verify({"rate": lambda z: z / z.sum()}, np.array([0.5, 1.0, 4.0]))


@probe("verify", "a change of one entry only is a change", hidden=True)
def one_entry(verify):
    return verify({"middle": lambda z: np.array([99.0, z[1], -99.0])}, np.array(SCORES))


@probe("verify", "a small change is a change", hidden=True)
def small_change(verify):
    return verify({"faint": lambda z: 1.0 + 1e-4 * z}, np.array(SCORES))


@probe("verify", "the c and the k that are given are used", hidden=True)
def own_constants(verify):
    total = {"total": lambda z: z.sum()}
    return verify(total, np.array(SCORES), c=0.0, k=3.0), verify(total, np.array(SCORES), 1.0, 1.0)


@probe("verify", "each change starts from the original scores", hidden=True)
def from_the_start(verify):
    return verify({"clipped": lambda z: np.minimum(z, 1.0)}, np.array([2.0, 1.0]), k=0.25), verify(
        {"above one": lambda z: z > 1.0}, np.array([0.0, 0.4]), c=0.5
    )


@probe("tempered_softmax", "a temperature of one half", weight=2)
def cold(tempered_softmax):
    return tempered_softmax(np.array([1.0, 2.0]), 0.5)


@probe("tempered_softmax", "a temperature of 2, each row on its own", weight=2)
def warm(tempered_softmax):
    return tempered_softmax(np.array([[1.0, 2.0, 3.0], [3.0, -1.0, 0.0]]), 2.0)


@probe("tempered_softmax", "temperature 0: the winner takes everything", weight=2)
def frozen(tempered_softmax):
    return tempered_softmax(np.array([1.0, 3.0, 2.0]), 0)


@probe("tempered_softmax", "infinite temperature: all equal", weight=2)
def boiling(tempered_softmax):
    return tempered_softmax(np.array([1.0, 3.0, 2.0]), INF)


@probe("tempered_softmax", "a negative temperature is a ValueError", weight=2)
def below_zero(tempered_softmax):
    return tempered_softmax(np.array([1.0, 2.0]), -1.0)


@probe("tempered_softmax", "temperature 0: equal winners share evenly", hidden=True)
def shared(tempered_softmax):
    return tempered_softmax(np.array([[5.0, 1.0, 5.0], [2.0, 2.0, 2.0], [0.0, 0.0, 1.0]]), 0.0)


@probe("tempered_softmax", "temperature 0: almost equal is not equal", hidden=True)
def near_tie(tempered_softmax):
    return tempered_softmax(np.array([1.0, 1.0 + 1e-9]), 0)


@probe("tempered_softmax", "temperature 0: the tiniest lead wins everything", hidden=True)
def tiniest_lead(tempered_softmax):
    return tempered_softmax(np.array([0.0, 1e-13, 2e-13]), 0.0)


@probe("tempered_softmax", "temperature 0: no lead is too small", hidden=True)
def smaller_lead(tempered_softmax):
    return tempered_softmax(np.array([1e-300, 0.0, 0.0]), 0)


@probe("tempered_softmax", "scores and a temperature that are both tiny", hidden=True)
def tiny_everything(tempered_softmax):
    return tempered_softmax(np.array([0.0, 1e-15, 2e-15]), 1e-15), tempered_softmax(
        np.array([2e-290, 1e-290]), 1e-290
    )


@probe("tempered_softmax", "temperature 0 and infinity along another axis", hidden=True)
def limits_of_columns(tempered_softmax):
    z = np.array([[1.0, 5.0, 2.0], [4.0, 0.0, 2.5]])
    return tempered_softmax(z, 0.0, axis=0), tempered_softmax(z, INF, axis=0)


@probe("tempered_softmax", "a very small temperature", hidden=True)
def nearly_frozen(tempered_softmax):
    return tempered_softmax(np.array([[1e10 - 1, 1e10], [7e10, 7e10]]), 1e-300)


@probe("tempered_softmax", "a difference as small as the temperature", hidden=True)
def fine_scale(tempered_softmax):
    return tempered_softmax(np.array([0.0, 1e-6, 2e-6]), 1e-6)


@probe("tempered_softmax", "a high temperature brings back what was hopeless", hidden=True)
def hot(tempered_softmax):
    return tempered_softmax(np.array([0.0, -2000.0]), 1000.0), tempered_softmax(
        np.array([1.0, 3.0, 2.0]), 1e5
    )


@probe("tempered_softmax", "large scores, an axis", hidden=True, rtol=1e-9, atol=1e-12)
def warm_columns(tempered_softmax, rng):
    z = 1000 + rng.normal(scale=5.0, size=(3, 4))
    return tempered_softmax(z, 3.0, axis=0), tempered_softmax(z, temperature=0.7)


@probe("tempered_softmax", "rows of very different scale", hidden=True)
def tempered_scales(tempered_softmax):
    return tempered_softmax(np.array([[0.0, 1.0], [1000.0, 1001.5], [-1000.0, -1002.0]]), 1.5)


@probe("tempered_softmax", "integer scores and an integer temperature", hidden=True)
def tempered_integers(tempered_softmax):
    z = np.array([[1, 2, 4], [0, -3, 1]])
    return tempered_softmax(z, 4), tempered_softmax(z, 0), tempered_softmax(z, 1)


@probe("tempered_softmax", "float64 stays float64", hidden=True)
def tempered_formats(tempered_softmax):
    z = np.array([0.5, 2.0, -1.0])
    results = [tempered_softmax(z, temperature) for temperature in (0, 0.5, 2.0, INF)]
    return results, [format_of(result) for result in results]


def halving(z):
    """A stand-in for softmax, exact everywhere: half of 2 to the -gap for the loser."""
    z = np.asarray(z)
    gap = z[..., 0] - z[..., 1]
    loser = np.where(gap < 149, np.exp2(-1 - gap.astype(np.float64)), 0.0)
    return np.stack([1 - loser, loser], axis=-1)


def breaking(z):
    """Another, which overflows: both get NaN once a score is above 30."""
    return np.where(np.max(z, axis=-1, keepdims=True) > 30, np.nan, halving(z))


@probe("smallest_probability", "two gaps", atol=0.0, rtol=1e-4, weight=2)
def two_gaps(smallest_probability):
    return smallest_probability(halving, np.array([0.0, 2.0]))


@probe("smallest_probability", "a probability of 0 does not count", atol=0.0, rtol=1e-4, weight=2)
def zero_does_not_count(smallest_probability):
    return smallest_probability(halving, np.array([1.0, 50.0, 148.0, 149.0, 150.0]))


@probe("smallest_probability", "NaN does not count", atol=0.0, rtol=1e-4, weight=2)
def nan_does_not_count(smallest_probability):
    return smallest_probability(breaking, np.array([5.0, 30.0, 31.0, 200.0]))


@probe("smallest_probability", "gaps in any order", hidden=True, atol=0.0, rtol=1e-4)
def any_order(smallest_probability):
    return smallest_probability(halving, np.array([3.0, 155.0, 40.0, 7.0]))


@probe("smallest_probability", "the scores are float32", hidden=True, atol=0.0, rtol=1e-4)
def single_precision(smallest_probability):
    def by_format(z):
        wrong = np.full(np.shape(z), 1e-9 if isinstance(z, np.ndarray) else 1e-6)
        return halving(z) if format_of(z) == "float32" else wrong

    return smallest_probability(by_format, np.array([4.0, 6.0]))


@probe("smallest_probability", "fractions of a gap, few gaps", hidden=True, atol=0.0, rtol=1e-4)
def fractions(smallest_probability):
    gaps = np.array([0.5, 0.75])
    return smallest_probability(halving, gaps), smallest_probability(halving, gaps[:1])


@probe("smallest_probability", "an ordinary softmax", hidden=True, atol=0.0, rtol=1e-4)
def ordinary(smallest_probability):
    def plain(z):
        powers = np.exp(z)
        return powers / powers.sum(axis=-1, keepdims=True)

    return smallest_probability(plain, np.arange(0.0, 60.0, 2.5))
