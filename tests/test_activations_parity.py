"""Every activation with its options against keras.activations: values, gradients, kinks, extremes."""

import numpy as np
import pytest

from kerasedu import activations, parity
from kerasedu.parity import oracle

pytestmark = pytest.mark.parity

CASES = [
    ("elu", {}),
    ("elu", {"alpha": 0.3}),
    ("exponential", {}),
    ("gelu", {}),
    ("gelu", {"approximate": True}),
    ("hard_sigmoid", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"negative_slope": 0.01}),
    ("linear", {}),
    ("relu", {}),
    ("relu", {"negative_slope": 0.1}),
    ("relu", {"max_value": 6}),
    ("relu", {"max_value": 1.3}),
    ("relu", {"threshold": 0.7}),
    ("relu", {"threshold": 0.7, "negative_slope": 0.1}),
    ("relu", {"threshold": -0.7, "negative_slope": 0.1, "max_value": 1.3}),
    ("relu", {"threshold": 1.0, "negative_slope": 0.5, "max_value": 6}),
    ("relu", {"negative_slope": 0.1, "max_value": 1.3}),
    ("selu", {}),
    ("sigmoid", {}),
    ("silu", {}),
    ("softplus", {}),
    ("softsign", {}),
    ("swish", {}),
    ("tanh", {}),
]
ALONG = [("softmax", {"axis": axis}) for axis in (-1, 0, 1)] + [("log_softmax", {"axis": axis}) for axis in (-1, 0, 1)]
KINKS = np.array([-3.0, -2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 1.3, 2.0, 3.0, 5.0, 6.0, 7.0])
EXTREMES = np.array([1e4, -1e4, 88.0, -88.0, 100.0, -100.0, 1e-30, 20.0, -20.0, np.inf, -np.inf, np.nan])


@pytest.fixture(params=["float32", "float64"])
def dtype(request):
    with oracle.precision(request.param):
        yield request.param


def against_keras(name, options, x):
    """Our y and dL/dx, and Keras's, for a random dL/dy."""
    keras, _ = oracle.load()
    dy = np.random.default_rng(0).uniform(0.5, 1.5, x.shape).astype(x.dtype)
    (y,), (dx,) = oracle.vjp(lambda x: getattr(keras.activations, name)(x, **options), [x], [dy])
    f = activations.get(name)
    with np.errstate(invalid="ignore"):
        return (f(x, **options), f.backward(dy, x, **options)), (y, dx)


@pytest.mark.parametrize(("name", "options"), [*CASES, *ALONG])
@pytest.mark.parametrize("size", [1, 10])
def test_values_and_gradients(name, options, size, dtype):
    x = size * np.random.default_rng(1).standard_normal((5, 6, 2)).astype(dtype)
    report = parity.check(activations.get(name), x, **options)
    assert report.passed, report


@pytest.mark.parametrize(("name", "options"), CASES)
def test_kinks(name, options, dtype):
    (y, dx), (expected_y, expected_dx) = against_keras(name, options, KINKS.astype(dtype))
    tolerance = 40 * np.finfo(dtype).eps
    np.testing.assert_allclose(y, expected_y, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(dx, expected_dx, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_extremes(name, options, dtype):
    (y, dx), (expected_y, expected_dx) = against_keras(name, options, EXTREMES.astype(dtype))
    tolerance = 40 * np.finfo(dtype).eps
    np.testing.assert_allclose(y, expected_y, rtol=tolerance, atol=tolerance)
    defined = ~np.isnan(EXTREMES)  # TensorFlow's slope of ELU at NaN is 1
    np.testing.assert_allclose(dx[defined], expected_dx[defined], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize(
    "row", [[1e4, -1e4, 0.0], [-np.inf, 1.0, 2.0], [np.inf, 1.0, 2.0], [np.nan, 0.0, 1.0], [60.0, 0, 70]]
)
def test_extreme_rows(name, row, dtype):
    (y, dx), (expected_y, expected_dx) = against_keras(name, {}, np.array([row], dtype))
    tolerance = 40 * np.finfo(dtype).eps
    np.testing.assert_allclose(y, expected_y, rtol=tolerance)
    np.testing.assert_allclose(dx, expected_dx, rtol=tolerance, atol=tolerance)


def test_names_that_keras_knows(dtype):
    keras, _ = oracle.load()
    x = np.linspace(-2, 2, 6).reshape(2, 3).astype(dtype)
    for name in {name for name, _ in [*CASES, *ALONG]} | {None}:
        expected = np.asarray(keras.activations.get(name)(x))
        np.testing.assert_allclose(activations.get(name)(x), expected, rtol=1e-5)
