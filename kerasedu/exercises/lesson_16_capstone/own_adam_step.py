"""One step of Adam, as Keras makes it."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

B1, B2, EPSILON = 0.9, 0.999, 1e-7


def _steps(rng):
    for shape, t, size in [
        ((2, 3), 1, 1),
        ((4,), 3, 1),
        ((3, 2), 2, 1e-7),  # here the place of epsilon shows
        ((1, 1), 50, 100),
    ]:
        m, v = (np.zeros(shape), np.zeros(shape)) if t == 1 else (size * rng.normal(size=shape), rng.random(shape))
        arrays = {"w": rng.normal(size=shape), "g": size * rng.normal(size=shape), "m": m, "v": size**2 * v}
        yield {**arrays, "t": t, "learning_rate": 0.01}


def own_adam_step(w, g, m, v, t, learning_rate):
    m = B1 * m + (1 - B1) * g
    v = B2 * v + (1 - B2) * g**2
    alpha = learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t)
    return w - alpha * m / (np.sqrt(v) + EPSILON), m, v


def _as_in_the_second_article(w, g, m, v, t, learning_rate):
    m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g**2
    return w - learning_rate * m / (np.sqrt(v) + EPSILON), m, v


def _as_in_the_fifth_article(w, g, m, v, t, learning_rate):
    m, v = m + B1 * g, v + B2 * g**2
    return w - learning_rate * m / (1 - B1**t) / (1 - B2**t) ** 0.5, m, v


def _averages_without_their_share(w, g, m, v, t, learning_rate):
    m, v = B1 * m + g, B2 * v + g**2
    alpha = learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t)
    return w - alpha * m / (np.sqrt(v) + EPSILON), m, v


def _epsilon_after_the_correction(w, g, m, v, t, learning_rate):
    m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g**2
    return w - learning_rate * (m / (1 - B1**t)) / (np.sqrt(v / (1 - B2**t)) + EPSILON), m, v


def _epsilon_inside_the_root(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    alpha = learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t)
    return w - alpha * m / np.sqrt(v + EPSILON), m, v


def _root_forgotten(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    alpha = learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t)
    return w - alpha * m / (v + EPSILON), m, v


def _square_of_the_average(w, g, m, v, t, learning_rate):
    m = B1 * m + (1 - B1) * g
    v = B2 * v + (1 - B2) * m**2
    alpha = learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t)
    return w - alpha * m / (np.sqrt(v) + EPSILON), m, v


def _step_counted_from_zero(w, g, m, v, t, learning_rate):
    with np.errstate(all="ignore"):
        m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g**2
        alpha = np.float64(learning_rate) * np.sqrt(1 - B2 ** (t - 1)) / np.float64(1 - B1 ** (t - 1))
        return w - alpha * m / (np.sqrt(v) + EPSILON), m, v


def _old_averages_used(w, g, m, v, t, learning_rate):
    alpha = learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t)
    _, new_m, new_v = own_adam_step(w, g, m, v, t, learning_rate)
    return w - alpha * m / (np.sqrt(v) + EPSILON), new_m, new_v


def _corrected_averages_kept(w, g, m, v, t, learning_rate):
    w, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    return w, m / (1 - B1**t), v / (1 - B2**t)


def _plain_descent(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    return w - learning_rate * g, m, v


def _uphill(w, g, m, v, t, learning_rate):
    right, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    return 2 * w - right, m, v


def _another_epsilon(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    alpha = learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t)
    return w - alpha * m / (np.sqrt(v) + 1e-8), m, v


def _without_epsilon(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    with np.errstate(all="ignore"):
        return w - learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t) * m / np.sqrt(v), m, v


def _correction_upside_down(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    return w - learning_rate * (1 - B1**t) / (1 - B2**t) ** 0.5 * m / (np.sqrt(v) + EPSILON), m, v


def _correction_without_its_root(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    return w - learning_rate * (1 - B2**t) / (1 - B1**t) * m / (np.sqrt(v) + EPSILON), m, v


def _counted_once_more(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    alpha = learning_rate * (1 - B2 ** (t + 1)) ** 0.5 / (1 - B1 ** (t + 1))
    return w - alpha * m / (np.sqrt(v) + EPSILON), m, v


def _gradient_in_place_of_its_average(w, g, m, v, t, learning_rate):
    _, m, v = own_adam_step(w, g, m, v, t, learning_rate)
    return w - learning_rate * (1 - B2**t) ** 0.5 / (1 - B1**t) * g / (np.sqrt(v) + EPSILON), m, v


def _corrected_averages_used_and_kept(w, g, m, v, t, learning_rate):
    w, m, v = _epsilon_after_the_correction(w, g, m, v, t, learning_rate)
    return w, m / (1 - B1**t), v / (1 - B2**t)


def _by_differences(w, g, m, v, t, learning_rate):
    m = m + (g - m) * 0.1
    v = v + (g * g - v) * 0.001
    step = m / (v**0.5 + 1e-7) * learning_rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return [w - step, m, v]


def _number_by_number(w, g, m, v, t, learning_rate):
    new = [np.empty_like(w) for _ in range(3)]
    for place in np.ndindex(w.shape):
        m_1 = float(m[place]) * 0.9 + float(g[place]) * 0.1
        v_1 = float(v[place]) * 0.999 + float(g[place]) ** 2 * 0.001
        corrected = learning_rate / (1 - 0.9**t) * m_1 * (1 - 0.999**t) ** 0.5
        new[0][place], new[1][place], new[2][place] = w[place] - corrected / (v_1**0.5 + 1e-7), m_1, v_1
    return tuple(new)


OWN_ADAM_STEP = Exercise(
    id="own_adam_step",
    lesson="16",
    points=3,
    reference=own_adam_step,
    cases=_steps,
    results=("w", "m", "v"),
    mistakes=(
        Mistake(
            _as_in_the_second_article,
            "The correction is missing: m and v start at 0, and at t = 1 the step must be learning_rate long.",
            19,
        ),
        Mistake(
            _as_in_the_fifth_article,
            "m and v grow with every step instead of being averages, and v has no effect on the step.",
            19,
        ),
        Mistake(
            _averages_without_their_share,
            "An average of old and new needs two shares that sum to 1: after one step m = (1 - β₁) g.",
            16,
        ),
        Mistake(
            _epsilon_after_the_correction,
            "That is the paper's first form; in Keras ε stands beside √v before the correction. Small gradients tell.",
            20,
        ),
        Mistake(_epsilon_inside_the_root, "ε under the root is Keras's way in RMSprop, not in Adam.", 20),
        Mistake(_root_forgotten, "Divided by v, the step depends on the gradient's scale: v needs its root.", 18),
        Mistake(_square_of_the_average, "v averages the squares of the gradients, not of their average."),
        Mistake(_step_counted_from_zero, "The first step is t = 1; with t = 0 the correction divides by zero.", 19),
        Mistake(_old_averages_used, "m and v are right; the step must use the new ones."),
        Mistake(_corrected_averages_kept, "The step is right. m and v are kept as they are, without the correction."),
        Mistake(_uphill, "The step has the right length and goes uphill."),
        Mistake(_another_epsilon, "That is the paper's ε, 1e-8; Keras's is 1e-7.", 20),
        Mistake(_plain_descent, "The step was that of plain descent; m and v have no part in it.", 18),
        Mistake(_without_epsilon, "Nearly: ε is missing beside √v. Gradients of 1e-7 tell.", 20),
        Mistake(_correction_upside_down, "The correction stands upside down: at t = 1 it is √0.001 / 0.1.", 19),
        Mistake(
            _correction_without_its_root, "v is corrected by 1 - β₂ᵗ, and the step has √v: the factor needs its root."
        ),
        Mistake(_counted_once_more, "t is 1 in the first step already; your correction counts one further.", 19),
        Mistake(_gradient_in_place_of_its_average, "m and v are right; the step goes along m, not along g."),
        Mistake(
            _corrected_averages_used_and_kept,
            "m and v are to be returned without the correction, and ε stands beside √v before it.",
            20,
        ),
    ),
    alternatives=(_by_differences, _number_by_number),
    hints=(
        "Compute t = 1 on paper with g = 100, m = v = 0: how long must the step be?",
        "State: m and v, averages of g and g². Correction: one factor √(1 - β₂ᵗ) / (1 - β₁ᵗ). Step: m / (√v + ε).",
        "alpha = learning_rate * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)",
    ),
    tolerance=256.0,
)
