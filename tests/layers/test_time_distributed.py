"""TimeDistributed: one layer, every time step."""

import numpy as np
import pytest

from kerasedu.gradcheck import check_gradients
from kerasedu.layers import LSTM, Dense, Embedding, Layer, TimeDistributed


def data(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


class MaskedSum(Layer):
    """The sum of the features where the mask is True."""

    def call(self, x, training=False, mask=None):
        return x.sum(axis=-1, keepdims=True) * np.asarray(mask)[:, None], None


class Centred(Layer):
    """x minus its mean over the batch, twice that in training: the result depends on the other samples."""

    def call(self, x, training=False, mask=None):
        return (x - x.mean(axis=0)) * (2 if training else 1), None


def test_every_step_goes_through_the_layer():
    layer = TimeDistributed(Dense(3, activation="tanh", dtype="float64"))
    x = data(4, 5, 2)
    y = layer(x)
    assert y.shape == (4, 5, 3) == layer.compute_output_shape(x.shape) and y.dtype == "float64"
    for t in range(5):
        assert np.array_equal(y[:, t], layer.layer(x[:, t]))
    assert layer.compute_output_shape((None, None, 2)) == (None, None, 3)


def test_the_gradient_of_a_weight_is_the_sum_over_the_steps():
    layer = TimeDistributed(Dense(3, dtype="float64"))
    x, dy = data(4, 5, 2), data(4, 5, 3, seed=1)
    layer.forward(x)
    dx = layer.backward(dy)
    total = [0, 0]
    for t in range(5):
        layer.layer.forward(x[:, t])
        assert np.array_equal(layer.layer.backward(dy[:, t]), dx[:, t])
        total = [a + b for a, b in zip(total, layer.layer.grads)]
    assert all(np.allclose(a, b) for a, b in zip(layer.grads, total, strict=True))


@pytest.mark.parametrize("inner", [Dense(3, activation="softmax"), LSTM(2), TimeDistributed(Dense(2))], ids=str)
def test_gradients_agree_with_differences(inner):
    result = check_gradients(TimeDistributed(inner), data(3, 2, 4, 2))
    assert result.passed, result


def test_steps_are_taken_one_by_one():
    layer, x = TimeDistributed(Centred(dtype="float64")), data(4, 5, 2)
    assert np.allclose(layer(x), x - x.mean(axis=0))
    assert np.allclose(layer(x, training=True), 2 * (x - x.mean(axis=0)))


def test_each_step_gets_its_part_of_the_mask():
    x, mask = np.ones((3, 2, 4)), np.array([[False, True], [True, False], [True, True]])
    assert TimeDistributed(MaskedSum())(x, mask=mask)[..., 0].tolist() == [[0, 4], [4, 0], [4, 4]]
    assert TimeDistributed(Dense(2)).compute_mask(x, mask) is mask
    inner_mask = np.random.default_rng(0).random((3, 2, 4)) < 0.5
    lstm, x = TimeDistributed(LSTM(2, dtype="float64")), data(3, 2, 4, 2)
    assert np.allclose(lstm(x, mask=inner_mask)[:, 1], lstm.layer(x[:, 1], mask=inner_mask[:, 1]))


def test_whole_numbers_stay_whole():
    layer = TimeDistributed(Embedding(9, 2))
    x = np.arange(6).reshape(1, 2, 3)
    y = layer.forward(x)
    assert y.shape == (1, 2, 3, 2)
    assert not layer.backward(y).any()
    assert np.allclose(layer.grads[0][:6], y[0].reshape(6, 2))


def test_a_frozen_layer_inside_has_no_gradients():
    layer = TimeDistributed(Dense(3, trainable=False))
    y = layer.forward(data(4, 5, 2))
    layer.backward(y)
    assert layer.grads == []


def test_empty_batches_pass():
    layer = TimeDistributed(Dense(3))
    y = layer.forward(np.zeros((0, 5, 2)))
    assert y.shape == (0, 5, 3) and layer.backward(y).shape == (0, 5, 2)


def test_configuration_holds_the_layer():
    layer = TimeDistributed(Dense(3, activation="relu"))
    again = TimeDistributed.from_config(layer.get_config())
    assert again.get_config() == layer.get_config() and again.layer.units == 3


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="TimeDistributed expected a layer, got 3"):
        TimeDistributed(3)
    with pytest.raises(ValueError, match="expected at least 3 axes"):
        TimeDistributed(Dense(3))(data(4, 5))
    with pytest.raises(ValueError, match="expected at least one time step"):
        TimeDistributed(Dense(3))(data(4, 0, 5))
    for mask in (np.ones((4, 6)), np.ones((3, 5)), np.ones(4)):
        with pytest.raises(ValueError, match=r"expected a mask of shape \(4, 5\)"):
            TimeDistributed(Dense(3))(data(4, 5, 2), mask=mask)
