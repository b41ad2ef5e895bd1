"""Where arrays live, in the words users expect: device("gpu"), x.to("gpu"), x.device."""

import sys
from functools import lru_cache
from threading import local
from types import ModuleType

from mlkit import device
from mlkit.device import Array

__all__ = ["Place", "at_chosen_place", "move", "place_of"]

_NAMES = {"cpu": "cpu", "gpu": "gpu", "cuda": "gpu"}


class _Chosen(local):
    """The place that `with device(...)` chose in this thread."""

    name = ""


_chosen = _Chosen()


class Place:
    """Where arrays live: "cpu" or "gpu" ("cuda" is the same). Raises ValueError for others.

    Within `with device("gpu"):` the copies that tensor() and Variable() make live there, in this
    thread. Where there is no GPU, one line says so, and they live on the CPU.
    """

    def __init__(self, name: str):
        if name not in _NAMES:
            raise ValueError(
                f"device: a place is 'cpu' or 'gpu', got {name!r:.40}; astype changes the dtype"
            )
        self.name = _NAMES[name]
        self._before: list[str] = []

    def __enter__(self) -> "Place":
        if self.name == "gpu" and not device.gpu_available():
            _say_once(f"device: {device.describe()}")
        self._before.append(_chosen.name)
        _chosen.name = self.name
        return self

    def __exit__(self, *error: object) -> None:
        _chosen.name = self._before.pop()

    def __repr__(self) -> str:
        return f"device({self.name!r})"


def place_of(x: Array) -> str:
    """The name of the place where an array lives."""
    return "gpu" if device.on_gpu(x) else "cpu"


def move(x: Array, place: str | Place) -> Array:
    """x at a place: itself if it is there already. Same shape and dtype."""
    name = (place if isinstance(place, Place) else Place(place)).name
    if place_of(x) == name:
        return x
    return device.to_gpu(x) if name == "gpu" else device.to_host(x)


def at_chosen_place(x: Array) -> Array:
    """x where `with device(...)` says; where it is, outside of one and where there is no GPU."""
    wanted = _chosen.name
    return move(x, wanted) if wanted == "cpu" or (wanted and device.gpu_available()) else x


@lru_cache
def _say_once(line: str) -> None:
    """Say a line the first time."""
    sys.stdout.write(f"{line}\n")


class _Callable(ModuleType):
    """The module mlkit.device, so that mlkit.device("gpu") is a place."""

    def __call__(self, name: str) -> Place:
        """The place of this name."""
        return Place(name)


device.__class__ = _Callable
