"""``Masking``: which time steps are padding."""

from __future__ import annotations

import numpy as np

from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer


class Masking(Layer):
    """Masks the time steps at which all features equal ``mask_value``; the layers behind skip them.

    The output is x with zeros at masked steps, whatever ``mask_value`` is, and so is the gradient. A mask that comes
    in is replaced, not combined, as in Keras.

    Shapes: x and y (batch, time, …), mask (batch, time, …) without the last axis, True where a step counts.

    Arguments:
        mask_value: the value that stands for padding.

    Source: https://keras.io/api/layers/core_layers/masking/
    """

    supports_masking = True

    def __init__(self, mask_value: float = 0.0, **kwargs):
        super().__init__(**kwargs)
        self.mask_value = mask_value
        self.input_spec = InputSpec(min_ndim=2)

    def call(self, x, training=False, mask=None):
        counts = self.compute_mask(x)[..., None]
        return np.where(counts, x, 0).astype(self.dtype, copy=False), counts

    def call_backward(self, dy, cache):
        counts = cache
        return np.where(counts, dy, 0).astype(self.dtype, copy=False), []

    def compute_mask(self, x, mask=None):
        return np.any(np.asarray(x) != self.mask_value, axis=-1)
