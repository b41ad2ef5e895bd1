"""What all optimisers share: parameters, learning rate, steps done, and what is remembered."""

import math
from collections.abc import Callable, Iterable, Iterator, ValuesView
from typing import Any, SupportsFloat

import numpy as np

from mlkit import device, tree
from mlkit.engine import ShapeError, Tensor
from mlkit.optim.clip import clip_by_global_norm
from mlkit.optim.place import Place

__all__ = ["Optimizer", "Rate"]

Array = Any
Rate = float | Callable[[int], float]
_LISTS = (Iterator, ValuesView)  # such as named_parameters().values()


class Optimizer:
    """What all optimisers share: parameters, learning rate, steps done, and what is remembered.

    parameters: tensors, a module, or any nesting of them. weight_decay: adds weight_decay * w to
    the gradient. clip_norm: the most that the length of all gradients together may be.
    """

    memories: tuple[str, ...] = ()  # names of what is remembered for each parameter

    def __init__(
        self,
        parameters: Any,
        learning_rate: Rate,
        weight_decay: float = 0.0,
        clip_norm: float | None = None,
    ):
        _check_settings(type(self).__name__, learning_rate, weight_decay, clip_norm)
        self.parameters = _checked_tensors(parameters)
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.clip_norm, self.steps = clip_norm, 0
        self._places = [Place(w, len(self.memories), weight_decay) for w in self.parameters]

    @property
    def rate(self) -> float:
        """The learning rate of the step that comes."""
        rate = self.learning_rate
        return float(rate(self.steps) if callable(rate) else rate)

    def step(self, gradients: Any = None) -> None:
        """Move every parameter once.

        gradients: one for each parameter, nested as you like, None where there is none; left away,
        each parameter's own `grad`, as backward() leaves it. Raises RuntimeError if all are None.
        """
        given = [w.grad for w in self.parameters] if gradients is None else gradients
        device.later(self._move, *self._arrays(given))

    def _move(self, *arrays: Any) -> None:
        """Move every parameter once, given an array for each or None. What jit puts off."""
        if self.clip_norm is not None:
            arrays = clip_by_global_norm(arrays, self.clip_norm)[0]
        settings = self.settings(self.rate)
        for place, g in zip(self._places, arrays, strict=True):
            if g is not None:
                place.move(self.update, g, settings)
        self.steps += 1

    def settings(self, rate: float) -> tuple[float, ...]:
        """The numbers that the rule needs in this step."""
        return (rate,)

    def update(self, w: Array, g: Array, s: Array, *more: Any) -> None:
        """Move one piece, given its memories and the step's settings."""
        raise NotImplementedError(f"{type(self).__name__}: write update(self, w, g, s, ...)")

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters, so that the next backward() starts anew."""
        for parameter in self.parameters:
            parameter.grad = None

    def apply_gradients(self, pairs: Iterable[tuple[Any, Tensor]]) -> None:
        """Take step() in Keras's words: zip(gradients, variables)."""
        given = {id(variable): gradient for gradient, variable in pairs}
        known = {id(parameter) for parameter in self.parameters}
        if not given.keys() <= known:
            raise ValueError(
                f"apply_gradients: {len(given.keys() - known)} of {len(given)} variables are none "
                "of this optimizer's parameters; was it made for another network?"
            )
        self.step([given.get(id(parameter)) for parameter in self.parameters])

    def state_dict(self) -> dict[str, np.ndarray]:
        """Copies of all that the next step depends on besides the settings, as arrays by name."""
        state = {"steps": np.asarray(self.steps)}
        if not callable(self.learning_rate):
            state["learning_rate"] = np.asarray(float(self.learning_rate))
        for i, place in enumerate(self._places):
            for name, memory in zip(self.memories, place.memories, strict=True):
                state[f"{name}.{i}"] = device.to_host(memory).copy()
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot. All is checked first: an error changes nothing.

        Raises KeyError and ShapeError if it is of another optimiser or other parameters.
        """
        own = self.state_dict()
        if own.keys() != state.keys():
            raise KeyError(
                f"load_state_dict: must come from {type(self).__name__} with as many parameters, "
                f"names that differ: {', '.join(sorted(own.keys() ^ state.keys()))}"
            )
        for name, values in own.items():
            if np.shape(state[name]) != values.shape:
                raise ShapeError(
                    f"load_state_dict: {name} must have shape {values.shape}, "
                    f"got {np.shape(state[name])}; are these the same parameters?"
                )
        steps, rate = int(state["steps"]), float(state.get("learning_rate", 0))
        moved = {name: np.asarray(x, own[name].dtype) for name, x in state.items() if "." in name}
        self.steps = steps
        if not callable(self.learning_rate):
            self.learning_rate = rate
        for i, place in enumerate(self._places):
            for name, memory in zip(self.memories, place.memories, strict=True):
                memory[...] = device.namespace(memory).asarray(moved[f"{name}.{i}"])

    def _arrays(self, given: Any) -> list[Any]:
        """An array for each parameter, None where there is no gradient."""
        arrays = [g.data if isinstance(g, Tensor) else g for g in _flat(given)]
        if len(arrays) != len(self.parameters):
            raise ValueError(
                f"step: one gradient per parameter, {len(self.parameters)} of them, "
                f"got {len(arrays)}; None stands where there is none"
            )
        if all(g is None for g in arrays):
            raise RuntimeError(
                "step: no parameter has a gradient; call loss.backward() first, "
                "or give them: step(tape.gradient(loss, parameters))"
            )
        for g, w in zip(arrays, self.parameters, strict=True):
            if g is not None and g.shape != w.data.shape:
                raise ShapeError(
                    f"step: a gradient must have its parameter's shape {w.data.shape}, "
                    f"got {g.shape}; are they in the order of the parameters?"
                )
        return arrays


def _check_settings(optimizer: str, rate: Any, decay: float, clip_norm: float | None) -> None:
    """Raise TypeError or ValueError on what would go on without an error, and wrongly."""
    if not callable(rate):
        if isinstance(rate, str) or not isinstance(rate, SupportsFloat):
            raise TypeError(
                f"{optimizer}: learning_rate is a number or a schedule, such as "
                f"optim.cosine(0.01, steps=1000), got {rate!r}"
            )
        if not 0 <= float(rate) < math.inf:
            raise ValueError(f"{optimizer}: learning_rate must be from 0, got {rate}")
    if not 0 <= decay < math.inf:
        raise ValueError(f"{optimizer}: weight_decay must be from 0, got {decay}")
    if clip_norm is not None and not clip_norm > 0:
        raise ValueError(
            f"{optimizer}: clip_norm must be above 0, got {clip_norm}; None clips none"
        )


def _checked_tensors(parameters: Any) -> list[Tensor]:
    tensors = _flat(list(parameters) if isinstance(parameters, _LISTS) else parameters)
    for w in tensors:
        if not isinstance(w, Tensor):
            raise TypeError(
                f"optimiser: parameters are tensors, got {type(w).__name__}; "
                "give model.parameters(), or make them with tensor(x, requires_grad=True)"
            )
    if not tensors:
        raise ValueError("optimiser: got no parameters; does the model hold its layers as layers?")
    if len({id(w) for w in tensors}) < len(tensors):
        raise ValueError(
            f"optimiser: each parameter once, got {len(tensors)} of which "
            f"{len({id(w) for w in tensors})} differ; each step would move the others twice"
        )
    return tensors


def _flat(nested: Any) -> list[Any]:
    """The leaves of a nesting in order; in a list of gradients None is kept."""
    if isinstance(nested, list | tuple):
        return [leaf for x in nested for leaf in ([None] if x is None else _flat(x))]
    return tree.leaves(nested)
