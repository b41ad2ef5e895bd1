"""Right answers that look nothing like the solution. Each must get full marks for every seed."""

import numpy as np

from autograder.probe import variant


@variant("shape_of")
def measured(n, m, batch):
    words = ("scalar", "vector", "matrix", "stack")
    arrays = {
        "number_to_number": np.float64(3.0),
        "numbers_to_number": np.ones(n),
        "number_to_numbers": np.ones(m),
        "numbers_to_numbers": np.ones(m)[:, None] * np.ones(n),
        "batch_to_number": np.ones((batch, n)),
        "batch_to_numbers": np.stack([np.ones((m, n))] * batch),
    }
    return {name: (words[array.ndim], array.shape) for name, array in arrays.items()}


@variant("shape_of")
def by_concatenation(n, m, batch):
    def entry(*shape):
        return ["scalar", "vector", "matrix", "stack"][len(shape)], shape

    table = {"number_to_number": entry()}
    for many in ("", "batch_"):
        first = [batch] if many else []
        source = "batch" if many else "numbers"
        table[f"{source}_to_number"] = entry(*first, n)
        table[f"{source}_to_numbers"] = entry(*first, m, n)
    return table | {"number_to_numbers": entry(m)}


@variant("row_normalise")
def transposed(x):
    return (x.T / x.T.sum(axis=0)).T


@variant("row_normalise")
def in_loops(x):
    rows = []
    for row in x:
        total = sum(row)
        rows.append([number / total for number in row])
    return np.array(rows, dtype=x.dtype if x.dtype.kind == "f" else np.float64)


@variant("row_normalise")
def with_a_new_axis(x):
    return np.divide(x, np.add.reduce(x, axis=-1)[:, np.newaxis])
