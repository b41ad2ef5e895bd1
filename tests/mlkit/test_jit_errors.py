"""Wrong use of jit is an error that names the line and the cure."""

import inspect

import array_api_strict
import numpy as np
import pytest

from mlkit import Tensor, cross_entropy, jit, ops, tensor
from mlkit.jit import TraceError
from mlkit.ops import embedding

X = np.arange(1.0, 5.0)
OUTER = []
LAST = None
BUFFER = np.zeros(4)
RNG = np.random.default_rng(0)


def branch(x):
    if ops.sum(x) > 0:
        return x
    return -x


def loop(x):
    while x[0] < 10:
        x = x * 2
    return x


def number(x):
    return x * float(x[0])


def item(x):
    return x * x[0].item()


def converted(x):
    return np.linalg.svd(x.numpy())


def as_size(x):
    return ops.reshape(x, (int(x[0]), 4))


def in_a_list(x):
    OUTER.append(x * 2)
    return x


def in_a_global(x):
    global LAST
    LAST = x * 2
    return x


def counted(x):
    global COUNT
    COUNT += 1
    return x


COUNT = 0


def masked(x):
    return x[x > 2]


def places(x):
    return np.nonzero(x.data)


def random(x):
    return x * RNG.normal(size=4)


def changed(x):
    x += 1
    return x


def changed_inside(x):
    x.data[0] = 1
    return x


def outer_array(x):
    np.add(BUFFER, x.data, out=BUFFER)
    return x


def without_row(x):
    return np.fft.fft(x)


CASES = {
    branch: ("a branch on a traced value", "where"),
    loop: ("a branch on a traced value", "static"),
    number: ("no number yet", "outside"),
    item: ("NumPy array", "detach"),
    converted: ("NumPy array", "detach"),
    as_size: ("no number yet", "outside"),
    in_a_list: ("a traced value in a list", "return it"),
    in_a_global: ("a traced value in 'LAST'", "return it"),
    counted: ("keeps 1 in 'COUNT'", "Tensor"),
    masked: ("depends on values", "where"),
    places: ("depends on values", "where"),
    random: ("random numbers", "as an argument"),
    changed: ("an argument is changed in place", "x = x + y"),
    changed_inside: ("updates its argument x in place", "return the new"),
    outer_array: ("changing an array of the outside", "Tensor"),
}


@pytest.fixture(autouse=True)
def clean():
    global LAST, COUNT
    yield
    OUTER.clear()
    LAST, COUNT = None, 0


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_wrong_use_says_what_and_what_instead(function):
    what, cure = CASES[function]

    with pytest.raises(TraceError) as caught:
        jit(function)(X)

    assert what in str(caught.value)
    assert cure in str(caught.value)


@pytest.mark.parametrize("function", [branch, loop, number, item, masked, changed])
def test_the_line_is_named(function):
    with pytest.raises(TraceError) as caught:
        jit(function)(X)

    assert "test_jit_errors.py:" in str(caught.value)
    lines = inspect.getsource(function).splitlines()[1:]
    assert any(line.strip() in str(caught.value) for line in lines)


def test_a_numpy_function_without_a_row_is_named():
    with pytest.raises(TypeError, match=r"np\.fft\.fft"):
        jit(without_row)(X)


def test_the_same_function_is_fine_where_nothing_is_wrong():
    compiled = jit(lambda x, rng: x * 2)

    np.testing.assert_array_equal(compiled(X, RNG), 2 * X)


def test_random_numbers_are_not_spent_by_the_attempt():
    rng = np.random.default_rng(5)
    with pytest.raises(TraceError):
        jit(lambda x: x * rng.random())(X)

    assert rng.random() == np.random.default_rng(5).random()


def test_a_variable_of_an_outer_function_must_not_keep_it():
    kept = None

    def inner(x):
        nonlocal kept
        kept = x * 2
        return x

    with pytest.raises(TraceError, match="a traced value in a variable of an outer function"):
        jit(inner)(X)


def test_a_leaked_value_is_dead():
    box = []

    def leak(x):
        box.append(x)
        raise KeyError

    with pytest.raises(KeyError):
        jit(leak)(X)

    with pytest.raises(TraceError, match="after it ended"):
        box[0] + 1


def test_checks_of_values_run_at_every_call():
    z = np.zeros((3, 4))
    loss = jit(cross_entropy)
    rows = jit(lambda t, i: embedding(t, i))
    loss(z, np.array([0, 1, 2]))
    rows(z, np.array([0, 1]))

    with pytest.raises(ValueError, match=r"labels must be in \[0, 4\)"):
        loss(z, np.array([0, 1, 4]))
    with pytest.raises(ValueError, match=r"tokens must be in \[0, 3\)"):
        rows(z, np.array([0, -1]))
    assert loss.statistics.traces == rows.statistics.traces == 1


def test_shape_errors_are_those_of_the_op():
    with pytest.raises(ValueError, match="matmul: inner sizes must agree"):
        jit(lambda x, y: x @ y)(np.ones((2, 3)), np.ones((2, 3)))


def test_arrays_of_another_library_are_refused():
    with pytest.raises(TypeError, match="jit: compiles for NumPy arrays"):
        jit(lambda x: x * 2)(array_api_strict.ones(3))


def test_only_functions_are_compiled():
    with pytest.raises(TypeError, match="needs a function"):
        jit(3)


def test_a_bad_call_does_not_spoil_later_ones():
    w = tensor([1.0])
    switch = [True]

    def function(x):
        if switch:
            bool(x[0] > 0)
        return x * w

    compiled = jit(function)
    with pytest.raises(TraceError):
        compiled(X)
    switch.clear()

    np.testing.assert_array_equal(compiled(X), X)
    assert type(w.data) is np.ndarray
    assert isinstance(compiled(X), Tensor)


def test_a_traced_tensor_can_be_printed(capsys):
    jit(lambda x: print(x * 2, x.data))(X)

    assert capsys.readouterr().out == "Tensor(<traced float64 (4,)>) <traced float64 (4,)>\n"
