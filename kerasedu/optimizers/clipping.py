"""Three ways to keep a gradient from growing too large."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def clip_by_value(gradient: np.ndarray, limit: float) -> np.ndarray:
    """Each element of g forced into [-c, c]. The direction of g may change."""
    return np.clip(gradient, -limit, limit)


def clip_by_norm(gradient: np.ndarray, limit: float) -> np.ndarray:
    """g · c / max(‖g‖, c): the direction stays, the length becomes c at most."""
    norm = np.sqrt(np.sum(gradient * gradient))
    return gradient * limit / np.maximum(norm, limit)


def clip_by_global_norm(gradients: Sequence[np.ndarray], limit: float) -> list[np.ndarray]:
    """All gradients g₁, g₂, … shrunk by one factor, c · min(1/n, 1/c), where n² = ‖g₁‖² + ‖g₂‖² + …

    The step as a whole keeps its direction. If n is infinite, all become NaN, so that the fault shows, as in Keras.
    """
    norm = np.sqrt(sum(np.sum(gradient * gradient) for gradient in gradients))
    with np.errstate(divide="ignore"):
        factor = limit * np.minimum(1 / norm, 1 / limit) if np.isfinite(norm) else np.nan
    return [gradient * gradient.dtype.type(factor) for gradient in gradients]
