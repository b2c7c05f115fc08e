"""Lesson 07: preprocessing, initialisation, dropout, weight decay, early stopping, batch normalisation, tuning."""

from kerasedu.exercises.lesson_07_training_in_practice.article_pixels import ARTICLE_PIXELS
from kerasedu.exercises.lesson_07_training_in_practice.batch_norm import BATCH_NORM
from kerasedu.exercises.lesson_07_training_in_practice.batch_norm_backward import BATCH_NORM_BACKWARD
from kerasedu.exercises.lesson_07_training_in_practice.decay_step import DECAY_STEP
from kerasedu.exercises.lesson_07_training_in_practice.dropout import DROPOUT
from kerasedu.exercises.lesson_07_training_in_practice.early_stopping import EARLY_STOPPING
from kerasedu.exercises.lesson_07_training_in_practice.initial_kernels import INITIAL_KERNELS
from kerasedu.exercises.lesson_07_training_in_practice.predictions import (
    PREDICT_EQUAL_START,
    PREDICT_FLOORS,
    RECALL_07,
)
from kerasedu.exercises.lesson_07_training_in_practice.standardize import STANDARDIZE
from kerasedu.exercises.lesson_07_training_in_practice.torch_batch_norm import TORCH_BATCH_NORM

ITEMS = (
    RECALL_07,
    STANDARDIZE,
    PREDICT_EQUAL_START,
    INITIAL_KERNELS,
    DROPOUT,
    DECAY_STEP,
    EARLY_STOPPING,
    BATCH_NORM,
    BATCH_NORM_BACKWARD,
    TORCH_BATCH_NORM,
    ARTICLE_PIXELS,
    PREDICT_FLOORS,
)
