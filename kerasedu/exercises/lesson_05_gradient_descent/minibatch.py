"""One mini-batch of an epoch."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _epochs(rng):
    for n, shape, batch_size, k in [
        (7, (2,), 3, 2),  # the last batch has one sample
        (6, (3,), 3, 1),
        (8, (2, 2), 3, 1),
        (5, (1,), 1, 3),
        (3, (2,), 8, 0),  # all in one batch
        (8, (3,), 3, 2),
    ]:
        order = rng.permutation(n)
        while (order == np.sort(order)).all() or (order == np.argsort(order)).all():  # would hide mistakes
            order = np.roll(rng.permutation(n), 1)
        x = rng.normal(size=(n, *shape)).astype("float32")
        yield {"x": x, "y": rng.permutation(n) % 10, "order": order, "batch_size": batch_size, "k": k}


def minibatch(x, y, order, batch_size, k):
    rows = order[k * batch_size : (k + 1) * batch_size]
    return x[rows], y[rows]


def _order_ignored(x, y, order, batch_size, k):
    rows = slice(k * batch_size, (k + 1) * batch_size)
    return x[rows], y[rows]


def _labels_in_the_old_order(x, y, order, batch_size, k):
    part = slice(k * batch_size, (k + 1) * batch_size)
    return x[order[part]], y[part]


def _batches_counted_as_samples(x, y, order, batch_size, k):
    rows = order[k : k + batch_size]
    return x[rows], y[rows]


def _counted_from_one(x, y, order, batch_size, k):
    rows = order[(k - 1) * batch_size : k * batch_size]
    return x[rows], y[rows]


def _one_sample_short(x, y, order, batch_size, k):
    rows = order[k * batch_size : (k + 1) * batch_size - 1]
    return x[rows], y[rows]


def _filled_up_from_the_start(x, y, order, batch_size, k):
    rows = np.take(order, np.arange(k * batch_size, (k + 1) * batch_size), mode="wrap")
    return x[rows], y[rows]


def _moved_back(x, y, order, batch_size, k):
    start = max(min(k * batch_size, len(x) - batch_size), 0)
    rows = order[start : start + batch_size]
    return x[rows], y[rows]


def _rest_dropped(x, y, order, batch_size, k):
    whole = len(x) // batch_size * batch_size
    rows = order[:whole][k * batch_size : (k + 1) * batch_size]
    return x[rows], y[rows]


def _every_so_many(x, y, order, batch_size, k):
    rows = order[k :: -(-len(x) // batch_size)]
    return x[rows], y[rows]


def _places_instead_of_samples(x, y, order, batch_size, k):
    rows = np.argsort(order)[k * batch_size : (k + 1) * batch_size]
    return x[rows], y[rows]


def _shuffled_whole(x, y, order, batch_size, k):
    start, stop = k * batch_size, min((k + 1) * batch_size, len(x))
    return x[order][start:stop], y[order][start:stop]


def _sample_by_sample(x, y, order, batch_size, k):
    rows = [order[place] for place in range(len(order)) if place // batch_size == k]
    return [np.stack([x[row] for row in rows]), np.array([y[row] for row in rows])]


def _taken(x, y, order, batch_size, k):
    rows = np.split(order, range(batch_size, len(order), batch_size))[k]
    return np.take(x, rows, axis=0), np.take(y, rows)


MINIBATCH = Exercise(
    id="minibatch",
    lesson="05",
    points=2,
    reference=minibatch,
    cases=_epochs,
    mistakes=(
        Mistake(
            _labels_in_the_old_order,
            "The samples are shuffled, their labels are not: every sample now has somebody else's label.",
        ),
        Mistake(_order_ignored, "These samples stand side by side in x. order says which sample comes when."),
        Mistake(_batches_counted_as_samples, "Batch k starts after k whole batches, not after k samples."),
        Mistake(_counted_from_one, "That is the batch before it: the first batch is batch 0."),
        Mistake(_one_sample_short, "One sample is missing. A slice leaves out its end by itself."),
        Mistake(_filled_up_from_the_start, "The last batch was filled up: some samples come twice in this epoch."),
        Mistake(_moved_back, "The last batch overlaps the one before it: some samples come twice in this epoch."),
        Mistake(_rest_dropped, "What does not fill a batch was left out. An epoch shows every sample once."),
        Mistake(_every_so_many, "Batch 0 is the first batch_size entries of order; yours picks them from all over."),
        Mistake(
            _places_instead_of_samples,
            "order[i] is the sample that comes at place i; you used the place at which sample i comes.",
        ),
    ),
    alternatives=(_shuffled_whole, _sample_by_sample, _taken),
    hints=(
        "With batch_size 3, which entries of order belong to batch 0, which to batch 1?",
        "Take a slice of order first, then pick those rows of x and of y. A slice that reaches beyond the end stops "
        "there by itself.",
        "Batch 1 of size 3: rows = order[3:6]; x[rows] are its samples.",
    ),
    results=("x_batch", "y_batch"),
)
