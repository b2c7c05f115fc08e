"""Layers: functions with weights, which can go forward and backward."""

from kerasedu.layers.activated import ActivatedLayer
from kerasedu.layers.activation import ELU, Activation, LeakyReLU, ReLU, Softmax
from kerasedu.layers.batch_normalization import BatchNormalization
from kerasedu.layers.bidirectional import Bidirectional
from kerasedu.layers.cell import Cell
from kerasedu.layers.concatenate import Concatenate, concatenate
from kerasedu.layers.conv import Conv1D, Conv2D
from kerasedu.layers.dense import Dense
from kerasedu.layers.dropout import Dropout
from kerasedu.layers.embedding import Embedding
from kerasedu.layers.global_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
)
from kerasedu.layers.gru import GRU, GRUCell
from kerasedu.layers.identity import Identity
from kerasedu.layers.input import Input, InputLayer
from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer
from kerasedu.layers.layer_normalization import LayerNormalization
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
from kerasedu.layers.pooling import AveragePooling1D, AveragePooling2D, MaxPooling1D, MaxPooling2D
from kerasedu.layers.reshaping import Flatten, Permute, RepeatVector, Reshape
from kerasedu.layers.rnn import RNN
from kerasedu.layers.serialization import deserialize
from kerasedu.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from kerasedu.layers.stacked_rnn_cells import StackedRNNCells
from kerasedu.layers.time_distributed import TimeDistributed
from kerasedu.layers.up_sampling import UpSampling2D
from kerasedu.layers.zero_padding import ZeroPadding2D

# Second names that Keras has too.
AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
Convolution1D = Conv1D
Convolution2D = Conv2D

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RNN",
    "ActivatedLayer",
    "Activation",
    "Add",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AvgPool1D",
    "AvgPool2D",
    "BatchNormalization",
    "Bidirectional",
    "Cell",
    "Concatenate",
    "Conv1D",
    "Conv2D",
    "Convolution1D",
    "Convolution2D",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRUCell",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "Identity",
    "Input",
    "InputLayer",
    "InputSpec",
    "LSTMCell",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "Masking",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPooling1D",
    "MaxPooling2D",
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
    "UpSampling2D",
    "ZeroPadding2D",
    "add",
    "average",
    "concatenate",
    "deserialize",
    "maximum",
    "minimum",
    "multiply",
    "subtract",
]
