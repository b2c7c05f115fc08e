"""The training loop: epochs, batches, one step of Adam for each."""

from itertools import pairwise

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.lesson_16_capstone.own_adam_step import own_adam_step
from kerasedu.exercises.lesson_16_capstone.own_gradients import own_gradients


def _trainings(rng):
    for n, sizes, epochs, batch_size in [
        (6, (3, 4, 3), 2, 3),
        (7, (2, 3), 3, 3),  # the last batch is smaller
        (4, (3, 5, 2), 2, 8),  # one batch an epoch
        (5, (2, 3, 3), 1, 1),
    ]:
        weights = []
        for d_in, units in pairwise(sizes):
            weights += [rng.normal(size=(d_in, units)), rng.normal(size=units)]
        x, labels = rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n)
        yield {
            "x": x,
            "labels": labels,
            "weights": weights,
            "epochs": epochs,
            "batch_size": batch_size,
            "learning_rate": 0.1,
        }


def own_fit(x, labels, weights, epochs, batch_size, learning_rate):
    return _fit(x, labels, weights, epochs, batch_size, learning_rate)


def _fit(
    x,
    labels,
    weights,
    epochs,
    batch_size,
    learning_rate,
    *,
    keeps="all",
    last=True,
    batches=None,
    whole=False,
    each=None,
    counted="steps",
):
    """The right loop, unless an option brings in a mistake."""
    start, t = weights, 0
    m = v = [np.zeros_like(w) for w in weights]
    for epoch in range(epochs):
        if keeps in ("no slots", "count only"):
            m = v = [np.zeros_like(w) for w in weights]
        if keeps in ("no slots", "no count"):
            t = 0
        for begin in range(0, len(x), batch_size)[:batches]:
            part = slice(None) if whole else slice(begin, begin + batch_size)
            if not last and begin + batch_size > len(x):
                continue
            t += 1
            gradients = own_gradients(x[part], labels[part], start if each == "from the start" else weights)
            if each == "plain descent":
                weights = [w - learning_rate * g for w, g in zip(weights, gradients)]
                continue
            number = {"steps": t, "epochs": epoch + 1, "from zero": np.float64(t - 1)}[counted]
            steps = [own_adam_step(*state, number, learning_rate) for state in zip(weights, gradients, m, v)]
            weights, *slots = zip(*steps)
            m, v = (m, v) if each == "no memory" else slots
    return tuple(weights)


def _slots_emptied_each_epoch(*arguments):
    return _fit(*arguments, keeps="no slots")


def _count_begins_again_each_epoch(*arguments):
    return _fit(*arguments, keeps="no count")


def _last_batch_dropped(*arguments):
    return _fit(*arguments, last=False)


def _first_batch_only(*arguments):
    return _fit(*arguments, batches=1)


def _whole_data_in_each_step(*arguments):
    return _fit(*arguments, whole=True)


def _gradients_at_the_start(*arguments):
    return _fit(*arguments, each="from the start")


def _plain_descent(*arguments):
    return _fit(*arguments, each="plain descent")


def _one_epoch_only(x, labels, weights, epochs, batch_size, learning_rate):
    return _fit(x, labels, weights, 1, batch_size, learning_rate)


def _slots_emptied_but_counted_on(*arguments):
    return _fit(*arguments, keeps="count only")


def _slots_emptied_each_step(*arguments):
    return _fit(*arguments, each="no memory")


def _epochs_counted(*arguments):
    return _fit(*arguments, counted="epochs")


def _counted_from_zero(*arguments):
    return _fit(*arguments, counted="from zero")


def _count_per_weight(x, labels, weights, epochs, batch_size, learning_rate):
    t, m, v = 0, [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    weights = list(weights)
    for _ in range(epochs):
        for begin in range(0, len(x), batch_size):
            gradients = own_gradients(x[begin : begin + batch_size], labels[begin : begin + batch_size], weights)
            for k, g in enumerate(gradients):
                t += 1
                weights[k], m[k], v[k] = own_adam_step(weights[k], g, m[k], v[k], t, learning_rate)
    return tuple(weights)


def _with_a_dictionary(x, labels, weights, epochs, batch_size, learning_rate):
    weights, count = [w.copy() for w in weights], 0
    slots = {k: (0 * w, 0 * w) for k, w in enumerate(weights)}
    for _ in range(epochs):
        for first in range(0, len(x), batch_size):
            count += 1
            batch = slice(first, first + batch_size)
            for k, g in enumerate(own_gradients(x[batch], labels[batch], weights)):
                w, *slots[k] = own_adam_step(weights[k], g, *slots[k], count, learning_rate)
                weights[k][...] = w
    return weights


def _steps_numbered_beforehand(x, labels, weights, epochs, batch_size, learning_rate):
    per_epoch = -(-len(x) // batch_size)
    states = [(w, np.zeros(w.shape), np.zeros(w.shape)) for w in weights]
    for t in range(epochs * per_epoch):
        rows = np.arange(len(x))[t % per_epoch * batch_size :][:batch_size]
        gradients = own_gradients(x[rows], labels[rows], [w for w, _, _ in states])
        states = [own_adam_step(w, g, m, v, t + 1, learning_rate) for (w, m, v), g in zip(states, gradients)]
    return [w for w, _, _ in states]


OWN_FIT = Exercise(
    id="own_fit",
    lesson="16",
    points=4,
    reference=own_fit,
    cases=_trainings,
    mistakes=(
        Mistake(
            _slots_emptied_each_epoch, "m and v were set back to zero with each epoch: they last as long as training."
        ),
        Mistake(
            _count_begins_again_each_epoch, "t counts all steps of the training; with each epoch yours began again.", 19
        ),
        Mistake(
            _count_per_weight,
            "t went up with every weight. The weights of one step share one t; only m and v are their own.",
            22,
        ),
        Mistake(_last_batch_dropped, "The samples left over at the end make a smaller batch of their own."),
        Mistake(_first_batch_only, "Only the first batch of each epoch was used."),
        Mistake(_whole_data_in_each_step, "Every step saw all samples; it is to see its batch only."),
        Mistake(
            _gradients_at_the_start, "All gradients were taken at the first weights; each step starts from the last."
        ),
        Mistake(_plain_descent, "The weights moved by learning_rate times the gradient: that is not Adam."),
        Mistake(_one_epoch_only, "That is one epoch. How many were asked for?"),
        Mistake(
            _slots_emptied_but_counted_on,
            "m and v were set back to zero with each epoch: they last as long as the training.",
        ),
        Mistake(_slots_emptied_each_step, "m and v began at zero in each step: keep what own_adam_step returns."),
        Mistake(_epochs_counted, "t counted the epochs; it counts the steps, and each batch makes one.", 19),
        Mistake(_counted_from_zero, "The first step has t = 1: count before the step, not after it.", 19),
    ),
    alternatives=(_with_a_dictionary, _steps_numbered_beforehand),
    hints=(
        "Train on 7 samples in batches of 3 for 2 epochs: how many steps are there, and what is t in the last one?",
        "Before the loops: t = 0, zeros for m and v of every weight. In each batch: t + 1, all gradients first, then "
        "one step for every weight.",
        "for begin in range(0, len(x), batch_size): takes x[begin : begin + batch_size]",
    ),
    tolerance=1e7,  # Adam divides by the size of the gradient, and rounding with it
)
