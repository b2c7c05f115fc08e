"""What all cells share: products for several gates at once, and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kerasedu.ops.activation import sigmoid, sigmoid_backward, tanh, tanh_backward


class Function(NamedTuple):
    """An activation as the steps use it, f(z) and f.backward(dy, z, y); those of ``kerasedu.activations`` fit too."""

    forward: Callable
    backward: Callable

    def __call__(self, z):
        return self.forward(z)


TANH = Function(tanh, tanh_backward)
SIGMOID = Function(sigmoid, sigmoid_backward)


def gate_product(x, kernel, dropout=None) -> np.ndarray:
    """x W for the gates side by side in the columns of W.

    ``dropout`` holds factors on x, drawn once for a whole sequence: (1, batch, d) for all gates alike, or
    (gates, batch, d), and then gate k sees x ⊙ dropout[k].
    """
    if dropout is None:
        return x @ kernel
    blocks = np.split(kernel, len(dropout), axis=1)
    return np.concatenate([(x * factor) @ block for factor, block in zip(dropout, blocks)], axis=1)


def gate_product_backward(dz, x, kernel, dropout=None) -> tuple[np.ndarray, np.ndarray]:
    """For z = x W: dL/dx = dz Wᵀ and dL/dW = xᵀ dz; with dropout, x gathers what its copies received."""
    if dropout is None:
        return dz @ kernel.T, x.T @ dz
    parts = zip(dropout, np.split(kernel, len(dropout), axis=1), np.split(dz, len(dropout), axis=1))
    products = [((dz_k @ block.T) * factor, (x * factor).T @ dz_k) for factor, block, dz_k in parts]
    return sum(dx for dx, _ in products), np.concatenate([dkernel for _, dkernel in products], axis=1)


def add_bias(z, bias) -> np.ndarray:
    """z + b, or z where there is no bias."""
    return z if bias is None else z + bias


def bias_gradient(dz, bias) -> np.ndarray | None:
    """dL/db = Σ dz over the batch; None where there is no bias."""
    return None if bias is None else dz.sum(axis=0)


def check_shapes(name: str, gates: int, x, h, kernel, recurrent_kernel, bias, bias_rows: int | None = None) -> None:
    """Raise a ValueError that names the argument whose shape does not fit x (…, batch, d) and h (batch, u)."""
    if np.ndim(x) < 2 or np.ndim(h) != 2:
        raise ValueError(
            f"{name} expected x (…, batch, d) and h (batch, units), got shapes {np.shape(x)}, {np.shape(h)}"
        )
    (batch, d), u = np.shape(x)[-2:], np.shape(h)[1]
    columns = gates * u
    expected = {
        "h": ((batch, u), np.shape(h)),
        "kernel": ((d, columns), np.shape(kernel)),
        "recurrent_kernel": ((u, columns), np.shape(recurrent_kernel)),
    }
    if bias is not None:
        expected["bias"] = ((columns,) if bias_rows is None else (bias_rows, columns), np.shape(bias))
    for argument, (right, got) in expected.items():
        if got != right:
            raise ValueError(
                f"{name} expected {argument} of shape {right} for x {np.shape(x)}, h {np.shape(h)} and {gates} gates "
                f"of {u} units, got {got}"
            )
