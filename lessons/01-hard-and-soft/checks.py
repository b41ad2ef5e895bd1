"""What each question of this lesson asks, simplest first. Values, not properties, are compared.

Longer than other files: nine questions, and the probes of one question belong side by side.
"""

import numpy as np

from autograder.probe import Question, probe

LIBRARY = ("scipy", "torch", "tensorflow", "jax", "mlkit", "sklearn")

q_shapes = Question("shapes", "What is this: scalar, vector or matrix?")
q_accuracy = Question("accuracy", "Accuracy", forbid=LIBRARY)
q_slope = Question("slope", "Slope from two measurements", forbid=(*LIBRARY, "numpy.gradient"))
q_flat = Question("flat_fraction", "How much of it is flat?")
q_sigmoid = Question("sigmoid", "Sigmoid that survives any score", forbid=LIBRARY)
q_sigmoid_grad = Question("sigmoid_grad", "Slope of the sigmoid")
q_softsign = Question("softsign", "Softsign", forbid=LIBRARY)
q_softmax = Question("softmax", "Softmax with a temperature", forbid=LIBRARY)
q_soft_rank = Question("soft_rank", "Soft rank", forbid=LIBRARY)

INF, NAN = np.inf, np.nan


def rows_of(table, *names):
    """Some rows of a student's table; anything but a table comes back as it is."""
    if not isinstance(table, dict):
        return table
    return {name: table[name] for name in names if name in table}


def format_of(result):
    """The number format of an array, or else what came in its place."""
    return str(getattr(result, "dtype", type(result).__name__))


@probe("shapes", "one image: its pixels, and the weights", weight=2)
def vectors(shapes):
    return rows_of(shapes(4, 3), "image", "weights")


@probe("shapes", "single numbers: bias, score, accuracy", weight=2)
def scalars(shapes):
    return rows_of(shapes(2, 5), "bias", "score", "accuracy")


@probe("shapes", "a batch of images", weight=2)
def rows_of_pixels(shapes):
    return rows_of(shapes(6, 2), "images")


@probe("shapes", "a number for each image of a batch", weight=2)
def one_each(shapes):
    return rows_of(shapes(3, 7), "scores", "probabilities")


@probe("shapes", "the slopes of the loss", weight=2)
def slopes_of_the_loss(shapes):
    return rows_of(shapes(3, 7), "loss_slopes")


@probe("shapes", "all differences of scores")
def all_pairs(shapes):
    return rows_of(shapes(3, 7), "differences")


@probe("shapes", "the names of the docstring and no others, a tuple for each")
def kinds_of_rows(shapes):
    table = shapes(5, 4)
    if not isinstance(table, dict):
        return table
    kinds = {True: "a tuple", False: "no tuple"}
    return {f"{name}: {kinds[isinstance(table[name], tuple)]}": None for name in table}


@probe("shapes", "a larger batch: images, scores, slopes", hidden=True)
def larger_batch(shapes):
    return rows_of(shapes(32, 64), "images", "scores", "loss_slopes")


@probe("shapes", "a larger batch: accuracy and differences", hidden=True)
def larger_pairs(shapes):
    return rows_of(shapes(32, 64), "accuracy", "differences")


@probe("accuracy", "the numbers of the lesson", weight=2)
def lesson_numbers(accuracy):
    return accuracy(np.array([0.9, 0.4, 0.7, 0.2]), np.array([1, 0, 0, 1]))


@probe("accuracy", "more yes than no, more right than wrong", weight=2)
def five_answers(accuracy):
    return accuracy(np.array([0.8, 0.6, 0.1, 0.7, 0.3]), np.array([1, 1, 0, 0, 0]))


@probe("accuracy", "exactly at the threshold the answer is yes", weight=2)
def at_the_threshold(accuracy):
    return accuracy(np.array([0.5, 0.5, 0.5, 0.2]), np.array([1, 1, 0, 0]))


@probe("accuracy", "another threshold", weight=2)
def other_threshold(accuracy):
    p, y = np.array([0.15, 0.55, 0.85, 0.7, 0.2, 0.3]), np.array([0, 0, 1, 0, 1, 0])
    return accuracy(p, y, 0.75), accuracy(p, y, 0.1), accuracy(p, y, threshold=0.2)


@probe("accuracy", "shapes that differ are refused", weight=2)
def columns_against_rows(accuracy):
    return accuracy(np.array([0.9, 0.4, 0.7]), np.array([[1], [0], [0]]))


@probe("accuracy", "truths given as booleans or floats", hidden=True)
def kinds_of_truths(accuracy):
    p, y = np.array([0.9, 0.4, 0.7, 0.2, 0.6]), np.array([1, 0, 0, 1, 1])
    return accuracy(p, y.astype(bool)), accuracy(p, y.astype(float))


@probe("accuracy", "random answers", hidden=True, weight=2)
def random_answers(accuracy, rng):
    return accuracy(rng.uniform(size=37), rng.integers(0, 2, size=37))


@probe("accuracy", "rare twos", hidden=True)
def rare(accuracy, rng):
    y = (np.arange(50) % 10 == 0) * 1
    return accuracy(np.zeros(50), y), accuracy(np.ones(50), y)


@probe("accuracy", "one example", hidden=True)
def one_example(accuracy):
    return accuracy(np.array([0.7]), np.array([1])), accuracy(np.array([0.7]), np.array([0]))


@probe("accuracy", "one number against many is refused", hidden=True)
def one_against_many(accuracy):
    return accuracy(np.array([0.9, 0.4, 0.7]), np.array([1]))


@probe("accuracy", "no examples are refused", hidden=True, quiet=True)
def no_examples(accuracy):
    return accuracy(np.array([]), np.array([]))


def w_squared(w):
    """A curve to measure; it has a name, so that a finding can say what was tried."""
    return w**2


def w_cubed(w):
    """A curve that bends the other way below 0."""
    return w**3


def five_minus_three_w(w):
    """A falling line."""
    return 5 - 3 * w


@probe("slope", "the numbers of the lesson", weight=2)
def square(slope):
    return slope(w_squared, 3.0, 0.1)


@probe("slope", "a straight line", weight=2)
def line(slope):
    return slope(five_minus_three_w, 2.0, 0.25)


@probe("slope", "a curve, with the step as it is given", weight=2)
def cubic(slope):
    return slope(w_cubed, 2.0, 0.5)


@probe("slope", "at 0, and at a negative number", weight=2)
def at_zero(slope):
    return slope(np.exp, 0.0, 0.2), slope(w_cubed, -1.5, 0.1)


@probe("slope", "a staircase", weight=1)
def stairs(slope):
    return slope(np.floor, 2.0, 0.25), slope(np.floor, 2.5, 0.25)


@probe("slope", "a curve at random places", hidden=True, weight=2, rtol=1e-9)
def random_places(slope, rng):
    places = rng.uniform(-2.0, 2.0, size=4)
    return [slope(np.sin, float(w), 0.3) for w in places]


@probe("slope", "a tip: both sides cancel", hidden=True)
def tip(slope):
    return slope(abs, 0.0, 0.1), slope(abs, -3.0, 0.1)


@probe("slope", "a large weight and a small step", hidden=True)
def far_out(slope):
    return slope(lambda w: w * w / 1000, 1000.0, 0.01)


@probe("slope", "a small step", hidden=True, rtol=1e-6)
def small_step(slope):
    return slope(np.exp, 1.0, 1e-4), slope(np.sin, 0.5, 1e-3)


def four(w):
    """A constant: flat everywhere."""
    return 4.0


def w_over_a_billion(w):
    """A line that is hardly steep, but steep."""
    return w / 1e9


def on_from_two(w):
    """A step that asks one number at a time."""
    return 1.0 if w >= 2 else 0.0


@probe("flat_fraction", "the example of the docstring", weight=2)
def flat_floor(flat_fraction):
    return flat_fraction(np.floor, np.array([0.5, 1.0, 1.5, 1.7]), 0.1)


@probe("flat_fraction", "a line is flat nowhere, a constant everywhere", weight=2)
def flat_line(flat_fraction):
    weights = np.array([0.0, 1.0, 2.5])
    return flat_fraction(five_minus_three_w, weights, 0.1), flat_fraction(four, weights, 0.1)


@probe("flat_fraction", "a very gentle slope is not flat", weight=2)
def gentle(flat_fraction):
    return flat_fraction(w_over_a_billion, np.array([1.0, 2.0, 3.0]), 0.5)


@probe("flat_fraction", "a larger step meets more stairs", weight=2)
def larger_step(flat_fraction):
    weights = np.array([0.1, 0.3, 0.5, 0.75, 0.9])
    return flat_fraction(np.floor, weights, 0.2), flat_fraction(np.floor, weights, 0.05)


@probe("flat_fraction", "a function that takes one number at a time", weight=1)
def one_at_a_time(flat_fraction):
    return flat_fraction(on_from_two, np.array([1.0, 1.95, 2.0, 2.05, 3.0]), 0.1)


@probe("flat_fraction", "a step met on the way down or up only", weight=1)
def one_side(flat_fraction):
    return flat_fraction(np.floor, np.array([2.9, 2.1, 2.5, 3.05]), 0.15)


@probe("flat_fraction", "weights in any order, far apart", hidden=True)
def any_order(flat_fraction):
    return flat_fraction(np.floor, np.array([5.5, 1.0, 3.25, -2.0, 8.5, 0.5]), 0.125)


@probe("flat_fraction", "a tip is flat, as measured", hidden=True)
def tips(flat_fraction):
    return flat_fraction(abs, np.array([0.0, 1.0, -1.0, 2.0]), 0.5)


@probe("flat_fraction", "a staircase through 0 and below", hidden=True)
def low_stairs(flat_fraction):
    weights = np.array([-1.5, -0.5, 0.25, 0.5, 1.25])
    return flat_fraction(lambda w: -np.floor(2 * w) / 8, weights, 0.0625)


@probe("flat_fraction", "random weights", hidden=True, weight=2)
def random_weights(flat_fraction, rng):
    weights = rng.uniform(0.0, 3.0, size=40)
    return flat_fraction(lambda w: np.floor(3 * w), weights, 0.04)


@probe("flat_fraction", "slopes that are hardly there", hidden=True)
def hardly_steep(flat_fraction):
    return flat_fraction(lambda w: w / 1e18, np.array([1.0, -2.0]), 0.5)


@probe("flat_fraction", "one weight", hidden=True)
def one_weight(flat_fraction):
    return flat_fraction(np.floor, np.array([0.5]), 0.1), flat_fraction(
        np.exp, np.array([0.5]), 0.1
    )


@probe("sigmoid", "scores of the lesson", weight=2)
def lesson_scores(sigmoid):
    return sigmoid(np.array([0.0, 2.0, -2.0]))


@probe("sigmoid", "small scores of both signs", weight=2)
def small_scores(sigmoid):
    return sigmoid(np.array([[-0.3, 1.7, 0.01], [-4.0, 6.5, 3.0]]))


@probe("sigmoid", "a score of 1000 does not overflow", quiet=True, weight=2)
def large_score(sigmoid):
    return sigmoid(np.array([1000.0, 1.0]))


@probe("sigmoid", "a score of -1000 does not overflow", quiet=True, weight=2)
def low_score(sigmoid):
    return sigmoid(np.array([-1000.0, 1.0]))


@probe("sigmoid", "very sure is not quite certain", weight=1)
def very_sure(sigmoid):
    return sigmoid(np.array([-12.0, -18.0, 15.0]))


@probe("sigmoid", "integer scores", weight=1)
def integer_scores(sigmoid):
    return sigmoid(np.array([0, 1, -3, 4]))


@probe("sigmoid", "infinite scores", hidden=True, quiet=True)
def infinite_scores(sigmoid):
    return sigmoid(np.array([INF, -INF, 0.5]))


@probe("sigmoid", "NaN stays NaN and leaves the others alone", hidden=True)
def nan_score(sigmoid):
    return sigmoid(np.array([NAN, 1.0, -1.0]))


@probe("sigmoid", "random scores, three axes", hidden=True, weight=2, rtol=1e-9, atol=1e-12)
def deep_scores(sigmoid, rng):
    return sigmoid(rng.normal(scale=5.0, size=(2, 3, 4)))


@probe("sigmoid", "a view with gaps in memory", hidden=True)
def gaps_in_memory(sigmoid, rng):
    return sigmoid(rng.normal(scale=3.0, size=(6, 5)).T[::2, 1:])


@probe("sigmoid", "float32 stays float32, integers become float64", hidden=True)
def formats(sigmoid):
    scores = [[2, -3], [0, 100]]
    results = [sigmoid(np.array(scores, dtype=kind)) for kind in (np.float32, np.int64)]
    return results, [format_of(result) for result in results]


@probe("sigmoid", "float32 at 100 and -100, silently", hidden=True, quiet=True)
def single_precision(sigmoid):
    return sigmoid(np.array([100.0, -100.0, 0.5], dtype=np.float32))


@probe("sigmoid_grad", "the number of the lesson", weight=2)
def lesson_slope(sigmoid_grad):
    return sigmoid_grad(np.array([0.8808]))


@probe("sigmoid_grad", "from hardly to almost sure", weight=2)
def slopes_of_outputs(sigmoid_grad):
    return sigmoid_grad(np.array([0.1, 0.5, 0.75, 0.99]))


@probe("sigmoid_grad", "the ends are flat", weight=1)
def ends(sigmoid_grad):
    return sigmoid_grad(np.array([0.0, 1.0, 0.25]))


@probe("sigmoid_grad", "random outputs", hidden=True, weight=2)
def random_outputs(sigmoid_grad, rng):
    return sigmoid_grad(rng.uniform(size=(3, 4)))


@probe("sigmoid_grad", "tiny outputs keep their digits", hidden=True, rtol=1e-9, atol=0.0)
def tiny_outputs(sigmoid_grad):
    return sigmoid_grad(np.array([1e-12, 1e-30]))


@probe("softsign", "the numbers of the lesson", weight=2)
def lesson_signs(softsign):
    return softsign(np.array([3.0, -0.5]))


@probe("softsign", "zero, small and large", weight=2)
def signs(softsign):
    return softsign(np.array([0.0, -2.0, 0.25, -50.0, 9.0]))


@probe("softsign", "integers", weight=1)
def integer_signs(softsign):
    return softsign(np.array([3, -1, 0, 7]))


@probe("softsign", "random numbers, two axes", hidden=True, weight=2)
def random_signs(softsign, rng):
    return softsign(rng.normal(scale=2.0, size=(3, 4)))


@probe("softsign", "huge numbers", hidden=True, quiet=True)
def huge_signs(softsign):
    return softsign(np.array([1e300, -1e200, 1e6]))


@probe("softsign", "tiny numbers keep their digits", hidden=True, rtol=1e-9, atol=0.0)
def tiny_signs(softsign):
    return softsign(np.array([1e-9, -1e-12]))


@probe("softmax", "the scores [1, 2] at T = 1", weight=2)
def plain(softmax):
    return softmax(np.array([1.0, 2.0]), 1.0)


@probe("softmax", "three scores, colder and warmer", weight=2)
def temperatures(softmax):
    z = np.array([-2.0, 0.5, 1.0])
    return softmax(z, 0.5), softmax(z, 2.0), softmax(z, 7.5)


@probe("softmax", "each row of a batch on its own", weight=2)
def rows(softmax):
    return softmax(np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0], [0.0, -1.0, 5.0]]), 1.5)


@probe("softmax", "cold: the winner takes everything", quiet=True, weight=2)
def cold(softmax):
    return softmax(np.array([1.0, 5.0, 4.0]), 0.001)


@probe("softmax", "cold and below zero", quiet=True, weight=1)
def cold_below_zero(softmax):
    return softmax(np.array([-3.0, -1.0, -2.0]), 0.001)


@probe("softmax", "a temperature of 0 or less is refused", weight=1)
def frozen(softmax):
    return softmax(np.array([1.0, 2.0]), 0.0)


@probe("softmax", "a negative temperature is refused", hidden=True)
def below_zero(softmax):
    return softmax(np.array([1.0, 2.0]), -1.0)


@probe("softmax", "winners that are equal share", hidden=True, quiet=True)
def shared(softmax):
    return softmax(np.array([[3.0, 1.0, 3.0], [0.0, 0.0, 0.0]]), 0.01)


@probe("softmax", "rows of very different scale", hidden=True, quiet=True)
def scales(softmax):
    return softmax(np.array([[0.0, 1.0], [1000.0, 1001.5], [-1000.0, -1002.0]]), 2.0)


@probe("softmax", "integers, and more than two axes", hidden=True)
def deep(softmax, rng):
    return softmax(np.array([1, 2, 4]), 2), softmax(3 * rng.normal(size=(2, 3, 4)), 0.7)


@probe("softmax", "very cold, and scores that are nearly equal", hidden=True, rtol=1e-5)
def nearly_equal_scores(softmax):
    return softmax(np.array([1.0, 1.00002, 0.5]), 1e-5)


@probe("soft_rank", "the numbers of the lesson", weight=2)
def lesson_ranks(soft_rank):
    return soft_rank(np.array([1.0, 3.0, 2.0]), 1.0)


@probe("soft_rank", "colder and warmer", weight=2)
def tempered_ranks(soft_rank):
    x = np.array([0.5, -1.0, 2.0, 0.25])
    return soft_rank(x, 0.3), soft_rank(x, 4.0)


@probe("soft_rank", "cold: the ranks themselves", quiet=True, weight=2)
def cold_ranks(soft_rank):
    return soft_rank(np.array([10.0, -5.0, 30.0, 2.0, 7.0]), 0.001)


@probe("soft_rank", "equal numbers share", weight=1)
def tied_ranks(soft_rank):
    return soft_rank(np.array([4.0, 1.0, 4.0, 0.0]), 0.05)


@probe("soft_rank", "a temperature of 0 or less is refused", weight=1)
def frozen_ranks(soft_rank):
    return soft_rank(np.array([1.0, 2.0]), 0.0)


@probe("soft_rank", "a negative temperature is refused", hidden=True)
def ranks_below_zero(soft_rank):
    return soft_rank(np.array([1.0, 2.0]), -1.0)


@probe("soft_rank", "each row of a batch on its own", hidden=True, weight=2)
def ranks_of_rows(soft_rank):
    return soft_rank(np.array([[1.0, 3.0, 2.0], [7.0, -1.0, 0.5]]), 1.5)


@probe("soft_rank", "random numbers", hidden=True, weight=2, rtol=1e-9)
def random_ranks(soft_rank, rng):
    return soft_rank(rng.normal(size=6), 0.8)


@probe("soft_rank", "integers", hidden=True)
def integer_ranks(soft_rank):
    return soft_rank(np.array([3, 1, 2, 10]), 2)


@probe("soft_rank", "a single number, and two", hidden=True)
def few_ranks(soft_rank):
    return soft_rank(np.array([5.0]), 1.0), soft_rank(np.array([5.0, 4.0]), 1.0)


@probe("soft_rank", "a batch of batches", hidden=True)
def ranks_of_batches(soft_rank, rng):
    return soft_rank(rng.normal(size=(2, 2, 3)), 0.6)


@probe("soft_rank", "very cold, and numbers that are nearly equal", hidden=True, rtol=1e-5)
def nearly_equal_ranks(soft_rank):
    return soft_rank(np.array([1.0, 1.00001, 3.0]), 1e-5)
