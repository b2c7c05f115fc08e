"""One worker's share of the samples."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _shares(rng):
    for n, shape, workers, index in [
        (7, (2,), 3, 0),  # 3, 2 and 2 samples
        (7, (2,), 3, 1),
        (7, (2,), 3, 2),
        (8, (), 4, 3),  # 8 samples and 3: they tell a rest spread evenly from shares of one size
        (11, (2, 2), 4, 1),
        (11, (3,), 4, 3),
        (5, (1,), 1, 0),
        (2, (3,), 4, 3),  # an empty share
        (2, (3,), 4, 0),  # and one beside it that is not
        (10, (2,), 6, 5),
        (8, (2,), 5, 1),
        (8, (2,), 5, 2),  # 2, 2, 2, 1 and 1: tells them from boundaries that are rounded up
    ]:
        yield {"x": rng.normal(size=(n, *shape)).astype("float32"), "workers": workers, "index": index}


def shard(x, workers, index):
    size, rest = divmod(len(x), workers)
    start = index * size + min(index, rest)
    return x[start : start + size + (index < rest)]


def _rest_lost(x, workers, index):
    size = len(x) // workers
    return x[index * size : (index + 1) * size]


def _rest_to_the_last(x, workers, index):
    size = len(x) // workers
    return x[index * size : (index + 1) * size if index < workers - 1 else len(x)]


def _sizes_rounded_up(x, workers, index):
    size = -(-len(x) // workers)
    return x[index * size : (index + 1) * size]


def _every_so_many(x, workers, index):
    return x[index::workers]


def _extra_to_the_last_workers(x, workers, index):
    size, rest = divmod(len(x), workers)
    start = index * size + max(0, index - (workers - rest))
    return x[start : start + size + (index >= workers - rest)]


def _starts_not_moved(x, workers, index):
    size, rest = divmod(len(x), workers)
    return x[index * size : (index + 1) * size + (index < rest)]


def _start_too_early(x, workers, index):
    size, rest = divmod(len(x), workers)
    start = index * (size + 1) if index < rest else index * size
    return x[start : start + size + (index < rest)]


def _only_equal_shares(x, workers, index):
    return np.split(x, workers)[index]


def _boundaries_rounded_down(x, workers, index):
    return x[index * len(x) // workers : (index + 1) * len(x) // workers]


def _boundaries_rounded_up(x, workers, index):
    return x[-(-index * len(x) // workers) : -(-(index + 1) * len(x) // workers)]


def _size_rounded(x, workers, index):
    size = round(len(x) / workers)
    return x[index * size : (index + 1) * size]


def _rest_to_the_first(x, workers, index):
    size, rest = divmod(len(x), workers)
    start = index * size + rest * (index > 0)
    return x[start : (index + 1) * size + rest]


def _one_too_many_are_larger(x, workers, index):
    size, rest = divmod(len(x), workers)
    start = index * size + min(index, rest)
    return x[start : start + size + (index <= rest)]


def _all_starts_as_if_larger(x, workers, index):
    size, rest = divmod(len(x), workers)
    return x[index * (size + 1) : index * (size + 1) + size + (index < rest)]


def _at_least_one(x, workers, index):
    size, rest = divmod(len(x), workers)
    start = index * max(size, 1) + min(index, rest)
    return x[start : start + max(size, 1) + (index < rest)]


def _all_shares(x, workers, index):
    return np.array_split(x, workers)


def _their_numbers(x, workers, index):
    return np.array_split(np.arange(len(x)), workers)[index]


def _counted_from_1(x, workers, index):
    return shard(x, workers, index - 1)


def _by_numpy(x, workers, index):
    return np.array_split(x, workers)[index]


def _by_ends(x, workers, index):
    sizes = [len(x) // workers + (k < len(x) % workers) for k in range(workers)]
    ends = np.cumsum(sizes)
    return x[ends[index] - sizes[index] : ends[index]]


def _sample_by_sample(x, workers, index):
    owners = np.sort(np.arange(len(x)) % workers)
    return x[owners == index]


SHARD = Exercise(
    id="shard",
    lesson="14",
    points=2,
    reference=shard,
    cases=_shares,
    mistakes=(
        Mistake(_rest_lost, "Samples are left over when n / workers is rounded down, and nobody gets them."),
        Mistake(
            _rest_to_the_last,
            "The last worker got all that was left, and everybody will wait for it. Sizes may differ by one at most.",
        ),
        Mistake(
            _sizes_rounded_up,
            "With the size rounded up the last workers run short. Sizes may differ by one at most.",
        ),
        Mistake(
            _every_so_many,
            "Every sample comes once, as in `tf.data.Dataset.shard`; but here neighbours were to stay together.",
        ),
        Mistake(_extra_to_the_last_workers, "The first workers, not the last ones, have one sample more."),
        Mistake(
            _starts_not_moved,
            "Some samples are in two shares: where earlier workers took one more, the start has to move, too.",
        ),
        Mistake(
            _start_too_early,
            "Behind the larger shares the start lies too early: some samples are in two shares, the last ones in none.",
        ),
        Mistake(_only_equal_shares, "np.split wants equal parts. What is left over has to go to somebody."),
        Mistake(_boundaries_rounded_down, "The sizes are right, but the larger ones must come first."),
        Mistake(
            _boundaries_rounded_up,
            "Sizes differ by one at most, but the larger ones must all come first: 8 samples for 5 workers are 2, 2, "
            "2, 1, 1.",
        ),
        Mistake(
            _size_rounded,
            "One rounded size for all loses samples or runs short: 7 samples for 3 workers are 3, 2, 2, not 2, 2, 2.",
        ),
        Mistake(
            _rest_to_the_first,
            "The first worker got all that was left, and everybody will wait for it. Sizes may differ by one at most.",
        ),
        Mistake(
            _one_too_many_are_larger,
            "Workers are counted from 0: with a rest of 1 only worker 0 has one sample more, not worker 1 as well.",
        ),
        Mistake(
            _all_starts_as_if_larger,
            "Behind the larger shares the start lies too late: some samples are in none of the shares.",
        ),
        Mistake(_at_least_one, "With fewer samples than workers some shares are empty; nobody's size is rounded up."),
        Mistake(_all_shares, "That is the list of all shares. Asked for is the one of worker number `index`."),
        Mistake(_their_numbers, "These are the numbers of the samples; take these samples out of x."),
        Mistake(_counted_from_1, "Workers are counted from 0."),
    ),
    alternatives=(_by_numpy, _by_ends, _sample_by_sample),
    hints=(
        "Write down the sizes for 7 samples and 3 workers, then the row at which each share starts.",
        "size, rest = divmod(n, workers): everybody has size samples, and the first `rest` workers one more.",
        "Worker i starts at i · size + min(i, rest).",
    ),
)
