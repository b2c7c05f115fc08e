"""The logarithm of softmax over the channels, with channels first."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _images_of_logits(rng):
    yield {"z": rng.normal(size=(2, 3, 4, 5))}
    yield {"z": rng.normal(size=(1, 2, 1, 3))}
    yield {"z": 2 * rng.normal(size=(3, 3, 3, 3))}
    yield {"z": rng.normal(size=(2, 4, 2, 1)).astype("float32")}
    z = rng.normal(size=(2, 3, 2, 2))
    z[0, 0, 0, 0], z[0, :, 0, 1], z[1, 2, 1, 1] = 2000.0, -3000.0, -1500.0
    yield {"z": z}


def log_softmax_channels(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _logarithm_of_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True))


def _not_shifted(z):
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _kept_from_zero(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.log(e / e.sum(axis=1, keepdims=True) + z.dtype.type(1e-12))


def _shifted_by_one_number_for_all(z):
    z = z - z.max()
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _shift_lost(z):
    return z - np.log(np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))


def _shift_added_twice(z):
    m = z.max(axis=1, keepdims=True)
    return z + m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))


def _signs_of_a_product(z):
    z = z - z.max(axis=1, keepdims=True)
    return z + np.log(np.exp(z).sum(axis=1, keepdims=True))


def _axis_not_kept(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1))


def _last_axis(z):
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def _all_pixels_together(z):
    z = z - z.max(axis=(1, 2, 3), keepdims=True)
    return z - np.log(np.exp(z).sum(axis=(1, 2, 3), keepdims=True))


def _no_logarithm(z):
    return np.exp(log_softmax_channels(z))


def _channels_left_at_the_end(z):
    return np.moveaxis(log_softmax_channels(z), 1, -1)


def _sum_not_its_logarithm(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.exp(z).sum(axis=1, keepdims=True)


def _by_logaddexp(z):
    return z - np.logaddexp.reduce(z, axis=1)[:, None]


def _channels_moved(z):
    z = np.moveaxis(z, 1, -1)
    m = z.max(axis=-1)[..., None]
    return np.moveaxis(z - m - np.log(np.exp(z - m).sum(-1))[..., None], -1, 1)


def _pixel_by_pixel(z):
    y = np.empty_like(z)
    for n, i, j in np.ndindex(z.shape[0], *z.shape[2:]):
        v = z[n, :, i, j]
        y[n, :, i, j] = v - v.max() - np.log(np.sum(np.exp(v - v.max())))
    return y


LOG_SOFTMAX_CHANNELS = Exercise(
    id="log_softmax_channels",
    lesson="02",
    points=3,
    reference=log_softmax_channels,
    cases=_images_of_logits,
    mistakes=(
        Mistake(
            _logarithm_of_softmax,
            "A small probability rounds to 0, and its logarithm is -∞. Take the logarithm on paper first.",
        ),
        Mistake(_not_shifted, "exp overflows for large logits, or every power is 0: shift first.", 9),
        Mistake(
            _kept_from_zero,
            "A small number inside the logarithm avoids -∞ and invents a value: it should be about -1500, say.",
        ),
        Mistake(
            _shifted_by_one_number_for_all,
            "One shift for everything: where all logits lie far below it, every power is 0. Each pixel needs its own.",
            9,
        ),
        Mistake(_shift_lost, "The shift was made inside exp only; what is subtracted there must come back outside.", 9),
        Mistake(_shift_added_twice, "The shift has the wrong sign outside: z - m is the shifted logit, there too."),
        Mistake(_signs_of_a_product, "ln(a / b) = ln a - ln b: the logarithm of the sum is subtracted."),
        Mistake(
            _axis_not_kept,
            "A sum over axis 1 is (n, rows, columns), and its axes meet the wrong ones; keepdims=True keeps all four.",
            2,
        ),
        Mistake(_last_axis, "The sum goes over the columns of the image; the classes are on axis 1 here."),
        Mistake(_all_pixels_together, "Each pixel has probabilities of its own: sum over the classes alone."),
        Mistake(_no_logarithm, "Those are the probabilities; their logarithms were asked for."),
        Mistake(_channels_left_at_the_end, "The right numbers, but with the classes on the last axis."),
        Mistake(_sum_not_its_logarithm, "ln(a / b) = ln a - ln b: what is subtracted is the logarithm of the sum."),
    ),
    alternatives=(_by_logaddexp, _channels_moved, _pixel_by_pixel),
    hints=(
        "Which axis holds the numbers that belong together? And what is ln of a quotient?",
        "ln(e^z / s) = z - ln s. Shift as in softmax: the largest logit of each pixel is subtracted from all of them.",
        "After the shift: z - np.log(np.exp(z).sum(axis=…, keepdims=True))",
    ),
    tolerance=1024.0,
)
