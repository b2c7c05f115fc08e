"""``R2Score``: the share of the variance that is explained."""

from __future__ import annotations

import warnings

import numpy as np

from kerasedu.losses.pairing import pair
from kerasedu.metrics.metric import Metric, spread

__all__ = ["R2Score"]


class R2Score(Metric):
    """The share of the variance of y that the predictions explain, for each output; 1 is perfect, 0 is their mean.

        R² = 1 - Σ w (y_true - y_pred)² / Σ w (y_true - ȳ)²

    An output that never changes has R² = 0, or NaN if it is predicted exactly, as in Keras.

    Arguments:
        class_aggregation: ``"uniform_average"`` for the mean over the outputs; ``"variance_weighted_average"`` for the
            mean weighted by the outputs' variances; None for one R² an output.
        num_regressors: p, for the adjusted score 1 - (1 - R²) (n - 1) / (n - p - 1), where n counts all values of all
            outputs; 0 for none.

    Source: https://keras.io/api/metrics/regression_metrics/#r2score-class
    """

    _direction = "up"

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str | None = "r2_score",
        dtype: str | None = None,
    ):
        if class_aggregation not in (None, "uniform_average", "variance_weighted_average"):
            raise ValueError(
                "R2Score expected class_aggregation to be None, 'uniform_average' or 'variance_weighted_average', "
                f"got {class_aggregation!r}"
            )
        if num_regressors < 0:
            raise ValueError(f"R2Score expected num_regressors >= 0, got {num_regressors!r}")
        super().__init__(name=name, dtype=dtype)
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples = self.add_variable(name="num_samples")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add labels and predictions, both (batch, outputs), with weights (batch,) or (batch, outputs)."""
        y_true, y_pred = pair(self.name, y_true, self.as_values(y_pred))
        if y_true.ndim != 2:
            raise ValueError(f"{self.name} expected labels and predictions (batch, outputs), got {y_true.shape}")
        w = np.asarray(1.0 if sample_weight is None else sample_weight, dtype=np.float64)
        w = spread(w[:, None] if w.ndim == 1 else w, y_true.shape)
        if len(self.variables) == 1:
            outputs = y_true.shape[1:]
            self.squared_sum = self.add_variable(outputs, name="squared_sum")
            self.sum = self.add_variable(outputs, name="sum")
            self.residual = self.add_variable(outputs, name="residual")
            self.count = self.add_variable(outputs, name="count")
        self.count.value += w.sum(axis=0)
        self.sum.value += (w * y_true).sum(axis=0)
        self.squared_sum.value += (w * y_true * y_true).sum(axis=0)
        self.residual.value += (w * (y_true - y_pred) ** 2).sum(axis=0)
        self.num_samples.value += y_true.size

    def result(self):
        if len(self.variables) == 1:
            return self.as_result(np.nan)
        _, squares, total, residual, count = (variable.value for variable in self.variables)
        with np.errstate(divide="ignore", invalid="ignore"):
            variation = squares - total**2 / count
            r2 = 1 - residual / variation
            r2 = np.where(np.isinf(r2), 0.0, r2)
            if self.class_aggregation == "uniform_average":
                r2 = np.mean(r2)
            elif self.class_aggregation == "variance_weighted_average":
                r2 = np.sum(variation * r2) / np.sum(variation)
        return self.as_result(self._adjusted(r2) if self.num_regressors else r2)

    def _adjusted(self, r2):
        n, p = int(self.num_samples.value), self.num_regressors
        if n - p - 1 <= 0:
            warnings.warn(f"{self.name}: {p} regressors for {n} values leave nothing to adjust by", stacklevel=3)
            return r2
        return 1 - (1 - r2) * (n - 1) / (n - p - 1)
