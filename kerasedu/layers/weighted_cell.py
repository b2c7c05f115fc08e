"""``WeightedCell``: what SimpleRNNCell, LSTMCell and GRUCell have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from kerasedu import activations, constraints, initializers, random, regularizers
from kerasedu.layers.cell import Cell
from kerasedu.layers.input_spec import InputSpec


class WeightedCell(Cell):
    """A cell with a kernel W (d, gates·units), a recurrent kernel U (units, gates·units) and a bias b.

    A subclass names its step in ``kerasedu.ops``, and says how many gates stand side by side in the weights.
    Its arguments ``starts``, ``penalties`` and ``projections`` are initializers, regularizers, constraints of W, U, b.

    **Dropout.** The factors (0, or 1 / (1 - rate)) on x and h are drawn once and stay the same for all time steps: the
    layer calls ``reset_dropout_mask`` before a sequence. They belong to the cell, so a cell that is used on its own
    keeps them from call to call, until it is reset or the shapes change.
    """

    gates: int
    step: Callable
    step_backward: Callable
    step_options: tuple[str, ...] = ("activation",)
    implementation = 2

    def __init__(
        self, units, activation, use_bias, starts, penalties, projections, dropout, recurrent_dropout, seed, /, **kwargs
    ):
        super().__init__(**kwargs)
        if isinstance(units, bool) or not isinstance(units, (int, np.integer)) or units <= 0:
            raise ValueError(f"{type(self).__name__} expected units to be a positive integer, got {units!r}")
        self.units = self.state_size = self.output_size = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer, self.recurrent_initializer, self.bias_initializer = map(initializers.get, starts)
        self.kernel_regularizer, self.recurrent_regularizer, self.bias_regularizer = map(regularizers.get, penalties)
        self.kernel_constraint, self.recurrent_constraint, self.bias_constraint = map(constraints.get, projections)
        self.dropout = min(1.0, max(0.0, dropout))
        self.recurrent_dropout = min(1.0, max(0.0, recurrent_dropout))
        self.seed = seed
        self._generator = None if seed is None else random.generator(seed)
        self.reset_dropout_mask()

    def build(self, input_shape):
        d, columns = input_shape[-1], self.gates * self.units
        if d is None:
            raise self.wrong_input("a last axis of known length", f"shape {input_shape}")
        self.kernel = self.add_weight(
            (d, columns),
            self.kernel_initializer,
            "kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.recurrent_kernel = self.add_weight(
            (self.units, columns),
            self.recurrent_initializer,
            "recurrent_kernel",
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                self.bias_shape(),
                self.initial_bias,
                "bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.input_spec = InputSpec(ndim=2, axes={-1: d})

    def bias_shape(self) -> tuple[int, ...]:
        return (self.gates * self.units,)

    def initial_bias(self, shape, dtype) -> np.ndarray:
        return self.bias_initializer(shape, dtype=dtype)

    def arrays(self) -> tuple[np.ndarray | None, ...]:
        """W, U and b."""
        return self.kernel.value, self.recurrent_kernel.value, self.bias.value if self.use_bias else None

    def call(self, x, states, training=False):
        dropout, recurrent_dropout = self.dropout_factors(x, states[0], training)
        options = {name: getattr(self, name) for name in self.step_options}
        options |= {"dropout": dropout, "recurrent_dropout": recurrent_dropout}
        arguments = (x, *states, *self.arrays())
        new = self.step(*arguments, **options)
        new = list(new) if isinstance(new, tuple) else [new]
        return (new[0], new), (arguments, options)

    def call_backward(self, dy, cache):
        arguments, options = cache
        d_output, d_state, *d_others = dy
        dx, *rest = self.step_backward(d_state + d_output, *d_others, *arguments, **options)
        states = len(dy) - 1
        return [dx, *rest[:states]], [gradient for gradient in rest[states:] if gradient is not None]

    # -- dropout ------------------------------------------------------------------------------------------------

    def dropout_factors(self, x, h, training: bool) -> tuple[np.ndarray | None, np.ndarray | None]:
        """The factors on x and h, for ``kerasedu.ops``: (1, batch, ·), or (gates, batch, ·) for one draw per gate.

        As in Keras there is one draw per gate when h is dropped too, or with ``implementation=1``.
        """
        if not training:
            return None, None
        shapes = x.shape, h.shape
        if self._factors is None or self._factors[0] != shapes:
            per_gate = self.implementation == 1 or self.recurrent_dropout > 0
            draws = self.gates if per_gate else 1
            self._factors = shapes, (self._draw(draws, x, self.dropout), self._draw(draws, h, self.recurrent_dropout))
        return self._factors[1]

    def _draw(self, draws: int, like: np.ndarray, rate: float) -> np.ndarray | None:
        if rate == 0 or (rate == 1 and self.gates > 1):  # Keras: a rate of 1 switches dropout off in LSTM and GRU
            return None
        keep = random.generator(self._generator).random((draws, *like.shape)) >= rate
        return (keep / max(1 - rate, np.finfo(like.dtype).tiny)).astype(like.dtype)

    def reset_dropout_mask(self) -> None:
        """Forget the dropout factors; the next training step draws new ones."""
        self._factors: Any = None
