"""Activations against their formulas, their derivatives against differences, and what happens at kinks and extremes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import ops

NAMES = [
    "elu",
    "exponential",
    "gelu",
    "hard_sigmoid",
    "leaky_relu",
    "linear",
    "log_softmax",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]
ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805
X = np.array([[-4.2, -2.5, -0.7], [0.3, 1.4, 5.6]])

numbers = st.floats(-30, 30)
vectors = st.lists(numbers, min_size=1, max_size=6).map(np.array)


def backward(name):
    return getattr(ops, f"{name}_backward")


def logistic(x):
    return 1 / (1 + math.exp(-x))


def slope(f, x, h=1e-6):
    """dL/dx for L = f(x), by central differences."""
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# -- values -----------------------------------------------------------------------------------------------------------

FORMULAS = {
    "linear": lambda x: x,
    "exponential": math.exp,
    "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x,
    "elu": lambda x: x if x > 0 else math.exp(x) - 1,
    "selu": lambda x: SCALE * x if x > 0 else SCALE * ALPHA * (math.exp(x) - 1),
    "gelu": lambda x: x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "sigmoid": logistic,
    "hard_sigmoid": lambda x: min(max(x / 6 + 0.5, 0), 1),
    "tanh": lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)),
    "softplus": lambda x: math.log(1 + math.exp(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "silu": lambda x: x * logistic(x),
    "swish": lambda x: x * logistic(x),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_values_are_those_of_the_formula(name):
    x = np.concatenate([X.ravel(), [0.0, 1.0, -1.0, 12.0, -12.0]])
    expected = [FORMULAS[name](value) for value in x]
    np.testing.assert_allclose(getattr(ops, name)(x), expected, rtol=1e-7, atol=3e-8 if name == "gelu" else 0)


def test_exact_gelu_weights_x_with_the_probability_of_a_smaller_normal_number():
    expected = [x * 0.5 * (1 + math.erf(x / math.sqrt(2))) for x in X.ravel()]
    np.testing.assert_allclose(ops.gelu(X, approximate=False).ravel(), expected, rtol=1e-6)


def test_gelu_has_the_constants_that_tensorflow_rounds_to_float32():
    half, cubic = float(np.float32(math.sqrt(0.5))), float(np.float32(0.044715))
    exact = 0.5 * 1.5 * math.erfc(-1.5 * half)
    approximate = 0.5 * 1.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * (1.5 + cubic * 1.5**3)))
    np.testing.assert_allclose(ops.gelu(1.5, approximate=False), exact, rtol=1e-6)
    np.testing.assert_allclose(ops.gelu(np.float64(1.5), approximate=False), exact, rtol=1e-15)
    np.testing.assert_allclose(ops.gelu(np.float64(1.5)), approximate, rtol=1e-15)


def test_the_slope_of_leaky_relu_is_rounded_to_float32_as_tensorflow_does():
    y, dx = ops.leaky_relu(np.array([-1.0])), ops.leaky_relu_backward(np.ones(1), np.array([-1.0]))
    assert -y == dx == float(np.float32(0.2)) != 0.2


def test_a_slope_beside_other_options_is_not_rounded():
    x = np.array([-1.0])
    assert ops.relu(x, negative_slope=0.2, max_value=5.0) == -0.2
    assert ops.relu_backward(np.ones(1), x, negative_slope=0.2, max_value=5.0) == 0.2
    assert ops.relu_backward(np.ones(1), x, negative_slope=0.2, threshold=3.0) == 0.2


def test_the_limit_and_the_threshold_of_relu_are_rounded_to_float32_as_in_keras():
    x, up = np.array([0.7]), float(np.float32(0.1))
    assert ops.relu(x, max_value=0.1) == up > 0.1
    assert ops.relu_backward(np.ones(1), np.array([up]), max_value=0.1) == 1
    below = float(np.float32(0.7))
    assert below < 0.7
    assert ops.relu(x, threshold=0.7) == 0.7
    assert ops.relu_backward(np.ones(1), x, threshold=0.7) == 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0, 0, 0, 1, 5, 6, 7]),
        ({"negative_slope": 0.5}, [-1.5, -0.5, 0, 1, 5, 6, 7]),
        ({"max_value": 5.5}, [0, 0, 0, 1, 5, 5.5, 5.5]),
        ({"threshold": 1.0}, [0, 0, 0, 0, 5, 6, 7]),
        ({"threshold": 1.0, "negative_slope": 0.5}, [-2, -1, -0.5, 0, 5, 6, 7]),
        ({"threshold": 1.0, "negative_slope": 0.5, "max_value": 6}, [-2, -1, -0.5, 0, 5, 6, 6]),
        ({"threshold": -2.0}, [0, -1, 0, 1, 5, 6, 7]),
        ({"threshold": -2.0, "max_value": 6}, [0, 0, 0, 1, 5, 6, 6]),
        ({"negative_slope": 0.5, "max_value": 6}, [-1.5, -0.5, 0, 1, 5, 6, 6]),
    ],
)
def test_options_of_relu(options, expected):
    np.testing.assert_array_equal(ops.relu([-3.0, -1.0, 0.0, 1.0, 5.0, 6.0, 7.0], **options), expected)


def test_alpha_scales_the_negative_side_of_elu():
    np.testing.assert_allclose(ops.elu([-1.0, 2.0], alpha=3.0), [3 * (math.exp(-1) - 1), 2], rtol=1e-6)


def test_softmax_of_two_numbers_is_the_sigmoid_of_their_difference():
    np.testing.assert_allclose(ops.softmax([1.0, 3.0]), [logistic(-2), logistic(2)], rtol=1e-6)


def test_softmax_by_its_formula_along_each_axis():
    e = np.exp(X)
    for axis in (0, 1, -1, (0, 1), None):
        np.testing.assert_allclose(ops.softmax(X, axis=axis), e / e.sum(axis, keepdims=True), rtol=1e-14)
        np.testing.assert_allclose(ops.log_softmax(X, axis=axis), np.log(e / e.sum(axis, keepdims=True)), rtol=1e-13)
        for keepdims in (False, True):
            expected = np.log(e.sum(axis, keepdims=keepdims))
            np.testing.assert_allclose(ops.logsumexp(X, axis, keepdims), expected, rtol=1e-14)


def test_softmax_is_along_the_last_axis_and_logsumexp_along_all_unless_told():
    stack = np.stack([X, X + 1, 2 * X])
    np.testing.assert_array_equal(ops.softmax(stack)[1], ops.softmax(X + 1))
    np.testing.assert_array_equal(ops.log_softmax(stack)[1], ops.log_softmax(X + 1))
    for name in ("softmax", "log_softmax"):
        np.testing.assert_array_equal(backward(name)(stack, stack)[2], backward(name)(2 * X, 2 * X))
    np.testing.assert_allclose(ops.softmax(X).sum(-1), [1, 1])
    np.testing.assert_allclose(np.exp(ops.log_softmax(X)).sum(-1), [1, 1])
    np.testing.assert_allclose(ops.logsumexp(X), math.log(np.exp(X).sum()))
    assert ops.logsumexp(X).shape == ()


# -- derivatives ------------------------------------------------------------------------------------------------------

OPTIONS = [
    *((name, {}) for name in NAMES),
    ("gelu", {"approximate": False}),
    ("elu", {"alpha": 0.3}),
    ("leaky_relu", {"negative_slope": 0.5}),
    ("relu", {"negative_slope": 0.5}),
    ("relu", {"max_value": 1.0}),
    ("relu", {"threshold": 1.0}),
    ("relu", {"threshold": -1.0, "negative_slope": 0.25, "max_value": 2.0}),
    ("softmax", {"axis": 0}),
    ("softmax", {"axis": None}),
    ("log_softmax", {"axis": 0}),
    ("log_softmax", {"axis": (0, 1)}),
]


@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_derivatives_are_the_slopes(name, options):
    f = getattr(ops, name)
    dy = np.random.default_rng(0).standard_normal(X.shape)
    expected = slope(lambda x: (dy * f(x, **options)).sum(), X)
    np.testing.assert_allclose(backward(name)(dy, X, **options), expected, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(backward(name)(dy, X, f(X, **options), **options), expected, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_the_derivative_of_logsumexp_is_its_slope(axis, keepdims):
    dy = np.random.default_rng(0).standard_normal(ops.logsumexp(X, axis, keepdims).shape)
    expected = slope(lambda x: (dy * ops.logsumexp(x, axis, keepdims)).sum(), X)
    np.testing.assert_allclose(ops.logsumexp_backward(dy, X, axis, keepdims), expected, atol=1e-8)


def test_logsumexp_backward_is_over_all_axes_unless_told():
    np.testing.assert_allclose(ops.logsumexp_backward(2.0, X), 2 * ops.softmax(X, axis=None))


@pytest.mark.parametrize(
    ("name", "options", "x", "expected"),
    [
        ("relu", {}, 0.0, 0),
        ("relu", {"negative_slope": 0.5}, 0.0, 0.5),
        ("leaky_relu", {"negative_slope": 0.5}, 0.0, 0.5),
        ("relu", {"max_value": 5}, 0.0, 0),
        ("relu", {"max_value": 5}, 5.0, 1),
        ("relu", {"max_value": 6}, 6.0, 0),
        ("relu", {"max_value": 6, "threshold": 1.0}, 6.0, 1),
        ("relu", {"max_value": 5, "negative_slope": 0.5}, 0.0, 0),
        ("relu", {"threshold": 1.0}, 1.0, 0),
        ("relu", {"threshold": 1.0, "negative_slope": 0.5}, 1.0, 0),
        ("relu", {"threshold": -2.0, "max_value": 6}, 0.0, 1),
        ("relu", {"threshold": -2.0, "max_value": 6}, -1.0, 0),
        ("elu", {}, 0.0, 1),
        ("elu", {"alpha": 0.5}, 0.0, 0.5),
        ("selu", {}, 0.0, SCALE),
        ("hard_sigmoid", {}, 3.0, 0),
        ("hard_sigmoid", {}, -3.0, 0),
        ("softsign", {}, 0.0, 1),
    ],
)
def test_at_a_kink_the_slope_is_the_one_that_tensorflow_takes(name, options, x, expected):
    assert backward(name)(np.array([2.0]), np.array([x]), **options) == 2 * expected


def test_the_jacobian_of_softmax_is_symmetric_and_its_rows_add_up_to_0():
    x = X[0]
    jacobian = np.array([ops.softmax_backward(row, x) for row in np.eye(3)])
    y = ops.softmax(x)
    np.testing.assert_allclose(jacobian, np.diag(y) - np.outer(y, y), atol=1e-15)
    np.testing.assert_allclose(jacobian.sum(1), 0, atol=1e-15)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softmax", "log_softmax", "exponential"])
def test_an_output_at_hand_is_used_instead_of_the_input(name):
    y = getattr(ops, name)(X)
    np.testing.assert_array_equal(backward(name)(np.ones_like(X), None, y), backward(name)(np.ones_like(X), X))


# -- laws -------------------------------------------------------------------------------------------------------------


@given(numbers)
def test_sigmoid_is_symmetric(x):
    np.testing.assert_allclose(ops.sigmoid(np.float64(x)) + ops.sigmoid(np.float64(-x)), 1, rtol=1e-15)


@given(numbers)
def test_softplus_of_x_less_softplus_of_minus_x_is_x(x):
    np.testing.assert_allclose(ops.softplus(np.float64(x)) - ops.softplus(np.float64(-x)), x, atol=1e-14)


@given(vectors, numbers)
def test_softmax_ignores_a_shift(x, shift):
    np.testing.assert_allclose(ops.softmax(x + shift), ops.softmax(x), rtol=1e-12)


@given(vectors, numbers)
def test_logsumexp_follows_a_shift(x, shift):
    np.testing.assert_allclose(ops.logsumexp(x + shift), ops.logsumexp(x) + shift, atol=1e-12)


@given(vectors)
def test_softmax_is_the_gradient_of_logsumexp(x):
    np.testing.assert_allclose(ops.logsumexp_backward(1.0, x), ops.softmax(x), rtol=1e-13)


@given(vectors)
def test_softmax_is_a_distribution_in_the_order_of_the_inputs(x):
    y = ops.softmax(x)
    np.testing.assert_allclose(y.sum(), 1, rtol=1e-14)
    assert (y >= 0).all()
    assert (np.diff(y[np.argsort(x)]) >= 0).all()


# -- extremes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_overflows(name, dtype):
    x = np.array([[1e4, -1e4, 0.0], [90.0, -90.0, 1e-30]], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y = getattr(ops, name)(x)
        dx = backward(name)(np.ones_like(x), x, y)
    if name != "exponential":
        assert np.isfinite(y).all()
        assert np.isfinite(dx).all()


def test_limits():
    inf = np.array([np.inf, -np.inf])
    np.testing.assert_array_equal(ops.sigmoid(inf), [1, 0])
    np.testing.assert_array_equal(ops.tanh(inf), [1, -1])
    np.testing.assert_array_equal(ops.hard_sigmoid(inf), [1, 0])
    np.testing.assert_array_equal(ops.softplus(inf), [np.inf, 0])
    np.testing.assert_array_equal(ops.relu(inf), [np.inf, 0])
    np.testing.assert_array_equal(ops.elu(inf), [np.inf, -1])
    np.testing.assert_allclose(ops.selu(inf), [np.inf, -SCALE * ALPHA])
    np.testing.assert_array_equal(ops.exponential(inf), [np.inf, 0])
    np.testing.assert_array_equal(ops.exponential(np.array([1e4])), [np.inf])


@pytest.mark.parametrize("name", NAMES)
def test_nan_stays_nan(name):
    assert np.isnan(getattr(ops, name)(np.array([np.nan]))).all()


def test_an_impossible_class_has_probability_0():
    x = np.array([-np.inf, 1.0, 1.0])
    np.testing.assert_array_equal(ops.softmax(x), [0, 0.5, 0.5])
    np.testing.assert_allclose(ops.log_softmax(x), [-np.inf, -math.log(2), -math.log(2)])
    np.testing.assert_allclose(ops.logsumexp(x), 1 + math.log(2))


def test_logsumexp_of_infinities():
    with np.errstate(all="raise"):
        assert ops.logsumexp([-np.inf, -np.inf]) == -np.inf
        assert ops.logsumexp([np.inf, 1.0]) == np.inf


def test_small_probabilities_keep_their_digits():
    np.testing.assert_allclose(ops.sigmoid(np.float64(-40.0)), math.exp(-40), rtol=1e-14)
    np.testing.assert_allclose(ops.softplus(np.float64(-40.0)), math.exp(-40), rtol=1e-14)
    np.testing.assert_allclose(ops.log_softmax(np.array([0.0, 800.0])), [-800, 0])
    np.testing.assert_allclose(ops.gelu(np.float64(-9.0), approximate=False), -9 * 1.1286e-19, rtol=1e-4)


# -- arrays of any kind -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("given_type", "expected"), [("float32", "float32"), ("float64", "float64"), ("int64", "float32")]
)
def test_types_are_kept_and_integers_become_float32(name, given_type, expected):
    x = np.array([[-2, 0, 3]], given_type)
    y = getattr(ops, name)(x)
    assert y.dtype == expected
    assert backward(name)(np.ones(x.shape), x).dtype == expected
    assert backward(name)(np.ones(x.shape, "float32"), x, y).dtype == expected


@pytest.mark.parametrize("options", [{"negative_slope": 0.5}, {"max_value": 2.0}, {"threshold": 0.5}])
def test_options_of_relu_keep_float32(options):
    x = np.ones(3, "float32")
    assert ops.relu(x, **options).dtype == ops.relu_backward(np.ones(3), x, **options).dtype == "float32"


@pytest.mark.parametrize("keepdims", [False, True])
def test_logsumexp_keeps_the_type(keepdims):
    x = np.ones((2, 3), "float32")
    y = ops.logsumexp(x, -1, keepdims)
    assert y.dtype == ops.logsumexp_backward(np.ones(y.shape), x, -1, keepdims).dtype == "float32"


@pytest.mark.parametrize("name", [*NAMES, "logsumexp"])
def test_read_only_strided_and_empty_arrays_work_and_stay_as_they_are(name):
    f, options = getattr(ops, name), {"axis": -1} if "softmax" in name or name == "logsumexp" else {}
    x = np.random.default_rng(0).standard_normal((4, 6))
    strided = x[::2, ::-2]
    strided.flags.writeable = False
    kept = strided.copy()
    y = f(strided, **options)
    np.testing.assert_array_equal(y, f(kept, **options))
    backward(name)(np.ones_like(y), strided, **options)
    np.testing.assert_array_equal(strided, kept)
    empty = f(x[:0], **options)
    assert empty.shape == y[:0].shape[:1] + y.shape[1:-1] + ((6,) if y.ndim == 2 else ())
    assert backward(name)(empty, x[:0], **options).shape == (0, 6)


def test_swish_is_another_name_of_silu():
    assert ops.swish is ops.silu
    assert ops.swish_backward is ops.silu_backward
