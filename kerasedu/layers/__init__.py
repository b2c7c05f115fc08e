"""Layers: functions with weights, which can go forward and backward."""

from kerasedu.layers.activated import ActivatedLayer
from kerasedu.layers.bidirectional import Bidirectional
from kerasedu.layers.cell import Cell
from kerasedu.layers.dense import Dense
from kerasedu.layers.embedding import Embedding
from kerasedu.layers.gru import GRU, GRUCell
from kerasedu.layers.input import Input, InputLayer
from kerasedu.layers.layer import InputSpec, Layer
from kerasedu.layers.lstm import LSTM, LSTMCell
from kerasedu.layers.masking import Masking
from kerasedu.layers.rnn import RNN
from kerasedu.layers.serialization import deserialize
from kerasedu.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from kerasedu.layers.stacked_rnn_cells import StackedRNNCells
from kerasedu.layers.time_distributed import TimeDistributed

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "ActivatedLayer",
    "Bidirectional",
    "Cell",
    "Dense",
    "Embedding",
    "GRUCell",
    "Input",
    "InputLayer",
    "InputSpec",
    "LSTMCell",
    "Layer",
    "Masking",
    "SimpleRNN",
    "SimpleRNNCell",
    "StackedRNNCells",
    "TimeDistributed",
    "deserialize",
]
