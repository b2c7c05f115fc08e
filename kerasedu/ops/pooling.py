"""Pooling: from each window over an image or a sequence its largest number, or its mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from kerasedu.config import as_float
from kerasedu.ops.data_format import from_channels_last, to_channels_last
from kerasedu.ops.pieces import pieces, together
from kerasedu.ops.windows import Lengths, Windows, standardize_padding, windows_over

__all__ = [
    "average_pool",
    "average_pool_backward",
    "average_pool_loops",
    "average_pool_loops_backward",
    "max_pool",
    "max_pool_backward",
    "max_pool_loops",
    "max_pool_loops_backward",
]


def max_pool(
    inputs, pool_size: Lengths, strides: Lengths | None = None, padding: str = "valid", data_format: str | None = None
) -> np.ndarray:
    """y[p, c] = max of all x[i, c] that window p sees.

    The largest of each row first, then the largest of these: k + k comparisons for a window of k × k, not k · k.

    Arguments:
        inputs: x, (batch, height, width, channels) for images, (batch, time, channels) for sequences.
        pool_size: the window's size, one number or one for each spatial axis.
        strides: the step from one window to the next; by default the window's size, so that none overlap.
        padding: ``"valid"`` for windows inside x only: what is left over at the end is not seen. ``"same"`` for
            windows that reach over the edge, where there is nothing to see.
        data_format: ``"channels_first"`` if x and y are (batch, channels, …).

    Returns:
        y, (batch, out height, out width, channels). NaN in a window gives NaN; TensorFlow, on a CPU, passes over it.

    Raises:
        ValueError: shapes that do not fit, or a window that is larger than x.

    Source: https://keras.io/api/ops/nn/
    """
    x, windows = _prepare("max_pool", inputs, pool_size, strides, padding, data_format)
    return from_channels_last(_combine(np.maximum, windows.pad(x, -np.inf), windows), data_format)


def max_pool_backward(
    dy,
    inputs,
    pool_size: Lengths,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> np.ndarray:
    """dL/dx: each dy goes to the largest x in its window; to the first of several, row by row, as in TensorFlow."""
    x, windows = _prepare("max_pool", inputs, pool_size, strides, padding, data_format)
    dy = _as_output("max_pool", dy, x, windows, data_format)
    dxs = []
    for part in pieces(len(x), x.size):
        padded = windows.pad(x[part], np.nan)  # fmax and comparisons pass over NaN
        dxs.append(windows.unpad(_to_the_largest(dy[part], padded, windows.axes)))
    return from_channels_last(together(dxs), data_format)


def _to_the_largest(dy: np.ndarray, x: np.ndarray, axes: Sequence) -> np.ndarray:
    """dL/dx from dL/dy, y being the largest of each row of a window first, then the largest of these.

    So dy goes back to one row, then from there to one x. ``axes`` has the windows' entries along each axis.
    """
    if not axes:
        return dy
    of_rows = reduce(np.fmax, [x[seen] for seen in axes[-1]])
    left = _to_the_largest(dy, of_rows, axes[:-1])
    *others, last = axes[-1]
    overlap = len(axes[-1]) > last[-1].step
    is_seen = len(axes[-1]) * left.shape[len(axes)] == x.shape[len(axes)]  # every x by one window
    dx = np.empty_like(x) if is_seen and not overlap else np.zeros_like(x)
    for seen in others:
        wins = x[seen] >= of_rows
        if overlap:
            found = left * wins
            left = left - found  # an equal x further on gets nothing
            dx[seen] += found
        else:  # the same, where windows have no x in common: nothing to add to, so all goes to its place at once
            found = np.multiply(left, wins, out=dx[seen])
            left = np.subtract(left, found, out=dx[last])
    if overlap:
        dx[last] += left
    elif not others:  # a window of one
        dx[last] = left
    return dx


def average_pool(
    inputs, pool_size: Lengths, strides: Lengths | None = None, padding: str = "valid", data_format: str | None = None
) -> np.ndarray:
    """y[p, c] = mean of all x[i, c] that window p sees. Padding is not seen: at an edge the mean is of fewer numbers.

    Arguments, returns, raises: as for ``max_pool``.

    Source: https://keras.io/api/ops/nn/
    """
    x, windows = _prepare("average_pool", inputs, pool_size, strides, padding, data_format)
    y = _combine(np.add, windows.pad(x), windows) / _seen(windows, x.dtype)
    return from_channels_last(y, data_format)


def average_pool_backward(
    dy,
    inputs,
    pool_size: Lengths,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> np.ndarray:
    """dL/dx: each dy, divided by the number of x in its window, goes to all of them."""
    x, windows = _prepare("average_pool", inputs, pool_size, strides, padding, data_format)
    dx = _as_output("average_pool", dy, x, windows, data_format) / _seen(windows, x.dtype)
    for axis, entries in enumerate(windows.axes):
        dx = windows.sum_along(axis, [dx] * len(entries))
    return from_channels_last(windows.unpad(dx), data_format)


def max_pool_loops(
    inputs, pool_size: Lengths, strides: Lengths | None = None, padding: str = "valid", data_format: str | None = None
) -> np.ndarray:
    """As ``max_pool``, window by window."""
    x, windows = _prepare("max_pool", inputs, pool_size, strides, padding, data_format)
    y = np.empty((len(x), *windows.out, x.shape[-1]), dtype=x.dtype)
    for sample, p, c, places in _each(x, windows):
        y[(sample, *p, c)] = np.max([x[place] for place in places])
    return from_channels_last(y, data_format)


def max_pool_loops_backward(
    dy,
    inputs,
    pool_size: Lengths,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> np.ndarray:
    """As ``max_pool_backward``, window by window."""
    x, windows = _prepare("max_pool", inputs, pool_size, strides, padding, data_format)
    dy = _as_output("max_pool", dy, x, windows, data_format)
    dx = np.zeros_like(x)
    for sample, p, c, places in _each(x, windows):
        first = np.argmax([x[place] for place in places])
        dx[places[first]] += dy[(sample, *p, c)]
    return from_channels_last(dx, data_format)


def average_pool_loops(
    inputs, pool_size: Lengths, strides: Lengths | None = None, padding: str = "valid", data_format: str | None = None
) -> np.ndarray:
    """As ``average_pool``, window by window."""
    x, windows = _prepare("average_pool", inputs, pool_size, strides, padding, data_format)
    y = np.empty((len(x), *windows.out, x.shape[-1]), dtype=x.dtype)
    for sample, p, c, places in _each(x, windows):
        y[(sample, *p, c)] = sum(x[place] for place in places) / len(places)
    return from_channels_last(y, data_format)


def average_pool_loops_backward(
    dy,
    inputs,
    pool_size: Lengths,
    strides: Lengths | None = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> np.ndarray:
    """As ``average_pool_backward``, window by window."""
    x, windows = _prepare("average_pool", inputs, pool_size, strides, padding, data_format)
    dy = _as_output("average_pool", dy, x, windows, data_format)
    dx = np.zeros_like(x)
    for sample, p, c, places in _each(x, windows):
        for place in places:
            dx[place] += dy[(sample, *p, c)] / len(places)
    return from_channels_last(dx, data_format)


def _prepare(name: str, inputs, pool_size, strides, padding, data_format) -> tuple[np.ndarray, Windows]:
    """x with its channels last, and the windows over it."""
    x = to_channels_last(as_float(inputs), data_format)
    if x.ndim < 3:
        raise ValueError(
            f"{name}: expected inputs (batch, …, channels), got shape {x.shape}. "
            "Is the batch axis or the channel axis missing?"
        )
    strides = pool_size if strides is None else strides
    return x, windows_over(name, x.shape[1:-1], pool_size, strides, standardize_padding(padding, name))


def _as_output(name: str, dy, x: np.ndarray, windows: Windows, data_format) -> np.ndarray:
    dy = to_channels_last(np.asarray(dy, dtype=x.dtype), data_format)
    shape = (len(x), *windows.out, x.shape[-1])
    if dy.shape != shape:
        raise ValueError(f"{name}_backward: expected dy in the shape of the output, {shape}, got {dy.shape}")
    return dy


def _combine(f: np.ufunc, padded: np.ndarray, windows: Windows) -> np.ndarray:
    """f(… f(x₁, x₂) …, xₙ) over what each window sees: first along the first spatial axis, then along the next.

    In this order most of the work is on whole rows, which are one piece of memory.
    """
    y = padded
    for entries in windows.axes:
        y = reduce(f, [y[seen] for seen in entries])
    return y


def _seen(windows: Windows, dtype) -> np.ndarray:
    """How many places each window sees, padding not counted: (1, *out, 1)."""
    return _combine(np.add, windows.pad(np.ones((1, *windows.lengths, 1), dtype)), windows)


def _each(x: np.ndarray, windows: Windows):
    """Sample, window, channel, and the places in x that this window sees of this channel."""
    for sample in range(len(x)):
        for p in np.ndindex(*windows.out):
            for c in range(x.shape[-1]):
                yield sample, p, c, [(sample, *place, c) for _, place in windows.seen_from(p)]
