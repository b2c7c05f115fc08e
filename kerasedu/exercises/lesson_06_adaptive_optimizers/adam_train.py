"""Several parameters: one count of steps for all, one state for each."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake
from kerasedu.exercises.lesson_06_adaptive_optimizers.adam_rule import adam


def _parameters(rng):
    for shapes, steps, dtype in [
        ([(3,), (3,)], 2, "float64"),
        ([(2, 3), (3,)], 3, "float64"),
        ([(1,)], 1, "float64"),
        ([(2,), (2, 2), (1, 3)], 4, "float64"),
        ([(4, 1), (1,)], 3, "float32"),
    ]:
        sizes = 10.0 ** rng.integers(-4, 3, size=len(shapes))
        yield {
            "weights": [rng.normal(size=shape).astype(dtype) for shape in shapes],
            "gradients": [
                [(size * rng.normal(size=shape)).astype(dtype) for shape, size in zip(shapes, sizes)]
                for _ in range(steps)
            ],
            "learning_rate": 0.01,
        }


def adam_train(weights, gradients, learning_rate):
    return _train(weights, gradients, learning_rate)


def _train(weights, gradients, learning_rate, count=lambda t, i, n: t):
    """The right weights, unless ``count`` gives another t at step t = 1, 2, … for parameter i of n."""
    weights = list(weights)
    state = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    for t, of_step in enumerate(gradients, 1):
        for i, g in enumerate(of_step):
            weights[i], *state[i] = adam(weights[i], g, *state[i], count(t, i, len(weights)), learning_rate)
    return tuple(weights)


def _counted_for_each_parameter(weights, gradients, learning_rate):
    return _train(weights, gradients, learning_rate, lambda t, i, n: (t - 1) * n + i + 1)


def _counted_from_zero(weights, gradients, learning_rate):
    return _train(weights, gradients, learning_rate, lambda t, i, n: t - 1)


def _counted_from_zero_in_numpy(weights, gradients, learning_rate):
    return _train(weights, gradients, learning_rate, lambda t, i, n: np.float64(t - 1))


def _one_list_for_both_averages(weights, gradients, learning_rate):
    weights = list(weights)
    ms = vs = [np.zeros_like(w) for w in weights]
    for t, of_step in enumerate(gradients, 1):
        for i, g in enumerate(of_step):
            weights[i], ms[i], vs[i] = adam(weights[i], g, ms[i], vs[i], t, learning_rate)
    return tuple(weights)


def _always_the_first_step(weights, gradients, learning_rate):
    return _train(weights, gradients, learning_rate, lambda t, i, n: 1)


def _state_shared(weights, gradients, learning_rate):
    weights, m, v = list(weights), np.zeros_like(weights[0]), np.zeros_like(weights[0])
    for t, of_step in enumerate(gradients, 1):
        for i, g in enumerate(of_step):
            weights[i], m, v = adam(weights[i], g, m, v, t, learning_rate)
    return tuple(weights)


def _state_forgotten(weights, gradients, learning_rate):
    weights = list(weights)
    for t, of_step in enumerate(gradients, 1):
        for i, g in enumerate(of_step):
            weights[i] = adam(weights[i], g, np.zeros_like(g), np.zeros_like(g), t, learning_rate)[0]
    return tuple(weights)


def _weights_not_kept(weights, gradients, learning_rate):
    state = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    new = list(weights)
    for t, of_step in enumerate(gradients, 1):
        for i, g in enumerate(of_step):
            new[i], *state[i] = adam(weights[i], g, *state[i], t, learning_rate)
    return tuple(new)


def _weights_not_stored(weights, gradients, learning_rate):
    return tuple(w.copy() for w in weights)


def _one_parameter_after_the_other(weights, gradients, learning_rate):
    """The same numbers if the count is right; here it goes on from one parameter to the next."""
    new, t = [], 0
    for i, w in enumerate(weights):
        m, v = np.zeros_like(w), np.zeros_like(w)
        for of_step in gradients:
            t += 1
            w, m, v = adam(w, of_step[i], m, v, t, learning_rate)
        new.append(w)
    return tuple(new)


def _callers_list_changed(weights, gradients, learning_rate):
    weights[:] = adam_train(weights, gradients, learning_rate)
    return tuple(weights)


def _first_step_only(weights, gradients, learning_rate):
    return _train(weights, gradients[:1], learning_rate)


def _parameter_by_parameter(weights, gradients, learning_rate):
    new = []
    for i, w in enumerate(weights):
        m, v = np.zeros_like(w), np.zeros_like(w)
        for t in range(1, len(gradients) + 1):
            g = gradients[t - 1][i]
            m, v = m + 0.1 * (g - m), v + 0.001 * (g * g - v)
            w = w - learning_rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7)
        new.append(w)
    return new


def _with_dictionaries(weights, gradients, learning_rate):
    w = dict(enumerate(np.copy(array) for array in weights))
    m, v = ({i: np.zeros(array.shape) for i, array in w.items()} for _ in range(2))
    for t, of_step in zip(range(1, len(gradients) + 1), gradients):
        for i in w:
            m[i] *= 0.9
            m[i] += 0.1 * of_step[i]
            v[i] *= 0.999
            v[i] += 0.001 * of_step[i] ** 2
            step = m[i] / (v[i] ** 0.5 + 1e-7)
            w[i] -= (learning_rate * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t) * step).astype(w[i].dtype)
    return tuple(w.values())


def _all_in_one_vector(weights, gradients, learning_rate):
    flat = np.concatenate([w.ravel() for w in weights])
    m, v = np.zeros_like(flat), np.zeros_like(flat)
    for t, of_step in enumerate(gradients, start=1):
        flat, m, v = adam(flat, np.concatenate([g.ravel() for g in of_step]), m, v, t, learning_rate)
    ends = np.cumsum([w.size for w in weights])
    return [part.reshape(w.shape) for part, w in zip(np.split(flat, ends[:-1]), weights)]


ADAM_TRAIN = Exercise(
    id="adam_train",
    lesson="06",
    points=3,
    reference=adam_train,
    cases=_parameters,
    mistakes=(
        Mistake(
            _state_shared,
            "One m and v serve all parameters: the second averages gradients of the first. Each needs its own pair.",
            22,
        ),
        Mistake(
            _counted_for_each_parameter,
            "t grew with every parameter. It counts steps: all parameters of a step have the same t.",
            19,
        ),
        Mistake(
            _one_parameter_after_the_other,
            "The first parameter is right; for the second t went on from where the first had stopped.",
            19,
        ),
        Mistake(_counted_from_zero, "t starts at 1: in the first step the correction would be 0 / 0.", 19),
        Mistake(_counted_from_zero_in_numpy, "t starts at 1: in the first step the correction would be 0 / 0.", 19),
        Mistake(
            _one_list_for_both_averages,
            "ms and vs are one list under two names, so v overwrites m. Make two lists.",
            22,
        ),
        Mistake(_always_the_first_step, "t is 1 in every step; the correction has to fade as the averages fill.", 19),
        Mistake(_state_forgotten, "m and v were 0 in every step. The new ones must be kept for the next step."),
        Mistake(_weights_not_kept, "Each step started from the first weights. It has to start from the last ones."),
        Mistake(_weights_not_stored, "The weights came back as they were: the new w must be stored in weights[i]."),
        Mistake(_callers_list_changed, "Right numbers, but the caller's list was changed: start with list(weights)."),
        Mistake(_first_step_only, "That is the first step only. Is the return inside the loop?"),
    ),
    alternatives=(_parameter_by_parameter, _with_dictionaries, _all_in_one_vector),
    hints=(
        "How many arrays m are needed, and which of your variables counts the steps?",
        "Before the loops: for each parameter m and v, zeros of its shape. Outer loop: t = 1, 2, …; inner: parameters.",
        "weights[i], ms[i], vs[i] = adam_step(weights[i], g, ms[i], vs[i], t, learning_rate)   # in the inner loop",
    ),
    tolerance=1024.0,
    keeps_dtype=False,
)
