"""How long training takes when batches are loaded ahead, while others are trained on."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _epochs(rng):
    for load, train in [
        ([1.0, 1.0, 1.0, 1.0], [3.0, 3.0, 3.0, 3.0]),
        ([3.0, 3.0, 3.0], [1.0, 1.0, 1.0]),
        ([2.0], [5.0]),
        ([1.0, 6.0, 1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0, 2.0]),  # one batch is slow to load
        ([1.0, 1.0, 1.0, 9.0], [4.0, 4.0, 4.0, 1.0]),  # the last is loaded while three are trained on
    ]:
        yield {"load": np.array(load), "train": np.array(train)}
    yield {"load": rng.uniform(1, 5, 12), "train": rng.uniform(1, 5, 12)}


def pipeline_seconds(load, train):
    ready = now = 0.0
    for seconds_to_load, seconds_to_train in zip(load, train):
        ready += seconds_to_load
        now = max(now, ready) + seconds_to_train
    return now


def _one_after_the_other(load, train):
    return np.sum(load) + np.sum(train)


def _longer_of_the_totals(load, train):
    return max(np.sum(load), np.sum(train))


def _longer_for_each_batch(load, train):
    return np.maximum(load, train).sum()


def _first_load_and_longer_total(load, train):
    return load[0] + max(np.sum(load[1:]), np.sum(train))


def _first_load_and_training(load, train):
    return load[0] + np.sum(train)


def _one_batch_ahead(load, train):
    return load[0] + np.maximum(load[1:], train[:-1]).sum() + train[-1]


def _all_loaded_first(load, train):
    return np.sum(load) + train[-1]


def _first_load_forgotten(load, train):
    return pipeline_seconds(load, train) - load[0]


def _two_extremes(load, train):
    return max(np.sum(load) + train[-1], load[0] + np.sum(train))


def _slower_part_every_time(load, train):
    return len(load) * max(np.max(load), np.max(train))


def _when_each_is_done(load, train):
    done, now = [], 0.0
    for ready, seconds in zip(np.cumsum(load), train):
        now = max(now, ready) + seconds
        done.append(now)
    return np.array(done)


def _loads_alone(load, train):
    now = 0.0
    for seconds_to_load, seconds_to_train in zip(load, train):
        now = max(now, seconds_to_load) + seconds_to_train
    return now


def _waits_after_training(load, train):
    ready = now = 0.0
    for seconds_to_load, seconds_to_train in zip(load, train):
        ready += seconds_to_load
        now = max(now + seconds_to_train, ready)
    return now


def _starts_at_the_earlier(load, train):
    ready = now = 0.0
    for seconds_to_load, seconds_to_train in zip(load, train):
        ready += seconds_to_load
        now = min(now, ready) + seconds_to_train
    return now


def _longer_total_and_last(load, train):
    return max(np.sum(load), np.sum(train)) + train[-1]


def _first_load_and_longer_for_each(load, train):
    return load[0] + np.maximum(load, train).sum()


def _by_mean_batches(load, train):
    return load[0] + len(load) * max(np.mean(load), np.mean(train))


def _last_training_forgotten(load, train):
    ready = now = load[0]
    for seconds_to_load, seconds_to_train in zip(load[1:], train):
        ready += seconds_to_load
        now = max(now, ready) + seconds_to_train
    return now


def _first_batch_left_out(load, train):
    return pipeline_seconds(load[1:], train[1:])


def _along_the_longest_way(load, train):
    return np.max(np.cumsum(load) + np.cumsum(train[::-1])[::-1])


def _idle_time(load, train):
    idle = busy = loaded = 0
    for i in range(len(load)):
        loaded = loaded + load[i]
        idle += max(0, loaded - (idle + busy))
        busy += train[i]
    return float(idle + busy)


PIPELINE_SECONDS = Exercise(
    id="pipeline_seconds",
    lesson="13",
    points=3,
    reference=pipeline_seconds,
    cases=_epochs,
    mistakes=(
        Mistake(
            _one_after_the_other, "That is without prefetching: here the next batch is loaded while the model trains."
        ),
        Mistake(
            _longer_of_the_totals, "Before the first batch is there, nothing can train: the two do not overlap fully."
        ),
        Mistake(_longer_for_each_batch, "A batch is not trained on while it is being loaded itself."),
        Mistake(_first_load_and_longer_total, "Nearly: after the last batch is loaded, it still has to be trained on."),
        Mistake(_first_load_and_training, "Training may have to wait for later batches, too, not for the first only."),
        Mistake(
            _one_batch_ahead,
            "Here loading stops when one batch lies ready. It is to go on: a slow batch can be made up for in advance.",
        ),
        Mistake(
            _all_loaded_first,
            "The model trains on one batch at a time: the last one may have to wait for those before it.",
        ),
        Mistake(_first_load_forgotten, "The first batch has to be loaded before anything can be trained on."),
        Mistake(
            _two_extremes,
            "Right if one side is slower throughout. If they take turns, follow the batches one by one.",
        ),
        Mistake(_slower_part_every_time, "Batches differ: each takes its own time, not the longest of all."),
        Mistake(
            _loads_alone,
            "Batches are loaded one right after the other: the second is there after its own time and the first's.",
        ),
        Mistake(
            _waits_after_training, "The wait comes before training: the model begins once the batch is there, not ends."
        ),
        Mistake(
            _starts_at_the_earlier, "Two things must be done before a batch is trained on: the *later* one counts."
        ),
        Mistake(
            _longer_total_and_last,
            "If training is the longer part, the last batch is in its total already; before the first there is a wait.",
        ),
        Mistake(
            _first_load_and_longer_for_each,
            "Close, but batches do not move in step: loading goes on while the model is busy with an earlier batch.",
        ),
        Mistake(_by_mean_batches, "Batches differ, and it matters which one comes late: follow them one by one."),
        Mistake(_last_training_forgotten, "Each batch takes its own training time, the last one too."),
        Mistake(_first_batch_left_out, "The first batch is loaded and trained on as well: begin with number 0."),
        Mistake(_when_each_is_done, "That says when each batch is done; asked is when all are: one number."),
    ),
    alternatives=(_along_the_longest_way, _idle_time),
    hints=(
        "Draw two lines of time under each other, one for loading, one for training, for two or three batches.",
        "Training on a batch begins when two things are done: it is loaded, and the batch before is trained on.",
        "now = max(now, ready) + seconds_to_train, where ready is when this batch is loaded.",
    ),
)
