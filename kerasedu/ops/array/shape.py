"""The same numbers in another order or in other pieces. Going back, they return to where they came from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.ops.broadcasting import promote

__all__ = [
    "concatenate",
    "concatenate_backward",
    "split",
    "split_backward",
    "stack",
    "stack_backward",
    "transpose",
    "transpose_backward",
]


def transpose(x, axes: Sequence[int] | None = None) -> np.ndarray:
    """Axis i of the result is axis ``axes[i]`` of x; by default their order is reversed.

    Source: https://keras.io/api/ops/numpy/
    """
    return np.transpose(x, axes)


def transpose_backward(dy, x, axes: Sequence[int] | None = None) -> np.ndarray:
    """dL/dx: the axes of dy, put back."""
    return np.transpose(dy, None if axes is None else np.argsort(np.mod(axes, np.ndim(x))))


def concatenate(xs: Sequence, axis: int = 0) -> np.ndarray:
    """Arrays one after the other along ``axis``; the lengths of the other axes are equal.

    Source: https://keras.io/api/ops/numpy/
    """
    return np.concatenate(promote(*xs), axis)


def concatenate_backward(dy, xs: Sequence, axis: int = 0) -> list[np.ndarray]:
    """dL/dx for each x of ``xs``: its piece of dy."""
    ends = np.cumsum([np.shape(x)[axis] for x in xs])
    return np.split(np.asarray(dy), ends[:-1], axis)


def split(x, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[np.ndarray]:
    """The pieces of x along ``axis``: that many of equal length, or those between the indices.

    Source: https://keras.io/api/ops/numpy/
    """
    return np.split(np.asarray(x), indices_or_sections, axis)


def split_backward(dys: Sequence, x, indices_or_sections: int | Sequence[int], axis: int = 0) -> np.ndarray:
    """dL/dx from dL/dy for each piece y."""
    return np.concatenate(dys, axis)


def stack(x: Sequence, axis: int = 0) -> np.ndarray:
    """Arrays of one shape beside each other, along a new axis.

    Source: https://keras.io/api/ops/numpy/
    """
    return np.stack(promote(*x), axis)


def stack_backward(dy, x: Sequence, axis: int = 0) -> list[np.ndarray]:
    """dL/dx for each array of ``x``: its slice of dy."""
    return list(np.moveaxis(np.asarray(dy), axis, 0))
