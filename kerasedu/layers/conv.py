"""``Conv1D`` and ``Conv2D``: every output is a weighted sum of the inputs near its place."""

from __future__ import annotations

import numpy as np

from kerasedu import constraints, initializers, ops, regularizers
from kerasedu.layers.activated import ActivatedLayer
from kerasedu.layers.input_spec import InputSpec
from kerasedu.ops.data_format import (
    shape_channels_last,
    shape_from_channels_last,
    standardize_data_format,
    to_channels_last,
)
from kerasedu.ops.windows import Lengths, as_lengths, output_lengths, standardize_padding


class Conv(ActivatedLayer):
    """y = f(x * k + b), with the convolution x * k of ``ops.conv``: the same weights at every place.

    ``rank`` is the number of spatial axes.
    """

    rank: int
    paddings: tuple[str, ...] = ("valid", "same")

    def __init__(
        self,
        filters: int,
        kernel_size: Lengths,
        strides: Lengths = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Lengths = 1,
        groups: int = 1,
        activation=None,
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(activation=activation, **kwargs)
        (self.filters,) = as_lengths(filters, 1, f"{self}: filters")
        self.kernel_size = as_lengths(kernel_size, self.rank, f"{self}: kernel_size")
        self.strides = as_lengths(strides, self.rank, f"{self}: strides")
        self.padding = standardize_padding(padding, str(self), self.paddings)
        self.data_format = standardize_data_format(data_format, f"{self}: data_format")
        self.dilation_rate = as_lengths(dilation_rate, self.rank, f"{self}: dilation_rate")
        (self.groups,) = as_lengths(groups, 1, f"{self}: groups")
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        if self.filters % self.groups:
            raise ValueError(f"{self}: {self.groups} groups do not divide {self.filters} filters")
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                f"{self}: strides and dilation_rate cannot both be greater than 1, as in Keras; got {self.strides} and "
                f"{self.dilation_rate}"
            )
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def build(self, input_shape):
        axis = -1 if self.data_format == "channels_last" else 1
        channels = input_shape[axis]
        if channels is None:
            raise self.wrong_input("a channel axis of known length", f"shape {input_shape}")
        if channels == 0 or channels % self.groups:
            raise self.wrong_input(f"a number of channels that {self.groups} groups divide", f"shape {input_shape}")
        self.compute_output_shape(input_shape)
        self.kernel = self.add_weight(
            (*self.kernel_size, channels // self.groups, self.filters),
            self.kernel_initializer,
            "kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (self.filters,),
                self.bias_initializer,
                "bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: channels})

    def linear(self, x, training=False, mask=None):
        z = ops.conv(x, self.kernel.value, *self._how())
        if self.use_bias:
            last = self.data_format == "channels_last"
            z += self.bias.value if last else self.bias.value.reshape(-1, *[1] * self.rank)
        return z, x

    def linear_backward(self, dz, cache):
        return ops.conv_input_gradient(dz, cache, self.kernel.value, *self._how())

    def linear_gradients(self, dz, cache):
        d_kernel = ops.conv_kernel_gradient(dz, cache, self.kernel.value, *self._how())
        if not self.use_bias:
            return [d_kernel]
        rows = to_channels_last(dz, self.data_format).reshape(-1, self.filters)
        # faster than rows.sum(axis=0); and while @ makes a small result, no other thread can run
        return [d_kernel, np.dot(np.ones(len(rows), rows.dtype), rows)]

    def compute_output_shape(self, input_shape):
        batch, *lengths, _ = shape_channels_last(input_shape, self.data_format)
        out = output_lengths(str(self), lengths, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        return shape_from_channels_last((batch, *out, self.filters), self.data_format)

    def _how(self) -> tuple:
        return self.strides, self.padding, self.data_format, self.dilation_rate


class Conv1D(Conv):
    """y[t] = f(Σₒ x[t s + o d] k[o] + b): a sliding weighted sum over a sequence.

    Shapes: x (batch, time, channels), kernel k (kernel_size, channels / groups, filters), bias b (filters,),
    y (batch, out time, filters). The formulas for the gradients stand at ``ops.conv_backward``; dL/db = Σ dz.

    Arguments:
        filters: number of outputs at each time.
        kernel_size: how many steps a window sees.
        strides: s, the step from one window to the next.
        padding: ``"valid"``: windows inside the sequence only. ``"same"``: zeros around it, so that without strides
            there are as many outputs as inputs. ``"causal"``: zeros before it, so that y[t] depends on no later x.
        data_format: ``"channels_first"`` if x and y are (batch, channels, time).
        dilation_rate: d, the step from one place to the next within a window. Not together with strides.
        groups: channels and filters in so many groups, which have nothing to do with each other.
        activation: f; None for the identity.
        use_bias: whether there is a b.
        kernel_initializer, bias_initializer: how k and b start.
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        kernel_constraint, bias_constraint: projections applied after each update.

    Source: https://keras.io/api/layers/convolution_layers/convolution1d/
    """

    rank = 1
    paddings = ("valid", "same", "causal")


class Conv2D(Conv):
    """y[i, j] = f(Σₒₚ x[i s + o d, j s + p d] k[o, p] + b): a weighted sum that slides over an image.

    Shapes: x (batch, height, width, channels), kernel k (kernel height, kernel width, channels / groups, filters),
    bias b (filters,), y (batch, out height, out width, filters).

    Arguments: as for ``Conv1D``. kernel_size, strides and dilation_rate are a number, or (for height, for width).
    There is no causal padding. ``"same"`` pads an odd number of zeros with one more at the bottom and at the right:
    with strides the windows are not where symmetric padding would have them.

    Source: https://keras.io/api/layers/convolution_layers/convolution2d/
    """

    rank = 2
