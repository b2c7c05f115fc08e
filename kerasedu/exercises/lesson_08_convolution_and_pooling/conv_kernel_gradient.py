"""What a convolution sends back to its kernel and its bias."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _layers(rng):
    for n, height, width, channels, size, filters, strides, dtype in [
        (1, 3, 4, 1, (2, 2), 1, 1, "float64"),  # small enough to be shown
        (2, 5, 6, 3, (3, 2), 2, 1, "float64"),
        (3, 5, 5, 3, (3, 3), 3, 1, "float64"),
        (2, 8, 5, 2, (3, 3), 4, 2, "float64"),  # one row is left over
        (2, 6, 7, 2, (2, 3), 3, 2, "float32"),
    ]:
        out = [(length - k) // strides + 1 for length, k in zip((height, width), size)]
        shapes = {"dy": (n, *out, filters), "x": (n, height, width, channels), "kernel": (*size, channels, filters)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()} | {"strides": strides}


def _windows(x, kernel, strides):
    """What each window sees, (n, out height, out width, kernel height, kernel width, channels)."""
    view = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    return np.moveaxis(view[:, ::strides, ::strides], 3, -1)


def conv_kernel_gradient(dy, x, kernel, strides):
    return np.einsum("nijuvc,nijf->uvcf", _windows(x, kernel, strides), dy), dy.sum(axis=(0, 1, 2))


def _last_window_only(dy, x, kernel, strides):
    last = np.einsum("nuvc,nf->uvcf", _windows(x, kernel, strides)[:, -1, -1], dy[:, -1, -1])
    return last, dy.sum(axis=(0, 1, 2))


def _bias_not_summed_over_places(dy, x, kernel, strides):
    return conv_kernel_gradient(dy, x, kernel, strides)[0], dy.sum(axis=0)


def _bias_not_summed_over_images(dy, x, kernel, strides):
    return conv_kernel_gradient(dy, x, kernel, strides)[0], dy.sum(axis=(1, 2))


def _bias_over_the_filters(dy, x, kernel, strides):
    return conv_kernel_gradient(dy, x, kernel, strides)[0], dy.sum(axis=-1)


def _bias_as_one_number(dy, x, kernel, strides):
    return conv_kernel_gradient(dy, x, kernel, strides)[0], dy.sum()


def _bias_as_a_mean(dy, x, kernel, strides):
    return conv_kernel_gradient(dy, x, kernel, strides)[0], dy.mean(axis=(0, 1, 2))


def _first_image_only(dy, x, kernel, strides):
    return conv_kernel_gradient(dy[:1], x[:1], kernel, strides)[0], dy.sum(axis=(0, 1, 2))


def _last_image_only(dy, x, kernel, strides):
    return conv_kernel_gradient(dy[-1:], x[-1:], kernel, strides)[0], dy.sum(axis=(0, 1, 2))


def _mean_over_the_batch(dy, x, kernel, strides):
    return tuple(gradient / x.dtype.type(len(x)) for gradient in conv_kernel_gradient(dy, x, kernel, strides))


def _mean_over_the_windows(dy, x, kernel, strides):
    windows = x.dtype.type(dy[..., 0].size)
    return tuple(gradient / windows for gradient in conv_kernel_gradient(dy, x, kernel, strides))


def _flipped(dy, x, kernel, strides):
    dkernel, dbias = conv_kernel_gradient(dy, x, kernel, strides)
    return dkernel[::-1, ::-1], dbias


def _stride_ignored(dy, x, kernel, strides):
    windows = _windows(x, kernel, 1)[:, : dy.shape[1], : dy.shape[2]]
    return np.einsum("nijuvc,nijf->uvcf", windows, dy), dy.sum(axis=(0, 1, 2))


def _upstream_forgotten(dy, x, kernel, strides):
    return conv_kernel_gradient(np.ones_like(dy), x, kernel, strides)[0], dy.sum(axis=(0, 1, 2))


def _reshaped_in_place_of_transposed(dy, x, kernel, strides):
    dkernel, dbias = conv_kernel_gradient(dy, x, kernel, strides)
    return np.moveaxis(dkernel, -1, 0).reshape(kernel.shape), dbias


def _filters_before_channels(dy, x, kernel, strides):
    dkernel, dbias = conv_kernel_gradient(dy, x, kernel, strides)
    return dkernel.swapaxes(2, 3), dbias


def _as_a_matrix(dy, x, kernel, strides):
    dkernel, dbias = conv_kernel_gradient(dy, x, kernel, strides)
    return dkernel.reshape(-1, kernel.shape[-1]), dbias


def _only_the_very_last(dy, x, kernel, strides):
    return _last_window_only(dy[-1:], x[-1:], kernel, strides)[0], dy.sum(axis=(0, 1, 2))


def _filters_mixed(dy, x, kernel, strides):
    mixed = np.broadcast_to(dy.sum(axis=-1, keepdims=True), dy.shape)
    return conv_kernel_gradient(mixed, x, kernel, strides)[0], dy.sum(axis=(0, 1, 2))


def _channels_mixed(dy, x, kernel, strides):
    mixed = np.broadcast_to(x.sum(axis=-1, keepdims=True), x.shape)
    return conv_kernel_gradient(dy, mixed, kernel, strides)[0], dy.sum(axis=(0, 1, 2))


def _times_the_kernel(dy, x, kernel, strides):
    dkernel, dbias = conv_kernel_gradient(dy, x, kernel, strides)
    return dkernel * kernel, dbias


def _first_image_in_both(dy, x, kernel, strides):
    return conv_kernel_gradient(dy[:1], x[:1], kernel, strides)


def _bias_axes_kept(dy, x, kernel, strides):
    return conv_kernel_gradient(dy, x, kernel, strides)[0], dy.sum(axis=(0, 1, 2), keepdims=True)


def _matrix_product(dy, x, kernel, strides):
    rows = _windows(x, kernel, strides).reshape(-1, kernel[..., 0].size)
    dy = dy.reshape(-1, kernel.shape[-1])
    return (rows.T @ dy).reshape(kernel.shape), np.ones(len(dy), dy.dtype) @ dy


def _in_loops(dy, x, kernel, strides):
    kh, kw = kernel.shape[:2]
    dkernel, dbias = np.zeros_like(kernel), np.zeros(kernel.shape[-1], kernel.dtype)
    for n, i, j, f in np.ndindex(*dy.shape):
        window = x[n, i * strides : i * strides + kh, j * strides : j * strides + kw]
        dkernel[..., f] += window * dy[n, i, j, f]
        dbias[f] += dy[n, i, j, f]
    return dkernel, dbias


def _correlated(dy, x, kernel, strides):
    (_, oh, ow, _), s = dy.shape, strides
    dkernel = np.empty_like(kernel)
    for u, v in np.ndindex(kernel.shape[:2]):
        dkernel[u, v] = np.tensordot(x[:, u : u + s * oh : s, v : v + s * ow : s], dy, axes=((0, 1, 2), (0, 1, 2)))
    return [dkernel, np.add.reduce(dy, axis=(0, 1, 2))]


CONV_KERNEL_GRADIENT = Exercise(
    id="conv_kernel_gradient",
    lesson="08",
    points=4,
    reference=conv_kernel_gradient,
    cases=_layers,
    results=("dkernel", "dbias"),
    mistakes=(
        Mistake(
            _last_window_only,
            "Only the last window's share is left. The same weights work at every place: their gradient gathers all.",
            6,
        ),
        Mistake(
            _bias_not_summed_over_places,
            "dbias has the bias's shape, (filters,). bias[f] was used for every image and at every place.",
            5,
        ),
        Mistake(_bias_not_summed_over_images, "bias[f] was used in every image as well: sum over that axis, too.", 5),
        Mistake(_bias_over_the_filters, "That sums over the filters. Over which axes was one bias[f] used?", 5),
        Mistake(_bias_as_one_number, "Every filter has a bias of its own, so dbias has a number for each.", 5),
        Mistake(_bias_as_a_mean, "dbias is a mean here; a value used many times receives the sum.", 5),
        Mistake(_first_image_only, "dkernel holds the share of the first image only; the kernel was used in all."),
        Mistake(_last_image_only, "dkernel holds the share of the last image only. Is it added to what is there?", 6),
        Mistake(
            _mean_over_the_batch,
            "If the loss is a mean over the samples, dy contains 1/n already; here only sums are taken.",
            7,
        ),
        Mistake(_mean_over_the_windows, "The gradient of a weight that is used many times is a sum, not a mean.", 7),
        Mistake(
            _flipped,
            "The gradient is turned round. Entry (u, v) of the kernel met the pixel u rows below and v columns to the "
            "right of the corner; its gradient needs the same pixels.",
            24,
        ),
        Mistake(_stride_ignored, "Output i comes from the window at row i · strides; yours took the one at row i."),
        Mistake(_upstream_forgotten, "The pixels are the local derivative; each has to meet the dy of its window."),
        Mistake(
            _reshaped_in_place_of_transposed,
            "The numbers are right and stand in the wrong places: a reshape does not exchange axes. Which matrix "
            "product has the filters last?",
        ),
        Mistake(
            _filters_before_channels, "The last two axes are exchanged: Keras's kernel ends in (channels, filters)."
        ),
        Mistake(_as_a_matrix, "The matrix is right; give it the kernel's shape."),
        Mistake(_only_the_very_last, "Each share was written over the one before. A weight used often gathers all.", 6),
        Mistake(_filters_mixed, "All filters got the dy of all. The weights of filter f went into y[..., f] alone."),
        Mistake(
            _channels_mixed, "The channels were added up first. kernel[u, v, c, f] met the pixels of channel c.", 25
        ),
        Mistake(_times_the_kernel, "The derivative of weight · pixel by the weight is the pixel; no weight is left."),
        Mistake(_first_image_in_both, "Only the first image was looked at; kernel and bias were used in all.", 5),
        Mistake(_bias_axes_kept, "The sums are right; dbias has the bias's shape, (filters,).", 2),
    ),
    alternatives=(_matrix_product, _in_loops, _correlated),
    hints=(
        "Which shape has each gradient, and how often was kernel[u, v, c, f] used in the forward pass?",
        "y[n, i, j, f] holds x[n, i s + u, j s + v, c] · kernel[u, v, c, f], so dkernel[u, v, c, f] adds up that x "
        "times dy[n, i, j, f] over all n, i, j. With the rows of im2col it is one product.",
        "dkernel[..., f] += window * dy[n, i, j, f]   # for every image, place and filter",
    ),
    tolerance=1024.0,
)
