"""Masking: time steps that do not count."""

import numpy as np
import pytest

from kerasedu.layers import GRU, Embedding, Masking

X = np.array([[[1, 2], [0, 0], [0, 3]], [[0, 0], [0, 0], [7, 0]]], float)


def test_a_step_counts_if_any_feature_differs_from_the_mask_value():
    assert Masking().compute_mask(X).tolist() == [[True, False, True], [False, False, True]]
    assert Masking(mask_value=7).compute_mask(X).all()
    assert Masking(mask_value=3.0).compute_mask(np.full((1, 2, 2), 3)).tolist() == [[False, False]]


def test_masked_steps_become_zero_forwards_and_backwards():
    layer = Masking(mask_value=-1)
    x = np.array([[[-1, -1], [-1, 2]]])
    y = layer.forward(x)
    assert y.tolist() == [[[0, 0], [-1, 2]]] and y.dtype == "float32"
    assert layer.backward(np.full((1, 2, 2), 5)).tolist() == [[[0, 0], [5, 5]]]
    assert layer.grads == []


def test_an_earlier_mask_is_replaced():
    assert Masking().compute_mask(X, np.zeros((2, 3), bool)).tolist() == [[True, False, True], [False, False, True]]


def test_the_mask_makes_a_recurrent_layer_skip():
    layer, masking = GRU(2), Masking()
    y = layer(masking(X), mask=masking.compute_mask(X))
    assert np.allclose(y[0], layer(X[:1, [0, 2]])[0])


def test_the_mask_of_an_embedding_does_too():
    embedding, layer = Embedding(5, 3, mask_zero=True), GRU(2)
    words = np.array([[3, 4, 0, 0]])
    assert np.allclose(layer(embedding(words), mask=embedding.compute_mask(words)), layer(embedding(words[:, :2])))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_shape_and_type_stay(dtype):
    layer = Masking(dtype=dtype)
    y = layer.forward(np.ones((0, 3, 2)))
    assert y.shape == (0, 3, 2) == layer.compute_output_shape((0, 3, 2)) and y.dtype == dtype
    assert layer.backward(y).dtype == dtype


def test_configuration_makes_the_same_layer():
    config = Masking(mask_value=2.5).get_config()
    assert config["mask_value"] == 2.5 and Masking.from_config(config).get_config() == config
