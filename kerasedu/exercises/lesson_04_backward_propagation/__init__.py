"""Lesson 04: the chain rule, gradients of layers and of softmax with cross-entropy, numerical gradients."""

from kerasedu.exercises.lesson_04_backward_propagation.dense_backward import DENSE_BACKWARD
from kerasedu.exercises.lesson_04_backward_propagation.graph_gradients import GRAPH_GRADIENTS
from kerasedu.exercises.lesson_04_backward_propagation.hidden_backward import HIDDEN_BACKWARD
from kerasedu.exercises.lesson_04_backward_propagation.numerical_gradient import NUMERICAL_GRADIENT
from kerasedu.exercises.lesson_04_backward_propagation.output_gradient import OUTPUT_GRADIENT
from kerasedu.exercises.lesson_04_backward_propagation.predictions import (
    LINES_CROSSENTROPY,
    PREDICT_FAN_OUT,
    PREDICT_FLOW,
    RECALL_04,
)
from kerasedu.exercises.lesson_04_backward_propagation.skip_backward import SKIP_BACKWARD
from kerasedu.exercises.lesson_04_backward_propagation.softmax_backward import SOFTMAX_BACKWARD
from kerasedu.exercises.lesson_04_backward_propagation.training_step import TRAINING_STEP

ITEMS = (
    RECALL_04,
    PREDICT_FAN_OUT,
    GRAPH_GRADIENTS,
    DENSE_BACKWARD,
    HIDDEN_BACKWARD,
    SKIP_BACKWARD,
    SOFTMAX_BACKWARD,
    LINES_CROSSENTROPY,
    OUTPUT_GRADIENT,
    NUMERICAL_GRADIENT,
    PREDICT_FLOW,
    TRAINING_STEP,
)
