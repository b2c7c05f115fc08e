"""BatchNormalization and LayerNormalization: training and use, moving averages, masks."""

import numpy as np
import pytest

from kerasedu import ops
from kerasedu.gradcheck import check_gradients
from kerasedu.layers import BatchNormalization, Dense, Input, LayerNormalization
from kerasedu.models import Sequential


def draw(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


RANDOM = {"gamma_initializer": "random_normal", "beta_initializer": "random_normal", "dtype": "float64"}


# -- BatchNormalization -----------------------------------------------------------------------------------------------


def test_training_uses_the_batch_and_use_the_moving_averages():
    x = np.array([[1.0, 10], [3, 30]])
    layer = BatchNormalization(epsilon=0, dtype="float64")
    np.testing.assert_allclose(layer(x, training=True), [[-1, -1], [1, 1]])
    layer.moving_mean.assign([1, 0])
    layer.moving_variance.assign([4, 100])
    np.testing.assert_allclose(layer(x), [[0, 1], [1, 3]])
    np.testing.assert_allclose(layer(x, training=False), [[0, 1], [1, 3]])


def test_moving_averages_start_at_0_and_1_and_follow_slowly():
    layer = BatchNormalization(momentum=0.9, dtype="float64")
    x = np.array([[1.0, 10], [3, 30]])  # means 2 and 20, variances 1 and 100: divided by n, not by n - 1
    layer(x, training=True)
    np.testing.assert_allclose(layer.moving_mean.value, [0.2, 2])
    np.testing.assert_allclose(layer.moving_variance.value, [1, 10.9])
    layer(x, training=True)
    np.testing.assert_allclose(layer.moving_mean.value, [0.38, 3.8])
    layer(x)
    np.testing.assert_allclose(layer.moving_mean.value, [0.38, 3.8])


def test_the_defaults_are_keras():
    layer = BatchNormalization()
    assert (layer.axis, layer.momentum, layer.epsilon, layer.center, layer.scale) == (-1, 0.99, 1e-3, True, True)


def test_weights_and_their_order():
    layer = BatchNormalization()
    layer.build((None, 5, 3))
    assert [(v.name, v.shape) for v in layer.trainable_weights] == [("gamma", (3,)), ("beta", (3,))]
    assert [v.name for v in layer.non_trainable_weights] == ["moving_mean", "moving_variance"]
    assert [v.value.tolist() for v in layer.weights] == [[1] * 3, [0] * 3, [0] * 3, [1] * 3]
    layer = BatchNormalization(center=False, scale=False)
    layer.build((None, 3))
    assert layer.trainable_weights == [] and layer.gamma is layer.beta is None


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(("center", "scale"), [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize("axis", [-1, 1])
def test_gradients_agree_with_differences(axis, center, scale, training):
    layer = BatchNormalization(axis, center=center, scale=scale, epsilon=0.1, **RANDOM)
    x = draw(0, 3, 2, 4)
    layer.build(x.shape)
    layer.moving_mean.assign(draw(1, x.shape[axis]))
    layer.moving_variance.assign(draw(2, x.shape[axis]) ** 2)
    report = check_gradients(layer, x, training=training)
    assert report.passed, report


@pytest.mark.parametrize("axis", [1, 2, -1])
def test_gradients_with_masks_agree_with_differences(axis):
    mask = np.array([[1, 1, 0], [0, 1, 1]], bool)
    report = check_gradients(
        BatchNormalization(axis, epsilon=0.1, **RANDOM), draw(0, 2, 3, 4), training=True, mask=mask
    )
    assert report.passed, report


def test_masked_steps_have_no_part_in_the_statistics():
    x = draw(0, 2, 3, 4)
    mask = np.array([[1, 1, 0], [0, 1, 1]], bool)
    x[~mask] = np.nan
    layer = BatchNormalization(momentum=0.0, dtype="float64")
    y = layer(x, training=True, mask=mask)
    np.testing.assert_allclose(layer.moving_mean.value, x[mask].mean(0), rtol=1e-6)
    np.testing.assert_allclose(layer.moving_variance.value, x[mask].var(0), rtol=1e-6)
    np.testing.assert_allclose(y[mask].mean(0), 0, atol=1e-6)
    assert layer.compute_mask(x, mask) is mask


def test_a_batch_that_is_masked_throughout_has_mean_and_variance_0():
    layer = BatchNormalization(momentum=0.0)
    y = layer.forward(np.ones((1, 2, 3)), training=True, mask=np.zeros((1, 2), bool))
    assert not layer.moving_mean.value.any() and not layer.moving_variance.value.any()
    np.testing.assert_allclose(y, 1 / np.sqrt(1e-3), rtol=1e-6)
    assert np.isfinite(layer.backward(np.ones_like(y))).all()


def test_frozen_means_in_use():
    x = draw(0, 5, 3)
    layer = BatchNormalization(dtype="float64")
    layer.build(x.shape)
    layer.trainable = False
    np.testing.assert_allclose(layer.forward(x, training=True), x / np.sqrt(1.001))
    np.testing.assert_allclose(layer.backward(np.ones_like(x)), 1 / np.sqrt(1.001))
    assert layer.grads == []
    assert not layer.moving_mean.value.any()


def test_an_empty_batch_leaves_the_moving_averages():
    layer = BatchNormalization()
    y = layer.forward(np.zeros((0, 3)), training=True)
    assert (y.shape, layer.backward(y).shape) == ((0, 3), (0, 3))
    assert [v.value.tolist() for v in layer.non_trainable_weights] == [[0] * 3, [1] * 3]


def test_backward_belongs_to_the_forward_before_it():
    """A later call in training moves the averages; the gradient is still that of the earlier call."""
    x = draw(0, 4, 3)
    layer = BatchNormalization(momentum=0.5, dtype="float64")
    _, cache = layer.propagate(x)
    before, _ = layer.backpropagate(np.ones((4, 3)), cache)
    layer(x, training=True)
    after, _ = layer.backpropagate(np.ones((4, 3)), cache)
    np.testing.assert_array_equal(before, after)


def test_a_bias_in_front_of_it_has_no_effect():
    model = Sequential([Input((4,)), Dense(3), BatchNormalization()])
    x = draw(0, 6, 4).astype("float32")
    y = model(x, training=True)
    model.layers[0].bias.assign([1, -2, 3])
    np.testing.assert_allclose(model(x, training=True), y, atol=1e-4)


# -- LayerNormalization -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [-1, 1, [1, 2], (-1, -2), [3, 1], [1, 2, 3]])
def test_the_layer_is_the_function_of_ops(axis):
    x = draw(0, 2, 3, 4, 5)
    layer = LayerNormalization(axis, epsilon=0.1, **RANDOM)
    expected = ops.layer_normalization(x, *_built(layer, x), axis, 0.1)
    np.testing.assert_array_equal(layer(x), expected)
    np.testing.assert_array_equal(layer(x, training=True), expected)
    assert layer.gamma.shape == tuple(x.shape[k] for k in sorted(np.atleast_1d(axis)))


def _built(layer, x):
    layer.build(x.shape)
    return layer.gamma.value, layer.beta.value


@pytest.mark.parametrize("options", [{}, {"center": False}, {"scale": False}, {"rms_scaling": True}])
@pytest.mark.parametrize("axis", [-1, [1, 2]])
def test_layer_gradients_agree_with_differences(axis, options):
    report = check_gradients(LayerNormalization(axis, epsilon=0.1, **RANDOM, **options), draw(0, 2, 3, 4))
    assert report.passed, report


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["gamma", "beta"]),
        ({"center": False}, ["gamma"]),
        ({"scale": False}, ["beta"]),
        ({"scale": False, "center": False}, []),
        ({"rms_scaling": True}, ["gamma"]),
        ({"rms_scaling": True, "scale": False}, ["gamma"]),
    ],
)
def test_which_weights_there_are(options, names):
    layer = LayerNormalization(**options)
    layer.build((None, 3))
    assert [v.name for v in layer.weights] == names


def test_the_default_epsilon_of_the_layer():
    layer = LayerNormalization(dtype="float64")
    np.testing.assert_allclose(layer([[0.0, 2.0]]), [[-1 / np.sqrt(1.001), 1 / np.sqrt(1.001)]])


def test_samples_do_not_mix_and_masks_pass_through():
    x, mask = draw(0, 4, 3, 5).astype("float32"), np.ones((4, 3), bool)
    layer = LayerNormalization()
    np.testing.assert_allclose(layer(x)[1:2], layer(x[1:2]), rtol=1e-6)
    assert layer.compute_mask(x, mask) is mask
    y = layer.forward(x[:0])
    assert (y.shape, layer.backward(y).shape) == ((0, 3, 5), (0, 3, 5))


# -- both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer_class", [BatchNormalization, LayerNormalization])
def test_configurations_regularizers_and_constraints(layer_class):
    options = {
        f"{w}_{kind}": name
        for w in ("gamma", "beta")
        for kind, name in [("regularizer", "l2"), ("constraint", "non_neg")]
    }
    layer = layer_class(axis=1, epsilon=0.1, **options)
    config = layer.get_config()
    assert layer_class.from_config(config).get_config() == config
    assert (config["axis"], config["epsilon"]) == (1, 0.1)
    layer.build((None, 3, 4))
    for v in (layer.gamma, layer.beta):
        assert v.shape == (3,)
        assert v.regularizer is getattr(layer, f"{v.name}_regularizer") is not None
        assert v.constraint is getattr(layer, f"{v.name}_constraint") is not None


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("layer_class", [BatchNormalization, LayerNormalization])
def test_the_layers_type_is_kept(layer_class, dtype):
    layer = layer_class(dtype=dtype)
    for options in ({"training": True}, {"training": True, "mask": np.ones((2, 3), bool)}, {}):
        y = layer.forward(np.ones((2, 3, 4), int), **options)
        assert {a.dtype.name for a in (y, layer.backward(y), *layer.grads, *layer.get_weights())} == {dtype}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: BatchNormalization(2)(np.zeros((2, 3))), "an axis 2 of known length"),
        (lambda: BatchNormalization(-3)(np.zeros((2, 3))), "an axis -3 of known length"),
        (lambda: BatchNormalization()(Input((None,))), "an axis -1 of known length"),
        (lambda: LayerNormalization(2)(np.zeros((2, 3))), r"axes \[2\] of known length"),
        (lambda: LayerNormalization([-3])(np.zeros((2, 3))), r"axes \[-3\] of known length"),
        (lambda: LayerNormalization([1, 2])(Input((3, None))), r"axes \[1, 2\] of known length"),
        (lambda: LayerNormalization("last"), "axis to be an integer or a list of integers, got 'last'"),
        (lambda: LayerNormalization([1, 2.0]), "axis to be an integer or a list of integers"),
        (lambda: BatchNormalization()(np.zeros((2, 3, 4)), training=True, mask=np.ones(2)), "a mask with 2 axes"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("layer_class", [BatchNormalization, LayerNormalization])
def test_another_length_of_the_axis_is_refused(layer_class):
    layer = layer_class(1)
    layer.build((None, 3, 4))
    with pytest.raises(ValueError, match="axis 1 of length 3"):
        layer(np.zeros((2, 5, 4)))


def test_an_axis_from_the_end_fits_arrays_of_more_axes():
    layer = LayerNormalization(axis=(-2, -1))
    x = np.random.default_rng(0).normal(size=(5, 4, 3, 2))
    layer.build((None, 3, 2))
    together = layer(x)
    np.testing.assert_array_equal(together, np.stack([layer(part) for part in x]))
    with pytest.raises(ValueError, match="at least 2 axes"):
        layer(np.ones(2))
