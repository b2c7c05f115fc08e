"""Training goes back no further than it has to, and the gradients are those of the whole way."""

import numpy as np
import pytest

import kerasedu
from kerasedu import layers


class Counted(layers.Dense):
    """A dense layer that counts how often its dL/dx was asked for."""

    asked = 0

    def linear_backward(self, dz, cache):
        self.asked += 1
        return super().linear_backward(dz, cache)


def stack(*middle):
    return kerasedu.Sequential([layers.Input((4, 3)), layers.Flatten(), Counted(5), *middle, Counted(2)])


def two_inputs():
    a, b = layers.Input((3,), name="a"), layers.Input((2,), name="b")
    left, right = layers.Dense(4, activation="tanh")(a), layers.Dense(4)(b)
    shared = layers.Dense(3)
    both = layers.Concatenate()([shared(layers.Add()([left, right])), shared(left), a])
    return kerasedu.Model([a, b], [layers.Dense(1)(both), layers.Softmax()(right)])


def arrays(shapes, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(6, *shape)).astype("float32") for shape in shapes]


def agree(model, x):
    y, cache = model.propagate(x, training=True)
    dy = [np.cos(part) for part in y] if isinstance(y, list) else np.cos(y)
    _, expected = model.backpropagate(dy, cache)
    gradients = model.weight_gradients(dy, cache)
    assert len(gradients) == len(model.trainable_weights)
    for got, wanted in zip(gradients, expected, strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_of_a_stack():
    agree(stack(), arrays([(4, 3)])[0])
    agree(kerasedu.Sequential([stack(), layers.Dense(3)]), arrays([(4, 3)])[0])
    agree(stack(layers.BatchNormalization()), arrays([(4, 3)])[0])


@pytest.mark.parametrize("frozen", [[0], [1], [0, 1], [2], [0, 2], [0, 1, 2, 3]])
def test_of_a_graph_with_frozen_layers(frozen):
    model = two_inputs()
    for number in frozen:
        [layer for layer in model.layers if layer.weights][number].trainable = False
    agree(model, arrays([(3,), (2,)]))


def test_of_models_that_do_not_learn():
    model = stack()
    model.trainable = False
    agree(model, arrays([(4, 3)])[0])
    agree(kerasedu.Sequential([layers.Input((4, 3)), layers.Flatten(), layers.ReLU()]), arrays([(4, 3)])[0])


def test_the_first_layer_s_input_gradient_is_not_computed():
    model = stack()
    model.compile("sgd", "mse")
    model.fit(arrays([(4, 3)])[0], np.ones((6, 2)), epochs=1, batch_size=6, verbose=0)
    assert [layer.asked for layer in model.layers if isinstance(layer, Counted)] == [0, 1]


def test_recurrent_and_convolutional_layers_in_front():
    x = arrays([(7, 3)])[0]
    for first in (layers.LSTM(2), layers.GRU(2), layers.SimpleRNN(2), layers.Conv1D(2, 3), layers.LayerNormalization()):
        agree(kerasedu.Sequential([layers.Input((7, 3)), first, layers.Flatten(), layers.Dense(2)]), x)
    agree(kerasedu.Sequential([layers.Bidirectional(layers.GRU(2)), layers.Dense(2)]), x)
    agree(kerasedu.Sequential([layers.TimeDistributed(layers.Dense(2)), layers.Flatten(), layers.Dense(2)]), x)


RECURRENT = {
    "all outputs, backwards": {"return_sequences": True, "go_backwards": True},
    "a dropped input": {"dropout": 0.5, "seed": 1},
    "step by step": {"activation": "relu"},
    "frozen": {"trainable": False},
}


@pytest.mark.parametrize("case", RECURRENT)
@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_a_recurrent_layer_in_front_whose_input_has_a_mask(kind, case):
    x = arrays([(7, 3)])[0]
    x[1, 4:] = x[2] = 0
    agree(kerasedu.Sequential([layers.Masking(), kind(2, **RECURRENT[case]), layers.Flatten(), layers.Dense(2)]), x)


@pytest.mark.parametrize("kind", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_the_first_recurrent_layer_s_input_gradient_is_not_computed(kind, monkeypatch):
    asked = []
    backward = kind.sequence_backward

    def spy(self, dhs, d_states, cache, with_dx):
        dx, *rest = backward(self, dhs, d_states, cache, with_dx)
        asked.append(dx is not None)
        return dx, *rest

    monkeypatch.setattr(kind, "sequence_backward", spy)
    model = kerasedu.Sequential([kind(2, return_sequences=True), kind(2), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(arrays([(7, 3)])[0], np.ones((6, 1)), epochs=1, batch_size=6, verbose=0)
    assert asked == [True, False]
