"""Go on from a checkpoint: Adam's averages and its count of steps are part of the state of a training."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
NAMES = ("w", "m", "v", "iterations")


def _checkpoints(rng):
    for steps, shape, iterations, size in [
        (3, (2,), 4, 1.0),
        (1, (3,), 0, 1e-3),
        (5, (2, 3), 20, 1e-7),
        (2, (1,), 1, 50),
    ]:
        started = float(iterations > 0)
        yield {
            "w": rng.normal(size=shape),
            "m": started * size * rng.normal(size=shape),
            "v": started * size**2 * (0.5 + rng.random(shape)) * (1 - BETA_2 ** max(iterations, 1)),
            "iterations": iterations,
            "gradients": size * rng.normal(size=(steps, *shape)),
            "learning_rate": 0.01,
        }


def _adam(w, m, v, first, gradients, learning_rate, correct=True):
    """Adam, with the first of the gradients at step number ``first``."""
    for t, g in enumerate(gradients, start=first):
        m = BETA_1 * m + (1 - BETA_1) * g
        v = BETA_2 * v + (1 - BETA_2) * g**2
        alpha = learning_rate * np.sqrt(1 - BETA_2**t) / (1 - BETA_1**t) if correct else learning_rate
        w = w - alpha * m / (np.sqrt(v) + EPSILON)
    return w, m, v


def resumed_adam(w, m, v, iterations, gradients, learning_rate):
    return *_adam(w, m, v, iterations + 1, gradients, learning_rate), iterations + len(gradients)


def _counts_from_the_start(w, m, v, iterations, gradients, learning_rate):
    return *_adam(w, m, v, 1, gradients, learning_rate), iterations + len(gradients)


def _counts_and_returns_from_the_start(w, m, v, iterations, gradients, learning_rate):
    return *_adam(w, m, v, 1, gradients, learning_rate), len(gradients)


def _weights_only(w, m, v, iterations, gradients, learning_rate):
    return *_adam(w, np.zeros_like(m), np.zeros_like(v), 1, gradients, learning_rate), len(gradients)


def _averages_lost(w, m, v, iterations, gradients, learning_rate):
    return resumed_adam(w, np.zeros_like(m), np.zeros_like(v), iterations, gradients, learning_rate)


def _m_lost(w, m, v, iterations, gradients, learning_rate):
    return resumed_adam(w, np.zeros_like(m), v, iterations, gradients, learning_rate)


def _v_lost(w, m, v, iterations, gradients, learning_rate):
    return resumed_adam(w, m, np.zeros_like(v), iterations, gradients, learning_rate)


def _number_of_the_last_step(w, m, v, iterations, gradients, learning_rate):
    return _one_step_behind(w, m, v, iterations, gradients, learning_rate, np.sqrt)


def _number_of_the_last_step_in_python(w, m, v, iterations, gradients, learning_rate):
    return _one_step_behind(w, m, v, iterations, gradients, learning_rate, lambda a: a**0.5)


def _one_step_behind(w, m, v, t, gradients, learning_rate, root):
    for g in gradients:
        m, v = BETA_1 * m + (1 - BETA_1) * g, BETA_2 * v + (1 - BETA_2) * g**2
        w = w - learning_rate * root(1 - BETA_2**t) / (1 - BETA_1**t) * m / (np.sqrt(v) + EPSILON)
        t += 1
    return w, m, v, t


def _one_number_for_all_steps(w, m, v, iterations, gradients, learning_rate):
    for g in gradients:
        w, m, v = _adam(w, m, v, iterations + 1, [g], learning_rate)
    return w, m, v, iterations + len(gradients)


def _iterations_not_counted(w, m, v, iterations, gradients, learning_rate):
    return *_adam(w, m, v, iterations + 1, gradients, learning_rate), iterations


def _one_too_many(w, m, v, iterations, gradients, learning_rate):
    return *_adam(w, m, v, iterations + 1, gradients, learning_rate), iterations + len(gradients) + 1


def _no_correction(w, m, v, iterations, gradients, learning_rate):
    return *_adam(w, m, v, 1, gradients, learning_rate, correct=False), iterations + len(gradients)


def _with(w, m, v, t, gradients, learning_rate, betas=(BETA_1, BETA_2), new=1 - BETA_1, power=0.5, epsilon=EPSILON):
    """Adam with something exchanged."""
    for g in gradients:
        t += 1
        m, v = betas[0] * m + new * g, betas[1] * v + (1 - betas[1]) * g**2
        alpha = learning_rate * (1 - BETA_2**t) ** power / (1 - BETA_1**t)
        w = w - alpha * m / (np.sqrt(v) + epsilon)
    return w, m, v, t


def _m_is_a_sum(w, m, v, iterations, gradients, learning_rate):
    return _with(w, m, v, iterations, gradients, learning_rate, new=1)


def _betas_swapped(w, m, v, iterations, gradients, learning_rate):
    return _with(w, m, v, iterations, gradients, learning_rate, betas=(BETA_2, BETA_1), new=1 - BETA_2)


def _root_of_the_correction_forgotten(w, m, v, iterations, gradients, learning_rate):
    return _with(w, m, v, iterations, gradients, learning_rate, power=1)


def _v_not_corrected(w, m, v, iterations, gradients, learning_rate):
    return _with(w, m, v, iterations, gradients, learning_rate, power=0)


def _no_epsilon(w, m, v, iterations, gradients, learning_rate):
    return _with(w, m, v, iterations, gradients, learning_rate, epsilon=0)


def _upwards(w, m, v, iterations, gradients, learning_rate):
    up, *state = resumed_adam(w, m, v, iterations, gradients, learning_rate)
    return 2 * w - up, *state


def _one_step_only(w, m, v, iterations, gradients, learning_rate):
    return resumed_adam(w, m, v, iterations, gradients[:1], learning_rate)


def _epsilon_inside_the_root(w, m, v, iterations, gradients, learning_rate):
    for t, g in enumerate(gradients, start=iterations + 1):
        m, v = BETA_1 * m + (1 - BETA_1) * g, BETA_2 * v + (1 - BETA_2) * g**2
        w = w - learning_rate * np.sqrt(1 - BETA_2**t) / (1 - BETA_1**t) * m / np.sqrt(v + EPSILON)
    return w, m, v, iterations + len(gradients)


def _textbook_epsilon(w, m, v, iterations, gradients, learning_rate):
    for t, g in enumerate(gradients, start=iterations + 1):
        m, v = BETA_1 * m + (1 - BETA_1) * g, BETA_2 * v + (1 - BETA_2) * g**2
        w = w - learning_rate * (m / (1 - BETA_1**t)) / (np.sqrt(v / (1 - BETA_2**t)) + EPSILON)
    return w, m, v, iterations + len(gradients)


def _corrected_averages_kept(w, m, v, iterations, gradients, learning_rate):
    for t, g in enumerate(gradients, start=iterations + 1):
        m = (BETA_1 * m + (1 - BETA_1) * g) / (1 - BETA_1**t)
        v = (BETA_2 * v + (1 - BETA_2) * g**2) / (1 - BETA_2**t)
        w = w - learning_rate * m / (np.sqrt(v) + EPSILON)
    return w, m, v, iterations + len(gradients)


def _factors_pile_up(w, m, v, iterations, gradients, learning_rate):
    for t, g in enumerate(gradients, start=iterations + 1):
        m, v = BETA_1 * m + (1 - BETA_1) * g, BETA_2 * v + (1 - BETA_2) * g**2
        learning_rate = learning_rate * np.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
        w = w - learning_rate * m / (np.sqrt(v) + EPSILON)
    return w, m, v, iterations + len(gradients)


def _two_steps_ahead(w, m, v, iterations, gradients, learning_rate):
    return *_adam(w, m, v, iterations + 2, gradients, learning_rate), iterations + len(gradients)


def _shares_exchanged(w, m, v, iterations, gradients, learning_rate):
    return _with(w, m, v, iterations, gradients, learning_rate, betas=(1 - BETA_1, 1 - BETA_2), new=BETA_1)


def _correction_upside_down(w, m, v, iterations, gradients, learning_rate):
    for t, g in enumerate(gradients, start=iterations + 1):
        m, v = BETA_1 * m + (1 - BETA_1) * g, BETA_2 * v + (1 - BETA_2) * g**2
        w = w - learning_rate * (1 - BETA_1**t) / np.sqrt(1 - BETA_2**t) * m / (np.sqrt(v) + EPSILON)
    return w, m, v, iterations + len(gradients)


def _running_products(w, m, v, iterations, gradients, learning_rate):
    """As in Keras's source: what is added to m and v is the share of the difference."""
    power_1, power_2 = BETA_1**iterations, BETA_2**iterations
    for g in gradients:
        power_1, power_2 = power_1 * BETA_1, power_2 * BETA_2
        m = m + (g - m) * (1 - BETA_1)
        v = v + (np.square(g) - v) * (1 - BETA_2)
        w = w - m * (learning_rate * (1 - power_2) ** 0.5 / (1 - power_1)) / (v**0.5 + EPSILON)
        iterations += 1
    return [w, m, v, iterations]


def _on_copies(w, m, v, iterations, gradients, learning_rate):
    w, m, v = w.copy(), m.copy(), v.copy()
    for k in range(len(gradients)):
        t = iterations + k + 1
        m *= BETA_1
        m += (1 - BETA_1) * gradients[k]
        v *= BETA_2
        v += (1 - BETA_2) * gradients[k] * gradients[k]
        w -= learning_rate * m * np.sqrt(1 - BETA_2**t) / ((1 - BETA_1**t) * (np.sqrt(v) + EPSILON))
    return w, m, v, np.int64(iterations + len(gradients))


RESUMED_ADAM = Exercise(
    id="resumed_adam",
    lesson="12",
    points=4,
    reference=resumed_adam,
    cases=_checkpoints,
    mistakes=(
        Mistake(
            _counts_from_the_start,
            "The averages are kept, but the correction begins again at t = 1, as if they were still nearly 0. At which "
            "step does this run go on?",
            19,
        ),
        Mistake(
            _counts_and_returns_from_the_start,
            "The steps that were made before the interruption count: in the correction, and in what is returned.",
            19,
        ),
        Mistake(
            _weights_only,
            "That is what remains of a training when only the weights are saved: m, v and the number of steps begin "
            "anew.",
        ),
        Mistake(_averages_lost, "m and v of the checkpoint are not used."),
        Mistake(_m_lost, "m of the checkpoint is not used: the average of the gradients begins anew."),
        Mistake(_v_lost, "v of the checkpoint is not used: the average of the squares begins anew."),
        Mistake(_number_of_the_last_step, "`iterations` steps are done. Which number has the next one?", 19),
        Mistake(_number_of_the_last_step_in_python, "`iterations` steps are done. Which number has the next one?", 19),
        Mistake(_one_number_for_all_steps, "t grows with every step, not only with every call.", 19),
        Mistake(_iterations_not_counted, "The next one who resumes needs to know of these steps, too."),
        Mistake(_one_too_many, "iterations counts the steps that were made, not the one that comes next."),
        Mistake(_no_correction, "The averages lack their correction; its formula stands above.", 19),
        Mistake(_m_is_a_sum, "The new gradient enters m with the factor 1 - beta_1."),
        Mistake(_betas_swapped, "beta_1 belongs to m, beta_2 to v."),
        Mistake(_root_of_the_correction_forgotten, "The correction of v stands under a root, as v itself does.", 19),
        Mistake(_v_not_corrected, "The average of the squares starts at 0, too, and has a correction of its own.", 19),
        Mistake(_no_epsilon, "Where gradients are tiny, epsilon counts: add it to the root of v.", 20),
        Mistake(
            _corrected_averages_kept,
            "m and v are kept as they are; the correction belongs to this one step. Here the next step starts from "
            "corrected averages.",
            19,
        ),
        Mistake(
            _factors_pile_up,
            "The factor of each step multiplies learning_rate itself, which stays. Here the factors of all steps pile "
            "up.",
        ),
        Mistake(
            _two_steps_ahead, "`iterations` steps are done. Which number has the next one? Yours is one too high.", 19
        ),
        Mistake(_shares_exchanged, "Most of an average is kept: beta belongs to the old one, 1 - beta to what is new."),
        Mistake(_correction_upside_down, "The root with beta_2 stands above the line, the part with beta_1 below.", 19),
        Mistake(_upwards, "The step goes against the average gradient."),
        Mistake(_one_step_only, "gradients holds one for each step; loop over all of them."),
        Mistake(_epsilon_inside_the_root, "Keras's Adam adds epsilon to the root, not under it.", 20),
        Mistake(
            _textbook_epsilon,
            "That is the form in which epsilon is added to the corrected root. Keras puts the correction into the step "
            "size.",
            20,
        ),
    ),
    alternatives=(_running_products, _on_copies),
    hints=(
        "Resume in the middle of a run of six steps: after three and three, is everything as after six?",
        "Four things make up the state: w, m, v and the number of steps made. The correction needs the number of each "
        "step, counted from the very first.",
        "for t, g in enumerate(gradients, start=iterations + 1):",
    ),
    tolerance=512.0,
    results=NAMES,
)
