"""Find the bug: data with samples in columns, made to fit by a reshape."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _measurements(rng):
    for d, n, dtype in [
        (8, 100, "float64"),
        (2, 3, "float64"),
        (3, 3, "float64"),
        (1, 5, "float32"),
        (4, 1, "float64"),
    ]:
        yield {"measurements": rng.random((d, n)).astype(dtype)}


def exam_samples(measurements):
    return measurements.T


def _reshaped(measurements):
    d, n = measurements.shape
    return measurements.reshape(n, d)


def _left_as_they_are(measurements):
    return measurements + 0


def _one_long_row(measurements):
    return measurements.reshape(1, -1)


def _turned_round(measurements):
    return measurements.T[::-1]


def _turned_by_a_quarter(measurements):
    return np.rot90(measurements, -1)


def _with_an_axis_more(measurements):
    return measurements.T[..., None]


def _column_by_column(measurements):
    return np.array([measurements[:, k] for k in range(measurements.shape[1])])


def _fortran_order(measurements):
    d, n = measurements.shape
    return measurements.ravel(order="F").reshape(n, d)


EXAM_SAMPLES = Exercise(
    id="exam_samples",
    lesson="16",
    points=2,
    reference=exam_samples,
    cases=_measurements,
    mistakes=(
        Mistake(
            _reshaped,
            "The shape fits now, but a row holds measurements of several samples: reshape keeps the numbers' order.",
            3,
        ),
        Mistake(_left_as_they_are, "Keras counts the samples along the first axis; here that is still the features."),
        Mistake(_one_long_row, "All samples became one."),
        Mistake(_turned_round, "The axes are right; the samples are in reverse, so they lose their labels."),
        Mistake(_turned_by_a_quarter, "The axes are right; the features of each sample are in reverse."),
        Mistake(_with_an_axis_more, "The axes are right; drop the one of length 1."),
    ),
    alternatives=(_column_by_column, _fortran_order),
    hints=(
        "Try [[1, 2, 3], [10, 20, 30]]: three samples of two measurements. What is the first sample?",
        "Rows and columns have to change places; a reshape lays the numbers out anew in the order they are in.",
        "For an array a, a.T has entry [i, j] where a has [j, i].",
    ),
)
