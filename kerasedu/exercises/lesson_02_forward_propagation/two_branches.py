"""Split, GlobalAveragePooling2D, Reshape, Dense, Activation and Concatenate in one small network."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images(rng):
    for n, rows, columns, channels, units, dtype in [
        (3, 4, 5, 2, 6, "float64"),
        (1, 8, 8, 1, 3, "float64"),
        (4, 4, 4, 4, 4, "float64"),
        (2, 2, 3, 3, 2, "float32"),
    ]:
        x = rng.normal(size=(n, rows, columns, channels))
        kernel = rng.normal(size=(rows // 2 * columns * channels, units))
        arrays = {"x": x, "kernel": kernel, "bias": rng.normal(size=units)}
        yield {name: array.astype(dtype) for name, array in arrays.items()}


def two_branches(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return _joined(top, bottom, kernel, bias)


def _joined(top, bottom, kernel, bias):
    return np.concatenate([top.mean(axis=(1, 2)), _dense(bottom, kernel, bias)], axis=1)


def _dense(x, kernel, bias):
    return np.maximum(x.reshape(len(x), -1) @ kernel + bias, 0)


def _halves_exchanged(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return _joined(bottom, top, kernel, bias)


def _left_and_right(x, kernel, bias):
    left, right = np.split(x, 2, axis=2)
    return _joined(left, right, kernel, bias)


def _whole_image_averaged(x, kernel, bias):
    return _joined(x, np.split(x, 2, axis=1)[1], kernel, bias)


def _channels_averaged_too(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return np.concatenate([top.mean(axis=(1, 2, 3))[:, None], _dense(bottom, kernel, bias)], axis=1)


def _averaged_over_the_last_axes(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return np.concatenate([top.mean(axis=(2, 3)), _dense(bottom, kernel, bias)], axis=1)


def _summed(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return np.concatenate([top.sum(axis=(1, 2)), _dense(bottom, kernel, bias)], axis=1)


def _largest(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return np.concatenate([top.max(axis=(1, 2)), _dense(bottom, kernel, bias)], axis=1)


def _order_exchanged(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return np.concatenate([_dense(bottom, kernel, bias), top.mean(axis=(1, 2))], axis=1)


def _no_relu(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return np.concatenate([top.mean(axis=(1, 2)), bottom.reshape(len(x), -1) @ kernel + bias], axis=1)


def _relu_over_both(x, kernel, bias):
    return np.maximum(two_branches(x, kernel, bias), 0)


def _joined_along_the_batch(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return np.concatenate([top.mean(axis=(1, 2)), _dense(bottom, kernel, bias)])


def _channels_first_when_flattened(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return _joined(top, np.moveaxis(bottom, 3, 1), kernel, bias)


def _columns_first_when_flattened(x, kernel, bias):
    top, bottom = np.split(x, 2, axis=1)
    return _joined(top, bottom.swapaxes(1, 2), kernel, bias)


def _by_slices(x, kernel, bias):
    n, rows, columns, channels = x.shape
    half = rows // 2
    features = np.empty((n, channels + kernel.shape[1]), dtype=x.dtype)
    for i in range(n):
        for c in range(channels):
            features[i, c] = x[i, :half, :, c].sum() / (half * columns)
        z = x[i, half:].ravel() @ kernel + bias
        features[i, channels:] = z * (z > 0)
    return features


def _einsum(x, kernel, bias):
    _, rows, columns, _ = x.shape
    weights = kernel.reshape(rows // 2, columns, x.shape[3], -1)
    z = np.einsum("nijc,ijcu->nu", x[:, rows // 2 :], weights) + bias
    means = x[:, : rows // 2].mean(axis=1).mean(axis=1)
    return np.hstack([means, np.clip(z, 0, None)])


TWO_BRANCHES = Exercise(
    id="two_branches",
    lesson="02",
    points=3,
    reference=two_branches,
    cases=_images,
    mistakes=(
        Mistake(_halves_exchanged, "The halves have changed places: the top is averaged, the bottom goes to Dense."),
        Mistake(_left_and_right, "That splits into left and right. Rows are axis 1 of (n, rows, columns, channels)."),
        Mistake(_whole_image_averaged, "Only the top half is averaged, not the whole image."),
        Mistake(_channels_averaged_too, "The pooling keeps the channels: average over rows and columns only."),
        Mistake(
            _averaged_over_the_last_axes, "Axes 2 and 3 are columns and channels. Rows and columns are axes 1 and 2."
        ),
        Mistake(_summed, "Those are sums; the layer averages."),
        Mistake(_largest, "Those are the largest numbers; the layer averages."),
        Mistake(_order_exchanged, "The right parts in the wrong order: the averages come first."),
        Mistake(_no_relu, "The activation of the dense branch is missing."),
        Mistake(_relu_over_both, "ReLU belongs to the dense branch; the averages may be negative."),
        Mistake(
            _joined_along_the_batch, "The two parts belong side by side, along the last axis; axis 0 is the batch."
        ),
        Mistake(
            _channels_first_when_flattened,
            "Reshape keeps the order in memory: row by row, within a row pixel by pixel, the channels of a pixel "
            "together.",
        ),
        Mistake(_columns_first_when_flattened, "Reshape reads row by row; you read column by column."),
    ),
    alternatives=(_by_slices, _einsum),
    hints=(
        "Write the shape after each of the layers, as in the puzzle.",
        "Two halves along axis 1; a mean over axes 1 and 2; rows of numbers, one for each image; then side by side.",
        "The averages: top.mean(axis=(1, 2)), shape (n, channels).",
    ),
    tolerance=1024.0,
)
