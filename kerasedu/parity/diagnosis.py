"""What kind of mistake turns Keras's array into ours: the usual ones are tried, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np


def likely_cause(got: np.ndarray, expected: np.ndarray, limit: float) -> str:
    """The mistake that explains ``got``, given the right answer ``expected``, in words; "" if none is recognised.

    Arguments:
        got, expected: two arrays of one shape.
        limit: the tolerance of the comparison.
    """
    a, b = got.astype(float), expected.astype(float)
    if np.isnan(a).any() and not np.isnan(b).any():
        return "NaN where Keras has numbers"
    if np.allclose(a, b, rtol=0, atol=4 * limit):
        return "just beyond the tolerance"
    for cause, candidate in _mistakes(b):
        if candidate.shape == a.shape and np.allclose(a, candidate, rtol=0, atol=4 * limit):
            return cause
    return _factor(a, b, limit) or _sparse(a, b, limit)


def cause_of_shape(got: np.ndarray, expected: np.ndarray, limit: float) -> str:
    """The mistake that explains why the two shapes differ; "" if none is recognised."""

    def fits(a: np.ndarray, b: np.ndarray) -> bool:
        return a.shape == b.shape and np.allclose(a, b, rtol=0, atol=4 * limit * max(1, got.size // max(1, b.size)))

    a, b = got.astype(float), expected.astype(float)
    if a.ndim >= 2 and fits(np.swapaxes(a, -1, -2), b):
        return "transposed"
    if a.size == b.size and fits(a.reshape(b.shape), b):
        return "the same numbers in another shape"
    for count in range(1, max(a.ndim, b.ndim) + 1):
        for axes in combinations(range(max(a.ndim, b.ndim)), count):
            of = "axis" if count == 1 else "axes"
            named = f"{of} {', '.join(map(str, axes))}"
            if max(axes) < a.ndim:
                if fits(a.sum(axes), b) or fits(a.sum(axes, keepdims=True), b):
                    return f"not summed over {named}"
                if fits(a.mean(axes), b) or fits(a.mean(axes, keepdims=True), b):
                    return f"not averaged over {named}"
            if max(axes) < b.ndim and (fits(a, b.sum(axes)) or fits(a, b.sum(axes, keepdims=True))):
                return f"summed over {named}, which Keras keeps"
    return ""


def _mistakes(b: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    yield "all zero", np.zeros_like(b)
    yield "opposite sign", -b
    if b.ndim >= 2:
        yield "last two axes transposed", np.swapaxes(b, -1, -2)
    for axis in range(b.ndim):
        yield f"axis {axis} in reverse order", np.flip(b, axis)
        for step in (1, -1):
            yield f"shifted by {step} along axis {axis}", np.roll(b, step, axis)
    for axis, length in enumerate(b.shape):
        if axis == b.ndim - 1 and length % 4 == 0 and length:
            first, second, third, fourth = np.split(b, 4, axis)
            yield (
                "second and third quarter of the last axis swapped",
                np.concatenate([first, third, second, fourth], -1),
            )
        if axis == b.ndim - 1 and length % 3 == 0 and length:
            first, second, third = np.split(b, 3, axis)
            yield "first and second third of the last axis swapped", np.concatenate([second, first, third], -1)


def _factor(a: np.ndarray, b: np.ndarray, limit: float) -> str:
    """A common factor: the one that fits best in the sense of least squares, if it fits."""
    norm = float((b * b).sum())
    if not np.isfinite(norm) or not norm:
        return ""
    factor = float((a * b).sum()) / norm
    if np.isfinite(factor) and np.allclose(a, factor * b, rtol=0, atol=4 * limit):
        return f"off by the factor {factor:.6g}" if abs(factor - 1) > 1e-5 else f"off by {factor - 1:+.1g} of the value"
    shift = float((a - b).mean())
    if np.isfinite(shift) and np.allclose(a, b + shift, rtol=0, atol=4 * limit):
        return f"off by the constant {shift:.6g}"
    return ""


def _sparse(a: np.ndarray, b: np.ndarray, limit: float) -> str:
    wrong = int((~(np.abs(a - b) <= limit)).sum())
    return f"{wrong} of {b.size} numbers differ" if wrong < b.size else ""
