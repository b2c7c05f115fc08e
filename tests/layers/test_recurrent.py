"""SimpleRNN, LSTM and GRU: what sequences, masks, directions, states and dropout do to output and gradients."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu.gradcheck import check_gradients
from kerasedu.layers import GRU, LSTM, Embedding, Input, SimpleRNN
from kerasedu.models import Model, Sequential

LAYERS = [SimpleRNN, LSTM, GRU]
every_layer = pytest.mark.parametrize("layer_class", LAYERS, ids=lambda cls: cls.__name__)


def data(*shape, seed=0, dtype="float64"):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def make(layer_class, **options):
    """A built layer of 3 units for 2 features, with random weights, biases too."""
    layer = layer_class(3, **{"dtype": "float64", **options})
    layer.build((None, None, 2))
    rng = np.random.default_rng(0)
    layer.set_weights([rng.normal(scale=0.5, size=w.shape) for w in layer.weights])
    return layer


def states_for(layer_class, batch=4, seed=7):
    return [data(batch, 3, seed=seed + k) for k in range(2 if layer_class is LSTM else 1)]


def flat(y):
    return [a for item in y for a in flat(item)] if isinstance(y, (list, tuple)) else [y]


# -- weights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "shapes"),
    [
        (SimpleRNN(3), [(2, 3), (3, 3), (3,)]),
        (LSTM(3), [(2, 12), (3, 12), (12,)]),
        (GRU(3), [(2, 9), (3, 9), (2, 9)]),
        (GRU(3, reset_after=False), [(2, 9), (3, 9), (9,)]),
        (LSTM(3, use_bias=False), [(2, 12), (3, 12)]),
    ],
    ids=str,
)
def test_weights_are_kernel_recurrent_kernel_and_bias(layer, shapes):
    layer.build((None, None, 2))
    assert [w.shape for w in layer.weights] == shapes
    assert [w.name for w in layer.weights] == ["kernel", "recurrent_kernel", "bias"][: len(shapes)]
    assert layer.weights[0].path == f"{layer.name}/{layer.cell.name}/kernel"
    assert layer.cell.kernel is layer.weights[0]


def test_the_forget_gate_of_an_lstm_starts_open():
    layer = LSTM(2)
    layer.build((None, None, 1))
    assert layer.cell.bias.value.tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    layer = LSTM(2, unit_forget_bias=False, bias_initializer="ones")
    layer.build((None, None, 1))
    assert layer.cell.bias.value.tolist() == [1] * 8
    layer = LSTM(2, bias_initializer="glorot_uniform")
    layer.build((None, None, 1))
    assert layer.cell.bias.value[2:4].tolist() == [1, 1]
    assert np.all(layer.cell.bias.value[[0, 1, 4, 5, 6, 7]] != 0)


@every_layer
def test_the_recurrent_kernel_starts_orthogonal(layer_class):
    layer = layer_class(4, seed=1)
    layer.build((None, None, 2))
    U = layer.cell.recurrent_kernel.value
    assert np.allclose(U @ U.T, np.eye(4), atol=1e-6)


@every_layer
def test_regularizers_and_constraints_reach_their_weights(layer_class):
    layer = layer_class(
        2,
        kernel_regularizer="l1",
        recurrent_regularizer="l2",
        bias_regularizer="l1",
        kernel_constraint="non_neg",
        recurrent_constraint="unit_norm",
        bias_constraint="max_norm",
    )
    layer.build((None, None, 2))
    assert [type(w.regularizer).__name__ for w in layer.weights] == ["L1", "L2", "L1"]
    assert [type(w.constraint).__name__ for w in layer.weights] == ["NonNeg", "UnitNorm", "MaxNorm"]


@every_layer
def test_a_frozen_layer_has_no_gradients_but_passes_them_on(layer_class):
    layer = make(layer_class)
    y = layer.forward(data(4, 5, 2))
    dx = layer.backward(np.ones_like(y))
    layer.trainable = False
    layer.forward(data(4, 5, 2))
    assert np.array_equal(layer.backward(np.ones_like(y)), dx)
    assert layer.grads == [] and layer.trainable_weights == []


# -- outputs ----------------------------------------------------------------------------------------------------------


def test_simple_rnn_adds_up_its_inputs_with_unit_weights():
    layer = SimpleRNN(1, activation=None, return_sequences=True)
    layer.build((None, None, 1))
    layer.set_weights([[[1.0]], [[1.0]], [0.0]])
    y = layer.forward([[[1.0], [2.0], [3.0], [4.0]]])
    assert y[0, :, 0].tolist() == [1, 3, 6, 10]
    assert layer.backward(np.ones_like(y))[0, :, 0].tolist() == [4, 3, 2, 1]
    dW, dU, db = layer.grads
    assert dW.item() == 1 * 4 + 2 * 3 + 3 * 2 + 4 * 1
    assert dU.item() == 1 * 3 + 3 * 2 + 6 * 1
    assert db.item() == 4 + 3 + 2 + 1


@every_layer
def test_the_last_output_ends_the_sequence_and_is_the_state(layer_class):
    last, sequence, state = (
        make(layer_class, **options) for options in ({}, {"return_sequences": True}, {"return_state": True})
    )
    x = data(4, 5, 2)
    y = last(x)
    assert y.shape == (4, 3) and y.dtype == "float64"
    assert np.array_equal(sequence(x)[:, -1], y)
    output, h, *c = state(x)
    assert np.array_equal(output, y) and np.array_equal(h, y)
    assert len(c) == (layer_class is LSTM)


@every_layer
def test_an_earlier_output_does_not_depend_on_later_inputs(layer_class):
    layer = make(layer_class, return_sequences=True)
    x = data(4, 5, 2)
    changed = x.copy()
    changed[:, 3:] += 1
    assert np.array_equal(layer(x)[:, :3], layer(changed)[:, :3])
    assert not np.allclose(layer(x)[:, 3], layer(changed)[:, 3])


@every_layer
@pytest.mark.parametrize("return_state", [False, True])
@pytest.mark.parametrize("return_sequences", [False, True])
def test_output_shape_is_known_beforehand(layer_class, return_sequences, return_state):
    layer = make(layer_class, return_sequences=return_sequences, return_state=return_state)
    shapes = layer.compute_output_shape((4, 5, 2))
    y = layer(data(4, 5, 2))
    assert (shapes if return_state else [shapes]) == [a.shape for a in flat(y)]
    assert flat(layer.compute_output_shape((None, None, 2)))[:1] == [None]


@every_layer
def test_unroll_and_use_cudnn_change_nothing(layer_class):
    x = data(4, 5, 2)
    options = {"unroll": True} if layer_class is SimpleRNN else {"unroll": True, "use_cudnn": False}
    assert np.array_equal(make(layer_class)(x), make(layer_class, **options)(x))


@every_layer
def test_go_backwards_reads_the_reversed_sequence(layer_class):
    x, mask = data(4, 5, 2), np.random.default_rng(1).random((4, 5)) < 0.6
    forwards, backwards = (make(layer_class, return_sequences=True, go_backwards=flag) for flag in (False, True))
    y = forwards.forward(x[:, ::-1], mask=mask[:, ::-1])
    assert np.array_equal(backwards.forward(x, mask=mask), y)
    dy = data(*y.shape, seed=1)
    assert np.array_equal(backwards.backward(dy), forwards.backward(dy)[:, ::-1])
    assert all(np.array_equal(a, b) for a, b in zip(backwards.grads, forwards.grads))


# -- gradients --------------------------------------------------------------------------------------------------------


@every_layer
@pytest.mark.parametrize("masked", [False, True], ids=["no mask", "mask"])
@pytest.mark.parametrize("given", [False, True], ids=["zero states", "initial states"])
@pytest.mark.parametrize("return_sequences", [False, True], ids=["last", "sequences"])
def test_gradients_agree_with_differences(layer_class, masked, given, return_sequences):
    layer = make(layer_class, return_sequences=return_sequences, return_state=given, go_backwards=masked and given)
    options = {"mask": np.random.default_rng(2).random((4, 5)) < 0.6} if masked else {}
    if given:
        options["initial_state"] = states_for(layer_class)
    result = check_gradients(layer, data(4, 5, 2), **options)
    assert result.passed, result


@pytest.mark.parametrize(
    "layer",
    [
        SimpleRNN(3, activation="softplus"),
        SimpleRNN(3, activation=None, use_bias=False),
        LSTM(3, activation="softsign", recurrent_activation="softmax"),
        LSTM(3, recurrent_activation="tanh", use_bias=False),
        GRU(3, activation="gelu", recurrent_activation="softplus"),
        GRU(3, reset_after=False),
        GRU(3, reset_after=False, use_bias=False, activation="softmax"),
    ],
    ids=str,
)
def test_gradients_agree_with_differences_for_any_activation(layer):
    layer.return_sequences = True
    mask = np.array([[1, 0, 1, 1, 0], [0, 1, 1, 0, 1], [0, 0, 0, 0, 0]], bool)
    result = check_gradients(layer, data(3, 5, 2), mask=mask)
    assert result.passed, result


@every_layer
def test_a_loss_on_the_last_step_reaches_the_first_input(layer_class):
    layer = make(layer_class)
    y = layer.forward(data(4, 5, 2))
    dx = layer.backward(np.ones_like(y))
    assert np.all(np.abs(dx[:, 0]).sum(axis=1) > 1e-6)


@every_layer
def test_gradients_of_several_outputs_add_up(layer_class):
    layer = make(layer_class, return_sequences=True, return_state=True)
    x = data(4, 5, 2)
    dys = [data(*a.shape, seed=k) for k, a in enumerate(layer.forward(x))]
    total = layer.backward(dys)
    parts = [layer.backward([dy if j == k else None for j, dy in enumerate(dys)]) for k in range(len(dys))]
    assert np.allclose(total, sum(parts))
    assert np.array_equal(layer.backward(dys[0]), parts[0])


@every_layer
def test_the_gradient_of_an_initial_state_follows_that_of_x(layer_class):
    layer = make(layer_class)
    states = states_for(layer_class)
    y = layer.forward(data(4, 5, 2), initial_state=states)
    gradients = layer.backward(np.ones_like(y))
    assert [g.shape for g in gradients] == [(4, 5, 2), *[(4, 3)] * len(states)]
    layer.forward(data(4, 5, 2))
    assert layer.backward(np.ones_like(y)).shape == (4, 5, 2)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_layer
def test_everything_stays_in_the_layers_dtype(layer_class, dtype):
    layer = layer_class(3, dtype=dtype, return_sequences=True, return_state=True)
    mask = np.array([[1, 0, 1], [0, 0, 1]])
    ys = layer.forward(data(2, 3, 2, dtype="float64"), mask=mask, initial_state=states_for(layer_class, 2))
    dx = layer.backward([np.ones_like(y) for y in ys])
    assert {a.dtype.name for a in [*ys, *dx, *layer.grads]} == {dtype}


# -- two ways to the same result --------------------------------------------------------------------------------------


@given(
    layer_class=st.sampled_from(LAYERS),
    flags=st.fixed_dictionaries(
        {
            name: st.booleans()
            for name in ("return_sequences", "return_state", "go_backwards", "zero_output_for_mask", "use_bias")
        }
    ),
    masked=st.booleans(),
    shape=st.tuples(st.integers(0, 3), st.integers(1, 5)),
    dropout=st.sampled_from([0, 0.4]),
    seed=st.integers(0, 99),
)
def test_all_steps_at_once_equal_the_cell_step_by_step(layer_class, flags, masked, shape, dropout, seed):
    batch, steps = shape
    x = data(batch, steps, 2, seed=seed)
    mask = np.random.default_rng(seed).random(shape) < 0.6 if masked else None
    states = states_for(layer_class, batch, seed)
    fused, stepwise = (layer_class(3, dtype="float64", dropout=dropout, seed=3, **flags) for _ in range(2))
    stepwise.is_fused = lambda training: False
    results = []
    for layer in (fused, stepwise):
        layer.build(x.shape)
        layer.set_weights([data(*w.shape, seed=k) for k, w in enumerate(layer.weights)])
        ys = flat(layer.forward(x, training=True, mask=mask, initial_state=states))
        dys = [data(*y.shape, seed=seed + k) for k, y in enumerate(ys)]
        results.append([*ys, *layer.backward(dys if flags["return_state"] else dys[0]), *layer.grads])
    assert fused.is_fused(True)
    assert all(np.allclose(a, b, atol=1e-12) for a, b in zip(*results, strict=True))


# -- masks ------------------------------------------------------------------------------------------------------------


@every_layer
def test_masked_steps_repeat_the_output_and_carry_the_state(layer_class):
    layer = make(layer_class, return_sequences=True, return_state=True)
    x = data(1, 6, 2)
    y, *states = layer(x, mask=[[True, True, False, False, True, False]])
    short, *short_states = layer(x[:, [0, 1, 4]])
    assert np.allclose(y, short[:, [0, 1, 1, 1, 2, 2]])
    assert all(np.allclose(a, b) for a, b in zip(states, short_states))


@every_layer
def test_outputs_before_the_first_step_are_zero_even_with_an_initial_state(layer_class):
    layer = make(layer_class, return_sequences=True)
    y = layer(data(1, 4, 2), mask=[[False, False, True, False]], initial_state=states_for(layer_class, 1))
    assert not y[:, :2].any() and y[:, 2].all()


@pytest.mark.parametrize("return_sequences", [False, True])
@every_layer
def test_a_sequence_that_is_masked_throughout_gives_zeros_and_keeps_its_state(layer_class, return_sequences):
    layer = make(layer_class, return_state=True, return_sequences=return_sequences)
    states = states_for(layer_class, 2)
    y, *last = layer.forward(data(2, 3, 2), mask=np.zeros((2, 3)), initial_state=states)
    assert not y.any()
    assert all(np.array_equal(a, b) for a, b in zip(last, states))
    dx, *d_states = layer.backward([np.ones_like(y), *states])
    assert not dx.any() and not any(g.any() for g in layer.grads)
    assert all(np.array_equal(a, b) for a, b in zip(d_states, states))


@pytest.mark.parametrize("return_sequences", [False, True])
@every_layer
def test_zero_output_for_mask_affects_outputs_not_states(layer_class, return_sequences):
    x, mask = data(2, 4, 2), np.array([[1, 0, 1, 0], [0, 1, 1, 1]], bool)
    plain = make(layer_class, return_sequences=return_sequences, return_state=True)
    zero = make(layer_class, return_sequences=return_sequences, return_state=True, zero_output_for_mask=True)
    y, *states = plain(x, mask=mask)
    y_zero, *states_zero = zero(x, mask=mask)
    seen = mask[..., None] if return_sequences else mask[:, -1:]
    assert np.array_equal(y_zero, y * seen)
    assert all(np.array_equal(a, b) for a, b in zip(states, states_zero))


@every_layer
def test_mask_may_be_numbers_or_a_column(layer_class):
    layer, x, mask = make(layer_class), data(4, 5, 2), np.random.default_rng(0).random((4, 5)) < 0.5
    y = layer(x, mask=mask)
    assert np.array_equal(layer(x, mask=mask.astype(int)), y)
    assert np.array_equal(layer(x, mask=mask[..., None]), y)
    assert np.array_equal(layer(x, mask=mask.tolist()), y)


def test_the_mask_goes_on_with_a_sequence_of_outputs():
    mask = np.array([[True, False]])
    assert LSTM(3).compute_mask(None, mask) is None
    assert LSTM(3, return_sequences=True, go_backwards=True).compute_mask(None, mask) is mask
    assert GRU(3, return_state=True).compute_mask(None, mask) == [None, None]
    output_mask, *of_states = LSTM(3, return_sequences=True, return_state=True).compute_mask(None, mask)
    assert output_mask is mask and of_states == [None, None]


# -- states -----------------------------------------------------------------------------------------------------------


@every_layer
def test_a_sequence_can_be_cut_if_the_states_are_handed_on(layer_class):
    layer = make(layer_class, return_state=True)
    x = data(4, 6, 2)
    y, *states = layer(x)
    _, *between = layer(x[:, :2])
    y_cut, *states_cut = layer(x[:, 2:], initial_state=between)
    assert np.allclose(y_cut, y)
    assert all(np.allclose(a, b) for a, b in zip(states_cut, states))


@every_layer
def test_a_stateful_layer_hands_them_on_itself(layer_class):
    layer, whole = make(layer_class, stateful=True), make(layer_class)
    x = data(4, 6, 2)
    assert layer.states is None
    first = layer(x[:, :2])
    assert np.allclose(layer(x[:, 2:]), whole(x))
    layer.reset_state()
    assert not any(state.any() for state in layer.states)
    assert np.array_equal(layer(x[:, :2]), first)


@every_layer
def test_gradients_of_a_stateful_layer_end_at_the_batch(layer_class):
    layer, plain = make(layer_class, stateful=True), make(layer_class)
    x = data(4, 6, 2)
    layer(x[:, :2])
    states = [state.copy() for state in layer.states]
    y = layer.forward(x[:, 2:])
    plain.forward(x[:, 2:], initial_state=states)
    assert np.array_equal(layer.backward(np.ones_like(y)), plain.backward(np.ones_like(y))[0])
    assert all(np.array_equal(a, b) for a, b in zip(layer.grads, plain.grads))


@every_layer
def test_given_states_come_before_kept_ones(layer_class):
    layer, plain = make(layer_class, stateful=True), make(layer_class)
    x, states = data(4, 6, 2), states_for(layer_class)
    layer(x)
    assert np.array_equal(layer(x, initial_state=states), plain(x, initial_state=states))


def test_kept_states_are_not_the_returned_arrays():
    layer = make(LSTM, stateful=True, return_state=True)
    y, h, c = layer(data(4, 6, 2))
    kept = [state.copy() for state in layer.states]
    y[...] = h[...] = c[...] = np.nan
    assert all(np.array_equal(a, b) for a, b in zip(layer.states, kept))


def test_changing_an_output_does_not_change_the_backward_pass():
    for options in ({}, {"return_sequences": True}):
        layer = make(GRU, **options)
        y = layer.forward(data(4, 6, 2))
        dx = layer.backward(np.ones_like(y))
        y[...] = np.nan
        assert np.array_equal(layer.backward(np.ones_like(y)), dx)


def test_one_state_may_come_without_a_list():
    layer, h = make(GRU), data(4, 3)
    assert np.array_equal(layer(data(4, 5, 2), initial_state=h), layer(data(4, 5, 2), initial_state=[h]))
    assert [state.shape for state in layer.get_initial_state(4)] == [(4, 3)]


# -- dropout ----------------------------------------------------------------------------------------------------------


@every_layer
def test_dropout_acts_in_training_only(layer_class):
    layer, plain = make(layer_class, dropout=0.5, recurrent_dropout=0.5), make(layer_class)
    x = data(4, 5, 2)
    assert np.array_equal(layer(x), plain(x))
    assert not np.allclose(layer(x, training=True), plain(x))


@every_layer
def test_dropout_drops_the_same_inputs_at_every_step(layer_class):
    """So a dropped feature leaves no trace of the whole sequence, and the others are scaled by 1 / (1 - rate)."""
    layer, plain = (
        make(layer_class, dropout=0.5, seed=0, return_sequences=True),
        make(layer_class, return_sequences=True),
    )
    x = data(6, 5, 2)
    y = layer.forward(x, training=True)
    dx = layer.backward(np.ones_like(y))
    factors = layer.cell._factors[1][0][0]
    assert set(np.unique(factors)) == {0, 2}
    assert np.allclose(y, plain.forward(x * factors[:, None]))
    assert np.allclose(dx, plain.backward(np.ones_like(y)) * factors[:, None])
    assert all(np.allclose(a, b) for a, b in zip(layer.grads, plain.grads))


def test_recurrent_dropout_drops_the_same_states_at_every_step():
    layer = SimpleRNN(3, activation=None, recurrent_dropout=0.5, seed=1, return_sequences=True, dtype="float64")
    layer.build((None, None, 2))
    x = data(4, 5, 2)
    y = layer(x, training=True)
    W, U, b = layer.get_weights()
    factors, h = layer.cell._factors[1][1][0], np.zeros((4, 3))
    assert set(np.unique(factors)) == {0, 2}
    for t in range(5):
        h = x[:, t] @ W + b + (h * factors) @ U
        assert np.allclose(y[:, t], h)


@pytest.mark.parametrize("layer_class", [LSTM, GRU])
def test_gates_have_factors_of_their_own_with_recurrent_dropout_or_implementation_1(layer_class):
    gates = 4 if layer_class is LSTM else 3
    for options, x_shape, h_shape in (
        ({"dropout": 0.5}, (1, 9, 2), None),
        ({"dropout": 0.5, "implementation": 1}, (gates, 9, 2), None),
        ({"dropout": 0.5, "recurrent_dropout": 0.5}, (gates, 9, 2), (gates, 9, 3)),
        ({"recurrent_dropout": 0.5}, None, (gates, 9, 3)),
    ):
        layer = make(layer_class, **options)
        layer(data(9, 2, 2), training=True)
        shapes = [None if factor is None else factor.shape for factor in layer.cell._factors[1]]
        assert shapes == [x_shape, h_shape]
        assert layer.is_fused(True) == (len(options) == 1 and "dropout" in options)


@pytest.mark.parametrize("layer_class", [LSTM, GRU])
def test_gradients_through_dropout_agree_with_differences(layer_class):
    layer = make(layer_class, dropout=0.4, recurrent_dropout=0.4, return_sequences=True)
    x, dy, rng = data(3, 4, 2), data(3, 4, 3, seed=1), np.random.default_rng(0)
    gates = 4 if layer_class is LSTM else 3
    factors = (x.shape[::2], (3, 3)), (rng.random((gates, 3, 2)), rng.random((gates, 3, 3)))
    layer.cell.reset_dropout_mask = lambda: setattr(layer.cell, "_factors", factors)

    layer.forward(x, training=True)
    dx, step = layer.backward(dy), 1e-6
    for i in np.ndindex(x.shape):
        moved = [x.copy(), x.copy()]
        moved[0][i] += step
        moved[1][i] -= step
        above, below = (np.vdot(dy, layer(m, training=True)) for m in moved)
        assert np.isclose(dx[i], (above - below) / (2 * step), atol=1e-7)


@every_layer
def test_dropout_is_drawn_anew_for_every_call_and_repeats_with_its_seed(layer_class):
    x = np.ones((20, 3, 2))
    one, other = (make(layer_class, dropout=0.5, seed=4) for _ in range(2))
    first, second = one(x, training=True), one(x, training=True)
    assert not np.allclose(first, second)
    assert np.array_equal(other(x, training=True), first) and np.array_equal(other(x, training=True), second)


def test_a_dropout_rate_of_1_drops_all_in_simple_rnn_and_nothing_in_lstm_and_gru():
    """Keras's convention, if it is one."""
    x = data(4, 5, 2)
    assert np.allclose(make(SimpleRNN, dropout=1.0)(x, training=True), make(SimpleRNN)(0 * x))
    for layer_class in (LSTM, GRU):
        assert np.array_equal(make(layer_class, dropout=1.0)(x, training=True), make(layer_class)(x))


@every_layer
def test_rates_are_brought_between_0_and_1(layer_class):
    layer = layer_class(2, dropout=-1, recurrent_dropout=7)
    assert (layer.dropout, layer.recurrent_dropout) == (0, 1)


# -- configuration ----------------------------------------------------------------------------------------------------


@every_layer
def test_configuration_makes_the_same_layer(layer_class):
    layer = layer_class(
        3, activation="relu", use_bias=False, kernel_regularizer="l2", dropout=0.1, return_sequences=True, name="a"
    )
    config = layer.get_config()
    assert "cell" not in config
    again = layer_class.from_config(json.loads(json.dumps(config)))
    assert again.get_config() == config
    assert (again.units, again.activation.__name__, again.name) == (3, "relu", "a")


def test_the_layer_answers_for_its_cell():
    layer = GRU(3, reset_after=False)
    assert (layer.units, layer.use_bias, layer.reset_after) == (3, True, False)
    with pytest.raises(AttributeError, match="'GRU' object has no attribute 'unit'"):
        _ = layer.unit


def test_stateful_and_others_are_repeated_by_repr():
    assert "units=3" in repr(LSTM(3)) and "stateful=True" in repr(LSTM(3, stateful=True))


# -- wrong arguments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [0, -1, 2.5, True, "3", None])
@every_layer
def test_units_is_a_positive_integer(layer_class, units):
    with pytest.raises(ValueError, match="expected units to be a positive integer"):
        layer_class(units)


@every_layer
def test_inputs_that_do_not_fit_are_refused_with_the_layers_name(layer_class):
    layer = make(layer_class, name="my_rnn")
    x = data(4, 5, 2)
    for wrong, message in (
        ({"x": data(4, 5)}, "3 axes"),
        ({"x": data(4, 5, 3)}, "axis -1 of length 2"),
        ({"x": data(4, 0, 2)}, "at least one time step"),
        ({"x": x, "mask": np.ones((5, 4))}, r"mask of shape \(4, 5\)"),
        ({"x": x, "mask": np.ones(4)}, r"mask of shape \(4, 5\)"),
        ({"x": x, "initial_state": states_for(layer_class, 3)}, r"states of shape \(4, 3\)"),
        ({"x": x, "initial_state": [*states_for(layer_class), data(4, 3)]}, r"states of shape \(4, 3\)"),
    ):
        with pytest.raises(ValueError, match=f"'my_rnn' expected .*{message}"):
            layer(**wrong)


@every_layer
def test_dy_of_another_shape_is_refused(layer_class):
    layer = make(layer_class, return_state=True)
    y, *states = layer.forward(data(4, 5, 2))
    for dy in (np.ones((4, 4)), [y, *states, y], [y, *[np.ones((3, 3))] * len(states)]):
        with pytest.raises(ValueError, match=r"expected dL/dy of shape \(4, 3\)"):
            layer.backward(dy)


def test_a_stateful_layer_keeps_its_batch_size():
    layer = make(GRU, stateful=True)
    layer(data(4, 5, 2))
    with pytest.raises(ValueError, match="batches of 4, as before, got a batch of 3"):
        layer(data(3, 5, 2))


def test_a_stateful_layer_built_for_a_batch_keeps_its_size_too():
    layer = GRU(3, stateful=True)
    layer(Input(batch_shape=(4, 5, 2)))
    assert [state.shape for state in layer.states] == [(4, 3)]
    with pytest.raises(ValueError, match="batches of 4"):
        layer(data(3, 5, 2))


def test_use_cudnn_has_three_values():
    with pytest.raises(ValueError, match="use_cudnn"):
        LSTM(3, use_cudnn="yes")


@every_layer
def test_inputs_are_not_changed_and_may_be_read_only_or_strided(layer_class):
    layer = make(layer_class, return_sequences=True, dropout=0.5)
    x, states, dy = data(4, 10, 2)[:, ::2], states_for(layer_class), data(4, 5, 3)[::-1]
    arrays = [x, *states, dy]
    kept = [a.copy() for a in arrays]
    for a in arrays:
        a.flags.writeable = False
    mask = np.eye(4, 5, dtype=bool)
    layer.forward(x, training=True, mask=mask, initial_state=states)
    layer.backward(dy)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, kept))
    assert np.array_equal(mask, np.eye(4, 5))


# -- in a graph -------------------------------------------------------------------------------------------------------


def test_an_encoder_hands_its_states_to_a_decoder():
    source, target = Input((5, 2)), Input((4, 2))
    outputs, h, c = LSTM(3, return_state=True, return_sequences=True)(source)
    decoded = LSTM(3, return_sequences=True)(target, initial_state=[h, c])
    summary = GRU(3)(outputs, initial_state=h)
    assert [t.shape for t in (outputs, h, c, decoded, summary)] == [
        (None, 5, 3),
        *[(None, 3)] * 2,
        (None, 4, 3),
        (None, 3),
    ]
    model = Model([source, target], [decoded, summary])
    result = check_gradients(model, [data(2, 5, 2), data(2, 4, 2)])
    assert result.passed, result


@every_layer
def test_a_mask_goes_through_a_stack_of_layers(layer_class):
    model = Sequential(
        [Input((4,)), Embedding(6, 3, mask_zero=True), layer_class(3, return_sequences=True), layer_class(2)]
    )
    words = np.array([[3, 5, 0, 0]])
    assert np.allclose(model(words), Sequential(model.layers)(words[:, :2]))
