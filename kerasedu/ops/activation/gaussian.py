"""GELU: x, weighted with the probability that a normal number is smaller than x."""

from __future__ import annotations

import math

import numpy as np

from kerasedu.config import as_float

__all__ = ["gelu", "gelu_backward"]

_erf = np.frompyfunc(math.erf, 1, 1)


def gelu(x, approximate: bool = True) -> np.ndarray:
    """y = x Φ(x), with Φ(x) = (1 + erf(x / √2)) / 2; approximately x (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³).

    Arguments:
        x: any shape.
        approximate: whether to take the formula with tanh. ``keras.ops.gelu`` does by default,
            ``keras.activations.gelu`` does not.

    Source: D. Hendrycks, K. Gimpel, https://arxiv.org/abs/1606.08415
    """
    x = as_float(x)
    return x * (_tanh_cdf(x) if approximate else _normal_cdf(x))


def gelu_backward(dy, x, y=None, approximate: bool = True) -> np.ndarray:
    """dL/dx = (Φ(x) + x Φ'(x)) dy, with Φ'(x) = e^(-x²/2) / √(2π)."""
    x = as_float(x)
    if approximate:
        cdf = _tanh_cdf(x)
        density = 2 * cdf * (1 - cdf) * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x * x)
    else:
        cdf = _normal_cdf(x)
        density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return np.asarray(dy, dtype=x.dtype) * (cdf + x * density)


def _normal_cdf(x: np.ndarray) -> np.ndarray:
    return (1 + np.asarray(_erf(x / math.sqrt(2)), dtype=x.dtype)) / 2


def _tanh_cdf(x: np.ndarray) -> np.ndarray:
    return (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))) / 2
