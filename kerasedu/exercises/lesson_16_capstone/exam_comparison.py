"""Find the bug: learning rates compared on one model that is never set back."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _comparisons(rng):
    for n, d, rates, steps in [(8, 2, (0.01, 0.1), 5), (5, 1, (0.2, 0.05, 0.1), 3), (10, 3, (0.05, 0.05), 4)]:
        yield {
            "start": rng.normal(size=d),
            "x": rng.normal(size=(n, d)),
            "y": rng.normal(size=n),
            "learning_rates": rates,
            "steps": steps,
        }


def exam_comparison(start, x, y, learning_rates, steps):
    return np.array([_loss(_train(start, x, y, rate, steps), x, y) for rate in learning_rates])


def _loss(w, x, y):
    return np.mean((x @ w - y) ** 2)


def _train(w, x, y, rate, steps):
    for _ in range(steps):
        w = w - rate * 2 / len(y) * x.T @ (x @ w - y)
    return w


def _never_set_back(start, x, y, learning_rates, steps):
    w, losses = start.copy(), []
    for rate in learning_rates:
        w = _train(w, x, y, rate, steps)
        losses.append(_loss(w, x, y))
    return np.array(losses)


def _one_array_under_two_names(start, x, y, learning_rates, steps):
    losses = []
    for rate in learning_rates:
        w = start
        for _ in range(steps):
            w -= rate * 2 / len(y) * x.T @ (x @ w - y)
        losses.append(_loss(w, x, y))
    return np.array(losses)


def _all_from_zero(start, x, y, learning_rates, steps):
    return exam_comparison(np.zeros_like(start), x, y, learning_rates, steps)


def _measured_before_training(start, x, y, learning_rates, steps):
    return np.array([_loss(start, x, y) for _ in learning_rates])


def _one_step_only(start, x, y, learning_rates, steps):
    return exam_comparison(start, x, y, learning_rates, 1)


def _last_one_only(start, x, y, learning_rates, steps):
    return exam_comparison(start, x, y, learning_rates[-1:], steps)[0]


def _copied_each_time(start, x, y, learning_rates, steps):
    losses = []
    for rate in learning_rates:
        w = start.copy()
        for _ in range(steps):
            w -= rate * 2 * x.T @ (x @ w - y) / len(y)
        losses.append(np.square(x @ w - y).mean())
    return np.array(losses)


def _all_at_once(start, x, y, learning_rates, steps):
    w = np.tile(start[:, None], len(learning_rates))
    for _ in range(steps):
        w = w - np.array(learning_rates) * (2 / len(y)) * (x.T @ (x @ w - y[:, None]))
    return ((x @ w - y[:, None]) ** 2).mean(axis=0)


EXAM_COMPARISON = Exercise(
    id="exam_comparison",
    lesson="16",
    points=2,
    reference=exam_comparison,
    cases=_comparisons,
    mistakes=(
        Mistake(
            _never_set_back,
            "The first loss is right. Where did the second training start? All must start from the same weights.",
        ),
        Mistake(
            _one_array_under_two_names,
            "w = start gives the array a second name, and -= changes it for all that follow: make a copy.",
        ),
        Mistake(_all_from_zero, "Every training starts from the same weights, but these are to be those of start."),
        Mistake(_measured_before_training, "That is the loss before any training."),
        Mistake(_one_step_only, "That is one step for each rate; how many were asked for?"),
        Mistake(_last_one_only, "One loss for each learning rate was asked for."),
    ),
    alternatives=(_copied_each_time, _all_at_once),
    hints=(
        "Compare the same learning rate twice, as (0.1, 0.1): must both losses be equal?",
        "What one training leaves behind, the next must not find: weights, and with Adam its state too.",
        "w = start.copy() belongs inside the loop over the learning rates.",
    ),
    tolerance=4096.0,
)
