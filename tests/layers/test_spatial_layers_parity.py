"""Convolution, pooling, padding, up-sampling and normalization layers against Keras: outputs, gradients, statistics."""

import numpy as np
import pytest

from kerasedu import parity
from kerasedu.layers import (
    AveragePooling1D,
    AveragePooling2D,
    BatchNormalization,
    Conv1D,
    Conv2D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    LayerNormalization,
    MaxPooling1D,
    MaxPooling2D,
    UpSampling2D,
    ZeroPadding2D,
)

pytestmark = pytest.mark.parity

SEQUENCES = np.random.default_rng(0).standard_normal((3, 7, 4))
IMAGES = np.random.default_rng(1).standard_normal((2, 7, 6, 4))
MASK = np.array([[1, 1, 1, 0, 0, 1, 0], [1, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1]], bool)
FIRST = {"data_format": "channels_first"}


def agrees(layer_class, *arguments, x, dtype, training=False, mask=None, calls=1, **options):
    layer = layer_class(*arguments, dtype=dtype, **options)
    report = parity.check(layer, x, training=training, mask=mask, calls=calls)
    assert report.passed, report


def pairs(*options):
    return pytest.mark.parametrize(
        "options", options, ids=lambda o: "-".join(f"{k}={v}" for k, v in o.items()) or "plain"
    )


both_types = pytest.mark.parametrize("dtype", ["float32", "float64"])


@both_types
@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
@pairs({}, {"strides": 2}, {"dilation_rate": 2}, {"groups": 2}, {"activation": "relu", "use_bias": False})
def test_conv1d(options, padding, dtype):
    agrees(Conv1D, 4, 3, padding=padding, x=SEQUENCES, dtype=dtype, bias_initializer="random_normal", **options)


@both_types
@pytest.mark.parametrize("padding", ["valid", "same"])
@pairs({}, {"strides": 2}, {"strides": (1, 3)}, {"dilation_rate": (2, 1)}, {"groups": 4}, {"activation": "softmax"})
def test_conv2d(options, padding, dtype):
    agrees(Conv2D, 4, (3, 2), padding=padding, x=IMAGES, dtype=dtype, bias_initializer="random_normal", **options)


@both_types
@pytest.mark.parametrize("padding", ["valid", "same"])
@pairs({}, {"pool_size": 3, "strides": 2}, {"strides": 1, **FIRST})
def test_pooling(options, padding, dtype):
    for layer_class in (MaxPooling1D, AveragePooling1D):
        agrees(layer_class, padding=padding, x=np.round(SEQUENCES), dtype=dtype, **options)
    for layer_class in (MaxPooling2D, AveragePooling2D):
        agrees(layer_class, padding=padding, x=np.round(IMAGES), dtype=dtype, **options)


@both_types
@pairs({}, {"keepdims": True}, FIRST, {"keepdims": True, **FIRST})
def test_global_pooling(options, dtype):
    for layer_class in (GlobalMaxPooling1D, GlobalAveragePooling1D):
        agrees(layer_class, x=np.round(SEQUENCES), dtype=dtype, **options)
    for layer_class in (GlobalMaxPooling2D, GlobalAveragePooling2D):
        agrees(layer_class, x=np.round(IMAGES), dtype=dtype, **options)
    x = np.moveaxis(SEQUENCES, -1, 1) if "data_format" in options else SEQUENCES
    agrees(GlobalAveragePooling1D, x=x, mask=MASK, dtype=dtype, **options)


@both_types
@pairs({}, {"padding": (0, 2)}, {"padding": ((1, 2), (3, 0))}, {"padding": 2, **FIRST})
def test_zero_padding(options, dtype):
    agrees(ZeroPadding2D, x=IMAGES, dtype=dtype, **options)


@both_types
@pairs({}, {"size": (3, 1)}, {"size": 2, **FIRST})
def test_up_sampling_repeats(options, dtype):
    agrees(UpSampling2D, x=IMAGES, dtype=dtype, **options)


@pairs({"size": 1}, {"size": (2, 3)}, {"size": (5, 1)}, {"size": 2, **FIRST})
def test_up_sampling_interpolates(options):
    """In float32 only: TensorFlow interpolates float64 images in float32 too."""
    agrees(UpSampling2D, interpolation="bilinear", x=IMAGES, dtype="float32", **options)


WEIGHTS = {"gamma_initializer": "random_normal", "beta_initializer": "random_normal"}


@both_types
@pytest.mark.parametrize("training", [False, True])
@pairs({}, {"axis": 1}, {"center": False}, {"scale": False}, {"momentum": 0.5, "epsilon": 0.1}, {"trainable": False})
def test_batch_normalization(options, training, dtype):
    agrees(BatchNormalization, x=IMAGES, dtype=dtype, training=training, **WEIGHTS, **options)


@both_types
@pairs({}, {"axis": 1}, {"momentum": 0.5})
def test_batch_normalization_with_masks(options, dtype):
    agrees(BatchNormalization, x=SEQUENCES, dtype=dtype, training=True, mask=MASK, **WEIGHTS, **options)
    agrees(BatchNormalization, x=SEQUENCES, dtype=dtype, mask=MASK, **WEIGHTS, **options)


@both_types
def test_moving_averages_over_several_calls(dtype):
    agrees(BatchNormalization, x=SEQUENCES, dtype=dtype, training=True, calls=5, momentum=0.8, **WEIGHTS)


@both_types
@pairs({}, {"axis": [1, 2]}, {"axis": (3, 1)}, {"center": False}, {"scale": False}, {"rms_scaling": True})
def test_layer_normalization(options, dtype):
    agrees(LayerNormalization, x=IMAGES, dtype=dtype, **WEIGHTS, **options)
