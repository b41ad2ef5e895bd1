"""Wrong answers that students really write, each with the hint that it deserves.

Each function is read and run alone, with NumPy as `np` and right answers to the questions above. A
hint names the idea and never a number of the answer. Longer than other files: a list of cases.
"""

import numpy as np

from autograder.probe import mistake
from mlkit import softmax

NOTHING = "nothing came back: a function answers with return; computing or printing is not enough"


def softmax_vjp(a, g):
    """The right product, for answers below that build on it; in a notebook it is the student's."""
    return a * (g - (a * g).sum(axis=-1, keepdims=True))


def central_jacobian(f, x, h=1e-5):
    """The right central difference, likewise."""
    pushes = h * np.eye(len(x))
    return np.stack([(f(x + push) - f(x - push)) / (2 * h) for push in pushes], axis=1)


@mistake(
    "shapes",
    hint="the derivative of a scalar has the shape of what it is derived by: one slope for each",
)
def slopes_of_loss_as_number(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (),
        "da_dz": (classes, classes),
        "dL_dz": (),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (),
    }


@mistake("shapes", hint="every output moves with every input: how many slopes are that?")
def jacobian_as_vector(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes,),
        "da_dz": (classes,),
        "dL_dz": (classes,),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="one example knows nothing of the batch: its outputs by its inputs")
def jacobian_of_the_batch(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes,),
        "da_dz": (batch, classes),
        "dL_dz": (classes,),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="L is one number: its slopes by n inputs are n numbers, no matrix")
def slopes_as_matrix(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes, classes),
        "da_dz": (classes, classes),
        "dL_dz": (classes, classes),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="the loss is one number: the sum over the classes leaves no axis")
def loss_as_vector(batch, classes):
    return {
        "a": (classes,),
        "L": (1,),
        "dL_da": (classes,),
        "da_dz": (classes, classes),
        "dL_dz": (classes,),
        "batch_a": (batch, classes),
        "batch_L": (1,),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="the loss of a batch is the mean over its examples: the batch axis is gone")
def loss_for_each_example(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes,),
        "da_dz": (classes, classes),
        "dL_dz": (classes,),
        "batch_a": (batch, classes),
        "batch_L": (batch,),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="each example has a Jacobian of its own: stack them, batch first")
def one_jacobian_for_all(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes,),
        "da_dz": (classes, classes),
        "dL_dz": (classes,),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (classes, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="batch first: the matrices are stacked along the first axis")
def batch_axis_last(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes,),
        "da_dz": (classes, classes),
        "dL_dz": (classes,),
        "batch_a": (classes, batch),
        "batch_L": (),
        "batch_da_dz": (classes, classes, batch),
        "batch_dL_dz": (classes, batch),
    }


@mistake(
    "shapes",
    hint="all outputs by all inputs would be that, but only one block an example is not zero",
)
def jacobian_of_everything(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes,),
        "da_dz": (classes, classes),
        "dL_dz": (classes,),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, batch, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake(
    "shapes",
    hint="the mean is over losses: each score of each example still has a slope of its own",
)
def batch_slopes_averaged(batch, classes):
    return {
        "a": (classes,),
        "L": (),
        "dL_da": (classes,),
        "da_dz": (classes, classes),
        "dL_dz": (classes,),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (classes,),
    }


@mistake("shapes", hint="(n) is just the number n: a tuple of one length is written with a comma")
def no_comma(batch, classes):
    return {
        "a": classes,
        "L": (),
        "dL_da": classes,
        "da_dz": (classes, classes),
        "dL_dz": classes,
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="one example alone has no batch axis: its numbers are a vector")
def rows_for_vectors(batch, classes):
    return {
        "a": (1, classes),
        "L": (),
        "dL_da": (1, classes),
        "da_dz": (classes, classes),
        "dL_dz": (1, classes),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="NumPy has no columns of one example: a vector has one axis")
def columns_for_vectors(batch, classes):
    return {
        "a": (classes, 1),
        "L": (),
        "dL_da": (classes, 1),
        "da_dz": (classes, classes),
        "dL_dz": (classes, 1),
        "batch_a": (batch, classes),
        "batch_L": (),
        "batch_da_dz": (batch, classes, classes),
        "batch_dL_dz": (batch, classes),
    }


@mistake("shapes", hint="write the lengths with batch and classes: other sizes will be asked too")
def sizes_fixed(batch, classes):
    return {
        "a": (3,),
        "L": (),
        "dL_da": (3,),
        "da_dz": (3, 3),
        "dL_dz": (3,),
        "batch_a": (4, 3),
        "batch_L": (),
        "batch_da_dz": (4, 3, 3),
        "batch_dL_dz": (4, 3),
    }


@mistake("shapes", hint="a shape is a tuple, in round brackets: a.shape is never equal to a list")
def lists_for_tuples(batch, classes):
    return {
        "a": [classes],
        "L": [],
        "dL_da": [classes],
        "da_dz": [classes, classes],
        "dL_dz": [classes],
        "batch_a": [batch, classes],
        "batch_L": [],
        "batch_da_dz": [batch, classes, classes],
        "batch_dL_dz": [batch, classes],
    }


@mistake("shapes", hint=NOTHING)
def table_not_returned(batch, classes):
    table = {"a": (classes,), "batch_a": (batch, classes)}  # noqa: F841


@mistake("softmax_jacobian", hint="softmax couples all classes: off the diagonal stands -a_i a_j")
def diagonal_only(z):
    a = softmax(z)
    return np.diag(a * (1 - a))


@mistake(
    "softmax_jacobian", hint="one slope for each pair of output and input: a matrix, no vector"
)
def diagonal_as_vector(z):
    a = softmax(z)
    return a * (1 - a)


@mistake("softmax_jacobian", hint="minus off the diagonal: what one class wins, the others lose")
def plus_for_minus(z):
    a = softmax(z)
    return np.diag(a) + np.outer(a, a)


@mistake(
    "softmax_jacobian", hint="the sign of the whole matrix: a score pushed up lifts its own class"
)
def sign_turned(z):
    a = softmax(z)
    return np.outer(a, a) - np.diag(a)


@mistake(
    "softmax_jacobian",
    hint="the 1 of a_i (1 - a_i) stands on the diagonal only: 1 - a is elsewhere too",
)
def one_everywhere(z):
    a = softmax(z)
    return a[:, None] * (1 - a[None, :])


@mistake(
    "softmax_jacobian", hint="the diagonal holds a_i times what is left to 1: a_i alone is too much"
)
def diagonal_not_reduced(z):
    a = softmax(z)
    jacobian = -np.outer(a, a)
    np.fill_diagonal(jacobian, a)
    return jacobian


@mistake(
    "softmax_jacobian", hint="both factors are probabilities: -a_i a_j, not -a_i or -a_j alone"
)
def one_factor_missing(z):
    a = softmax(z)
    return np.diag(a) - np.ones((len(a), 1)) * a


@mistake(
    "softmax_jacobian",
    hint="the diagonal starts from a_i, not from 1: np.diag(a), not the identity",
)
def identity_for_diagonal(z):
    a = softmax(z)
    return np.eye(len(a), dtype=a.dtype) - np.outer(a, a)


@mistake("softmax_jacobian", hint="scores are no probabilities: apply softmax first")
def from_scores(z):
    return np.diag(z) - np.outer(z, z)


@mistake("softmax_jacobian", hint="the scores go in as they are: softmax once, not twice")
def softmax_twice(z):
    a = softmax(softmax(z))
    return np.diag(a) - np.outer(a, a)


@mistake(
    "softmax_jacobian", hint="a * a multiplies entry by entry: you need all pairs, an outer product"
)
def no_outer_product(z):
    a = softmax(z)
    return np.diag(a) - a * a


@mistake(
    "softmax_jacobian",
    hint="a @ a is one number, the sum of squares: you need all pairs of i and j",
)
def inner_product(z):
    a = softmax(z)
    return np.diag(a) - a @ a


@mistake("softmax_jacobian", hint="e to a large score overflows: use the softmax that is given")
def powers_overflow(z):
    powers = np.exp(z)
    a = powers / powers.sum()
    return np.diag(a) - np.outer(a, a)


@mistake("softmax_jacobian", hint="divide by the square of the sum: the quotient rule has it so")
def not_squared(z):
    powers = np.exp(z - z.max())
    total = powers.sum()
    return (np.diag(powers) * total - np.outer(powers, powers)) / total


@mistake(
    "softmax_jacobian",
    hint="that is the derivative of log-softmax: softmax's has one more factor a",
)
def of_log_softmax(z):
    a = softmax(z)
    return np.eye(len(a), dtype=a.dtype) - a


@mistake(
    "softmax_jacobian", hint="a full grid of products is filled, but the diagonal was forgotten"
)
def no_diagonal(z):
    a = softmax(z)
    return -np.outer(a, a)


@mistake(
    "softmax_jacobian", hint="that is the slope of a sigmoid: softmax shares one sum by all classes"
)
def sigmoids(z):
    a = 1 / (1 + np.exp(-z))
    return np.diag(a * (1 - a))


@mistake(
    "softmax_jacobian",
    hint="np.eye and np.zeros are float64 unless told: float32 should stay float32",
)
def always_double(z):
    a = softmax(z)
    return np.eye(len(a)) * a - np.outer(a, a)


@mistake(
    "softmax_jacobian", hint="float64 came in, less precise numbers came back: keep the format"
)
def always_single(z):
    a = softmax(z).astype(np.float32)
    return np.diag(a) - np.outer(a, a)


@mistake(
    "softmax_jacobian", hint="do not measure the slopes here: rounding spoils them; use the formula"
)
def measured_slopes(z):
    h = 1e-4
    columns = [(softmax(z + h * e) - softmax(z - h * e)) / (2 * h) for e in np.eye(len(z))]
    return np.stack(columns, axis=1).astype(softmax(z).dtype)


@mistake("softmax_jacobian", hint="rounding loses digits: give back what the formula gives")
def rounded_slopes(z):
    a = softmax(z)
    return np.round(np.diag(a) - np.outer(a, a), 4)


@mistake("softmax_jacobian", hint="the result has no room for fractions: integers in, floats out")
def integer_buffer(z):
    a = softmax(z)
    jacobian = np.zeros((len(z), len(z)), dtype=z.dtype)
    jacobian[...] = np.diag(a) - np.outer(a, a)
    return jacobian


@mistake("softmax_jacobian", hint="the caller's array is changed: write z = z - ..., not z -= ...")
def scores_changed(z):
    z -= z.max()
    a = softmax(z)
    return np.diag(a) - np.outer(a, a)


@mistake(
    "softmax_jacobian",
    hint="a small number in the denominator changes every slope: nothing needs it",
)
def denominator_padded(z):
    powers = np.exp(z - z.max())
    a = powers / (powers.sum() + 1e-8)
    return np.diag(a) - np.outer(a, a)


@mistake("softmax_jacobian", hint="no clipping: small probabilities are right as they are, so is 0")
def probabilities_clipped(z):
    a = np.clip(softmax(z), 1e-12, 1)
    return np.diag(a) - np.outer(a, a)


@mistake(
    "softmax_jacobian", hint="an array is asked for: lists of lists have no shape and no arithmetic"
)
def lists_of_slopes(z):
    a = softmax(z)
    return [[float(a[i] * ((i == j) - a[j])) for j in range(len(a))] for i in range(len(a))]


@mistake("softmax_jacobian", hint=NOTHING)
def jacobian_not_returned(z):
    a = softmax(z)
    jacobian = np.diag(a) - np.outer(a, a)  # noqa: F841


@mistake(
    "batch_jacobian", hint="a loop over the examples, here a comprehension: line up axes instead"
)
def row_by_row(z):
    if not len(z):
        return np.zeros((0, z.shape[1], z.shape[1]))
    a = softmax(z)
    return np.stack([np.diag(row) - np.outer(row, row) for row in a])


@mistake("batch_jacobian", hint="np.vectorize and its kin are loops of Python too, only hidden")
def hidden_loop(z):
    a = softmax(z)
    return np.apply_along_axis(lambda row: np.diag(row) - np.outer(row, row), 1, a)


@mistake("batch_jacobian", hint="the loop over the classes is a loop too: every pair in one go")
def loop_over_classes(z):
    a = softmax(z)
    jacobians = -a[:, :, None] * a[:, None, :]
    for i in range(z.shape[1]):
        jacobians[:, i, i] += a[:, i]
    return jacobians


@mistake("batch_jacobian", hint="no loop was asked for, and an empty batch has nothing to stack")
def stacked_rows(z):
    a = softmax(z)
    return np.array([np.diag(row) - np.outer(row, row) for row in a])


@mistake("batch_jacobian", hint="examples are mixed: each needs products of its own numbers only")
def mixes_examples(z):
    a = softmax(z)
    products = a.T @ a
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - products


@mistake(
    "batch_jacobian", hint="the batch was summed away: one matrix for each example is asked for"
)
def summed_over_batch(z):
    a = softmax(z)
    return np.diag(a.sum(axis=0)) - a.T @ a


@mistake(
    "batch_jacobian", hint="a mean over the batch leaves one matrix: each example keeps its own"
)
def averaged_over_batch(z):
    a = softmax(z)
    return (np.diag(a.sum(axis=0)) - a.T @ a) / max(len(z), 1)


@mistake("batch_jacobian", hint="minus off the diagonal: what one class wins, the others lose")
def batch_with_plus(z):
    a = softmax(z)
    outer = a[:, :, None] * a[:, None, :]
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] + outer


@mistake("batch_jacobian", hint="softmax couples all classes: off the diagonal stands -a_i a_j")
def batch_of_diagonals(z):
    a = softmax(z)
    return np.eye(z.shape[1], dtype=a.dtype) * (a * (1 - a))[:, None, :]


@mistake("batch_jacobian", hint="each entry of the diagonal is a_i (1 - a_i): it was forgotten")
def batch_without_diagonal(z):
    a = softmax(z)
    return -a[:, :, None] * a[:, None, :]


@mistake(
    "batch_jacobian", hint="the diagonal holds a_i times what is left to 1: a_i alone is too much"
)
def batch_diagonal_not_reduced(z):
    a = softmax(z)
    jacobians = -a[:, :, None] * a[:, None, :]
    place = np.arange(z.shape[1])
    jacobians[:, place, place] = a
    return jacobians


@mistake(
    "batch_jacobian", hint="one vector of slopes for each example is too little: a matrix for each"
)
def batch_of_vectors(z):
    a = softmax(z)
    return a * (1 - a)


@mistake(
    "batch_jacobian",
    hint="the softmax of a batch goes along its rows: the last axis is the classes",
)
def softmax_down_the_columns(z):
    a = softmax(z, axis=0) if len(z) else z
    outer = a[:, :, None] * a[:, None, :]
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - outer


@mistake("batch_jacobian", hint="np.diag takes one vector: of a table it picks, it does not stack")
def diagonal_of_the_table(z):
    a = softmax(z)
    return np.diag(a) - a[:, :, None] * a[:, None, :]


@mistake("batch_jacobian", hint="batch first: the matrices are stacked along the first axis")
def batch_last(z):
    a = softmax(z)
    outer = a[:, :, None] * a[:, None, :]
    made = np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - outer
    return np.moveaxis(made, 0, -1)


@mistake("batch_jacobian", hint="e to a large score overflows: use the softmax that is given")
def batch_overflows(z):
    powers = np.exp(z)
    a = powers / powers.sum(axis=1, keepdims=True)
    outer = a[:, :, None] * a[:, None, :]
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - outer


@mistake(
    "batch_jacobian", hint="the sum over everything makes rows share it: each row sums to 1 alone"
)
def one_sum_for_all(z):
    powers = np.exp(z - z.max(initial=-np.inf))
    a = powers / powers.sum()
    outer = a[:, :, None] * a[:, None, :]
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - outer


@mistake(
    "batch_jacobian",
    hint="np.eye and np.zeros are float64 unless told: float32 should stay float32",
)
def batch_always_double(z):
    a = softmax(z)
    return np.eye(z.shape[1]) * a[:, None, :] - a[:, :, None] * a[:, None, :]


@mistake("batch_jacobian", hint="the scores themselves are no probabilities: apply softmax first")
def batch_from_scores(z):
    a = z * 1.0
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - a[:, :, None] * a[:, None, :]


@mistake(
    "batch_jacobian", hint="an empty batch is a batch: let it give an empty stack, with no error"
)
def refuses_empty(z):
    a = softmax(z)
    assert len(z), "there must be an example"
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - a[:, :, None] * a[:, None, :]


@mistake("batch_jacobian", hint="the caller's array is changed: write z = z - ..., not z -= ...")
def batch_changed(z):
    z -= z.max(axis=1, keepdims=True).astype(z.dtype)
    a = softmax(z)
    return np.eye(z.shape[1], dtype=a.dtype) * a[:, None, :] - a[:, :, None] * a[:, None, :]


@mistake("batch_jacobian", hint=NOTHING)
def batch_not_returned(z):
    a = softmax(z)
    made = np.eye(z.shape[1]) * a[:, None, :] - a[:, :, None] * a[:, None, :]  # noqa: F841


@mistake("softmax_vjp", hint="each class also moves the others: the sum over g a is missing")
def own_class_only(a, g):
    return a * (1 - a) * g


@mistake(
    "softmax_vjp", hint="subtract the sum of g a, not the sum of g: the probabilities weigh it"
)
def sum_of_gradient(a, g):
    return a * (g - g.sum(axis=-1, keepdims=True))


@mistake("softmax_vjp", hint="a times g is the first half: what the other classes lose is missing")
def only_the_first_half(a, g):
    return a * g


@mistake("softmax_vjp", hint="each row has a sum of its own: along which axis do you add?")
def one_sum(a, g):
    return a * (g - (a * g).sum())


@mistake(
    "softmax_vjp", hint="the row sums lost an axis: keep it, so that they stand beside the rows"
)
def sums_lost_an_axis(a, g):
    return a * (g - (a * g).sum(axis=-1))


@mistake("softmax_vjp", hint="you add down the columns: the classes are on the last axis")
def sums_of_columns(a, g):
    return a * (g - (a * g).sum(axis=0, keepdims=True))


@mistake("softmax_vjp", hint="the formula subtracts the sum: with a plus nothing cancels")
def product_with_plus(a, g):
    return a * (g + (a * g).sum(axis=-1, keepdims=True))


@mistake("softmax_vjp", hint="the sign is turned around: g minus the sum, not the sum minus g")
def product_turned(a, g):
    return a * ((a * g).sum(axis=-1, keepdims=True) - g)


@mistake(
    "softmax_vjp", hint="the factor a in front is missing: a class that is unlikely hardly moves"
)
def no_factor(a, g):
    return g - (a * g).sum(axis=-1, keepdims=True)


@mistake(
    "softmax_vjp",
    hint="that is log-softmax's product: here the sum takes g a, and a stands in front",
)
def of_log(a, g):
    return g - a * g.sum(axis=-1, keepdims=True)


@mistake(
    "softmax_vjp", hint="the sum weighs g by a, and not by a squared: a stands in front only once"
)
def weighed_twice(a, g):
    return a * (g - (a * a * g).sum(axis=-1, keepdims=True))


@mistake("softmax_vjp", hint="the mean divides by n: the chain rule adds up, it does not average")
def mean_for_sum(a, g):
    return a * (g - (a * g).mean(axis=-1, keepdims=True))


@mistake("softmax_vjp", hint="a is the output of softmax already: take it as it is")
def softmax_again(a, g):
    again = softmax(a)
    return again * (g - (again * g).sum(axis=-1, keepdims=True))


@mistake(
    "softmax_vjp", hint="this builds the matrix that was to be avoided: put its entries in by hand"
)
def through_a_matrix(a, g):
    matrix = a[..., :, None] * (np.eye(a.shape[-1], dtype=a.dtype) - a[..., None, :])
    return np.einsum("...i,...ij->...j", g, matrix)


@mistake("softmax_vjp", hint="np.outer is that matrix again, and takes one example only")
def with_outer(a, g):
    return (np.diag(a) - np.outer(a, a)) @ g


@mistake(
    "softmax_vjp", hint="a loop over the classes is slow: whole arrays at once, the sum included"
)
def class_by_class(a, g):
    total = 0.0
    for i in range(a.shape[-1]):
        total = total + a[..., i] * g[..., i]
    return (a * (g - np.expand_dims(total, -1))).astype(np.result_type(a, g))


@mistake(
    "softmax_vjp", hint="dot takes one vector each: for a batch multiply and sum the last axis"
)
def dot_of_vectors(a, g):
    return a * (g - np.dot(a, g))


@mistake("softmax_vjp", hint="float32 should stay float32: something turned it into float64")
def product_always_double(a, g):
    a, g = np.asarray(a, dtype=np.float64), np.asarray(g, dtype=np.float64)
    return a * (g - (a * g).sum(axis=-1, keepdims=True))


@mistake("softmax_vjp", hint="the caller's gradient is changed: make a new array, not g -= ...")
def gradient_changed(a, g):
    total = (a * g).sum(axis=-1, keepdims=True)
    np.subtract(g, total, out=g, casting="unsafe")
    return a * g


@mistake("softmax_vjp", hint="dividing by a brings inf and NaN where a probability is 0")
def divides_by_a(a, g):
    flow = a * g
    return a * (flow / a - flow.sum(axis=-1, keepdims=True))


@mistake("softmax_vjp", hint="no mean over the batch here: the loss has taken it already, inside g")
def divided_by_batch(a, g):
    flow = a * (g - (a * g).sum(axis=-1, keepdims=True))
    return flow / len(a) if a.ndim > 1 else flow


@mistake(
    "softmax_vjp",
    hint="that is predicted minus wanted: it needs the cross-entropy, g can be anything",
)
def collapsed_too_early(a, g):
    return a - g


@mistake(
    "softmax_vjp",
    hint="a loop over the rows is a loop too: all rows in one go, along the last axis",
)
def product_row_by_row(a, g):
    rows = zip(a.reshape(-1, a.shape[-1]), g.reshape(-1, a.shape[-1]), strict=True)
    return np.stack([x * (y - x @ y) for x, y in rows]).reshape(a.shape)


@mistake(
    "softmax_vjp", hint="the sum weighs g by the probabilities: a plain mean of g is something else"
)
def centred_gradient(a, g):
    return a * (g - g.mean(axis=-1, keepdims=True))


@mistake("softmax_vjp", hint=NOTHING)
def product_not_returned(a, g):
    flow = a * (g - (a * g).sum(axis=-1, keepdims=True))  # noqa: F841


@mistake("properties", hint="a sum that is 0 in theory is 1e-17 in a computer: allow a little")
def sums_exact(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((J.sum(axis=1) == 0).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="an eigenvalue of 0 may come out as -1e-17: allow a little below zero")
def eigenvalues_exact(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= 0).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake(
    "properties", hint="semidefinite allows eigenvalues of 0: only those below zero are refused"
)
def strictly_positive(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) > 1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="those are the columns' sums: each row goes along axis 1")
def sums_of_the_columns(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=0)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="the sum over the whole matrix hides rows that cancel each other")
def sum_of_everything(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool(abs(J.sum()) <= 1e-8),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="every row must sum to zero: one is not enough, so all(), not any()")
def some_row(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).any()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="a sum far below zero is not zero: take its absolute value first")
def sums_without_size(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((J.sum(axis=1) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake(
    "properties", hint="eigvalsh reads one triangle only: ask for symmetry before you trust it"
)
def symmetry_taken_for_granted(J):
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": bool(np.allclose(J, J.T, rtol=0, atol=1e-8)),
        "positive_semidefinite": bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="entries above zero are another thing: look at the eigenvalues")
def entries_for_eigenvalues(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((J >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="a diagonal above zero is not enough: look at the eigenvalues")
def diagonal_for_eigenvalues(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.diag(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="two eigenvalues below zero have a determinant above it: look at each")
def determinant_for_eigenvalues(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool(np.linalg.det(J) >= -1e-8),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="one push may work although another does not: every eigenvalue counts")
def one_push_tried(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    push = np.arange(1.0, len(J) + 1)
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool(push @ J @ push >= -1e-8),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake(
    "properties", hint="rank n - 1 is softmax's own: count the rank of the matrix that is given"
)
def rank_learnt_by_heart(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": len(J) - 1,
    }


@mistake(
    "properties", hint="rows that are not zero may still depend on each other: take matrix_rank"
)
def rank_of_rows(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int((np.abs(J).sum(axis=1) > 1e-8).sum()),
    }


@mistake("properties", hint="the rank is a count, an int: whether it is full was not asked")
def rank_as_truth(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": bool(np.linalg.matrix_rank(J) == len(J)),
    }


@mistake(
    "properties", hint="the rank counts independent rows: the number of rows is its upper limit"
)
def rank_always_full(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": J.shape[0],
    }


@mistake(
    "properties", hint="within 1e-8 means 1e-8: np.allclose alone allows far more, give rtol, atol"
)
def loose_symmetry(J):
    symmetric = bool(np.allclose(J, J.T, rtol=1e-2))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="a small eigenvalue below zero is below zero: allow 1e-8 and no more")
def loose_eigenvalues(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": bool((np.abs(J.sum(axis=1)) <= 1e-8).all()),
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -0.01).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint="the four answers go into a dict, under the names of the docstring")
def properties_as_tuple(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    sums = bool((np.abs(J.sum(axis=1)) <= 1e-8).all())
    semidefinite = symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all())
    return sums, symmetric, semidefinite, int(np.linalg.matrix_rank(J))


@mistake("properties", hint="one answer for the whole matrix, not one for each row: use .all()")
def answers_for_each_row(J):
    symmetric = bool(np.allclose(J, J.T, rtol=0, atol=1e-8))
    return {
        "rows_sum_to_zero": np.abs(J.sum(axis=1)) <= 1e-8,
        "symmetric": symmetric,
        "positive_semidefinite": symmetric and bool((np.linalg.eigvalsh(J) >= -1e-8).all()),
        "rank": int(np.linalg.matrix_rank(J)),
    }


@mistake("properties", hint=NOTHING)
def properties_not_returned(J):
    symmetric = np.allclose(J, J.T, rtol=0, atol=1e-8)
    table = {"symmetric": symmetric, "rank": np.linalg.matrix_rank(J)}  # noqa: F841


@mistake("long_way", hint="the loss is a mean: its slopes are divided by the number of examples")
def long_without_mean(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y / a)


@mistake("long_way", hint="the mean is over the examples only: not over all entries of the batch")
def long_mean_of_all(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y / a / z.size)


@mistake("long_way", hint="divide by the number of examples, not of classes: len(z) counts rows")
def long_mean_of_classes(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y / a / z.shape[1])


@mistake("long_way", hint="cross-entropy has a minus sign in front: its slope by a is -y / a")
def long_sign(z, y):
    a = softmax(z)
    return softmax_vjp(a, y / a / len(z))


@mistake(
    "long_way",
    hint="that is the slope by the probabilities: the way back through softmax is missing",
)
def stops_at_a(z, y):
    a = softmax(z)
    return -y / a / len(z)


@mistake("long_way", hint="the slope of log a is 1 / a: the logarithm itself does not arrive")
def logarithm_arrives(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y * np.log(a) / len(z))


@mistake("long_way", hint="-1 / a arrives at the wanted class only: y picks it out")
def wanted_forgotten(z, y):
    a = softmax(z)
    return softmax_vjp(a, -1 / a / len(z))


@mistake("long_way", hint="wanted over predicted, not predicted over wanted: -y / a")
def fraction_turned(z, y):
    a = softmax(z)
    return softmax_vjp(a, -a * y / len(z))


@mistake("long_way", hint="the scores are no probabilities: softmax comes first")
def scores_for_probabilities(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y / z / len(z))


@mistake(
    "long_way", hint="the vjp takes the probabilities, and not the scores, as its first argument"
)
def vjp_of_scores(z, y):
    a = softmax(z)
    return softmax_vjp(z, -y / a / len(z))


@mistake(
    "long_way", hint="a and the gradient change places: probabilities first, then what arrives"
)
def vjp_turned(z, y):
    a = softmax(z)
    return softmax_vjp(-y / a / len(z), a)


@mistake("long_way", hint="softmax goes along each row: with axis=0 the examples are mixed")
def long_down_columns(z, y):
    a = softmax(z, axis=0)
    return softmax_vjp(a, -y / a / len(z))


@mistake(
    "long_way", hint="a small number in the denominator makes small probabilities wrong: leave it"
)
def long_with_epsilon(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y / (a + 1e-6) / len(z))


@mistake("long_way", hint="clipping makes small probabilities wrong: divide by what softmax gave")
def long_clipped(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y / np.clip(a, 1e-3, 1) / len(z))


@mistake(
    "long_way", hint="soft wanted probabilities count as they are: do not turn them into a class"
)
def long_hard_labels(z, y):
    a = softmax(z)
    hard = np.eye(z.shape[1])[y.argmax(axis=1)]
    return softmax_vjp(a, -hard / a / len(z))


@mistake("long_way", hint="the slope of each example alone: the batch axis must stay")
def long_summed(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y / a / len(z)).sum(axis=0)


@mistake("long_way", hint="that is the loss, one number: its slopes by the scores are asked for")
def loss_for_slopes(z, y):
    a = softmax(z)
    return -(y * np.log(a)).sum() / len(z)


@mistake("long_way", hint="the logits' own slopes are asked for: a y is the diagonal part alone")
def diagonal_of_the_long_way(z, y):
    a = softmax(z)
    return (1 - a) * -y / len(z)


@mistake("long_way", hint=NOTHING)
def long_not_returned(z, y):
    a = softmax(z)
    slopes = softmax_vjp(a, -y / a / len(z))  # noqa: F841


@mistake("short_way", hint="the loss is a mean: divide by the number of examples")
def short_without_mean(z, y):
    return softmax(z) - y


@mistake("short_way", hint="the mean is over the examples only: not over all entries of the batch")
def short_mean_of_all(z, y):
    return (softmax(z) - y) / z.size


@mistake("short_way", hint="divide by the number of examples, not of classes: len(z) counts rows")
def short_mean_of_classes(z, y):
    return (softmax(z) - y) / z.shape[1]


@mistake(
    "short_way", hint="predicted minus wanted: the other way round the network learns the opposite"
)
def wanted_minus_predicted(z, y):
    return (y - softmax(z)) / len(z)


@mistake(
    "short_way", hint="predicted are the probabilities: the scores must go through softmax first"
)
def scores_minus_wanted(z, y):
    return (z - y) / len(z)


@mistake(
    "short_way", hint="the slope of softmax is in the formula already: do not multiply by it again"
)
def sigmoid_slope_again(z, y):
    a = softmax(z)
    return (a - y) * a * (1 - a) / len(z)


@mistake(
    "short_way", hint="predicted minus wanted holds for every class, also for those not wanted"
)
def only_the_true_class(z, y):
    return (softmax(z) - y) * (y > 0) / len(z)


@mistake(
    "short_way", hint="soft wanted probabilities count as they are: do not turn them into a class"
)
def short_hard_labels(z, y):
    return (softmax(z) - np.eye(z.shape[1], dtype=z.dtype)[y.argmax(axis=1)]) / len(z)


@mistake("short_way", hint="softmax goes along each row: with axis=0 the examples are mixed")
def short_down_columns(z, y):
    return (softmax(z, axis=0) - y) / len(z)


@mistake("short_way", hint="e to a large score overflows: use the softmax that is given")
def short_overflows(z, y):
    powers = np.exp(z)
    return (powers / powers.sum(axis=1, keepdims=True) - y) / len(z)


@mistake("short_way", hint="each row has a sum of its own: a sum over the batch mixes the examples")
def short_one_sum(z, y):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return (powers / powers.sum() - y) / len(z)


@mistake("short_way", hint="that is the long way: it divides by a probability that may be 0")
def still_the_long_way(z, y):
    a = softmax(z)
    return softmax_vjp(a, -y / a / len(z))


@mistake("short_way", hint="the batch axis must stay: each example has slopes of its own")
def short_summed(z, y):
    return (softmax(z) - y).sum(axis=0) / len(z)


@mistake(
    "short_way", hint="that is the gradient of the squared error: cross-entropy has no factor 2"
)
def factor_two(z, y):
    return 2 * (softmax(z) - y) / len(z)


@mistake(
    "short_way", hint="slopes have signs: a probability that is too small has a slope below zero"
)
def without_sign(z, y):
    return np.abs(softmax(z) - y) / len(z)


@mistake("short_way", hint="clipping makes the slopes of sure classes wrong: nothing needs it here")
def short_clipped(z, y):
    return (np.clip(softmax(z), 1e-7, 1 - 1e-7) - y) / len(z)


@mistake("short_way", hint="log-probabilities are something else: predicted is what softmax gives")
def from_logarithms(z, y):
    with np.errstate(divide="ignore"):
        return (np.log(softmax(z)) - y) / len(z)


@mistake("short_way", hint="float32 should stay float32: something turned it into float64")
def short_always_double(z, y):
    return (softmax(z.astype(np.float64)) - y) / len(z)


@mistake("short_way", hint="the caller's y is changed: make a new array, not y -= ...")
def wanted_changed(z, y):
    slopes = (softmax(z) - y) / len(z)
    y[...] = slopes
    return slopes


@mistake(
    "short_way", hint="log of a sum of exponentials overflows too: use the softmax that is given"
)
def overflows_in_the_logarithm(z, y):
    return (np.exp(z - np.log(np.exp(z).sum(axis=1, keepdims=True))) - y) / len(z)


@mistake(
    "short_way", hint="subtract y as it is: asking for y == 1 forgets what lies between 0 and 1"
)
def only_whole_ones(z, y):
    a = softmax(z)
    return (np.where(y == 1, a - 1, a) / len(z)).astype(a.dtype)


@mistake("short_way", hint=NOTHING)
def short_not_returned(z, y):
    slopes = (softmax(z) - y) / len(z)  # noqa: F841


@mistake(
    "central_jacobian",
    hint="that is a forward difference: push to both sides, its error is far smaller",
)
def forward_difference(f, x, h=1e-5):
    return np.stack([(f(x + e) - f(x)) / h for e in h * np.eye(len(x))], axis=1)


@mistake("central_jacobian", hint="that is a backward difference: push to both sides")
def backward_difference(f, x, h=1e-5):
    return np.stack([(f(x) - f(x - e)) / h for e in h * np.eye(len(x))], axis=1)


@mistake("central_jacobian", hint="from -h to h it is 2h: divide by that")
def divides_by_h(f, x, h=1e-5):
    return np.stack([(f(x + e) - f(x - e)) / h for e in h * np.eye(len(x))], axis=1)


@mistake("central_jacobian", hint="the difference is there, the division by 2h is missing")
def never_divides(f, x, h=1e-5):
    return np.stack([f(x + e) - f(x - e) for e in h * np.eye(len(x))], axis=1)


@mistake("central_jacobian", hint="/ 2 * h multiplies by h: brackets, / (2 * h)")
def brackets_missing(f, x, h=1e-5):
    return np.stack([(f(x + e) - f(x - e)) / 2 * h for e in h * np.eye(len(x))], axis=1)


@mistake(
    "central_jacobian", hint="row = output: each push fills a column, so the result is transposed"
)
def input_by_output(f, x, h=1e-5):
    return np.stack([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))])


@mistake("central_jacobian", hint="all inputs move at once: push one and keep the others still")
def all_at_once(f, x, h=1e-5):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return np.stack([slope] * len(x), axis=1)


@mistake("central_jacobian", hint="the push that the caller names is never used")
def own_push(f, x, h=1e-5):
    return np.stack([(f(x + e) - f(x - e)) / 2e-5 for e in 1e-5 * np.eye(len(x))], axis=1)


@mistake("central_jacobian", hint="a push of another size than h was asked for: h to each side")
def half_a_push(f, x, h=1e-5):
    return np.stack([(f(x + e / 2) - f(x - e / 2)) / h for e in h * np.eye(len(x))], axis=1)


@mistake("central_jacobian", hint="a push in proportion to x is no push at all where x is 0")
def relative_push(f, x, h=1e-5):
    columns = []
    for j, e in enumerate(np.eye(len(x))):
        size = h * abs(x[j])
        columns.append((f(x + size * e) - f(x - size * e)) / (2 * size))
    return np.stack(columns, axis=1)


@mistake("central_jacobian", hint="h is much too large by default: see the table above")
def coarse_default(f, x, h=1e-2):
    return np.stack([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))], axis=1)


@mistake(
    "central_jacobian",
    hint="h is so small that rounding spoils the difference: see the formula's two errors",
)
def tiny_default(f, x, h=1e-12):
    return np.stack([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))], axis=1)


@mistake(
    "central_jacobian", hint="the second difference measures the bend: the slope is f(x+h) - f(x-h)"
)
def second_difference(f, x, h=1e-5):
    return np.stack([(f(x + e) - 2 * f(x) + f(x - e)) / h**2 for e in h * np.eye(len(x))], axis=1)


@mistake("central_jacobian", hint="up = x is no copy: both names are one array, the pushes cancel")
def one_array_two_names(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        up = x
        down = x
        up[j] += h
        down[j] -= h
        columns.append((f(up) - f(down)) / (2 * h))
    return np.array(columns).T


@mistake("central_jacobian", hint="plus minus minus: the sign is turned around")
def sides_swapped(f, x, h=1e-5):
    return np.stack([(f(x - e) - f(x + e)) / (2 * h) for e in h * np.eye(len(x))], axis=1)


@mistake("central_jacobian", hint="x is not the same afterwards: undo the push, or push a copy")
def not_restored(f, x, h=1e-5):
    x = x if x.dtype.kind == "f" else x.astype(float)
    columns = []
    for j in range(len(x)):
        x[j] += h
        above = np.array(f(x))
        x[j] -= 2 * h
        columns.append((above - np.array(f(x))) / (2 * h))
    return np.stack(columns, axis=1)


@mistake(
    "central_jacobian",
    hint="f saw one array twice and it changed in between: give it a new one each time",
)
def same_array_twice(f, x, h=1e-5):
    x = x.astype(float)
    columns = []
    for j in range(len(x)):
        x[j] += h
        above = f(x)
        x[j] -= 2 * h
        below = f(x)
        x[j] += h
        columns.append((above - below) / (2 * h))
    return np.stack(columns, axis=1)


@mistake(
    "central_jacobian", hint="a copy of integers stays integer, and a push of h vanishes in it"
)
def integer_copy(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        up, down = x.copy(), x.copy()
        up[j], down[j] = x[j] + h, x[j] - h
        columns.append((f(up) - f(down)) / (2 * h))
    return np.stack(columns, axis=1)


@mistake(
    "central_jacobian",
    hint="as many outputs as inputs is a guess: f decides how many rows there are",
)
def square_result(f, x, h=1e-5):
    jacobian = np.zeros((len(x), len(x)))
    for j, e in enumerate(h * np.eye(len(x))):
        jacobian[:, j] = (f(x + e) - f(x - e)) / (2 * h)
    return jacobian


@mistake("central_jacobian", hint="only the diagonal is measured: every output by every input")
def own_input_only(f, x, h=1e-5):
    full = np.stack([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))], axis=1)
    return full * np.eye(*full.shape)


@mistake(
    "central_jacobian",
    hint="the sum of the outputs has a gradient, not a Jacobian: keep them apart",
)
def outputs_summed(f, x, h=1e-5):
    return np.array([(f(x + e) - f(x - e)).sum() / (2 * h) for e in h * np.eye(len(x))])


@mistake("central_jacobian", hint="rounding loses digits: give back what you measured")
def measured_rounded(f, x, h=1e-5):
    return np.round(
        np.stack([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))], axis=1), 5
    )


@mistake(
    "central_jacobian", hint="np.zeros_like of integers is integer, and a push of h vanishes in it"
)
def integer_push(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        push = np.zeros_like(x)
        push[j] = h
        columns.append((f(x + push) - f(x - push)) / (2 * h))
    return np.stack(columns, axis=1)


@mistake("central_jacobian", hint=NOTHING)
def measured_not_returned(f, x, h=1e-5):
    columns = [(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))]
    np.stack(columns, axis=1)


@mistake(
    "is_right",
    hint="even right ones fail: is central_jacobian right? then allow for more than its rounding",
)
def no_tolerance(jacobian, f, x):
    return bool(np.array_equal(jacobian(x), central_jacobian(f, x)))


@mistake(
    "is_right", hint="your tolerance lies above the mistake that it shall catch: choose it smaller"
)
def tolerance_too_large(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return claimed.shape == shown.shape and bool((np.abs(claimed - shown) < 1e-3).all())


@mistake("is_right", hint="with a relative tolerance alone, slopes of 0 can never pass")
def relative_only(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return claimed.shape == shown.shape and bool(
        np.allclose(claimed, shown + 1e-15 * np.ones_like(shown), rtol=1e-5, atol=0)
    )


@mistake("is_right", hint="differences below zero are differences too: take absolute values")
def signed_differences(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return claimed.shape == shown.shape and bool((claimed - shown < 1e-7).all())


@mistake("is_right", hint="in a sum errors cancel out: every single entry must agree")
def sum_of_differences(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return claimed.shape == shown.shape and bool(abs((claimed - shown).sum()) < 1e-7)


@mistake("is_right", hint="the sums of the rows agree in many wrong ones too: compare the entries")
def rows_compared(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    if claimed.shape != shown.shape:
        return False
    return bool((np.abs(claimed.sum(axis=1) - shown.sum(axis=1)) < 1e-7).all())


@mistake("is_right", hint="all entries must agree, not any of them")
def any_entry(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return claimed.shape == shown.shape and bool((np.abs(claimed - shown) < 1e-7).any())


@mistake("is_right", hint="only the diagonal is compared: every output by every input")
def diagonal_compared(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    if claimed.shape != shown.shape:
        return False
    return bool((np.abs(np.diag(claimed) - np.diag(shown)) < 1e-7).all())


@mistake(
    "is_right",
    hint="NaN is above nothing: ask whether all are below the tolerance, not whether one is above",
)
def nan_slips_through(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return claimed.shape == shown.shape and not (np.abs(claimed - shown) > 1e-7).any()


@mistake("is_right", hint="NumPy stretches a vector to fit a matrix: compare the shapes first")
def shapes_stretch(jacobian, f, x):
    try:
        return bool((np.abs(jacobian(x) - central_jacobian(f, x)) < 1e-7).all())
    except ValueError:
        return False


@mistake(
    "is_right", hint="another shape is an answer too: say False, and do not stop with an error"
)
def shapes_raise(jacobian, f, x):
    np.testing.assert_equal(np.shape(jacobian(x)), central_jacobian(f, x).shape)
    return bool((np.abs(jacobian(x) - central_jacobian(f, x)) < 1e-7).all())


@mistake(
    "is_right", hint="the transposed matrix may agree although yours does not: compare it as it is"
)
def transposed_passes(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    if claimed.shape != shown.shape:
        return claimed.T.shape == shown.shape and bool((np.abs(claimed.T - shown) < 1e-7).all())
    close = [
        (np.abs(m - shown) < 1e-7).all() for m in (claimed, claimed.T) if m.shape == shown.shape
    ]
    return bool(any(close))


@mistake(
    "is_right", hint="the average error is small when one entry of many is wrong: take the largest"
)
def average_difference(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return claimed.shape == shown.shape and bool(np.abs(claimed - shown).mean() < 1e-3)


@mistake("is_right", hint="sizes are compared without signs: a Jacobian with the wrong sign passes")
def signs_ignored(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return claimed.shape == shown.shape and bool(
        (np.abs(np.abs(claimed) - np.abs(shown)) < 1e-7).all()
    )


@mistake("is_right", hint="the answer is turned around: True means that the Jacobian is right")
def turned_around(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return not (claimed.shape == shown.shape and bool((np.abs(claimed - shown) < 1e-7).all()))


@mistake("is_right", hint="one answer for the whole matrix: use .all()")
def answer_for_each_entry(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x)
    return np.abs(claimed - shown) < 1e-7 if claimed.shape == shown.shape else False


@mistake(
    "is_right", hint="properties of softmax are no proof, and f need not be softmax: measure f"
)
def properties_for_proof(jacobian, f, x):
    claimed = np.asarray(jacobian(x))
    return bool(
        claimed.ndim == 2
        and claimed.shape[0] == claimed.shape[1]
        and np.allclose(claimed, claimed.T)
        and np.allclose(claimed.sum(axis=1), 0)
    )


@mistake("is_right", hint="the shape alone proves nothing: compare the entries")
def shape_is_enough(jacobian, f, x):
    return np.shape(jacobian(x)) == central_jacobian(f, x).shape


@mistake(
    "is_right",
    hint="with np.allclose alone another shape stops with an error: compare shapes first",
)
def allclose_alone(jacobian, f, x):
    return bool(np.allclose(jacobian(x), central_jacobian(f, x)))


@mistake(
    "is_right", hint="this builds on central_jacobian: mend that first, its result is transposed"
)
def built_on_a_transposed_measurement(jacobian, f, x):
    claimed, shown = np.asarray(jacobian(x)), central_jacobian(f, x).T
    return claimed.shape == shown.shape and bool((np.abs(claimed - shown) < 1e-7).all())


@mistake("is_right", hint=NOTHING)
def verdict_printed(jacobian, f, x):
    verdict = np.shape(jacobian(x)) == central_jacobian(f, x).shape  # noqa: F841
