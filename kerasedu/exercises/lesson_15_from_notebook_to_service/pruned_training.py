"""Find the bug: a pruned layer is trained on, and the mask was applied once only."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _regressions(rng):
    for n, d, units, learning_rate, steps in [
        (6, 3, 2, 0.1, 4),
        (1, 2, 3, 0.2, 2),
        (5, 4, 1, 0.05, 7),
        (4, 3, 3, 0.3, 1),
        (7, 4, 5, 0.3, 3),
    ]:
        mask = np.ones(d * units)
        mask[rng.permutation(d * units)[: max(1, d * units // 2)]] = 0
        yield {
            "x": rng.normal(size=(n, d)),
            "y": rng.normal(size=(n, units)),
            "kernel": rng.normal(size=(d, units)) * (0.01 if d * units == 20 else 1),
            "mask": mask.reshape(d, units),
            "learning_rate": learning_rate,
            "steps": steps,
        }


def _gradient(x, y, kernel):
    return 2 / y.size * x.T @ (x @ kernel - y)


def pruned_training(x, y, kernel, mask, learning_rate, steps):
    kernel = kernel * mask
    for _ in range(steps):
        kernel = (kernel - learning_rate * _gradient(x, y, kernel)) * mask
    return kernel


def _masked_once(x, y, kernel, mask, learning_rate, steps):
    kernel = kernel * mask
    for _ in range(steps):
        kernel = kernel - learning_rate * _gradient(x, y, kernel)
    return kernel


def _masked_at_the_end(x, y, kernel, mask, learning_rate, steps):
    return _masked_once(x, y, kernel, mask, learning_rate, steps) * mask


def _only_gradients_masked(x, y, kernel, mask, learning_rate, steps):
    for _ in range(steps):
        kernel = kernel - learning_rate * _gradient(x, y, kernel) * mask
    return kernel


def _gradients_and_end_masked(x, y, kernel, mask, learning_rate, steps):
    return _only_gradients_masked(x, y, kernel, mask, learning_rate, steps) * mask


def _masked_in_prediction_only(x, y, kernel, mask, learning_rate, steps):
    for _ in range(steps):
        kernel = kernel - learning_rate * _gradient(x, y, kernel * mask)
    return kernel


def _update_outside_of_mask(x, y, kernel, mask, learning_rate, steps):
    for _ in range(steps):
        kernel = kernel * mask - learning_rate * _gradient(x, y, kernel)
    return kernel


def _only_after_steps(x, y, kernel, mask, learning_rate, steps):
    for _ in range(steps):
        kernel = (kernel - learning_rate * _gradient(x, y, kernel)) * mask
    return kernel


def _trained_whole_then_masked(x, y, kernel, mask, learning_rate, steps):
    for _ in range(steps):
        kernel = kernel - learning_rate * _gradient(x, y, kernel)
    return kernel * mask


def _turned_round(x, y, kernel, mask, learning_rate, steps):
    return pruned_training(x, y, kernel, 1 - mask, learning_rate, steps)


def _never_masked(x, y, kernel, mask, learning_rate, steps):
    return _trained_whole_then_masked(x, y, kernel, np.ones_like(mask), learning_rate, steps)


def _pruned_weights_trained(x, y, kernel, mask, learning_rate, steps):
    kernel = kernel * mask
    for _ in range(steps):
        kernel = kernel - learning_rate * _gradient(x, y, kernel) * (1 - mask)
    return kernel


def _masked_before_each_step(x, y, kernel, mask, learning_rate, steps):
    for _ in range(steps):
        kernel = kernel * mask
        kernel = kernel - learning_rate * _gradient(x, y, kernel)
    return kernel


def _new_mask_each_step(x, y, kernel, mask, learning_rate, steps):
    count = int((mask == 0).sum())
    kernel = kernel * mask
    for _ in range(steps):
        kernel = kernel - learning_rate * _gradient(x, y, kernel)
        kept = np.ones(kernel.size)
        kept[np.argsort(np.abs(kernel), axis=None, kind="stable")[:count]] = 0
        kernel = kernel * kept.reshape(kernel.shape)
    return kernel


def _not_trained(x, y, kernel, mask, learning_rate, steps):
    return kernel * mask


def _in_place(x, y, kernel, mask, learning_rate, steps):
    kernel *= mask
    for _ in range(steps):
        kernel -= learning_rate * _gradient(x, y, kernel) * mask
    return kernel


def _masked_gradients(x, y, kernel, mask, learning_rate, steps):
    kernel = kernel * mask
    for _ in range(steps):
        error = np.dot(x, kernel) - y
        kernel = kernel - learning_rate * np.where(mask == 0, 0, 2 * np.dot(x.T, error) / error.size)
    return kernel


def _zeros_written_back(x, y, kernel, mask, learning_rate, steps):
    kernel = kernel.copy()
    kernel[mask == 0] = 0
    for _ in range(steps):
        kernel -= learning_rate * np.einsum("nd,nu->du", x, x @ kernel - y) * 2 / (len(y) * y.shape[1])
        kernel[mask == 0] = 0
    return kernel


def _weights_that_exist(x, y, kernel, mask, learning_rate, steps):
    result = np.zeros_like(kernel)
    for unit in range(kernel.shape[1]):
        kept = mask[:, unit] != 0
        w = kernel[kept, unit]
        for _ in range(steps):
            w = w - learning_rate * 2 / y.size * x[:, kept].T @ (x[:, kept] @ w - y[:, unit])
        result[kept, unit] = w
    return result


PRUNED_TRAINING = Exercise(
    id="pruned_training",
    lesson="15",
    points=2,
    reference=pruned_training,
    cases=_regressions,
    mistakes=(
        Mistake(_masked_once, "Count the zeros that come back: the very first update filled them again."),
        Mistake(
            _masked_at_the_end,
            "The zeros are there, but training relied on weights that are taken away afterwards: between the steps "
            "they were not zero.",
        ),
        Mistake(_only_gradients_masked, "The removed weights are not trained, but they were never set to zero."),
        Mistake(_only_after_steps, "The gradient of the first step still saw the weights that are removed."),
        Mistake(
            _trained_whole_then_masked,
            "That trains the whole kernel and prunes afterwards, so nothing was learnt about doing without.",
        ),
        Mistake(
            _gradients_and_end_masked,
            "Until the end the removed weights took part in every prediction: prune before the first step.",
        ),
        Mistake(
            _masked_in_prediction_only,
            "Predictions know the mask, the kernel that is returned does not: its removed weights are not zero.",
        ),
        Mistake(_update_outside_of_mask, "The mask reaches the old kernel only: parentheses around the whole update."),
        Mistake(_turned_round, "1 keeps a weight, 0 removes it; here it is the other way round."),
        Mistake(_never_masked, "No weight is zero: where does the mask come in?"),
        Mistake(_pruned_weights_trained, "The weights that were removed are trained, those that stay are not."),
        Mistake(
            _masked_before_each_step, "Whoever masks before a step has the last step's weights unmasked at the end."
        ),
        Mistake(_new_mask_each_step, "A new mask in each step lets removed weights come back. The mask is given."),
        Mistake(_not_trained, "Pruned, but not trained on."),
        Mistake(_in_place, "Right numbers, but the caller's kernel was changed: make a new one."),
    ),
    alternatives=(_masked_gradients, _zeros_written_back, _weights_that_exist),
    hints=(
        "Which of the removed weights are zero after one step? Why not?",
        "The gradient of a removed weight is not zero. The mask has to act on every update, or after it.",
        "Inside the loop, after the update: kernel = kernel * mask",
    ),
    tolerance=4096.0,
)
