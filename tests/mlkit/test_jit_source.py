"""The program that jit writes: readable, short, and sparing with memory.

Renew the golden program with `python tests/mlkit/test_jit_source.py`, then read what changed.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from mlkit import cross_entropy, grad, jit, linear, ops, relu, tensor
from mlkit.jit.memory import Memory

GOLDEN = Path(__file__).parent / "golden" / "jit_step.txt"


def training():
    """A step of gradient descent on a small network, and what it is given."""
    rng = np.random.default_rng(0)
    shapes = [(5, 4), (4,), (4, 3), (3,)]
    weights = [tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]
    w1, b1, w2, b2 = weights

    @jit
    def step(images, labels):
        loss = cross_entropy(linear(relu(linear(images, w1, b1)), w2, b2), labels)
        loss.backward()
        for w in (w1, b1, w2, b2):
            w.data -= 0.1 * w.grad.data
            w.zero_grad()
        return loss

    step(rng.normal(size=(6, 5)), np.arange(6) % 3)
    return step


def body(compiled):
    """The lines that are replayed, without what stands before and without comments."""
    lines = compiled.source.partition("def ")[2].splitlines()[1:]
    return [line.split("  #")[0].strip() for line in lines]


def test_the_program_of_a_training_step_is_the_golden_one():
    assert training().source == GOLDEN.read_text(encoding="utf-8")


def test_every_line_of_work_names_its_op_and_the_users_line():
    lines = training().source.partition("def ")[2].splitlines()[1:]
    work = [line for line in lines if "(" in line and "quiet()" not in line]
    work = [line for line in work if not re.search(r"= empty|return", line)]

    assert len(work) > 15
    assert all("test_jit_source.py:" in line for line in work)
    assert sum("derivative of" in line for line in work) > 5


def test_what_nobody_reads_is_left_out():
    def function(x):
        ops.exp(x)
        return x * 2

    compiled = jit(function)
    compiled(np.ones(3))

    assert not any("exp" in line for line in body(compiled))


def test_what_is_there_already_is_not_computed_again():
    compiled = jit(lambda x: ops.exp(x * 2) + ops.sin(ops.exp(x * 2)))
    compiled(np.ones(3))

    assert sum("exp(" in line for line in body(compiled)) == 1


def test_elementwise_steps_run_in_one_buffer():
    compiled = jit(lambda x: ops.sum(ops.tanh(ops.exp(ops.sin(x) * 2) + 1)))
    compiled(np.ones(3))

    assert len(re.findall(r"^t\d+ = empty\(\(3,\)", compiled.source, re.MULTILINE)) == 1


def test_a_long_chain_needs_few_buffers():
    def function(x, w):
        for _ in range(50):
            x = ops.tanh(x @ w)
        return ops.sum(x)

    compiled = jit(function)
    compiled(np.ones((3, 3)), np.eye(3))

    assert len(re.findall(r"^t\d+ = empty\(\(3, 3\)", compiled.source, re.MULTILINE)) == 2


def test_a_step_size_joins_the_smaller_factor():
    compiled = jit(lambda x, g: 0.1 * (x.T @ g))
    x, g = np.arange(40.0).reshape(2, 20), np.arange(60.0).reshape(2, 30)

    np.testing.assert_allclose(compiled(x, g), 0.1 * (x.T @ g), rtol=1e-13)

    assert re.match(r"multiply\(g, c1, t1\)", body(compiled)[0])


def test_the_program_is_python_that_runs_as_it_is_printed():
    compiled = jit(grad(lambda x: ops.sum(ops.tanh(x) * x)))
    x = np.linspace(-1, 1, 5)
    expected = compiled(x)
    scope = vars(np) | {"__builtins__": __builtins__}

    exec(compiled.source, scope)

    (got,) = scope[re.search(r"def (\w+)", compiled.source)[1]](x)
    np.testing.assert_array_equal(got, expected)


DAMAGES = {
    "buffers are freed one reader too early": lambda last: {x: n - 1 for x, n in last.items()},
    "two too early": lambda last: {x: n - 2 for x, n in last.items()},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_reusing_a_buffer_too_early_would_be_noticed(damage, monkeypatch):
    rng = np.random.default_rng(0)
    arguments = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))

    def function(x, w):
        a = ops.exp(x @ w)
        b = ops.sin(a) * x
        return ops.sum((a + b.T) @ (b - a) * ops.tanh(b))

    expected = grad(function)(*arguments)
    np.testing.assert_allclose(jit(grad(function))(*arguments), expected, rtol=1e-12)
    right = Memory._last_uses
    monkeypatch.setattr(Memory, "_last_uses", lambda memory: DAMAGES[damage](right(memory)))

    assert not np.allclose(jit(grad(function))(*arguments), expected)


if __name__ == "__main__":
    GOLDEN.write_text(training().source, encoding="utf-8")
