"""Statistics of data that come in pieces: merge the mean and variance so far with those of a batch."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake

NAMES = ("count", "mean", "variance")


def _pieces(rng):
    for seen, k, d, level in [(5, 3, 2, 0.0), (0, 4, 3, 1.0), (6, 1, 2, -2.0), (0, 1, 1, 3.0), (40, 25, 2, 2e4)]:
        before = level + rng.normal(size=(seen, d))
        yield {
            "count": seen,
            "mean": before.mean(axis=0) if seen else np.zeros(d),
            "variance": before.var(axis=0) if seen else np.zeros(d),
            "batch": level + (1.5 if seen else 0.0) + 2 * rng.normal(size=(k, d)),
        }


def _merged(count, mean, variance, k, batch_mean, batch_variance):
    total = count + k
    new = mean + (batch_mean - mean) * (k / total)
    within = (count * variance + k * batch_variance) / total
    return total, new, within + (batch_mean - mean) ** 2 * (count * k / total**2)


def running_moments(count, mean, variance, batch):
    return _merged(count, mean, variance, len(batch), batch.mean(axis=0), batch.var(axis=0))


def _mean_of_squares(count, mean, variance, batch):
    total = count + len(batch)
    new = (count * mean + batch.sum(axis=0)) / total
    squares = (count * (variance + mean**2) + np.sum(batch**2, axis=0)) / total
    return total, new, squares - new**2


def _spread_between_forgotten(count, mean, variance, batch):
    total, new, _ = running_moments(count, mean, variance, batch)
    return total, new, (count * variance + len(batch) * batch.var(axis=0)) / total


def _halves(count, mean, variance, batch):
    if not count:
        return len(batch), batch.mean(axis=0), batch.var(axis=0)
    return count + len(batch), (mean + batch.mean(axis=0)) / 2, (variance + batch.var(axis=0)) / 2


def _batch_only(count, mean, variance, batch):
    return count + len(batch), batch.mean(axis=0), batch.var(axis=0)


def _around_the_old_mean(count, mean, variance, batch):
    total, new, _ = running_moments(count, mean, variance, batch)
    return total, new, (count * variance + np.sum((batch - mean) ** 2, axis=0)) / total


def _around_the_new_mean(count, mean, variance, batch):
    total, new, _ = running_moments(count, mean, variance, batch)
    return total, new, (count * variance + np.sum((batch - new) ** 2, axis=0)) / total


def _batch_unbiased(count, mean, variance, batch):
    total, new, merged = running_moments(count, mean, variance, batch)
    with np.errstate(all="ignore"):
        spread = batch.var(axis=0, ddof=1) if len(batch) > 1 else batch.var(axis=0)
    return total, new, merged + (spread - batch.var(axis=0)) * len(batch) / total


def _between_divided_once(count, mean, variance, batch):
    total, new, _ = running_moments(count, mean, variance, batch)
    within = (count * variance + len(batch) * batch.var(axis=0)) / total
    return total, new, within + (batch.mean(axis=0) - mean) ** 2 * count * len(batch) / total


def _distance_from_the_new_mean(count, mean, variance, batch):
    total, new, _ = running_moments(count, mean, variance, batch)
    within = (count * variance + len(batch) * batch.var(axis=0)) / total
    return total, new, within + (batch.mean(axis=0) - new) ** 2 * count * len(batch) / total**2


def _unbiased(count, mean, variance, batch):
    total, new, merged = running_moments(count, mean, variance, batch)
    return total, new, merged * total / max(total - 1, 1)


def _moving_average(count, mean, variance, batch):
    return (
        count + len(batch),
        0.99 * mean + 0.01 * batch.mean(axis=0),
        0.99 * variance + 0.01 * batch.var(axis=0),
    )


def _batches_counted(count, mean, variance, batch):
    return count + 1, *running_moments(count, mean, variance, batch)[1:]


def _over_everything(count, mean, variance, batch):
    return _merged(count, mean, variance, len(batch), batch.mean(), batch.var())


def _deviations(count, mean, variance, batch):
    total, new, merged = running_moments(count, mean, variance, batch)
    return total, new, np.sqrt(merged)


def _always_halves(count, mean, variance, batch):
    return count + len(batch), (mean + batch.mean(axis=0)) / 2, (variance + batch.var(axis=0)) / 2


def _towards_the_wrong_group(count, mean, variance, batch):
    total, _, merged = running_moments(count, mean, variance, batch)
    return total, mean + (batch.mean(axis=0) - mean) * count / total, merged


def _wrong_way(count, mean, variance, batch):
    total, new, merged = running_moments(count, mean, variance, batch)
    return total, 2 * mean - new, merged


def _distance_not_squared(count, mean, variance, batch):
    total, new, _ = running_moments(count, mean, variance, batch)
    within = (count * variance + len(batch) * batch.var(axis=0)) / total
    return total, new, within + (batch.mean(axis=0) - mean) * count * len(batch) / total**2


def _sizes_exchanged(count, mean, variance, batch):
    total, new, _ = running_moments(count, mean, variance, batch)
    within = (len(batch) * variance + count * batch.var(axis=0)) / total
    return total, new, within + (batch.mean(axis=0) - mean) ** 2 * count * len(batch) / total**2


def _count_not_updated(count, mean, variance, batch):
    return count, *running_moments(count, mean, variance, batch)[1:]


def _one_by_one(count, mean, variance, batch):
    """Welford's way: sample by sample."""
    squares = variance * count
    for row in batch:
        count += 1
        off = row - mean
        mean = mean + off / count
        squares = squares + off * (row - mean)
    return count, mean, squares / count


def _around_the_merged_mean(count, mean, variance, batch):
    """Each part's spread around its own mean, moved to the merged mean."""
    total = count + len(batch)
    new = (count * mean + batch.sum(axis=0)) / total
    before = count * (variance + (mean - new) ** 2)
    return [np.float64(total), new, (before + ((batch - new) ** 2).sum(axis=0)) / total]


RUNNING_MOMENTS = Exercise(
    id="running_moments",
    lesson="12",
    points=3,
    reference=running_moments,
    cases=_pieces,
    mistakes=(
        Mistake(
            _mean_of_squares,
            "E[x²] - E[x]² subtracts two huge numbers when the mean is large, and most digits are gone (lesson 01). "
            "Merge the spreads instead.",
        ),
        Mistake(
            _spread_between_forgotten,
            "Two groups with different means spread more than each of them: the distance of the two means is missing.",
        ),
        Mistake(_halves, "Old and new count by the number of their samples, and not half and half."),
        Mistake(_batch_only, "That describes this batch alone; what was there before is lost."),
        Mistake(
            _around_the_old_mean,
            "The new samples are measured from the old mean; the mean has moved since, for the old ones, too.",
        ),
        Mistake(
            _around_the_new_mean,
            "The new samples are measured from the new mean, the old ones still from the old mean.",
        ),
        Mistake(_batch_unbiased, "The batch's variance is divided by k - 1; divide by its number of samples."),
        Mistake(_between_divided_once, "The part between the two means is too large: its divisor is n², not n."),
        Mistake(
            _distance_from_the_new_mean,
            "δ is the distance of the batch's mean from the old mean: compute it before the mean is overwritten.",
        ),
        Mistake(_unbiased, "Divide by the number of samples, as Normalization does, not by one less."),
        Mistake(
            _moving_average,
            "A moving average forgets: that is what BatchNormalization keeps. Here every sample counts the same.",
        ),
        Mistake(_batches_counted, "count is a number of samples, not of batches."),
        Mistake(_over_everything, "Each column has a mean and a variance of its own: axis=0."),
        Mistake(_always_halves, "Old and new count by the number of their samples, and not half and half."),
        Mistake(
            _towards_the_wrong_group,
            "A large batch pulls the mean more than a small one: its own size stands above the line.",
        ),
        Mistake(_wrong_way, "The mean moves towards the mean of the batch; δ is the batch's mean minus the old one."),
        Mistake(_distance_not_squared, "The distance between the means enters the variance as a square."),
        Mistake(_sizes_exchanged, "Each variance is weighted by the number of its own samples."),
        Mistake(_count_not_updated, "The next batch needs to know how many samples there are now."),
        Mistake(_deviations, "Those are standard deviations; asked for are their squares."),
    ),
    alternatives=(_one_by_one, _around_the_merged_mean),
    hints=(
        "Try it: the samples 1, 1 have mean 1 and variance 0; then 3, 3 come. Which mean and variance have all four?",
        "The variance of all has two parts: the spread within each group, weighted by its size, and that between their "
        "means.",
        "Mean: (count * mean + k * batch.mean(axis=0)) / total, with k samples in the batch.",
    ),
    tolerance=65536.0,
    results=NAMES,
    keeps_dtype=False,
)
