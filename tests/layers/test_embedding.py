"""Embedding: rows of a table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from kerasedu.layers import Embedding


def make(**options):
    layer = Embedding(4, 2, **options)
    layer.build((None, None))
    layer.set_weights([[[0, 1], [10, 11], [20, 21], [30, 31]]])
    return layer


def test_each_number_becomes_its_row():
    y = make()([[3, 0], [1, 3]])
    assert y.tolist() == [[[30, 31], [0, 1]], [[10, 11], [30, 31]]]
    assert y.dtype == "float32"
    assert make(dtype="float64")([[1]]).dtype == "float64"


@given(arrays(np.int64, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4), elements=st.integers(0, 3)))
def test_any_shape_gets_one_axis_more(x):
    y = make()(x)
    assert y.shape == (*x.shape, 2) == make().compute_output_shape(x.shape)
    assert np.array_equal(y[..., 0], 10 * x)


def test_a_row_taken_several_times_gathers_all_its_gradients():
    layer = make(dtype="float64")
    layer.forward([[1, 1, 3], [1, 0, 0]])
    dx = layer.backward(np.arange(12.0).reshape(2, 3, 2))
    assert layer.grads[0].tolist() == [[8 + 10, 9 + 11], [0 + 2 + 6, 1 + 3 + 7], [0, 0], [4, 5]]
    assert dx.shape == (2, 3) and not dx.any()


@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8", "uint64", "bool", "float32", "float64"])
def test_whole_numbers_of_any_type_will_do(dtype):
    assert make()(np.array([1, 0], dtype)).tolist() == [[10, 11], [0, 1]]


def test_fractions_are_cut_off():
    assert make()([1.9, 0.2, 3.5])[:, 0].tolist() == [10, 0, 30]


@pytest.mark.parametrize("wrong", [4, -1, 100, 4.0, -1.5, np.nan, np.inf])
def test_numbers_outside_the_table_are_refused(wrong):
    with pytest.raises(ValueError, match=rf"Embedding .* expected numbers from 0 to 3, got {wrong}.*input_dim"):
        make()([[0, wrong]])


def test_words_are_refused():
    with pytest.raises(ValueError, match="expected whole numbers, got dtype <U3"):
        make()([["the", "cat"]])


def test_zero_is_padding_if_asked_for():
    x = np.array([[1, 0, 2]])
    assert make(mask_zero=True).compute_mask(x).tolist() == [[True, False, True]]
    assert make().compute_mask(x) is None
    assert make().compute_mask(x, np.ones((1, 3), bool)) is None
    assert make(mask_zero=True).supports_masking and not make().supports_masking


def test_the_table_can_be_given():
    table = np.arange(8.0).reshape(4, 2)
    for weights in (table, [table], table.tolist()):
        layer = Embedding(4, 2, weights=weights)
        assert np.array_equal(layer.get_weights()[0], table)
        assert np.array_equal(layer(2), [4, 5])


def test_the_table_starts_small_and_uniform():
    layer = Embedding(100, 50)
    layer.build(None)
    E = layer.embeddings.value
    assert -0.05 <= E.min() < -0.049 and 0.049 < E.max() <= 0.05 and abs(E.mean()) < 2e-3
    assert layer.weights[0].name == "embeddings"


def test_regularizer_and_constraint_reach_the_table():
    layer = Embedding(3, 2, embeddings_regularizer="l2", embeddings_constraint="non_neg")
    layer.build(None)
    assert type(layer.embeddings.regularizer).__name__ == "L2"
    assert type(layer.embeddings.constraint).__name__ == "NonNeg"


def test_configuration_makes_the_same_layer():
    layer = Embedding(4, 2, mask_zero=True, weights=np.zeros((4, 2)))
    config = layer.get_config()
    assert "weights" not in config
    again = Embedding.from_config(config)
    assert again.get_config() == config and again.mask_zero


@pytest.mark.parametrize("size", [0, -3, 2.0, True, None])
def test_sizes_are_positive_integers(size):
    with pytest.raises(ValueError, match="input_dim to be a positive integer"):
        Embedding(size, 2)
    with pytest.raises(ValueError, match="output_dim to be a positive integer"):
        Embedding(2, size)


def test_inputs_are_not_changed():
    x = np.array([[1, 2]])
    x.flags.writeable = False
    layer = make()
    layer.backward(layer.forward(x))
    assert x.tolist() == [[1, 2]]
