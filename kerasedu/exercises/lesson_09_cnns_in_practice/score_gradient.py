"""The gradient of a class's score with respect to feature maps, back through Dense, Flatten and MaxPooling2D(2)."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _heads(rng):
    """Maps as ReLU leaves them, or small whole numbers, so that windows have ties, and one window of zeros."""
    sizes = [(3, 4, 6, 2, 4), (1, 2, 4, 3, 3), (2, 4, 4, 4, 4), (4, 2, 2, 1, 3), (2, 4, 2, 3, 5)]
    for (n, h, w, filters, classes), dtype in zip(sizes, ["float64", "float64", "float64", "float64", "float32"]):
        maps = np.maximum(rng.normal(size=(n, h, w, filters)), 0)
        if n == 2:
            maps = rng.integers(3, size=(n, h, w, filters))
            maps[:, :2, :2, 0] = [[0, 2], [2, 1]]
            maps[:, 2:4, :2, 0] = 0
        yield {
            "maps": maps.astype(dtype),
            "kernel": rng.normal(size=(h // 2 * (w // 2) * filters, classes)).astype(dtype),
            "bias": rng.normal(size=classes).astype(dtype),
            "labels": rng.integers(classes, size=n),
        }


def _windows(maps):
    """(n, rows, columns, filters, 4): the four numbers of each window, row by row."""
    n, h, w, filters = maps.shape
    return maps.reshape(n, h // 2, 2, w // 2, 2, filters).transpose(0, 1, 3, 5, 2, 4).reshape(n, h // 2, w // 2, -1, 4)


def _unpooled(maps, d_pooled, share):
    """dL/dmaps, when window entry k gets ``share[..., k]`` of its window's gradient."""
    n, h, w, filters = maps.shape
    d_windows = (share * d_pooled[..., None]).reshape(n, h // 2, w // 2, filters, 2, 2)
    return d_windows.transpose(0, 1, 4, 2, 5, 3).reshape(maps.shape).astype(maps.dtype)


def _first_maximum(maps):
    return np.eye(4)[_windows(maps).argmax(axis=-1)]


def _pooled_shape(maps):
    n, h, w, filters = maps.shape
    return n, h // 2, w // 2, filters


def score_gradient(maps, kernel, bias, labels):
    d_pooled = kernel.T[labels].reshape(_pooled_shape(maps))
    return _unpooled(maps, d_pooled, _first_maximum(maps))


def _softmax_gradient(maps, kernel, bias, labels):
    z = _windows(maps).max(axis=-1).reshape(len(maps), -1) @ kernel + bias
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    one_hot = np.eye(kernel.shape[1])[labels]
    dz = (p * one_hot).sum(axis=1, keepdims=True) * (one_hot - p)
    return _unpooled(maps, (dz @ kernel.T).reshape(_pooled_shape(maps)), _first_maximum(maps))


def _loss_gradient(maps, kernel, bias, labels):
    z = _windows(maps).max(axis=-1).reshape(len(maps), -1) @ kernel + bias
    e = np.exp(z - z.max(axis=1, keepdims=True))
    dz = e / e.sum(axis=1, keepdims=True) - np.eye(kernel.shape[1])[labels]
    return _unpooled(maps, (dz @ kernel.T).reshape(_pooled_shape(maps)), _first_maximum(maps))


def _all_scores(maps, kernel, bias, labels):
    d_pooled = np.tile(kernel.sum(axis=1), (len(maps), 1)).reshape(_pooled_shape(maps))
    return _unpooled(maps, d_pooled, _first_maximum(maps))


def _label_of_the_first(maps, kernel, bias, labels):
    return score_gradient(maps, kernel, bias, np.full_like(labels, labels[0]))


def _spread_over_the_window(maps, kernel, bias, labels):
    d_pooled = kernel.T[labels].reshape(_pooled_shape(maps))
    return _unpooled(maps, d_pooled, np.full(4, 0.25))


def _to_all_four(maps, kernel, bias, labels):
    d_pooled = kernel.T[labels].reshape(_pooled_shape(maps))
    return _unpooled(maps, d_pooled, np.ones(4))


def _to_every_maximum(maps, kernel, bias, labels):
    d_pooled = kernel.T[labels].reshape(_pooled_shape(maps))
    windows = _windows(maps)
    return _unpooled(maps, d_pooled, windows == windows.max(axis=-1, keepdims=True))


def _shared_among_ties(maps, kernel, bias, labels):
    d_pooled = kernel.T[labels].reshape(_pooled_shape(maps))
    windows = _windows(maps)
    largest = windows == windows.max(axis=-1, keepdims=True)
    return _unpooled(maps, d_pooled, largest / largest.sum(axis=-1, keepdims=True))


def _last_maximum(maps, kernel, bias, labels):
    d_pooled = kernel.T[labels].reshape(_pooled_shape(maps))
    return _unpooled(maps, d_pooled, np.eye(4)[3 - _windows(maps)[..., ::-1].argmax(axis=-1)])


def _column_by_column(maps, kernel, bias, labels):
    turned = np.swapaxes(maps, 1, 2)
    n, h, w, filters = _pooled_shape(maps)
    d_pooled = kernel.T[labels].reshape(n, h, w, filters).swapaxes(1, 2)
    return _unpooled(turned, d_pooled, _first_maximum(turned)).swapaxes(1, 2)


def _labels_along_the_wrong_axis(maps, kernel, bias, labels):
    d_pooled = kernel[:, labels].reshape(_pooled_shape(maps))
    return _unpooled(maps, d_pooled, _first_maximum(maps))


def _of_the_highest_score(maps, kernel, bias, labels):
    z = _windows(maps).max(axis=-1).reshape(len(maps), -1) @ kernel + bias
    return score_gradient(maps, kernel, bias, z.argmax(axis=1))


def _bias_added(maps, kernel, bias, labels):
    d_pooled = (kernel.T[labels] + bias[labels][:, None]).reshape(_pooled_shape(maps))
    return _unpooled(maps, d_pooled, _first_maximum(maps))


def _nothing_where_zero(maps, kernel, bias, labels):
    return score_gradient(maps, kernel, bias, labels) * (maps > 0)


def _channels_first_flattening(maps, kernel, bias, labels):
    n, h, w, filters = _pooled_shape(maps)
    d_pooled = kernel.T[labels].reshape(n, filters, h, w).transpose(0, 2, 3, 1)
    return _unpooled(maps, d_pooled, _first_maximum(maps))


def _times_the_maps(maps, kernel, bias, labels):
    return score_gradient(maps, kernel, bias, labels) * maps


def _still_pooled(maps, kernel, bias, labels):
    return kernel.T[labels].reshape(_pooled_shape(maps))


def _divided_by_the_batch(maps, kernel, bias, labels):
    return score_gradient(maps, kernel, bias, labels) / maps.dtype.type(len(maps))


def _one_winner_for_all_filters(maps, kernel, bias, labels):
    d_pooled = kernel.T[labels].reshape(_pooled_shape(maps))
    gradient = np.zeros_like(maps)
    for n, a, b in np.ndindex(d_pooled.shape[:3]):
        window = maps[n, 2 * a : 2 * a + 2, 2 * b : 2 * b + 2]
        row, column, _ = np.unravel_index(np.argmax(window), window.shape)
        gradient[n, 2 * a + row, 2 * b + column] = d_pooled[n, a, b]
    return gradient


def _only_positive(maps, kernel, bias, labels):
    return np.maximum(score_gradient(maps, kernel, bias, labels), 0)


def _window_by_window(maps, kernel, bias, labels):
    n, h, w, filters = maps.shape
    gradient = np.zeros_like(maps)
    for i in range(n):
        d_pooled = kernel[:, labels[i]].reshape(h // 2, w // 2, filters)
        for a, b, k in np.ndindex(d_pooled.shape):
            window = maps[i, 2 * a : 2 * a + 2, 2 * b : 2 * b + 2, k]
            row, column = np.unravel_index(np.argmax(window), (2, 2))
            gradient[i, 2 * a + row, 2 * b + column, k] = d_pooled[a, b, k]
    return gradient


def _through_a_one_hot_row(maps, kernel, bias, labels):
    n, h, w, filters = maps.shape
    dz = np.eye(kernel.shape[1], dtype=kernel.dtype)[labels]
    d_pooled = (dz @ kernel.T).reshape(n, h // 2, w // 2, filters)
    corners = [(a, b) for a in (0, 1) for b in (0, 1)]
    best = np.stack([maps[:, a::2, b::2] for a, b in corners]).argmax(axis=0)
    gradient = np.empty_like(maps)
    for number, (a, b) in enumerate(corners):
        gradient[:, a::2, b::2] = np.where(best == number, d_pooled, 0)
    return gradient


SCORE_GRADIENT = Exercise(
    id="score_gradient",
    lesson="09",
    points=4,
    reference=score_gradient,
    cases=_heads,
    mistakes=(
        Mistake(
            _softmax_gradient,
            "That is the gradient of the probability. Where the network is sure it is nearly 0, and it mixes in the "
            "other classes. The score is z, before softmax.",
        ),
        Mistake(_loss_gradient, "That is the gradient of the cross-entropy; the score of one class was asked for."),
        Mistake(_all_scores, "Those are the slopes of the sum of all scores; only the label's score counts."),
        Mistake(_label_of_the_first, "Every sample was given the first one's label; each has its own."),
        Mistake(_spread_over_the_window, "Only the largest number of a window reaches the output; others get 0.", 28),
        Mistake(_to_all_four, "Only the largest number of a window reaches the output; others get 0.", 28),
        Mistake(_to_every_maximum, "Where several are largest, the first of the window gets all; here each does.", 28),
        Mistake(_shared_among_ties, "Where several are largest, the first in the window gets it all, unshared.", 28),
        Mistake(_last_maximum, "Where several are largest, the first counts, row by row; here the last does.", 28),
        Mistake(_column_by_column, "Among equal numbers the first counts, row by row; here column by column.", 28),
        Mistake(
            _labels_along_the_wrong_axis,
            "kernel[:, labels] is (features, n): reshaped as it is, it deals a sample's slopes out to all. Transpose.",
            4,
        ),
        Mistake(_of_the_highest_score, "Those are the slopes of the highest score; labels says whose are asked for."),
        Mistake(_bias_added, "The bias moves the score and does not change its slope."),
        Mistake(
            _nothing_where_zero,
            "Windows of zeros were left out. maps come after ReLU: here a zero is a number like any other, and the "
            "first of the window gets the gradient.",
        ),
        Mistake(_channels_first_flattening, "Flatten goes through the channels fastest: (rows, columns, filters)."),
        Mistake(_times_the_maps, "The slope of the score does not contain the map itself: max pooling passes 1 on."),
        Mistake(_still_pooled, "That is the gradient behind the pooling; it has yet to go back into the windows."),
        Mistake(_divided_by_the_batch, "Each sample's score stands alone; nothing is averaged.", 7),
        Mistake(
            _one_winner_for_all_filters, "One winner for all filters: pooling looks at each filter's map by itself."
        ),
        Mistake(_only_positive, "Slopes may be negative. There is no ReLU between the maps and the score."),
    ),
    alternatives=(_window_by_window, _through_a_one_hot_row),
    hints=(
        "Go back one layer at a time and write the shape: scores (n, classes), flat (n, features), pooled, maps.",
        "Score c is flat @ kernel[:, c] + bias[c]: its slopes are one column of kernel. Flatten only reshapes; max "
        "pooling hands each slope to the place that its maximum came from.",
        "kernel[:, labels].T.reshape(n, h // 2, w // 2, filters) is the gradient that arrives at the pooled maps.",
    ),
)
