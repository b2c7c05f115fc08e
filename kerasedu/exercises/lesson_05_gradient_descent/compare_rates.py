"""Find the bug: an article trains the same model again with another optimizer, from where the first one stopped."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _regressions(rng):
    for n, d, rates, steps in [
        (6, 3, [0.01, 0.05, 0.02], 5),
        (4, 1, [0.1, 0.1], 3),
        (1, 2, [0.05], 1),
        (8, 2, [0.08, 0.03], 10),
    ]:
        yield {
            "x": rng.normal(size=(n, d)),
            "y": rng.normal(size=n),
            "w": rng.normal(size=d),
            "learning_rates": rates,
            "steps": steps,
        }


def _descend(x, y, w, learning_rate, steps, count=None):
    """The weights after some steps on the mean squared difference."""
    for _ in range(steps):
        w = w - learning_rate * 2 * x.T @ (x @ w - y) / (count or len(x))
    return w


def _loss(x, y, w):
    return np.mean((x @ w - y) ** 2)


def compare_rates(x, y, w, learning_rates, steps):
    return np.array([_loss(x, y, _descend(x, y, w, rate, steps)) for rate in learning_rates])


def _goes_on_from_the_last(x, y, w, learning_rates, steps):
    losses = []
    for rate in learning_rates:
        w = _descend(x, y, w, rate, steps)
        losses.append(_loss(x, y, w))
    return np.array(losses)


def _from_a_shared_array(x, y, w, learning_rates, steps):
    losses = []
    for rate in learning_rates:
        own = w
        for _ in range(steps):
            own -= rate * 2 * x.T @ (x @ own - y) / len(x)
        losses.append(_loss(x, y, own))
    return np.array(losses)


def _from_zero(x, y, w, learning_rates, steps):
    return compare_rates(x, y, np.zeros_like(w), learning_rates, steps)


def _from_the_start_at_every_step(x, y, w, learning_rates, steps):
    return compare_rates(x, y, w, learning_rates, 1)


def _before_training(x, y, w, learning_rates, steps):
    return np.array([_loss(x, y, w) for _ in learning_rates])


def _one_step_short(x, y, w, learning_rates, steps):
    return compare_rates(x, y, w, learning_rates, steps - 1)


def _gradient_of_the_sum(x, y, w, learning_rates, steps):
    return np.array([_loss(x, y, _descend(x, y, w, rate, steps, count=1)) for rate in learning_rates])


def _summed_loss(x, y, w, learning_rates, steps):
    return len(x) * compare_rates(x, y, w, learning_rates, steps)


def _only_the_last(x, y, w, learning_rates, steps):
    return compare_rates(x, y, w, learning_rates[-1:], steps)


def _copies(x, y, w, learning_rates, steps):
    losses = np.empty(len(learning_rates))
    for i, rate in enumerate(learning_rates):
        own = w.copy()
        for _ in range(steps):
            own -= rate * (2 / len(x)) * (x @ own - y) @ x
        losses[i] = ((x @ own - y) ** 2).mean()
    return losses


def _side_by_side(x, y, w, learning_rates, steps):
    rates = np.array(learning_rates)
    columns = np.repeat(w[:, None], len(rates), axis=1)
    for _ in range(steps):
        columns = columns - rates * (2 / len(x) * x.T @ (x @ columns - y[:, None]))
    return np.mean((x @ columns - y[:, None]) ** 2, axis=0)


COMPARE_RATES = Exercise(
    id="compare_rates",
    lesson="05",
    points=2,
    reference=compare_rates,
    cases=_regressions,
    mistakes=(
        Mistake(
            _goes_on_from_the_last,
            "The first loss is right, the second too low or too high: from which weights did the second run start?",
        ),
        Mistake(
            _from_a_shared_array,
            "`own = w` is a second name of the same array, and `-=` changes that array: the runs still share it.",
        ),
        Mistake(_from_zero, "All runs start alike now, but not from the w that was given."),
        Mistake(
            _from_the_start_at_every_step,
            "Each step starts afresh, so only the last one counts. Start afresh once for each learning rate.",
        ),
        Mistake(_before_training, "Those are the losses of the given w, before any step."),
        Mistake(_one_step_short, "One step of each run is missing."),
        Mistake(_gradient_of_the_sum, "The loss is a mean; its gradient is one too.", 7),
        Mistake(_summed_loss, "That is the sum of the squared differences; the loss is their mean.", 7),
        Mistake(_only_the_last, "One loss for each learning rate was asked for."),
    ),
    alternatives=(_copies, _side_by_side),
    hints=(
        "Give it the same learning rate twice: the two losses should be equal. Are they?",
        "A fair comparison changes one thing at a time: every run needs the same start. Where is w overwritten?",
        "Inside the first loop, before the second: own = w, and from there on own in place of w.",
    ),
    tolerance=4096.0,
)
