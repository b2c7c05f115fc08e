"""``RNN``: a recurrent layer around any cell."""

from __future__ import annotations

from typing import Any

from kerasedu.layers.recurrent import RecurrentLayer
from kerasedu.layers.serialization import deserialize
from kerasedu.layers.stacked_rnn_cells import StackedRNNCells


class RNN(RecurrentLayer):
    """A recurrent layer around a cell: ``RNN(LSTMCell(8))``, or around several: ``RNN([LSTMCell(8), GRUCell(4)])``.

    What a cell is: an object with

    - ``state_size``, the length of its state or a list of lengths, and if need be ``output_size``;
    - ``call(x, states)`` or ``call(x, states, training)``, for one time step: x (batch, d), states a list. It returns
      ``((output, new_states), cache)`` as in ``kerasedu.layers.Cell``; or ``(output, new_states)`` as a cell written
      for Keras, and then there is no backward pass;
    - ``call_backward(dy, cache)`` for the backward pass, as in ``Cell``;
    - ``get_initial_state(batch_size)``, if the states do not start from zeros.

    The weights of the cell are the weights of the layer if the cell is a ``Layer``.

    Arguments:
        cell: the cell, or a list of cells, of which each takes the output of the one before as input.
        return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask: as for ``RecurrentLayer``.

    Raises:
        ValueError: the cell lacks ``call`` or ``state_size``.

    Source: https://keras.io/api/layers/recurrent_layers/rnn/
    """

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else deserialize(cell)
        for attribute in ("call", "state_size"):
            if not hasattr(cell, attribute):
                raise ValueError(f"RNN expected a cell with {attribute!r}, got {cell!r}")
        if kwargs.get("dtype") is None:
            kwargs["dtype"] = getattr(cell, "dtype", None)
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            zero_output_for_mask=zero_output_for_mask,
            **kwargs,
        )

    def _call_symbolic(self, x, options):
        if self.return_state and isinstance(self.cell, StackedRNNCells):
            raise ValueError(f"{self}: return_state of stacked cells works on arrays only; use a layer for each cell.")
        return super()._call_symbolic(x, options)
