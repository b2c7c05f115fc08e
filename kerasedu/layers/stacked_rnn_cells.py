"""``StackedRNNCells``: several cells on top of each other, as one cell."""

from __future__ import annotations

from kerasedu.layers.cell import Cell, output_size, run_step, run_step_backward
from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.layers.serialization import deserialize
from kerasedu.layers.states import flatten, nest


class StackedRNNCells(Cell):
    """One time step through several cells: the output of each is the input of the next.

    The states are a list with one item per cell, an array or a list of them, as each cell's ``state_size`` says.

    Arguments:
        cells: the cells, the lowest first.

    Source: https://keras.io/api/layers/recurrent_layers/stacked_rnn_cell/
    """

    def __init__(self, cells, **kwargs):
        self.cells = [deserialize(cell) for cell in cells]
        super().__init__(**{"dtype": getattr(self.cells[0], "dtype", None), **kwargs})
        self._layers = [cell for cell in self.cells if isinstance(cell, Layer)]
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> list:
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> int:
        return output_size(self.cells[-1])

    def build(self, input_shape):
        for cell in self.cells:
            if isinstance(cell, Layer):
                cell._ensure_built(input_shape)
            input_shape = (input_shape[0], output_size(cell))

    def call(self, x, states, training=False):
        new_states, caches = [], []
        for cell, states_of_cell in zip(self.cells, nest(flatten(states), self.state_size)):
            x, new, cache = run_step(cell, x, flatten(states_of_cell), training)
            new_states += new
            caches.append(cache)
        return (x, new_states), caches

    def call_backward(self, dy, cache):
        d_output, *d_states = dy
        d_before, gradients = [], []
        for cell, d_new, cell_cache in reversed([*zip(self.cells, nest(d_states, self.state_size), cache)]):
            (d_output, *d_old), of_cell = run_step_backward(cell, [d_output, *flatten(d_new)], cell_cache)
            d_before = [*d_old, *d_before]
            gradients = [*of_cell, *gradients]
        return [d_output, *d_before], gradients

    def reset_dropout_mask(self) -> None:
        """Forget the dropout factors of all cells."""
        for cell in self.cells:
            if hasattr(cell, "reset_dropout_mask"):
                cell.reset_dropout_mask()
