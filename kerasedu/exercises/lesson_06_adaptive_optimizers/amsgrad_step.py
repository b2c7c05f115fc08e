"""Adam that divides by the largest average so far."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.lesson_06_adaptive_optimizers.adam_rule import adam, averages, correction, draw_step


def _steps(rng):
    for shape, t, size, dtype in [
        ((2, 3), 1, 1, "float64"),
        ((6,), 2, 1, "float64"),
        ((3, 3), 3, 1e-7, "float64"),
        ((4,), 1, 0, "float64"),  # no gradient, no step
        ((1, 2), 60, 100, "float64"),
        ((5,), 4, 1e-4, "float32"),
    ]:
        step = draw_step(rng, shape, t, size, dtype)
        # Some entries had larger averages before, in others this step's will be the largest.
        v_max = step["v"] * np.where(np.arange(step["v"].size) % 2, 3, 1).reshape(shape).astype(dtype)
        new = averages(step["g"], step["m"], step["v"])[1]
        step["v"] = np.where(new < step["v"], step["v"] / 2, step["v"]).astype(dtype) if t > 1 else step["v"]
        del step["t"]
        yield {**step, "v_max": v_max, "t": t, "learning_rate": 0.01}


def amsgrad_step(w, g, m, v, v_max, t, learning_rate):
    m, v = averages(g, m, v)
    v_max = np.maximum(v_max, v)
    return _step(w, m, v_max, t, learning_rate), m, v, v_max


def _step(w, m, v, t, learning_rate):
    return w - learning_rate * correction(t) * m / (np.sqrt(v) + 1e-7)


def _largest_fed_back(w, g, m, v, v_max, t, learning_rate):
    w, m, _, v_max = amsgrad_step(w, g, m, v, v_max, t, learning_rate)
    return w, m, v_max, v_max


def _largest_not_kept(w, g, m, v, v_max, t, learning_rate):
    w, m, v, _ = amsgrad_step(w, g, m, v, v_max, t, learning_rate)
    return w, m, v, v_max


def _largest_unused(w, g, m, v, v_max, t, learning_rate):
    _, m, v, v_max = amsgrad_step(w, g, m, v, v_max, t, learning_rate)
    return _step(w, m, v, t, learning_rate), m, v, v_max


def _old_largest_used(w, g, m, v, v_max, t, learning_rate):
    _, m, v, new = amsgrad_step(w, g, m, v, v_max, t, learning_rate)
    return _step(w, m, v_max, t, learning_rate), m, v, new


def _smallest(w, g, m, v, v_max, t, learning_rate):
    m, v = averages(g, m, v)
    v_max = np.minimum(v_max, v)
    return _step(w, m, v_max, t, learning_rate), m, v, v_max


def _largest_square(w, g, m, v, v_max, t, learning_rate):
    m, v = averages(g, m, v)
    v_max = np.maximum(v_max, g**2)
    return _step(w, m, v_max, t, learning_rate), m, v, v_max


def _compared_with_old_average(w, g, m, v, v_max, t, learning_rate):
    v_max = np.maximum(v_max, v)
    m, v = averages(g, m, v)
    return _step(w, m, v_max, t, learning_rate), m, v, v_max


def _largest_of_all_entries(w, g, m, v, v_max, t, learning_rate):
    m, v = averages(g, m, v)
    v_max = np.full_like(v, max(v_max.max(), v.max()))
    return _step(w, m, v_max, t, learning_rate), m, v, v_max


def _one_largest_number(w, g, m, v, v_max, t, learning_rate):
    m, v = averages(g, m, v)
    v_max = np.maximum(v_max.max(), v.max())
    return _step(w, m, v_max, t, learning_rate), m, v, v_max


def _corrected_before_compared(w, g, m, v, v_max, t, learning_rate):
    m, v = averages(g, m, v)
    v_max = np.maximum(v_max, v / (1 - 0.999**t))
    return w - learning_rate * m / (1 - 0.9**t) / (np.sqrt(v_max) + 1e-7), m, v, v_max


def _average_of_the_largest(w, g, m, v, v_max, t, learning_rate):
    return amsgrad_step(w, g, m, v_max, v_max, t, learning_rate)


def _largest_of_averages_that_forget(w, g, m, v, v_max, t, learning_rate):
    """``adam_step`` with v_max in the place of v."""
    w, m, largest = adam(w, g, m, v_max, t, learning_rate)
    v = averages(g, m, v)[1]
    return w, m, v, np.maximum(largest, v)


def _largest_of_averages_that_forget_kept(w, g, m, v, v_max, t, learning_rate):
    w, m, v, _ = _largest_of_averages_that_forget(w, g, m, v, v_max, t, learning_rate)
    return w, m, v, np.maximum(v_max, v)


def _epsilon_inside_the_root(w, g, m, v, v_max, t, learning_rate):
    _, m, v, v_max = amsgrad_step(w, g, m, v, v_max, t, learning_rate)
    return w - learning_rate * correction(t) * m / np.sqrt(v_max + 1e-7), m, v, v_max


def _no_correction(w, g, m, v, v_max, t, learning_rate):
    m, v = averages(g, m, v)
    v_max = np.maximum(v_max, v)
    return w - learning_rate * m / (np.sqrt(v_max) + 1e-7), m, v, v_max


def _plain_adam(w, g, m, v, v_max, t, learning_rate):
    return *adam(w, g, m, v, t, learning_rate), v_max


def _where_larger(w, g, m, v, v_max, t, learning_rate):
    m = m + (g - m) * 0.1
    v = v + (g * g - v) * 0.001
    largest = v_max.copy()
    largest[v > v_max] = v[v > v_max]
    alpha = learning_rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return [w - m * alpha / (largest**0.5 + 1e-7), m, v, largest]


def _entry_by_entry(w, g, m, v, v_max, t, learning_rate):
    results = [np.zeros(w.shape) for _ in range(4)]
    for place in np.ndindex(w.shape):
        a, b = 0.9 * m[place] + 0.1 * g[place], 0.999 * v[place] + 0.001 * g[place] ** 2
        c = max(float(b), float(v_max[place]))
        step = learning_rate * (1 - 0.999**t) ** 0.5 * a / (1 - 0.9**t) / (c**0.5 + 1e-7)
        for array, value in zip(results, (w[place] - step, a, b, c)):
            array[place] = value
    return tuple(results)


ONE_FOR_ALL = "One maximum for all entries gives all weights the same scale; take it entry by entry."
STEP_FROM_V_MAX = (
    "The step averaged v_max with g². v_max is no average: it is compared with the new v, and divides as it is."
)

AMSGRAD_STEP = Exercise(
    id="amsgrad_step",
    lesson="06",
    points=2,
    reference=amsgrad_step,
    cases=_steps,
    mistakes=(
        Mistake(
            _largest_fed_back,
            "The step is right. But the maximum was returned as v, so the next average would start from it: keep both.",
        ),
        Mistake(_largest_not_kept, "The step is right; return the new maximum, or it is forgotten."),
        Mistake(_largest_unused, "The maximum is kept, but the step is still divided by the root of v."),
        Mistake(_old_largest_used, "The step must use the new maximum, which this step's v may have raised."),
        Mistake(_smallest, "np.minimum keeps the smallest: steps would only grow."),
        Mistake(_largest_square, "The maximum is of the averages v, not of the squares g²."),
        Mistake(_compared_with_old_average, "The maximum was taken before v was brought up to date."),
        Mistake(_largest_of_all_entries, ONE_FOR_ALL, 22),
        Mistake(_one_largest_number, ONE_FOR_ALL, 22),
        Mistake(
            _corrected_before_compared,
            "The state keeps averages without correction, their maximum too; the correction is one factor of the step.",
            20,
        ),
        Mistake(_average_of_the_largest, "v is an average of its own past: v_max has no part in it."),
        Mistake(_largest_of_averages_that_forget, STEP_FROM_V_MAX),
        Mistake(_largest_of_averages_that_forget_kept, STEP_FROM_V_MAX),
        Mistake(_epsilon_inside_the_root, "As in Keras's Adam, ε is added to the root, not inside.", 20),
        Mistake(_no_correction, "The correction of Adam stays: alpha, not learning_rate.", 19),
        Mistake(_plain_adam, "That is Adam; v_max was neither compared nor used."),
    ),
    alternatives=(_where_larger, _entry_by_entry),
    hints=(
        "Four things come out. Which of them has a memory that never falls, and which line reads it?",
        "State: m, v as in Adam, then v_max from the old v_max and the new v, entry by entry. The step reads v_max.",
        "v_max = np.maximum(v_max, v)",
    ),
    tolerance=256.0,
    keeps_dtype=False,
)
