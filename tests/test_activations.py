"""Activation objects: found by name, callable with Keras's options, with a derivative, and only one of each."""

import copy
import inspect
import pickle

import numpy as np
import pytest

from kerasedu import activations, ops
from kerasedu.activations import ActivationFunction
from kerasedu.configurable import custom_object_scope, serialize

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
X = np.array([[-2.0, -0.5, 0.25, 3.0]])


@pytest.mark.parametrize("name", NAMES)
def test_each_is_found_by_its_name_and_is_itself(name):
    f = activations.get(name)
    assert f is getattr(activations, name)
    assert activations.get(f) is f
    assert copy.deepcopy(f) is f
    assert pickle.loads(pickle.dumps(f)) is f
    assert activations.get(serialize(f)) is f


@pytest.mark.parametrize("name", NAMES)
def test_each_is_the_function_of_ops_with_its_derivative(name):
    f, options = activations.get(name), {"approximate": False} if name == "gelu" else {}
    y = f(X)
    np.testing.assert_array_equal(y, getattr(ops, name)(X, **options))
    dy = np.array([[1.0, 2.0, 3.0, 4.0]])
    expected = getattr(ops, f"{name}_backward")(dy, X, y, **options)
    np.testing.assert_array_equal(f.backward(dy, X, y), expected)
    np.testing.assert_allclose(f.backward(dy, X), expected, rtol=1e-14)
    assert f.__doc__ == getattr(ops, name).__doc__


def test_none_is_the_identity():
    assert activations.get(None) is activations.linear
    np.testing.assert_array_equal(activations.linear(X), X)


def test_swish_is_silu():
    assert activations.swish is activations.silu
    assert activations.swish.__name__ == "silu"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("relu", {"negative_slope": 0.1, "max_value": 2.0, "threshold": 0.5}),
        ("leaky_relu", {"negative_slope": 0.3}),
        ("elu", {"alpha": 0.5}),
        ("gelu", {"approximate": True}),
        ("softmax", {"axis": 0}),
        ("log_softmax", {"axis": 0}),
    ],
)
def test_options_are_keras_s_by_name_and_by_place(name, options):
    f = activations.get(name)
    expected = getattr(ops, name)(X, **options)
    np.testing.assert_array_equal(f(X, **options), expected)
    np.testing.assert_array_equal(f(X, *options.values()), expected)
    np.testing.assert_array_equal(f.backward(X, X, **options), getattr(ops, f"{name}_backward")(X, X, **options))
    assert list(inspect.signature(f.function).parameters)[1:] == list(options)


def test_gelu_is_exact_here_and_approximate_in_ops():
    assert not np.array_equal(activations.gelu(X), ops.gelu(X))
    np.testing.assert_array_equal(activations.gelu(X), ops.gelu(X, approximate=False))


def test_integers_and_lists_become_float32():
    assert activations.relu([-1, 2]).dtype == "float32"
    assert activations.relu.backward([1, 1], [-1, 2]).dtype == "float32"


def test_a_plain_function_works_forward_and_says_that_it_has_no_derivative():
    f = activations.get(np.sin)
    np.testing.assert_array_equal(f(X), np.sin(X))
    assert repr(f) == "<activation sin>"
    with pytest.raises(ValueError, match="'sin' is a plain function, so its derivative is not known"):
        f.backward(X, X)


def test_a_function_may_bring_its_derivative():
    cube = ActivationFunction(lambda x, power=3: x**power, lambda dy, x, y, power=3: power * x ** (power - 1) * dy)
    assert activations.get(cube) is cube
    np.testing.assert_array_equal(cube(X), X**3)
    np.testing.assert_array_equal(cube.backward(X, X), 3 * X**3)
    np.testing.assert_array_equal(cube.backward(X, X, power=2), 2 * X**2)
    assert copy.copy(cube) is not cube


def test_a_layer_can_be_an_activation():
    class Doubling:
        def __call__(self, x):
            return 2 * x

        def propagate(self, x):
            return 2 * x, "cache"

        def backpropagate(self, dy, cache):
            assert cache == "cache"
            return 2 * dy, []

    f = activations.get(Doubling())
    np.testing.assert_array_equal(f(X), 2 * X)
    np.testing.assert_array_equal(f.backward(X, X), 2 * X)


def test_a_registered_function_is_found_by_its_name():
    def negate(x):
        return -x

    with custom_object_scope({"negate": negate}):
        np.testing.assert_array_equal(activations.get("negate")(X), -X)


@pytest.mark.parametrize(
    ("identifier", "message"), [("rellu", "Did you mean 'relu'"), (3, "cannot make a activation|an")]
)
def test_what_is_not_known_is_refused(identifier, message):
    with pytest.raises(ValueError, match=message):
        activations.get(identifier)
