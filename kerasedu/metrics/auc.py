"""``AUC``: the area under a curve of two rates, over all thresholds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu import ops
from kerasedu.config import epsilon
from kerasedu.metrics.confusion import ConfusionMetric, check_thresholds
from kerasedu.metrics.metric import divide_no_nan
from kerasedu.metrics.thresholds import Thresholds

__all__ = ["AUC"]

CURVES = ("ROC", "PR", "PRGAIN")
SUMMATIONS = ("interpolation", "majoring", "minoring")


class AUC(ConfusionMetric):
    """Area under the curve that a threshold draws as it goes from 1 to 0, by T points and straight lines.

    ===========  ==============================================  =============================================
    curve        x                                               y
    ===========  ==============================================  =============================================
    ``ROC``      false positive rate FP / (FP + TN)              recall TP / (TP + FN)
    ``PR``       recall                                          precision TP / (TP + FP)
    ``PRGAIN``   recall gain 1 - (P / N) FN / TP, at least 0     precision gain 1 - (P / N) FP / TP
    ===========  ==============================================  =============================================

    ROC's area is the probability that a positive's score is above a negative's: 0.5 for guessing, 1 for perfect order.
    Between two points of PR precision is no straight line: with ``interpolation`` TP and FP go straight instead, and
    the area below precision is found exactly (Davis and Goadrich).

    Scores lie in [0, 1]; others are clipped. For scores crowded together choose ``thresholds`` among them.

    Arguments:
        num_thresholds: T, evenly spaced from 0 to 1.
        curve: see above.
        summation_method: height of a strip between two points: ``interpolation`` (mean), ``majoring`` (the larger),
            ``minoring`` (the smaller).
        thresholds: thresholds instead of evenly spaced ones; 0 and 1 are added.
        multi_label: scores (batch, labels) give an area for each label, and the mean of the areas is the result;
            otherwise all labels are thrown together.
        num_labels: number of labels, with ``multi_label``.
        label_weights: weights of the labels: in the mean of the areas, or in the counts without ``multi_label``.
        from_logits: scores are logits, so take their sigmoid.

    Source: Davis and Goadrich, https://doi.org/10.1145/1143844.1143874;
    Flach and Kull (gain), https://papers.nips.cc/paper/2015/hash/33e8075e9970de0cfea955afd4644bb2-Abstract.html;
    https://keras.io/api/metrics/classification_metrics/#auc-class
    """

    _direction = "up"

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: str | None = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Sequence[float] | None = None,
        from_logits: bool = False,
    ):
        if str(curve).upper() not in CURVES:
            raise ValueError(f"AUC expected curve to be one of {', '.join(CURVES)}, got {curve!r}")
        if str(summation_method).lower() not in SUMMATIONS:
            raise ValueError(
                f"AUC expected summation_method to be one of {', '.join(SUMMATIONS)}, got {summation_method!r}"
            )
        if thresholds is None and num_thresholds < 2:
            raise ValueError(f"AUC expected num_thresholds > 1, got {num_thresholds!r}")
        if num_labels and not multi_label:
            raise ValueError("AUC counts labels only with multi_label=True: leave num_labels away")
        if thresholds is None:
            inner = np.arange(1, num_thresholds - 1) / (num_thresholds - 1)
        else:
            inner = np.sort(check_thresholds("AUC", thresholds))
        super().__init__(Thresholds([-epsilon(), *inner, 1 + epsilon()]), name, dtype)
        self.thresholds = thresholds
        self.num_thresholds = len(inner) + 2
        self.curve = curve.upper()
        self.summation_method = summation_method.lower()
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = None if label_weights is None else np.asarray(label_weights, dtype=np.float64)
        self.from_logits = from_logits
        if not multi_label:
            self._add_counts()
        elif num_labels:
            self._add_counts(num_labels)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add labels (0 or 1) and scores, both (batch, …), with weights (batch,) or of the scores' shape."""
        if self.from_logits:
            y_pred = ops.sigmoid(self.as_values(y_pred))
        y_true, y_pred, weights = self._prepare(y_true, y_pred, sample_weight)
        if self.multi_label:
            if y_pred.ndim != 2 or self.num_labels not in (None, y_pred.shape[1]):
                labels = self.num_labels or "labels"
                raise ValueError(f"{self.name} with multi_label expected scores (batch, {labels}), got {y_pred.shape}")
            if not self.variables:
                self._add_counts(y_pred.shape[1])
            self._count(y_true, y_pred, weights)
        else:
            if self.label_weights is not None:
                weights = weights * self.label_weights
            self._count(y_true.ravel(), y_pred.ravel(), weights.ravel())

    def result(self):
        if not self.variables:
            return self.as_result(0)
        if self.curve == "PR" and self.summation_method == "interpolation":
            strips = self._strips_below_precision()
        else:
            x, y = self._points()
            height = {"interpolation": lambda a, b: (a + b) / 2, "majoring": np.maximum, "minoring": np.minimum}
            strips = (x[:-1] - x[1:]) * height[self.summation_method](y[:-1], y[1:])
        areas = strips.sum(axis=0)
        if self.multi_label and self.label_weights is not None:
            areas = divide_no_nan((areas * self.label_weights).sum(), self.label_weights.sum())
        return self.as_result(np.mean(areas))

    def _points(self) -> tuple[np.ndarray, np.ndarray]:
        """The curve's x and y at each threshold, x falling."""
        tp, fp, tn, fn = (count.value for count in self.variables)
        recall = divide_no_nan(tp, tp + fn)
        if self.curve == "ROC":
            return divide_no_nan(fp, fp + tn), recall
        if self.curve == "PR":
            return recall, divide_no_nan(tp, tp + fp)
        odds = divide_no_nan(tp + fn, tn + fp)
        recall_gain = np.where(tp == 0, 0, 1 - odds * divide_no_nan(fn, tp))
        precision_gain = np.where(tp == 0, 1, 1 - odds * divide_no_nan(fp, tp))
        return np.maximum(recall_gain, 0), precision_gain

    def _strips_below_precision(self) -> np.ndarray:
        """Area of precision over recall between two thresholds, where TP and p = TP + FP go straight.

        With TP = a + b p there, precision is TP / p = b + a / p, and dTP = b dp: the area is
        ∫ TP / p dTP = b (ΔTP + a ln(p₁ / p₂)), divided by P = TP + FN to make recall of TP. Nothing here is negative
        unless weights are: then the area is 0, as in Keras.
        """
        tp, fp, _, fn = (count.value for count in self.variables)
        p = tp + fp
        positives = np.maximum(tp + fn, 0)
        rise = tp[:-1] - tp[1:]
        b = divide_no_nan(rise, np.maximum(p[:-1] - p[1:], 0))
        a = tp[1:] - b * p[1:]
        ratio = np.where((p[:-1] > 0) & (p[1:] > 0), divide_no_nan(p[:-1], p[1:]), 1)
        return divide_no_nan(b * (rise + a * np.log(ratio)), positives[1:])
