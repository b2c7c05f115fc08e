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

# With these, layers keep the mean 0 and the variance 1 of their inputs: https://arxiv.org/abs/1706.02515
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def relu(x, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> np.ndarray:
    """y = max(x, 0), or in general: y = x for x > t, and s (x - t) otherwise, where x > t is cut to [0, m].

    Arguments:
        x: any shape.
        negative_slope: s.
        max_value: m; None for no cut.
        threshold: t. At t = 1 with s = 0, y jumps: relu(0.9) = 0, relu(1.1) = 1.1.

    Source: https://keras.io/api/layers/activations/
    """
    x = as_float(x)
    slope, limit, edge = _rounded(negative_slope, max_value, threshold)
    y = x if edge == 0 else np.where(x > edge, x, 0)
    if edge == 0 or limit is not None:
        y = np.clip(y, 0, np.inf if limit is None else limit)  # three times faster than maximum(y, 0)
    if slope != 0:
        y = y - slope * np.clip(threshold - x, 0, np.inf)
    return y


def relu_backward(
    dy, x, y=None, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> np.ndarray:
    """dL/dx = dy where x > t and x is not cut, s dy where x < t, 0 elsewhere.

    At x = t it is 0 (s dy if that is the only option), and dy at x = m. For m = 6, and t = 0, it is 0 there:
    TensorFlow then takes another function, relu6.
    """
    x = as_float(x)
    dy = np.asarray(dy, dtype=x.dtype)
    slope, limit, edge = _rounded(negative_slope, max_value, threshold)
    passes = x > edge
    if limit is not None:
        passes &= (x >= 0) & (x < limit if limit == 6 and edge == 0 else x <= limit)
    if slope == 0:
        return dy * passes
    leaks = ~passes if limit is None and edge == 0 else x < threshold
    return dy * (passes + x.dtype.type(slope) * leaks)


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
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


def elu_backward(dy, x, y=None, alpha: float = 1.0) -> np.ndarray:
    """dL/dx = dy for x > 0, and α eˣ dy otherwise."""
    x = as_float(x)
    dy = np.asarray(dy, dtype=x.dtype)
    return dy * ((x > 0) + alpha * np.exp(np.minimum(x, 0)) * (x <= 0))


def selu(x) -> np.ndarray:
    """y = λ x for x > 0, and λ α (eˣ - 1) otherwise, with λ = 1.0507… and α = 1.6733….

    Source: G. Klambauer et al., https://arxiv.org/abs/1706.02515
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


def selu_backward(dy, x, y=None) -> np.ndarray:
    """dL/dx = λ dy for x ≥ 0, and λ α eˣ dy otherwise."""
    x = as_float(x)
    dy = np.asarray(dy, dtype=x.dtype)
    return SELU_SCALE * dy * ((x >= 0) + SELU_ALPHA * np.exp(np.minimum(x, 0)) * (x < 0))


def _rounded(negative_slope: float, max_value: float | None, threshold: float) -> tuple[float, float | None, float]:
    """s, m, and t for the comparison, as TensorFlow has them for float64 x too: rounded to float32.

    s is rounded only where it is the sole option. (Then TensorFlow takes another function, leaky_relu.)
    """
    alone = max_value is None and threshold == 0
    return (
        float(np.float32(negative_slope)) if alone else negative_slope,
        None if max_value is None else float(np.float32(max_value)),
        float(np.float32(threshold)),
    )
