"""Module: something with weights. Layers, and networks made of them, are modules.

Write __init__ and forward; nothing needs to be registered. An attribute that is a tensor with
requires_grad is a parameter, a fixed tensor or array is a buffer (an array whose name starts with
an underscore is private, and not saved); modules nest, also in lists, tuples and dicts.
"""

from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from typing import Any, Self

import numpy as np

from mlkit import device
from mlkit.engine import ShapeError, Tensor
from mlkit.train.compiled import Trainable

__all__ = ["Module", "arrays"]

State = dict[str, np.ndarray]


class Module(Trainable):
    """Base of all layers and networks: call it as a function, ask it for its parameters.

    compile, fit, evaluate and predict are those of Trainable.

    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.factor = Tensor([2.0], requires_grad=True)
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> float(Scale()([3.0]).item())
    6.0
    """

    training = True  # whether layers that differ between training and use are training
    _rebuilt: tuple[Any, ...] = ()  # parameters by decree, in a copy made by with_branches

    def forward(self, *inputs: Any) -> Any:
        """The result for these inputs. Every module writes its own."""
        raise NotImplementedError(
            f"{type(self).__name__}: write forward(self, x), which gives the result for x"
        )

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """What forward gives."""
        return self.forward(*inputs, **options)

    def named_parameters(self) -> dict[str, Tensor]:
        """Parameters by name, as "layers.0.weight", in the order they were made; each once."""
        return {name: x for name, x, trained in arrays(self) if trained}

    def parameters(self) -> list[Tensor]:
        """What training changes: every tensor with requires_grad, here and in all modules inside.

        Each once, even if several layers share it.
        """
        return list(self.named_parameters().values())

    @property
    def trainable_variables(self) -> list[Tensor]:
        """The parameters, by Keras's name."""
        return self.parameters()

    def modules(self) -> list["Module"]:
        """This module and all inside it, each once, outer before inner."""
        return [x for _, x, _ in _walk(self) if isinstance(x, Module)]

    def train(self, training: bool = True) -> Self:
        """Behave as in training: drop out, normalise by the batch. Gives the module itself."""
        for module in self.modules():
            module.training = training
        return self

    def eval(self) -> Self:
        """Behave as in use: nothing random, nothing that depends on the batch."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def state_dict(self) -> State:
        """Copies of all parameters and buffers by name, as NumPy arrays: a snapshot."""
        return {name: device.to_host(_data(x)).copy() for name, x, _ in arrays(self)}

    def load_state_dict(self, state: dict[str, Any], strict: bool = True) -> None:
        """Take over values by name. All are checked first, so an error changes nothing.

        state: name -> array in the same shape; the dtype and device here stay. strict=False
        allows names that are missing or unknown. Raises KeyError, TypeError and ShapeError.
        """
        own = {name: x for name, x, _ in arrays(self)}
        missing, unknown = own.keys() - state.keys(), state.keys() - own.keys()
        if strict and (missing or unknown):
            raise KeyError(
                f"load_state_dict: names must be those of the module; missing {_listed(missing)}, "
                f"unknown {_listed(unknown)}; strict=False ignores both"
            )
        fitting = {name: np.asarray(_data(state[name])) for name in own if name in state}
        for name, values in fitting.items():
            if values.dtype.kind not in "biuf":
                raise TypeError(f"load_state_dict: {name} must be real numbers, got {values.dtype}")
            if values.shape != own[name].shape:
                raise ShapeError(
                    f"load_state_dict: {name} must have shape {tuple(own[name].shape)}, "
                    f"got {values.shape}; was it saved from a network of other sizes?"
                )
        for name, values in fitting.items():
            _assign(own[name], values)

    def astype(self, dtype: Any) -> Self:
        """Turn all parameters and float buffers into this dtype, in place: "float32" halves memory.

        Make optimisers afterwards. Gives the module itself.
        """
        return self._convert(lambda x: device.cast(x, dtype) if _is_float(x) else x)

    def to_gpu(self) -> Self:
        """Move all parameters and buffers to the GPU, in place. Make optimisers afterwards."""
        return self._convert(device.to_gpu)

    def to_host(self) -> Self:
        """Move all parameters and buffers to the CPU, in place. Make optimisers afterwards."""
        return self._convert(device.to_host)

    def branches(self) -> dict[str, Tensor]:
        """The parameters by name: what mlkit.tree, and so grad and jvp, see of a module."""
        return self.named_parameters()

    def with_branches(self, branches: dict[str, Any]) -> Self:
        """A copy with these values in place of the parameters, for functions of a module.

        Buffers are shared: running statistics go on. The values may be gradients or tangents too.
        """
        new = {id(x): branches[name] for name, x in self.named_parameters().items()}
        values = tuple(new.values())

        def replace(x: Any, copies: dict[int, Any]) -> Any:
            if id(x) in new:
                return new[id(x)]
            if isinstance(x, Module) and id(x) not in copies:
                twin = copies[id(x)] = object.__new__(type(x))
                for name, part in vars(x).items():
                    twin.__dict__[name] = replace(part, copies)
                twin._rebuilt = values
            if isinstance(x, Module):
                return copies[id(x)]
            return _mapped(lambda part: replace(part, copies), x)

        return replace(self, {})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        for _, x, _ in _walk(self):
            if isinstance(x, Tensor):  # a leaf of its own: gradients must not go to the first one
                memo[id(x)] = leaf = copy(x)
                leaf.grad = leaf.node = None
                leaf.data, leaf.requires_grad = x.data.copy(), x.requires_grad
        memo[id(self)] = twin = object.__new__(type(self))
        vars(twin).update(deepcopy(vars(self), memo))
        return twin

    def _convert(self, function: Callable[[Any], Any]) -> Self:
        """Put function(array) in place of the array of each parameter and buffer."""
        converted: dict[int, Any] = {}

        def convert(x: Any) -> Any:
            if isinstance(x, Tensor):
                if x.node is None or x.node.op is None:
                    x.data = function(x.data)
            elif _is_array(x):
                return converted.setdefault(id(x), function(x))
            return _mapped(convert, x)

        for module in self.modules():
            for name, x in vars(module).items():
                module.__dict__[name] = convert(x)
        return self

    def __repr__(self) -> str:
        inside = [f"{name}: {_said(x)}" for name, x in _inside(vars(self))]
        if not inside:
            return f"{type(self).__name__}({self.settings()})"
        return "\n  ".join([f"{type(self).__name__}(", *"\n".join(inside).split("\n")]) + "\n)"

    def settings(self) -> str:
        """What stands between the brackets when the module is printed."""
        return ""


def _walk(x: Any, name: str = "", owner: Any = None, seen: set[int] | None = None) -> Iterator[Any]:
    """(dotted name, thing, module that holds it) for modules, tensors and arrays, each once."""
    seen = set() if seen is None else seen
    if isinstance(x, Module | Tensor) or _is_array(x):
        if id(x) in seen:
            return
        seen.add(id(x))
        yield name, x, owner
    parts: Any = ()
    if isinstance(x, Module):
        parts, owner = [(key, part) for key, part in vars(x).items() if key != "_rebuilt"], x
    elif isinstance(x, dict):
        parts = x.items()
    elif isinstance(x, list | tuple):
        parts = enumerate(x)
    for key, part in parts:
        yield from _walk(part, f"{name}.{key}" if name else str(key), owner, seen)


def arrays(module: Module) -> Iterator[tuple[str, Any, bool]]:
    """(name, tensor or array, whether it is a parameter) for all that a module keeps."""
    for name, x, owner in _walk(module):
        if isinstance(x, Module):
            continue
        node = getattr(x, "node", None)
        trained = any(x is value for value in owner._rebuilt)
        if trained or (node is not None and node.op is None):
            yield name, x, True
        elif node is None and not any(key.startswith("_") for key in name.split(".")):
            yield name, x, False


def _mapped(function: Callable[[Any], Any], x: Any) -> Any:
    """x with function(part) for each part if it is a list, tuple or dict, else x itself.

    Where no part changes it is x itself too, so that what is no list of layers keeps its type.
    """
    if not isinstance(x, list | tuple | dict):
        return x
    old = list(x.values() if isinstance(x, dict) else x)
    new = [function(part) for part in old]
    if all(part is before for part, before in zip(new, old, strict=True)):
        return x
    if isinstance(x, dict):
        return dict(zip(x, new, strict=True))
    return type(x)(*new) if hasattr(x, "_fields") else type(x)(new)


def _is_array(x: Any) -> bool:
    """Whether x is an array of numbers, of any library."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "biuf"
    return hasattr(x, "__array_namespace__") and not isinstance(x, Tensor | np.generic)


def _is_float(x: Any) -> bool:
    return device.namespace(x).isdtype(x.dtype, "real floating")


def _data(x: Any) -> Any:
    return x.data if isinstance(x, Tensor) else x


def _assign(x: Any, values: np.ndarray) -> None:
    """Give a parameter or buffer new values, on its own device and in its own dtype."""
    if not isinstance(x, Tensor):
        x[...] = device.namespace(x).asarray(values)
        return
    new = device.namespace(x.data).asarray(values.copy())
    x.data = device.cast(new, x.data.dtype)


def _inside(held: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(name, module) for what is held directly, or in a list, tuple or dict beside modules."""
    for name, x in held.items():
        parts = x.values() if isinstance(x, dict) else x
        if isinstance(x, Module):
            yield name, x
        elif isinstance(x, list | tuple | dict) and any(isinstance(p, Module) for p in parts):
            keys = x.keys() if isinstance(x, dict) else range(len(x))
            yield from ((f"{name}.{key}", part) for key, part in zip(keys, parts, strict=True))


def _said(x: Any) -> str:
    """A layer as it prints, a function by its name."""
    return repr(x) if isinstance(x, Module) else getattr(x, "__name__", repr(x))


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
