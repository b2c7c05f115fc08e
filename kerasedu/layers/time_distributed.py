"""``TimeDistributed``: the same layer at every time step."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.layers.serialization import deserialize


class TimeDistributed(Layer):
    """y[:, t] = layer(x[:, t]) for every time step t.

    The weights are the same at every step, so their gradients are sums over the steps. The steps are taken one after
    the other, as in Keras; that matters for layers whose result depends on the batch, such as BatchNormalization.

    Shapes: x (batch, time, …), y (batch, time, …); ``mask`` (batch, time, …), of which each step gets its part.

    Arguments:
        layer: the layer, for one time step.

    Source: https://keras.io/api/layers/recurrent_layers/time_distributed/
    """

    supports_masking = True

    def __init__(self, layer: Any, **kwargs):
        layer = deserialize(layer)
        if not isinstance(layer, Layer):
            raise ValueError(f"TimeDistributed expected a layer, got {layer!r}")
        super().__init__(**{"dtype": layer.dtype, **kwargs})
        self.layer = layer
        self._layers = [layer]
        self.input_spec = InputSpec(min_ndim=3)

    def build(self, input_shape):
        self.layer._ensure_built(_without_time(input_shape))

    def call(self, x, training=False, mask=None):
        if x.shape[1] == 0:
            raise self.wrong_input("at least one time step", f"shape {x.shape}")
        if mask is not None and np.shape(mask)[:2] != x.shape[:2]:
            raise self.wrong_input(f"a mask of shape {x.shape[:2]}, one entry per time step", f"{np.shape(mask)}")
        masks = [None] * x.shape[1] if mask is None else np.moveaxis(np.asarray(mask), 1, 0)
        steps = [self.layer.propagate(x[:, t], training, masks[t]) for t in range(x.shape[1])]
        return np.stack([y for y, _ in steps], axis=1), [cache for _, cache in steps]

    def call_backward(self, dy, cache):
        steps = [self.layer.backpropagate(dy[:, t], step_cache) for t, step_cache in enumerate(cache)]
        gradients = [sum(of_weight) for of_weight in zip(*(gradients for _, gradients in steps))]
        return np.stack([dx for dx, _ in steps], axis=1), gradients

    def compute_output_shape(self, input_shape):
        batch, *rest = self.layer.compute_output_shape(_without_time(input_shape))
        return (batch, input_shape[1], *rest)

    def _as_input(self, x):
        return self.layer._as_input(x)


def _without_time(shape: tuple) -> tuple:
    return (shape[0], *shape[2:])
