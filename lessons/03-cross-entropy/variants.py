"""Right answers that look nothing like the solution. Each must get full marks for every seed."""

import numpy as np

from autograder.probe import variant


def entropy(p):
    """The right entropy, for answers below that build on it; in a notebook it is the student's."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p == 0, 0.0, p * -np.log(p)).sum(axis=-1)


def cross_entropy(y, y_hat):
    """The right cross-entropy, likewise."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0 * y_hat, y * -np.log(y_hat)).sum(axis=-1)


@variant("shapes")
def measured(batch, classes):
    row, many = np.ones(classes), np.ones((batch, classes))
    return {
        "truth": row.shape,
        "entropy": np.shape((row * row).sum()),
        "loss": np.shape((row * row).sum()),
        "gradient": (-row / row).shape,
        "batch_losses": (many * many).sum(axis=-1).shape,
        "batch_loss": np.shape((many * many).sum(axis=-1).mean()),
        "batch_gradient": (-many / many / batch).shape,
        "labels": many.argmax(axis=-1).shape,
    }


@variant("shapes")
def from_groups(batch, classes):
    groups = {
        tuple([]): ("entropy", "loss", "batch_loss"),
        tuple([classes]): ("truth", "gradient"),
        tuple([batch]): ("batch_losses",),
    }
    table = {name: shape for shape, names in groups.items() for name in names}
    return {
        "truth": (classes,),
        **table,
        "batch_losses": (batch,),
        "labels": (batch,),
        "gradient": (classes,),
        "batch_gradient": tuple([batch, classes]),
    }


@variant("entropy")
def entropy_masked(p):
    safe = np.where(p == 0, np.ones_like(p), p)
    return -np.sum(safe * np.log(safe), axis=-1)


@variant("entropy")
def entropy_in_loops(p):
    kind = p.dtype if p.dtype.kind == "f" else np.float64
    result = np.empty(p.shape[:-1], dtype=kind)
    for place in np.ndindex(result.shape):
        result[place] = sum(-x * np.log(x) for x in p[place].tolist() if x != 0)
    return result


@variant("cross_entropy")
def masked_logarithm(y, y_hat):
    unused = (y == 0) & ~np.isnan(y_hat)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.where(unused, np.ones_like(y_hat), y_hat))
    return np.negative((y * logs).sum(axis=-1))


@variant("cross_entropy")
def labels_negated(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0, -y * np.log(y_hat)).sum(axis=-1)


@variant("cross_entropy_grad")
def formula_as_it_stands(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0, -y / y_hat)


@variant("cross_entropy")
def losses_in_loops(y, y_hat):
    kind = np.result_type(y.dtype, y_hat.dtype)
    result = np.zeros(y.shape[:-1], dtype=kind if kind.kind == "f" else np.float64)
    for place in np.ndindex(result.shape):
        total = 0.0
        for truth, guess in zip(y[place].tolist(), y_hat[place].tolist(), strict=True):
            if np.isnan(guess) or np.isnan(truth):
                total = np.nan
            elif truth:
                total += truth * -np.log(guess) if guess else np.inf
        result[place] = total
    return result


@variant("batch_loss")
def sum_over_size(y, y_hat):
    return np.sum(cross_entropy(y, y_hat)) / y.shape[0]


@variant("batch_loss")
def weighted_rows(y, y_hat):
    losses = [cross_entropy(*row) for row in zip(y, y_hat, strict=True)]
    return float(sum(losses)) / len(losses)


@variant("extra_surprise")
def as_divergence(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0, y * (np.log(y) - np.log(y_hat))).sum(axis=-1)


@variant("extra_surprise")
def by_itself(y, y_hat):
    return cross_entropy(y, y_hat) - cross_entropy(y, y)


@variant("binary_cross_entropy")
def two_classes(y, p):
    y, p = np.asarray(y), np.asarray(p)
    kind = p.dtype if p.dtype.kind == "f" else np.float64
    truth = np.stack([y, 1 - y.astype(kind)], axis=-1)
    return cross_entropy(truth.astype(kind), np.stack([p, 1 - p], axis=-1))


@variant("binary_cross_entropy")
def answer_by_answer(y, p):
    def of_one(truth, guess):
        loss = 0.0
        if truth > 0:
            loss += truth * -np.log(guess) if guess > 0 else np.inf
        if truth < 1:
            loss += (1 - truth) * -np.log(1 - guess) if guess < 1 else np.inf
        return loss

    if not np.ndim(y):
        return of_one(float(y), float(p))
    pairs = zip(np.ravel(y).tolist(), np.ravel(p).tolist(), strict=True)
    return np.array([of_one(*pair) for pair in pairs], dtype=p.dtype).reshape(p.shape)


@variant("cross_entropy_grad")
def divided_where_needed(y, y_hat):
    kind = np.result_type(y, y_hat) if y.dtype.kind == "f" else y_hat.dtype
    slopes = np.zeros(y.shape, dtype=kind)
    with np.errstate(divide="ignore"):
        np.divide(y, y_hat, out=slopes, where=y != 0, casting="unsafe")
    return -slopes


@variant("cross_entropy_grad")
def slopes_in_loops(y, y_hat):
    result = np.zeros_like(y_hat)
    for place in np.ndindex(y.shape):
        if y[place]:
            result[place] = -float(y[place]) / y_hat[place] if y_hat[place] else -np.inf
    return result


@variant("batch_loss_grad")
def weights_first(y, y_hat):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y == 0, 0, -(y / len(y)) / y_hat)


@variant("batch_loss_grad")
def slopes_row_by_row(y, y_hat):
    rows = []
    for truth, guess in zip(y, y_hat, strict=True):
        rows.append([-t / g / y.shape[0] if t else 0.0 for t, g in zip(truth, guess, strict=True)])
    return np.array(rows)


@variant("cross_entropy_from_labels")
def by_taking(labels, y_hat):
    if labels.ndim != 1 or len(labels) != len(y_hat):
        raise ValueError("one label for each row")
    if labels.min() < 0 or labels.max() > y_hat.shape[1] - 1:
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(y_hat, labels[:, None], axis=1)).ravel()


@variant("cross_entropy_from_labels")
def by_one_hot_rows(labels, y_hat):
    columns = np.arange(y_hat.shape[-1])
    hit = labels[:, None] == columns
    if hit.shape != y_hat.shape or not np.all(hit.sum(axis=-1) == 1):
        raise ValueError("labels do not fit the rows")
    with np.errstate(divide="ignore"):
        return np.where(np.asarray(hit), -np.log(y_hat), 0).sum(axis=-1)


@variant("clipped_cross_entropy")
def clipped_with_where(y, y_hat, smallest=1e-12):
    raised = np.where(y_hat < smallest, smallest, y_hat)
    return -np.einsum("...i,...i->...", y, np.log(raised))


@variant("clipped_cross_entropy")
def clipped_with_clip(y, y_hat, smallest=1e-12):
    return np.sum(np.multiply(-y, np.log(np.clip(y_hat, smallest, None))), axis=-1)


@variant("cross_entropy_from_logits")
def log_of_differences(labels, z):
    own = np.take_along_axis(z, labels[:, None], axis=1)
    behind = z - own
    top = behind.max(axis=1)
    return top + np.log(np.sum(np.exp(behind - top[:, None]), axis=1))


@variant("cross_entropy_from_logits")
def logits_in_loops(labels, z):
    losses = []
    for label, row in zip(labels, z, strict=True):
        top = max(row.tolist())
        total = sum(np.exp(score - top) for score in row.tolist())
        losses.append(top - float(row[label]) + float(np.log(total)))
    return np.array(losses, dtype=z.dtype if z.dtype.kind == "f" else np.float64)


@variant("worst_error")
def errors_one_by_one(loss, gaps):
    worst = 0.0
    for gap in gaps:
        got = loss(np.array([1]), np.array([[float(gap), 0.0]]))[0]
        worst = max(worst, abs(float(got) - float(np.logaddexp(0.0, gap))))
    return worst


@variant("worst_error")
def errors_sorted(loss, gaps):
    scores = np.zeros((len(gaps), 2))
    scores[:, 0] = gaps
    errors = loss(np.full(len(gaps), 1), scores) - np.logaddexp(0, scores[:, 0])
    return max(errors.max(), -errors.min())


@variant("smooth_labels")
def towards_the_even_one(y, e):
    if e < 0 or e > 1:
        raise ValueError("e must be between 0 and 1")
    even = np.full(y.shape, 1 / y.shape[-1], dtype=y.dtype if y.dtype.kind == "f" else float)
    return y + e * (even - y)


@variant("smooth_labels")
def in_two_steps(y, e):
    if not 0 <= e <= 1:
        raise ValueError("e must be between 0 and 1")
    kept = np.multiply(y, 1 - e)
    kept += e / np.shape(y)[-1]
    return kept
