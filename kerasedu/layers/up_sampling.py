"""``UpSampling2D``: a larger image, its new pixels repeated or interpolated."""

from __future__ import annotations

import numpy as np

from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.ops.data_format import (
    from_channels_last,
    shape_channels_last,
    shape_from_channels_last,
    standardize_data_format,
    to_channels_last,
)
from kerasedu.ops.windows import Lengths, as_lengths


class UpSampling2D(Layer):
    """y is x with more rows and columns: m of each row, n of each column.

    ``"nearest"`` repeats them. ``"bilinear"`` draws straight lines between the centres of neighbouring pixels: pixel i
    of y has its centre at u = (i + ½) / m - ½ in x, and y[i] = (1 - t) x[⌊u⌋] + t x[⌊u⌋ + 1], with t = u - ⌊u⌋, for the
    rows and then for the columns. Beyond the outermost centres, x goes on with the same value. (In float64 this is more
    exact than Keras, where TensorFlow interpolates in float32.)

    Shapes: x (batch, height, width, channels), y (batch, m · height, n · width, channels).

    Arguments:
        size: (m, n), or one number for both.
        data_format: ``"channels_first"`` if x and y are (batch, channels, height, width).
        interpolation: ``"nearest"`` or ``"bilinear"``.

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling2d/
    """

    def __init__(
        self, size: Lengths = (2, 2), data_format: str | None = None, interpolation: str = "nearest", **kwargs
    ):
        super().__init__(**kwargs)
        self.size = as_lengths(size, 2, f"{self}: size")
        self.data_format = standardize_data_format(data_format, f"{self}: data_format")
        self.interpolation = str(interpolation).lower()
        if self.interpolation not in ("nearest", "bilinear"):
            raise ValueError(f"{self} expected interpolation to be 'nearest' or 'bilinear', got {interpolation!r}")
        self.input_spec = InputSpec(ndim=4)

    def call(self, x, training=False, mask=None):
        stretch = np.repeat if self.interpolation == "nearest" else _interpolate
        y = to_channels_last(x, self.data_format)
        for axis, times in enumerate(self.size, start=1):
            y = stretch(y, times, axis)
        return from_channels_last(y, self.data_format), None

    def call_backward(self, dy, cache):
        shrink = _add_up if self.interpolation == "nearest" else _interpolate_backward
        dx = to_channels_last(dy, self.data_format)
        for axis, times in enumerate(self.size, start=1):
            dx = shrink(dx, times, axis)
        return from_channels_last(dx, self.data_format), []

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = shape_channels_last(input_shape, self.data_format)
        out = (None if n is None else n * times for n, times in zip((height, width), self.size))
        return shape_from_channels_last((batch, *out, channels), self.data_format)


def _add_up(dy: np.ndarray, times: int, axis: int) -> np.ndarray:
    """The derivative of ``np.repeat``: what belongs to one x, added up."""
    shape = (*dy.shape[:axis], dy.shape[axis] // times, times, *dy.shape[axis + 1 :])
    return dy.reshape(shape).sum(axis + 1)


def _interpolate(x: np.ndarray, times: int, axis: int) -> np.ndarray:
    """(1 - t) x[below] + t x[above] along ``axis``."""
    x = np.moveaxis(x, axis, 0)
    below, above, t = _neighbours(x, len(x), times)
    return np.moveaxis((1 - t) * x[below] + t * x[above], 0, axis)


def _interpolate_backward(dy: np.ndarray, times: int, axis: int) -> np.ndarray:
    """The derivative of ``_interpolate``: dy goes to both neighbours, with the weight of each."""
    dy = np.moveaxis(dy, axis, 0)
    n = len(dy) // times
    below, above, t = _neighbours(dy, n, times)
    dx = np.zeros((n, *dy.shape[1:]), dy.dtype)
    np.add.at(dx, below, (1 - t) * dy)
    np.add.at(dx, above, t * dy)
    return np.moveaxis(dx, 0, axis)


def _neighbours(like: np.ndarray, n: int, times: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each of n · times new places, the old places below and above it, and t, in a shape that broadcasts."""
    u = (np.arange(n * times) + 0.5) / times - 0.5
    below = np.floor(u).astype(int)
    t = (u - below).astype(like.dtype).reshape(-1, *[1] * (like.ndim - 1))
    return below.clip(0), (below + 1).clip(max=n - 1), t
