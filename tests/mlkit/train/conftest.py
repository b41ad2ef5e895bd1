"""What the tests of training share: a small network, three clouds of points, and how to train."""

import numpy as np
import pytest

from mlkit import losses, nn, optim, train


@pytest.fixture
def clouds():
    """Points (90, 4) in three clouds, and the number of each one's cloud."""
    rng = np.random.default_rng(11)
    labels = rng.integers(0, 3, size=90)
    return rng.normal(size=(90, 4)) + 3 * np.eye(3, 4)[labels], labels


@pytest.fixture
def make():
    """A network and its optimiser, the same each time; with a layer that draws at random."""

    def network(rate=0.01, optimizer=optim.Adam):
        rng = np.random.default_rng(1)
        model = nn.Sequential(
            nn.Dense(4, 8, rng=rng), nn.BatchNorm(8), nn.ReLU(), nn.Dropout(0.3, rng=rng),
            nn.Dense(8, 3, rng=rng),
        )  # fmt: skip
        return model, optimizer(model.parameters(), rate)

    return network


@pytest.fixture
def run_fit(make, clouds):
    """fit on the clouds, quietly: gives the network and the history."""

    def run(epochs=3, batch_size=8, rate=0.01, optimizer=optim.Adam, **options):
        model, chosen = make(rate, optimizer)
        options = {"progress": False} | options
        history = train.fit(
            model, losses.cross_entropy, chosen, clouds, epochs=epochs, batch_size=batch_size,
            **options,
        )  # fmt: skip
        return model, history

    return run


@pytest.fixture
def same():
    """Whether two networks have the same weights, bit for bit."""

    def compare(one, two):
        one, two = one.state_dict(), two.state_dict()
        return one.keys() == two.keys() and all(
            x.tobytes() == two[name].tobytes() for name, x in one.items()
        )

    return compare
