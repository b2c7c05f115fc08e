"""``Input``: where a functional model begins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.config import floatx
from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import Node, SymbolicTensor


class InputLayer(Layer):
    """The place of an input in a model: a shape, a type, and no computation.

    Arguments:
        shape: shape of one sample, without the batch axis; None for an axis whose length is free.
        batch_size: length of the batch axis, if it is fixed.
        dtype: type of the input; by default ``floatx()``.
        batch_shape: shape with the batch axis, in place of ``shape`` and ``batch_size``.
        name: the input's name, which is its key when ``fit`` is given a dictionary.

    Source: https://keras.io/api/layers/core_layers/input/
    """

    def __init__(
        self,
        shape: Sequence[int | None] | None = None,
        batch_size: int | None = None,
        dtype: str | None = None,
        batch_shape: Sequence[int | None] | None = None,
        name: str | None = None,
    ):
        super().__init__(name=name)
        self.dtype = np.dtype(dtype or floatx()).name
        if (shape is None) == (batch_shape is None):
            raise ValueError(f"Input takes one of shape and batch_shape, got {shape=}, {batch_shape=}")
        if batch_shape is not None and batch_size is not None:
            raise ValueError(f"Input: the batch size stands in batch_shape already, got {batch_size=}, {batch_shape=}")
        self.batch_shape = _as_shape(batch_shape) if shape is None else (batch_size, *_as_shape(shape))
        self.built = True
        node = Node(self, [], {})
        node.outputs = SymbolicTensor(self.batch_shape, self.dtype, node)
        node.outputs.name = self.name
        self._nodes.append(node)

    def call(self, x, training=False, mask=None):
        return x, None

    def call_backward(self, dy, cache):
        return dy, []

    def get_config(self):
        return {"batch_shape": list(self.batch_shape), "dtype": self.dtype, "name": self.name}


def Input(
    shape: Sequence[int | None] | None = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    name: str | None = None,
    batch_shape: Sequence[int | None] | None = None,
) -> SymbolicTensor:
    """A symbolic tensor to begin a model with: ``x = Input(shape=(8,))``, then ``y = Dense(3)(x)``.

    Arguments: as for ``InputLayer``.

    Returns:
        A symbolic tensor of shape (batch_size, *shape).

    Source: https://keras.io/api/layers/core_layers/input/
    """
    return InputLayer(shape, batch_size, dtype, batch_shape, name).output


def _as_shape(shape) -> tuple[int | None, ...]:
    if isinstance(shape, (int, np.integer)):
        raise ValueError(f"Input expected a shape, a tuple such as ({shape},), got the number {shape}")
    for length in shape:
        if length is not None and (not isinstance(length, (int, np.integer)) or isinstance(length, bool) or length < 0):
            raise ValueError(f"Input expected a shape of whole numbers and None, got {tuple(shape)}")
    return tuple(None if length is None else int(length) for length in shape)
