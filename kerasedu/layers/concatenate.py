"""``Concatenate``: arrays one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu import ops
from kerasedu.layers.merge import Merge


class Concatenate(Merge):
    """The inputs one after the other along ``axis``; dL/dx is the piece of dy that came from x.

    The output is masked where all inputs are, or, along the time axis, where the input was that the step came from.

    Arguments:
        axis: the axis along which lengths may differ.

    Source: https://keras.io/api/layers/merging_layers/concatenate/
    """

    def __init__(self, axis: int = -1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, x, training=False, mask=None):
        self.compute_output_shape([item.shape for item in x])
        return ops.concatenate(x, self.axis), x

    def call_backward(self, dy, cache):
        return ops.concatenate_backward(dy, cache, self.axis), []

    def compute_output_shape(self, input_shape):
        self._check_shapes(input_shape)
        first = input_shape[0]
        if not -len(first) <= self.axis < len(first):
            raise self.wrong_input(f"inputs that have an axis {self.axis}", f"shapes {input_shape}")
        axis = self.axis % len(first)
        for shape in input_shape:
            pairs = [pair for k, pair in enumerate(zip(shape, first)) if k != axis]
            if len(shape) != len(first) or any(None not in (m, n) and m != n for m, n in pairs):
                raise self.wrong_input(f"inputs of equal shapes, except along axis {axis}", f"shapes {input_shape}")
        lengths = [shape[axis] for shape in input_shape]
        return (*first[:axis], None if None in lengths else sum(lengths), *first[axis + 1 :])

    def compute_mask(self, x, mask=None):
        masks = self._masks(x, mask)
        if all(m is None for m in masks):
            return None
        return np.concatenate([_spread(m, np.shape(item)) for m, item in zip(masks, x)], self.axis).any(axis=-1)


def concatenate(inputs: Sequence, axis: int = -1, **kwargs):
    """``Concatenate(axis, **kwargs)(inputs)``."""
    return Concatenate(axis, **kwargs)(inputs)


def _spread(mask: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray:
    """A mask of time steps as a mask of the numbers in an array of ``shape``; True for no mask."""
    if mask is None:
        return np.ones(shape, dtype=bool)
    return np.broadcast_to(mask[..., None], shape) if mask.ndim < len(shape) else mask
