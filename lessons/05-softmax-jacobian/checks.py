"""What each question of this lesson asks, simplest first. Values, not properties, are compared.

Scores are unequal and of mixed sign, arriving gradients sum to neither 0 nor 1, and where softmax's
symmetry would hide a fault another function is asked for. Loops are counted in steps of Python,
memory in bytes: neither is timed. Longer than other files: the probes of one question belong side
by side.
"""

import numpy as np

from autograder.cost import loops, peak_bytes
from autograder.probe import Question, probe

LIBRARY = ("scipy", "torch", "tensorflow", "jax", "autograd", "sympy", "mlkit.play")
LIBRARY += tuple(f"mlkit.{name}" for name in ("jacrev", "jacfwd", "vjp", "jvp", "grad", "backward"))
LIBRARY += tuple(f"mlkit.{name}" for name in ("GradientTape", "value_and_grad", "functional"))
LIBRARY += ("mlkit.check_gradients", "mlkit.gradcheck", "mlkit.Tensor", "mlkit.Variable")

q_shapes = Question("shapes", "What is this: scalar, vector or matrix?")
q_jacobian = Question("softmax_jacobian", "The Jacobian of softmax", forbid=LIBRARY)
q_batch = Question("batch_jacobian", "A batch of Jacobians, without a loop", forbid=LIBRARY)
q_vjp = Question("softmax_vjp", "The product without the matrix", forbid=LIBRARY)
q_properties = Question("properties", "Four properties as code", forbid=LIBRARY)
q_long = Question("long_way", "Cross-entropy through softmax, step by step", forbid=LIBRARY)
q_short = Question("short_way", "The collapse: predicted minus wanted", forbid=LIBRARY)
q_central = Question("central_jacobian", "Central differences", forbid=LIBRARY)
q_right = Question("is_right", "A proof with a tolerance", forbid=LIBRARY)

INF = np.inf
NEAR = 1e-8  # for measured slopes: rounding costs about 1e-11, a wrong formula more than 1e-6


def as_text(shape):
    """A shape as text, as "(4, 3)"; tuples and lists of the same lengths read the same."""
    if not isinstance(shape, tuple | list):
        return repr(shape)
    return repr(tuple(int(n) if isinstance(n, int | np.integer) else n for n in shape))


def texts_of(table, *names):
    """Some rows of a student's table, shapes as text; anything but a table comes back as it is."""
    if not isinstance(table, dict):
        return table
    return {name: as_text(table[name]) for name in names if name in table}


def rows_of(table, *names):
    """Some rows of a student's table; anything but a table comes back as it is."""
    if not isinstance(table, dict):
        return table
    return {name: table[name] for name in names if name in table}


def format_of(result):
    """The number format of an array, or else what came in its place."""
    return str(getattr(result, "dtype", type(result).__name__))


def exact_softmax(z):
    """Softmax for the probes' own use."""
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@probe("shapes", "one example: its probabilities and its loss", weight=2)
def one_example(shapes):
    return texts_of(shapes(4, 3), "a", "L")


@probe("shapes", "the slopes of the loss of one example", weight=2)
def slopes_of_the_loss(shapes):
    return texts_of(shapes(2, 5), "dL_da", "dL_dz")


@probe("shapes", "the Jacobian of softmax", weight=2)
def slopes_of_softmax(shapes):
    return texts_of(shapes(6, 2), "da_dz")


@probe("shapes", "a batch: its probabilities and its loss", weight=2)
def whole_batch(shapes):
    return texts_of(shapes(3, 7), "batch_a", "batch_L")


@probe("shapes", "a batch: its Jacobians and the slopes of its loss", weight=2)
def slopes_of_a_batch(shapes):
    return texts_of(shapes(3, 7), "batch_da_dz", "batch_dL_dz")


@probe("shapes", "the names of the docstring and no others, a tuple for each")
def kinds_of_rows(shapes):
    table = shapes(5, 4)
    if not isinstance(table, dict):
        return table
    kinds = {True: "a tuple", False: "no tuple"}
    return {f"{name}: {kinds[isinstance(table[name], tuple)]}": None for name in table}


@probe("shapes", "other sizes: one example", hidden=True)
def larger_example(shapes):
    return texts_of(shapes(32, 10), "a", "L", "dL_da", "da_dz", "dL_dz")


@probe("shapes", "other sizes: a batch", hidden=True)
def larger_batch(shapes):
    return texts_of(shapes(32, 10), "batch_a", "batch_L", "batch_da_dz", "batch_dL_dz")


@probe("softmax_jacobian", "the two scores of the lesson", weight=2)
def lesson_pair(softmax_jacobian):
    return softmax_jacobian(np.array([1.0, 2.0]))


@probe("softmax_jacobian", "three scores of mixed sign", weight=2)
def mixed_signs(softmax_jacobian):
    return softmax_jacobian(np.array([-2.0, 0.5, 1.0]))


@probe("softmax_jacobian", "four scores: the slopes by each of them", weight=2)
def four_scores(softmax_jacobian):
    return softmax_jacobian(np.array([0.5, 3.0, -1.0, 2.0]))


@probe("softmax_jacobian", "integer scores", weight=1)
def integer_scores(softmax_jacobian):
    return softmax_jacobian(np.array([1, 3, 0]))


@probe("softmax_jacobian", "scores in the thousands", quiet=True)
def thousands(softmax_jacobian):
    return softmax_jacobian(np.array([1000.0, 1001.0, 999.0]))


@probe("softmax_jacobian", "scores far below zero", hidden=True, quiet=True)
def far_below(softmax_jacobian):
    return softmax_jacobian(np.array([-1000.0, -1001.5, -1002.0]))


@probe("softmax_jacobian", "a score of -inf gives zeros", hidden=True, quiet=True)
def masked(softmax_jacobian):
    return softmax_jacobian(np.array([1.0, -INF, 2.0]))


@probe("softmax_jacobian", "random scores, more classes", hidden=True, weight=2)
def many_scores(softmax_jacobian, rng):
    return softmax_jacobian(rng.normal(size=7))


@probe("softmax_jacobian", "very small slopes are kept", hidden=True, rtol=1e-9, atol=0.0)
def small_slopes(softmax_jacobian):
    return softmax_jacobian(np.array([0.0, -30.0, 1.0]))


@probe("softmax_jacobian", "a single class has no slope", hidden=True)
def single_class(softmax_jacobian):
    return softmax_jacobian(np.array([3.0]))


@probe("softmax_jacobian", "equal scores", hidden=True)
def equal_scores(softmax_jacobian):
    return softmax_jacobian(np.array([2.0, 2.0, 2.0]))


@probe("softmax_jacobian", "float32 stays float32, float64 stays float64", hidden=True)
def formats(softmax_jacobian):
    kinds = (np.float32, np.float64, np.int64)
    results = [softmax_jacobian(np.array([1, 2, 4], dtype=kind)) for kind in kinds]
    return results, [format_of(result) for result in results]


@probe("softmax_jacobian", "a view with gaps in memory, asked twice", hidden=True)
def gaps_in_memory(softmax_jacobian, rng):
    z = rng.normal(size=(4, 6))[1, ::2]
    return softmax_jacobian(z), softmax_jacobian(z)


BATCH = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0], [0.0, -1.0, 2.5], [0.5, 0.0, 1.0]])


@probe("batch_jacobian", "one example as a batch", weight=2)
def batch_of_one(batch_jacobian):
    return batch_jacobian(np.array([[1.0, 2.0, 4.0]]))


@probe("batch_jacobian", "each example has a Jacobian of its own", weight=3)
def four_examples(batch_jacobian):
    return batch_jacobian(BATCH.copy())


@probe(
    "batch_jacobian", "no loop over the examples: 60 take as many steps of Python as 2", weight=12
)
def no_loop_over_examples(batch_jacobian, rng):
    few, many = rng.normal(size=(2, 3)), rng.normal(size=(60, 3))
    return {"more examples take more steps": loops(batch_jacobian, (few,), (many,))}


@probe("batch_jacobian", "no loop over the classes: 60 take as many steps of Python as 2", weight=4)
def no_loop_over_classes(batch_jacobian, rng):
    few, many = rng.normal(size=(3, 2)), rng.normal(size=(3, 60))
    return {"more classes take more steps": loops(batch_jacobian, (few,), (many,))}


@probe("batch_jacobian", "integer scores")
def batch_of_integers(batch_jacobian):
    return batch_jacobian(np.array([[1, 3], [0, -2], [4, 4]]))


@probe("batch_jacobian", "as many examples as classes", hidden=True)
def square_batch(batch_jacobian, rng):
    return batch_jacobian(rng.normal(size=(3, 3)))


@probe("batch_jacobian", "rows of very different scale", hidden=True, quiet=True)
def batch_of_scales(batch_jacobian):
    return batch_jacobian(np.array([[0.0, 1.0], [1000.0, 1001.5], [-1000.0, -1002.0]]))


@probe("batch_jacobian", "random scores", hidden=True, weight=2)
def random_batch(batch_jacobian, rng):
    return batch_jacobian(2 * rng.normal(size=(5, 4)))


@probe("batch_jacobian", "an empty batch", hidden=True)
def empty_batch(batch_jacobian):
    return batch_jacobian(np.zeros((0, 3)))


@probe("batch_jacobian", "a single class", hidden=True)
def batch_of_single_classes(batch_jacobian):
    return batch_jacobian(np.array([[5.0], [-7.0]]))


@probe("batch_jacobian", "float32 stays float32, float64 stays float64", hidden=True)
def batch_formats(batch_jacobian):
    results = [batch_jacobian(BATCH.astype(kind)) for kind in (np.float32, np.float64)]
    return results, [format_of(result) for result in results]


@probe("batch_jacobian", "a view with gaps in memory, asked twice", hidden=True)
def batch_of_gaps(batch_jacobian, rng):
    z = rng.normal(size=(6, 5)).T[::2, 1:]
    return batch_jacobian(z), batch_jacobian(z)


def probabilities(rng, *shape):
    """Probabilities along the last axis."""
    return exact_softmax(rng.normal(size=shape))


@probe("softmax_vjp", "the numbers of the lesson", weight=2)
def lesson_product(softmax_vjp):
    return softmax_vjp(np.array([0.25, 0.25, 0.5]), np.array([1.0, 0.0, 2.0]))


@probe("softmax_vjp", "a gradient of mixed sign", weight=2)
def mixed_product(softmax_vjp):
    return softmax_vjp(np.array([0.1, 0.6, 0.3]), np.array([-1.0, 0.5, 3.0]))


@probe("softmax_vjp", "a batch: each row has a sum of its own", weight=3)
def rows_of_products(softmax_vjp):
    a = np.array([[0.1, 0.6, 0.3], [0.5, 0.25, 0.25]])
    return softmax_vjp(a, np.array([[1.0, 0.0, -2.0], [0.0, 3.0, 1.0]]))


@probe("softmax_vjp", "400 classes: memory for vectors, not for a matrix", weight=5)
def no_matrix(softmax_vjp, rng):
    a, g = probabilities(rng, 400), rng.normal(size=400)
    softmax_vjp(a, g)  # what is imported or cached at first use does not count
    return {"there is a matrix in memory": peak_bytes(softmax_vjp, a, g) > 400 * 400 * 2}


@probe("softmax_vjp", "no loop: many classes or rows take as many steps of Python as few", weight=4)
def no_loop_in_the_product(softmax_vjp, rng):
    few, many = (np.full(4, 0.25), rng.normal(size=4)), (np.full(400, 1 / 400), np.ones(400))
    rows = [(probabilities(rng, size, 3), rng.normal(size=(size, 3))) for size in (2, 60)]
    return {
        "more classes take more steps": loops(softmax_vjp, few, many),
        "more rows take more steps": loops(softmax_vjp, *rows),
    }


def hundred_thousand(softmax_vjp, rng):
    """Some entries of the product for 100 000 classes, if 1 000 need no matrix and no loop.

    A matrix for 100 000 classes would bring down the student's machine, so it is not asked for.
    """
    small = np.full(1000, 0.001), np.ones(1000)
    if peak_bytes(softmax_vjp, *small) > 1000 * 1000 * 2:
        raise MemoryError("not tried: a matrix for 100 000 classes needs 80 GB")
    if loops(softmax_vjp, (np.full(4, 0.25), np.ones(4)), small):
        raise TimeoutError("not tried: your loop would run for minutes")
    a, g = probabilities(rng, 100_000), rng.normal(size=100_000)
    result = softmax_vjp(a, g)
    if not isinstance(result, np.ndarray) or result.shape != a.shape:
        return result
    frugal = peak_bytes(softmax_vjp, a, g) < 30 * a.nbytes
    return {"entries": 1e5 * result[[0, 1, 4711, -1]], "needs a few vectors": frugal}


@probe("softmax_vjp", "100 000 classes", weight=4)
def words_of_a_language(softmax_vjp, rng):
    return hundred_thousand(softmax_vjp, rng)


@probe("softmax_vjp", "100 000 other classes", hidden=True, weight=2)
def words_of_another_language(softmax_vjp, rng):
    return hundred_thousand(softmax_vjp, rng)


@probe("softmax_vjp", "random probabilities and gradients", hidden=True, weight=2)
def random_products(softmax_vjp, rng):
    return softmax_vjp(probabilities(rng, 6), rng.normal(size=6)), softmax_vjp(
        probabilities(rng, 4, 5), rng.normal(size=(4, 5))
    )


@probe("softmax_vjp", "as many rows as classes", hidden=True)
def square_products(softmax_vjp, rng):
    return softmax_vjp(probabilities(rng, 3, 3), rng.normal(size=(3, 3)))


@probe("softmax_vjp", "more than two axes", hidden=True)
def deep_products(softmax_vjp, rng):
    return softmax_vjp(probabilities(rng, 2, 3, 4), rng.normal(size=(2, 3, 4)))


@probe("softmax_vjp", "a gradient of equal numbers has no effect", hidden=True)
def equal_gradient(softmax_vjp):
    a = np.array([[0.2, 0.5, 0.3], [0.1, 0.6, 0.3]])
    return softmax_vjp(a, np.array([[5.0, 5.0, 5.0], [1.0, 0.0, 2.0]]))


@probe("softmax_vjp", "probabilities of 0 and 1, large gradients", hidden=True, quiet=True)
def sure_products(softmax_vjp):
    a = np.array([[0.0, 1.0, 0.0], [0.0, 0.5, 0.5]])
    return softmax_vjp(a, np.array([[1e6, 3.0, -2.0], [7.0, -1e4, 1e4]]))


@probe("softmax_vjp", "an integer gradient", hidden=True)
def integer_gradient(softmax_vjp):
    return softmax_vjp(np.array([0.25, 0.25, 0.5]), np.array([1, 0, 2]))


@probe("softmax_vjp", "float32 stays float32, float64 stays float64", hidden=True)
def formats_of_products(softmax_vjp, rng):
    a, g = probabilities(rng, 5), rng.normal(size=5)
    results = [softmax_vjp(a.astype(kind), g.astype(kind)) for kind in (np.float32, np.float64)]
    return results, [format_of(result) for result in results]


@probe("softmax_vjp", "views with gaps in memory, asked twice", hidden=True)
def products_of_gaps(softmax_vjp, rng):
    a, g = probabilities(rng, 4, 6)[::2], rng.normal(size=(6, 4)).T[::2]
    return softmax_vjp(a, g), softmax_vjp(a, g)


SOFTMAX_LIKE = np.array([[0.1875, -0.1875], [-0.1875, 0.1875]])
LAPLACE = np.array([[1.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 1.0]])
STRETCH = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 4.0]])
SADDLE = np.array([[1.0, 2.0, -3.0], [2.0, -5.0, 3.0], [-3.0, 3.0, 0.0]])
TURN = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0], [-1.0, 0.0, 1.0]])


@probe("properties", "the matrix of the lesson", weight=2)
def lesson_matrix(properties):
    return properties(SOFTMAX_LIKE.copy())


@probe("properties", "the sums of the rows", weight=2)
def sums_of_rows(properties):
    upright = np.array([[1.0, -1.0], [2.0, -2.0]])
    tried = (upright, upright.T.copy(), STRETCH, -STRETCH)
    return [rows_of(properties(m.copy()), "rows_sum_to_zero") for m in tried]


@probe("properties", "the symmetry", weight=2)
def symmetry(properties):
    return [rows_of(properties(m.copy()), "symmetric") for m in (TURN, STRETCH, -LAPLACE)]


@probe("properties", "positive semidefinite or not", weight=2)
def definite(properties):
    tried = (STRETCH, -STRETCH, np.diag([3.0, -1.0, 2.0]), np.array([[1.0, 2.0], [2.0, 1.0]]))
    return [rows_of(properties(m.copy()), "positive_semidefinite") for m in tried]


@probe("properties", "the rank", weight=2)
def ranks(properties):
    tried = (STRETCH, np.outer([1.0, 2.0, 3.0], [2.0, 0.0, -1.0]), np.zeros((3, 3)))
    return [rows_of(properties(m.copy()), "rank") for m in tried]


@probe("properties", "an eigenvalue that is 0 but for rounding", weight=2)
def nearly_zero(properties, rng):
    a = exact_softmax(rng.normal(size=6))
    wide = exact_softmax(rng.normal(size=(8, 9)))
    found = [properties(np.diag(row) - np.outer(row, row)) for row in (a, *wide)]
    return [rows_of(table, "rows_sum_to_zero", "positive_semidefinite") for table in found]


@probe("properties", "the four names of the docstring and no others")
def names_of_properties(properties):
    table = properties(LAPLACE.copy())
    return dict.fromkeys(table) if isinstance(table, dict) else table


@probe("properties", "rows that sum to zero with signs mixed", hidden=True)
def cancelling_sums(properties):
    one_bad_row = np.array([[1.0, -1.0, 0.0], [2.0, 2.0, -4.0], [1.0, 0.0, 0.0]])
    cancel = np.array([[1.0, 1.0], [-1.0, -1.0]])  # only the sum of all is 0, and of each column
    tried = (one_bad_row, cancel, -LAPLACE)
    return [rows_of(properties(m.copy()), "rows_sum_to_zero") for m in tried]


@probe("properties", "a matrix that is not symmetric is not semidefinite", hidden=True)
def upper_triangle(properties):
    tried = (np.array([[1.0, 5.0], [0.0, 1.0]]), np.array([[2.0, 0.0], [1.0, 2.0]]), TURN)
    return [rows_of(properties(m.copy()), "symmetric", "positive_semidefinite") for m in tried]


@probe("properties", "one eigenvalue below zero among larger ones", hidden=True)
def saddle(properties):
    slightly = np.diag([5.0, -0.001, 3.0])
    return [
        rows_of(properties(m.copy()), "positive_semidefinite") for m in (SADDLE, slightly, LAPLACE)
    ]


@probe("properties", "numbers of another size", hidden=True)
def other_sizes(properties):
    small = np.array([[1e-3, -1e-3], [-1e-3, 1e-3]])
    return properties(small), properties(1000 * LAPLACE), properties(np.array([[2.5]]))


@probe("properties", "ranks between 0 and n", hidden=True)
def other_ranks(properties, rng):
    tall = rng.normal(size=(5, 2))
    tried = (tall @ tall.T, np.eye(4), np.diag([0.0, 0.0, 2.0]), TURN, -LAPLACE)
    return [rows_of(properties(m.copy()), "rank") for m in tried]


@probe("properties", "almost symmetric is not symmetric", hidden=True)
def almost(properties):
    nearly = np.array([[1.0, 0.5], [0.5001, 1.0]])
    tiny = np.array([[1.0, 1e-6, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    return [rows_of(properties(m.copy()), "symmetric") for m in (nearly, tiny, np.eye(2))]


WANTED = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
SOFT = np.array([[0.7, 0.3, 0.0], [0.2, 0.5, 0.3], [0.0, 0.1, 0.9], [0.25, 0.25, 0.5]])


@probe("long_way", "the example of the lesson", weight=2)
def lesson_slopes(long_way):
    return long_way(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]))


@probe("long_way", "one example, three classes", weight=2)
def three_slopes(long_way):
    return long_way(np.array([[-2.0, 0.5, 1.0]]), np.array([[0.0, 1.0, 0.0]]))


@probe("long_way", "a batch: the loss is the mean", weight=3)
def batch_of_slopes(long_way):
    return long_way(BATCH.copy(), WANTED.copy())


@probe("long_way", "wanted probabilities between 0 and 1", weight=2)
def soft_slopes(long_way):
    return long_way(BATCH.copy(), SOFT.copy())


@probe("long_way", "one random example", hidden=True)
def random_example(long_way, rng):
    return long_way(rng.normal(size=(1, 5)), probabilities(rng, 1, 5))


@probe("long_way", "random scores and wanted probabilities", hidden=True, weight=2)
def random_slopes(long_way, rng):
    return long_way(rng.normal(size=(5, 4)), probabilities(rng, 5, 4))


@probe("long_way", "as many examples as classes", hidden=True)
def square_slopes(long_way, rng):
    return long_way(rng.normal(size=(3, 3)), np.eye(3)[[2, 0, 0]])


@probe("long_way", "integers for the wanted probabilities", hidden=True)
def integer_wanted(long_way):
    return long_way(BATCH.copy(), WANTED.astype(np.int64))


@probe("long_way", "small probabilities, large scores", hidden=True)
def steep_slopes(long_way):
    return long_way(np.array([[1000.0, 1020.0], [-5.0, 6.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))


@probe("short_way", "the example of the lesson", weight=2)
def lesson_collapse(short_way):
    return short_way(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]))


@probe("short_way", "one example, three classes", weight=2)
def three_collapsed(short_way):
    return short_way(np.array([[-2.0, 0.5, 1.0]]), np.array([[0.0, 1.0, 0.0]]))


@probe("short_way", "a batch: the loss is the mean", weight=3)
def batch_collapsed(short_way):
    return short_way(BATCH.copy(), WANTED.copy())


@probe("short_way", "wanted probabilities between 0 and 1", weight=2)
def soft_collapsed(short_way):
    return short_way(BATCH.copy(), SOFT.copy())


@probe("short_way", "sure and wrong: the full push, and no warning", quiet=True, weight=2)
def sure_and_wrong(short_way):
    return short_way(
        np.array([[0.0, 800.0], [1000.0, -1000.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    )


@probe("short_way", "random scores and wanted probabilities", hidden=True, weight=2)
def random_collapsed(short_way, rng):
    return short_way(rng.normal(size=(6, 4)), probabilities(rng, 6, 4))


@probe("short_way", "as many examples as classes", hidden=True)
def square_collapsed(short_way, rng):
    return short_way(rng.normal(size=(3, 3)), np.eye(3)[[2, 0, 0]])


@probe("short_way", "integers for the wanted probabilities", hidden=True)
def integer_collapsed(short_way):
    return short_way(BATCH.copy(), WANTED.astype(np.int64)), short_way(
        np.array([[3, 0], [1, 4]]), np.array([[1, 0], [1, 0]])
    )


@probe("short_way", "a small probability", hidden=True, rtol=0.05, atol=0.0)
def small_collapsed(short_way):
    return short_way(np.array([[0.0, 30.0]]), np.array([[0.0, 1.0]]))


@probe("short_way", "a score of -inf", hidden=True, quiet=True)
def masked_collapsed(short_way):
    return short_way(np.array([[1.0, -INF, 2.0]]), np.array([[1.0, 0.0, 0.0]]))


@probe("short_way", "float32 stays float32, float64 stays float64", hidden=True)
def formats_collapsed(short_way):
    kinds = (np.float32, np.float64)
    results = [short_way(BATCH.astype(kind), WANTED.astype(kind)) for kind in kinds]
    return results, [format_of(result) for result in results]


def cubes(x):
    return x**3


def swirl(x):
    """Two inputs, three outputs, and no symmetry to hide behind."""
    return np.array([x[0] * x[1], np.sin(x[0]), x[1] ** 2 - x[0]])


def slopes_of_swirl(x):
    return np.array([[x[1], x[0]], [np.cos(x[0]), 0.0], [-1.0, 2 * x[1]]])


def itself(x):
    """Gives back the very array that came in."""
    return x


@probe("central_jacobian", "the example of the lesson", atol=NEAR, weight=2)
def one_slope(central_jacobian):
    return central_jacobian(cubes, np.array([1.0]), h=0.1)


@probe("central_jacobian", "three outputs of two inputs: row = output", atol=NEAR, weight=3)
def tall_map(central_jacobian):
    weights = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, -1.0]])
    return central_jacobian(lambda x: weights @ x, np.array([0.5, -1.0]))


@probe("central_jacobian", "each input moves alone", atol=NEAR, weight=2)
def products_of_inputs(central_jacobian):
    return central_jacobian(swirl, np.array([0.5, -2.0]))


@probe("central_jacobian", "the push that is given is used, to both sides", atol=NEAR, weight=2)
def wide_push(central_jacobian):
    return central_jacobian(cubes, np.array([1.0, -2.0]), h=0.5), central_jacobian(
        np.exp, np.array([0.0, 1.0]), 0.25
    )


@probe("central_jacobian", "softmax at the scores of the lesson", atol=NEAR, weight=2)
def measured_softmax(central_jacobian):
    return central_jacobian(exact_softmax, np.array([1.0, 2.0, 3.0]))


@probe("central_jacobian", "one output of three inputs", hidden=True, atol=NEAR)
def wide_map(central_jacobian):
    return central_jacobian(lambda x: np.array([x @ x]), np.array([1.0, -2.0, 0.5]))


@probe("central_jacobian", "a function that gives back its own input", hidden=True, atol=NEAR)
def same_array(central_jacobian):
    return central_jacobian(itself, np.array([1.0, 4.0]))


@probe("central_jacobian", "inputs of 0", hidden=True, atol=NEAR)
def at_zero(central_jacobian):
    return central_jacobian(np.sin, np.array([0.0, 1.0])), central_jacobian(
        swirl, np.array([0.0, 0.0])
    )


@probe("central_jacobian", "inputs of another size", hidden=True, rtol=1e-6, atol=NEAR)
def large_inputs(central_jacobian):
    return central_jacobian(lambda x: x * np.array([1.0, 2.0]), np.array([300.0, -0.01]))


@probe("central_jacobian", "integer inputs", hidden=True, atol=NEAR)
def integer_inputs(central_jacobian):
    return central_jacobian(cubes, np.array([2, -1]), h=0.1)


@probe("central_jacobian", "random functions", hidden=True, atol=NEAR, weight=2)
def random_maps(central_jacobian, rng):
    weights, point = rng.normal(size=(4, 3)), rng.normal(size=3)
    return central_jacobian(lambda x: np.tanh(weights @ x), point)


@probe("central_jacobian", "the error of the default push is small", hidden=True, atol=NEAR)
def small_error(central_jacobian):
    return central_jacobian(np.exp, np.array([1.0, -1.0]))


@probe("central_jacobian", "x is the same afterwards", hidden=True)
def x_unchanged(central_jacobian):
    x = np.array([0.3, 0.1, 0.7])
    central_jacobian(np.cos, x)
    return x


SCORES = np.array([1.0, 2.0, 3.0])


def exact_jacobian(z):
    a = exact_softmax(z)
    return np.diag(a) - np.outer(a, a)


def with_one_wrong(by, place):
    """The right Jacobian of softmax but for one entry."""

    def jacobian(z):
        made = exact_jacobian(z)
        made[place] += by
        return made

    return jacobian


@probe("is_right", "the right Jacobian passes", weight=2)
def right_passes(is_right):
    return is_right(exact_jacobian, exact_softmax, SCORES.copy())


@probe("is_right", "the diagonal alone does not", weight=2)
def diagonal_fails(is_right):
    return is_right(lambda z: np.diag(exact_softmax(z)), exact_softmax, SCORES.copy())


@probe("is_right", "one entry wrong by 0.0001 or more, up or down", weight=3)
def one_entry(is_right):
    places = ((0, 0), (1, 2), (2, 1))
    return [
        is_right(with_one_wrong(by, place), exact_softmax, SCORES.copy())
        for place in places
        for by in (1e-4, -1e-4, 5e-3)
    ]


@probe("is_right", "errors that cancel out are errors", weight=2)
def cancelling_errors(is_right):
    shift = np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 0.0], [-1.0, 1.0, 0.0]])
    return is_right(lambda z: exact_jacobian(z) + 0.01 * shift, exact_softmax, SCORES.copy())


@probe("is_right", "rounding is no error", weight=2)
def rounding_passes(is_right):
    found = [
        is_right(with_one_wrong(by, (1, 1)), exact_softmax, SCORES.copy()) for by in (1e-10, -1e-10)
    ]
    return found, is_right(slopes_of_swirl, swirl, np.array([0.5, -2.0]))


@probe("is_right", "NaN is never right", hidden=True, weight=2)
def nan_fails(is_right):
    return is_right(with_one_wrong(np.nan, (0, 1)), exact_softmax, SCORES.copy()), is_right(
        lambda z: np.full((3, 3), np.nan), exact_softmax, SCORES
    )


@probe("is_right", "another shape is not right", hidden=True, weight=2)
def shapes_fail(is_right):
    point = np.array([0.5, -2.0])
    flat = is_right(lambda x: np.array([2.0, 2.0]), lambda x: 2 * x.sum() + 0 * x, point)
    return flat, is_right(lambda x: slopes_of_swirl(x).T, swirl, point)


@probe("is_right", "a transposed Jacobian is not right", hidden=True)
def transposed_fails(is_right):
    weights = np.array([[1.0, 2.0], [3.0, 4.0]])
    point = np.array([0.5, -2.0])
    return is_right(lambda x: weights.T, lambda x: weights @ x, point), is_right(
        lambda x: weights, lambda x: weights @ x, point
    )


@probe("is_right", "small slopes, and slopes of 0", hidden=True)
def zero_slopes(is_right):
    point = np.array([0.4, 0.9])
    return (
        is_right(lambda x: np.zeros((2, 2)), lambda x: np.ones(2), point),
        is_right(lambda x: 1e-3 * np.eye(2), np.ones_like, point),
        is_right(lambda x: np.diag(np.cos(x)), np.sin, point),
        is_right(lambda x: 1.01 * np.diag(np.cos(x)), np.sin, point),
    )


@probe("is_right", "random points of softmax", hidden=True, weight=2)
def random_points(is_right, rng):
    points = 2 * rng.normal(size=(4, 5))
    found = [is_right(exact_jacobian, exact_softmax, z) for z in points]
    return found, [is_right(lambda z: exact_jacobian(z / 2), exact_softmax, z) for z in points]


@probe("is_right", "a sign that is wrong", hidden=True)
def signs_fail(is_right):
    def plus(z):
        a = exact_softmax(z)
        return np.diag(a) + np.outer(a, a)

    return is_right(plus, exact_softmax, SCORES.copy()), is_right(
        lambda z: -exact_jacobian(z), exact_softmax, SCORES
    )
