"""Front door 2: requires_grad, backward and no_grad, in PyTorch's words.

backward() walks from one tensor to all leaves that it depends on and adds into their `grad`, until
zero_grad() clears it. Recording is always on for tensors with requires_grad; no_grad() stops it.
"""

import linecache
import math
import sys
from collections.abc import Callable, Sequence
from contextlib import ContextDecorator
from copy import copy
from pathlib import Path
from typing import Any

from mlkit import device, tree
from mlkit.device import Array
from mlkit.doors import (
    add_hook,
    differentiate,
    intercepting,
    nested,
    own,
    seed_for,
    unrecorded,
    value_of,
    with_backward,
)
from mlkit.engine import Op, ShapeError, Tensor, apply, intercept, thread
from mlkit.place import at_chosen_place

__all__ = ["Function", "detect_anomaly", "no_grad", "tensor"]


def tensor(data: Any, requires_grad: bool = False, dtype: Any = None) -> Tensor:
    """A tensor with its own copy of the data. With requires_grad, integers become float64.

    The copy lives on the CPU or a GPU as `with device(...)` says.
    """
    values = at_chosen_place(Tensor(data).data.copy())
    return Tensor(values if dtype is None else device.cast(values, dtype), requires_grad)


class _Backward:
    """What a tensor can do in this door; every member is given to Tensor below."""

    def backward(self: Any, gradient: Any = None, create_graph: bool = False) -> None:
        """Add the derivative of this tensor to the `grad` of every leaf it depends on.

        gradient: a weight for each element, needed unless this is one number.
        create_graph: record the gradients too, to differentiate them again.
        Raises RuntimeError if nothing it depends on requires a gradient.
        """
        if self.node is None:
            raise RuntimeError(
                "backward: this tensor depends on none that requires a gradient; make one with "
                "tensor(x, requires_grad=True), and compute outside no_grad and detach"
            )
        if gradient is None and math.prod(self.data.shape) != 1:
            raise ShapeError(
                f"backward: starts from one number, got shape {self.data.shape}; take its sum or "
                "mean, or give backward a gradient of this shape"
            )
        seed = seed_for("backward: gradient", self, gradient)
        found = differentiate([(self, seed)], [], record=create_graph or nested())
        taken: set[int] = set()
        for node, g in found.items():
            leaf = node.owner() if hasattr(node, "owner") else None
            if leaf is not None:
                g = own(g, taken)
                leaf.grad = g if leaf.grad is None else leaf.grad + g

    def zero_grad(self: Any) -> None:
        """Forget the gradient, so that the next backward() starts anew."""
        self.grad = None

    def register_hook(self: Any, hook: Callable[[Tensor], Tensor | None]) -> "Handle":
        """Call hook(gradient) when a walk has this tensor's gradient; what it gives replaces it.

        Only uses of the tensor from now on or walks to it as a leaf: call it right after making it.
        The hook gives None to leave the gradient as it is. The handle's remove() ends it.
        """
        if self.node is None:
            raise RuntimeError(
                "register_hook: no gradient will come to a constant; "
                "make it with tensor(x, requires_grad=True)"
            )
        handle = Handle(hook)
        add_hook(self.node, handle)
        return handle


class Handle:
    """A hook on a tensor."""

    def __init__(self, hook: Callable[[Tensor], Tensor | None]):
        self._hook: Callable[[Tensor], Tensor | None] = hook

    def remove(self) -> None:
        """Call the hook no more."""
        self._hook = lambda g: None

    def __call__(self, g: Any) -> Any:
        """The gradient, or what the hook gave in its place; an array if an array came."""
        given: Any = self._hook(g if isinstance(g, Tensor) else Tensor(g))
        if given is None:
            return g
        if given.shape != g.shape:
            raise ShapeError(
                f"hook: the gradient must keep its shape {g.shape}, got {given.shape}; "
                "give None to leave it as it is"
            )
        return given if isinstance(g, Tensor) else value_of(given)


class no_grad(ContextDecorator):  # noqa: N801, PyTorch's name
    """Inside, nothing is recorded: with no_grad(): ..., or @no_grad() on a function."""

    def __enter__(self) -> None:
        intercept((*thread.interceptors, unrecorded))

    def __exit__(self, *error: object) -> None:
        intercept(thread.interceptors[:-1])


class Context:
    """What forward hands to backward: save_for_backward, saved_tensors, and any attribute."""

    saved_tensors: tuple[Any, ...] = ()
    needs_input_grad: tuple[bool, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors for backward."""
        self.saved_tensors = tensors


class Function:
    """An op with a backward of your own: subclass it, and call YourFunction.apply(x, ...).

    forward(ctx, *inputs) computes plainly; backward(ctx, *gradients), one per result, gives one
    per input, None where there is none. Write both as static methods.
    """

    @staticmethod
    def forward(ctx: Context, *inputs: Any) -> Any:
        """The result or a tuple of them."""
        raise NotImplementedError("Function: write forward(ctx, *inputs) as a static method")

    @staticmethod
    def backward(ctx: Context, *gradients: Any) -> Any:
        """A gradient for each input, given one for each result."""
        raise NotImplementedError("Function: write backward(ctx, *gradients) as a static method")

    @classmethod
    def apply(cls, *inputs: Any) -> Any:
        """Run forward and remember backward."""
        ctx = Context()
        ctx.needs_input_grad = tuple(isinstance(x, Tensor) and x.requires_grad for x in inputs)
        with no_grad():
            result = cls.forward(ctx, *inputs)
        outputs = with_backward(inputs, tree.leaves(result), lambda *g: cls.backward(ctx, *g))
        return tree.unflatten(result, outputs)


class detect_anomaly:  # noqa: N801, PyTorch's name
    """Inside, the op that makes the first NaN raises, naming itself and the line that called it.

    Forward as the op runs; backward as its rule runs, naming the line that recorded it. Slow: to
    find a fault, not to train with. Raises FloatingPointError.
    """

    def __enter__(self) -> None:
        self._intercepting = intercepting(_watch_for_nan)
        self._intercepting.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._intercepting.__exit__(*error)


def _watch_for_nan(op: Op, inputs: Sequence[Any], constants: tuple[Any, ...]) -> Any:
    """Interceptor: the op, its result looked at, and its rules too when they run later."""
    with device.quiet():
        z = apply(op, inputs, constants)
    line = _line_of_the_user()
    if _has_nan(z) and not any(_has_nan(x) for x in inputs):
        raise FloatingPointError(
            f"{op.name}: NaN was born here, from inputs without one{_ranges(inputs)}, at {line}; "
            "keep its inputs where it is defined"
        )
    if isinstance(z, Tensor) and z.node is not None and z.node.op is op:
        z.node.op = copy(op)
        z.node.op.rules = [rule and _watched(rule, op.name, line) for rule in op.rules]
    return z


def _watched(rule: Callable[..., Array], name: str, line: str) -> Callable[..., Array]:
    def watched(xp: Any, g: Any, *rest: Any) -> Any:
        h = rule(xp, g, *rest)
        if _has_nan(h) and not _has_nan(g):
            raise FloatingPointError(
                f"{name}: NaN was born in its derivative, from a gradient without one, recorded "
                f"at {line}; keep its inputs off the edge of where it is defined"
            )
        return h

    return watched


def _has_nan(x: Any) -> bool:
    x = device.as_array(value_of(x))
    xp = device.namespace(x)
    return bool(xp.any(xp.isnan(xp.asarray(x))))


def _ranges(inputs: Sequence[Any]) -> str:
    """The smallest and largest value of each input, for a message."""
    arrays = [device.to_host(xp_array) for xp_array in map(value_of, inputs)]
    return "".join(f" in [{a.min():.4g}, {a.max():.4g}]" for a in arrays if a.size)


def _line_of_the_user() -> str:
    """File, line and text of the innermost call from outside of mlkit."""
    frame: Any = sys._getframe(1)
    while frame.f_back and _is_ours(frame):
        frame = frame.f_back
    file, line = frame.f_code.co_filename, frame.f_lineno
    return f"{Path(file).name}:{line}: `{linecache.getline(file, line).strip()}`"


def _is_ours(frame: Any) -> bool:
    """Whether it runs code of mlkit, or what mlkit wrote for an op."""
    return frame.f_globals.get("__name__", "").partition(".")[0] == "mlkit" or (
        frame.f_code.co_filename == "<string>"
    )


for _name in ("backward", "zero_grad", "register_hook"):
    setattr(Tensor, _name, getattr(_Backward, _name))
