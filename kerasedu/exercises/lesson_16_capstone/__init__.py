"""Lesson 16, the capstone: a digit classifier of one's own, and the source articles as a debugging exam."""

from kerasedu.exercises.lesson_16_capstone.exam_comparison import EXAM_COMPARISON
from kerasedu.exercises.lesson_16_capstone.exam_cross_entropy import EXAM_CROSS_ENTROPY
from kerasedu.exercises.lesson_16_capstone.exam_labels import EXAM_LABELS
from kerasedu.exercises.lesson_16_capstone.exam_samples import EXAM_SAMPLES
from kerasedu.exercises.lesson_16_capstone.exam_scores import EXAM_SCORES
from kerasedu.exercises.lesson_16_capstone.own_adam_step import OWN_ADAM_STEP
from kerasedu.exercises.lesson_16_capstone.own_fit import OWN_FIT
from kerasedu.exercises.lesson_16_capstone.own_forward import OWN_FORWARD
from kerasedu.exercises.lesson_16_capstone.own_gradients import OWN_GRADIENTS
from kerasedu.exercises.lesson_16_capstone.predictions import EXAM_NUMBERS, RECALL_16

ITEMS = (
    RECALL_16,
    OWN_FORWARD,
    OWN_GRADIENTS,
    OWN_ADAM_STEP,
    OWN_FIT,
    EXAM_SAMPLES,
    EXAM_CROSS_ENTROPY,
    EXAM_LABELS,
    EXAM_SCORES,
    EXAM_COMPARISON,
    EXAM_NUMBERS,
)
