"""Find the bug: a sigmoid output trained on squared differences gets stuck."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _logits(rng):
    yield {"z": np.array([-8.0, 8.0, 0.5]), "y": np.array([1.0, 0.0, 1.0])}
    yield {"z": np.array([-800.0, 40.0, 800.0, -3.0]), "y": np.array([1.0, 0.0, 1.0, 0.0])}
    for n, dtype in [(5, "float64"), (1, "float64"), (4, "float32")]:
        yield {"z": 2 * rng.normal(size=n).astype(dtype), "y": rng.integers(0, 2, size=n).astype(dtype)}


def _sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def output_gradient(z, y):
    return (_sigmoid(z) - y) / z.dtype.type(len(z))


def _squared_difference(z, y):
    p = _sigmoid(z)
    return 2 * (p - y) * p * (1 - p) / len(z)


def _slope_left(z, y):
    p = _sigmoid(z)
    return (p - y) * p * (1 - p) / len(z)


def _gradient_of_probability(z, y):
    p = _sigmoid(z)
    return (p - y) / (p * (1 - p)) / len(z)


def _uphill(z, y):
    return (y - _sigmoid(z)) / len(z)


def _two_steps(z, y):
    p = _sigmoid(z)
    dp = (-y / p + (1 - y) / (1 - p)) / len(z)
    return dp * p * (1 - p)


def _two_steps_clipped(z, y):
    p = np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)
    dp = (-y / p + (1 - y) / (1 - p)) / len(z)
    return dp * _sigmoid(z) * (1 - _sigmoid(z))


def _clipped(z, y):
    return (np.clip(_sigmoid(z), 1e-7, 1 - 1e-7) - y) / len(z)


def _small_number_below(z, y):
    p = _sigmoid(z)
    return (p - y) / (p * (1 - p) + 1e-7) / len(z) * p * (1 - p)


def _summed(z, y):
    return _sigmoid(z) - y


def _no_sigmoid(z, y):
    return (z - y) / len(z)


def _sigmoid_overflows(z, y):
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(z)
        return (e / (1 + e) - y) / len(z)


def _two_of_the_square(z, y):
    return 2 * (_sigmoid(z) - y) / len(z)


def _mean_of_all(z, y):
    return np.mean(_sigmoid(z) - y)


def _loss_itself(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


def _with_tanh(z, y):
    return (0.5 * (1 + np.tanh(z / 2)) - y) / len(z)


def _stable(z, y):
    e = np.exp(-np.abs(z))
    return (np.where(z >= 0, 1, e) / (1 + e) - y) / len(z)


def _by_label(z, y):
    sigmoid = np.array([1 / (1 + np.exp(-v)) for v in z], z.dtype)
    return np.where(y == 1, -(1 - sigmoid), sigmoid) / len(z)


OUTPUT_GRADIENT = Exercise(
    id="output_gradient",
    lesson="04",
    points=2,
    reference=output_gradient,
    cases=_logits,
    mistakes=(
        Mistake(
            _squared_difference,
            "That is still the squared difference: its factor p (1 - p) is nearly 0 just where p is most wrong.",
        ),
        Mistake(
            _slope_left,
            "The derivative of cross-entropy has p (1 - p) below the line, which cancels the sigmoid's slope.",
        ),
        Mistake(_gradient_of_probability, "That is dL/dp. One more step back leads to z: the slope of the sigmoid."),
        Mistake(
            _two_steps,
            "Right on paper. In the computer p rounds to 1 or 1 - p to 0, and 0/0 is no number. Multiply dL/dp by the "
            "slope on paper first.",
        ),
        Mistake(
            _two_steps_clipped,
            "Clipping avoids the division by 0, but where p is clipped the gradient is gone: p is most wrong there. "
            "Multiply dL/dp by the slope on paper first.",
        ),
        Mistake(
            _sigmoid_overflows,
            "e to the power of 800 is infinite, and ∞/∞ is no number. With 1 / (1 + np.exp(-z)) it is 1/1 or 1/∞.",
        ),
        Mistake(_clipped, "Nothing has to be clipped here: p - y is finite for every p, and clipping changes it."),
        Mistake(
            _small_number_below,
            "The small number keeps the division finite, and takes the gradient away where p is most wrong. Cancel "
            "p (1 - p) on paper.",
        ),
        Mistake(_two_of_the_square, "The 2 came from the square; cross-entropy has none."),
        Mistake(_mean_of_all, "One gradient for each sample was asked for; the mean belongs to the loss."),
        Mistake(_loss_itself, "That is the loss; asked for is its derivative with respect to each z."),
        Mistake(_uphill, "The sign: if p is too large, the loss grows with z."),
        Mistake(_summed, "That is the gradient of the sum. For twice as many samples the mean must not double.", 7),
        Mistake(_no_sigmoid, "z is a logit; what is compared with y is the probability p."),
    ),
    alternatives=(_with_tanh, _stable, _by_label),
    hints=(
        "Write dL/dp for L = -(y ln p + (1 - y) ln(1 - p)) on one fraction line.",
        "dL/dz = dL/dp · p (1 - p), and p (1 - p) is what stands below dL/dp's line.",
        "One sample: dL/dz = p - y. The mean over the batch divides by n.",
    ),
    tolerance=256.0,
)
