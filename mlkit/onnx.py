"""A Sequential as an ONNX file, for other programs to run: onnxruntime, a phone, a browser.

The file computes in float32 and as after eval(): Dropout does nothing, BatchNorm is a scale and a
shift. mlkit keeps channels last and ONNX first, so a Transpose stands before and after each
convolution and pooling. Needs the package onnx.
"""

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from mlkit import device, nn, ops
from mlkit.files import replacing

__all__ = ["export"]

_OPSET, _FORMAT = 20, 10  # the oldest that have Gelu, so that older runtimes read the file too
_FIRST, _LAST = (0, 3, 1, 2), (0, 2, 3, 1)  # axes that bring channels to the front, to the end


def export(
    model: nn.Sequential, path: str | PathLike[str], input_shape: int | Sequence[int]
) -> None:
    """Write a network as an ONNX file with input "x" and output "y"; batches may have any size.

    input_shape: of one example, such as (784,) or (28, 28, 1). x is float32; for a network that
    begins with an Embedding, int64. Raises TypeError on a layer that this has no words for,
    ValueError on weights that are not finite.
    """
    onnx, graph = _package(), _Graph()
    if getattr(type(model), "forward", None) is not nn.Sequential.forward:
        raise TypeError(f"export: takes a Sequential, got {type(model).__name__}; make one of it")
    layers = [layer for layer in model.modules() if not isinstance(layer, nn.Sequential)]
    tokens = isinstance(next(iter(layers), None), nn.Embedding)
    shape = (input_shape,) if isinstance(input_shape, int) else tuple(input_shape)
    outputs = model.predict(np.zeros((1, *shape), np.int64 if tokens else np.float32))
    y = graph.layers(model, "x")
    graph.add("Identity", y, name="y")
    made = _made(onnx, graph, tokens, ["batch", *shape], ["batch", *outputs.shape[1:]])
    onnx.checker.check_model(made, full_check=True)
    with replacing(Path(path)) as partial:
        partial.write_bytes(made.SerializeToString(deterministic=True))


def _made(onnx: Any, graph: "_Graph", tokens: bool, x_shape: list[Any], y_shape: list[Any]) -> Any:
    """The graph as a model of ONNX, with names for axes of any length."""
    types, value = onnx.TensorProto, onnx.helper.make_tensor_value_info
    return onnx.helper.make_model(
        onnx.helper.make_graph(
            [onnx.helper.make_node(*node, **options) for node, options in graph.nodes],
            "mlkit",
            [value("x", types.INT64 if tokens else types.FLOAT, x_shape)],
            [value("y", types.FLOAT, y_shape)],
            [onnx.numpy_helper.from_array(x, name) for name, x in graph.constants.items()],
        ),
        opset_imports=[onnx.helper.make_opsetid("", _OPSET)],
        ir_version=_FORMAT,
        producer_name="mlkit",
    )


class _Graph:
    """Nodes and constants in the order they are needed. Values go by their names."""

    def __init__(self) -> None:
        self.nodes: list[tuple[tuple[str, list[str], list[str]], dict[str, Any]]] = []
        self.constants: dict[str, np.ndarray] = {}

    def add(self, operator: str, *inputs: str, name: str = "", **options: Any) -> str:
        """One more node; gives the name of its output."""
        name = name or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(((operator, list(inputs), [name]), options))
        return name

    def constant(self, x: Any) -> str:
        """A stored array, in float32; gives its name. Raises ValueError if it is not finite."""
        name = f"constant_{len(self.constants)}"
        x = device.to_host(getattr(x, "data", x) if not isinstance(x, np.ndarray) else x)
        with np.errstate(over="ignore"):
            self.constants[name] = np.ascontiguousarray(x, np.float32)
        if not np.isfinite(self.constants[name]).all():
            raise ValueError(
                f"export: weights {x.shape} are not finite in float32, nothing is written; "
                "did training diverge? Try a smaller learning rate"
            )
        return name

    def layers(self, model: nn.Sequential, x: str) -> str:
        """All layers, one after the other."""
        for i, layer in enumerate(model.layers):
            write = _FUNCTIONS.get(layer) or _LAYERS.get(type(layer))  # type: ignore[call-overload]
            if write is None:
                raise TypeError(
                    f"export: layer {i} is {layer!r}, for which this has no words in ONNX; use "
                    f"layers of mlkit.nn: {', '.join(sorted(kind.__name__ for kind in _LAYERS))}"
                )
            x = write(layer, x, self)
        return x


Writer = Callable[[Any, str, _Graph], str]


def _simply(operator: str, **options: Any) -> Writer:
    """A layer that is one node; an option that is a string names the layer's attribute."""

    def write(layer: Any, x: str, graph: _Graph) -> str:
        given = {k: getattr(layer, v[1:]) if str(v)[0] == "." else v for k, v in options.items()}
        return graph.add(operator, x, **given)

    return write


def _dense(layer: Any, x: str, graph: _Graph) -> str:
    y = graph.add("MatMul", x, graph.constant(layer.weight))
    return y if layer.bias is None else graph.add("Add", y, graph.constant(layer.bias))


def _embedding(layer: Any, x: str, graph: _Graph) -> str:
    return graph.add("Gather", graph.constant(layer.weight), x)


def _convolution(layer: Any, x: str, graph: _Graph) -> str:
    weight = device.to_host(layer.weight.data).transpose(3, 2, 0, 1)
    inputs = [graph.constant(weight)]
    inputs += [] if layer.bias is None else [graph.constant(layer.bias)]
    return _channels_first(
        "Conv", x, graph, *inputs, strides=[layer.stride] * 2, pads=[layer.padding] * 4
    )


def _pool(operator: str, **options: Any) -> Writer:
    def write(layer: Any, x: str, graph: _Graph) -> str:
        size, stride, pads = [layer.size] * 2, [layer.stride] * 2, [layer.padding] * 4
        return _channels_first(
            operator, x, graph, kernel_shape=size, strides=stride, pads=pads, **options
        )

    return write


def _channels_first(operator: str, x: str, graph: _Graph, *inputs: str, **options: Any) -> str:
    """A node that takes and gives channels first, between the two Transposes."""
    turned = graph.add("Transpose", x, perm=_FIRST)
    return graph.add("Transpose", graph.add(operator, turned, *inputs, **options), perm=_LAST)


def _batch_norm(layer: Any, x: str, graph: _Graph) -> str:
    weight, bias, mean, variance = (
        device.to_host(array)
        for array in (
            layer.weight.data, layer.bias.data, layer.running_mean, layer.running_variance
        )
    )  # fmt: skip
    scale = weight / np.sqrt(variance + layer.epsilon)
    y = graph.add("Mul", x, graph.constant(scale))
    return graph.add("Add", y, graph.constant(bias - mean * scale))


def _layer_norm(layer: Any, x: str, graph: _Graph) -> str:
    inputs = graph.constant(layer.weight), graph.constant(layer.bias)
    axis = -layer.weight.data.ndim
    return graph.add("LayerNormalization", x, *inputs, axis=axis, epsilon=layer.epsilon)


def _silu(layer: Any, x: str, graph: _Graph) -> str:
    return graph.add("Mul", x, graph.add("Sigmoid", x))


_LAYERS: dict[type, Writer] = {
    nn.Sequential: lambda layer, x, graph: graph.layers(layer, x),
    nn.Dense: _dense,
    nn.Embedding: _embedding,
    nn.Conv2d: _convolution,
    nn.MaxPool2d: _pool("MaxPool"),
    nn.AveragePool2d: _pool("AveragePool", count_include_pad=1),
    nn.Flatten: _simply("Flatten", axis=1),
    nn.Dropout: lambda layer, x, graph: x,
    nn.BatchNorm: _batch_norm,
    nn.LayerNorm: _layer_norm,
    nn.ReLU: _simply("Relu"),
    nn.LeakyReLU: _simply("LeakyRelu", alpha=".slope"),
    nn.ELU: _simply("Elu", alpha=".alpha"),
    nn.GELU: _simply("Gelu", approximate="tanh"),
    nn.SiLU: _silu,
    nn.Sigmoid: _simply("Sigmoid"),
    nn.Tanh: _simply("Tanh"),
    nn.Softplus: _simply("Softplus"),
    nn.Softmax: _simply("Softmax", axis=-1),
}
_FUNCTIONS: dict[Any, Writer] = {  # functions that stand in a Sequential as they are
    ops.relu: _LAYERS[nn.ReLU],
    ops.gelu: _LAYERS[nn.GELU],
    ops.silu: _silu,
    ops.sigmoid: _LAYERS[nn.Sigmoid],
    ops.tanh: _LAYERS[nn.Tanh],
    ops.softplus: _LAYERS[nn.Softplus],
    ops.softmax: _LAYERS[nn.Softmax],
}


def _package() -> Any:
    """The package onnx. Raises ImportError, saying how to get it."""
    try:
        import onnx
    except ImportError as error:
        raise ImportError("export: ONNX files need a package: pip install onnx") from error
    return onnx
