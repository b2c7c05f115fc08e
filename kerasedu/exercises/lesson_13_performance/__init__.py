"""Lesson 13: clocks, operations and bytes, vectorising, views, number formats, loss scaling, pipelines."""

from kerasedu.exercises.lesson_13_performance.article_cost import ARTICLE_COST
from kerasedu.exercises.lesson_13_performance.loss_scale_step import LOSS_SCALE_STEP
from kerasedu.exercises.lesson_13_performance.mean_of_valid import MEAN_OF_VALID
from kerasedu.exercises.lesson_13_performance.pipeline_seconds import PIPELINE_SECONDS
from kerasedu.exercises.lesson_13_performance.predictions import (
    PREDICT_AMDAHL,
    PREDICT_FLOAT16,
    PREDICT_ROOFLINE,
    PREDICT_TRACES,
    RECALL_13,
)
from kerasedu.exercises.lesson_13_performance.times_as_fast import TIMES_AS_FAST
from kerasedu.exercises.lesson_13_performance.to_bfloat16 import TO_BFLOAT16
from kerasedu.exercises.lesson_13_performance.window_view import WINDOW_VIEW

ITEMS = (
    RECALL_13,
    TIMES_AS_FAST,
    ARTICLE_COST,
    PREDICT_ROOFLINE,
    MEAN_OF_VALID,
    WINDOW_VIEW,
    PREDICT_FLOAT16,
    TO_BFLOAT16,
    LOSS_SCALE_STEP,
    PREDICT_TRACES,
    PIPELINE_SECONDS,
    PREDICT_AMDAHL,
)
