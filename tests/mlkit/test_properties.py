"""Random expressions: mlkit's first and second derivatives against libraries that share no code.

Always against the complex step in NumPy; against PyTorch and JAX where they are installed.
"""

import numpy as np
import pytest
from expressions import (
    EXPRESSIONS,
    INSTALLED,
    SHAPES,
    Complex,
    KinkError,
    Library,
    Mlkit,
    Torch,
    evaluate,
    jax,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlkit.gradcheck import gradients

STEP = 1e-30  # of the complex step: nothing is subtracted, so it can be as small as one likes
many = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
expressions = given(EXPRESSIONS, st.integers(0, 2**16))


def drawn(expression, seed):
    """Values for the leaves, a weight for every output, a direction; no kink near."""
    rng = np.random.default_rng(seed)
    leaves = [rng.normal(size=shape) for shape in SHAPES]
    directions = [rng.normal(size=shape) for shape in SHAPES]
    try:
        z = evaluate(Complex(), expression, [x.astype(complex) for x in leaves])
    except KinkError:
        assume(False)
    return leaves, rng.normal(size=z.shape), directions


def ours(expression, leaves, weight, record=False):
    function = lambda *x: evaluate(Mlkit(), expression, x)
    return gradients(function, leaves, [weight], record=record)


def ours_twice(expression, leaves, weight, directions):
    """The second derivative along the directions, by every leaf."""
    first = lambda *x: ours(expression, x, weight, record=True)
    return gradients(first, leaves, directions)


def by_complex_steps(expression, leaves, weight):
    """The derivative by every leaf, one number at a time."""
    found = []
    for i, x in enumerate(leaves):
        g = np.zeros(x.shape)
        for place in np.ndindex(x.shape):
            moved = [np.array(y, dtype=complex) for y in leaves]
            moved[i][place] += STEP * 1j
            g[place] = np.sum(weight * evaluate(Complex(), expression, moved).imag) / STEP
        found.append(g)
    return found


def close(got, expected, rtol):
    for g, right in zip(got, expected, strict=True):
        scale = max(1.0, np.max(np.abs(right)))
        np.testing.assert_allclose(g, right, rtol=rtol, atol=rtol * scale)


@many
@expressions
def test_first_derivatives_are_those_of_the_complex_step(expression, seed):
    leaves, weight, _ = drawn(expression, seed)

    close(ours(expression, leaves, weight), by_complex_steps(expression, leaves, weight), 1e-10)


@settings(many, max_examples=100)
@expressions
def test_second_derivatives_are_differences_of_first_ones(expression, seed):
    leaves, weight, directions = drawn(expression, seed)
    h = 1e-6

    def at(t):
        moved = [x + t * v for x, v in zip(leaves, directions, strict=True)]
        return by_complex_steps(expression, moved, weight)

    expected = [(more - less) / (2 * h) for more, less in zip(at(h), at(-h), strict=True)]
    close(ours_twice(expression, leaves, weight, directions), expected, 1e-5)


@pytest.mark.skipif("torch" not in INSTALLED, reason="PyTorch is not installed")
@many
@expressions
def test_pytorch_agrees_to_second_order(expression, seed):
    leaves, weight, directions = drawn(expression, seed)
    library = Torch()
    torch = library.xp
    tensors = [library.leaf(x) for x in leaves]
    how = {"allow_unused": True, "materialize_grads": True}

    z = evaluate(library, expression, tensors)
    first = torch.autograd.grad((z * torch.tensor(weight)).sum(), tensors, create_graph=True, **how)
    along = sum((g * torch.tensor(v)).sum() for g, v in zip(first, directions, strict=True))
    second = torch.autograd.grad(along, tensors, **how) if along.requires_grad else first

    np.testing.assert_allclose(
        evaluate(Mlkit(), expression, leaves), z.numpy(force=True), rtol=1e-11, atol=1e-11
    )
    close(ours(expression, leaves, weight), [g.numpy(force=True) for g in first], 1e-10)
    if along.requires_grad:
        got = ours_twice(expression, leaves, weight, directions)
        close(got, [g.numpy(force=True) for g in second], 1e-9)


@pytest.mark.slow  # JAX compiles each operation anew: about a minute
@pytest.mark.skipif("jax" not in INSTALLED, reason="JAX is not installed")
@many
@expressions
def test_jax_agrees_to_second_order(expression, seed):
    leaves, weight, directions = drawn(expression, seed)
    library = Library(jax().numpy)

    def total(leaves):
        return (evaluate(library, expression, leaves) * weight).sum()

    def along(leaves):
        pairs = zip(jax().grad(total)(leaves), directions, strict=True)
        return sum((g * v).sum() for g, v in pairs)

    arrays = [library.xp.asarray(x) for x in leaves]
    close(ours(expression, leaves, weight), jax().grad(total)(arrays), 1e-10)
    second = jax().grad(along)(arrays)
    close(ours_twice(expression, leaves, weight, directions), second, 1e-9)
