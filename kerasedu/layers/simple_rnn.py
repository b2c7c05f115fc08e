"""``SimpleRNN``: a dense layer that also sees its own last output."""

from __future__ import annotations

from kerasedu import ops
from kerasedu.layers.fused_rnn import FusedRNN
from kerasedu.layers.weighted_cell import WeightedCell


class SimpleRNNCell(WeightedCell):
    """One time step: h' = φ(x W + h U + b); the output is h'.

    Shapes: x (batch, d), h (batch, units), kernel W (d, units), recurrent kernel U (units, units), bias (units,).

    Arguments:
        units: length of the state and of the output.
        activation: φ; None for the identity.
        use_bias: whether there is a b.
        kernel_initializer, recurrent_initializer, bias_initializer: how W, U and b start.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        kernel_constraint, recurrent_constraint, bias_constraint: projections applied after each update.
        dropout, recurrent_dropout: fractions of x and of h that are dropped in training.
        seed: of the dropout.

    Source: https://keras.io/api/layers/recurrent_layers/simple_rnn_cell/
    """

    gates = 1
    step = staticmethod(ops.simple_rnn_step)
    step_backward = staticmethod(ops.simple_rnn_step_backward)

    def __init__(
        self,
        units: int,
        activation="tanh",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(
            units,
            activation,
            use_bias,
            (kernel_initializer, recurrent_initializer, bias_initializer),
            (kernel_regularizer, recurrent_regularizer, bias_regularizer),
            (kernel_constraint, recurrent_constraint, bias_constraint),
            dropout,
            recurrent_dropout,
            seed,
            **kwargs,
        )


class SimpleRNN(FusedRNN):
    """h_t = φ(x_t W + h_{t-1} U + b) over a sequence; the output is h_t.

    Shapes: x (batch, time, d), y (batch, units), or (batch, time, units) with ``return_sequences``.
    The call takes ``mask`` (batch, time) and ``initial_state`` (batch, units).

    Arguments: those of ``SimpleRNNCell`` and of ``RecurrentLayer``.

    Source: https://keras.io/api/layers/recurrent_layers/simple_rnn/
    """

    def __init__(
        self,
        units: int,
        activation="tanh",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        **kwargs,
    ):
        cell = SimpleRNNCell(
            units,
            activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            seed,
            name="simple_rnn_cell",
            dtype=kwargs.get("dtype"),
        )
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            **kwargs,
        )

    def sequence(self, x, states, mask):
        hs, cache = ops.simple_rnn_sequence(x, *states, *self.cell.arrays(), mask)
        return [hs], cache

    def sequence_backward(self, dhs, d_states, cache, with_dx):
        return ops.simple_rnn_sequence_backward(dhs, *d_states, cache, with_dx)
