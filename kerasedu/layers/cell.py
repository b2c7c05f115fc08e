"""``Cell``: one time step of a recurrent layer, as a layer of its own."""

from __future__ import annotations

import inspect
from functools import cache as remember
from typing import Any

import numpy as np

from kerasedu.layers.layer import Layer
from kerasedu.layers.states import as_gradients, as_states, flatten, nest


class Cell(Layer):
    """(x, states) -> (output, new states), for one time step.

    A subclass says, besides ``build``:

    - ``state_size``: the length of its state, or a list of lengths if it has several states;
    - ``output_size``: the length of its output, if it differs from that of the first state;
    - ``call(x, states, training) -> ((output, new_states), cache)``, with x (batch, d) and a list of states, each
      (batch, length);
    - ``call_backward(dy, cache) -> (dx, gradients)``, with dy = [dL/doutput, *dL/dnew_states] and
      dx = [dL/dx, *dL/dstates].

    The output counts as a result of its own: where it is also the first new state, as in Keras's three cells, the two
    gradients are to be added.
    """

    state_size: Any

    def __call__(self, x, states, training: bool = False):
        """The output and the new states: an array if ``states`` is one array, a list if it is a list."""
        result, _ = self.propagate(x, states, training)
        return result

    def forward(self, x, states, training: bool = False):
        """As calling the cell, and what ``backward`` needs is kept."""
        result, self._cache = self.propagate(x, states, training)
        self._gradients = None
        return result

    def propagate(self, x, states, training: bool = False):
        x = self._prepare(x)
        (output, new), cache = self.call(x, as_states(self, states, len(x), self.state_size), training)
        shapes = [output.shape, *(state.shape for state in new)]
        return (output, nest(new, self.state_size) if isinstance(states, (list, tuple)) else new[0]), (shapes, cache)

    def backpropagate(self, dy, cache):
        """[dL/dx, *dL/dstates] and the gradients, from dL/doutput or [dL/doutput, *dL/dnew_states]; None is zeros."""
        shapes, inner = cache
        dx, gradients = self.call_backward(as_gradients(self, dy, shapes), inner)
        return dx, gradients if self.trainable else []

    def get_initial_state(self, batch_size: int) -> list[np.ndarray]:
        """Zeros, (batch_size, length) for each state."""
        return nest([np.zeros((batch_size, n), self.dtype) for n in flatten(self.state_size)], self.state_size)


class _Nothing:
    """In place of the cache of a cell that keeps none."""


def run_step(cell: Any, x, states: list, training: bool) -> tuple[np.ndarray, list[np.ndarray], Any]:
    """(output, new states, cache) of any cell, one that was written for Keras included; states are flat lists."""
    options = {"training": training} if _takes_training(type(cell)) else {}
    first, second = cell.call(x, nest(states, cell.state_size), **options)
    (output, new_states), cache = (first, second) if isinstance(first, tuple) else ((first, second), _Nothing)
    return output, flatten(new_states), cache


def run_step_backward(cell: Any, dy: list, cache: Any) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """([dL/dx, *dL/dstates], gradients of the cell's trainable weights) for a cache of ``run_step``."""
    if cache is _Nothing:
        raise ValueError(
            f"the cell {type(cell).__name__} cannot go backward. Let its call return ((output, new_states), cache) and "
            "write call_backward(dy, cache); kerasedu.layers.RNN says how."
        )
    dx, gradients = cell.call_backward(dy, cache)
    return flatten(dx), gradients if getattr(cell, "trainable", True) else []


def output_size(cell: Any) -> int:
    """Length of the cell's output: that of its first state, unless the cell says otherwise."""
    return getattr(cell, "output_size", None) or flatten(cell.state_size)[0]


@remember
def _takes_training(cell_type: type) -> bool:
    return "training" in inspect.signature(cell_type.call).parameters
