"""One step of the LSTM."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _steps(rng):
    for n, d, u, dtype in [(4, 3, 2, "float64"), (1, 2, 5, "float64"), (3, 3, 3, "float64"), (2, 1, 4, "float32")]:
        shapes = {"x": (n, d), "h": (n, u), "c": (n, u), "kernel": (d, 4 * u), "recurrent_kernel": (u, 4 * u)}
        shapes["bias"] = (4 * u,)
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    return _step(x, h, c, kernel, recurrent_kernel, bias)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _blocks(x, h, kernel, recurrent_kernel, bias):
    return np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=1)


def _step(x, h, c, kernel, recurrent_kernel, bias, *, order=(0, 1, 2, 3), extra=0, gate=_sigmoid, candidate=np.tanh):
    """The right step, unless an option brings in a mistake."""
    blocks = _blocks(x, h, kernel, recurrent_kernel, bias)
    z_i, z_f, z_g, z_o = (blocks[k] for k in order)
    c = gate(z_f + z_f.dtype.type(extra)) * c + gate(z_i) * candidate(z_g)
    return gate(z_o) * np.tanh(c), c


def _candidate_last(*arguments):
    return _step(*arguments, order=(0, 1, 3, 2))


def _forget_first(*arguments):
    return _step(*arguments, order=(1, 0, 2, 3))


def _output_second(*arguments):
    return _step(*arguments, order=(0, 2, 3, 1))


def _gates_column_by_column(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    z_i, z_f, z_g, z_o = (z[:, k::4] for k in range(4))
    c = _sigmoid(z_f) * c + _sigmoid(z_i) * np.tanh(z_g)
    return _sigmoid(z_o) * np.tanh(c), c


def _forget_bias_added(*arguments):
    return _step(*arguments, extra=1)


def _gates_with_tanh(*arguments):
    return _step(*arguments, gate=np.tanh)


def _candidate_with_sigmoid(*arguments):
    return _step(*arguments, candidate=_sigmoid)


def _carry_read_without_tanh(x, h, c, kernel, recurrent_kernel, bias):
    _, c = _step(x, h, c, kernel, recurrent_kernel, bias)
    return _sigmoid(_blocks(x, h, kernel, recurrent_kernel, bias)[3]) * c, c


def _old_carry_read(x, h, c, kernel, recurrent_kernel, bias):
    _, c_new = _step(x, h, c, kernel, recurrent_kernel, bias)
    return _sigmoid(_blocks(x, h, kernel, recurrent_kernel, bias)[3]) * np.tanh(c), c_new


def _nothing_forgotten(x, h, c, kernel, recurrent_kernel, bias):
    z_i, _, z_g, z_o = _blocks(x, h, kernel, recurrent_kernel, bias)
    c = c + _sigmoid(z_i) * np.tanh(z_g)
    return _sigmoid(z_o) * np.tanh(c), c


def _carry_through_the_kernel(x, h, c, kernel, recurrent_kernel, bias):
    z_i, z_f, z_g, z_o = _blocks(x, c, kernel, recurrent_kernel, bias)
    c = _sigmoid(z_f) * c + _sigmoid(z_i) * np.tanh(z_g)
    return _sigmoid(z_o) * np.tanh(c), c


def _candidate_without_tanh(*arguments):
    return _step(*arguments, candidate=lambda z: z)


def _no_activation(*arguments):
    return _step(*arguments, gate=lambda z: z)


def _carry_read_with_sigmoid(x, h, c, kernel, recurrent_kernel, bias):
    _, c = _step(x, h, c, kernel, recurrent_kernel, bias)
    return _sigmoid(_blocks(x, h, kernel, recurrent_kernel, bias)[3]) * _sigmoid(c), c


def _input_gate_from_the_forget_gate(x, h, c, kernel, recurrent_kernel, bias):
    _, z_f, z_g, z_o = _blocks(x, h, kernel, recurrent_kernel, bias)
    c = _sigmoid(z_f) * c + _sigmoid(-z_f) * np.tanh(z_g)
    return _sigmoid(z_o) * np.tanh(c), c


def _old_hidden_state_returned(x, h, c, kernel, recurrent_kernel, bias):
    return h, _step(x, h, c, kernel, recurrent_kernel, bias)[1]


def _carry_first(x, h, c, kernel, recurrent_kernel, bias):
    return _step(x, h, c, kernel, recurrent_kernel, bias)[::-1]


def _gate_by_gate(x, h, c, kernel, recurrent_kernel, bias):
    u = h.shape[1]
    gates = []
    for k, f in enumerate([_sigmoid, _sigmoid, np.tanh, _sigmoid]):
        columns = slice(k * u, (k + 1) * u)
        gates.append(f(bias[columns] + h @ recurrent_kernel[:, columns] + x @ kernel[:, columns]))
    i, f, g, o = gates
    c = i * g + f * c
    return [np.tanh(c) * o, c]


def _one_axis_more(x, h, c, kernel, recurrent_kernel, bias):
    z = (np.hstack([x, h]) @ np.vstack([kernel, recurrent_kernel]) + bias).reshape(len(x), 4, -1)
    i, f, o = (0.5 * np.tanh(0.5 * z[:, k]) + 0.5 for k in (0, 1, 3))
    new = f * c
    new += i * np.tanh(z[:, 2])
    return o * np.tanh(new), new


LSTM_STEP = Exercise(
    id="lstm_step",
    lesson="11",
    points=4,
    reference=lstm_step,
    cases=_steps,
    results=("h", "c"),
    mistakes=(
        Mistake(
            _candidate_last,
            "Candidate and output gate are exchanged. All blocks have one shape; only the order tells: i, f, g, o.",
            31,
        ),
        Mistake(_forget_first, "Forget gate and input gate are exchanged. Which block comes first in Keras?", 31),
        Mistake(
            _output_second,
            "The blocks are in another order than Keras's: the output gate comes last there, not second.",
            31,
        ),
        Mistake(
            _gates_column_by_column,
            "A gate's columns stand side by side, as one block of u columns, not every fourth column.",
            31,
        ),
        Mistake(
            _forget_bias_added,
            "1 was added to the forget gate. Keras puts that 1 into the bias when the layer is built: it is there.",
            31,
        ),
        Mistake(_gates_with_tanh, "A gate says which share passes, from 0 to 1; tanh goes from -1 to 1."),
        Mistake(_candidate_with_sigmoid, "The candidate is what is written, and may be negative: it has tanh."),
        Mistake(_carry_read_without_tanh, "The carry is right; it passes tanh before the output gate reads it."),
        Mistake(_old_carry_read, "The carry is right; the output reads the new one, not the one that came in."),
        Mistake(_nothing_forgotten, "The old carry was kept whole. Which gate says how much of it stays?"),
        Mistake(
            _carry_through_the_kernel, "The gates look at x and h. The carry meets no matrix; that is why it can last."
        ),
        Mistake(_old_hidden_state_returned, "The carry is right; h is the one that came in. What does the cell show?"),
        Mistake(_carry_first, "The right arrays in the wrong order: h comes first, then c."),
        Mistake(_candidate_without_tanh, "The gates are right. The candidate is a tanh of its block, too."),
        Mistake(_no_activation, "A gate is a share from 0 to 1. Which function makes it one?"),
        Mistake(
            _carry_read_with_sigmoid, "The carry is right; what the cell shows may be negative: tanh, not sigmoid."
        ),
        Mistake(
            _input_gate_from_the_forget_gate,
            "Here i is a gate of its own, with its own block, and not 1 - f.",
        ),
    ),
    alternatives=(_gate_by_gate, _one_axis_more),
    hints=(
        "How many columns has z, and which of them belong to the forget gate?",
        "z = x W + h U + b, then four blocks of u columns in the order i, f, g, o; sigmoid for gates, tanh for g.",
        "z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)",
    ),
    tolerance=256.0,
)
