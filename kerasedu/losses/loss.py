"""``Loss``: a number for each sample, reduced to one, and the way back."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.config import as_float
from kerasedu.configurable import Configurable, snake_case
from kerasedu.losses.reduction import REDUCTIONS, match_ranks, reduce_losses


class Loss(Configurable):
    """L = Σ wᵢ lᵢ / n, for the losses lᵢ of n samples with weights wᵢ.

    A subclass says what it computes in two methods, which are free of side effects:

    - ``call(y_true, y_pred)`` returns the lᵢ: an array with one axis less than y_pred, as a rule;
    - ``call_backward(dl, y_true, y_pred)`` returns dL/dy_pred from dl = dL/dl.

    Both receive arrays of the same floating-point type. Where one of them has a last axis of length 1 and the other
    lacks it, as in (n, 1) beside (n,), they are made equal first, for broadcasting would make (n, n) of them.

    Arguments:
        name: for logs; by default the class's name in small letters.
        reduction: what becomes of the lᵢ. ``"sum_over_batch_size"`` and ``"mean"``: Σ wᵢ lᵢ / n, with n the number of
            the lᵢ, whatever their weights. ``"mean_with_sample_weight"``: Σ wᵢ lᵢ / Σ wᵢ. ``"sum"``: Σ wᵢ lᵢ.
            ``"none"`` or None: the wᵢ lᵢ.
        dtype: type of the computation; by default that of the predictions. (Keras: ``floatx()``.)

    Source: https://keras.io/api/losses/
    """

    def __init__(self, name: str | None = None, reduction: str | None = "sum_over_batch_size", dtype=None):
        if reduction not in REDUCTIONS:
            raise ValueError(f"{type(self).__name__} expected reduction to be one of {REDUCTIONS}, got {reduction!r}")
        self.name = name or snake_case(type(self).__name__)
        self.reduction = reduction
        self.dtype = None if dtype is None else np.dtype(dtype).name
        self._cache: Any = None

    # -- what a subclass says -----------------------------------------------------------------------------------

    def call(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        """The loss of each sample."""
        raise NotImplementedError(f"{type(self).__name__} does not define call(y_true, y_pred)")

    def call_backward(self, dl: np.ndarray, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        """From dl = dL/dl, one number for each of the losses that ``call`` returns: dL/dy_pred."""
        raise NotImplementedError(f"{type(self).__name__} does not define call_backward(dl, y_true, y_pred)")

    def counted(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray | None:
        """Which of the losses that ``call`` returns count: True and False in their shape, or None for all."""
        return None

    def on_logits(self, activation) -> Loss | None:
        """This loss as a function of z, for predictions f(z), where Keras computes it from z; else None."""
        return None

    # -- calling ------------------------------------------------------------------------------------------------

    def __call__(self, y_true, y_pred, sample_weight=None):
        """L, a number.

        Arguments:
            y_true: labels.
            y_pred: predictions.
            sample_weight: the wᵢ, 1 by default. Shape: that of the losses (predictions without their last axis), or
                one that broadcasts to it by NumPy's rules, from the right: for losses (n, t), weights (n, 1) are one
                for each sample, weights (t,) one for each time step.
        """
        value, _ = self.propagate(y_true, y_pred, sample_weight)
        return value

    def forward(self, y_true, y_pred, sample_weight=None):
        """As calling the loss, and what ``backward`` needs is kept."""
        value, self._cache = self.propagate(y_true, y_pred, sample_weight)
        return value

    def backward(self) -> np.ndarray:
        """dL/dy_pred at the last ``forward``; with reduction ``"none"``, the derivative of the sum.

        Raises:
            ValueError: no ``forward`` came before.
        """
        if self._cache is None:
            raise ValueError(
                f"{self.name}: backward() needs the values of a forward pass. Call loss.forward(y_true, y_pred) "
                "first; loss(y_true, y_pred) keeps nothing."
            )
        return self.backpropagate(self._cache)

    def propagate(self, y_true, y_pred, sample_weight=None, mask=None) -> tuple[Any, Any]:
        """``(L, cache)``: the forward pass of a caller (a model) that keeps the cache itself.

        Arguments:
            mask: False where a prediction does not count (time steps that are padding). n counts the others only.
        """
        given = as_float(y_pred)
        y_pred = given.astype(self.dtype or given.dtype, copy=False)
        y_true, y_pred = match_ranks(as_float(y_true).astype(y_pred.dtype, copy=False), y_pred)
        losses = self.call(y_true, y_pred)
        counted = self.counted(y_true, y_pred)
        if mask is None or counted is None:
            mask = counted if mask is None else mask
        else:
            mask = np.asarray(mask, dtype=bool) & counted
        value, dl = reduce_losses(losses, self.reduction, sample_weight, mask)
        return value, (dl, y_true, y_pred, given)

    def backpropagate(self, cache) -> np.ndarray:
        """dL/dy_pred for a cache of ``propagate``, in the shape and type of the predictions that were given."""
        dl, y_true, y_pred, given = cache
        dy_pred = self.call_backward(dl, y_true, y_pred)
        return dy_pred.reshape(given.shape).astype(given.dtype, copy=False)
