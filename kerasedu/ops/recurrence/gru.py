"""The gated recurrent unit: a state that is a moving average of candidates, with a rate that is learnt.

There are two GRUs, and papers, libraries and trained weights do not always say which they mean. They differ in where
the reset gate r meets the candidate:

    reset after the product (Keras's default, cuDNN):    g = φ(x W_g + b_g + r (h U_g + b'_g))
    reset before the product (the paper):                g = φ(x W_g + b_g + (r h) U_g)

The first has a second bias b' for the recurrent product, so its bias has the shape (2, 3u) instead of (3u,).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kerasedu.ops.recurrence.gates import (
    SIGMOID,
    TANH,
    add_bias,
    bias_gradient,
    check_shapes,
    gate_product,
    gate_product_backward,
)
from kerasedu.ops.recurrence.joined import features_first, features_last, join_inputs, side_by_side

__all__ = ["gru_sequence", "gru_sequence_backward", "gru_step", "gru_step_backward"]


def gru_step(
    x,
    h,
    kernel,
    recurrent_kernel,
    bias=None,
    *,
    reset_after=True,
    activation=TANH,
    recurrent_activation=SIGMOID,
    dropout=None,
    recurrent_dropout=None,
) -> np.ndarray:
    """One step, with an update gate z, a reset gate r and a candidate g (Keras's h):

        z = σ(x W_z + b_z + h U_z + b'_z)    r = σ(x W_r + b_r + h U_r + b'_r)    h' = z h + (1 - z) g

    and g as above; without ``reset_after`` there is no b'.

    Arguments:
        x, h: input (batch, d) and state (batch, u).
        kernel, recurrent_kernel: W (d, 3u), U (u, 3u); columns in the order z, r, g.
        bias: the rows b and b', (2, 3u), with ``reset_after``; b alone, (3u,), without; or None.
        reset_after: which of the two.
        activation, recurrent_activation: φ and σ.
        dropout, recurrent_dropout: factors on x and h, (1, batch, ·) for all gates or (3, batch, ·) one per gate; None.
            The h in z h is not dropped.

    Returns:
        h' (batch, u), both the output and the new state.

    Raises:
        ValueError: shapes that do not fit each other; usually the bias of the other GRU.

    Source: K. Cho et al., Learning phrase representations using RNN encoder-decoder, arXiv 1406.1078 (2014).
    """
    check_shapes("gru_step", 3, x, h, kernel, recurrent_kernel, bias, 2 if reset_after else None)
    gates = _gates(
        x, h, kernel, recurrent_kernel, bias, reset_after, activation, recurrent_activation, dropout, recurrent_dropout
    )
    return gates.z * h + (1 - gates.z) * gates.g


class _Gates(NamedTuple):
    """The gates, the sums that their activations are applied to, and what the reset gate multiplies."""

    z_sum: np.ndarray
    r_sum: np.ndarray
    g_sum: np.ndarray
    z: np.ndarray
    r: np.ndarray
    g: np.ndarray
    reset: np.ndarray  # h U_g + b'_g, or h


def _gates(
    x, h, kernel, recurrent_kernel, bias, reset_after, activation, recurrent_activation, dropout, recurrent_dropout
) -> _Gates:
    bias_x, bias_h = (None, None) if bias is None else bias if reset_after else (bias, None)
    x_z, x_r, x_g = np.split(add_bias(gate_product(x, kernel, dropout), bias_x), 3, axis=1)
    if reset_after:
        h_products = add_bias(gate_product(h, recurrent_kernel, recurrent_dropout), bias_h)
        h_z, h_r, h_g = np.split(h_products, 3, axis=1)
    else:
        U_zr, U_g, dropout_zr, dropout_g = _apart(recurrent_kernel, recurrent_dropout)
        h_z, h_r = np.split(gate_product(h, U_zr, dropout_zr), 2, axis=1)
    z_sum, r_sum = x_z + h_z, x_r + h_r
    z, r = recurrent_activation(z_sum), recurrent_activation(r_sum)
    g_sum = x_g + (r * h_g if reset_after else gate_product(r * h, U_g, dropout_g))
    return _Gates(z_sum, r_sum, g_sum, z, r, activation(g_sum), h_g if reset_after else h)


def _apart(recurrent_kernel, recurrent_dropout) -> tuple:
    """U and its dropout factors for the gates z and r, and for the candidate."""
    columns = 2 * recurrent_kernel.shape[0]
    factors = (None, None) if recurrent_dropout is None else (recurrent_dropout[:2], recurrent_dropout[-1:])
    return recurrent_kernel[:, :columns], recurrent_kernel[:, columns:], *factors


def gru_step_backward(
    dh,
    x,
    h,
    kernel,
    recurrent_kernel,
    bias=None,
    *,
    reset_after=True,
    activation=TANH,
    recurrent_activation=SIGMOID,
    dropout=None,
    recurrent_dropout=None,
) -> tuple:
    """From dh' = dL/dh': dL/dx, dL/dh, dL/dW, dL/dU, dL/db (None without a bias).

        dz = (h - g) dh'        dg = (1 - z) dh'        dh = z dh' + what comes back through the products with U

    and dg reaches r through r (h U_g + b'_g), or through (r h) U_g.
    """
    z_sum, r_sum, g_sum, z, r, g, reset = _gates(
        x, h, kernel, recurrent_kernel, bias, reset_after, activation, recurrent_activation, dropout, recurrent_dropout
    )
    dz_sum = recurrent_activation.backward((h - g) * dh, z_sum, z)
    dg_sum = activation.backward((1 - z) * dh, g_sum, g)
    if reset_after:
        d_product = dg_sum
    else:
        U_zr, U_g, dropout_zr, dropout_g = _apart(recurrent_kernel, recurrent_dropout)
        d_product, dU_g = gate_product_backward(dg_sum, r * h, U_g, dropout_g)
    dr_sum = recurrent_activation.backward(reset * d_product, r_sum, r)  # d_product is dL/d(r · reset)

    dx_sums = np.concatenate([dz_sum, dr_sum, dg_sum], axis=1)
    dx, dkernel = gate_product_backward(dx_sums, x, kernel, dropout)
    dbias = bias_gradient(dx_sums, bias)
    if reset_after:
        dh_sums = np.concatenate([dz_sum, dr_sum, r * dg_sum], axis=1)
        dh_products, drecurrent = gate_product_backward(dh_sums, h, recurrent_kernel, recurrent_dropout)
        if bias is not None:
            dbias = np.stack([dbias, bias_gradient(dh_sums, bias)])
    else:
        dzr_sums = np.concatenate([dz_sum, dr_sum], axis=1)
        dh_products, dU_zr = gate_product_backward(dzr_sums, h, U_zr, dropout_zr)
        dh_products += r * d_product
        drecurrent = np.concatenate([dU_zr, dU_g], axis=1)
    return dx, z * dh + dh_products, dkernel, drecurrent, dbias


def gru_sequence(x, h, kernel, recurrent_kernel, bias=None, mask=None) -> tuple[np.ndarray, tuple]:
    """All steps of the GRU that resets after the product, with σ the sigmoid and φ the hyperbolic tangent.

    The two parts of the candidate, p = U_g h + b'_g and q = W_g x + b_g, stay apart until the reset gate has acted. So
    the product of the weights and [h; x; 1] has four blocks, z, r, p and q:

        U_z    W_z    b_z + b'_z
        U_r    W_r    b_r + b'_r
        U_g    0      b'_g
        0      W_g    b_g

    The sigmoid of z and r is computed as (1 + tanh(· / 2)) / 2; the half inside goes into the weights beforehand.

    Arguments:
        x, h: inputs (time, batch, d) and initial state (batch, u).
        kernel, recurrent_kernel, bias: as in ``gru_step``.
        mask: booleans (time, batch); where False, the state stays as it was.

    Returns:
        The state after each step (time, batch, u), and the cache for ``gru_sequence_backward``.
    """
    check_shapes("gru_sequence", 3, x, h, kernel, recurrent_kernel, bias, 2)
    steps, (batch, u) = len(x), h.shape
    columns, weights = join_inputs(x, h), _four_blocks(kernel, recurrent_kernel, bias)
    weights[: 2 * u] *= 0.5
    hs, sums = columns[:, :u], np.empty((steps, 4 * u, batch), h.dtype)  # hs[t] is before step t, hs[t + 1] after it
    zr, (z, r, p, g) = sums[:, : 2 * u], np.split(sums, 4, axis=1)  # views; q becomes g
    for t in range(steps):
        np.matmul(weights, columns[t], out=sums[t])
        np.tanh(zr[t], out=zr[t])
        zr[t] += 1
        zr[t] *= 0.5
        g[t] += r[t] * p[t]
        np.tanh(g[t], out=g[t])
        np.add(g[t], z[t] * (hs[t] - g[t]), out=hs[t + 1])  # z h + (1 - z) g
        if mask is not None:
            np.copyto(hs[t + 1], hs[t], where=~mask[t])
    return features_first(hs[1:]), (columns, sums, kernel, recurrent_kernel, bias, mask)


def _four_blocks(kernel, recurrent_kernel, bias) -> np.ndarray:
    (d, width), u = kernel.shape, recurrent_kernel.shape[0]
    weights = np.zeros((width + u, u + d + 1), kernel.dtype)
    weights[: 3 * u, :u] = recurrent_kernel.T
    weights[: 2 * u, u:-1] = kernel[:, : 2 * u].T
    weights[3 * u :, u:-1] = kernel[:, 2 * u :].T
    if bias is not None:
        weights[: 3 * u, -1] = bias[1]
        weights[: 2 * u, -1] += bias[0, : 2 * u]
        weights[3 * u :, -1] = bias[0, 2 * u :]
    return weights


def gru_sequence_backward(dhs, dh, cache, with_dx: bool = True) -> tuple:
    """Back-propagation through time.

    Every gate's gradient is dh' times a factor that is known before the loop starts.

    Arguments:
        dhs: dL/dh for the state after each step (time, batch, u); None if only the last one matters.
        dh: dL/dh for the last state (batch, u).
        with_dx: whether dL/dx is asked for; else None stands for it.

    Returns:
        dL/dx (time, batch, d), dL/dh of the initial state, dL/dW, dL/dU, dL/db.
    """
    columns, sums, kernel, recurrent_kernel, bias, mask = cache
    steps, height, batch = sums.shape
    u = height // 4
    h, (z, r, p, g) = columns[:-1, :u], np.split(sums, 4, axis=1)
    dsums = np.empty_like(sums)
    d_z, d_r, d_p, d_q = np.split(dsums, 4, axis=1)
    np.multiply((h - g) * z, 1 - z, out=d_z)
    np.multiply(1 - z, 1 - g * g, out=d_q)
    np.multiply(d_q, r, out=d_p)
    np.multiply(d_p * p, 1 - r, out=d_r)
    through = z
    if mask is not None:
        seen = mask[:, None]
        dsums *= seen
        through = np.where(seen, z, 1)

    factors, dh = dsums.reshape(steps, 4, u, batch), dh.T
    for t in reversed(range(steps)):
        if dhs is not None:
            dh = dh + dhs[t].T
        factors[t] *= dh
        dh = recurrent_kernel @ dsums[t, : 3 * u] + dh * through[t]

    dsums, zrp, zrq = side_by_side(dsums), slice(3 * u), [*range(2 * u), *range(3 * u, 4 * u)]
    dx = features_last(kernel @ dsums[zrq], steps, batch) if with_dx else None
    gradient = side_by_side(columns[:-1]) @ dsums.T
    db = None if bias is None else np.stack([gradient[-1, zrq], gradient[-1, zrp]])
    return dx, dh.T, gradient[u:-1, zrq], gradient[:u, zrp], db
