"""The long short-term memory: a carry that gates add to, forget from and read."""

from __future__ import annotations

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
from kerasedu.ops.recurrence.joined import features_first, join_inputs, join_weights, split_gradients

__all__ = ["lstm_sequence", "lstm_sequence_backward", "lstm_step", "lstm_step_backward"]


def lstm_step(
    x,
    h,
    c,
    kernel,
    recurrent_kernel,
    bias=None,
    *,
    activation=TANH,
    recurrent_activation=SIGMOID,
    dropout=None,
    recurrent_dropout=None,
) -> tuple[np.ndarray, np.ndarray]:
    """One step. With z = x W + h U + b in four blocks, for input i, forget f, candidate g (Keras's c) and output o:

        i = σ(z_i)    f = σ(z_f)    g = φ(z_g)    o = σ(z_o)        c' = f c + i g        h' = o φ(c')

    Arguments:
        x, h, c: input (batch, d), hidden state and carry (batch, u).
        kernel, recurrent_kernel, bias: W (d, 4u), U (u, 4u), b (4u,) or None; columns in the order i, f, g, o.
        activation, recurrent_activation: φ and σ.
        dropout, recurrent_dropout: factors on x and h, (1, batch, ·) for all gates or (4, batch, ·) one per gate; None.

    Returns:
        h' and c', each (batch, u); h' is the output as well.

    Raises:
        ValueError: shapes that do not fit each other.

    Source: S. Hochreiter, J. Schmidhuber, Long short-term memory, Neural Computation 9 (1997); with the forget gate of
    F. Gers, J. Schmidhuber, F. Cummins, Learning to forget, Neural Computation 12 (2000).
    """
    check_shapes("lstm_step", 4, x, h, kernel, recurrent_kernel, bias)
    z = add_bias(gate_product(x, kernel, dropout) + gate_product(h, recurrent_kernel, recurrent_dropout), bias)
    z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
    i, f, g, o = recurrent_activation(z_i), recurrent_activation(z_f), activation(z_g), recurrent_activation(z_o)
    c = f * c + i * g
    return o * activation(c), c


def lstm_step_backward(
    dh,
    dc,
    x,
    h,
    c,
    kernel,
    recurrent_kernel,
    bias=None,
    *,
    activation=TANH,
    recurrent_activation=SIGMOID,
    dropout=None,
    recurrent_dropout=None,
) -> tuple:
    """From dL/dh' and dL/dc': dL/dx, dL/dh, dL/dc, dL/dW, dL/dU, dL/db (None without a bias).

    The loss depends on the carry directly and through h' = o φ(c'), which adds o φ'(c') dh' to dc'. Then

        di = g dc'    df = c dc'    dg = i dc'    do = φ(c') dh'    dc = f dc'

    and the four gates go back through their activations and through z = x W + h U + b.
    """
    z = add_bias(gate_product(x, kernel, dropout) + gate_product(h, recurrent_kernel, recurrent_dropout), bias)
    z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
    i, f, g, o = recurrent_activation(z_i), recurrent_activation(z_f), activation(z_g), recurrent_activation(z_o)
    c_new = f * c + i * g
    a = activation(c_new)

    dc = dc + activation.backward(dh * o, c_new, a)
    dz_i = recurrent_activation.backward(g * dc, z_i, i)
    dz_f = recurrent_activation.backward(c * dc, z_f, f)
    dz_g = activation.backward(i * dc, z_g, g)
    dz_o = recurrent_activation.backward(a * dh, z_o, o)
    dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)

    dx, dkernel = gate_product_backward(dz, x, kernel, dropout)
    dh, drecurrent = gate_product_backward(dz, h, recurrent_kernel, recurrent_dropout)
    return dx, dh, f * dc, dkernel, drecurrent, bias_gradient(dz, bias)


def lstm_sequence(
    x, h, c, kernel, recurrent_kernel, bias=None, mask=None
) -> tuple[tuple[np.ndarray, np.ndarray], tuple]:
    """All steps, with σ the sigmoid and φ the hyperbolic tangent.

    One formula serves all gates: s tanh(s z) + 1 - s is the sigmoid for s = 1/2 and tanh for s = 1. So the four blocks
    need one call of tanh, and the factor inside it goes into the weights beforehand.

    Arguments:
        x, h, c: inputs (time, batch, d), initial hidden state and carry (batch, u).
        kernel, recurrent_kernel, bias: as in ``lstm_step``.
        mask: booleans (time, batch); where False, both states stay as they were.

    Returns:
        Hidden state and carry after each step, (time, batch, u) each, and the cache for ``lstm_sequence_backward``.
    """
    check_shapes("lstm_sequence", 4, x, h, kernel, recurrent_kernel, bias)
    steps, (batch, u) = len(x), h.shape
    s = np.repeat(np.array([0.5, 0.5, 1, 0.5], h.dtype), u)[:, None]
    columns, weights = join_inputs(x, h), join_weights(kernel, recurrent_kernel, bias) * s
    s = np.repeat(s, batch, axis=1)  # as large as what it multiplies: faster than one number a row
    shift = 1 - s
    hs, cs = columns[:, :u], np.empty((steps + 1, u, batch), h.dtype)  # [t] is before step t, [t + 1] after it
    cs[0], a, gates = c.T, np.empty((steps, u, batch), h.dtype), np.empty((steps, 4 * u, batch), h.dtype)
    i, f, g, o = np.split(gates, 4, axis=1)  # views: they are filled as the loop goes on
    for t in range(steps):
        y = np.matmul(weights, columns[t], out=gates[t])
        np.tanh(y, out=y)
        y *= s
        y += shift
        np.multiply(f[t], cs[t], out=cs[t + 1])
        cs[t + 1] += i[t] * g[t]
        np.tanh(cs[t + 1], out=a[t])
        np.multiply(o[t], a[t], out=hs[t + 1])
        if mask is not None:
            np.copyto(hs[t + 1], hs[t], where=~mask[t])
            np.copyto(cs[t + 1], cs[t], where=~mask[t])
    cache = columns, cs, a, gates, shift, kernel, recurrent_kernel, bias, mask
    return (features_first(hs[1:]), features_first(cs[1:])), cache


def lstm_sequence_backward(dhs, dh, dc, cache, with_dx: bool = True) -> tuple:
    """Back-propagation through time: ``lstm_step_backward`` from the last step to the first.

    The slope of a gate is (1 - y) (y + r): y (1 - y) for the sigmoid, with r = 0, and 1 - y² for tanh, with r = 1.

    Arguments:
        dhs: dL/dh for the hidden state after each step (time, batch, u); None if only the last one matters.
        dh, dc: dL/dh and dL/dc for the last states (batch, u).
        with_dx: whether dL/dx is asked for; else None stands for it.

    Returns:
        dL/dx (time, batch, d), dL/dh and dL/dc of the initial states, dL/dW, dL/dU, dL/db.
    """
    columns, cs, a, gates, shift, kernel, recurrent_kernel, bias, mask = cache
    r = 1 - 2 * shift
    i, f, g, o = np.split(gates, 4, axis=1)
    dz = np.empty_like(gates)
    dz_i, dz_f, dz_g, dz_o = np.split(dz, 4, axis=1)
    dh, dc, kept_h, kept_c = np.ascontiguousarray(dh.T), np.ascontiguousarray(dc.T), 0, 0
    for t in reversed(range(len(gates))):
        if dhs is not None:
            dh = dh + dhs[t].T
        if mask is not None:  # a masked step hands both on as they are
            kept_h, kept_c, dh, dc = dh * ~mask[t], dc * ~mask[t], dh * mask[t], dc * mask[t]
        dc = dc + dh * o[t] * (1 - a[t] * a[t])
        np.multiply(g[t], dc, out=dz_i[t])
        np.multiply(cs[t], dc, out=dz_f[t])
        np.multiply(i[t], dc, out=dz_g[t])
        np.multiply(a[t], dh, out=dz_o[t])
        y = gates[t]
        dz[t] *= (1 - y) * (y + r)
        dh = recurrent_kernel @ dz[t] + kept_h
        dc = f[t] * dc + kept_c
    dx, dkernel, drecurrent, dbias = split_gradients(columns, dz, kernel, with_dx)
    return dx, dh.T, dc.T, dkernel, drecurrent, None if bias is None else dbias
