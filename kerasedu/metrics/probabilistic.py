"""How improbable the labels are under the predictions."""

from __future__ import annotations

import numpy as np

from kerasedu.losses import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy
from kerasedu.losses.reduction import match_ranks
from kerasedu.metrics.reduction import MeanMetricWrapper

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
]


class BinaryCrossentropy(MeanMetricWrapper):
    """The mean of -y log p - (1 - y) log(1 - p), for labels y, 0 or 1, and probabilities p.

    Arguments:
        from_logits: predictions are logits, whose sigmoid is p.
        label_smoothing: s; labels become y (1 - s) + s / 2.

    Source: https://keras.io/api/metrics/probabilistic_metrics/
    """

    _direction = "down"

    def __init__(
        self,
        name: str | None = "binary_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ):
        super().__init__(
            binary_crossentropy, name=name, dtype=dtype, from_logits=from_logits, label_smoothing=label_smoothing
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing


class CategoricalCrossentropy(MeanMetricWrapper):
    """The mean of -Σ y log p over the classes, for one-hot labels y and probabilities p.

    Arguments:
        from_logits: predictions are logits, whose softmax is p.
        label_smoothing: s; labels become y (1 - s) + s / classes.
        axis: the axis of the classes.

    Source: https://keras.io/api/metrics/probabilistic_metrics/
    """

    _direction = "down"

    def __init__(
        self,
        name: str | None = "categorical_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ):
        super().__init__(
            categorical_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """The mean of -log p of the true class, for class numbers as labels and probabilities p.

    Arguments:
        from_logits: predictions are logits, whose softmax is p.
        ignore_class: elements with this label have the value 0. They still count in the mean, unless there are
            weights: then theirs become 0. (So does Keras.)
        axis: the axis of the classes.

    Source: https://keras.io/api/metrics/probabilistic_metrics/
    """

    _direction = "down"

    def __init__(
        self,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: str | None = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ):
        super().__init__(
            sparse_categorical_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis

    def update_state(self, y_true, y_pred, sample_weight=None):
        if self.ignore_class is not None and sample_weight is not None:
            y_true = np.asarray(y_true)
            labels = y_true[..., 0] if y_true.ndim == np.ndim(y_pred) and y_true.shape[-1] == 1 else y_true
            counted, weights = match_ranks(labels != self.ignore_class, np.asarray(sample_weight))
            sample_weight = counted * weights
        super().update_state(y_true, y_pred, sample_weight)
