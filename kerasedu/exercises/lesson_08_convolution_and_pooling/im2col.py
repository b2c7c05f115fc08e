"""What each window sees, as a row of a matrix."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    for n, height, width, channels, kernel_height, kernel_width, strides, dtype in [
        (1, 3, 4, 1, 2, 2, 1, "float64"),  # small enough to be shown
        (2, 4, 5, 3, 2, 3, 1, "float64"),
        (3, 5, 5, 2, 3, 3, 1, "float64"),
        (2, 6, 5, 2, 2, 2, 2, "float64"),  # one column is left over
        (2, 7, 5, 2, 3, 2, 3, "float32"),
        (1, 3, 3, 2, 3, 3, 1, "float64"),  # a single window
    ]:
        sizes = {"kernel_height": kernel_height, "kernel_width": kernel_width, "strides": strides}
        yield {"x": rng.normal(size=(n, height, width, channels)).astype(dtype), **sizes}


def _windows(x, kernel_height, kernel_width, strides):
    """(n, out height, out width, kernel height, kernel width, channels)"""
    view = np.lib.stride_tricks.sliding_window_view(x, (kernel_height, kernel_width), axis=(1, 2))
    return np.moveaxis(view[:, ::strides, ::strides], 3, -1)


def im2col(x, kernel_height, kernel_width, strides):
    windows = _windows(x, kernel_height, kernel_width, strides)
    return windows.reshape(-1, kernel_height * kernel_width * x.shape[-1])


def _in_columns(x, kernel_height, kernel_width, strides):
    return im2col(x, kernel_height, kernel_width, strides).T


def _channels_first_in_a_row(x, kernel_height, kernel_width, strides):
    windows = np.moveaxis(_windows(x, kernel_height, kernel_width, strides), -1, 3)
    return windows.reshape(-1, kernel_height * kernel_width * x.shape[-1])


def _column_by_column(x, kernel_height, kernel_width, strides):
    windows = _windows(x, kernel_height, kernel_width, strides).swapaxes(1, 2)
    return windows.reshape(-1, kernel_height * kernel_width * x.shape[-1])


def _samples_inside(x, kernel_height, kernel_width, strides):
    windows = np.moveaxis(_windows(x, kernel_height, kernel_width, strides), 0, 2)
    return windows.reshape(-1, kernel_height * kernel_width * x.shape[-1])


def _row_for_each_channel(x, kernel_height, kernel_width, strides):
    windows = np.moveaxis(_windows(x, kernel_height, kernel_width, strides), -1, 3)
    return windows.reshape(-1, kernel_height * kernel_width)


def _stride_ignored(x, kernel_height, kernel_width, strides):
    return im2col(x, kernel_height, kernel_width, 1)


def _last_windows_forgotten(x, kernel_height, kernel_width, strides):
    tops, lefts = (range(0, n - k, strides) for n, k in zip(x.shape[1:3], (kernel_height, kernel_width)))
    return np.array(
        [x[n, i:, j:][:kernel_height, :kernel_width].ravel() for n in range(len(x)) for i in tops for j in lefts]
    )


def _height_and_width_exchanged(x, kernel_height, kernel_width, strides):
    return im2col(x, kernel_width, kernel_height, strides)


def _without_overlap(x, kernel_height, kernel_width, strides):
    windows = _windows(x, kernel_height, kernel_width, 1)[:, ::kernel_height, ::kernel_width]
    return windows.reshape(-1, kernel_height * kernel_width * x.shape[-1])


def _flipped(x, kernel_height, kernel_width, strides):
    windows = _windows(x, kernel_height, kernel_width, strides)[..., ::-1, ::-1, :]
    return windows.reshape(-1, kernel_height * kernel_width * x.shape[-1])


def _not_flattened(x, kernel_height, kernel_width, strides):
    windows = _windows(x, kernel_height, kernel_width, strides)
    return windows.reshape(*windows.shape[:3], -1)


def _window_not_flattened(x, kernel_height, kernel_width, strides):
    windows = _windows(x, kernel_height, kernel_width, strides)
    return windows.reshape(-1, *windows.shape[3:])


def _first_sample_only(x, kernel_height, kernel_width, strides):
    return im2col(x[:1], kernel_height, kernel_width, strides)


def _matrix_for_each_image(x, kernel_height, kernel_width, strides):
    rows = im2col(x, kernel_height, kernel_width, strides)
    return rows.reshape(len(x), -1, rows.shape[1])


def _windows_past_the_edge(x, kernel_height, kernel_width, strides):
    corners = [(i, j) for i in range(0, x.shape[1], strides) for j in range(0, x.shape[2], strides)]
    return np.array([image[i:, j:][:kernel_height, :kernel_width].ravel() for image in x for i, j in corners])


def _row_by_row(x, kernel_height, kernel_width, strides):
    rows = []
    for image in x:
        for i in range(0, x.shape[1] - kernel_height + 1, strides):
            for j in range(0, x.shape[2] - kernel_width + 1, strides):
                rows.append(image[i : i + kernel_height, j : j + kernel_width].ravel())
    return np.array(rows)


def _entry_by_entry(x, kernel_height, kernel_width, strides):
    out_height = (x.shape[1] - kernel_height) // strides + 1
    out_width = (x.shape[2] - kernel_width) // strides + 1
    parts = [
        x[:, u : u + strides * out_height : strides, v : v + strides * out_width : strides]
        for u in range(kernel_height)
        for v in range(kernel_width)
    ]
    return np.concatenate(parts, axis=-1).reshape(len(x) * out_height * out_width, -1)


def _by_index(x, kernel_height, kernel_width, strides):
    numbers = np.arange(x[0].size).reshape(x.shape[1:])
    places = im2col(numbers[None], kernel_height, kernel_width, strides)
    return np.concatenate([image.ravel()[places] for image in x])


IM2COL = Exercise(
    id="im2col",
    lesson="08",
    points=3,
    reference=im2col,
    cases=_images,
    mistakes=(
        Mistake(_in_columns, "Your windows are the columns. One window a row, so that `rows @ kernel matrix` works."),
        Mistake(
            _channels_first_in_a_row,
            "In each row the channels come first. The kernel's order is (row, column, channel), channels running "
            "fastest; the row has to match it.",
        ),
        Mistake(
            _column_by_column,
            "The windows go down before they go right. The output (n, out height, out width) counts j fastest.",
        ),
        Mistake(_samples_inside, "The samples alternate from row to row: all windows of image 0 come first."),
        Mistake(
            _row_for_each_channel,
            "Each channel got rows of its own. A filter sums over all channels, so they stand in one row.",
            25,
        ),
        Mistake(_stride_ignored, "Windows at every pixel were taken; with strides=2 they start at 0, 2, 4, …"),
        Mistake(
            _last_windows_forgotten,
            "The last window of each row and column is missing: the last start is height - kernel_height, included.",
        ),
        Mistake(_height_and_width_exchanged, "Height and width of the window are exchanged: rows come first."),
        Mistake(
            _without_overlap,
            "The windows lie side by side, as for a stride equal to the kernel. With stride 1 they overlap.",
        ),
        Mistake(_flipped, "The windows are turned round; entry (0, 0) of a window is its upper left pixel.", 24),
        Mistake(_not_flattened, "The rows are right. Put them under each other: a matrix has two axes."),
        Mistake(_window_not_flattened, "One window an entry, but not yet one row: flatten each window."),
        Mistake(_first_sample_only, "Only the windows of the first image are there."),
        Mistake(
            _matrix_for_each_image,
            "Each image got a matrix of its own. One matrix is asked for, with the rows of all images.",
        ),
        Mistake(
            _windows_past_the_edge,
            "Windows that begin too near the right or lower edge are cut off there: their rows are shorter.",
        ),
    ),
    alternatives=(_row_by_row, _entry_by_entry, _by_index),
    hints=(
        "Take an image of 3 x 4 with one channel and a kernel of 2 x 2: write down rows 0 and 1 of the result.",
        "Loop over images, then window rows, then window columns; flatten each window and collect them in a list.",
        "rows.append(x[n, i : i + kernel_height, j : j + kernel_width].ravel())",
    ),
)
