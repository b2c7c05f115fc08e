"""How far predictions are from numbers."""

from __future__ import annotations

import numpy as np

from kerasedu.losses import mean_absolute_error, mean_squared_error
from kerasedu.losses.pairing import pair
from kerasedu.metrics.reduction import Mean, MeanMetricWrapper

__all__ = [
    "MeanAbsoluteError",
    "MeanSquaredError",
    "RootMeanSquaredError",
    "mean_absolute_error",
    "mean_squared_error",
]


class MeanSquaredError(MeanMetricWrapper):
    """The mean of (y_true - y_pred)².

    Source: https://keras.io/api/metrics/regression_metrics/
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_squared_error", dtype: str | None = None):
        super().__init__(mean_squared_error, name=name, dtype=dtype)


class MeanAbsoluteError(MeanMetricWrapper):
    """The mean of |y_true - y_pred|.

    Source: https://keras.io/api/metrics/regression_metrics/
    """

    _direction = "down"

    def __init__(self, name: str | None = "mean_absolute_error", dtype: str | None = None):
        super().__init__(mean_absolute_error, name=name, dtype=dtype)


class RootMeanSquaredError(Mean):
    """The root of the mean of (y_true - y_pred)², over all batches: not the mean of the batches' roots.

    Source: https://keras.io/api/metrics/regression_metrics/
    """

    _direction = "down"

    def __init__(self, name: str | None = "root_mean_squared_error", dtype: str | None = None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch of labels and predictions, with a weight for each element if given."""
        y_true, y_pred = pair(self.name, y_true, self.as_values(y_pred))
        super().update_state(np.square(y_true - y_pred), sample_weight)

    def result(self):
        return np.sqrt(super().result())
