"""Which data types an answer may have: precision matters for arrays of floats, and nowhere else. What errors mean."""

import operator

import numpy as np
import pytest

from kerasedu.exercises.calling import Outcome, call
from kerasedu.exercises.comparing import EXPLAINED, agree, find_fault
from kerasedu.exercises.result import WRONG_DTYPE, WRONG_VALUES


def status(got, expected):
    fault = find_fault(Outcome(value=got), expected, tolerance=64)
    return fault and fault.status


def test_an_array_keeps_the_precision_of_what_came_in():
    assert status(np.ones(3), np.ones(3, "float32")) == WRONG_DTYPE
    assert status(np.ones(3, "float32"), np.ones(3, "float32")) is None


@pytest.mark.parametrize("got", [np.float64(1.5), np.float32(1.5), np.array(1.5), 1.5])
def test_a_single_number_may_have_any_type_that_holds_it(got):
    assert status(got, np.float32(1.5)) is None
    assert status(got + 1, np.float32(1.5)) == WRONG_VALUES


@pytest.mark.parametrize("dtype", ["int32", "uint8", "float32", "float64"])
def test_counts_may_be_written_as_floats(dtype):
    counts = np.array([[3, 0], [1, 2]])
    assert status(counts.astype(dtype), counts) is None
    assert status(counts.T.astype(dtype), counts) is not None
    assert agree(Outcome(value=counts.astype(dtype)), Outcome(value=counts), tolerance=64)


@pytest.mark.parametrize(
    ("function", "part"),
    [
        (lambda x: max(0, x), "truth value of an array"),
        (lambda x: x if x > 0 else 0, "truth value of an array"),
        (lambda x: x @ np.ones((4, 1)), "mismatch in its core dimension"),
        (lambda x: operator.iadd(np.zeros(3), x), "non-broadcastable output operand"),
        (lambda x: x + np.ones(2), "could not be broadcast together"),
        (lambda x: np.max(x, x), "only integer scalar arrays"),
        (lambda x: x.view(np.uint64) & ~0xFF, "out of bounds for uint"),
        (lambda x: 0.5 * list(x), "multiply sequence by non-int"),
    ],
)
def test_common_errors_are_explained(function, part):
    lines = find_fault(call(function, {"x": np.ones((2, 3))}, 1.0), np.ones(3), tolerance=64).lines()
    assert part in EXPLAINED and lines[-1].strip() == EXPLAINED[part]
    assert part in lines[-2]
