"""``FBetaScore`` and ``F1Score``: precision and recall in one number."""

from __future__ import annotations

import numpy as np

from kerasedu.config import epsilon
from kerasedu.metrics.metric import Metric, spread

__all__ = ["F1Score", "FBetaScore"]


class FBetaScore(Metric):
    """The weighted harmonic mean of precision P and recall R, where recall weighs β² as much, of each class:

        F = (1 + β²) P R / (β² P + R)

    A class without a hit has F = 0: every denominator has 1e-7 added.

    Arguments:
        average: None for one F a class; ``"macro"`` for their mean; ``"weighted"`` for their mean weighted by the
            number of labels; ``"micro"`` for one F of all classes thrown together.
        beta: β.
        threshold: a score above it is positive, in (0, 1]. None: of each element the highest score is, or several if
            they are equal, but not a score of 0.

    Source: https://keras.io/api/metrics/classification_metrics/
    """

    _direction = "up"

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: str | None = None,
    ):
        if average not in (None, "micro", "macro", "weighted"):
            raise ValueError(f"{name} expected average to be None, 'micro', 'macro' or 'weighted', got {average!r}")
        if not isinstance(beta, float) or not beta > 0:
            raise ValueError(f"{name} expected beta to be a float > 0, got {beta!r}")
        if threshold is not None and (not isinstance(threshold, float) or not 0 < threshold <= 1):
            raise ValueError(f"{name} expected threshold to be a float in (0, 1] or None, got {threshold!r}")
        self.average = average
        self.beta = beta
        self.threshold = threshold
        super().__init__(name=name, dtype=dtype)

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
        weights = np.asarray(1.0 if sample_weight is None else sample_weight, dtype=np.float64)
        weights = spread(weights, y_pred.shape[:1])[:, None]
        axis = None if self.average == "micro" else 0
        if not self.variables:
            shape = () if self.average == "micro" else y_pred.shape[1:]
            self.true_positives = self.add_variable(shape, name="true_positives")
            self.false_positives = self.add_variable(shape, name="false_positives")
            self.false_negatives = self.add_variable(shape, name="false_negatives")
        self.true_positives.value += np.sum(weights * y_true * positive, axis=axis)
        self.false_positives.value += np.sum(weights * (1 - y_true) * positive, axis=axis)
        self.false_negatives.value += np.sum(weights * y_true * ~positive, axis=axis)

    def result(self):
        if not self.variables:
            return self.as_result(0)
        tp, fp, fn = (count.value for count in self.variables)
        precision = tp / (tp + fp + epsilon())
        recall = tp / (tp + fn + epsilon())
        f = (1 + self.beta**2) * precision * recall / (self.beta**2 * precision + recall + epsilon())
        if self.average == "weighted":
            labels = tp + fn
            f = np.sum(f * labels) / (np.sum(labels) + epsilon())
        elif self.average is not None:
            f = np.mean(f)
        return self.as_result(f)


class F1Score(FBetaScore):
    """The harmonic mean of precision and recall, F = 2 P R / (P + R), of each class.

    Arguments:
        average, threshold: as in ``FBetaScore``.

    Source: https://keras.io/api/metrics/classification_metrics/#f1score-class
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: str | None = None,
    ):
        super().__init__(average=average, threshold=threshold, name=name, dtype=dtype)
