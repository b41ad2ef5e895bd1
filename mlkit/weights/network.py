"""A network's weights to a file and back: all is compared before anything is set."""

from os import PathLike
from typing import Any

import numpy as np

from mlkit.files import read, write

__all__ = ["check", "load", "save"]


def save(model: Any, path: str | PathLike[str]) -> None:
    """Put a module's parameters and buffers into a .npz or .safetensors file.

    Raises ValueError if one holds NaN; the file that was there then stays as it was.
    """
    write(path, model.state_dict())


def load(model: Any, path: str | PathLike[str]) -> None:
    """Give a module the parameters and buffers of a file.

    Raises ValueError on a damaged file, and if names, shapes or dtypes are not those of the module,
    with a list of what differs; the module then stays as it was.
    """
    state = read(path)
    check(f"load: {path}", model.state_dict(), state)
    model.load_state_dict(state)


def check(where: str, own: dict[str, np.ndarray], state: dict[str, np.ndarray]) -> None:
    """Raise ValueError unless the arrays of `state` have the names, shapes and dtypes of `own`."""
    wrong = [f"{name} is missing" for name in own if name not in state]
    wrong += [f"{name} is not in the network" for name in state if name not in own]
    for name in own.keys() & state.keys():
        x, expected = state[name], own[name]
        if x.shape != expected.shape:
            wrong.append(f"{name} has shape {x.shape}, the network {expected.shape}")
        elif x.dtype != expected.dtype:
            wrong.append(f"{name} is {x.dtype}, the network {expected.dtype} (see astype)")
    if wrong:
        raise ValueError(
            f"{where} does not fit the network: {'; '.join(sorted(wrong))}; "
            "build it with the sizes that were saved"
        )
