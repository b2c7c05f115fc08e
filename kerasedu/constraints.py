"""Projections of weights, applied by the optimizer after every update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kerasedu.config import as_float, epsilon
from kerasedu.configurable import Configurable, resolve


class Constraint(Configurable):
    """A function from weights to the nearest weights that are allowed; this one allows all."""

    def __call__(self, w) -> np.ndarray:
        """The projection of w, in its shape."""
        return as_float(w)


class NonNeg(Constraint):
    """max(w, 0).

    Source: https://keras.io/api/layers/constraints/
    """

    def __call__(self, w):
        return np.maximum(as_float(w), 0)


class MaxNorm(Constraint):
    """w min(‖w‖, c) / (ε + ‖w‖), ‖w‖ = √Σw² over ``axis``: the norm is at most c.

    ε = 1e-7 makes weights that are allowed a little smaller, too; so does Keras.

    Arguments:
        max_value: c.
        axis: the axes of the sum. 0 for a Dense kernel (inputs, units) treats each unit for itself; [0, 1, 2] for a
            Conv2D kernel treats each filter for itself.

    Source: https://keras.io/api/layers/constraints/
    """

    def __init__(self, max_value: float = 2, axis: int | Sequence[int] = 0):
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w):
        w = as_float(w)
        norm = _norm(w, self.axis)
        return w * (np.clip(norm, 0, self.max_value) / (epsilon() + norm))


class UnitNorm(Constraint):
    """w / (ε + ‖w‖), ‖w‖ = √Σw² over ``axis``: the norm is 1.

    Arguments:
        axis: as in ``MaxNorm``.

    Source: https://keras.io/api/layers/constraints/
    """

    def __init__(self, axis: int | Sequence[int] = 0):
        self.axis = axis

    def __call__(self, w):
        w = as_float(w)
        return w / (epsilon() + _norm(w, self.axis))


class MinMaxNorm(Constraint):
    """w (r clip(‖w‖, a, b) + (1 - r) ‖w‖) / (ε + ‖w‖): the norm goes into [a, b], or a part r of the way there.

    Arguments:
        min_value, max_value: a and b.
        rate: r, 1 for all of the way.
        axis: as in ``MaxNorm``.

    Source: https://keras.io/api/layers/constraints/
    """

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: int | Sequence[int] = 0
    ):
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w):
        w = as_float(w)
        norm = _norm(w, self.axis)
        wanted = self.rate * np.clip(norm, self.min_value, self.max_value) + (1 - self.rate) * norm
        return w * (wanted / (epsilon() + norm))


max_norm, non_neg, unit_norm, min_max_norm = MaxNorm, NonNeg, UnitNorm, MinMaxNorm

_KNOWN = {"MaxNorm": MaxNorm, "MinMaxNorm": MinMaxNorm, "NonNeg": NonNeg, "UnitNorm": UnitNorm}


def get(identifier: Any) -> Constraint | Callable | None:
    """The constraint that ``identifier`` stands for: None, a name (``"non_neg"``), a class, an object, a config."""
    return resolve("constraint", _KNOWN, identifier)


def _norm(w: np.ndarray, axis: int | Sequence[int]) -> np.ndarray:
    axis = tuple(axis) if isinstance(axis, Sequence) else axis
    return np.sqrt(np.square(w).sum(axis, keepdims=True))
