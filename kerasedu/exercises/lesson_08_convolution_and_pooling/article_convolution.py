"""Find the bug: the article's formula y = f(W x + b), typed in with the kernel that Keras holds."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    for height, width, channels, size, filters, dtype in [
        (4, 4, 1, (3, 3), 2, "float64"),  # small enough to be shown
        (5, 6, 3, (3, 2), 2, "float64"),
        (5, 5, 2, (2, 2), 4, "float64"),
        (4, 5, 3, (3, 3), 3, "float64"),
        (3, 3, 2, (3, 3), 5, "float64"),  # a single window
        (4, 4, 2, (2, 3), 3, "float32"),
    ]:
        shapes = {"x": (height, width, channels), "kernel": (*size, channels, filters), "bias": (filters,)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def _windows(x, kernel):
    """(out height, out width, kernel height, kernel width, channels)"""
    return np.moveaxis(np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(0, 1)), 2, -1)


def article_convolution(x, kernel, bias):
    return np.maximum(np.einsum("ijuvc,uvcf->ijf", _windows(x, kernel), kernel) + bias, 0)


def _with_matrix(x, W, kernel, bias):
    """relu(W window + b) with each window flattened in its own order."""
    rows = _windows(x, kernel).reshape(-1, kernel[..., 0].size)
    return np.maximum(rows @ W.T + bias, 0).reshape(*_windows(x, kernel).shape[:2], -1)


def _kernel_only_reshaped(x, kernel, bias):
    return _with_matrix(x, kernel.reshape(kernel.shape[-1], -1), kernel, bias)


def _all_axes_reversed(x, kernel, bias):
    return _with_matrix(x, kernel.T.reshape(kernel.shape[-1], -1), kernel, bias)


def _filters_channels_first(x, kernel, bias):
    return _with_matrix(x, kernel.transpose(3, 2, 0, 1).reshape(kernel.shape[-1], -1), kernel, bias)


def _first_and_last_exchanged(x, kernel, bias):
    return _with_matrix(x, kernel.swapaxes(0, 3).reshape(kernel.shape[-1], -1), kernel, bias)


def _kernel_flipped(x, kernel, bias):
    return article_convolution(x, kernel[::-1, ::-1], bias)


def _no_activation(x, kernel, bias):
    return np.einsum("ijuvc,uvcf->ijf", _windows(x, kernel), kernel) + bias


def _bias_outside(x, kernel, bias):
    return np.maximum(_no_activation(x, kernel, np.zeros_like(bias)), 0) + bias


def _channels_kept_apart(x, kernel, bias):
    each = np.einsum("ijuvc,uvcf->ijcf", _windows(x, kernel), kernel) + bias
    return np.maximum(each, 0).reshape(*each.shape[:2], -1)


def _transposed_afterwards(x, kernel, bias):
    kernel_height, kernel_width, _, filters = kernel.shape
    W = kernel.reshape(-1, filters).T
    places = x.shape[0] - kernel_height + 1, x.shape[1] - kernel_width + 1
    y = np.zeros((*places, filters), x.dtype)
    for i, j in np.ndindex(*places):
        y[i, j] = np.maximum(W @ x[i : i + kernel_height, j : j + kernel_width].ravel() + bias, 0)
    return y


def _window_times_kernel(x, kernel, bias):
    kh, kw, _, filters = kernel.shape
    y = np.empty((len(x) - kh + 1, x.shape[1] - kw + 1, filters), x.dtype)
    for i in range(len(y)):
        for j in range(y.shape[1]):
            y[i, j] = x[i : i + kh, j : j + kw].ravel() @ kernel.reshape(-1, filters)
    return np.where(y + bias > 0, y + bias, 0)


def _axes_moved_first(x, kernel, bias):
    W = np.moveaxis(kernel, -1, 0).reshape(kernel.shape[-1], -1)
    return _with_matrix(x, W, kernel, bias)


ARTICLE_CONVOLUTION = Exercise(
    id="article_convolution",
    lesson="08",
    points=2,
    reference=article_convolution,
    cases=_images,
    mistakes=(
        Mistake(
            _kernel_only_reshaped,
            "Row f of W has to hold the weights of filter f. reshape leaves the numbers in their order, and in a "
            "Keras kernel the filters run fastest. Print kernel[..., 0] and W[0] and compare them.",
        ),
        Mistake(
            _all_axes_reversed,
            "`.T` reverses all four axes: in row f the weights now come channel by channel, column by column. The "
            "window is flattened in another order.",
        ),
        Mistake(
            _filters_channels_first,
            "Row f holds the weights of filter f now, with the channels first. In the flattened window they run "
            "fastest.",
        ),
        Mistake(
            _first_and_last_exchanged,
            "Exchanging the first and the last axis puts the kernel's rows last: in row f the weights now come in "
            "another order than the pixels of the window.",
        ),
        Mistake(_kernel_flipped, "The kernel was turned round; Keras uses it as it is.", 24),
        Mistake(_no_activation, "f, the ReLU, is missing."),
        Mistake(_bias_outside, "b belongs inside f."),
        Mistake(_channels_kept_apart, "A filter adds up over the channels: the last axis has one number a filter.", 25),
    ),
    alternatives=(_transposed_afterwards, _window_times_kernel, _axes_moved_first),
    hints=(
        "Take the kernel [[[[1, 2], [3, 4]]]], two channels and two filters. Which weights has filter 0? What is W[0]?",
        "im2col used kernel.reshape(-1, filters): entries in rows, filters in columns. W is wanted the other way.",
        "To exchange the two axes of a matrix, transpose it; reshape does not exchange axes.",
    ),
    tolerance=512.0,
)
