"""What a row of the tests' table is: sample inputs, domain, constants, and NumPy as an oracle."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import array_api_strict
import numpy as np

from mlkit.device import gpu_available

# The strict library refuses what a GPU would refuse; the GPU itself is tried where there is one.
LIBRARIES = [np, array_api_strict]
if gpu_available():
    import cupy

    LIBRARIES.append(cupy)


@dataclass(frozen=True)
class Row:
    """inputs: a shape is drawn from the domain; an array is taken as it is, undifferentiated."""

    function: Callable[..., Any]
    inputs: list[Any]
    oracle: Callable[..., Any]
    domain: tuple[float, float] = (-2.0, 2.0)
    constants: dict[str, Any] = field(default_factory=dict)
    whole: bool = False  # answers in ints or booleans, without a derivative
    strict: bool = True  # False: the array API standard leaves it out
    invertible: bool = False  # a strong diagonal is added to square matrices
    listed: bool = False  # takes its inputs as one list

    @property
    def name(self) -> str:
        return self.function.__name__.strip("_")

    @property
    def rules(self) -> list[Any] | None:
        """The op's rules; None for a function composed of ops."""
        return self.function.op.rules if hasattr(self.function, "op") else None

    def draw(self, rng: np.random.Generator, dtype: Any = np.float64) -> list[np.ndarray]:
        arrays = [
            rng.uniform(*self.domain, size=x).astype(dtype) if isinstance(x, tuple) else x
            for x in self.inputs
        ]
        if self.invertible:
            square = (x for x in arrays if x.ndim > 1 and x.shape[-1] == x.shape[-2])
            for x in square:
                x += 4 * np.eye(x.shape[-1], dtype=x.dtype)
        return arrays

    @property
    def smooth(self) -> list[int]:
        """Which inputs are differentiated."""
        if self.whole:
            return []
        rules = self.rules
        if not rules or self.function.op.variadic:
            rules = (rules or [True]) * len(self.inputs)
        return [i for i, x in enumerate(self.inputs) if isinstance(x, tuple) and rules[i]]

    def call(self, *inputs: Any) -> Any:
        if self.listed:
            return self.function(list(inputs), **self.constants)
        return self.function(*inputs, **self.constants)

    def expected(self, *inputs: Any) -> Any:
        if self.listed:
            return self.oracle(list(inputs), **self.constants)
        return self.oracle(*inputs, **self.constants)

    def on(self, inputs: list[Any]) -> Callable[..., Any]:
        """The op as a function of its differentiated inputs, the others fixed."""

        def function(*smooth: Any) -> Any:
            full = list(inputs)
            for i, x in zip(self.smooth, smooth, strict=True):
                full[i] = x
            return self.call(*full)

        function.__name__ = self.name
        return function

    def __str__(self) -> str:
        shapes = "-".join(
            "x".join(map(str, np.shape(x) if isinstance(x, np.ndarray) else x)) for x in self.inputs
        )
        return f"{self.name}-{shapes}-{'-'.join(map(str, self.constants.values()))}"


PAIRS = [[(3, 4), (3, 4)], [(2, 3), (3,)], [(2, 1), (1, 3)], [(), (2, 3)], [(4, 1, 3), (2, 1)]]
INSIDE = (0.2, 3.0)


def binary(function, oracle, domain=(-2.0, 2.0), whole=False):
    """Two inputs of several shapes that broadcast."""
    return [Row(function, pair, oracle, domain, whole=whole) for pair in PAIRS]


def unary(function, oracle, domain=(-2.0, 2.0)):
    """One input, with axes and without."""
    return [Row(function, [shape], oracle, domain) for shape in [(3, 4), ()]]


def reduction(function, oracle, whole=False):
    """Over every kind of axis."""
    options = [
        {},
        {"axis": 0},
        {"axis": -1, "keepdims": True},
        {"axis": (0, -1)},
        {"axis": (-1, 1)},
    ]
    return [
        Row(function, [(2, 3, 4)], oracle, constants=constants, whole=whole)
        for constants in options
        if not (whole and isinstance(constants.get("axis"), tuple))
    ]
