"""Scores against many thresholds at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.config import epsilon


class Thresholds:
    """Thresholds t₁, t₂, … for scores: a score s is positive at t if s > t.

    Arguments:
        values: the thresholds.
    """

    def __init__(self, values: Sequence[float]):
        self.values = np.array(values, dtype=np.float64)
        count = len(self.values)
        grid = np.arange(count) / max(count - 1, 1)
        self.even = count > 2 and np.allclose(self.values, grid, atol=epsilon())  # 0, 1/(T-1), 2/(T-1), …, 1

    def __len__(self) -> int:
        return len(self.values)

    def split(self, scores: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Σ w over the scores that are positive, and over those that are not, at each threshold.

        Shapes: scores and weights (n,) or (n, labels); both results (thresholds,) or (thresholds, labels).
        """
        return self.split_evenly(scores, weights) if self.even else self.split_directly(scores, weights)

    def split_directly(self, scores: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """``split`` by its definition: one comparison for each score and threshold."""
        positive = [scores > t for t in self.values.astype(scores.dtype)]
        above = np.array([np.where(p, weights, 0).sum(axis=0) for p in positive])
        below = np.array([np.where(p, 0, weights).sum(axis=0) for p in positive])
        return above, below

    def split_evenly(self, scores: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """``split`` for evenly spaced thresholds: one division for each score, in place of T comparisons.

        A score s in [0, 1] is positive at its first ⌈s (T - 1)⌉ thresholds, so it falls into the bucket of this
        number. The scores positive at a threshold are those in the buckets above it: sums of sums.
        """
        count = len(self.values)
        bucket = np.ceil(np.clip(scores, 0, 1) * scores.dtype.type(count - 1))
        if self.values[0] < 0:  # below every score, even 0
            bucket = np.maximum(bucket, 1)
        bucket = np.nan_to_num(bucket, nan=0).astype(np.intp)
        labels = scores.shape[1:] or (1,)
        position = bucket.reshape(-1, *labels) * labels[0] + np.arange(labels[0])
        sums = np.bincount(position.ravel(), weights.ravel(), minlength=(count + 1) * labels[0])
        sums = sums.reshape(count + 1, *scores.shape[1:])
        return sums[:0:-1].cumsum(axis=0)[::-1], sums[:-1].cumsum(axis=0)
