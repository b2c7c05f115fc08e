"""Find the bug: the article's formula, which has samples in columns, with the weights that Keras holds."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _sequences(rng):
    for steps, d, units, classes in [(4, 2, 3, 5), (1, 3, 2, 2), (5, 3, 3, 3), (3, 1, 4, 2)]:
        shapes = {"x": (steps, d), "kernel": (d, units), "recurrent_kernel": (units, units), "bias": (units,)}
        shapes |= {"output_kernel": (units, classes), "output_bias": (classes,)}
        yield {name: rng.normal(size=shape) for name, shape in shapes.items()}


def _softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _states(x, kernel, recurrent_kernel, bias):
    h = np.zeros_like(bias)
    states = []
    for x_t in x:
        h = np.tanh(x_t @ kernel + h @ recurrent_kernel + bias)
        states.append(h)
    return np.stack(states)


def article_rnn(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    return _softmax(_states(x, kernel, recurrent_kernel, bias) @ output_kernel + output_bias)


def _recurrent_kernel_not_transposed(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    return article_rnn(x, kernel, recurrent_kernel.T, bias, output_kernel, output_bias)


def _as_printed(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    h = np.zeros_like(bias)
    y = []
    for x_t in x:
        h = np.tanh(kernel @ x_t + recurrent_kernel @ h + bias)
        y.append(_softmax(output_kernel @ h + output_bias))
    return np.stack(y)


def _state_lost(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    return _softmax(np.tanh(x @ kernel + bias) @ output_kernel + output_bias)


def _softmax_over_time(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    return _softmax(_states(x, kernel, recurrent_kernel, bias) @ output_kernel + output_bias, axis=0)


def _no_softmax(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    return _states(x, kernel, recurrent_kernel, bias) @ output_kernel + output_bias


def _last_output_only(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    return article_rnn(x, kernel, recurrent_kernel, bias, output_kernel, output_bias)[-1]


def _all_transposed(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    h = np.zeros_like(bias)
    y = []
    for x_t in x:
        h = np.tanh(kernel.T @ x_t + recurrent_kernel.T @ h + bias)
        e = np.exp(output_kernel.T @ h + output_bias)
        y.append(e / e.sum())
    return np.stack(y)


def _in_rows(x, kernel, recurrent_kernel, bias, output_kernel, output_bias):
    h, y = np.zeros_like(bias), np.empty((len(x), len(output_bias)))
    for t in range(len(x)):
        h = np.tanh(np.einsum("i,ij->j", x[t], kernel) + np.einsum("i,ij->j", h, recurrent_kernel) + bias)
        y[t] = _softmax(h @ output_kernel + output_bias)
    return y


ARTICLE_RNN = Exercise(
    id="article_rnn",
    lesson="10",
    points=2,
    reference=article_rnn,
    cases=_sequences,
    mistakes=(
        Mistake(
            _recurrent_kernel_not_transposed,
            "One product has its matrix the wrong way round, and no shape complains. Which of the three is square?",
            4,
        ),
        Mistake(_as_printed, "Keras's kernel is (d_in, units): for a column it has to be transposed.", 3),
        Mistake(_state_lost, "The step no longer depends on the state before it."),
        Mistake(_softmax_over_time, "Each step's outputs must sum to 1; here those of each class do, over time."),
        Mistake(_no_softmax, "g, the softmax over the classes, is missing."),
        Mistake(_last_output_only, "The outputs of all steps were asked for, (time, classes)."),
    ),
    alternatives=(_all_transposed, _in_rows),
    hints=(
        "Write the shape of each matrix next to it. Which of them fits both as it is and transposed?",
        "In rows the step is x W + h U + b. Transposing a product reverses it: (h U)ᵀ = Uᵀ hᵀ.",
        "All three matrices change alike: kernel.T @ x_t is right.",
    ),
    tolerance=1024.0,
)
