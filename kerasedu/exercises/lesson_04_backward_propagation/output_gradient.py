"""Find the bug: a sigmoid output trained on squared differences gets stuck."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _logits(rng):
    yield {"z": np.array([-8.0, 8.0, 0.5]), "y": np.array([1.0, 0.0, 1.0])}
    for n, dtype in [(5, "float64"), (1, "float64"), (4, "float32")]:
        yield {"z": 2 * rng.normal(size=n).astype(dtype), "y": rng.integers(0, 2, size=n).astype(dtype)}


def _sigmoid(z):
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


def _summed(z, y):
    return _sigmoid(z) - y


def _no_sigmoid(z, y):
    return (z - y) / len(z)


def _with_tanh(z, y):
    return (0.5 * (1 + np.tanh(z / 2)) - y) / len(z)


def _two_steps(z, y):
    p = 1 / (1 + np.exp(-z))
    dp = (-y / p + (1 - y) / (1 - p)) / len(z)
    return dp * p * (1 - p)


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
        Mistake(_uphill, "The sign: if p is too large, the loss grows with z."),
        Mistake(_summed, "That is the gradient of the sum. For twice as many samples the mean must not double.", 7),
        Mistake(_no_sigmoid, "z is a logit; what is compared with y is the probability p."),
    ),
    alternatives=(_with_tanh, _two_steps),
    hints=(
        "Write dL/dp for L = -(y ln p + (1 - y) ln(1 - p)) on one fraction line.",
        "dL/dz = dL/dp · p (1 - p), and p (1 - p) is what stands below dL/dp's line.",
        "One sample: dL/dz = p - y. The mean over the batch divides by n.",
    ),
    tolerance=4096.0,  # in two steps, 1 - p loses digits where p is near 1, and is right all the same
)
