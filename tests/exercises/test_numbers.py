"""A single number is judged by its value, whatever type of number it comes as; an array by its type as well."""

import numpy as np
import pytest

from kerasedu.exercises import catalogue, evaluate
from kerasedu.exercises.result import WRONG_DTYPE


@pytest.mark.parametrize("number", [int, float, np.int32, np.float64])
def test_whole_numbers_may_come_from_numpy_and_as_floats(number):
    exercise = catalogue()["conv_sizes"]
    assert evaluate(exercise, lambda *axis: tuple(map(number, exercise.reference(*axis))), seed=0).right


def test_an_array_must_have_the_right_type():
    exercise = catalogue()["im2col"]
    result = evaluate(exercise, lambda *arguments: exercise.reference(*arguments).astype("float64"), seed=0)
    assert result.status == WRONG_DTYPE
