"""One comparison: what counts as equal, where the largest difference is, and what may have caused it."""

import numpy as np
import pytest

from kerasedu.parity.compare import compare

Y = np.random.default_rng(3).standard_normal((3, 4, 6))


def test_equal_arrays_are_equal():
    row = compare("y", Y.copy(), Y)
    assert row.passed
    assert (row.error, row.relative, row.verdict, row.dtype, row.shape) == (0.0, 0.0, "equal", "float64", (3, 4, 6))


def test_the_largest_difference_is_found():
    got = Y.copy()
    got[1, 2, 3] += 0.5
    row = compare("y", got, Y)
    assert not row.passed
    assert row.where == (1, 2, 3)
    assert row.error == pytest.approx(0.5)
    assert row.relative == pytest.approx(0.5 / np.abs(Y).max())
    assert (row.got, row.expected) == (got[1, 2, 3], Y[1, 2, 3])
    assert row.cause == "1 of 72 numbers differ"


def test_the_limit_itself_passes():
    y = np.array([0.0, 0.7])
    limit = compare("y", y, y).tolerance
    for error, cause in ((1.0, ""), (1.01, "just beyond the tolerance")):
        row = compare("y", y + np.array([error * limit, 0]), y)
        assert row.passed == (error == 1)
        assert row.ratio == pytest.approx(error)
        assert row.cause == cause


@pytest.mark.parametrize(
    ("got", "expected", "equal"),
    [
        ([np.nan, 1.0], [np.nan, 1.0], True),
        ([np.inf, -np.inf], [np.inf, -np.inf], True),
        ([np.nan, 1.0], [0.0, 1.0], False),
        ([0.0, 1.0], [np.nan, 1.0], False),
        ([np.inf, 1.0], [-np.inf, 1.0], False),
        ([1e300, 1.0], [np.inf, 1.0], False),
    ],
)
def test_what_is_not_finite_must_be_the_same(got, expected, equal):
    assert compare("y", np.array(got), np.array(expected)).passed == equal


def test_nothing_equals_nothing():
    assert compare("y", np.zeros((0, 3)), np.zeros((0, 3))).passed


def test_shapes_and_types_must_agree():
    row = compare("y", Y[:2], Y)
    assert not row.passed
    assert row.cause == "shape (2, 4, 6), Keras has (3, 4, 6)"
    row = compare("y", Y.astype("float32"), Y)
    assert not row.passed
    assert row.cause == "dtype float32, Keras has float64"


def test_integers_and_booleans_are_compared_exactly():
    assert compare("n", np.arange(3, dtype="int64"), np.arange(3, dtype="int32")).passed
    assert not compare("n", np.array([1, 2]), np.array([1, 3])).passed
    assert not compare("mask", np.array([True, False]), np.array([True, True])).passed


def test_noise_is_called_rounding():
    noise = np.array([1e-9, -2e-9], "float32")
    row = compare("dL/dbias", np.zeros(2, "float32"), noise, delta=4e-9)
    assert row.passed
    assert row.verdict == "rounding"


@pytest.mark.parametrize(
    ("mistake", "cause"),
    [
        (lambda y: y * 1.001, "off by the factor 1.001"),
        (lambda y: y / 8, "off by the factor 0.125"),
        (lambda y: -y, "opposite sign"),
        (lambda y: y * 0, "all zero"),
        (lambda y: y + 0.25, "off by the constant 0.25"),
        (lambda y: y[:, ::-1], "axis 1 in reverse order"),
        (lambda y: np.roll(y, 1, axis=0), "shifted by 1 along axis 0"),
        (lambda y: np.roll(y, -1, axis=2), "shifted by -1 along axis 2"),
        (lambda y: y * np.where(y > 1, np.nan, 1), "NaN where Keras has numbers"),
        (lambda y: y[:, :, [2, 3, 0, 1, 4, 5]], "first and second third of the last axis swapped"),
        (lambda y: y + np.random.default_rng(0).standard_normal(y.shape), ""),
    ],
)
def test_usual_mistakes_are_recognised(mistake, cause):
    for dtype in ("float32", "float64"):
        y = Y.astype(dtype)
        row = compare("y", mistake(y).astype(dtype), y)
        assert not row.passed
        assert row.cause == cause


def test_transposition_and_swapped_gates_are_recognised():
    square = Y[0, :, :4]
    assert compare("y", square.T, square).cause == "last two axes transposed"
    gates = Y.reshape(9, 8)
    swapped = gates[:, [0, 1, 4, 5, 2, 3, 6, 7]]
    assert compare("y", swapped, gates).cause == "second and third quarter of the last axis swapped"


@pytest.mark.parametrize(
    ("mistake", "cause"),
    [
        (lambda y: y.sum(axis=0), "not summed over axis 0"),
        (lambda y: y.sum(axis=(0, 2)), "not summed over axes 0, 2"),
        (lambda y: y.mean(axis=1), "not averaged over axis 1"),
        (lambda y: y.swapaxes(1, 2), "transposed"),
        (lambda y: y.reshape(-1), "the same numbers in another shape"),
        (lambda y: y[:1], ""),
    ],
)
def test_usual_mistakes_of_shape_are_recognised(mistake, cause):
    y = np.random.default_rng(8).standard_normal((3, 4, 5))
    row = compare("y", y, mistake(y))
    assert not row.passed
    assert row.cause == f"shape (3, 4, 5), Keras has {mistake(y).shape}" + (f": {cause}" if cause else "")


def test_summing_too_much_is_recognised():
    y = np.random.default_rng(9).standard_normal((3, 4))
    assert compare("y", y.sum(axis=0), y).cause.endswith("summed over axis 0, which Keras keeps")
