"""``Mean``, ``Sum``, and the mean of any function of labels and predictions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kerasedu.losses.reduction import match_ranks
from kerasedu.metrics.metric import Metric, divide_no_nan, spread

__all__ = ["Mean", "MeanMetricWrapper", "Sum"]


class Sum(Metric):
    """Σ w x, over all values x with weights w (1 by default).

    Source: https://keras.io/api/metrics/metrics_wrappers/
    """

    def __init__(self, name: str | None = "sum", dtype: str | None = None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable(name="total")

    def update_state(self, values, sample_weight=None):
        """Add ``values``, of any shape, with weights that broadcast to it from the left."""
        values, _ = per_sample(self.as_values(values), sample_weight, np.sum)
        self.total.value += values.sum(dtype=np.float64)

    def result(self):
        return self.as_result(self.total)


class Mean(Metric):
    """Σ w x / Σ w, over all values x with weights w (1 by default); 0 if nothing was seen.

    An element of the batch counts once, however many values it has: they are averaged first.

    Source: https://keras.io/api/metrics/metrics_wrappers/
    """

    def __init__(self, name: str | None = "mean", dtype: str | None = None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable(name="total")
        self.count = self.add_variable(name="count")

    def update_state(self, values, sample_weight=None):
        """Add ``values``, of any shape, with weights that broadcast to it from the left."""
        values, weights = per_sample(self.as_values(values), sample_weight, np.mean)
        self.total.value += values.sum(dtype=np.float64)
        self.count.value += values.size if weights is None else weights.sum(dtype=np.float64)

    def result(self):
        return self.as_result(divide_no_nan(self.total.value, self.count.value))


class MeanMetricWrapper(Mean):
    """The mean of fn(y_true, y_pred), a function that returns a value for each element of the batch.

    Arguments:
        fn: the function.
        kwargs: further arguments of the function.

    Source: https://keras.io/api/metrics/metrics_wrappers/
    """

    def __init__(self, fn: Callable, name: str | None = None, dtype: str | None = None, **kwargs):
        if not callable(fn):
            raise ValueError(f"MeanMetricWrapper expected a function of y_true and y_pred, got {fn!r}")
        super().__init__(name=name or getattr(fn, "__name__", None), dtype=dtype)
        self.fn = fn
        self._options = kwargs

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch of labels and predictions, with a weight for each element if given."""
        super().update_state(self.fn(y_true, y_pred, **self._options), sample_weight)

    def get_config(self):
        return {**super().get_config(), **self._options}


def per_sample(values: np.ndarray, sample_weight, reduce: Callable) -> tuple[np.ndarray, np.ndarray | None]:
    """w x and w with one entry for each element of the batch; ``reduce`` (mean or sum) takes away the other axes.

    Weights with fewer axes than the values belong to the leading axes, so a weight a sample is shape (batch,).
    """
    weights = None
    if sample_weight is not None:
        values, weights = match_ranks(values, np.asarray(sample_weight, dtype=values.dtype))
        if values.ndim > weights.ndim:
            values = reduce(values, axis=tuple(range(weights.ndim, values.ndim)))
        weights = spread(weights, values.shape)
        values = values * weights
        if weights.ndim > 1:
            weights = reduce(weights, axis=tuple(range(1, weights.ndim)))
    if values.ndim > 1:
        values = reduce(values, axis=tuple(range(1, values.ndim)))
    return values, weights
