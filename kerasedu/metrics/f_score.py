"""``F1Score``: precision and recall in one number."""

from __future__ import annotations

import numpy as np

from kerasedu.config import epsilon
from kerasedu.metrics.metric import Metric

__all__ = ["F1Score"]


class F1Score(Metric):
    """The harmonic mean of precision and recall, F = 2 P R / (P + R), of each class.

    A class without a hit has F = 0: every denominator has 1e-7 added.

    Arguments:
        average: None for one F a class; ``"macro"`` for their mean; ``"weighted"`` for their mean weighted by the
            number of labels; ``"micro"`` for one F of all classes thrown together.
        threshold: a score above it is positive, in (0, 1]. None: of each element the highest score is, or several if
            they are equal, but not a score of 0.

    Source: https://keras.io/api/metrics/classification_metrics/#f1score-class
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: str | None = None,
    ):
        if average not in (None, "micro", "macro", "weighted"):
            raise ValueError(f"F1Score expected average to be None, 'micro', 'macro' or 'weighted', got {average!r}")
        if threshold is not None and not 0 < threshold <= 1:
            raise ValueError(f"F1Score expected threshold in (0, 1] or None, got {threshold!r}")
        self.average = average
        self.threshold = threshold
        super().__init__(name=name, dtype=dtype)

    def reset_state(self):
        self.true_positives = 0.0
        self.false_positives = 0.0
        self.false_negatives = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add labels and scores, both (batch, classes), with weights (batch,)."""
        y_pred, y_true = self.as_values(y_pred), np.asarray(y_true, dtype=np.float64)
        if y_pred.ndim != 2 or y_true.shape != y_pred.shape:
            raise ValueError(
                f"{self.name} expected labels and scores of shape (batch, classes), "
                f"got {y_true.shape} and {y_pred.shape}. Class numbers must be one-hot encoded first."
            )
        if self.threshold is None:
            positive = (y_pred >= y_pred.max(axis=-1, keepdims=True)) & (np.abs(y_pred) > 1e-9)
        else:
            positive = y_pred > self.threshold
        weights = np.ones(len(y_pred)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        if weights.shape != y_pred.shape[:1]:
            raise ValueError(f"{self.name} expected weights of shape {y_pred.shape[:1]}, got {weights.shape}")
        weights = weights[:, None]
        axis = None if self.average == "micro" else 0
        self.true_positives = self.true_positives + np.sum(weights * y_true * positive, axis=axis)
        self.false_positives = self.false_positives + np.sum(weights * (1 - y_true) * positive, axis=axis)
        self.false_negatives = self.false_negatives + np.sum(weights * y_true * ~positive, axis=axis)

    def result(self):
        tp, fp, fn = self.true_positives, self.false_positives, self.false_negatives
        precision = tp / (tp + fp + epsilon())
        recall = tp / (tp + fn + epsilon())
        f = 2 * precision * recall / (precision + recall + epsilon())
        if self.average == "weighted":
            labels = tp + fn
            f = np.sum(f * labels) / (np.sum(labels) + epsilon())
        elif self.average is not None:
            f = np.mean(f)
        return self.as_result(f)
