"""Differences of points, squared."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float
from kerasedu.ops.broadcasting import promote, promote_to_float, sum_to_shape

__all__ = [
    "pairwise_squared_distances",
    "pairwise_squared_distances_backward",
    "squared_difference",
    "squared_difference_backward",
]


def squared_difference(x, y) -> np.ndarray:
    """(x - y)², number by number.

    Source: https://www.tensorflow.org/api_docs/python/tf/math/squared_difference
    """
    x, y = promote(x, y)
    return np.square(x - y)


def squared_difference_backward(dy, x, y) -> tuple[np.ndarray, np.ndarray]:
    """dL/dx = 2 (x - y) dy and dL/dy = -2 (x - y) dy."""
    x, y = promote_to_float(x, y)
    d = 2 * (x - y) * np.asarray(dy, dtype=x.dtype)
    return sum_to_shape(d, x.shape), sum_to_shape(-d, y.shape)


def pairwise_squared_distances(x, y=None) -> np.ndarray:
    """dᵢⱼ = Σₖ (xᵢₖ - yⱼₖ)², from every point to every other, without a loop and without an array of differences.

    It is ‖xᵢ‖² + ‖yⱼ‖² - 2 xᵢ·yⱼ, whose last term is a matrix product. Three large terms with a small sum cancel
    digits, so points are measured from their centre, the sum is taken in float64, and what falls below 0 by rounding
    is 0.

    Arguments:
        x: n points, shape (n, features).
        y: m points, shape (m, features); by default x itself, and then the diagonal is exactly 0.

    Returns:
        Shape (n, m), in the floating-point type of the points.
    """
    x, points, y, others = _centred(x, y)
    d = (points**2).sum(1)[:, None] + (others**2).sum(1) - 2 * points @ others.T
    d = np.maximum(d, 0)
    if y is None:
        np.fill_diagonal(d, 0)
    return d.astype(x.dtype)


def pairwise_squared_distances_backward(dy, x, y=None) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
    """dL/dxᵢ = 2 Σⱼ dyᵢⱼ (xᵢ - yⱼ) and dL/dyⱼ = 2 Σᵢ dyᵢⱼ (yⱼ - xᵢ); their sum, for x alone."""
    x, points, y, others = _centred(x, y)
    dy = np.asarray(dy, dtype=np.float64)
    dx = 2 * (dy.sum(1)[:, None] * points - dy @ others)
    d_others = 2 * (dy.sum(0)[:, None] * others - dy.T @ points)
    return (dx + d_others).astype(x.dtype) if y is None else (dx.astype(x.dtype), d_others.astype(x.dtype))


def _centred(x, y):
    x, y = (as_float(x), None) if y is None else promote_to_float(x, y)
    if x.ndim != 2 or (y is not None and (y.ndim != 2 or y.shape[1] != x.shape[1])):
        shapes = f"{x.shape}" if y is None else f"{x.shape} and {y.shape}"
        raise ValueError(f"pairwise_squared_distances expected points as rows, (n, features), got shape {shapes}")
    centre = x.mean(0, dtype=np.float64) if len(x) else 0
    points = x - centre
    return x, points, y, points if y is None else y - centre
