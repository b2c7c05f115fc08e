"""Lesson 12: models with several tasks, parts of one's own, checkpoints, streams of data, text."""

from kerasedu.exercises.lesson_12_keras_inside_out.article_layer import ARTICLE_LAYER
from kerasedu.exercises.lesson_12_keras_inside_out.mean_recall import MEAN_RECALL
from kerasedu.exercises.lesson_12_keras_inside_out.pinball import PINBALL
from kerasedu.exercises.lesson_12_keras_inside_out.predictions import PREDICT_MODEL, RECALL_12
from kerasedu.exercises.lesson_12_keras_inside_out.resumed_adam import RESUMED_ADAM
from kerasedu.exercises.lesson_12_keras_inside_out.running_moments import RUNNING_MOMENTS
from kerasedu.exercises.lesson_12_keras_inside_out.two_tasks import TWO_TASKS
from kerasedu.exercises.lesson_12_keras_inside_out.vectorize import VECTORIZE

ITEMS = (
    RECALL_12,
    PREDICT_MODEL,
    TWO_TASKS,
    ARTICLE_LAYER,
    PINBALL,
    MEAN_RECALL,
    RESUMED_ADAM,
    RUNNING_MOMENTS,
    VECTORIZE,
)
