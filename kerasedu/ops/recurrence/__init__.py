"""Recurrent networks: the step of each cell, the loop over time, and the fast form for whole sequences.

Symbols, the same everywhere here: x is the input, h the hidden state, c the carry of the LSTM; W is the kernel
(d, gates·u), U the recurrent kernel (u, gates·u), b the bias. Gates stand side by side in the columns of W, U and b, in
Keras's order. What comes out of a step is primed: h', c'. σ is the recurrent activation, by default the sigmoid, and
φ the activation, by default tanh.

Each cell comes twice:

- ``lstm_step``: one time step (batch, d), with any activations and dropout, in the textbook's lines. Its derivative
  works from the forward's arguments again, so nothing is kept. ``through_time`` makes a sequence of it.
- ``lstm_sequence``: all steps (time, batch, d), for sigmoid and tanh only, made for speed: one matrix product a step,
  [h x 1] times [U; W; b], and one for the gradients of all weights.
"""

from kerasedu.ops.recurrence import gru, loop, lstm, simple_rnn
from kerasedu.ops.recurrence.gru import *
from kerasedu.ops.recurrence.loop import *
from kerasedu.ops.recurrence.lstm import *
from kerasedu.ops.recurrence.simple_rnn import *

__all__ = [*gru.__all__, *lstm.__all__, *simple_rnn.__all__, *loop.__all__]
