"""Steps in a form that costs less and gives the same up to rounding.

(large * small) * small becomes large * (small * small), and number * (a @ b) becomes a @ (number *
b) where b is smaller than the product: a pass over the largest array is saved.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlkit.jit.trace import Step, shape_of, steps_in

__all__ = ["rewrite"]


def rewrite(steps: Sequence[Step], results: Sequence[Step]) -> list[Step]:
    """The steps, in order, some of them changed and some new. results: steps that are kept."""
    uses = Counter(results)
    for step in steps:
        uses.update(steps_in((step.operands, step.options)))
    new: list[Step] = []
    for step in steps:
        if step.function is np.multiply and step.dtype.kind == "f":
            new.extend(_regrouped(step, uses) or _scaled(step, uses) or [])
        new.append(step)
    return new


def _regrouped(step: Step, uses: Counter[Step]) -> list[Step] | None:
    """(large * x) * y as large * (x * y)."""
    for inner, y in (step.operands, step.operands[::-1]):
        if not (isinstance(inner, Step) and inner.function is np.multiply and uses[inner] == 1):
            continue
        for large, x in (inner.operands, inner.operands[::-1]):
            factors = (x, y)
            shape = np.broadcast_shapes(*map(shape_of, factors))
            fits = all(isinstance(f, Step) and f.dtype == step.dtype for f in (large, *factors))
            if fits and large.shape == step.shape and 2 * math.prod(shape) <= math.prod(step.shape):
                both = _like(step, factors, shape)
                uses.subtract([inner])
                step.operands = (large, both)
                return [both]
    return None


def _scaled(step: Step, uses: Counter[Step]) -> list[Step] | None:
    """number * (a @ b) as a @ (number * b)."""
    for product, number in (step.operands, step.operands[::-1]):
        if not (isinstance(product, Step) and product.function is np.dot and uses[product] == 1):
            continue
        a, b = product.operands
        small = 2 * math.prod(b.shape) <= math.prod(product.shape)
        if shape_of(number) == () and small and product.dtype == step.dtype == b.dtype:
            both = _like(step, (b, number), b.shape)
            step.kind, step.function, step.operands = "product", np.dot, (a, both)
            return [both]
    return None


def _like(step: Step, operands: tuple[Any, Any], shape: tuple[int, ...]) -> Step:
    """A product of two, otherwise as the step."""
    both = Step("elementwise", np.multiply, operands, {}, None)
    both.shape, both.dtype, both.site, both.quiet = shape, step.dtype, step.site, step.quiet
    return both
