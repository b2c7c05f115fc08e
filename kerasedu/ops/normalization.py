"""Normalization: numbers brought to mean 0 and variance 1, then stretched and shifted as training finds best."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from kerasedu.config import as_float
from kerasedu.config import epsilon as fuzz
from kerasedu.ops.array import moments
from kerasedu.ops.broadcasting import sum_to_shape

__all__ = ["batch_normalization", "batch_normalization_backward", "layer_normalization", "layer_normalization_backward"]

Axis = int | Sequence[int]


def batch_normalization(x, mean, variance, axis: int, offset=None, scale=None, epsilon: float = 1e-3) -> np.ndarray:
    """y = γ (x - μ) / √(v + ε) + β, where each place along ``axis`` has its own μ, v, γ and β.

    It is computed as r x + (β - r μ) with r = γ / √(v + ε): one product and one sum for each x.

    Arguments:
        x: any shape, with n places along ``axis``.
        mean, variance: μ and v, (n,): those of a batch while training, moving averages later.
        axis: the axis of the channels.
        offset, scale: β and γ, (n,); None for 0 and 1.
        epsilon: ε.

    Returns:
        y, in the shape of x.

    Source: S. Ioffe, C. Szegedy (2015), https://arxiv.org/abs/1502.03167; https://keras.io/api/ops/nn/
    """
    x = as_float(x)
    mu, v = _spread(x, axis, "mean", mean), _spread(x, axis, "variance", variance)
    beta, gamma = _spread(x, axis, "offset", offset, 0), _spread(x, axis, "scale", scale, 1)
    r = gamma / np.sqrt(v + float(epsilon))
    return r * x + (beta - r * mu)


def batch_normalization_backward(
    dy, x, mean, variance, axis: int, offset=None, scale=None, epsilon: float = 1e-3
) -> tuple[np.ndarray | None, ...]:
    """(dL/dx, dL/dμ, dL/dv, dL/dβ, dL/dγ); None for an offset or scale that is None.

    With x̂ = (x - μ) / √(v + ε), r = γ / √(v + ε), and sums over all axes but ``axis``:

        dx = r dy        dμ = -r Σ dy        dv = -½ r Σ dy x̂ / √(v + ε)        dβ = Σ dy        dγ = Σ dy x̂

    μ and v count as independent of x. Where they are the batch's, dμ and dv go on to x, by ``moments_backward``.
    """
    x = as_float(x)
    dy = np.asarray(dy, dtype=x.dtype)
    mu, v = _spread(x, axis, "mean", mean), _spread(x, axis, "variance", variance)
    gamma = _spread(x, axis, "scale", scale, 1)
    root = np.sqrt(v + float(epsilon))
    r = gamma / root
    d_beta = sum_to_shape(dy, mu.shape)
    d_gamma = sum_to_shape(dy * ((x - mu) / root), mu.shape)
    gradients = -r * d_beta, -r * d_gamma / (2 * root), d_beta, d_gamma
    arguments = mean, variance, offset, scale
    return r * dy, *(None if a is None else d.reshape(np.shape(a)) for d, a in zip(gradients, arguments))


def layer_normalization(
    x, gamma=None, beta=None, axis: Axis = -1, epsilon: float | None = None, rms_scaling: bool = False
) -> np.ndarray:
    """y = γ (x - μ) / √(v + ε) + β, with mean μ and variance v of each sample by itself.

    Arguments:
        x: any shape.
        gamma, beta: γ and β, in the shape that x has along ``axis``; None for 1 and 0.
        axis: the axis, or axes, over which μ and v are taken.
        epsilon: ε; by default 1e-7 (the layer's default is 1e-3).
        rms_scaling: y = γ x / √(v + ε), not centred and without β. In spite of its name it divides by the standard
            deviation, not by the root of the mean square; so does Keras, which advises against it.

    Returns:
        y, in the shape of x.

    Source: J. L. Ba et al. (2016), https://arxiv.org/abs/1607.06450; https://keras.io/api/ops/nn/
    """
    x = as_float(x)
    scale, offset = _spread(x, axis, "gamma", gamma, 1), _spread(x, axis, "beta", beta, 0)
    mu, v = moments(x, _axes(x, axis), keepdims=True)
    r = scale / np.sqrt(v + (fuzz() if epsilon is None else float(epsilon)))
    return r * x if rms_scaling else r * x + (offset - r * mu)


def layer_normalization_backward(
    dy, x, gamma=None, beta=None, axis: Axis = -1, epsilon: float | None = None, rms_scaling: bool = False
) -> tuple[np.ndarray | None, ...]:
    """(dL/dx, dL/dγ, dL/dβ); None for a γ or β that is None.

    With x̂ = (x - μ) / √(v + ε), dx̂ = γ dy, and means over ``axis``:

        dx = (dx̂ - mean dx̂ - x̂ mean(dx̂ x̂)) / √(v + ε)        dγ = Σ dy x̂        dβ = Σ dy

    The mean and the variance depend on every x: hence the two means. With ``rms_scaling``,
    dx = (dx̂ - x̂ mean(dx̂ x) / √(v + ε)) / √(v + ε), dγ = Σ dy x / √(v + ε) and dβ = 0.
    """
    x = as_float(x)
    dy = np.asarray(dy, dtype=x.dtype)
    scale, offset = _spread(x, axis, "gamma", gamma, 1), _spread(x, axis, "beta", beta, 0)
    mu, v = moments(x, _axes(x, axis), keepdims=True)
    root = np.sqrt(v + (fuzz() if epsilon is None else float(epsilon)))

    def mean(values):
        return values.mean(_axes(x, axis), keepdims=True)

    normal, d_normal = (x - mu) / root, scale * dy
    if rms_scaling:
        dx = (d_normal - normal * mean(d_normal * x) / root) / root
        d_scale, d_offset = dy * x / root, np.zeros_like(dy)
    else:
        dx = (d_normal - mean(d_normal) - normal * mean(d_normal * normal)) / root
        d_scale, d_offset = dy * normal, dy
    return (
        dx,
        None if gamma is None else sum_to_shape(d_scale, scale.shape).reshape(np.shape(gamma)),
        None if beta is None else sum_to_shape(d_offset, offset.shape).reshape(np.shape(beta)),
    )


def _spread(x: np.ndarray, axis: Axis, name: str, values, default: float | None = None) -> np.ndarray:
    """``values``, in the shape that x has along ``axis``, in one that broadcasts to x; ``default`` in place of None."""
    axes = _axes(x, axis)
    shape = [n if k in axes else 1 for k, n in enumerate(x.shape)]
    if values is None and default is not None:
        return np.full(shape, default, dtype=x.dtype)
    if np.size(values) != math.prod(shape):
        raise ValueError(
            f"normalization of the shape {x.shape} along axis {axis} expected {name} to have {math.prod(shape)} "
            f"numbers, got shape {np.shape(values)}"
        )
    return np.asarray(values, dtype=x.dtype).reshape(shape)


def _axes(x: np.ndarray, axis: Axis) -> tuple[int, ...]:
    return normalize_axis_tuple(axis, x.ndim)
