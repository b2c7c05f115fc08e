"""From the gradient of a score with respect to the pixels to one number a pixel."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _gradients(rng):
    for shape, dtype in [
        ((2, 3, 4, 3), "float64"),
        ((1, 5, 2, 1), "float64"),
        ((3, 3, 3, 3), "float64"),
        ((2, 4, 4, 2), "float32"),
    ]:
        yield {"gradients": rng.normal(size=shape).astype(dtype)}


def saliency(gradients):
    return np.abs(gradients).max(axis=-1)


def _sign_dropped_after(gradients):
    return np.abs(gradients.max(axis=-1))


def _no_absolute_value(gradients):
    return gradients.max(axis=-1)


def _only_positive(gradients):
    return np.maximum(gradients, 0).max(axis=-1)


def _mean_over_channels(gradients):
    return np.abs(gradients).mean(axis=-1)


def _sum_over_channels(gradients):
    return np.abs(gradients).sum(axis=-1)


def _summed_with_signs(gradients):
    return np.abs(gradients.sum(axis=-1))


def _over_the_batch(gradients):
    return np.abs(gradients).max(axis=0)


def _over_the_rows(gradients):
    return np.abs(gradients).max(axis=1)


def _length_of_the_channels(gradients):
    return np.sqrt((gradients**2).sum(axis=-1))


def _sign_kept(gradients):
    place = np.abs(gradients).argmax(axis=-1)[..., None]
    return np.take_along_axis(gradients, place, axis=-1)[..., 0]


def _axis_kept(gradients):
    return np.abs(gradients).max(axis=-1, keepdims=True)


def _scaled(gradients):
    map_ = saliency(gradients)
    return map_ / map_.max(axis=(1, 2), keepdims=True)


def _absolute_only(gradients):
    return np.abs(gradients)


def _first_channel(gradients):
    return np.abs(gradients[..., 0])


def _scaled_together(gradients):
    sizes = np.abs(gradients).max(axis=-1)
    return sizes / sizes.max()


def _squared(gradients):
    return (gradients**2).max(axis=-1)


def _larger_of_both_signs(gradients):
    return np.maximum(gradients.max(axis=3), -gradients.min(axis=3))


def _pixel_by_pixel(gradients):
    map_ = np.zeros(gradients.shape[:3], gradients.dtype)
    for place in np.ndindex(map_.shape):
        map_[place] = max(abs(value) for value in gradients[place])
    return map_


SALIENCY = Exercise(
    id="saliency",
    lesson="09",
    points=2,
    reference=saliency,
    cases=_gradients,
    mistakes=(
        Mistake(_sign_dropped_after, "First the sizes, then the largest: a slope of -5 beside one of 1 was lost."),
        Mistake(_no_absolute_value, "A strong slope downwards counts as much as one upwards."),
        Mistake(_only_positive, "Pixels that lower the score when they get darker matter, too."),
        Mistake(_mean_over_channels, "The largest over the channels was asked for, not their mean."),
        Mistake(_sum_over_channels, "The largest over the channels was asked for, not their sum."),
        Mistake(_summed_with_signs, "Slopes of opposite sign cancelled each other in the sum."),
        Mistake(_over_the_batch, "That mixes images. Which axis holds the channels?"),
        Mistake(_over_the_rows, "That mixes rows. Which axis holds the channels?"),
        Mistake(_length_of_the_channels, "That is the length of the channels' vector; the largest was asked for."),
        Mistake(_sign_kept, "The right slopes were found, but with their signs: saliency is a size."),
        Mistake(_axis_kept, "The channel axis must be gone: (n, height, width)."),
        Mistake(_scaled, "Each map was scaled to 1; the sizes of the slopes were asked for."),
        Mistake(_absolute_only, "One number a pixel: the channels must be brought together."),
        Mistake(_first_channel, "Only the first channel was looked at; the largest may be in another."),
        Mistake(_scaled_together, "The maps were scaled to 1; the sizes of the slopes were asked for."),
        Mistake(_squared, "Squares have the same order, but the sizes themselves were asked for."),
    ),
    alternatives=(_larger_of_both_signs, _pixel_by_pixel),
    hints=(
        "A pixel has the slopes (-5, 1, 2) in its three channels. What is its saliency?",
        "Size first, then the largest over the last axis.",
        "For (-5, 1, 2): the sizes are 5, 1, 2, the largest is 5.",
    ),
)
