"""Which data types an answer may have: precision matters for arrays of floats, and nowhere else."""

import numpy as np
import pytest

from kerasedu.exercises.calling import Outcome
from kerasedu.exercises.comparing import agree, find_fault
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
