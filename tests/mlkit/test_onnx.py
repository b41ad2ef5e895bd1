"""What an exported network gives in ONNX's own reference implementation is what it gives here."""

import sys

import numpy as np
import pytest

from mlkit import nn, ops
from mlkit.onnx import export

onnx = pytest.importorskip("onnx", reason="the package onnx is not installed")


@pytest.fixture
def run(tmp_path):
    """Export a network, check the file, run it in the reference implementation."""

    def give(model, x):
        from onnx.reference import ReferenceEvaluator

        export(model, tmp_path / "x.onnx", x.shape[1:])
        made = onnx.load(tmp_path / "x.onnx")
        onnx.checker.check_model(made, full_check=True)
        x = x.astype(np.float32) if x.dtype.kind == "f" else x
        return ReferenceEvaluator(made).run(None, {"x": x})[0]

    return give


def agree(run, model, x):
    """That both give the same, up to float32."""
    for parameter in model.parameters():  # also biases and scales, which begin as 0 and 1
        noise = np.random.default_rng(0).normal(size=parameter.data.shape)
        parameter.data = parameter.data + 0.3 * noise
    np.testing.assert_allclose(run(model, x), model.predict(x), rtol=2e-5, atol=2e-5)


LAYERS = {
    "relu": nn.ReLU(), "leaky": nn.LeakyReLU(0.2), "elu": nn.ELU(0.7), "gelu": nn.GELU(),
    "silu": nn.SiLU(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "softplus": nn.Softplus(),
    "softmax": nn.Softmax(), "function": ops.tanh, "softmax function": ops.softmax,
}  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_activations(run, rng, layer):
    agree(run, nn.Sequential(nn.Dense(4, 5, rng=rng), layer), rng.normal(size=(3, 4)) * 3)


def test_dense_layers_on_any_number_of_axes(run, rng):
    model = nn.Sequential(nn.Dense(4, 5, rng=rng, bias=False), nn.Dense(5, 2, rng=rng))

    agree(run, model, rng.normal(size=(3, 4)))
    agree(run, model, rng.normal(size=(3, 6, 4)))


def test_norms_and_dropout_as_in_use(run, rng):
    model = nn.Sequential(
        nn.BatchNorm(6), nn.Dropout(0.5, rng=rng), nn.LayerNorm((5, 6)), nn.LayerNorm(6)
    )
    model(rng.normal(size=(9, 5, 6)) * 2 + 1)  # running statistics that are not 0 and 1

    agree(run, model, rng.normal(size=(4, 5, 6)))


@pytest.mark.parametrize("pool", [
    nn.MaxPool2d(2), nn.MaxPool2d(3, stride=2, padding=1), nn.AveragePool2d(2),
    nn.AveragePool2d(3, stride=1, padding=1),
])  # fmt: skip
def test_images_with_channels_last(run, rng, pool):
    model = nn.Sequential(
        nn.Conv2d(3, 4, (3, 2), rng=rng, stride=2, padding=1), nn.BatchNorm(4), pool,
        nn.Sequential(nn.Conv2d(4, 2, 3, rng=rng, padding="same", bias=False), nn.ReLU()),
        nn.Flatten(),
    )  # fmt: skip

    agree(run, model, rng.normal(size=(2, 9, 12, 3)))


def test_tokens(run, rng):
    model = nn.Sequential(
        nn.Embedding(7, 3, rng=rng), nn.Flatten(), nn.Dense(12, 2, rng=rng), nn.Softmax()
    )

    agree(run, model, rng.integers(0, 7, size=(5, 4)))


def test_every_layer_of_nn_is_exported_or_no_layer():
    from mlkit.onnx import _LAYERS

    layers = {getattr(nn, name) for name in nn.__all__ if isinstance(getattr(nn, name), type)}

    assert layers - _LAYERS.keys() == {nn.Module}


def test_the_same_network_makes_the_same_bytes(tmp_path, rng):
    model = nn.Sequential(nn.Dense(3, 2, rng=rng))

    for name in ("a", "b"):
        export(model, tmp_path / name, (3,))

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_onnx_has_no_words_for_is_named_and_nothing_is_written(tmp_path, rng):
    model = nn.Sequential(nn.Dense(3, 2, rng=rng), ops.softsign)

    with pytest.raises(TypeError, match=r"layer 1 is <function softsign.* use layers of mlkit\.nn"):
        export(model, tmp_path / "x.onnx", (3,))

    with pytest.raises(TypeError, match="takes a Sequential, got Dense"):
        export(nn.Dense(3, 2, rng=rng), tmp_path / "x.onnx", (3,))
    assert not list(tmp_path.iterdir())


def test_a_sequential_with_a_forward_of_its_own_is_none(tmp_path):
    class Doubled(nn.Sequential):
        def forward(self, x):
            return 2 * super().forward(x)

    for model in (Doubled(nn.ReLU()), nn.Sequential(Doubled(nn.ReLU()))):
        with pytest.raises(TypeError, match=r"got Doubled|layer 0 is Doubled"):
            export(model, tmp_path / "x.onnx", (3,))


def test_a_sequential_that_makes_its_own_layers_is_one(tmp_path, rng):
    class Small(nn.Sequential):
        def __init__(self):
            super().__init__(nn.Dense(3, 2, rng=rng))

    export(Small(), tmp_path / "x.onnx", (3,))

    assert onnx.load(tmp_path / "x.onnx").graph.output[0].name == "y"


def test_an_embedding_in_a_nested_network_takes_tokens(tmp_path, rng):
    inside = nn.Sequential(nn.Embedding(5, 2, rng=rng))

    export(nn.Sequential(inside, nn.Flatten()), tmp_path / "x.onnx", 3)

    graph = onnx.load(tmp_path / "x.onnx").graph
    assert graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.INT64


@pytest.mark.parametrize("value", [np.nan, 1e300])
def test_weights_that_are_not_finite_are_not_written(tmp_path, rng, value):
    model = nn.Sequential(nn.Dense(3, 2, rng=rng, initial=lambda s, rng: np.full(s, value)))

    with pytest.raises(ValueError, match=r"weights \(3, 2\) are not finite in float32"):
        export(model, tmp_path / "x.onnx", (3,))

    assert not list(tmp_path.iterdir())


def test_without_onnx_the_error_says_what_to_install(tmp_path, monkeypatch, rng):
    monkeypatch.setitem(sys.modules, "onnx", None)

    with pytest.raises(ImportError, match="pip install onnx"):
        export(nn.Sequential(nn.Dense(3, 2, rng=rng)), tmp_path / "x.onnx", (3,))


def test_onnxruntime_gives_the_same(tmp_path, rng):
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    model = nn.Sequential(
        nn.Conv2d(2, 3, 3, rng=rng, padding="same"), nn.BatchNorm(3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dense(12, 4, rng=rng), nn.Softmax(),
    )  # fmt: skip
    x = rng.normal(size=(5, 4, 5, 2)).astype(np.float32)

    export(model, tmp_path / "x.onnx", (4, 5, 2))
    session = runtime.InferenceSession(str(tmp_path / "x.onnx"), providers=["CPUExecutionProvider"])

    np.testing.assert_allclose(
        session.run(None, {"x": x})[0], model.predict(x), rtol=2e-5, atol=2e-6
    )
