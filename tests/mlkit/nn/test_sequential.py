"""Sequential and its summary."""

import numpy as np
import pytest

import mlkit
from mlkit import nn


@pytest.fixture
def network(rng):
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, rng=rng, padding="same"),
        nn.BatchNorm(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Sequential(nn.Dense(64, 16, rng=rng), mlkit.tanh, nn.Dropout(0.5, rng=rng)),
        nn.Dense(16, 10, rng=rng),
    )


def test_layers_run_in_order(rng):
    network = nn.Sequential(lambda x: x + 1, lambda x: x * 10)

    assert network(2) == 30


def test_one_list_of_layers_is_taken_as_the_layers():
    assert repr(nn.Sequential([nn.ReLU(), nn.Tanh()])) == repr(nn.Sequential(nn.ReLU(), nn.Tanh()))


def test_layers_can_be_counted_taken_and_cut(network):
    assert len(network) == 7
    assert network[-1] is network.layers[6]
    assert list(network) == network.layers
    assert network[5:].layers == network.layers[5:]


@pytest.mark.parametrize("layer", [nn.ReLU, [nn.ReLU()], 3])
def test_what_is_no_layer_is_refused(layer):
    with pytest.raises(TypeError, match="layer 1 must be a layer or a function"):
        nn.Sequential(nn.ReLU(), layer)


TABLE = """\
layer                            output shape  parameters
input                            (n, 8, 8, 1)
Conv2d(1, 4, (3, 3), padding=1)  (n, 8, 8, 4)          40
BatchNorm(4)                     (n, 8, 8, 4)           8
ReLU()                           (n, 8, 8, 4)           0
MaxPool2d(2)                     (n, 4, 4, 4)           0
Flatten()                        (n, 64)                0
Sequential                       (n, 16)            1,040
  Dense(64, 16)                  (n, 16)            1,040
  tanh                           (n, 16)                0
  Dropout(0.5)                   (n, 16)                0
Dense(16, 10)                    (n, 10)              170
1,258 parameters, 8 numbers are fixed, 10.1 kB together"""


def test_the_summary_is_a_table_of_shapes_and_parameters(network):
    assert str(network.summary((8, 8, 1))) == TABLE


def test_the_summary_leaves_the_network_as_it_was(network):
    network[1].eval()
    before, state = network.state_dict(), network[5][2].rng.bit_generator.state

    network.summary((8, 8, 1))

    assert network.training
    assert not network[1].training
    assert network[5][2].rng.bit_generator.state == state
    for name, x in network.state_dict().items():
        np.testing.assert_array_equal(x, before[name])


def test_the_input_shape_is_inferred_from_the_first_weights(rng):
    summary = nn.Sequential(nn.Flatten(), nn.Dense(64, 10, rng=rng)).summary()

    assert summary.given == "(n, 64)"
    assert summary.parameters == 650


def test_a_shape_that_cannot_be_inferred_is_asked_for(network):
    with pytest.raises(ValueError, match=r"as in summary\(\(28, 28, 1\)\)"):
        network.summary()


def test_a_network_that_starts_with_tokens_is_summed_up_on_tokens(rng):
    network = nn.Sequential(nn.Embedding(9, 4, rng=rng), nn.Flatten(), nn.Dense(12, 2, rng=rng))

    assert [row.shape for row in network.summary((3,)).rows] == ["(n, 3, 4)", "(n, 12)", "(n, 2)"]


def test_the_length_of_an_example_serves_as_its_shape(rng):
    network = nn.Sequential(nn.ReLU(), nn.Dense(4, 2, rng=rng))

    assert str(network.summary(4)) == str(network.summary((4,)))


def test_a_layer_used_twice_counts_once_in_the_total(rng):
    layer = nn.Dense(4, 4, rng=rng)

    assert nn.Sequential(layer, nn.ReLU(), layer).summary().parameters == 20


def test_the_table_for_notebooks_shows_the_same_and_escapes_names(network):
    page = nn.Sequential(network, nn.Sequential()).summary((8, 8, 1))._repr_html_()

    assert "<td>(n, 8, 8, 4)</td><td>40</td>" in page
    assert nn.Sequential(lambda x: x).summary((2,))._repr_html_().count("&lt;lambda&gt;") == 1
