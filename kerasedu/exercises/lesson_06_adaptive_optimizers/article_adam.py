"""Find the bugs: another article's Adam, to become Algorithm 1 of the paper that the article cites."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.lesson_06_adaptive_optimizers.adam_rule import adam, averages, draw_step


def _steps(rng):
    for shape, t, size, dtype, beta_1, beta_2, epsilon in [
        ((2, 3), 1, 1, "float64", 0.9, 0.999, 1e-8),
        ((4,), 1, 1e-4, "float64", 0.9, 0.999, 1e-8),
        ((3, 2), 1, 1e-7, "float64", 0.9, 0.999, 1e-8),
        ((3,), 1, 0, "float64", 0.9, 0.999, 1e-8),  # no gradient, no step
        ((5,), 2, 1, "float32", 0.9, 0.999, 1e-8),
        ((2, 2), 3, 1e-7, "float64", 0.9, 0.999, 1e-7),
        ((1, 1), 40, 100, "float64", 0.8, 0.99, 1e-3),
    ]:
        numbers = {"learning_rate": 0.01, "beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}
        yield {**draw_step(rng, shape, t, size, dtype), **numbers}


def article_adam(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return _step(w, m, v, t, learning_rate, beta_1, beta_2, epsilon), m, v


def _step(w, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)


def _as_printed(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = m + beta_1 * g, v + beta_2 * g**2
    return w - learning_rate * m / (1 - beta_1**t) / (1 - beta_2**t) ** 0.5, m, v


def _shares_still_missing(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = m + beta_1 * g, v + beta_2 * g**2
    return _step(w, m, v, t, learning_rate, beta_1, beta_2, epsilon), m, v


def _betas_at_the_wrong_place(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = (1 - beta_1) * m + beta_1 * g, (1 - beta_2) * v + beta_2 * g**2
    return _step(w, m, v, t, learning_rate, beta_1, beta_2, epsilon), m, v


def _averages_without_their_share(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = beta_1 * m + g, beta_2 * v + g**2
    return _step(w, m, v, t, learning_rate, beta_1, beta_2, epsilon), m, v


def _second_average_still_unused(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / (1 - beta_2**t) ** 0.5, m, v


def _correction_of_v_doubled(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / ((1 - beta_2**t) ** 0.5 * np.sqrt(v) + epsilon), m, v


def _keras_form(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return adam(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon)


def _epsilon_inside_the_root(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / np.sqrt(v / (1 - beta_2**t) + epsilon), m, v


def _no_epsilon(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    return article_adam(w, g, m, v, t, learning_rate, beta_1, beta_2, 0.0)


def _root_forgotten(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / (v / (1 - beta_2**t) + epsilon), m, v


def _correction_after_the_root(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / (np.sqrt(v) / (1 - beta_2**t) + epsilon), m, v


def _never_corrected(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (np.sqrt(v) + epsilon), m, v


def _only_m_corrected(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / (np.sqrt(v) + epsilon), m, v


def _only_v_corrected(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (np.sqrt(v / (1 - beta_2**t)) + epsilon), m, v


def _printed_correction_kept_beside_the_root(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    return w - learning_rate * m / (1 - beta_1**t) / (1 - beta_2**t) ** 0.5 / (np.sqrt(v) + epsilon), m, v


def _epsilon_beside_the_step(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = averages(g, m, v, beta_1, beta_2)
    with np.errstate(all="ignore"):
        return w - (learning_rate * m / (1 - beta_1**t) / np.sqrt(v / (1 - beta_2**t)) + epsilon), m, v


def _sums_with_the_new_share(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m, v = m + (1 - beta_1) * g, v + (1 - beta_2) * g**2
    return _step(w, m, v, t, learning_rate, beta_1, beta_2, epsilon), m, v


def _corrected_averages_kept(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    w, m, v = article_adam(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon)
    return w, m / (1 - beta_1**t), v / (1 - beta_2**t)


def _by_differences(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    m = m + (g - m) * (1 - beta_1)
    v = v + (g * g - v) * (1 - beta_2)
    root = np.sqrt(v) / np.sqrt(1 - beta_2**t)
    return [w - learning_rate / (1 - beta_1**t) * m / (root + epsilon), m, v]


def _with_a_larger_epsilon(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon):
    """Keras's form with ε √(1 - β₂ᵗ) for its epsilon."""
    return adam(w, g, m, v, t, learning_rate, beta_1, beta_2, epsilon * (1 - beta_2**t) ** 0.5)


ARTICLE_ADAM = Exercise(
    id="article_adam",
    lesson="06",
    points=3,
    reference=article_adam,
    cases=_steps,
    results=("w", "m", "v"),
    mistakes=(
        Mistake(
            _as_printed,
            "Still as printed: two sums in place of averages, and v has no effect on the step. Which lines?",
        ),
        Mistake(
            _shares_still_missing,
            "m and v are still sums with a factor. An average gives the old the share beta and the new the rest.",
            16,
        ),
        Mistake(
            _betas_at_the_wrong_place,
            "The shares sum to 1, but beta is the share of the memory: 0.9 of the old, 0.1 of the new.",
        ),
        Mistake(_averages_without_their_share, "The old fades, but the new needs its share 1 - beta.", 16),
        Mistake(
            _second_average_still_unused,
            "v is an average now, and still nobody reads it: the step must be divided by the root of v_hat.",
            18,
        ),
        Mistake(
            _correction_of_v_doubled, "v_hat is v divided by 1 - β₂ᵗ; multiplied by it, a small v gets smaller still."
        ),
        Mistake(
            _keras_form,
            "That is Keras's form: ε stands beside √v before the correction. In Algorithm 1 v is corrected first.",
            20,
        ),
        Mistake(
            _epsilon_inside_the_root, "In Algorithm 1 the root is taken of v_hat alone; ε is added to the root.", 20
        ),
        Mistake(_no_epsilon, "Where the gradient is 0, the step is 0 / 0. ε keeps it finite.", 20),
        Mistake(_root_forgotten, "v_hat is a mean square; its root has the size of a gradient.", 18),
        Mistake(_correction_after_the_root, "v is divided by 1 - β₂ᵗ before the root is taken, not after."),
        Mistake(_never_corrected, "Both corrections went away with the faults: m_hat and v_hat are missing.", 19),
        Mistake(_only_m_corrected, "m_hat is right; v starts at 0 as well and needs its own correction.", 19),
        Mistake(_only_v_corrected, "v_hat is right; m starts at 0 as well and needs its own correction.", 19),
        Mistake(
            _printed_correction_kept_beside_the_root,
            "v is divided by 1 - β₂ᵗ, and its root stands below the line: where in the fraction does the factor go?",
        ),
        Mistake(_epsilon_beside_the_step, "ε was added to the whole step. It belongs to the root, in brackets.", 20),
        Mistake(
            _sums_with_the_new_share, "The new has its share now, but the old is kept whole: it must fade by beta.", 16
        ),
        Mistake(
            _corrected_averages_kept, "m and v are returned as averages; m_hat and v_hat serve this step only.", 19
        ),
    ),
    alternatives=(_by_differences, _with_a_larger_epsilon),
    hints=(
        "Let every gradient be 1. Which values should m and v tend to, and which do the printed ones tend to?",
        "State: two averages, with shares that sum to 1. Correction: m_hat and v_hat. Step: m_hat over √v_hat + ε.",
        "v_hat = v / (1 - beta_2**t)",
    ),
    tolerance=256.0,
    keeps_dtype=False,
)
