"""Where a NaN began."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.layers.layer import Layer
from kerasedu.layers.symbolic import as_list
from kerasedu.models.batch import Batch
from kerasedu.variable import Variable


class LostLoss:
    """A step of training whose loss was not a finite number: the forward pass, and the variables before the update."""

    def __init__(self, y_pred: Any, cache: Any, variables: list[Variable]):
        self.y_pred = y_pred
        self.cache = cache
        self._before = [(variable, variable.numpy()) for variable in variables]

    def undo(self) -> None:
        """Give the variables the values back that they had before the update."""
        for variable, value in self._before:
            variable.assign(value)


def explain_lost_loss(model: Layer, batch: Batch, lost: LostLoss) -> str:
    """Why the loss of ``batch`` is not a finite number; call it after ``lost.undo()``.

    What is looked at, in the order of computation: the data, each layer's weights, each layer's output, the loss.
    """
    for what, arrays in (("x", batch.x), ("y", batch.y), ("sample_weight", batch.sample_weight)):
        for array in arrays:
            if array is not None and _fault(array):
                return (
                    f"the loss is lost, for the data holds {_fault(array)}: {what}, shape {array.shape}. Clean it "
                    "first: np.isnan(...) finds the rows; check divisions and logarithms of the preprocessing."
                )
    return _first_fault(model, lost.cache) or (
        f"the loss itself is NaN or infinite. All layers computed finite numbers, up to {_largest(lost.y_pred)}. "
        "The usual cause of large outputs is a learning rate that is too high; else look for labels that are not among "
        "the classes, a logarithm of 0, or a division by 0 in the loss."
    )


def _first_fault(model: Layer, cache: Any) -> str | None:
    for layer, output, layer_cache in model.trace(cache):
        inner = _first_fault(layer, layer_cache) if hasattr(layer, "trace") else None
        if inner:
            return inner
        for variable in layer.weights:
            if _fault(variable.value):
                return (
                    f"the loss is lost, for the weight {variable.path!r} holds {_fault(variable.value)}: the update "
                    "before made it so. The usual cause is a learning rate that is too high, or gradients that "
                    "explode: try a learning rate ten times smaller, or clipnorm=1 in the optimizer."
                )
        for array in as_list(output):
            if _fault(array):
                return (
                    f"the loss is lost, for {layer} computed {_fault(array)} from finite inputs and weights. The usual "
                    "cause is an overflow: weights or inputs that are too large. Scale the inputs, or try a smaller "
                    "learning rate."
                )
    return None


def _largest(y_pred: Any) -> str:
    return f"{max(float(np.max(np.abs(y), initial=0)) for y in as_list(y_pred)):.3g}"


def _fault(array: Any) -> str | None:
    array = np.asarray(array)
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return None
    return "NaN" if np.isnan(array).any() else "infinity"
