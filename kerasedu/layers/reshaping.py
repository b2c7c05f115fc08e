"""Layers that keep all numbers and change their arrangement: Flatten, Reshape, Permute, RepeatVector."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.ops.data_format import from_channels_last, standardize_data_format, to_channels_last


class Flatten(Layer):
    """All axes but the batch become one: (batch, 7, 7, 64) → (batch, 3136). A shape (batch,) becomes (batch, 1).

    Arguments:
        data_format: ``"channels_first"`` if the input has its channels before height and width. The output is
            ordered as if they came last, so that both ways of storing an image flatten alike.

    Source: https://keras.io/api/layers/reshaping_layers/flatten/
    """

    def __init__(self, data_format: str | None = None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format, f"{self}: data_format")
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, x, training=False, mask=None):
        x = to_channels_last(x, self.data_format)
        return x.reshape(self.compute_output_shape(x.shape)), x.shape

    def call_backward(self, dy, cache):
        return from_channels_last(dy.reshape(cache), self.data_format), []

    def compute_output_shape(self, input_shape):
        batch, *lengths = input_shape
        return (batch, None if None in lengths else math.prod(lengths))


class Reshape(Layer):
    """The same numbers in the same order, in another shape: (batch, 12) → (batch, 3, 4).

    Arguments:
        target_shape: shape of a sample, without the batch axis. One length may be -1: it is the one that fits.

    Source: https://keras.io/api/layers/reshaping_layers/reshape/
    """

    def __init__(self, target_shape: Sequence[int], **kwargs):
        super().__init__(**kwargs)
        lengths = list(target_shape) if isinstance(target_shape, Sequence) else [None]
        if not all(isinstance(n, (int, np.integer)) and n >= -1 for n in lengths) or lengths.count(-1) > 1:
            raise ValueError(
                f"{self} expected target_shape to be a tuple of lengths, at most one of them -1, got {target_shape!r}"
            )
        self.target_shape = tuple(lengths)

    def call(self, x, training=False, mask=None):
        return x.reshape(self.compute_output_shape(x.shape)), x.shape

    def call_backward(self, dy, cache):
        return dy.reshape(cache), []

    def compute_output_shape(self, input_shape):
        batch, *lengths = input_shape
        if None in lengths:
            return (batch, *(None if n == -1 else n for n in self.target_shape))
        size, known = math.prod(lengths), math.prod(n for n in self.target_shape if n != -1)
        fits = size == known if -1 not in self.target_shape else known > 0 and size % known == 0
        if not fits:
            raise self.wrong_input(f"samples that fill the shape {self.target_shape}", f"samples of {size} numbers")
        return (batch, *(size // known if n == -1 else n for n in self.target_shape))


class Permute(Layer):
    """The axes in another order: axis i of y is axis ``dims[i - 1]`` of x, for i = 1, 2, …; axis 0 is the batch.

    Arguments:
        dims: the numbers 1, 2, … in the order wanted: (2, 1) exchanges time and features.

    Source: https://keras.io/api/layers/reshaping_layers/permute/
    """

    def __init__(self, dims: Sequence[int], **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims) if isinstance(dims, Sequence) else (dims,)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                f"{self} expected dims to be the axes 1, 2, … in some order, got {self.dims}. The batch axis, 0, stays "
                "where it is and is left out."
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, x, training=False, mask=None):
        return x.transpose(0, *self.dims), None

    def call_backward(self, dy, cache):
        return dy.transpose(np.argsort((0, *self.dims))), []

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))


class RepeatVector(Layer):
    """The same vector at n time steps: (batch, features) → (batch, n, features). dL/dx is the sum of dy over them.

    Arguments:
        n: the number of steps.

    Source: https://keras.io/api/layers/reshaping_layers/repeat_vector/
    """

    def __init__(self, n: int, **kwargs):
        super().__init__(**kwargs)
        if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n <= 0:
            raise ValueError(f"{self} expected n to be a positive integer, got {n!r}")
        self.n = n
        self.input_spec = InputSpec(ndim=2)

    def call(self, x, training=False, mask=None):
        return np.repeat(x[:, None], self.n, axis=1), None

    def call_backward(self, dy, cache):
        return dy.sum(axis=1), []

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.n, input_shape[1])
