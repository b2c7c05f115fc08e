"""Softmax, its logarithm, and the logarithm of a sum of exponentials they are made of."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float

__all__ = ["log_softmax", "log_softmax_backward", "logsumexp", "logsumexp_backward", "softmax", "softmax_backward"]

Axis = int | tuple[int, ...] | None


def softmax(x, axis: Axis = -1) -> np.ndarray:
    """yᵢ = e^xᵢ / Σⱼ e^xⱼ: positive numbers with the sum 1.

    A number subtracted from all x cancels, so the largest x is: then no power of e exceeds 1.

    Arguments:
        x: any shape.
        axis: the axis of i and j; a tuple for several, None for all axes together.

    Source: https://keras.io/api/layers/activations/
    """
    x = as_float(x)
    e = np.exp(x - x.max(axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis, keepdims=True)


def softmax_backward(dy, x, y=None, axis: Axis = -1) -> np.ndarray:
    """dL/dxᵢ = yᵢ (dyᵢ - Σⱼ yⱼ dyⱼ), for ∂yⱼ/∂xᵢ = yⱼ (δᵢⱼ - yᵢ)."""
    y = softmax(x, axis) if y is None else y
    dy = np.asarray(dy, dtype=y.dtype)
    return y * (dy - (y * dy).sum(axis, keepdims=True))


def log_softmax(x, axis: Axis = -1) -> np.ndarray:
    """yᵢ = xᵢ - ln Σⱼ e^xⱼ, the logarithm of softmax; finite where softmax itself would round to 0.

    Source: https://keras.io/api/layers/activations/
    """
    x = as_float(x)
    x = x - x.max(axis, keepdims=True, initial=-np.inf)
    return x - np.log(np.exp(x).sum(axis, keepdims=True))


def log_softmax_backward(dy, x, y=None, axis: Axis = -1) -> np.ndarray:
    """dL/dxᵢ = dyᵢ - softmax(x)ᵢ Σⱼ dyⱼ."""
    y = log_softmax(x, axis) if y is None else y
    dy = np.asarray(dy, dtype=y.dtype)
    return dy - np.exp(y) * dy.sum(axis, keepdims=True)


def logsumexp(x, axis: Axis = None, keepdims: bool = False) -> np.ndarray:
    """y = ln Σⱼ e^xⱼ = m + ln Σⱼ e^(xⱼ - m), with m = max x, so that nothing overflows.

    Source: https://keras.io/api/ops/numpy/
    """
    x = as_float(x)
    m = x.max(axis, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(m), m, 0)
    total = np.exp(x - shift).sum(axis, keepdims=True)  # at least 1, unless all x are -∞
    y = m + np.log(np.maximum(total, 1))
    return y if keepdims else np.squeeze(y, axis)


def logsumexp_backward(dy, x, axis: Axis = None, keepdims: bool = False) -> np.ndarray:
    """dL/dxᵢ = e^(xᵢ - y) dy, which is softmax(x)ᵢ dy."""
    x = as_float(x)
    y = logsumexp(x, axis, keepdims=True)
    return np.exp(x - y) * np.asarray(dy, dtype=x.dtype).reshape(y.shape)
