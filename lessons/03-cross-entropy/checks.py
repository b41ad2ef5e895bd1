"""What each question of this lesson asks, simplest first. Values, not properties, are compared.

Truths are soft as well as one-hot, batches are not square and have unequal rows: elsewhere a wrong
axis, a lost class or a mean in the wrong place looks right. Longer than other files: twelve
questions, each with its probes together.
"""

import numpy as np

from autograder.probe import Question, probe

LIBRARY = ("scipy", "torch", "tensorflow", "jax", "mlkit", "sklearn")

q_shapes = Question("shapes", "What is this: scalar, vector or matrix?")
q_entropy = Question("entropy", "Entropy", forbid=LIBRARY)
q_cross_entropy = Question("cross_entropy", "Cross-entropy of each example", forbid=LIBRARY)
q_batch_loss = Question("batch_loss", "The loss of a batch", forbid=LIBRARY)
q_extra = Question("extra_surprise", "What a wrong belief costs extra", forbid=LIBRARY)
q_binary = Question("binary_cross_entropy", "Binary cross-entropy", forbid=LIBRARY)
q_grad = Question("cross_entropy_grad", "The gradient, a vector", forbid=LIBRARY)
q_batch_grad = Question("batch_loss_grad", "The gradient of a batch's loss", forbid=LIBRARY)
q_labels = Question("cross_entropy_from_labels", "From labels, without a loop", forbid=LIBRARY)
q_clipped = Question("clipped_cross_entropy", "Finite by clipping", forbid=LIBRARY)
q_logits = Question(
    "cross_entropy_from_logits", "Finite from scores", forbid=(*LIBRARY, "numpy.logaddexp")
)
q_worst = Question("worst_error", "The worst error, measured")
q_smooth = Question("smooth_labels", "Label smoothing", forbid=LIBRARY)

INF, NAN = np.inf, np.nan


def scores():
    """Two rows of scores. What is given is made anew each time: a student's code may change it."""
    return np.array([[2.0, 0.0, -1.0], [0.0, 1.0, 3.0]])


def rows():
    """Four predictions over three classes."""
    return np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.25, 0.5, 0.25], [0.05, 0.9, 0.05]])


def soft():
    """Four truths over three classes, most of them undecided, some with zeros."""
    return np.array([[0.7, 0.3, 0.0], [0.2, 0.2, 0.6], [0.0, 1.0, 0.0], [0.1, 0.4, 0.5]])


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


def format_of(result):
    """The number format of an array, or else what came in its place."""
    return str(getattr(result, "dtype", type(result).__name__))


def rows_of(rng, *shape):
    """Distributions at random, none of them near a corner."""
    raw = rng.uniform(0.1, 1.0, size=shape)
    return raw / raw.sum(axis=-1, keepdims=True)


class NoLoop(np.ndarray):
    """Labels that refuse to be taken one by one, so that a loop over them says so."""

    def __iter__(self):
        raise TypeError("no loop is needed: index all rows at once, with two arrays")

    def __getitem__(self, place):
        if isinstance(place, int | np.integer):
            raise TypeError("no loop is needed: index all rows at once, with two arrays")
        return super().__getitem__(place)


@probe("shapes", "one example: the truth, and how the loss grows with the prediction", weight=2)
def vectors(shapes):
    return texts_of(shapes(4, 3), "truth", "gradient")


@probe("shapes", "one example: entropy and loss", weight=2)
def scalars(shapes):
    return texts_of(shapes(2, 5), "entropy", "loss")


@probe("shapes", "a batch: its losses, and their mean", weight=2)
def losses_of_batch(shapes):
    return texts_of(shapes(6, 2), "batch_losses", "batch_loss")


@probe("shapes", "a batch: the gradient of the mean, and the labels", weight=2)
def gradient_of_batch(shapes):
    return texts_of(shapes(3, 7), "batch_gradient", "labels")


@probe("shapes", "the names of the docstring and no others, a tuple for each")
def kinds_of_rows(shapes):
    table = shapes(5, 4)
    if not isinstance(table, dict):
        return table
    kinds = {True: "a tuple", False: "no tuple"}
    return {f"{name}: {kinds[isinstance(table[name], tuple)]}": None for name in table}


@probe("shapes", "a larger batch", hidden=True)
def larger_batch(shapes):
    return texts_of(shapes(32, 10), "batch_losses", "batch_loss", "batch_gradient", "gradient")


@probe("shapes", "more classes than examples", hidden=True)
def many_classes(shapes):
    return texts_of(shapes(2, 1000), "labels", "truth", "loss", "entropy")


@probe("entropy", "the distribution of the lesson", weight=2)
def lesson_entropy(entropy):
    return entropy(np.array([0.5, 0.25, 0.25]))


@probe("entropy", "an unfair coin", weight=2)
def unfair_coin(entropy):
    return entropy(np.array([0.9, 0.1]))


@probe("entropy", "a certain outcome, silently", weight=2, quiet=True)
def certain_outcome(entropy):
    return entropy(np.array([0.0, 1.0, 0.0]))


@probe("entropy", "each row of a batch on its own", weight=2)
def entropies(entropy):
    return entropy(rows())


@probe("entropy", "zeros among others", hidden=True, quiet=True)
def entropies_with_zeros(entropy):
    return entropy(soft()), entropy(np.array([[1.0, 0.0], [0.5, 0.5]]))


@probe("entropy", "more than two axes", hidden=True)
def deep_entropies(entropy, rng):
    return entropy(rows_of(rng, 2, 3, 4))


@probe("entropy", "NaN stays NaN in its own row", hidden=True)
def nan_in_entropy(entropy):
    return entropy(np.array([[NAN, 0.5], [0.25, 0.75]]))


@probe("entropy", "very small probabilities", hidden=True, rtol=1e-6, atol=0.0)
def tiny_entropy(entropy):
    return entropy(np.array([1.0, 1e-15])), entropy(np.array([1.0, 1e-300]))


@probe("entropy", "integers, float32 and float64", hidden=True, quiet=True)
def formats_of_entropy(entropy):
    rows = np.array([[0.5, 0.5], [1.0, 0.0]])
    results = [entropy(rows), entropy(rows.astype(np.float32)), entropy(np.array([[0, 1], [1, 0]]))]
    return results, [format_of(result) for result in results]


@probe("entropy", "a view with gaps in memory, many outcomes", hidden=True)
def views_of_entropy(entropy, rng):
    return entropy(rows_of(rng, 6, 4)[::2]), entropy(np.full(1000, 0.001))


@probe("cross_entropy", "a certain truth", weight=2)
def certain_truth(cross_entropy):
    return cross_entropy(np.array([0, 1, 0]), np.array([0.2, 0.7, 0.1]))


@probe("cross_entropy", "a soft truth", weight=2)
def soft_truth(cross_entropy):
    return cross_entropy(np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.25, 0.5]))


@probe("cross_entropy", "a loss for each row of a batch", weight=2)
def losses(cross_entropy):
    return cross_entropy(np.eye(3)[[0, 2, 1, 1]], rows())


@probe("cross_entropy", "a perfect prediction costs nothing, silently", weight=2, quiet=True)
def perfect(cross_entropy):
    return cross_entropy(np.array([1.0, 0.0]), np.array([1.0, 0.0]))


@probe("cross_entropy", "what was called impossible costs infinity", weight=2, quiet=True)
def impossible(cross_entropy):
    return cross_entropy(np.array([0.0, 1.0]), np.array([1.0, 0.0]))


@probe("cross_entropy", "soft truths in a batch, zeros among them", hidden=True, quiet=True)
def soft_batch(cross_entropy):
    return cross_entropy(soft(), rows()), cross_entropy(rows(), soft())


@probe("cross_entropy", "the truth itself as prediction", hidden=True, quiet=True)
def truth_itself(cross_entropy):
    return cross_entropy(soft(), soft()), cross_entropy(rows(), rows())


@probe("cross_entropy", "integers, float32 and float64", hidden=True, quiet=True)
def formats_of_losses(cross_entropy):
    truth, p = np.array([[0, 1], [1, 0]]), np.array([[0.25, 0.75], [1.0, 0.0]])
    results = [
        cross_entropy(truth, p),
        cross_entropy(truth.astype(np.float32), p.astype(np.float32)),
        cross_entropy(truth, truth),
    ]
    return results, [format_of(result) for result in results]


@probe("cross_entropy", "NaN stays NaN in its own row", hidden=True)
def nan_in_loss(cross_entropy):
    y = np.array([[0.5, 0.5], [0.0, 1.0], [1.0, 0.0]])
    return cross_entropy(y, np.array([[NAN, 0.5], [0.5, 0.5], [0.25, 0.75]])), cross_entropy(
        np.array([NAN, 1.0]), np.array([0.5, 0.5])
    )


@probe("cross_entropy", "very small probabilities", hidden=True)
def tiny_predictions(cross_entropy):
    return cross_entropy(np.array([0.0, 1.0]), np.array([1.0, 1e-300])), cross_entropy(
        np.array([0.5, 0.5]), np.array([1e-14, 1.0])
    )


@probe("cross_entropy", "a nearly perfect prediction", hidden=True, rtol=1e-3, atol=0.0)
def nearly_perfect(cross_entropy):
    return cross_entropy(np.array([1.0, 0.0]), np.array([0.999999, 0.000001]))


@probe("cross_entropy", "more than two axes, a batch of one", hidden=True)
def deep_losses(cross_entropy, rng):
    y, p = rows_of(rng, 2, 3, 4), rows_of(rng, 2, 3, 4)
    return cross_entropy(y, p), cross_entropy(y[0, :1], p[0, :1])


@probe("batch_loss", "two examples", weight=2)
def two_examples(batch_loss):
    return batch_loss(np.array([[0, 1], [1, 0]]), np.array([[0.5, 0.5], [0.8, 0.2]]))


@probe("batch_loss", "four examples, three classes", weight=2)
def four_examples(batch_loss):
    return batch_loss(np.eye(3)[[0, 2, 1, 0]], rows())


@probe("batch_loss", "soft truths", hidden=True, quiet=True)
def soft_loss(batch_loss):
    return batch_loss(soft(), rows()), batch_loss(soft()[:3], rows()[1:])


@probe("batch_loss", "one infinite example makes the mean infinite", hidden=True, quiet=True)
def infinite_loss(batch_loss):
    return batch_loss(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.5, 0.5], [0.0, 1.0]]))


@probe("batch_loss", "a batch of one, and a large one", hidden=True)
def sizes_of_batches(batch_loss, rng):
    y, p = rows_of(rng, 50, 4), rows_of(rng, 50, 4)
    return batch_loss(y[:1], p[:1]), batch_loss(y, p)


@probe("batch_loss", "one number", hidden=True)
def one_number(batch_loss):
    return np.ndim(batch_loss(soft(), rows()))


@probe("extra_surprise", "the distributions of the lesson", weight=2)
def lesson_extra(extra_surprise):
    return extra_surprise(np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.25, 0.5]))


@probe("extra_surprise", "nothing extra for the truth itself", weight=2)
def nothing_extra(extra_surprise):
    return extra_surprise(np.array([0.2, 0.3, 0.5]), np.array([0.2, 0.3, 0.5]))


@probe("extra_surprise", "each row of a batch", hidden=True, quiet=True)
def extras(extra_surprise):
    return extra_surprise(soft(), rows()), extra_surprise(rows(), rows()[[3, 2, 1, 0]])


@probe("extra_surprise", "certain and impossible", hidden=True, quiet=True)
def extreme_extras(extra_surprise):
    y = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    return extra_surprise(y, np.array([[0.25, 0.75], [1.0, 0.0], [0.0, 1.0]]))


@probe("extra_surprise", "at random", hidden=True)
def random_extras(extra_surprise, rng):
    return extra_surprise(rows_of(rng, 5, 4), rows_of(rng, 5, 4))


@probe("binary_cross_entropy", "yes and no, both called probable", weight=2)
def yes_and_no(binary_cross_entropy):
    return binary_cross_entropy(np.array([1, 0]), np.array([0.8, 0.8]))


@probe("binary_cross_entropy", "a single number", weight=2)
def single_answer(binary_cross_entropy):
    return binary_cross_entropy(0, 0.9), binary_cross_entropy(1.0, 0.35)


@probe("binary_cross_entropy", "probably yes", weight=2)
def probably(binary_cross_entropy):
    return binary_cross_entropy(np.array([0.8, 0.3]), np.array([0.7, 0.6]))


@probe("binary_cross_entropy", "certain, and it is so, silently", weight=2, quiet=True)
def certain_and_right(binary_cross_entropy):
    return binary_cross_entropy(np.array([1.0, 0.0]), np.array([1.0, 0.0]))


@probe("binary_cross_entropy", "certain and wrong", weight=2, quiet=True)
def certain_and_wrong(binary_cross_entropy):
    return binary_cross_entropy(np.array([0, 1, 1]), np.array([1.0, 0.0, 0.25]))


@probe("binary_cross_entropy", "certain, and the truth is half and half", hidden=True, quiet=True)
def certain_about_half(binary_cross_entropy):
    return binary_cross_entropy(np.array([0.5, 0.5]), np.array([1.0, 0.0]))


@probe("binary_cross_entropy", "a batch at random", hidden=True)
def random_answers(binary_cross_entropy, rng):
    y, p = rng.integers(2, size=9), rng.uniform(0.02, 0.98, size=9)
    return binary_cross_entropy(y, p), binary_cross_entropy(
        rng.uniform(size=(3, 2)), p[:6].reshape(3, 2)
    )


@probe("binary_cross_entropy", "almost certain and wrong", hidden=True)
def almost_certain(binary_cross_entropy):
    return binary_cross_entropy(np.array([0, 1]), np.array([0.999, 1e-300]))


@probe("binary_cross_entropy", "float32 stays float32", hidden=True)
def format_of_answers(binary_cross_entropy):
    y, p = np.array([1.0, 0.0, 0.5]), np.array([0.8, 0.3, 0.6])
    results = [binary_cross_entropy(y, p)]
    results += [binary_cross_entropy(y.astype(np.float32), p.astype(np.float32))]
    return results, [format_of(result) for result in results]


@probe("binary_cross_entropy", "labels of other formats", hidden=True)
def formats_of_labels(binary_cross_entropy):
    y, p = np.array([1, 0, 1]), np.array([0.8, 0.3, 0.6])
    return binary_cross_entropy(y.astype(np.uint8), p), binary_cross_entropy(y * 1.0, p)


@probe("binary_cross_entropy", "one loss for each answer, not their mean", hidden=True)
def one_by_one(binary_cross_entropy):
    return np.shape(binary_cross_entropy(np.array([[1, 0, 1]]), np.array([[0.5, 0.25, 0.75]])))


@probe("cross_entropy_grad", "a certain truth", weight=2)
def certain_slopes(cross_entropy_grad):
    return cross_entropy_grad(np.array([0.0, 1.0]), np.array([0.2, 0.8]))


@probe("cross_entropy_grad", "a soft truth", weight=2)
def soft_slopes(cross_entropy_grad):
    return cross_entropy_grad(np.array([0.5, 0.3, 0.2]), np.array([0.25, 0.25, 0.5]))


@probe("cross_entropy_grad", "a gradient for each row of a batch", weight=2)
def slopes_of_rows(cross_entropy_grad):
    return cross_entropy_grad(np.eye(3)[[0, 2, 1, 1]], rows())


@probe("cross_entropy_grad", "slope 0 where both are 0, silently", weight=2, quiet=True)
def both_zero(cross_entropy_grad):
    return cross_entropy_grad(np.array([1.0, 0.0]), np.array([1.0, 0.0]))


@probe("cross_entropy_grad", "a truth that was called impossible", weight=2, quiet=True)
def impossible_slope(cross_entropy_grad):
    return cross_entropy_grad(np.array([0.0, 1.0]), np.array([1.0, 0.0]))


@probe("cross_entropy_grad", "soft truths with zeros", hidden=True, quiet=True)
def slopes_with_zeros(cross_entropy_grad):
    return cross_entropy_grad(soft(), rows()), cross_entropy_grad(rows(), soft())


@probe("cross_entropy_grad", "truths whose row does not sum to 1", hidden=True)
def unusual_truth(cross_entropy_grad):
    return cross_entropy_grad(np.array([[2.0, 0.5, 0.0]]), np.array([[0.25, 0.5, 0.25]]))


@probe("cross_entropy_grad", "small probabilities", hidden=True)
def steep_slopes(cross_entropy_grad):
    return cross_entropy_grad(np.array([0.25, 0.75]), np.array([1e-14, 1.0]))


@probe("cross_entropy_grad", "integers, float32 and float64", hidden=True)
def formats_of_slopes(cross_entropy_grad):
    truth, p = np.array([[0, 1], [1, 0]]), np.array([[0.25, 0.75], [0.5, 0.5]])
    results = [
        cross_entropy_grad(truth, p),
        cross_entropy_grad(truth.astype(np.float32), p.astype(np.float32)),
    ]
    return results, [format_of(result) for result in results]


@probe("cross_entropy_grad", "more than two axes, a batch of one", hidden=True)
def deep_slopes(cross_entropy_grad, rng):
    y, p = rows_of(rng, 2, 3, 4), rows_of(rng, 2, 3, 4)
    return cross_entropy_grad(y, p), cross_entropy_grad(y[0, :1], p[0, :1])


@probe("batch_loss_grad", "two examples", weight=2)
def slopes_of_two(batch_loss_grad):
    return batch_loss_grad(np.array([[0, 1], [1, 0]]), np.array([[0.5, 0.5], [0.8, 0.2]]))


@probe("batch_loss_grad", "four examples, three classes", weight=2)
def slopes_of_four(batch_loss_grad):
    return batch_loss_grad(np.eye(3)[[0, 2, 1, 0]], rows())


@probe("batch_loss_grad", "soft truths", hidden=True, quiet=True)
def soft_batch_slopes(batch_loss_grad):
    return batch_loss_grad(soft(), rows()), batch_loss_grad(soft()[:3], rows()[1:])


@probe("batch_loss_grad", "more classes than examples", hidden=True)
def wide_batch(batch_loss_grad, rng):
    return batch_loss_grad(rows_of(rng, 2, 6), rows_of(rng, 2, 6))


@probe("batch_loss_grad", "a batch of one, and a large one", hidden=True)
def slopes_by_size(batch_loss_grad, rng):
    y, p = rows_of(rng, 30, 4), rows_of(rng, 30, 4)
    return batch_loss_grad(y[:1], p[:1]), batch_loss_grad(y, p)


@probe("batch_loss_grad", "zero in truth and prediction, silently", hidden=True, quiet=True)
def batch_with_zeros(batch_loss_grad):
    return batch_loss_grad(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.2, 0.8]]))


@probe("cross_entropy_from_labels", "two rows", weight=2)
def two_rows(cross_entropy_from_labels):
    two = np.array([[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]])
    return cross_entropy_from_labels(np.array([1, 0]), two)


@probe("cross_entropy_from_labels", "four rows, labels that repeat", weight=2)
def repeated_labels(cross_entropy_from_labels):
    return cross_entropy_from_labels(np.array([2, 0, 0, 2]), rows())


@probe("cross_entropy_from_labels", "no loop over the labels", weight=2)
def without_loop(cross_entropy_from_labels):
    return cross_entropy_from_labels(np.array([1, 2, 0, 1]).view(NoLoop), rows())


@probe("cross_entropy_from_labels", "a true class of probability 0, silently", weight=2, quiet=True)
def impossible_label(cross_entropy_from_labels):
    rows = np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]])
    return cross_entropy_from_labels(np.array([2, 1]), rows)


@probe("cross_entropy_from_labels", "a label beyond the last class", weight=2)
def label_beyond(cross_entropy_from_labels):
    return cross_entropy_from_labels(np.array([0, 3, 1, 1]), rows())


@probe("cross_entropy_from_labels", "a label below 0", hidden=True, weight=2)
def label_below(cross_entropy_from_labels):
    return cross_entropy_from_labels(np.array([0, -1, 1, 1]), rows())


@probe("cross_entropy_from_labels", "labels in a column are refused", hidden=True, weight=2)
def column_of_labels(cross_entropy_from_labels):
    return cross_entropy_from_labels(np.array([[1], [0], [2], [1]]), rows())


@probe("cross_entropy_from_labels", "too few labels are refused", hidden=True)
def too_few_labels(cross_entropy_from_labels):
    return cross_entropy_from_labels(np.array([1]), rows())


@probe("cross_entropy_from_labels", "as many rows as classes", hidden=True)
def square_rows(cross_entropy_from_labels, rng):
    return cross_entropy_from_labels(np.array([2, 0, 0]), rows_of(rng, 3, 3))


@probe("cross_entropy_from_labels", "the last class is never true", hidden=True)
def unused_last_class(cross_entropy_from_labels, rng):
    return cross_entropy_from_labels(np.array([0, 1, 1]), rows_of(rng, 3, 5))


@probe("cross_entropy_from_labels", "many rows, a batch of one", hidden=True)
def many_rows(cross_entropy_from_labels, rng):
    labels, rows = rng.integers(10, size=300), rows_of(rng, 300, 10)
    return cross_entropy_from_labels(labels, rows), cross_entropy_from_labels(labels[:1], rows[:1])


@probe("cross_entropy_from_labels", "tiny probabilities, float32", hidden=True)
def tiny_labels(cross_entropy_from_labels):
    rows = np.array([[1e-300, 1.0], [1e-14, 1.0]])
    small = np.array([[0.25, 0.75]], dtype=np.float32)
    return cross_entropy_from_labels(np.array([0, 0]), rows), cross_entropy_from_labels(
        np.array([1]), small
    )


@probe("clipped_cross_entropy", "an impossible class that is true", weight=2)
def clipped_impossible(clipped_cross_entropy):
    return clipped_cross_entropy(np.array([0, 1]), np.array([1.0, 0.0]))


@probe("clipped_cross_entropy", "a perfect prediction still costs nothing", weight=2, atol=1e-14)
def clipped_perfect(clipped_cross_entropy):
    return clipped_cross_entropy(np.array([1.0, 0.0]), np.array([1.0, 0.0]), 0.001)


@probe("clipped_cross_entropy", "ordinary rows are left alone", weight=2)
def clipped_ordinary(clipped_cross_entropy):
    return clipped_cross_entropy(soft(), rows())


@probe("clipped_cross_entropy", "another smallest number", weight=2)
def other_limit(clipped_cross_entropy):
    return clipped_cross_entropy(np.array([0.5, 0.5]), np.array([0.0, 1.0]), smallest=1e-3)


@probe("clipped_cross_entropy", "just above and just below the limit", hidden=True, quiet=True)
def around_the_limit(clipped_cross_entropy):
    y = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    p = np.array([[0.012, 0.988], [0.009, 0.991], [0.0, 1.0]])
    return clipped_cross_entropy(y, p, 0.01)


@probe("clipped_cross_entropy", "soft truths, several zeros", hidden=True, quiet=True)
def clipped_zeros(clipped_cross_entropy):
    return clipped_cross_entropy(rows(), soft()), clipped_cross_entropy(soft(), soft(), 1e-5)


@probe("clipped_cross_entropy", "the limit belongs to the prediction alone", hidden=True)
def limit_of_prediction(clipped_cross_entropy):
    y = np.array([[0.0, 1.0, 0.0], [0.3, 0.0, 0.7]])
    return clipped_cross_entropy(y, np.array([[0.4, 0.5, 0.1], [0.6, 0.4, 0.0]]), 0.2)


@probe("clipped_cross_entropy", "one loss a row, integers too", hidden=True)
def clipped_rows(clipped_cross_entropy):
    return clipped_cross_entropy(np.eye(3, dtype=int), np.eye(3)[[0, 2, 1]], 1e-6)


@probe("cross_entropy_from_logits", "the two scores of the lesson", weight=2)
def lesson_scores(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([0]), np.array([[1.0, 2.0]]))


@probe("cross_entropy_from_logits", "two rows", weight=2)
def two_score_rows(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([0, 1]), scores())


@probe("cross_entropy_from_logits", "a lead of a thousand", weight=2, quiet=True)
def lead_of_thousand(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([1]), np.array([[1000.0, 0.0]]))


@probe("cross_entropy_from_logits", "scores far below zero", weight=2, quiet=True)
def scores_far_below(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([0]), np.array([[-1000.0, -1001.5]]))


@probe(
    "cross_entropy_from_logits", "rows of very different scale", hidden=True, weight=2, quiet=True
)
def different_scales(cross_entropy_from_logits):
    z = np.array([[0.0, 1.0, 3.0], [1000.0, 1001.5, 990.0], [-1000.0, -1002.0, -5000.0]])
    return cross_entropy_from_logits(np.array([0, 1, 2]), z)


@probe("cross_entropy_from_logits", "wide gaps in one row", hidden=True, quiet=True)
def wide_gaps(cross_entropy_from_logits):
    z = np.array([[-1000.0, 0.0, 1000.0], [0.0, 3000.0, 1.0]])
    return cross_entropy_from_logits(np.array([1, 0]), z), cross_entropy_from_logits(
        np.array([0, 2]), z
    )


@probe("cross_entropy_from_logits", "as many rows as classes", hidden=True)
def square_scores(cross_entropy_from_logits, rng):
    return cross_entropy_from_logits(np.array([2, 0, 0]), 3 * rng.normal(size=(3, 3)))


@probe("cross_entropy_from_logits", "labels that repeat, many rows", hidden=True)
def many_scores(cross_entropy_from_logits, rng):
    return cross_entropy_from_logits(rng.integers(7, size=40), 4 * rng.normal(size=(40, 7)))


@probe("cross_entropy_from_logits", "integer scores", hidden=True, quiet=True)
def integer_scores(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([1, 0]), np.array([[2, 5, 1], [900, 0, -900]]))


@probe("cross_entropy_from_logits", "float32 stays float32", hidden=True)
def format_of_scores(cross_entropy_from_logits):
    z = np.array([[200.0, 198.0], [3.0, -1.0]])
    results = [cross_entropy_from_logits(np.array([1, 0]), z)]
    results += [cross_entropy_from_logits(np.array([1, 0]), z.astype(np.float32))]
    return results, [format_of(result) for result in results]


@probe("cross_entropy_from_logits", "a batch of one, a single class", hidden=True)
def few_scores(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([2]), np.array([[1.0, 5.0, 2.0]])), (
        cross_entropy_from_logits(np.array([0, 0]), np.array([[5.0], [-700.0]]))
    )


@probe("worst_error", "a loss that is always 0", weight=2)
def always_zero(worst_error):
    def zero(labels, z):
        return np.zeros(len(z))

    return worst_error(zero, np.array([0.0, 1.0]))


@probe("worst_error", "a loss that is too high by a tenth", weight=2)
def tenth_too_high(worst_error):
    def high(labels, z):
        return 1.1 * np.logaddexp(z[:, 0], z[:, 1]) - z[np.arange(len(z)), labels]

    return worst_error(high, np.array([3.0, 40.0, 12.0]))


@probe("worst_error", "a loss that stops growing", weight=2)
def stops_growing(worst_error):
    def capped(labels, z):
        return np.minimum(np.logaddexp(0, z[:, 0] - z[:, 1]), 27.5)

    return worst_error(capped, np.array([100.0, 5.0, 30.0]))


@probe("worst_error", "an exact loss, up to very large gaps", hidden=True, quiet=True, atol=1e-8)
def exact_loss(worst_error):
    def exact(labels, z):
        return np.logaddexp(0.0, z[:, 0] - z[:, 1])

    return worst_error(exact, np.array([0.0, 2.5, 800.0, 1e6]))


@probe("worst_error", "the scores and labels that it asks with", hidden=True)
def asked_with(worst_error):
    def odd(labels, z):
        return z[:, 0] * 2 + z[:, 1] * 50 + 1000 * labels

    return worst_error(odd, np.array([1.5, 0.25]))


@probe("worst_error", "errors of both signs", hidden=True)
def both_signs(worst_error):
    def wobbly(labels, z):
        return np.logaddexp(0.0, z[:, 0]) + np.where(z[:, 0] > 2, -0.75, 0.5)

    return worst_error(wobbly, np.array([1.0, 3.0, 4.0])), worst_error(wobbly, np.array([1.0, 0.5]))


@probe("worst_error", "gaps as a list, integers, a single one", hidden=True)
def kinds_of_gaps(worst_error):
    def zero(labels, z):
        return np.zeros(len(labels))

    return worst_error(zero, [0, 2, 1]), worst_error(zero, np.array([4]))


@probe("smooth_labels", "four classes", weight=2)
def four_classes(smooth_labels):
    return smooth_labels(np.array([0, 1, 0, 0]), 0.1)


@probe("smooth_labels", "a batch of three classes", weight=2)
def three_classes(smooth_labels):
    return smooth_labels(np.eye(3)[[2, 0, 1, 2]], 0.3)


@probe("smooth_labels", "soft truths", weight=2)
def soft_labels(smooth_labels):
    return smooth_labels(np.array([0.7, 0.2, 0.1]), 0.5)


@probe("smooth_labels", "e below 0", weight=2)
def e_below_zero(smooth_labels):
    return smooth_labels(np.array([1.0, 0.0]), -0.1)


@probe("smooth_labels", "e above 1", hidden=True)
def e_above_one(smooth_labels):
    return smooth_labels(np.array([1.0, 0.0]), 1.5)


@probe("smooth_labels", "e at its ends", hidden=True)
def e_at_its_ends(smooth_labels):
    y = np.array([[1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0]])
    return smooth_labels(y, 0), smooth_labels(y, 1), smooth_labels(y, 1.0)


@probe("smooth_labels", "more than two axes", hidden=True)
def deep_labels(smooth_labels, rng):
    return smooth_labels(rows_of(rng, 2, 3, 4), 0.2)


@probe("smooth_labels", "integers and float32", hidden=True)
def formats_of_smooth(smooth_labels):
    y = np.array([[0, 1], [1, 0]])
    results = [smooth_labels(y, 0.2), smooth_labels(y.astype(np.float32), 0.2)]
    return results, [format_of(result) for result in results]


@probe("smooth_labels", "more rows than classes", hidden=True)
def tall_batch(smooth_labels):
    return smooth_labels(np.eye(2)[[0, 1, 1, 0, 1]], 0.06)
