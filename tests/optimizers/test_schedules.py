"""Learning-rate schedules: their values at the ends, at the corners and between."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu.optimizers import schedules
from kerasedu.optimizers.schedules import (
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

ALL = [
    ExponentialDecay(0.5, 4, 0.25),
    ExponentialDecay(0.5, 4, 0.25, staircase=True),
    InverseTimeDecay(0.5, 4, 3.0),
    InverseTimeDecay(0.5, 4, 3.0, staircase=True),
    PiecewiseConstantDecay([2, 5], [1.0, 0.5, 0.25]),
    PolynomialDecay(0.5, 4, 0.125),
    PolynomialDecay(0.5, 4, 0.125, power=2.0, cycle=True),
    CosineDecay(0.5, 4, 0.25),
    CosineDecay(0.125, 4, 0.25, warmup_target=0.5, warmup_steps=2),
]


def at(schedule, *steps):
    return [float(schedule(t)) for t in steps]


def test_exponential_decay_multiplies_by_the_rate_every_so_many_steps():
    assert at(ExponentialDecay(0.5, 4, 0.25), 0, 2, 4, 8) == [0.5, 0.25, 0.125, 0.03125]
    assert at(ExponentialDecay(0.5, 4, 0.25, staircase=True), 0, 3, 4, 7, 8) == [0.5, 0.5, 0.125, 0.125, 0.03125]


def test_inverse_time_decay():
    assert at(InverseTimeDecay(0.5, 4, 3.0), 0, 4, 12) == [0.5, 0.125, 0.05000000074505806]
    assert at(InverseTimeDecay(0.5, 4, 3.0, staircase=True), 3, 4, 7) == [0.5, 0.125, 0.125]


def test_a_piecewise_constant_still_has_the_old_value_at_a_boundary():
    schedule = PiecewiseConstantDecay([2, 5], [1.0, 0.5, 0.25])
    assert at(schedule, 0, 2, 3, 5, 6, 100) == [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    assert at(PiecewiseConstantDecay([], [0.5]), 0, 7) == [0.5, 0.5]


def test_polynomial_decay_ends_where_it_should_and_stays():
    assert at(PolynomialDecay(0.5, 4, 0.25), 0, 1, 2, 4, 9) == [0.5, 0.4375, 0.375, 0.25, 0.25]
    assert at(PolynomialDecay(0.5, 4, 0.25, power=2.0), 0, 2, 4) == [0.5, 0.3125, 0.25]


def test_a_cycling_polynomial_starts_again_towards_a_later_end():
    # Between 4 and 8 steps the end is 8, so half way up at step 4+.
    schedule = PolynomialDecay(0.5, 4, 0.25, cycle=True)
    assert at(schedule, 0, 2, 4, 6, 8) == [0.5, 0.375, 0.25, 0.3125, 0.25]


def test_cosine_decay_falls_from_the_start_to_a_share_of_it():
    assert at(CosineDecay(0.5, 4), 0, 4, 9) == [0.5, 0.0, 0.0]
    np.testing.assert_allclose(at(CosineDecay(0.5, 4), 1, 2, 3), [0.25 * (1 + 0.5**0.5), 0.25, 0.25 * (1 - 0.5**0.5)])
    np.testing.assert_allclose(at(CosineDecay(0.5, 4, alpha=0.5), 0, 2, 4), [0.5, 0.375, 0.25])


def test_cosine_decay_rises_first_if_told_to():
    schedule = CosineDecay(0.125, 4, 0.5, warmup_target=0.5, warmup_steps=2)
    np.testing.assert_allclose(at(schedule, 0, 1, 2, 4, 6, 9), [0.125, 0.3125, 0.5, 0.375, 0.25, 0.25])
    assert at(CosineDecay(0.125, 4, warmup_target=0.5), 0, 4) == [0.5, 0.0]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("schedule", ALL, ids=repr)
def test_an_array_of_steps_gives_an_array_of_rates(schedule):
    rates = schedule(np.arange(12))
    assert rates.dtype == np.float32 and rates.shape == (12,)
    np.testing.assert_allclose(rates, at(schedule, *range(12)), rtol=1e-6)


@pytest.mark.parametrize("schedule", ALL, ids=repr)
def test_rates_are_float32_numbers(schedule):
    assert isinstance(schedule(3), np.float32)
    assert schedule(np.int64(3)) == schedule(3) == schedule(3.0)


def test_a_numpy_number_keeps_its_type():
    rate = ExponentialDecay(np.float64(0.1), 4, 0.25)(4)
    assert isinstance(rate, np.float64) and rate == 0.1 * 0.25


def test_whole_numbers_are_rates_too():
    assert at(CosineDecay(0, 4, warmup_target=1, warmup_steps=2), 0, 1, 2) == [0.0, 0.5, 1.0]
    assert at(ExponentialDecay(1, 4, 0.25), 4) == [0.25]


@given(st.integers(0, 1000), st.integers(1, 50))
def test_without_a_staircase_every_schedule_only_falls(step, steps):
    for schedule in (
        ExponentialDecay(0.1, steps, 0.9),
        InverseTimeDecay(0.1, steps, 0.9),
        PolynomialDecay(0.1, steps),
        CosineDecay(0.1, steps),
    ):
        assert schedule(step + 1) <= schedule(step) <= np.float32(0.1)


@pytest.mark.parametrize("schedule", ALL, ids=repr)
def test_a_configuration_makes_the_same_schedule(schedule):
    config = schedule.get_config()
    assert type(schedule).from_config(config).get_config() == config
    again = schedules.get({"class_name": type(schedule).__name__, "config": config})
    assert at(again, *range(9)) == at(schedule, *range(9))


def test_names_and_defaults_are_keras_s():
    assert PolynomialDecay(0.1, 4).get_config() == {
        "initial_learning_rate": 0.1,
        "decay_steps": 4,
        "end_learning_rate": 0.0001,
        "power": 1.0,
        "cycle": False,
        "name": "PolynomialDecay",
    }
    assert CosineDecay(0.1, 4).get_config() == {
        "initial_learning_rate": 0.1,
        "decay_steps": 4,
        "alpha": 0.0,
        "name": "CosineDecay",
        "warmup_target": None,
        "warmup_steps": 0,
    }
    assert PiecewiseConstantDecay([1], [1.0, 0.5]).name == "PiecewiseConstant"
    for cls in (ExponentialDecay, InverseTimeDecay):
        assert cls(0.1, 4, 0.5).get_config() == {
            "initial_learning_rate": 0.1,
            "decay_steps": 4,
            "decay_rate": 0.5,
            "staircase": False,
            "name": cls.__name__,
        }


@pytest.mark.parametrize("steps", [0, -1, float("nan")])
@pytest.mark.parametrize("cls", [ExponentialDecay, InverseTimeDecay, PolynomialDecay, CosineDecay])
def test_decay_takes_at_least_some_steps(cls, steps):
    arguments = (0.1, steps, 0.5)[: 3 if cls in (ExponentialDecay, InverseTimeDecay) else 2]
    with pytest.raises(ValueError, match=f"{cls.__name__} expected decay_steps > 0, got {steps}"):
        cls(*arguments)


def test_boundaries_and_values_must_fit():
    with pytest.raises(ValueError, match="one value more than boundaries: got 2 values, 2 boundaries"):
        PiecewiseConstantDecay([1, 2], [1.0, 0.5])
    with pytest.raises(ValueError, match="boundaries in increasing order, got"):
        PiecewiseConstantDecay([2, 1], [1.0, 0.5, 0.25])


def test_unknown_schedules_are_named():
    with pytest.raises(ValueError, match=r"unknown learning rate schedule .CosinusDecay.\. Did you mean .CosineDecay."):
        schedules.get({"class_name": "CosinusDecay", "config": {}})
    with pytest.raises(NotImplementedError, match="LearningRateSchedule does not define __call__"):
        schedules.LearningRateSchedule()(0)
