"""One comparison: an array of ours against Keras's."""

from __future__ import annotations

import numpy as np

from kerasedu.parity.diagnosis import cause_of_shape, likely_cause
from kerasedu.parity.heat import heat_map
from kerasedu.parity.report import Row
from kerasedu.parity.tolerance import is_telling, largest, tolerance


def compare(what: str, got, expected, delta: float = 0.0, terms: float = 1, size: float = 0.0) -> Row:
    """How far ``got`` is from ``expected``, and whether rounding explains it.

    Arguments:
        what: what is compared, for the report.
        got: our array.
        expected: Keras's array.
        delta: how far Keras's array moves if its inputs are moved by one rounding; see ``parity.tolerance``.
        terms: number of terms in the sums that made it.
        size: of these terms, where they may cancel.
    """
    got, expected = np.asarray(got), np.asarray(expected)
    dtype = expected.dtype.name
    if got.shape != expected.shape:
        limit = tolerance(expected, delta, terms, size)
        cause = cause_of_shape(got, expected, limit)
        return Row(what, dtype, cause=f"shape {got.shape}, Keras has {expected.shape}" + (cause and f": {cause}"))
    if got.dtype != expected.dtype and "f" in (got.dtype.kind, expected.dtype.kind):
        return Row(what, dtype, cause=f"dtype {got.dtype}, Keras has {expected.dtype}")
    limit = tolerance(expected, delta, terms, size)
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
        row.heat = heat_map(difference, limit)
    return row


def compare_trajectory(what: str, got: list, expected: list, deltas: list) -> Row:
    """The worst step of a trajectory: of the arrays that ``got`` and ``expected`` have after each step.

    Arguments:
        deltas: δ for each step. What counts is the largest so far, since differences are handed on from step to step.
    """
    deltas = np.maximum.accumulate(deltas)
    rows = [compare(what, *pair, delta, terms=t + 1) for t, (*pair, delta) in enumerate(zip(got, expected, deltas))]
    worst = max(range(len(rows)), key=lambda t: (rows[t].ratio, t))
    rows[worst].what = f"{what}, worst of {len(rows)} steps: {worst + 1}"
    return rows[worst]


def _difference(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """|got − expected| in float64: 0 where both are the same, ∞ and NaN included; ∞ where only one is finite."""
    a, b = got.astype(float), expected.astype(float)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        difference = np.abs(a - b)
    return np.where(same, 0.0, np.where(np.isnan(difference), np.inf, difference))
