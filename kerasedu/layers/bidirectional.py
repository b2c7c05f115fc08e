"""``Bidirectional``: one recurrent layer reads the sequence forwards, another backwards."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.layers.layer import Layer
from kerasedu.layers.serialization import deserialize
from kerasedu.layers.states import as_gradients, flatten

MERGE_MODES = ("concat", "sum", "mul", "ave", None)
NEEDED = ("go_backwards", "stateful", "return_sequences", "return_state")


class Bidirectional(Layer):
    """y = merge(forward(x), backward(x)), with the outputs of the backward layer in the order of the input.

    Both layers are new ones, made from the configuration of ``layer``; weights that it has are not taken over. With
    ``return_sequences`` the outputs of masked steps are zero.

    Shapes: x (batch, time, d). With ``merge_mode`` "concat" y is (batch, [time,] 2 units), for "sum", "mul" and "ave"
    (the mean) (batch, [time,] units); None returns a list of two. With ``return_state`` the states of the forward layer
    follow, then those of the backward layer; ``initial_state`` has the same order.

    Arguments:
        layer: a recurrent layer, or one with the attributes ``go_backwards``, ``return_sequences``, ``return_state``
            and ``stateful``.
        merge_mode: how the two outputs are combined.
        backward_layer: the layer that reads backwards, with ``go_backwards=True``, if it is to differ; used as it is.

    Raises:
        ValueError: an unknown merge mode, or two layers that do not go together.

    Source: https://keras.io/api/layers/recurrent_layers/bidirectional/
    """

    supports_masking = True

    def __init__(self, layer: Any, merge_mode: str | None = "concat", backward_layer: Any = None, **kwargs):
        layer, backward_layer = deserialize(layer), deserialize(backward_layer)
        for name, value in (("layer", layer), ("backward_layer", backward_layer or layer)):
            if not isinstance(value, Layer) or not all(hasattr(value, attribute) for attribute in NEEDED):
                raise ValueError(f"Bidirectional expected {name} to be a recurrent layer, got {value!r}")
        if merge_mode not in MERGE_MODES:
            raise ValueError(f"Bidirectional: merge_mode is one of {MERGE_MODES}, got {merge_mode!r}")
        super().__init__(**{"dtype": layer.dtype, **kwargs})
        self.forward_layer = _again(layer, "forward_")
        self.backward_layer = backward_layer or _again(layer, "backward_", go_backwards=True)
        _check_pair(self.forward_layer, self.backward_layer)
        self.layer = self.forward_layer
        self.merge_mode = merge_mode
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self.stateful = layer.stateful
        self.input_spec = layer.input_spec
        self._layers = [self.forward_layer, self.backward_layer]
        for one in self._layers:
            one.zero_output_for_mask = layer.return_sequences

    def build(self, input_shape):
        for layer in self._layers:
            layer._ensure_built(input_shape)
            for variable in layer.weights:
                variable.path = f"{self.name}/{variable.path}"

    def call(self, x, training=False, mask=None, initial_state=None):
        states = flatten(initial_state)
        half = len(states) // 2
        ys, caches, last = [], [], []
        for layer, own in zip(self._layers, (states[:half], states[half:])):
            y, cache = layer.propagate(x, training, mask, initial_state=own if states else None)
            y, *after = flatten(y)
            ys.append(y)
            caches.append(cache)
            last += after
        if self.return_sequences:
            ys[1] = ys[1][:, ::-1]
        outputs = [*self._merge(*ys), *(last if self.return_state else [])]
        return outputs if len(outputs) > 1 else outputs[0], (ys, caches, [y.shape for y in outputs], bool(states))

    def call_backward(self, dy, cache):
        ys, caches, shapes, has_initial_state = cache
        merged = 2 if self.merge_mode is None else 1
        dys = as_gradients(self, dy, shapes)
        d_outputs, d_states = self._merge_backward(dys[:merged], *ys), dys[merged:]
        if self.return_sequences:
            d_outputs[1] = d_outputs[1][:, ::-1]
        half = len(d_states) // 2
        dx, d_initial, gradients = 0, [], []
        for layer, d_output, d_last, layer_cache in zip(
            self._layers, d_outputs, (d_states[:half], d_states[half:]), caches
        ):
            d_inputs, of_layer = layer.backpropagate([d_output, *d_last] if d_last else d_output, layer_cache)
            d_inputs = flatten(d_inputs)
            dx = dx + d_inputs[0]
            d_initial += d_inputs[1:]
            gradients += of_layer
        return [dx, *d_initial] if has_initial_state else dx, gradients

    def _merge(self, y, z) -> list[np.ndarray]:
        if self.merge_mode == "concat":
            return [np.concatenate([y, z], axis=-1)]
        if self.merge_mode == "sum":
            return [y + z]
        if self.merge_mode == "mul":
            return [y * z]
        if self.merge_mode == "ave":
            return [(y + z) / 2]
        return [y, np.ascontiguousarray(z)]

    def _merge_backward(self, d: list[np.ndarray], y, z) -> list[np.ndarray]:
        if self.merge_mode == "concat":
            return np.split(d[0], [y.shape[-1]], axis=-1)
        if self.merge_mode == "sum":
            return [d[0], d[0]]
        if self.merge_mode == "mul":
            return [d[0] * z, d[0] * y]
        if self.merge_mode == "ave":
            return [d[0] / 2, d[0] / 2]
        return list(d)

    def compute_output_shape(self, input_shape):
        y, *states = _as_shapes(self.forward_layer.compute_output_shape(input_shape))
        z, *more = _as_shapes(self.backward_layer.compute_output_shape(input_shape))
        shapes = (
            [(*y[:-1], y[-1] + z[-1])] if self.merge_mode == "concat" else [y, z] if self.merge_mode is None else [y]
        )
        shapes += [*states, *more]
        return shapes if len(shapes) > 1 else shapes[0]

    def compute_mask(self, x, mask=None):
        of_output = mask if self.return_sequences else None
        outputs = self.compute_output_shape(np.shape(x))
        if not isinstance(outputs, list):
            return of_output
        merged = 2 if self.merge_mode is None else 1
        return [of_output] * merged + [None] * (len(outputs) - merged)

    @property
    def states(self) -> list[np.ndarray] | None:
        """The states of both layers, if they are stateful and have been called."""
        states = [*flatten(self.forward_layer.states), *flatten(self.backward_layer.states)]
        return states or None

    def reset_state(self) -> None:
        """Start from zeros again (``stateful=True``)."""
        for layer in self._layers:
            layer.reset_state()


def _again(layer: Layer, prefix: str, **changes) -> Layer:
    """A new layer with the same arguments, named after its direction."""
    name = prefix + layer.name.removeprefix(prefix)
    return type(layer).from_config({**layer.get_config(), **changes, "name": name})


def _check_pair(forward: Layer, backward: Layer) -> None:
    if forward.go_backwards == backward.go_backwards:
        raise ValueError(
            f"Bidirectional: both layers have go_backwards={forward.go_backwards}; one must go the other way"
        )
    for attribute in NEEDED[1:]:
        one, other = getattr(forward, attribute), getattr(backward, attribute)
        if one != other:
            raise ValueError(f"Bidirectional: layer has {attribute}={one}, backward_layer has {attribute}={other}")


def _as_shapes(shape) -> list:
    return shape if isinstance(shape, list) else [shape]
