"""Activation functions as objects that know their derivative: ``activations.relu(x)``, ``activations.get("relu")``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kerasedu import ops
from kerasedu.config import as_float


class ActivationFunction:
    """y = f(x) together with dL/dx = f'(x) dL/dy, looked up in ``kerasedu.ops`` under ``name``."""

    def __init__(self, name: str):
        self.__name__ = name
        self.function: Callable = getattr(ops, name)
        self.derivative: Callable = getattr(ops, f"{name}_backward")
        self.__doc__ = self.function.__doc__

    def __call__(self, x, *args, **options) -> np.ndarray:
        """f(x); options as in ``kerasedu.ops``."""
        return self.function(as_float(x), *args, **options)

    def backward(self, dy, x, y=None) -> np.ndarray:
        """dL/dx, given dy = dL/dy, the input x, and the output y = f(x) if it is at hand."""
        return self.derivative(dy, x, y)

    def __repr__(self) -> str:
        return f"<activation {self.__name__}>"
