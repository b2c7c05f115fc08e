"""Cross-entropies, for predicted probabilities or for the logits that softmax or sigmoid would turn into them."""

from __future__ import annotations

import warnings

import numpy as np

from kerasedu import activations, ops
from kerasedu.config import as_float
from kerasedu.losses.loss import Loss
from kerasedu.losses.pairing import pair

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
]


class Crossentropy(Loss):
    """What the three cross-entropies share: they can be computed from logits."""

    from_logits: bool
    activation: str

    def on_logits(self, activation) -> Loss | None:
        """This loss with ``from_logits=True``, if ``activation`` is softmax or sigmoid.

        Keras looks through both, whichever the loss is: categorical cross-entropy after a sigmoid is computed with
        the softmax of the logits, and ``from_logits=True`` after a softmax does no harm. There is a warning in both
        cases, for the predictions are not what the loss sees.
        """
        if activation not in (activations.softmax, activations.sigmoid):
            return None
        name = activation.__name__
        if self.from_logits:
            warnings.warn(
                f"{self.name} has from_logits=True, but the last layer ends in {name}, so its outputs are no logits. "
                f"As Keras does, it is computed from the layer's logits. Drop from_logits=True, or {name}.",
                stacklevel=2,
            )
        elif name != self.activation:
            warnings.warn(
                f"{self.name} goes with {self.activation}, but the last layer ends in {name}. As Keras does, it is "
                f"computed from the layer's logits with {self.activation}: not from the predictions.",
                stacklevel=2,
            )
        return type(self)(**{**self.get_config(), "from_logits": True})


def binary_crossentropy(
    y_true, y_pred, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> np.ndarray:
    """l = mean of -y ln p - (1 - y) ln(1 - p) over ``axis``. See ``BinaryCrossentropy``."""
    y_true, y_pred = pair("binary_crossentropy", y_true, y_pred)
    y = y_true * (1 - label_smoothing) + label_smoothing / 2
    return ops.binary_crossentropy(y, y_pred, from_logits).mean(axis)


class BinaryCrossentropy(Crossentropy):
    """l = mean of -y ln p - (1 - y) ln(1 - p) over the d numbers of a sample.

    With probabilities ∂l/∂p = (p - y) / (p (1 - p) d) within [ε, 1 - ε], ε = 1e-7, to which p is clipped, and 0
    outside: there learning stops. With logits p = σ(z), and ∂l/∂z = (p - y) / d, always.

    Arguments:
        from_logits: whether predictions are z, not p.
        label_smoothing: s; labels become y (1 - s) + s / 2.
        axis: the axis of the mean.

    Source: https://keras.io/api/losses/probabilistic_losses/
    """

    activation = "sigmoid"

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction="sum_over_batch_size",
        name="binary_crossentropy",
        dtype=None,
    ):
        super().__init__(name, reduction, dtype)
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis

    def call(self, y_true, y_pred):
        return binary_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing, self.axis)

    def call_backward(self, dl, y_true, y_pred):
        y = y_true * (1 - self.label_smoothing) + self.label_smoothing / 2
        dl = np.expand_dims(dl, self.axis) / y_pred.shape[self.axis]
        _, dy_pred = ops.binary_crossentropy_backward(dl, y, y_pred, self.from_logits)
        return dy_pred


def categorical_crossentropy(
    y_true, y_pred, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> np.ndarray:
    """l = -Σₖ yₖ ln pₖ over the classes k, on ``axis``. See ``CategoricalCrossentropy``."""
    y_pred = as_float(y_pred)
    if y_pred.shape[-1:] == (1,):
        warnings.warn(
            f"categorical_crossentropy of one class is always 0; the predictions have the shape {y_pred.shape}. One "
            "output for two classes goes with sigmoid and binary_crossentropy.",
            stacklevel=2,
        )
    y = _smooth(as_float(y_true).astype(y_pred.dtype, copy=False), label_smoothing)
    return ops.categorical_crossentropy(y, y_pred, from_logits, axis)


class CategoricalCrossentropy(Crossentropy):
    """l = -Σₖ yₖ ln pₖ over the classes k, for one-hot labels y.

    Probabilities p are divided by their sum, then clipped to [ε, 1 - ε], ε = 1e-7. With logits p = softmax(z), and
    ∂l/∂z = p - y.

    Arguments:
        from_logits: whether predictions are z, not p.
        label_smoothing: s; labels become y (1 - s) + s / K. K is the length of the last axis, also where ``axis`` is
            another. (So does Keras.)
        axis: the axis of the classes.

    Source: https://keras.io/api/losses/probabilistic_losses/
    """

    activation = "softmax"

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction="sum_over_batch_size",
        name="categorical_crossentropy",
        dtype=None,
    ):
        super().__init__(name, reduction, dtype)
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis

    def call(self, y_true, y_pred):
        return categorical_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing, self.axis)

    def call_backward(self, dl, y_true, y_pred):
        y = _smooth(y_true, self.label_smoothing)
        _, dy_pred = ops.categorical_crossentropy_backward(dl, y, y_pred, self.from_logits, self.axis)
        return dy_pred


def sparse_categorical_crossentropy(
    y_true, y_pred, from_logits: bool = False, ignore_class: int | None = None, axis: int = -1
) -> np.ndarray:
    """l = -ln pₖ for the true class k; 0 where k is ``ignore_class``. See ``SparseCategoricalCrossentropy``."""
    y_pred = as_float(y_pred)
    k, counted = _labels(y_true, y_pred, ignore_class)
    if counted is None:
        return ops.sparse_categorical_crossentropy(k, y_pred, from_logits, axis)
    return np.where(counted, ops.sparse_categorical_crossentropy(k, y_pred, from_logits, axis), 0)


class SparseCategoricalCrossentropy(Crossentropy):
    """l = -ln pₖ, for labels that are class numbers k from 0 up, shape (...) or (..., 1); predictions (..., classes).

    Probabilities p are clipped to [ε, 1 - ε], ε = 1e-7, then divided by their sum. With logits p = softmax(z), and
    ∂l/∂z = p - y, y being 1 for k and 0 for the other classes.

    Arguments:
        from_logits: whether predictions are z, not p.
        ignore_class: samples with this label, -1 for example, do not count, neither in the sum nor in the mean's n.
        axis: the axis of the classes: the last, Keras allows no other.

    Source: https://keras.io/api/losses/probabilistic_losses/
    """

    activation = "softmax"

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction="sum_over_batch_size",
        axis: int = -1,
        name="sparse_categorical_crossentropy",
        dtype=None,
    ):
        super().__init__(name, reduction, dtype)
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis

    def call(self, y_true, y_pred):
        return sparse_categorical_crossentropy(y_true, y_pred, self.from_logits, self.ignore_class, self.axis)

    def call_backward(self, dl, y_true, y_pred):
        k, counted = _labels(y_true, y_pred, self.ignore_class)
        if counted is not None:
            dl = np.where(counted, dl, 0)
        return ops.sparse_categorical_crossentropy_backward(dl, k, y_pred, self.from_logits, self.axis)

    def counted(self, y_true, y_pred):
        return _labels(y_true, y_pred, self.ignore_class)[1]

    def on_logits(self, activation):
        """As for the other cross-entropies; None with ``ignore_class``, where Keras takes the probabilities."""
        return None if self.ignore_class is not None else super().on_logits(activation)


def _smooth(y: np.ndarray, s: float) -> np.ndarray:
    return y * (1 - s) + s / y.shape[-1] if s else y


def _labels(y_true, y_pred: np.ndarray, ignore_class: int | None) -> tuple[np.ndarray, np.ndarray | None]:
    """Class numbers without a last axis of length 1, and which of them count; those that do not become class 0."""
    k = np.asarray(y_true)
    if k.ndim == y_pred.ndim > 0 and k.shape[-1] == 1:
        k = k[..., 0]
    if ignore_class is None:
        return k, None
    counted = k != ignore_class
    return np.where(counted, k, 0), counted
