"""Weights go to PyTorch and come back: against a stored network, and PyTorch where it is there."""

from pathlib import Path

import numpy as np
import pytest

from mlkit import nn, weights


def same(one, two):
    return one.keys() == two.keys() and all(x.tobytes() == two[k].tobytes() for k, x in one.items())


@pytest.fixture
def like_torch(rng):
    """The network of the stored PyTorch one: torch.nn's layers of the same names."""
    return nn.Sequential(
        nn.Conv2d(2, 3, 2, rng=rng), nn.BatchNorm(3), nn.ReLU(), nn.Flatten(),
        nn.Dense(18, 2, rng=rng), nn.Sequential(nn.Tanh(), nn.Dense(2, 2, rng=rng)),
    ).astype("float32").eval()  # fmt: skip


@pytest.fixture
def from_torch():
    """Input, output and state_dict() of a network that PyTorch 2.13 made and trained on noise."""
    with np.load(Path(__file__).parent / "golden" / "torch_network.npz") as stored:
        state = {key[6:]: stored[key] for key in stored if key.startswith("state.")}
        return stored["x"], stored["y"], state


def test_a_network_of_pytorch_gives_the_same_here(like_torch, from_torch):
    x, y, state = from_torch

    weights.from_torch(like_torch, state)

    np.testing.assert_allclose(like_torch(x).numpy(), y, rtol=1e-5, atol=1e-6)


def test_weights_go_to_pytorch_as_they_came(like_torch, from_torch):
    state = from_torch[2]

    weights.from_torch(like_torch, state)
    back = weights.to_torch(like_torch)

    counters = {key for key in state if key.endswith("num_batches_tracked")}
    assert same(back, {key: x for key, x in state.items() if key not in counters})


def test_modules_in_lists_keep_their_names(rng):
    class Blocks(nn.Module):
        def __init__(self):
            self.table = nn.Embedding(5, 3, rng=rng)
            self.blocks = [nn.Dense(3, 3, rng=rng), nn.Dense(3, 2, rng=rng)]

    model = Blocks()
    state = weights.to_torch(model)

    assert {name: x.shape for name, x in state.items()} == {
        "table.weight": (5, 3), "blocks.0.weight": (3, 3), "blocks.0.bias": (3,),
        "blocks.1.weight": (2, 3), "blocks.1.bias": (2,),
    }  # fmt: skip
    np.testing.assert_array_equal(state["blocks.0.weight"], model.blocks[0].weight.data.T)


def test_a_state_of_another_network_is_refused_with_pytorchs_names(like_torch, from_torch):
    state = from_torch[2]
    state["0.weight"] = state["0.weight"][:, :1]
    state["7.bias"] = state.pop("4.bias")

    with pytest.raises(
        ValueError,
        match=r"from_torch: .* 0\.weight has shape \(3, 1, 2, 2\), the network \(3, 2, 2, 2\); "
        r"4\.bias is missing; 7\.bias is not in the network",
    ):
        weights.from_torch(like_torch, state)


def test_pytorch_takes_the_weights_and_gives_them_back(rng):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed, and not a dependency")
    ours = nn.Sequential(
        nn.Conv2d(3, 5, (3, 2), rng=rng), nn.BatchNorm(5), nn.Flatten(),
        nn.Dense(60, 7, rng=rng), nn.LayerNorm(7),
    )  # fmt: skip
    ours(rng.normal(size=(9, 5, 5, 3)))  # running statistics of its own
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(3, 5, (3, 2)), torch.nn.BatchNorm2d(5), torch.nn.Flatten(),
        torch.nn.Linear(60, 7), torch.nn.LayerNorm(7),
    ).double().eval()  # fmt: skip
    x = rng.normal(size=(4, 5, 5, 3))

    state = weights.to_torch(ours)
    theirs.load_state_dict({name: torch.from_numpy(a) for name, a in state.items()})
    expected = theirs(torch.from_numpy(x).permute(0, 3, 1, 2)).detach().numpy()

    np.testing.assert_allclose(ours.predict(x), expected, rtol=1e-9, atol=1e-12)
    weights.from_torch(ours, theirs.state_dict())
    assert same(weights.to_torch(ours), state)
