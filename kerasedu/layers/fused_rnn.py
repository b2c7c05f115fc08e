"""``FusedRNN``: a recurrent layer with a cell of its own, which can take a whole sequence at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu import activations
from kerasedu.configurable import constructor_arguments
from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.recurrent import RecurrentLayer


class FusedRNN(RecurrentLayer):
    """What SimpleRNN, LSTM and GRU have in common: two ways to the same result.

    The usual layer, with tanh, sigmoid and no recurrent dropout, goes through ``sequence``, where all time steps share
    a few large products. Any other goes step by step through its cell, as ``RecurrentLayer`` does.

    The arguments of the cell (``units``, ``activation``, …) can be read from the layer as well.
    """

    def __init__(self, cell, /, **kwargs):
        super().__init__(cell, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def sequence(self, x, states, mask) -> tuple[list[np.ndarray], Any]:
        """The states after each step, (time, batch, units) each, for x (time, batch, d); and the cache."""
        raise NotImplementedError

    def sequence_backward(self, dhs, d_states, cache, with_dx: bool) -> tuple:
        """dL/dx (or None without ``with_dx``), dL/dstate for each initial state, dL/dW, dL/dU, dL/db; see ``ops``."""
        raise NotImplementedError

    def is_fused(self, training: bool) -> bool:
        """Whether ``sequence`` computes what the cell would."""
        cell = self.cell
        usual = {"activation": activations.tanh, "recurrent_activation": activations.sigmoid}
        dropped_per_gate = training and (cell.recurrent_dropout or (cell.dropout and cell.implementation == 1))
        return not dropped_per_gate and all(getattr(cell, name) is usual[name] for name in usual if hasattr(cell, name))

    def run(self, x, states, mask, training):
        if not self.is_fused(training):
            return super().run(x, states, mask, training)
        self.cell.reset_dropout_mask()
        dropout, _ = self.cell.dropout_factors(x[0], states[0], training)
        histories, cache = self.sequence(x if dropout is None else x * dropout, states, mask)
        seen = self._seen(mask)
        outputs = histories[0] if seen is None else histories[0] * seen
        return (outputs, [history[-1] for history in histories]), (cache, dropout, seen)

    def run_backward(self, dy, d_states, cache, with_dx=True):
        if len(cache) == 2:  # step by step
            return super().run_backward(dy, d_states, cache, with_dx)
        cache, dropout, seen = cache
        dhs = None
        if self.return_sequences:
            dhs = dy if seen is None else dy * seen
        else:
            d_states = [d_states[0] + (dy if seen is None else dy * seen[-1]), *d_states[1:]]
        dx, *rest = self.sequence_backward(dhs, d_states, cache, with_dx)
        d_states, gradients = rest[: len(d_states)], [g for g in rest[len(d_states) :] if g is not None]
        if with_dx and dropout is not None:
            dx = dx * dropout
        return dx, d_states, gradients if self.cell.trainable else []

    def _seen(self, mask) -> np.ndarray | None:
        """1 where the output is the state, 0 where it is zero, (time, batch, 1).

        A masked step repeats the state before it, and so does its output, unless there was no output yet.
        """
        if mask is None:
            return None
        seen = mask if self.zero_output_for_mask else np.logical_or.accumulate(mask, axis=0)
        return seen[:, :, None].astype(self.dtype)

    def __getattr__(self, name: str):
        cell = self.__dict__.get("cell")
        if cell is not None and name in constructor_arguments(type(cell)):
            return getattr(cell, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
