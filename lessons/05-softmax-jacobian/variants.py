"""Right answers that look nothing like the solution. Each must get full marks for every seed."""

import numpy as np

from autograder.probe import variant
from mlkit import softmax


def softmax_vjp(a, g):
    """The right product, for answers below that build on it; in a notebook it is the student's."""
    return a * (g - (a * g).sum(axis=-1, keepdims=True))


def central_jacobian(f, x, h=1e-5):
    """The right central difference, likewise."""
    pushes = h * np.eye(len(x))
    return np.stack([(f(x + push) - f(x - push)) / (2 * h) for push in pushes], axis=1)


@variant("shapes")
def measured(batch, classes):
    a, many = np.ones(classes), np.ones((batch, classes))
    return {
        "a": a.shape,
        "L": np.shape(a.sum()),
        "dL_da": (1 / a).shape,
        "da_dz": np.outer(a, a).shape,
        "dL_dz": (a @ np.outer(a, a)).shape,
        "batch_a": many.shape,
        "batch_L": np.shape(many.mean()),
        "batch_da_dz": (many[:, :, None] * many[:, None, :]).shape,
        "batch_dL_dz": (many / batch).shape,
    }


@variant("shapes")
def by_concatenation(batch, classes):
    one = (classes,)
    table = dict.fromkeys(("a", "dL_da", "dL_dz"), one)
    table |= dict.fromkeys(("L", "batch_L"), one[1:])
    table |= dict.fromkeys(("batch_a", "batch_dL_dz"), (batch, *one))
    return {**table, "da_dz": one * 2, "batch_da_dz": (batch, *one * 2)}


@variant("softmax_jacobian")
def entry_by_entry(z):
    a = softmax(z)
    jacobian = np.empty((len(a), len(a)), dtype=a.dtype)
    for i in range(len(a)):
        for j in range(len(a)):
            others = sum(a[k] for k in range(len(a)) if k != i)
            jacobian[i, j] = a[i] * others if i == j else -a[i] * a[j]
    return jacobian


@variant("softmax_jacobian")
def quotient_rule(z):
    highest = z.max()
    powers = np.exp(z - highest)
    total = powers.sum()
    numerator = np.diag(powers) * total - np.outer(powers, powers)
    return numerator / total**2


@variant("softmax_jacobian")
def broadcast(z):
    a = softmax(z)
    return a[:, None] * (np.eye(a.size, dtype=a.dtype) - a)


@variant("batch_jacobian")
def with_einsum(z):
    a = softmax(z)
    jacobians = -np.einsum("bi,bj->bij", a, a)
    np.einsum("bii->bi", jacobians)[...] += a
    return jacobians


@variant("batch_jacobian")
def with_indices(z):
    a = softmax(z)
    jacobians = -(a[..., None] @ a[:, None, :])
    place = np.arange(z.shape[1])
    jacobians[:, place, place] = a * (1 - a)
    return jacobians


@variant("batch_jacobian")
def with_where(z):
    a = softmax(z)
    same = np.eye(z.shape[-1], dtype=bool)
    row, column = np.expand_dims(a, 2), np.expand_dims(a, 1)
    return np.where(same, row * (1 - column), -row * column)


@variant("softmax_vjp")
def with_vecdot(a, g):
    return a * g - a * np.einsum("...i,...i->...", a, g)[..., None]


@variant("softmax_vjp")
def centred_first(a, g):
    weighted = np.multiply(g, a)
    return weighted - a * np.expand_dims(weighted.sum(-1), -1)


@variant("softmax_vjp")
def as_a_product(a, g):
    g = g.astype(np.result_type(a, g))
    inner = np.matmul(a[..., None, :], g[..., :, None])[..., 0]
    return np.subtract(g, inner) * a


@variant("properties")
def by_decomposition(J):
    balanced = (J + J.T) / 2
    values = np.linalg.eigh(balanced).eigenvalues
    symmetric = not np.abs(J - J.T).max() > 1e-8
    sizes = np.linalg.svd(J, compute_uv=False)
    return {
        "rank": int((sizes > 1e-10 * max(sizes.max(), 1e-300)).sum()),
        "symmetric": symmetric,
        "positive_semidefinite": bool(symmetric and values.min() >= -1e-8),
        "rows_sum_to_zero": np.allclose(J @ np.ones(len(J)), 0.0, rtol=0, atol=1e-8),
    }


@variant("properties")
def in_plain_python(J):
    n = len(J)
    sums = [abs(sum(J[i, j] for j in range(n))) for i in range(n)]
    mirrored = all(abs(J[i, j] - J[j, i]) <= 1e-8 for i in range(n) for j in range(i))
    lowest = min(np.linalg.eigvals((J + J.T) / 2).real)
    return {
        "rows_sum_to_zero": max(sums) <= 1e-8,
        "symmetric": mirrored,
        "positive_semidefinite": mirrored and bool(lowest >= -1e-8),
        "rank": np.linalg.matrix_rank(J),
    }


@variant("long_way")
def through_the_matrix(z, y):
    slopes = []
    for scores, wanted in zip(z, y, strict=True):
        a = softmax(scores)
        slopes.append((-wanted / a) @ (np.diag(a) - np.outer(a, a)) / len(z))
    return np.array(slopes)


@variant("long_way")
def scaled_at_the_end(z, y):
    a = softmax(z)
    arriving = np.negative(y) / a
    return (a * arriving - a * (a * arriving).sum(axis=1, keepdims=True)) * (1 / z.shape[0])


@variant("short_way")
def scaled_first(z, y):
    batch = z.shape[0]
    return softmax(z) / batch - y / batch


@variant("short_way")
def row_by_row(z, y):
    rows = [softmax(scores) - wanted for scores, wanted in zip(z, y, strict=True)]
    return np.stack(rows) / len(rows)


@variant("short_way")
def from_powers(z, y):
    powers = np.exp(z - np.max(z, axis=1, keepdims=True))
    return np.subtract(powers / powers.sum(axis=1)[:, None], y) / np.shape(y)[0]


@variant("central_jacobian")
def with_a_copy(f, x, h=1e-5):
    columns = []
    for j in range(x.size):
        up, down = x.astype(float), x.astype(float)
        up[j] += h
        down[j] -= h
        columns.append((np.array(f(up)) - np.array(f(down))) / (up[j] - down[j]))
    return np.array(columns).T


@variant("central_jacobian")
def filled_in(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    jacobian = np.zeros((len(f(x.copy())), len(x)))
    for j in range(len(x)):
        push = np.where(np.arange(len(x)) == j, h, 0.0)
        jacobian[:, j] = f(x + push) / (2 * h) - f(x - push) / (2 * h)
    return jacobian


@variant("is_right")
def with_allclose(jacobian, f, x):
    claimed, shown = jacobian(x), central_jacobian(f, x)
    return np.shape(claimed) == shown.shape and np.allclose(claimed, shown, rtol=0, atol=1e-6)


@variant("is_right")
def entry_for_entry(jacobian, f, x):
    claimed, shown = np.array(jacobian(x)), central_jacobian(f, x, 1e-4)
    if claimed.shape != shown.shape:
        return False
    pairs = zip(claimed.ravel(), shown.ravel(), strict=True)
    return all(abs(mine - theirs) <= 2e-5 for mine, theirs in pairs)
