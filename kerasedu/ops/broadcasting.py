"""What arrays of different types and shapes become when they are combined, and the way back."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float, floatx


def promote(*xs) -> list[np.ndarray]:
    """The arguments as arrays of one type, by Keras's rules.

    Floating-point numbers win over integers, whatever their sizes: float32 with int64 is float32 (in NumPy: float64).
    Among equals the larger wins. Python numbers adapt to the arrays; lists count as ``floatx()`` if they hold floats.

    Raises:
        ValueError: an argument holds no numbers.
    """
    if {np.ndarray}.issuperset(map(type, xs)) and len({x.dtype.char for x in xs}) == 1 and xs[0].dtype.char in "fd":
        return list(xs)  # the usual case first: nothing to convert
    arrays = [np.asarray(x) for x in xs]
    for a in arrays:
        if a.dtype.kind not in "fiub":
            raise ValueError(f"expected arrays of numbers, got dtype {a.dtype}")
    firm = [a.dtype for a, x in zip(arrays, xs) if isinstance(x, (np.ndarray, np.generic))]
    floats = [dtype for dtype in firm if dtype.kind == "f"]
    if floats:
        dtype = np.result_type(*floats)
    elif any(a.dtype.kind == "f" for a in arrays):
        dtype = np.dtype(floatx())
    else:
        dtype = np.result_type(*(firm or arrays))
    return [a.astype(dtype, copy=False) for a in arrays]


def promote_to_float(*xs) -> list[np.ndarray]:
    """As ``promote``, and integers become ``floatx()``: what can be divided, and what a derivative is made of."""
    return [as_float(x) for x in promote(*xs)]


def sum_to_shape(dy, shape: tuple[int, ...]) -> np.ndarray:
    """dL/dx for an x of ``shape`` that was broadcast to y: a number used n times receives n gradients, added up."""
    dy = np.asarray(dy)
    if dy.shape == shape:
        return dy
    added = dy.ndim - len(shape)
    stretched = [added + axis for axis, length in enumerate(shape) if length == 1 and dy.shape[added + axis] != 1]
    return dy.sum(axis=(*range(added), *stretched), keepdims=True).reshape(shape)
