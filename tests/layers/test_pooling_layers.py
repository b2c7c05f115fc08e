"""Pooling layers, over windows and over everything."""

import numpy as np
import pytest

from kerasedu import ops
from kerasedu.gradcheck import check_gradients
from kerasedu.layers import (
    AveragePooling1D,
    AveragePooling2D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    Input,
    MaxPooling1D,
    MaxPooling2D,
)

FIRST = {"data_format": "channels_first"}
LAYERS = [
    (MaxPooling1D(), (2, 7, 3), (2, 3, 3)),
    (MaxPooling1D(3, 2, "same", "channels_first"), (2, 3, 7), (2, 3, 4)),
    (AveragePooling1D(3), (2, 7, 3), (2, 2, 3)),
    (AveragePooling1D(2, 1, "same"), (2, 7, 3), (2, 7, 3)),
    (MaxPooling2D(), (2, 5, 6, 3), (2, 2, 3, 3)),
    (MaxPooling2D((3, 2), strides=2, padding="same"), (2, 5, 6, 3), (2, 3, 3, 3)),
    (AveragePooling2D((1, 3)), (2, 5, 6, 3), (2, 5, 2, 3)),
    (AveragePooling2D(3, (2, 1), "same", "channels_first"), (2, 3, 5, 6), (2, 3, 3, 6)),
    (GlobalMaxPooling1D(), (2, 5, 3), (2, 3)),
    (GlobalMaxPooling1D(keepdims=True, **FIRST), (2, 3, 5), (2, 3, 1)),
    (GlobalAveragePooling1D(keepdims=True), (2, 5, 3), (2, 1, 3)),
    (GlobalAveragePooling1D(**FIRST), (2, 3, 5), (2, 3)),
    (GlobalMaxPooling2D(keepdims=True), (2, 4, 5, 3), (2, 1, 1, 3)),
    (GlobalMaxPooling2D(**FIRST), (2, 3, 4, 5), (2, 3)),
    (GlobalAveragePooling2D(), (2, 4, 5, 3), (2, 3)),
    (GlobalAveragePooling2D(keepdims=True, **FIRST), (2, 3, 4, 5), (2, 3, 1, 1)),
]
IDS = [f"{type(layer).__name__}-{i}" for i, (layer, _, _) in enumerate(LAYERS)]
WINDOWED = [MaxPooling1D, MaxPooling2D, AveragePooling1D, AveragePooling2D]
GLOBAL = [GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalAveragePooling1D, GlobalAveragePooling2D]


def draw(*shape):
    return np.random.default_rng(0).standard_normal(shape)


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_shapes(layer, shape, out):
    assert layer.compute_output_shape(shape) == out
    assert layer(Input(shape[1:])).shape == (None, *out[1:])
    assert layer(np.zeros(shape)).shape == out
    y = layer.forward(np.zeros((0, *shape[1:])))
    assert (y.shape, layer.backward(y).shape) == ((0, *out[1:]), (0, *shape[1:]))


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_gradients_agree_with_differences(layer, shape, out):
    report = check_gradients(layer, draw(*shape))
    assert report.passed, report


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_the_layers_type_is_kept(layer, shape, out, dtype):
    layer = type(layer).from_config({**layer.get_config(), "dtype": dtype})
    y = layer.forward(np.ones(shape, int))
    assert (y.dtype, layer.backward(y).dtype) == (dtype, dtype)


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_configurations_repeat_the_layer(layer, shape, out):
    config = layer.get_config()
    assert type(layer).from_config(config).get_config() == config


def test_windowed_layers_are_the_functions_of_ops():
    x = draw(2, 5, 6, 3).astype("float32")
    for layer_class, f in [(MaxPooling2D, ops.max_pool), (AveragePooling2D, ops.average_pool)]:
        np.testing.assert_array_equal(layer_class((3, 2), 2, "same")(x), f(x, (3, 2), 2, "same"))


@pytest.mark.parametrize("layer_class", WINDOWED)
def test_windows_are_2_wide_and_do_not_overlap_by_default(layer_class):
    layer = layer_class()
    assert layer.pool_size == layer.strides == (2,) * layer.rank
    assert layer.padding == "valid"
    assert layer_class(3).strides == (3,) * layer.rank


def test_unknown_lengths_stay_unknown():
    assert MaxPooling2D().compute_output_shape((None, None, 7, 3)) == (None, None, 3, 3)
    assert GlobalMaxPooling1D(keepdims=True).compute_output_shape((None, None, 3)) == (None, 1, 3)


# -- over everything --------------------------------------------------------------------------------------------------


def test_global_pooling_by_example():
    x = np.array([[[1.0, 8], [3, 2]]])
    assert GlobalMaxPooling1D()(x).tolist() == [[3, 8]]
    assert GlobalAveragePooling1D()(x).tolist() == [[2, 5]]
    x = x[:, :, None]
    assert GlobalMaxPooling2D()(x).tolist() == [[3, 8]]
    assert GlobalAveragePooling2D()(x).tolist() == [[2, 5]]


def test_equal_maxima_share_the_gradient_unlike_in_windows():
    x = np.array([[[5.0], [1], [5]]])
    layer = GlobalMaxPooling1D()
    layer.forward(x)
    assert layer.backward(np.array([[6.0]])).ravel().tolist() == [3, 0, 3]
    layer = MaxPooling1D(3)
    layer.forward(x)
    assert layer.backward(np.array([[[6.0]]])).ravel().tolist() == [6, 0, 0]


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("keepdims", [False, True])
def test_masked_steps_have_no_part_in_the_mean(data_format, keepdims):
    x = np.array([[[1.0, 10], [2, 20], [np.nan, 99]], [[1, 2], [np.inf, 4], [5, 6]]])
    mask = np.array([[True, True, False], [True, False, True]])
    layer = GlobalAveragePooling1D(data_format, keepdims)
    axis = 1 if data_format == "channels_last" else 2
    y = layer.forward(x if axis == 1 else np.moveaxis(x, -1, 1), mask=mask)
    np.testing.assert_array_equal(y.squeeze(axis) if keepdims else y, [[1.5, 15], [3, 4]])
    dx = layer.backward(np.full(y.shape, 2.0))
    np.testing.assert_array_equal(dx.sum(3 - axis), [[2, 2, 0], [2, 0, 2]])
    assert layer.compute_mask(x, mask) is None


def test_the_mean_of_no_step_is_nan_and_sends_nothing_back():
    layer = GlobalAveragePooling1D()
    assert np.isnan(layer.forward(np.ones((1, 2, 1)), mask=np.zeros((1, 2), bool))).all()
    assert layer.backward(np.ones((1, 1))).tolist() == [[[0], [0]]]


def test_masked_means_agree_with_differences():
    report = check_gradients(GlobalAveragePooling1D(), draw(2, 3, 2), mask=np.array([[1, 0, 1], [1, 1, 1]]))
    assert report.passed, report


def test_masks_end_here():
    for layer in (MaxPooling1D(), AveragePooling1D(), GlobalMaxPooling1D(), GlobalAveragePooling1D()):
        assert layer.compute_mask(np.zeros((1, 4, 1)), np.ones((1, 4), bool)) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MaxPooling2D(0), "MaxPooling2D layer .*: pool_size: expected a positive integer, or 2 of them"),
        (lambda: MaxPooling1D((2, 2)), "pool_size: expected a positive integer, got"),
        (lambda: AveragePooling2D(2, 0), "strides: expected a positive integer"),
        (
            lambda: AveragePooling1D(padding="causal"),
            "AveragePooling1D layer .*: expected padding to be 'valid' or 'same'",
        ),
        (lambda: MaxPooling2D(data_format="x"), "MaxPooling2D layer .*: data_format: expected"),
        (lambda: GlobalMaxPooling2D(data_format="x"), "GlobalMaxPooling2D layer .*: data_format: expected"),
        (lambda: MaxPooling2D()(np.zeros((4, 4, 1))), "Is the batch axis or the channel axis missing"),
        (lambda: GlobalAveragePooling2D()(np.zeros((4, 4, 1))), "expected 4 axes"),
        (
            lambda: MaxPooling2D(5)(np.zeros((1, 4, 6, 1))),
            r"a window of \(5, 5\) does not fit into an input of \(4, 6\)",
        ),
        (lambda: MaxPooling2D(5)(Input((4, 6, 1))), r"MaxPooling2D layer .*: a window of \(5, 5\) does not fit"),
        (lambda: GlobalMaxPooling1D()(np.zeros((1, 0, 2))), "at least one place to pool over"),
        (lambda: GlobalAveragePooling1D()(np.zeros((1, 0, 2))), "at least one place to pool over"),
        (lambda: GlobalAveragePooling1D()(np.zeros((1, 0, 2)), mask=np.ones((1, 0))), "at least one place"),
        (lambda: GlobalAveragePooling1D()(np.zeros((2, 3, 4)), mask=np.ones((2, 4))), r"a mask of shape \(2, 3\)"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
