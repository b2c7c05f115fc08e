"""Convolution of images: the same weighted sum at every place."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    for n, height, width, channels, size, filters, strides, dtype in [
        (1, 4, 5, 1, (3, 3), 1, 1, "float64"),  # small enough to be shown
        (2, 5, 6, 3, (3, 2), 2, 1, "float64"),
        (2, 6, 6, 2, (2, 2), 2, 2, "float64"),
        (2, 8, 5, 2, (3, 3), 4, 2, "float64"),  # one row is left over
        (1, 3, 3, 2, (3, 3), 3, 1, "float64"),  # a single window
        (1, 5, 4, 3, (2, 3), 2, 1, "float32"),
    ]:
        shapes = {"x": (n, height, width, channels), "kernel": (*size, channels, filters), "bias": (filters,)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()} | {"strides": strides}


def _sizes(x, kernel, strides):
    """Height and width of the kernel and of the output."""
    kh, kw = kernel.shape[:2]
    return kh, kw, (x.shape[1] - kh) // strides + 1, (x.shape[2] - kw) // strides + 1


def _windows(x, kernel, strides, step=None):
    """What each window sees, (n, out height, out width, kernel height, kernel width, channels)."""
    kh, kw, oh, ow = _sizes(x, kernel, strides)
    step = strides if step is None else step
    rows = [[x[:, i * step :, j * step :][:, :kh, :kw] for j in range(ow)] for i in range(oh)]
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def conv_forward(x, kernel, bias, strides):
    return np.einsum("nijuvc,uvcf->nijf", _windows(x, kernel, strides), kernel) + bias


def _kernel_flipped(x, kernel, bias, strides):
    return conv_forward(x, kernel[::-1, ::-1], bias, strides)


def _channels_not_summed(x, kernel, bias, strides):
    each = np.einsum("nijuvc,uvcf->nijcf", _windows(x, kernel, strides), kernel) + bias
    return each.reshape(*each.shape[:3], -1)


def _first_channel_only(x, kernel, bias, strides):
    return conv_forward(x[..., :1], kernel[:, :, :1], bias, strides)


def _last_channel_only(x, kernel, bias, strides):
    return conv_forward(x[..., -1:], kernel[:, :, -1:], bias, strides)


def _channel_f_for_filter_f(x, kernel, bias, strides):
    each = [conv_forward(x[..., [f]], kernel[:, :, [f]][..., [f]], bias[[f]], strides) for f in range(len(bias))]
    return np.concatenate(each, axis=-1)


def _filters_added_up(x, kernel, bias, strides):
    return np.einsum("nijuvc,uvcg->nij", _windows(x, kernel, strides), kernel)[..., None] + bias


def _mean_of_the_products(x, kernel, bias, strides):
    return conv_forward(x, kernel / kernel.dtype.type(kernel[..., 0].size), bias, strides)


def _last_entry_only(x, kernel, bias, strides):
    return _windows(x, kernel, strides)[..., -1, -1, -1, None] * kernel[-1, -1, -1] + bias


def _stride_not_in_the_place(x, kernel, bias, strides):
    return np.einsum("nijuvc,uvcf->nijf", _windows(x, kernel, strides, step=1), kernel) + bias


def _stride_ignored(x, kernel, bias, strides):
    return conv_forward(x, kernel, bias, 1)


def _one_window_too_few(x, kernel, bias, strides):
    return conv_forward(x, kernel, bias, strides)[:, :-1, :-1]


def _bias_forgotten(x, kernel, bias, strides):
    return conv_forward(x, kernel, np.zeros_like(bias), strides)


def _bias_in_every_term(x, kernel, bias, strides):
    return conv_forward(x, kernel, bias * bias.dtype.type(kernel[..., 0].size), strides)


def _images_added_up(x, kernel, bias, strides):
    total = np.einsum("nijuvc,uvcf->ijf", _windows(x, kernel, strides), kernel) + bias
    return np.stack([total] * len(x))


def _zeros_around_the_image(x, kernel, bias, strides):
    sides = [(length // 2, length // 2) for length in kernel.shape[:2]]
    return conv_forward(np.pad(x, [(0, 0), *sides, (0, 0)]), kernel, bias, strides)


def _in_loops(x, kernel, bias, strides):
    kh, kw, oh, ow = _sizes(x, kernel, strides)
    y = np.zeros((len(x), oh, ow, kernel.shape[-1]), x.dtype)
    for n, i, j, f in np.ndindex(*y.shape):
        window = x[n, i * strides : i * strides + kh, j * strides : j * strides + kw]
        y[n, i, j, f] = np.sum(window * kernel[..., f]) + bias[f]
    return y


def _entry_by_entry(x, kernel, bias, strides):
    kh, kw, oh, ow = _sizes(x, kernel, strides)
    y = np.zeros((len(x), oh, ow, kernel.shape[-1]), x.dtype) + bias
    for u in range(kh):
        for v in range(kw):
            y += x[:, u : u + strides * oh : strides, v : v + strides * ow : strides] @ kernel[u, v]
    return y


def _one_product(x, kernel, bias, strides):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))[:, ::strides, ::strides]
    return np.tensordot(windows, kernel, axes=((4, 5, 3), (0, 1, 2))) + bias


CONV_FORWARD = Exercise(
    id="conv_forward",
    lesson="08",
    points=3,
    reference=conv_forward,
    cases=_images,
    mistakes=(
        Mistake(
            _kernel_flipped,
            "The kernel was turned round. In the formula entry (u, v) meets the pixel u rows below and v columns to "
            "the right of the window's corner.",
            24,
        ),
        Mistake(
            _channels_not_summed,
            "One output for each pair of channel and filter came out. A filter has weights for all channels and adds "
            "up over them: the last axis counts filters only.",
            25,
        ),
        Mistake(_first_channel_only, "Only channel 0 was looked at. Over which three indices does the sum run?", 25),
        Mistake(
            _last_channel_only,
            "Only the last channel is left in the result. Do the others get added, or written over?",
            25,
        ),
        Mistake(
            _channel_f_for_filter_f,
            "Filter f looked at channel f alone. Every filter has weights for all channels and adds up over them.",
            25,
        ),
        Mistake(_filters_added_up, "The filters were added up, too. Each gives an output of its own."),
        Mistake(_mean_of_the_products, "The products are averaged; the formula adds them up."),
        Mistake(_last_entry_only, "Each product was written over the one before. The sum needs all of them."),
        Mistake(
            _stride_not_in_the_place,
            "There are as many windows as there should be, but they lie next to each other. Where does window i start?",
        ),
        Mistake(_stride_ignored, "With strides=2 the window moves two pixels at a time; yours moved one."),
        Mistake(
            _one_window_too_few,
            "The last row and column of windows is missing. A window as large as the image fits into it once.",
        ),
        Mistake(_bias_forgotten, "The sums are right; bias[f] is missing."),
        Mistake(_bias_in_every_term, "bias[f] stands outside the sum: it is added once, not with each product."),
        Mistake(_images_added_up, "The sum went over the images as well. n stands on the left: each has its own y."),
        Mistake(
            _zeros_around_the_image,
            "Zeros were put around the image. Here only windows that lie in it as a whole give an output.",
        ),
    ),
    alternatives=(_in_loops, _entry_by_entry, _one_product),
    hints=(
        "How many windows fit, and at which row does window i start?",
        "There are (height - kernel height) // strides + 1 windows down; window i starts at row i · strides. Each "
        "filter multiplies the whole window, all channels, and sums.",
        "y[n, i, j, f] = np.sum(window * kernel[..., f]) + bias[f], with a window of shape kernel.shape[:3]",
    ),
    tolerance=512.0,
)
