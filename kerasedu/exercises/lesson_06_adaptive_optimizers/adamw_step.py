"""Adam with decoupled weight decay."""

from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.lesson_06_adaptive_optimizers.adam_rule import adam, correction, draw_step


def _steps(rng):
    for shape, t, size, weight_decay, dtype in [
        ((2, 3), 1, 1, 0.1, "float64"),
        ((4,), 3, 100, 0.5, "float64"),
        ((3, 2), 2, 1e-4, 0.004, "float64"),
        ((3,), 1, 0, 0.1, "float64"),  # no gradient: only the decay
        ((2,), 5, 1, 0.0, "float64"),  # no decay: Adam
        ((5,), 1, 1, 0.1, "float32"),
    ]:
        yield {**draw_step(rng, shape, t, size, dtype), "learning_rate": 0.01, "weight_decay": weight_decay}


def adamw_step(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w - learning_rate * weight_decay * w, g, m, v, t, learning_rate)


def _penalty_in_the_gradient(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w, g + weight_decay * w, m, v, t, learning_rate)


def _penalty_doubled_in_the_gradient(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w, g + 2 * weight_decay * w, m, v, t, learning_rate)


def _decay_in_the_gradient(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w, g + learning_rate * weight_decay * w, m, v, t, learning_rate)


def _learning_rate_forgotten(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w - weight_decay * w, g, m, v, t, learning_rate)


def _decay_corrected_too(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w - learning_rate * correction(t) * weight_decay * w, g, m, v, t, learning_rate)


def _growth(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w + learning_rate * weight_decay * w, g, m, v, t, learning_rate)


def _decay_after_the_step(w, g, m, v, t, learning_rate, weight_decay):
    w, m, v = adam(w, g, m, v, t, learning_rate)
    return w - learning_rate * weight_decay * w, m, v


def _towards_zero_by_a_constant(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w - learning_rate * weight_decay, g, m, v, t, learning_rate)


def _no_decay(w, g, m, v, t, learning_rate, weight_decay):
    return adam(w, g, m, v, t, learning_rate)


def _decay_only(w, g, m, v, t, learning_rate, weight_decay):
    return w - learning_rate * weight_decay * w, *adam(w, g, m, v, t, learning_rate)[1:]


def _weights_multiplied(w, g, m, v, t, learning_rate, weight_decay):
    new_w, m, v = adam(w * (1 - learning_rate * weight_decay), g, m, v, t, learning_rate)
    return [new_w, m, v]


def _both_steps_from_the_old_weights(w, g, m, v, t, learning_rate, weight_decay):
    m, v = m + 0.1 * (g - m), v + 0.001 * (g * g - v)
    step = (1 - 0.999**t) ** 0.5 / (1 - 0.9**t) * m / (v**0.5 + 1e-7)
    return w - learning_rate * (step + weight_decay * w), m, v


ADAMW_STEP = Exercise(
    id="adamw_step",
    lesson="06",
    points=2,
    reference=adamw_step,
    cases=_steps,
    mistakes=(
        Mistake(
            _penalty_in_the_gradient,
            "That is an L2 penalty: its gradient goes into m and v, and is divided by √v. The decay must bypass both.",
        ),
        Mistake(
            _penalty_doubled_in_the_gradient,
            "That is the gradient of a penalty, which goes into m and v. The decay must bypass both.",
        ),
        Mistake(
            _decay_in_the_gradient,
            "The decay went into the gradient, so Adam divides it by √v. It must change w beside the step.",
        ),
        Mistake(_learning_rate_forgotten, "The decay is a part of the step: it has the factor learning_rate, too."),
        Mistake(
            _decay_corrected_too, "The correction is for averages that start at 0; the decay averages nothing.", 19
        ),
        Mistake(_growth, "The weights grow; decay makes them smaller."),
        Mistake(_decay_after_the_step, "The decay is a share of the weights before the step, not of the new ones."),
        Mistake(_towards_zero_by_a_constant, "Decay takes a share of each weight: the factor w is missing."),
        Mistake(_no_decay, "That is Adam. weight_decay has no effect."),
        Mistake(_decay_only, "The weights decay, but Adam's step is missing."),
    ),
    alternatives=(_weights_multiplied, _both_steps_from_the_old_weights),
    hints=(
        "If g is 0 in every step, by which factor does w shrink in each?",
        "Two changes that do not know of each other: Adam's step, from g alone, and w ← w - η λ w.",
        "Give adam_step the weights w - learning_rate * weight_decay * w.",
    ),
    tolerance=256.0,
    keeps_dtype=False,
)
