"""``LSTM``: a memory that gates write to, erase and read."""

from __future__ import annotations

import numpy as np

from kerasedu import activations, ops
from kerasedu.layers.fused_rnn import FusedRNN
from kerasedu.layers.weighted_cell import WeightedCell


class LSTMCell(WeightedCell):
    """One time step, with input gate i, forget gate f, candidate g and output gate o:

        i = σ(x Wᵢ + h Uᵢ + bᵢ)    f = σ(x W_f + h U_f + b_f)    g = φ(x W_g + h U_g + b_g)    o = σ(x Wₒ + h Uₒ + bₒ)

        c' = f c + i g        h' = o φ(c')

    Two states, the hidden state h and the carry c; the output is h'.
    Shapes: x (batch, d), h and c (batch, units), kernel W (d, 4 units), recurrent kernel U (units, 4 units), bias
    (4 units,). Keras calls the candidate c: its order of the gates in the columns, i, f, c, o, is the one above.

    Arguments:
        units: length of h, c and the output.
        activation: φ; None for the identity.
        recurrent_activation: σ; None for the identity.
        use_bias: whether there is a b.
        kernel_initializer, recurrent_initializer, bias_initializer: how W, U and b start.
        unit_forget_bias: whether b_f starts at 1, so that the cell begins by remembering.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        kernel_constraint, recurrent_constraint, bias_constraint: projections applied after each update.
        dropout, recurrent_dropout: fractions of x and of h that are dropped in training.
        seed: of the dropout.
        implementation: 1 draws the dropout of x for each gate by itself, as ``recurrent_dropout`` does anyway.

    Source: https://keras.io/api/layers/recurrent_layers/lstm_cell/
    """

    gates = 4
    step = staticmethod(ops.lstm_step)
    step_backward = staticmethod(ops.lstm_step_backward)
    step_options = ("activation", "recurrent_activation")

    def __init__(
        self,
        units: int,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        implementation: int = 2,
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
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [units, units]
        self.implementation = implementation

    def initial_bias(self, shape, dtype):
        """Zeros but for the forget gate, which starts open with a bias of 1, if ``unit_forget_bias``."""
        if not self.unit_forget_bias:
            return self.bias_initializer(shape, dtype=dtype)
        b_i, b_go = (self.bias_initializer((n * self.units,), dtype=dtype) for n in (1, 2))
        return np.concatenate([b_i, np.ones(self.units, dtype), b_go])


class LSTM(FusedRNN):
    """The long short-term memory: ``LSTMCell`` over a sequence. The output is h, the states are h and c.

    Shapes: x (batch, time, d), y (batch, units), or (batch, time, units) with ``return_sequences``.
    The call takes ``mask`` (batch, time) and ``initial_state``, a list of h and c, (batch, units) each.

    Arguments: those of ``LSTMCell`` and of ``RecurrentLayer``; ``use_cudnn`` is accepted and changes nothing.

    Source: https://keras.io/api/layers/recurrent_layers/lstm/
    """

    def __init__(
        self,
        units: int,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        use_cudnn: bool | str = "auto",
        implementation: int = 2,
        **kwargs,
    ):
        cell = LSTMCell(
            units,
            activation,
            recurrent_activation,
            use_bias,
            kernel_initializer,
            recurrent_initializer,
            bias_initializer,
            unit_forget_bias,
            kernel_regularizer,
            recurrent_regularizer,
            bias_regularizer,
            kernel_constraint,
            recurrent_constraint,
            bias_constraint,
            dropout,
            recurrent_dropout,
            seed,
            implementation,
            name="lstm_cell",
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
        if use_cudnn not in ("auto", True, False):
            raise self.wrong_input("use_cudnn to be 'auto', True or False", repr(use_cudnn))
        self.use_cudnn = use_cudnn

    def sequence(self, x, states, mask):
        return ops.lstm_sequence(x, *states, *self.cell.arrays(), mask)

    def sequence_backward(self, dhs, d_states, cache, with_dx):
        return ops.lstm_sequence_backward(dhs, *d_states, cache, with_dx)
