"""Lesson 01: products, broadcasting, data types, floating point."""

from kerasedu.exercises.lesson_01_matrix_operations.dense_columns import DENSE_COLUMNS
from kerasedu.exercises.lesson_01_matrix_operations.matmul_blocked import MATMUL_BLOCKED
from kerasedu.exercises.lesson_01_matrix_operations.matmul_loops import MATMUL_LOOPS
from kerasedu.exercises.lesson_01_matrix_operations.mean_squared_difference import MEAN_SQUARED_DIFFERENCE
from kerasedu.exercises.lesson_01_matrix_operations.multiplications import MULTIPLICATIONS
from kerasedu.exercises.lesson_01_matrix_operations.pairwise_squared import PAIRWISE_SQUARED
from kerasedu.exercises.lesson_01_matrix_operations.predictions import (
    LINES_MATMUL,
    PREDICT_DTYPE,
    PREDICT_PRODUCT_SHAPE,
)
from kerasedu.exercises.lesson_01_matrix_operations.product_layer import PRODUCT_LAYER

ITEMS = (
    PREDICT_PRODUCT_SHAPE,
    MATMUL_LOOPS,
    LINES_MATMUL,
    MEAN_SQUARED_DIFFERENCE,
    PREDICT_DTYPE,
    MATMUL_BLOCKED,
    MULTIPLICATIONS,
    PRODUCT_LAYER,
    DENSE_COLUMNS,
    PAIRWISE_SQUARED,
)
