"""One comparison: an array of ours against Keras's."""

from __future__ import annotations

import numpy as np

from kerasedu.parity.diagnosis import likely_cause
from kerasedu.parity.report import Row
from kerasedu.parity.tolerance import is_telling, largest, tolerance


def compare(what: str, got, expected, moved=None, terms: float = 1, size: float = 0.0) -> Row:
    """How far ``got`` is from ``expected``, and whether rounding explains it.

    Arguments:
        what: what is compared, for the report.
        got: our array.
        expected: Keras's array.
        moved: Keras's array from inputs moved by one rounding; see ``parity.tolerance``.
        terms: number of terms in the sums that made it.
        size: of these terms, where they may cancel.
    """
    got, expected = np.asarray(got), np.asarray(expected)
    moved = expected if moved is None else np.asarray(moved)
    dtype = expected.dtype.name
    if got.shape != expected.shape:
        return Row(what, dtype, cause=f"shape {got.shape}, Keras has {expected.shape}")
    if got.dtype != expected.dtype and "f" in (got.dtype.kind, expected.dtype.kind):
        return Row(what, dtype, cause=f"dtype {got.dtype}, Keras has {expected.dtype}")
    limit = tolerance(expected, moved, terms, size)
    difference = _difference(got, expected)
    error = float(difference.max(initial=0.0))
    scale = largest(expected)
    row = Row(
        what,
        dtype,
        shape=expected.shape,
        error=error,
        relative=error / scale if scale else (0.0 if error == 0 else np.inf),
        tolerance=limit,
        telling=is_telling(expected, limit),
    )
    if not row.passed:
        row.where = tuple(int(i) for i in np.unravel_index(difference.argmax(), difference.shape))
        row.got, row.expected = got[row.where].item(), expected[row.where].item()
        row.cause = likely_cause(got, expected, limit)
    return row


def _difference(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """|got − expected| in float64: 0 where both are the same, ∞ and NaN included; ∞ where only one is finite."""
    a, b = got.astype(float), expected.astype(float)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        difference = np.abs(a - b)
    return np.where(same, 0.0, np.where(np.isnan(difference), np.inf, difference))
