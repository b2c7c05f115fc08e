"""Cells on their own, in RNN, stacked, and written by the reader."""

import numpy as np
import pytest

from kerasedu import ops
from kerasedu.gradcheck import check_gradients
from kerasedu.layers import GRU, LSTM, RNN, Cell, GRUCell, LSTMCell, SimpleRNN, SimpleRNNCell, StackedRNNCells

CELLS = [SimpleRNNCell, LSTMCell, GRUCell]
every_cell = pytest.mark.parametrize("cell_class", CELLS, ids=lambda cls: cls.__name__)


def data(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


class AverageCell(Cell):
    """output = x w and h' = (h + output) / 2: an output that is not the state, and one weight."""

    state_size = 2

    def build(self, input_shape):
        self.w = self.add_weight((input_shape[-1], 2), "glorot_uniform", "w")

    def call(self, x, states, training=False):
        output = x @ self.w.value
        return (output, [(states[0] + output) / 2]), x

    def call_backward(self, dy, cache):
        d_output, d_state = dy
        d_sum = d_output + d_state / 2
        return [d_sum @ self.w.value.T, d_state / 2], [cache.T @ d_sum]


class KerasCell(Cell):
    """As one writes it for Keras: call returns the output and the new states, and nothing else."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight((input_shape[-1], self.units), "ones", "kernel")
        self.recurrent_kernel = self.add_weight((self.units, self.units), "ones", "recurrent_kernel")

    def call(self, inputs, states):
        output = inputs @ self.kernel.value + states[0] @ self.recurrent_kernel.value
        return output, [output]


class Counter:
    """A cell that is no layer: it counts the steps, from 10."""

    state_size = 1

    def call(self, x, states):
        return states[0] + 1, states[0] + 1

    def get_initial_state(self, batch_size):
        return np.full((batch_size, 1), 10.0)


# -- one cell ---------------------------------------------------------------------------------------------------------


@every_cell
def test_a_cell_is_one_step(cell_class):
    cell = cell_class(3, dtype="float64")
    x, states = data(4, 2), cell.get_initial_state(4)
    states = [state + data(4, 3, seed=k) for k, state in enumerate(states)]
    output, new = cell(x, states)
    step = {SimpleRNNCell: ops.simple_rnn_step, LSTMCell: ops.lstm_step, GRUCell: ops.gru_step}[cell_class]
    expected = step(x, *states, *cell.get_weights())
    expected = list(expected) if isinstance(expected, tuple) else [expected]
    assert np.array_equal(output, expected[0])
    assert isinstance(new, list) and all(np.array_equal(a, b) for a, b in zip(new, expected, strict=True))


def test_one_state_as_an_array_comes_back_as_an_array():
    cell, h = GRUCell(3), np.zeros((4, 3), "float32")
    output, new = cell(data(4, 2), h)
    assert isinstance(new, np.ndarray) and np.array_equal(output, new)
    assert np.array_equal(cell(data(4, 2), [h])[1][0], new)


@every_cell
def test_a_cell_goes_backward_on_its_own(cell_class):
    cell = cell_class(3, dtype="float64")
    x, states = data(4, 2), [data(4, 3, seed=k) for k in (1, 2)][: 1 + (cell_class is LSTMCell)]
    _, new = cell.forward(x, states)
    dys = [data(4, 3, seed=k) for k in range(1 + len(new))]
    dx, *d_states = cell.backward(dys)

    def loss():
        output, new = cell(x, states)
        return sum(np.vdot(dy, a) for dy, a in zip(dys, [output, *new]))

    for array, gradient in zip(
        [x, *states, *(w.value for w in cell.weights)], [dx, *d_states, *cell.grads], strict=True
    ):
        i, step = (0,) * array.ndim, 1e-6
        kept = array[i]
        array[i] = kept + step
        above = loss()
        array[i] = kept - step
        below = loss()
        array[i] = kept
        assert np.isclose(gradient[i], (above - below) / (2 * step), atol=1e-7)


def test_gradients_of_a_cell_may_be_left_out():
    cell = LSTMCell(3, dtype="float64")
    output, _ = cell.forward(data(4, 2), cell.get_initial_state(4))
    with_zeros = cell.backward([np.ones_like(output), np.zeros((4, 3)), np.zeros((4, 3))])
    assert all(np.array_equal(a, b) for a, b in zip(cell.backward(np.ones_like(output)), with_zeros))
    assert all(np.array_equal(a, b) for a, b in zip(cell.backward([np.ones_like(output), None, None]), with_zeros))


def test_a_frozen_cell_has_no_gradients():
    cell = GRUCell(3, trainable=False)
    output, _ = cell.forward(data(4, 2), np.zeros((4, 3)))
    cell.backward(output)
    assert cell.grads == []


@every_cell
def test_dropout_of_a_cell_lasts_until_it_is_reset(cell_class):
    cell = cell_class(3, dropout=0.5, seed=0)
    x, states = np.ones((9, 4)), cell.get_initial_state(9)
    first, _ = cell(x, states, training=True)
    assert np.array_equal(cell(x, states, training=True)[0], first)
    cell.reset_dropout_mask()
    assert not np.array_equal(cell(x, states, training=True)[0], first)
    assert cell(x[:2], cell.get_initial_state(2), training=True)[0].shape == (2, 3)


@pytest.mark.parametrize("states", [[], [np.zeros((4, 3))], [np.zeros((4, 3)), np.zeros((3, 3))], None])
def test_states_that_do_not_fit_are_refused(states):
    with pytest.raises(ValueError, match=r"LSTMCell .* expected states of shape \(4, 3\), \(4, 3\), got .*two states"):
        LSTMCell(3)(data(4, 2), states)


@every_cell
def test_configuration_makes_the_same_cell(cell_class):
    cell = cell_class(3, activation="relu", dropout=0.2, name="a")
    again = cell_class.from_config(cell.get_config())
    assert again.get_config() == cell.get_config()
    assert (again.units, again.activation.__name__) == (3, "relu")


# -- in RNN -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "layer"),
    [
        (SimpleRNNCell(3, dtype="float64"), SimpleRNN(3, dtype="float64", return_sequences=True)),
        (LSTMCell(3, dtype="float64"), LSTM(3, dtype="float64", return_sequences=True)),
        (
            GRUCell(3, dtype="float64", reset_after=False),
            GRU(3, dtype="float64", reset_after=False, return_sequences=True),
        ),
    ],
    ids=["SimpleRNN", "LSTM", "GRU"],
)
def test_rnn_around_a_cell_is_the_layer_of_that_cell(cell, layer):
    rnn, x = RNN(cell, return_sequences=True), data(4, 5, 2)
    y = layer.forward(x)
    rnn.build(x.shape)
    rnn.set_weights(layer.get_weights())
    assert rnn.dtype == "float64"
    assert np.allclose(rnn.forward(x), y)
    assert np.allclose(rnn.backward(y), layer.backward(y))
    assert all(np.allclose(a, b) for a, b in zip(rnn.grads, layer.grads, strict=True))


def test_the_output_need_not_be_the_state():
    rnn = RNN(AverageCell(dtype="float64"), return_state=True, return_sequences=True)
    x = data(3, 4, 2)
    y, h = rnn(x)
    w = rnn.cell.w.value
    assert np.allclose(y, x @ w)
    assert np.allclose(h, sum((x[:, t] @ w) / 2 ** (4 - t) for t in range(4)))


@pytest.mark.parametrize("zero_output_for_mask", [False, True])
@pytest.mark.parametrize("return_sequences", [False, True])
def test_masks_work_for_any_cell(return_sequences, zero_output_for_mask):
    rnn = RNN(
        AverageCell(dtype="float64"),
        return_sequences=return_sequences,
        return_state=True,
        zero_output_for_mask=zero_output_for_mask,
    )
    x, mask = data(3, 5, 2), np.array([[0, 1, 0, 0, 1], [1, 0, 0, 1, 0], [0, 0, 0, 0, 0]], bool)
    y, _ = rnn(x, mask=mask)
    outputs = x @ rnn.cell.w.value
    source = np.array([[9, 1, 1, 1, 4], [0, 0, 0, 3, 3], [9, 9, 9, 9, 9]])  # 9: no step yet
    expected = np.array([[outputs[b, t] if t < 9 else [0, 0] for t in row] for b, row in enumerate(source)])
    if zero_output_for_mask:
        expected = expected * mask[..., None]
    assert np.allclose(y, expected if return_sequences else expected[:, -1])
    result = check_gradients(rnn, x, mask=mask, initial_state=[data(3, 2)])
    assert result.passed, result


def test_a_cell_written_for_keras_runs_but_has_no_derivative():
    rnn = RNN(KerasCell(2), return_state=True)
    y, h = rnn.forward(np.ones((1, 2, 3)))
    assert y.tolist() == [[9, 9]] and h.tolist() == [[9, 9]]
    assert [w.name for w in rnn.weights] == ["kernel", "recurrent_kernel"]
    with pytest.raises(ValueError, match="the cell KerasCell cannot go backward"):
        rnn.backward(y)


def test_a_cell_need_not_be_a_layer():
    rnn = RNN(Counter(), return_sequences=True)
    assert rnn(np.zeros((2, 3, 1)))[0, :, 0].tolist() == [11, 12, 13]
    assert rnn(np.zeros((2, 3, 1)), mask=[[1, 0, 1], [0, 0, 1]])[:, :, 0].tolist() == [[11, 11, 12], [0, 0, 11]]
    assert rnn.weights == []


def test_steps_may_have_more_axes():
    rnn = RNN(Counter(), return_sequences=True)
    assert rnn(np.zeros((2, 3, 4, 5))).shape == (2, 3, 1)


def test_rnn_needs_a_cell():
    for wrong in (3, np.zeros):
        with pytest.raises(ValueError, match="RNN expected a cell with 'call'"):
            RNN(wrong)
    with pytest.raises(ValueError, match="RNN expected a cell with 'state_size'"):
        RNN(LSTM(3))


def test_configuration_of_rnn_holds_its_cell():
    for rnn in (RNN(GRUCell(3)), RNN([GRUCell(3), LSTMCell(2)], return_state=True), RNN(AverageCell())):
        config = rnn.get_config()
        again = RNN.from_config(config)
        assert again.get_config() == config
        assert type(again.cell) is type(rnn.cell)


# -- stacked ----------------------------------------------------------------------------------------------------------


def test_stacked_cells_equal_stacked_layers():
    rnn = RNN([GRUCell(3, dtype="float64"), LSTMCell(2, dtype="float64")], return_sequences=True)
    first, second = GRU(3, dtype="float64", return_sequences=True), LSTM(2, dtype="float64", return_sequences=True)
    x = data(4, 5, 2)
    y = rnn.forward(x)
    second.build(first(x).shape)
    first.set_weights(rnn.get_weights()[:3])
    second.set_weights(rnn.get_weights()[3:])
    assert np.allclose(second.forward(first.forward(x)), y)
    assert np.allclose(first.backward(second.backward(y)), rnn.backward(y))
    assert all(np.allclose(a, b) for a, b in zip(rnn.grads, [*first.grads, *second.grads], strict=True))


def test_states_of_stacked_cells_are_nested_cell_by_cell():
    rnn = RNN([LSTMCell(3), GRUCell(2)], return_state=True)
    y, (h1, c1), h2 = rnn(data(4, 5, 2))
    assert [a.shape for a in (y, h1, c1, h2)] == [(4, 2), (4, 3), (4, 3), (4, 2)]
    assert rnn.compute_output_shape((4, 5, 2)) == [(4, 2), [(4, 3), (4, 3)], (4, 2)]
    assert rnn.compute_mask(None, np.ones((4, 5))) == [None, None, None]
    nested = rnn(data(4, 5, 2), initial_state=[[h1, c1], h2])
    assert np.array_equal(rnn(data(4, 5, 2), initial_state=[h1, c1, h2])[0], nested[0])


@pytest.mark.parametrize("masked", [False, True])
def test_gradients_of_stacked_cells_agree_with_differences(masked):
    rnn = RNN([LSTMCell(3), AverageCell(), GRUCell(2)])
    mask = np.random.default_rng(0).random((3, 4)) < 0.6 if masked else None
    states = [data(3, n, seed=k) for k, n in enumerate((3, 3, 2, 2))]
    result = check_gradients(rnn, data(3, 4, 2), mask=mask, initial_state=states)
    assert result.passed, result


def test_a_frozen_cell_in_a_stack_is_left_out():
    rnn = RNN([GRUCell(3, trainable=False), GRUCell(2)])
    y = rnn.forward(data(4, 5, 2))
    rnn.backward(y)
    assert len(rnn.grads) == len(rnn.trainable_weights) == 3 and len(rnn.weights) == 6


def test_dropout_of_stacked_cells_is_drawn_anew_for_every_call():
    rnn = RNN([GRUCell(3, dropout=0.5), LSTMCell(3, recurrent_dropout=0.5)])
    x = np.ones((9, 4, 2))
    assert np.array_equal(rnn(x), rnn(x))
    assert not np.array_equal(rnn(x, training=True), rnn(x, training=True))


def test_stacked_cells_are_a_cell():
    cells = StackedRNNCells([LSTMCell(3), GRUCell(2)])
    assert cells.state_size == [[3, 3], 2] and cells.output_size == 2
    states = cells.get_initial_state(4)
    output, ((h1, _), h2) = cells.forward(data(4, 2), states)
    assert h1.shape == (4, 3) and np.array_equal(output, h2)
    assert [a.shape for a in cells.backward(output)] == [(4, 2), (4, 3), (4, 3), (4, 2)]
    assert StackedRNNCells.from_config(cells.get_config()).state_size == [[3, 3], 2]


def test_states_of_stacked_cells_are_for_arrays_only():
    from kerasedu.layers import Input

    with pytest.raises(ValueError, match="a layer for each cell"):
        RNN([LSTMCell(3), GRUCell(2)], return_state=True)(Input((5, 2)))
    assert RNN([LSTMCell(3), GRUCell(2)])(Input((5, 2))).shape == (None, 2)
