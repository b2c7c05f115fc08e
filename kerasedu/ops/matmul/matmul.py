"""The matrix product in three forms: as its definition says, block by block, and by the machine's linear algebra."""

from __future__ import annotations

import numpy as np

from kerasedu.ops.broadcasting import promote, promote_to_float, sum_to_shape

__all__ = ["matmul", "matmul_backward", "matmul_blocked", "matmul_loops"]


def matmul(a, b) -> np.ndarray:
    """Y = A B: yᵢⱼ = Σₖ aᵢₖ bₖⱼ.

    Arguments:
        a: shape (..., m, k). Leading axes count the matrices of a stack; they broadcast with those of b. A vector
            (k,) is taken for a row.
        b: shape (..., k, n). A vector (k,) is taken for a column.

    Returns:
        Y, shape (..., m, n), without the axes that were not there in a vector.

    Raises:
        ValueError: the inner lengths differ.

    Source: https://keras.io/api/ops/numpy/
    """
    a, b = promote(a, b)
    _check(a, b)
    return np.matmul(a, b)


def matmul_backward(dy, a, b) -> tuple[np.ndarray, np.ndarray]:
    """dL/dA = dL/dY Bᵀ and dL/dB = Aᵀ dL/dY."""
    a, b = promote_to_float(a, b)
    _check(a, b)
    rows = a[None, :] if a.ndim == 1 else a
    columns = b[:, None] if b.ndim == 1 else b
    dy = np.asarray(dy, dtype=a.dtype)
    if b.ndim == 1:
        dy = dy[..., None]
    if a.ndim == 1:
        dy = dy[..., None, :]
    da = dy @ np.swapaxes(columns, -1, -2)
    db = np.swapaxes(rows, -1, -2) @ dy
    return sum_to_shape(da, rows.shape).reshape(a.shape), sum_to_shape(db, columns.shape).reshape(b.shape)


def matmul_loops(a, b) -> np.ndarray:
    """Y = A B as the definition says, number by number: for two matrices, (m, k) and (k, n)."""
    a, b = _matrices("matmul_loops", a, b)
    (m, inner), n = a.shape, b.shape[1]
    y = np.zeros((m, n), dtype=a.dtype)
    for i in range(m):
        for j in range(n):
            for k in range(inner):
                y[i, j] += a[i, k] * b[k, j]
    return y


def matmul_blocked(a, b, block_size: int = 64) -> np.ndarray:
    """Y = A B, block by block: Yᵢⱼ = Σₖ Aᵢₖ Bₖⱼ with blocks in the place of numbers.

    Three blocks at a time are at work. If they fit into the processor's cache, numbers are fetched from memory
    ``block_size`` times less often than in ``matmul_loops``. (BLAS, behind ``matmul``, does the same, and more.)

    Arguments:
        a, b: two matrices, (m, k) and (k, n).
        block_size: rows and columns of a block; those at the edges may have fewer.
    """
    a, b = _matrices("matmul_blocked", a, b)
    if isinstance(block_size, bool) or not isinstance(block_size, (int, np.integer)) or block_size < 1:
        raise ValueError(f"matmul_blocked expected block_size to be a positive integer, got {block_size!r}")
    (m, inner), n = a.shape, b.shape[1]
    y = np.zeros((m, n), dtype=a.dtype)
    for i in range(0, m, block_size):
        rows = slice(i, i + block_size)
        for j in range(0, n, block_size):
            columns = slice(j, j + block_size)
            for k in range(0, inner, block_size):
                terms = slice(k, k + block_size)
                y[rows, columns] += a[rows, terms] @ b[terms, columns]
    return y


def _matrices(name: str, a, b) -> tuple[np.ndarray, np.ndarray]:
    a, b = promote(a, b)
    if a.ndim != 2 or b.ndim != 2:
        raise ValueError(f"{name} expected two matrices, got shapes {a.shape} and {b.shape}")
    _check(a, b)
    return a, b


def _check(a: np.ndarray, b: np.ndarray) -> None:
    if a.ndim == 0 or b.ndim == 0:
        raise ValueError(f"matmul expected matrices, got shapes {a.shape} and {b.shape}: a number times an array is *")
    inner, other = a.shape[-1], b.shape[-2] if b.ndim > 1 else b.shape[0]
    if inner != other:
        hint = " B A would fit." if a.ndim == b.ndim == 2 and b.shape[1] == a.shape[0] else ""
        raise ValueError(
            f"matmul expected A's last length to be B's last but one; got shapes {a.shape} and {b.shape}: "
            f"{inner} is not {other}.{hint}"
        )
