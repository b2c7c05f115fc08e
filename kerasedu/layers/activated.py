"""``ActivatedLayer``: a linear part z and an activation, y = f(z)."""

from __future__ import annotations

from kerasedu import activations
from kerasedu.layers.layer import Layer


class ActivatedLayer(Layer):
    """A layer that ends in an activation: y = f(z).

    A subclass computes z in ``linear`` and its derivative in two parts, ``linear_backward`` and ``linear_gradients``.
    Training uses the seam between z and f to join softmax with cross-entropy, and sigmoid with binary cross-entropy,
    into one stable expression.

    Arguments:
        activation: f, a name in ``kerasedu.activations``, a function, or None for f(z) = z.
    """

    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def linear(self, x, training=False, mask=None):
        """z and the cache that ``linear_backward`` needs."""
        raise NotImplementedError

    def linear_backward(self, dz, cache):
        """dL/dx from dz = dL/dz."""
        raise NotImplementedError

    def linear_gradients(self, dz, cache) -> list:
        """The gradients of the weights from dz = dL/dz."""
        return []

    def call(self, x, training=False, mask=None):
        z, cache = self.linear(x, training, mask)
        y = self.activation(z)
        return y, (z, y, cache)

    def call_backward(self, dy, cache):
        z, y, _ = cache
        return self.logits_backward(self.activation.backward(dy, z, y), cache)

    def logits(self, cache):
        z, _, _ = cache
        return self.activation, z

    def logits_backward(self, dz, cache):
        """As ``call_backward``, from dz = dL/dz."""
        _, _, linear_cache = cache
        return self.linear_backward(dz, linear_cache), self.linear_gradients(dz, linear_cache)

    def weight_gradients(self, dy, cache, at_logits=False):
        if not self.trainable:
            return []
        z, y, linear_cache = cache
        dz = self._as_dtype(dy)
        return self.linear_gradients(dz if at_logits else self.activation.backward(dz, z, y), linear_cache)
