"""``GRU``: a moving average of candidates, with a rate that is learnt."""

from __future__ import annotations

from kerasedu import activations, ops
from kerasedu.layers.fused_rnn import FusedRNN
from kerasedu.layers.weighted_cell import WeightedCell


class GRUCell(WeightedCell):
    """One time step, with update gate z, reset gate r and candidate g:

        z = σ(x W_z + b_z + h U_z + b'_z)    r = σ(x W_r + b_r + h U_r + b'_r)    h' = z h + (1 - z) g

        with reset_after:  g = φ(x W_g + b_g + r (h U_g + b'_g))        without:  g = φ(x W_g + b_g + (r h) U_g)

    Papers and libraries differ in ``reset_after`` and in whether z or 1 - z multiplies the old state; the above is
    Keras's. One state, h; the output is h'.
    Shapes: x (batch, d), h (batch, units), kernel W (d, 3 units), recurrent kernel U (units, 3 units); the bias is
    (2, 3 units) with ``reset_after``, its rows b and b', and (3 units,) without, where there is no b'. Keras calls the
    candidate h: its order of the gates in the columns, z, r, h, is the one above.

    Arguments:
        units: length of the state and of the output.
        activation: φ; None for the identity.
        recurrent_activation: σ; None for the identity.
        use_bias: whether there are b and b'.
        kernel_initializer, recurrent_initializer, bias_initializer: how W, U and b start.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        kernel_constraint, recurrent_constraint, bias_constraint: projections applied after each update.
        dropout, recurrent_dropout: fractions of x and of h that are dropped in training; the h in z h is not.
        reset_after: whether the reset gate acts after the product with U (as in cuDNN) or before it.
        seed: of the dropout.
        implementation: 1 draws the dropout of x for each gate by itself, as ``recurrent_dropout`` does anyway.

    Source: https://keras.io/api/layers/recurrent_layers/gru_cell/
    """

    gates = 3
    step = staticmethod(ops.gru_step)
    step_backward = staticmethod(ops.gru_step_backward)
    step_options = ("activation", "recurrent_activation", "reset_after")

    def __init__(
        self,
        units: int,
        activation="tanh",
        recurrent_activation="sigmoid",
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
        reset_after: bool = True,
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
        self.reset_after = reset_after
        self.implementation = implementation

    def bias_shape(self):
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)


class GRU(FusedRNN):
    """The gated recurrent unit: ``GRUCell`` over a sequence. The output is h, which is the state.

    Shapes: x (batch, time, d), y (batch, units), or (batch, time, units) with ``return_sequences``.
    The call takes ``mask`` (batch, time) and ``initial_state`` (batch, units).

    Arguments: those of ``GRUCell`` and of ``RecurrentLayer``; ``use_cudnn`` is accepted and changes nothing.

    Source: https://keras.io/api/layers/recurrent_layers/gru/
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
        reset_after: bool = True,
        use_cudnn: bool | str = "auto",
        implementation: int = 2,
        **kwargs,
    ):
        cell = GRUCell(
            units,
            activation,
            recurrent_activation,
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
            reset_after,
            seed,
            implementation,
            name="gru_cell",
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
        hs, cache = ops.gru_sequence(x, *states, *self.cell.arrays(), mask)
        return [hs], cache

    def sequence_backward(self, dhs, d_states, cache, with_dx):
        return ops.gru_sequence_backward(dhs, *d_states, cache, with_dx)

    def is_fused(self, training):
        return self.cell.reset_after and super().is_fused(training)
