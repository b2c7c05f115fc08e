"""Class numbers as rows of zeros and ones; mean and variance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.config import as_float, floatx

__all__ = ["moments", "moments_backward", "one_hot"]


def one_hot(x, num_classes: int, axis: int = -1, dtype=None) -> np.ndarray:
    """1 at the class, 0 at the others: one_hot([2, 0], 3) is [[0, 0, 1], [1, 0, 0]].

    A number that is no class, -1 for example, gives zeros only; so does Keras.

    Arguments:
        x: class numbers, from 0 to ``num_classes`` - 1.
        num_classes: the length of the new axis.
        axis: where the result has it.
        dtype: by default ``floatx()``.

    Source: https://keras.io/api/ops/nn/
    """
    x = np.asarray(x)
    if x.size and (x.dtype.kind not in "iufb" or not (x == np.floor(x)).all()):
        raise ValueError(f"one_hot expected whole numbers, got {x.dtype} numbers such as {x.ravel()[0]}")
    rows = x[..., None] == np.arange(num_classes)
    return np.moveaxis(rows, -1, axis).astype(dtype or floatx())


def moments(x, axes: int | Sequence[int], keepdims: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Mean μ = Σ x / n and variance v = Σ (x - μ)² / n over ``axes``.

    The variance is that of these n numbers; an estimate of the variance that they were drawn with has n - 1.

    Source: https://keras.io/api/ops/nn/
    """
    x, axes = as_float(x), _axes(axes)
    mean = x.mean(axes, keepdims=True)
    variance = np.square(x - mean).mean(axes, keepdims=True)
    return (mean, variance) if keepdims else (mean.squeeze(axes), variance.squeeze(axes))


def moments_backward(dys, x, axes: int | Sequence[int], keepdims: bool = False) -> np.ndarray:
    """dL/dx = dμ / n + 2 (x - μ) dv / n, from ``dys`` = (dL/dμ, dL/dv)."""
    x, axes = as_float(x), _axes(axes)
    d_mean, d_variance = (np.asarray(dy, dtype=x.dtype) for dy in dys)
    if not keepdims:
        d_mean, d_variance = np.expand_dims(d_mean, axes), np.expand_dims(d_variance, axes)
    n = x.size // max(1, d_mean.size)
    return (d_mean + 2 * (x - x.mean(axes, keepdims=True)) * d_variance) / n


def _axes(axes: int | Sequence[int]) -> int | tuple[int, ...]:
    return tuple(axes) if isinstance(axes, Sequence) else axes
