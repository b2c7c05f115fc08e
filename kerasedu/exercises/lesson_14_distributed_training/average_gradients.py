"""From the gradients of shards to that of the whole batch."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _gradients(rng):
    for sizes, shape, dtype in [
        ([3, 1], (2,), "float64"),
        ([4, 3, 3], (2, 3), "float32"),
        ([5], (3,), "float64"),
        ([2, 2], (2, 2), "float64"),
        ([1, 0, 4], (3, 2), "float64"),  # an empty shard
        ([2, 7, 1, 6], (3, 2), "float32"),
    ]:
        gradients = [rng.normal(size=shape).astype(dtype) * (size > 0) for size in sizes]
        yield {"gradients": gradients, "sizes": sizes}


def average_gradients(gradients, sizes):
    return sum(size * gradient for gradient, size in zip(gradients, sizes)) / sum(sizes)


def _mean_of_means(gradients, sizes):
    return sum(gradients) / len(gradients)


def _sum_of_gradients(gradients, sizes):
    return sum(gradients)


def _not_divided(gradients, sizes):
    return sum(size * gradient for gradient, size in zip(gradients, sizes))


def _divided_by_workers(gradients, sizes):
    return _not_divided(gradients, sizes) / len(sizes)


def _divided_twice(gradients, sizes):
    return average_gradients(gradients, sizes) / len(sizes)


def _first_worker_only(gradients, sizes):
    return gradients[0]


def _divided_by_own_size(gradients, sizes):
    return sum(gradient / max(size, 1) for gradient, size in zip(gradients, sizes))


def _one_number(gradients, sizes):
    return np.average([gradient.mean() for gradient in gradients], weights=sizes)


def _sum_over_samples(gradients, sizes):
    return sum(gradients) / sum(sizes)


def _empty_ones_not_counted(gradients, sizes):
    return sum(gradients) / sum(size > 0 for size in sizes)


def _two_at_a_time(gradients, sizes):
    mean = gradients[0]
    for gradient in gradients[1:]:
        mean = (mean + gradient) / 2
    return mean


def _overwritten(gradients, sizes):
    return gradients[-1] * sizes[-1] / sum(sizes)


def _not_added(gradients, sizes):
    return [size * gradient / sum(sizes) for gradient, size in zip(gradients, sizes)]


def _sizes_on_the_last_axis(gradients, sizes):
    return (np.array(gradients) * np.array(sizes)).sum(axis=0) / sum(sizes)


def _largest_shard_only(gradients, sizes):
    return gradients[np.argmax(sizes)]


def _smaller_shards_count_more(gradients, sizes):
    return np.average(gradients, axis=0, weights=[1 / max(size, 1) for size in sizes])


def _weighted(gradients, sizes):
    return np.average(gradients, axis=0, weights=sizes)


def _by_shares(gradients, sizes):
    shares = np.array(sizes) / np.sum(sizes)
    return np.tensordot(shares, np.stack(gradients), axes=1)


def _running(gradients, sizes):
    mean, samples = gradients[0], sizes[0]
    for gradient, size in zip(gradients[1:], sizes[1:]):
        samples += size
        mean = mean + (gradient - mean) * (size / samples)
    return mean


def _sample_by_sample(gradients, sizes):
    return np.mean([gradient for gradient, size in zip(gradients, sizes) for _ in range(size)], axis=0)


AVERAGE_GRADIENTS = Exercise(
    id="average_gradients",
    lesson="14",
    points=3,
    reference=average_gradients,
    cases=_gradients,
    mistakes=(
        Mistake(
            _mean_of_means,
            "A sample of a small shard counts more than one of a large shard. In the mean over the whole batch every "
            "sample counts alike.",
            7,
        ),
        Mistake(
            _sum_of_gradients,
            "With two workers that have the same samples this gives twice the gradient. The loss is a mean.",
            7,
        ),
        Mistake(_not_divided, "That is the gradient of the sum of all losses; the loss is their mean.", 7),
        Mistake(_divided_by_workers, "A sum over samples becomes a mean when divided by the number of samples.", 7),
        Mistake(_divided_twice, "It is a mean already; divided by the number of workers again, the step shrinks."),
        Mistake(_first_worker_only, "The samples of the other workers have no say."),
        Mistake(
            _divided_by_own_size, "Each gradient is a mean already. To add means up, first make sums of them again."
        ),
        Mistake(_one_number, "A gradient has the shape of its weight: average over workers, not over its entries."),
        Mistake(_sum_over_samples, "Each gradient has been divided by its own n already; it has to be undone first."),
        Mistake(
            _empty_ones_not_counted,
            "Empty shards have no say now, but shards of 1 and of 4 samples still count the same.",
            7,
        ),
        Mistake(
            _two_at_a_time,
            "The mean of a mean and a new gradient gives the new one as much say as all before it together.",
            7,
        ),
        Mistake(_overwritten, "In each round of the loop the gradient replaces the one before; add them up.", 6),
        Mistake(_not_added, "The parts have their right shares; they are still to be added to one gradient."),
        Mistake(
            _sizes_on_the_last_axis,
            "NumPy lines shapes up from the right, so the sizes met the entries of a gradient, not the workers. Give "
            "them the shape (workers, 1, …), or go through the workers one by one.",
            2,
        ),
        Mistake(_largest_shard_only, "The samples of the smaller shards have no say."),
        Mistake(_smaller_shards_count_more, "A shard of 3 samples has three votes, not a third of one."),
    ),
    alternatives=(_weighted, _by_shares, _sample_by_sample, _running),
    hints=(
        "Try it with sizes [3, 1] and gradients 2 and 6: which four numbers have the mean that you want?",
        "A mean times its number of samples is a sum. Sums may be added; divide once, at the end.",
        "sizes [3, 1]: (3 · g₀ + 1 · g₁) / 4.",
    ),
    tolerance=512.0,
    keeps_dtype=False,
)
