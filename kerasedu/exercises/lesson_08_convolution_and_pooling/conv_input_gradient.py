"""What a convolution sends back to the image: overlapping windows add up."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _layers(rng):
    for n, height, width, channels, size, filters, strides, dtype in [
        (1, 4, 4, 1, (3, 3), 1, 1, "float64"),  # small enough to be shown
        (2, 5, 6, 3, (3, 2), 2, 1, "float64"),
        (2, 5, 5, 3, (3, 3), 3, 1, "float64"),
        (2, 8, 7, 2, (3, 3), 4, 2, "float64"),  # one row is left over
        (1, 6, 4, 2, (2, 2), 3, 2, "float64"),  # no overlap
        (2, 6, 7, 2, (2, 3), 3, 2, "float32"),
    ]:
        out = [(length - k) // strides + 1 for length, k in zip((height, width), size)]
        shapes = {"dy": (n, *out, filters), "x": (n, height, width, channels), "kernel": (*size, channels, filters)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()} | {"strides": strides}


def conv_input_gradient(dy, x, kernel, strides):
    return _scattered(dy, np.zeros_like(x), kernel, strides)


def _scattered(dy, dx, kernel, strides, step=None, add=True):
    """``dx`` with what each window sends back; ``step`` and ``add`` can bring in mistakes."""
    kh, kw = kernel.shape[:2]
    step = strides if step is None else step
    for i, j in np.ndindex(dy.shape[1:3]):
        window = dx[:, i * step : i * step + kh, j * step : j * step + kw]
        window[...] = add * window + np.einsum("nf,uvcf->nuvc", dy[:, i, j], kernel)
    return dx


def _overwritten(dy, x, kernel, strides):
    return _scattered(dy, np.zeros_like(x), kernel, strides, add=False)


def _overwritten_by_each_filter(dy, x, kernel, strides):
    return _overwritten(dy[..., -1:], x, kernel[..., -1:], strides)


def _gathered(dy, x, kernel):
    """dy, with zeros around it, under the kernel: the gradient for stride 1 if the kernel is turned round."""
    kh, kw = kernel.shape[:2]
    wide = np.pad(dy, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)))
    return np.einsum("nijfuv,uvcf->nijc", np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), axis=(1, 2)), kernel)


def _as_for_stride_1(dy, x, kernel, strides):
    return _gathered(dy, x, kernel[::-1, ::-1])


def _as_for_stride_1_not_flipped(dy, x, kernel, strides):
    return _gathered(dy, x, kernel)


def _mean_of_the_windows(dy, x, kernel, strides):
    counts = _scattered(
        np.ones_like(dy[:1, ..., :1]), np.zeros_like(x[:1, ..., :1]), np.ones_like(kernel[:, :, :1, :1]), strides
    )
    return conv_input_gradient(dy, x, kernel, strides) / np.maximum(counts, 1)


def _kernel_flipped(dy, x, kernel, strides):
    return conv_input_gradient(dy, x, kernel[::-1, ::-1], strides)


def _stride_ignored(dy, x, kernel, strides):
    return _scattered(dy, np.zeros_like(x), kernel, strides, step=1)


def _first_filter_only(dy, x, kernel, strides):
    return conv_input_gradient(dy[..., :1], x, kernel[..., :1], strides)


def _last_filter_only(dy, x, kernel, strides):
    return conv_input_gradient(dy[..., -1:], x, kernel[..., -1:], strides)


def _reshaped_in_place_of_transposed(dy, x, kernel, strides):
    moved = kernel.reshape(*kernel.shape[:2], kernel.shape[3], kernel.shape[2]).swapaxes(2, 3)
    return conv_input_gradient(dy, x, moved, strides)


def _upstream_forgotten(dy, x, kernel, strides):
    return conv_input_gradient(np.ones_like(dy), x, kernel, strides)


def _corner_only(dy, x, kernel, strides):
    return _scattered(dy, np.zeros_like(x), kernel[:1, :1], strides)


def _leftover_cut_off(dy, x, kernel, strides):
    dx = conv_input_gradient(dy, x, kernel, strides)
    height, width = (strides * (out - 1) + k for out, k in zip(dy.shape[1:3], kernel.shape[:2]))
    return dx[:, :height, :width]


def _filters_added_up_first(dy, x, kernel, strides):
    return conv_input_gradient(dy.sum(axis=-1, keepdims=True), x, kernel.sum(axis=-1, keepdims=True), strides)


def _channels_mixed(dy, x, kernel, strides):
    dx = conv_input_gradient(dy, x, kernel, strides)
    return np.repeat(dx.sum(axis=-1, keepdims=True), x.shape[-1], axis=-1)


def _times_the_image(dy, x, kernel, strides):
    return conv_input_gradient(dy, x, kernel, strides) * x


def _started_from_the_image(dy, x, kernel, strides):
    return conv_input_gradient(dy, x, kernel, strides) + x


def _entry_by_entry(dy, x, kernel, strides):
    (_, oh, ow, _), s = dy.shape, strides
    dx = np.zeros(x.shape, x.dtype)
    for u in range(kernel.shape[0]):
        for v in range(kernel.shape[1]):
            dx[:, u : u + s * oh : s, v : v + s * ow : s] += dy @ kernel[u, v].T
    return dx


def _rows_scattered(dy, x, kernel, strides):
    kh, kw, channels, filters = kernel.shape
    drows = dy.reshape(-1, filters) @ kernel.reshape(-1, filters).T
    drows = drows.reshape(*dy.shape[:3], kh, kw, channels)
    dx = np.zeros_like(x)
    for n, i, j in np.ndindex(dy.shape[:3]):
        for u, v in np.ndindex(kh, kw):
            dx[n, i * strides + u, j * strides + v] += drows[n, i, j, u, v]
    return dx


def _as_a_convolution(dy, x, kernel, strides):
    n, height, width, _ = x.shape
    kh, kw, _, filters = kernel.shape
    wide = np.zeros((n, height + kh - 1, width + kw - 1, filters), dy.dtype)
    (_, oh, ow, _), s = dy.shape, strides
    wide[:, kh - 1 : kh - 1 + s * oh : s, kw - 1 : kw - 1 + s * ow : s] = dy
    windows = np.lib.stride_tricks.sliding_window_view(wide, (kh, kw), axis=(1, 2))
    return np.einsum("nijfuv,uvcf->nijc", windows, kernel[::-1, ::-1])


CONV_INPUT_GRADIENT = Exercise(
    id="conv_input_gradient",
    lesson="08",
    points=4,
    reference=conv_input_gradient,
    cases=_layers,
    mistakes=(
        Mistake(
            _overwritten,
            "Where windows overlap, the last one wrote over what the others had sent. A pixel that is used in several "
            "windows receives a term from each.",
            27,
        ),
        Mistake(
            _overwritten_by_each_filter,
            "Windows and filters wrote over each other. A pixel receives a term from each window that sees it, for "
            "each filter, and they add up.",
            27,
        ),
        Mistake(
            _as_for_stride_1,
            "Right for strides=1. With a larger stride the windows lie further apart: dy would need zeros in between.",
        ),
        Mistake(
            _as_for_stride_1_not_flipped,
            "When dy is gathered, the kernel lies the other way round; and with strides, dy needs zeros in between.",
            24,
        ),
        Mistake(
            _mean_of_the_windows,
            "The terms of overlapping windows were averaged. Gradients of several uses add up.",
            27,
        ),
        Mistake(
            _kernel_flipped,
            "Each pixel has to receive the weight that it met: pixel (i s + u, j s + v) met kernel[u, v]. The flip "
            "shows only when dy is the one that is gathered.",
            24,
        ),
        Mistake(
            _stride_ignored, "The windows are as far apart as in the forward pass: window i starts at i · strides."
        ),
        Mistake(_first_filter_only, "Only filter 0 sends something back. Every filter saw the pixel."),
        Mistake(_last_filter_only, "Only the last filter's share is left. The shares of all filters add up."),
        Mistake(
            _reshaped_in_place_of_transposed,
            "A reshape does not exchange channels and filters: a transpose does (`.T`, `swapaxes`).",
        ),
        Mistake(_upstream_forgotten, "The weights are the local derivative; each has to meet the dy of its window."),
        Mistake(_corner_only, "Only the corner of each window received something; all its pixels were used."),
        Mistake(
            _leftover_cut_off,
            "dx has the shape of x. Pixels that no window sees have the gradient 0; they do not vanish.",
        ),
        Mistake(
            _filters_added_up_first,
            "dy and kernel were added up over the filters before they met. The weights of filter f meet dy[..., f].",
        ),
        Mistake(_channels_mixed, "All channels got the same sum. To channel c go the weights kernel[:, :, c, f].", 25),
        Mistake(_times_the_image, "The derivative of weight · pixel by the pixel is the weight; no pixel is left."),
        Mistake(_started_from_the_image, "The shares were added to x. They are gathered in an array that starts at 0."),
    ),
    alternatives=(_entry_by_entry, _rows_scattered, _as_a_convolution),
    hints=(
        "Start from zeros in the shape of x. Which pixels does the window of output (i, j) send something to?",
        "To the window of output (i, j) go the weights of every filter f times dy[n, i, j, f]. Windows overlap, so it "
        "is added to what is there.",
        "dx[n, i * strides : i * strides + kernel_height, …] += kernel[..., f] * dy[n, i, j, f]",
    ),
    tolerance=1024.0,
)
