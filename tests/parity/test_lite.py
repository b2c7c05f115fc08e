"""A model as LiteRT runs it: in float32 the same numbers, in int8 nearly so, with the scales of the formulas."""

import numpy as np
import pytest

import kerasedu
from kerasedu import layers, parity
from kerasedu.parity.lite import LiteModel

pytestmark = pytest.mark.parity
X = np.random.default_rng(0).uniform(size=(40, 6)).astype("float32")


@pytest.fixture(scope="module")
def model():
    kerasedu.set_random_seed(0)
    return kerasedu.Sequential([layers.Input((6,)), layers.Dense(5, "relu"), layers.Dense(3, "softmax")])


@pytest.fixture(scope="module")
def exported(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lite") / "model"
    parity.to_keras(model).export(folder, verbose=False)
    return folder


def test_in_float32_it_gives_the_same_numbers(model, exported):
    np.testing.assert_allclose(LiteModel(exported).answer(X), model(X), atol=1e-6)


def test_in_int8_pixels_go_in_and_probabilities_come_out_as_whole_numbers(model, exported):
    lite = LiteModel(exported, "int8", X)
    scale, zero_point = lite.input_quantization
    q = np.clip(np.round(X / scale) + zero_point, -128, 127).astype("int8")
    probabilities = (lite.answer(q).astype(int) + 128) / 256  # softmax: scale 1/256, zero point -128
    np.testing.assert_allclose(probabilities, model(X), atol=0.03)


def test_the_kernel_has_a_scale_for_each_unit(model, exported):
    kernel = model.get_weights()[0]
    scales = LiteModel(exported, "int8", X).kernel_scales(5, 6)
    np.testing.assert_allclose(scales, np.abs(kernel).max(axis=0) / 127, rtol=1e-6)


def test_it_says_what_is_missing(exported):
    with pytest.raises(ValueError, match="form is one of float32, int8 weights, int8, got 'int4'"):
        LiteModel(exported, "int4")
    with pytest.raises(ValueError, match="give some inputs"):
        LiteModel(exported, "int8")
