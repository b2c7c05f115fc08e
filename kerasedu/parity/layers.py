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
from kerasedu.parity.tolerance import perturb
from kerasedu.parity.translate import twin


def check_layer(
    report: Report, layer: Layer, x, *, training=False, mask=None, initial_state=None, calls=1, seed=0
) -> None:
    """Compare y, the output mask, dL/dx, dL/dw and the weights after the call, for a random dL/dy drawn from ``seed``.

    A random dL/dy tests the whole Jacobian at once: a wrong entry anywhere changes the product with probability one.
    """
    x = map_leaves(lambda a: as_input(a, layer.dtype), x)
    state = [as_input(item, layer.dtype) for item in flatten(initial_state)]
    options = {"training": training, "mask": mask, **({"initial_state": state} if state else {})}
    if not layer.built:
        layer(x, **{**options, "training": False})
    weights = layer.get_weights()
    reset_state(layer)

    for _ in range(calls):
        y = layer.forward(x, **options)
    ys = [np.asarray(item) for item in flatten(y)]
    rng = np.random.default_rng(seed)
    dys = [rng.standard_normal(item.shape).astype(item.dtype) for item in ys]
    dx = flatten(layer.backward(rebuild(y, dys)))
    after = {v.path: v.numpy() for v in layer.non_trainable_weights}
    layer.set_weights(weights)
    reset_state(layer)

    other = LayerTwin(layer, x, {"training": training, "mask": mask}, calls)
    inputs = [*flatten(x), *state]
    expected = other.run(inputs, weights, dys)
    moved = other.run([perturb(a) for a in inputs], [perturb(w) for w in weights], [perturb(dy) for dy in dys])

    batch = max(1, len(inputs[0]))
    per_sample_in, per_sample_out = sum(a.size for a in inputs) / batch, sum(a.size for a in ys) / batch
    compare_all(report, numbered("y", ys), ys, expected.outputs, moved.outputs, per_sample_in)
    if mask is not None or expected.mask is not None:
        report.add(compare_masks(layer.compute_mask(x, mask), expected.mask))
    if expected.inputs is None:
        return
    names = [*numbered("dL/dx", flatten(x)), *numbered("dL/dstate", state)]
    compare_all(report, names, dx, expected.inputs, moved.inputs, per_sample_out)
    compare_gradients(report, layer, expected.weights, moved.weights, batch * max(per_sample_in, per_sample_out))
    for v in layer.non_trainable_weights:
        report.add(
            compare(f"{short(layer, v)} after", after[v.path], expected.after[v.path], moved.after[v.path], batch)
        )


@dataclass
class Run:
    """What one call of the twin gives: outputs, gradients, and the non-trainable weights afterwards."""

    outputs: list[np.ndarray]
    mask: np.ndarray | None
    inputs: list[np.ndarray | None] | None
    weights: list[np.ndarray]
    after: dict[str, np.ndarray]


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
        for _ in range(self.calls):
            y = self.twin(x, **self.options, **({"initial_state": state} if state else {}))
        self.output_mask = self.twin.compute_mask(x, self.mask) if self.twin.supports_masking else None
        return y

    def run(self, inputs, weights, dys) -> Run:
        for variable, value in zip(self.twin.weights, weights, strict=True):
            variable.assign(value)
        outputs, gradients = oracle.vjp(self.call, inputs, dys, self.twin.trainable_weights)
        pairs = {v.path: theirs for v, theirs in zip(self.layer.weights, self.twin.weights)}
        after = {v.path: pairs[v.path].numpy() for v in self.layer.non_trainable_weights}
        if gradients is None:
            return Run(outputs, self.output_mask, None, [], after)
        return Run(outputs, self.output_mask, gradients[: len(inputs)], gradients[len(inputs) :], after)


def compare_all(report: Report, names: list[str], got: list, expected: list, moved: list, terms: float) -> None:
    """Add a row for each name. Where Keras has None (the gradient at an integer, say) there is nothing to compare."""
    if len(got) != len(names) or len(expected) != len(names):
        report.add(Row(names[0], "", cause=f"{len(got)} arrays, Keras has {len(expected)}"))
        return
    for name, ours, theirs, near in zip(names, got, expected, moved):
        if theirs is not None:
            report.add(compare(name, ours, theirs, near, terms))


def compare_gradients(report: Report, layer: Layer, expected: list, moved: list, terms: float) -> None:
    """Add a row for each of ``layer.grads``; ``terms`` products are summed over the numbers along the last axis."""
    variables = layer.trainable_weights
    if not len(variables) == len(layer.grads) == len(expected):
        cause = f"{len(layer.grads)} gradients for {len(variables)} weights, Keras has {len(expected)}"
        report.add(Row("dL/dw", layer.dtype, cause=cause))
        return
    for v, got, want, near in zip(variables, layer.grads, expected, moved):
        report.add(compare(f"dL/d{short(layer, v)}", got, want, near, terms / max(1, v.shape[-1] if v.shape else 1)))


def compare_masks(got, expected) -> Row:
    """Our output mask against Keras's: both None, or the same booleans."""
    got, expected = (next(iter(flatten(mask)), None) for mask in (got, expected))
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
