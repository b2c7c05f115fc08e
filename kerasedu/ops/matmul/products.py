"""Products of vectors: inner and outer."""

from __future__ import annotations

import math

import numpy as np

from kerasedu.ops.broadcasting import promote, promote_to_float

__all__ = ["dot", "dot_backward", "outer", "outer_backward"]


def dot(a, b) -> np.ndarray:
    """Σₖ over a's last axis and b's last but one: the inner product of vectors, the product of matrices.

    For more axes it differs from ``matmul``: every vector of a meets every column of b,
    y[i…, j…, n] = Σₖ a[i…, k] b[j…, k, n]. If one of the two is a number, it is their product.

    Source: https://keras.io/api/ops/numpy/
    """
    a, b = promote(a, b)
    return np.dot(a, b)


def dot_backward(dy, a, b) -> tuple[np.ndarray, np.ndarray]:
    """dL/da and dL/db: those of a matrix product, for a as rows (i, k) and b as columns (k, jn)."""
    a, b = promote_to_float(a, b)
    dy = np.asarray(dy, dtype=a.dtype)
    if a.ndim == 0 or b.ndim == 0:
        return (dy * b).sum() if a.ndim == 0 else dy * b, (dy * a).sum() if b.ndim == 0 else dy * a
    first = np.moveaxis(b, -2, 0) if b.ndim > 1 else b
    rows, columns = a.reshape(-1, a.shape[-1]), first.reshape(len(first), math.prod(first.shape[1:]))
    dy = dy.reshape(len(rows), columns.shape[1])
    db = (rows.T @ dy).reshape(first.shape)
    return (dy @ columns.T).reshape(a.shape), np.moveaxis(db, 0, -2) if b.ndim > 1 else db


def outer(x1, x2) -> np.ndarray:
    """yᵢⱼ = xᵢ x'ⱼ: every number of the first with every number of the second, whatever their shapes.

    Source: https://keras.io/api/ops/numpy/
    """
    x1, x2 = promote(x1, x2)
    return np.outer(x1, x2)


def outer_backward(dy, x1, x2) -> tuple[np.ndarray, np.ndarray]:
    """dL/dxᵢ = Σⱼ dyᵢⱼ x'ⱼ and dL/dx'ⱼ = Σᵢ dyᵢⱼ xᵢ."""
    x1, x2 = promote_to_float(x1, x2)
    dy = np.asarray(dy, dtype=x1.dtype)
    return (dy @ x2.ravel()).reshape(x1.shape), (x1.ravel() @ dy).reshape(x2.shape)
