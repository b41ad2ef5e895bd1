"""Wrong answers that students really write, each with the hint that it deserves.

Each function is read and run alone, with NumPy as `np`. A hint names the idea and never a number of
the answer. Longer than other files: it is a list of cases.
"""

import numpy as np

from autograder.probe import mistake


@mistake("shape_of", hint="(n) is just the number n: a tuple of one number is written with a comma")
def no_comma(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", n),
        "number_to_numbers": ("vector", m),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("matrix", (batch, n)),
        "batch_to_numbers": ("stack", (batch, m, n)),
    }


@mistake("shape_of", hint="a single number has no axis at all: its shape is the empty tuple")
def scalar_of_length_one(n, m, batch):
    return {
        "number_to_number": ("scalar", (1,)),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("matrix", (batch, n)),
        "batch_to_numbers": ("stack", (batch, m, n)),
    }


@mistake("shape_of", hint="a single input or output has no axis: leave it out, do not write a 1")
def ones_written(n, m, batch):
    return {
        "number_to_number": ("matrix", (1, 1)),
        "numbers_to_number": ("matrix", (1, n)),
        "number_to_numbers": ("matrix", (m, 1)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("stack", (batch, 1, n)),
        "batch_to_numbers": ("stack", (batch, m, n)),
    }


@mistake("shape_of", hint="outputs first, inputs last: a row of the Jacobian belongs to one output")
def inputs_first(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("matrix", (n, m)),
        "batch_to_number": ("matrix", (batch, n)),
        "batch_to_numbers": ("stack", (batch, n, m)),
    }


@mistake("shape_of", hint="the batch axis comes first, before the outputs and the inputs")
def batch_last(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("matrix", (n, batch)),
        "batch_to_numbers": ("stack", (m, n, batch)),
    }


@mistake(
    "shape_of", hint="each example of a batch has a derivative of its own: where is the batch axis?"
)
def batch_forgotten(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("vector", (n,)),
        "batch_to_numbers": ("matrix", (m, n)),
    }


@mistake("shape_of", hint="that is the shape of the output: a derivative counts the inputs as well")
def shape_of_the_output(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("scalar", ()),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("vector", (m,)),
        "batch_to_number": ("vector", (batch,)),
        "batch_to_numbers": ("matrix", (batch, m)),
    }


@mistake("shape_of", hint="that is the shape of the input: a derivative counts the outputs as well")
def shape_of_the_input(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("scalar", ()),
        "numbers_to_numbers": ("vector", (n,)),
        "batch_to_number": ("matrix", (batch, n)),
        "batch_to_numbers": ("matrix", (batch, n)),
    }


@mistake("shape_of", hint="examples do not touch each other: the batch is counted once, not twice")
def batch_twice(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("stack", (batch, batch, n)),
        "batch_to_numbers": ("stack", (batch, m, batch, n)),
    }


@mistake("shape_of", hint="an axis for each kind of thing: do not multiply two lengths into one")
def flattened(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("vector", (m * n,)),
        "batch_to_number": ("vector", (batch * n,)),
        "batch_to_numbers": ("matrix", (batch * m, n)),
    }


@mistake("shape_of", hint="the word follows from the number of axes: count them in your tuples")
def every_table_a_matrix(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("matrix", (batch, n)),
        "batch_to_numbers": ("matrix", (batch, m, n)),
    }


@mistake("shape_of", hint="the sizes are arguments: use n, m and batch, not the numbers of a check")
def sizes_of_one_check(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (4,)),
        "number_to_numbers": ("vector", (2,)),
        "numbers_to_numbers": ("matrix", (3, 4)),
        "batch_to_number": ("matrix", (6, 4)),
        "batch_to_numbers": ("stack", (6, 3, 4)),
    }


@mistake("shape_of", hint="n inputs and m outputs: you have exchanged the two letters everywhere")
def letters_exchanged(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (m,)),
        "number_to_numbers": ("vector", (n,)),
        "numbers_to_numbers": ("matrix", (n, m)),
        "batch_to_number": ("matrix", (batch, m)),
        "batch_to_numbers": ("stack", (batch, n, m)),
    }


@mistake("shape_of", hint="each row needs two things: a word, then a shape; the words are missing")
def words_missing(n, m, batch):
    return {
        "number_to_number": (),
        "numbers_to_number": (n,),
        "number_to_numbers": (m,),
        "numbers_to_numbers": (m, n),
        "batch_to_number": (batch, n),
        "batch_to_numbers": (batch, m, n),
    }


@mistake("shape_of", hint="the words are written small, as in the docstring: vector, not Vector")
def capital_words(n, m, batch):
    return {
        "number_to_number": ("Scalar", ()),
        "numbers_to_number": ("Vector", (n,)),
        "number_to_numbers": ("Vector", (m,)),
        "numbers_to_numbers": ("Matrix", (m, n)),
        "batch_to_number": ("Matrix", (batch, n)),
        "batch_to_numbers": ("Stack", (batch, m, n)),
    }


@mistake(
    "shape_of", hint="a single input has no axis: m outputs are a vector, no one-column matrix"
)
def outputs_in_a_column(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("matrix", (m, 1)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("matrix", (batch, n)),
        "batch_to_numbers": ("stack", (batch, m, n)),
    }


@mistake(
    "shape_of", hint="one number out, but n numbers in: each example of the batch has n slopes"
)
def one_slope_each(n, m, batch):
    return {
        "number_to_number": ("scalar", ()),
        "numbers_to_number": ("vector", (n,)),
        "number_to_numbers": ("vector", (m,)),
        "numbers_to_numbers": ("matrix", (m, n)),
        "batch_to_number": ("vector", (batch,)),
        "batch_to_numbers": ("stack", (batch, m, n)),
    }


@mistake("shape_of", hint="a shape is a tuple in round brackets, as NumPy's .shape, not a list")
def square_brackets(n, m, batch):
    return {
        "number_to_number": ("scalar", []),
        "numbers_to_number": ("vector", [n]),
        "number_to_numbers": ("vector", [m]),
        "numbers_to_numbers": ("matrix", [m, n]),
        "batch_to_number": ("matrix", [batch, n]),
        "batch_to_numbers": ("stack", [batch, m, n]),
    }


@mistake(
    "shape_of",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def table_not_returned(n, m, batch):
    table = {"number_to_number": ("scalar", ())}  # noqa: F841


@mistake(
    "row_normalise",
    hint="the columns sum to 1, not the rows: the axis that you name is the one that disappears",
)
def wrong_axis(x):
    return x / x.sum(axis=0)


@mistake(
    "row_normalise",
    hint="the sums lost their axis and meet the columns: keep it, with keepdims=True",
)
def keepdims_lost(x):
    return x / x.sum(axis=1)


@mistake("row_normalise", hint="you divide by the sum of everything: each row has its own sum")
def one_sum_for_all(x):
    return x / x.sum()


@mistake("row_normalise", hint="the largest of a row becomes 1: divide by the sum, not the maximum")
def by_maximum(x):
    return x / x.max(axis=1, keepdims=True)


@mistake("row_normalise", hint="rows sum to their length: divide by the sum of a row, not its mean")
def by_mean(x):
    return x / x.mean(axis=1, keepdims=True)


@mistake("row_normalise", hint="that makes the length of a row 1: here its sum is to be 1")
def by_euclidean_length(x):
    return x / np.sqrt((x**2).sum(axis=1, keepdims=True))


@mistake("row_normalise", hint="you subtract: shares come from dividing")
def subtracts(x):
    return x - x.sum(axis=1, keepdims=True)


@mistake("row_normalise", hint="// drops everything behind the point: use /")
def whole_division(x):
    return x // x.sum(axis=1, keepdims=True)


@mistake("row_normalise", hint="zeros like integers are integers: a share put there becomes 0")
def filled_into_integers(x):
    result = np.zeros_like(x)
    for i in range(len(x)):
        result[i] = x[i] / x[i].sum()
    return result


@mistake("row_normalise", hint="you give back the sums: divide the rows by them")
def gives_the_sums(x):
    return x.sum(axis=1, keepdims=True)


@mistake("row_normalise", hint="those are percent: the rows are to sum to 1, not to 100")
def in_percent(x):
    return 100 * x / x.sum(axis=1, keepdims=True)


@mistake("row_normalise", hint="a rounded share is another number: leave the digits as they are")
def rounds(x):
    return np.round(x / x.sum(axis=1, keepdims=True), 2)


@mistake("row_normalise", hint="/= changes the array of the caller: make a new one with /")
def in_place(x):
    x /= x.sum(axis=1, keepdims=True)
    return x


@mistake("row_normalise", hint="the exponential belongs to softmax, in lesson 4: only divide here")
def with_exponentials(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@mistake("row_normalise", hint="a small number below the line changes every share a little")
def epsilon_added(x):
    return x / (x.sum(axis=1, keepdims=True) + 1e-8)


@mistake("row_normalise", hint="the format changed: float32 should stay float32")
def always_double(x):
    return x.astype(np.float64) / x.sum(axis=1, keepdims=True)


@mistake("row_normalise", hint="you use the sum of the first row for all of them")
def first_row_for_all(x):
    return x / x[0].sum()


@mistake("row_normalise", hint="the result came back turned: rows must stay rows")
def left_transposed(x):
    return x.T / x.sum(axis=1)


@mistake(
    "row_normalise",
    hint="nothing came back: a function answers with return; computing or printing is not enough",
)
def shares_not_returned(x):
    shares = x / x.sum(axis=1, keepdims=True)  # noqa: F841
