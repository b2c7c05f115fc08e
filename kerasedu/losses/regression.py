"""Losses for predictions of numbers. Means are over the last axis, so a sample's loss is a mean over its outputs."""

from __future__ import annotations

import numpy as np

from kerasedu.config import epsilon
from kerasedu.losses.loss import Loss
from kerasedu.losses.pairing import pair

__all__ = [
    "CosineSimilarity",
    "Huber",
    "LogCosh",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "cosine_similarity",
    "huber",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
]


def mean_squared_error(y_true, y_pred) -> np.ndarray:
    """l = mean (ŷ - y)²."""
    y_true, y_pred = pair("mean_squared_error", y_true, y_pred)
    return np.square(y_pred - y_true).mean(-1)


class MeanSquaredError(Loss):
    """l = mean (ŷ - y)² over the d numbers of a sample; ∂l/∂ŷ = 2 (ŷ - y) / d.

    Source: https://keras.io/api/losses/regression_losses/
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_error", dtype=None):
        super().__init__(name, reduction, dtype)

    def call(self, y_true, y_pred):
        return mean_squared_error(y_true, y_pred)

    def call_backward(self, dl, y_true, y_pred):
        return 2 * dl[..., None] / y_pred.shape[-1] * (y_pred - y_true)


def mean_absolute_error(y_true, y_pred) -> np.ndarray:
    """l = mean |ŷ - y|."""
    y_true, y_pred = pair("mean_absolute_error", y_true, y_pred)
    return np.abs(y_pred - y_true).mean(-1)


class MeanAbsoluteError(Loss):
    """l = mean |ŷ - y| over the d numbers of a sample; ∂l/∂ŷ = sign(ŷ - y) / d, with sign(0) = 0.

    Source: https://keras.io/api/losses/regression_losses/
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_error", dtype=None):
        super().__init__(name, reduction, dtype)

    def call(self, y_true, y_pred):
        return mean_absolute_error(y_true, y_pred)

    def call_backward(self, dl, y_true, y_pred):
        return dl[..., None] / y_pred.shape[-1] * np.sign(y_pred - y_true)


def mean_absolute_percentage_error(y_true, y_pred) -> np.ndarray:
    """l = 100 mean |(ŷ - y) / max(|y|, ε)|, with ε = 1e-7."""
    y_true, y_pred = pair("mean_absolute_percentage_error", y_true, y_pred)
    return 100 * np.abs((y_pred - y_true) / np.maximum(np.abs(y_true), epsilon())).mean(-1)


class MeanAbsolutePercentageError(Loss):
    """l = 100 mean |(ŷ - y) / max(|y|, ε)|, with ε = 1e-7; ∂l/∂ŷ = 100 sign(ŷ - y) / (d max(|y|, ε)).

    Source: https://keras.io/api/losses/regression_losses/
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_absolute_percentage_error", dtype=None):
        super().__init__(name, reduction, dtype)

    def call(self, y_true, y_pred):
        return mean_absolute_percentage_error(y_true, y_pred)

    def call_backward(self, dl, y_true, y_pred):
        size = np.maximum(np.abs(y_true), epsilon())
        return 100 * dl[..., None] / y_pred.shape[-1] * np.sign(y_pred - y_true) / size


def huber(y_true, y_pred, delta: float = 1.0) -> np.ndarray:
    """l = mean of e² / 2 where |e| ≤ δ, and of δ |e| - δ² / 2 elsewhere, for e = ŷ - y."""
    y_true, y_pred = pair("huber", y_true, y_pred)
    size = np.abs(y_pred - y_true)
    return np.where(size <= delta, np.square(size) / 2, delta * size - delta**2 / 2).mean(-1)


class Huber(Loss):
    """Squared like ``MeanSquaredError`` for small errors e = ŷ - y, absolute for large ones, without a kink.

    l = mean of e² / 2 where |e| ≤ δ, and of δ |e| - δ² / 2 elsewhere; ∂l/∂ŷ = clip(e, -δ, δ) / d.

    Arguments:
        delta: δ.

    Source: https://keras.io/api/losses/regression_losses/
    """

    def __init__(self, delta: float = 1.0, reduction="sum_over_batch_size", name="huber_loss", dtype=None):
        super().__init__(name, reduction, dtype)
        self.delta = delta

    def call(self, y_true, y_pred):
        return huber(y_true, y_pred, self.delta)

    def call_backward(self, dl, y_true, y_pred):
        return dl[..., None] / y_pred.shape[-1] * np.clip(y_pred - y_true, -self.delta, self.delta)


def log_cosh(y_true, y_pred) -> np.ndarray:
    """l = mean ln cosh e for e = ŷ - y, computed as |e| + ln(1 + e^(-2|e|)) - ln 2, which does not overflow.

    Keras takes ln 2 in float32, also for float64 predictions: then ln cosh 0 is 2e-9.
    """
    y_true, y_pred = pair("log_cosh", y_true, y_pred)
    size = np.abs(y_pred - y_true)
    return (size + np.log1p(np.exp(-2 * size)) - float(np.log(np.float32(2)))).mean(-1)


class LogCosh(Loss):
    """l = mean ln cosh(ŷ - y): nearly e² / 2 for small errors, |e| - ln 2 for large ones; ∂l/∂ŷ = tanh(ŷ - y) / d.

    Source: https://keras.io/api/losses/regression_losses/
    """

    def __init__(self, reduction="sum_over_batch_size", name="log_cosh", dtype=None):
        super().__init__(name, reduction, dtype)

    def call(self, y_true, y_pred):
        return log_cosh(y_true, y_pred)

    def call_backward(self, dl, y_true, y_pred):
        return dl[..., None] / y_pred.shape[-1] * np.tanh(y_pred - y_true)


def cosine_similarity(y_true, y_pred, axis: int = -1) -> np.ndarray:
    """l = -Σ u v for the unit vectors u = y / ‖y‖ and v = ŷ / ‖ŷ‖: -1 for the same direction, 1 for opposite ones."""
    y_true, y_pred = pair("cosine_similarity", y_true, y_pred)
    return -(y_true / _length(y_true, axis) * (y_pred / _length(y_pred, axis))).sum(axis)


class CosineSimilarity(Loss):
    """l = -Σ u v, with u = y / |y|, v = ŷ / |ŷ|, and |x| = max(‖x‖, ε), ε = 1e-7.

    ∂l/∂ŷ = (v Σ u v - u) / |ŷ|: ŷ is turned towards y, its length does not matter. Only where ‖ŷ‖ < ε, and |ŷ| is
    constant, it is -u / ε.

    Arguments:
        axis: the axis along which the vectors lie.

    Source: https://keras.io/api/losses/regression_losses/
    """

    def __init__(self, axis: int = -1, reduction="sum_over_batch_size", name="cosine_similarity", dtype=None):
        super().__init__(name, reduction, dtype)
        self.axis = axis

    def call(self, y_true, y_pred):
        return cosine_similarity(y_true, y_pred, self.axis)

    def call_backward(self, dl, y_true, y_pred):
        length = _length(y_pred, self.axis)
        u, v = y_true / _length(y_true, self.axis), y_pred / length
        along = np.where(length > epsilon(), v * (u * v).sum(self.axis, keepdims=True), 0)
        return np.expand_dims(dl, self.axis) * (along - u) / length


def _length(x: np.ndarray, axis: int) -> np.ndarray:
    """max(‖x‖, ε), an axis of length 1 in the place of the vectors'."""
    return np.maximum(np.sqrt(np.square(x).sum(axis, keepdims=True)), epsilon())
