"""``BatchNormalization``: each channel with mean 0 and variance 1 over the batch."""

from __future__ import annotations

import numpy as np

from kerasedu import constraints, initializers, ops, regularizers
from kerasedu.layers.input_spec import InputSpec
from kerasedu.layers.layer import Layer

FUZZ = 1e-7  # added to the number of steps that count, so that it is never 0


class BatchNormalization(Layer):
    """y = γ (x - μ) / √(v + ε) + β, with μ and v for each place along ``axis``.

    While training, μ and v are mean and variance over the batch (and all axes but ``axis``), and moving averages
    follow them, m ← momentum · m + (1 - momentum) · μ, likewise for v. Otherwise μ and v are the moving averages.
    So a sample's y depends on the rest of the batch while training, and not later.

    Some of Keras's conventions are worth knowing. The variance is that of the batch, Σ(x - μ)² / n, in the moving
    average too. The momentum is the weight of the past: 0.99 here is 0.01 in PyTorch. With ``trainable = False`` the
    layer uses, and keeps, its moving averages even in a call with ``training=True``.

    Shapes: x and y any, the same; γ, β and the moving averages (n,), for n places along ``axis``; ``mask`` like x
    without the last axis. Masked steps have no part in μ and v. Weights: gamma, beta, moving_mean, moving_variance.

    The gradient: with dy, dμ and dv as in ``ops.batch_normalization_backward``, dμ and dv go on to x while training.

    Arguments:
        axis: the axis of the channels.
        momentum: the weight of the past in the moving averages.
        epsilon: ε.
        center, scale: whether there is a β, a γ.
        beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer: how they start.
        beta_regularizer, gamma_regularizer: penalties added to the loss.
        beta_constraint, gamma_constraint: projections applied after each update.

    Source: S. Ioffe, C. Szegedy (2015), https://arxiv.org/abs/1502.03167;
    https://keras.io/api/layers/normalization_layers/batch_normalization/
    """

    supports_masking = True

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.axis = int(axis)
        self.momentum = float(momentum)
        self.epsilon = float(epsilon)
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)

    def build(self, input_shape):
        axes = len(input_shape)
        if not -axes <= self.axis < axes or input_shape[self.axis] is None:
            raise self.wrong_input(f"an axis {self.axis} of known length", f"shape {input_shape}")
        shape = (input_shape[self.axis],)
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self.add_weight(
                shape,
                self.gamma_initializer,
                "gamma",
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
            )
        if self.center:
            self.beta = self.add_weight(
                shape,
                self.beta_initializer,
                "beta",
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
            )
        self.moving_mean = self.add_weight(shape, self.moving_mean_initializer, "moving_mean", trainable=False)
        self.moving_variance = self.add_weight(
            shape, self.moving_variance_initializer, "moving_variance", trainable=False
        )
        self.input_spec = InputSpec(ndim=axes, axes={self.axis: shape[0]})

    def call(self, x, training=False, mask=None):
        from_batch = training and self.trainable and x.size > 0  # an empty batch has no mean
        counts = None
        if from_batch:
            counts = None if mask is None else self._spread(mask, x.shape)
            mean, variance = _moments(x, self._others(x), counts)
            self._follow(self.moving_mean, mean)
            self._follow(self.moving_variance, variance)
        else:
            mean, variance = self.moving_mean.numpy(), self.moving_variance.numpy()
        y = ops.batch_normalization(x, mean, variance, self.axis, *self._offset_and_scale(), self.epsilon)
        return y, (x, mean, variance, from_batch, counts)

    def call_backward(self, dy, cache):
        x, mean, variance, from_batch, counts = cache
        dx, d_mean, d_variance, d_beta, d_gamma = ops.batch_normalization_backward(
            dy, x, mean, variance, self.axis, *self._offset_and_scale(), self.epsilon
        )
        if from_batch:
            dx += _moments_backward(d_mean, d_variance, x, self._others(x), counts)
        return dx, [gradient for gradient in (d_gamma, d_beta) if gradient is not None]

    def _offset_and_scale(self) -> list[np.ndarray | None]:
        return [None if v is None else v.value for v in (self.beta, self.gamma)]

    def _follow(self, moving, value) -> None:
        """Move a moving average towards ``value``."""
        moving.assign(moving.value * self.momentum + value * (1 - self.momentum))

    def _others(self, x: np.ndarray) -> tuple[int, ...]:
        """All axes but ``axis``."""
        return tuple(k for k in range(x.ndim) if k != self.axis % x.ndim)

    def _spread(self, mask, shape: tuple[int, ...]) -> np.ndarray:
        """The mask of steps as a mask of the numbers of an x of ``shape``."""
        mask = np.asarray(mask, dtype=bool)
        if mask.ndim != len(shape) - 1:
            raise self.wrong_input(
                f"a mask with {len(shape) - 1} axes, those of the input without the last", mask.shape
            )
        return np.broadcast_to(mask[..., None], shape)


def _moments(x: np.ndarray, axes: tuple[int, ...], counts: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """μ = Σ x / n and v = Σ (x - μ)² / n over the x that count; n is their number, plus a little if there is a mask."""
    if counts is None:
        return ops.moments(x, axes)
    n = counts.sum(axes, dtype=x.dtype) + FUZZ
    mean = x.sum(axes, where=counts) / n
    deviation = x - np.expand_dims(mean, axes)
    return mean, np.square(deviation).sum(axes, where=counts) / n


def _moments_backward(
    d_mean, d_variance, x: np.ndarray, axes: tuple[int, ...], counts: np.ndarray | None
) -> np.ndarray:
    """dL/dx = dμ / n + 2 (x - μ) dv / n, for the x that count."""
    if counts is None:
        return ops.moments_backward((d_mean, d_variance), x, axes)
    n = counts.sum(axes, dtype=x.dtype) + FUZZ
    deviation = np.where(counts, x - np.expand_dims(x.sum(axes, where=counts) / n, axes), x.dtype.type(0))
    d_mean = d_mean - 2 * d_variance * deviation.sum(axes) / n  # v depends on μ: without FUZZ this sum would be 0
    d_mean, d_variance, n = (np.expand_dims(a, axes) for a in (d_mean, d_variance, n))
    return np.where(counts, d_mean / n + 2 * deviation * d_variance / n, x.dtype.type(0))
