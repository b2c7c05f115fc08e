"""Backward through a dense layer whose units are spread over several devices."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _layers(rng):
    for n, d, units in [
        (4, 3, (2, 5)),
        (1, 2, (1, 3, 2)),
        (3, 3, (3,)),
        (2, 2, (2, 2)),
        (5, 6, (2, 2, 2)),
        (3, 3, (3, 3)),
    ]:
        yield {
            "dy": rng.normal(size=(n, sum(units))),
            "x": rng.normal(size=(n, d)),
            "kernels": [rng.normal(size=(d, u)) for u in units],
        }


def _parts(dy, kernels):
    ends = np.cumsum([kernel.shape[1] for kernel in kernels])
    return np.split(dy, ends[:-1], axis=1)


def column_backward(dy, x, kernels):
    parts = _parts(dy, kernels)
    return sum(part @ kernel.T for part, kernel in zip(parts, kernels)), tuple(x.T @ part for part in parts)


def _last_device_only(dy, x, kernels):
    parts = _parts(dy, kernels)
    return parts[-1] @ kernels[-1].T, tuple(x.T @ part for part in parts)


def _first_device_only(dy, x, kernels):
    parts = _parts(dy, kernels)
    return parts[0] @ kernels[0].T, tuple(x.T @ part for part in parts)


def _mean_over_devices(dy, x, kernels):
    dx, dkernels = column_backward(dy, x, kernels)
    return dx / len(kernels), dkernels


def _side_by_side(dy, x, kernels):
    parts = _parts(dy, kernels)
    return np.hstack([part @ kernel.T for part, kernel in zip(parts, kernels)]), tuple(x.T @ part for part in parts)


def _one_kernel(dy, x, kernels):
    return column_backward(dy, x, kernels)[0], x.T @ dy


def _equal_parts(dy, x, kernels):
    parts = np.split(dy, len(kernels), axis=1)
    return sum(part @ kernel.T for part, kernel in zip(parts, kernels)), tuple(x.T @ part for part in parts)


def _kernels_transposed(dy, x, kernels):
    return column_backward(dy, x, kernels)[0], tuple(part.T @ x for part in _parts(dy, kernels))


def _mean_over_the_batch(dy, x, kernels):
    dx, dkernels = column_backward(dy, x, kernels)
    return dx, tuple(dkernel / len(x) for dkernel in dkernels)


def _same_columns_for_all(dy, x, kernels):
    parts = [dy[:, : kernel.shape[1]] for kernel in kernels]
    return sum(part @ kernel.T for part, kernel in zip(parts, kernels)), tuple(x.T @ part for part in parts)


def _whole_dy_for_all(dy, x, kernels):
    return sum(dy @ kernel.T for kernel in kernels), tuple(x.T @ dy for _ in kernels)


def _shares_not_added(dy, x, kernels):
    return [part @ kernel.T for part, kernel in zip(_parts(dy, kernels), kernels)], column_backward(dy, x, kernels)[1]


def _cut_at_sizes(dy, x, kernels):
    parts = np.split(dy, [kernel.shape[1] for kernel in kernels][:-1], axis=1)
    return sum(part @ kernel.T for part, kernel in zip(parts, kernels)), tuple(x.T @ part for part in parts)


def _one_column_each(dy, x, kernels):
    return column_backward(dy, x, kernels)[0], tuple(x.T @ dy[:, k] for k in range(len(kernels)))


def _all_divided_by_the_batch(dy, x, kernels):
    return column_backward(dy / len(x), x, kernels)


def _started_from_x(dy, x, kernels):
    dx, dkernels = column_backward(dy, x, kernels)
    return x + dx, dkernels


def _one_dx_for_each(dy, x, kernels):
    dx, dkernels = column_backward(dy, x, kernels)
    return [dx] * len(kernels), dkernels


def _joined(dy, x, kernels):
    joined = np.concatenate(kernels, axis=1)
    ends = np.cumsum([kernel.shape[1] for kernel in kernels])
    return [dy @ joined.T, np.split(x.T @ dy, ends[:-1], axis=1)]


def _device_by_device(dy, x, kernels):
    dx, dkernels, start = np.zeros(x.shape), [], 0
    for kernel in kernels:
        part = dy[:, start : start + kernel.shape[1]]
        dx += np.einsum("nu,du->nd", part, kernel)
        dkernels.append(np.einsum("nd,nu->du", x, part))
        start += kernel.shape[1]
    return dx, dkernels


COLUMN_BACKWARD = Exercise(
    id="column_backward",
    lesson="14",
    points=3,
    reference=column_backward,
    cases=_layers,
    mistakes=(
        Mistake(
            _last_device_only,
            "x went to every device, and fan-out adds; in your dx the last device's share took the others' place.",
            6,
        ),
        Mistake(_first_device_only, "x went to every device, so a gradient comes back from every one of them.", 6),
        Mistake(_mean_over_devices, "Every device has other units, not other samples: their shares of dx are added."),
        Mistake(_side_by_side, "Each device's share of dx has the whole shape of x already: add them."),
        Mistake(_one_kernel, "dx is right. Each device keeps the gradient of its own columns: a list was asked for."),
        Mistake(_equal_parts, "Devices may have different numbers of units: cut dy where the columns of y came from."),
        Mistake(_kernels_transposed, "A gradient has the shape of its kernel, (d, units).", 4),
        Mistake(_mean_over_the_batch, "dx is right. dy has the mean over the batch in it already: x.T @ dy.", 7),
        Mistake(_same_columns_for_all, "The second device's columns of dy begin where those of the first end."),
        Mistake(_whole_dy_for_all, "Each device needs the columns of dy that belong to its own units only."),
        Mistake(
            _cut_at_sizes,
            "np.split wants the places of the cuts, not the sizes: the second cut comes behind the units of two.",
        ),
        Mistake(_one_column_each, "dx is right. A device has several units, so it needs several columns of dy."),
        Mistake(_all_divided_by_the_batch, "dy has the mean over the batch in it already; do not divide again.", 7),
        Mistake(_started_from_x, "dkernels is right. The sum of the devices' shares of dx starts from zeros."),
        Mistake(_one_dx_for_each, "The sum is right; there is one x, so return it once, as an array."),
        Mistake(_shares_not_added, "dx is one array: x went to every device, and fan-out adds.", 6),
    ),
    alternatives=(_joined, _device_by_device),
    hints=(
        "Which columns of dy belong to which kernel? And to how many devices did x go?",
        "For each device the backward pass of a dense layer, with its columns of dy. x was used by all of them, and "
        "fan-out adds.",
        "With units 2 and 5, the first device has dy[:, :2] and its dkernel is x.T @ dy[:, :2].",
    ),
    results=("dx", "dkernels"),
    tolerance=256.0,
)
