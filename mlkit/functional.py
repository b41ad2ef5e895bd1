"""Front door 3: grad, value_and_grad, vjp, jvp, jacobians, hessian, vmap, checkpoint: JAX's words.

A function is differentiated by running it on fresh aliases of its arguments and walking back to
them, so that nesting is exact without numbered levels. Arguments and results may be nested tuples,
lists and dicts. Arrays in, arrays out; tensors come out if tensors went in or an outer derivative
is under way. A function must compute its result from its arguments, and change nothing else.
"""

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

from mlkit import ops, tree
from mlkit.doors import (
    differentiate,
    intercepting,
    pushing,
    reaches,
    recording,
    unrecorded,
    value_of,
    with_backward,
)
from mlkit.engine import Node, Op, ShapeError, Tensor, now
from mlkit.forward import Pushforward
from mlkit.run import Run, argument, as_float, basis, in_shape, lift, plain, replaced

__all__ = [
    "checkpoint",
    "grad",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "value_and_grad",
    "vjp",
    "vmap",
]

Function = Callable[..., Any]
Argnums = int | Sequence[int]


def grad(function: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that gives the gradient of `function`, which gives one number.

    argnums: which arguments to differentiate by; a tuple of them gives a tuple of gradients.
    has_aux: function gives (number, anything), and this one gives (gradient, anything).
    An argument that the number does not depend on gets zeros.
    >>> float(grad(lambda x: x**3)(2.0))
    12.0
    """
    both = value_and_grad(function, argnums, has_aux)

    @wraps(function)
    def gradient(*args: Any, **options: Any) -> Any:
        value, slopes = both(*args, **options)
        return (slopes, value[1]) if has_aux else slopes

    return gradient


def value_and_grad(function: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that gives (value, gradient), in one run. See grad."""

    @wraps(function)
    def value_and_gradient(*args: Any, **options: Any) -> Any:
        run = Run(function, args, options, argnums, has_aux)
        if len(run.targets) != 1 or run.targets[0].data.shape:
            got = " and ".join(str(y.data.shape) for y in run.targets) or "nothing"
            raise ShapeError(
                f"grad: the function must give one number, got shape {got}; "
                "take its sum or mean, or use jacrev for a derivative of each element"
            )
        slopes = run.pull([(run.targets[0], None)])
        return run.result(), slopes

    return value_and_gradient


def vjp(function: Function, *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """(value, pull): pull(g) gives a gradient for each primal, given g nested as the value is.

    With has_aux, function gives (value, anything), and this gives (value, pull, anything).
    """
    run = Run(function, primals, {}, range(len(primals)), has_aux)

    def pull(g: Any) -> tuple[Any, ...]:
        weights = tree.leaves(g)
        if len(weights) != len(run.targets):
            raise ValueError(
                f"vjp: one gradient per result, {len(run.targets)} of them, got {len(weights)}; "
                "nest them as the value is nested"
            )
        return run.pull(list(zip(run.targets, weights, strict=True)))

    value = run.result()
    return (value[0], pull, value[1]) if has_aux else (value, pull)


def jvp(function: Function, primals: Any, tangents: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """(value, tangent): how the value moves as the primals move along the tangents.

    primals: a tuple of arguments; tangents: nested and shaped as they are. True forward mode: each
    op pushes its tangent as it runs, and memory does not grow with the length of the computation.
    """
    level, xs, ts = Pushforward(), tree.leaves(primals), tree.leaves(tangents)
    if len(xs) != len(ts):
        raise ValueError(
            f"jvp: one tangent per primal, {len(xs)} of them, got {len(ts)}; "
            "nest them as the primals are nested"
        )
    opened = now()
    with recording() as again:
        lifted = [lift(level, x, t) for x, t in zip(xs, ts, strict=True)]
        with intercepting(level):
            out = function(*tree.unflatten(primals, lifted))
        out, aux = out if has_aux else (out, None)
        wrap = any(isinstance(x, Tensor) for x in [*xs, *ts])
        moving = [level.tangent_of(y) for y in tree.leaves(out)]
        seen = [y for y in [*tree.leaves(out), *moving] if isinstance(y, Tensor)]
        again = again and (pushing() or reaches(seen, opened))

        def primal_of(y: Any) -> Any:
            return plain(level.drop(y), again, wrap)

        def tangent_of(y: Any) -> Any:
            t = level.tangent_of(y)
            return plain(Tensor(ops.zeros_like(value_of(y))) if t is None else t, again, wrap)

        moved = tree.map_leaves(tangent_of, out)  # before its tangent is dropped
        value = tree.map_leaves(primal_of, out)
        return (value, moved, tree.map_leaves(primal_of, aux)) if has_aux else (value, moved)


def jacrev(function: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that gives the Jacobian, [output, input]: (i...) -> (o..., i...).

    Run once, then one walk back for each element of the output: for few outputs. Nested results
    give their nesting with, at each leaf, the nesting of the arguments.
    """

    @wraps(function)
    def jacobian(*args: Any, **options: Any) -> Any:
        run = Run(function, args, options, argnums, has_aux)
        value = run.result()
        blocks = [run.rows(y) for y in run.targets]
        nested = tree.unflatten(value[0] if has_aux else value, blocks)
        return (nested, value[1]) if has_aux else nested

    return jacobian


def jacfwd(function: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The Jacobian as jacrev gives it, by forward mode: for few inputs.

    Runs the function once for each element of the inputs.
    """

    @wraps(function)
    def jacobian(*args: Any, **options: Any) -> Any:
        numbers = [argnums] if isinstance(argnums, int) else list(argnums)
        primals = tuple(argument(args, i) for i in numbers)

        def alone(*chosen: Any) -> Any:
            return function(*replaced(args, numbers, chosen), **options)

        zeros = [ops.zeros_like(as_float(x)) for x in tree.leaves(primals)]
        nesting = primals[0] if isinstance(argnums, int) else primals
        blocks = []  # for each input, for each output
        for k, zero in enumerate(zeros):
            runs = [
                jvp(
                    alone,
                    primals,
                    tree.unflatten(primals, [*zeros[:k], t, *zeros[k + 1 :]]),
                    has_aux,
                )
                for t in basis(zero)
            ]
            columns = zip(*(tree.leaves(run[1]) for run in runs), strict=True)
            blocks.append([in_shape(ops.stack(c, -1), c[0], zero) for c in columns])
        of_outputs = [tree.unflatten(nesting, list(b)) for b in zip(*blocks, strict=True)]
        nested = tree.unflatten(runs[0][0], of_outputs)
        return (nested, runs[0][2]) if has_aux else nested

    return jacobian


def hessian(function: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """The function that gives all second derivatives of one number: (i...) -> (i..., i...).

    Two Jacobians: the recorded gradient is walked back once for each of its elements.
    """
    return jacrev(grad(function, argnums, has_aux), argnums, has_aux)


def vmap(function: Function, in_axes: Any = 0, out_axes: int = 0) -> Function:
    """The function that does `function` for each example along an axis, and stacks the results.

    in_axes: the axis of the examples, or one for each argument, None for one that all share.
    This is a loop in Python: exact for every function, with branches and nesting, and as slow as
    the loop you would write. Where speed counts, write the function for a batch.
    """

    @wraps(function)
    def mapped(*args: Any) -> Any:
        axes = in_axes if isinstance(in_axes, list | tuple) else [in_axes] * len(args)
        if len(axes) != len(args):
            raise ValueError(f"vmap: one axis per argument, {len(args)}, got {len(axes)}")
        args = tuple(tree.map_leaves(_as_held, x) for x in args)
        pairs = zip(args, axes, strict=True)
        sizes = {_length(x, a) for tree_, a in pairs if a is not None for x in tree.leaves(tree_)}
        if len(sizes) != 1:
            raise ShapeError(
                f"vmap: the arguments must have equally many examples, got {sorted(sizes)}; "
                "give in_axes=None for what all examples share"
            )

        def example(i: int) -> Any:
            chosen = (
                x if a is None else tree.map_leaves(partial(_pick, a, i), x)
                for x, a in zip(args, axes, strict=True)
            )
            return function(*chosen)

        results = [example(i) for i in range(sizes.pop())]
        columns = zip(*(tree.leaves(r) for r in results), strict=True)
        return tree.unflatten(results[0], [ops.stack(column, out_axes) for column in columns])

    return mapped


def checkpoint(function: Function) -> Function:
    """The same function, which keeps nothing for the way back but its arguments: it runs again.

    Saves memory for time. It must give the same again: hand it the random numbers it needs.
    """

    @wraps(function)
    def light(*args: Any, **options: Any) -> Any:
        sources: dict[Node, Tensor] = {}  # what the result depends on: arguments and closed-over

        def collect(op: Op, inputs: Sequence[Any], constants: tuple[Any, ...]) -> Any:
            sources.update({x.node: x for x in inputs if isinstance(x, Tensor) and x.node})
            return unrecorded(op, inputs, constants)

        def backward(*gs: Any) -> list[Any]:
            opened = now()
            with recording() as again:
                outputs = tree.leaves(function(*args, **options))
                seeds = list(zip(outputs, gs, strict=True))
                found = differentiate(seeds, list(sources), opened, record=again)
            return [found.get(node) for node in sources]

        with intercepting(collect):
            result = function(*args, **options)
        if not sources:
            return result
        outputs = with_backward(list(sources.values()), tree.leaves(result), backward)
        return tree.unflatten(result, outputs)

    return light


def _as_held(x: Any) -> Any:
    """x as a tensor or an array."""
    return x if isinstance(x, Tensor) else Tensor(x).data


def _length(x: Any, axis: int) -> int:
    """How many examples lie along an axis."""
    if -x.ndim <= axis < x.ndim:
        return x.shape[axis]
    raise ShapeError(
        f"vmap: axis {axis} of an argument must hold the examples, got shape {x.shape}; "
        "give in_axes=None for what all examples share, and arrays for lists"
    )


def _pick(axis: int, i: int, x: Any) -> Any:
    """Example i along an axis."""
    return x[(slice(None),) * (axis % x.ndim) + (i,)]
