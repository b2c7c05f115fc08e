"""Losses for numbers, and hinges: values by hand, derivatives against differences, kinks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import losses

Y = np.array([[1.0, 2.0], [-3.0, 0.5]])
P = np.array([[1.5, 0.0], [-2.0, 0.75]])  # errors 0.5, -2, 1, 0.25
SIGNS = np.array([[1.0, -1.0], [-1.0, 1.0]])


def slope(loss, y_true, y_pred, h=1e-6):
    """dL/dy_pred, by central differences."""
    gradient = np.zeros(y_pred.shape)
    for i in np.ndindex(y_pred.shape):
        up, down = y_pred.copy(), y_pred.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (loss(y_true, up) - loss(y_true, down)) / (2 * h)
    return gradient


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("mean_squared_error", {}, [(0.25 + 4) / 2, (1 + 0.0625) / 2]),
        ("mean_absolute_error", {}, [1.25, 0.625]),
        ("mean_absolute_percentage_error", {}, [100 * (0.5 + 1) / 2, 100 * (1 / 3 + 0.5) / 2]),
        ("huber", {}, [(0.125 + 1.5) / 2, (0.5 + 0.03125) / 2]),
        ("huber", {"delta": 0.5}, [(0.125 + 0.875) / 2, (0.375 + 0.03125) / 2]),
        ("cosine_similarity", {}, [-1 / math.sqrt(5), -6.375 / math.sqrt(9.25 * 4.5625)]),
        ("cosine_similarity", {"axis": 0}, [-7.5 / math.sqrt(10 * 6.25), -0.375 / math.sqrt(4.25 * 0.5625)]),
        ("hinge", {}, [0, 0]),
        ("squared_hinge", {}, [0.125, 0.40625]),
    ],
)
def test_values_by_hand(name, options, expected):
    if name == "hinge":
        np.testing.assert_allclose(losses.hinge(SIGNS, P), [(0 + 1) / 2, (0 + 0.25) / 2])
    elif name == "squared_hinge":
        np.testing.assert_allclose(losses.squared_hinge(SIGNS, P), [(0 + 1) / 2, (0 + 0.0625) / 2])
    else:
        np.testing.assert_allclose(getattr(losses, name)(Y, P, **options), expected, rtol=1e-12)


def test_log_cosh_by_its_formula():
    expected = [[math.log(math.cosh(e)) for e in row] for row in P - Y]
    np.testing.assert_allclose(losses.log_cosh(Y, P), np.mean(expected, -1), atol=3e-9)


def test_log_cosh_has_keras_s_ln_2_of_float32():
    np.testing.assert_allclose(losses.log_cosh(Y, Y), math.log(2) - float(np.log(np.float32(2))), rtol=1e-6)


def test_log_cosh_of_large_errors_does_not_overflow():
    with np.errstate(over="raise", invalid="raise"):
        np.testing.assert_allclose(losses.log_cosh([[0.0, 0.0]], [[1e4, -1e4]]), 1e4 - math.log(2), rtol=1e-6)


ALL = [
    losses.MeanSquaredError(),
    losses.MeanAbsoluteError(),
    losses.MeanAbsolutePercentageError(),
    losses.Huber(),
    losses.Huber(delta=0.3),
    losses.LogCosh(),
    losses.CosineSimilarity(),
    losses.CosineSimilarity(axis=0),
    losses.CosineSimilarity(axis=1),
]


@pytest.mark.parametrize("loss", ALL, ids=repr)
@pytest.mark.parametrize("reduction", ["sum", "sum_over_batch_size"])
def test_derivatives_are_slopes(loss, reduction):
    loss = type(loss)(**{**loss.get_config(), "reduction": reduction})
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.standard_normal((2, 4, 3, 2))
    loss.forward(y_true, y_pred)
    np.testing.assert_allclose(loss.backward(), slope(loss, y_true, y_pred), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("loss", ALL, ids=repr)
def test_the_object_is_the_mean_of_the_function(loss):
    function = getattr(losses, "huber" if loss.name == "huber_loss" else loss.name)
    options = {key: value for key, value in loss.get_config().items() if key in ("delta", "axis")}
    np.testing.assert_allclose(loss(Y, P), function(Y, P, **options).mean())


def test_defaults():
    stack = np.stack([Y, Y, Y])[:, :, None]
    np.testing.assert_array_equal(losses.cosine_similarity(stack, 2 * stack).shape, (3, 2, 1))
    assert losses.Huber().delta == 1.0
    assert losses.CosineSimilarity().axis == -1


@pytest.mark.parametrize("loss", [losses.MeanAbsoluteError(), losses.MeanAbsolutePercentageError()], ids=repr)
def test_no_error_has_no_slope(loss):
    loss.forward(Y, Y)
    np.testing.assert_array_equal(loss.backward(), 0)


def test_a_label_of_0_is_measured_by_epsilon():
    np.testing.assert_allclose(losses.mean_absolute_percentage_error([[0.0]], [[1e-7]]), [100])
    loss = losses.MeanAbsolutePercentageError()
    loss.forward(np.zeros((1, 1)), np.ones((1, 1)))
    np.testing.assert_allclose(loss.backward(), 1e9)


def test_huber_is_smooth_where_its_halves_meet():
    y_pred = np.array([[1.0, -1.0, 1 + 1e-9]])
    loss = losses.Huber(reduction="sum")
    np.testing.assert_allclose(loss.forward(np.zeros((1, 3)), y_pred), 0.5)
    np.testing.assert_allclose(loss.backward(), [[1 / 3, -1 / 3, 1 / 3]])


@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_cosine_similarity_ignores_lengths(a, b):
    np.testing.assert_allclose(losses.cosine_similarity(a * Y, b * P), losses.cosine_similarity(Y, P), rtol=1e-12)


def test_cosine_similarity_of_directions():
    assert losses.cosine_similarity([[3.0, 4.0]], [[6.0, 8.0]]) == pytest.approx(-1)
    assert losses.cosine_similarity([[3.0, 4.0]], [[-3.0, -4.0]]) == pytest.approx(1)
    assert losses.cosine_similarity([[3.0, 4.0]], [[-4.0, 3.0]]) == pytest.approx(0)


def test_a_vector_of_length_0_is_at_right_angles_to_all():
    loss = losses.CosineSimilarity()
    with np.errstate(all="raise"):
        assert loss.forward(np.array([[3.0, 4.0]]), np.zeros((1, 2))) == 0
        np.testing.assert_allclose(loss.backward(), [[-0.6e7, -0.8e7]])
        assert loss.forward(np.zeros((1, 2)), np.array([[3.0, 4.0]])) == 0
        np.testing.assert_array_equal(loss.backward(), 0)


def test_a_vector_shorter_than_epsilon_is_divided_by_epsilon():
    loss = losses.CosineSimilarity()
    np.testing.assert_allclose(loss.forward([[1.0, 0.0]], np.array([[1e-9, 0.0]])), -1e-2)
    np.testing.assert_allclose(loss.backward(), [[-1e7, 0]])


def test_the_gradient_of_cosine_similarity_is_at_right_angles_to_the_prediction():
    loss = losses.CosineSimilarity()
    loss.forward(Y, P)
    np.testing.assert_allclose((loss.backward() * P).sum(-1), 0, atol=1e-16)


# -- hinges -----------------------------------------------------------------------------------------------------------

HINGES = [losses.Hinge(), losses.SquaredHinge()]


@pytest.mark.parametrize("loss", HINGES, ids=repr)
@pytest.mark.parametrize("y_true", [SIGNS, (SIGNS + 1) / 2, 0.5 * SIGNS, np.zeros((2, 2)), np.ones((2, 2))])
def test_derivatives_of_hinges_are_slopes(loss, y_true):
    y_pred = np.array([[0.3, 0.4], [0.9, -2.5]])
    loss.forward(y_true, y_pred)
    np.testing.assert_allclose(loss.backward(), slope(loss, y_true, y_pred), atol=1e-8)


@pytest.mark.parametrize("loss", HINGES, ids=repr)
def test_hinges_of_sequences(loss):
    rng = np.random.default_rng(0)
    y_true, y_pred = np.sign(rng.standard_normal((4, 3, 2))), rng.standard_normal((4, 3, 2))
    assert getattr(losses, loss.name)(y_true, y_pred).shape == (4, 3)
    loss.forward(y_true, y_pred)
    np.testing.assert_allclose(loss.backward(), slope(loss, y_true, y_pred), atol=1e-8)


@pytest.mark.parametrize("function", [losses.hinge, losses.squared_hinge])
def test_labels_of_0_and_1_are_read_as_signs(function):
    np.testing.assert_array_equal(function((SIGNS + 1) / 2, P), function(SIGNS, P))
    np.testing.assert_array_equal(function(np.zeros((2, 2)), P), function(-np.ones((2, 2)), P))


@pytest.mark.parametrize("function", [losses.hinge, losses.squared_hinge])
def test_one_other_label_and_none_is_converted(function):
    y_true = np.array([[0.0, 1.0], [1.0, -1.0]])
    margins = np.maximum(1 - y_true * P, 0) ** (2 if function is losses.squared_hinge else 1)
    np.testing.assert_allclose(function(y_true, P), margins.mean(-1))


def test_at_the_margin_hinge_still_pulls_as_in_tensorflow():
    loss = losses.Hinge()
    loss.forward(np.array([[1.0, -1.0, 1.0, -1.0]]), np.array([[1.0, -1.0, 1.5, -1.5]]))
    np.testing.assert_array_equal(loss.backward(), [[-0.25, 0.25, 0, 0]])


@pytest.mark.parametrize("loss", HINGES, ids=repr)
def test_the_object_is_the_mean_of_its_function(loss):
    np.testing.assert_allclose(loss(SIGNS, P), getattr(losses, loss.name)(SIGNS, P).mean())
