"""What stands in for CuPy where there is no GPU: NumPy behind CuPy's manners.

Arrays of this library are no NumPy arrays, do not turn into them unless asked by get(), and do not
mix with them. It shows that code keeps to that; it does not show that CuPy has a function, nor
how it rounds, nor what it costs.
"""

import sys
from types import SimpleNamespace

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

__version__ = "0 (NumPy behind CuPy's manners: no GPU)"
cuda = SimpleNamespace(
    is_available=lambda: True,
    Device=lambda: SimpleNamespace(synchronize=lambda: None),
    runtime=SimpleNamespace(getDeviceProperties=lambda _: {"name": b"no GPU"}),
)


class ndarray(NDArrayOperatorsMixin):  # noqa: N801, CuPy's name
    """A NumPy array that only this library touches."""

    def __init__(self, held):
        self.held = held

    def get(self):
        return self.held.copy()

    def __array__(self, dtype=None, copy=None):
        raise TypeError("Implicit conversion to a NumPy array is not allowed; use get()")

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        if out is not None:
            options["out"] = out
        z = getattr(ufunc, method)(*_held(inputs), **_held(options))
        return out[0] if out else _ours(z)

    def __array_function__(self, function, types, inputs, options):
        return _ours(function(*_held(inputs), **_held(options)))

    def __getitem__(self, index):
        return _ours(self.held[_held(index)])

    def __setitem__(self, index, value):
        self.held[_held(index)] = _held(value)

    def __getattr__(self, name):
        if name.startswith("__"):  # no library of the array API by that name, no DLPack
            raise AttributeError(name)
        found = getattr(self.held, name)
        return _function(found) if callable(found) else _ours(found)

    def __len__(self):
        return len(self.held)

    def __bool__(self):
        return bool(self.held)

    def __float__(self):
        return float(self.held)

    def __int__(self):
        return int(self.held)

    def __index__(self):
        return self.held.__index__()


def asarray(x, dtype=None):
    """As CuPy's: a NumPy array moves here."""
    return x if isinstance(x, ndarray) and dtype is None else ndarray(np.array(_bare(x), dtype))


array = asarray


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    found = getattr(np, name)
    return _function(found) if callable(found) and not isinstance(found, type) else found


def _function(function):
    def of_ours(*inputs, **options):
        return _ours(function(*_held(inputs), **_held(options)))

    if isinstance(function, np.ufunc):
        of_ours.at, of_ours.reduce = _function(function.at), _function(function.reduce)
    return of_ours


def _held(x):
    """What we hold, in nested tuples, lists and dicts; NumPy's own arrays are refused."""
    if isinstance(x, ndarray):
        return x.held
    if isinstance(x, dict):
        return {name: _held(value) for name, value in x.items()}
    if isinstance(x, tuple | list):
        return type(x)(map(_held, x))
    if isinstance(x, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    return x


def _bare(x):
    return x.held if isinstance(x, ndarray) else [_bare(y) for y in x] if isinstance(x, list) else x


def _ours(z):
    """Arrays and NumPy's scalars as arrays of ours, in tuples and lists too."""
    if isinstance(z, np.ndarray | np.generic):
        return ndarray(np.asarray(z))
    return type(z)(map(_ours, z)) if type(z) in (tuple, list) else z


sys.modules["cupy.cuda"] = cuda
