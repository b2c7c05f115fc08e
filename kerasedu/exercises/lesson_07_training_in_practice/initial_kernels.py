"""The spread of the first weights, after He and after Glorot."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _draws(rng):
    for fan_in, units in [(6, 3), (4, 4), (1, 5), (7, 1), (64, 32)]:
        yield {"normal": rng.normal(size=(fan_in, units)), "uniform": rng.random(size=(fan_in, units))}


def initial_kernels(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / fan_in) * normal, np.sqrt(6 / (fan_in + units)) * (2 * uniform - 1)


def _zeros(normal, uniform):
    return np.zeros_like(normal), np.zeros_like(uniform)


def _all_alike(normal, uniform):
    fan_in, units = normal.shape
    return np.full_like(normal, np.sqrt(2 / fan_in)), np.full_like(uniform, np.sqrt(2 / (fan_in + units)))


def _as_drawn(normal, uniform):
    return normal + 0, uniform + 0


def _variance_as_factor(normal, uniform):
    fan_in, units = normal.shape
    return 2 / fan_in * normal, 2 / (fan_in + units) * (2 * uniform - 1)


def _he_without_root(normal, uniform):
    fan_in, _ = normal.shape
    return 2 / fan_in * normal, initial_kernels(normal, uniform)[1]


def _limit_without_root(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / fan_in) * normal, 6 / (fan_in + units) * (2 * uniform - 1)


def _kernels_exchanged(normal, uniform):
    return initial_kernels(normal, uniform)[::-1]


def _fans_exchanged(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / units) * normal, np.sqrt(6 / (fan_in + units)) * (2 * uniform - 1)


def _he_without_two(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(1 / fan_in) * normal, np.sqrt(6 / (fan_in + units)) * (2 * uniform - 1)


def _limit_is_deviation(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / fan_in) * normal, np.sqrt(2 / (fan_in + units)) * (2 * uniform - 1)


def _positive_only(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / fan_in) * normal, np.sqrt(6 / (fan_in + units)) * uniform


def _negative_only(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / fan_in) * normal, np.sqrt(6 / (fan_in + units)) * (uniform - 1)


def _half_as_wide(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / fan_in) * normal, np.sqrt(6 / (fan_in + units)) * (uniform - 0.5)


def _sum_not_mean_of_fans(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / fan_in) * normal, np.sqrt(3 / (fan_in + units)) * (2 * uniform - 1)


def _he_counts_units_too(normal, uniform):
    fan_in, units = normal.shape
    return np.sqrt(2 / (fan_in + units)) * normal, np.sqrt(6 / (fan_in + units)) * (2 * uniform - 1)


def _glorot_counts_inputs_only(normal, uniform):
    fan_in, _ = normal.shape
    return np.sqrt(2 / fan_in) * normal, np.sqrt(6 / fan_in) * (2 * uniform - 1)


def _with_limits(normal, uniform):
    variance = 1 / ((uniform.shape[0] + uniform.shape[1]) / 2)
    limit = (3 * variance) ** 0.5
    return normal / (len(normal) / 2) ** 0.5, -limit + 2 * limit * uniform


def _in_loops(normal, uniform):
    he, glorot = np.empty(normal.shape), np.empty(uniform.shape)
    fan_in, units = normal.shape
    for i in range(fan_in):
        for j in range(units):
            he[i, j] = normal[i, j] * 2**0.5 / fan_in**0.5
            glorot[i, j] = (uniform[i, j] - 0.5) * 2 * 6**0.5 / (fan_in + units) ** 0.5
    return [he, glorot]


INITIAL_KERNELS = Exercise(
    id="initial_kernels",
    lesson="07",
    points=2,
    reference=initial_kernels,
    cases=_draws,
    mistakes=(
        Mistake(_zeros, "From zeros every hidden unit computes the same and gets the same gradient, for ever.", 15),
        Mistake(
            _all_alike, "The spread is right, but equal weights make equal units: nothing ever tells them apart.", 15
        ),
        Mistake(_as_drawn, "Those are the draws. Their spread must depend on the number of inputs and units."),
        Mistake(_variance_as_factor, "Multiplying numbers by c multiplies their variance by c²: where is the root?"),
        Mistake(_he_without_root, "2 / fan_in is He's variance. Which factor gives normal this variance?"),
        Mistake(_limit_without_root, "a²/3 is Glorot's variance, so a is a root."),
        Mistake(_kernels_exchanged, "The two kernels changed places: first He's, then Glorot's."),
        Mistake(_fans_exchanged, "He's variance counts what a unit sums over: its inputs, the rows of the kernel."),
        Mistake(_he_without_two, "ReLU silences half of the signal; He's 2 makes up for it."),
        Mistake(
            _limit_is_deviation,
            "A uniform number within ±a has the variance a²/3: the limit is wider than the deviation.",
        ),
        Mistake(
            _positive_only, "All of Glorot's weights are positive now. uniform runs from 0 to 1; weights from -a to a."
        ),
        Mistake(_negative_only, "All of Glorot's weights are negative now: from -a to a is a stretch of 2a."),
        Mistake(_half_as_wide, "Your weights run from -a/2 to a/2."),
        Mistake(_sum_not_mean_of_fans, "Glorot divides by the mean of fan_in and units, which is half of their sum."),
        Mistake(_he_counts_units_too, "He's variance counts the inputs alone; the sum of both is Glorot's."),
        Mistake(_glorot_counts_inputs_only, "Glorot's variance counts the inputs and the units."),
    ),
    alternatives=(_with_limits, _in_loops),
    hints=(
        "What does `2 * uniform - 1` run from and to? Which factor gives a standard normal number the variance v?",
        "The deviation is the root of the variance. The uniform kernel's is a²/3: a is the root of 3 variances.",
        "he = np.sqrt(2 / fan_in) * normal",
    ),
    tolerance=256.0,
    keeps_dtype=False,
    results=("he", "glorot"),
)
