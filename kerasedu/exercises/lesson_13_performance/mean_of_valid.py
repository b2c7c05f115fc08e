"""Rewrite a loop over samples as operations on whole arrays: the mean of the valid steps of each sequence."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

MANY = 3_300_000  # at a microsecond and more a turn, a loop over so many samples takes longer than a check may


def _sequences(rng):
    for n, time, d, dtype in [
        (3, 5, 2, "float64"),
        (4, 4, 4, "float32"),
        (1, 3, 2, "float32"),
        (5, 1, 3, "float64"),
        (3, 6, 1, "float32"),
    ]:
        lengths = rng.integers(1, time + 1, n)
        lengths[0] = max(1, time - 1)
        yield {"x": rng.normal(size=(n, time, d)).astype(dtype), "lengths": lengths}
    x = rng.random((MANY, 2, 1), dtype="float32")
    yield {"x": x, "lengths": rng.integers(1, 3, MANY, dtype="int16")}


def _valid(x, lengths):
    return (np.arange(x.shape[1]) < lengths[:, None])[..., None]


def mean_of_valid(x, lengths):
    total = np.where(_valid(x, lengths), x, x.dtype.type(0)).sum(axis=1)
    return total / lengths[:, None].astype(x.dtype)


def _padding_included(x, lengths):
    return x.mean(axis=1)


def _divided_by_all_steps(x, lengths):
    return (x * _valid(x, lengths)).mean(axis=1)


def _sum(x, lengths):
    return (x * _valid(x, lengths)).sum(axis=1)


def _padding_summed(x, lengths):
    return x.sum(axis=1) / lengths[:, None].astype(x.dtype)


def _one_step_too_many(x, lengths):
    mask = (np.arange(x.shape[1]) <= lengths[:, None])[..., None]
    return (x * mask).sum(axis=1) / lengths[:, None].astype(x.dtype)


def _one_step_too_few(x, lengths):
    return (x * _valid(x, lengths - 1)).sum(axis=1) / lengths[:, None].astype(x.dtype)


def _last_step(x, lengths):
    return x[np.arange(len(x)), lengths - 1]


def _running_mean_of_all(x, lengths):
    mask = _valid(x, lengths)
    return (x * mask).sum(axis=(0, 1), keepdims=True)[0] / lengths[:, None].astype(x.dtype)


def _in_float64(x, lengths):
    return (x * _valid(x, lengths)).sum(axis=1) / lengths[:, None]


def _lengths_in_a_row(x, lengths):
    return (x * _valid(x, lengths)).sum(axis=1) / lengths.astype(x.dtype)


def _mask_along_the_features(x, lengths):
    mask = np.arange(x.shape[2]) < lengths[:, None]
    return (x * mask[:, None, :]).sum(axis=1) / lengths[:, None].astype(x.dtype)


def _all_samples_together(x, lengths):
    return x[_valid(x, lengths)[..., 0]].mean(axis=0)


def _divided_by_all_valid_steps(x, lengths):
    mask = _valid(x, lengths)
    return (x * mask).sum(axis=1) / x.dtype.type(mask.sum())


def _up_to_the_longest(x, lengths):
    return x[:, : lengths.max()].mean(axis=1)


def _behind_the_length(x, lengths):
    return (x * ~_valid(x, lengths)).sum(axis=1) / lengths[:, None].astype(x.dtype)


def _over_the_features(x, lengths):
    return (x * _valid(x, lengths)).sum(axis=2) / lengths[:, None].astype(x.dtype)


def _time_axis_kept(x, lengths):
    return (x * _valid(x, lengths)).sum(axis=1, keepdims=True) / lengths[:, None, None].astype(x.dtype)


def _from_running_sums(x, lengths):
    sums = np.add.accumulate(x, axis=1, dtype="float64")
    return (sums[np.arange(len(x)), lengths - 1] / lengths[:, None]).astype(x.dtype)


def _with_einsum(x, lengths):
    weights = (np.arange(x.shape[1])[None] < lengths[:, None]) / lengths[:, None]
    return np.einsum("ntd,nt->nd", x, weights.astype(x.dtype))


def _time_step_by_time_step(x, lengths):
    total = np.zeros_like(x[:, 0])
    for t in range(x.shape[1]):
        total[lengths > t] += x[lengths > t, t]
    total /= lengths.reshape(-1, 1)
    return total


MEAN_OF_VALID = Exercise(
    id="mean_of_valid",
    lesson="13",
    points=3,
    reference=mean_of_valid,
    cases=_sequences,
    mistakes=(
        Mistake(_padding_included, "What stands behind the length of a sequence counted as well."),
        Mistake(
            _divided_by_all_steps, "The sum is right, but it was divided by all steps: each sequence has its length."
        ),
        Mistake(_sum, "Those are sums; the mean divides by the length."),
        Mistake(_padding_summed, "Divided by the right lengths, but the sum still has the padding in it."),
        Mistake(_one_step_too_many, "Steps count from 0: with length 2 the steps 0 and 1 are valid. Which comparison?"),
        Mistake(_one_step_too_few, "The last valid step of each sequence is missing in the sum."),
        Mistake(_last_step, "That is the last valid step alone."),
        Mistake(_running_mean_of_all, "The sum ran over the samples, too. Each sample has its own mean."),
        Mistake(
            _in_float64,
            "The lengths are whole numbers, and float32 with int makes float64: twice the memory from here on.",
        ),
        Mistake(
            _lengths_in_a_row,
            "lengths (n,) lines up with the features of the sums (n, d), on the right. It belongs to the rows.",
            2,
        ),
        Mistake(_mask_along_the_features, "The mask runs along the features; valid or not are the time steps."),
        Mistake(
            _all_samples_together,
            "Indexing with a mask puts the valid steps of all samples into one list: which one was whose is lost.",
        ),
        Mistake(
            _divided_by_all_valid_steps, "The number of valid steps of all samples divides here; each has its own."
        ),
        Mistake(_up_to_the_longest, "All samples were cut off at the longest length; each has its own end."),
        Mistake(_behind_the_length, "The padding was kept and the valid steps set to 0: which way round is the mask?"),
        Mistake(_over_the_features, "The sum ran along the features, the last axis; time is the middle one."),
        Mistake(_time_axis_kept, "The time axis is still there, of length 1: the means have shape (n, d)."),
    ),
    alternatives=(_from_running_sums, _with_einsum, _time_step_by_time_step),
    hints=(
        "Which entries of x count? Write the answer as an array of True and False, one for each sample and step.",
        "Comparing all steps (time,) with all lengths (n, 1) gives a mask (n, time). What is not valid counts as 0.",
        "mask = np.arange(x.shape[1]) < lengths[:, None]",
    ),
)
