"""Convolution: the same weighted sum at every place of an image or a sequence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import reduce

import numpy as np

from kerasedu.config import as_float
from kerasedu.ops.broadcasting import promote
from kerasedu.ops.data_format import from_channels_last, to_channels_last
from kerasedu.ops.pieces import pieces, together
from kerasedu.ops.windows import Lengths, Windows, standardize_padding, windows_over

__all__ = [
    "conv",
    "conv_backward",
    "conv_input_gradient",
    "conv_kernel_gradient",
    "conv_loops",
    "conv_loops_backward",
]


def conv(
    inputs,
    kernel,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Lengths = 1,
) -> np.ndarray:
    """y[p, f] = Σₒ Σ_c x[p s + o d, c] k[o, c, f]: at each place p, the weighted sum of what a window sees there.

    p and o, s and d have as many numbers as there are spatial axes. The kernel is not turned round, so mathematicians
    call this a cross-correlation.

    What the windows see is copied into the rows of a matrix ("im2col"); then all sums are one matrix product (one for
    each piece of a large batch).

    Arguments:
        inputs: x, (batch, height, width, channels) for images, (batch, time, channels) for sequences.
        kernel: k, (kernel height, kernel width, channels / groups, filters), or (kernel length, …). With fewer
            channels than x, channels and filters fall into ``groups`` that have nothing to do with each other.
        strides: s, the step from one window to the next.
        padding: ``"valid"`` for windows inside x only; ``"same"`` for zeros around x, so that without strides there
            are as many outputs as inputs; ``"causal"`` (for sequences) for zeros before x. With strides, ``"same"``
            pads an odd number of zeros, often: then there is one more behind x than before, as in TensorFlow.
        data_format: ``"channels_first"`` if x and y are (batch, channels, …).
        dilation_rate: d, the step from one place to the next within a window.

    Returns:
        y, (batch, out height, out width, filters).

    Raises:
        ValueError: shapes that do not fit, or a window that is larger than x.

    Source: https://keras.io/api/ops/nn/
    """
    x, kernel, windows, groups = _prepare(inputs, kernel, strides, padding, data_format, dilation_rate)
    ys = []
    for part in _pieces(x, windows):
        products = _rows(windows.pad(x[part]), windows, groups) @ _to_groups(kernel, groups)
        ys.append(_from_groups(products).reshape(len(x[part]), *windows.out, kernel.shape[-1]))
    return from_channels_last(together(ys), data_format)


def conv_backward(
    dy,
    inputs,
    kernel,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Lengths = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """(dL/dx, dL/dk): what y[p, f] = Σ x[p s + o d, c] k[o, c, f] sends to each x and each k in its sum.

    dx[i, c] = Σ over all p, o with p s + o d = i of Σ_f dy[p, f] k[o, c, f]
    dk[o, c, f] = Σ_p x[p s + o d, c] dy[p, f]

    """
    how = strides, padding, data_format, dilation_rate
    return conv_input_gradient(dy, inputs, kernel, *how), conv_kernel_gradient(dy, inputs, kernel, *how)


def conv_input_gradient(
    dy,
    inputs,
    kernel,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Lengths = 1,
) -> np.ndarray:
    """dL/dx alone, see ``conv_backward``.

    Windows overlap, so an x receives as many terms as there are windows that see it. They are summed along one axis
    after the other: for a window of k × k that takes k + k additions of arrays, not k · k.
    """
    x, kernel, windows, groups = _prepare(inputs, kernel, strides, padding, data_format, dilation_rate)
    dy = _as_output(dy, x, kernel, windows, data_format)
    dxs = []
    for part in _pieces(x, windows):
        dx = windows.sum_along(0, (_entry_gradients(dy[part], k, groups) for k in kernel))
        # the last axis still holds what each entry along the other axes gets
        for axis, entries in enumerate(windows.axes[1:], start=1):
            n = dx.shape[-1] // len(entries)
            dx = windows.sum_along(axis, (dx[..., o * n : (o + 1) * n] for o in range(len(entries))))
        dxs.append(windows.unpad(dx))
    return from_channels_last(together(dxs), data_format)


def conv_kernel_gradient(
    dy,
    inputs,
    kernel,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Lengths = 1,
) -> np.ndarray:
    """dL/dk alone, see ``conv_backward``: the rows of ``conv``, transposed, times dy."""
    x, kernel, windows, groups = _prepare(inputs, kernel, strides, padding, data_format, dilation_rate)
    dy = _as_output(dy, x, kernel, windows, data_format)
    parts = _pieces(x, windows)
    terms = (_kernel_gradient(dy[part], _rows(windows.pad(x[part]), windows, groups)) for part in parts)
    return reduce(np.add, terms).reshape(kernel.shape)


def conv_loops(
    inputs,
    kernel,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Lengths = 1,
) -> np.ndarray:
    """As ``conv``, number by number: slow, and as close to the formula as code can be."""
    x, kernel, windows, groups = _prepare(inputs, kernel, strides, padding, data_format, dilation_rate)
    *_, channels, filters = kernel.shape
    y = np.zeros((len(x), *windows.out, filters), dtype=x.dtype)
    for sample in range(len(x)):
        for p in np.ndindex(*windows.out):
            for o, place in windows.seen_from(p):
                for f in range(filters):
                    group = f // (filters // groups)
                    for c in range(channels):
                        y[(sample, *p, f)] += x[(sample, *place, group * channels + c)] * kernel[(*o, c, f)]
    return from_channels_last(y, data_format)


def conv_loops_backward(
    dy,
    inputs,
    kernel,
    strides: Lengths = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Lengths = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """As ``conv_backward``: the loops of ``conv_loops``, in which each product sends dy back to both its factors."""
    x, kernel, windows, groups = _prepare(inputs, kernel, strides, padding, data_format, dilation_rate)
    dy = _as_output(dy, x, kernel, windows, data_format)
    *_, channels, filters = kernel.shape
    dx, d_kernel = np.zeros_like(x), np.zeros_like(kernel)
    for sample in range(len(x)):
        for p in np.ndindex(*windows.out):
            for o, place in windows.seen_from(p):
                for f in range(filters):
                    group = f // (filters // groups)
                    for c in range(channels):
                        at = (sample, *place, group * channels + c)
                        dx[at] += dy[(sample, *p, f)] * kernel[(*o, c, f)]
                        d_kernel[(*o, c, f)] += dy[(sample, *p, f)] * x[at]
    return from_channels_last(dx, data_format), d_kernel


def _prepare(
    inputs, kernel, strides, padding, data_format, dilation_rate
) -> tuple[np.ndarray, np.ndarray, Windows, int]:
    """x with its channels last, the kernel in the same type, the windows, and the number of groups."""
    x, kernel = promote(as_float(inputs), as_float(kernel))
    x = to_channels_last(x, data_format)
    if x.ndim != kernel.ndim or x.ndim < 3:
        raise ValueError(
            "conv: expected inputs (batch, …, channels) and a kernel (…, channels, filters) with equally many axes, "
            f"got shapes {np.shape(inputs)} and {kernel.shape}. Is the batch axis or the channel axis missing?"
        )
    *_, channels, filters = kernel.shape
    groups = x.shape[-1] // channels if channels else 0
    if not groups or x.shape[-1] % channels or filters % groups:
        raise ValueError(
            f"conv: a kernel of shape {kernel.shape} has {channels} channels and {filters} filters, which does not fit "
            f"inputs with {x.shape[-1]} channels. The channels are to be equal, or a multiple that divides the filters."
        )
    allowed = ("valid", "same", "causal") if x.ndim == 3 else ("valid", "same")
    padding = standardize_padding(padding, "conv", allowed)
    return x, kernel, windows_over("conv", x.shape[1:-1], kernel.shape[:-2], strides, padding, dilation_rate), groups


def _as_output(dy, x, kernel, windows: Windows, data_format) -> np.ndarray:
    dy = to_channels_last(np.asarray(dy, dtype=x.dtype), data_format)
    shape = (len(x), *windows.out, kernel.shape[-1])
    if dy.shape != shape:
        raise ValueError(f"conv_backward: expected dy in the shape of the output, {shape}, got {dy.shape}")
    return dy


def _pieces(x: np.ndarray, windows: Windows) -> Iterator[slice]:
    """Pieces of the batch whose rows stay in the cache."""
    return pieces(len(x), len(x) * math.prod(windows.out) * math.prod(windows.size) * x.shape[-1])


def _rows(padded: np.ndarray, windows: Windows, groups: int) -> np.ndarray:
    """What each window sees, one window a row: (groups, batch · windows, entries · channels of a group)."""
    batch, channels = padded.shape[0], padded.shape[-1]
    count, entries, n = batch * math.prod(windows.out), math.prod(windows.size), channels // groups
    view = _view(padded, windows)
    if channels == 1:
        # neighbours in a row are no neighbours in memory, but neighbours in a column are: faster column by column
        window_axes = range(1 + len(windows.out))
        columns = view.transpose(*range(len(window_axes), view.ndim), *window_axes)
        return columns.reshape(1, entries, count).swapaxes(1, 2)
    rows = view.reshape(count, entries, groups, n)
    return rows.transpose(2, 0, 1, 3).reshape(groups, count, entries * n)


def _kernel_gradient(dy: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """dL/dk from the rows of ``conv``: (entries · channels of a group, filters)."""
    # while @ makes a small result, no other thread can run
    return np.concatenate([np.dot(r.T, d) for r, d in zip(rows, _to_groups(dy, len(rows)))], axis=1)


def _entry_gradients(dy: np.ndarray, kernel: np.ndarray, groups: int) -> np.ndarray:
    """dy times the part of the kernel for one entry of the first axis: (batch, *out, other entries · channels)."""
    d_rows = _to_groups(dy, groups) @ _to_groups(kernel, groups).swapaxes(1, 2)
    *others, n, _ = kernel.shape
    windows, entries = math.prod(dy.shape[:-1]), math.prod(others)
    return _from_groups(d_rows.reshape(groups, windows * entries, n)).reshape(*dy.shape[:-1], entries * groups * n)


def _view(padded: np.ndarray, windows: Windows) -> np.ndarray:
    """All windows as a view, (batch, *out, *size, channels): s places from window to window, d from entry to entry."""
    padded = np.ascontiguousarray(padded)  # ndarray takes one piece of memory, and refuses strides that leave it
    batch, *places, channel = padded.strides
    to_windows = [s * place for s, place in zip(windows.strides, places)]
    to_entries = [d * place for d, place in zip(windows.dilations, places)]
    shape = (len(padded), *windows.out, *windows.size, padded.shape[-1])
    return np.ndarray(shape, padded.dtype, padded, strides=(batch, *to_windows, *to_entries, channel))


def _to_groups(x: np.ndarray, groups: int) -> np.ndarray:
    """(…, groups · n) as (groups, all before, n)."""
    return x.reshape(-1, groups, x.shape[-1] // groups).swapaxes(0, 1)


def _from_groups(x: np.ndarray) -> np.ndarray:
    """(groups, rows, n) as (rows, groups · n)."""
    groups, rows, n = x.shape
    return x.swapaxes(0, 1).reshape(rows, groups * n)
