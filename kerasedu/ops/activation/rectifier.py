"""Activations that let positive numbers pass: ReLU and its relatives."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float

__all__ = [
    "elu",
    "elu_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "relu",
    "relu_backward",
    "selu",
    "selu_backward",
]

# The fixed point (mean 0, variance 1) of SELU: α and λ of https://arxiv.org/abs/1706.02515, appendix.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def relu(x, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> np.ndarray:
    """y = x for x > t, and s (x - t) otherwise; at most m, if m is given.

    Arguments:
        x: any shape.
        negative_slope: s.
        max_value: m; None for no limit.
        threshold: t. (Between 0 and t = 1, say, y jumps: relu(1.1) = 1.1, relu(0.9) = 0.)

    Source: https://keras.io/api/layers/activations/
    """
    x = as_float(x)
    if threshold == 0 and negative_slope == 0:
        y = np.maximum(x, 0)
    else:
        y = np.where(x > threshold, x, negative_slope * (x - threshold))
    return y if max_value is None else np.where(x > threshold, np.clip(y, 0, max_value), y)


def relu_backward(dy, x, y=None, negative_slope=0.0, max_value=None, threshold=0.0) -> np.ndarray:
    """dL/dx = dy for x > t, s dy otherwise, and 0 where y was cut at m. At the kink x = 0: s dy."""
    x = as_float(x)
    return dy * np.where(x > threshold, 1, negative_slope)


def leaky_relu(x, negative_slope: float = 0.2) -> np.ndarray:
    """y = x for x > 0, and s x otherwise, with s = ``negative_slope``.

    Source: https://keras.io/api/layers/activations/
    """
    return relu(x, negative_slope)


def leaky_relu_backward(dy, x, y=None, negative_slope: float = 0.2) -> np.ndarray:
    """dL/dx = dy for x > 0, and s dy otherwise."""
    return relu_backward(dy, x, y, negative_slope)


def elu(x, alpha: float = 1.0) -> np.ndarray:
    """y = x for x > 0, and α (eˣ - 1) otherwise.

    Source: D.-A. Clevert et al., https://arxiv.org/abs/1511.07289
    """
    x = as_float(x)
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def elu_backward(dy, x, y=None, alpha: float = 1.0) -> np.ndarray:
    """dL/dx = dy for x > 0, and α eˣ dy otherwise."""
    x = as_float(x)
    return dy * np.where(x > 0, x.dtype.type(1), alpha * np.exp(np.minimum(x, 0)))


def selu(x) -> np.ndarray:
    """y = λ x for x > 0, and λ α (eˣ - 1) otherwise, with λ = 1.0507… and α = 1.6733….

    Source: G. Klambauer et al., https://arxiv.org/abs/1706.02515
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


def selu_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = λ dy for x ≥ 0, and λ α eˣ dy otherwise."""
    x = as_float(x)
    return dy * SELU_SCALE * np.where(x >= 0, x.dtype.type(1), SELU_ALPHA * np.exp(np.minimum(x, 0)))
