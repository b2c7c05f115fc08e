"""One step of a simple recurrent network."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _steps(rng):
    for n, d, units, dtype in [(4, 3, 2, "float64"), (1, 2, 5, "float64"), (3, 3, 3, "float64"), (2, 1, 4, "float32")]:
        shapes = {"x": (n, d), "h": (n, units), "kernel": (d, units), "recurrent_kernel": (units, units)}
        shapes["bias"] = (units,)
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def rnn_step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel + bias)


def _state_ignored(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + bias)


def _recurrent_kernel_transposed(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel.T + bias)


def _no_activation(x, h, kernel, recurrent_kernel, bias):
    return x @ kernel + h @ recurrent_kernel + bias


def _state_outside_tanh(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + bias) + h @ recurrent_kernel


def _state_added_as_it_is(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h + bias)


def _sigmoid(x, h, kernel, recurrent_kernel, bias):
    return 1 / (1 + np.exp(-(x @ kernel + h @ recurrent_kernel + bias)))


def _bias_forgotten(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel)


def _bias_outside_tanh(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel) + bias


def _each_part_through_tanh(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel) + np.tanh(h @ recurrent_kernel) + bias


def _relu(x, h, kernel, recurrent_kernel, bias):
    return np.maximum(x @ kernel + h @ recurrent_kernel + bias, 0)


def _one_product(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(np.hstack([x, h]) @ np.vstack([kernel, recurrent_kernel]) + bias)


def _in_columns(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(kernel.T @ x.T + recurrent_kernel.T @ h.T + bias[:, None]).T


RNN_STEP = Exercise(
    id="rnn_step",
    lesson="10",
    points=2,
    reference=rnn_step,
    cases=_steps,
    mistakes=(
        Mistake(_state_ignored, "The result does not depend on h: that is a dense layer, without memory."),
        Mistake(
            _recurrent_kernel_transposed,
            "U is square, so its transpose fits as well, and is wrong: samples are rows, so h stands left of U.",
            4,
        ),
        Mistake(_no_activation, "The sum is right; the activation around it is missing."),
        Mistake(_state_outside_tanh, "The part with h was added outside tanh. f is applied to the whole sum."),
        Mistake(_state_added_as_it_is, "h was added as it is. Which matrix mixes the units of the last state?"),
        Mistake(_sigmoid, "The sum is right; Keras's SimpleRNN applies tanh to it, not the sigmoid."),
        Mistake(_relu, "The sum is right; Keras's SimpleRNN applies tanh to it, not ReLU."),
        Mistake(_bias_forgotten, "Both products are there; the third term of the sum is missing."),
        Mistake(_bias_outside_tanh, "The bias was added outside tanh. f is applied to the whole sum."),
        Mistake(_each_part_through_tanh, "Add first, then apply tanh once, to the whole sum: a state stays within ±1."),
    ),
    alternatives=(_one_product, _in_columns),
    hints=(
        "Count the terms inside f: how many are there in the formula, and how many in your line?",
        "Two matrix products, one from the input and one from the last state, are added before tanh.",
        "The sum: x @ kernel + h @ recurrent_kernel + bias",
    ),
)
