"""Two dense layers without an activation between them are one dense layer."""

import numpy as np

from kerasedu.exercises.exercise import Exercise, Mistake


def _pairs_of_layers(rng):
    for d, hidden, units, dtype in [
        (4, 5, 3, "float64"),
        (1, 3, 2, "float64"),
        (3, 3, 3, "float64"),
        (3, 2, 6, "float32"),
    ]:
        shapes = {"kernel_1": (d, hidden), "bias_1": (hidden,), "kernel_2": (hidden, units), "bias_2": (units,)}
        yield {name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def merged_layer(kernel_1, bias_1, kernel_2, bias_2):
    return kernel_1 @ kernel_2, bias_1 @ kernel_2 + bias_2


def _order_reversed(kernel_1, bias_1, kernel_2, bias_2):
    return kernel_2 @ kernel_1, kernel_2 @ bias_1 + bias_2


def _biases_added(kernel_1, bias_1, kernel_2, bias_2):
    return kernel_1 @ kernel_2, bias_1 + bias_2


def _first_bias_lost(kernel_1, bias_1, kernel_2, bias_2):
    return kernel_1 @ kernel_2, bias_2


def _second_bias_lost(kernel_1, bias_1, kernel_2, bias_2):
    return kernel_1 @ kernel_2, bias_1 @ kernel_2


def _entry_by_entry(kernel_1, bias_1, kernel_2, bias_2):
    return kernel_1 * kernel_2, bias_1 * kernel_2 + bias_2


def _kernels_as_pytorch(kernel_1, bias_1, kernel_2, bias_2):
    return (kernel_1 @ kernel_2).T, bias_1 @ kernel_2 + bias_2


def _bias_as_a_row(kernel_1, bias_1, kernel_2, bias_2):
    return kernel_1 @ kernel_2, bias_1[None, :] @ kernel_2 + bias_2


def _from_what_it_does(kernel_1, bias_1, kernel_2, bias_2):
    def network(x):
        return (x @ kernel_1 + bias_1) @ kernel_2 + bias_2

    bias = network(np.zeros(len(kernel_1), dtype=kernel_1.dtype))
    return network(np.eye(len(kernel_1), dtype=kernel_1.dtype)) - bias, bias


def _with_the_bias_as_a_row_of_the_kernel(kernel_1, bias_1, kernel_2, bias_2):
    both = np.vstack([kernel_1, bias_1]) @ kernel_2
    return both[:-1], both[-1] + bias_2


def _einsum(kernel_1, bias_1, kernel_2, bias_2):
    return np.einsum("dh,hu->du", kernel_1, kernel_2), np.dot(kernel_2.T, bias_1) + bias_2


MERGED_LAYER = Exercise(
    id="merged_layer",
    lesson="02",
    points=2,
    reference=merged_layer,
    cases=_pairs_of_layers,
    mistakes=(
        Mistake(_order_reversed, "The input meets W₁ first: x W₁ W₂. Matrix products cannot be exchanged."),
        Mistake(_biases_added, "b₁ is added before the second layer, so it goes through W₂ as everything else does."),
        Mistake(_first_bias_lost, "What becomes of b₁ when you multiply the bracket out?"),
        Mistake(_second_bias_lost, "b₂ is missing; it is added at the very end."),
        Mistake(_entry_by_entry, "`*` multiplies entry by entry; both products here are matrix products.", 1),
        Mistake(_kernels_as_pytorch, "A kernel is (d_in, units), so that x W fits; yours is transposed.", 3),
        Mistake(_bias_as_a_row, "The numbers are right; a bias has shape (units,), yours has shape (1, units).", 2),
    ),
    alternatives=(_from_what_it_does, _with_the_bias_as_a_row_of_the_kernel, _einsum),
    hints=(
        "Multiply (x W₁ + b₁) W₂ + b₂ out, and keep the order of the factors.",
        "The terms with x give the kernel, those without x the bias.",
        "The bias has two terms. One is b₂; the other is a row times a matrix.",
    ),
    tolerance=256.0,
    results=("kernel", "bias"),
)
