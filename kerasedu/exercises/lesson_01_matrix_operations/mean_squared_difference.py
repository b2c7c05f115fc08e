"""Find the bug: a target of shape (n,) meets an output of shape (n, 1)."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _vectors(rng):
    for n, dtype in [(3, "float64"), (1, "float64"), (7, "float32"), (4, "float64")]:
        yield {"target": rng.normal(size=n).astype(dtype), "output": rng.normal(size=(n, 1)).astype(dtype)}


def mean_squared_difference(target, output):
    return np.mean((target - output[:, 0]) ** 2)


def _broadcast(target, output):
    return np.mean((target - output) ** 2)


def _sum_not_mean(target, output):
    return np.sum((target - output[:, 0]) ** 2)


def _no_square(target, output):
    return np.mean(target - output[:, 0])


def _absolute(target, output):
    return np.mean(np.abs(target - output[:, 0]))


def _square_of_mean(target, output):
    return np.mean(target - output[:, 0]) ** 2


def _reshape_first(target, output):
    return np.square(target.reshape(-1, 1) - output).mean()


def _with_dot(target, output):
    difference = target - output.ravel()
    return difference @ difference / difference.dtype.type(len(difference))


MEAN_SQUARED_DIFFERENCE = Exercise(
    id="mean_squared_difference",
    lesson="01",
    points=2,
    reference=mean_squared_difference,
    cases=_vectors,
    mistakes=(
        Mistake(_broadcast, "(n,) against (n, 1) broadcasts to (n, n): every target meets every output.", 2),
        Mistake(_sum_not_mean, "That is the sum of the squares, not their mean."),
        Mistake(_no_square, "Without the square, differences of opposite sign cancel."),
        Mistake(_absolute, "That is the mean absolute difference."),
        Mistake(_square_of_mean, "Square each difference first, then take the mean."),
    ),
    alternatives=(_reshape_first, _with_dot),
    hints=(
        "Print the shape of the difference for n = 3: how many numbers are averaged?",
        "Broadcasting lines shapes up from the right; (3,) and (3, 1) meet as (1, 3) and (3, 1).",
        "output[:, 0] has shape (n,), like target.",
    ),
)
