"""What stands where an array stands while a function is traced. It records instead of computing.

It behaves as a NumPy array does: a view sees a later change of its base and changes it, and `+=`
changes what others hold. Steps never change, so a tracer is a name that moves from step to step.
What needs the values themselves, such as `if x > 0`, is an error that says what to write instead.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from mlkit.device import register
from mlkit.engine import Tensor
from mlkit.jit import view
from mlkit.jit.calls import call, refuse, steps, ufunc
from mlkit.jit.trace import Step, Trace

__all__ = ["Tracer"]


class Tracer(NDArrayOperatorsMixin):
    """A stand-in for an array: see the module."""

    __slots__ = ("__weakref__", "_how", "_parent", "_seen", "_step", "trace")
    __array_priority__ = 900  # after tensors
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, trace: Trace, step: Step, parent: "Tracer | None" = None, how: Any = None):
        self.trace, self._step, self._parent, self._how = trace, step, parent, how
        self._seen = None if parent is None else parent.step

    @property
    def step(self) -> Step:
        """What it stands for now. A view looks at its base anew when that has changed."""
        if self._parent is not None and self._parent.step is not self._seen:
            self._seen = self._parent.step
            self._step = self.trace.record("view", self._how, (self._seen,))
        return self._step

    shape = property(lambda x: x._step.shape)
    dtype = property(lambda x: x._step.dtype or np.dtype(type(x._step.value)))
    ndim = property(lambda x: len(x._step.shape))
    size = property(lambda x: int(np.prod(x._step.shape)))
    base = None
    T = property(lambda x: x.view(view.reversed_axes))
    mT = property(lambda x: x.view(view.swap_last))  # noqa: N815

    def view(self, how: Callable[[Any], Any]) -> "Tracer":
        """The same memory looked at in another way."""
        step = self.trace.record("view", how, (self.step,))
        if step.value.size and not np.may_share_memory(step.value, step.operands[0].value):
            return Tracer(self.trace, self.trace.record("copy", _copied, (step,)))  # as in NumPy
        return Tracer(self.trace, step, self, how)

    def become(self, step: Step) -> None:
        """From now on this name, and all views of it, stand for another step."""
        if self._parent is None:
            self._step = step
        else:
            self._change(_put, ..., step)

    def _change(self, function: Any, index: Any, *operands: Any, **options: Any) -> None:
        """Let the tracer that owns the memory stand for what function makes of it."""
        owner, how = self, list[Any]()
        while owner._parent is not None:
            how.insert(0, owner._how)
            owner = owner._parent
        operands = (owner.step, index, *operands)
        owner._step = self.trace.record("change", function, operands, how=tuple(how), **options)

    # NumPy's functions and operators

    def __array_ufunc__(
        self, function: Any, method: str, *inputs: Any, out: Any = None, **options: Any
    ) -> Any:
        if any(isinstance(x, Tensor) for x in inputs):
            return NotImplemented
        if method == "at":
            target, index, *values = inputs
            return target._change(_put_at, steps(index), *map(steps, values), at=function.at)
        step = ufunc(self.trace, function, method, [_operand(x) for x in inputs], options)
        if out is None or out[0] is None:
            return Tracer(self.trace, step)
        return self._into(out[0], step, function)

    def _into(self, target: Any, step: Step, function: Any) -> Any:
        """What in-place arithmetic gives: the target, which stands for the new step now."""
        if not isinstance(target, Tracer):
            if id(target) in self.trace.outside:
                refuse(
                    "changing an array of the outside in place",
                    "keep it in a Tensor that the function closes over, or return the new array",
                )
            return Tracer(self.trace, step)
        if step.shape != target.shape:
            raise ValueError(f"{function.__name__}: {step.shape} does not fit in {target.shape}")
        target.become(Tracer(self.trace, step).astype(target.dtype).step)
        return target

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if any(issubclass(kind, Tensor) for kind in types):
            return NotImplemented
        return call(self, function, args, options)

    # indexing

    def __getitem__(self, index: Any) -> "Tracer":
        parts = index if isinstance(index, tuple) else (index,)
        if any(isinstance(p, Tracer) and p.dtype == bool for p in parts):
            refuse("the shape of x[mask] depends on values", "use where(mask, x, 0) instead")
        if _is_basic(parts):
            return self.view(view.index(parts))
        index = steps(parts) if isinstance(index, tuple) else steps(index)
        return Tracer(self.trace, self.trace.record("call", getitem, (self.step, index)))

    def __setitem__(self, index: Any, value: Any) -> None:
        part = index if isinstance(index, tuple) else (index,)
        mine = isinstance(value, Tracer) and value._parent is self
        if mine and _is_basic(part) and value._how == view.index(part):
            return  # x[0] += 1 has changed x by now
        self._change(_put, steps(index), steps(value))

    def lift(self, x: Any) -> "Tracer":
        """An array as a tracer beside this one."""
        return (
            x if isinstance(x, Tracer) else Tracer(self.trace, self.trace.constant(np.asarray(x)))
        )

    def filled(self, shape: tuple[int, ...], value: float) -> "Tracer":
        """A new array of one value, in this one's dtype, that may be changed."""
        return self.lift(np.full(shape, value, dtype=self.dtype))

    def drawn(self, draw: Any, settings: tuple[Any, ...]) -> "Tracer":
        """draw(*settings), random numbers, drawn anew at each replay."""
        return Tracer(self.trace, self.trace.draw(draw, settings))

    def later(self, function: Callable[..., Any], arrays: tuple[Any, ...]) -> None:
        """Call function(*arrays) at each replay, for its effect."""
        self.trace.effect(function, tuple(map(steps, arrays)))

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator["Tracer"]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        return f"<traced {self.dtype} {self.shape}>"

    # methods of arrays; those not here are NumPy's function of that name

    def astype(self, dtype: Any, copy: bool = True) -> "Tracer":
        """The same values in another dtype."""
        dtype = np.dtype(dtype)
        if dtype == self.dtype:
            return Tracer(self.trace, self.step)
        return Tracer(self.trace, self.trace.record("copy", _astype, (self.step,), dtype=dtype))

    def copy(self, order: str = "C") -> "Tracer":
        """The same values in memory of their own."""
        if (
            self.step.kind != "view" and self.step.value.flags.c_contiguous
        ):  # a name of its own is as good: steps never change
            return Tracer(self.trace, self.step)
        return Tracer(self.trace, self.trace.record("copy", _copied, (self.step,)))

    def reshape(self, *shape: Any) -> "Tracer":
        """The same numbers in another shape; one -1 is worked out."""
        shape = shape[0] if len(shape) == 1 else shape
        old, new = self.size, (shape,) if isinstance(shape, int) else tuple(map(int, shape))
        if -1 in new:
            known = -int(np.prod(new))
            new = tuple((old // known if known else 0) if n == -1 else n for n in new)
        if int(np.prod(new)) != old:
            raise ValueError(f"cannot reshape array of size {old} into shape {shape}")
        return self if new == self.shape else self.view(view.reshape(new))

    def transpose(self, *axes: Any) -> Any:
        """Axes in another order, by default reversed."""
        axes = axes[0] if len(axes) == 1 else axes
        return np.transpose(self, axes or None)

    flatten = ravel = lambda self: self.reshape(-1)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in _METHODS:
            raise AttributeError(name)
        if name == "take":  # the method takes half the time of the function
            return lambda index, axis=None: Tracer(
                self.trace,
                self.trace.record("call", np.ndarray.take, (self.step, steps(index), axis)),
            )
        return lambda *args, **options: getattr(np, name)(self, *args, **options)

    # what needs values

    def __bool__(self) -> bool:
        return refuse(
            "a branch on a traced value",
            "use where(condition, x, y), or give what decides as a static argument",
        )

    def __float__(self) -> float:
        return refuse("a traced value has no number yet", "return it, and read the number outside")

    __int__ = __complex__ = item = tolist = __float__  # type: ignore[assignment]

    def __index__(self) -> int:
        return refuse(
            "a traced value cannot be an index or a size",
            "give it as a static argument, or use take",
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return refuse(
            "a traced value cannot become a NumPy array",
            "use the tensor as it is or its detach(), with the functions of mlkit.ops",
        )


_METHODS = {
    "all", "any", "argmax", "argmin", "argsort", "choose", "clip", "cumprod", "cumsum", "diagonal",
    "dot", "max", "mean", "min", "nonzero", "prod", "repeat", "round", "searchsorted", "sort",
    "squeeze", "std", "sum", "swapaxes", "take", "var",
}  # fmt: skip


def _operand(x: Any) -> Any:
    return np.asarray(x) if isinstance(x, list | tuple) else steps(x)


def _astype(x: Any, dtype: Any) -> Any:
    return x.astype(dtype)


def _copied(x: Any) -> Any:
    return x.copy()


def getitem(x: Any, index: Any) -> Any:
    """x[index], an array of its own."""
    return x[index]


def _is_basic(parts: tuple[Any, ...]) -> bool:
    """Whether an index is made of numbers and slices, so that it gives a view."""
    plain = (int, slice, np.integer, type(None), type(...))
    return all(isinstance(p, plain) and not isinstance(p, bool) for p in parts)


def _put(old: Any, index: Any, value: Any, how: tuple[Any, ...]) -> Any:
    """old, with value at index, as seen through views."""
    new = seen = old.copy()
    for each in how:
        seen = each(seen)
    seen[index] = value
    return new


def _put_at(old: Any, index: Any, value: Any, how: tuple[Any, ...], at: Any) -> Any:
    """old, with what at(old, index, value) does to it, as seen through views."""
    new = seen = old.copy()
    for each in how:
        seen = each(seen)
    at(seen, index, value)
    return new


register(Tracer, np)
