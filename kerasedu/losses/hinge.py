"""Losses for a yes or no that is predicted as a signed number, y being -1 or 1."""

from __future__ import annotations

import numpy as np

from kerasedu.losses.loss import Loss
from kerasedu.losses.pairing import pair

__all__ = ["Hinge", "SquaredHinge", "hinge", "squared_hinge"]


def hinge(y_true, y_pred) -> np.ndarray:
    """l = mean max(1 - y ŷ, 0), for labels y of -1 and 1. Labels of 0 and 1 become -1 and 1."""
    y_true, y_pred = pair("hinge", y_true, y_pred)
    return np.maximum(1 - signs(y_true) * y_pred, 0).mean(-1)


class Hinge(Loss):
    """l = mean max(1 - y ŷ, 0) over the d numbers of a sample; ∂l/∂ŷ = -y / d where y ŷ ≤ 1, and 0 elsewhere.

    Labels are -1 and 1. If all labels of a batch are 0 or 1, they are read as -1 and 1: so a batch with labels 1 alone
    is understood either way.

    Source: https://keras.io/api/losses/hinge_losses/
    """

    def __init__(self, reduction="sum_over_batch_size", name="hinge", dtype=None):
        super().__init__(name, reduction, dtype)

    def call(self, y_true, y_pred):
        return hinge(y_true, y_pred)

    def call_backward(self, dl, y_true, y_pred):
        y = signs(y_true)
        return dl[..., None] / y_pred.shape[-1] * -y * (1 - y * y_pred >= 0)


def squared_hinge(y_true, y_pred) -> np.ndarray:
    """l = mean max(1 - y ŷ, 0)², for labels y of -1 and 1. Labels of 0 and 1 become -1 and 1."""
    y_true, y_pred = pair("squared_hinge", y_true, y_pred)
    return np.square(np.maximum(1 - signs(y_true) * y_pred, 0)).mean(-1)


class SquaredHinge(Loss):
    """l = mean max(1 - y ŷ, 0)² over the d numbers of a sample; ∂l/∂ŷ = -2 y max(1 - y ŷ, 0) / d.

    Labels as for ``Hinge``.

    Source: https://keras.io/api/losses/hinge_losses/
    """

    def __init__(self, reduction="sum_over_batch_size", name="squared_hinge", dtype=None):
        super().__init__(name, reduction, dtype)

    def call(self, y_true, y_pred):
        return squared_hinge(y_true, y_pred)

    def call_backward(self, dl, y_true, y_pred):
        y = signs(y_true)
        return -2 * dl[..., None] / y_pred.shape[-1] * y * np.maximum(1 - y * y_pred, 0)


def signs(y_true: np.ndarray) -> np.ndarray:
    """Labels of -1 and 1, for labels that are all 0 or 1; other labels as they are."""
    return 2 * y_true - 1 if np.isin(y_true, (0, 1)).all() else y_true
