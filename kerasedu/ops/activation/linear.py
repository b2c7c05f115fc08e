"""The identity and the exponential: activations whose derivative is 1 and the function itself."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float

__all__ = ["exponential", "exponential_backward", "linear", "linear_backward"]


def linear(x) -> np.ndarray:
    """y = x.

    Source: https://keras.io/api/layers/activations/
    """
    return as_float(x)


def linear_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = dy."""
    return np.asarray(dy, dtype=as_float(x).dtype)


def exponential(x) -> np.ndarray:
    """y = eˣ; beyond the largest number (x = 88.7 in float32, 709.8 in float64) it is infinite, without a warning.

    Source: https://keras.io/api/layers/activations/
    """
    with np.errstate(over="ignore"):
        return np.exp(as_float(x))


def exponential_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = y dy."""
    y = exponential(x) if y is None else y
    return np.asarray(dy, dtype=y.dtype) * y
