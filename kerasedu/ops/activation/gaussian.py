"""GELU: x, weighted with the probability that a normal number is smaller than x."""

from __future__ import annotations

import math

import numpy as np

from kerasedu.config import as_float

__all__ = ["gelu", "gelu_backward"]

# TensorFlow rounds these two to float32 before they meet x, for float64 x too.
SQRT_HALF = float(np.float32(math.sqrt(0.5)))
CUBIC = float(np.float32(0.044715))

SQRT_2_OVER_PI = math.sqrt(2 / math.pi)

_erfc = np.frompyfunc(math.erfc, 1, 1)


def gelu(x, approximate: bool = True) -> np.ndarray:
    """y = x Φ(x), with Φ(x) = erfc(-x/√2) / 2; approximately x (1 + tanh u) / 2, with u = √(2/π) (x + 0.044715 x³).

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
        density = 2 * cdf * (1 - cdf) * SQRT_2_OVER_PI * (1 + 3 * CUBIC * x * x)
    else:
        cdf = _normal_cdf(x)
        density = np.exp(-np.square(SQRT_HALF * x)) * (SQRT_HALF / math.sqrt(math.pi))
    return np.asarray(dy, dtype=x.dtype) * (cdf + x * density)


def _normal_cdf(x: np.ndarray) -> np.ndarray:
    return np.asarray(_erfc(-SQRT_HALF * x), dtype=x.dtype) / 2


def _tanh_cdf(x: np.ndarray) -> np.ndarray:
    return (1 + np.tanh(SQRT_2_OVER_PI * (x + CUBIC * x * x * x))) / 2
