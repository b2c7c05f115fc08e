"""A recurrent network over a whole sequence."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _sequences(rng):
    sizes = [(3, 4, 2, 5), (1, 6, 3, 2), (4, 4, 3, 3), (2, 1, 4, 3), (2, 5, 1, 4)]
    for (n, steps, d, units), dtype in zip(sizes, ["float64", "float64", "float64", "float64", "float32"]):
        shapes = {"x": (n, steps, d), "h": (n, units), "kernel": (d, units), "recurrent_kernel": (units, units)}
        shapes["bias"] = (units,)
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def rnn_states(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        states.append(h)
    return np.stack(states, axis=1)


def _always_from_the_start(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + (h @ recurrent_kernel)[:, None] + bias)


def _no_memory(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + bias)


def _first_axis_as_time(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[t] @ kernel + h @ recurrent_kernel + bias)
        states.append(h)
    return np.stack(states, axis=1)


def _last_state_only(x, h, kernel, recurrent_kernel, bias):
    return rnn_states(x, h, kernel, recurrent_kernel, bias)[:, -1]


def _time_first(x, h, kernel, recurrent_kernel, bias):
    return rnn_states(x, h, kernel, recurrent_kernel, bias).swapaxes(0, 1)


def _from_the_end(x, h, kernel, recurrent_kernel, bias):
    return rnn_states(x[:, ::-1], h, kernel, recurrent_kernel, bias)


def _state_before_the_step(x, h, kernel, recurrent_kernel, bias):
    states = rnn_states(x, h, kernel, recurrent_kernel, bias)
    return np.concatenate([h[:, None], states[:, :-1]], axis=1)


def _started_from_zeros(x, h, kernel, recurrent_kernel, bias):
    return rnn_states(x, np.zeros_like(h), kernel, recurrent_kernel, bias)


def _first_input_at_every_step(x, h, kernel, recurrent_kernel, bias):
    return rnn_states(np.repeat(x[:, :1], x.shape[1], axis=1), h, kernel, recurrent_kernel, bias)


def _bias_forgotten(x, h, kernel, recurrent_kernel, bias):
    return rnn_states(x, h, kernel, recurrent_kernel, np.zeros_like(bias))


def _old_state_added(x, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = h + np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias)
        states.append(h)
    return np.stack(states, axis=1)


def _inputs_at_once(x, h, kernel, recurrent_kernel, bias):
    states = x @ kernel + bias  # all steps in one product
    for t in range(x.shape[1]):
        before = states[:, t - 1] if t else h
        states[:, t] = np.tanh(states[:, t] + before @ recurrent_kernel)
    return states


def _sample_by_sample(x, h, kernel, recurrent_kernel, bias):
    states = np.empty((*x.shape[:2], len(bias)), x.dtype)
    for sample, state, row in zip(x, h, states):
        for t, x_t in enumerate(sample):
            state = np.tanh(x_t @ kernel + state @ recurrent_kernel + bias)
            row[t] = state
    return states


RNN_STATES = Exercise(
    id="rnn_states",
    lesson="10",
    points=2,
    reference=rnn_states,
    cases=_sequences,
    mistakes=(
        Mistake(_always_from_the_start, "Every step started from the initial state. Which name must the new one get?"),
        Mistake(_no_memory, "The states do not depend on the ones before: h is missing in the step."),
        Mistake(_first_axis_as_time, "x[t] is sample t, with all its steps. Keras's order is (batch, time, features)."),
        Mistake(_last_state_only, "That is the last state. Here the states after all steps are asked for."),
        Mistake(_time_first, "The right states as (time, batch, units); along which axis are they to be stacked?"),
        Mistake(_from_the_end, "The sequence was read from its end."),
        Mistake(_state_before_the_step, "Entry t is the state after step t; yours is the one before it."),
        Mistake(_started_from_zeros, "The first step starts from the h that comes in, not from zeros."),
        Mistake(_first_input_at_every_step, "The first state is right; every later step read the first input again."),
        Mistake(_bias_forgotten, "The bias is missing in the sum."),
        Mistake(_old_state_added, "The new state takes the old one's place; yours was added to it."),
    ),
    alternatives=(_inputs_at_once, _sample_by_sample),
    hints=(
        "Which state does step t start from, and what is it called in your loop?",
        "The state that a step makes is the one that the next step takes: give it the same name.",
        "The input of step t, for all samples, is x[:, t], of shape (batch, d).",
    ),
    tolerance=1024.0,  # rounding is fed back at every step
)
