"""``ActivatedLayer``: a linear part z and an activation, y = f(z)."""

from __future__ import annotations

from kerasedu import activations
from kerasedu.layers.layer import Layer


class ActivatedLayer(Layer):
    """A layer that ends in an activation: y = f(z).

    A subclass computes z in ``linear`` and its derivative in ``linear_backward``. Training uses the seam between z
    and f to join softmax with cross-entropy, and sigmoid with binary cross-entropy, into one stable expression.

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
        """dL/dx and the gradients of the weights from dz = dL/dz."""
        raise NotImplementedError

    def call(self, x, training=False, mask=None):
        z, cache = self.linear(x, training, mask)
        y = self.activation(z)
        return y, (z, y, cache)

    def call_backward(self, dy, cache):
        z, y, linear_cache = cache
        return self.linear_backward(self.activation.backward(dy, z, y), linear_cache)

    def logits(self, cache):
        z, _, _ = cache
        return self.activation, z

    def logits_backward(self, dz, cache):
        """As ``call_backward``, from dz = dL/dz."""
        _, _, linear_cache = cache
        return self.linear_backward(dz, linear_cache)
