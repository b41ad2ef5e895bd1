"""Right answers that look nothing like the solution. Each must get full marks for every seed."""

import numpy as np

from autograder.probe import variant


def kl_divergence(p, q):
    """The right divergence, for answers below that build on it; in a notebook the student's."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q)))
    return np.maximum(terms.sum(axis=-1), 0)


@variant("shapes")
def measured(batch, classes):
    row, many = np.ones(classes), np.ones((batch, classes))
    return {
        "labels": many[:, 0].shape,
        "one_hot": many.shape,
        "distribution": (row / classes).shape,
        "terms": (row * np.log(row / row)).shape,
        "divergence": np.shape(row.sum()),
        "batch_divergence": (many * np.log(many / row)).sum(axis=-1).shape,
        "all_pairs": (many[:, None] * many[None]).sum(axis=-1).shape,
    }


@variant("shapes")
def by_concatenation(batch, classes):
    table = {"divergence": tuple([]), "all_pairs": (batch,) * 2, "one_hot": tuple([batch, classes])}
    table |= dict.fromkeys(("labels", "batch_divergence"), tuple([batch]))
    return table | dict.fromkeys(("distribution", "terms"), tuple([classes]))


@variant("one_hot")
def by_dictionary(labels, classes):
    column = {name: number for number, name in enumerate(classes)}
    rows = np.zeros((len(labels), len(column)))
    for row, label in zip(rows, labels, strict=True):
        if label not in column:
            raise ValueError(f"{label} is not a class")
        row[column[label]] = 1
    return rows


@variant("one_hot")
def by_identity(labels, classes):
    names = list(classes)
    return np.eye(len(names))[np.array([names.index(label) for label in labels], dtype=int)]


@variant("one_hot")
def by_comparing(labels, classes):
    rows = [[float(label == name) for name in classes] for label in labels]
    if any(sum(row) != 1 for row in rows):
        raise ValueError("every label must be one of the classes")
    return np.array(rows).reshape(len(labels), len(classes))


@variant("is_distribution")
def row_by_row(p):
    for row in p.reshape(-1, p.shape[-1]) if p.size else [p]:
        total = 0.0
        for entry in row.tolist():
            if not 0 <= entry < np.inf:
                return False
            total += entry
        if abs(total - 1) > 1e-6:
            return False
    return True


@variant("is_distribution")
def by_allclose(p):
    sums = np.add.reduce(p, axis=-1)
    return not (p < 0).any() and np.allclose(sums, np.ones_like(sums), rtol=0, atol=1e-6)


@variant("is_distribution")
def as_numpy_answer(p):
    with np.errstate(invalid="ignore"):
        inside = np.isfinite(p).all() and np.min(p, initial=0) >= 0
        off = np.abs(1 - np.einsum("...i->...", np.asarray(p, dtype=float)))
    return np.bool_(inside) & (off.max(initial=0) <= 1e-6)


@variant("kl_divergence")
def masked_terms(p, q):
    kind = np.result_type(p, q, np.float32 if p.dtype == q.dtype == np.float32 else np.float64)
    p, q = np.broadcast_arrays(p.astype(kind), q.astype(kind))
    never = p == 0
    with np.errstate(divide="ignore"):
        terms = p * (np.log(np.where(never, 1, p)) - np.log(np.where(never, 1, q)))
    total = np.where(never & ~np.isnan(q), 0, np.where(never, q, terms)).sum(axis=-1)
    return np.where(total < 0, 0, total).astype(kind)


@variant("kl_divergence")
def as_the_lesson_says(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = p * (np.log(p) - np.log(q))
        return np.maximum(np.where(p == 0, 0, terms).sum(axis=-1), 0)


@variant("kl_divergence")
def in_loops(p, q):
    kind = np.result_type(p, q, np.float32)
    kind = kind if p.dtype.kind == q.dtype.kind == "f" else np.float64
    p, q = np.broadcast_arrays(p, q)
    result = np.empty(p.shape[:-1], dtype=kind)
    for place in np.ndindex(result.shape):
        total = 0.0
        for a, b in zip(p[place].tolist(), q[place].tolist(), strict=True):
            if np.isnan(a) or np.isnan(b):
                total = np.nan
            elif a > 0:
                total += a * (np.log(a) - np.log(b)) if b > 0 else np.inf
        result[place] = total if np.isnan(total) else max(total, 0.0)
    return result


@variant("kl_divergence")
def by_cross_entropy_and_entropy(p, q):
    def times_log(a, b):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where((a == 0) & ~np.isnan(b), 0, a * np.log(b))

    total = np.sum(times_log(p, p) - times_log(p, q), axis=-1)
    return np.clip(total, 0, None)


@variant("kl_one_hot")
def by_indexing(label, q):
    classes = q.shape[-1]
    if not np.isin(label, np.arange(classes)).all():
        raise ValueError("no such class")
    with np.errstate(divide="ignore"):
        return -np.log(q[label] if q.ndim == 1 else q[np.arange(len(q)), label])


@variant("kl_one_hot")
def one_after_another(label, q):
    def of_one(k, row):
        if k < 0 or k > len(row) - 1:
            raise ValueError("no such class")
        return float(-np.log(row[k])) if row[k] > 0 else np.inf

    if np.ndim(label):
        return np.array([of_one(k, row) for k, row in zip(label, q, strict=True)])
    return of_one(label, q)


@variant("best_fit")
def by_remembering(p, candidates, direction):
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)
    best, smallest = 0, np.inf
    for number, row in enumerate(candidates):
        far = kl_divergence(p, row) if direction == "forward" else kl_divergence(row, p)
        if far < smallest:
            best, smallest = number, far
    return best


@variant("best_fit")
def by_sorting(p, candidates, direction):
    pairs = {"forward": (p[None], candidates), "reverse": (candidates, p[None])}
    if direction not in pairs:
        raise ValueError("direction is forward or reverse")
    return np.argsort(kl_divergence(*pairs[direction]), kind="stable")[0]


@variant("dtypes")
def from_groups():
    groups = {
        "bool": ["is_distribution"],
        "int64": ["best_fit"],
        "float32": ["kl_float32"],
        "float64": ["one_hot", "kl_integers", "kl_mixed"],
    }
    return {name: word for word, names in groups.items() for name in names}


@variant("dtypes")
def asked_of_numpy():
    one, two = np.float32(1), np.float64(1)
    return {
        "one_hot": str(np.zeros(2).dtype),
        "is_distribution": str(np.asarray(True).dtype),
        "kl_float32": str((one * np.log(one)).dtype),
        "kl_integers": str(np.log(np.array([1])).dtype),
        "kl_mixed": str((one * two).dtype),
        "best_fit": "int64",
    }
