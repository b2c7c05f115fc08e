"""``ZeroPadding2D``: a frame of zeros around an image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.ops.data_format import standardize_data_format


class ZeroPadding2D(Layer):
    """y is x with rows and columns of zeros around it; dL/dx is dy without them.

    Shapes: x (batch, height, width, channels), y (batch, top + height + bottom, left + width + right, channels).

    Arguments:
        padding: ((top, bottom), (left, right)); or (rows, columns), the same on opposite sides; or one number.
        data_format: ``"channels_first"`` if x and y are (batch, channels, height, width).

    Source: https://keras.io/api/layers/reshaping_layers/zero_padding2d/
    """

    def __init__(self, padding: int | Sequence = (1, 1), data_format: str | None = None, **kwargs):
        super().__init__(**kwargs)
        sides = _twice(padding)
        self.padding = tuple(_twice(side) for side in sides) if len(sides) == 2 else ()
        lengths = [n for side in self.padding for n in side]
        if len(lengths) != 4 or not all(isinstance(n, (int, np.integer)) and n >= 0 for n in lengths):
            raise ValueError(
                f"{self} expected padding to be a number, a pair, or ((top, bottom), (left, right)), 0 or more each, "
                f"got {padding!r}"
            )
        self.data_format = standardize_data_format(data_format, f"{self}: data_format")
        self.input_spec = InputSpec(ndim=4)

    def call(self, x, training=False, mask=None):
        return np.pad(x, self._amounts()), x.shape

    def call_backward(self, dy, cache):
        shape = cache
        return dy[tuple(slice(before, before + n) for (before, _), n in zip(self._amounts(), shape))], []

    def compute_output_shape(self, input_shape):
        each = zip(input_shape, self._amounts())
        return tuple(None if n is None else n + before + after for n, (before, after) in each)

    def _amounts(self) -> tuple[tuple[int, int], ...]:
        """(before, after) for each axis of x."""
        last = self.data_format == "channels_last"
        return ((0, 0), *self.padding, (0, 0)) if last else ((0, 0), (0, 0), *self.padding)


def _twice(value: Any) -> tuple:
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)
