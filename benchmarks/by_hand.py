"""The limit: each workload written by hand in NumPy, derivatives and all, every buffer reused.

Buffers and the step that reuses them stand in one function, so some have over 30 lines.
"""

import numpy as np
from by_hand_images import train_on_images

__all__ = [
    "chain",
    "cross_entropy",
    "epoch",
    "hessian",
    "hessian_vector",
    "jacobian",
    "train",
    "train_on_images",
]

ZERO, ONE = np.zeros((), np.float32), np.ones((), np.float32)


def train(d):
    """One step of gradient descent on the mean cross-entropy of a relu network."""
    parameters = [a.copy() for a in d.parameters]
    update = _trainer(parameters, len(d.x), d.rate)

    def step():
        update(d.x, d.labels)
        return parameters

    return step


def epoch(d):
    """A step for each batch."""
    parameters = [a.copy() for a in d.parameters]
    updates = {n: _trainer(parameters, n, d.rate) for n in set(map(len, d.batches))}

    def step():
        for places in d.batches:
            updates[len(places)](d.x[places], d.labels[places])
        return parameters

    return step


def _trainer(parameters, n, rate):
    """A function that changes the parameters by one step on n examples x and labels."""
    weights, biases = parameters[::2], parameters[1::2]
    last = len(weights) - 1
    outputs = [np.empty((n, w.shape[1]), np.float32) for w in weights]
    arriving = [np.empty_like(z) for z in outputs]
    positive = [np.empty(z.shape, bool) for z in outputs]
    for_w, steps = ([np.empty_like(w) for w in weights] for _ in range(2))
    for_b = [np.empty_like(b) for b in biases]
    ones, rate = np.ones(n, np.float32), np.array(rate, np.float32)
    loss_gradient = _loss_gradient(arriving[last])

    def forward(x):
        for w, b, z in zip(weights, biases, outputs, strict=True):
            np.dot(x, w, z)
            np.add(z, b, z)
            if z is not outputs[last]:
                np.maximum(z, ZERO, out=z)
            x = z

    def backward(x):
        for i in range(last, -1, -1):
            before, g = outputs[i - 1] if i else x, arriving[i]
            np.dot(before.T, g, for_w[i])
            np.dot(ones, g, for_b[i])
            if i:
                np.dot(g, weights[i].T, arriving[i - 1])
                np.greater(before, ZERO, positive[i - 1])
                np.multiply(arriving[i - 1], positive[i - 1], arriving[i - 1])

    def update(x, labels):
        forward(x)
        loss_gradient(outputs[last], labels)
        backward(x)
        for i, w in enumerate(weights):
            np.multiply(for_w[i], rate, steps[i])
            np.subtract(w, steps[i], w)
            biases[i] -= for_b[i] * rate

    return update


def _loss_gradient(g):
    """A function of scores and labels that puts (p - one-hot) / n into g."""
    n, k = g.shape
    column, starts, flat = np.empty((n, 1), np.float32), np.arange(n) * k, g.reshape(-1)
    share = np.array(1 / n, np.float32)

    def gradient(scores, labels):
        np.maximum.reduce(scores, 1, None, column, True)
        np.subtract(scores, column, g)
        np.exp(g, g)
        np.add.reduce(g, 1, None, column, True)
        np.divide(g, column, g)
        flat[starts + labels] -= 1
        np.multiply(g, share, g)

    return gradient


def chain(d):
    """Derivatives of h = max(h * w + b, 0) - c, repeated, by its start x, w and b."""
    n = len(d.x)
    before, sums = (list(np.empty((d.rounds + 1, n), np.float32)) for _ in range(2))
    before[0] = d.x
    forwards = list(zip(before, sums, before[1:], strict=False))
    backwards = forwards[::-1]
    t, positive = np.empty(n, np.float32), np.empty(n, bool)
    g, g_next, for_w, w_next, for_b, b_next = np.empty((6, n), np.float32)

    def step():
        # In place is slow for one number (overlap is looked for), so results take turns.
        for h, total, after in forwards:
            np.multiply(h, d.w, t)
            np.add(t, d.b, total)
            np.maximum(total, ZERO, out=t)
            np.subtract(t, d.c, after)
        now = [g, g_next, for_w, w_next, for_b, b_next]
        g.fill(1)
        for_w.fill(0)
        for_b.fill(0)
        g1, g2, w1, w2, b1, b2 = now
        for h, total, _ in backwards:
            np.greater(total, ZERO, positive)
            np.multiply(g1, positive, g2)
            np.add(b1, g2, b2)
            np.multiply(g2, h, t)
            np.add(w1, t, w2)
            np.multiply(g2, d.w, g1)
            w1, w2, b1, b2 = w2, w1, b2, b1
        return [g1, w1, b1]

    return step


def _softmax_transposed(z, t, row):
    """Softmax of the rows of z, into the columns of t: reductions then run along memory."""
    np.copyto(t, z.T)
    np.maximum.reduce(t, 0, None, row)
    np.subtract(t, row, t)
    np.exp(t, t)
    np.add.reduce(t, 0, None, row)


def jacobian(d):
    """Derivatives of each row's softmax by its scores: diag(p) - p p^T."""
    n, k = d.z.shape
    t, row = np.empty((k, n), np.float32), np.empty(n, np.float32)
    p, minus = np.empty((n, k), np.float32), np.empty((n, k), np.float32)
    result = np.empty((n, k, k), np.float32)
    diagonal = result.reshape(n, k * k)[:, :: k + 1]

    def step():
        _softmax_transposed(d.z, t, row)
        np.divide(t, row, t)
        np.copyto(p, t.T)
        np.negative(p, minus)
        np.multiply(minus[:, :, None], p[:, None, :], result)
        np.add(diagonal, p, diagonal)
        return [result]

    return step


def cross_entropy(d):
    """Gradient of the mean cross-entropy by the scores: (p - one-hot) / n."""
    n, k = d.z.shape
    t, row = np.empty((k, n), np.float32), np.empty(n, np.float32)
    g, starts, share = np.empty((n, k), np.float32), np.arange(n) * k, np.array(1 / n, np.float32)
    flat = g.reshape(-1)

    def step():
        _softmax_transposed(d.z, t, row)
        np.divide(share, row, row)
        np.multiply(t, row, t)
        np.copyto(g, t.T)
        flat[starts + d.labels] -= share
        return [g]

    return step


def _curvature(d, s, u):
    """Of the mean loss by each score: s (1 - s) / n, into s."""
    np.dot(d.x, d.w, s)
    np.negative(s, s)
    np.exp(s, s)
    np.add(s, ONE, s)
    np.divide(ONE, s, s)
    np.subtract(ONE, s, u)
    np.multiply(s, u, s)
    np.multiply(s, np.float32(1 / len(d.x)), s)


def hessian(d):
    """Second derivatives of the penalised loss by the 50 weights."""
    s, u = np.empty((2, len(d.x)), np.float32)
    scaled, result = np.empty_like(d.x), np.empty((len(d.w), len(d.w)), np.float32)
    diagonal, penalty = result.reshape(-1)[:: len(d.w) + 1], np.array(d.penalty, np.float32)

    def step():
        _curvature(d, s, u)
        np.multiply(d.x, s[:, None], scaled)
        np.dot(scaled.T, d.x, result)
        np.add(diagonal, penalty, diagonal)
        return [result]

    return step


def hessian_vector(d):
    """The second derivatives times a vector, without the matrix."""
    s, u = np.empty((2, len(d.x)), np.float32)
    result, t = np.empty((2, len(d.w)), np.float32)
    penalty = np.array(d.penalty, np.float32)

    def step():
        _curvature(d, s, u)
        np.dot(d.x, d.v, u)
        np.multiply(s, u, s)
        np.dot(s, d.x, result)
        np.multiply(d.v, penalty, t)
        np.add(result, t, result)
        return [result]

    return step
