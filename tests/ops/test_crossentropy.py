"""Cross-entropies by their formulas, their derivatives against differences, clipping, and labels that do not fit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import ops

EPSILON = 1e-7
P = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4]])
Z = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, -2.0]])
ONE_HOT = np.array([[1.0, 0, 0], [0, 0, 1]])
SOFT = np.array([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
log = math.log


def slope(f, dy, x, h=1e-6):
    """dL/dx for L = Σ dy f(x), by central differences."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = np.array(x), np.array(x)
        up[i] += h
        down[i] -= h
        gradient[i] = (dy * (f(up) - f(down))).sum() / (2 * h)
    return gradient


# -- binary -----------------------------------------------------------------------------------------------------------


def test_binary_by_hand():
    y, p = np.array([1.0, 0.0, 0.25]), np.array([0.8, 0.8, 0.5])
    np.testing.assert_allclose(ops.binary_crossentropy(y, p), [-log(0.8), -log(0.2), log(2)], rtol=1e-14)


def test_binary_from_logits_is_that_of_the_sigmoid():
    expected = ops.binary_crossentropy(SOFT, ops.sigmoid(Z))
    np.testing.assert_allclose(ops.binary_crossentropy(SOFT, Z, from_logits=True), expected, rtol=1e-13)


@pytest.mark.parametrize(("output", "from_logits"), [(P, False), (Z, True)])
def test_derivatives_of_binary_are_slopes(output, from_logits):
    dy = np.array([[1.0, -2, 0.5], [3, 1, 2]])
    d_target, d_output = ops.binary_crossentropy_backward(dy, SOFT, output, from_logits)
    f = ops.binary_crossentropy
    np.testing.assert_allclose(d_target, slope(lambda y: f(y, output, from_logits), dy, SOFT), atol=1e-8)
    np.testing.assert_allclose(d_output, slope(lambda p: f(SOFT, p, from_logits), dy, output), atol=1e-8)


def test_probabilities_are_the_default():
    np.testing.assert_array_equal(ops.binary_crossentropy(SOFT, P), ops.binary_crossentropy(SOFT, P, False))
    for a, b in zip(
        ops.binary_crossentropy_backward(P, SOFT, P), ops.binary_crossentropy_backward(P, SOFT, P, False), strict=True
    ):
        np.testing.assert_array_equal(a, b)


def test_a_probability_of_0_or_1_is_clipped_and_has_no_slope():
    p, y = np.array([0.0, 1.0, -3.0, 4.0]), np.array([1.0, 0.0, 0.0, 1.0])
    expected = [-log(EPSILON), -log(EPSILON), -log(1 - EPSILON), -log(1 - EPSILON)]
    np.testing.assert_allclose(ops.binary_crossentropy(y, p), expected, rtol=1e-8)
    np.testing.assert_array_equal(ops.binary_crossentropy_backward(np.ones(4), y, p)[1], 0)


def test_at_the_limits_themselves_there_is_a_slope():
    p = np.array([EPSILON, 1 - EPSILON])
    _, dp = ops.binary_crossentropy_backward(np.ones(2), np.array([1.0, 0.0]), p)
    np.testing.assert_allclose(dp, [-1e7, 1e7], rtol=1e-6)


@given(st.floats(-1e4, 1e4), st.sampled_from([0.0, 1.0, 0.3]))
def test_logits_never_overflow_and_always_have_a_slope(z, y):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value = ops.binary_crossentropy(np.float64([y]), np.float64([z]), from_logits=True)
        _, dz = ops.binary_crossentropy_backward(np.ones(1), np.float64([y]), np.float64([z]), True)
    assert value >= 0
    np.testing.assert_allclose(dz, ops.sigmoid(np.float64([z])) - y, atol=1e-15)


# -- categorical ------------------------------------------------------------------------------------------------------


def test_categorical_by_hand():
    np.testing.assert_allclose(ops.categorical_crossentropy(ONE_HOT, P), [-log(0.7), -log(0.4)], rtol=1e-14)
    expected = -(0.6 * log(0.7) + 0.3 * log(0.2) + 0.1 * log(0.1))
    np.testing.assert_allclose(ops.categorical_crossentropy(SOFT, P)[0], expected, rtol=1e-14)


def test_predictions_are_divided_by_their_sum_first():
    np.testing.assert_allclose(
        ops.categorical_crossentropy(SOFT, 5 * P), ops.categorical_crossentropy(SOFT, P), rtol=1e-14
    )


def test_categorical_from_logits_is_that_of_softmax():
    expected = ops.categorical_crossentropy(SOFT, ops.softmax(Z))
    np.testing.assert_allclose(ops.categorical_crossentropy(SOFT, Z, from_logits=True), expected, rtol=1e-13)


@pytest.mark.parametrize("axis", [-1, 0, 1])
@pytest.mark.parametrize("from_logits", [False, True])
def test_derivatives_of_categorical_are_slopes(axis, from_logits):
    y = SOFT / SOFT.sum(axis, keepdims=True)
    output = Z if from_logits else 3 * P
    f = ops.categorical_crossentropy
    dy = np.arange(1.0, 1 + f(y, output, from_logits, axis).size)
    d_target, d_output = ops.categorical_crossentropy_backward(dy, y, output, from_logits, axis)
    np.testing.assert_allclose(d_target, slope(lambda y: f(y, output, from_logits, axis), dy, y), atol=1e-8)
    np.testing.assert_allclose(d_output, slope(lambda p: f(y, p, from_logits, axis), dy, output), atol=1e-8)


def test_the_last_axis_and_probabilities_are_the_defaults():
    dy = np.array([1.0, 2.0])
    np.testing.assert_array_equal(
        ops.categorical_crossentropy(SOFT, P), ops.categorical_crossentropy(SOFT, P, False, -1)
    )
    np.testing.assert_array_equal(
        ops.categorical_crossentropy_backward(dy, SOFT, P),
        ops.categorical_crossentropy_backward(dy, SOFT, P, False, -1),
    )


def test_the_slope_at_the_logits_takes_for_granted_that_labels_add_up_to_1():
    y = np.array([[2.0, 1.0, 0.0]])
    _, dz = ops.categorical_crossentropy_backward(np.ones(1), y, Z[:1], from_logits=True)
    np.testing.assert_allclose(dz, ops.softmax(Z[:1]) - y)


def test_an_impossible_class_costs_16_and_has_no_slope():
    p = np.array([[0.0, 1.0, 0.0]])
    np.testing.assert_allclose(ops.categorical_crossentropy(ONE_HOT[:1], p), -log(EPSILON), rtol=1e-12)
    np.testing.assert_allclose(ops.categorical_crossentropy(p, p), -log(1 - EPSILON), rtol=1e-8)
    np.testing.assert_array_equal(ops.categorical_crossentropy_backward(np.ones(1), ONE_HOT[:1], p)[1], 0)
    np.testing.assert_array_equal(ops.categorical_crossentropy_backward(np.ones(1), p, p)[1], 0)


# -- sparse -----------------------------------------------------------------------------------------------------------


def test_sparse_is_categorical_with_one_hot_labels():
    np.testing.assert_allclose(ops.sparse_categorical_crossentropy([0, 2], P), [-log(0.7), -log(0.4)], rtol=1e-14)
    expected = ops.categorical_crossentropy(ONE_HOT, Z, from_logits=True)
    np.testing.assert_allclose(ops.sparse_categorical_crossentropy([0, 2], Z, from_logits=True), expected, rtol=1e-14)


@pytest.mark.parametrize("from_logits", [False, True])
def test_derivative_of_sparse_is_the_slope(from_logits):
    output, dy = Z if from_logits else P * 0.9, np.array([1.0, -2.0])
    f = ops.sparse_categorical_crossentropy
    expected = slope(lambda p: f([0, 2], p, from_logits), dy, output)
    np.testing.assert_allclose(
        ops.sparse_categorical_crossentropy_backward(dy, [0, 2], output, from_logits), expected, atol=1e-8
    )


def test_sparse_takes_probabilities_unless_told():
    np.testing.assert_array_equal(
        ops.sparse_categorical_crossentropy_backward(np.ones(2), [0, 2], P),
        ops.sparse_categorical_crossentropy_backward(np.ones(2), [0, 2], P, False, -1),
    )


def test_sparse_clips_before_it_divides_by_the_sum():
    p = np.array([[0.0, 1.0, 0.0]])
    clipped = np.array([EPSILON, 1 - EPSILON, EPSILON])
    np.testing.assert_allclose(
        ops.sparse_categorical_crossentropy([0], p), -np.log(clipped[0] / clipped.sum()), rtol=1e-12
    )
    np.testing.assert_array_equal(ops.sparse_categorical_crossentropy_backward(np.ones(1), [0], p), 0)
    np.testing.assert_allclose(ops.sparse_categorical_crossentropy([0], 2 * P[:1] / 3), -log(0.7), rtol=1e-12)


def test_labels_may_have_a_last_axis_of_length_1_and_more_axes():
    expected = ops.sparse_categorical_crossentropy([0, 2], P)
    np.testing.assert_array_equal(ops.sparse_categorical_crossentropy([[0], [2]], P), expected)
    np.testing.assert_array_equal(ops.sparse_categorical_crossentropy([[0, 2]], P[None]), expected[None])
    np.testing.assert_array_equal(ops.sparse_categorical_crossentropy(2, P[1]), expected[1])
    np.testing.assert_array_equal(ops.sparse_categorical_crossentropy([0, 2], P, axis=1), expected)
    np.testing.assert_array_equal(ops.sparse_categorical_crossentropy([0.0, 2.0], P), expected)
    gradient = ops.sparse_categorical_crossentropy_backward(np.ones(2), [[0], [2]], P)
    np.testing.assert_array_equal(gradient, ops.sparse_categorical_crossentropy_backward(np.ones(2), [0, 2], P))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 3], "whole numbers from 0 to 2, one for each of 3 classes, got labels from 0 to 3. Do they start at 1"),
        ([-1, 0], "got labels from -1 to 0"),
        ([0.5, 0], "whole numbers"),
        ([np.nan, 0], "whole numbers"),
        ([np.inf, 0], "whole numbers"),
        (ONE_HOT, "categorical_crossentropy, or the numbers y.argmax"),
        (
            [0, 1, 2],
            r"^sparse_categorical_crossentropy expected class numbers of shape \(2,\) for .* \(2, 3\), got \(3,\)",
        ),
        ([[0, 1], [1, 2]], "Do the predictions end in an axis of classes?"),
    ],
)
def test_labels_that_are_no_class_numbers_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        ops.sparse_categorical_crossentropy(labels, P)
    with pytest.raises(ValueError, match=message):
        ops.sparse_categorical_crossentropy_backward(np.ones(2), labels, P)


@pytest.mark.parametrize(("axis", "output"), [(0, P), (2, P), (-2, P), (-1, np.float64(0.5))])
def test_classes_are_on_the_last_axis(axis, output):
    with pytest.raises(ValueError, match=f"last axis, got axis={axis}"):
        ops.sparse_categorical_crossentropy([0, 1], output, axis=axis)


@pytest.mark.parametrize("from_logits", [False, True])
def test_classes_are_on_the_last_of_any_number_of_axes(from_logits):
    output = np.stack([Z, Z + 1, 2 * Z, -Z])[..., None, :] if from_logits else np.stack([P, P, SOFT, P])[..., None, :]
    y, k, dy = np.stack([SOFT] * 4)[..., None, :], np.array([[[0], [2]]] * 4), np.ones((4, 2, 1))
    for place in range(4):
        flat = output[place, :, 0]
        np.testing.assert_array_equal(
            ops.categorical_crossentropy(y, output, from_logits)[place, :, 0],
            ops.categorical_crossentropy(SOFT, flat, from_logits),
        )
        np.testing.assert_array_equal(
            ops.categorical_crossentropy_backward(dy, y, output, from_logits)[1][place, :, 0],
            ops.categorical_crossentropy_backward(np.ones(2), SOFT, flat, from_logits)[1],
        )
        np.testing.assert_array_equal(
            ops.sparse_categorical_crossentropy(k, output, from_logits)[place, :, 0],
            ops.sparse_categorical_crossentropy([0, 2], flat, from_logits),
        )
        np.testing.assert_array_equal(
            ops.sparse_categorical_crossentropy_backward(dy, k, output, from_logits)[place, :, 0],
            ops.sparse_categorical_crossentropy_backward(np.ones(2), [0, 2], flat, from_logits),
        )


# -- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "hint"),
    [(ops.binary_crossentropy, r"y\[:, None\]"), (ops.categorical_crossentropy, "sparse_categorical_crossentropy")],
)
def test_labels_have_the_shape_of_predictions(f, hint):
    with pytest.raises(ValueError, match=rf"^{f.__name__} expected .*\(2, 3\), got \(2,\).*{hint}"):
        f([0, 1], P)


def test_a_number_has_no_classes_but_can_be_a_probability():
    with pytest.raises(ValueError, match=r"^categorical_crossentropy expected an axis of classes"):
        ops.categorical_crossentropy(1.0, 1.0)
    assert ops.binary_crossentropy(1.0, np.float64(0.5)) == log(2)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("from_logits", [False, True])
def test_results_have_the_type_of_predictions(dtype, from_logits):
    p, dy = P.astype(dtype), np.ones(2, dtype)
    assert ops.binary_crossentropy([[1, 0, 0]] * 2, p, from_logits).dtype == dtype
    assert ops.categorical_crossentropy([[1, 0, 0]] * 2, p, from_logits).dtype == dtype
    assert ops.sparse_categorical_crossentropy([0, 1], p, from_logits).dtype == dtype
    gradients = [
        *ops.binary_crossentropy_backward(dy[:, None], SOFT, p, from_logits),
        *ops.categorical_crossentropy_backward(dy, SOFT, p, from_logits),
        ops.sparse_categorical_crossentropy_backward(dy, [0, 1], p, from_logits),
    ]
    assert {g.dtype for g in gradients} == {np.dtype(dtype)}


def test_empty_batches():
    none = np.ones((0, 3))
    assert ops.binary_crossentropy(none, none).shape == (0, 3)
    assert ops.categorical_crossentropy(none, none).shape == (0,)
    assert ops.sparse_categorical_crossentropy(np.ones(0, int), none).shape == (0,)
    assert ops.sparse_categorical_crossentropy_backward(np.ones(0), np.ones(0, int), none).shape == (0, 3)


def test_nothing_is_changed():
    y, p = ONE_HOT.copy(), P.copy()
    for array in (y, p):
        array.flags.writeable = False
    for from_logits in (False, True):
        ops.binary_crossentropy_backward(np.ones((2, 3)), y, p, from_logits)
        ops.categorical_crossentropy_backward(np.ones(2), y, p, from_logits)
        ops.sparse_categorical_crossentropy_backward(np.ones(2), [0, 1], p, from_logits)
    np.testing.assert_array_equal(p, P)
