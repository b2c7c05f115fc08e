"""Lesson 00: a tour from training to grading."""

from kerasedu.exercises.lesson_00_start_here.fraction_right import FRACTION_RIGHT
from kerasedu.exercises.lesson_00_start_here.predictions import (
    LINES_TRAINING,
    PREDICT_FLAT_SHAPE,
    PREDICT_PARAMETERS,
    PREDICT_ROUNDING,
)

ITEMS = (PREDICT_FLAT_SHAPE, PREDICT_PARAMETERS, LINES_TRAINING, PREDICT_ROUNDING, FRACTION_RIGHT)
