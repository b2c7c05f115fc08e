"""The error model: wide enough for rounding, narrow enough for one part in a thousand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from kerasedu.parity.tolerance import change, fits_float32, is_telling, largest, perturb, tolerance

TYPES = ["float32", "float64"]


@pytest.mark.parametrize("dtype", TYPES)
def test_perturbation_moves_every_number_by_one_rounding(dtype):
    x = np.random.default_rng(0).standard_normal((50, 40)).astype(dtype)
    moved = perturb(x)
    assert moved.dtype == dtype
    relative = np.abs(np.subtract(moved, x, dtype=float) / x) / np.finfo(dtype).eps
    assert relative.min() > 0.4
    assert relative.max() < 1.6


@pytest.mark.parametrize("dtype", TYPES)
def test_perturbation_goes_up_as_often_as_down(dtype):
    x = np.random.default_rng(0).standard_normal(10_000).astype(dtype)
    assert 0.47 < np.mean(perturb(x) > x) < 0.53


@given(arrays(np.float32, array_shapes(min_dims=0), elements=st.floats(-8, 8, width=32)))
def test_equal_numbers_stay_equal_and_zero_stays_zero(x):
    kept = x.copy()
    np.testing.assert_array_equal(perturb(np.stack([x, x]))[0], perturb(np.stack([x, x]))[1])
    assert not perturb(x)[x == 0].any()
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("x", [np.arange(4), np.array([True, False]), np.array(["a"])])
def test_what_is_not_floating_point_is_not_moved(x):
    np.testing.assert_array_equal(perturb(x), x)


def test_perturbation_takes_arrays_of_any_layout():
    x = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(perturb(x.T[::2]), perturb(np.ascontiguousarray(x.T[::2])))
    assert perturb(np.float32(2)).shape == ()
    assert perturb(np.zeros((0, 3))).shape == (0, 3)


def test_tolerance_is_made_of_roundings_in_sums_and_of_roundings_in_the_inputs():
    """4 √n ε (max|y| + s) + 32 δ"""
    y, eps = np.array([0.1, -8.1, 2.0]), np.finfo(float).eps
    assert tolerance(y) == pytest.approx(4 * eps * 8.1, abs=0)
    assert tolerance(y, terms=25) == pytest.approx(5 * 4 * eps * 8.1, abs=0)
    assert tolerance(y, size=3.0) == pytest.approx(4 * eps * 11.1, abs=0)
    assert tolerance(y, delta=0.5) == pytest.approx(32 * 0.5)
    assert tolerance(np.arange(3), terms=9) == tolerance(np.zeros(0), terms=9) == 0


def test_change_is_the_largest_distance():
    y = np.array([0.1, -8.1, 2.0])
    assert change(y, y + np.array([0, 0.5, -0.2])) == pytest.approx(0.5)
    assert change(y, y[:2]) == change(np.arange(3), np.arange(3) + 1) == 0


def test_what_fits_into_float32_is_judged_as_float32():
    y = np.array([0.1, 8.1], "float32")
    assert fits_float32(y.astype("float64"))
    assert not fits_float32(np.array([0.1]))
    assert fits_float32(np.array([np.nan, np.inf, 0.5]))
    assert not fits_float32(np.array([1e300]))
    assert tolerance(y.astype("float64")) == tolerance(y)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("n", [1, 10, 1_000, 30_000])
def test_a_sum_in_another_order_lies_within_the_tolerance(dtype, n):
    x = np.random.default_rng(n).standard_normal((20, n)).astype(dtype)
    forwards, backwards = np.cumsum(x, axis=1)[:, -1], np.cumsum(x[:, ::-1], axis=1)[:, -1]
    limit = tolerance(forwards, change(forwards, np.cumsum(perturb(x), axis=1)[:, -1]), terms=n)
    assert np.abs(forwards - backwards).max() <= limit
    assert is_telling(forwards, limit)


def test_cancellation_widens_the_tolerance_and_saturation_does_not():
    x = np.float32([1e4, 2e4])
    difference = (x + np.float32(1)) - x
    moved = (perturb(x) + np.float32(1)) - x
    assert tolerance(difference, change(difference, moved)) > 1e-3
    saturated = np.tanh(x)
    assert tolerance(saturated, change(saturated, np.tanh(perturb(x)))) < 1e-6


def test_a_comparison_is_telling_if_it_sees_one_part_in_a_thousand():
    y = np.array([2.0, -1.0])
    assert is_telling(y, 0.0009)
    assert not is_telling(y, 0.0011)
    assert is_telling(np.zeros(2), 1e-30)


def test_largest_ignores_what_is_not_finite():
    assert largest(np.array([1.0, -3.0, np.nan, np.inf])) == 3
    assert largest(np.array([])) == largest(np.array([np.nan])) == 0
