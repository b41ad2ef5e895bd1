"""The limit on a GPU: the work by hand in CuPy, every buffer reused, one kernel a line.

Buffers and the step that reuses them stand in one function, so one has over 30 lines.
"""

from mlkit.device import namespace

__all__ = ["cross_entropy", "train"]


def train(d):
    """One step of gradient descent on the mean cross-entropy of a relu network."""
    xp = namespace(d.x)
    weights, biases = ([a.copy() for a in d.parameters[i::2]] for i in (0, 1))
    outputs = [xp.empty((len(d.x), w.shape[1]), "float32") for w in weights]
    arriving = [xp.empty_like(z) for z in outputs]
    positive = [xp.empty(z.shape, bool) for z in outputs]
    for_w, for_b = ([xp.empty_like(a) for a in arrays] for arrays in (weights, biases))
    last, rate, zero = len(weights) - 1, xp.float32(d.rate), xp.float32(0)
    loss_gradient = _loss_gradient(xp, outputs[last], d.labels, arriving[last])

    def forward(x):
        for w, b, z in zip(weights, biases, outputs, strict=True):
            xp.matmul(x, w, out=z)
            xp.add(z, b, out=z)
            if z is not outputs[last]:
                xp.maximum(z, zero, out=z)
            x = z

    def backward(x):
        for i in range(last, -1, -1):
            before, g = outputs[i - 1] if i else x, arriving[i]
            xp.matmul(before.T, g, out=for_w[i])
            xp.sum(g, axis=0, out=for_b[i])
            if i:
                xp.matmul(g, weights[i].T, out=arriving[i - 1])
                xp.greater(before, zero, out=positive[i - 1])
                xp.multiply(arriving[i - 1], positive[i - 1], out=arriving[i - 1])

    def step():
        forward(d.x)
        loss_gradient()
        backward(d.x)
        for p, g in zip([*weights, *biases], [*for_w, *for_b], strict=True):
            xp.multiply(g, rate, out=g)
            xp.subtract(p, g, out=p)
        return [a for layer in zip(weights, biases, strict=True) for a in layer]

    return step


def cross_entropy(d):
    """Gradient of the mean cross-entropy by the scores: (p - one-hot) / n."""
    xp = namespace(d.z)
    g = xp.empty_like(d.z)
    loss_gradient = _loss_gradient(xp, d.z, d.labels, g)

    def step():
        loss_gradient()
        return [g]

    return step


def _loss_gradient(xp, scores, labels, g):
    """A function that puts (p - one-hot) / n into g."""
    column = xp.empty((len(g), 1), "float32")
    right = xp.zeros(g.shape, "float32")
    right[xp.arange(len(g)), labels] = 1
    share = xp.float32(1 / len(g))

    def gradient():
        xp.max(scores, axis=1, keepdims=True, out=column)
        xp.subtract(scores, column, out=g)
        xp.exp(g, out=g)
        xp.sum(g, axis=1, keepdims=True, out=column)
        xp.divide(g, column, out=g)
        xp.subtract(g, right, out=g)
        xp.multiply(g, share, out=g)

    return gradient
