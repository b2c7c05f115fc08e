"""How often a prediction is right: for labels of every form."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float
from kerasedu.losses.reduction import match_ranks
from kerasedu.metrics.reduction import MeanMetricWrapper

__all__ = [
    "Accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
]


def accuracy(y_true, y_pred) -> np.ndarray:
    """1 where prediction and label are equal, otherwise 0. For class numbers, not for probabilities.

    Shapes: y_true, y_pred and the result (batch, …).
    """
    y_pred = np.asarray(y_pred)
    y_true, y_pred = match_ranks(np.asarray(y_true).astype(y_pred.dtype), y_pred)
    return _agreement("accuracy", y_true, y_pred, as_float(y_pred).dtype)


def binary_accuracy(y_true, y_pred, threshold: float = 0.5) -> np.ndarray:
    """1 where (y_pred > threshold) is the label, 0 or 1; otherwise 0. A prediction equal to the threshold means 0.

    Shapes: y_true, y_pred and the result (batch, …).
    """
    y_true, y_pred = match_ranks(np.asarray(y_true), as_float(y_pred))
    return _agreement("binary_accuracy", y_true, y_pred > threshold, y_pred.dtype)


def categorical_accuracy(y_true, y_pred) -> np.ndarray:
    """1 where the largest prediction is that of the true class, the largest in y_true; otherwise 0.

    Shapes: y_true (batch, …, classes), y_pred the same; result (batch, …). Of equal predictions the first counts.
    """
    y_true, y_pred = np.asarray(y_true), as_float(y_pred)
    if y_true.ndim != y_pred.ndim:
        raise ValueError(
            f"categorical_accuracy expected one-hot labels in the shape of the predictions {y_pred.shape}, got "
            f"{y_true.shape}. For class numbers use sparse_categorical_accuracy."
        )
    return _agreement("categorical_accuracy", y_true.argmax(-1), y_pred.argmax(-1), y_pred.dtype)


def sparse_categorical_accuracy(y_true, y_pred) -> np.ndarray:
    """1 where the largest prediction is that of the true class, whose number is y_true; otherwise 0.

    Shapes: y_true (batch, …) or (batch, …, 1), y_pred (batch, …, classes); result (batch, …).
    Of equal predictions the first counts.
    """
    y_true, y_pred = np.asarray(y_true), as_float(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = y_true[..., 0]
    return _agreement("sparse_categorical_accuracy", y_true, y_pred.argmax(-1), y_pred.dtype)


def top_k_categorical_accuracy(y_true, y_pred, k: int = 5) -> np.ndarray:
    """1 where fewer than k classes are predicted above the true one, the largest in y_true; otherwise 0.

    Shapes: y_true (batch, …, classes), y_pred the same; result (batch, …).
    """
    return sparse_top_k_categorical_accuracy(np.asarray(y_true).argmax(-1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k: int = 5, from_sorted_ids: bool = False) -> np.ndarray:
    """1 where fewer than k classes are predicted above the true one, whose number is y_true; otherwise 0.

    So classes that tie for the k-th place are all in. A row with NaN or infinity counts as wrong.

    Shapes: y_true (batch, …), y_pred (batch, …, classes); result (batch, …).

    Arguments:
        from_sorted_ids: y_pred holds class numbers, best first, of which the first k count.
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape[:-1]:
        raise ValueError(
            f"top-k accuracy expected labels of shape {y_pred.shape[:-1]} for predictions of shape {y_pred.shape}, "
            f"got {y_true.shape}"
        )
    if from_sorted_ids:
        return (y_pred[..., :k] == y_true[..., None]).any(-1).astype(as_float(y_pred).dtype)
    y_pred = as_float(y_pred)
    classes = y_pred.shape[-1]
    known = (y_true >= 0) & (y_true < classes)
    column = np.where(known, y_true, 0).astype(np.intp)[..., None]
    above = (y_pred > np.take_along_axis(y_pred, column, axis=-1)).sum(-1)
    return (known & np.isfinite(y_pred).all(-1) & (above < k)).astype(y_pred.dtype)


def _agreement(name: str, y_true: np.ndarray, y_pred: np.ndarray, dtype) -> np.ndarray:
    if y_true.shape != y_pred.shape:
        raise ValueError(f"{name} compares labels of shape {y_true.shape} with predictions of shape {y_pred.shape}")
    return (y_true == y_pred).astype(dtype)


class Accuracy(MeanMetricWrapper):
    """The share of predictions that equal their label. For class numbers, not for probabilities.

    The string ``"accuracy"`` in ``compile`` is not this class: there the form of the labels chooses among
    BinaryAccuracy, CategoricalAccuracy and SparseCategoricalAccuracy.

    Source: https://keras.io/api/metrics/accuracy_metrics/
    """

    _direction = "up"

    def __init__(self, name: str | None = "accuracy", dtype: str | None = None):
        super().__init__(accuracy, name=name, dtype=dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """The share of predictions on the right side of ``threshold``, for labels 0 and 1.

    Source: https://keras.io/api/metrics/accuracy_metrics/
    """

    _direction = "up"

    def __init__(self, name: str | None = "binary_accuracy", dtype: str | None = None, threshold: float = 0.5):
        super().__init__(binary_accuracy, name=name, dtype=dtype, threshold=threshold)
        self.threshold = threshold


class CategoricalAccuracy(MeanMetricWrapper):
    """The share of elements whose largest prediction is that of the true class, for one-hot labels.

    Source: https://keras.io/api/metrics/accuracy_metrics/
    """

    _direction = "up"

    def __init__(self, name: str | None = "categorical_accuracy", dtype: str | None = None):
        super().__init__(categorical_accuracy, name=name, dtype=dtype)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """The share of elements whose largest prediction is that of the true class, for class numbers as labels.

    Source: https://keras.io/api/metrics/accuracy_metrics/
    """

    _direction = "up"

    def __init__(self, name: str | None = "sparse_categorical_accuracy", dtype: str | None = None):
        super().__init__(sparse_categorical_accuracy, name=name, dtype=dtype)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """The share of elements whose true class is among the k highest predictions, for one-hot labels.

    Source: https://keras.io/api/metrics/accuracy_metrics/
    """

    _direction = "up"

    def __init__(self, k: int = 5, name: str | None = "top_k_categorical_accuracy", dtype: str | None = None):
        super().__init__(top_k_categorical_accuracy, name=name, dtype=dtype, k=k)
        self.k = k


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """The share of elements whose true class is among the k highest predictions, for class numbers as labels.

    Source: https://keras.io/api/metrics/accuracy_metrics/
    """

    _direction = "up"

    def __init__(
        self,
        k: int = 5,
        name: str | None = "sparse_top_k_categorical_accuracy",
        dtype: str | None = None,
        from_sorted_ids: bool = False,
    ):
        super().__init__(
            sparse_top_k_categorical_accuracy, name=name, dtype=dtype, k=k, from_sorted_ids=from_sorted_ids
        )
        self.k = k
        self.from_sorted_ids = from_sorted_ids
