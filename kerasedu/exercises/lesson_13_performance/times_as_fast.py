"""Find the bug: a comparison of speeds that counts the preparation, and whatever else the machine was doing."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _recordings(rng):
    for slow_shape, fast_shape in [
        ((3, 6), (2, 8)),
        ((1, 3), (1, 8)),
        ((3, 4), (3, 4)),
        ((2, 7), (4, 3)),
        ((5, 2), (5, 2)),
    ]:
        yield {"slow": _epochs(rng, slow_shape, 0.8), "fast": _epochs(rng, fast_shape, 0.3)}
    yield {"slow": _epochs(rng, (2, 6), 0.8), "fast": _epochs(rng, (2, 5), 0.3, preparation=0.0)}


def _epochs(rng, shape, seconds, preparation=1.0):
    """Epochs that differ by some per cent; the first of each run prepares, and some are disturbed."""
    times = seconds * rng.uniform(0.9, 1.1, shape)
    times[:, 0] = 0.85 * seconds + preparation * rng.uniform(2, 4, shape[0])
    times[-1, -1] *= rng.uniform(4, 6)
    return times


def times_as_fast(slow, fast):
    return np.median(slow[:, 1:]) / np.median(fast[:, 1:])


def _mean_of_all(slow, fast):
    return slow.mean() / fast.mean()


def _total_times(slow, fast):
    return slow.sum() / fast.sum()


def _median_of_all(slow, fast):
    return np.median(slow) / np.median(fast)


def _mean_of_the_rest(slow, fast):
    return slow[:, 1:].mean() / fast[:, 1:].mean()


def _only_one_preparation(slow, fast):
    return np.median(slow.ravel()[1:]) / np.median(fast.ravel()[1:])


def _first_run_left_out(slow, fast):
    return np.median(slow[1:]) / np.median(fast[1:])


def _last_left_out(slow, fast):
    return np.median(slow[:, :-1]) / np.median(fast[:, :-1])


def _upside_down(slow, fast):
    return np.median(fast[:, 1:]) / np.median(slow[:, 1:])


def _shortest(slow, fast):
    return slow[:, 1:].min() / fast[:, 1:].min()


def _prepared_only(slow, fast):
    return np.median(slow[:, 0]) / np.median(fast[:, 0])


def _one_of_each_run(slow, fast):
    return np.median(slow[:, 1]) / np.median(fast[:, 1])


def _median_of_means(slow, fast):
    return np.median(slow[:, 1:].mean(axis=1)) / np.median(fast[:, 1:].mean(axis=1))


def _median_of_medians(slow, fast):
    return np.median(np.median(slow[:, 1:], axis=1)) / np.median(np.median(fast[:, 1:], axis=1))


def _two_epochs_left_out(slow, fast):
    return np.median(slow[:, 2:]) / np.median(fast[:, 2:])


def _difference(slow, fast):
    return np.median(slow[:, 1:]) - np.median(fast[:, 1:])


def _one_for_each_run(slow, fast):
    return np.median(slow[:, 1:], axis=1) / np.median(fast[:, 1:], axis=1)


def _upper_of_two_in_the_middle(slow, fast):
    slow, fast = np.sort(slow[:, 1:], axis=None), np.sort(fast[:, 1:], axis=None)
    return slow[len(slow) // 2] / fast[len(fast) // 2]


def _middle_without_sorting(slow, fast):
    slow, fast = slow[:, 1:].ravel(), fast[:, 1:].ravel()
    return slow[len(slow) // 2] / fast[len(fast) // 2]


def _cut_to_equal_length(slow, fast):
    epochs = min(slow.shape[1], fast.shape[1])
    return np.median(slow[:, 1:epochs]) / np.median(fast[:, 1:epochs])


def _first_run_only(slow, fast):
    return np.median(slow[0, 1:]) / np.median(fast[0, 1:])


def _mean_of_medians(slow, fast):
    return np.median(slow[:, 1:], axis=1).mean() / np.median(fast[:, 1:], axis=1).mean()


def _longest_left_out(slow, fast):
    return np.median(np.sort(slow)[:, :-1]) / np.median(np.sort(fast)[:, :-1])


def _run_and_epoch_left_out(slow, fast):
    return np.median(slow[1:, 1:]) / np.median(fast[1:, 1:])


def _longest(slow, fast):
    return slow[:, 1:].max() / fast[:, 1:].max()


def _gain(slow, fast):
    return times_as_fast(slow, fast) - 1


def _in_per_cent(slow, fast):
    return 100 * times_as_fast(slow, fast)


def _sorted(slow, fast):
    def middle(times):
        rest = sorted(time for run in times.tolist() for time in run[1:])
        half = len(rest) // 2
        return rest[half] if len(rest) % 2 else (rest[half - 1] + rest[half]) / 2

    return middle(slow) / middle(fast)


def _by_quantile(slow, fast):
    return np.quantile(np.delete(slow, 0, axis=1), 0.5) / np.quantile(np.delete(fast, 0, axis=1), 0.5)


TIMES_AS_FAST = Exercise(
    id="times_as_fast",
    lesson="13",
    points=2,
    reference=times_as_fast,
    cases=_recordings,
    mistakes=(
        Mistake(_mean_of_all, "The first epoch of each run prepares as well as trains, and it is still counted."),
        Mistake(
            _total_times, "Totals grow with the number of epochs, and runs may differ in it; the first counts too."
        ),
        Mistake(_median_of_all, "The first epoch of each run is still among the numbers: leave it out first."),
        Mistake(_mean_of_the_rest, "One disturbed epoch moves a mean. Which number in the middle does it not move?"),
        Mistake(
            _only_one_preparation, "Each run starts a new model, so the first epoch of each run prepares, not of one."
        ),
        Mistake(_first_run_left_out, "That drops the first run. Runs are rows; the first epoch of each is a column."),
        Mistake(_last_left_out, "The last epoch of each run was left out; it is the first that prepares."),
        Mistake(_upside_down, "Above 1 is to mean that `fast` takes less time: which of the two goes on top?"),
        Mistake(_shortest, "That compares the luckiest epochs; asked is for the usual one."),
        Mistake(_prepared_only, "Those are the first epochs, the ones to leave out."),
        Mistake(_one_of_each_run, "Only the second epoch of each run was used; all but the first count."),
        Mistake(
            _median_of_means, "The mean of a run is moved by one disturbed epoch; a median over runs comes too late."
        ),
        Mistake(
            _median_of_medians, "A median of medians is not that of all epochs: put those of all runs together first."
        ),
        Mistake(_two_epochs_left_out, "Two epochs of each run were left out; only the first one prepares."),
        Mistake(_difference, "That is a difference in seconds. How many *times* as fast is a ratio."),
        Mistake(_one_for_each_run, "One number was asked for: the epochs of all runs together have one median."),
        Mistake(
            _upper_of_two_in_the_middle, "Of an even count two are in the middle: the median is the mean of the two."
        ),
        Mistake(_middle_without_sorting, "The number in the middle *by size* is meant: sort first, or use np.median."),
        Mistake(
            _cut_to_equal_length, "Epochs were left out to make runs equally long; a median needs no equal numbers."
        ),
        Mistake(_first_run_only, "Only the first run was used; the epochs of all runs count."),
        Mistake(
            _mean_of_medians, "Medians of runs were averaged. Asked is the median of all epochs, of all runs together."
        ),
        Mistake(
            _longest_left_out, "The longest epoch of each run was left out. The one that prepares is known: the first."
        ),
        Mistake(_run_and_epoch_left_out, "The whole first run was left out as well; only the first column is to go."),
        Mistake(_longest, "That compares the most disturbed epochs; asked is for the usual one."),
        Mistake(_gain, "That is by how much faster. How many *times* as fast would be 1 if both took equally long."),
        Mistake(_in_per_cent, "That is in per cent; asked is the ratio, 1 if both take equally long."),
    ),
    alternatives=(_sorted, _by_quantile),
    hints=(
        "Look at one row of the recording below the exercise: which epochs tell how long an epoch usually takes?",
        "What happens once per run is no part of the speed, and a disturbed epoch must not move the result.",
        "slow[:, 1:] is all runs without their first epoch.",
    ),
)
