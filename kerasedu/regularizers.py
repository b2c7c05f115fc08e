"""Penalties on weights: a number added to the loss, which grows with the weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from kerasedu.config import as_float
from kerasedu.configurable import Configurable, resolve


class Regularizer(Configurable):
    """A penalty P(w) and its derivative."""

    def __call__(self, w) -> np.floating:
        """P(w), a number."""
        raise NotImplementedError(f"{type(self).__name__} does not define __call__(w)")

    def backward(self, w) -> np.ndarray:
        """dP/dw, in the shape of w."""
        raise NotImplementedError(f"{type(self).__name__} does not define backward(w)")


class L1L2(Regularizer):
    """P(w) = l1 Σ|w| + l2 Σw².

    dP/dw = l1 sign(w) + 2 l2 w, with sign(0) = 0.

    Arguments:
        l1, l2: the factors, not negative. Both are 0 by default.

    Source: https://keras.io/api/layers/regularizers/
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0):
        self.l1 = _factor(self, "l1", 0.0 if l1 is None else l1)
        self.l2 = _factor(self, "l2", 0.0 if l2 is None else l2)

    def __call__(self, w):
        w = as_float(w)
        return _rounded(self.l1, w) * np.abs(w).sum() + _rounded(self.l2, w) * np.square(w).sum()

    def backward(self, w):
        w = as_float(w)
        return _rounded(self.l1, w) * np.sign(w) + 2 * _rounded(self.l2, w) * w


class L1(Regularizer):
    """P(w) = l1 Σ|w|, whose derivative pushes every weight towards 0 with the same force.

    dP/dw = l1 sign(w), with sign(0) = 0.

    Source: https://keras.io/api/layers/regularizers/
    """

    def __init__(self, l1: float = 0.01):
        self.l1 = _factor(self, "l1", 0.01 if l1 is None else l1)

    def __call__(self, w):
        w = as_float(w)
        return _rounded(self.l1, w) * np.abs(w).sum()

    def backward(self, w):
        w = as_float(w)
        return _rounded(self.l1, w) * np.sign(w)


class L2(Regularizer):
    """P(w) = l2 Σw², whose derivative pulls every weight towards 0 in proportion to its size.

    dP/dw = 2 l2 w. (Not l2 w: Keras's penalty has no factor 1/2.)

    Source: https://keras.io/api/layers/regularizers/
    """

    def __init__(self, l2: float = 0.01):
        self.l2 = _factor(self, "l2", 0.01 if l2 is None else l2)

    def __call__(self, w):
        w = as_float(w)
        return _rounded(self.l2, w) * np.square(w).sum()

    def backward(self, w):
        w = as_float(w)
        return 2 * _rounded(self.l2, w) * w


l1, l2, l1_l2 = L1, L2, L1L2

_KNOWN = {"L1": L1, "L2": L2, "L1L2": L1L2, "l1_l2": L1L2}


def get(identifier: Any) -> Regularizer | Callable | None:
    """The regularizer that ``identifier`` stands for: None, a name (``"l2"``), a class, an object, a configuration."""
    return resolve("regularizer", _KNOWN, identifier)


def _factor(regularizer: Regularizer, name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not 0 <= value < math.inf:
        raise ValueError(f"{type(regularizer).__name__} expected {name} to be a number from 0 up, got {value!r}")
    return float(value)


def _rounded(factor: float, w: np.ndarray) -> np.floating:
    """The factor as Keras on TensorFlow multiplies by it: rounded to float32, for float64 weights too."""
    return w.dtype.type(np.float32(factor))
