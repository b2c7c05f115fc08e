"""An exercise on overflow: a right value that was reached through infinity is not accepted."""

from dataclasses import replace

import numpy as np

from kerasedu.exercises import Exercise, Mistake, evaluate
from kerasedu.exercises.result import WARNED, WRONG_VALUES


def reciprocal_power(x):
    return np.exp(-x)


def through_infinity(x):
    return 1 / np.exp(x)


def cases(rng):
    yield {"x": np.array([1.0, 1000.0])}


QUIET = Exercise(
    "quiet",
    "99",
    2,
    reciprocal_power,
    cases,
    (Mistake(through_infinity, "1/∞ is 0 by luck."),),
    (),
    ("a", "b", "c"),
    quiet=True,
)


def test_underflow_is_no_fault():
    assert evaluate(QUIET, reciprocal_power).right


def test_a_warning_costs_the_points_and_names_what_numpy_said():
    result = evaluate(QUIET, through_infinity)
    assert (result.status, result.points, result.mistake) == (WARNED, 0, "through_infinity")
    assert "NumPy warned: overflow encountered in exp" in result.message
    assert "1/∞ is 0 by luck." in result.message


def test_equal_values_without_the_warning_are_no_such_mistake():
    result = evaluate(QUIET, lambda x: 1 / np.exp(np.minimum(x, 500)) + (x < 500))
    assert (result.status, result.mistake) == (WRONG_VALUES, None)


def test_other_exercises_let_it_pass():
    assert evaluate(replace(QUIET, quiet=False), through_infinity).right
