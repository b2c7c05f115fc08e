"""x W + h U + b as one matrix product, [h x 1] times [U; W; b].

A sequence needs one product per step this way, instead of two products and two sums, and one product for the gradient
of all weights.
"""

from __future__ import annotations

import numpy as np


def join_inputs(x, h) -> np.ndarray:
    """The rows [h x 1] of all time steps, (time + 1, batch, u + d + 1), for x (time, batch, d) and h (batch, u).

    The first u columns are the state before each step. They begin with h; the loop over time writes the rest, up to
    the state after the last step, in the last entry.
    """
    (steps, batch, d), u = x.shape, h.shape[1]
    rows = np.empty((steps + 1, batch, u + d + 1), h.dtype)
    rows[0, :, :u] = h
    rows[:-1, :, u:-1] = x
    rows[:, :, -1] = 1
    return rows


def join_weights(kernel, recurrent_kernel, bias) -> np.ndarray:
    """[U; W; b], (u + d + 1, gates·u); zeros for a bias that is None."""
    bias = np.zeros_like(kernel[:1]) if bias is None else bias[None]
    return np.concatenate([recurrent_kernel, kernel, bias])


def split_gradients(rows, dz, kernel) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """dL/dx, dL/dW, dL/dU, dL/db from the rows [h x 1] and dz = dL/d(x W + h U + b) of all time steps."""
    d = kernel.shape[0]
    gradient = flat(rows[:-1]).T @ flat(dz)
    dx = (flat(dz) @ kernel.T).reshape(*dz.shape[:2], d)
    return dx, gradient[-1 - d : -1], gradient[: -1 - d], gradient[-1]


def flat(a) -> np.ndarray:
    """(time, batch, n) as one matrix (time·batch, n)."""
    return a.reshape(a.shape[0] * a.shape[1], a.shape[2])
