"""Lesson 03: losses for numbers and for classes, from probabilities and from logits; what metrics count and hide."""

from kerasedu.exercises.lesson_03_losses_and_metrics.article_crossentropy import ARTICLE_CROSSENTROPY
from kerasedu.exercises.lesson_03_losses_and_metrics.balanced_crossentropy import BALANCED_CROSSENTROPY
from kerasedu.exercises.lesson_03_losses_and_metrics.binary_from_logits import BINARY_FROM_LOGITS
from kerasedu.exercises.lesson_03_losses_and_metrics.confusion_matrix import CONFUSION_MATRIX
from kerasedu.exercises.lesson_03_losses_and_metrics.precision_recall import PRECISION_RECALL
from kerasedu.exercises.lesson_03_losses_and_metrics.predictions import (
    PREDICT_ACCURACY,
    PREDICT_CROSSENTROPY,
    RECALL_03,
)
from kerasedu.exercises.lesson_03_losses_and_metrics.sparse_from_logits import SPARSE_FROM_LOGITS
from kerasedu.exercises.lesson_03_losses_and_metrics.weighted_mae import WEIGHTED_MAE

ITEMS = (
    RECALL_03,
    WEIGHTED_MAE,
    ARTICLE_CROSSENTROPY,
    BINARY_FROM_LOGITS,
    PREDICT_CROSSENTROPY,
    SPARSE_FROM_LOGITS,
    PREDICT_ACCURACY,
    CONFUSION_MATRIX,
    PRECISION_RECALL,
    BALANCED_CROSSENTROPY,
)
