"""Right answers that look nothing like the solution. Each must get full marks for every seed."""

import numpy as np

from autograder.probe import variant


@variant("shapes")
def measured(batch, pixels):
    image, many, weights = np.ones(pixels), np.ones((batch, pixels)), np.ones(pixels)
    scores = many @ weights
    return {
        "image": image.shape,
        "weights": weights.shape,
        "bias": np.shape(0.0),
        "score": np.shape(image @ weights),
        "images": many.shape,
        "scores": scores.shape,
        "probabilities": (scores > 0).shape,
        "accuracy": np.shape(np.mean(scores > 0)),
        "loss_slopes": (scores @ many).shape,
        "differences": np.subtract.outer(scores, scores).shape,
    }


@variant("shapes")
def by_concatenation(batch, pixels):
    table = dict.fromkeys(("bias", "score", "accuracy"), tuple([]))
    table |= dict.fromkeys(("image", "weights", "loss_slopes"), tuple([pixels]))
    table |= dict.fromkeys(("scores", "probabilities"), tuple([batch]))
    return {**table, "images": (batch, *table["image"]), "differences": table["scores"] * 2}


@variant("accuracy")
def counted_in_a_loop(p, y, threshold=0.5):
    if np.shape(p) != np.shape(y):
        raise ValueError("p and y must have the same shape")
    right = 0
    for sure, truth in zip(p, y, strict=True):
        right += int(sure >= threshold) == int(truth)
    if len(p) == 0:
        raise ValueError("at least one example is needed")
    return right / len(p)


@variant("accuracy")
def one_minus_the_errors(p, y, threshold=0.5):
    if np.shape(p) != np.shape(y) or np.size(y) < 1:
        raise ValueError("accuracy: bad input")
    said = np.where(np.less(p, threshold), 0.0, 1.0)
    return 1.0 - np.abs(said - y).sum() / y.size


@variant("slope")
def mean_of_both_sides(f, w, h):
    here = f(w)
    right, left = (f(w + h) - here) / h, (here - f(w - h)) / h
    return (right + left) / 2


@variant("slope")
def rise_over_run(f, w, h):
    low, high = f(w - h), f(w + h)
    return 0.5 * (high - low) / h


@variant("flat_fraction")
def counted_flats(f, weights, h):
    flat = 0
    for w in weights:
        if f(w + h) == f(w - h):
            flat += 1
    return flat / len(weights)


@variant("flat_fraction")
def one_minus_the_steep(f, weights, h):
    slopes = np.array([(f(w + h) - f(w - h)) / (2 * h) for w in np.asarray(weights)])
    return 1.0 - np.count_nonzero(slopes) / slopes.size


@variant("sigmoid")
def by_hyperbolic_tangent(z):
    half = z * 0.5 if np.asarray(z).dtype.kind == "f" else np.asarray(z, dtype=np.float64) * 0.5
    return 0.5 + 0.5 * np.tanh(half)


@variant("sigmoid")
def masked_branches(z):
    result = np.empty(z.shape, dtype=z.dtype if z.dtype.kind == "f" else np.float64)
    low = z < 0
    result[~low] = 1 / (1 + np.exp(-z[~low]))
    power = np.exp(z[low])
    result[low] = power / (1 + power)
    return result


@variant("sigmoid")
def silenced_formula(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


@variant("sigmoid_grad")
def difference_of_squares(a):
    return a - np.square(a)


@variant("sigmoid_grad")
def yes_times_no(a):
    no = 1.0 - a
    return np.multiply(no, a)


@variant("softsign")
def by_cases(x):
    x = np.asarray(x, dtype=np.float64)
    return np.where(x < 0, x / (1 - np.minimum(x, 0)), x / (1 + np.maximum(x, 0)))


@variant("softsign")
def sign_times_share(x):
    size = np.abs(x)
    return np.sign(x) * (size / (size + 1.0))


@variant("softmax")
def through_logarithms(z, temperature):
    if not temperature > 0:
        raise ValueError("temperature must be above 0")
    scaled = np.asarray(z, dtype=np.float64) / temperature
    return np.exp(scaled - np.logaddexp.reduce(scaled, axis=-1, keepdims=True))


@variant("softmax")
def one_row_after_the_other(z, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    result = np.empty(z.shape)
    for place in np.ndindex(z.shape[:-1]):
        top = max(z[place])
        powers = [np.exp((score - top) / temperature) for score in z[place]]
        result[place] = np.array(powers) / sum(powers)
    return result


@variant("soft_rank")
def counting_wins(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    result = np.ones(np.shape(x))
    for place in np.ndindex(np.shape(x)):
        for j in range(np.shape(x)[-1]):
            if j != place[-1]:
                ahead = (x[place] - x[(*place[:-1], j)]) / temperature
                result[place] += 0.5 * (1 + np.tanh(ahead / 2))
    return result


@variant("soft_rank")
def losses_from_above(x, temperature):
    if temperature <= 0:
        raise ValueError("temperature must be above 0")
    n = x.shape[-1]
    behind = np.subtract(x[..., None, :], x[..., :, None]) / temperature
    beaten = 0.5 + 0.5 * np.tanh(behind / 2)
    beaten[..., np.arange(n), np.arange(n)] = 0.0
    return n - beaten.sum(axis=-1)
