"""The gradient of a weight that is used in several places is the sum over the places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from kerasedu.layers.layer import Layer
from kerasedu.variable import Variable


class GradientSum:
    """dL/dw for each variable w, collected layer by layer on the way back."""

    def __init__(self) -> None:
        self._sums: dict[int, np.ndarray] = {}

    def add(self, layer: Layer, gradients: Iterable[np.ndarray]) -> None:
        """Add what one call of ``layer`` contributes, in the order of its ``trainable_weights``."""
        for variable, gradient in zip(layer.trainable_weights, gradients):
            before = self._sums.get(id(variable))
            self._sums[id(variable)] = gradient if before is None else before + gradient

    def of(self, variables: Sequence[Variable]) -> list[np.ndarray]:
        """The gradients of ``variables``: zeros for a variable that the loss does not depend on."""
        return [self._sums[id(v)] if id(v) in self._sums else np.zeros_like(v.value) for v in variables]


def add(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    """a + b, where None stands for zeros."""
    if a is None or b is None:
        return b if a is None else a
    return a + b
