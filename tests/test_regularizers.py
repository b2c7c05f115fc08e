"""Penalties and their derivatives."""

import numpy as np
import pytest

from kerasedu import regularizers
from kerasedu.regularizers import L1, L1L2, L2

HUNDREDTH = float(np.float32(0.01))  # Keras rounds factors to float32, for float64 weights too
W = np.array([[1.0, -2.0], [0.0, 3.0]])


@pytest.mark.parametrize(
    ("regularizer", "penalty", "gradient"),
    [
        (L1(0.5), 3.0, [[0.5, -0.5], [0, 0.5]]),
        (L2(0.5), 7.0, [[1, -2], [0, 3]]),
        (L1L2(0.5, 0.25), 6.5, [[1, -1.5], [0, 2]]),
        (L1(), 6 * HUNDREDTH, HUNDREDTH * np.sign(W)),
        (L2(), 14 * HUNDREDTH, 2 * HUNDREDTH * W),
        (L1L2(), 0.0, np.zeros((2, 2))),
        (L1L2(l2=1.0), 14.0, 2 * W),
        (L1L2(l1=1.0), 6.0, np.sign(W)),
    ],
)
def test_penalty_and_derivative(regularizer, penalty, gradient):
    np.testing.assert_allclose(regularizer(W), penalty, rtol=1e-15)
    np.testing.assert_allclose(regularizer.backward(W), gradient, rtol=1e-15)


def test_none_stands_for_the_default():
    assert L1(None).l1 == L2(None).l2 == 0.01
    assert L1L2(None, None).get_config() == {"l1": 0.0, "l2": 0.0}


@pytest.mark.parametrize("regularizer", [L1(0.3), L2(0.3), L1L2(0.3, 0.3)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_type_is_that_of_the_weights(regularizer, dtype):
    assert regularizer(W.astype(dtype)).dtype == dtype
    assert regularizer.backward(W.astype(dtype)).dtype == dtype
    assert regularizer.backward([1, 2]).dtype == "float32"


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf"), "0.1", True])
@pytest.mark.parametrize(("cls", "name"), [(L1, "l1"), (L2, "l2"), (L1L2, "l1"), (L1L2, "l2")])
def test_factors_are_numbers_from_0_up(cls, name, value):
    with pytest.raises(ValueError, match=f"{cls.__name__} expected {name} to be a number from 0 up"):
        cls(**{name: value})


def test_factors_become_python_floats():
    assert type(L2(np.float32(0.5)).l2) is type(L1(1).l1) is float


@pytest.mark.parametrize(
    ("identifier", "cls"),
    [("l1", L1), ("L1", L1), ("l2", L2), ("L2", L2), ("l1_l2", L1L2), ("l1l2", L1L2), ("L1L2", L1L2), (L2, L2)],
)
def test_each_is_found(identifier, cls):
    assert type(regularizers.get(identifier)) is cls


def test_none_objects_functions_and_configurations():
    regularizer = L1L2(0.1, 0.2)
    assert regularizers.get(None) is None
    assert regularizers.get(regularizer) is regularizer
    assert regularizers.get(np.sum) is np.sum
    again = regularizers.get({"class_name": "L1L2", "config": regularizer.get_config()})
    assert again.get_config() == {"l1": 0.1, "l2": 0.2}
    assert (regularizers.l1, regularizers.l2, regularizers.l1_l2) == (L1, L2, L1L2)
    with pytest.raises(ValueError, match="unknown regularizer 'l3'"):
        regularizers.get("l3")


def test_an_own_regularizer_says_what_it_lacks():
    own = type("Own", (regularizers.Regularizer,), {})()
    with pytest.raises(NotImplementedError, match="Own does not define __call__"):
        own(W)
    with pytest.raises(NotImplementedError, match="Own does not define backward"):
        own.backward(W)
