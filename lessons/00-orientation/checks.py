"""What each question of this lesson asks, simplest first. Values, not properties, are compared.

No array is square and no two sizes are equal: on those, wrong code looks right.
"""

import numpy as np

from autograder.probe import Question, probe

q_shape_of = Question("shape_of", "The shape game")
q_row_normalise = Question("row_normalise", "Rows that sum to 1")


WORDS = ("scalar", "vector", "matrix", "stack")


def facts_of(name, entry):
    """A row of the table as two facts, so that a finding says which of them is wrong."""
    word, shape = entry if is_pair(entry) else (None, entry)
    axes = len(shape) if isinstance(shape, tuple | list) else len(WORDS)
    fits = word == dict(enumerate(WORDS)).get(axes, "none")
    return {f"{name}: shape": shape, f"{name}: the word fits the shape": fits}


def is_pair(entry):
    """Whether a row of the table is a word and something."""
    return isinstance(entry, tuple | list) and len(entry) == 2 and isinstance(entry[0], str)


def rows_of(table, *names):
    """Some rows of a student's table as facts; anything but a table comes back as it is."""
    if not isinstance(table, dict):
        return table
    facts = [facts_of(name, table[name]) for name in names if name in table]
    return {name: fact for both in facts for name, fact in both.items()}


def format_of(result):
    """The number format of an array, or else what came in its place."""
    return str(getattr(result, "dtype", type(result).__name__))


@probe("shape_of", "one number in, one number out", weight=2)
def single(shape_of):
    return rows_of(shape_of(4, 3, 6), "number_to_number")


@probe("shape_of", "many numbers in, one number out", weight=2)
def gradient(shape_of):
    return rows_of(shape_of(4, 3, 6), "numbers_to_number")


@probe("shape_of", "one number in, many numbers out", weight=2)
def speeds(shape_of):
    return rows_of(shape_of(5, 2, 7), "number_to_numbers")


@probe("shape_of", "many numbers in, many numbers out", weight=2)
def jacobian(shape_of):
    return rows_of(shape_of(4, 3, 6), "numbers_to_numbers")


@probe("shape_of", "a batch, one number out for each example", weight=2)
def gradients(shape_of):
    return rows_of(shape_of(4, 3, 6), "batch_to_number")


@probe("shape_of", "a batch, many numbers out for each example", weight=2)
def jacobians(shape_of):
    return rows_of(shape_of(4, 3, 6), "batch_to_numbers")


@probe("shape_of", "the names of the docstring and no others, a word and a tuple for each")
def kinds_of_rows(shape_of):
    table = shape_of(5, 4, 2)
    if not isinstance(table, dict):
        return table
    return {f"{name}: {kind_of(table[name])}": None for name in table}


def kind_of(entry):
    """Whether a row of the table is a word and a tuple."""
    good = isinstance(entry, tuple) and [type(part) for part in entry] == [str, tuple]
    return "a word and a tuple" if good else "something else"


@probe("shape_of", "other sizes: 64 inputs, 10 outputs, 32 examples", hidden=True, weight=2)
def larger(shape_of):
    return rows_of(shape_of(64, 10, 32), "numbers_to_number", "number_to_numbers")


@probe("shape_of", "the same sizes, many in and many out", hidden=True)
def larger_tables(shape_of):
    return rows_of(shape_of(64, 10, 32), "numbers_to_numbers", "batch_to_number")


@probe("shape_of", "the same sizes, the stack", hidden=True)
def larger_stack(shape_of):
    return rows_of(shape_of(64, 10, 32), "batch_to_numbers")


@probe("row_normalise", "the example of the docstring", weight=2)
def example(row_normalise):
    return row_normalise(np.array([[1.0, 3.0], [2.0, 2.0]]))


@probe("row_normalise", "two rows of three", weight=2)
def two_by_three(row_normalise):
    return row_normalise(np.array([[1.0, 2.0, 5.0], [4.0, 0.0, 12.0]]))


@probe("row_normalise", "rows of very different size", weight=2)
def different_sizes(row_normalise):
    return row_normalise(np.array([[0.001, 0.003], [100.0, 700.0], [1.0, 1.5]]))


@probe("row_normalise", "a square array, where a wrong shape fits", weight=2)
def square(row_normalise):
    return row_normalise(np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 0.0], [2.0, 2.0, 5.0]]))


@probe("row_normalise", "integers", weight=1)
def integers(row_normalise):
    return row_normalise(np.array([[2, 3], [4, 1], [7, 1]]))


@probe("row_normalise", "one row, one column", hidden=True)
def slim(row_normalise):
    return row_normalise(np.array([[5.0, 1.0, 4.0]])), row_normalise(np.array([[5.0], [7.0]]))


@probe("row_normalise", "random rows", hidden=True, weight=2)
def random_rows(row_normalise, rng):
    return row_normalise(rng.uniform(0.1, 4.0, size=(5, 3)))


@probe("row_normalise", "a view with gaps in memory", hidden=True)
def gaps_in_memory(row_normalise, rng):
    return row_normalise(rng.uniform(0.5, 4.0, size=(6, 5)).T[::2, 1:])


@probe("row_normalise", "tiny numbers keep their digits", hidden=True, rtol=1e-9, atol=0.0)
def tiny(row_normalise):
    return row_normalise(np.array([[1e-12, 3e-12], [1e-9, 1.0]]))


@probe("row_normalise", "float32 stays float32, integers become float64", hidden=True)
def formats(row_normalise):
    numbers = [[2, 1, 4], [1, 0, 3]]
    results = [row_normalise(np.array(numbers, dtype=kind)) for kind in (np.float32, np.int64)]
    return results, [format_of(result) for result in results]
