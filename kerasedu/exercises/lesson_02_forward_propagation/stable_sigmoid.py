"""The sigmoid for numbers of any size."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _numbers(rng):
    yield {"x": 3 * rng.normal(size=(3, 4))}
    yield {"x": np.array([-1000.0, -30.0, -0.5, 0.0, 0.5, 30.0, 1000.0])}
    yield {"x": 2 * rng.normal(size=(2, 2, 3)).astype("float32")}
    yield {"x": np.array([[200.0, 1.0], [-1.0, -200.0], [0.0, 95.0]], dtype="float32")}
    yield {"x": np.append(-800 + rng.normal(size=4), -0.5)}
    yield {"x": 800 + rng.normal(size=(1, 3))}


def stable_sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def _overflows_below_zero(x):
    return 1 / (1 + np.exp(-x))


def _overflows_above_zero(x):
    return np.exp(x) / (1 + np.exp(x))


def _both_branches_computed(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def _nan_replaced(x):
    return np.nan_to_num(np.exp(x) / (1 + np.exp(x)), nan=1.0)


def _right_half_mirrored(x):
    return 1 / (1 + np.exp(-np.abs(x)))


def _sign_of_the_exponent(x):
    return stable_sigmoid(-x)


def _zero_left_out(x):
    e = np.exp(-np.abs(x))
    return (x > 0) / (1 + e) + (x < 0) * e / (1 + e)


def _tanh(x):
    return np.tanh(x)


def _tanh_not_stretched(x):
    return 0.5 * (1 + np.tanh(x))


def _straight_line(x):
    return np.clip(x / 6 + x.dtype.type(0.5), 0, 1)


def _saturated(x):
    return 1 / (1 + np.exp(-np.clip(x, -5, 5)))


def _cut_at_500(x):
    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))


def _by_tanh(x):
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def _by_mask(x):
    y = np.empty_like(x)
    right = x >= 0
    y[right] = 1 / (1 + np.exp(-x[right]))
    e = np.exp(x[~right])
    y[~right] = e / (1 + e)
    return y


def _by_logarithms(x):
    return np.exp(-np.logaddexp(0, -x))


def _clipped_exponents(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.maximum(x, 0))), 1 - 1 / (1 + np.exp(np.minimum(x, 0))))


STABLE_SIGMOID = Exercise(
    id="stable_sigmoid",
    lesson="02",
    points=3,
    reference=stable_sigmoid,
    cases=_numbers,
    mistakes=(
        Mistake(
            _overflows_below_zero,
            "Far below zero e⁻ˣ overflows. The value survives by luck: 1/∞ = 0. Which form is safe there?",
        ),
        Mistake(
            _overflows_above_zero,
            "Far above zero eˣ overflows, and ∞/∞ is no number. Which of the two forms is safe there?",
        ),
        Mistake(
            _both_branches_computed,
            "np.where chooses between two arrays that were both computed in full: the branch that is not chosen "
            "overflows all the same. What has to be changed is the exponent.",
        ),
        Mistake(
            _nan_replaced,
            "That repairs the result after the accident, and would hide a nan that came in with x. Avoid the overflow.",
        ),
        Mistake(_right_half_mirrored, "With |x| in it the result is the same for x and -x: right for x ≥ 0 only."),
        Mistake(_sign_of_the_exponent, "The sign is turned round: the sigmoid grows with x."),
        Mistake(_zero_left_out, "At x = 0 neither of your cases applies; σ(0) is ½."),
        Mistake(_tanh, "tanh runs from -1 to 1, the sigmoid from 0 to 1."),
        Mistake(_tanh_not_stretched, "Nearly: ½ (1 + tanh x) is σ(2x)."),
        Mistake(_straight_line, "That is the hard sigmoid, made of straight lines."),
        Mistake(
            _cut_at_500,
            "A fixed limit fits one type: in float32 e to the power of 500 overflows too. Which form is safe below "
            "zero?",
        ),
        Mistake(_saturated, "Cutting x at ±5 changes values that can be seen: σ(5) is 0.993, not 1."),
    ),
    alternatives=(_by_tanh, _by_mask, _by_logarithms, _clipped_exponents),
    hints=(
        "For which sign of x does each of the two forms raise e to a positive power?",
        "e to a power ≤ 0 lies between 0 and 1. Compute e^-|x| once; both forms can be written with it.",
        "e = np.exp(-np.abs(x)). For x ≥ 0 the result is 1 / (1 + e); what is it for x < 0?",
    ),
    quiet=True,
)
