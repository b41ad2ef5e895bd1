"""Where the arrays of a compiled function are: given as arguments, or held by its surroundings."""

from typing import Any

import numpy as np

from mlkit.engine import Tensor
from mlkit.jit.calls import refuse
from mlkit.jit.tracer import Tracer

__all__ = ["Argument", "Place"]


class Argument(Tensor):
    """An array argument, as the function sees it: a tensor that cannot be updated in place."""

    __slots__ = ()


def _not_in_place(self: Any, other: Any) -> Any:
    return refuse("an argument is changed in place", "write x = x + y in place of x += y")


for _name in ("add", "sub", "mul", "truediv", "pow", "matmul", "mod"):
    setattr(Argument, f"__i{_name}__", _not_in_place)


class Place:
    """Where an array of the surroundings is: in a tensor, its grad or an attribute."""

    def __init__(self, owner: Any, key: str, tracer: Tracer):
        self.owner, self.key = owner, key  # key: "data" or "grad" of a tensor, or one of a dict
        self.tracer, self.step = tracer, tracer.step

    def get(self) -> Any:
        """What is there; for a tensor its array."""
        if type(self.owner) is dict:
            return self.owner[self.key]
        return self.owner._data if self.key == "data" else self.owner.grad._data

    def set(self, array: Any) -> None:
        """Put another array there, or the same one after it was changed."""
        if type(self.owner) is dict:
            self.owner[self.key] = np.asarray(array)
        elif self.key == "data":
            self.owner._set_data(np.asarray(array))
        else:
            self.owner.grad = None if array is None else Tensor(array)
