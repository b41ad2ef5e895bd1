"""fit is the loop that one writes by hand: the same weights, the same cost, and clear errors."""

import math

import array_api_strict
import numpy as np
import pytest

from mlkit import data, losses, metrics, nn, optim, train


def by_hand(model, optimizer, x, y, epochs, size, seed):
    """The loop without anything around it."""
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            rows = order[start : start + size]
            optimizer.zero_grad()
            loss = losses.cross_entropy(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()


def test_fit_gives_the_weights_of_the_loop_by_hand_bit_for_bit(make, clouds, run_fit, same):
    expected, optimizer = make()
    by_hand(expected, optimizer, *clouds, epochs=3, size=8, seed=5)

    assert same(run_fit(rng=5)[0], expected)


def test_the_same_seed_gives_the_same_run_and_another_another(run_fit, same):
    (one, first), (two, second), (three, third) = (run_fit(rng=seed) for seed in (3, 3, 4))

    assert same(one, two) and first == second
    assert not same(one, three) and first != third


def test_a_generator_serves_as_seed(run_fit, same):
    assert same(run_fit(rng=np.random.default_rng(3))[0], run_fit(rng=3)[0])


def test_batches_serve_as_data(make, clouds, run_fit, same):
    model, optimizer = make()
    pieces = data.batches(*clouds, 8, np.random.default_rng(3))

    train.fit(model, losses.cross_entropy, optimizer, pieces, epochs=3, progress=False)

    assert same(model, run_fit(rng=3)[0])


def test_training_learns_and_the_history_says_so(run_fit, clouds):
    _, history = run_fit(30, metrics=[metrics.accuracy], validation=clouds)

    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(len(numbers) == 30 for numbers in history.values())
    assert history["val_accuracy"][-1] > 0.9 > history["val_accuracy"][0]
    assert history["val_loss"][-1] < 0.5 * history["val_loss"][0]


def test_the_loss_of_an_epoch_is_the_mean_over_its_rows(clouds):
    x, y = clouds[0][:7], clouds[1][:7]
    model = nn.Sequential(nn.Dense(4, 3, rng=np.random.default_rng(0)))
    expected = losses.cross_entropy(model(x), y).item()

    history = train.fit(
        model, losses.cross_entropy, optim.SGD(model.parameters(), 0.0), (x, y), batch_size=3,
        epochs=2, metrics={"again": losses.cross_entropy}, progress=False,
    )  # fmt: skip

    assert history["loss"] == pytest.approx([expected] * 2, rel=1e-12)
    assert history["again"] == pytest.approx([expected] * 2, rel=1e-12)


def test_a_network_in_use_is_trained_as_any_other_and_then_in_use_again(
    make, clouds, run_fit, same
):
    model, optimizer = make()
    model.eval()

    train.fit(
        model, losses.cross_entropy, optimizer, clouds, epochs=3, batch_size=8, progress=False
    )

    assert same(model, run_fit()[0])
    assert not any(module.training for module in model.modules())


def test_validation_data_change_neither_weights_nor_mode(run_fit, clouds, same):
    with_validation, _ = run_fit(validation=clouds)

    assert same(with_validation, run_fit()[0])
    assert all(module.training for module in with_validation.modules())


def test_evaluate_and_predict_use_the_network_without_chance(make, clouds):
    model, _ = make()
    x, y = clouds
    one, two = (train.predict(model, x, batch_size=size) for size in (7, 1000))
    model.eval()

    expected = model(x)

    np.testing.assert_allclose(one, expected.numpy(), rtol=1e-12)
    np.testing.assert_allclose(two, expected.numpy(), rtol=1e-12)
    assert type(one) is np.ndarray
    measured = train.evaluate(model, losses.cross_entropy, x, y, metrics=[metrics.accuracy])
    assert measured == pytest.approx(
        {
            "loss": losses.cross_entropy(expected, y).item(),
            "accuracy": np.mean(expected.numpy().argmax(1) == y),
        }
    )


@pytest.mark.parametrize(("rows", "most"), [(9, 0.02), (2, 0.01)])
def test_fit_calls_hardly_more_functions_than_the_loop_by_hand(
    make, clouds, count_calls, rows, most
):
    def fit(epochs):
        model, optimizer = make()
        pieces = data.batches(*clouds, rows, np.random.default_rng(0))
        train.fit(model, losses.cross_entropy, optimizer, pieces, epochs=epochs, progress=False)

    def bare(epochs):
        model, optimizer = make()
        pieces = data.batches(*clouds, rows, np.random.default_rng(0))
        for _ in range(epochs):
            for x, y in pieces:
                loss = losses.cross_entropy(model(x), y)
                loss.item()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

    fitted, looped = (
        count_calls(lambda work=work: work(6)) - count_calls(lambda work=work: work(2))
        for work in (fit, bare)
    )

    assert fitted < (1 + most) * looped


def test_a_loss_that_is_not_finite_stops_before_the_step(make, clouds, same):
    model, optimizer = make(rate=0.25)
    before = make()[0]

    def loss(outputs, y):
        return losses.cross_entropy(outputs, y) * math.inf

    with pytest.raises(FloatingPointError, match=(
        r"fit: the loss is inf in step 1 of epoch 1 \(step 1 in all\); try a smaller learning rate "
        r"than 0\.25, clip_norm=1\.0 in the optimizer, or run one step inside mlkit\.detect_anomaly"
    )):  # fmt: skip
        train.fit(model, loss, optimizer, clouds, progress=False)

    assert model.layers[0].weight.data.tobytes() == before.layers[0].weight.data.tobytes()


def test_the_error_says_the_step_and_the_loss_before(run_fit, clouds):
    calls = []

    def loss(outputs, y):
        calls.append(0)
        return losses.cross_entropy(outputs, y) * (math.nan if len(calls) == 16 else 1)

    model_of = nn.Sequential(nn.Dense(4, 3, rng=np.random.default_rng(0)))
    with pytest.raises(
        FloatingPointError, match=r"nan in step 4 of epoch 2 \(step 16 in all\), on average it was"
    ):
        train.fit(
            model_of, loss, optim.SGD(model_of.parameters()), clouds, epochs=3, batch_size=8,
            progress=False,
        )  # fmt: skip


def test_data_that_are_not_finite_are_named_as_the_cause(make, clouds):
    x, y = clouds
    x[3, 2] = np.nan
    model, optimizer = make()

    with pytest.raises(FloatingPointError, match="x of this batch is not finite itself"):
        train.fit(model, losses.cross_entropy, optimizer, (x, y), batch_size=90, progress=False)


def test_wide_data_do_not_slow_a_narrow_network_down(make, clouds):
    model, _ = make()
    model.astype("float32")
    seen = set()

    def loss(outputs, y):
        seen.add(outputs.dtype)
        return losses.cross_entropy(outputs, y)

    train.fit(model, loss, optim.SGD(model.parameters()), clouds, progress=False)

    assert seen == {np.dtype("float32")}
    assert train.predict(model, clouds[0]).dtype == np.float32


@pytest.mark.parametrize(("options", "error", "said"), [
    ({"data": np.zeros((3, 4))}, TypeError, r"data is a pair \(x, y\), got ndarray of sha"),
    ({"data": (np.zeros((3, 4)), [0])}, ValueError, "data: x and y must have the same number of"),
    ({"validation": np.zeros((3, 4))}, TypeError, r"fit: validation is a pair \(x, y\), got ndarr"),
    ({"validation": (np.zeros((3, 4)), [0])}, ValueError, "validation: x and y must have the same"),
    ({"epochs": 1.5}, ValueError, r"epochs is a whole number from 0, got 1\.5"),
    ({"epochs": -1}, ValueError, "epochs is a whole number from 0, got -1"),
    ({"callbacks": [train.EarlyStopping]}, TypeError, "made with their brackets, got <class"),
    ({"callbacks": train.EarlyStopping()}, TypeError, "callbacks come in a list, got"),
    ({"optimizer": optim.Adam}, TypeError, "fit: the optimizer is one such as .* got <class"),
    ({"optimizer": optim.SGD(nn.Dense(2, 2, rng=np.random.default_rng(0)))}, ValueError,
     "the optimizer moves none of this network's parameters"),
    ({"loss": lambda z, y: losses.cross_entropy(z, y, reduction="none")}, TypeError,
     r"fit: the loss must be one number, got Tensor of shape \(32,\)"),
    ({"loss": lambda z, y: 1.0}, TypeError, "fit: the loss must be a tensor, got float"),
    ({"metrics": [metrics.confusion_matrix]}, TypeError, r"confusion_matrix must be one number"),
    ({"device": "cuda"}, ValueError, 'device is "cpu" or "gpu", got \'cuda\''),
    ({"metrics": ["accuracy"]}, TypeError, r"as in \[mlkit\.metrics\.accuracy\], got 'accuracy'"),
    ({"batch_size": 0}, ValueError, "size must be a whole number"),
])  # fmt: skip
def test_wrong_use_is_told_in_a_sentence(make, clouds, options, error, said):
    model, optimizer = make()
    given = {"loss": losses.cross_entropy, "optimizer": optimizer, "data": clouds}
    given |= {"progress": False} | options

    with pytest.raises(error, match=said):
        train.fit(model, **given)


def test_a_metric_that_comes_later_stands_beside_its_epochs():
    history = train.History()

    history.add({"loss": 2.0})
    history.add({"loss": 1.0, "accuracy": 0.5})

    assert history.rows() == [(1, 2.0, pytest.approx(math.nan, nan_ok=True)), (2, 1.0, 0.5)]


def test_an_optimiser_of_ones_own_will_do(make, clouds, run_fit, same):
    class Own:
        """PyTorch's words, by duck typing."""

        rate = 0.01

        def __init__(self, inside):
            self.step, self.zero_grad, self.parameters = (
                inside.step,
                inside.zero_grad,
                inside.settings,
            )

    model, optimizer = make()

    train.fit(
        model, losses.cross_entropy, Own(optimizer), clouds, epochs=3, batch_size=8, progress=False
    )

    assert same(model, run_fit()[0])


def test_predict_wants_a_row():
    with pytest.raises(
        ValueError, match=r"predict: x is a batch of at least one row, got .*\(0, 4"
    ):
        train.predict(nn.ReLU(), np.zeros((0, 4)))


def test_without_a_gpu_one_calm_line_is_said_and_training_goes_on(
    run_fit, same, capsys, monkeypatch
):
    monkeypatch.setattr("mlkit.device.gpu_available", lambda: False)

    model, _ = run_fit(device="gpu")

    said = capsys.readouterr()
    assert said.out == "fit: no GPU here, so everything runs on the CPU with NumPy\n"
    assert said.err == ""
    assert same(model, run_fit()[0])


def test_batches_go_to_the_library_that_holds_the_network(clouds):
    """A GPU's arrays are as strict as these: what runs here names no NumPy by itself."""
    x, y = clouds
    model = nn.Sequential(nn.Dense(4, 3, rng=np.random.default_rng(0)))
    twin = nn.Sequential(nn.Dense(4, 3, rng=np.random.default_rng(0)))
    model._convert(array_api_strict.asarray)

    for network in (model, twin):
        optimizer = optim.SGD(network.parameters(), 0.1)
        train.fit(
            network, losses.cross_entropy, optimizer, (x, y), epochs=2, validation=(x, y),
            metrics=[metrics.accuracy], progress=False,
        )  # fmt: skip

    assert type(model.layers[0].weight.data) is type(array_api_strict.asarray(x))
    for one, two in zip(model.state_dict().values(), twin.state_dict().values(), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-12)
