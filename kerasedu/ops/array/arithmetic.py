"""Arithmetic number by number. Shapes broadcast; going back, what was repeated is added up."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float
from kerasedu.ops.broadcasting import promote, promote_to_float, sum_to_shape

__all__ = [
    "add",
    "add_backward",
    "divide",
    "divide_backward",
    "multiply",
    "multiply_backward",
    "square",
    "square_backward",
    "subtract",
    "subtract_backward",
]


def add(x1, x2) -> np.ndarray:
    """y = x₁ + x₂."""
    x1, x2 = promote(x1, x2)
    return x1 + x2


def add_backward(dy, x1, x2) -> tuple[np.ndarray, np.ndarray]:
    """dL/dx₁ = dL/dx₂ = dy."""
    x1, x2, dy = _operands(x1, x2, dy)
    return sum_to_shape(dy, x1.shape), sum_to_shape(dy, x2.shape)


def subtract(x1, x2) -> np.ndarray:
    """y = x₁ - x₂."""
    x1, x2 = promote(x1, x2)
    return x1 - x2


def subtract_backward(dy, x1, x2) -> tuple[np.ndarray, np.ndarray]:
    """dL/dx₁ = dy and dL/dx₂ = -dy."""
    x1, x2, dy = _operands(x1, x2, dy)
    return sum_to_shape(dy, x1.shape), sum_to_shape(-dy, x2.shape)


def multiply(x1, x2) -> np.ndarray:
    """y = x₁ x₂, number by number: not the matrix product, which is ``matmul``."""
    x1, x2 = promote(x1, x2)
    return x1 * x2


def multiply_backward(dy, x1, x2) -> tuple[np.ndarray, np.ndarray]:
    """dL/dx₁ = x₂ dy and dL/dx₂ = x₁ dy."""
    x1, x2, dy = _operands(x1, x2, dy)
    return sum_to_shape(dy * x2, x1.shape), sum_to_shape(dy * x1, x2.shape)


def divide(x1, x2) -> np.ndarray:
    """y = x₁ / x₂; for integers, too, floating-point numbers, in the type ``floatx()``."""
    x1, x2 = promote_to_float(x1, x2)
    return x1 / x2


def divide_backward(dy, x1, x2) -> tuple[np.ndarray, np.ndarray]:
    """dL/dx₁ = dy / x₂ and dL/dx₂ = -x₁ / x₂² dy."""
    x1, x2, dy = _operands(x1, x2, dy)
    return sum_to_shape(dy / x2, x1.shape), sum_to_shape(-dy * x1 / x2 / x2, x2.shape)


def square(x) -> np.ndarray:
    """y = x²."""
    return np.square(x)


def square_backward(dy, x) -> np.ndarray:
    """dL/dx = 2 x dy."""
    x = as_float(x)
    return 2 * x * np.asarray(dy, dtype=x.dtype)


def _operands(x1, x2, dy) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x1, x2 = promote_to_float(x1, x2)
    return x1, x2, np.asarray(dy, dtype=x1.dtype)
