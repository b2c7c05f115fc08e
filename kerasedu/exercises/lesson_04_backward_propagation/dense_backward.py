"""The three gradients of a dense layer."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _layers(rng):
    for n, d, units, dtype in [(3, 3, 3, "float64"), (5, 4, 2, "float64"), (1, 2, 3, "float64"), (4, 3, 5, "float32")]:
        shapes = {"dy": (n, units), "x": (n, d), "kernel": (d, units)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def dense_backward(dy, x, kernel):
    return dy @ kernel.T, x.T @ dy, dy.sum(axis=0)


def _kernel_gradient_transposed(dy, x, kernel):
    return dy @ kernel.T, dy.T @ x, dy.sum(axis=0)


def _no_transpose(dy, x, kernel):
    return dy @ kernel, x @ dy, dy.sum(axis=0)


def _bias_not_summed(dy, x, kernel):
    return dy @ kernel.T, x.T @ dy, dy


def _bias_mean(dy, x, kernel):
    return dy @ kernel.T, x.T @ dy, dy.mean(axis=0)


def _bias_over_units(dy, x, kernel):
    return dy @ kernel.T, x.T @ dy, dy.sum(axis=1)


def _divided_by_the_batch(dy, x, kernel):
    n = x.dtype.type(len(x))
    return dy @ kernel.T, x.T @ dy / n, dy.sum(axis=0) / n


def _bias_kept_as_a_row(dy, x, kernel):
    return dy @ kernel.T, x.T @ dy, dy.sum(axis=0, keepdims=True)


def _bias_of_everything(dy, x, kernel):
    return dy @ kernel.T, x.T @ dy, dy.sum()


def _in_another_order(dy, x, kernel):
    return x.T @ dy, dy.sum(axis=0), dy @ kernel.T


def _kernel_not_transposed(dy, x, kernel):
    return dy @ kernel, x.T @ dy, dy.sum(axis=0)


def _in_float64(dy, x, kernel):
    dkernel = np.zeros(kernel.shape)
    for row, d in zip(x, dy):
        dkernel += np.outer(row, d)
    return dy @ kernel.T, dkernel, dy.sum(axis=0)


def _all_divided_by_the_batch(dy, x, kernel):
    n = x.dtype.type(len(x))
    return dy @ kernel.T / n, x.T @ dy / n, dy.mean(axis=0)


def _reshaped_to_fit(dy, x, kernel):
    return dy @ kernel.T, (dy.T @ x).reshape(kernel.shape), dy.sum(axis=0)


def _upstream_forgotten(dy, x, kernel):
    return dy @ kernel.T, x.T @ np.ones_like(dy), dy.sum(axis=0)


def _einsums(dy, x, kernel):
    return np.einsum("nu,du->nd", dy, kernel), np.einsum("nd,nu->du", x, dy), np.einsum("nu->u", dy)


def _sample_by_sample(dy, x, kernel):
    dx = np.stack([kernel @ row for row in dy])
    dkernel = sum(np.outer(row, d) for row, d in zip(x, dy))
    return [dx, dkernel, np.add.reduce(dy)]


def _ones_times_dy(dy, x, kernel):
    return (kernel @ dy.T).T, (dy.T @ x).T, np.ones(len(dy), dy.dtype) @ dy


DENSE_BACKWARD = Exercise(
    id="dense_backward",
    lesson="04",
    points=3,
    reference=dense_backward,
    cases=_layers,
    mistakes=(
        Mistake(
            _kernel_gradient_transposed,
            "dkernel has the kernel's shape, (d_in, units). Entry [i, j] belongs to feature i and unit j; with square "
            "matrices shapes cannot tell you, the indices do.",
            4,
        ),
        Mistake(
            _kernel_not_transposed,
            "dx[n, i] sums over the units j. In `dy @ kernel` the second index of dy meets the kernel's first, which "
            "counts features.",
            4,
        ),
        Mistake(
            _no_transpose,
            "With three samples, features and units everything fits, and is wrong. Which index is summed in "
            "dx[n, i] = Σ dy[n, j] kernel[i, j]?",
            4,
        ),
        Mistake(_bias_not_summed, "dbias has the bias's shape, (units,). Every sample used the same bias.", 5),
        Mistake(
            _bias_mean, "A value used n times receives n gradients; they add up. A mean is the loss's business.", 5
        ),
        Mistake(
            _bias_kept_as_a_row,
            "The right numbers in the shape (1, units). A gradient has the shape of what it is the gradient of.",
            5,
        ),
        Mistake(_bias_of_everything, "That adds up all numbers of dy. Each unit has a bias of its own.", 5),
        Mistake(_bias_over_units, "That sums over the units. Which axis counts the samples that share the bias?", 5),
        Mistake(
            _divided_by_the_batch,
            "If the loss is a mean, dy contains 1/n already; dividing again makes it n times too small.",
            7,
        ),
        Mistake(
            _all_divided_by_the_batch,
            "If the loss is a mean, dy contains 1/n already; dividing again makes everything n times too small.",
            7,
        ),
        Mistake(
            _reshaped_to_fit,
            "reshape made the shape right and left the numbers in another order: dkernel is the transpose of yours.",
            4,
        ),
        Mistake(_in_another_order, "The order is dx, dkernel, dbias: first what goes on to the layer before."),
        Mistake(
            _in_float64,
            "Right numbers, wider than the kernel's: np.zeros makes float64, np.zeros_like(kernel) the kernel's type.",
        ),
        Mistake(_upstream_forgotten, "x alone is the local derivative; dkernel needs the gradient from above as well."),
    ),
    alternatives=(_einsums, _sample_by_sample, _ones_times_dy),
    hints=(
        "Write the shape of each gradient first: it is the shape of what it is the gradient of.",
        "y[n, j] = Σᵢ x[n, i] W[i, j] + b[j]. W[i, j] meets x[n, i] in every sample n; b[j] meets 1.",
        "dW[i, j] = Σₙ x[n, i] dy[n, j]: the sum over n is a matrix product with x transposed.",
    ),
    tolerance=256.0,
    results=("dx", "dkernel", "dbias"),
)
