"""An initializer against its twin: constants number by number, random numbers by their distribution."""

from __future__ import annotations

import numpy as np

from kerasedu.initializers import Initializer
from kerasedu.parity import oracle
from kerasedu.parity.compare import compare
from kerasedu.parity.report import Report, Row
from kerasedu.parity.translate import twin


def check_initializer(report: Report, initializer: Initializer, shape: tuple[int, ...], *, dtype="float32") -> None:
    """Compare the numbers, or if they are random their distribution function and standard deviation.

    The two libraries draw from different generators. If the laws are the same, the largest distance D between the
    empirical distribution functions of n and n numbers is above 2.2 / √n in one case of 10,000 (Kolmogorov, Smirnov).
    """
    ours, theirs = initializer(shape, dtype), oracle.as_numpy(twin(initializer)(shape, dtype))
    if not hasattr(initializer, "seed"):
        report.add(compare("values", ours, theirs))
        return
    if (ours.shape, ours.dtype) != (theirs.shape, theirs.dtype):
        cause = f"{ours.dtype} of shape {ours.shape}, Keras has {theirs.dtype} of shape {theirs.shape}"
        report.add(Row("distribution", dtype, cause=cause))
        return
    n = ours.size
    values = np.sort(np.concatenate([ours, theirs], axis=None))
    below = [np.searchsorted(np.sort(part, axis=None), values, side="right") / n for part in (ours, theirs)]
    distance = float(np.abs(below[0] - below[1]).max())
    report.add(Row(f"distribution of {n} numbers", dtype, ours.shape, distance, distance, 2.2 / np.sqrt(n)))
    error, scale = abs(float(ours.std()) - float(theirs.std())), float(theirs.std())
    report.add(Row("standard deviation", dtype, (), error, error / scale, 5 * scale / np.sqrt(n)))
