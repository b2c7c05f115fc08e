"""Conv1D and Conv2D: shapes, weights, the layer around ``ops.conv``, and what they refuse."""

import numpy as np
import pytest

from kerasedu import ops
from kerasedu.gradcheck import check_gradients
from kerasedu.layers import Conv1D, Conv2D, Input
from kerasedu.models import Sequential


def draw(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


LAYERS = [
    (Conv1D(4, 3), (2, 7, 3), (2, 5, 4)),
    (Conv1D(4, (3,), padding="same", strides=2), (2, 7, 3), (2, 4, 4)),
    (Conv1D(4, 3, padding="causal", dilation_rate=2), (2, 7, 3), (2, 7, 4)),
    (Conv1D(4, 2, strides=3, padding="causal"), (2, 7, 3), (2, 3, 4)),
    (Conv1D(4, 2, groups=2), (2, 7, 6), (2, 6, 4)),
    (Conv1D(4, 3, data_format="channels_first"), (2, 3, 7), (2, 4, 5)),
    (Conv2D(4, 3), (2, 5, 6, 3), (2, 3, 4, 4)),
    (Conv2D(4, (1, 3), strides=(2, 1), padding="same"), (2, 5, 6, 3), (2, 3, 6, 4)),
    (Conv2D(4, (2, 3), dilation_rate=(3, 1)), (2, 5, 6, 3), (2, 2, 4, 4)),
    (Conv2D(6, 2, groups=3, use_bias=False), (2, 4, 3, 3), (2, 3, 2, 6)),
    (Conv2D(4, 2, data_format="channels_first", activation="tanh"), (2, 3, 4, 5), (2, 4, 3, 4)),
    (Conv2D(4, 3, padding="same", activation="softmax"), (2, 4, 3, 1), (2, 4, 3, 4)),
]
IDS = [f"{type(layer).__name__}-{i}" for i, (layer, _, _) in enumerate(LAYERS)]


def with_bias(layer, dtype="float64"):
    """The same layer with a random bias (zeros would hide mistakes), not built yet."""
    config = {**layer.get_config(), "dtype": dtype, "bias_initializer": "random_normal"}
    return type(layer).from_config(config)


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_shapes(layer, shape, out):
    layer = with_bias(layer)
    assert layer.compute_output_shape(shape) == out
    assert layer(Input(shape[1:])).shape == (None, *out[1:])
    assert layer(np.zeros(shape)).shape == out
    y = layer.forward(np.zeros((0, *shape[1:])))
    assert y.shape == (0, *out[1:])
    assert layer.backward(y).shape == (0, *shape[1:])


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_gradients_agree_with_differences(layer, shape, out):
    report = check_gradients(with_bias(layer), draw(0, *shape))
    assert report.passed, report


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_configurations_repeat_the_layer(layer, shape, out):
    config = layer.get_config()
    assert type(layer).from_config(config).get_config() == config


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_the_layers_type_is_kept(layer, shape, out, dtype):
    layer = with_bias(layer, dtype)
    y = layer.forward(np.ones(shape, int))
    assert [a.dtype.name for a in (y, layer.backward(y), *layer.grads)] == [dtype] * (2 + len(layer.weights))


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_the_layer_is_activation_of_convolution_plus_bias(data_format):
    layer = Conv2D(4, 3, activation="relu", bias_initializer="random_normal", data_format=data_format, dtype="float64")
    last = draw(0, 2, 5, 5, 3)
    x = last if data_format == "channels_last" else np.moveaxis(last, -1, 1)
    y = layer(x)
    expected = np.maximum(ops.conv(last, layer.kernel.value) + layer.bias.value, 0)
    np.testing.assert_allclose(y if data_format == "channels_last" else np.moveaxis(y, 1, -1), expected)


def test_weights_are_kernel_and_bias():
    layer = Conv2D(6, (3, 2), groups=2)
    layer.build((None, 8, 8, 4))
    assert [(v.name, v.shape) for v in layer.weights] == [("kernel", (3, 2, 2, 6)), ("bias", (6,))]
    assert layer.count_params() == 3 * 2 * 2 * 6 + 6
    assert not layer.bias.value.any()
    layer = Conv1D(6, 3, use_bias=False)
    layer.build((None, 8, 4))
    assert [(v.name, v.shape) for v in layer.weights] == [("kernel", (3, 4, 6))]
    assert layer.bias is None


def test_the_initial_kernel_has_glorots_variance():
    """Each output has kernel height · width · channels inputs, each input that many outputs per filter."""
    layer = Conv2D(32, 3)
    layer.build((None, 8, 8, 16))
    limit = np.sqrt(6 / (9 * 16 + 9 * 32))
    assert 0.98 * limit < np.abs(layer.kernel.value).max() <= limit


def test_regularizers_and_constraints_are_on_the_weights():
    layer = Conv1D(
        2, 3, kernel_regularizer="l2", bias_regularizer="l1", kernel_constraint="non_neg", bias_constraint="unit_norm"
    )
    layer.build((None, 5, 1))
    for v in layer.weights:
        assert v.regularizer is getattr(layer, f"{v.name}_regularizer") is not None
        assert v.constraint is getattr(layer, f"{v.name}_constraint") is not None


def test_spatial_lengths_may_be_unknown_and_may_change():
    layer = Conv2D(2, 3, strides=2, padding="same")
    assert layer.compute_output_shape((None, None, 7, 3)) == (None, None, 4, 2)
    layer = Conv1D(2, 3)
    model = Sequential([Input((None, 4)), layer])
    assert [model(np.zeros((1, n, 4))).shape for n in (3, 9)] == [(1, 1, 2), (1, 7, 2)]


def test_masks_end_here():
    assert Conv1D(2, 3).compute_mask(np.zeros((1, 5, 1)), np.ones((1, 5), bool)) is None


def test_images_of_whole_numbers_are_refused():
    """Up to 255 each, they make training diverge; so the usual mistake is named."""
    with pytest.raises(ValueError, match=r"uint8.*scale the image first"):
        Conv2D(2, 3)(np.zeros((1, 5, 5, 1), np.uint8))
    assert Conv2D(2, 3)(np.zeros((1, 5, 5, 1), np.int64)).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Conv2D(0, 3), "Conv2D layer .*: filters: expected a positive integer, got 0"),
        (lambda: Conv2D(2.5, 3), "filters: expected a positive integer, got 2.5"),
        (lambda: Conv2D(2, 0), "kernel_size: expected a positive integer, or 2 of them"),
        (lambda: Conv1D(2, (3, 3)), "kernel_size: expected a positive integer, got"),
        (lambda: Conv2D(2, 3, strides=0), "strides: expected a positive integer"),
        (lambda: Conv2D(2, 3, dilation_rate=(1, 0)), "dilation_rate: expected a positive integer"),
        (lambda: Conv2D(2, 3, groups=0), "groups: expected a positive integer"),
        (lambda: Conv2D(3, 3, groups=2), "2 groups do not divide 3 filters"),
        (lambda: Conv2D(2, 3, strides=2, dilation_rate=2), "strides and dilation_rate cannot both be greater than 1"),
        (lambda: Conv2D(2, 3, strides=(2, 1), dilation_rate=(1, 2)), "cannot both be greater than 1"),
        (lambda: Conv2D(2, 3, padding="causal"), "padding to be 'valid' or 'same', got 'causal'"),
        (lambda: Conv1D(2, 3, padding="full"), "padding to be 'valid' or 'same' or 'causal', got 'full'"),
        (lambda: Conv2D(2, 3, data_format="NCHW"), "Conv2D layer .*: data_format: expected 'channels_last'"),
        (lambda: Conv2D(2, 3, rank=2), "has no argument 'rank'. It has: filters, kernel_size"),
        (lambda: Conv2D(2, 3)(np.zeros((28, 28, 1))), "Is the batch axis or the channel axis missing"),
        (lambda: Conv2D(2, 3)(np.zeros((1, 2, 5, 1))), r"a window of \(3, 3\) does not fit into an input of \(2, 5\)"),
        (lambda: Conv2D(2, 3)(Input((2, 5, 1))), r"Conv2D layer .*: a window of \(3, 3\) does not fit"),
        (lambda: Conv2D(2, 3)(Input((5, 5, None))), "a channel axis of known length"),
        (lambda: Conv2D(2, 3, data_format="channels_first")(Input((None, 5, 5))), "a channel axis of known length"),
        (lambda: Conv2D(2, 3, groups=2)(np.zeros((1, 5, 5, 3))), "a number of channels that 2 groups divide"),
        (lambda: Conv2D(2, 3)(np.zeros((1, 5, 5, 0))), "a number of channels that 1 groups divide"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(("data_format", "axis"), [("channels_last", -1), ("channels_first", 1)])
def test_another_number_of_channels_is_refused(data_format, axis):
    layer = Conv1D(2, 3, data_format=data_format)
    layer.build((None, 4, 4))
    shape = [1, 4, 4]
    shape[axis] = 5
    with pytest.raises(ValueError, match=f"axis {axis} of length 4"):
        layer(np.zeros(shape))
