"""A long sequence cut into batches whose rows go on where they stopped."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _series(rng):
    for batches, rows, steps, dtype in [
        (3, 2, 4, "float64"),
        (1, 3, 2, "int64"),
        (2, 2, 2, "float32"),
        (4, 1, 3, "int64"),
    ]:
        series = (rng.integers(50) + np.arange(batches * rows * steps)).astype(dtype)
        yield {"series": series, "batch_size": rows, "steps": steps}


def stateful_batches(series, batch_size, steps):
    return series.reshape(batch_size, -1, steps).swapaxes(0, 1)


def _neighbours_in_one_batch(series, batch_size, steps):
    return series.reshape(-1, batch_size, steps)


def _rows_first(series, batch_size, steps):
    return series.reshape(batch_size, -1, steps)


def _dealt_out(series, batch_size, steps):
    return series.reshape(-1, steps, batch_size).swapaxes(1, 2)


def _steps_and_rows_exchanged(series, batch_size, steps):
    return series.reshape(steps, -1, batch_size).transpose(1, 2, 0)


def _batches_reversed(series, batch_size, steps):
    return stateful_batches(series, batch_size, steps)[::-1]


def _steps_apart(series, batch_size, steps):
    return series.reshape(batch_size, steps, -1).transpose(2, 0, 1)


def _row_by_row(series, batch_size, steps):
    rows = np.split(series, batch_size)
    return np.stack([np.stack(parts) for parts in zip(*(row.reshape(-1, steps) for row in rows))])


def _by_index(series, batch_size, steps):
    row = len(series) // batch_size
    batches = np.empty((row // steps, batch_size, steps), series.dtype)
    for k in range(row // steps):
        for i in range(batch_size):
            batches[k, i] = series[i * row + k * steps : i * row + (k + 1) * steps]
    return batches


STATEFUL_BATCHES = Exercise(
    id="stateful_batches",
    lesson="10",
    points=2,
    reference=stateful_batches,
    cases=_series,
    mistakes=(
        Mistake(
            _neighbours_in_one_batch,
            "Neighbouring pieces lie in one batch. Row 0 of the next batch must go on where row 0 of this one stopped.",
        ),
        Mistake(_rows_first, "The rows are right; the first axis must count batches, the second rows."),
        Mistake(_dealt_out, "Neighbouring numbers went to different rows; inside a row they follow each other."),
        Mistake(_steps_and_rows_exchanged, "Inside a row, numbers must follow each other as in the series."),
        Mistake(_batches_reversed, "The batches come in reverse: the first must hold the start of each row."),
        Mistake(_steps_apart, "The rows are right, but the steps of a piece are not neighbours in the series."),
    ),
    alternatives=(_row_by_row, _by_index),
    hints=(
        "With the series 0 to 11, batch_size 2 and steps 3: which half of the series does row 0 read?",
        "Cut the series into batch_size long rows first. Batch k holds piece k of every row.",
        "series.reshape(batch_size, -1, steps) has the axes (row, piece, step).",
    ),
)
