"""One step of Nesterov's momentum, in Keras's form."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.lesson_05_gradient_descent.momentum_step import states


def nesterov_step(w, m, gradient, learning_rate, momentum):
    m = momentum * m - learning_rate * gradient
    return w + momentum * m - learning_rate * gradient, m


def _plain_momentum(w, m, gradient, learning_rate, momentum):
    m = momentum * m - learning_rate * gradient
    return w + m, m


def _gradient_left_out(w, m, gradient, learning_rate, momentum):
    m = momentum * m - learning_rate * gradient
    return w + momentum * m, m


def _momentum_left_out(w, m, gradient, learning_rate, momentum):
    m = momentum * m - learning_rate * gradient
    return w + m - learning_rate * gradient, m


def _step_kept_as_velocity(w, m, gradient, learning_rate, momentum):
    m = momentum * (momentum * m - learning_rate * gradient) - learning_rate * gradient
    return w + m, m


def _moving_average(w, m, gradient, learning_rate, momentum):
    m = momentum * m - (1 - momentum) * learning_rate * gradient
    return w + momentum * m - (1 - momentum) * learning_rate * gradient, m


def _momentum_and_then_ahead(w, m, gradient, learning_rate, momentum):
    m = momentum * m - learning_rate * gradient
    return w + m + momentum * m, m


def _velocity_not_kept(w, m, gradient, learning_rate, momentum):
    return nesterov_step(w, m, gradient, learning_rate, momentum)[0], m


def _uphill(w, m, gradient, learning_rate, momentum):
    m = momentum * m + learning_rate * gradient
    return w + momentum * m + learning_rate * gradient, m


def _gradient_subtracted_uphill(w, m, gradient, learning_rate, momentum):
    m = momentum * m - learning_rate * gradient
    return w + momentum * m + learning_rate * gradient, m


def _written_out(w, m, gradient, learning_rate, momentum):
    new_w = w + momentum**2 * m - (1 + momentum) * learning_rate * gradient
    return new_w, momentum * m - learning_rate * gradient


def _momentum_step_twice(w, m, gradient, learning_rate, momentum):
    step = np.multiply(gradient, learning_rate)
    velocity = m * momentum - step
    ahead = velocity * momentum - step
    return [ahead + w, velocity]


def _over_the_hidden_point(w, m, gradient, learning_rate, momentum):
    point = w - momentum * m  # where the paper's form stands
    m = momentum * m - learning_rate * gradient
    return point + m + momentum * m, m


NESTEROV_STEP = Exercise(
    id="nesterov_step",
    lesson="05",
    points=2,
    reference=nesterov_step,
    cases=states,
    mistakes=(
        Mistake(
            _plain_momentum,
            "That is plain momentum. It comes out also if w moves with the old m: the new one is to be used.",
        ),
        Mistake(_gradient_left_out, "After the look ahead along m, the gradient's own step is missing."),
        Mistake(_momentum_left_out, "The new velocity is applied again, and again shrinks by momentum."),
        Mistake(
            _momentum_and_then_ahead,
            "w is the point ahead, so the old velocity is in it already: add momentum * m and the plain step.",
        ),
        Mistake(_step_kept_as_velocity, "w moves right; but what is kept as m is the velocity, not the step of w."),
        Mistake(_velocity_not_kept, "w is right; the velocity that you return is the old one."),
        Mistake(_moving_average, "Keras has no factor 1 - momentum: m gathers whole steps.", 16),
        Mistake(_uphill, "All gradients enter with a minus: the loss is to fall."),
        Mistake(_gradient_subtracted_uphill, "The velocity is right; in the step of w the gradient points uphill."),
    ),
    alternatives=(_written_out, _momentum_step_twice, _over_the_hidden_point),
    hints=(
        "The velocity is that of `momentum_step`. Only what is added to w differs.",
        "Two things are added to w: the share momentum of the new m, and the plain step downhill.",
        "With gradient 1, learning rate 0.1, momentum 0.9 and m = 0: m becomes -0.1, and w moves by -0.09 - 0.1.",
    ),
    results=("w", "m"),
)
