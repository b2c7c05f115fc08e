"""A named array that training changes."""

from __future__ import annotations

import numpy as np


class Variable:
    """A weight: a named array whose memory stays the same for life, so that an update can happen in place.

    Arguments:
        value: the initial value, copied. Shape: any.
        name: what error messages, ``summary`` and ``exclude_from_weight_decay`` call it.
        dtype: floating-point type; by default that of ``value``.
        trainable: whether an optimizer may change it.
        regularizer: a penalty on the value, added to the loss by ``Model.fit``.
        constraint: a projection applied by the optimizer after every update.
    """

    def __init__(self, value, name: str = "variable", *, dtype=None, trainable=True, regularizer=None, constraint=None):
        self.value = np.array(value, dtype=dtype, order="C")  # rows in memory, as gradients have: faster together
        self.name = name
        self.path = name
        self.trainable = trainable
        self.regularizer = regularizer
        self.constraint = constraint

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def dtype(self) -> str:
        return self.value.dtype.name

    def assign(self, value) -> None:
        """Overwrite the value; the shape must be the same."""
        value = np.asarray(value)
        if value.shape != self.shape:
            raise ValueError(f"variable {self.path!r} has shape {self.shape}, cannot be assigned shape {value.shape}")
        self.value[...] = value

    def numpy(self) -> np.ndarray:
        """A copy of the value."""
        return self.value.copy()

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.array(self.value, dtype=dtype)

    def __repr__(self) -> str:
        return f"<Variable {self.path} shape={self.shape} dtype={self.dtype}>"
