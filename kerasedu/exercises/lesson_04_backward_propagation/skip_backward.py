"""A layer whose input goes on beside its output: the gradient of a concatenation is split, that of a fan-out added."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _skips(rng):
    for n, d, units, dtype in [(4, 3, 2, "float64"), (3, 3, 3, "float64"), (1, 2, 4, "float64"), (5, 2, 3, "float32")]:
        shapes = {"dy": (n, units + d), "x": (n, d), "kernel": (d, units)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def skip_backward(dy, x, kernel):
    units = kernel.shape[1]
    dz, dskip = dy[:, :units], dy[:, units:]
    return dz @ kernel.T + dskip, x.T @ dz


def _product_only(dy, x, kernel):
    dz = dy[:, : kernel.shape[1]]
    return dz @ kernel.T, x.T @ dz


def _skip_only(dy, x, kernel):
    units = kernel.shape[1]
    return dy[:, units:], x.T @ dy[:, :units]


def _joined(dy, x, kernel):
    units = kernel.shape[1]
    return np.concatenate([dy[:, :units] @ kernel.T, dy[:, units:]], axis=-1), x.T @ dy[:, :units]


def _pieces_exchanged(dy, x, kernel):
    d = kernel.shape[0]
    return dy[:, d:] @ kernel.T + dy[:, :d], x.T @ dy[:, d:]


def _mean_of_the_ways(dy, x, kernel):
    dx, dkernel = skip_backward(dy, x, kernel)
    return dx / 2, dkernel


def _multiplied(dy, x, kernel):
    units = kernel.shape[1]
    return (dy[:, :units] @ kernel.T) * dy[:, units:], x.T @ dy[:, :units]


def _value_added(dy, x, kernel):
    units = kernel.shape[1]
    return dy[:, :units] @ kernel.T + x, x.T @ dy[:, :units]


def _local_only(dy, x, kernel):
    units = kernel.shape[1]
    return dy[:, :units] @ kernel.T + x.dtype.type(1), x.T @ dy[:, :units]


def _kernel_of_everything(dy, x, kernel):
    dx, _ = skip_backward(dy, x, kernel)
    return dx, x.T @ dy


def _not_transposed(dy, x, kernel):
    units = kernel.shape[1]
    return dy[:, :units] @ kernel + dy[:, units:], x.T @ dy[:, :units]


def _kernel_of_the_sum(dy, x, kernel):
    dx, _ = skip_backward(dy, x, kernel)
    return dx, x.T @ dx


def _kernel_transposed(dy, x, kernel):
    dx, dkernel = skip_backward(dy, x, kernel)
    return dx, dkernel.T


def _with_split(dy, x, kernel):
    units = kernel.shape[1]
    to_product, to_skip = np.split(dy, [units], axis=-1)
    dx = to_skip.copy()
    dx += np.einsum("nu,du->nd", to_product, kernel)
    return [dx, np.einsum("nd,nu->du", x, to_product)]


def _as_one_matrix(dy, x, kernel):
    d, units = kernel.shape
    whole = np.hstack([kernel, np.eye(d, dtype=kernel.dtype)])
    return dy @ whole.T, (x.T @ dy)[:, :units]


def _sample_by_sample(dy, x, kernel):
    d = len(kernel)
    dx = np.array([kernel @ row[:-d] + row[-d:] for row in dy])
    return dx, sum(np.outer(one, row[:-d]) for one, row in zip(x, dy))


SKIP_BACKWARD = Exercise(
    id="skip_backward",
    lesson="04",
    points=2,
    reference=skip_backward,
    cases=_skips,
    mistakes=(
        Mistake(
            _product_only,
            "x has two arrows that leave it: into the product and straight into the output. One gradient is missing.",
            6,
        ),
        Mistake(
            _skip_only,
            "x has two arrows that leave it: into the product and straight into the output. One gradient is missing.",
            6,
        ),
        Mistake(_joined, "Two gradients arrive at the same x. Where ways meet they add up; dx has the shape of x.", 6),
        Mistake(_mean_of_the_ways, "Gradients from several ways are added; nothing divides them.", 6),
        Mistake(_multiplied, "Along one way derivatives multiply; the two ways are added.", 6),
        Mistake(
            _pieces_exchanged, "The first columns of y are x W, of which there are as many as units; then comes x."
        ),
        Mistake(_value_added, "That adds the value x; what comes back along the second way is a part of dy.", 6),
        Mistake(_local_only, "1 is the local derivative of the second way; it multiplies the part of dy behind it."),
        Mistake(_kernel_of_everything, "The kernel only made the first columns of y; the others do not depend on it."),
        Mistake(
            _not_transposed,
            "As in dense_backward: dx[n, i] sums over the units, the second index of the kernel.",
            4,
        ),
        Mistake(_kernel_transposed, "dkernel has the kernel's shape (d, units): entry [i, j] is feature i, unit j.", 4),
        Mistake(_kernel_of_the_sum, "The kernel's upstream is the gradient at x W, not the one at x."),
    ),
    alternatives=(_with_split, _as_one_matrix, _sample_by_sample),
    hints=(
        "How many arrows leave x? Which columns of dy belong to which of them?",
        "Concatenation joins columns, so its gradient is cut into the same columns. Then: fan-out adds.",
        "dz, dskip = dy[:, :units], dy[:, units:], with units = kernel.shape[1]",
    ),
    tolerance=256.0,
    results=("dx", "dkernel"),
)
