"""A variant that Keras does not have: momentum with the learning rate outside, under a schedule."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _scheduled_runs(rng):
    for steps, d, momentum in [(5, 2, 0.9), (4, 1, 0.5), (6, 3, 0.8)]:
        rates = np.full(steps, 0.1)
        rates[2:] = 0.05  # halved at step 3
        yield {
            "w": rng.normal(size=d),
            "gradients": rng.normal(size=(steps, d)),
            "learning_rates": rates,
            "momentum": momentum,
        }
    yield {
        "w": np.zeros(1),
        "gradients": np.ones((4, 1)),
        "learning_rates": np.array([0.1, 0.1, 0.05, 0.05]),
        "momentum": 0.9,
    }


def _path(w, gradients, learning_rates, update):
    """The weights after each step; ``update(w, v, g, rate)`` gives the next w and v."""
    v, path = np.zeros_like(w), []
    for g, rate in zip(gradients, learning_rates):
        w, v = update(w, v, g, rate)
        path.append(w)
    return np.stack(path)


def momentum_outside(w, gradients, learning_rates, momentum):
    def update(w, v, g, rate):
        v = momentum * v + g
        return w - rate * v, v

    return _path(w, gradients, learning_rates, update)


def _keras_form(w, gradients, learning_rates, momentum):
    def update(w, v, g, rate):
        v = momentum * v - rate * g
        return w + v, v

    return _path(w, gradients, learning_rates, update)


def _moving_average(w, gradients, learning_rates, momentum):
    def update(w, v, g, rate):
        v = momentum * v + (1 - momentum) * g
        return w - rate * v, v

    return _path(w, gradients, learning_rates, update)


def _rate_inside_and_outside(w, gradients, learning_rates, momentum):
    def update(w, v, g, rate):
        v = momentum * v + rate * g
        return w - rate * v, v

    return _path(w, gradients, learning_rates, update)


def _first_rate_throughout(w, gradients, learning_rates, momentum):
    return momentum_outside(w, gradients, np.full_like(learning_rates, learning_rates[0]), momentum)


def _old_velocity(w, gradients, learning_rates, momentum):
    def update(w, v, g, rate):
        return w - rate * v, momentum * v + g

    return _path(w, gradients, learning_rates, update)


def _no_memory(w, gradients, learning_rates, momentum):
    return _path(w, gradients, learning_rates, lambda w, v, g, rate: (w - rate * g, v))


def _uphill(w, gradients, learning_rates, momentum):
    return 2 * w - momentum_outside(w, gradients, learning_rates, momentum)


def _velocity_starts_with_a_gradient(w, gradients, learning_rates, momentum):
    v, path = gradients[0], []
    for g, rate in zip(gradients, learning_rates):
        v = momentum * v + g
        w = w - rate * v
        path.append(w)
    return np.stack(path)


def _always_from_the_start(w, gradients, learning_rates, momentum):
    v, path = np.zeros_like(w), []
    for g, rate in zip(gradients, learning_rates):
        v = momentum * v + g
        path.append(w - rate * v)
    return np.stack(path)


def _same_array_in_every_row(w, gradients, learning_rates, momentum):
    end = momentum_outside(w, gradients, learning_rates, momentum)[-1]
    return np.stack([end] * len(gradients))


def _before_each_step(w, gradients, learning_rates, momentum):
    return np.vstack([w, momentum_outside(w, gradients, learning_rates, momentum)[:-1]])


def _velocities(w, gradients, learning_rates, momentum):
    v, path = np.zeros_like(w), []
    for g in gradients:
        v = momentum * v + g
        path.append(v)
    return np.stack(path)


def _start_included(w, gradients, learning_rates, momentum):
    return np.vstack([w, momentum_outside(w, gradients, learning_rates, momentum)])


def _end_only(w, gradients, learning_rates, momentum):
    return momentum_outside(w, gradients, learning_rates, momentum)[-1]


def _indexed(w, gradients, learning_rates, momentum):
    path, v = np.zeros_like(gradients), 0.0
    for t in range(len(gradients)):
        v = gradients[t] + v * momentum
        w = path[t] = w - v * learning_rates[t]
    return path


def _sum_of_powers(w, gradients, learning_rates, momentum):
    t = np.arange(len(gradients))
    age = t[:, None] - t
    v = np.where(age >= 0, momentum ** np.maximum(age, 0), 0.0) @ gradients
    return w - np.cumsum(learning_rates[:, None] * v, axis=0)


MOMENTUM_OUTSIDE = Exercise(
    id="momentum_outside",
    lesson="05",
    points=2,
    reference=momentum_outside,
    cases=_scheduled_runs,
    mistakes=(
        Mistake(
            _keras_form,
            "That is Keras's form. As long as the learning rate stays the paths agree; from the step on at which it is "
            "halved they part.",
            17,
        ),
        Mistake(_moving_average, "v gathers whole gradients; a factor 1 - momentum would make it an average.", 16),
        Mistake(_rate_inside_and_outside, "The learning rate acts twice; v holds gradients only.", 17),
        Mistake(_first_rate_throughout, "Step t takes learning_rates[t]; here the first one serves for all.", 17),
        Mistake(_old_velocity, "w moved by the v of the step before: v takes in the new gradient first."),
        Mistake(_no_memory, "That is plain descent: v does not enter."),
        Mistake(_uphill, "The sign: v gathers gradients, which point uphill."),
        Mistake(_velocity_starts_with_a_gradient, "v starts at zeros: the first gradient enters once, in step 1."),
        Mistake(_always_from_the_start, "Every step began at the first w: w has to go on from where it is."),
        Mistake(
            _same_array_in_every_row,
            "All rows are equal: `w -= …` changes one array, which stands in the list several times. w = w - … makes a "
            "new one.",
        ),
        Mistake(_before_each_step, "Those are the weights before each step; asked for are those after it."),
        Mistake(_velocities, "Those are the values of v; asked for are the weights."),
        Mistake(_start_included, "The weights after each step were asked for, without the start."),
        Mistake(_end_only, "The weights after every step were asked for, (steps, d)."),
    ),
    alternatives=(_indexed, _sum_of_powers),
    hints=(
        "Write v after the first three steps for gradients that are all 1: where does the learning rate enter?",
        "v starts at zeros. In each step v takes in the gradient, then w moves by the learning rate of that step times "
        "v, and is put into a list.",
        "The two lines of a step: v = momentum * v + g, then w = w - rate * v.",
    ),
    tolerance=256.0,
)
