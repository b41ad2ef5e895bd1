"""Weights in PyTorch's names and layouts, and back. Needs no PyTorch: both sides are arrays.

mlkit keeps channels last and multiplies x @ weight; PyTorch keeps channels first and multiplies by
the transpose. So a dense weight is transposed, a convolution's window goes last, and the rows of
the first dense layer after a convolution, between which Flatten stands, change places.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from mlkit import device, nn
from mlkit.weights.network import check

__all__ = ["from_torch", "to_torch"]

Turn = Callable[[np.ndarray], np.ndarray]
_NAMES = {"running_variance": "running_var"}  # where PyTorch's is another


def to_torch(model: nn.Module) -> dict[str, np.ndarray]:
    """What load_state_dict of the same network in PyTorch takes, once made tensors.

    {name: torch.from_numpy(x) for name, x in to_torch(model).items()}
    """
    state = model.state_dict()
    return {there: turn(state[here]) for here, there, turn, _ in _pairs(model)}


def from_torch(model: nn.Module, state: dict[str, Any]) -> None:
    """Give a module the weights of a PyTorch state_dict(): tensors or arrays. The dtype here stays.

    Raises ValueError with a list of what does not fit; the module then stays as it was.
    """
    own = to_torch(model)
    arrays = {
        name: _array(x).astype(own[name].dtype if name in own else None)
        for name, x in state.items()
        if not name.endswith("num_batches_tracked")  # a counter that mlkit does without
    }
    check("from_torch: the state", own, arrays)
    model.load_state_dict(
        {here: turn_back(arrays[there]) for here, there, _, turn_back in _pairs(model)}
    )


def _array(x: Any) -> np.ndarray:
    """A NumPy array of a PyTorch tensor on any device, or of an array."""
    return device.to_host(x.detach().cpu().numpy() if hasattr(x, "detach") else x)


def _pairs(model: nn.Module) -> Iterator[tuple[str, str, Turn, Turn]]:
    """(name here, name in PyTorch, how to turn its array there, and back), for each array."""
    turns, renamed, channels = {}, {}, 0
    for path, module in _paths(model):
        if isinstance(module, nn.Sequential):
            renamed[path] = "layers."
        elif isinstance(module, nn.Conv2d):
            channels = module.weight.data.shape[-1]
            turns[path] = _turned((3, 2, 0, 1))
        elif isinstance(module, nn.Dense):
            rows = module.weight.data.shape[0]
            turns[path] = _channels_first(channels if rows % (channels or 1) == 0 else 0)
            channels = 0
    for name in model.state_dict():
        path, _, last = name.rpartition(".")
        turn, back = turns.get(path, (_same, _same)) if last == "weight" else (_same, _same)
        yield name, _renamed(name, renamed), turn, back


def _paths(module: nn.Module, path: str = "") -> Iterator[tuple[str, nn.Module]]:
    """Every module with its dotted name, in the order they were made."""
    yield path, module
    for name, part in vars(module).items():
        inside = enumerate(part) if isinstance(part, list | tuple) else [("", part)]
        for i, x in inside:
            if isinstance(x, nn.Module):
                yield from _paths(x, ".".join(s for s in (path, name, str(i)) if s))


def _renamed(name: str, sequential: dict[str, str]) -> str:
    """The name without the "layers" of each Sequential on the way, and with PyTorch's words."""
    parts = name.split(".")
    kept = [
        _NAMES.get(part, part)
        for i, part in enumerate(parts)
        if not (part == "layers" and ".".join(parts[:i]) in sequential)
    ]
    return ".".join(kept)


def _same(x: np.ndarray) -> np.ndarray:
    return x


def _turned(axes: tuple[int, ...]) -> tuple[Turn, Turn]:
    """Axes in this order, and back."""
    back = tuple(np.argsort(axes))
    return lambda x: x.transpose(axes).copy(), lambda x: x.transpose(back).copy()


def _channels_first(channels: int) -> tuple[Turn, Turn]:
    """A dense weight transposed, its rows for (places, channels) put as (channels, places)."""

    def there(x: np.ndarray) -> np.ndarray:
        if channels:
            x = x.reshape(-1, channels, x.shape[-1]).swapaxes(0, 1).reshape(x.shape)
        return x.T.copy()

    def back(x: np.ndarray) -> np.ndarray:
        x = x.T
        if channels:
            x = x.reshape(channels, -1, x.shape[-1]).swapaxes(0, 1).reshape(x.shape)
        return x.copy()

    return there, back
