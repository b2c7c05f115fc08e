"""A recurrent network that skips padding."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _padded_sequences(rng):
    """Padding at the end, at the start, in the middle; a sequence without any, one of nothing else."""
    masks = [
        np.array([[1, 1, 1, 0, 0], [1, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]]),
        np.array([[0, 1, 1, 1]]),
        np.array([[1, 0, 1, 1], [0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]]),
        np.array([[0, 0, 1], [1, 1, 0]]),
    ]
    for mask, d, units in zip(masks, [2, 3, 4, 1], [3, 2, 4, 2]):
        n, steps = mask.shape
        shapes = {"h": (n, units), "kernel": (d, units), "recurrent_kernel": (units, units), "bias": (units,)}
        weights = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        yield {"x": rng.normal(size=(n, steps, d)), "mask": mask.astype(bool), **weights}


def masked_states(x, mask, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        new = _step(x[:, t], h, kernel, recurrent_kernel, bias)
        h = np.where(mask[:, t, None], new, h)
        states.append(h)
    return np.stack(states, axis=1)


def _step(x, h, kernel, recurrent_kernel, bias):
    return np.tanh(x @ kernel + h @ recurrent_kernel + bias)


def _mask_ignored(x, mask, h, kernel, recurrent_kernel, bias):
    return masked_states(x, np.ones_like(mask), h, kernel, recurrent_kernel, bias)


def _input_set_to_zero(x, mask, h, kernel, recurrent_kernel, bias):
    return _mask_ignored(x * mask[..., None].astype(x.dtype), mask, h, kernel, recurrent_kernel, bias)


def _state_set_to_zero(x, mask, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h = np.where(mask[:, t, None], _step(x[:, t], h, kernel, recurrent_kernel, bias), 0).astype(x.dtype)
        states.append(h)
    return np.stack(states, axis=1)


def _outputs_blanked_afterwards(x, mask, h, kernel, recurrent_kernel, bias):
    states = _mask_ignored(x, mask, h, kernel, recurrent_kernel, bias)
    return np.where(mask[..., None], states, 0).astype(x.dtype)


def _outputs_held_while_the_state_runs_on(x, mask, h, kernel, recurrent_kernel, bias):
    held, states = h, []
    for t in range(x.shape[1]):
        h = _step(x[:, t], h, kernel, recurrent_kernel, bias)
        held = np.where(mask[:, t, None], h, held)
        states.append(held)
    return np.stack(states, axis=1)


def _mask_reversed(x, mask, h, kernel, recurrent_kernel, bias):
    return masked_states(x, ~mask, h, kernel, recurrent_kernel, bias)


def _stopped_at_the_first_padding(x, mask, h, kernel, recurrent_kernel, bias):
    return masked_states(x, np.logical_and.accumulate(mask, axis=1), h, kernel, recurrent_kernel, bias)


def _back_to_the_first_state(x, mask, h, kernel, recurrent_kernel, bias):
    first, states = h, []
    for t in range(x.shape[1]):
        h = np.where(mask[:, t, None], _step(x[:, t], h, kernel, recurrent_kernel, bias), first)
        states.append(h)
    return np.stack(states, axis=1)


def _one_array_appended_again_and_again(x, mask, h, kernel, recurrent_kernel, bias):
    last = masked_states(x, mask, h, kernel, recurrent_kernel, bias)[:, -1:]
    return np.repeat(last, x.shape[1], axis=1)


def _rows_changed_in_place(x, mask, h, kernel, recurrent_kernel, bias):
    states = []
    for t in range(x.shape[1]):
        h[mask[:, t]] = _step(x[:, t], h, kernel, recurrent_kernel, bias)[mask[:, t]]
        states.append(h)
    return np.stack(states, axis=1)


def _one_answer_for_the_whole_batch(x, mask, h, kernel, recurrent_kernel, bias):
    return masked_states(x, np.broadcast_to(mask[:1], mask.shape), h, kernel, recurrent_kernel, bias)


def _only_when_all_take_the_step(x, mask, h, kernel, recurrent_kernel, bias):
    whole = np.broadcast_to(mask.all(axis=0), mask.shape)
    return masked_states(x, whole, h, kernel, recurrent_kernel, bias)


def _when_any_takes_the_step(x, mask, h, kernel, recurrent_kernel, bias):
    whole = np.broadcast_to(mask.any(axis=0), mask.shape)
    return masked_states(x, whole, h, kernel, recurrent_kernel, bias)


def _with_factors(x, mask, h, kernel, recurrent_kernel, bias):
    m = mask[:, :, None].astype(x.dtype)
    states = np.empty((*x.shape[:2], h.shape[1]), x.dtype)
    for t in range(x.shape[1]):
        h = m[:, t] * np.tanh(x[:, t] @ kernel + h @ recurrent_kernel + bias) + (1 - m[:, t]) * h
        states[:, t] = h
    return states


def _sample_by_sample(x, mask, h, kernel, recurrent_kernel, bias):
    rows = []
    for sequence, counts, state in zip(x, mask, h):
        row = []
        for x_t, real in zip(sequence, counts):
            if real:
                state = _step(x_t, state, kernel, recurrent_kernel, bias)
            row.append(state)
        rows.append(row)
    return np.array(rows)


def _in_place(x, mask, h, kernel, recurrent_kernel, bias):
    h, states = h.copy(), []
    for t in range(x.shape[1]):
        rows = np.flatnonzero(mask[:, t])
        h[rows] = _step(x[rows, t], h[rows], kernel, recurrent_kernel, bias)
        states.append(h.copy())
    return np.swapaxes(states, 0, 1)


MASKED_STATES = Exercise(
    id="masked_states",
    lesson="11",
    points=2,
    reference=masked_states,
    cases=_padded_sequences,
    mistakes=(
        Mistake(_mask_ignored, "The padding was read like any other input: the mask has no effect."),
        Mistake(_input_set_to_zero, "An input of zeros is still a step: U and b change the state."),
        Mistake(_state_set_to_zero, "At padding the state became zero: what was read before is lost. It must stay."),
        Mistake(
            _outputs_blanked_afterwards, "The states ran on through the padding, and were blanked only at the end."
        ),
        Mistake(
            _outputs_held_while_the_state_runs_on,
            "The output waits, but the state went on behind it: the next real step starts from the wrong one.",
        ),
        Mistake(_mask_reversed, "The mask is True where a step counts."),
        Mistake(_stopped_at_the_first_padding, "After padding in the middle or at the start, reading goes on."),
        Mistake(_back_to_the_first_state, "At padding the state went back to the initial one; it stays the last one."),
        Mistake(
            _one_array_appended_again_and_again,
            "All steps show the last state: h was changed in place, and the list holds one array many times.",
        ),
        Mistake(
            _rows_changed_in_place,
            "`h[…] = …` changes the array that came in, and all steps in the list are that one array: make a new h.",
        ),
        Mistake(_one_answer_for_the_whole_batch, "The first sample's mask decided for all. Each sample has its own."),
        Mistake(
            _only_when_all_take_the_step, "Nobody went on before all did. Each sample steps or waits by its own mask."
        ),
        Mistake(
            _when_any_takes_the_step, "As soon as one sample had a real step, all took it. Each has a mask of its own."
        ),
    ),
    alternatives=(_with_factors, _sample_by_sample, _in_place),
    hints=(
        "mask[:, t] has one entry a sample: some take the step, others do not. What do those keep?",
        "Compute the step for all, then choose for each sample: the new state where the mask is True, else the old.",
        "np.where(mask[:, t, None], new, h) chooses; the None makes (n,) a column that meets (n, units).",
    ),
    tolerance=1024.0,
)
