"""``RecurrentLayer``: a cell applied step by step, with masks, and back-propagation through time."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.layers.cell import output_size, run_step, run_step_backward
from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.layers.states import as_gradients, as_states, flatten, nest


class RecurrentLayer(Layer):
    """output, states = cell(x[:, t], states), for t = 0, 1, …

    **Masks.** Where ``mask[:, t]`` is False, the step does not happen: the states stay as they were, and the output is
    that of the step before; zeros if there was none yet, even with an initial state. Every pattern of masks works.

    **go_backwards** reads the sequence from its end; the sequence of outputs comes in the order of reading. The mask
    that is handed on stays in the order of the input, as in Keras.

    **stateful** begins each batch with the last states of the one before, until ``reset_state()``. All batches have the
    same size. Gradients do not reach back into earlier batches.

    Arguments:
        cell: the cell.
        return_sequences: whether to return the outputs of all steps, (batch, time, units), or of the last one.
        return_state: whether the last states follow the output, in a list.
        go_backwards, stateful: see above.
        unroll: accepted for Keras's sake; it changes nothing here.
        zero_output_for_mask: whether the output of a masked step is zero instead of that of the step before. (Keras
            documents it for ``return_sequences`` only, but applies it to the last output as well.)
    """

    supports_masking = True

    def __init__(
        self,
        cell: Any,
        /,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.zero_output_for_mask = zero_output_for_mask
        self.input_spec = InputSpec(min_ndim=3)
        self.states: list[np.ndarray] | None = None
        self._layers = [cell] if isinstance(cell, Layer) else []

    def build(self, input_shape):
        step_shape = (input_shape[0], *input_shape[2:])
        for cell in self._layers:
            cell._ensure_built(step_shape)
            for variable in cell.weights:
                variable.path = f"{self.name}/{variable.path}"
        self.input_spec = InputSpec(ndim=len(input_shape), axes={-1: input_shape[-1]})
        if self.stateful and input_shape[0] is not None:
            self.states = flatten(self.get_initial_state(input_shape[0]))

    # -- forward ------------------------------------------------------------------------------------------------

    def call(self, x, training=False, mask=None, initial_state=None):
        batch, steps = x.shape[:2]
        if steps == 0:
            raise self.wrong_input("at least one time step", f"shape {x.shape}")
        mask = self._as_mask(mask, batch, steps)
        x = np.moveaxis(x, 1, 0)  # (time, batch, …), so that x[t] is one step
        if self.go_backwards:
            x, mask = x[::-1], mask if mask is None else mask[::-1]
        states = self._first_states(initial_state, batch)
        (outputs, states), cache = self.run(x, states, mask, training)
        states = [state.copy() for state in states]
        if self.stateful:
            self.states = [state.copy() for state in states]
        y = np.ascontiguousarray(np.moveaxis(outputs, 0, 1)) if self.return_sequences else outputs[-1].copy()
        shapes = [y.shape, *(state.shape for state in states)] if self.return_state else [y.shape]
        if self.return_state:
            y = [y, *nest(states, self.cell.state_size)]
        return y, (cache, shapes, [state.shape for state in states], initial_state is not None)

    def run(self, x, states, mask, training) -> tuple[tuple[np.ndarray, list[np.ndarray]], Any]:
        """All time steps, one after the other.

        Arguments:
            x: (time, batch, …).
            states: a flat list.
            mask: (time, batch), or None.

        Returns:
            ((outputs (time, batch, …), last states), cache for ``run_backward``).
        """
        if hasattr(self.cell, "reset_dropout_mask"):
            self.cell.reset_dropout_mask()
        outputs: list[np.ndarray] = []
        caches = []
        for t in range(len(x)):
            output, new_states, cache = run_step(self.cell, x[t], states, training)
            if mask is not None:
                before = outputs[-1] if outputs and not self.zero_output_for_mask else np.zeros_like(output)
                output = np.where(_column(mask[t], output), output, before)
                new_states = [np.where(_column(mask[t], old), new, old) for new, old in zip(new_states, states)]
            states = new_states
            outputs.append(output)
            caches.append(cache)
        return (np.stack(outputs), states), (caches, mask)

    # -- backward -----------------------------------------------------------------------------------------------

    def call_backward(self, dy, cache, with_dx=True):
        inner, shapes, state_shapes, has_initial_state = cache
        dy, *d_states = as_gradients(self, dy, shapes)
        if not self.return_state:
            d_states = [np.zeros(shape, self.dtype) for shape in state_shapes]
        if self.return_sequences:
            dy = np.moveaxis(dy, 1, 0)
        dx, d_states, gradients = self.run_backward(dy, d_states, inner, with_dx)
        if with_dx:
            dx = np.ascontiguousarray(np.moveaxis(dx[::-1] if self.go_backwards else dx, 0, 1))
        return [dx, *d_states] if has_initial_state else dx, gradients

    def weight_gradients(self, dy, cache, at_logits=False):
        return self.call_backward(self._as_dtype(dy), cache, with_dx=False)[1] if self.trainable else []

    def run_backward(self, dy, d_states, cache, with_dx: bool = True) -> tuple:
        """Back-propagation through time.

        Arguments:
            dy: dL/doutput for all time steps, (time, batch, …), or for the last one, as ``return_sequences`` says.
            d_states: dL/dstate for the last states.
            with_dx: whether dL/dx is asked for; None may stand for it if not.

        Returns:
            dL/dx (time, batch, …), dL/dstate for the initial states, and the sums over time of the weights' gradients.
        """
        caches, mask = cache
        dx = []
        gradients: list[np.ndarray] = []
        nothing = np.zeros_like(dy[0] if self.return_sequences else dy)
        repeated = nothing if self.return_sequences else dy  # the part of dL/doutput that belongs to an earlier step
        for t in reversed(range(len(caches))):
            d_output = repeated + dy[t] if self.return_sequences else repeated
            repeated, kept = nothing, [0] * len(d_states)
            if mask is not None:
                d_output, repeated = _split(d_output, mask[t])
                d_states, kept = zip(*(_split(d_state, mask[t]) for d_state in d_states))
                if self.zero_output_for_mask:
                    repeated = nothing
            (dx_t, *d_states), of_step = run_step_backward(self.cell, [d_output, *d_states], caches[t])
            d_states = [d_state + past for d_state, past in zip(d_states, kept)]
            dx.append(dx_t)
            gradients = [total + gradient for total, gradient in zip(gradients, of_step)] if gradients else of_step
        return np.stack(dx[::-1]), d_states, gradients

    # -- shapes, masks, states ----------------------------------------------------------------------------------

    def compute_output_shape(self, input_shape):
        batch, steps = input_shape[:2]
        units = output_size(self.cell)
        y = (batch, steps, units) if self.return_sequences else (batch, units)
        states = [(batch, size) for size in flatten(self.cell.state_size)]
        return [y, *nest(states, self.cell.state_size)] if self.return_state else y

    def compute_mask(self, x, mask=None):
        of_output = mask if self.return_sequences else None
        states = len(self.cell.state_size) if isinstance(self.cell.state_size, (list, tuple)) else 1
        return [of_output, *[None] * states] if self.return_state else of_output

    def get_initial_state(self, batch_size: int) -> list[np.ndarray]:
        """The states that a sequence starts with unless told otherwise: the cell's, or zeros."""
        if hasattr(self.cell, "get_initial_state"):
            return self.cell.get_initial_state(batch_size=batch_size)
        sizes = flatten(self.cell.state_size)
        return nest([np.zeros((batch_size, size), self.dtype) for size in sizes], self.cell.state_size)

    def reset_state(self) -> None:
        """Start from zeros again (``stateful=True``)."""
        self.states = self.states and [np.zeros_like(state) for state in self.states]

    def _first_states(self, initial_state, batch: int) -> list[np.ndarray]:
        if self.stateful and self.states is not None and len(self.states[0]) != batch:
            raise self.wrong_input(
                f"batches of {len(self.states[0])}, as before",
                f"a batch of {batch}",
                "A stateful layer carries one state per place in the batch.",
            )
        if initial_state is None:
            initial_state = self.states if self.stateful and self.states else self.get_initial_state(batch)
        return as_states(self, initial_state, batch, self.cell.state_size)

    def _as_mask(self, mask, batch: int, steps: int) -> np.ndarray | None:
        """The mask as booleans (time, batch)."""
        if mask is None:
            return None
        mask = np.asarray(mask)
        if mask.shape not in ((batch, steps), (batch, steps, 1)):
            raise self.wrong_input(f"a mask of shape {(batch, steps)}, one entry per time step", f"shape {mask.shape}")
        return mask.reshape(batch, steps).T.astype(bool)


def _split(d: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A gradient as the part that goes through the step, and the part that a masked step passes by."""
    return np.where(_column(mask, d), d, 0), np.where(_column(mask, d), 0, d)


def _column(mask: np.ndarray, like: np.ndarray) -> np.ndarray:
    """mask (batch,) with axes of length 1 behind it, so that it meets ``like`` (batch, …)."""
    return mask.reshape(-1, *[1] * (like.ndim - 1))
