"""Projections: where weights go, where Keras's epsilon stands, and what is left alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kerasedu import constraints
from kerasedu.constraints import MaxNorm, MinMaxNorm, NonNeg, UnitNorm

EPSILON = 1e-7
W = np.array([[3.0, 0.3, 0.0], [4.0, 0.4, 0.0]])  # columns of length 5, 0.5 and 0
matrices = hnp.arrays("float64", (3, 2), elements=st.floats(-10, 10))


def shrunk(norm, wanted):
    """W's columns scaled from length norm to wanted, as Keras does: by wanted / (ε + norm)."""
    return W * (np.array(wanted) / (EPSILON + np.array(norm)))


NORMS = [5, 0.5, 0]


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (NonNeg(), W),
        (MaxNorm(), shrunk(NORMS, [2, 0.5, 0])),
        (MaxNorm(1), shrunk(NORMS, [1, 0.5, 0])),
        (UnitNorm(), shrunk(NORMS, [1, 1, 1])),
        (MinMaxNorm(), shrunk(NORMS, [1, 0.5, 0])),
        (MinMaxNorm(1.0, 2.0), shrunk(NORMS, [2, 1, 1])),
        (MinMaxNorm(1.0, 2.0, rate=0.25), shrunk(NORMS, [0.25 * 2 + 0.75 * 5, 0.25 * 1 + 0.75 * 0.5, 0.25])),
    ],
)
def test_columns_get_the_length_that_is_allowed(constraint, expected):
    np.testing.assert_allclose(constraint(W), expected, rtol=1e-15)


def test_negative_weights_become_0():
    np.testing.assert_array_equal(NonNeg()([[-1.0, 2.0], [0.0, -3.0]]), [[0, 2], [0, 0]])


def test_epsilon_shrinks_small_weights_that_are_allowed():
    w = np.array([[1e-7]])
    np.testing.assert_allclose(MaxNorm(1.0)(w), [[0.5e-7]])
    np.testing.assert_allclose(UnitNorm()(w), [[0.5]])
    np.testing.assert_allclose(MinMaxNorm(0.0, 1.0)(w), [[0.5e-7]])


@pytest.mark.parametrize(
    "make", [lambda axis: MaxNorm(1.0, axis), UnitNorm, lambda axis: MinMaxNorm(1.0, 1.0, axis=axis)]
)
@pytest.mark.parametrize("axis", [0, 1, [0, 1], (0, 1)])
def test_the_norm_is_over_the_axes_named(make, axis):
    over = tuple(axis) if isinstance(axis, list) else axis
    w = np.array([[3.0, 4.0], [6.0, 8.0]])
    np.testing.assert_allclose(np.sqrt((make(axis)(w) ** 2).sum(over)), 1, rtol=1e-6)


@given(matrices)
def test_what_was_projected_is_allowed(w):
    def norms(w):
        return np.sqrt((w**2).sum(0))

    assert (NonNeg()(w) >= 0).all()
    assert (norms(MaxNorm(1.5)(w)) <= 1.5).all()
    assert (norms(MinMaxNorm(0.5, 1.5)(w)) <= 1.5).all()
    long = norms(w) > 1e-3
    np.testing.assert_allclose(norms(UnitNorm()(w))[long], 1, rtol=1e-3)
    assert (norms(MinMaxNorm(0.5, 1.5)(w))[long] >= 0.499).all()


@pytest.mark.parametrize("constraint", [NonNeg(), MaxNorm(), UnitNorm(), MinMaxNorm(), constraints.Constraint()])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_type_is_kept_and_the_argument_too(constraint, dtype):
    w = W.astype(dtype)
    w.flags.writeable = False
    assert constraint(w).dtype == dtype
    np.testing.assert_array_equal(w, W.astype(dtype))


def test_the_base_allows_everything():
    np.testing.assert_array_equal(constraints.Constraint()(-W), -W)


@pytest.mark.parametrize(
    ("identifier", "cls"),
    [
        ("max_norm", MaxNorm),
        ("MaxNorm", MaxNorm),
        ("min_max_norm", MinMaxNorm),
        ("non_neg", NonNeg),
        ("NonNeg", NonNeg),
        ("unit_norm", UnitNorm),
        (UnitNorm, UnitNorm),
    ],
)
def test_each_is_found(identifier, cls):
    assert type(constraints.get(identifier)) is cls


def test_configurations_and_aliases():
    config = MinMaxNorm(0.5, 2.0, 0.1, [0, 1]).get_config()
    assert config == {"min_value": 0.5, "max_value": 2.0, "rate": 0.1, "axis": [0, 1]}
    assert constraints.get({"class_name": "MinMaxNorm", "config": config}).get_config() == config
    assert constraints.get(None) is None
    aliases = (constraints.max_norm, constraints.min_max_norm, constraints.non_neg, constraints.unit_norm)
    assert aliases == (MaxNorm, MinMaxNorm, NonNeg, UnitNorm)
    with pytest.raises(ValueError, match="unknown constraint"):
        constraints.get("max_nrom")
