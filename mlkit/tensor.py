"""Python and NumPy syntax for tensors: which operator, method or NumPy function is which op.

NumPy hands every call that meets a tensor to `__array_ufunc__` or `__array_function__` (NumPy
enhancement proposals 13 and 18), so `np.exp(x)` on a tensor is `ops.exp(x)` and is recorded.
"""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import numpy as np

from mlkit import device, ops
from mlkit.device import Array
from mlkit.engine import Tensor
from mlkit.place import place_of


class _Syntax:
    """What a tensor can do; every member is given to Tensor below."""

    __slots__ = ()
    _data: Array
    requires_grad: bool
    __array_priority__ = 1000  # array libraries that know no protocol let us go first
    __hash__ = object.__hash__

    shape = property(attrgetter("_data.shape"), doc="Length of each axis.")
    dtype = property(attrgetter("_data.dtype"), doc="Type of one element.")
    ndim = property(attrgetter("_data.ndim"), doc="Number of axes.")
    size = property(attrgetter("_data.size"), doc="Number of elements.")
    device = property(lambda x: place_of(x._data), doc='Where it lives: "cpu" or "gpu".')
    op = property(lambda x: x.node and x.node.op, doc="The op that made it; None for a leaf.")
    T = property(ops.transpose, doc="Axes reversed. (a, b) -> (b, a).")
    mT = property(lambda x: ops.swapaxes(x, -1, -2), doc="Last two axes exchanged.")  # noqa: N815

    __add__ = __radd__ = ops.add
    __mul__ = __rmul__ = ops.multiply
    __sub__, __truediv__, __pow__ = ops.subtract, ops.divide, ops.power
    __matmul__, __neg__, __abs__ = ops.matmul, ops.negative, ops.abs
    __eq__, __ne__ = ops.equal, ops.not_equal
    __lt__, __le__, __gt__, __ge__ = ops.less, ops.less_equal, ops.greater, ops.greater_equal
    __mod__ = ops.remainder
    __and__ = __rand__ = ops.logical_and
    __or__ = __ror__ = ops.logical_or
    __invert__ = ops.logical_not

    def __rsub__(self, other: Any) -> Tensor:
        return ops.subtract(other, self)

    def __rtruediv__(self, other: Any) -> Tensor:
        return ops.divide(other, self)

    def __rpow__(self, other: Any) -> Tensor:
        return ops.power(other, self)

    def __rmatmul__(self, other: Any) -> Tensor:
        return ops.matmul(other, self)

    def __rmod__(self, other: Any) -> Tensor:
        return ops.remainder(other, self)

    def __pos__(self) -> Tensor:
        return ops.astype(self, self.dtype)

    sum, mean, max, min, argmax, argmin = (
        ops.sum,
        ops.mean,
        ops.max,
        ops.min,
        ops.argmax,
        ops.argmin,
    )
    var, std, prod, cumsum, cumprod = ops.var, ops.std, ops.prod, ops.cumsum, ops.cumprod
    argsort, take, repeat, diagonal, trace = (
        ops.argsort, ops.take, ops.repeat, ops.diagonal, ops.trace
    )  # fmt: skip
    to = to_device = ops.to_device
    astype, squeeze, swapaxes, clip = ops.astype, ops.squeeze, ops.swapaxes, ops.clip
    dot, ravel, flatten = ops.dot, ops.ravel, ops.ravel

    def reshape(self, *shape: Any) -> Tensor:
        """The same numbers in another shape: x.reshape(2, 3) or x.reshape((2, 3))."""
        return ops.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Tensor:
        """Axes in another order, by default reversed: x.transpose(0, 2, 1)."""
        return ops.transpose(self, axes[0] if len(axes) == 1 else axes)

    def __getitem__(self, index: Any) -> Tensor:
        return ops.getitem(self, _plain_index(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            "setitem: a tensor is not changed in place, derivatives need the old values; "
            "build the new one with where, stack or concatenate"
        )

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self._data)

    def __float__(self) -> float:
        return float(self._data)

    def __int__(self) -> int:
        return int(self._data)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else repr(self)

    def __repr__(self) -> str:
        if hasattr(type(self._data), "drawn"):  # a tracer of jit, which has no values to show
            return f"Tensor({self._data!r})"
        text = np.array2string(device.to_host(self._data), prefix="Tensor(", separator=", ")
        return f"Tensor({text}{', requires_grad=True' if self.requires_grad else ''})"

    def item(self) -> float | int | bool:
        """The one value of a one-element tensor, as a Python number."""
        return device.to_host(self._data).item()

    def numpy(self) -> np.ndarray:
        """The values as a NumPy array, outside of differentiation. Shares memory on the CPU."""
        return device.to_host(self._data)

    def detach(self) -> Tensor:
        """The same values as a constant: no derivative flows through. Shares memory."""
        return Tensor(self._data)

    def __array_namespace__(self, api_version: str | None = None) -> Any:
        return ops

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.requires_grad:
            raise TypeError(
                "array: a plain array would cut this tensor off from its derivatives; "
                "use it as it is, or say x.numpy() if that is what you want"
            )
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __dlpack__(self, **options: Any) -> Any:
        if self.requires_grad:
            raise TypeError(
                "dlpack: another library would cut this tensor off from its derivatives; "
                "hand over x.detach() if that is what you want"
            )
        return self._data.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._data.__dlpack_device__()

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__":
            raise TypeError(
                f"np.{ufunc.__name__}.{method}: no derivative known; use np.sum or a loop"
            )
        return self.__array_function__(ufunc, (), inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: dict) -> Any:
        if options.get("out") is not None:
            raise TypeError(
                f"{_called(function)}: a tensor is not changed in place; "
                "write x = x + y in place of x += y, and leave out=... away"
            )
        if function in _ROWS:
            return _ROWS[function](*args, **options)
        if function in _CONSTANTS:
            return function(*_values(args), **_values(options))
        raise TypeError(
            f"{_called(function)}: no derivative known for tensors; write it with "
            "the functions of mlkit.ops, or use x.numpy() where no derivative is needed"
        )


def _plain_index(index: Any) -> Any:
    """The index with arrays in place of tensors and lists."""
    if isinstance(index, tuple):
        return tuple(_plain_index(i) for i in index)
    if isinstance(index, list):
        return np.asarray(index)
    return index._data if isinstance(index, Tensor) else index


def _values(x: Any) -> Any:
    """Arguments with arrays in place of tensors."""
    if isinstance(x, list | tuple):
        return type(x)(_values(i) for i in x)
    if isinstance(x, dict):
        return {name: _values(i) for name, i in x.items()}
    return x._data if isinstance(x, Tensor) else x


def _broadcast_arrays(*arrays: Any) -> tuple[Any, ...]:
    shape = np.broadcast_shapes(*map(np.shape, arrays))
    return tuple(ops.broadcast_to(x, shape) for x in arrays)


def _einsum(formula: str, *arrays: Any, optimize: Any = True) -> Any:
    """np.einsum; the order of the products is chosen for speed in any case."""
    return ops.einsum(formula, *arrays)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """np.linalg.norm for the orders that have a row or are made of rows."""
    rank = np.ndim(x) if axis is None else np.size(axis)
    if ord is None or (ord == 2 and rank == 1) or (ord == "fro" and rank == 2):
        return ops.norm(x, axis, keepdims)
    if ord == 1 and rank == 1:
        return ops.sum(ops.abs(x), axis, keepdims)
    if ord == np.inf and rank == 1:
        return ops.max(ops.abs(x), axis, keepdims)
    raise TypeError(
        "np.linalg.norm: ord must be one of None, 2, 1, inf for vectors, None or 'fro' for "
        f"matrices, got {ord!r}"
    )


def _called(function: Any) -> str:
    """What a user calls it: np.exp, np.linalg.inv."""
    home = getattr(function, "__module__", None) or "numpy"
    return f"{home.replace('numpy', 'np', 1)}.{function.__name__}"


# NumPy's function of the same name is the op. Comparing by function, not by name, covers aliases.
_ROWS: dict[Any, Callable[..., Array]] = {
    getattr(np, name): getattr(ops, name) for name in ops.__all__ if hasattr(np, name)
}
_ROWS |= {getattr(np.linalg, name): getattr(ops, name) for name in ("det", "inv", "solve")}
_ROWS |= {
    np.linalg.norm: _norm,
    np.broadcast_arrays: _broadcast_arrays,
    np.einsum: _einsum,
    np.cumulative_prod: ops.cumprod,
    np.matrix_transpose: lambda x: ops.swapaxes(x, -1, -2),
    np.positive: lambda x: +x,
    np.unstack: lambda x, axis=0: tuple(ops.moveaxis(x, axis, 0)),
    np.vecdot: lambda x, y, axis=-1: ops.sum(ops.multiply(x, y), axis),
    np.linalg.matmul: ops.matmul,
    np.linalg.outer: ops.outer,
    np.linalg.tensordot: ops.tensordot,
    np.permute_dims: ops.transpose,
    np.concat: ops.concatenate,
    np.pow: ops.power,
    np.bitwise_and: ops.logical_and,
    np.bitwise_or: ops.logical_or,
    np.amax: ops.max,
    np.amin: ops.min,
}
# Answers that do not depend on the values smoothly, or not at all: plain NumPy on the values.
_CONSTANTS = {
    np.all, np.allclose, np.any, np.array_equal, np.ceil, np.count_nonzero,
    np.empty_like, np.full_like, np.isclose, np.isfinite, np.isinf, np.isnan, np.ndim,
    np.isin, np.logical_xor, np.nonzero, np.result_type, np.rint, np.round, np.searchsorted,
    np.shape, np.signbit, np.size, np.trunc, np.unique, np.unique_values,
}  # fmt: skip

for _name, _member in vars(_Syntax).items():
    if _name not in ("__module__", "__doc__", "__slots__", "__annotations__"):
        setattr(Tensor, _name, _member)
