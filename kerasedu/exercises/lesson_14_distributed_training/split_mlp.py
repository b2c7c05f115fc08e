"""Two dense layers on several devices, the first split by columns and the second by rows, with one sum."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _networks(rng):
    for n, d, hidden, out in [
        (4, 3, (2, 3), 2),
        (1, 2, (4,), 3),
        (3, 2, (2, 2), 2),
        (2, 4, (1, 2, 3), 1),
        (5, 3, (3, 3, 3), 3),
    ]:
        yield {
            "x": rng.normal(size=(n, d)),
            "first_kernels": [rng.normal(size=(d, h)) for h in hidden],
            "first_biases": [rng.normal(size=h) for h in hidden],
            "second_kernels": [rng.normal(size=(h, out)) for h in hidden],
            "second_bias": rng.normal(size=out),
        }


def _partial(x, first_kernels, first_biases, second_kernels, f=lambda z: np.maximum(z, 0)):
    return [f(x @ A + a) @ B for A, a, B in zip(first_kernels, first_biases, second_kernels)]


def split_mlp(x, first_kernels, first_biases, second_kernels, second_bias):
    return sum(_partial(x, first_kernels, first_biases, second_kernels)) + second_bias


def _bias_on_every_device(x, first_kernels, first_biases, second_kernels, second_bias):
    return sum(part + second_bias for part in _partial(x, first_kernels, first_biases, second_kernels))


def _mean_over_devices(x, first_kernels, first_biases, second_kernels, second_bias):
    return np.mean(_partial(x, first_kernels, first_biases, second_kernels), axis=0) + second_bias


def _side_by_side(x, first_kernels, first_biases, second_kernels, second_bias):
    parts = _partial(x, first_kernels, first_biases, second_kernels)
    return np.hstack([part + second_bias for part in parts])


def _last_device_only(x, first_kernels, first_biases, second_kernels, second_bias):
    return _partial(x, first_kernels, first_biases, second_kernels)[-1] + second_bias


def _no_activation(x, first_kernels, first_biases, second_kernels, second_bias):
    return sum(_partial(x, first_kernels, first_biases, second_kernels, lambda z: z)) + second_bias


def _activation_at_the_end_too(x, first_kernels, first_biases, second_kernels, second_bias):
    return np.maximum(split_mlp(x, first_kernels, first_biases, second_kernels, second_bias), 0)


def _parts_rectified(x, first_kernels, first_biases, second_kernels, second_bias):
    parts = _partial(x, first_kernels, first_biases, second_kernels)
    return sum(np.maximum(part, 0) for part in parts) + second_bias


def _no_second_bias(x, first_kernels, first_biases, second_kernels, second_bias):
    return sum(_partial(x, first_kernels, first_biases, second_kernels))


def _no_first_bias(x, first_kernels, first_biases, second_kernels, second_bias):
    return sum(np.maximum(x @ A, 0) @ B for A, B in zip(first_kernels, second_kernels)) + second_bias


def _parts_kept(x, first_kernels, first_biases, second_kernels, second_bias):
    return np.stack(_partial(x, first_kernels, first_biases, second_kernels)) + second_bias


def _bias_after_relu(x, first_kernels, first_biases, second_kernels, second_bias):
    triples = zip(first_kernels, first_biases, second_kernels)
    return sum((np.maximum(x @ A, 0) + a) @ B for A, a, B in triples) + second_bias


def _sum_rectified(x, first_kernels, first_biases, second_kernels, second_bias):
    return np.maximum(sum(_partial(x, first_kernels, first_biases, second_kernels)), 0) + second_bias


def _bias_divided(x, first_kernels, first_biases, second_kernels, second_bias):
    return split_mlp(x, first_kernels, first_biases, second_kernels, second_bias / len(first_kernels))


def _bias_for_each_sample(x, first_kernels, first_biases, second_kernels, second_bias):
    return split_mlp(x, first_kernels, first_biases, second_kernels, second_bias * len(x))


def _joined(x, first_kernels, first_biases, second_kernels, second_bias):
    A, a, B = np.hstack(first_kernels), np.concatenate(first_biases), np.vstack(second_kernels)
    z = x @ A + a
    return np.where(z > 0, z, 0) @ B + second_bias


def _device_by_device(x, first_kernels, first_biases, second_kernels, second_bias):
    y = np.tile(second_bias, (len(x), 1))
    for device in range(len(first_kernels)):
        h = np.einsum("nd,dh->nh", x, first_kernels[device]) + first_biases[device]
        y += np.einsum("nh,ho->no", h * (h > 0), second_kernels[device])
    return y


SPLIT_MLP = Exercise(
    id="split_mlp",
    lesson="14",
    points=3,
    reference=split_mlp,
    cases=_networks,
    mistakes=(
        Mistake(
            _bias_on_every_device,
            "The bias of the second layer was added on every device, so after the sum it is there several times.",
        ),
        Mistake(_mean_over_devices, "Each device has a part of the sum over hidden units, so the parts are added."),
        Mistake(_side_by_side, "Each device has a part of every output, not some of the outputs: add them."),
        Mistake(_last_device_only, "The other devices hold parts of the sum, too.", 6),
        Mistake(_no_activation, "relu between the layers is missing."),
        Mistake(_activation_at_the_end_too, "relu stands between the layers only."),
        Mistake(
            _parts_rectified, "relu of parts is not part of a relu: it acts on whole sums, and stands in the middle."
        ),
        Mistake(_no_second_bias, "The second layer has a bias."),
        Mistake(_no_first_bias, "The first layer has biases, each device those of its own units."),
        Mistake(_bias_after_relu, "relu acts on x A + a: the first bias belongs inside it."),
        Mistake(_sum_rectified, "relu stands between the layers only; the sum over devices is the second layer."),
        Mistake(_bias_divided, "The second bias is there whole: added once, after the sum, it isn't divided."),
        Mistake(_bias_for_each_sample, "Broadcasting gives every row the bias already."),
        Mistake(_parts_kept, "Each device has a part of every output: the parts are still to be added."),
    ),
    alternatives=(_joined, _device_by_device),
    hints=(
        "Write the two layers for one device. Which shape has its result, and what does it lack?",
        "A product h B is a sum over hidden units. Each device has some of these units, so the products are added. "
        "Where is the second bias, which is there once, to be added?",
        "On device k: np.maximum(x @ first_kernels[k] + first_biases[k], 0) @ second_kernels[k].",
    ),
    tolerance=256.0,
)
