"""Pooling layers: from each window its largest number, or its mean."""

from __future__ import annotations

from collections.abc import Callable

from kerasedu import ops
from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.ops.data_format import shape_channels_last, shape_from_channels_last, standardize_data_format
from kerasedu.ops.windows import Lengths, as_lengths, output_lengths, standardize_padding


class Pooling(Layer):
    """y = ``pool`` over windows, channel by channel; ``rank`` is the number of spatial axes.

    Arguments:
        pool_size: the window's size, one number or one for each spatial axis.
        strides: the step from one window to the next; by default the window's size, so that none overlap.
        padding: ``"valid"`` for windows inside x only: what is left over at the end is not seen. ``"same"`` for
            windows that reach over the edge, where there is nothing to see.
        data_format: ``"channels_first"`` if x and y are (batch, channels, …).
    """

    rank: int
    pool: Callable
    pool_backward: Callable

    def __init__(
        self,
        pool_size: Lengths = 2,
        strides: Lengths | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.pool_size = as_lengths(pool_size, self.rank, f"{self}: pool_size")
        self.strides = as_lengths(pool_size if strides is None else strides, self.rank, f"{self}: strides")
        self.padding = standardize_padding(padding, str(self))
        self.data_format = standardize_data_format(data_format, f"{self}: data_format")
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def build(self, input_shape):
        self.compute_output_shape(input_shape)

    def call(self, x, training=False, mask=None):
        return self.pool(x, self.pool_size, self.strides, self.padding, self.data_format), x

    def call_backward(self, dy, cache):
        return self.pool_backward(dy, cache, self.pool_size, self.strides, self.padding, self.data_format), []

    def compute_output_shape(self, input_shape):
        batch, *lengths, channels = shape_channels_last(input_shape, self.data_format)
        out = output_lengths(str(self), lengths, self.pool_size, self.strides, self.padding, (1,) * self.rank)
        return shape_from_channels_last((batch, *out, channels), self.data_format)


class MaxPooling1D(Pooling):
    """y[t, c] = the largest x[·, c] in window t; its gradient goes to the first such x.

    Shapes: x (batch, time, channels), y (batch, out time, channels). Arguments: see ``Pooling``.

    Source: https://keras.io/api/layers/pooling_layers/max_pooling1d/
    """

    rank = 1
    pool = staticmethod(ops.max_pool)
    pool_backward = staticmethod(ops.max_pool_backward)


class MaxPooling2D(Pooling):
    """y[i, j, c] = the largest x[·, ·, c] in window (i, j); its gradient goes to the first such x, row by row.

    Shapes: x (batch, height, width, channels), y (batch, out height, out width, channels). Arguments: see ``Pooling``.

    Source: https://keras.io/api/layers/pooling_layers/max_pooling2d/
    """

    rank = 2
    pool = staticmethod(ops.max_pool)
    pool_backward = staticmethod(ops.max_pool_backward)


class AveragePooling1D(Pooling):
    """y[t, c] = the mean of the x[·, c] in window t; its gradient goes to all of them in equal parts.

    With padding, a window at the edge has fewer numbers. Shapes and arguments: as for ``MaxPooling1D``.

    Source: https://keras.io/api/layers/pooling_layers/average_pooling1d/
    """

    rank = 1
    pool = staticmethod(ops.average_pool)
    pool_backward = staticmethod(ops.average_pool_backward)


class AveragePooling2D(Pooling):
    """y[i, j, c] = the mean of the x[·, ·, c] in window (i, j); its gradient goes to all of them in equal parts.

    With padding, a window at the edge has fewer numbers. Shapes and arguments: as for ``MaxPooling2D``.

    Source: https://keras.io/api/layers/pooling_layers/average_pooling2d/
    """

    rank = 2
    pool = staticmethod(ops.average_pool)
    pool_backward = staticmethod(ops.average_pool_backward)
