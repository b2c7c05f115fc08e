"""A layer of neurons with ReLU, for a batch of samples in rows."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _layers(rng):
    for n, d, units, dtype in [(4, 3, 2, "float64"), (1, 2, 5, "float64"), (3, 3, 3, "float64"), (6, 2, 4, "float32")]:
        shapes = {"x": (n, d), "kernel": (d, units), "bias": (units,)}
        case = {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}
        case["bias"][0] += 6  # one neuron surely answers: an answer of zeros alone tells nothing apart
        yield case


def dense_relu(x, kernel, bias):
    return np.maximum(x @ kernel + bias, 0)


def _kernel_transposed(x, kernel, bias):
    return np.maximum(x @ kernel.T + bias, 0)


def _kernel_first(x, kernel, bias):
    return np.maximum(kernel @ x + bias, 0)


def _entry_by_entry(x, kernel, bias):
    return np.maximum(x * kernel + bias, 0)


def _bias_as_a_column(x, kernel, bias):
    return np.maximum(x @ kernel + bias[:, None], 0)


def _no_bias(x, kernel, bias):
    return np.maximum(x @ kernel, 0)


def _no_activation(x, kernel, bias):
    return x @ kernel + bias


def _bias_after_the_activation(x, kernel, bias):
    return np.maximum(x @ kernel, 0) + bias


def _smaller_of_both(x, kernel, bias):
    return np.minimum(x @ kernel + bias, 0)


def _absolute_value(x, kernel, bias):
    return np.abs(x @ kernel + bias)


def _one_largest_number(x, kernel, bias):
    return np.max(x @ kernel + bias, 0)


def _neuron_by_neuron(x, kernel, bias):
    y = np.empty((len(x), kernel.shape[1]), dtype=x.dtype)
    for i, sample in enumerate(x):
        for unit in range(kernel.shape[1]):
            y[i, unit] = max(0, np.dot(sample, kernel[:, unit]) + bias[unit])
    return y


def _in_columns(x, kernel, bias):
    z = kernel.T @ x.T + bias.reshape(-1, 1)
    return np.where(z > 0, z, 0).T.astype(x.dtype)


def _masked(x, kernel, bias):
    z = np.einsum("nd,du->nu", x, kernel)
    z += bias
    z[z < 0] = 0
    return z


DENSE_RELU = Exercise(
    id="dense_relu",
    lesson="02",
    points=2,
    reference=dense_relu,
    cases=_layers,
    mistakes=(
        Mistake(
            _kernel_transposed,
            "Each column of Keras's kernel holds the weights of one neuron: its shape is (d_in, units) as it is.",
            3,
        ),
        Mistake(
            _kernel_first,
            "W x is the formula for a sample in a column. Here samples are rows: which operand stands left?",
            3,
        ),
        Mistake(_entry_by_entry, "`*` multiplies entry by entry; a neuron sums over its inputs.", 1),
        Mistake(
            _bias_as_a_column,
            "A column (units, 1) runs down the samples. Each neuron, a column of x W, has one bias.",
            2,
        ),
        Mistake(_no_bias, "The bias is missing."),
        Mistake(_no_activation, "Those are the sums z; the activation is missing."),
        Mistake(_bias_after_the_activation, "ReLU is applied to the whole sum, with the bias in it."),
        Mistake(
            _smaller_of_both, "That keeps the negative numbers. ReLU keeps the positive ones: the larger of z and 0."
        ),
        Mistake(_absolute_value, "ReLU replaces a negative number by 0; it does not change its sign."),
        Mistake(_one_largest_number, "np.max finds the largest entry of an array; np.maximum compares entry by entry."),
    ),
    alternatives=(_neuron_by_neuron, _in_columns, _masked),
    hints=(
        "Write the shapes of x, kernel and bias next to each other. What is the shape of each intermediate result?",
        "One product gives all sums of all samples, (n, units); the bias broadcasts along the samples; then ReLU.",
        "z = x @ kernel + bias",
    ),
)
