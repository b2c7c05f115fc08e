"""The one global setting: the floating-point type of everything that is not told otherwise."""

from __future__ import annotations

import numpy as np

_floatx = "float32"


def floatx() -> str:
    """Name of the default floating-point type, ``"float32"`` unless set otherwise."""
    return _floatx


def set_floatx(dtype: str) -> None:
    """Set the default floating-point type, ``"float32"`` or ``"float64"``, of layers made from now on."""
    global _floatx
    name = np.dtype(dtype).name
    if name not in ("float32", "float64"):
        raise ValueError(f"floatx is 'float32' or 'float64', got {dtype!r}")
    _floatx = name


def epsilon() -> float:
    """Keras's fuzz factor 1e-7, which keeps logarithms and divisions away from zero."""
    return 1e-7


def as_float(x) -> np.ndarray:
    """``x`` as an array of floating-point numbers: float32 and float64 stay, other numbers become ``floatx()``.

    Raises:
        ValueError: x holds no numbers, but text, say, or complex numbers.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "fiub":
        raise ValueError(f"expected an array of numbers, got dtype {x.dtype}")
    return x if x.dtype.char in "fd" and x.dtype.isnative else x.astype(floatx())
