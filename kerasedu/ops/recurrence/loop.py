"""The loop over time for any step, and back-propagation through it, one line of the textbook at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

__all__ = ["through_time", "through_time_backward"]


def through_time(step: Callable, x, states: Sequence[np.ndarray], *weights, **options) -> tuple[np.ndarray, tuple]:
    """Apply a step again and again: state = step(x[t], *state, *weights), for t = 0, 1, …

    Arguments:
        step: ``simple_rnn_step``, ``lstm_step``, ``gru_step``, or a function of the same form.
        x: inputs (time, batch, d).
        states: the initial state, or h and c for the LSTM, in a tuple; each (batch, u).
        weights: W, U and b; the same at every step.
        options: handed to the step.

    Returns:
        The hidden state after each step (time, batch, u), and the last states.
    """
    states = tuple(states)
    hs = np.empty((len(x), *states[0].shape), states[0].dtype)
    for t in range(len(x)):
        states = _as_tuple(step(x[t], *states, *weights, **options))
        hs[t] = states[0]
    return hs, states


def through_time_backward(
    step: Callable, step_backward: Callable, dhs, dstates: Sequence[np.ndarray], x, states, *weights, **options
) -> tuple:
    """Back-propagation through time, for ``through_time``.

    The state after step t is used twice: as output, and by step t + 1. So its gradient is dhs[t] and what comes back
    from step t + 1, added. The weights are used at every step, so their gradients are sums over the steps.

    Arguments:
        dhs: dL/dh for the hidden state after each step (time, batch, u).
        dstates: dL/dh, or dL/dh and dL/dc, for the last states.
        Others: as in ``through_time``.

    Returns:
        dL/dx (time, batch, d); the gradients of the initial states, in a tuple; those of the weights, in a tuple.

    Source: P. Werbos, Backpropagation through time, Proceedings of the IEEE 78 (1990).
    """
    before = [tuple(states)]
    for t in range(len(x) - 1):
        before.append(_as_tuple(step(x[t], *before[t], *weights, **options)))

    dx = np.empty_like(x)
    dstates = list(dstates)
    dweights = [None if w is None else np.zeros_like(w) for w in weights]
    for t in reversed(range(len(x))):
        dstates[0] = dstates[0] + dhs[t]
        dx[t], *rest = step_backward(*dstates, x[t], *before[t], *weights, **options)
        dstates, dweights_t = rest[: len(dstates)], rest[len(dstates) :]
        dweights = [None if dw is None else dw + dw_t for dw, dw_t in zip(dweights, dweights_t)]
    return dx, tuple(dstates), tuple(dweights)


def _as_tuple(states) -> tuple:
    return states if isinstance(states, tuple) else (states,)
