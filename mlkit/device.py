"""Which library holds an array, and moving it; the only file that says "cupy".

Everything else asks `namespace(x)` for the library `xp` and uses names of the array API standard.
What NumPy and CuPy do not share, or the standard lacks, is a function here.
"""

import importlib.util
import sys
from importlib import import_module
from typing import Any

import numpy as np

__all__ = ["describe", "gpu_available", "namespace", "to_gpu", "to_host"]

Array = Any  # a NumPy or CuPy array, a tensor, or a plain number

_GPU = "cupy"  # the library of what lives on a GPU

# Plain numbers go with any library: None. A type met for the first time is added by _home_of.
_homes: dict[type, Any] = {np.ndarray: np, bool: None, int: None, float: None}


def namespace(*arrays: Array) -> Any:
    """The library that holds the arrays; NumPy when there are only plain numbers.

    Raises TypeError if they live in two libraries, naming both.
    """
    home = None
    for array in arrays:
        try:
            found = _homes[type(array)]
        except KeyError:
            found = _home_of(array)
        if found is home or found is None:
            continue
        if home is not None:
            raise TypeError(
                "devices: arrays that meet must live in one library, "
                f"got {home.__name__} and {found.__name__}; move one with to_gpu or to_host"
            )
        home = found
    return np if home is None else home


def register(kind: type, home: Any) -> None:
    """Say that objects of this type are held by the library `home`."""
    _homes[kind] = home


def as_array(x: Any) -> Array:
    """x itself if a library holds it or it is a plain number, else a NumPy array made from it."""
    if type(x) in _homes:
        return x
    try:
        _home_of(x)
        return x
    except TypeError:  # no array: a list, most often
        array = np.asarray(x)
    if x is None:
        raise TypeError(
            "array: got None; a gradient is None where the target does not depend on the source: "
            "was the target computed from it, inside the tape?"
        )
    if array.dtype.kind not in "biufc":
        raise TypeError(f"array: needs numbers, got {type(x).__name__} {x!r:.60}")
    return array


def held(x: Array) -> Array:
    """x as an array, if it is a plain number."""
    return x if hasattr(x, "shape") else np.asarray(x)


def cast(x: Array, dtype: Any) -> Array:
    """x with another dtype, copied only if it has to be. Same shape."""
    if x.dtype == dtype:
        return x
    return x.astype(dtype) if hasattr(x, "astype") else namespace(x).astype(x, dtype)


def as_float(x: Array) -> Array:
    """x as floating-point numbers: integers become float64, floats stay what they are.

    Raises TypeError for complex numbers, which mlkit does not differentiate.
    """
    if is_float(x):
        return x
    xp = namespace(x)
    if xp.isdtype(x.dtype, "complex floating"):
        raise TypeError(f"requires_grad: needs real numbers, got {x.dtype}; use .real and .imag")
    return cast(x, xp.float64)


def is_float(x: Array) -> bool:
    """Whether x holds real floating-point numbers."""
    if isinstance(x, np.ndarray | np.generic):  # the usual case, without NumPy's slow isdtype
        return x.dtype.kind == "f"
    return namespace(x).isdtype(x.dtype, "real floating")


def masked(g: Array, holds: Array) -> Array:
    """g where the mask holds, else 0. Same shape."""
    if type(holds) is np.ndarray:
        return g * holds  # ten times as fast as where
    return g * cast(holds, g.dtype)


def product(x: Array, y: Array) -> Array:
    """x @ y. For vectors and matrices dot does the same in half the time, if they are small."""
    if type(x) is type(y) is np.ndarray and x.ndim < 3 and y.ndim < 3:
        return x.dot(y)
    return x @ y


def filled(x: Array, shape: tuple[int, ...], value: float) -> Array:
    """A new array of one value, beside x and in its dtype, that may be written into."""
    if hasattr(type(x), "filled"):  # a tracer of jit
        return x.filled(shape, value)
    return namespace(x).full(shape, value, dtype=x.dtype)


def beside(x: Array, index: Any) -> Array:
    """x as what can be indexed by the index: a tracer of jit if there is one in it."""
    parts = index if isinstance(index, tuple) else (index,)
    tracer = next((p for p in parts if hasattr(type(p), "lift")), None)
    return x if tracer is None else tracer.lift(x)


def later(function: Any, *arrays: Array) -> bool:
    """Call function(*arrays) for what it does; tracers of jit do so at every replay instead.

    Gives whether it was called now.
    """
    tracer = next((x for x in arrays if hasattr(type(x), "later")), None)
    if tracer is None:
        function(*arrays)
    else:
        tracer.later(function, arrays)
    return tracer is None


def drawn(x: Array, draw: Any, *settings: Any) -> Array:
    """What draw(*settings) gives, random numbers most often, as an array beside x.

    Tracers of jit draw at every replay.
    """
    if hasattr(type(x), "drawn"):
        return x.drawn(draw, settings)
    return namespace(x).asarray(draw(*settings))


def total(x: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """Sum over `axis`, without the time that np.sum spends on itself."""
    if type(x) is not np.ndarray:
        return namespace(x).sum(x, axis=axis, keepdims=keepdims)
    if _short_rows(x, axis):  # a product with ones takes a fifth of the time
        z = x.reshape(-1, x.shape[-1]).dot(np.ones(x.shape[-1], x.dtype))
        return z.reshape((*x.shape[:-1], 1) if keepdims else x.shape[:-1])
    return np.add.reduce(x, axis, None, None, keepdims)  # type: ignore[call-overload]


def largest(x: Array, axis: Any) -> Array:
    """Largest value over `axis`, which stays, of length 1."""
    if type(x) is np.ndarray and x.ndim == 2 and _short_rows(x, axis):
        return np.maximum.reduce(x.T.copy(), 0)[:, None]  # along memory, in a fifth of the time
    return namespace(x).max(x, axis=axis, keepdims=True)


def _short_rows(x: np.ndarray, axis: Any) -> bool:
    """Whether to reduce many short rows, which NumPy does slowly one after the other."""
    return (
        type(axis) is int
        and x.ndim > 1
        and axis in (-1, x.ndim - 1)
        and 0 < x.shape[-1] <= 64
        and x.dtype.char in "fd"
        and x.flags.c_contiguous
    )


def repeated(x: Array, shape: tuple[int, ...]) -> Array:
    """x broadcast to a shape, as a view that cannot be written to."""
    if not isinstance(x, np.ndarray | np.generic) or x.ndim:
        return namespace(x).broadcast_to(x, shape)
    view = np.ndarray(shape, x.dtype, x, 0, (0,) * len(shape))  # ten times as fast for one number
    view.flags.writeable = False
    return view


def sum_rows(x: Array) -> Array:
    """Sum over the first axis of a matrix. (n, j) -> (j,)."""
    if type(x) is np.ndarray:
        return np.ones(len(x), x.dtype).dot(x)  # three times as fast as adding up
    return namespace(x).sum(x, axis=0)


def scatter_add(g: Array, shape: tuple[int, ...], index: Any) -> Array:
    """Zeros of `shape` with g added at `index`; a place named twice gets both."""
    g = beside(g, index)
    xp = namespace(g)
    if not hasattr(xp, "add") or not hasattr(xp.add, "at"):
        return xp.asarray(scatter_add(to_host(g), shape, _index_to_host(index)))
    total = filled(g, shape, 0)
    if _names_places_once(index):
        total[index] = g
    else:
        xp.add.at(total, index, g)
    return total


def on_gpu(x: Array) -> bool:
    """Whether an array lives on a GPU."""
    return namespace(x).__name__ == _GPU


def to_host(x: Array) -> Array:
    """x as a NumPy array, wherever it lives. Same shape and dtype."""
    return x.get() if hasattr(x, "get") else np.asarray(x)


def to_gpu(x: Array) -> Array:
    """x as a CuPy array. Same shape and dtype. Raises RuntimeError where there is no GPU."""
    if not gpu_available():
        raise RuntimeError(f"to_gpu: {describe()}")
    return import_module(_GPU).asarray(x)


def gpu_available() -> bool:
    """Whether arrays can move to a GPU here: CuPy is installed and sees one."""
    if importlib.util.find_spec(_GPU) is None:
        return False
    try:
        return bool(import_module(_GPU).cuda.is_available())
    except (ImportError, OSError):  # installed, but its CUDA libraries are not
        return False


def describe() -> str:
    """One calm line on where arrays live here."""
    if gpu_available():
        return "a GPU is here: to_gpu(x) moves an array to it"
    return "no GPU here, so everything runs on the CPU with NumPy"


def quiet() -> Any:
    """A context in which inf - inf, 0 / 0 and log(0) do not warn: their answer is meant."""
    return np.errstate(invalid="ignore", divide="ignore")


def _home_of(array: Any) -> Any:
    """The library of a type not met before, looked up among modules already imported."""
    kind = type(array)
    root = kind.__module__.partition(".")[0]
    if isinstance(array, np.generic | complex):
        home = None
    elif root in ("numpy", "cupy"):
        home = sys.modules[root]
    elif hasattr(array, "__array_namespace__"):
        home = array.__array_namespace__()
    else:
        raise TypeError(f"array: no library holds a {kind.__name__}; make it one with np.asarray")
    _homes[kind] = home
    return home


def _names_places_once(index: Any) -> bool:
    """Whether the index is made of numbers, slices and masks only."""
    parts = index if isinstance(index, tuple) else (index,)
    repeatable = (p for p in parts if not (p is None or p is ... or isinstance(p, int | slice)))
    return all(p.dtype.kind == "b" for p in repeatable)


def _index_to_host(index: Any) -> Any:
    """An index whose arrays are NumPy arrays."""
    if isinstance(index, tuple):
        return tuple(_index_to_host(i) for i in index)
    return to_host(index) if hasattr(index, "__array_namespace__") else index
