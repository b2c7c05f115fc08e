"""Initializers: constants, the spread that fans demand, rotations, and what a seed repeats."""

import math

import numpy as np
import pytest

import kerasedu.random
from kerasedu import config, initializers

LARGE = (300, 400)
RANDOM = [
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "LecunNormal",
    "LecunUniform",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
]
FIXED = ["Constant", "Identity", "Ones", "Zeros"]


def make(name, **arguments):
    return getattr(initializers, name)(**arguments)


# -- without chance ---------------------------------------------------------------------------------------------------


def test_constants():
    np.testing.assert_array_equal(initializers.Zeros()((2, 3)), np.zeros((2, 3)))
    np.testing.assert_array_equal(initializers.Ones()((2, 3)), np.ones((2, 3)))
    np.testing.assert_array_equal(initializers.Constant(2.5)((2, 3)), np.full((2, 3), 2.5))
    np.testing.assert_array_equal(initializers.Constant()((2,)), [0, 0])
    np.testing.assert_array_equal(initializers.Identity()((2, 3)), [[1, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(initializers.Identity(gain=3)((2, 2)), [[3, 0], [0, 3]])


def test_a_constant_is_rounded_to_float32_as_in_keras():
    np.testing.assert_array_equal(initializers.Constant(0.1)((1,), "float64"), float(np.float32(0.1)))
    np.testing.assert_array_equal(initializers.Identity(0.1)((1, 1), "float64"), 0.1)


@pytest.mark.parametrize("shape", [(3,), (2, 2, 2), ()])
def test_the_identity_is_a_matrix(shape):
    with pytest.raises(ValueError, match="Identity makes matrices"):
        initializers.Identity()(shape)


@pytest.mark.parametrize("shape", [(3,), ()])
def test_a_rotation_has_at_least_two_axes(shape):
    with pytest.raises(ValueError, match="Orthogonal makes matrices"):
        initializers.Orthogonal()(shape)


# -- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*RANDOM, *FIXED])
def test_shape_and_type_are_those_asked_for(name, monkeypatch):
    init = make(name)
    assert init((3, 4)).shape == (3, 4)
    assert init([3, 4]).dtype == "float32"
    assert init((3, 4), dtype="float64").dtype == "float64"
    monkeypatch.setattr(config, "_floatx", "float64")
    assert init((3, 4)).dtype == "float64"


@pytest.mark.parametrize("name", [*RANDOM, *FIXED])
def test_each_is_found_by_both_spellings_and_by_its_configuration(name):
    cls = getattr(initializers, name)
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    assert getattr(initializers, snake) is cls
    for identifier in (name, snake, cls, cls()):
        assert type(initializers.get(identifier)) is cls
    init = cls()
    again = initializers.get({"class_name": name, "config": init.get_config()})
    assert again.get_config() == init.get_config()


@pytest.mark.parametrize(
    ("short", "name"), [("zero", "Zeros"), ("one", "Ones"), ("normal", "RandomNormal"), ("uniform", "RandomUniform")]
)
def test_keras_s_short_names(short, name):
    assert type(initializers.get(short)) is getattr(initializers, name)


def test_an_array_is_its_own_initializer():
    value = np.arange(6.0).reshape(2, 3)
    init = initializers.get(value)
    np.testing.assert_array_equal(init((2, 3)), value)
    assert init((2, 3)).dtype == "float32"
    assert init((2, 3), dtype="float64") is not value
    with pytest.raises(ValueError, match=r"value has shape \(2, 3\), the weight has shape \(3, 2\)"):
        init((3, 2))


def test_a_function_is_an_initializer_and_none_is_none():
    assert initializers.get(np.ones) is np.ones
    assert initializers.get(None) is None


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="Did you mean 'glorot_uniform'"):
        initializers.get("glorot_unifrom")


# -- seeds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RANDOM)
def test_a_seed_gives_the_same_numbers_at_each_call_and_another_seed_others(name):
    init = make(name, seed=1)
    first = init((4, 5))
    np.testing.assert_array_equal(init((4, 5)), first)
    np.testing.assert_array_equal(make(name, seed=1)((4, 5)), first)
    assert not np.array_equal(make(name, seed=2)((4, 5)), first)
    np.testing.assert_allclose(init((4, 5), "float64"), first, rtol=1e-6)


@pytest.mark.parametrize("name", RANDOM)
def test_without_a_seed_numbers_differ_until_all_are_restarted(name):
    init = make(name)
    kerasedu.random.set_random_seed(7)
    first, second = init((4, 5)), init((4, 5))
    assert not np.array_equal(first, second)
    kerasedu.random.set_random_seed(7)
    np.testing.assert_array_equal(init((4, 5)), first)
    np.testing.assert_array_equal(init((4, 5)), second)


def test_a_generator_goes_on():
    init = initializers.RandomNormal(seed=np.random.default_rng(3))
    assert not np.array_equal(init((4,)), init((4,)))


# -- distributions ----------------------------------------------------------------------------------------------------


def assert_spread(values, mean, stddev):
    """Mean and standard deviation of many numbers, within five standard errors."""
    error = 5 / math.sqrt(values.size)
    np.testing.assert_allclose(values.mean(), mean, atol=error * stddev)
    np.testing.assert_allclose(values.std(), stddev, rtol=error)


def test_random_normal():
    assert_spread(initializers.RandomNormal(mean=2.0, stddev=0.5, seed=1)(LARGE), 2.0, 0.5)
    values = initializers.RandomNormal(seed=1)(LARGE)
    assert_spread(values, 0.0, 0.05)
    np.testing.assert_allclose((np.abs(values) < 0.05).mean(), 0.6827, atol=0.007)


def test_random_uniform():
    values = initializers.RandomUniform(minval=1.0, maxval=3.0, seed=1)(LARGE)
    assert_spread(values, 2.0, 2 / math.sqrt(12))
    assert 1 <= values.min() < 1.001
    assert 2.999 < values.max() <= 3
    values = initializers.RandomUniform(seed=1)(LARGE)
    assert -0.05 <= values.min() < -0.0499
    assert 0.0499 < values.max() <= 0.05


def test_truncated_normal_has_no_number_beyond_two_standard_deviations():
    values = initializers.TruncatedNormal(mean=1.0, stddev=0.5, seed=1)(LARGE)
    assert_spread(values, 1.0, 0.5 * 0.87962566)
    assert 0 <= values.min() < 0.01
    assert 1.99 < values.max() <= 2
    values = initializers.TruncatedNormal(seed=1)(LARGE)
    assert 0.099 < np.abs(values).max() <= 0.1
    # inside the limits the density is that of a normal number: 68.27 % of 95.45 % lie within one deviation
    np.testing.assert_allclose((np.abs(values) < 0.05).mean(), 0.6827 / 0.9545, atol=0.007)


@pytest.mark.parametrize(
    ("shape", "fans"),
    [
        ((), (1, 1)),
        ((5,), (5, 5)),
        ((3, 4), (3, 4)),
        ((5, 3, 4), (15, 20)),
        ((2, 5, 3, 4), (30, 40)),
        ((2, 2, 5, 3, 4), (60, 80)),
        ((0, 4), (0, 4)),
    ],
)
def test_fans_of_kernels(shape, fans):
    assert initializers.compute_fans(shape) == fans


def test_fans_of_named_axes():
    assert initializers.compute_fans((2, 3, 4, 5), [0, 1], [-1]) == (6, 5)
    assert initializers.compute_fans((2, 3, 4), [0], None) == (6, 8)
    assert initializers.compute_fans((2, 3, 4), None, [0]) == (6, 8)


@pytest.mark.parametrize("distribution", ["uniform", "truncated_normal", "untruncated_normal"])
@pytest.mark.parametrize(("mode", "n"), [("fan_in", 300), ("fan_out", 400), ("fan_avg", 350)])
def test_variance_scaling_has_the_variance_scale_by_n(distribution, mode, n):
    values = initializers.VarianceScaling(2.0, mode, distribution, seed=1)(LARGE)
    sigma = math.sqrt(2 / n)
    assert_spread(values, 0.0, sigma)
    largest = {"uniform": math.sqrt(3) * sigma, "truncated_normal": 2 * sigma / 0.87962566}.get(distribution)
    if largest:
        assert 0.99 * largest < np.abs(values).max() <= largest * (1 + 1e-6)
    else:
        assert np.abs(values).max() > 3.5 * sigma


@pytest.mark.parametrize(
    ("name", "variance", "is_uniform"),
    [
        ("GlorotUniform", 2 / 700, True),
        ("GlorotNormal", 2 / 700, False),
        ("HeUniform", 2 / 300, True),
        ("HeNormal", 2 / 300, False),
        ("LecunUniform", 1 / 300, True),
        ("LecunNormal", 1 / 300, False),
        ("VarianceScaling", 1 / 300, False),
    ],
)
def test_named_scalings(name, variance, is_uniform):
    values = make(name, seed=1)(LARGE)
    sigma = math.sqrt(variance)
    assert_spread(values, 0.0, sigma)
    largest = (math.sqrt(3) if is_uniform else 2 / 0.87962566) * sigma
    assert 0.99 * largest < np.abs(values).max() <= largest * (1 + 1e-6)


def test_named_axes_change_the_scale():
    values = initializers.HeUniform(seed=1, input_axes=[1], output_axes=[0])(LARGE)
    assert 0.99 < np.abs(values).max() / math.sqrt(6 / 400) <= 1 + 1e-6
    assert_spread(
        initializers.VarianceScaling(seed=1, input_axes=[0, 1], output_axes=[0])(LARGE), 0, LARGE[0] ** -0.5 / 20
    )


def test_no_inputs_count_as_one():
    assert np.abs(initializers.LecunUniform(seed=1)((0, 0, 4)).sum()) == 0
    assert np.abs(initializers.VarianceScaling(1.0, "fan_avg", "uniform", seed=1)((1, 0)).size) == 0
    assert initializers.compute_fans((1, 0)) == (1, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scale": 0}, "scale to be positive, got 0"),
        ({"scale": -1.0}, "scale to be positive"),
        ({"mode": "fan"}, "mode to be one of"),
        ({"distribution": "cauchy"}, "distribution to be one of"),
    ],
)
def test_arguments_of_variance_scaling(arguments, message):
    with pytest.raises(ValueError, match=f"VarianceScaling expected {message}"):
        initializers.VarianceScaling(**arguments)


def test_normal_means_truncated_normal_in_any_case():
    assert initializers.VarianceScaling(distribution="normal").distribution == "truncated_normal"
    assert initializers.VarianceScaling(distribution="Uniform").distribution == "uniform"


# -- rotations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(4, 4), (6, 3), (3, 6), (2, 3, 4), (2, 2, 8)])
def test_a_rotation_keeps_lengths(shape):
    q = initializers.Orthogonal(gain=2.0, seed=1)(shape, "float64").reshape(-1, shape[-1])
    smaller = q.T @ q if q.shape[0] >= q.shape[1] else q @ q.T
    np.testing.assert_allclose(smaller, 4 * np.eye(len(smaller)), atol=1e-14)


def test_rotations_have_no_preferred_direction():
    corners = np.array([initializers.Orthogonal(seed=seed)((2, 2))[0, 0] for seed in range(400)])
    assert abs(corners.mean()) < 5 * math.sqrt(0.5 / 400)
    np.testing.assert_allclose((corners**2).mean(), 0.5, atol=5 * 0.354 / 20)
