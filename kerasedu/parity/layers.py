"""A layer or model against its twin: outputs, every gradient, and what the call leaves behind in the weights."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasedu.layers.layer import Layer
from kerasedu.parity import oracle
from kerasedu.parity.compare import compare
from kerasedu.parity.report import Report, Row
from kerasedu.parity.structure import flatten, map_leaves, rebuild
from kerasedu.parity.tolerance import change, fits_float32, largest, perturb
from kerasedu.parity.translate import twin


def check_layer(
    report: Report, layer: Layer, x, *, training=False, mask=None, initial_state=None, calls=1, seed=0
) -> None:
    """Compare y, the output mask, dL/dx, dL/dw and the weights after the call, for a random dL/dy drawn from ``seed``.

    A random dL/dy tests the whole Jacobian at once: a wrong entry anywhere changes the product with probability one.
    """
    x = map_leaves(lambda a: as_input(a, layer.dtype), x)
    state = [as_input(item, layer.dtype) for item in flatten(initial_state)]
    options = {"training": training, "mask": mask}
    if not layer.built:
        layer(x, mask=mask)
    weights = layer.get_weights()
    got, dys = run_ours(layer, x, state, options, calls, np.random.default_rng(seed))
    layer.set_weights(weights)

    inputs = [*flatten(x), *state]
    other = LayerTwin(layer, x, options, calls)
    expected = other.run(inputs, weights, dys)
    moved = other.run([perturb(a) for a in inputs], [perturb(w) for w in weights], [perturb(dy) for dy in dys])

    batch = max(1, len(inputs[0]))
    fan_in, fan_out = sum(a.size for a in inputs) / batch, sum(dy.size for dy in dys) / batch
    compare_all(report, numbered("y", got.outputs), got.outputs, expected.outputs, moved.outputs, fan_in)
    if mask is not None or expected.mask is not None:
        report.add(compare_masks(got.mask, expected.mask))
    if expected.inputs is None:
        return
    names = [*numbered("dL/dx", flatten(x)), *numbered("dL/dstate", state)]
    size = max(map(largest, dys), default=0.0)
    compare_all(report, names, got.inputs, expected.inputs, moved.inputs, fan_out, size)
    size *= max([1.0, *map(largest, inputs)])
    compare_gradients(report, layer, got.weights, expected.weights, moved.weights, batch * max(fan_in, fan_out), size)
    names = [f"{short(layer, v)} after" for v in layer.non_trainable_weights]
    compare_all(report, names, got.after, expected.after, moved.after, batch)


@dataclass
class Run:
    """What one call gives: outputs and their mask, gradients, and the non-trainable weights afterwards."""

    outputs: list[np.ndarray]
    mask: np.ndarray | None
    inputs: list[np.ndarray | None] | None
    weights: list[np.ndarray]
    after: list[np.ndarray]


def run_ours(layer: Layer, x, state: list, options: dict[str, Any], calls: int, rng) -> tuple[Run, list[np.ndarray]]:
    """Call our layer and go back, from a random dL/dy for each output, which is returned too."""
    reset_state(layer)
    for _ in range(calls):
        y = layer.forward(x, **options, **({"initial_state": state} if state else {}))
    ys = [np.asarray(item) for item in flatten(y)]
    dys = [rng.standard_normal(item.shape).astype(item.dtype) for item in ys]
    dx = layer.backward(rebuild(y, dys))
    mask = next(iter(flatten(layer.compute_mask(x, options["mask"]))), None)
    after = [v.numpy() for v in layer.non_trainable_weights]
    reset_state(layer)
    return Run(ys, mask, flatten(dx), layer.grads, after), dys


class LayerTwin:
    """The Keras layer with the arguments of ``layer``, which can be run with any inputs and weights."""

    def __init__(self, layer: Layer, x, options: dict[str, Any], calls: int):
        self.layer, self.x, self.calls = layer, x, calls
        self.twin = twin(layer)
        accepted = inspect.signature(self.twin.call).parameters
        self.options = {key: value for key, value in options.items() if key in accepted and value is not None}
        self.mask = options["mask"]
        if not self.twin.built:
            self.twin.build(map_leaves(np.shape, x))

    def call(self, *tensors):
        count = len(flatten(self.x))
        x, state = rebuild(self.x, list(tensors[:count])), list(tensors[count:])
        reset_state(self.twin)
        for call in range(self.calls):
            if call:  # states are handed on, gradients are not: JAX would go back through them
                for variable in flatten(getattr(self.twin, "states", [])):
                    variable.assign(oracle.load()[0].ops.stop_gradient(variable.value))
            y = self.twin(x, **self.options, **({"initial_state": state} if state else {}))
        return y

    def output_mask(self, inputs) -> np.ndarray | None:
        if not self.twin.supports_masking:
            return None
        keras, _ = oracle.load()
        x = rebuild(self.x, [keras.ops.convert_to_tensor(a) for a in inputs[: len(flatten(self.x))]])
        found = next(iter(flatten(self.twin.compute_mask(x, self.mask))), None)
        return None if found is None else keras.ops.convert_to_numpy(found)

    def run(self, inputs, weights, dys) -> Run:
        for variable, value in zip(self.twin.weights, weights, strict=True):
            variable.assign(value)
        updated = self.twin.non_trainable_variables
        outputs, gradients = oracle.vjp(self.call, inputs, dys, self.twin.trainable_weights, updated)
        mask = self.output_mask(inputs)
        frozen = {id(v) for v in self.layer.non_trainable_weights}
        after = [
            oracle.as_numpy(theirs) for ours, theirs in zip(self.layer.weights, self.twin.weights) if id(ours) in frozen
        ]
        if gradients is not None and all(map(fits_float32, outputs)):  # then the gradients are not known better
            gradients = [g if g is None else g.astype(np.float32).astype(g.dtype) for g in gradients]
        if gradients is None:
            return Run(outputs, mask, None, [], after)
        return Run(outputs, mask, gradients[: len(inputs)], gradients[len(inputs) :], after)


def compare_all(report: Report, names, got: list, expected: list, moved: list, terms: float, size=0.0) -> None:
    """Add a row for each name. Where Keras has None (the gradient at an integer, say) there is nothing to compare."""
    if len(got) != len(names) or len(expected) != len(names):
        report.add(Row(names[0] if names else "dL/dx", "", cause=f"{len(got)} arrays, Keras has {len(expected)}"))
        return
    for name, ours, theirs, near in zip(names, got, expected, moved):
        if theirs is not None:
            report.add(compare(name, ours, theirs, change(theirs, near), terms, size))


def compare_gradients(report: Report, layer: Layer, got: list, expected: list, moved: list, terms, size) -> None:
    """Add a row for each trainable weight; ``terms`` products are summed over the numbers along the last axis."""
    variables = layer.trainable_weights
    if not len(variables) == len(got) == len(expected):
        cause = f"{len(got)} gradients for {len(variables)} weights, Keras has {len(expected)}"
        report.add(Row("dL/dw", layer.dtype, cause=cause))
        return
    for v, ours, theirs, near in zip(variables, got, expected, moved):
        n = terms / max(1, v.shape[-1] if v.shape else 1)
        report.add(compare(f"dL/d{short(layer, v)}", ours, theirs, change(theirs, near), n, size))


def compare_masks(got, expected) -> Row:
    """Our output mask against Keras's: both None, or the same booleans."""
    if got is None and expected is None:
        return Row("mask", "bool", error=0.0, relative=0.0)
    if got is None or expected is None:
        there = "Keras has none" if expected is None else "Keras has one"
        return Row("mask", "bool", cause=f"{'no mask' if got is None else 'a mask'}, {there}")
    return compare("mask", np.asarray(got), np.asarray(expected))


def numbered(name: str, items: list) -> list[str]:
    """``name`` for one item, ``name[0]``, ``name[1]``, … for several."""
    return [name] if len(items) == 1 else [f"{name}[{i}]" for i in range(len(items))]


def short(layer: Layer, variable) -> str:
    """The variable's name, with the layer it lies in where the name alone is not unique."""
    names = [v.name for v in layer.weights]
    return variable.name if names.count(variable.name) == 1 else variable.path


def as_input(x, dtype: str) -> np.ndarray:
    """``x`` as an array; floating-point numbers in ``dtype``, integers and booleans as they are."""
    x = np.asarray(x)
    return x.astype(dtype) if x.dtype.kind == "f" else x


def reset_state(layer) -> None:
    """Back to the zero state, for a stateful recurrent layer of either library."""
    if getattr(layer, "stateful", False):
        layer.reset_state()
