"""The simple recurrent network: a dense layer that also sees its own last output."""

from __future__ import annotations

import numpy as np

from kerasedu.ops.recurrence.gates import (
    TANH,
    add_bias,
    bias_gradient,
    check_shapes,
    gate_product,
    gate_product_backward,
)
from kerasedu.ops.recurrence.joined import features_first, join_inputs, join_weights, split_gradients

__all__ = ["simple_rnn_sequence", "simple_rnn_sequence_backward", "simple_rnn_step", "simple_rnn_step_backward"]


def simple_rnn_step(
    x, h, kernel, recurrent_kernel, bias=None, *, activation=TANH, dropout=None, recurrent_dropout=None
) -> np.ndarray:
    """One step: h' = φ(x W + h U + b).

    Arguments:
        x, h: input (batch, d) and state (batch, u).
        kernel, recurrent_kernel, bias: W (d, u), U (u, u), b (u,) or None.
        activation: φ.
        dropout, recurrent_dropout: factors (1, batch, d) on x and (1, batch, u) on h, or None.

    Returns:
        h' (batch, u), both the output and the new state.

    Raises:
        ValueError: shapes that do not fit each other.

    Source: J. L. Elman, Finding structure in time, Cognitive Science 14 (1990).
    """
    check_shapes("simple_rnn_step", 1, x, h, kernel, recurrent_kernel, bias)
    z = add_bias(gate_product(x, kernel, dropout) + gate_product(h, recurrent_kernel, recurrent_dropout), bias)
    return activation(z)


def simple_rnn_step_backward(
    dh, x, h, kernel, recurrent_kernel, bias=None, *, activation=TANH, dropout=None, recurrent_dropout=None
) -> tuple:
    """From dh' = dL/dh': dL/dx, dL/dh, dL/dW, dL/dU, dL/db (None without a bias).

    With z = x W + h U + b:

        dz = φ'(z) dh'    dx = dz Wᵀ    dh = dz Uᵀ    dW = xᵀ dz    dU = hᵀ dz    db = Σ dz
    """
    z = add_bias(gate_product(x, kernel, dropout) + gate_product(h, recurrent_kernel, recurrent_dropout), bias)
    dz = activation.backward(dh, z, activation(z))
    dx, dkernel = gate_product_backward(dz, x, kernel, dropout)
    dh, drecurrent = gate_product_backward(dz, h, recurrent_kernel, recurrent_dropout)
    return dx, dh, dkernel, drecurrent, bias_gradient(dz, bias)


def simple_rnn_sequence(x, h, kernel, recurrent_kernel, bias=None, mask=None) -> tuple[np.ndarray, tuple]:
    """All steps of h' = tanh(x W + h U + b).

    Arguments:
        x, h: inputs (time, batch, d) and initial state (batch, u).
        kernel, recurrent_kernel, bias: as in ``simple_rnn_step``.
        mask: booleans (time, batch); where False, the state stays as it was.

    Returns:
        The state after each step (time, batch, u), and the cache for ``simple_rnn_sequence_backward``.
    """
    check_shapes("simple_rnn_sequence", 1, x, h, kernel, recurrent_kernel, bias)
    columns, weights = join_inputs(x, h), join_weights(kernel, recurrent_kernel, bias)
    hs = columns[:, : h.shape[1]]  # hs[t] is the state before step t, hs[t + 1] the one after it
    for t in range(len(x)):
        np.tanh(weights @ columns[t], out=hs[t + 1])
        if mask is not None:
            np.copyto(hs[t + 1], hs[t], where=~mask[t])
    return features_first(hs[1:]), (columns, hs, kernel, recurrent_kernel, bias, mask)


def simple_rnn_sequence_backward(dhs, dh, cache, with_dx: bool = True) -> tuple:
    """Back-propagation through time.

    Arguments:
        dhs: dL/dh for the state after each step (time, batch, u); None if only the last one matters.
        dh: dL/dh for the last state (batch, u).
        with_dx: whether dL/dx is asked for; else None stands for it.

    Returns:
        dL/dx (time, batch, d), dL/dh of the initial state, dL/dW, dL/dU, dL/db.
    """
    columns, hs, kernel, recurrent_kernel, bias, mask = cache
    dz = 1 - hs[1:] ** 2  # the slope of tanh at every step; times dh' in the loop
    if mask is not None:
        dz *= mask[:, None]
    dh = dh.T
    for t in reversed(range(len(dz))):
        if dhs is not None:
            dh = dh + dhs[t].T
        dz[t] *= dh
        kept = 0 if mask is None else dh * ~mask[t]
        dh = recurrent_kernel @ dz[t] + kept
    dx, dkernel, drecurrent, dbias = split_gradients(columns, dz, kernel, with_dx)
    return dx, dh.T, dkernel, drecurrent, None if bias is None else dbias
