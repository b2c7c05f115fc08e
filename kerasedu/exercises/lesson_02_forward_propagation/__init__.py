"""Lesson 02: neuron, layer, network; activations that do not overflow; shapes; the forward pass with its cache."""

from kerasedu.exercises.lesson_02_forward_propagation.article_predict import ARTICLE_PREDICT
from kerasedu.exercises.lesson_02_forward_propagation.dense_relu import DENSE_RELU
from kerasedu.exercises.lesson_02_forward_propagation.log_softmax_channels import LOG_SOFTMAX_CHANNELS
from kerasedu.exercises.lesson_02_forward_propagation.merged_layer import MERGED_LAYER
from kerasedu.exercises.lesson_02_forward_propagation.mlp_forward import MLP_FORWARD
from kerasedu.exercises.lesson_02_forward_propagation.predictions import (
    PREDICT_ACTIVATIONS,
    PREDICT_NEURON,
    PREDICT_OVERFLOW,
    PREDICT_SHAPES,
    RECALL_02,
)
from kerasedu.exercises.lesson_02_forward_propagation.stable_sigmoid import STABLE_SIGMOID
from kerasedu.exercises.lesson_02_forward_propagation.stable_softmax import STABLE_SOFTMAX
from kerasedu.exercises.lesson_02_forward_propagation.two_branches import TWO_BRANCHES

ITEMS = (
    RECALL_02,
    PREDICT_NEURON,
    DENSE_RELU,
    ARTICLE_PREDICT,
    PREDICT_ACTIVATIONS,
    MERGED_LAYER,
    PREDICT_OVERFLOW,
    STABLE_SIGMOID,
    STABLE_SOFTMAX,
    LOG_SOFTMAX_CHANNELS,
    PREDICT_SHAPES,
    TWO_BRANCHES,
    MLP_FORWARD,
)
