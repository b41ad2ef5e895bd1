"""Module: what it holds, how it is saved, copied, moved, printed, and seen by the front doors."""

import copy

import numpy as np
import pytest

import mlkit
from mlkit import GradientTape, Tensor, nn, tree
from mlkit.engine import ShapeError


class Tower(nn.Module):
    """Layers in a list and a dict, a weight with two names, a buffer, a private array."""

    def __init__(self, rng):
        self.layers = [nn.Dense(3, 4, rng=rng), nn.Dense(4, 3, rng=rng)]
        self.heads = {"main": nn.Dense(3, 2, rng=rng, bias=False)}
        self.gain = Tensor(np.ones(3), requires_grad=True)
        self.tied = self.gain
        self.mask = np.array([1.0, 0.0, 1.0])
        self.classes = np.array(["cat", "dog"])
        self._seen = np.zeros(2)
        self.size = 3

    def forward(self, x):
        for layer in self.layers:
            x = mlkit.tanh(layer(x))
        self.latest = x
        return self.heads["main"](x * self.gain * self.mask + self.tied)


@pytest.fixture
def tower(rng):
    return Tower(rng)


PARAMETERS = [
    "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "heads.main.weight",
    "gain",
]  # fmt: skip


@pytest.mark.parametrize("dtype", [str, complex])
def test_a_state_is_made_of_real_numbers(tower, dtype):
    with pytest.raises(TypeError, match="load_state_dict: gain must be real numbers, got"):
        tower.load_state_dict({"gain": np.ones(3, dtype)}, strict=False)


def test_a_state_may_be_made_of_tensors(tower, rng):
    other = Tower(rng)

    tower.load_state_dict(other.named_parameters(), strict=False)

    assert all(np.array_equal(x, other.state_dict()[n]) for n, x in tower.state_dict().items())
    assert tower.gain is not other.gain


def test_parameters_are_found_in_lists_and_dicts_each_once(tower):
    assert list(tower.named_parameters()) == PARAMETERS
    assert tower.trainable_variables == tower.parameters()


def test_a_subclass_that_never_calls_super_works(tower, rng):
    z = tower(rng.normal(size=(5, 3)))

    assert z.shape == (5, 2)
    assert tower.training


def test_what_was_computed_and_stored_is_no_parameter(tower, rng):
    tower(rng.normal(size=(5, 3)))

    assert list(tower.named_parameters()) == PARAMETERS
    assert "latest" not in tower.state_dict()


def test_the_state_holds_parameters_and_buffers_but_nothing_private(tower):
    assert list(tower.state_dict()) == [*PARAMETERS, "mask"]


def test_a_frozen_parameter_is_not_trained_and_still_saved(tower):
    tower.gain.requires_grad = False

    assert "gain" not in tower.named_parameters()
    assert "gain" in tower.state_dict()


def test_the_state_is_a_copy(tower):
    state = tower.state_dict()

    state["gain"][...] = 7
    state["mask"][...] = 7

    assert tower.gain.numpy().tolist() == [1, 1, 1]
    assert tower.mask.tolist() == [1, 0, 1]


def test_a_state_goes_into_another_module_of_the_same_sizes(tower, rng):
    other = Tower(np.random.default_rng(99))
    tower.mask[...] = 0.5
    x = rng.normal(size=(5, 3))

    other.load_state_dict(tower.state_dict())

    np.testing.assert_array_equal(other(x).numpy(), tower(x).numpy())


def test_loading_keeps_the_dtype(tower):
    state = {name: x.astype(np.float32) for name, x in tower.state_dict().items()}

    tower.load_state_dict(state)

    assert tower.gain.data.dtype == np.float64


def test_a_loaded_state_may_change_afterwards(tower):
    state = tower.state_dict()

    tower.load_state_dict(state)
    state["gain"][...] = 7

    assert tower.gain.numpy().tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda s: s.pop("gain"), KeyError, "missing gain, unknown none"),
        (lambda s: s.update(extra=np.ones(2)), KeyError, "missing none, unknown extra"),
        (lambda s: s.update(gain=np.ones(4)), ShapeError, r"gain must have shape \(3,\), got \(4,"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(tower, change, error, message):
    before, state = tower.state_dict(), tower.state_dict()
    state["layers.0.weight"][...] = 5
    change(state)

    with pytest.raises(error, match=message):
        tower.load_state_dict(state)

    for name, x in tower.state_dict().items():
        np.testing.assert_array_equal(x, before[name])


def test_without_strict_only_the_names_in_common_are_loaded(tower):
    tower.load_state_dict({"gain": np.full(3, 2.0), "extra": np.ones(1)}, strict=False)

    assert tower.gain.numpy().tolist() == [2, 2, 2]


def test_train_and_eval_reach_every_module(tower):
    assert tower.eval() is tower
    assert not any(module.training for module in tower.modules())
    tower.train()
    assert all(module.training for module in tower.modules())


def test_modules_come_outer_before_inner_each_once(tower):
    tower.again = tower.layers[0]

    assert [type(m).__name__ for m in tower.modules()] == ["Tower", "Dense", "Dense", "Dense"]


def test_a_module_that_holds_its_owner_is_no_endless_loop(tower):
    tower.layers[0].owner = tower

    assert list(tower.named_parameters()) == PARAMETERS


def test_zero_grad_forgets_all_gradients(tower, rng):
    mlkit.ops.sum(tower(rng.normal(size=(2, 3)))).backward()
    assert all(w.grad is not None for w in tower.parameters())

    tower.zero_grad()

    assert all(w.grad is None for w in tower.parameters())


def test_a_module_without_forward_says_what_to_write():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty: write forward\(self, x\)"):
        Empty()(1.0)


def test_astype_changes_weights_and_buffers_but_not_whole_numbers(tower, rng):
    tower.places = np.arange(2)
    tower(rng.normal(size=(5, 3)))

    tower.astype(np.float32)

    assert {x.dtype.name for name, x in tower.state_dict().items() if name != "places"} == {
        "float32"
    }
    assert tower.places.dtype == np.int64
    assert tower.tied is tower.gain


def test_a_deep_copy_has_leaves_of_its_own(tower, rng):
    twin = copy.deepcopy(tower)
    x = rng.normal(size=(4, 3))

    np.testing.assert_array_equal(twin(x).numpy(), tower(x).numpy())
    mlkit.ops.sum(twin(x)).backward()

    assert all(w.grad is not None for w in twin.parameters())
    assert all(w.grad is None for w in tower.parameters())
    assert twin.tied is twin.gain
    twin.gain.data = twin.gain.data + 1
    assert tower.gain.numpy().tolist() == [1, 1, 1]


def loss_of(tower, x):
    return mlkit.ops.mean(tower(x) ** 2)


def test_the_three_doors_give_the_same_gradient_of_a_module(tower, rng):
    x = rng.normal(size=(4, 3))

    loss_of(tower, x).backward()
    with GradientTape() as tape:
        loss = loss_of(tower, x)
    by_tape = tape.gradient(loss, tower)
    by_grad = mlkit.grad(loss_of)(tower, x)

    assert type(by_tape) is type(by_grad) is Tower
    for name, w in tower.named_parameters().items():
        for other in (by_tape, by_grad):
            np.testing.assert_allclose(
                other.named_parameters()[name].numpy(), w.grad.numpy(), rtol=1e-12
            )


def test_a_tape_that_watches_nothing_by_itself_watches_a_module(tower, rng):
    x = rng.normal(size=(4, 3))

    with GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(tower)
        loss = loss_of(tower, x)

    gradients = tape.gradient(loss, tower.trainable_variables)
    assert all(g is not None for g in gradients)


def test_grad_sees_the_parameters_inside_the_function(tower, rng):
    def penalty(tower):
        return sum(mlkit.ops.sum(w**2) for w in tower.parameters())

    gradient = mlkit.grad(penalty)(tower)

    for g, w in zip(gradient.parameters(), tower.parameters(), strict=True):
        np.testing.assert_allclose(g.numpy(), 2 * w.numpy())


def test_a_loop_in_the_words_of_jax_learns(tower, rng):
    x = rng.normal(size=(4, 3))
    start = loss_of(tower, x).item()

    with mlkit.no_grad():
        model = tower
        for _ in range(20):
            gradients = tree.leaves(mlkit.grad(loss_of)(model, x))
            moved = [w - 0.1 * g for w, g in zip(tree.leaves(model), gradients, strict=True)]
            model = tree.unflatten(model, moved)

    assert loss_of(model, x).item() < 0.5 * start
    assert loss_of(tower, x).item() == start


def test_forward_mode_pushes_through_a_module(tower, rng):
    x = rng.normal(size=(4, 3))
    direction = tree.map_leaves(lambda w: rng.normal(size=w.shape), tower)

    _, slope = mlkit.jvp(lambda t: loss_of(t, x), (tower,), (direction,))

    gradient = mlkit.grad(loss_of)(tower, x)
    pairs = zip(tree.leaves(gradient), tree.leaves(direction), strict=True)
    np.testing.assert_allclose(float(slope), sum((g.numpy() * d).sum() for g, d in pairs))


def test_second_derivatives_reach_through_a_module(tower, rng):
    x = rng.normal(size=(2, 3))

    def flat(*weights):
        names = tower.named_parameters()
        return loss_of(tower.with_branches(dict(zip(names, weights, strict=True))), x)

    mlkit.check_gradients(flat, *[w.numpy() for w in tower.parameters()], order=2)


def test_a_module_prints_as_it_is_nested(tower):
    assert repr(tower) == (
        "Tower(\n"
        "  layers.0: Dense(3, 4)\n"
        "  layers.1: Dense(4, 3)\n"
        "  heads.main: Dense(3, 2, bias=False)\n"
        ")"
    )
