"""Convolution and pooling over one or two axes of places. Channels come last.

Layout: x is (n, places..., c), as in TensorFlow: (n, length, c) or (n, height, width, c).
Everything is made of `windows` and `fold`, which are each other's derivative. Letters: n batch,
c channels, o channels out, k places in a window, h w height and width, kh kw those of a window.
"""

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from mlkit.device import Array, cast, filled, masked, namespace
from mlkit.engine import ShapeError, Tensor, op
from mlkit.ops.elementwise import multiply
from mlkit.ops.index import pad
from mlkit.ops.linear import linear, matmul
from mlkit.ops.reduce import mean
from mlkit.ops.shape import reshape, shape_of, stack

__all__ = [
    "average_pool1d", "average_pool2d", "conv1d", "conv2d", "fold", "max_pool1d", "max_pool2d",
    "windows",
]  # fmt: skip

Sizes = tuple[int, ...]


def _places(shape: Sizes, size: Sizes, stride: int) -> Sizes:
    """How many windows of `size` fit along each axis. Raises ShapeError if none does."""
    places = shape[-1 - len(size) : -1]
    if len(shape) < len(size) + 1 or any(n < k for n, k in zip(places, size, strict=True)):
        raise ShapeError(
            f"windows: a window of {size} must fit in (..., places, channels), got {shape}; "
            "pad it, or take a smaller window"
        )
    return tuple((n - k) // stride + 1 for n, k in zip(places, size, strict=True))


def _parts(shape: Sizes, size: Sizes, stride: int) -> Iterator[tuple[Any, ...]]:
    """For each position within a window: the index of that element of all windows."""
    counts = _places(shape, size, stride)
    for corner in product(*map(range, size)):
        steps = (
            slice(at, at + stride * (n - 1) + 1, stride)
            for at, n in zip(corner, counts, strict=True)
        )
        yield (..., *steps, slice(None))


def _views(x: np.ndarray, size: Sizes, stride: int) -> np.ndarray:
    """Every window as a view, its places in the shape of the window."""
    counts, k = _places(x.shape, size, stride), len(size)
    batch, places = x.strides[: -1 - k], x.strides[-1 - k : -1]
    steps = (*batch, *(s * stride for s in places), *places, x.strides[-1])
    shape = (*x.shape[: -1 - k], *counts, *size, x.shape[-1])
    return np.lib.stride_tricks.as_strided(x, shape, steps, writeable=False)


def _shape(shape: Sizes, size: Sizes, stride: int) -> Sizes:
    counts = _places(shape, size, stride)
    return (*shape[: -1 - len(size)], *counts, math.prod(size), shape[-1])


@op(lambda g, x, size, stride: fold(g, x.shape, size, stride))
def windows(xp, x, *, size, stride=1):
    """Every window of `size` in x, `stride` apart, its elements in reading order.

    Shapes (..., h, w, c) -> (..., h', w', kh * kw, c) for size (kh, kw), or (..., h, c) ->
    (..., h', k, c) for (k,), with h' = (h - kh) // stride + 1. Raises ShapeError if none fits.
    """
    if type(x) is np.ndarray:
        return _views(x, size, stride).reshape(*_shape(x.shape, size, stride))
    return xp.stack([x[part] for part in _parts(x.shape, size, stride)], axis=-2)


@op(lambda g, size, stride: windows(g, size, stride))
def fold(xp, x, *, shape, size, stride=1):
    """Windows added up where they came from, to zeros of `shape`: the derivative of `windows`.

    Shapes (..., h', w', kh * kw, c) -> (..., h, w, c).
    """
    z = filled(x, shape, 0)
    for i, part in enumerate(_parts(shape, size, stride)):
        z[part] += x[..., i, :]
    return z


def _to_the_largest(g: Array, x: Array, z: Array, size: Sizes, stride: int) -> Array:
    """g to the places where x is the largest of its window; ties share evenly."""
    values, best = (v.data if isinstance(v, Tensor) else v for v in (x, z))
    parts = list(_parts(x.shape, size, stride))
    won = [values[part] == best for part in parts]
    small = math.prod(size) < 256  # then a byte can count, and bytes add up faster
    count = cast(won[0], namespace(best).uint8 if small else best.dtype)
    for wins in won[1:]:
        count += cast(wins, count.dtype)
    share = g / cast(count, best.dtype)
    if isinstance(g, Tensor):
        rows = [multiply(share, cast(wins, best.dtype)) for wins in won]
        return fold(stack(rows, -2), x.shape, size, stride)
    h = filled(share, x.shape, 0)
    apart = stride >= max(size) and type(h) is np.ndarray  # no two windows share an element
    for part, wins in zip(parts, won, strict=True):
        if apart:
            np.multiply(share, wins, out=h[part])
        else:
            h[part] += masked(share, wins)
    return h


@op(_to_the_largest)
def _max_in_windows(xp, x, *, size, stride):
    """Largest value in each window. (..., h, w, c) -> (..., h', w', c), places as in windows."""
    first, *others = _parts(x.shape, size, stride)
    z = x[first]
    for part in others:
        z = xp.maximum(z, x[part])
    return z


def _conv(name: str, x: Any, w: Any, b: Any, stride: int, padding: int) -> Any:
    """Convolution over as many axes as w has besides channels in and out."""
    *size, inputs, outputs = shape_of(w)
    if len(shape_of(x)) != len(size) + 2 or shape_of(x)[-1] != inputs:
        raise ShapeError(
            f"{name}: x must be (batch, places, channels) and w (window, channels, outputs) "
            f"with the same channels, got {shape_of(x)} and {shape_of(w)}; channels come last"
        )
    patches = windows(_framed(x, padding, 0.0), tuple(size), stride)
    *places, count, _ = patches.shape
    # one tall matrix: a stack of small products would take several times as long
    rows = reshape(patches, (math.prod(places), count * inputs))
    w = reshape(w, (count * inputs, outputs))
    z = matmul(rows, w) if b is None else linear(rows, w, b)
    return reshape(z, (*places, outputs))


def _framed(x: Any, padding: int, value: float) -> Any:
    """x with `padding` more elements before and after on each axis of places."""
    if not padding:
        return x
    places = len(shape_of(x)) - 2
    return pad(x, [(0, 0), *[(padding, padding)] * places, (0, 0)], constant_values=value)


def conv1d(x: Any, w: Any, b: Any = None, stride: int = 1, padding: int = 0) -> Any:
    """Weighted sums over every window along one axis; the window is not flipped.

    Shapes (n, h, c), (k, c, o) and (o,) -> (n, h', o), with h' = (h + 2 padding - k) // stride + 1.
    Zeros are padded. Raises ShapeError if channels differ or no window fits.
    Source: Goodfellow et al., Deep Learning, eq. 9.6 (cross-correlation).
    """
    _check_rank("conv1d", w, 3)
    return _conv("conv1d", x, w, b, stride, padding)


def conv2d(x: Any, w: Any, b: Any = None, stride: int = 1, padding: int = 0) -> Any:
    """Weighted sums over every window of an image; the window is not flipped.

    Shapes (n, h, w, c), (kh, kw, c, o) and (o,) -> (n, h', w', o), with
    h' = (h + 2 padding - kh) // stride + 1. Zeros are padded; padding (k - 1) // 2 keeps the size
    for odd k. Raises ShapeError if channels differ or no window fits.
    Source: Goodfellow et al., Deep Learning, eq. 9.6 (cross-correlation).
    """
    _check_rank("conv2d", w, 4)
    return _conv("conv2d", x, w, b, stride, padding)


def _check_rank(name: str, w: Any, rank: int) -> None:
    if len(shape_of(w)) != rank:
        raise ShapeError(f"{name}: w must have {rank} axes, got shape {shape_of(w)}")


def _pooled(name: str, x: Any, padding: int, value: float, size: Sizes) -> Any:
    """x with its padding. Raises ShapeError unless it is a batch of places with channels."""
    if len(shape_of(x)) != len(size) + 2:
        raise ShapeError(
            f"{name}: x must be (batch, places, channels) with {len(size)} axes of places, "
            f"got {shape_of(x)}; one image becomes a batch with x[None]"
        )
    return _framed(x, padding, value)


def max_pool1d(x: Any, size: int, stride: int | None = None, padding: int = 0) -> Any:
    """Largest value in each window along one axis; ties share the gradient evenly.

    Shapes (n, h, c) -> (n, h', c), with h' = (h + 2 padding - size) // stride + 1; stride is size
    if not given. Raises ShapeError if no window fits.
    """
    framed = _pooled("max_pool1d", x, padding, -float("inf"), (size,))
    return _max_in_windows(framed, (size,), stride or size)


def max_pool2d(x: Any, size: int, stride: int | None = None, padding: int = 0) -> Any:
    """Largest value in each window of size x size; ties share the gradient evenly.

    Shapes (n, h, w, c) -> (n, h', w', c), with h' = (h + 2 padding - size) // stride + 1; stride
    is size if not given. Raises ShapeError if no window fits.
    """
    framed = _pooled("max_pool2d", x, padding, -float("inf"), (size, size))
    return _max_in_windows(framed, (size, size), stride or size)


def average_pool1d(x: Any, size: int, stride: int | None = None, padding: int = 0) -> Any:
    """Mean of each window along one axis; padded zeros count.

    Shapes (n, h, c) -> (n, h', c), with h' = (h + 2 padding - size) // stride + 1; stride is size
    if not given. Raises ShapeError if no window fits.
    """
    framed = _pooled("average_pool1d", x, padding, 0.0, (size,))
    return mean(windows(framed, (size,), stride or size), -2)


def average_pool2d(x: Any, size: int, stride: int | None = None, padding: int = 0) -> Any:
    """Mean of each window of size x size; padded zeros count.

    Shapes (n, h, w, c) -> (n, h', w', c), with h' = (h + 2 padding - size) // stride + 1; stride
    is size if not given. Raises ShapeError if no window fits.
    """
    framed = _pooled("average_pool2d", x, padding, 0.0, (size, size))
    return mean(windows(framed, (size, size), stride or size), -2)
