"""Recurrent steps against their formulas, back-propagation through time against differences, fast form against loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import ops
from kerasedu.ops.recurrence.gates import Function

STEPS = {
    "simple_rnn": (ops.simple_rnn_step, ops.simple_rnn_step_backward, {}),
    "lstm": (ops.lstm_step, ops.lstm_step_backward, {}),
    "gru": (ops.gru_step, ops.gru_step_backward, {}),
    "gru_reset_before": (ops.gru_step, ops.gru_step_backward, {"reset_after": False}),
}
SEQUENCES = {
    "simple_rnn": (ops.simple_rnn_sequence, ops.simple_rnn_sequence_backward),
    "lstm": (ops.lstm_sequence, ops.lstm_sequence_backward),
    "gru": (ops.gru_sequence, ops.gru_sequence_backward),
}
GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3, "gru_reset_before": 3}
CUBE = Function(lambda z: z**3, lambda dy, z, y: 3 * z**2 * dy)
SQUARE = Function(lambda z: z**2, lambda dy, z, y: 2 * z * dy)
SOFTMAX = Function(ops.softmax, ops.softmax_backward)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def make(kind, seed=0, d=2, u=3, batch=4, bias=True, dtype="float64"):
    """x, the states in a list, and the weights W, U, b of one step."""
    rng = np.random.default_rng(seed)
    columns = GATES[kind] * u
    states = [rng.standard_normal((batch, u)).astype(dtype) for _ in range(2 if kind == "lstm" else 1)]
    shape = (2, columns) if kind == "gru" else (columns,)
    b = rng.standard_normal(shape).astype(dtype) if bias else None
    weights = [rng.standard_normal(s).astype(dtype) for s in ((d, columns), (u, columns))]
    return rng.standard_normal((batch, d)).astype(dtype), states, [*weights, b]


def as_list(result):
    return list(result) if isinstance(result, tuple) else [result]


def slope(f, array):
    """dL/darray for L = f(), by central differences; f reads ``array``."""
    gradient = np.zeros_like(array)
    for i in np.ndindex(array.shape):
        kept = array[i]
        array[i] = kept + 1e-6
        above = f()
        array[i] = kept - 1e-6
        gradient[i] = (above - f()) / 2e-6
        array[i] = kept
    return gradient


# -- one step, by its formula -----------------------------------------------------------------------------------------


def test_simple_rnn_step_is_a_dense_layer_of_input_and_state():
    x, (h,), (W, U, b) = make("simple_rnn")
    assert np.allclose(ops.simple_rnn_step(x, h, W, U, b), np.tanh(x @ W + h @ U + b))
    assert np.allclose(ops.simple_rnn_step(x, h, W, U), np.tanh(x @ W + h @ U))


def test_lstm_step_has_its_gates_in_the_order_i_f_g_o():
    x, (h, c), (W, U, b) = make("lstm")
    i, f, g, o = (x @ W[:, k : k + 3] + h @ U[:, k : k + 3] + b[k : k + 3] for k in (0, 3, 6, 9))
    carry = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    got_h, got_c = ops.lstm_step(x, h, c, W, U, b)
    assert np.allclose(got_c, carry)
    assert np.allclose(got_h, sigmoid(o) * np.tanh(carry))


def test_gru_step_resets_after_the_product_with_a_bias_of_its_own():
    x, (h,), (W, U, b) = make("gru")
    xz, xr, xg = (x @ W[:, k : k + 3] + b[0, k : k + 3] for k in (0, 3, 6))
    hz, hr, hg = (h @ U[:, k : k + 3] + b[1, k : k + 3] for k in (0, 3, 6))
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    assert np.allclose(ops.gru_step(x, h, W, U, b), z * h + (1 - z) * np.tanh(xg + r * hg))


def test_gru_step_can_reset_before_the_product():
    x, (h,), (W, U, b) = make("gru_reset_before")
    xz, xr, xg = (x @ W[:, k : k + 3] + b[k : k + 3] for k in (0, 3, 6))
    z, r = sigmoid(xz + h @ U[:, :3]), sigmoid(xr + h @ U[:, 3:6])
    expected = z * h + (1 - z) * np.tanh(xg + (r * h) @ U[:, 6:])
    assert np.allclose(ops.gru_step(x, h, W, U, b, reset_after=False), expected)


def test_the_two_grus_agree_where_the_reset_gate_is_open():
    x, (h,), (W, U, b) = make("gru_reset_before")
    b[3:6] = 50
    after = ops.gru_step(x, h, W, U, np.stack([b, np.zeros_like(b)]))
    assert np.allclose(after, ops.gru_step(x, h, W, U, b, reset_after=False))
    b[3:6] = 0
    assert not np.allclose(ops.gru_step(x, h, W, U, np.stack([b, 0 * b])), after)


def test_gru_keeps_its_state_where_the_update_gate_is_one():
    x, (h,), (W, U, b) = make("gru")
    b[:, :3] = 50
    assert np.allclose(ops.gru_step(x, h, W, U, b), h)


def test_lstm_carries_its_memory_unchanged_where_it_forgets_nothing_and_writes_nothing():
    x, (h, c), (W, U, b) = make("lstm")
    b[:3], b[3:6] = -80, 80
    assert np.allclose(ops.lstm_step(x, h, c, W, U, b)[1], c)


@pytest.mark.parametrize("kind", STEPS)
def test_activations_are_used_where_the_formula_has_them(kind):
    x, states, weights = make(kind, u=1, d=1, batch=1)
    step, _, options = STEPS[kind]
    linear = Function(lambda z: z, None)
    if kind == "simple_rnn":
        assert np.allclose(
            step(x, *states, *weights, activation=CUBE), step(x, *states, *weights, activation=linear) ** 3
        )
        return
    one = Function(np.ones_like, None)
    open_gates = as_list(step(x, *states, *weights, activation=linear, recurrent_activation=one, **options))
    W, U, b = weights
    if kind == "lstm":
        h, c = states
        candidate = x @ W[:, 2:3] + h @ U[:, 2:3] + b[2]
        assert np.allclose(open_gates, [c + candidate, c + candidate])
    else:
        assert np.allclose(open_gates, states)  # z = 1


# -- derivatives of one step ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no bias"])
@pytest.mark.parametrize("functions", ["usual", "softmax", "powers"])
@pytest.mark.parametrize("dropped", [None, "alike", "per gate"])
@pytest.mark.parametrize("kind", STEPS)
def test_step_backward_is_the_derivative(kind, dropped, functions, bias):
    x, states, weights = make(kind, bias=bias)
    if functions == "powers":
        weights = [w if w is None else 0.3 * w for w in weights]
    step, step_backward, options = STEPS[kind]
    rng = np.random.default_rng(1)
    if functions == "softmax":
        options = {**options, "activation": SOFTMAX}
    if functions == "powers":
        options = {**options, "activation": CUBE}
    if functions != "usual" and kind != "simple_rnn":
        options = {**options, "recurrent_activation": SOFTMAX if functions == "softmax" else SQUARE}
    if dropped:
        draws = 1 if dropped == "alike" else GATES[kind]
        options = {**options, "dropout": rng.random((draws, *x.shape))}
        options = {**options, "recurrent_dropout": rng.random((draws, *states[0].shape))}
    new = as_list(step(x, *states, *weights, **options))
    d_new = [rng.standard_normal(a.shape) for a in new]

    def loss():
        return sum(np.vdot(d, a) for d, a in zip(d_new, as_list(step(x, *states, *weights, **options))))

    arrays = [x, *states, *weights]
    slopes = step_backward(*d_new, *arrays, **options)
    assert len(slopes) == len(arrays)
    for array, gradient in zip(arrays, slopes):
        if array is None:
            assert gradient is None
        else:
            assert np.allclose(gradient, slope(loss, array), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", STEPS)
def test_dropout_meets_x_and_h_in_the_products_only(kind):
    x, states, weights = make(kind)
    step, _, options = STEPS[kind]
    zeros = np.zeros((GATES[kind], *x.shape)), np.zeros((GATES[kind], *states[0].shape))
    dropped = as_list(step(x, *states, *weights, dropout=zeros[0], recurrent_dropout=zeros[1], **options))
    no_products = [np.zeros_like(weights[0]), np.zeros_like(weights[1]), weights[2]]
    assert np.allclose(dropped, as_list(step(x, *states, *no_products, **options)))


@pytest.mark.parametrize("kind", ["lstm", "gru", "gru_reset_before"])
def test_dropout_of_one_gate_leaves_the_others_alone(kind):
    x, states, (W, U, b) = make(kind)
    step, _, options = STEPS[kind]
    for gate in range(GATES[kind]):
        factors, W_without, U_without = np.ones((GATES[kind], 1, 1)), W.copy(), U.copy()
        factors[gate] = 0
        W_without[:, 3 * gate : 3 * gate + 3] = U_without[:, 3 * gate : 3 * gate + 3] = 0
        dropped = step(x, *states, W, U, b, dropout=factors, recurrent_dropout=factors, **options)
        assert np.allclose(dropped, step(x, *states, W_without, U_without, b, **options))


# -- through time -----------------------------------------------------------------------------------------------------


def sequence(kind, steps=5, seed=0, **sizes):
    x, states, weights = make(kind, seed, **sizes)
    rng = np.random.default_rng(seed + 1)
    return rng.standard_normal((steps, *x.shape)).astype(x.dtype), states, weights


@pytest.mark.parametrize("kind", STEPS)
def test_through_time_feeds_the_state_back(kind):
    x, states, weights = sequence(kind, steps=3)
    step, _, options = STEPS[kind]
    hs, last = ops.through_time(step, x, states, *weights, **options)
    expected = states
    for t in range(3):
        expected = as_list(step(x[t], *expected, *weights, **options))
        assert np.array_equal(hs[t], expected[0])
    assert len(last) == len(states)
    assert all(np.array_equal(a, b) for a, b in zip(last, expected))


@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no bias"])
@pytest.mark.parametrize("kind", STEPS)
def test_through_time_backward_is_the_derivative(kind, bias):
    x, states, weights = sequence(kind, steps=4, batch=2, bias=bias)
    step, step_backward, options = STEPS[kind]
    rng = np.random.default_rng(3)
    dhs = rng.standard_normal((4, *states[0].shape))
    d_last = [rng.standard_normal(s.shape) for s in states]

    def loss():
        hs, last = ops.through_time(step, x, states, *weights, **options)
        return np.vdot(dhs, hs) + sum(np.vdot(d, s) for d, s in zip(d_last, last))

    dx, d_states, d_weights = ops.through_time_backward(
        step, step_backward, dhs, d_last, x, states, *weights, **options
    )
    for array, gradient in zip([x, *states, *weights], [dx, *d_states, *d_weights]):
        if array is None:
            assert gradient is None
        else:
            assert np.allclose(gradient, slope(loss, array), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", STEPS)
def test_a_loss_on_the_last_step_alone_has_a_gradient_at_the_first(kind):
    x, states, weights = sequence(kind)
    step, step_backward, options = STEPS[kind]
    dhs = np.zeros((5, *states[0].shape))
    dhs[-1] = 1
    dx, d_states, _ = ops.through_time_backward(
        step, step_backward, dhs, [np.zeros_like(s) for s in states], x, states, *weights, **options
    )
    assert np.all(np.abs(dx[0]).sum(axis=1) > 1e-8)
    assert all(np.all(np.abs(d).sum(axis=1) > 1e-8) for d in d_states)


@pytest.mark.parametrize("kind", STEPS)
def test_the_gradient_of_the_weights_is_the_sum_over_the_steps(kind):
    """Give every step weights of its own: their gradients add up to the gradient of the common ones."""
    x, states, weights = sequence(kind, steps=3)
    step, step_backward, options = STEPS[kind]
    dhs = np.random.default_rng(5).standard_normal((3, *states[0].shape))
    none = [np.zeros_like(s) for s in states]
    _, _, total = ops.through_time_backward(step, step_backward, dhs, none, x, states, *weights, **options)

    before = [states]
    for t in range(2):
        before.append(as_list(step(x[t], *before[t], *weights, **options)))
    parts, d = [], none
    for t in (2, 1, 0):
        d = [d[0] + dhs[t], *d[1:]]
        _, *rest = step_backward(*d, x[t], *before[t], *weights, **options)
        d = rest[: len(d)]
        parts.append(rest[len(d) :])
    for whole, *each in zip(total, *parts):
        assert np.allclose(whole, sum(each))


# -- all steps at once ------------------------------------------------------------------------------------------------


def run(kind, x, states, weights, mask=None):
    histories, cache = SEQUENCES[kind][0](x, *states, *weights, mask)
    return as_list(histories), cache


@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no bias"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", SEQUENCES)
def test_fast_form_equals_the_loop(kind, dtype, bias):
    x, states, weights = sequence(kind, steps=7, bias=bias, dtype=dtype)
    step, step_backward, _ = STEPS[kind]
    tolerance = {"rtol": 1e-4, "atol": 1e-5} if dtype == "float32" else {"rtol": 1e-11, "atol": 1e-12}
    histories, cache = run(kind, x, states, weights)
    hs, last = ops.through_time(step, x, states, *weights)
    assert all(history.dtype == dtype for history in histories)
    assert np.allclose(histories[0], hs, **tolerance)
    assert all(np.allclose(history[-1], s, **tolerance) for history, s in zip(histories, last))

    rng = np.random.default_rng(2)
    dhs = rng.standard_normal(hs.shape).astype(dtype)
    d_last = [rng.standard_normal(s.shape).astype(dtype) for s in states]
    dx, d_states, d_weights = ops.through_time_backward(step, step_backward, dhs, d_last, x, states, *weights)
    expected = [dx, *d_states, *d_weights]
    got = SEQUENCES[kind][1](dhs, *d_last, cache)
    assert len(got) == len(expected)
    for a, b in zip(got, expected):
        assert (a is None and b is None) or (a.dtype == dtype and a.shape == b.shape and np.allclose(a, b, **tolerance))


@pytest.mark.parametrize("kind", SEQUENCES)
def test_gradients_of_the_last_state_alone_may_come_without_the_others(kind):
    x, states, weights = sequence(kind)
    _, cache = run(kind, x, states, weights)
    d_last = [np.ones_like(s) for s in states]
    with_zeros = SEQUENCES[kind][1](np.zeros((5, *states[0].shape)), *d_last, cache)
    without = SEQUENCES[kind][1](None, *d_last, cache)
    assert all(np.allclose(a, b) for a, b in zip(with_zeros, without))


@pytest.mark.parametrize("kind", SEQUENCES)
def test_a_masked_step_does_not_happen(kind):
    """For each sample alone: the result is that of the sequence without its masked steps."""
    x, states, weights = sequence(kind, steps=6, batch=5)
    mask = np.random.default_rng(4).random((6, 5)) < 0.6
    mask[:, 0], mask[:, 1] = False, True
    histories, cache = run(kind, x, states, weights, mask)
    rng = np.random.default_rng(6)
    dhs = rng.standard_normal(histories[0].shape)
    d_last = [rng.standard_normal(s.shape) for s in states]
    dx, *rest = SEQUENCES[kind][1](dhs, *d_last, cache)
    d_states, d_weights = rest[: len(states)], rest[len(states) :]

    totals = [np.zeros_like(w) for w in weights]
    for sample in range(5):
        one, seen = slice(sample, sample + 1), mask[:, sample]
        own_states = [s[one] for s in states]
        assert np.array_equal(dx[~seen, sample], np.zeros_like(dx[~seen, sample]))
        if not seen.any():
            assert all(
                np.array_equal(h[:, one], np.broadcast_to(s[one], h[:, one].shape)) for h, s in zip(histories, states)
            )
            assert np.allclose(d_states[0][one], d_last[0][one] + dhs[:, one].sum(axis=0))
            assert all(np.array_equal(d[one], last[one]) for d, last in zip(d_states[1:], d_last[1:]))
            continue
        short, short_cache = run(kind, x[seen][:, one], own_states, weights)
        steps_so_far = np.cumsum(seen)
        for history, own, start in zip(histories, short, own_states):
            padded = np.concatenate([start[None], own])
            assert np.allclose(history[:, one], padded[steps_so_far])
        # the gradient of an output that masked steps repeat is the sum over the repetitions
        d_padded = np.zeros((seen.sum() + 1, *dhs[0, one].shape))
        np.add.at(d_padded, steps_so_far, dhs[:, one])
        d_short = SEQUENCES[kind][1](d_padded[1:], *(d[one] for d in d_last), short_cache)
        assert np.allclose(dx[seen][:, one], d_short[0])
        d_short_states = list(d_short[1 : 1 + len(states)])
        d_short_states[0] = d_short_states[0] + d_padded[0]
        assert all(np.allclose(d[one], own) for d, own in zip(d_states, d_short_states))
        totals = [total + own for total, own in zip(totals, d_short[1 + len(states) :])]
    assert all(np.allclose(d, total) for d, total in zip(d_weights, totals))


@pytest.mark.parametrize("kind", SEQUENCES)
def test_a_mask_of_ones_changes_nothing(kind):
    x, states, weights = sequence(kind)
    plain, cache = run(kind, x, states, weights)
    masked, masked_cache = run(kind, x, states, weights, np.ones((5, 4), bool))
    assert all(np.array_equal(a, b) for a, b in zip(plain, masked))
    d_last = [np.ones_like(s) for s in states]
    for a, b in zip(SEQUENCES[kind][1](None, *d_last, cache), SEQUENCES[kind][1](None, *d_last, masked_cache)):
        assert np.allclose(a, b)


@given(
    kind=st.sampled_from(sorted(SEQUENCES)),
    steps=st.integers(1, 4),
    batch=st.integers(0, 3),
    d=st.integers(1, 3),
    u=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_batch_entries_do_not_meet(kind, steps, batch, d, u, seed):
    x, states, weights = sequence(kind, steps, seed, d=d, u=u, batch=batch)
    order = np.random.default_rng(seed).permutation(batch)
    histories, cache = run(kind, x, states, weights)
    permuted, permuted_cache = run(kind, x[:, order], [s[order] for s in states], weights)
    assert all(np.allclose(a[:, order], b) for a, b in zip(histories, permuted))
    d_last = [s + 1 for s in states]
    dx, *rest = SEQUENCES[kind][1](None, *d_last, cache)
    dx_permuted, *rest_permuted = SEQUENCES[kind][1](None, *(d[order] for d in d_last), permuted_cache)
    assert np.allclose(dx[:, order], dx_permuted)
    for a, b in zip(rest[len(states) :], rest_permuted[len(states) :]):
        assert np.allclose(a, b)


@pytest.mark.parametrize("kind", SEQUENCES)
def test_saturated_gates_stay_finite(kind):
    x, states, weights = sequence(kind)
    x = 1e4 * x
    with np.errstate(all="raise", under="ignore"):
        histories, cache = run(kind, x, states, weights)
        slopes = SEQUENCES[kind][1](None, *(np.ones_like(s) for s in states), cache)
    assert all(np.isfinite(a).all() for a in [*histories, *slopes])


# -- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", STEPS)
def test_arguments_are_not_changed_and_may_be_read_only_or_strided(kind):
    x, states, weights = sequence(kind)
    step, step_backward, options = STEPS[kind]
    arrays = [np.asfortranarray(a) for a in (x, *states, *weights)]
    for a in arrays:
        a.flags.writeable = False
    x, states, weights = arrays[0][::2], arrays[1:-3], arrays[-3:]
    kept = [a.copy() for a in arrays]
    d_last = [np.ones_like(s) for s in states]
    ops.through_time(step, x, states, *weights, **options)
    ops.through_time_backward(
        step, step_backward, np.ones((3, *states[0].shape)), d_last, x, states, *weights, **options
    )
    if kind in SEQUENCES:
        _, cache = run(kind, x, states, weights, np.eye(3, 4, dtype=bool))
        SEQUENCES[kind][1](np.ones((3, *states[0].shape)), *d_last, cache)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, kept))


@pytest.mark.parametrize("kind", SEQUENCES)
def test_backward_can_be_repeated(kind):
    x, states, weights = sequence(kind)
    _, cache = run(kind, x, states, weights)
    d_last = [np.ones_like(s) for s in states]
    first, second = (SEQUENCES[kind][1](None, *d_last, cache) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second))


@pytest.mark.parametrize("argument", ["h", "kernel", "recurrent_kernel", "bias"])
@pytest.mark.parametrize("kind", STEPS)
def test_a_wrong_shape_is_named(kind, argument):
    x, states, (W, U, b) = make(kind)
    step, _, options = STEPS[kind]
    arguments = {"h": states[0], "kernel": W, "recurrent_kernel": U, "bias": b}
    arguments[argument] = arguments[argument][..., :-1] if argument != "h" else states[0][:-1]
    h, W, U, b = arguments.values()
    name = step.__name__
    with pytest.raises(ValueError, match=rf"^{name} expected {argument} of shape .* got"):
        step(x, h, *states[1:], W, U, b, **options)
    if kind in SEQUENCES:
        with pytest.raises(ValueError, match=f"^{kind}_sequence expected {argument} of shape"):
            SEQUENCES[kind][0](x[None], h, *states[1:], W, U, b)


@pytest.mark.parametrize("kind", STEPS)
def test_a_missing_axis_is_named(kind):
    x, (h, *c), weights = make(kind)
    step, _, options = STEPS[kind]
    for arguments in ((x[0], h), (x, h[0]), (x, h[None])):
        with pytest.raises(ValueError, match=rf"^{step.__name__} expected x .* and h \(batch, units\), got shapes"):
            step(*arguments, *c, *weights, **options)


def test_the_bias_of_the_other_gru_is_named():
    x, (h,), (W, U, b) = make("gru")
    with pytest.raises(ValueError, match=r"bias of shape \(9,\).* got \(2, 9\)"):
        ops.gru_step(x, h, W, U, b, reset_after=False)
    with pytest.raises(ValueError, match=r"bias of shape \(2, 9\).* got \(9,\)"):
        ops.gru_step(x, h, W, U, b[0])
