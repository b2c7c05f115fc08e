"""Find the bug: the workers of the article's third step, each of which updates the weights on its own."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _clusters(rng):
    for sizes, d, steps in [([4, 2], 3, 3), ([3, 1, 2], 2, 2), ([3], 2, 3), ([2, 2], 2, 1), ([1, 5], 1, 4)]:
        yield {
            "xs": [rng.normal(size=(n, d)) for n in sizes],
            "ys": [rng.normal(size=n) for n in sizes],
            "w": rng.normal(size=d),
            "learning_rate": 0.05,
            "steps": steps,
        }


def _slope(x, y, w):
    return 2 / len(x) * x.T @ (x @ w - y)


def train_on_workers(xs, ys, w, learning_rate, steps):
    total = sum(len(x) for x in xs)
    for _ in range(steps):
        w = w - learning_rate * sum(len(x) * _slope(x, y, w) for x, y in zip(xs, ys)) / total
    return w


def _one_after_the_other(xs, ys, w, learning_rate, steps):
    for _ in range(steps):
        for x, y in zip(xs, ys):
            w = w - learning_rate * _slope(x, y, w)
    return w


def _sum_of_gradients(xs, ys, w, learning_rate, steps):
    for _ in range(steps):
        w = w - learning_rate * sum(_slope(x, y, w) for x, y in zip(xs, ys))
    return w


def _mean_of_means(xs, ys, w, learning_rate, steps):
    return _sum_of_gradients(xs, ys, w, learning_rate / len(xs), steps)


def _sum_over_all_samples(xs, ys, w, learning_rate, steps):
    return train_on_workers(xs, ys, w, learning_rate * sum(map(len, xs)), steps)


def _apart_until_the_end(xs, ys, w, learning_rate, steps):
    apart = [train_on_workers([x], [y], w, learning_rate, steps) for x, y in zip(xs, ys)]
    return np.average(apart, axis=0, weights=[len(x) for x in xs])


def _apart_and_not_weighted(xs, ys, w, learning_rate, steps):
    return np.mean([train_on_workers([x], [y], w, learning_rate, steps) for x, y in zip(xs, ys)], axis=0)


def _smaller_rate(xs, ys, w, learning_rate, steps):
    return _one_after_the_other(xs, ys, w, learning_rate / len(xs), steps)


def _last_worker_only(xs, ys, w, learning_rate, steps):
    return train_on_workers(xs[-1:], ys[-1:], w, learning_rate, steps)


def _shares_one_after_the_other(xs, ys, w, learning_rate, steps):
    total = sum(map(len, xs))
    for _ in range(steps):
        for x, y in zip(xs, ys):
            w = w - learning_rate * len(x) / total * _slope(x, y, w)
    return w


def _factor_2_lost(xs, ys, w, learning_rate, steps):
    return train_on_workers(xs, ys, w, learning_rate / 2, steps)


def _not_emptied(xs, ys, w, learning_rate, steps):
    gradient, total = np.zeros_like(w), sum(map(len, xs))
    for _ in range(steps):
        for x, y in zip(xs, ys):
            gradient = gradient + len(x) / total * _slope(x, y, w)
        w = w - learning_rate * gradient
    return w


def _second_names(xs, ys, w, learning_rate, steps):
    for _ in range(steps):
        apart = []
        for x, y in zip(xs, ys):
            own = w
            own -= learning_rate * _slope(x, y, own)
            apart.append(own)
        w = np.average(apart, axis=0, weights=[len(x) for x in xs])
    return w


def _gradient_computed_once(xs, ys, w, learning_rate, steps):
    return train_on_workers(xs, ys, w, learning_rate * steps, 1)


def _update_in_the_inner_loop(xs, ys, w, learning_rate, steps):
    total = sum(map(len, xs))
    for _ in range(steps):
        gradient = np.zeros_like(w)
        for x, y in zip(xs, ys):
            gradient = gradient + len(x) / total * _slope(x, y, w)
            w = w - learning_rate * gradient
    return w


def _one_step_only(xs, ys, w, learning_rate, steps):
    return train_on_workers(xs, ys, w, learning_rate, 1)


def _loops_swapped(xs, ys, w, learning_rate, steps):
    for x, y in zip(xs, ys):
        w = train_on_workers([x], [y], w, learning_rate, steps)
    return w


def _sums_divided_by_workers(xs, ys, w, learning_rate, steps):
    return train_on_workers(xs, ys, w, learning_rate * sum(map(len, xs)) / len(xs), steps)


def _divided_twice(xs, ys, w, learning_rate, steps):
    return _sum_of_gradients(xs, ys, w, learning_rate / sum(map(len, xs)), steps)


def _weighted_twice(xs, ys, w, learning_rate, steps):
    for _ in range(steps):
        w = w - learning_rate * sum(len(x) ** 2 * _slope(x, y, w) for x, y in zip(xs, ys)) / sum(map(len, xs))
    return w


def _changes_w(xs, ys, w, learning_rate, steps):
    new = train_on_workers(xs, ys, w, learning_rate, steps)
    w[...] = new
    return new


def _one_big_batch(xs, ys, w, learning_rate, steps):
    x, y = np.concatenate(xs), np.concatenate(ys)
    for _ in range(steps):
        w = w - learning_rate * 2 * np.mean((x @ w - y)[:, None] * x, axis=0)
    return w


def _weights_averaged_after_every_step(xs, ys, w, learning_rate, steps):
    for _ in range(steps):
        apart = [w - learning_rate * _slope(x, y, w) for x, y in zip(xs, ys)]
        w = np.average(apart, axis=0, weights=[len(x) for x in xs])
    return w


def _added_up(xs, ys, w, learning_rate, steps):
    w = w.copy()
    for _ in range(steps):
        gradient, samples = np.zeros_like(w), 0
        for x, y in zip(xs, ys):
            gradient += 2 * x.T @ (x @ w - y)
            samples += len(x)
        w -= learning_rate * gradient / samples
    return w


TRAIN_ON_WORKERS = Exercise(
    id="train_on_workers",
    lesson="14",
    points=3,
    reference=train_on_workers,
    cases=_clusters,
    mistakes=(
        Mistake(
            _one_after_the_other,
            "The second worker computes its gradient at weights that the first one has already moved: these are two "
            "small steps one after the other, not one step on the whole batch.",
            12,
        ),
        Mistake(_sum_of_gradients, "All gradients belong to the same w now, but they are added, not averaged.", 7),
        Mistake(
            _mean_of_means,
            "All workers have equal say now, however many samples they have. Is that the gradient of the whole batch?",
            7,
        ),
        Mistake(_sum_over_all_samples, "That is the gradient of the sum over all samples; the loss is a mean.", 7),
        Mistake(
            _apart_until_the_end,
            "Each worker trains alone, and the weights are averaged once, at the end. With one step that would be the "
            "same; after it, the gradients are taken at different weights.",
        ),
        Mistake(
            _apart_and_not_weighted,
            "Each worker trains alone, and the weights are averaged once, at the end: after the first step the "
            "gradients are taken at different weights. The shards also differ in size.",
        ),
        Mistake(
            _smaller_rate,
            "The steps are small enough now, but the gradients still belong to different weights: w moves in between.",
            12,
        ),
        Mistake(
            _shares_one_after_the_other,
            "Each worker has its right share of the step, but w must stay where it is until all gradients are there.",
            12,
        ),
        Mistake(
            _last_worker_only, "Each worker's gradient replaces that of the one before; only the last one counts.", 6
        ),
        Mistake(_factor_2_lost, "The derivative of the square has a factor 2, as in the code you were given."),
        Mistake(_not_emptied, "The gradient of the step before is still in the sum: start each step from zero."),
        Mistake(
            _second_names,
            "`own = w` is a second name of the same array, and `-=` changes that array: the next worker sees it.",
            12,
        ),
        Mistake(
            _gradient_computed_once,
            "All steps use the gradient at the first w. In every step it is computed at that step's w.",
        ),
        Mistake(
            _update_in_the_inner_loop,
            "The update stands in the inner loop: it must wait until the gradients of all workers are there.",
            12,
        ),
        Mistake(_one_step_only, "After the first step it ends: look at how far `return` is indented."),
        Mistake(
            _loops_swapped,
            "One worker makes all its steps, then the next one begins. The outer loop goes over the steps.",
            12,
        ),
        Mistake(
            _sums_divided_by_workers, "A sum over samples becomes a mean when divided by the number of samples.", 7
        ),
        Mistake(
            _divided_twice, "Each gradient is a mean over its shard already: before dividing by all, undo that.", 7
        ),
        Mistake(
            _weighted_twice, "x.T @ (x @ w - y) is a sum over samples already; times the size it counts them twice.", 7
        ),
        Mistake(_changes_w, "Right numbers, but `-=` changed the caller's w: w = w - … makes a new array."),
    ),
    alternatives=(_one_big_batch, _weights_averaged_after_every_step, _added_up),
    hints=(
        "Print w at which each worker computes its gradient: is it the same for all of them?",
        "First all gradients at the same w, then their weighted mean, then one update.",
        "Before the inner loop: gradient = np.zeros_like(w); inside it: gradient = gradient + len(x) / total * …",
    ),
    tolerance=1024.0,
)
