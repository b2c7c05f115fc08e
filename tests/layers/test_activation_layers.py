"""Activations as layers, Identity and Dropout."""

import numpy as np
import pytest

from kerasedu import activations, layers, losses, models, ops
from kerasedu.gradcheck import check_gradients
from kerasedu.layers import ELU, Activation, Dropout, Identity, LeakyReLU, ReLU, Softmax
from kerasedu.random import set_random_seed

X = np.array([[-2.0, -0.5, 0.5], [1.5, 3.0, 7.0]])


def draw(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Activation("relu"), [[0, 0, 0.5], [1.5, 3, 7]]),
        (Activation(None), X),
        (ReLU(), [[0, 0, 0.5], [1.5, 3, 7]]),
        (ReLU(max_value=2), [[0, 0, 0.5], [1.5, 2, 2]]),
        (ReLU(negative_slope=0.1), [[-0.2, -0.05, 0.5], [1.5, 3, 7]]),
        (ReLU(threshold=1), [[0, 0, 0], [1.5, 3, 7]]),
        (ReLU(2, 0.5, 1), [[-1.5, -0.75, -0.25], [1.5, 2, 2]]),
        (LeakyReLU(), [[-0.6, -0.15, 0.5], [1.5, 3, 7]]),  # 0.3, where the function leaky_relu has 0.2
        (LeakyReLU(0.5), [[-1, -0.25, 0.5], [1.5, 3, 7]]),
        (ELU(), [[np.expm1(-2), np.expm1(-0.5), 0.5], [1.5, 3, 7]]),
        (ELU(2.0), [[2 * np.expm1(-2), 2 * np.expm1(-0.5), 0.5], [1.5, 3, 7]]),
        (Identity(), X),
    ],
    ids=str,
)
def test_by_example(layer, expected):
    np.testing.assert_allclose(layer(X), expected, rtol=1e-6)


@pytest.mark.parametrize("axis", [-1, 1, [1], [1, 2], (0, 2)])
def test_softmax_adds_up_to_1_along_its_axes(axis):
    y = Softmax(axis, dtype="float64")(draw(0, 2, 3, 4))
    np.testing.assert_allclose(y.sum(tuple(np.atleast_1d(axis))), 1)
    assert (y > 0).all()


def test_softmax_leaves_masked_numbers_out():
    y = Softmax(dtype="float64")(np.log([[1.0, 2, 3], [1, 1, 1]]), mask=np.array([[True, True, False], [False] * 3]))
    np.testing.assert_allclose(y, [[1 / 3, 2 / 3, 0], [0, 0, 0]])


def test_softmax_takes_numbers_for_a_mask_and_masks_that_broadcast():
    x = draw(0, 2, 4, 3)
    layer = Softmax(dtype="float64")
    numbers, booleans = np.array([1.0, 0.4, 0.6]), np.array([True, False, True])
    np.testing.assert_array_equal(layer(x, mask=numbers), layer(x, mask=booleans))
    np.testing.assert_array_equal(layer(x, mask=booleans), layer(x, mask=np.broadcast_to(booleans, x.shape)))


@pytest.mark.parametrize("mask", [np.ones(2), np.ones((4, 1)), np.ones((1, 2, 3, 3))])
def test_softmax_refuses_a_mask_that_does_not_fit(mask):
    with pytest.raises(ValueError, match=r"Softmax layer .* a mask that broadcasts to the input's shape \(2, 3\)"):
        Softmax()(np.zeros((2, 3)), mask=mask.astype(bool))


@pytest.mark.parametrize(
    "layer",
    [Activation("tanh"), Identity(), ReLU(2, 0.5, 1), LeakyReLU(), ELU(2.0), Softmax(), Softmax([1, 2])],
    ids=str,
)
def test_gradients_agree_with_differences(layer):
    report = check_gradients(layer, draw(1, 2, 3, 4))
    assert report.passed, report


def test_masked_softmax_has_no_gradient_where_it_is_masked():
    layer = Softmax(dtype="float64")
    mask = np.array([[True, False, True]])
    layer.forward([[1.0, 2.0, 3.0]], mask=mask)
    dx = layer.backward(np.array([[1.0, 5.0, 0.0]]))
    y = ops.softmax(np.array([1.0, 3.0]))
    np.testing.assert_allclose(dx, [[y[0] * (1 - y[0]), 0, -y[0] * y[1]]])


def test_masks_pass_through():
    mask = np.array([[True, False]])
    for layer in (Activation("relu"), Identity(), ReLU(), LeakyReLU(), ELU(), Softmax(), Dropout(0.5)):
        assert layer.compute_mask(np.zeros((1, 2, 3)), mask) is mask


def test_the_last_softmax_is_joined_with_cross_entropy():
    """As after a Dense with softmax: the loss is computed from the logits, and stays finite where y rounds to 0."""
    x, target = np.array([[0.0, 200.0]], "float32"), np.array([[1.0, 0.0]])
    for layer in (Softmax(), Activation("softmax")):
        model = models.Sequential([layers.Input((2,)), layer])
        model.compile("sgd", "categorical_crossentropy")
        assert model.evaluate(x, target, verbose=0) == pytest.approx(200)
    assert losses.CategoricalCrossentropy()(target, ops.softmax(x)) == pytest.approx(16.118, abs=1e-3)


def test_a_softmax_over_several_axes_or_with_a_mask_is_not():
    for layer, mask in [(Softmax([1, 2]), None), (Softmax(), np.ones((1, 2, 3), bool))]:
        _, cache = layer.propagate(np.zeros((1, 2, 3)), mask=mask)
        assert layer.logits(cache) is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ReLU(max_value=-1), "max_value to be 0 or more, got -1"),
        (lambda: ReLU(negative_slope=-0.1), "negative_slope to be 0 or more"),
        (lambda: ReLU(negative_slope=None), "negative_slope to be 0 or more, got None"),
        (lambda: ReLU(threshold=-1), "threshold to be 0 or more"),
        (lambda: LeakyReLU(-1), "negative_slope to be 0 or more"),
        (lambda: LeakyReLU(None), "negative_slope to be 0 or more"),
        (lambda: Activation("rleu"), "Did you mean 'relu'"),
        (lambda: Dropout(1.1), r"Dropout layer .* rate to be a probability, from 0 to 1, got 1.1"),
        (lambda: Dropout(-0.1), "rate to be a probability"),
        (lambda: Dropout("half"), "rate to be a probability"),
        (lambda: Dropout(0.5, noise_shape=3), "noise_shape to hold positive integers and None, got 3"),
        (lambda: Dropout(0.5, noise_shape="12"), "noise_shape to hold positive integers"),
        (lambda: Dropout(0.5, noise_shape=(0, 1)), "noise_shape to hold positive integers"),
        (lambda: Dropout(0.5, noise_shape=(1.0,)), "noise_shape to hold positive integers"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_configurations_repeat_the_layer():
    for layer in (
        Activation("tanh"),
        ReLU(6.0, 0.1, 0.5),
        LeakyReLU(0.1),
        ELU(0.5),
        Softmax([1, 2]),
        Dropout(0.3, (None, 1), 7),
    ):
        config = layer.get_config()
        assert type(layer).from_config(config).get_config() == config
    assert Dropout(0.3, (None, 1), 7).get_config() | {"name": ""} == {
        "rate": 0.3,
        "noise_shape": [None, 1],
        "seed": 7,
        "name": "",
        "dtype": "float32",
        "trainable": True,
    }
    assert Activation("tanh").activation is activations.tanh


# -- Dropout ----------------------------------------------------------------------------------------------------------


def test_dropout_does_nothing_in_use():
    x = draw(0, 3, 4).astype("float32")
    layer = Dropout(0.9)
    assert layer(x) is x
    layer.forward(x)
    assert layer.backward(x) is x
    np.testing.assert_array_equal(Dropout(0)(x, training=True), x)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_mean(rate):
    n = 100_000
    y = Dropout(rate, seed=1)(np.ones((1, n)), training=True)
    dropped = np.mean(y == 0)
    assert abs(dropped - rate) < 5 * np.sqrt(rate * (1 - rate) / n)  # five standard deviations of the share
    np.testing.assert_allclose(y[y != 0], 1 / (1 - rate), rtol=1e-6)


def test_the_gradient_passes_where_x_did():
    layer = Dropout(0.5, seed=2, dtype="float64")
    x, dy = draw(0, 20, 30), draw(1, 20, 30)
    y = layer.forward(x, training=True)
    np.testing.assert_allclose(layer.backward(dy), dy * (y / x))


def test_rate_1_drops_everything():
    layer = Dropout(1.0)
    assert not layer.forward(np.ones((2, 3)), training=True).any()
    assert not layer.backward(np.ones((2, 3))).any()


@pytest.mark.parametrize(
    ("noise_shape", "same_along"), [((None, 1, None), 1), ((None, None, 1), 2), ((1, 8, 6), 0), ((8, 6), 0)]
)
def test_noise_shape_drops_whole_features(noise_shape, same_along):
    y = Dropout(0.5, noise_shape, seed=3)(np.ones((4, 8, 6)), training=True)
    assert (y == y.take([0], axis=same_along)).all()
    assert 0 < y.mean() < 2


@pytest.mark.parametrize("noise_shape", [(3, 1), (None, 1, 1)])
def test_a_noise_shape_that_does_not_fit_is_refused(noise_shape):
    with pytest.raises(ValueError, match=r"Dropout layer .* noise_shape .* got shape \(2, 4\)"):
        Dropout(0.5, noise_shape)(np.ones((2, 4)), training=True)


def test_seeds_repeat_from_run_to_run_and_differ_from_call_to_call():
    x = np.ones((1, 50))
    first, second = Dropout(0.5, seed=4), Dropout(0.5, seed=4)
    y = first(x, training=True)
    np.testing.assert_array_equal(second(x, training=True), y)
    assert (first(x, training=True) != y).any()
    assert (Dropout(0.5, seed=5)(x, training=True) != y).any()


def test_without_a_seed_the_common_generator_decides():
    layer, x = Dropout(0.5), np.ones((1, 50))
    set_random_seed(6)
    y = layer(x, training=True)
    set_random_seed(6)
    np.testing.assert_array_equal(layer(x, training=True), y)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_layers_type_is_kept(dtype):
    x = np.ones((2, 3))
    for layer in (Activation("relu", dtype=dtype), Dropout(0.5, dtype=dtype), Softmax(dtype=dtype), ReLU(dtype=dtype)):
        y = layer.forward(x, training=True)
        assert (y.dtype, layer.backward(y).dtype) == (dtype, dtype)
    layer = Softmax(dtype=dtype)
    y = layer.forward(x, mask=np.array([True, True, False]))
    assert (y.dtype, layer.backward(y).dtype) == (dtype, dtype)
