"""How far one probability distribution is from another."""

from __future__ import annotations

import numpy as np

from kerasedu.config import epsilon
from kerasedu.losses.loss import Loss
from kerasedu.losses.pairing import pair

__all__ = ["KLDivergence", "kl_divergence"]


def kl_divergence(y_true, y_pred) -> np.ndarray:
    """l = Σ y ln(y / ŷ) over the last axis, both clipped to [ε, 1] with ε = 1e-7."""
    y_true, y_pred = pair("kl_divergence", y_true, y_pred)
    y, p = np.clip(y_true, epsilon(), 1), np.clip(y_pred, epsilon(), 1)
    return (y * np.log(y / p)).sum(-1)


class KLDivergence(Loss):
    """l = Σ y ln(y / ŷ) for distributions y and ŷ on the last axis, both clipped to [ε, 1] with ε = 1e-7.

    ∂l/∂ŷ = -y / ŷ where ŷ is not clipped, 0 elsewhere. It differs from the cross-entropy by a number that does not
    depend on ŷ.

    Source: https://keras.io/api/losses/probabilistic_losses/
    """

    def __init__(self, reduction="sum_over_batch_size", name="kl_divergence", dtype=None):
        super().__init__(name, reduction, dtype)

    def call(self, y_true, y_pred):
        return kl_divergence(y_true, y_pred)

    def call_backward(self, dl, y_true, y_pred):
        y, p = np.clip(y_true, epsilon(), 1), np.clip(y_pred, epsilon(), 1)
        return -dl[..., None] * y / p * (p == y_pred)
