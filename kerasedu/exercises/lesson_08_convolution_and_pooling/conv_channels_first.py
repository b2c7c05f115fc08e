"""The layer as PyTorch has it: channels first, the filters in front of the kernel, zeros on both sides."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    for n, channels, height, width, filters, size, padding, strides, dtype in [
        (1, 1, 4, 4, 1, (3, 3), 1, 2, "float64"),  # small enough to be shown
        (2, 3, 5, 6, 2, (3, 2), 1, 1, "float64"),
        (3, 3, 4, 4, 3, (3, 3), 1, 1, "float64"),  # square: shapes say little
        (2, 2, 6, 6, 4, (3, 3), 1, 2, "float64"),  # here 'same' would pad below and to the right only
        (1, 2, 5, 4, 3, (2, 2), 0, 1, "float64"),
        (2, 2, 4, 5, 3, (3, 3), 2, 2, "float32"),
    ]:
        shapes = {"x": (n, channels, height, width), "weight": (filters, channels, *size), "bias": (filters,)}
        arrays = {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}
        yield {**arrays, "padding": padding, "strides": strides}


def conv_channels_first(x, weight, bias, padding, strides):
    return _conv(_pad(x, padding, padding), weight, strides) + bias[:, None, None]


def _pad(x, before, after):
    return np.pad(x, ((0, 0), (0, 0), (before, after), (before, after)))


def _conv(x, weight, strides):
    view = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))[:, :, ::strides, ::strides]
    return np.einsum("ncijuv,fcuv->nfij", view, weight)


def _as_in_tensorflow(x, weight, bias, padding, strides):
    return _conv(_pad(x, 0, 2 * padding), weight, strides) + bias[:, None, None]


def _one_side_only(x, weight, bias, padding, strides):
    return _conv(_pad(x, 0, padding), weight, strides) + bias[:, None, None]


def _same_as_in_keras(x, weight, bias, padding, strides):
    lacking = [max(0, (-(-n // strides) - 1) * strides + k - n) for n, k in zip(x.shape[2:], weight.shape[2:])]
    x = np.pad(x, [(0, 0), (0, 0), *((total // 2, total - total // 2) for total in lacking)])
    return _conv(x, weight, strides) + bias[:, None, None]


def _no_padding(x, weight, bias, padding, strides):
    return _conv(x, weight, strides) + bias[:, None, None]


def _bias_forgotten(x, weight, bias, padding, strides):
    return conv_channels_first(x, weight, np.zeros_like(bias), padding, strides)


def _flipped(x, weight, bias, padding, strides):
    return conv_channels_first(x, weight[..., ::-1, ::-1], bias, padding, strides)


def _channels_last_result(x, weight, bias, padding, strides):
    return np.moveaxis(conv_channels_first(x, weight, bias, padding, strides), 1, -1)


def _weight_reshaped(x, weight, bias, padding, strides):
    filters, channels, kernel_height, kernel_width = weight.shape
    kernel = weight.reshape(kernel_height, kernel_width, channels, filters)  # other axes, the same order of numbers
    return conv_channels_first(x, kernel.transpose(3, 2, 0, 1), bias, padding, strides)


def _all_axes_reversed(x, weight, bias, padding, strides):
    return conv_channels_first(x, weight.swapaxes(2, 3), bias, padding, strides)  # what weight.T leads to


def _input_reshaped(x, weight, bias, padding, strides):
    n, channels, height, width = x.shape
    x = np.moveaxis(x.reshape(n, height, width, channels), -1, 1)
    return conv_channels_first(x, weight, bias, padding, strides)


def _result_reshaped(x, weight, bias, padding, strides):
    y = conv_channels_first(x, weight, bias, padding, strides)
    return np.moveaxis(y, 1, -1).reshape(y.shape)


def _bias_along_the_width(x, weight, bias, padding, strides):
    return _conv(_pad(x, padding, padding), weight, strides) + bias


def _stride_ignored(x, weight, bias, padding, strides):
    return conv_channels_first(x, weight, bias, padding, 1)


def _every_axis_padded(x, weight, bias, padding, strides):
    return _conv(np.pad(x, padding), weight, strides) + bias[:, None, None]  # fails unless there is one channel


def _padding_shared_by_both_sides(x, weight, bias, padding, strides):
    return _conv(_pad(x, padding // 2, padding - padding // 2), weight, strides) + bias[:, None, None]


def _height_and_width_exchanged(x, weight, bias, padding, strides):
    return conv_channels_first(x, weight, bias, padding, strides).swapaxes(2, 3)


def _channels_last_inside(x, weight, bias, padding, strides):
    x, kernel = x.transpose(0, 2, 3, 1), weight.transpose(2, 3, 1, 0)
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = kernel.shape
    rows = [
        [x[:, i : i + kh, j : j + kw].reshape(len(x), -1) for j in range(0, x.shape[2] - kw + 1, strides)]
        for i in range(0, x.shape[1] - kh + 1, strides)
    ]
    return np.moveaxis(np.array(rows) @ kernel.reshape(-1, filters) + bias, (2, 3), (0, 1))


def _in_loops(x, weight, bias, padding, strides):
    (n, channels, height, width), (filters, _, kh, kw) = x.shape, weight.shape
    padded = np.zeros((n, channels, height + 2 * padding, width + 2 * padding), x.dtype)
    padded[:, :, padding : padding + height, padding : padding + width] = x
    out = [(length + 2 * padding - k) // strides + 1 for length, k in ((height, kh), (width, kw))]
    y = np.empty((n, filters, *out), x.dtype)
    for m, f, i, j in np.ndindex(*y.shape):
        window = padded[m, :, i * strides : i * strides + kh, j * strides : j * strides + kw]
        y[m, f, i, j] = (window * weight[f]).sum() + bias[f]
    return y


def _entry_by_entry(x, weight, bias, padding, strides):
    x = np.pad(x, [(0, 0)] * 2 + [(padding, padding)] * 2)
    kh, kw = weight.shape[2:]
    oh, ow = ((length - k) // strides + 1 for length, k in ((x.shape[2], kh), (x.shape[3], kw)))
    y = bias.reshape(-1, 1, 1)
    for u, v in np.ndindex(kh, kw):
        seen = x[:, :, u : u + strides * oh : strides, v : v + strides * ow : strides]
        y = y + np.einsum("ncij,fc->nfij", seen, weight[:, :, u, v])
    return y


CONV_CHANNELS_FIRST = Exercise(
    id="conv_channels_first",
    lesson="08",
    points=3,
    reference=conv_channels_first,
    cases=_images,
    mistakes=(
        Mistake(
            _as_in_tensorflow,
            "All zeros were put below and to the right. This padding is symmetric: equally many on each side.",
            26,
        ),
        Mistake(_one_side_only, "`padding` zeros are added on each of the four sides, not on two.", 26),
        Mistake(
            _same_as_in_keras,
            "Those are the zeros of Keras's 'same'. Here `padding` says how many there are on every side.",
            26,
        ),
        Mistake(_bias_forgotten, "The sums are right; the bias of each filter is missing."),
        Mistake(_no_padding, "The zeros around the image are missing."),
        Mistake(_flipped, "The kernel was turned round; PyTorch, like Keras, uses it as it is.", 24),
        Mistake(_channels_last_result, "The numbers are right; the filters belong on axis 1, (n, filters, …)."),
        Mistake(
            _weight_reshaped,
            "A reshape gives the axes other names and leaves the numbers where they were. Which function moves axes?",
        ),
        Mistake(
            _all_axes_reversed,
            "`.T` reverses all axes, the kernel's rows and columns among them. Say which axis goes where.",
        ),
        Mistake(
            _input_reshaped,
            "x was reshaped: its numbers are no longer where they were in the image. Move its axes instead.",
        ),
        Mistake(_result_reshaped, "The result was reshaped to channels first. Move its axes instead."),
        Mistake(_bias_along_the_width, "Broadcasting lines up the last axes, and that is the width here, not filters."),
        Mistake(_stride_ignored, "With strides=2 the window moves two pixels at a time; yours moved one."),
        Mistake(_every_axis_padded, "np.pad with one number pads all axes, images and channels too: those get (0, 0)."),
        Mistake(_padding_shared_by_both_sides, "`padding` is the number for each side; it is not shared by two.", 26),
        Mistake(_height_and_width_exchanged, "The last two axes of the result are exchanged: height, then width."),
    ),
    alternatives=(_channels_last_inside, _in_loops, _entry_by_entry),
    hints=(
        "Write both shapes of x, both of the kernel and both of y under each other, axis by axis.",
        "Either move the axes to Keras's order, compute as before and move them back, or write the loops anew: a "
        "window has the shape (channels, kernel height, kernel width).",
        "np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))",
    ),
    tolerance=512.0,
)
