"""Lesson 05: the update, mini-batches, learning rates and curvature, momentum, Nesterov, schedules, the loop."""

from kerasedu.exercises.lesson_05_gradient_descent.compare_rates import COMPARE_RATES
from kerasedu.exercises.lesson_05_gradient_descent.minibatch import MINIBATCH
from kerasedu.exercises.lesson_05_gradient_descent.momentum_outside import MOMENTUM_OUTSIDE
from kerasedu.exercises.lesson_05_gradient_descent.momentum_step import MOMENTUM_STEP
from kerasedu.exercises.lesson_05_gradient_descent.nesterov_step import NESTEROV_STEP
from kerasedu.exercises.lesson_05_gradient_descent.predictions import (
    PREDICT_LEARNING_RATE,
    PREDICT_MOMENTUM,
    PREDICT_STEPS,
    RECALL_05,
)
from kerasedu.exercises.lesson_05_gradient_descent.sgd_step import SGD_STEP
from kerasedu.exercises.lesson_05_gradient_descent.train_softmax import TRAIN_SOFTMAX
from kerasedu.exercises.lesson_05_gradient_descent.warmup_cosine import WARMUP_COSINE

ITEMS = (
    RECALL_05,
    SGD_STEP,
    PREDICT_STEPS,
    MINIBATCH,
    PREDICT_LEARNING_RATE,
    COMPARE_RATES,
    PREDICT_MOMENTUM,
    MOMENTUM_STEP,
    MOMENTUM_OUTSIDE,
    NESTEROV_STEP,
    WARMUP_COSINE,
    TRAIN_SOFTMAX,
)
