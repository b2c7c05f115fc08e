"""One step with momentum, in Keras's form."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def states(rng):
    """Weights, velocities and gradients; velocity zero and momentum zero among them."""
    for shape, learning_rate, momentum, dtype in [
        ((2, 3), 0.1, 0.9, "float64"),
        ((1,), 0.5, 0.5, "float64"),
        ((4,), 0.01, 0.99, "float32"),
        ((3, 3), 0.2, 0.0, "float64"),
    ]:
        arrays = {name: rng.normal(size=shape).astype(dtype) for name in ("w", "m", "gradient")}
        if shape == (1,):  # far from 0: what a step leaves of w alone could consist of rounding errors
            arrays["w"] += 10
        yield {**arrays, "learning_rate": learning_rate, "momentum": momentum}
    yield {"w": np.ones(2), "m": np.zeros(2), "gradient": np.array([1.0, -2.0]), "learning_rate": 0.1, "momentum": 0.9}


def momentum_step(w, m, gradient, learning_rate, momentum):
    m = momentum * m - learning_rate * gradient
    return w + m, m


def _moving_average(w, m, gradient, learning_rate, momentum):
    m = momentum * m - (1 - momentum) * learning_rate * gradient
    return w + m, m


def _average_of_gradients(w, m, gradient, learning_rate, momentum):
    m = momentum * m + (1 - momentum) * gradient
    return w + m, m


def _uphill(w, m, gradient, learning_rate, momentum):
    m = momentum * m + learning_rate * gradient
    return w + m, m


def _rate_left_out(w, m, gradient, learning_rate, momentum):
    m = momentum * m - gradient
    return w + m, m


def _gradients_gathered(w, m, gradient, learning_rate, momentum):
    m = momentum * m + gradient
    return w + m, m


def _rate_outside(w, m, gradient, learning_rate, momentum):
    m = momentum * m + gradient
    return w - learning_rate * m, m


def _average_and_rate_outside(w, m, gradient, learning_rate, momentum):
    m = momentum * m + (1 - momentum) * gradient
    return w - learning_rate * m, m


def _minus_outside(w, m, gradient, learning_rate, momentum):
    m = momentum * m + learning_rate * gradient
    return w - m, m


def _velocity_not_kept(w, m, gradient, learning_rate, momentum):
    return w + (momentum * m - learning_rate * gradient), m


def _exchanged(w, m, gradient, learning_rate, momentum):
    m = momentum * m - learning_rate * gradient
    return m, w + m


def _both_shrunk(w, m, gradient, learning_rate, momentum):
    m = momentum * (m - learning_rate * gradient)
    return w + m, m


def _never_slower(w, m, gradient, learning_rate, momentum):
    m = m - learning_rate * gradient
    return w + m, m


def _nothing_remembered(w, m, gradient, learning_rate, momentum):
    m = -learning_rate * gradient
    return w + m, m


def _rest_kept(w, m, gradient, learning_rate, momentum):
    m = (1 - momentum) * m - learning_rate * gradient
    return w + m, m


def _in_place(w, m, gradient, learning_rate, momentum):
    m *= momentum
    m -= learning_rate * gradient
    return w + m, m


def _as_difference(w, m, gradient, learning_rate, momentum):
    step = learning_rate * gradient - momentum * m
    return w - step, -step


def _two_lines(w, m, gradient, learning_rate, momentum):
    velocity = np.multiply(m, momentum)
    velocity -= gradient * learning_rate
    return [np.add(w, velocity), velocity]


MOMENTUM_STEP = Exercise(
    id="momentum_step",
    lesson="05",
    points=2,
    reference=momentum_step,
    cases=states,
    mistakes=(
        Mistake(
            _moving_average,
            "That is a moving average, with a factor 1 - momentum. Keras adds the whole step to what is left of m.",
            16,
        ),
        Mistake(
            _average_of_gradients,
            "That averages gradients. Keras's m is a step: it holds the learning rate and the minus sign.",
            16,
        ),
        Mistake(_uphill, "w is about to move by m, so m must point downhill."),
        Mistake(_rate_left_out, "Here w moves by m itself, so the learning rate has to be inside m.", 17),
        Mistake(
            _gradients_gathered,
            "That gathers gradients; then w would move by -learning_rate * m. Here it moves by m: the learning rate "
            "and the minus sign belong inside.",
            17,
        ),
        Mistake(
            _rate_outside,
            "That is another text's form, with the learning rate outside. Keras's m is the step itself, and is added "
            "to w.",
            17,
        ),
        Mistake(
            _average_and_rate_outside,
            "That is another text's form: m averages gradients. Keras's m gathers whole steps, and is added to w.",
            16,
        ),
        Mistake(
            _minus_outside, "Other texts subtract m. Keras's m points downhill and is added: the minus sign is in m."
        ),
        Mistake(_velocity_not_kept, "w is right; the velocity that you return is the old one."),
        Mistake(_exchanged, "Return the weights first, then the velocity."),
        Mistake(_both_shrunk, "Only the old velocity is shrunk by momentum; the new step counts in full."),
        Mistake(_never_slower, "Without momentum * m nothing is ever lost, and w circles the minimum for ever."),
        Mistake(_nothing_remembered, "That is the plain step. m also keeps a part of what it was before."),
        Mistake(_rest_kept, "The share of m that is kept is momentum itself: 0.9 of it, not 0.1."),
        Mistake(_in_place, "Right numbers, but the caller's m was changed: m = … makes a new array."),
    ),
    alternatives=(_as_difference, _two_lines),
    hints=(
        "m is the velocity: what is left of the old one, and what comes new from the gradient.",
        "What is left: the share momentum of m. What comes new: the plain step, learning_rate times the gradient, "
        "downhill.",
        "From m = 0 the first new velocity is -learning_rate * gradient.",
    ),
    results=("w", "m"),
)
