"""Where max pooling sends its gradients, ties included."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    for n, height, width, channels, pool_size, strides, kind, dtype in [
        (1, 4, 4, 1, 2, 2, "normal", "float64"),  # small enough to be shown
        (2, 4, 6, 2, 2, 2, "normal", "float64"),
        (2, 6, 6, 2, 2, 2, "ties", "float64"),
        (1, 7, 7, 3, 3, 2, "normal", "float64"),  # overlap
        (1, 7, 5, 1, 3, 1, "ties", "float64"),
        (2, 5, 4, 2, 2, 2, "negative", "float64"),  # one row is left over
        (1, 4, 4, 2, 2, 2, "zeros", "float64"),  # as behind a ReLU
        (2, 6, 5, 3, 2, 1, "ties", "float32"),
    ]:
        shape = n, height, width, channels
        out = [(length - pool_size) // strides + 1 for length in (height, width)]
        x = {
            "normal": rng.normal(size=shape),
            "ties": rng.integers(0, 3, size=shape),
            "negative": -1 - rng.random(shape),
            "zeros": np.zeros(shape),
        }[kind]
        dy = rng.normal(size=(n, *out, channels))
        yield {"dy": dy.astype(dtype), "x": x.astype(dtype), "pool_size": pool_size, "strides": strides}


def max_pool_backward(dy, x, pool_size, strides):
    return _spread(dy, x, pool_size, strides, _first)


def _spread(dy, x, pool_size, strides, share, add=True):
    """dx when ``share(window)`` says which part of dy each entry of a window, flattened, gets."""
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(dy.shape):
        place = n, slice(i * strides, i * strides + pool_size), slice(j * strides, j * strides + pool_size), c
        parts = share(x[place].ravel()).reshape(pool_size, pool_size).astype(x.dtype)
        dx[place] = dx[place] + parts * dy[n, i, j, c] if add else np.where(parts, parts * dy[n, i, j, c], dx[place])
    return dx


def _first(window):
    return np.arange(window.size) == np.argmax(window)


def _all_ties(dy, x, pool_size, strides):
    return _spread(dy, x, pool_size, strides, lambda window: window == window.max())


def _ties_share(dy, x, pool_size, strides):
    def share(window):
        largest = window == window.max()
        return largest / largest.sum()

    return _spread(dy, x, pool_size, strides, share)


def _last_tie(dy, x, pool_size, strides):
    return _spread(dy, x, pool_size, strides, lambda window: _first(window[::-1])[::-1])


def _first_by_columns(dy, x, pool_size, strides):
    def share(window):
        turned = window.reshape(pool_size, pool_size).T.ravel()
        return _first(turned).reshape(pool_size, pool_size).T

    return _spread(dy, x, pool_size, strides, share)


def _row_and_column_exchanged(dy, x, pool_size, strides):
    return _spread(dy, x, pool_size, strides, lambda window: _first(window).reshape(pool_size, pool_size).T.ravel())


def _corner_forgotten(dy, x, pool_size, strides):
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(dy.shape):
        window = x[n, i * strides :, j * strides :, c][:pool_size, :pool_size]
        dx[(n, *np.unravel_index(np.argmax(window), window.shape), c)] += dy[n, i, j, c]
    return dx


def _largest_size(dy, x, pool_size, strides):
    return max_pool_backward(dy, np.abs(x), pool_size, strides)


def _spread_to_all(dy, x, pool_size, strides):
    return _spread(dy, x, pool_size, strides, lambda window: np.full(window.size, 1 / window.size))


def _copied_to_all(dy, x, pool_size, strides):
    return _spread(dy, x, pool_size, strides, lambda window: np.ones(window.size))


def _overwritten(dy, x, pool_size, strides):
    return _spread(dy, x, pool_size, strides, _first, add=False)


def _one_winner_for_all_channels(dy, x, pool_size, strides):
    dx = np.zeros_like(x)
    for n, i, j in np.ndindex(dy.shape[:3]):
        window = x[n, i * strides :, j * strides :][:pool_size, :pool_size]
        u, v, _ = np.unravel_index(np.argmax(window), window.shape)
        dx[n, i * strides + u, j * strides + v] += dy[n, i, j]
    return dx


def _stride_ignored(dy, x, pool_size, strides):
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(dy.shape):
        window = x[n, i * pool_size :, j * pool_size :, c][:pool_size, :pool_size]
        u, v = np.unravel_index(np.argmax(window), window.shape)
        dx[n, i * pool_size + u, j * pool_size + v, c] += dy[n, i, j, c]
    return dx


def _upstream_forgotten(dy, x, pool_size, strides):
    return max_pool_backward(np.ones_like(dy), x, pool_size, strides)


def _compared_with_zero(dy, x, pool_size, strides):
    def share(window):  # the search starts from 0, so negative numbers never win
        return _first(window) & (window > 0)

    return _spread(dy, x, pool_size, strides, share)


def _winner_in_one_channel_only(dy, x, pool_size, strides):
    dx = np.zeros_like(x)
    for n, i, j in np.ndindex(dy.shape[:3]):
        window = x[n, i * strides :, j * strides :][:pool_size, :pool_size]
        u, v, c = np.unravel_index(np.argmax(window), window.shape)
        dx[n, i * strides + u, j * strides + v, c] += dy[n, i, j, c]
    return dx


def _stride_not_in_the_place(dy, x, pool_size, strides):
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(dy.shape):
        window = x[n, i * strides :, j * strides :, c][:pool_size, :pool_size]
        u, v = np.unravel_index(np.argmax(window), window.shape)
        dx[n, i + u, j + v, c] += dy[n, i, j, c]
    return dx


def _times_the_largest(dy, x, pool_size, strides):
    return max_pool_backward(dy, x, pool_size, strides) * x


def _loops(dy, x, pool_size, strides):
    dx = np.zeros(x.shape, x.dtype)
    n, oh, ow, channels = dy.shape
    for m in range(n):
        for i in range(oh):
            for j in range(ow):
                for c in range(channels):
                    best = i * strides, j * strides
                    for u in range(i * strides, i * strides + pool_size):
                        for v in range(j * strides, j * strides + pool_size):
                            if x[m, u, v, c] > x[(m, *best, c)]:
                                best = u, v
                    dx[(m, *best, c)] += dy[m, i, j, c]
    return dx


def _by_views(dy, x, pool_size, strides):
    view = np.lib.stride_tricks.sliding_window_view(x, (pool_size, pool_size), axis=(1, 2))[:, ::strides, ::strides]
    winner = view.reshape(*dy.shape, -1).argmax(axis=-1)
    n, i, j, c = np.indices(dy.shape)
    dx = np.zeros_like(x)
    np.add.at(dx, (n, i * strides + winner // pool_size, j * strides + winner % pool_size, c), dy)
    return dx


def _offset_by_offset(dy, x, pool_size, strides):
    (_, oh, ow, _), s = dy.shape, strides
    offsets = [(u, v) for u in range(pool_size) for v in range(pool_size)]
    seen = [(slice(None), slice(u, u + s * oh, s), slice(v, v + s * ow, s)) for u, v in offsets]
    winner = np.argmax([x[place] for place in seen], axis=0)
    dx = np.zeros_like(x)
    for number, place in enumerate(seen):
        dx[place] += np.where(winner == number, dy, 0)
    return dx


MAX_POOL_BACKWARD = Exercise(
    id="max_pool_backward",
    lesson="08",
    points=4,
    reference=max_pool_backward,
    cases=_images,
    mistakes=(
        Mistake(
            _all_ties,
            "Equal maxima each received the whole dy, so more comes out than went in. Only the first of them gets it.",
            28,
        ),
        Mistake(_ties_share, "Equal maxima shared dy. TensorFlow gives all of it to the first, row by row.", 28),
        Mistake(_last_tie, "Of equal maxima the last one won (`>=` where `>` belongs?); the first does.", 28),
        Mistake(_first_by_columns, "Of equal maxima the first, counted row by row, wins; you counted by columns.", 28),
        Mistake(_row_and_column_exchanged, "Row and column of the winner are exchanged: number // size is the row."),
        Mistake(
            _corner_forgotten,
            "The winner's row and column count from the window's corner. Where does the corner lie in x?",
        ),
        Mistake(_largest_size, "The largest number wins, not the one that is furthest from zero."),
        Mistake(
            _spread_to_all,
            "Every pixel of the window got its share: that is average pooling. Which of them decided the output?",
            28,
        ),
        Mistake(_copied_to_all, "Every pixel of the window got dy. Which of them decided the output?", 28),
        Mistake(
            _overwritten,
            "Where windows overlap, one pixel can be the largest of several; what they send adds up.",
            27,
        ),
        Mistake(
            _one_winner_for_all_channels,
            "One winner was chosen for all channels together. Pooling looks at each channel by itself.",
        ),
        Mistake(_stride_ignored, "The windows start every `strides` pixels, which need not be `pool_size`."),
        Mistake(_upstream_forgotten, "The winner receives dy[n, i, j, c], not 1."),
        Mistake(_compared_with_zero, "Where all pixels are negative nothing won. The largest may lie below 0."),
        Mistake(
            _winner_in_one_channel_only,
            "One winner was chosen for all channels together. Pooling looks at each channel by itself.",
        ),
        Mistake(
            _stride_not_in_the_place,
            "The right winner, written to another place: its row counts from the corner of window i. Where is that?",
        ),
        Mistake(_times_the_largest, "The output moves with the largest one to one: the slope is 1, not the number."),
    ),
    alternatives=(_loops, _by_views, _offset_by_offset),
    hints=(
        "For one window and one channel: which pixel decided the output, and what happens when two are equal?",
        "np.argmax of the flattened window gives the first of equal maxima. From its number follow row and column; "
        "there dy is added.",
        "u, v = np.unravel_index(np.argmax(window), window.shape)",
    ),
    tolerance=256.0,
)
