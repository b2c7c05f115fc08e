"""Lesson 06: RMSprop, Adam, Adagrad and their relatives, and how to choose among them."""

from kerasedu.exercises.lesson_06_adaptive_optimizers.adagrad_train import ADAGRAD_TRAIN
from kerasedu.exercises.lesson_06_adaptive_optimizers.adam_step import ADAM_STEP
from kerasedu.exercises.lesson_06_adaptive_optimizers.adam_train import ADAM_TRAIN
from kerasedu.exercises.lesson_06_adaptive_optimizers.adamw_step import ADAMW_STEP
from kerasedu.exercises.lesson_06_adaptive_optimizers.amsgrad_step import AMSGRAD_STEP
from kerasedu.exercises.lesson_06_adaptive_optimizers.article_adam import ARTICLE_ADAM
from kerasedu.exercises.lesson_06_adaptive_optimizers.fair_choice import FAIR_CHOICE
from kerasedu.exercises.lesson_06_adaptive_optimizers.predictions import (
    PREDICT_FIRST_STEPS,
    RECALL_06,
)
from kerasedu.exercises.lesson_06_adaptive_optimizers.rmsprop_step import RMSPROP_STEP

ITEMS = (
    RECALL_06,
    RMSPROP_STEP,
    PREDICT_FIRST_STEPS,
    ADAM_STEP,
    ARTICLE_ADAM,
    ADAGRAD_TRAIN,
    ADAM_TRAIN,
    ADAMW_STEP,
    AMSGRAD_STEP,
    FAIR_CHOICE,
)
