"""First values: their spread by the published formulas, seeded, and what they are for."""

import math

import numpy as np
import pytest

from mlkit import nn, relu
from mlkit.nn import initial

SHAPE = (300, 500)
DEVIATIONS = {  # a uniform distribution in +-a has the deviation a / sqrt(3)
    "zeros": 0.0,
    "ones": 0.0,
    "normal": 1.0,
    "uniform": 0.05 / math.sqrt(3),
    "xavier_normal": math.sqrt(2 / (300 + 500)),
    "xavier_uniform": math.sqrt(6 / (300 + 500)) / math.sqrt(3),
    "kaiming_normal": math.sqrt(2 / 300),
    "kaiming_uniform": math.sqrt(6 / 300) / math.sqrt(3),
}


@pytest.mark.parametrize("name", initial.__all__)
def test_the_spread_is_the_formulas(name, rng):
    values = getattr(initial, name)(SHAPE, rng=rng)

    assert values.shape == SHAPE
    assert values.dtype == np.float64
    assert values.std() == pytest.approx(DEVIATIONS[name], rel=0.01)
    assert values.mean() == pytest.approx(1.0 if name == "ones" else 0.0, abs=0.01)


@pytest.mark.parametrize("name", ["uniform", "xavier_uniform", "kaiming_uniform"])
def test_uniform_values_reach_their_limit_and_no_further(name, rng):
    values = getattr(initial, name)(SHAPE, rng=rng)

    limit = DEVIATIONS[name] * math.sqrt(3)
    assert 0.999 * limit < np.abs(values).max() <= limit


@pytest.mark.parametrize("name", initial.__all__)
def test_the_same_seed_gives_the_same_values(name):
    def draw(seed):
        return getattr(initial, name)((3, 4), rng=np.random.default_rng(seed))

    np.testing.assert_array_equal(draw(1), draw(1))


def test_a_window_counts_in_what_is_summed():
    assert initial.fans((3, 5, 4, 8)) == (3 * 5 * 4, 3 * 5 * 8)


def test_a_shape_without_inputs_and_outputs_is_refused(rng):
    with pytest.raises(ValueError, match="a weight has inputs and outputs as its last axes"):
        initial.xavier_normal((5,), rng=rng)


def test_kaiming_keeps_the_size_of_signals_through_twenty_relu_layers(rng):
    x = rng.normal(size=(200, 100))

    for _ in range(20):
        x = relu(x @ initial.kaiming_normal((100, 100), rng=rng))

    assert 0.2 < np.sqrt((x**2).mean()) < 5


def test_both_names_of_a_formula_are_known():
    assert initial.glorot_uniform is initial.xavier_uniform
    assert initial.he_normal is initial.kaiming_normal


def test_a_layer_takes_another_initialiser(rng):
    assert not nn.Dense(3, 2, rng=rng, initial=initial.zeros).weight.numpy().any()
