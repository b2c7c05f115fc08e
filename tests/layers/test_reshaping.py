"""Layers that rearrange: Flatten, Reshape, Permute, RepeatVector, ZeroPadding2D, UpSampling2D."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu.gradcheck import check_gradients
from kerasedu.layers import Flatten, Input, Permute, RepeatVector, Reshape, UpSampling2D, ZeroPadding2D


def counted(*shape):
    return np.arange(1.0, 1 + np.prod(shape)).reshape(shape)


LAYERS = [
    (Flatten(), (2, 3, 4), (2, 12)),
    (Flatten(), (2, 3), (2, 3)),
    (Flatten(), (2,), (2, 1)),
    (Flatten("channels_first"), (2, 3, 4, 5), (2, 60)),
    (Reshape((4, 3)), (2, 12), (2, 4, 3)),
    (Reshape([-1, 3]), (2, 3, 4), (2, 4, 3)),
    (Reshape((2, -1, 2)), (2, 12), (2, 2, 3, 2)),
    (Reshape(()), (2, 1), (2,)),
    (Permute((2, 1)), (2, 3, 4), (2, 4, 3)),
    (Permute([3, 1, 2]), (2, 3, 4, 5), (2, 5, 3, 4)),
    (RepeatVector(3), (2, 4), (2, 3, 4)),
    (ZeroPadding2D(), (2, 3, 4, 1), (2, 5, 6, 1)),
    (ZeroPadding2D(2), (2, 3, 4, 1), (2, 7, 8, 1)),
    (ZeroPadding2D((0, 2)), (2, 3, 4, 1), (2, 3, 8, 1)),
    (ZeroPadding2D(((1, 2), (3, 4))), (2, 3, 4, 1), (2, 6, 11, 1)),
    (ZeroPadding2D([(1, 2), 3], "channels_first"), (2, 1, 3, 4), (2, 1, 6, 10)),
    (UpSampling2D(), (2, 3, 4, 1), (2, 6, 8, 1)),
    (UpSampling2D(3), (2, 3, 4, 1), (2, 9, 12, 1)),
    (UpSampling2D((2, 1), "channels_first"), (2, 1, 3, 4), (2, 1, 6, 4)),
    (UpSampling2D((3, 2), interpolation="bilinear"), (2, 3, 4, 2), (2, 9, 8, 2)),
    (UpSampling2D((1, 4), "channels_first", "bilinear"), (2, 2, 3, 4), (2, 2, 3, 16)),
]
IDS = [f"{type(layer).__name__}-{i}" for i, (layer, _, _) in enumerate(LAYERS)]


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_shapes(layer, shape, out):
    assert layer.compute_output_shape(shape) == out
    assert layer(np.zeros(shape)).shape == out
    assert layer(np.zeros((0, *shape[1:]))).shape == (0, *out[1:])
    assert layer.compute_output_shape((None, *shape[1:])) == (None, *out[1:])
    assert layer(Input(shape[1:])).shape == (None, *out[1:])


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_gradients_agree_with_differences(layer, shape, out):
    report = check_gradients(layer, np.random.default_rng(0).standard_normal(shape))
    assert report.passed, report


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_configurations_repeat_the_layer(layer, shape, out):
    config = layer.get_config()
    again = type(layer).from_config(config)
    assert again.get_config() == config
    x = counted(*shape)
    np.testing.assert_array_equal(again(x), layer(x))


@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_empty_batches_go_back_too(layer, shape, out):
    layer.forward(np.zeros((0, *shape[1:])))
    assert layer.backward(np.zeros((0, *out[1:]))).shape == (0, *shape[1:])


@pytest.mark.parametrize(
    ("layer", "shape", "out"),
    [
        (Flatten(), (None, None, 4), (None, None)),
        (Reshape((-1, 2)), (None, None, 4), (None, None, 2)),
        (Reshape((4, 2)), (5, None), (5, 4, 2)),
        (Permute((2, 1)), (None, None, 4), (None, 4, None)),
        (ZeroPadding2D(1), (None, None, 4, 1), (None, None, 6, 1)),
        (UpSampling2D(2), (None, 3, None, 1), (None, 6, None, 1)),
        (UpSampling2D(2, "channels_first"), (None, 1, None, 3), (None, 1, None, 6)),
    ],
)
def test_unknown_lengths_stay_unknown(layer, shape, out):
    assert layer.compute_output_shape(shape) == out


# -- by example -------------------------------------------------------------------------------------------------------


def test_flatten_goes_row_by_row_with_the_channels_of_a_pixel_together():
    assert Flatten()(counted(1, 2, 2, 2)).tolist() == [[1, 2, 3, 4, 5, 6, 7, 8]]


def test_flatten_gives_the_same_for_both_data_formats():
    x = counted(2, 3, 4, 5)
    np.testing.assert_array_equal(Flatten("channels_first")(np.moveaxis(x, -1, 1)), Flatten()(x))


def test_reshape_keeps_the_order():
    assert Reshape((3, 2))(counted(1, 6)).tolist() == [[[1, 2], [3, 4], [5, 6]]]


def test_permute_exchanges_axes():
    assert Permute((2, 1))(counted(1, 2, 3)).tolist() == [[[1, 4], [2, 5], [3, 6]]]


def test_repeat_vector_adds_up_the_gradient():
    layer = RepeatVector(2)
    assert layer.forward([[1.0, 2]]).tolist() == [[[1, 2], [1, 2]]]
    assert layer.backward(np.array([[[1, 10], [100, 1000]]])).tolist() == [[101, 1010]]


def test_zero_padding_by_example():
    y = ZeroPadding2D(((1, 0), (0, 2)))(counted(1, 1, 2, 1))
    assert y[0, :, :, 0].tolist() == [[0, 0, 0, 0], [1, 2, 0, 0]]
    assert ZeroPadding2D(3).padding == ((3, 3), (3, 3))
    assert ZeroPadding2D((1, 2)).padding == ((1, 1), (2, 2))


def test_nearest_repeats_rows_and_columns():
    layer = UpSampling2D((1, 2))
    assert layer.forward(counted(1, 2, 2, 1))[0, :, :, 0].tolist() == [[1, 1, 2, 2], [3, 3, 4, 4]]
    assert layer.backward(counted(1, 2, 4, 1))[0, :, :, 0].tolist() == [[3, 7], [11, 15]]


def test_bilinear_goes_straight_from_centre_to_centre():
    y = UpSampling2D(2, interpolation="bilinear")(np.array([0.0, 4.0]).reshape(1, 1, 2, 1))
    assert y[0, :, :, 0].tolist() == [[0, 1, 3, 4], [0, 1, 3, 4]]
    y = UpSampling2D((1, 3), interpolation="bilinear", dtype="float64")(np.array([0.0, 3.0, 9]).reshape(1, 1, 3, 1))
    np.testing.assert_allclose(y[0, 0, :, 0], [0, 0, 1, 2, 3, 5, 7, 9, 9], atol=1e-12)


def test_bilinear_keeps_the_mean_of_the_gradient():
    layer = UpSampling2D((3, 2), interpolation="bilinear", dtype="float64")
    layer.forward(counted(1, 4, 5, 2))
    dy = np.random.default_rng(0).standard_normal((1, 12, 10, 2))
    np.testing.assert_allclose(layer.backward(dy).sum((1, 2)), dy.sum((1, 2)))


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_bilinear_leaves_straight_lines_straight(n, times, other):
    x = np.broadcast_to(np.arange(n, dtype=float)[:, None, None], (1, n, other, 1))
    y = UpSampling2D((times, 1), interpolation="bilinear", dtype="float64")(x)
    centres = (np.arange(n * times) + 0.5) / times - 0.5
    np.testing.assert_allclose(y[0, :, 0, 0], np.clip(centres, 0, n - 1), atol=1e-12)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
def test_size_1_changes_nothing(interpolation):
    x = counted(1, 3, 4, 2)
    np.testing.assert_array_equal(UpSampling2D(1, interpolation=interpolation)(x), x)


# -- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Flatten("NHWC"), "Flatten layer .*: data_format: expected 'channels_last' or 'channels_first'"),
        (lambda: Flatten()(1.0), "at least 1 axes"),
        (lambda: Reshape(3), "target_shape to be a tuple of lengths"),
        (lambda: Reshape((-1, -1)), "at most one of them -1"),
        (lambda: Reshape((-2, 3)), "target_shape"),
        (lambda: Reshape((2.0, 3)), "target_shape"),
        (lambda: Reshape((2, 3))(np.zeros((1, 5))), r"samples that fill the shape \(2, 3\), got samples of 5 numbers"),
        (lambda: Reshape((-1, 2))(np.zeros((1, 5))), "samples of 5 numbers"),
        (lambda: Reshape((-1, 0))(np.zeros((1, 5))), "samples of 5 numbers"),
        (lambda: Permute((0, 1)), "The batch axis, 0, stays"),
        (lambda: Permute((1, 3)), "the axes 1, 2, … in some order"),
        (lambda: Permute((1, 1)), "the axes 1, 2, … in some order"),
        (lambda: Permute((2, 1))(np.zeros((2, 3))), "expected 3 axes"),
        (lambda: RepeatVector(0), "n to be a positive integer, got 0"),
        (lambda: RepeatVector(True), "n to be a positive integer"),
        (lambda: RepeatVector(1.5), "n to be a positive integer"),
        (lambda: RepeatVector(2)(np.zeros((1, 2, 3))), "expected 2 axes"),
        (lambda: ZeroPadding2D(-1), "0 or more each, got -1"),
        (lambda: ZeroPadding2D((1, 2, 3)), "padding to be a number, a pair"),
        (lambda: ZeroPadding2D(((1, 2, 3), 1)), "padding to be a number, a pair"),
        (lambda: ZeroPadding2D(((1, 2), (1, 0.5))), "padding to be a number, a pair"),
        (lambda: ZeroPadding2D("12"), "padding to be a number, a pair"),
        (lambda: ZeroPadding2D()(np.zeros((1, 2, 3))), "expected 4 axes"),
        (lambda: UpSampling2D(0), "size: expected a positive integer"),
        (lambda: UpSampling2D((2, 2, 2)), "size: expected a positive integer, or 2 of them"),
        (lambda: UpSampling2D(interpolation="bicubic"), "'nearest' or 'bilinear', got 'bicubic'"),
    ],
)
def test_what_does_not_fit_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("layer", "shape", "out"), LAYERS, ids=IDS)
def test_the_layers_type_is_kept(layer, shape, out, dtype):
    layer = type(layer).from_config({**layer.get_config(), "dtype": dtype})
    y = layer.forward(np.ones(shape, int))
    assert (y.dtype, layer.backward(y).dtype) == (dtype, dtype)
