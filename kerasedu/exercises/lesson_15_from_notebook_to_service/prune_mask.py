"""Which weights stay when the smallest are removed: exactly as many as asked for, also among equal ones."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _kernels(rng):
    for shape, fraction, dtype in [
        ((3, 4), 0.5, "float64"),
        ((4, 2), 0.7, "float64"),  # 5.6 weights: 5 are removed
        ((3, 3), 0.0, "float64"),
        ((5, 1), 1.0, "float32"),
        ((6, 3), 0.9, "float32"),  # 16.2
    ]:
        yield {"kernel": rng.normal(size=shape).astype(dtype), "fraction": fraction}
    equals = rng.permutation(np.repeat([0.0, 1.0, -1.0], [160, 80, 80]))  # half of the zeros are to go
    yield {"kernel": equals.reshape(20, 16), "fraction": 0.25}
    yield {"kernel": np.full((4, 6), -0.5), "fraction": 0.375}


def _without(kernel, places):
    """All ones but at some places, counted row by row."""
    mask = np.ones(kernel.size, dtype=bool)
    mask[places] = False
    return mask.reshape(kernel.shape)


def _count(kernel, fraction):
    return int(fraction * kernel.size)


def prune_mask(kernel, fraction):
    order = np.argsort(np.abs(kernel), axis=None, kind="stable")
    return _without(kernel, order[: _count(kernel, fraction)])


def _by_signed_value(kernel, fraction):
    return _without(kernel, np.argsort(kernel, axis=None, kind="stable")[: _count(kernel, fraction)])


def _largest_removed(kernel, fraction):
    order = np.argsort(-np.abs(kernel), axis=None, kind="stable")
    return _without(kernel, order[: _count(kernel, fraction)])


def _turned_round(kernel, fraction):
    return ~prune_mask(kernel, fraction)


def _pruned_kernel(kernel, fraction):
    return kernel * prune_mask(kernel, fraction)


def _ties_all_removed(kernel, fraction):
    count = _count(kernel, fraction)
    if count == 0:
        return np.ones(kernel.shape, dtype=bool)
    return np.abs(kernel) > np.sort(np.abs(kernel), axis=None)[count - 1]


def _ties_all_kept(kernel, fraction):
    sizes = np.append(np.sort(np.abs(kernel), axis=None), np.inf)
    return np.abs(kernel) >= sizes[_count(kernel, fraction)]


def _quantile(kernel, fraction):
    return np.abs(kernel) > np.quantile(np.abs(kernel), fraction)


def _quantile_kept(kernel, fraction):
    return np.abs(kernel) >= np.quantile(np.abs(kernel), fraction)


def _last_of_equals_removed(kernel, fraction):
    backwards = np.argsort(np.abs(kernel).ravel()[::-1], kind="stable")
    return _without(kernel, (kernel.size - 1 - backwards)[: _count(kernel, fraction)])


def _threshold_kept(kernel, fraction):
    count = _count(kernel, fraction)
    if count == 0:
        return np.ones(kernel.shape, dtype=bool)
    return np.abs(kernel) >= np.sort(np.abs(kernel), axis=None)[count - 1]


def _fraction_as_threshold(kernel, fraction):
    return np.abs(kernel) > fraction


def _places_taken_for_ranks(kernel, fraction):
    order = np.argsort(np.abs(kernel), axis=None, kind="stable")
    return (order >= _count(kernel, fraction)).reshape(kernel.shape)


def _rows_sorted(kernel, fraction):
    order = np.argsort(np.abs(kernel), kind="stable")
    return _without(kernel, order.ravel()[: _count(kernel, fraction)])


def _all_but_nothing(kernel, fraction):
    order = np.argsort(np.abs(kernel), axis=None, kind="stable")
    kept = order[-(kernel.size - _count(kernel, fraction)) :]  # order[-0:] is all of order
    return ~_without(kernel, kept)


def _zeros_never_kept(kernel, fraction):
    return kernel * prune_mask(kernel, fraction) != 0


def _columns_first(kernel, fraction):
    order = np.argsort(np.abs(kernel.T), axis=None, kind="stable")
    return _without(kernel.T, order[: _count(kernel, fraction)]).T


def _not_stable(kernel, fraction):
    return _without(kernel, np.argsort(np.abs(kernel), axis=None)[: _count(kernel, fraction)])


def _rounded_up(kernel, fraction):
    order = np.argsort(np.abs(kernel), axis=None, kind="stable")
    return _without(kernel, order[: int(np.ceil(fraction * kernel.size))])


def _rounded(kernel, fraction):
    order = np.argsort(np.abs(kernel), axis=None, kind="stable")
    return _without(kernel, order[: round(fraction * kernel.size)])


def _share_of_the_largest(kernel, fraction):
    return np.abs(kernel) >= fraction * np.abs(kernel).max()


def _in_each_column(kernel, fraction):
    mask = np.ones(kernel.shape, dtype=bool)
    order = np.argsort(np.abs(kernel), axis=0, kind="stable")[: int(fraction * len(kernel))]
    np.put_along_axis(mask, order, False, axis=0)
    return mask


def _in_each_row(kernel, fraction):
    return _in_each_column(kernel.T, fraction).T


def _kept_counted(kernel, fraction):
    order = np.argsort(np.abs(kernel), axis=None, kind="stable")
    return _without(kernel, order[: kernel.size - _count(kernel, fraction)])


def _flat(kernel, fraction):
    return prune_mask(kernel, fraction).ravel()


def _sorted_places(kernel, fraction):
    rows, columns = kernel.shape
    places = [(i, j) for i in range(rows) for j in range(columns)]
    places.sort(key=lambda place: abs(kernel[place]))  # keeps the order of equals
    mask = np.ones_like(kernel)
    for place in places[: int(fraction * len(places))]:
        mask[place] = 0
    return mask


def _ranks(kernel, fraction):
    sizes = np.abs(kernel).ravel()
    order = np.lexsort((np.arange(sizes.size), sizes))
    ranks = np.empty(sizes.size, dtype=int)
    ranks[order] = np.arange(sizes.size)
    return (ranks >= np.floor(fraction * sizes.size)).astype(int).reshape(kernel.shape)


def _one_by_one(kernel, fraction):
    sizes = np.abs(kernel)
    mask = np.ones(kernel.shape)
    for _ in range(int(kernel.size * fraction)):
        place = np.unravel_index(np.argmin(np.where(mask == 1, sizes, np.inf)), kernel.shape)
        mask[place] = 0.0
    return mask


QUANTILE = "A threshold cannot cut among equal weights: too many go, or too few. Their places can be sorted and cut."

PRUNE_MASK = Exercise(
    id="prune_mask",
    lesson="15",
    points=2,
    reference=prune_mask,
    cases=_kernels,
    mistakes=(
        Mistake(_by_signed_value, "Weights of -3 went first. Small means near zero, on either side."),
        Mistake(_largest_removed, "The largest weights went; they matter most."),
        Mistake(_turned_round, "The mask is multiplied with the kernel: 1 keeps a weight, 0 removes it."),
        Mistake(_pruned_kernel, "That is the pruned kernel. The mask holds only 0 and 1."),
        Mistake(_ties_all_removed, "Several weights equal the threshold, and all of them went: too many."),
        Mistake(_ties_all_kept, "Several weights equal the threshold, and all of them stayed: too few went."),
        Mistake(
            _threshold_kept,
            "The weight at the threshold should go, too, and it stayed. Sort the places, and cut there.",
        ),
        Mistake(_fraction_as_threshold, "fraction is a share of the number of weights, not a size to compare with."),
        Mistake(
            _places_taken_for_ranks,
            "argsort's first entry is the place of the smallest weight, not the rank of the first one. Use its entries "
            "as places.",
        ),
        Mistake(_rows_sorted, "argsort sorts each row for itself unless it is told axis=None."),
        Mistake(
            _all_but_nothing, "At fraction 1 no weight stays, but the slice [-0:] takes all. Count from the front."
        ),
        Mistake(
            _zeros_never_kept,
            "A weight that is 0 already may stay in the mask. Set places of the mask, without looking at values.",
        ),
        Mistake(_quantile, QUANTILE),
        Mistake(_quantile_kept, QUANTILE),
        Mistake(_last_of_equals_removed, "Of equal weights the first go, row by row; here the last ones went."),
        Mistake(
            _columns_first, "Of equal weights the first go, counted row by row; here they were counted by columns."
        ),
        Mistake(
            _not_stable,
            "Equal weights were picked in no special order: argsort leaves it open unless it is told kind='stable'.",
        ),
        Mistake(_rounded_up, "0.7 of 8 weights are 5.6: 5 are removed, the whole part."),
        Mistake(_rounded, "0.7 of 8 weights are 5.6: 5 are removed, the whole part."),
        Mistake(_share_of_the_largest, "fraction is a share of the number of weights, not of the largest weight."),
        Mistake(_in_each_column, "Each column lost its share. The smallest of the whole kernel go, wherever they are."),
        Mistake(_in_each_row, "Each row lost its share. The smallest of the whole kernel go, wherever they are."),
        Mistake(_kept_counted, "fraction is the share that is removed; here it is the share that stays."),
        Mistake(_flat, "The right zeros, in one row: the mask has the kernel's shape."),
    ),
    alternatives=(_sorted_places, _ranks, _one_by_one),
    hints=(
        "Count the zeros of your mask. Are they int(fraction * kernel.size), also where weights are equal?",
        "Sort the places by size instead of comparing sizes with a threshold: a sorted list can be cut anywhere.",
        "order = np.argsort(np.abs(kernel), axis=None, kind='stable') lists the places, smallest first, row by row.",
    ),
)
