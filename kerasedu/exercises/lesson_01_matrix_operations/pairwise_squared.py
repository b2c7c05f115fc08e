"""Squared distances between all pairs of points."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _points(rng):
    for m, n, d in [(4, 3, 2), (1, 5, 3), (3, 3, 3), (6, 1, 1)]:
        yield {"x": rng.normal(size=(m, d)), "y": rng.normal(size=(n, d))}


def pairwise_squared(x, y):
    return np.square(x[:, None, :] - y[None, :, :]).sum(axis=-1)


def _distance(x, y):
    return np.sqrt(pairwise_squared(x, y))


def _pairs_transposed(x, y):
    return pairwise_squared(y, x)


def _own_distance(x, y):
    return pairwise_squared(x, x)


def _mean_over_features(x, y):
    return np.square(x[:, None, :] - y[None, :, :]).mean(axis=-1)


def _no_features_summed(x, y):
    return np.square(x[:, None, :] - y[None, :, :])


def _pairs_of_sums(x, y):
    return np.square((x[:, None, :] - y[None, :, :]).sum(axis=-1))


def _by_expansion(x, y):
    return (x**2).sum(axis=1)[:, None] - 2 * x @ y.T + (y**2).sum(axis=1)


def _by_rows(x, y):
    return np.array([np.square(row - y).sum(axis=1) for row in x])


PAIRWISE_SQUARED = Exercise(
    id="pairwise_squared",
    lesson="01",
    points=3,
    reference=pairwise_squared,
    cases=_points,
    mistakes=(
        Mistake(_distance, "The squared distance was asked for: leave out the root."),
        Mistake(_pairs_transposed, "Entry [i, j] belongs to x[i] and y[j]; here rows belong to y."),
        Mistake(_own_distance, "Those are the distances of x from itself, as in article 000: y must enter."),
        Mistake(_mean_over_features, "Sum over the features, not their mean."),
        Mistake(
            _no_features_summed, "The shape (m, n, d) still holds one number a feature: one axis has to be summed."
        ),
        Mistake(_pairs_of_sums, "Square each feature's difference first, then sum."),
    ),
    alternatives=(_by_expansion, _by_rows),
    hints=(
        "Which shape has x[:, None, :] - y[None, :, :], and which axis must disappear?",
        "A new axis of length 1 makes every row of x meet every row of y.",
        "differences = x[:, None, :] - y[None, :, :]    # (m, n, d)",
    ),
    tolerance=4096.0,  # the expanded form |x|² - 2 x·y + |y|² loses digits, and is right all the same
)
