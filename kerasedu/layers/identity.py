"""``Identity``: a layer that does nothing."""

from __future__ import annotations

from kerasedu.layers.layer import Layer


class Identity(Layer):
    """y = x. A place-holder, where a model's code wants a layer.

    Source: https://keras.io/api/layers/core_layers/identity/
    """

    supports_masking = True

    def call(self, x, training=False, mask=None):
        return x, None

    def call_backward(self, dy, cache):
        return dy, []
