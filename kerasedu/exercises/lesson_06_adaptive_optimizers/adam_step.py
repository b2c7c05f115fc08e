"""Find the bug: an article's Adam, which is the right one without its correction."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.lesson_06_adaptive_optimizers.adam_rule import adam, averages, correction, draw_step


def _steps(rng):
    for shape, t, size, dtype, beta_1, beta_2, epsilon in [
        ((2, 3), 1, 1, "float64", 0.9, 0.999, 1e-7),
        ((4,), 1, 1e-4, "float64", 0.9, 0.999, 1e-7),
        ((3, 2), 1, 1e-7, "float64", 0.9, 0.999, 1e-7),
        ((3,), 1, 0, "float64", 0.9, 0.999, 1e-7),  # no gradient, no step
        ((5,), 2, 1, "float32", 0.9, 0.999, 1e-7),
        ((2, 2), 3, 1e-7, "float32", 0.9, 0.999, 1e-7),
        ((1, 1), 50, 100, "float64", 0.8, 0.99, 1e-3),
    ]:
        numbers = {"learning_rate": 0.01, "beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
        yield {**draw_step(rng, shape, t, size, dtype), **numbers}


def adam_step(w, g, m, v, t, learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    return adam(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon)


def _with_alpha(w, g, m, v, alpha, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - alpha * m / (np.sqrt(v) + epsilon), m, v


def _as_printed(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate, beta_1, beta_2, epsilon)


def _only_m_corrected(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate / (1 - beta_1**t), beta_1, beta_2, epsilon)


def _only_v_corrected(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate * (1 - beta_2**t) ** 0.5, beta_1, beta_2, epsilon)


def _upside_down(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate / correction(t, beta_1, beta_2), beta_1, beta_2, epsilon)


def _root_of_the_correction_forgotten(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate * (1 - beta_2**t) / (1 - beta_1**t), beta_1, beta_2, epsilon)


def _root_of_both(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate * ((1 - beta_2**t) / (1 - beta_1**t)) ** 0.5, beta_1, beta_2, epsilon)


def _brackets_missing(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate * (1 - beta_2**t) ** 0.5 / 1 - beta_1**t, beta_1, beta_2, epsilon)


def _learning_rate_lost(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, correction(t, beta_1, beta_2), beta_1, beta_2, epsilon)


def _learning_rate_twice(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate**2 * correction(t, beta_1, beta_2), beta_1, beta_2, epsilon)


def _betas_swapped(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate * correction(t, beta_2, beta_1), beta_1, beta_2, epsilon)


def _times_instead_of_power(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    alpha = learning_rate * np.sqrt(1 - beta_2 * t) / (1 - beta_1 * t)
    return _with_alpha(w, g, m, v, alpha, beta_1, beta_2, epsilon)


def _power_without_t(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return _with_alpha(w, g, m, v, learning_rate * correction(1, beta_1, beta_2), beta_1, beta_2, epsilon)


def _counted_from_zero(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return adam(w, g, m, v, t - 1, learning_rate, beta_1, beta_2, epsilon)


def _counted_from_zero_in_numpy(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    alpha = learning_rate * np.sqrt(1 - beta_2 ** (t - 1)) / np.float64(1 - beta_1 ** (t - 1))
    return _with_alpha(w, g, m, v, alpha, beta_1, beta_2, epsilon)


def _counted_one_ahead(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return adam(w, g, m, v, t + 1, learning_rate, beta_1, beta_2, epsilon)


def _epsilon_after_the_correction(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


def _epsilon_inside_the_root(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * correction(t, beta_1, beta_2) * m / np.sqrt(v + epsilon), m, v


def _no_epsilon(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return adam(w, g, m, v, t, learning_rate, beta_1, beta_2, 0.0)


def _corrected_averages_kept(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    w, m, v = adam(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon)
    return w, m / (1 - beta_1**t), v / (1 - beta_2**t)


def _corrected_averages_kept_and_epsilon(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    m, v = m / (1 - beta_1**t), v / (1 - beta_2**t)
    return w - learning_rate * m / (np.sqrt(v) + epsilon), m, v


def _not_divided(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t), m, v


def _root_of_v_forgotten(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * correction(t, beta_1, beta_2) * m / (v + epsilon), m, v


def _by_differences(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m = m + (g - m) * (1 - beta_1)
    v = v + (np.square(g) - v) * (1 - beta_2)
    return [w - m * (learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)) / (v**0.5 + epsilon), m, v]


def _epsilon_shrunk(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    """The paper's form becomes Keras's if its epsilon is divided by √(1 - β₂ᵗ)."""
    m, v = averages(g, m, v, beta_1, beta_2)
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon / np.sqrt(1 - beta_2**t)), m, v


def _number_by_number(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    new = [np.empty_like(w) for _ in range(3)]
    for place in np.ndindex(w.shape):
        m_1 = beta_1 * float(m[place]) + (1 - beta_1) * float(g[place])
        v_1 = beta_2 * float(v[place]) + (1 - beta_2) * float(g[place]) ** 2
        step = learning_rate / (1 - beta_1**t) * m_1 * (1 - beta_2**t) ** 0.5 / (v_1**0.5 + epsilon)
        new[0][place], new[1][place], new[2][place] = w[place] - step, m_1, v_1
    return tuple(new)


FROM_ONE = "The first step is t = 1: the state has seen one gradient. For t = 0 the correction would be 0 / 0."
ONE_CORRECTED = "One average is corrected, the other is not. Both start at 0. At t = 1 the step must be learning_rate."
KEPT = "The correction is for this step alone. Kept in the state, it would be corrected again in the next."

ADAM_STEP = Exercise(
    id="adam_step",
    lesson="06",
    points=3,
    reference=adam_step,
    cases=_steps,
    mistakes=(
        Mistake(
            _as_printed,
            "That is still the article's rule. At t = 1 its step is about three times too long, whatever the gradient: "
            "compute m and √v for g = 1.",
            19,
        ),
        Mistake(_only_m_corrected, ONE_CORRECTED, 19),
        Mistake(_only_v_corrected, ONE_CORRECTED, 19),
        Mistake(
            _upside_down, "m is too small at first, so it must be divided by its 1 - β₁ᵗ; v stands below the line."
        ),
        Mistake(_root_of_the_correction_forgotten, "√v is corrected, so the root is taken of its factor 1 - β₂ᵗ, too."),
        Mistake(_root_of_both, "The root belongs to √v, so to 1 - β₂ᵗ alone; m has no root."),
        Mistake(_brackets_missing, "`a / 1 - b` is (a / 1) - b. Put what stands below the line in brackets."),
        Mistake(_learning_rate_lost, "The correction is there, but learning_rate is no longer in the step."),
        Mistake(_learning_rate_twice, "α holds η already: it takes the place of learning_rate in the step."),
        Mistake(_betas_swapped, "m is averaged with β₁ and v with β₂; each correction needs the beta of its average."),
        Mistake(_times_instead_of_power, "After t steps the zero at the start has the share βᵗ, a power, not β·t."),
        Mistake(
            _power_without_t, "That is the correction of the first step, at every step. It fades: βᵗ goes to 0.", 19
        ),
        Mistake(_counted_from_zero, FROM_ONE, 19),
        Mistake(_counted_from_zero_in_numpy, FROM_ONE, 19),
        Mistake(_counted_one_ahead, "t counts this step, too: it comes in as 1 at the first step.", 19),
        Mistake(
            _epsilon_after_the_correction,
            "That is the paper's first form. Keras adds ε to √v before the correction. Gradients of 1e-7 tell.",
            20,
        ),
        Mistake(_epsilon_inside_the_root, "ε inside the root is Keras's way in RMSprop and Adagrad, not in Adam.", 20),
        Mistake(_no_epsilon, "Where the gradient is 0, the step is 0 / 0. ε keeps it finite.", 20),
        Mistake(_corrected_averages_kept, KEPT, 19),
        Mistake(_corrected_averages_kept_and_epsilon, KEPT, 19),
        Mistake(_not_divided, "Not divided by √v, the step grows with the gradient. Adam's keeps its length.", 18),
        Mistake(
            _root_of_v_forgotten, "Divided by v and not by √v, a gradient 100 times larger steps 100 times less.", 18
        ),
    ),
    alternatives=(_by_differences, _epsilon_shrunk, _number_by_number),
    hints=(
        "State and step are right. Put t = 1, g = 1 in: what are m and √v, and how long is the step?",
        "After t equal gradients m is (1 - β₁ᵗ) g and v is (1 - β₂ᵗ) g². Divide both shares out, in one factor.",
        "The factor of m is 1 / (1 - beta_1**t); that of √v stands under a root and below the line.",
    ),
    tolerance=256.0,
    keeps_dtype=False,
)
