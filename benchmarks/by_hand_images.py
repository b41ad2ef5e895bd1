"""The limit for the small convolutional network: windows as rows of one matrix, then products."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

__all__ = ["train_on_images"]

CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def train_on_images(d):
    """One step of gradient descent: convolution, relu and max-pooling twice, then dense."""
    parameters = [a.copy() for a in d.parameters]
    first, first_b, second, second_b, dense, dense_b = parameters
    n, rate = len(d.x), np.float32(d.rate)
    first_rows, second_rows = first.reshape(9, -1), second.reshape(72, -1)
    x = _rows(d.x)  # the images stay the same, so does their matrix

    def step():
        a = _layer(x, first_rows, first_b).reshape(n, 26, 26, 8)
        pooled = _pool(a)
        rows = _rows(pooled)
        b = _layer(rows, second_rows, second_b).reshape(n, 11, 11, 16)
        flat = _pool(b).reshape(n, 400)
        g = _loss_gradient(flat @ dense + dense_b, d.labels)
        for_dense, for_dense_b = flat.T @ g, g.sum(0)
        g = _unpool(b, flat.reshape(n, 5, 5, 16), (g @ dense.T).reshape(n, 5, 5, 16))
        for_second, for_second_b = rows.T @ g, g.sum(0)
        g = _unpool(a, pooled, _fold(g @ second_rows.T, pooled.shape))
        _descend(dense, for_dense, rate)
        _descend(dense_b, for_dense_b, rate)
        _descend(second_rows, for_second, rate)
        _descend(second_b, for_second_b, rate)
        _descend(first_rows, x.T @ g, rate)
        _descend(first_b, g.sum(0), rate)
        return parameters

    return step


def _rows(x):
    """Every 3 x 3 window as a row. (n, h, w, c) -> (n h' w', 9 c)."""
    windows = sliding_window_view(x, (3, 3), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3)
    return np.ascontiguousarray(windows).reshape(-1, 9 * x.shape[3])


def _fold(g, shape):
    """Windows added up where they came from. (n h' w', 9 c) -> (n, h, w, c)."""
    n, h, w, c = shape
    g, z = g.reshape(n, h - 2, w - 2, 3, 3, c), np.zeros(shape, np.float32)
    for i in range(3):
        for j in range(3):
            z[:, i : i + h - 2, j : j + w - 2] += g[:, :, :, i, j]
    return z


def _layer(x, w, b):
    z = x @ w
    z += b
    return np.maximum(z, 0, out=z)


def _pool(x):
    """Largest of every 2 x 2. (n, h, w, c) -> (n, h // 2, w // 2, c)."""
    h, w = (size // 2 * 2 for size in x.shape[1:3])
    a, b, c, d = (x[:, i:h:2, j:w:2] for i, j in CORNERS)
    return np.maximum(np.maximum(a, b), np.maximum(c, d))


def _unpool(x, largest, g):
    """g where x was the largest and relu let it through, a row per place. -> (n h w, c)."""
    z = np.zeros_like(x)
    h, w = (size * 2 for size in largest.shape[1:3])
    for i, j in CORNERS:
        np.multiply(x[:, i:h:2, j:w:2] == largest, g, z[:, i:h:2, j:w:2])
    z *= x > 0
    return z.reshape(-1, x.shape[3])


def _loss_gradient(z, labels):
    z -= z.max(1, keepdims=True)
    np.exp(z, z)
    z /= z.sum(1, keepdims=True)
    z[np.arange(len(z)), labels] -= 1
    z *= np.float32(1 / len(z))
    return z


def _descend(parameter, gradient, rate):
    gradient *= rate
    parameter -= gradient
