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
    ranks = [len(shape_of(x)) for x in arrays]
    batches = [n - len(t.replace("...", "")) for n, t in zip(ranks, terms, strict=True)]
    for x, term, extra in zip(arrays, terms, batches, strict=True):
        if extra < 0 or (extra and "..." not in term):
            raise ShapeError(
                f"einsum: one letter per axis, got {term!r} for shape {shape_of(x)}; "
                "write ... for axes without a letter"
            )
    free = "".join(letter for letter in ascii_letters if letter not in formula)
    spelled = [_spell(t, free, extra) for t, extra in zip(terms, batches, strict=True)]
    if arrow:
        answer = _spell(answer, free, max(batches))
    else:
        joined = "".join(spelled)
        batch = [letter for letter in joined if letter in free]
        once = sorted(c for c in set(joined) - set(batch) if joined.count(c) == 1)
        answer = "".join(sorted(set(batch), key=free.index, reverse=True)) + "".join(once)
    distinct = [_distinct(x, t) for x, t in zip(arrays, spelled, strict=True)]
    return _einsum(*(x for x, _ in distinct), terms=(*(t for _, t in distinct), answer))


def _spell(term: str, free: str, extra: int) -> str:
    """A term with letters for its ..., counted from the right as broadcasting does."""
    return term.replace("...", free[:extra][::-1])


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
