"""One step of the GRU that Keras builds, whose reset gate acts after the product."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _steps(rng):
    for n, d, u, dtype in [(4, 3, 2, "float64"), (1, 2, 5, "float64"), (3, 3, 3, "float64"), (2, 1, 4, "float32")]:
        shapes = {"x": (n, d), "h": (n, u), "kernel": (d, 3 * u), "recurrent_kernel": (u, 3 * u), "bias": (2, 3 * u)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def gru_step(x, h, kernel, recurrent_kernel, bias):
    z, r, x_g, h_g = _parts(x, h, kernel, recurrent_kernel, bias)
    return z * h + (1 - z) * np.tanh(x_g + r * h_g)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _parts(x, h, kernel, recurrent_kernel, bias):
    """Update gate, reset gate, and the candidate's parts from x and from h."""
    x_z, x_r, x_g = np.split(x @ kernel + bias[0], 3, axis=1)
    h_z, h_r, h_g = np.split(h @ recurrent_kernel + bias[1], 3, axis=1)
    return _sigmoid(x_z + h_z), _sigmoid(x_r + h_r), x_g, h_g


def _reset_before_the_product(x, h, kernel, recurrent_kernel, bias):
    z, r, x_g, _ = _parts(x, h, kernel, recurrent_kernel, bias)
    u = h.shape[1]
    g = np.tanh(x_g + (r * h) @ recurrent_kernel[:, 2 * u :] + bias[1, 2 * u :])
    return z * h + (1 - z) * g


def _second_bias_not_reset(x, h, kernel, recurrent_kernel, bias):
    summed = np.stack([bias.sum(axis=0), np.zeros_like(bias[1])])
    return gru_step(x, h, kernel, recurrent_kernel, summed)


def _second_bias_forgotten(x, h, kernel, recurrent_kernel, bias):
    return gru_step(x, h, kernel, recurrent_kernel, np.stack([bias[0], np.zeros_like(bias[1])]))


def _update_gate_reversed(x, h, kernel, recurrent_kernel, bias):
    z, r, x_g, h_g = _parts(x, h, kernel, recurrent_kernel, bias)
    return (1 - z) * h + z * np.tanh(x_g + r * h_g)


def _reset_gate_first(x, h, kernel, recurrent_kernel, bias):
    r, z, x_g, h_g = _parts(x, h, kernel, recurrent_kernel, bias)
    return z * h + (1 - z) * np.tanh(x_g + r * h_g)


def _nothing_reset(x, h, kernel, recurrent_kernel, bias):
    z, _, x_g, h_g = _parts(x, h, kernel, recurrent_kernel, bias)
    return z * h + (1 - z) * np.tanh(x_g + h_g)


def _input_reset_too(x, h, kernel, recurrent_kernel, bias):
    z, r, x_g, h_g = _parts(x, h, kernel, recurrent_kernel, bias)
    return z * h + (1 - z) * np.tanh(r * (x_g + h_g))


def _old_state_reset(x, h, kernel, recurrent_kernel, bias):
    z, r, x_g, h_g = _parts(x, h, kernel, recurrent_kernel, bias)
    return z * r * h + (1 - z) * np.tanh(x_g + r * h_g)


def _candidate_with_sigmoid(x, h, kernel, recurrent_kernel, bias):
    z, r, x_g, h_g = _parts(x, h, kernel, recurrent_kernel, bias)
    return z * h + (1 - z) * _sigmoid(x_g + r * h_g)


def _gate_by_gate(x, h, kernel, recurrent_kernel, bias):
    u = h.shape[1]
    columns = [slice(k * u, (k + 1) * u) for k in range(3)]
    from_x = [x @ kernel[:, c] + bias[0, c] for c in columns]
    from_h = [h @ recurrent_kernel[:, c] + bias[1, c] for c in columns]
    z, r = (1 / (1 + np.exp(-a - b)) for a, b in zip(from_x[:2], from_h[:2]))
    g = np.tanh(from_x[2] + r * from_h[2])
    return g + z * (h - g)


def _sample_by_sample(x, h, kernel, recurrent_kernel, bias):
    rows = []
    for x_n, h_n in zip(x, h):
        a, b = (x_n @ kernel + bias[0]).reshape(3, -1), (h_n @ recurrent_kernel + bias[1]).reshape(3, -1)
        z, r = _sigmoid(a[0] + b[0]), _sigmoid(a[1] + b[1])
        rows.append(h_n * z + np.tanh(a[2] + b[2] * r) * (1 - z))
    return np.array(rows)


GRU_STEP = Exercise(
    id="gru_step",
    lesson="11",
    points=3,
    reference=gru_step,
    cases=_steps,
    mistakes=(
        Mistake(
            _reset_before_the_product,
            "That is the paper's GRU: r met h before the product with U. Here r multiplies what the product gives.",
            32,
        ),
        Mistake(
            _second_bias_not_reset,
            "The second bias of the candidate was added outside the reset gate. It belongs to the product with h.",
            32,
        ),
        Mistake(_second_bias_forgotten, "The bias has two rows: one for x, one for h.", 32),
        Mistake(
            _update_gate_reversed,
            "z and 1 - z are exchanged. Some papers write it so; in Keras z is the share of the old state.",
            32,
        ),
        Mistake(_reset_gate_first, "Update and reset gate are exchanged: Keras's order is z, r, g.", 31),
        Mistake(_nothing_reset, "The reset gate is not used. What does it multiply?"),
        Mistake(_input_reset_too, "r was applied to the input's part as well; it resets what comes from h."),
        Mistake(_old_state_reset, "In z h the old state is taken as it is; r is for the candidate only."),
        Mistake(_candidate_with_sigmoid, "The candidate is a new state from -1 to 1: it has tanh."),
    ),
    alternatives=(_gate_by_gate, _sample_by_sample),
    hints=(
        "Which of the two rows of the bias goes with x, and which with h?",
        "Keep both products apart until the gates are known: x W + b and h U + b', each in three blocks z, r, g.",
        "g = np.tanh(x_g + r * h_g)",
    ),
    tolerance=256.0,
)
