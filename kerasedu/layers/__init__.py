"""Layers: functions with weights, which can go forward and backward."""

from kerasedu.layers.activated import ActivatedLayer
from kerasedu.layers.activation import ELU, Activation, LeakyReLU, ReLU, Softmax
from kerasedu.layers.bidirectional import Bidirectional
from kerasedu.layers.cell import Cell
from kerasedu.layers.concatenate import Concatenate, concatenate
from kerasedu.layers.dense import Dense
from kerasedu.layers.dropout import Dropout
from kerasedu.layers.embedding import Embedding
from kerasedu.layers.gru import GRU, GRUCell
from kerasedu.layers.identity import Identity
from kerasedu.layers.input import Input, InputLayer
from kerasedu.layers.layer import InputSpec, Layer
from kerasedu.layers.lstm import LSTM, LSTMCell
from kerasedu.layers.masking import Masking
from kerasedu.layers.merge import (
    Add,
    Average,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
    add,
    average,
    maximum,
    minimum,
    multiply,
    subtract,
)
from kerasedu.layers.reshaping import Flatten, Permute, RepeatVector, Reshape
from kerasedu.layers.rnn import RNN
from kerasedu.layers.serialization import deserialize
from kerasedu.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from kerasedu.layers.stacked_rnn_cells import StackedRNNCells
from kerasedu.layers.time_distributed import TimeDistributed

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RNN",
    "ActivatedLayer",
    "Activation",
    "Add",
    "Average",
    "Bidirectional",
    "Cell",
    "Concatenate",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRUCell",
    "Identity",
    "Input",
    "InputLayer",
    "InputSpec",
    "LSTMCell",
    "Layer",
    "LeakyReLU",
    "Masking",
    "Maximum",
    "Minimum",
    "Multiply",
    "Permute",
    "ReLU",
    "RepeatVector",
    "Reshape",
    "SimpleRNN",
    "SimpleRNNCell",
    "Softmax",
    "StackedRNNCells",
    "Subtract",
    "TimeDistributed",
    "add",
    "average",
    "concatenate",
    "deserialize",
    "maximum",
    "minimum",
    "multiply",
    "subtract",
]
