"""A dense layer with ReLU, from a blank cell."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _hidden_layers(rng):
    yield {
        "dy": np.array([[1.5, -2.0], [-3.0, 4.0]]),
        "x": np.array([[1.0, 2.0], [0.0, 0.0]]),
        "kernel": np.array([[1.0, -1.0], [0.5, 2.0]]),
        "bias": np.array([0.0, -3.0]),  # z = [[2, 0], [0, -3]]: two of them lie on the kink
    }
    for n, d, units, dtype in [(4, 3, 5, "float64"), (3, 3, 3, "float64"), (1, 2, 4, "float64"), (5, 2, 3, "float32")]:
        shapes = {"dy": (n, units), "x": (n, d), "kernel": (d, units), "bias": (units,)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def _gradients(dz, x, kernel):
    return dz @ kernel.T, x.T @ dz, dz.sum(axis=0)


def hidden_backward(dy, x, kernel, bias):
    return _gradients(dy * (x @ kernel + bias > 0), x, kernel)


def _masks_by_upstream(dy, x, kernel, bias):
    return _gradients(dy * (dy > 0), x, kernel)


def _no_mask(dy, x, kernel, bias):
    return _gradients(dy, x, kernel)


def _mask_alone(dy, x, kernel, bias):
    return _gradients((x @ kernel + bias > 0).astype(dy.dtype), x, kernel)


def _relu_as_slope(dy, x, kernel, bias):
    return _gradients(dy * np.maximum(x @ kernel + bias, 0), x, kernel)


def _mask_without_bias(dy, x, kernel, bias):
    return _gradients(dy * (x @ kernel > 0), x, kernel)


def _on_at_zero(dy, x, kernel, bias):
    return _gradients(dy * (x @ kernel + bias >= 0), x, kernel)


def _upstream_of_both_signs(dy, x, kernel, bias):
    return _gradients(np.maximum(dy, 0) * (x @ kernel + bias > 0), x, kernel)


def _mask_of_x(dy, x, kernel, bias):
    return (dy @ kernel.T) * (x > 0), x.T @ dy, dy.sum(axis=0)


def _bias_not_summed(dy, x, kernel, bias):
    dz = dy * (x @ kernel + bias > 0)
    return dz @ kernel.T, x.T @ dz, dz


def _mask_in_float64(dy, x, kernel, bias):
    return _gradients(dy * (x @ kernel + bias > 0).astype("float64"), x, kernel)


def _mask_the_wrong_way(dy, x, kernel, bias):
    return _gradients(dy * (x @ kernel + bias < 0), x, kernel)


def _mask_at_the_kernel_only(dy, x, kernel, bias):
    dz = dy * (x @ kernel + bias > 0)
    return dy @ kernel.T, x.T @ dz, dz.sum(axis=0)


def _mask_forgotten_for_the_bias(dy, x, kernel, bias):
    dz = dy * (x @ kernel + bias > 0)
    return dz @ kernel.T, x.T @ dz, dy.sum(axis=0)


def _kernel_gradient_transposed(dy, x, kernel, bias):
    dz = dy * (x @ kernel + bias > 0)
    return dz @ kernel.T, dz.T @ x, dz.sum(axis=0)


def _where(dy, x, kernel, bias):
    dz = np.where(np.matmul(x, kernel) + bias > 0, dy, np.zeros_like(dy))
    return dz.dot(kernel.T), x.T.dot(dz), dz.sum(0)


def _masked_copy(dy, x, kernel, bias):
    y = np.maximum(x @ kernel + bias, 0)
    dz = dy.copy()
    dz[y == 0] = 0
    return np.einsum("nu,du->nd", dz, kernel), np.einsum("nd,nu->du", x, dz), np.sum(dz, axis=0)


HIDDEN_BACKWARD = Exercise(
    id="hidden_backward",
    lesson="04",
    points=3,
    reference=hidden_backward,
    cases=_hidden_layers,
    mistakes=(
        Mistake(
            _masks_by_upstream,
            "The mask looks at the gradient. What lets it through is the sign of z, which the forward pass decided.",
            11,
        ),
        Mistake(
            _upstream_of_both_signs,
            "ReLU does not act on gradients: a negative one passes where z is positive, like any other.",
            11,
        ),
        Mistake(_on_at_zero, "Right but for z = 0. There ReLU has no derivative; Keras takes 0, so ask for z > 0."),
        Mistake(_mask_of_x, "The mask belongs to z, between dL/dy and dL/dz, not to the layer's input.", 11),
        Mistake(_bias_not_summed, "dbias has the bias's shape, (units,). Every sample used the same bias.", 5),
        Mistake(
            _mask_in_float64,
            "Right numbers, but a float64 mask makes float64 of float32. A mask of True and False multiplies as it is.",
        ),
        Mistake(
            _no_mask,
            "That is the gradient of x W + b alone: ReLU has a derivative too, 1 or 0. (max(z, 0) >= 0 always holds.)",
        ),
        Mistake(_mask_alone, "That is ReLU's local derivative; the gradient from above multiplies it."),
        Mistake(_relu_as_slope, "You multiplied by the value max(z, 0); its slope is 1 where z is positive."),
        Mistake(_mask_without_bias, "ReLU saw z = x W + b, with the bias."),
        Mistake(_mask_the_wrong_way, "The gradient passes where the unit is on, that is where z is positive."),
        Mistake(
            _mask_forgotten_for_the_bias, "All three gradients come from dL/dz; that of the bias still takes dL/dy."
        ),
        Mistake(
            _kernel_gradient_transposed,
            "dkernel has the kernel's shape, (d_in, units): entry [i, j] belongs to feature i and unit j.",
            4,
        ),
        Mistake(_mask_at_the_kernel_only, "All three gradients come from dL/dz. One of yours still takes dL/dy."),
    ),
    alternatives=(_where, _masked_copy),
    hints=(
        "Two steps: from dL/dy to dL/dz, then from dL/dz to x, kernel and bias.",
        "y = max(z, 0) has slope 1 where z > 0 and 0 elsewhere; z = x W + b must be computed again.",
        "dz = dy * (x @ kernel + bias > 0)",
    ),
    tolerance=256.0,
    results=("dx", "dkernel", "dbias"),
)
