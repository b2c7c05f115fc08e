"""Global pooling layers: from each channel its largest number, or its mean."""

from __future__ import annotations

import math

import numpy as np

from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.ops.data_format import shape_channels_last, standardize_data_format


class GlobalPooling(Layer):
    """One number for each sample and channel; ``rank`` is the number of spatial axes.

    Arguments:
        data_format: ``"channels_first"`` if x is (batch, channels, …).
        keepdims: whether the spatial axes stay, with length 1.
    """

    rank: int

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format, f"{self}: data_format")
        self.keepdims = keepdims
        first = 1 if self.data_format == "channels_last" else 2
        self._axes = tuple(range(first, first + self.rank))
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def compute_output_shape(self, input_shape):
        kept = [1 if axis in self._axes else n for axis, n in enumerate(input_shape)]
        return tuple(n for axis, n in enumerate(kept) if self.keepdims or axis not in self._axes)

    def _squeeze(self, y: np.ndarray) -> np.ndarray:
        return y if self.keepdims else y.squeeze(self._axes)

    def _unsqueeze(self, dy: np.ndarray) -> np.ndarray:
        return dy if self.keepdims else np.expand_dims(dy, self._axes)

    def _check_places(self, x: np.ndarray) -> None:
        if 0 in (x.shape[axis] for axis in self._axes):
            raise self.wrong_input("at least one place to pool over", f"shape {x.shape}")


class GlobalMax(GlobalPooling):
    """y = max x over all places. Where several x are largest, dy goes to them in equal parts, as in TensorFlow."""

    def call(self, x, training=False, mask=None):
        self._check_places(x)
        y = x.max(self._axes, keepdims=True)
        return self._squeeze(y), (x, y)

    def call_backward(self, dy, cache):
        x, y = cache
        largest = x == y
        share = self._unsqueeze(dy) / largest.sum(self._axes, keepdims=True, dtype=x.dtype)
        return np.where(largest, share, x.dtype.type(0)), []


class GlobalMaxPooling1D(GlobalMax):
    """y[c] = max over t of x[t, c]: whether, and how strongly, a feature appears at any time.

    Shapes: x (batch, time, channels), y (batch, channels). Arguments: see ``GlobalPooling``.

    Unlike ``MaxPooling1D``, several largest x share the gradient; so they do in Keras.

    Source: https://keras.io/api/layers/pooling_layers/global_max_pooling1d/
    """

    rank = 1


class GlobalMaxPooling2D(GlobalMax):
    """y[c] = max over i, j of x[i, j, c]: whether, and how strongly, a feature appears at any place.

    Shapes: x (batch, height, width, channels), y (batch, channels). Arguments: see ``GlobalPooling``.

    Unlike ``MaxPooling2D``, several largest x share the gradient; so they do in Keras.

    Source: https://keras.io/api/layers/pooling_layers/global_max_pooling2d/
    """

    rank = 2


class GlobalAverage(GlobalPooling):
    """y = mean of x over all places, each of which gets an equal share of dy."""

    def call(self, x, training=False, mask=None):
        self._check_places(x)
        share = 1 / math.prod(x.shape[axis] for axis in self._axes)
        return self._squeeze(x.mean(self._axes, keepdims=True)), (x.shape, share)

    def call_backward(self, dy, cache):
        shape, share = cache
        return np.broadcast_to(self._unsqueeze(dy) * share, shape).copy(), []


class GlobalAveragePooling1D(GlobalAverage):
    """y[c] = mean over t of x[t, c]; with a mask, of the steps that count.

    A sample without any step that counts gives NaN, as in Keras. The output has no mask.

    Shapes: x (batch, time, channels), mask (batch, time), y (batch, channels). Arguments: see ``GlobalPooling``.

    Source: https://keras.io/api/layers/pooling_layers/global_average_pooling1d/
    """

    rank = 1
    supports_masking = True

    def call(self, x, training=False, mask=None):
        if mask is None:
            return super().call(x)
        self._check_places(x)
        steps = shape_channels_last(x.shape, self.data_format)[:2]
        if np.shape(mask) != steps:
            raise self.wrong_input(f"a mask of shape {steps}, one entry per time step", f"{np.shape(mask)}")
        counts = np.expand_dims(np.asarray(mask, dtype=bool), 1 if self.data_format == "channels_first" else 2)
        total = counts.sum(self._axes, keepdims=True, dtype=x.dtype)
        with np.errstate(divide="ignore", invalid="ignore"):
            y = np.where(counts, x, x.dtype.type(0)).sum(self._axes, keepdims=True) / total
            share = np.where(counts, 1 / total, x.dtype.type(0))
        return self._squeeze(y), (x.shape, share)

    def compute_mask(self, x, mask=None):
        return None


class GlobalAveragePooling2D(GlobalAverage):
    """y[c] = mean over i, j of x[i, j, c].

    Shapes: x (batch, height, width, channels), y (batch, channels). Arguments: see ``GlobalPooling``.

    Source: https://keras.io/api/layers/pooling_layers/global_average_pooling2d/
    """

    rank = 2
