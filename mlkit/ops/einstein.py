"""Sums of products by naming axes: einsum, after Einstein. "ni,ij->nj" is the matrix product."""

from collections.abc import Sequence
from string import ascii_letters
from typing import Any

import numpy as np

from mlkit.device import Array
from mlkit.engine import ShapeError, op
from mlkit.ops.index import getitem
from mlkit.ops.shape import expand_dims, moveaxis, shape_of

__all__ = ["einsum"]


def _for_operand(xp: Any, g: Array, arrays: Sequence[Array], i: int, terms: Sequence[str]) -> Array:
    """The gradient for operand i: g takes its place, and its letters are the answer's.

    A letter that nobody else has was summed over: an axis of length 1, which the engine repeats.
    """
    mine, others = terms[i], [*terms[:i], *terms[i + 1 : -1]]
    there = "".join(letter for letter in mine if any(letter in t for t in (*others, terms[-1])))
    h = _einsum(g, *arrays[:i], *arrays[i + 1 :], terms=(terms[-1], *others, there))
    for axis, letter in enumerate(mine):
        if letter not in there:
            h = expand_dims(h, axis)
    return h


@op(_for_operand)
def _einsum(xp, *arrays, terms):
    """terms: the letters of each array, none twice in one, then those of the answer. (n,) -> ()."""
    formula = f"{','.join(terms[:-1])}->{terms[-1]}"
    return xp.einsum(formula, *arrays, optimize=len(arrays) > 1)  # optimised: through matmul


def einsum(formula: str, *arrays: Any) -> Any:
    """Sum of products: axes with one letter go together, those not after -> are summed over.

    "ni,ij->nj" is the matrix product, "ii" the trace, "...i->i" sums batch axes away. Without ->
    the letters that occur once are kept, in alphabetical order.
    (n, i) and (i, j) -> (n, j). Raises ShapeError if letters and axes do not fit.
    """
    inputs, arrow, answer = formula.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if len(terms) != len(arrays):
        raise ShapeError(f"einsum: {formula!r} names {len(terms)} arrays, got {len(arrays)}")
    if not arrow:
        named = inputs.replace(",", "").replace("...", "")
        once = sorted(letter for letter in named if named.count(letter) == 1)
        answer = "".join(["..." if "..." in inputs else "", *once])
    extras = [_unnamed(x, term) for x, term in zip(arrays, terms, strict=True)]
    free = "".join(letter for letter in ascii_letters if letter not in formula)
    # letters for ... are dealt out from the right, as broadcasting does
    spelled = [t.replace("...", free[:n][::-1]) for t, n in zip(terms, extras, strict=True)]
    distinct = [_distinct(x, term) for x, term in zip(arrays, spelled, strict=True)]
    answer = answer.replace("...", free[: max(extras)][::-1])
    return _einsum(*(x for x, _ in distinct), terms=(*(t for _, t in distinct), answer))


def _unnamed(x: Any, term: str) -> int:
    """How many axes of x the ... of its term stands for."""
    extra = len(shape_of(x)) - len(term.replace("...", ""))
    if extra < 0 or (extra and "..." not in term):
        raise ShapeError(
            f"einsum: one letter per axis, got {term!r} for shape {shape_of(x)}; "
            "write ... for axes without a letter"
        )
    return extra


def _distinct(x: Any, term: str) -> tuple[Any, str]:
    """x with axes of the same letter replaced by their diagonal, and its letters then."""
    for letter in term:
        while term.count(letter) > 1:
            first, second = term.index(letter), term.rindex(letter)
            x = moveaxis(moveaxis(x, second, 0), first + 1, 0)
            if shape_of(x)[0] != shape_of(x)[1]:
                raise ShapeError(f"einsum: {letter!r} has two lengths in one array")
            places = np.arange(shape_of(x)[0])
            x = getitem(x, (places, places))
            term = letter + "".join(c for i, c in enumerate(term) if i not in (first, second))
    return x, term
