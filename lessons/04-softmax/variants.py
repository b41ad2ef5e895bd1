"""Right answers that look nothing like the solution. Each must get full marks for every seed."""

import numpy as np

from autograder.probe import variant


def softmax(z, axis=-1):
    """The right softmax, for answers below that build on it; in a notebook it is the student's."""
    with np.errstate(invalid="ignore"):
        powers = np.exp(z - z.max(axis=axis, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True)


@variant("shapes")
def measured(batch, classes):
    z, many = np.ones(classes), np.ones((batch, classes))
    return {
        "scores": z.shape,
        "probabilities": (z / classes).shape,
        "total": np.shape(z.sum()),
        "temperature": np.shape(2.0),
        "batch_scores": many.shape,
        "batch_probabilities": (many / classes).shape,
        "batch_totals": many.sum(axis=1).shape,
        "batch_column": many.sum(axis=1, keepdims=True).shape,
        "winners": many.argmax(axis=1).shape,
    }


@variant("shapes")
def by_concatenation(batch, classes):
    table = dict.fromkeys(("total", "temperature"), tuple([]))
    table |= dict.fromkeys(("scores", "probabilities"), tuple([classes]))
    table |= dict.fromkeys(("batch_totals", "winners"), tuple([batch]))
    table |= dict.fromkeys(("batch_scores", "batch_probabilities"), tuple([batch, classes]))
    return {**table, "batch_column": table["winners"] + (1,)}


@variant("normalise")
def shares_transposed(z):
    return np.divide(z.T, np.add.reduce(z, axis=-1).T).T


@variant("normalise")
def shares_in_loops(z):
    shares = np.empty(z.shape)
    with np.errstate(all="ignore"):
        for place in np.ndindex(z.shape[:-1]):
            total = sum(float(score) for score in z[place])
            for i, score in enumerate(z[place]):
                shares[(*place, i)] = np.float64(score) / np.float64(total)
    return shares


@variant("normalise")
def shares_along_axis(z):
    return np.apply_along_axis(lambda row: row / row.sum(), -1, z)


@variant("diagnose")
def by_signs(z):
    total = sum(z.tolist())
    signs = {np.sign(score) for score in z.tolist()} - {0}
    if total == 0:
        return "undefined"
    if len(signs) == 2:
        return "negative"
    return "probabilities" if signs == {1} or len(set(z.tolist())) == 1 else "reversed"


@variant("diagnose")
def by_order(z):
    with np.errstate(all="ignore"):
        shares = z / z.sum()
    if not np.isfinite(shares).all():
        return "undefined"
    if shares.min() < 0:
        return "negative"
    return "probabilities" if shares[z.argmax()] >= shares[z.argmin()] else "reversed"


@variant("diagnose")
def by_comparing_all(z):
    from itertools import pairwise

    total = float(np.add.reduce(z))
    if total == 0:
        return "undefined"
    pairs = sorted((float(score), float(score) / total) for score in z)
    if any(share < 0 for _, share in pairs):
        return "negative"
    rising = all(low[1] <= high[1] for low, high in pairwise(pairs))
    return "probabilities" if rising else "reversed"


@variant("softmax")
def one_over_differences(z, axis=-1):
    rows = np.moveaxis(z, axis, -1)
    with np.errstate(over="ignore", invalid="ignore"):
        rows = np.where(np.isfinite(rows).any(axis=-1, keepdims=True), rows, np.nan)
        rows = np.where(np.isposinf(rows).any(axis=-1, keepdims=True), np.nan, rows)
        differences = rows[..., None, :] - rows[..., :, None]
        impossible = np.isneginf(rows)[..., None]
        sums = np.exp(np.where(impossible, np.inf, differences)).sum(axis=-1)
    kind = z.dtype if z.dtype.kind == "f" else np.float64
    return np.moveaxis((1 / sums).astype(kind), -1, axis)


@variant("softmax")
def in_loops(z, axis=-1):
    rows = np.moveaxis(z, axis, -1)
    result = np.empty(rows.shape, dtype=np.result_type(z, np.float16))
    for place in np.ndindex(rows.shape[:-1]):
        row = [float(score) for score in rows[place]]
        bad = any(np.isnan(row)) or max(row) in (np.inf, -np.inf)
        powers = [np.nan if bad else float(np.exp(score - max(row))) for score in row]
        result[place] = [power / sum(powers) for power in powers]
    return np.moveaxis(result, -1, axis)


@variant("softmax")
def by_running_sums(z, axis=-1):
    highest = np.maximum.reduce(z, axis=axis, keepdims=True)
    safe = np.where(np.isinf(highest), np.nan, highest)
    powers = np.power(np.asarray(np.e, dtype=safe.dtype), z - safe)
    return np.true_divide(powers, np.take(np.cumsum(powers, axis=axis), [-1], axis=axis))


@variant("softmax")
def along_axis(z, axis=-1):
    def of_one(row):
        with np.errstate(invalid="ignore"):
            powers = np.exp(row - row.max())
            return powers / powers.sum()

    return np.apply_along_axis(of_one, axis, z)


@variant("log_sum_exp")
def one_score_after_another(z, axis=-1):
    rows = np.moveaxis(z, axis, 0) * np.ones((), dtype=np.result_type(z, np.float16))
    total = rows[0]
    for row in rows[1:]:
        high, low = np.maximum(total, row), np.minimum(total, row)
        with np.errstate(invalid="ignore"):
            gap = np.where(np.isinf(high), -np.inf, low - high)
        total = high + np.log1p(np.exp(gap))
    return total


@variant("log_sum_exp")
def sum_in_loops(z, axis=-1):
    rows = np.moveaxis(z, axis, -1)
    result = np.empty(rows.shape[:-1], dtype=np.result_type(z, np.float16))
    for place in np.ndindex(result.shape):
        row = [float(score) for score in rows[place]]
        if any(np.isnan(row)):
            result[place] = np.nan
        elif max(row) in (np.inf, -np.inf):
            result[place] = max(row)
        else:
            result[place] = max(row) + np.log(sum(np.exp(score - max(row)) for score in row))
    return result


@variant("log_softmax")
def of_shifted_scores(z, axis=-1):
    with np.errstate(invalid="ignore"):
        shifted = np.subtract(z, np.max(z, axis=axis, keepdims=True))
        return np.subtract(shifted, np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


@variant("log_softmax")
def minus_log_of_differences(z, axis=-1):
    rows = np.moveaxis(z, axis, -1)
    result = np.empty(rows.shape, dtype=np.result_type(z, np.float16))
    for place in np.ndindex(rows.shape[:-1]):
        row = np.asarray(rows[place], dtype=np.float64)
        if np.isnan(row).any() or np.isneginf(row).all():
            result[place] = np.nan
            continue
        order = np.sort(row)[::-1]
        rest = np.exp(order[1:] - order[0]).sum()
        result[place] = row - order[0] - np.log1p(rest)
    return np.moveaxis(result, -1, axis)


@variant("prediction")
def from_groups():
    groups = {
        "add": ["normalise"],
        "multiply": ["softmax", "log_softmax"],
        "both": ["log_sum_exp"],
        "neither": ["argmax"],
    }
    return {name: word for word, names in groups.items() for name in names}


@variant("prediction")
def by_what_cancels():
    cancels = {"normalise": "multiply", "softmax": "add", "log_softmax": "add"}
    other = {"add": "multiply", "multiply": "add"}
    moved = {name: other[word] for name, word in cancels.items()}
    return moved | {"log_sum_exp": "both", "argmax": "neither"}


@variant("verify")
def by_cases(functions, z, c=3.0, k=2.0):
    def moved(function, scores):
        return bool(np.max(np.abs(function(scores) - 1.0 * function(z))) > 1e-8)

    def word(function):
        if moved(function, z + c):
            return "both" if moved(function, z * k) else "add"
        return "multiply" if moved(function, z * k) else "neither"

    return {name: word(function) for name, function in functions.items()}


@variant("verify")
def by_joining_words(functions, z, c=3.0, k=2.0):
    changes = {"add": c + z.copy(), "multiply": np.multiply(k, z)}
    table = {}
    for name in functions:
        moves = [
            change
            for change, scores in changes.items()
            if not np.isclose(functions[name](scores), functions[name](z)).all()
        ]
        table[name] = moves[0] if len(moves) == 1 else ("both" if moves else "neither")
    return table


@variant("tempered_softmax")
def tempered_in_loops(z, temperature, axis=-1):
    if not temperature >= 0:
        raise ValueError("temperature must not be negative")
    rows = np.moveaxis(z, axis, -1)
    result = np.zeros(rows.shape)
    for place in np.ndindex(rows.shape[:-1]):
        row = rows[place].tolist()
        winners = [i for i, score in enumerate(row) if score == max(row)]
        if temperature == 0:
            for i in winners:
                result[(*place, i)] = 1 / len(winners)
        else:
            powers = [float(np.exp((score - max(row)) / temperature)) for score in row]
            result[place] = [power / sum(powers) for power in powers]
    return np.moveaxis(result, -1, axis)


@variant("tempered_softmax")
def tempered_by_pieces(z, temperature, axis=-1):
    if temperature < 0:
        raise ValueError("temperature must not be negative")
    if np.isinf(temperature):
        return np.full(z.shape, 1.0) / z.shape[axis]
    winners = np.equal(z, np.max(z, axis=axis, keepdims=True))
    if temperature == 0:
        return winners / np.count_nonzero(winners, axis=axis, keepdims=True)
    return softmax((z - np.max(z, axis=axis, keepdims=True)) / temperature, axis=axis)


@variant("smallest_probability")
def in_one_batch(function, gaps):
    scores = np.stack([gaps, np.zeros(len(gaps))], axis=-1).astype(np.float32)
    losers = np.array([function(pair)[-1] for pair in scores])
    return np.where(losers > 0, losers, np.inf).min().item()


@variant("smallest_probability")
def by_remembering(function, gaps):
    smallest = None
    for gap in gaps:
        pair = np.zeros(2, np.float32)
        pair[0] = gap
        p = float(function(pair)[1])
        if p > 0 and (smallest is None or p < smallest):
            smallest = p
    return smallest
