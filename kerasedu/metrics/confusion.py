"""True and false, positives and negatives: the four cells of the confusion matrix, and what is made of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.losses.reduction import match_ranks
from kerasedu.metrics.metric import Metric, divide_no_nan, spread
from kerasedu.metrics.thresholds import Thresholds

__all__ = ["FalseNegatives", "FalsePositives", "Precision", "Recall", "TrueNegatives", "TruePositives"]

NOTHING = -1e10  # what Keras puts in the place of scores that are not among the top k


class ConfusionMetric(Metric):
    """A metric made of the four counts (sums of weights w), at each threshold:

        =========  ==================  ===================
                   score > threshold   score <= threshold
        =========  ==================  ===================
        label 1    true positives      false negatives
        label 0    false positives     true negatives
        =========  ==================  ===================

    Labels and scores of any shape are taken element by element. Any label but 0 is 1.

    Arguments:
        thresholds: what the scores are compared with.
    """

    counts: tuple[str, ...] = ("true_positives", "false_positives", "true_negatives", "false_negatives")
    top_k: int | None = None
    class_id: int | None = None

    def __init__(self, thresholds: Thresholds, name: str | None, dtype: str | None):
        super().__init__(name=name, dtype=dtype)
        self._thresholds = thresholds

    def _add_counts(self, *labels: int) -> None:
        for name in self.counts:
            setattr(self, name, self.add_variable((len(self._thresholds), *labels), name=name))

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add labels (0 or 1) and scores, both (batch, …), with weights (batch,) or of the scores' shape."""
        self._count(*(array.ravel() for array in self._prepare(y_true, y_pred, sample_weight)))

    def _count(self, y_true: np.ndarray, y_pred: np.ndarray, weights: np.ndarray) -> None:
        sums: dict[str, np.ndarray] = {}
        sums["true_positives"], sums["false_negatives"] = self._thresholds.split(y_pred, np.where(y_true, weights, 0))
        sums["false_positives"], sums["true_negatives"] = self._thresholds.split(y_pred, np.where(y_true, 0, weights))
        for name in self.counts:
            getattr(self, name).value += sums[name]

    def _prepare(self, y_true, y_pred, sample_weight) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Labels as booleans, scores, and a weight for each score."""
        y_pred, y_true = match_ranks(self.as_values(y_pred), np.asarray(y_true).astype(bool))
        if y_true.shape != y_pred.shape:
            raise ValueError(
                f"{self.name} expected labels in the shape of the scores {y_pred.shape}, got {y_true.shape}"
            )
        weights = np.asarray(1.0 if sample_weight is None else sample_weight, dtype=np.float64)
        if weights.ndim < y_true.ndim:
            weights = weights[..., None]
        if self.top_k is not None:
            y_pred = _only_top_k(y_pred, self.top_k)
        if self.class_id is not None:
            if y_pred.ndim < 2:
                raise ValueError(f"{self.name} with class_id expected scores (batch, classes), got {y_pred.shape}")
            y_true, y_pred = y_true[..., self.class_id, None], y_pred[..., self.class_id, None]
        return y_true, y_pred, spread(weights, y_pred.shape)

    def _each(self, values: np.ndarray):
        """One number for one threshold, an array for several."""
        return self.as_result(values[0] if len(values) == 1 else values)


class _Count(ConfusionMetric):
    """One of the four counts."""

    def __init__(self, thresholds=None, name: str | None = None, dtype: str | None = None):
        super().__init__(_given(type(self).__name__, thresholds, default=0.5), name, dtype)
        self.thresholds = thresholds
        self._add_counts()

    def result(self):
        return self._each(getattr(self, self.counts[0]).value)


class TruePositives(_Count):
    """How many labels 1 have a score above the threshold: Σ w.

    Arguments:
        thresholds: a number in [0, 1], or several for a result each; by default 0.5.

    Source: https://keras.io/api/metrics/classification_metrics/
    """

    counts = ("true_positives",)


class TrueNegatives(_Count):
    """How many labels 0 have a score not above the threshold: Σ w.

    Arguments:
        thresholds: a number in [0, 1], or several for a result each; by default 0.5.

    Source: https://keras.io/api/metrics/classification_metrics/
    """

    counts = ("true_negatives",)


class FalsePositives(_Count):
    """How many labels 0 have a score above the threshold: Σ w.

    Arguments:
        thresholds: a number in [0, 1], or several for a result each; by default 0.5.

    Source: https://keras.io/api/metrics/classification_metrics/
    """

    counts = ("false_positives",)


class FalseNegatives(_Count):
    """How many labels 1 have a score not above the threshold: Σ w.

    Arguments:
        thresholds: a number in [0, 1], or several for a result each; by default 0.5.

    Source: https://keras.io/api/metrics/classification_metrics/
    """

    counts = ("false_negatives",)


class _Ratio(ConfusionMetric):
    """A ratio of two counts."""

    _direction = "up"

    def __init__(
        self,
        thresholds=None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ):
        default = 0.5 if top_k is None else NOTHING
        super().__init__(_given(type(self).__name__, thresholds, default), name, dtype)
        self.thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        self._add_counts()


class Precision(_Ratio):
    """TP / (TP + FP): of all that was called positive, the share that is; 0 if nothing was.

    Arguments:
        thresholds: a number in [0, 1], or several for a result each; by default 0.5, and none at all with ``top_k``.
        top_k: only the k highest scores of each element of the batch can be positive.
        class_id: only this class, a position on the last axis, counts.

    Source: https://keras.io/api/metrics/classification_metrics/#precision-class
    """

    counts = ("true_positives", "false_positives")

    def result(self):
        tp, fp = self.true_positives.value, self.false_positives.value
        return self._each(divide_no_nan(tp, tp + fp))


class Recall(_Ratio):
    """TP / (TP + FN): of all that is positive, the share that was called so; 0 if nothing is.

    Arguments:
        thresholds, top_k, class_id: as in ``Precision``.

    Source: https://keras.io/api/metrics/classification_metrics/#recall-class
    """

    counts = ("true_positives", "false_negatives")

    def result(self):
        tp, fn = self.true_positives.value, self.false_negatives.value
        return self._each(divide_no_nan(tp, tp + fn))


def _given(owner: str, thresholds: float | Sequence[float] | None, default: float) -> Thresholds:
    return Thresholds([default] if thresholds is None else np.ravel(check_thresholds(owner, thresholds)))


def check_thresholds(owner: str, thresholds) -> np.ndarray:
    """``thresholds`` as an array, all between 0 and 1."""
    values = np.asarray(thresholds, dtype=np.float64)
    if not np.all((values >= 0) & (values <= 1)):
        raise ValueError(f"{owner} expected thresholds between 0 and 1, got {thresholds}")
    return values


def _only_top_k(scores: np.ndarray, k: int) -> np.ndarray:
    """The k highest scores on the last axis, and ``NOTHING`` elsewhere. Of equal scores the first ones stay."""
    if k > scores.shape[-1]:
        raise ValueError(f"top_k = {k} asks for more scores than there are classes, {scores.shape[-1]}")
    best = np.argsort(-scores, axis=-1, kind="stable")[..., :k]
    top = np.full_like(scores, NOTHING)
    np.put_along_axis(top, best, np.take_along_axis(scores, best, axis=-1), axis=-1)
    return top
