"""Bidirectional: two layers, one of which reads from the end."""

import numpy as np
import pytest

from kerasedu.gradcheck import check_gradients
from kerasedu.layers import GRU, LSTM, RNN, Bidirectional, Dense, GRUCell, SimpleRNN

MERGES = {
    "concat": lambda a, b: np.concatenate([a, b], axis=-1),
    "sum": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "ave": lambda a, b: (a + b) / 2,
}
MASK = np.array([[1, 1, 0, 1, 0], [0, 1, 1, 1, 1], [0, 0, 0, 0, 0], [1, 1, 1, 0, 0]], bool)


def data(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("mode", MERGES)
def test_outputs_are_merged_in_the_order_of_the_input(mode, return_sequences):
    layer = Bidirectional(LSTM(3, return_sequences=return_sequences, dtype="float64"), merge_mode=mode)
    x = data(4, 5, 2)
    y = layer(x)
    forwards = LSTM(3, return_sequences=return_sequences, dtype="float64")
    forwards.build(x.shape)
    forwards.set_weights(layer.get_weights()[:3])
    one = forwards(x)
    forwards.set_weights(layer.get_weights()[3:])
    other = forwards(x[:, ::-1])
    assert np.allclose(y, MERGES[mode](one, other[:, ::-1] if return_sequences else other))
    assert layer.compute_output_shape(x.shape) == y.shape
    assert y.dtype == "float64"


def test_without_a_merge_mode_there_are_two_outputs_and_then_the_states():
    layer = Bidirectional(LSTM(3, return_sequences=True, return_state=True), merge_mode=None)
    outputs = layer(data(4, 5, 2))
    assert [a.shape for a in outputs] == [(4, 5, 3)] * 2 + [(4, 3)] * 4
    assert layer.compute_output_shape((4, 5, 2)) == [a.shape for a in outputs]
    y, z, h, _, h_backward, _ = outputs
    assert np.array_equal(y[:, -1], h) and np.array_equal(z[:, 0], h_backward)


@pytest.mark.parametrize("given", [False, True], ids=["zero states", "initial states"])
@pytest.mark.parametrize("masked", [False, True], ids=["no mask", "mask"])
@pytest.mark.parametrize("mode", [*MERGES, None])
@pytest.mark.parametrize("return_sequences", [False, True], ids=["last", "sequences"])
def test_gradients_agree_with_differences(return_sequences, mode, masked, given):
    layer = Bidirectional(GRU(2, return_sequences=return_sequences, return_state=given), merge_mode=mode)
    options = {"mask": MASK} if masked else {}
    if given:
        options["initial_state"] = [data(4, 2, seed=1), data(4, 2, seed=2)]
    result = check_gradients(layer, data(4, 5, 2), **options)
    assert result.passed, result


def test_initial_states_are_those_of_the_forward_layer_then_of_the_backward_layer():
    layer, states = Bidirectional(LSTM(3)), [data(4, 3, seed=k) for k in range(4)]
    x = data(4, 5, 2)
    y = layer(x, initial_state=states)
    assert np.allclose(y[:, :3], layer.forward_layer(x, initial_state=states[:2]))
    assert np.allclose(y[:, 3:], layer.backward_layer(x, initial_state=states[2:]))


def test_masked_outputs_of_a_sequence_are_zero():
    layer = Bidirectional(GRU(3, return_sequences=True))
    y = layer(data(4, 5, 2), mask=MASK)
    assert not y[~MASK].any() and y[MASK].all()
    assert layer.compute_mask(data(4, 5, 2), MASK) is MASK


def test_masks_fit_the_outputs():
    x = data(4, 5, 2)
    assert Bidirectional(GRU(3)).compute_mask(x, MASK) is None
    one, other = Bidirectional(GRU(3, return_sequences=True), merge_mode=None).compute_mask(x, MASK)
    assert one is MASK and other is MASK
    layer = Bidirectional(GRU(3, return_state=True, return_sequences=True))
    assert [mask is MASK for mask in layer.compute_mask(x, MASK)] == [True, False, False]
    assert layer.compute_mask(x, MASK)[1:] == [None, None]


def test_the_two_layers_are_new_ones():
    inner = LSTM(3, name="words")
    inner.build((None, None, 2))
    layer = Bidirectional(inner)
    layer.build((None, None, 2))
    assert [one.name for one in (layer.forward_layer, layer.backward_layer)] == ["forward_words", "backward_words"]
    assert (layer.forward_layer.go_backwards, layer.backward_layer.go_backwards) == (False, True)
    assert not {id(w) for w in inner.weights} & {id(w) for w in layer.weights}
    assert layer.weights[0].path == f"{layer.name}/forward_words/lstm_cell/kernel"
    assert len({w.path for w in layer.weights}) == 6


def test_the_backward_layer_may_differ():
    layer = Bidirectional(GRU(3), backward_layer=SimpleRNN(2, go_backwards=True))
    assert layer(data(4, 5, 2)).shape == (4, 5) == layer.compute_output_shape((4, 5, 2))
    result = check_gradients(layer, data(4, 5, 2))
    assert result.passed, result


def test_any_recurrent_layer_will_do():
    assert Bidirectional(RNN([GRUCell(3), GRUCell(2)]))(data(4, 5, 2)).shape == (4, 4)


def test_configuration_makes_the_same_layer():
    layer = Bidirectional(LSTM(3, return_sequences=True), merge_mode="ave", name="both")
    config = layer.get_config()
    again = Bidirectional.from_config(config)
    assert again.get_config() == config
    assert again.backward_layer.go_backwards and again.merge_mode == "ave"


def test_stateful_layers_keep_the_states_of_both_directions():
    layer = Bidirectional(GRU(3, stateful=True))
    x = data(4, 5, 2)
    assert layer.states is None
    first = layer(x)
    assert np.array_equal(np.concatenate(layer.states, axis=1), first)
    assert not np.allclose(layer(x), first)
    layer.reset_state()
    assert np.array_equal(layer(x), first)


def test_training_reaches_both_layers():
    layer = Bidirectional(GRU(3, dropout=0.5))
    x = np.ones((9, 4, 2))
    one, other = layer(x), layer(x, training=True)
    assert not np.allclose(one[:, :3], other[:, :3]) and not np.allclose(one[:, 3:], other[:, 3:])


def test_a_frozen_direction_is_left_out():
    layer = Bidirectional(GRU(3))
    y = layer.forward(data(4, 5, 2))
    layer.backward(y)
    everything = layer.grads
    layer.forward_layer.trainable = False
    layer.forward(data(4, 5, 2))
    layer.backward(y)
    assert len(layer.grads) == len(layer.trainable_weights) == 3
    assert all(np.array_equal(a, b) for a, b in zip(layer.grads, everything[3:]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer": 3}, "layer to be a recurrent layer, got 3"),
        ({"layer": Dense(3)}, "layer to be a recurrent layer"),
        ({"layer": LSTM(3), "backward_layer": "x"}, "backward_layer to be a recurrent layer, got 'x'"),
        ({"layer": LSTM(3), "merge_mode": "max"}, "merge_mode is one of .*, got 'max'"),
        ({"layer": LSTM(3, go_backwards=True)}, "both layers have go_backwards=True"),
        ({"layer": LSTM(3), "backward_layer": LSTM(3)}, "both layers have go_backwards=False"),
        (
            {"layer": LSTM(3), "backward_layer": LSTM(3, go_backwards=True, stateful=True)},
            "layer has stateful=False, backward_layer has stateful=True",
        ),
    ],
    ids=range(7),
)
def test_layers_that_do_not_go_together_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Bidirectional(**arguments)


def test_dy_of_another_shape_is_refused():
    layer = Bidirectional(GRU(3))
    layer.forward(data(4, 5, 2))
    with pytest.raises(ValueError, match=r"dL/dy of shape \(4, 6\)"):
        layer.backward(np.ones((4, 3)))
