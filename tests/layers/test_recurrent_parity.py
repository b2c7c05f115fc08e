"""Recurrent layers against Keras: outputs, states, masks and every gradient, over their options."""

import inspect

import numpy as np
import pytest

from kerasedu import layers, parity
from kerasedu.layers import (
    GRU,
    LSTM,
    RNN,
    Bidirectional,
    Dense,
    GRUCell,
    LSTMCell,
    SimpleRNN,
    SimpleRNNCell,
    TimeDistributed,
)
from kerasedu.parity import oracle
from kerasedu.parity.check import title

pytestmark = pytest.mark.parity

LAYERS = [SimpleRNN, LSTM, GRU]
MASKS = {
    "no mask": None,
    "padded right": np.array([[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]], bool),
    "any pattern": np.array([[0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0]], bool),
}
FLAGS = ("return_sequences", "return_state", "go_backwards", "zero_output_for_mask")


def data(*shape, seed=0, dtype="float32"):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def make(layer_class, units=3, **options):
    """A layer with random biases: Keras's zeros would hide mistakes."""
    return layer_class(units, **{"bias_initializer": "random_normal", **options})


def states(layer_class, units=3):
    return [data(3, units, seed=k + 1) for k in range(2 if layer_class is LSTM else 1)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("number", range(0, 16, 3))
@pytest.mark.parametrize("layer_class", LAYERS, ids=lambda cls: cls.__name__)
def test_flags_and_masks(layer_class, number, mask, dtype):
    flags = {flag: bool(number >> bit & 1) for bit, flag in enumerate(FLAGS)}
    given = {"initial_state": states(layer_class)} if number % 2 else {}
    report = parity.check(make(layer_class, dtype=dtype, **flags), data(3, 4, 2), mask=MASKS[mask], **given)
    assert report.passed, report


@pytest.mark.parametrize(
    "layer",
    [
        make(SimpleRNN, activation="relu"),
        make(SimpleRNN, activation=None, use_bias=False),
        make(LSTM, unit_forget_bias=False),
        make(LSTM, activation="softsign", recurrent_activation="hard_sigmoid"),
        make(LSTM, activation="softmax", recurrent_activation="tanh", use_bias=False),
        make(GRU, reset_after=False),
        make(GRU, reset_after=False, use_bias=False),
        make(GRU, activation="gelu", recurrent_activation="softmax"),
        make(GRU, activation="elu", recurrent_activation="hard_sigmoid", reset_after=False),
        make(GRU, use_bias=False),
        make(LSTM, unroll=True, return_sequences=True),
        make(GRU, use_cudnn=False, return_sequences=True),
        make(LSTM, stateful=True, return_state=True),
        make(GRU, stateful=True, return_sequences=True),
        RNN(SimpleRNNCell(3), return_sequences=True, return_state=True),
        RNN(LSTMCell(3, activation="relu"), go_backwards=True, return_state=True),
        RNN(GRUCell(3, reset_after=False), zero_output_for_mask=True),
        RNN([GRUCell(3), LSTMCell(2), SimpleRNNCell(4)], return_sequences=True),
        RNN([LSTMCell(3), GRUCell(2)], return_state=True),
        RNN(LSTMCell(3), stateful=True),
        TimeDistributed(Dense(3, activation="softmax")),
    ],
    ids=title,
)
@pytest.mark.parametrize("mask", ["no mask", "any pattern"])
def test_other_options(layer, mask):
    calls = 2 if getattr(layer, "stateful", False) else 1
    report = parity.check(layer, data(3, 4, 2), mask=MASKS[mask], calls=calls)
    assert report.passed, report


@pytest.mark.parametrize("mode", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("sequences", [False, True], ids=["last", "sequences"])
@pytest.mark.parametrize("mask", ["no mask", "any pattern"])
def test_bidirectional(mask, sequences, mode):
    layer_class = {"concat": LSTM, "sum": GRU, "mul": SimpleRNN}.get(mode, LSTM)
    layer = Bidirectional(make(layer_class, return_sequences=sequences, return_state=sequences), merge_mode=mode)
    given = {"initial_state": states(layer_class) + states(layer_class)} if sequences else {}
    report = parity.check(layer, data(3, 4, 2), mask=MASKS[mask], **given)
    assert report.passed, report


def test_bidirectional_with_two_kinds_of_layers():
    layer = Bidirectional(make(GRU), backward_layer=make(SimpleRNN, 2, go_backwards=True))
    report = parity.check(layer, data(3, 4, 2))
    assert report.passed, report


@pytest.mark.parametrize(
    "layer",
    [
        make(SimpleRNN, dropout=0.3, recurrent_dropout=0.4, return_sequences=True),
        make(LSTM, dropout=0.3, return_sequences=True),
        make(LSTM, dropout=0.3, recurrent_dropout=0.4),
        make(GRU, dropout=0.3),
        make(GRU, dropout=0.3, recurrent_dropout=0.4, return_sequences=True),
        make(GRU, dropout=0.3, recurrent_dropout=0.4, reset_after=False),
    ],
    ids=lambda layer: f"{type(layer).__name__}-{layer.recurrent_dropout}",
)
def test_dropout_with_the_same_factors(layer):
    """Random numbers differ, so Keras's cell is given the factors that ours has drawn."""
    _, tf = oracle.load()
    x = data(3, 4, 2)
    y = layer.forward(x, training=True)
    dx = layer.backward(np.ones_like(y))

    twin = parity.translate.twin(layer)
    twin.build(x.shape)
    twin.set_weights(layer.get_weights())
    for name, factors in zip(("_dropout_mask", "_recurrent_dropout_mask"), layer.cell._factors[1]):
        per_gate = getattr(twin.cell, "dropout_mask_count", None)
        if factors is not None:
            setattr(twin.cell, name, [*map(tf.constant, factors)] if per_gate else tf.constant(factors[0]))
    tensor = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        expected = twin(tensor, training=True)
    slopes = tape.gradient(expected, [tensor, *twin.trainable_weights])
    assert np.allclose(y, expected, atol=1e-6)
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip([dx, *layer.grads], slopes, strict=True))


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell", "RNN"])
def test_arguments_have_keras_order_and_defaults(name):
    keras, _ = oracle.load()

    def arguments(cls):
        parameters = inspect.signature(cls.__init__).parameters.values()
        ours_alone = ("self", "activity_regularizer", "implementation", "kwargs")
        return [(p.name, p.default) for p in parameters if p.name not in ours_alone]

    assert arguments(getattr(layers, name)) == arguments(getattr(keras.layers, name))


def test_wrappers_and_others_have_keras_arguments():
    keras, _ = oracle.load()
    left_out = {"lora_rank", "lora_alpha", "quantization_config", "weights"}
    for name in ("Bidirectional", "TimeDistributed", "Embedding", "Masking", "StackedRNNCells"):
        ours, theirs = (inspect.signature(getattr(room, name).__init__).parameters for room in (layers, keras.layers))
        names = [key for key in theirs if key not in left_out]
        assert [key for key in ours if key not in left_out] == names, name
        assert [ours[key].default for key in names] == [theirs[key].default for key in names], name
