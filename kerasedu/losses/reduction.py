"""From one loss for each sample to one number."""

from __future__ import annotations

import numpy as np

from kerasedu.ops.broadcasting import sum_to_shape

REDUCTIONS = ("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum", "none", None)


def reduce_losses(losses: np.ndarray, kind: str | None, sample_weight=None, mask=None):
    """L = Σ wᵢ lᵢ / n and dL/dlᵢ = wᵢ / n; what n is, ``losses.Loss`` says.

    A single loss and an empty batch are not reduced, nor is anything with the kind ``"none"``. If n = 0, L = 0.

    Arguments:
        losses: the lᵢ.
        kind: one of ``REDUCTIONS``.
        sample_weight: the wᵢ, which broadcast with the lᵢ, or None for 1.
        mask: False where a loss does not count, or None. Then n counts the others only: Keras multiplies their weights
            by (number of entries of the mask) / (number of Trues among them), and takes the n of all losses.
    """
    shape = losses.shape
    weights = _weights(sample_weight, mask, kind, losses.dtype)
    # Nearly every step of training comes here: no weights to multiply by, no shapes to make equal.
    if weights is None and losses.ndim and losses.size and kind not in ("none", None):
        n = losses.dtype.type(1 if kind == "sum" else losses.size)
        return losses.sum() / n, np.full_like(losses, 1 / n)
    if weights is None:
        weights = np.ones_like(losses)
    losses, weights = match_ranks(losses, weights)
    weighted = _product(losses, weights)
    value, n = weighted.sum(), weighted.size
    if kind in ("none", None) or weighted.shape in ((), (0,)):
        value, n = weighted[()], 1
    elif kind == "sum":
        n = 1
    elif kind == "mean_with_sample_weight":
        n = weights.sum()
    n = losses.dtype.type(n)
    dl = sum_to_shape(np.broadcast_to(weights, weighted.shape), losses.shape).reshape(shape)
    return (value / n, dl / n) if n != 0 else (np.zeros_like(value)[()], np.zeros_like(dl))


def match_ranks(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make up for a last axis of length 1 that only one of two arrays has.

    (n,) beside (n, 1) becomes (n, 1). With more axes, the axis of length 1 is dropped instead. Arrays that differ
    otherwise are left alone.
    """
    if a.ndim == b.ndim + 1 and a.shape[-1] == 1:
        return (a, b[:, None]) if b.ndim == 1 else (a[..., 0], b)
    if b.ndim == a.ndim + 1 and b.shape[-1] == 1:
        return (a[:, None], b) if a.ndim == 1 else (a, b[..., 0])
    return a, b


def _weights(sample_weight, mask, kind: str | None, dtype) -> np.ndarray | None:
    """The wᵢ, 0 where the mask is False; None if all are 1."""
    weights = None if sample_weight is None else np.asarray(sample_weight, dtype=dtype)
    if mask is None:
        return weights
    counted = np.asarray(mask, dtype=bool).astype(dtype)
    if kind in ("mean", "sum_over_batch_size"):
        counted *= counted.size / max(1, counted.sum())
    if weights is None:
        return counted
    counted, weights = match_ranks(counted, weights)
    return _product(counted, weights)


def _product(a: np.ndarray, weights: np.ndarray) -> np.ndarray:
    try:
        return a * weights
    except ValueError:
        raise ValueError(
            f"sample_weight of shape {weights.shape} does not fit losses of shape {a.shape}. One weight for each "
            "sample has the shape (n,) for losses (n,), and (n, 1) for losses (n, t)."
        ) from None
