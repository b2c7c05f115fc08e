"""W x + U h + b as one matrix product, [U W b] times the column [h; x; 1].

A sequence needs one product per step this way, instead of two products and two sums, and one product for the gradient
of all weights. Features come first here and the examples of the batch last: so the four gates of an LSTM, say, are
four parts of memory, each in one piece, and BLAS can divide the long side of the product among its threads.
"""

from __future__ import annotations

import numpy as np


def join_inputs(x, h) -> np.ndarray:
    """The columns [h; x; 1] of all time steps, (time + 1, u + d + 1, batch), for x (time, batch, d) and h (batch, u).

    The first u features are the state before each step. They begin with h; the loop over time writes the rest, up to
    the state after the last step, in the last entry.
    """
    (steps, batch, d), u = x.shape, h.shape[1]
    columns = np.empty((steps + 1, u + d + 1, batch), h.dtype)
    columns[0, :u] = h.T
    columns[:-1, u:-1] = features_first(x)
    columns[:, -1] = 1
    return columns


def join_weights(kernel, recurrent_kernel, bias) -> np.ndarray:
    """[U W b], (gates·u, u + d + 1), for kernels with a column a unit; zeros for a bias that is None."""
    bias = np.zeros_like(kernel[:1]) if bias is None else bias[None]
    return np.concatenate([recurrent_kernel.T, kernel.T, bias.T], axis=1)


def split_gradients(columns, dz, kernel, with_dx: bool) -> tuple:
    """dL/dx, dL/dW, dL/dU, dL/db from the columns [h; x; 1] and dz = dL/d(W x + U h + b) of all time steps."""
    (steps, _, batch), d = dz.shape, kernel.shape[0]
    dz = side_by_side(dz)
    dx = features_last(kernel @ dz, steps, batch) if with_dx else None
    gradient = side_by_side(columns[:-1]) @ dz.T
    return dx, gradient[-1 - d : -1], gradient[: -1 - d], gradient[-1]


def side_by_side(a) -> np.ndarray:
    """The matrices of all time steps (time, n, batch) beside each other, (n, time·batch)."""
    return np.concatenate(a, axis=1)


def features_first(a) -> np.ndarray:
    """(time, batch, n) as (time, n, batch), and back: a view."""
    return np.swapaxes(a, 1, 2)


def features_last(a, steps: int, batch: int) -> np.ndarray:
    """What ``side_by_side`` made, (n, time·batch), as (time, batch, n): a view."""
    return a.reshape(len(a), steps, batch).transpose(1, 2, 0)
