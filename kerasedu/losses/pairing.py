"""Labels beside predictions: made of one type and one shape, or refused."""

from __future__ import annotations

import numpy as np

from kerasedu.config import as_float
from kerasedu.losses.reduction import match_ranks


def pair(name: str, y_true, y_pred) -> tuple[np.ndarray, np.ndarray]:
    """Labels and predictions, both in the predictions' floating-point type.

    Raises:
        ValueError: their shapes differ by more than a last axis of length 1; ``name`` says for what.
    """
    y_pred = as_float(y_pred)
    y_true, y_pred = match_ranks(as_float(y_true).astype(y_pred.dtype, copy=False), y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"{name} expected labels in the shape of the predictions, {y_pred.shape}, got {y_true.shape}. Broadcasting "
            "would compare each label with predictions that are not its own. Does the last layer have as many units "
            "as a label has numbers?"
        )
    if y_pred.ndim == 0:
        raise ValueError(f"{name} expected arrays with at least one axis, got two numbers")
    return y_true, y_pred
