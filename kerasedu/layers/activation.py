"""Activations as layers of their own: ``Activation`` and those with options."""

from __future__ import annotations

import numpy as np

from kerasedu import activations, ops
from kerasedu.activations import ActivationFunction
from kerasedu.layers.activated import ActivatedLayer
from kerasedu.layers.layer import Layer

MASKED_LOGIT = -1e9  # what Softmax puts in place of a masked x: e to this power is 0


class Activation(ActivatedLayer):
    """y = f(x), number by number (softmax: vector by vector along the last axis).

    Arguments:
        activation: f, a name in ``kerasedu.activations`` or a function.

    Source: https://keras.io/api/layers/core_layers/activation/
    """

    supports_masking = True

    def __init__(self, activation, **kwargs):
        super().__init__(activation=activation, **kwargs)

    def linear(self, x, training=False, mask=None):
        return x, None

    def linear_backward(self, dz, cache):
        return dz


class FunctionLayer(Layer):
    """y = f(x), with the activation f that the subclass keeps in ``_f``."""

    supports_masking = True
    _f: ActivationFunction

    def call(self, x, training=False, mask=None):
        y = self._f(x)
        return y, (x, y)

    def call_backward(self, dy, cache):
        x, y = cache
        return self._f.backward(dy, x, y), []


class ReLU(FunctionLayer):
    """y = max(x, 0); with options, y = min(x, m) for x > t and s (x - t) otherwise.

    Arguments:
        max_value: m; None for no upper bound.
        negative_slope: s.
        threshold: t.

    Source: https://keras.io/api/layers/activation_layers/relu/
    """

    def __init__(self, max_value: float | None = None, negative_slope: float = 0.0, threshold: float = 0.0, **kwargs):
        super().__init__(**kwargs)
        if max_value is not None:
            self._check_not_negative("max_value", max_value)
        self._check_not_negative("negative_slope", negative_slope)
        self._check_not_negative("threshold", threshold)
        self.max_value = max_value
        self.negative_slope = negative_slope
        self.threshold = threshold
        options = {"negative_slope": negative_slope, "max_value": max_value, "threshold": threshold}
        self._f = ActivationFunction(ops.relu, ops.relu_backward, **options)

    def _check_not_negative(self, name: str, value) -> None:
        if value is None or value < 0:
            raise ValueError(f"{self} expected {name} to be 0 or more, got {value!r}")


class LeakyReLU(FunctionLayer):
    """y = x for x > 0, and s x otherwise.

    Arguments:
        negative_slope: s. By default 0.3, whereas the function ``activations.leaky_relu`` has 0.2, as in Keras.

    Source: https://keras.io/api/layers/activation_layers/leaky_relu/
    """

    def __init__(self, negative_slope: float = 0.3, **kwargs):
        super().__init__(**kwargs)
        if negative_slope is None or negative_slope < 0:
            raise ValueError(f"{self} expected negative_slope to be 0 or more, got {negative_slope!r}")
        self.negative_slope = negative_slope
        self._f = ActivationFunction(ops.leaky_relu, ops.leaky_relu_backward, negative_slope=negative_slope)


class ELU(FunctionLayer):
    """y = x for x > 0, and α (eˣ - 1) otherwise.

    Arguments:
        alpha: α.

    Source: https://keras.io/api/layers/activation_layers/elu/
    """

    def __init__(self, alpha: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        self.alpha = alpha
        self._f = ActivationFunction(ops.elu, ops.elu_backward, alpha=alpha)


class Softmax(FunctionLayer):
    """yᵢ = e^xᵢ / Σⱼ e^xⱼ: positive numbers with the sum 1.

    With a mask, masked numbers have y = 0 and no part in the sum. The mask is not one of time steps: it has the shape
    of x, or one that broadcasts to it.

    Arguments:
        axis: the axis of i and j; a list for several axes together.

    Source: https://keras.io/api/layers/activation_layers/softmax/
    """

    def __init__(self, axis: int | list[int] = -1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis
        axes = tuple(axis) if isinstance(axis, (list, tuple)) else axis
        self._f = ActivationFunction(ops.softmax, ops.softmax_backward, axis=axes)

    def call(self, x, training=False, mask=None):
        if mask is None:
            y, cache = super().call(x)
            return y, (*cache, None)
        counts = self._counts(mask, x.shape)
        y, cache = super().call(np.where(counts, x, x.dtype.type(MASKED_LOGIT)))
        return np.where(counts, y, x.dtype.type(0)), (*cache, counts)

    def call_backward(self, dy, cache):
        *cache, counts = cache
        if counts is None:
            return super().call_backward(dy, cache)
        zero = dy.dtype.type(0)
        dx, _ = super().call_backward(np.where(counts, dy, zero), cache)
        return np.where(counts, dx, zero), []

    def logits(self, cache):
        """x, from which Keras computes a cross-entropy; but not with a mask, nor along several axes."""
        x, _, counts = cache
        several = isinstance(self.axis, (list, tuple)) and len(self.axis) > 1
        return None if several or counts is not None else (activations.softmax, x)

    def logits_backward(self, dz, cache):
        return dz, []

    def _counts(self, mask, shape: tuple[int, ...]) -> np.ndarray:
        mask = np.asarray(mask)
        lengths = zip(reversed(mask.shape), reversed(shape))
        if mask.ndim > len(shape) or any(length not in (1, whole) for length, whole in lengths):
            raise self.wrong_input(f"a mask that broadcasts to the input's shape {shape}", f"shape {mask.shape}")
        return mask if mask.dtype == bool else mask > 0.5
