"""Numbers that tell how good predictions are, gathered batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kerasedu.configurable import resolve
from kerasedu.metrics.accuracy import *
from kerasedu.metrics.accuracy import BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy
from kerasedu.metrics.auc import *
from kerasedu.metrics.confusion import *
from kerasedu.metrics.f_score import *
from kerasedu.metrics.metric import Metric
from kerasedu.metrics.probabilistic import *
from kerasedu.metrics.r2_score import *
from kerasedu.metrics.reduction import *
from kerasedu.metrics.reduction import MeanMetricWrapper
from kerasedu.metrics.regression import *

_KNOWN = {name: cls for name, cls in globals().items() if isinstance(cls, type) and issubclass(cls, Metric)}
del _KNOWN["Metric"]
_SHORT = {"acc": "Accuracy", "mse": "MeanSquaredError", "mae": "MeanAbsoluteError", "bce": "BinaryCrossentropy"}


def get(identifier: Any) -> Metric | Callable | None:
    """The metric that ``identifier`` stands for: a name (``"auc"``, ``"mse"``), a class, a configuration, an object."""
    if isinstance(identifier, str):
        identifier = _SHORT.get(identifier.lower(), identifier)
    return resolve("metric", _KNOWN, identifier)


def for_output(identifier: Any, y_true_shape: Sequence[int], y_pred_shape: Sequence[int]) -> Metric:
    """The metric that ``identifier`` in ``compile(metrics=[identifier])`` stands for.

    ``"accuracy"`` and ``"acc"`` mean the accuracy that fits the shapes (``accuracy_for``). A function of y_true and
    y_pred becomes the mean of what it returns. A name is the metric's name in logs and history.
    """
    if identifier is None:
        raise ValueError("expected a metric, its name or a function of y_true and y_pred, got None")
    if isinstance(identifier, str) and identifier.lower() in ("accuracy", "acc"):
        return accuracy_for(y_true_shape, y_pred_shape)(name=identifier)
    metric = get(identifier)
    if not isinstance(metric, Metric):
        metric = MeanMetricWrapper(metric)
    if isinstance(identifier, str):
        metric.name = identifier
    return metric


def accuracy_for(y_true_shape: Sequence[int], y_pred_shape: Sequence[int]) -> type[Metric]:
    """The accuracy that fits: Binary for one output, SparseCategorical for class numbers, otherwise Categorical."""
    if y_pred_shape[-1] == 1:
        return BinaryAccuracy
    if len(y_true_shape) < len(y_pred_shape) or (y_true_shape[-1] == 1 and y_pred_shape[-1] > 1):
        return SparseCategoricalAccuracy
    return CategoricalAccuracy
